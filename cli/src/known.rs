//! What the compiler of inline programs knows of a text before it runs: its type, and errors of every run.

use scheme_core::{
    diag::{Diagnostic, Family},
    kernel::{self, Program},
    lower::{Arrangement, Lowered, lower},
    reader,
};
use scheme_runtime::StringProgram;

/// The longest text, in bytes, that is looked at before it runs.
const LONGEST: usize = 16 << 10;

/// The stack on which texts are compiled, in bytes. The compiler recurses as deep as inlined procedures nest,
/// which it bounds: this is ample for that on every system.
const STACK: usize = 32 << 20;

/// What is known of a text that loads.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    /// The type of its value: `real`, `bool`, `(vec 3)`, `(mat 2 2)`, `list` and so on; none where only a run tells.
    pub(crate) ty: Option<String>,
    /// What every run of it meets.
    pub(crate) errors: Vec<Diagnostic>,
}

impl Known {
    /// Looks at a text.
    pub(crate) fn of(text: &str) -> Self {
        if text.len() > LONGEST {
            return Self::default();
        }
        let look = || {
            let Some(program) = kernel::desugar(&reader::read(text).0).0 else { return Self::default() };
            Self::of_program(&program)
        };
        on_ample_stack(look).unwrap_or_default()
    }

    /// The type in words, or else as what runs the program knows it.
    pub(crate) fn ty(&self, program: &StringProgram) -> String {
        self.ty.clone().or_else(|| program.result_type().map(String::from)).unwrap_or_else(|| "any".into())
    }

    fn of_program(program: &Program) -> Self {
        match lower("program", program) {
            Ok(Lowered::Direct(direct)) => Self { ty: Some(type_of(direct.result)), errors: Vec::new() },
            Ok(Lowered::General { .. }) => Self::default(),
            // The others are limits of that compiler, or rules of inline programs alone. There an input that
            // nothing is declared of is a number; here it may be anything.
            Err(mut errors) => {
                let declared = |input| program.declared.iter().any(|(about, _)| about == input);
                let of_every_run = program.inputs.iter().all(declared);
                errors.retain(|error| {
                    matches!(error.code.family(), Family::Arity)
                        || of_every_run && error.code.family() == Family::Type
                });
                Self { errors, ..Self::default() }
            }
        }
    }
}

fn type_of(arrangement: Arrangement) -> String {
    match arrangement {
        Arrangement::Real => "real".into(),
        Arrangement::Bool => "bool".into(),
        Arrangement::Vector(n) => format!("(vec {n})"),
        Arrangement::Matrix(rows, columns) => format!("(mat {rows} {columns})"),
        Arrangement::List(_) => "list".into(),
    }
}

/// Does something on a thread with a stack for the compiler; nothing, if there can be no such thread.
pub(crate) fn on_ample_stack<R: Send>(act: impl FnOnce() -> R + Send) -> Option<R> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK);
        thread.spawn_scoped(scope, act).ok()?.join().ok()
    })
}
