//! What rows ask a program on the machine for, run ahead of them.
//!
//! A function over rows may be any transform of a program, or of several. What it asks the program for in a row is a value
//! or partial derivatives at numbers, through [`Real::lift`](scheme_core::real::Real::lift). So a loop over rows calls the function twice
//! for each: first to hear what is asked, which the program notes and refuses; then what all rows asked for is run
//! together, along the paths that are known ([`Known`](super::Known)); and the second time what was asked is answered from
//! that. It is answered only where the same is asked again, in the same order: else, and where no path serves, the machine runs, as for
//! a single call. So nothing but the time depends on what was heard.

use super::{General, known::Results};
use crate::machine::Limits;
use scheme_core::real::Ask;
use std::{cell::RefCell, mem, ops::Range};

/// How many rows are run together at most, and how many numbers they may ask for and be given, but that of the fewest rows.
const TOGETHER: usize = 1 << 12;
const MOST_NUMBERS: usize = 1 << 18;

/// Of how many rows they are a multiple, so that sums over rows are cut where leaves may end.
const UNIT: usize = 64;

/// What is asked of a program, but for the numbers.
#[derive(Clone, Copy)]
pub(super) struct Request<'a> {
    pub(super) program: &'static General,
    pub(super) captures: &'a [f64],
    pub(super) limits: Option<Limits>,
    /// All partial derivatives up to this order.
    pub(super) order: u32,
    pub(super) single: bool,
}

/// What becomes of a request.
pub(super) enum Reply {
    /// It was heard; the run of the row ends.
    Heard,
    /// The partial derivatives by order.
    Partials(Vec<Vec<f64>>),
    /// The machine is to run.
    Run,
}

/// A request that several rows make.
struct Asked {
    program: &'static General,
    captures: Vec<f64>,
    limits: Option<Limits>,
    order: u32,
    single: bool,
    /// Their inputs in columns.
    inputs: Vec<Vec<f64>>,
}

impl Asked {
    fn of(request: &Request<'_>, inputs: usize) -> Self {
        let Request { program, captures, limits, order, single } = *request;
        let inputs = vec![Vec::new(); inputs];
        Self { program, captures: captures.to_vec(), limits, order, single, inputs }
    }

    fn is(&self, request: &Request<'_>) -> bool {
        std::ptr::eq(self.program, request.program)
            && self.order == request.order
            && self.single == request.single
            && self.captures.iter().map(|x| x.to_bits()).eq(request.captures.iter().map(|x| x.to_bits()))
            && self.limits == request.limits
    }

    /// Whether these are the inputs of rows, each with those of all rows one after the other.
    fn has(&self, rows: Range<usize>, x: &[f64]) -> bool {
        let same = |(a, b): (&f64, &f64)| a.to_bits() == b.to_bits();
        let here = |(column, x): (&Vec<f64>, &[f64])| {
            column.get(rows.clone()).is_some_and(|column| column.iter().zip(x).all(same))
        };
        self.inputs.iter().zip(x.chunks(rows.len())).all(here)
    }

    fn request(&self) -> Request<'_> {
        let Self { program, captures, limits, order, single, .. } = self;
        Request { program, captures, limits: *limits, order: *order, single: *single }
    }
}

/// What a thread's rows are at.
#[derive(Default)]
enum Stage {
    /// No rows, or none that are heard.
    #[default]
    Alone,
    /// What is asked is noted; if rows ask for several things, or for what no path has, nothing more is.
    Hearing { asked: Option<Asked>, more: bool },
    /// What was asked is answered, from this row on.
    Answering { asked: Asked, results: Results, next: usize },
}

thread_local! {
    static STAGE: RefCell<Stage> = const { RefCell::new(Stage::Alone) };
}

/// Puts back at its end what the thread was at before.
struct Before(Stage);

impl Drop for Before {
    fn drop(&mut self) {
        let before = mem::take(&mut self.0);
        let _ = STAGE.try_with(|stage| stage.replace(before));
    }
}

/// Runs at a stage; gives what became of the stage.
fn at<V>(stage: Stage, run: impl FnOnce() -> V) -> (V, Stage) {
    let before = Before(STAGE.replace(stage));
    let value = run();
    let after = STAGE.take();
    drop(before);
    (value, after)
}

/// What becomes of a request at numbers.
pub(super) fn reply(request: &Request<'_>, ask: &Ask<'_>) -> Reply {
    STAGE.try_with(|stage| stage.borrow_mut().reply(request, ask)).unwrap_or(Reply::Run)
}

/// Calls a function in some rows. If it fails there, they may be gone through again, and what they ask for is answered again.
pub(crate) fn attempt<V, E>(call: impl FnOnce() -> Result<V, E>) -> Result<V, E> {
    let before = at_row(|next| *next);
    let given = call();
    if let (Err(_), Some(before)) = (&given, before) {
        at_row(|next| *next = before);
    }
    given
}

/// Has the row that is answered next, if any are.
fn at_row<V>(with: impl FnOnce(&mut usize) -> V) -> Option<V> {
    let next = |stage: &mut Stage| match stage {
        Stage::Answering { next, .. } => Some(with(next)),
        _ => None,
    };
    STAGE.try_with(|stage| next(&mut stage.borrow_mut())).ok().flatten()
}

impl Stage {
    fn reply(&mut self, request: &Request<'_>, &Ask { x, lanes, .. }: &Ask<'_>) -> Reply {
        match self {
            Self::Alone => Reply::Run,
            Self::Hearing { asked, more } => {
                let known = asked.get_or_insert_with(|| Asked::of(request, x.len() / lanes));
                *more &= request.order <= 1 && !x.is_empty() && known.is(request);
                if *more {
                    let columns = known.inputs.iter_mut().zip(x.chunks(lanes));
                    columns.for_each(|(column, x)| column.extend_from_slice(x));
                }
                Reply::Heard
            }
            Self::Answering { asked, results, next } => {
                let rows = *next..*next + lanes;
                if !asked.is(request) || !asked.has(rows.clone(), x) {
                    return Reply::Run;
                }
                *next += lanes;
                results.partials(rows, request.order).map_or(Reply::Run, Reply::Partials)
            }
        }
    }
}

/// Goes through rows of a function of so many inputs that runs programs on the machine: `hear` calls it in some rows and drops what it
/// gives, `each` calls it in these rows, in their order.
///
/// # Errors
/// The first of `each`.
pub(crate) fn rows<E>(
    rows: Range<usize>,
    inputs: usize,
    hear: impl Fn(Range<usize>),
    mut each: impl FnMut(Range<usize>) -> Result<(), E>,
) -> Result<(), E> {
    for part in parts(rows, inputs) {
        match heard(part.clone(), &hear) {
            Some(asked) => {
                let results = asked.program.over_rows(&asked.request(), &asked.inputs);
                at(Stage::Answering { asked, results, next: 0 }, || each(part)).0?;
            }
            None => each(part)?,
        }
    }
    Ok(())
}

/// Parts of about the same size, of which all but the last are a multiple of [`UNIT`] rows.
fn parts(rows: Range<usize>, inputs: usize) -> impl Iterator<Item = Range<usize>> {
    let units = rows.len().div_ceil(UNIT);
    let together = TOGETHER.min(MOST_NUMBERS / (2 * inputs + 1));
    let parts = units.div_ceil((together / UNIT).max(1));
    let end = move |part: usize| rows.end.min(rows.start + units * part / parts * UNIT);
    (0..parts).map(move |part| end(part)..end(part + 1))
}

/// What rows ask for, if it is one thing that paths may have.
fn heard(rows: Range<usize>, hear: impl Fn(Range<usize>)) -> Option<Asked> {
    let second = rows.end.min(rows.start + 1);
    let listening = || STAGE.with_borrow(|stage| matches!(stage, Stage::Hearing { more: true, .. }));
    let ((), stage) = at(Stage::Hearing { asked: None, more: rows.len() > 1 }, || {
        // The first tells whether to go on.
        hear(rows.start..second);
        if listening() {
            hear(second..rows.end);
        }
    });
    match stage {
        Stage::Hearing { asked, more: true } => asked,
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{outcome::Failure, paths::Unfit, prelude::*};

    /// Of how many rows the results are there when their turn comes, the first time and the second.
    fn served(count: usize, call: impl Fn(f64) -> Result<f64, Failure>) -> [usize; 2] {
        let row = |row: usize| call(row as f64 / count as f64);
        [0, 1].map(|_| {
            let mut served = 0;
            let each = |part: Range<usize>| {
                STAGE.with_borrow(|stage| {
                    if let Stage::Answering { results, .. } = stage {
                        served +=
                            (0..part.len()).filter(|i| results.partials(*i..i + 1, 0).is_some()).count();
                    }
                });
                part.clone().try_for_each(|i| row(i).map(drop))
            };
            assert_eq!(rows(0..count, 1, |part| part.for_each(|i| drop(row(i))), each), Ok(()));
            served
        })
    }

    /// What a program asks for at a number.
    fn asked(call: impl Fn(f64) -> Result<f64, Failure>) -> Asked {
        heard(0..2, |rows| rows.for_each(|_| drop(call(0.5)))).expect("it asks for its value")
    }

    #[test]
    fn rows_that_take_a_path_together_are_recorded() {
        let one = scheme! { (lambda (x) (apply + (append (iota (- x x)) (map (lambda (f) (f x)) (list sin exp))))) };
        let (few, most) = (served(3, |x| one.call(x)), served(5000, |x| one.call(x)));
        assert_eq!((few[0], most), (0, [5000, 5000]));
        let two = scheme! { (lambda (x) (apply * (append (iota (- x x)) (if (< x 0.25) (list x 2 x) (list x 3))))) };
        assert_eq!(served(100, |x| two.call(x)), [100, 100]);
    }

    /// A procedure that is direct code is recorded for many rows alone, if it takes few steps of theirs.
    #[test]
    fn direct_code_is_recorded_if_that_is_cheap() {
        let long = scheme! {
            (define (sum n x) (let loop ((i 0) (y x)) (if (< i n) (loop (+ i 1) (+ (* y 0.5) x)) y)))
            (lambda (x) (apply + (map (lambda (y) (sum 5000 y)) (append (iota (- x x)) (list x)))))
        };
        assert!(!long.describe().direct.is_empty());
        assert_eq!(served(300, |x| long.call(x)), [0, 0]);
        let short = scheme! {
            (define (power n x) (let loop ((i 0) (y 1)) (if (< i n) (loop (+ i 1) (* y x)) y)))
            (lambda (x) (apply + (map (lambda (n) (power n x)) (iota (+ 4 (- x x))))))
        };
        assert!(!short.describe().direct.is_empty());
        assert_eq!(served(20, |x| short.call(x)), [0, 0]);
        assert_eq!(served(300, |x| short.call(x)), [300, 300]);
    }

    /// What is recorded in vain ends where that is known.
    #[test]
    fn a_recording_ends_when_its_trace_has_outgrown() {
        let endless = scheme! {
            (lambda (x) (let loop ((l (list x))) (if (> (car l) 0) (loop (cons (* x (+ 1 (car l))) l)) (car l))))
        };
        let Asked { program, inputs, .. } = asked(|x| endless.call(x));
        let x: Vec<f64> = inputs.iter().map(|column| column[0]).collect();
        let recorded = |steps: u64| {
            let unfit = program.recorded(&x, Limits::NONE, false, steps).map(Result::err);
            assert_eq!(unfit, Ok(Some(Unfit::Long)));
            program.pool.take().map_or(0, |kept| kept.1.steps())
        };
        assert_eq!(recorded(1000), 1000);
        let taken = recorded(1 << 26);
        assert!((1001..1 << 22).contains(&taken), "{taken}");
    }
}
