//! Recording a run as a trace: what stays data, what is decided, and what is settled.
//!
//! Numbers and truth values that depend on the run's inputs are data, and carry what the trace knows them by. The run
//! *decides* where it goes on by a truth value: a branch takes it, a comparison of structures asks for it, or it is
//! given. It *settles* a number that becomes part of a structure: an index, a count, a text. Either is a guard of the
//! trace, unless it is the same for all inputs.

use super::Machine;
use crate::{
    answer::Answer,
    tape::{HOST, Number, Tapes},
    value::Value,
};
use scheme_core::{
    prim::{Numeric, Scalar, Whole},
    trace::Record,
};

/// Smaller products of matrices, by the number of multiplications, are not worth keeping whole.
const LEAST_PRODUCT: usize = 512;

impl Machine {
    /// Records the next run as a trace; gives numbers as its inputs, in their order.
    pub fn record(&mut self, numbers: &[f64]) -> Vec<Value> {
        self.tapes.get_mut().record_run(numbers).map(Value::from).collect()
    }

    /// The run that is recorded is for its trace alone: it ends when that outgrows the limits of records.
    pub(crate) fn end_with_recording(&mut self) {
        self.tapes.get_mut().end_with_recording();
    }

    /// Whether the trace of the run, which was not [asked for](Self::traced) yet, outgrew the limits of records.
    pub(crate) fn has_outgrown(&mut self) -> bool {
        self.tapes.get_mut().has_outgrown()
    }

    /// What the recorded run gave, as [`answer`](Self::answer) says, and the trace of the answer's numbers, in the order in
    /// which they are written. There is no trace if it outgrew the limits of records, or the answer is cut off.
    pub fn traced(&mut self, value: Value) -> (Answer, Option<Record>) {
        let (answer, leaves) = self.answer_and_leaves(value);
        for truth in leaves.iter().filter(|leaf| !leaf.is_number()) {
            self.decides(*truth);
        }
        let numbers = leaves.iter().filter(|leaf| leaf.is_number()).map(|x| x.number());
        let trace = self.tapes.get_mut().end_recording(numbers);
        let whole = !matches!(answer, Answer::Text(_));
        (answer, trace.filter(|_| whole))
    }

    /// Whether the run is recorded.
    #[inline(always)]
    pub(super) fn is_recording(&mut self) -> bool {
        self.tapes.get_mut().is_recording()
    }

    /// Whether a test is true, where the run goes on by it.
    #[inline(always)]
    pub fn decides(&mut self, test: Value) -> bool {
        if test.truth_entry() != 0 {
            self.decided(test);
        }
        test.is_true()
    }

    #[cold]
    fn decided(&mut self, test: Value) {
        let tapes = self.tapes.get_mut();
        tapes.stand_at(self.place);
        tapes.decide(test.truth_entry(), test.is_true());
    }

    /// A number's value, where the run goes on by it; 0 for other values.
    #[inline(always)]
    pub(super) fn settled(&self, x: Value) -> f64 {
        if x.is_constant() { x.primal() } else { self.settle(x) }
    }

    #[cold]
    fn settle(&self, x: Value) -> f64 {
        let mut tapes = self.tapes.borrow_mut();
        if tapes.is_recording() {
            tapes.stand_at(self.place);
            tapes.settle(x.number());
        }
        x.primal()
    }

    /// The truth value that a row gives on operands, some of them data.
    #[cold]
    pub(super) fn tested(&mut self, row: Numeric, operands: &[Value], holds: bool) -> Value {
        let entry = self.entry_of(row, operands);
        Value::recorded_bool(holds, entry)
    }

    /// Whether a number of the run's inputs is not 0.
    pub(crate) fn truth(&mut self, x: Value) -> Value {
        let holds = x.primal() != 0.0;
        if !self.is_data(&[x]) {
            return Value::bool(holds);
        }
        let zero = self.tested(Numeric::IsZero, &[x], !holds);
        self.negated(zero)
    }

    /// The number that a row gives on truth values, some of them data.
    #[cold]
    pub(super) fn counted(&mut self, row: Numeric, operands: &[Value], y: f64) -> Value {
        let entry = self.entry_of(row, operands);
        Tapes::recorded_number(y, entry).into()
    }

    fn entry_of(&mut self, row: Numeric, operands: &[Value]) -> u32 {
        let tapes = self.tapes.get_mut();
        tapes.stand_at(self.place);
        if row.row().operands.contains(&Scalar::Bool) {
            let truths: Vec<(u32, bool)> = operands.iter().map(|x| (x.truth_entry(), x.is_true())).collect();
            return tapes.of_truths(row, &truths);
        }
        let numbers: Vec<Number> = operands.iter().map(|x| x.number()).collect();
        tapes.test(row, &numbers)
    }

    /// Whether the trace has something of the values.
    #[inline]
    pub(super) fn is_data(&mut self, values: &[Value]) -> bool {
        values.iter().any(|x| x.is_open()) && self.is_recording()
    }

    /// Whether a product of matrices is recorded as one operation: it is large, no derivative of the program's own sees it,
    /// and none of its multiplications is of constants alone.
    pub(super) fn records_product(&mut self, [m, n, p]: [usize; 3], left: &[Value], right: &[Value]) -> bool {
        m.saturating_mul(n).saturating_mul(p) >= LEAST_PRODUCT
            && self.is_recording()
            && left.iter().chain(right).all(|x| x.node().level <= HOST)
            && [left, right].iter().any(|items| items.iter().all(|x| x.is_active()))
    }

    /// The elements of a product, whose values are these, as one operation of the record.
    pub(super) fn recorded_product(
        &mut self,
        sizes: [usize; 3],
        left: &[Value],
        right: &[Value],
        values: &[Value],
    ) -> Vec<Value> {
        let [m, n, p] = sizes.map(|size| size as u32);
        let operands: Vec<Number> = left.iter().chain(right).map(|x| x.number()).collect();
        let tapes = self.tapes.get_mut();
        tapes.stand_at(self.place);
        let first = tapes.recorded_whole(Whole::Product { m, n, p }, &operands);
        let entry = |i: u32| first.map_or(0, |first| first + i);
        (0..).zip(values).map(|(i, y)| Tapes::recorded_number(y.primal(), entry(i)).into()).collect()
    }

    /// Goes on as a number is integral.
    #[inline]
    pub(super) fn is_integral(&mut self, x: Value) {
        if self.is_data(&[x]) {
            let integral = self.tested(Numeric::IsInteger, &[x], true);
            self.decides(integral);
        }
    }

    /// `(not x)`.
    #[inline(always)]
    pub fn negated(&mut self, x: Value) -> Value {
        let holds = !x.is_true();
        if x.truth_entry() != 0 { self.tested(Numeric::Not, &[x], holds) } else { Value::bool(holds) }
    }
}
