//! Calls of the binary.

use serde_json::Value;
use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// What a call gave.
#[derive(Debug)]
pub(crate) struct Given {
    pub(crate) out: String,
    pub(crate) err: String,
    pub(crate) code: i32,
}

impl Given {
    /// The JSON on standard output, which is one line.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.out.lines().count(), 1, "{self:?}");
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }

    /// The one diagnostic of a call with `--json`, which failed.
    #[track_caller]
    pub(crate) fn error(&self, code: i32) -> Value {
        assert_eq!(self.code, code, "{self:?}");
        self.json()["error"].clone()
    }
}

pub(crate) fn call(args: &[&str]) -> Given {
    with_input(args, b"")
}

pub(crate) fn with_input(args: &[&str], input: &[u8]) -> Given {
    let mut child = Command::new(env!("CARGO_BIN_EXE_scheme-grad"))
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let output = std::thread::scope(|scope| {
        // Beside reading, since a call may wait for its output to be read. One that reads no input may have ended already.
        scope.spawn(move || drop(stdin.write_all(input)));
        child.wait_with_output().unwrap()
    });
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Given { out: text(output.stdout), err: text(output.stderr), code: output.status.code().unwrap() }
}

/// A fresh file of a test.
pub(crate) fn file(name: &str, bytes: &[u8]) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, bytes).unwrap();
    path
}

/// The JSON of a call that succeeds.
#[track_caller]
pub(crate) fn good(args: &[&str]) -> Value {
    let given = call(args);
    assert_eq!((given.code, given.err.as_str()), (0, ""), "{given:?}");
    given.json()
}

/// A call that is refused in words, and says this.
#[track_caller]
pub(crate) fn refused(args: &[&str], says: &str) {
    let given = call(args);
    assert_eq!((given.code, given.out.as_str()), (2, ""), "{given:?}");
    assert!(given.err.contains(says), "{given:?}");
}
