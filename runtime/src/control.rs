//! What emitted code with calls, loops and failures runs on.
//!
//! Such code is written for numbers with one lane, as plain `if`s, loops and functions of Rust
//! ([`Control`]); numbers with several lanes go through it lane by lane, or, over rows, in step while
//! all of them go the same way (`lockstep`). A function that can fail gives a
//! `Result` whose error is [`Stop`], of no size, so that results stay in registers; what happened is kept in
//! the [`Context`].
//!
//! Recursion grows the stack. Every call compares the address of a local with a limit and, below it, goes
//! on on a fresh segment, each as large as all before it; with more than [`MOST_STACK`] in all the run ends
//! with the code `Depth`. The limit leaves `RED_ZONE` bytes for what does not check: the functions that do
//! not recur, and those of this crate. A function with a long body is entered by another one, which checks that
//! there is room for its variables too ([`room`]).

mod lanes;
pub(crate) mod lockstep;

pub use lanes::{Control, Gradient, Pullback, derivative, pull, value};

use crate::outcome::Failure;
use scheme_core::{diag::Code, reader::number_text};

/// What must be left of the stack when a function that recurs starts.
const RED_ZONE: usize = 128 << 10;

/// The size of the first segment.
const FIRST_SEGMENT: usize = 1 << 20;

/// What all segments together have at most.
pub const MOST_STACK: usize = 1 << 30;

/// The run has failed; the [`Context`] knows why.
#[derive(Clone, Copy, Debug)]
pub struct Stop(());

/// A place of a program: its line and column, from 1.
pub type Place = (u32, u32);

/// What a message shows after its text.
#[derive(Clone, Copy, Debug)]
pub enum Irritant {
    /// A number.
    Number(f64),
    /// A truth value.
    Truth(bool),
}

/// What the functions of one run share.
#[derive(Debug)]
pub struct Context {
    /// The lowest address at which a function that recurs starts on the present segment.
    limit: usize,
    /// The bytes of all segments.
    grown: usize,
    failure: Option<Box<Failure>>,
}

impl Context {
    /// For a run without recursion.
    #[inline(always)]
    pub fn new() -> Self {
        Self { limit: 0, grown: 0, failure: None }
    }

    /// For a run with recursion.
    #[inline(always)]
    pub fn recursive() -> Self {
        Self { limit: limit(), ..Self::new() }
    }

    /// Whether there is too little left of the stack for one more call, which takes `room` beside what is
    /// always left.
    #[inline(always)]
    pub fn is_low(&self, room: usize) -> bool {
        here() < self.limit.saturating_add(room)
    }

    /// Ends the run: for a user's `error`, irritants follow the message.
    #[cold]
    #[inline(never)]
    pub fn fail(&mut self, code: Code, message: &'static str, irritants: &[Irritant], place: Place) -> Stop {
        let mut message = message.to_owned();
        for irritant in irritants {
            message.push(' ');
            match irritant {
                Irritant::Number(x) => message.push_str(&number_text(*x)),
                Irritant::Truth(b) => message.push_str(if *b { "#t" } else { "#f" }),
            }
        }
        self.failure = Some(Box::new(Failure {
            code,
            message: message.into(),
            line: place.0,
            column: place.1,
            hint: None,
        }));
        Stop(())
    }

    /// What the run gave, with its failure.
    #[inline(always)]
    pub fn finish<V>(self, result: Result<V, Stop>) -> Result<V, Failure> {
        result.map_err(|Stop(())| self.lost())
    }

    #[cold]
    fn lost(self) -> Failure {
        // Whoever makes a `Stop` leaves a failure here.
        self.failure.map_or(
            Failure { code: Code::Raised, message: "the run ended".into(), line: 1, column: 1, hint: None },
            |failure| *failure,
        )
    }
}

impl Default for Context {
    fn default() -> Self {
        Self::new()
    }
}

impl AsMut<Self> for Context {
    #[inline(always)]
    fn as_mut(&mut self) -> &mut Self {
        self
    }
}

/// The bytes that so many variables of type `T` take on the stack at most: in a dev build they have several
/// places in a frame, those that leave a chunk of statements or go to the tape most, and about 10 each have been
/// found.
#[inline(always)]
pub const fn room<T>(variables: usize) -> usize {
    variables.saturating_mul(size_of::<T>()).saturating_mul(16)
}

/// Goes on with `call`, which takes `room` beside what is always left, on a fresh segment of the stack.
///
/// # Errors
/// Those of `call`, and the code `Depth` at the given place where the segments have come to [`MOST_STACK`].
#[cold]
#[inline(never)]
pub fn grow<C: AsMut<Context>, V>(
    on: &mut C,
    room: usize,
    place: Place,
    call: impl FnOnce(&mut C) -> Result<V, Stop>,
) -> Result<V, Stop> {
    let context = on.as_mut();
    let (limit_before, grown) = (context.limit, context.grown);
    let size = grown.max(room.saturating_mul(2)).max(FIRST_SEGMENT);
    if grown.saturating_add(size) > MOST_STACK {
        let message = "calls that wait for the values of others nest too deep: they take 1 GiB of stack";
        return Err(context.fail(Code::Depth, message, &[], place));
    }
    context.grown = grown + size;
    let result = stacker::grow(size, || {
        on.as_mut().limit = limit();
        call(on)
    });
    let context = on.as_mut();
    (context.limit, context.grown) = (limit_before, grown);
    result
}

/// The address of a local.
#[inline(always)]
fn here() -> usize {
    let local = 0_u8;
    std::ptr::from_ref(&local).addr()
}

/// The limit on the present segment; where its end is unknown, every address is below it.
fn limit() -> usize {
    match stacker::remaining_stack() {
        Some(left) => here().saturating_sub(left).saturating_add(RED_ZONE),
        None => usize::MAX,
    }
}
