//! Random traces of all rows of the table, records with operations on whole matrices, and numbers at edges.

use scheme_core::{
    prim::{Numeric, Scalar, Whole},
    trace::{Bits, Must, Record, Slot},
};

/// Numbers where formulas change: signed zeros, infinities, nan, the very small and large, those that single precision
/// rounds.
pub(crate) const EDGES: [f64; 19] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    2.0,
    3.0,
    -2.5,
    0.1,
    -0.3,
    1e-310,
    1e-50,
    1e300,
    -1e308,
    4503599627370497.0,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NAN,
    f64::MIN_POSITIVE,
];

/// Numbers as they come (xorshift).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 20) as usize % n.max(1)
    }

    fn one_of<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }

    /// An ordinary number, or, one in so many times, one at an edge.
    pub(crate) fn number(&mut self, edges: usize) -> f64 {
        match self.below(edges) {
            0 => self.one_of(&EDGES),
            i if i % 2 == 0 => self.below(9) as f64 - 4.0,
            _ => (self.below(2_000_001) as f64 - 1e6) * 0.4e-5,
        }
    }

    /// A record of the rows given, and of these operations on matrices now and then, with guards that say nothing of its
    /// results, which are all its numbers.
    pub(crate) fn record(
        &mut self,
        rows: &[Numeric],
        wholes: &[Whole],
        inputs: u32,
        operations: usize,
    ) -> Record {
        let mut trace = Record::new(inputs);
        let mut numbers: Vec<Slot> = (0..inputs).map(Slot::value).collect();
        let mut truths = Vec::new();
        while trace.len() < operations {
            if !wholes.is_empty() && self.below(4) == 0 {
                let whole = self.one_of(wholes);
                let operand = |_| match self.below(3) {
                    0 => trace.constant(self.number(20)),
                    _ => self.one_of(&numbers),
                };
                let operands: Vec<Slot> = (0..whole.operands()).map(operand).collect();
                let first = trace.push_whole(whole, &operands, trace.len() as u32 + 1).index() as u32;
                numbers.extend((first..).take(whole.results()).map(Slot::value));
                continue;
            }
            let row = self.one_of(rows);
            let types = row.row().operands;
            let many = matches!(row, Numeric::Min | Numeric::Max);
            let count = if many { 1 + self.below(5) } else { types.len() };
            let operand = |i: usize| match types.get(i) {
                Some(Scalar::Bool) if truths.is_empty() => trace.constant(1.0),
                Some(Scalar::Bool) => self.one_of(&truths),
                _ if self.below(6) == 0 => trace.constant(self.number(4)),
                // Mostly the last ones, for depth.
                _ if self.below(2) == 0 => numbers[numbers.len() - 1],
                _ => self.one_of(&numbers),
            };
            let operands: Vec<Slot> = (0..count).map(operand).collect();
            let slot = trace.push(row, &operands, trace.len() as u32 + 1);
            match row.row().result {
                Scalar::Bool => truths.push(slot),
                _ => numbers.push(slot),
            }
            if self.below(10) == 0 {
                let must = match truths.last() {
                    Some(truth) if self.below(2) == 0 => (*truth, Must::Be(self.below(2) == 0)),
                    _ => (self.one_of(&numbers), Must::Equal(Bits::of(self.number(2)))),
                };
                trace.guard(must.0, must.1, 0);
            }
        }
        trace.give(numbers);
        trace
    }
}
