//! Blocks of small programs, as text.
//!
//! Each file of `tests/machine` is a program, a line of dashes, and its blocks. `BLESS=1` writes
//! them anew. Programs whose file's name begins with `island` are compiled with their islands.

use scheme_core::{kernel, machine, reader};
use std::{fs, path::Path};

const LINE: &str = "\n--------\n";

fn blocks(program: &str, with_islands: bool) -> String {
    let (data, findings) = reader::read(program);
    assert!(findings.is_empty(), "{findings:?}");
    let options = kernel::Options { internal: true, ..Default::default() };
    let (program, findings) = kernel::desugar_with(&data, options);
    let program = program.unwrap_or_else(|| panic!("{findings:?}"));
    let islands = if with_islands { machine::islands(&program) } else { Vec::new() };
    machine::compile_with(&program, &islands).unwrap().to_string()
}

#[test]
fn blocks_are_as_written_down() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/machine");
    let mut wrong = Vec::new();
    let mut cases = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let (program, expect) = text.split_once(LINE).unwrap_or((text.trim_end(), ""));
        let with_islands = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("island"));
        let found = blocks(program, with_islands);
        cases += 1;
        if std::env::var_os("BLESS").is_some() {
            fs::write(&path, format!("{program}{LINE}{found}")).unwrap();
        } else if found != expect {
            wrong.push(format!("{}:\n{found}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(cases >= 8);
}
