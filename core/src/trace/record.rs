//! The record of a run: a trace whose large products of matrices are whole.
//!
//! What a run does is recorded number by number, but a product of matrices has `2mnp` operations on `mn + np` numbers. A
//! [`Record`] has it as one: its results take a place each, its operands are listed once. The record knows two forms of
//! itself: [`trace`](Record::trace), in which products are the multiplications and additions that they are defined as, in
//! that order, for whatever works number by number; and [`steps`](Record::steps), for what runs products as such.

use super::{Guard, Must, Operation, Slot, Trace};
use crate::prim::Numeric;
use std::borrow::Cow;

/// A product of a matrix of `m` by `n` and one of `n` by `p` in a record.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Product {
    /// The rows of the left matrix.
    pub m: u32,
    /// Its columns, the rows of the right one.
    pub n: u32,
    /// The columns of the right matrix.
    pub p: u32,
}

impl Product {
    /// Smaller ones, by the number of multiplications, are not worth keeping whole.
    pub const LEAST: usize = 512;

    /// How many elements the left matrix has.
    pub fn left(self) -> usize {
        self.m as usize * self.n as usize
    }

    /// How many elements the operands have together.
    pub fn operands(self) -> usize {
        self.left() + self.n as usize * self.p as usize
    }

    /// How many elements the result has.
    pub fn results(self) -> usize {
        self.m as usize * self.p as usize
    }

    /// How many multiplications and additions it is.
    pub fn operations(self) -> usize {
        self.results() * (2 * self.n as usize).saturating_sub(1)
    }
}

/// What a record does next.
#[derive(Clone, Copy, Debug)]
pub enum Step<'r> {
    /// An operation.
    Operation(Operation<'r>),
    /// A product: its result is the first of as many slots as it has elements.
    Product(Product, Operation<'r>),
}

/// A trace whose large products of matrices are whole; see the module.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Record {
    /// A product is as many entries as it has results, all of the row `identity`, and all but the first without operands.
    trace: Trace,
    /// The entries that products begin at, rising.
    products: Vec<(u32, Product)>,
}

impl From<Trace> for Record {
    fn from(trace: Trace) -> Self {
        Self { trace, products: Vec::new() }
    }
}

impl Record {
    /// An empty one, of that many inputs.
    pub fn new(inputs: u32) -> Self {
        Trace::new(inputs).into()
    }

    /// How many inputs it has.
    pub fn inputs(&self) -> usize {
        self.trace.inputs()
    }

    /// How many numbers it computes: results of operations and elements of products.
    pub fn len(&self) -> usize {
        self.trace.len()
    }

    /// Whether it computes nothing.
    pub fn is_empty(&self) -> bool {
        self.trace.is_empty()
    }

    /// The constants.
    pub fn constants(&self) -> &[f64] {
        self.trace.constants()
    }

    /// The guards, in the order of the run; `after` counts numbers, as [`len`](Self::len).
    pub fn guards(&self) -> &[Guard] {
        self.trace.guards()
    }

    /// Where the results are.
    pub fn results(&self) -> &[Slot] {
        self.trace.results()
    }

    /// Where the program asked for what a slot holds, as of operations; 0 for inputs and constants.
    pub fn place(&self, slot: Slot) -> u32 {
        self.trace.place(slot)
    }

    /// The products in it.
    pub fn products(&self) -> impl ExactSizeIterator<Item = Product> {
        self.products.iter().map(|(_, product)| *product)
    }

    /// How many operations it has with products written out.
    pub fn written_out(&self) -> usize {
        self.products().fold(self.len(), |sum, product| sum - product.results() + product.operations())
    }

    /// The slot of a constant.
    #[inline]
    pub fn constant(&mut self, x: f64) -> Slot {
        self.trace.constant(x)
    }

    /// Adds an operation and gives the slot of its result.
    #[inline]
    pub fn push(&mut self, row: Numeric, operands: &[Slot], place: u32) -> Slot {
        self.trace.push(row, operands, place)
    }

    /// Adds a product of matrices, given as their elements, row by row; gives the first slot of the elements of its result,
    /// of which there are some.
    pub fn push_product(&mut self, product: Product, operands: &[Slot], place: u32) -> Slot {
        let first = self.trace.push(Numeric::Identity, operands, place);
        self.products.push((self.trace.len() as u32 - 1, product));
        for _ in 1..product.results() {
            self.trace.push(Numeric::Identity, &[], place);
        }
        first
    }

    /// Adds a guard: the run decided by what is at `slot`.
    #[inline]
    pub fn guard(&mut self, slot: Slot, must: Must, place: u32) {
        self.trace.guard(slot, must, place);
    }

    /// Ends the record: says where the results are.
    pub fn give(&mut self, results: Vec<Slot>) {
        self.trace.give(results);
        self.products.shrink_to_fit();
    }

    /// The bytes that it takes, places included, and while it is not ended the room for more.
    pub fn bytes(&self) -> usize {
        self.trace.bytes() + self.products.capacity() * size_of::<(u32, Product)>()
    }

    /// What it does, in the order of the run.
    ///
    /// ```
    /// use scheme_core::trace::{Product, Record, Slot, Step};
    ///
    /// let mut record = Record::new(3);
    /// let (v, two) = ([0, 1, 2].map(Slot::value), record.constant(2.0));
    /// let first = record.push_product(Product { m: 1, n: 2, p: 1 }, &[v[0], v[1], two, v[2]], 0);
    /// record.give(vec![first]);
    /// assert!(matches!(record.steps().next(), Some(Step::Product(..))));
    /// assert_eq!(record.trace().to_string(), "trace(v0, v1, v2) {
    ///   v3: real = mul v0 2.0
    ///   v4: real = mul v1 v2
    ///   v5: real = add v3 v4
    ///   give v5
    /// }
    /// ");
    /// ```
    pub fn steps(&self) -> impl Iterator<Item = Step<'_>> {
        let mut products = self.products.iter().peekable();
        let mut at = 0;
        std::iter::from_fn(move || {
            let operation = (at < self.len()).then(|| self.trace.operation(at))?;
            if let Some((_, product)) = products.next_if(|(first, _)| *first as usize == at) {
                at += product.results();
                return Some(Step::Product(*product, operation));
            }
            at += 1;
            Some(Step::Operation(operation))
        })
    }

    /// The trace, products written out.
    pub fn trace(&self) -> Cow<'_, Trace> {
        if self.products.is_empty() {
            return Cow::Borrowed(&self.trace);
        }
        let mut out = Trace::new(self.trace.inputs);
        let mut slots: Vec<Slot> = (0..self.trace.inputs).map(Slot::value).collect();
        let at = |out: &mut Trace, slots: &[Slot], slot: Slot| match self.trace.constant_at(slot) {
            Some(x) => out.constant(x),
            None => slots[slot.index()],
        };
        // How many operations are written for the first so many numbers.
        let mut counts = vec![0];
        for step in self.steps() {
            let (Step::Operation(operation) | Step::Product(_, operation)) = step;
            let operands = operation.operands.iter().map(|slot| at(&mut out, &slots, *slot));
            let operands: Vec<Slot> = operands.collect();
            match step {
                Step::Operation(Operation { row, place, .. }) => slots.push(out.push(row, &operands, place)),
                Step::Product(product, Operation { place, .. }) => {
                    write_out(&mut out, product, &operands, place, &mut slots);
                }
            }
            counts.resize(slots.len() + 1 - self.inputs(), out.len() as u32);
        }
        for guard in self.guards() {
            let after = counts.get(guard.after as usize).copied().unwrap_or(guard.after);
            let slot = at(&mut out, &slots, guard.slot);
            out.guards.push(Guard { slot, after, ..*guard });
        }
        let results = self.results().iter().map(|slot| at(&mut out, &slots, *slot)).collect();
        out.give(results);
        Cow::Owned(out)
    }

    /// The trace, products written out.
    pub fn into_trace(self) -> Trace {
        if self.products.is_empty() { self.trace } else { self.trace().into_owned() }
    }
}

/// Adds the multiplications and additions that a product is; puts the slots of its elements behind the others.
fn write_out(trace: &mut Trace, product: Product, operands: &[Slot], place: u32, slots: &mut Vec<Slot>) {
    let (n, p) = (product.n as usize, product.p as usize);
    let (left, right) = operands.split_at(product.left());
    for row in left.chunks_exact(n) {
        for column in 0..p {
            let mut sum = None;
            for (x, y) in row.iter().zip(right.iter().skip(column).step_by(p)) {
                let term = trace.push(Numeric::Mul, &[*x, *y], place);
                sum = Some(match sum {
                    Some(sum) => trace.push(Numeric::Add, &[sum, term], place),
                    None => term,
                });
            }
            slots.extend(sum);
        }
    }
}
