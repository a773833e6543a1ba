//! Traces: the operations on numbers that a run performed, and the decisions that depended on them.
//!
//! A [`Trace`] is straight: operations one after the other on inputs and constants, [`Guard`]s that say which way the
//! run went, and where its results are. While every guard holds, the operations are the program: the same values to
//! the bit, the same derivatives. A guard that does not hold says that another input takes another path, and no
//! more: the operations after it are total, so that guards may be looked at in any order, or all at the end.
//!
//! It is stored in 8 bytes an operation, 4 more for each operand and 4 for its place, 24 a guard, and 8 for each constant that
//! is not one of those met lately. A truth value is the number 1 or 0.
//! As a [`graph`](Trace::graph) it goes through every transform; [`simplified`](Trace::simplified) is what the graph's
//! simplification leaves of it, guards included. [`with_gradient`](Trace::with_gradient) adds to it what a derivative
//! computes, in the order of the evaluator's tape. [`evaluate`](Trace::evaluate) runs it naively, on any real.
//!
//! A run is first a [`Record`], in which large products of matrices and what is no application of rows are whole.
//!
//! What a trace does not hold: the form of inputs and results, which their owner keeps, and failures: a run that
//! fails leaves none.

mod derived;
mod either;
mod formula;
mod graph;
mod kept;
mod numbered;
mod print;
mod pulled;
mod record;
mod seen;
mod signs;

pub use formula::{Formula, Truth};
pub use record::{Record, Step};

use crate::{
    prim::{Numeric, Scalar},
    reader::number_text,
    real::Real,
};
use seen::Seen;
use std::fmt;

/// A number of a trace: an input, a constant, or what an operation gave.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Slot(u32);

impl Slot {
    /// The bit that marks constants.
    const CONSTANT: u32 = 1 << 31;

    /// Input `i`, or behind the inputs the result of an operation.
    pub const fn value(i: u32) -> Self {
        Self(i & !Self::CONSTANT)
    }

    /// Constant `i`.
    pub const fn constant(i: u32) -> Self {
        Self(i | Self::CONSTANT)
    }

    /// Whether it is a constant.
    #[inline(always)]
    pub const fn is_constant(self) -> bool {
        self.0 & Self::CONSTANT != 0
    }

    /// Its index among the constants, or among inputs and results.
    #[inline(always)]
    pub const fn index(self) -> usize {
        (self.0 & !Self::CONSTANT) as usize
    }
}

/// An operation: a row on slots.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Operation<'t> {
    /// What it gives.
    pub result: Slot,
    /// The row.
    pub row: Numeric,
    /// Its operands.
    pub operands: &'t [Slot],
    /// Where the program asked for it, 0 for nowhere: a number that the trace's owner knows.
    pub place: u32,
}

impl Operation<'_> {
    /// Of each operand, whether the operation has a partial by it that is no declared zero. One that is not of its row has
    /// none.
    pub fn has_partials(&self) -> impl Iterator<Item = bool> + use<> {
        let row = self.row;
        let zeros = row.declared_zeros();
        let smooth = row.row().result == Scalar::Real && row != Numeric::Indicator;
        let fits = match row {
            Numeric::Min | Numeric::Max => true,
            row => self.operands.len() == row.row().operands.len(),
        };
        let test = move |i: usize| row == Numeric::Select && i == 0;
        (0..self.operands.len()).map(move |i| smooth && fits && !test(i) && zeros.get(i) != Some(&true))
    }
}

/// What must hold of a number, for the trace to be the program's.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Must {
    /// A truth value is this.
    Be(bool),
    /// A number has these bits: it was an index, a count, or part of the structure.
    Equal(Bits),
}

/// The bits of a number, those of every nan being the same: programs do not tell them apart.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Bits([u32; 2]);

impl Bits {
    /// Those of a number.
    #[inline(always)]
    pub const fn of(x: f64) -> Self {
        let bits = if x.is_nan() { f64::NAN.to_bits() } else { x.to_bits() };
        Self([(bits >> 32) as u32, bits as u32])
    }

    /// The number.
    pub const fn number(self) -> f64 {
        let [high, low] = self.0;
        f64::from_bits((high as u64) << 32 | low as u64)
    }
}

impl fmt::Debug for Bits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.number().fmt(f)
    }
}

impl Must {
    /// Whether it holds of a number, or of a truth value as a number.
    #[inline(always)]
    pub fn holds(self, x: f64) -> bool {
        match self {
            Self::Be(b) => (x != 0.0) == b,
            Self::Equal(bits) => Bits::of(x) == bits,
        }
    }
}

impl fmt::Display for Must {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Be(b) => b.fmt(f),
            Self::Equal(bits) => f.write_str(&number_text(bits.number())),
        }
    }
}

/// A decision of the run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Guard {
    /// The number that it depended on.
    pub slot: Slot,
    /// What it was.
    pub must: Must,
    /// How many operations the run had performed.
    pub after: u32,
    /// Where the program decided, as of operations.
    pub place: u32,
}

/// A row and where its operands begin; they end where those of the next begin.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Entry {
    row: Numeric,
    first: u32,
}

/// How many operations a trace has room for from its first one on: many programs do no more.
const FEW: usize = 16;

/// The record of a run.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Trace {
    inputs: u32,
    constants: Vec<f64>,
    seen: Seen,
    entries: Vec<Entry>,
    operands: Vec<Slot>,
    places: Vec<u32>,
    guards: Vec<Guard>,
    results: Vec<Slot>,
}

impl Trace {
    /// An empty one, of that many inputs.
    pub fn new(inputs: u32) -> Self {
        Self { inputs, ..Self::default() }
    }

    /// How many inputs it has.
    pub fn inputs(&self) -> usize {
        self.inputs as usize
    }

    /// How many operations it has.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it has no operation.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The constants.
    pub fn constants(&self) -> &[f64] {
        &self.constants
    }

    /// The guards, in the order of the run.
    pub fn guards(&self) -> &[Guard] {
        &self.guards
    }

    /// Where the results are.
    pub fn results(&self) -> &[Slot] {
        &self.results
    }

    /// The operations, in the order of the run.
    pub fn operations(&self) -> impl ExactSizeIterator<Item = Operation<'_>> + DoubleEndedIterator {
        (0..self.len()).map(|i| self.operation(i))
    }

    fn operation(&self, i: usize) -> Operation<'_> {
        let Entry { row, first } = self.entries[i];
        let end = self.entries.get(i + 1).map_or(self.operands.len(), |next| next.first as usize);
        Operation {
            result: Slot::value(self.inputs + i as u32),
            row,
            operands: &self.operands[first as usize..end],
            place: self.places[i],
        }
    }

    /// The constant, if it is one.
    pub fn constant_at(&self, slot: Slot) -> Option<f64> {
        slot.is_constant().then(|| self.constants[slot.index()])
    }

    /// Where the program asked for what a slot holds, as of operations; 0 for inputs and constants.
    pub fn place(&self, slot: Slot) -> u32 {
        let i = slot.index().checked_sub(self.inputs());
        i.filter(|_| !slot.is_constant()).and_then(|i| self.places.get(i)).copied().unwrap_or(0)
    }

    /// What a slot holds: a number, or a truth value as one.
    pub fn scalar(&self, slot: Slot) -> Scalar {
        match slot.index().checked_sub(self.inputs()) {
            Some(i) if !slot.is_constant() => self.entries[i].row.row().result,
            _ => Scalar::Real,
        }
    }

    /// The slot of a constant.
    #[inline]
    pub fn constant(&mut self, x: f64) -> Slot {
        Slot::constant(self.seen.constant(x, &mut self.constants))
    }

    /// Adds an operation and gives the slot of its result.
    #[inline]
    pub fn push(&mut self, row: Numeric, operands: &[Slot], place: u32) -> Slot {
        if self.entries.capacity() == 0 {
            self.entries.reserve_exact(FEW);
            self.operands.reserve_exact(2 * FEW);
            self.places.reserve_exact(FEW);
        }
        self.entries.push(Entry { row, first: self.operands.len() as u32 });
        self.operands.extend_from_slice(operands);
        self.places.push(place);
        Slot::value(self.inputs + self.len() as u32 - 1)
    }

    /// Adds a guard: the run decided by what is at `slot`.
    #[inline]
    pub fn guard(&mut self, slot: Slot, must: Must, place: u32) {
        self.guards.push(Guard { slot, must, after: self.len() as u32, place });
    }

    /// Ends the trace: says where the results are.
    pub fn give(&mut self, results: Vec<Slot>) {
        self.results = results;
        self.seen = Seen::default();
        // Of a few operations the room would take longer to give back than to record them.
        if self.len() > FEW {
            self.constants.shrink_to_fit();
            self.entries.shrink_to_fit();
            self.operands.shrink_to_fit();
            self.places.shrink_to_fit();
            self.guards.shrink_to_fit();
            self.results.shrink_to_fit();
        }
    }

    /// The bytes that it takes, places included; while it is not ended, or of a few operations, with the room for more.
    pub fn bytes(&self) -> usize {
        fn of<T>(all: &Vec<T>) -> usize {
            all.capacity() * size_of::<T>()
        }
        of(&self.constants)
            + of(&self.entries)
            + of(&self.operands)
            + of(&self.places)
            + of(&self.guards)
            + of(&self.results)
            + self.seen.bytes()
    }

    /// Its results at inputs, of which a missing one is nan, or the first guard that does not hold, by its index.
    ///
    /// # Errors
    /// The guard.
    pub fn evaluate<A: Real<Mask = bool>>(&self, inputs: &[A]) -> Result<Vec<A>, usize> {
        self.view().evaluate(inputs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{span::Span, transform::value_and_grad};

    /// `(if (< x 1) (* 2 x x) 0)` at x below 1.
    fn below_one() -> Trace {
        let mut trace = Trace::new(1);
        let x = Slot::value(0);
        let one = trace.constant(1.0);
        let test = trace.push(Numeric::Less, &[x, one], 1);
        trace.guard(test, Must::Be(true), 1);
        let two = trace.constant(2.0);
        let twice = trace.push(Numeric::Mul, &[two, x], 2);
        let y = trace.push(Numeric::Mul, &[twice, x], 2);
        trace.give(vec![y]);
        trace
    }

    #[test]
    fn evaluates_while_guards_hold() {
        let trace = below_one();
        assert_eq!(trace.evaluate(&[0.5]), Ok(vec![0.5]));
        assert_eq!(trace.evaluate(&[1.5]), Err(0));
    }

    #[test]
    fn takes_24_bytes_an_operation_and_a_guard() {
        for times in [1, FEW, FEW + 1, 1000] {
            let mut trace = Trace::new(1);
            let y = (0..times).fold(Slot::value(0), |y, _| {
                let two = trace.constant(2.0);
                let y = trace.push(Numeric::Mul, &[y, two], 0);
                trace.guard(y, Must::Be(true), 0);
                y
            });
            trace.give(vec![y]);
            // Short ones keep room for a few more.
            assert!(trace.bytes() <= 2 * 24 * times.max(FEW) + 4, "{times}: {} bytes", trace.bytes());
        }
    }

    #[test]
    fn equal_constants_near_one_another_are_one() {
        let mut trace = Trace::new(0);
        assert_eq!(trace.constant(0.0), trace.constant(0.0));
        assert_ne!(trace.constant(0.0), trace.constant(-0.0));
        assert_eq!(trace.constant(f64::NAN), trace.constant(f64::NAN));
    }

    #[test]
    fn a_guard_of_an_input_needs_no_operation() {
        let mut trace = Trace::new(1);
        trace.guard(Slot::value(0), Must::Equal(Bits::of(3.0)), 0);
        let seven = trace.constant(7.0);
        trace.give(vec![seven]);
        assert_eq!((trace.evaluate(&[3.0]), trace.evaluate(&[4.0])), (Ok(vec![7.0]), Err(0)));
    }

    #[test]
    fn a_nan_is_another_nan() {
        let mut trace = Trace::new(1);
        trace.guard(Slot::value(0), Must::Equal(Bits::of(-f64::NAN)), 0);
        trace.give(vec![]);
        assert_eq!(trace.evaluate(&[f64::NAN]), Ok(vec![]));
        assert_eq!(trace.evaluate(&[f64::from_bits(0x7ff0_0000_0000_0001)]), Ok(vec![]));
        assert_eq!(trace.evaluate(&[f64::INFINITY]), Err(0));
        assert_eq!((trace.guards()[0].must.to_string(), size_of::<Guard>()), ("+nan.0".to_string(), 24));
    }

    #[test]
    fn simplifying_keeps_values_and_guards() {
        let trace = below_one();
        let mut padded = below_one();
        let x = Slot::value(0);
        padded.push(Numeric::Exp, &[x], 3);
        let one = padded.constant(1.0);
        let again = padded.push(Numeric::Less, &[x, one], 4);
        padded.guard(again, Must::Be(true), 4);
        padded.give(trace.results().to_vec());
        let (short, simple) = (trace.simplified(), padded.simplified());
        assert_eq!((short.len(), simple.len()), (3, 3));
        assert_eq!(simple.guards().len(), 1, "{simple}");
        for x in [-1.0, 0.5, 1.0, 2.0, f64::NAN] {
            assert_eq!(simple.evaluate(&[x]).is_ok(), trace.evaluate(&[x]).is_ok());
            assert_eq!(simple.evaluate(&[x]).ok(), trace.evaluate(&[x]).ok());
        }
    }

    #[test]
    fn as_a_graph_it_reads_back() {
        let trace = below_one();
        let graph = trace.graph("f", &["x".to_string()], |place| Some(Span::new(place, place + 1)));
        assert_eq!(graph.body.results.len(), 2);
        assert_eq!(
            Trace::from_graph(&graph, 1, trace.guards()).map(|t| t.to_string()),
            Some(trace.to_string())
        );
    }

    #[test]
    fn its_text_is_that_of_graphs_with_guards() {
        assert_eq!(
            below_one().to_string(),
            "trace(v0) {\n  v1: bool = less v0 1.0\n  guard v1 is true\n  v2: real = mul 2.0 v0\n  v3: real = mul v2 v0\n  give v3\n}\n"
        );
    }

    #[test]
    fn a_transform_of_its_graph_is_a_trace() {
        let mut straight = below_one();
        straight.guards.clear();
        let graph = straight.graph("f", &["x".to_string()], |_| None);
        let derived = value_and_grad(&graph, &[0]).expect("one number of one number");
        let derived = Trace::from_graph(&derived, 2, &[]).expect("straight");
        assert_eq!(derived.evaluate(&[3.0]), Ok(vec![18.0, 12.0]));
    }
}
