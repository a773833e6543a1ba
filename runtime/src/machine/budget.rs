//! What a run may use, and what happens when it wants more.

use super::{Fault, Machine};
use crate::heap;
use scheme_core::diag::Code;
use std::time::{Duration, Instant};

/// What a run may use.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Blocks entered, items that primitives on lists walk over, and entries that derivatives go through.
    pub steps: u64,
    /// Calls waiting for the value of another.
    pub depth: u32,
    /// Cells of 16 bytes kept alive; a pair takes two.
    pub cells: u32,
    /// Bytes of the records for derivatives: 24 for each operation on a number that depends on an input, twice
    /// as many where derivatives nest.
    pub tape_bytes: u64,
    /// How long it may take; looked at every few thousand steps.
    pub deadline: Option<Duration>,
}

impl Limits {
    /// Those of inline programs that set none: no end of steps or time. Memory ends somewhere, so that a
    /// recursion without end is an error rather than the end of the process: 16 million waiting calls,
    /// 2 GiB of data kept alive, 4 GiB of records.
    pub const NONE: Self =
        Self { steps: u64::MAX, depth: 1 << 24, cells: 1 << 27, tape_bytes: 1 << 32, deadline: None };
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            steps: 200_000_000,
            depth: 1_000_000,
            cells: 16_000_000,
            tape_bytes: 384_000_000,
            deadline: None,
        }
    }
}

/// After how many steps the clock is looked at.
const BETWEEN_LOOKS: u64 = 4096;

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
            let time = budget.deadline.unwrap_or_default();
            let message = format!("the program took longer than the {time:?} it may");
            let fault = self.fault(Code::Deadline, message, u32::MAX);
            return Err(fault.hint("it may run forever; else give it more time"));
        }
        let Some(left) = budget.left().checked_sub(steps) else {
            (budget.now, budget.later) = (0, 0);
            let message = format!("the program took more than the {} steps it may", self.limits.steps);
            let fault = self.fault(Code::Steps, message, u32::MAX);
            return Err(fault.hint("it may run forever; else raise the limit of steps"));
        };
        budget.now = if budget.end.is_some() { left.min(BETWEEN_LOOKS) } else { left };
        budget.later = left - budget.now;
        Ok(())
    }

    #[cold]
    pub(super) fn too_deep(&self, at: u32) -> Box<Fault> {
        let message = format!("more than the {} calls it may nest wait for each other", self.limits.depth);
        self.fault(Code::Depth, message, at)
            .hint("is a recursion without end? else make it a loop or raise the limit of depth")
    }

    #[cold]
    pub(crate) fn memory(&self, _: heap::Full, at: u32) -> Box<Fault> {
        let message =
            format!("the program keeps more than the {} cells alive that it may", self.limits.cells);
        self.fault(Code::Memory, message, at).hint("keep less at a time, or raise the limit of cells")
    }
}
