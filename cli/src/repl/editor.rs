//! The line editor: history, completion of names, input over several lines while a bracket is open.

use rustyline::{
    Context, Editor, Helper,
    completion::Completer,
    error::ReadlineError,
    highlight::Highlighter,
    hint::Hinter,
    history::DefaultHistory,
    validate::{ValidationContext, ValidationResult, Validator},
};
use scheme_core::{diag::Code, prim::Prim, reader};
use std::{cell::RefCell, env, io::ErrorKind, path::PathBuf};

/// What is asked from the user.
const PROMPT: &str = "> ";

/// The variable that names the file of the history.
const HISTORY: &str = "SCHEME_GRAD_HISTORY";

/// Reads what is entered.
pub(super) struct Lines {
    editor: Editor<Words, DefaultHistory>,
    history: Option<PathBuf>,
}

impl Lines {
    /// With completion of these words besides the names of the language.
    pub(super) fn new(words: &[&'static str]) -> Result<Self, ReadlineError> {
        let mut editor = Editor::new()?;
        let names = Prim::names().chain(words.iter().copied()).map(String::from).collect();
        editor.set_helper(Some(Words { names, defined: Vec::new(), open: RefCell::default() }));
        let history = env::var_os(HISTORY).filter(|path| !path.is_empty()).map(PathBuf::from);
        if let Some(path) = &history {
            // At first there is none.
            let _ = editor.load_history(path);
        }
        Ok(Self { editor, history })
    }

    /// The next input, or nothing in its place if it is not UTF-8; nothing at the end. An input that is broken off is
    /// empty; one that the end of a script leaves unfinished is given as it is.
    pub(super) fn next(&mut self, defined: Vec<String>) -> Result<Option<Option<String>>, ReadlineError> {
        if let Some(words) = self.editor.helper_mut() {
            words.defined = defined;
            words.open.take();
        }
        match self.editor.readline(PROMPT) {
            Ok(text) => {
                self.editor.add_history_entry(text.trim())?;
                Ok(Some(Some(text)))
            }
            Err(ReadlineError::Interrupted) => Ok(Some(Some(String::new()))),
            Err(ReadlineError::Eof) => {
                let open = self.editor.helper().map(|words| words.open.take());
                Ok(open.filter(|text| !text.is_empty()).map(Some))
            }
            Err(ReadlineError::Io(error)) if error.kind() == ErrorKind::InvalidData => Ok(Some(None)),
            Err(error) => Err(error),
        }
    }

    /// Keeps the history, where a file is named for it.
    pub(super) fn save(&mut self) -> Result<(), ReadlineError> {
        match &self.history {
            Some(path) => self.editor.save_history(path),
            None => Ok(()),
        }
    }
}

/// What the editor knows of the language.
struct Words {
    names: Vec<String>,
    defined: Vec<String>,
    /// What was entered last and goes on.
    open: RefCell<String>,
}

impl Validator for Words {
    fn validate(&self, ctx: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        if !is_open(ctx.input()) {
            return Ok(ValidationResult::Valid(None));
        }
        self.open.replace(ctx.input().to_string());
        Ok(ValidationResult::Incomplete)
    }
}

impl Completer for Words {
    type Candidate = String;

    fn complete(
        &self,
        line: &str,
        pos: usize,
        _: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<Self::Candidate>)> {
        let before = line.get(..pos).unwrap_or_default();
        let start =
            before.rfind(|c: char| c.is_whitespace() || "()[]'`,\"".contains(c)).map_or(0, |at| at + 1);
        let word = before.get(start..).unwrap_or_default();
        let all = self.defined.iter().chain(&self.names);
        let mut found: Vec<String> = all.filter(|name| name.starts_with(word)).cloned().collect();
        found.sort();
        found.dedup();
        Ok((start, if word.is_empty() { Vec::new() } else { found }))
    }
}

impl Hinter for Words {
    type Hint = String;
}

impl Highlighter for Words {}

impl Helper for Words {}

/// Whether a text goes on: a bracket, string or comment in it is open.
pub(super) fn is_open(text: &str) -> bool {
    let found = |text: &str, codes: &[Code]| reader::read(text).1.iter().any(|d| codes.contains(&d.code));
    found(text, &[Code::Unclosed, Code::UnclosedComment, Code::NothingQuoted])
        // Of strings the same code tells other mistakes too, which a quotation mark does not mend.
        || found(text, &[Code::BadString]) && !found(&format!("{text}\""), &[Code::BadString])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn open_texts() {
        for text in ["(", "(+ 1", "[1 2", "(define (f x)\n", "\"abc", "(f \"a)", "#| note", "'", "#(1"] {
            assert!(is_open(text), "{text}");
        }
        for text in ["", "1", "(+ 1 2)", ")", "(+ 1))", "\"abc\"", "\"\\q\"", "1.2.3", "; (", "[1)"] {
            assert!(!is_open(text), "{text}");
        }
    }
}
