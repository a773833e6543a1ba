//! Recording a run: what it does with the host's numbers, and what it decides by them, as a trace.
//!
//! The numbers are those of level 1, the lowest: an entry there is a slot of the trace. What the program's own
//! derivatives compute comes down to level 1 as rows, as it does to any outer derivative, so that the trace holds no
//! derivatives. Every row is one operation, also where no derivative passes; on constants alone it is none.
//!
//! A trace that outgrows its limits is dropped: the run goes on, and leaves none; or it ends, if it was for the trace alone.

use super::{Full, HOST, Node, Number, Tapes, nested::FEW};
use scheme_core::{
    prim::{Numeric, Whole},
    trace::{Bits, Must, Record, Slot},
};
use std::cell::RefCell;

/// The most operations of a trace: what replays of a longer one cost is memory traffic, which interpretation does not add
/// much to, and it would take more memory than a run that nobody asked to keep should.
pub const MOST_OPERATIONS: u64 = 1 << 20;

/// The most bytes: operands are counted in 32 bits.
const MOST_BYTES: u64 = 1 << 32;

/// After how many operations and guards the bytes are looked at.
const BETWEEN_LOOKS: u64 = 256;

/// The trace of a run that is being recorded.
#[derive(Clone, Debug)]
pub(super) struct Recording {
    /// None if it outgrew its limits.
    record: Option<Record>,
    operations: u64,
    bytes: u64,
    /// At how many operations and guards the limits are looked at next.
    due: u64,
    /// The place that the run stands at.
    place: u32,
    /// Whether the run is for the trace alone.
    alone: bool,
}

impl Recording {
    /// The trace, if there is room in it.
    #[inline]
    fn open(&mut self) -> Option<&mut Record> {
        self.room_for(1)
    }

    /// The same for so many numbers at once.
    #[inline]
    fn room_for(&mut self, more: u64) -> Option<&mut Record> {
        let record = self.record.as_ref()?;
        if (record.len() + record.guards().len()) as u64 + more > self.due {
            self.look(more);
        }
        self.record.as_mut()
    }

    /// Drops the trace if it is too large for so many operations more.
    #[cold]
    fn look(&mut self, more: u64) {
        let Some(trace) = &self.record else { return };
        let operations = trace.len() as u64;
        if operations + more > self.operations || trace.bytes() as u64 > self.bytes {
            self.record = None;
            return;
        }
        let done = operations + trace.guards().len() as u64;
        self.due = done + BETWEEN_LOOKS.min(self.operations - operations);
    }
}

/// What a trace knows a number by, or a truth value.
fn slot(entry: u32) -> Slot {
    Slot::value(entry.wrapping_sub(1))
}

impl Tapes {
    /// Records the run from here on; gives numbers as its inputs. No other level is open.
    pub fn record_run(&mut self, numbers: &[f64]) -> impl Iterator<Item = Number> {
        // The level's own tape stays empty.
        let is_open = self.open_for_host() == Ok(HOST);
        if is_open {
            self.begin_recording(numbers.len() as u32);
        }
        let input = move |(v, entry): (&f64, u32)| match is_open {
            true => Number { v: *v, node: Node { level: HOST, entry } },
            false => Number::constant(*v),
        };
        numbers.iter().zip(1..).map(input)
    }

    fn begin_recording(&mut self, inputs: u32) {
        self.recording = Some(Box::new(Recording {
            record: Some(Record::new(inputs)),
            operations: self.limit.entries.min(MOST_OPERATIONS),
            bytes: self.limit.bytes.min(MOST_BYTES),
            due: 0,
            place: 0,
            alone: false,
        }));
    }

    /// The run is for its trace alone: it ends with an operation that finds no room for it.
    pub fn end_with_recording(&mut self) {
        if let Some(recording) = &mut self.recording {
            recording.alone = true;
        }
    }

    /// Whether the run is recorded, and its trace outgrew its limits.
    pub fn has_outgrown(&self) -> bool {
        self.recording.as_ref().is_some_and(|recording| recording.record.is_none())
    }

    /// Whether the run is recorded.
    #[inline(always)]
    pub fn is_recording(&self) -> bool {
        self.recording.is_some()
    }

    /// Says at which place of the text what comes next is done.
    #[inline]
    pub fn stand_at(&mut self, place: u32) {
        if let Some(recording) = &mut self.recording {
            recording.place = place;
        }
    }

    /// Records an operation on whole matrices, which gives some elements; gives the entry of the first, unless there is no room.
    pub fn recorded_whole(&mut self, whole: Whole, operands: &[Number]) -> Option<u32> {
        let recording = self.recording.as_mut()?;
        let place = recording.place;
        // Operands take the memory of as many results, if not more.
        let record = recording.room_for((whole.results() + whole.operands()) as u64)?;
        let slots: Vec<Slot> = operands.iter().map(|x| operand(record, *x)).collect();
        Some(entry_of(record.push_whole(whole, &slots, place)))
    }

    /// The trace, unless it outgrew its limits; its results are the numbers that `results` are.
    pub fn end_recording(&mut self, results: impl Iterator<Item = Number>) -> Option<Record> {
        // Those of later levels that outlived their derivatives are looked through.
        let results: Vec<Number> = results.map(|x| self.below(HOST + 1, x)).collect();
        let mut recording = self.recording.take()?;
        recording.look(0);
        let mut trace = recording.record?;
        let slots = results.iter().map(|x| operand(&mut trace, *x)).collect();
        trace.give(slots);
        Some(trace)
    }

    /// An application of a row that gives a number, on operands of level 1 and constants.
    pub(super) fn recorded(&mut self, row: Numeric, operands: &[Number], y: f64) -> Number {
        let Some(recording) = &mut self.recording else { return Number::constant(y) };
        let place = recording.place;
        let (alone, most) = (recording.alone, recording.operations);
        let Some(trace) = recording.open() else {
            if alone {
                self.fill(Full::Entries(most.saturating_add(1)));
            }
            return Number::constant(y);
        };
        let entry = push(trace, row, operands, place);
        Number { v: y, node: Node { level: HOST, entry } }
    }

    /// An application of a row to numbers of any level that gives a truth value: the value's entry, 0 if no number
    /// of level 1 is in it.
    pub fn test(&mut self, row: Numeric, operands: &[Number]) -> u32 {
        if self.recording.is_none() {
            return 0;
        }
        let (mut few, mut many) = ([Number::default(); FEW], Vec::new());
        let below = self.all_below(HOST + 1, operands, &mut few, &mut many);
        if below.iter().all(|x| !x.node.is_some()) {
            return 0;
        }
        let Some(recording) = &mut self.recording else { return 0 };
        let place = recording.place;
        recording.open().map_or(0, |trace| push(trace, row, below, place))
    }

    /// An application of a row to truth values, each with its entry, of which some have one: the entry of its value.
    pub fn of_truths(&mut self, row: Numeric, operands: &[(u32, bool)]) -> u32 {
        let Some(recording) = &mut self.recording else { return 0 };
        let place = recording.place;
        let Some(trace) = recording.open() else { return 0 };
        let truth = |(entry, b): &(u32, bool)| match entry {
            0 => Number::constant(f64::from(*b)),
            entry => Number { v: f64::from(*b), node: Node { level: HOST, entry: *entry } },
        };
        let operands: Vec<Number> = operands.iter().map(truth).collect();
        push(trace, row, &operands, place)
    }

    /// The number that an entry of a recorded run is.
    pub fn recorded_number(v: f64, entry: u32) -> Number {
        if entry == 0 { Number::constant(v) } else { Number { v, node: Node { level: HOST, entry } } }
    }

    /// The run goes on by what the truth value of an entry is.
    pub fn decide(&mut self, entry: u32, b: bool) {
        let Some(recording) = &mut self.recording else { return };
        let place = recording.place;
        let Some(trace) = recording.open() else { return };
        let at = trace.place(slot(entry));
        trace.guard(slot(entry), Must::Be(b), if at == 0 { place } else { at });
    }

    /// The run goes on by what a number is, of whatever level, to the bit.
    pub fn settle(&mut self, x: Number) {
        let below = self.below(HOST + 1, x);
        let Some(recording) = &mut self.recording else { return };
        let place = recording.place;
        if let (true, Some(trace)) = (below.node.is_some(), recording.open()) {
            trace.guard(slot(below.node.entry), Must::Equal(Bits::of(x.v)), place);
        }
    }

    /// The run goes on by what a row says of numbers of any level.
    pub(super) fn decide_by(cell: &RefCell<Self>, row: Numeric, operands: &[Number], b: bool) {
        if operands.iter().all(|x| !x.node.is_some()) {
            return;
        }
        let mut tapes = cell.borrow_mut();
        let entry = tapes.test(row, operands);
        if entry != 0 {
            tapes.decide(entry, b);
        }
    }
}

fn entry_of(slot: Slot) -> u32 {
    slot.index() as u32 + 1
}

fn operand(trace: &mut Record, x: Number) -> Slot {
    if x.node.is_some() { slot(x.node.entry) } else { trace.constant(x.v) }
}

/// Adds an operation on numbers of level 1 and constants; gives its entry.
#[inline]
fn push(trace: &mut Record, row: Numeric, operands: &[Number], place: u32) -> u32 {
    let mut few = [Slot::value(0); FEW];
    let slot = match few.get_mut(..operands.len()) {
        Some(few) => {
            few.iter_mut().zip(operands).for_each(|(to, x)| *to = operand(trace, *x));
            trace.push(row, few, place)
        }
        None => {
            let slots: Vec<Slot> = operands.iter().map(|x| operand(trace, *x)).collect();
            trace.push(row, &slots, place)
        }
    };
    entry_of(slot)
}
