//! Why lowering an expression ends without its value.

use super::{Lowering, specialise::Key};
use crate::{
    anf::{Failure, Op},
    diag::{Code, Diagnostic},
    span::Span,
};

/// Why there is no value.
#[derive(Debug)]
pub(super) enum Stop<'p> {
    /// The program needs general values.
    General(Box<Diagnostic>),
    /// Every run fails.
    Error(Box<Diagnostic>),
    /// A run that gets here fails or never ends, which the block at hand says already.
    Never,
    /// It is the value of a call whose result is not known yet.
    Bottom,
    /// What was learnt changes what was built: lowering begins again.
    Restart,
    /// A function is to be lowered by itself first, since this is too deep in others.
    Later(Box<Key<'p>>),
}

impl<'p> Lowering<'p> {
    /// An error of the program if every run meets it, else the end of the runs that do.
    pub(super) fn wrong(&mut self, error: Diagnostic) -> Stop<'p> {
        if self.is_provisional() {
            return Stop::General(error.into());
        }
        if self.conditional.is_none() {
            return Stop::Error(error.into());
        }
        let Diagnostic { code, span, message, .. } = error;
        self.builder.push(Op::Fail(Failure { code, message: message.into(), span }), Vec::new(), &[]);
        Stop::Never
    }

    /// What needs general values, as a noun.
    pub(super) fn general(&self, span: Span, what: impl Into<String>) -> Stop<'p> {
        Stop::General(Diagnostic::new(Code::NotYet, span, what).into())
    }
}
