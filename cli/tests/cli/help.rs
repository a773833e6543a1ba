//! Usage, help, completions, and what is planned.

use crate::call::{call, refused};

const COMMANDS: &[&str] =
    &["run", "grad", "hessian", "check", "batch", "serve-lines", "explain", "completions"];

#[test]
fn usage_exits_2() {
    for args in [&[][..], &["run"], &["run", "a.scm", "-e", "1"], &["rum"], &["run", "-e", "1", "--no-such"]]
    {
        let given = call(args);
        assert_eq!((given.code, given.out.as_str()), (2, ""), "{given:?}");
        assert!(!given.err.is_empty());
    }
    refused(&["run", "-e", "1", "--max-steps", "many"], "many");
}

#[test]
fn what_is_planned_says_so() {
    for command in ["graph", "compile", "repl", "fit"] {
        let says = format!("`{command}` is not there yet");
        refused(&[command], &says);
        refused(&[command, "model.scm", "--data", "rows.csv", "--help", "-e", "x", "--json"], &says);
    }
    refused(&["run", "-e", "1", "--trace-nonfinite"], "`--trace-nonfinite` is not there yet");
}

#[test]
fn help_lists_what_is_there() {
    let help = call(&["--help"]);
    assert_eq!((help.code, help.err.as_str()), (0, ""));
    for word in COMMANDS.iter().chain(&["Examples:", "Exit codes:"]) {
        assert!(help.out.contains(word), "{word}");
    }
    for command in COMMANDS {
        let help = call(&[command, "--help"]);
        assert!(help.code == 0 && help.out.contains("Examples:"), "{help:?}");
    }
    assert!(call(&["--version"]).out.starts_with("scheme-grad "));
}

#[test]
fn completions_are_for_every_shell() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let given = call(&["completions", shell]);
        assert_eq!((given.code, given.err.as_str()), (0, ""), "{shell}");
        for word in COMMANDS.iter().chain(&["--max-steps", "--wrt"]) {
            assert!(given.out.contains(word.trim_start_matches('-')), "{shell} {word}");
        }
    }
    refused(&["completions", "tcl"], "tcl");
}

#[cfg(unix)]
#[test]
fn bash_takes_its_completions() {
    let script = call(&["completions", "bash"]).out;
    let asked = "COMP_WORDS=(scheme-grad he); COMP_CWORD=1; _scheme__grad scheme-grad he scheme-grad; echo ${COMPREPLY[@]}";
    let output =
        std::process::Command::new("bash").args(["-c", &format!("{script}\n{asked}")]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "hessian help\n", "{output:?}");
}
