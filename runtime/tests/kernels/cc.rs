//! Kernels compiled by a C compiler, as a program of its own that takes numbers and gives numbers as their bits.

use scheme_core::{
    c::{Precision, source},
    trace::Record,
};
use std::{
    fmt::Write as _,
    io::Write as _,
    path::PathBuf,
    process::{Command, Stdio},
};

/// Reads `kernel rows inputs results`, then the inputs column by column; writes the results likewise and what is broken.
const MAIN: &str = r#"
#include <stdio.h>
#include <stdlib.h>
int main(void)
{
  ROWS which, rows, inputs, results;
  while (scanf("%lld %lld %lld %lld", &which, &rows, &inputs, &results) == 4) {
    NUMBER *x = malloc((inputs * rows + 1) * sizeof(NUMBER)), *out = calloc(results * rows + 1, sizeof(NUMBER));
    const NUMBER **in = malloc((inputs + 1) * sizeof(NUMBER *));
    ROWS *stride = malloc((inputs + 1) * sizeof(ROWS));
    unsigned char *broken = malloc(rows + 1);
    for (ROWS i = 0; i < inputs; i += 1) { in[i] = x + i * rows; stride[i] = 1; }
    for (ROWS i = 0; i < inputs * rows; i += 1) {
      BITS bits = 0;
      if (scanf("%llx", &bits) != 1) return 1;
      memcpy(x + i, &bits, sizeof(NUMBER));
    }
    kernels[which](rows, in, stride, out, broken);
    for (ROWS i = 0; i < results * rows; i += 1) {
      BITS bits = 0;
      memcpy(&bits, out + i, sizeof(NUMBER));
      printf("%llx\n", bits);
    }
    for (ROWS i = 0; i < rows; i += 1) printf("%d\n", broken[i]);
    free(x); free(out); free(in); free(stride); free(broken);
  }
  return 0;
}
"#;

/// A number of a precision.
pub(crate) trait Number: scheme_core::real::Real<Mask = bool> + Into<f64> {
    const PRECISION: Precision;
    fn bits(self) -> u64;
    fn of_bits(bits: u64) -> Self;
}

impl Number for f64 {
    const PRECISION: Precision = Precision::Double;
    fn bits(self) -> u64 {
        self.to_bits()
    }
    fn of_bits(bits: u64) -> Self {
        Self::from_bits(bits)
    }
}

impl Number for f32 {
    const PRECISION: Precision = Precision::Single;
    fn bits(self) -> u64 {
        u64::from(self.to_bits())
    }
    fn of_bits(bits: u64) -> Self {
        Self::from_bits(bits as u32)
    }
}

/// A record with its inputs, row by row.
pub(crate) struct Job<E> {
    pub(crate) name: String,
    pub(crate) record: Record,
    pub(crate) rows: Vec<Vec<E>>,
}

/// Runs jobs by the C compiler and asserts that every row is a single evaluation of the record, to the bit.
/// Says so, and checks nothing, where there is no compiler.
#[expect(clippy::print_stdout, reason = "a test that is skipped says so")]
pub(crate) fn check<E: Number>(test: &str, optimize: &str, jobs: &[Job<E>]) {
    let names: Vec<String> = (0..jobs.len()).map(|i| format!("kernel_{i}")).collect();
    let named: Vec<(&str, &Record)> =
        names.iter().map(String::as_str).zip(jobs.iter().map(|job| &job.record)).collect();
    let kernels = names.join(", ");
    let text = source(&named, E::PRECISION)
        + &format!(
            "typedef void (*CALL)(ROWS, const NUMBER *const *, const ROWS *, NUMBER *, unsigned char *);\nCALL kernels[] = {{ {kernels} }};\n"
        )
        + MAIN;
    let Some(program) = compile(test, optimize, &text) else {
        return println!("skipped: there is no C compiler to check kernels with");
    };
    let mut input = String::new();
    for (which, Job { record, rows, .. }) in jobs.iter().enumerate() {
        let (inputs, results) = (record.inputs(), record.results().len());
        writeln!(input, "{which} {} {inputs} {results}", rows.len()).expect("a string");
        for i in 0..inputs {
            rows.iter().for_each(|row| writeln!(input, "{:x}", row[i].bits()).expect("a string"));
        }
    }
    let output = run(program, input);
    let mut found = output.lines();
    let mut checked = 0;
    for Job { name, record, rows } in jobs {
        let results: Vec<Vec<E>> = record
            .results()
            .iter()
            .map(|_| found.by_ref().take(rows.len()).map(number_of).collect())
            .collect();
        let broken: Vec<&str> = found.by_ref().take(rows.len()).collect();
        for (i, row) in rows.iter().enumerate() {
            let expected = record.evaluate(row);
            assert_eq!(broken[i], if expected.is_ok() { "0" } else { "1" }, "{name} at {row:?}");
            for (k, expected) in expected.into_iter().flatten().enumerate() {
                assert!(
                    same(results[k][i], expected),
                    "{name} at {row:?}: {:?}, not {expected:?}",
                    results[k][i]
                );
                checked += 1;
            }
        }
    }
    assert!(checked > 0 && found.next().is_none());
}

fn number_of<E: Number>(line: &str) -> E {
    E::of_bits(u64::from_str_radix(line, 16).expect("bits"))
}

fn same<E: Number>(a: E, b: E) -> bool {
    a.bits() == b.bits() || a.into().is_nan() && b.into().is_nan()
}

/// The C compiler.
pub(crate) fn compiler() -> String {
    std::env::var("CC").unwrap_or_else(|_| "cc".to_string())
}

/// The program of a text, or `None` where there is no compiler.
fn compile(test: &str, optimize: &str, text: &str) -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let (file, program) = (folder.join(format!("{test}.c")), folder.join(test));
    std::fs::write(&file, text).expect("the folder for tests can be written");
    let mut command = Command::new(compiler());
    command.args([optimize, "-ffp-contract=off", "-o"]).arg(&program).arg(&file).arg("-lm");
    let output = command.output().ok()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(program)
}

fn run(program: PathBuf, input: String) -> String {
    let mut command = Command::new(program);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it was compiled");
    let mut stdin = child.stdin.take().expect("a pipe");
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().expect("it ends");
    writer.join().expect("it ends").expect("it reads all");
    assert!(output.status.success());
    String::from_utf8(output.stdout).expect("digits")
}
