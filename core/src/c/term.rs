//! What kernels are written with: terms that note each operation as a statement.
//!
//! A [`Term`] is a literal or a variable of a [`Writer`]. Operations on literals alone are computed; any other becomes a
//! statement, the same one once.

use std::{cell::RefCell, collections::HashMap, fmt::Debug};

/// A type of C that terms have.
pub(crate) trait Kind: Copy + Debug {
    /// Its name.
    const NAME: &'static str;
    /// A literal of it.
    fn literal(self) -> String;
}

impl Kind for f64 {
    const NAME: &'static str = "double";
    fn literal(self) -> String {
        match self.is_finite() {
            true => format!("{self:?}"),
            false => format!("sg_number({})", self.to_bits().literal()),
        }
    }
}

impl Kind for f32 {
    const NAME: &'static str = "float";
    fn literal(self) -> String {
        match self.is_finite() {
            true => format!("{self:?}f"),
            false => format!("(float){}", f64::from(self).literal()),
        }
    }
}

impl Kind for u64 {
    const NAME: &'static str = "BITS";
    fn literal(self) -> String {
        format!("0x{self:x}ULL")
    }
}

impl Kind for bool {
    const NAME: &'static str = "int";
    fn literal(self) -> String {
        u8::from(self).to_string()
    }
}

/// A literal, or a variable of what is being written.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Term<'w, K> {
    /// A number that is known.
    Literal(K),
    /// The variable with this number.
    Variable(&'w Writer, u32),
}

impl<'w, K: Kind> Term<'w, K> {
    /// As C has it.
    pub(crate) fn text(self) -> String {
        match self {
            Self::Literal(x) => x.literal(),
            Self::Variable(_, i) => format!("v{i}"),
        }
    }

    /// What it is written by, if it is not known.
    pub(crate) fn writer(self) -> Option<&'w Writer> {
        match self {
            Self::Literal(_) => None,
            Self::Variable(writer, _) => Some(writer),
        }
    }

    /// What it is, if that is known.
    pub(crate) fn known(self) -> Option<K> {
        match self {
            Self::Literal(x) => Some(x),
            Self::Variable(..) => None,
        }
    }

    /// An operation of one term: computed, or written.
    pub(crate) fn unary<R: Kind>(
        self,
        compute: impl Fn(K) -> R,
        write: impl Fn(String) -> String,
    ) -> Term<'w, R> {
        match self {
            Self::Literal(x) => Term::Literal(compute(x)),
            Self::Variable(writer, _) => writer.define(write(self.text())),
        }
    }

    /// An operation of two.
    pub(crate) fn binary<R: Kind>(
        self,
        other: Self,
        compute: impl Fn(K, K) -> R,
        write: impl Fn(String, String) -> String,
    ) -> Term<'w, R> {
        match (self, other) {
            (Self::Literal(a), Self::Literal(b)) => Term::Literal(compute(a, b)),
            (Self::Variable(writer, _), _) | (_, Self::Variable(writer, _)) => {
                writer.define(write(self.text(), other.text()))
            }
        }
    }

    /// One of two, by a truth value.
    pub(crate) fn select(mask: Term<'w, bool>, then: Self, els: Self) -> Self {
        match mask {
            Term::Literal(true) => then,
            Term::Literal(false) => els,
            Term::Variable(writer, _) => {
                writer.define(format!("{} ? {} : {}", mask.text(), then.text(), els.text()))
            }
        }
    }
}

/// A decision of the code that is run on terms.
#[derive(Clone, Debug)]
struct Question {
    /// How many statements there were.
    after: usize,
    /// What was asked.
    condition: String,
}

#[derive(Debug, Default)]
struct State {
    lines: Vec<String>,
    variables: u32,
    known: HashMap<(&'static str, String), u32>,
    /// What to answer to the first questions; to all others, no.
    answers: Vec<bool>,
    questions: Vec<Question>,
}

/// What is being written.
#[derive(Debug, Default)]
pub(crate) struct Writer(RefCell<State>);

impl Writer {
    /// A variable that is there without a statement: an argument.
    pub(crate) fn argument<K: Kind>(&self) -> Term<'_, K> {
        let mut state = self.0.borrow_mut();
        state.variables += 1;
        Term::Variable(self, state.variables - 1)
    }

    /// A variable for what an expression gives.
    pub(crate) fn define<K: Kind>(&self, expression: String) -> Term<'_, K> {
        let mut state = self.0.borrow_mut();
        let State { lines, variables, known, .. } = &mut *state;
        let variable = *known.entry((K::NAME, expression)).or_insert_with_key(|(_, expression)| {
            *variables += 1;
            lines.push(format!("{} v{} = {expression};", K::NAME, *variables - 1));
            *variables - 1
        });
        Term::Variable(self, variable)
    }

    /// Variables for what a block of statements puts into them, by their names.
    pub(crate) fn block<K: Kind>(
        &self,
        count: usize,
        write: impl Fn(&[String]) -> String,
    ) -> Vec<Term<'_, K>> {
        let all: Vec<Term<'_, K>> = (0..count).map(|_| self.argument()).collect();
        let names: Vec<String> = all.iter().map(|x| x.text()).collect();
        let block = write(&names);
        self.0.borrow_mut().lines.push(format!("{} {};\n{block}", K::NAME, names.join(", ")));
        all
    }

    /// Asks which way to go.
    pub(crate) fn ask(&self, condition: String) -> bool {
        let mut state = self.0.borrow_mut();
        let answer = state.answers.get(state.questions.len()).copied().unwrap_or(false);
        let after = state.lines.len();
        state.questions.push(Question { after, condition });
        answer
    }

    /// The statements so far.
    pub(crate) fn lines(self) -> Vec<String> {
        self.0.into_inner().lines
    }
}

/// The statements of `body`, with an `if` where it asks: it is run for each way to go, and gives what stands at its end.
pub(crate) fn statements(body: &dyn Fn(&Writer) -> String) -> Vec<String> {
    ways(body, &[], 0, 1)
}

fn ways(body: &dyn Fn(&Writer) -> String, answers: &[bool], from: usize, depth: usize) -> Vec<String> {
    let writer = Writer(RefCell::new(State { answers: answers.to_vec(), ..State::default() }));
    let end = body(&writer);
    let State { lines, questions, .. } = writer.0.into_inner();
    let indented = |line: &str| format!("{:1$}{line}", "", 2 * depth);
    let until = questions.get(answers.len()).map_or(lines.len(), |question| question.after);
    let mut text: Vec<String> = lines[from..until].iter().map(|line| indented(line)).collect();
    match questions.get(answers.len()) {
        None => text.push(indented(&end)),
        Some(Question { after, condition }) => {
            text.push(indented(&format!("if ({condition}) {{")));
            text.extend(ways(body, &[answers, &[true]].concat(), *after, depth + 1));
            text.push(indented("}"));
            text.extend(ways(body, &[answers, &[false]].concat(), *after, depth));
        }
    }
    text
}
