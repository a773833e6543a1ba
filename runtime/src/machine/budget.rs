//! What a run may use, and what happens when it wants more.

use super::{Fault, Machine};
use crate::{heap, tape};
use scheme_core::diag::Code;
use std::time::{Duration, Instant};

/// What loading a program, and each run of it, may use.
///
/// All but the deadline are counted alike in every build and on every machine, so that what ends by them ends
/// always at the same place. What passes one is an error with the code and place, what was used and the limit.
///
/// There may be more limits one day: they are written with `..Limits::default()`.
///
/// ```
/// use scheme_runtime::{Code, Interpreter, Limits};
///
/// let careful = Interpreter::with_limits(Limits { steps: 100_000, string: 1_000, ..Limits::default() });
/// let doubled = careful.load("(let grow ((s \"ab\")) (grow (string-append s s)))")?;
/// let error = doubled.call(&[]).unwrap_err();
/// assert_eq!(error.code, Code::StringLength);
/// assert_eq!(error.message, "a string of 1024 bytes is wanted, but none may have more than 1000");
/// # Ok::<(), scheme_runtime::LoadError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Bytes of a program's text.
    pub source: u64,
    /// How deep lists nest in a program's text, quotation marks included. More than 500 are as 500.
    pub nesting: u32,
    /// Blocks entered, items of lists and cells of seven bytes of strings that primitives walk over, operations on the
    /// elements of arrays (a product of n by n matrices takes 2n³), and entries that derivatives go through.
    /// Loading a program takes some for each of its parts.
    pub steps: u64,
    /// Calls waiting for the value of another. Loading does not count them: its own follow from the text's size.
    pub depth: u32,
    /// Cells of 16 bytes kept alive; a pair takes two. With what is not yet known to be dead, a run may have four
    /// times as many. The operands of one operation on arrays, and the numbers that one derivative is taken by or of,
    /// count for each mention and may be as many besides.
    pub cells: u32,
    /// Bytes of any one string that a run makes.
    pub string: u64,
    /// Entries of the records for derivatives: one for each operation on a number that depends on an input, and
    /// one more for each operand after the second.
    pub trace: u64,
    /// Bytes of these records: 24 for each entry, twice as many where derivatives nest.
    pub trace_bytes: u64,
    /// How long a run may take; looked at every few thousand steps. The only limit that depends on the machine.
    pub deadline: Option<Duration>,
}

impl Limits {
    /// Those of inline programs that set none: no end of steps or time. Memory ends somewhere, so that a
    /// recursion without end is an error rather than the end of the process: 16 million waiting calls,
    /// 2 GiB of data kept alive, 4 GiB of records.
    pub const NONE: Self = Self {
        source: u64::MAX,
        nesting: u32::MAX,
        steps: u64::MAX,
        depth: 1 << 24,
        cells: 1 << 27,
        string: u64::MAX,
        trace: u64::MAX,
        trace_bytes: 1 << 32,
        deadline: None,
    };
}

impl Default for Limits {
    /// 16 MB of text, 200 million steps, a million waiting calls, 16 million cells, strings of 16 MB, and 16
    /// million entries in 384 MB of records; no deadline.
    fn default() -> Self {
        Self {
            source: 16_000_000,
            nesting: 500,
            steps: 200_000_000,
            depth: 1_000_000,
            cells: 16_000_000,
            string: 16_000_000,
            trace: 16_000_000,
            trace_bytes: 384_000_000,
            deadline: None,
        }
    }
}

/// After how many steps the clock is looked at.
pub(super) const BETWEEN_LOOKS: u32 = 4096;

/// The steps that are left.
#[derive(Clone, Debug)]
pub(super) struct Budget {
    /// Those before the clock is looked at.
    now: u64,
    /// Those afterwards.
    later: u64,
    deadline: Option<Duration>,
    end: Option<Instant>,
}

impl Budget {
    pub(super) fn new(limits: &Limits) -> Self {
        Self { now: 0, later: limits.steps, deadline: limits.deadline, end: None }
    }

    /// From here on time is measured.
    pub(super) fn start(&mut self) {
        // A time too far to be told never comes.
        self.end = self.deadline.and_then(|time| Instant::now().checked_add(time));
    }

    fn left(&self) -> u64 {
        self.now + self.later
    }
}

impl Machine {
    /// The steps taken so far.
    pub fn steps(&self) -> u64 {
        self.limits.steps - self.budget.left()
    }

    /// Takes steps off the budget.
    #[inline(always)]
    pub(super) fn charge(&mut self, steps: u64) -> Result<(), Box<Fault>> {
        match self.budget.now.checked_sub(steps) {
            Some(left) => {
                self.budget.now = left;
                Ok(())
            }
            None => self.charge_more(steps),
        }
    }

    #[cold]
    fn charge_more(&mut self, steps: u64) -> Result<(), Box<Fault>> {
        let budget = &mut self.budget;
        if budget.end.is_some_and(|end| Instant::now() >= end) {
            return Err(self.too_late());
        }
        let Some(left) = budget.left().checked_sub(steps) else {
            let fault = self.too_many_steps(steps);
            (self.budget.now, self.budget.later) = (0, 0);
            return Err(fault);
        };
        budget.now = if budget.end.is_some() { left.min(u64::from(BETWEEN_LOOKS)) } else { left };
        budget.later = left - budget.now;
        Ok(())
    }

    /// Looks at the clock, whatever steps are left before that is due.
    pub(super) fn check_clock(&self) -> Result<(), Box<Fault>> {
        if self.budget.end.is_some_and(|end| Instant::now() >= end) { Err(self.too_late()) } else { Ok(()) }
    }

    /// Refuses so many numbers before they are made outside of the heap, if they are more than may be kept in it.
    pub(super) fn has_room_outside(&self, numbers: usize, at: u32) -> Result<(), Box<Fault>> {
        if numbers > self.heap.limit() { Err(self.memory(heap::Full { cells: numbers }, at)) } else { Ok(()) }
    }

    #[cold]
    fn too_late(&self) -> Box<Fault> {
        let (time, taken) = (self.budget.deadline.unwrap_or_default(), self.steps());
        let message = format!("the program took longer than the {time:?} it may; it is at step {taken}");
        let fault = self.fault(Code::Deadline, message, u32::MAX);
        fault.hint("it may run forever; else give it more time")
    }

    #[cold]
    fn too_many_steps(&self, wanted: u64) -> Box<Fault> {
        let (limit, taken) = (self.limits.steps, self.steps());
        let more = if wanted > 1 { format!(", and wants {wanted} more at once") } else { String::new() };
        let message = format!("the program took {taken} of the {limit} steps it may{more}");
        let fault = self.fault(Code::Steps, message, u32::MAX);
        fault.hint("it may run forever; else raise the limit of steps")
    }

    #[cold]
    pub(super) fn too_deep(&self, at: u32) -> Box<Fault> {
        // That of the host is one of the frames, and that of the call at hand will be.
        let (used, limit) = (self.frames.len(), self.limits.depth);
        let calls =
            if used == 1 { "1 call waits".to_string() } else { format!("{used} calls wait for each other") };
        let message = format!("{calls}, and no more than {limit} may");
        self.fault(Code::Depth, message, at)
            .hint("is a recursion without end? else make it a loop or raise the limit of depth")
    }

    #[cold]
    pub(super) fn too_long(&self, bytes: usize, at: u32) -> Box<Fault> {
        let limit = self.limits.string;
        let message = format!("a string of {bytes} bytes is wanted, but none may have more than {limit}");
        self.fault(Code::StringLength, message, at)
    }

    #[cold]
    pub(crate) fn memory(&self, full: heap::Full, at: u32) -> Box<Fault> {
        let (wanted, limit) = (full.cells, self.heap.limit());
        let message = format!("the program needs {wanted} cells of memory, and may keep {limit} alive");
        self.fault(Code::Memory, message, at).hint("keep less at a time, or raise the limit of cells")
    }

    #[cold]
    pub(super) fn tape_full(&self, full: tape::Full, at: u32) -> Box<Fault> {
        let Limits { trace, trace_bytes, .. } = self.limits;
        let (code, message) = match full {
            tape::Full::Entries(wanted) => (
                Code::Trace,
                format!("the derivative needs a record of {wanted} operations, and may have {trace}"),
            ),
            tape::Full::Bytes(wanted) => (
                Code::Tape,
                format!("the derivative needs a record of {wanted} bytes, and may have {trace_bytes}"),
            ),
            tape::Full::Levels => {
                (Code::Tape, "more derivatives are kept than there can be at once".to_string())
            }
            tape::Full::Nested => (Code::Tape, "derivatives of derivatives nest too deep".to_string()),
        };
        self.fault(code, message, at)
    }
}
