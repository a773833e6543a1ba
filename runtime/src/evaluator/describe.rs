//! What is known of a program's runs, in numbers and in words.

use super::{StringProgram, replays::MOST_FORMS};
use crate::{machine::Limits, tape::MOST_OPERATIONS};
use std::fmt;

/// The procedures that traces do not have.
pub(super) const WHOLE: &str = "`det`, `logdet`, `inv`, `solve` or `cholesky`";

/// How a program from a string runs: what is replayed of it, and what is not.
///
/// Its text says so in words.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
#[non_exhaustive]
pub struct Replayed {
    /// How many paths through the program are replayed, for all forms of inputs.
    pub paths: usize,
    /// How many operations they have together.
    pub operations: usize,
    /// How many guards.
    pub guards: usize,
    /// The bytes that their traces take and, roughly, their code.
    pub bytes: usize,
    /// How many operations a path may have: by the limit of records, and about a million in any case.
    pub most: u64,
    /// How many bytes a trace may have.
    pub most_bytes: u64,
    /// Whether a run was longer than that, or its trace larger. Such runs are interpreted each time.
    pub outgrown: bool,
    /// Whether there was no room to keep a trace: a form of inputs has an eighth of the bytes that a trace may have, for
    /// traces and their code. Such runs are interpreted each time, but for several rows at once.
    pub heavy: bool,
    /// Whether a path has operations on whole matrices, `det` and the like, of what depends on inputs. Their rows
    /// are replayed one by one.
    pub whole: bool,
    /// Whether a run gave a value that nothing can be put into, being too deep. Such runs are interpreted
    /// each time.
    pub formless: bool,
    /// How many forms of inputs were met of which nothing is known any more: there is room for the last 8, and a
    /// program that meets more of them in turn is interpreted each time.
    pub forms_dropped: usize,
}

impl fmt::Display for Replayed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
        match self.paths {
            0 => write!(f, "no path is replayed")?,
            paths => write!(
                f,
                "{} replayed, of {} and {}, in {}",
                plural(paths, "path"),
                plural(self.operations, "operation"),
                plural(self.guards, "guard"),
                plural(self.bytes, "byte")
            )?,
        }
        if self.outgrown {
            let Self { most, most_bytes, .. } = self;
            let traces = format!("more than {most} operations on inputs or {most_bytes} bytes");
            write!(f, "; runs whose traces have {traces} are interpreted each time")?;
        }
        if self.heavy {
            write!(f, "; runs whose traces there is no room for are interpreted each time")?;
        }
        if self.whole {
            write!(f, "; rows with {WHOLE} of inputs are replayed one by one")?;
        }
        if self.formless {
            write!(f, "; runs whose value is cut off are interpreted each time")?;
        }
        if self.forms_dropped > 0 {
            let forms = plural(self.forms_dropped, "form");
            write!(f, "; {forms} of inputs, beyond the last {MOST_FORMS}, made room and are met anew")?;
        }
        Ok(())
    }
}

impl StringProgram {
    /// What is known of its runs so far. A path is recorded when a second run takes it.
    ///
    /// ```
    /// use scheme_runtime::Interpreter;
    ///
    /// let f = Interpreter::new().load("(if (> x 0) (* x x) (- x))")?;
    /// assert_eq!(f.describe().to_string(), "no path is replayed");
    /// for x in [1.0, 2.0, 3.0] {
    ///     f.call(&[("x", x)])?;
    /// }
    /// let known = f.describe();
    /// assert_eq!((known.paths, known.operations, known.guards), (1, 2, 1));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn describe(&self) -> Replayed {
        let Limits { trace, trace_bytes, .. } = self.interpreter.limits;
        Replayed { most: trace.min(MOST_OPERATIONS), most_bytes: trace_bytes, ..self.traces.described() }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Interpreter, Limits};

    #[test]
    fn forms_that_made_room_are_said() {
        let f = Interpreter::new().load("(dot v v)").expect("it loads");
        for n in 1..=11 {
            f.call_with(&[("v", vec![0.0; n].into())]).expect("it runs");
            assert_eq!(f.describe().forms_dropped, n.saturating_sub(8));
        }
        let text = f.describe().to_string();
        assert!(
            text.ends_with("; 3 forms of inputs, beyond the last 8, made room and are met anew"),
            "{text}"
        );
    }

    #[test]
    fn what_is_interpreted_is_said() {
        let long = "(let loop ((i 0) (s x)) (if (< i n) (loop (+ i 1) (* s 0.5)) s))";
        let limits = Limits { trace: 1000, ..Limits::default() };
        let f = Interpreter::with_limits(limits).load(long).expect("it loads");
        for _ in 0..2 {
            f.call(&[("x", 1.0), ("n", 10.0)]).expect("it runs");
        }
        assert_eq!(
            f.describe().to_string(),
            format!("1 path replayed, of 21 operations and 11 guards, in {} bytes", f.describe().bytes)
        );
        for _ in 0..2 {
            f.call(&[("x", 1.0), ("n", 600.0)]).expect("it runs");
        }
        let known = f.describe();
        assert!(known.outgrown && known.to_string().contains("more than 1000 operations"), "{known}");
        let limits = Limits { trace_bytes: 50_000, ..Limits::default() };
        let heavy = Interpreter::with_limits(limits).load(long).expect("it loads");
        for _ in 0..3 {
            heavy.call(&[("x", 1.0), ("n", 200.0)]).expect("it runs");
        }
        assert!(heavy.describe().heavy && heavy.describe().paths == 0, "{}", heavy.describe());
        let g = Interpreter::new()
            .load("(let loop ((i 0) (l (list x))) (if (< i 600) (loop (+ i 1) (list l)) l))");
        let g = g.expect("it loads");
        for _ in 0..3 {
            g.call(&[("x", 1.0)]).expect("it runs");
        }
        assert!(g.describe().formless, "{}", g.describe());
        let whole = Interpreter::new().load("(det (mat [x 1] [2 x]))").expect("it loads");
        for _ in 0..3 {
            assert_eq!(whole.call(&[("x", 3.0)]).expect("it runs").number(), Some(7.0));
        }
        let told = whole.describe().to_string();
        assert!(told.starts_with("1 path replayed, of 1 operation and 0 guards"), "{told}");
        let rows =
            "rows with `det`, `logdet`, `inv`, `solve` or `cholesky` of inputs are replayed one by one";
        assert!(told.ends_with(rows), "{told}");
    }
}
