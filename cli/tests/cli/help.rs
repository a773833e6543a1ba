//! Usage, help, completions, and what is planned.

use crate::call::{call, refused};

const COMMANDS: &[&str] = &[
    "run",
    "grad",
    "hessian",
    "check",
    "graph",
    "compile",
    "batch",
    "repl",
    "serve-lines",
    "explain",
    "completions",
];

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
fn wrong_calls_are_told_as_json_where_it_is_asked_for() {
    for (args, code) in [
        (&["run", "-e", "k", "--set", "k=one", "--json"][..], "E1102"),
        (&["run", "-e", "k", "--inputs", "/no/such/file", "--json"], "E1102"),
        (&["grad", "-e", "k", "--set", "k", "--json"], "E1102"),
    ] {
        let given = call(args);
        assert_eq!(given.error(2)["code"], code, "{given:?}");
    }
}

#[test]
fn what_is_planned_says_so() {
    refused(&["fit"], "`fit` is not there yet");
    let args = ["fit", "model.scm", "--data", "rows.csv", "--help", "-e", "x", "--json"];
    refused(&args, "`fit` is not there yet");
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
    assert!(!help.out.contains("fit"));
    let (help, limits) = (call(&["run", "--help"]).out, scheme_runtime::Limits::default());
    for limit in [limits.steps, limits.depth.into(), limits.cells.into()] {
        assert!(help.contains(&format!("; {limit} without it")), "{limit}: {help}");
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

/// Every example of every command's help, as a shell runs it.
#[cfg(unix)]
#[test]
fn examples_of_the_help_run() {
    use crate::call::file;
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("help");
    std::fs::create_dir_all(&folder).unwrap();
    for (name, text) in [
        ("model.scm", "(* (param k 2) (param r 1) (param a 1) (exp (* (param b 2) x)))"),
        ("inputs.json", "{\"x\": 3}"),
        ("constants.json", "{\"x\": 3}"),
        ("rows.csv", "x,y\n1,2\n5,6\n"),
        ("requests", "{\"id\": 1, \"op\": \"run\", \"program\": \"1\"}\n"),
    ] {
        file(&format!("help/{name}"), text.as_bytes());
    }
    let binary = std::path::Path::new(env!("CARGO_BIN_EXE_scheme-grad"));
    let path = format!("{}:{}", binary.parent().unwrap().display(), std::env::var("PATH").unwrap());
    let mut ran = 0;
    for command in [&[""][..], COMMANDS].concat() {
        let args: Vec<&str> = [command, "--help"].into_iter().filter(|arg| !arg.is_empty()).collect();
        let help = call(&args).out;
        let examples = help.split("Examples:\n").nth(1).unwrap().split("\n\n").next().unwrap();
        for line in examples.lines() {
            // Those of completions write to where a user keeps them.
            let line = line.trim().split("  #").next().unwrap().split(" > ~").next().unwrap();
            let mut shell = std::process::Command::new("sh");
            shell
                .args(["-c", line])
                .current_dir(&folder)
                .env("PATH", &path)
                .stdin(std::process::Stdio::null());
            let output = shell.output().unwrap();
            // One shows a mistake.
            let code = if line.contains("sqr") { 1 } else { 0 };
            assert_eq!(output.status.code(), Some(code), "{line}: {output:?}");
            ran += 1;
        }
    }
    assert!(ran > 25, "{ran}");
}
