//! `explain`: the examples that are commands, run by a shell, and the place of those that are for Rust.

use crate::call::good;
use serde_json::Value;
use std::{
    env, fs,
    path::Path,
    process::{Command, Output, Stdio},
};

/// Every code with its example and repair.
fn pages() -> Vec<[String; 3]> {
    let codes = good(&["explain", "--json"]);
    let text = |page: &Value, key: &str| page[key].as_str().unwrap_or_else(|| panic!("{page}")).to_string();
    let codes = codes["codes"].as_array().unwrap();
    codes.iter().map(|page| ["code", "example", "repair"].map(|key| text(page, key))).collect()
}

fn shell(command: &str) -> Output {
    let binary = Path::new(env!("CARGO_BIN_EXE_scheme-grad"));
    let path = format!("{}:{}", binary.parent().unwrap().display(), env::var("PATH").unwrap());
    let mut shell = Command::new("sh");
    shell.args(["-c", command]).current_dir(env!("CARGO_TARGET_TMPDIR")).env("PATH", path);
    shell.stdin(Stdio::null()).output().unwrap()
}

#[test]
fn commands_give_their_codes_and_repairs_none() {
    let mut ran = 0;
    for [code, example, repair] in pages() {
        if !example.contains("scheme-grad ") {
            continue;
        }
        let told = |command: &str| {
            let output = shell(command);
            let text = [output.stdout, output.stderr].concat();
            (output.status.code(), String::from_utf8_lossy(&text).into_owned())
        };
        let (status, text) = told(&example);
        // Of requests each answer says how it went, and a warning is no failure.
        let failed = match &code[..3] {
            _ if example.contains("serve-lines") || code.starts_with('W') => 0,
            "E08" => 4,
            _ => 1,
        };
        assert_eq!(status, Some(failed), "{example}: {text}");
        assert!(text.contains(&code), "{code} {example}: {text}");
        let (status, text) = told(&repair);
        assert!(
            status == Some(0) && ["E0", "E1", "W0"].iter().all(|code| !text.contains(code)),
            "{repair}: {text}"
        );
        ran += 1;
    }
    assert!(ran >= 10, "{ran}");
}

#[test]
fn those_for_rust_are_compiled_by_the_tests_of_the_runtime() {
    let ui = Path::new(env!("CARGO_MANIFEST_DIR")).join("../runtime/tests/ui/program");
    let for_rust: Vec<_> =
        pages().into_iter().filter(|[_, example, _]| example.contains("scheme!")).collect();
    assert_eq!(for_rust.len(), 1);
    let [code, example, _] = &for_rust[0];
    let source = fs::read_to_string(ui.join("collisions.rs")).unwrap();
    let said = fs::read_to_string(ui.join("collisions.stderr")).unwrap();
    assert!(source.contains(example) && said.contains(&format!("[{code}]")), "{example}");
}
