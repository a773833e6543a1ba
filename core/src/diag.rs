//! Diagnostics are data: a code, a place, what was expected and found, a hint.
//!
//! Stages collect them and go on; drawing them for people or as compile errors is the caller's.

use crate::{
    excerpt::{Excerpt, bounded},
    span::{SourceMap, Span},
};
use std::fmt;

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $code:ident $name:ident $family:ident,)+) => {
        /// A stable code: `E` and four digits, of which the first two give the family.
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
        pub enum Code { $($(#[doc = $doc])+ $name,)+ }

        impl Code {
            /// Every code there is.
            pub const ALL: &[Code] = &[$(Code::$name),+];

            /// The code as it is shown, such as `E0301`.
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$name => stringify!($code)),+ }
            }

            /// The family it belongs to.
            pub fn family(self) -> Family {
                match self { $(Code::$name => Family::$family),+ }
            }

            /// What the code means, in a sentence or two.
            pub fn explanation(self) -> &'static str {
                match self { $(Code::$name => concat!($($doc, "\n"),+)),+ }
            }
        }
    };
}

codes! {
    /// A list, vector or bracket was opened and never closed.
    E0101 Unclosed Read,
    /// A closing bracket has no opening one, or closes the wrong kind.
    E0102 Unopened Read,
    /// The text of a number cannot be read, such as `1.2.3`.
    E0103 BadNumber Read,
    /// A string is not closed, or holds an unknown escape.
    E0104 BadString Read,
    /// A character name is unknown, such as `#\foo`.
    E0105 BadChar Read,
    /// A dot stands where no dotted tail can, or a dotted tail is not one datum.
    E0106 BadDot Read,
    /// A token that no datum starts with, an unknown `#` form or a datum label.
    E0107 BadToken Read,
    /// A block comment or `|symbol|` is not closed.
    E0108 UnclosedComment Read,
    /// Data nest deeper than the reader's limit.
    E0109 TooDeep Read,
    /// A number is too large for the precision, such as `1e999`.
    E0110 NumberRange Read,
    /// A quotation mark or datum comment with nothing after it.
    E0111 NothingQuoted Read,
    /// Bytes of the text are no characters in UTF-8.
    E0112 NotUtf8 Read,
    /// The program is empty.
    E0201 Empty Syntax,
    /// A special form does not have the shape its grammar asks for.
    E0202 BadForm Syntax,
    /// The same name is bound twice in one list of parameters, bindings or top-level definitions.
    E0203 Duplicate Syntax,
    /// A form of Scheme that is not in this language, such as `set!`.
    E0204 NotInLanguage Syntax,
    /// A definition stands where only an expression can.
    E0205 MisplacedDefine Syntax,
    /// A habit of infix or Python-like notation, such as `a = 1` or `f(x)`.
    E0206 Habit Syntax,
    /// A part of the language that this version does not compile yet.
    E0207 NotYet Syntax,
    /// A name of the program cannot be used at the Rust border, such as two inputs with one Rust name.
    E0208 RustName Syntax,
    /// A body ends with a definition and so has no value.
    E0209 NoValue Syntax,
    /// A name in head position is bound nowhere.
    E0301 UnknownProcedure Unbound,
    /// A name is bound nowhere and cannot be an input here.
    E0302 Unbound Unbound,
    /// A definition is used before it has a value.
    E0303 UsedBeforeDefinition Unbound,
    /// A procedure is called with the wrong number of arguments.
    E0401 Arity Arity,
    /// Something that is not a procedure is called.
    E0501 NotAProcedure Type,
    /// An operand has the wrong type.
    E0502 WrongType Type,
    /// Arrays of shapes that do not go together.
    E0601 Shape Shape,
    /// An operand has the right type but no value there, such as an index out of range.
    E0701 OutOfDomain Domain,
    /// A program's size passes a limit of the compiler.
    E0801 TooLarge Budget,
    /// A run takes more steps than it may.
    E0802 Steps Budget,
    /// Calls that wait for others' values nest deeper than they may.
    E0803 Depth Budget,
    /// A run keeps more data alive than it may.
    E0804 Memory Budget,
    /// A run's record for the gradient takes more bytes than it may.
    E0805 Tape Budget,
    /// A run takes longer than its deadline.
    E0806 Deadline Budget,
    /// A string grows longer than it may.
    E0807 StringLength Budget,
    /// A run's record for the gradient gets more entries than it may, one for each operation on numbers that
    /// depend on inputs.
    E0808 Trace Budget,
    /// A program's text is longer than it may be.
    E0809 SourceSize Budget,
    /// The program itself ended the run, by `error`.
    E0901 Raised User,
    /// A saved program is not one, or not what was saved.
    E1001 Damaged Artefact,
    /// A saved program is of a version that this one does not read.
    E1002 OtherVersion Artefact,
    /// A file could not be read, or not be written.
    E1101 File Io,
    /// A request on a line is not a JSON object with what it needs.
    E1102 Request Io,
    /// A file of rows cannot be read, or a row of it has a cell too few, or one that is no value.
    E1103 Data Io,
    /// An input's name looks like a slip: one edit away from a bound name, or an operation without spaces.
    W0301 NearName Unbound,
    /// An input reaches the result only through comparisons, rounding or indices: its derivative is zero.
    W0501 ZeroGradient Type,
    /// The result does not depend on an input.
    W0201 Unused Syntax,
    /// A binding hides another of its name, and probably by mistake.
    W0202 Shadowed Syntax,
    /// An expression has no effect: nothing uses its value, or the program ends with a definition.
    W0203 NoEffect Syntax,
    /// A number turned nan or infinite for the first time in a run that is watched for it.
    W0701 NonFinite Domain,
}

impl Code {
    /// The code of what a procedure of the prelude refuses, by the name of its family there: `shape`, `domain`, or
    /// else `type`.
    pub fn of_refusal(family: &str) -> Self {
        match family {
            "shape" => Self::Shape,
            "domain" => Self::OutOfDomain,
            _ => Self::WrongType,
        }
    }
}

/// The families of codes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "each is the word it says")]
pub enum Family {
    Read,
    Syntax,
    Unbound,
    Arity,
    Type,
    Shape,
    Domain,
    Budget,
    User,
    Artefact,
    Io,
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = format!("{self:?}").to_lowercase();
        f.write_str(&word)
    }
}

/// One finding about a program, an error or, where its code starts with `W`, a warning.
#[derive(Clone, PartialEq, Debug)]
pub struct Diagnostic {
    /// The stable code.
    pub code: Code,
    /// The offending place.
    pub span: Span,
    /// What is wrong, in plain words, without a full stop.
    pub message: String,
    /// How to mend it, where that is known.
    pub hint: Option<String>,
    /// Of an error of a run, the definition that its place stands in; none at the top of the program, or in a procedure
    /// without a name.
    pub within: Option<String>,
    /// Of an error of a run, the calls that waited for what failed, innermost first; few, and each once.
    pub calls: Vec<Waiting>,
}

/// A call that waited for the value of what failed.
#[derive(Clone, PartialEq, Debug)]
pub struct Waiting {
    /// The call.
    pub span: Span,
    /// The definition that it stands in; none at the top of the program, or in a procedure without a name.
    pub within: Option<String>,
}

impl Diagnostic {
    /// A finding without a hint. Of long words in the message, as here and in hints, only the ends stay.
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self { code, span, message: bounded(message.into()), hint: None, within: None, calls: Vec::new() }
    }

    /// The same with a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(bounded(hint.into()));
        self
    }

    /// Whether it only warns.
    pub fn is_warning(&self) -> bool {
        self.code.as_str().starts_with('W')
    }

    /// Draws it with the line and a caret, as on a terminal; of a long line, the part around the caret. The
    /// definition is told with the place; the calls that waited follow, each with its own.
    pub fn render(&self, source: &SourceMap) -> String {
        let at = source.place(self.span.start);
        let [shown, carets] = Excerpt::of(source, self.span, WIDTH).drawn();
        let gutter = at.line.to_string();
        let pad = " ".repeat(gutter.len());
        let mut text = format!(
            "{}: {}\n{pad}--> {}:{}:{}{}\n{gutter} | {shown}\n{pad} | {carets}",
            self.code.as_str(),
            self.message,
            source.name(),
            at.line,
            at.column,
            inside(self.within.as_deref()),
        );
        for Waiting { span, within } in &self.calls {
            let at = source.place(span.start);
            let call = source.text().get(span.start as usize..span.end as usize).unwrap_or_default();
            let line: String = call.lines().next().unwrap_or_default().chars().take(CALL_WIDTH).collect();
            let dots = if line.len() < call.len() { "…" } else { "" };
            let within = inside(within.as_deref());
            text.push_str(&format!("\n{pad} = in {line}{dots} at {}:{}{within}", at.line, at.column));
        }
        if let Some(hint) = &self.hint {
            text.push_str(&format!("\n{pad} = hint: {hint}"));
        }
        text
    }
}

impl fmt::Display for Diagnostic {
    /// Code, definition, message and hint; [`render`](Diagnostic::render) also draws the place.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}: {}", self.code.as_str(), inside(self.within.as_deref()), self.message)?;
        self.hint.iter().try_for_each(|hint| write!(f, " (hint: {hint})"))
    }
}

impl std::error::Error for Diagnostic {}

/// The definition around a place, as it is told after the place.
pub fn inside(definition: Option<&str>) -> String {
    definition.map(|name| format!(" in `{name}`")).unwrap_or_default()
}

/// The most characters of a source line that are drawn.
const WIDTH: usize = 120;
/// The same of a call that waited.
const CALL_WIDTH: usize = 40;
