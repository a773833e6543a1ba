//! Cases as data: files of titles, texts and what is made of each, which `BLESS=1` writes.

use std::{fmt::Write as _, path::Path};

/// Checks every case of a file below `tests`: a title, a text, `----`, the outcome, `====`.
pub(crate) fn check(file: &str, outcome: impl Fn(&str) -> String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(file);
    let written = std::fs::read_to_string(&path).unwrap();
    let mut blessed = String::new();
    for case in written.split_terminator("====\n") {
        let (title, rest) = case.split_once('\n').unwrap();
        let text = rest.split_once("----\n").unwrap().0;
        write!(blessed, "{title}\n{text}----\n{}====\n", outcome(text.strip_suffix('\n').unwrap_or(text)))
            .unwrap();
    }
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, blessed).unwrap();
    } else {
        assert_eq!(written, blessed, "{file}: BLESS=1 accepts what is given");
    }
}
