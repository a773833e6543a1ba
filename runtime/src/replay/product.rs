//! Products of matrices, as one operation each.
//!
//! A product computes what its multiplications and additions would, in their order: each element is a sum from the left,
//! and on the way back the last element of the result comes first, of it the last multiplication, and of that the left
//! factor. Only the order of what goes to different sums is free, and is chosen so that memory is walked in its order.

use super::{
    code::Wide,
    precision::{NOTHING, Precision, is_some},
    second::{self, Moving},
    sweep::add,
};
use crate::Dual;
use scheme_core::prim;
use std::collections::HashSet;

/// A product and where its operands lie. It has an operation for each element of its result, which says which product it is.
#[derive(Clone, Debug)]
pub(super) struct Product {
    sizes: [u32; 3],
    /// The elements of the left matrix, then those of the right one, row by row.
    operands: Vec<Wide>,
    /// By element of the result, whether its cotangent may be reached and passes.
    asked: Vec<bool>,
    /// Whether two operands that pass derivatives are one number, whose shares come in the order of the way back.
    repeats: bool,
}

impl Product {
    pub(super) fn new(sizes: [u32; 3], operands: Vec<Wide>, asked: Vec<bool>) -> Self {
        let mut seen = HashSet::new();
        let repeats = operands.iter().any(|x| x.passes && !seen.insert(x.slot));
        Self { sizes, operands, asked, repeats }
    }

    /// The bytes that it takes.
    pub(super) fn bytes(&self) -> usize {
        size_of_val(&self.operands[..]) + size_of_val(&self.asked[..])
    }

    /// How many elements its result has.
    pub(super) fn results(&self) -> usize {
        self.asked.len()
    }

    fn sizes(&self) -> (usize, usize) {
        let [_, n, p] = self.sizes;
        (n as usize, p as usize)
    }

    /// How many elements the left matrix has.
    fn left(&self) -> usize {
        let [m, n, _] = self.sizes;
        m as usize * n as usize
    }

    /// The operands of an element's multiplications, from the left.
    fn factors(&self, element: usize) -> impl DoubleEndedIterator<Item = (&Wide, &Wide)> + ExactSizeIterator {
        let (n, p) = self.sizes();
        let (left, right) = self.operands.split_at(self.left());
        let row = &left[element / p * n..][..n];
        row.iter().zip((0..n).map(move |k| &right[k * p + element % p]))
    }

    fn read<P: Precision>(&self, from: &[f64]) -> Vec<P> {
        self.operands.iter().map(|x| P::read(from[x.slot as usize])).collect()
    }

    /// The right matrix, column by column.
    fn columns<A: Copy>(&self, right: &[A]) -> Vec<A> {
        let (_, p) = self.sizes();
        (0..p).flat_map(|j| right.iter().skip(j).step_by(p).copied()).collect()
    }

    /// Its operands' cotangents.
    pub(super) fn backward<P: Precision, const CAREFUL: bool>(
        &self,
        values: &[f64],
        cotangents: &mut [f64],
        at: usize,
    ) {
        let reached = |cotangents: &[f64], i: usize| {
            let cotangent = cotangents[at + i];
            (self.asked[i] && (!CAREFUL || is_some(cotangent))).then(|| P::read(cotangent))
        };
        if !self.repeats {
            let elements = 0..self.asked.len();
            let here: Vec<Option<P>> = elements.map(|i| reached(cotangents, i)).collect();
            return self.dense::<P>(values, cotangents, &here);
        }
        for i in (0..self.asked.len()).rev() {
            let Some(cotangent) = reached(cotangents, i) else { continue };
            for (x, y) in self.factors(i).rev() {
                let value = |of: &Wide| P::read(values[of.slot as usize]);
                for (to, other) in [(x, y), (y, x)] {
                    if to.passes {
                        add::<P, CAREFUL>(cotangents, to.slot, cotangent * value(other));
                    }
                }
            }
        }
    }

    /// The way back where every operand has a sum of its own.
    fn dense<P: Precision>(&self, values: &[f64], cotangents: &mut [f64], here: &[Option<P>]) {
        let (n, p) = self.sizes();
        let operands = self.read::<P>(values);
        let (left, right) = operands.split_at(self.left());
        let right = self.columns(right);
        // To -0 anything may be added without a change.
        let sum = |x: &Wide| cotangents[x.slot as usize];
        let sums = self.operands.iter().map(|x| if is_some(sum(x)) { P::read(sum(x)) } else { P::lit(-0.0) });
        let mut left_sums: Vec<P> = sums.collect();
        let mut right_sums = self.columns(&left_sums.split_off(left.len()));
        let (mut rows, mut columns) = (vec![false; left.len() / n], vec![false; p]);
        for (element, cotangent) in here.iter().enumerate().rev() {
            let Some(cotangent) = *cotangent else { continue };
            let (i, j) = (element / p, element % p);
            (rows[i], columns[j]) = (true, true);
            let (row, column) = (i * n..(i + 1) * n, j * n..(j + 1) * n);
            add_scaled(&mut left_sums[row.clone()], cotangent, &right[column.clone()]);
            add_scaled(&mut right_sums[column], cotangent, &left[row]);
        }
        for (i, x) in self.operands.iter().enumerate().filter(|(_, x)| x.passes) {
            let (sum, reached) = match i.checked_sub(left.len()) {
                None => (left_sums[i], rows[i / n]),
                Some(i) => (right_sums[i % p * n + i / p], columns[i % p]),
            };
            if reached {
                cotangents[x.slot as usize] = sum.write();
            }
        }
    }

    /// Its elements, from slot `at` on.
    pub(super) fn values<P: Precision>(&self, values: &mut [f64], at: usize) {
        let [m, n, p] = self.sizes;
        let mut results = vec![P::lit(0.0); self.results()];
        prim::Whole::Product { m, n, p }.apply(&self.read::<P>(values), &mut results);
        values[at..].iter_mut().zip(results).for_each(|(to, y)| *to = y.write());
    }

    /// How its elements move.
    pub(super) fn tangents<P: Precision>(&self, values: &[f64], tangents: &mut [f64], at: usize) {
        for i in 0..self.results() {
            tangents[at + i] = self.tangent::<P>(values, tangents, i).map_or(NOTHING, P::write);
        }
    }

    /// How an element moves.
    fn tangent<P: Precision>(&self, values: &[f64], tangents: &[f64], element: usize) -> Option<P> {
        let share = |by: &Wide, other: &Wide| {
            let tangent = tangents[by.slot as usize];
            let moves = by.passes && is_some(tangent);
            moves.then(|| P::read(tangent) * P::read(values[other.slot as usize]))
        };
        let both = |(x, y)| plus(share(x, y), share(y, x));
        self.factors(element).map(both).reduce(plus).flatten()
    }

    /// Its operands' cotangents and how these move.
    pub(super) fn second<P: Precision>(&self, run: Moving<'_>, cotangents: &mut [[f64; 2]], at: usize) {
        for i in (0..self.asked.len()).rev() {
            if !self.asked[i] || !is_some(cotangents[at + i][0]) {
                continue;
            }
            let cotangent: Dual<P> = second::read(cotangents[at + i]);
            for (x, y) in self.factors(i).rev() {
                for (to, other) in [(x, y), (y, x)] {
                    if to.passes {
                        second::add(cotangents, to.slot, cotangent * run.at::<P>(other.slot as usize));
                    }
                }
            }
        }
    }
}

fn plus<P: Precision>(a: Option<P>, b: Option<P>) -> Option<P> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a + b),
        (a, b) => a.or(b),
    }
}

fn add_scaled<P: Precision>(sums: &mut [P], by: P, items: &[P]) {
    sums.iter_mut().zip(items).for_each(|(sum, x)| *sum = *sum + by * *x);
}

#[cfg(test)]
mod tests {
    use crate::replay::{Replay, Scratch};
    use scheme_core::{
        prim::{Numeric, Whole},
        trace::{Must, Record, Slot},
    };

    /// Two products, one of the other's elements, with operands that `repeat`, or are constants, between other operations.
    fn record(repeat: usize) -> Record {
        let (product, inputs) = (Whole::Product { m: 3, n: 4, p: 2 }, 12_u32);
        let mut record = Record::new(inputs);
        let zero = record.constant(0.0);
        let test = record.push(Numeric::Less, &[zero, Slot::value(0)], 1);
        let mut operands: Vec<Slot> =
            (0..product.operands() as u32).map(|i| Slot::value(i % inputs)).collect();
        for (i, operand) in operands.iter_mut().enumerate().filter(|(i, _)| i % repeat == 1) {
            *operand = if i > 12 {
                record.constant(i as f64)
            } else {
                record.push(Numeric::Log, &[Slot::value(i as u32)], 2)
            };
        }
        let first = record.push_whole(product, &operands, 3).index() as u32;
        record.guard(test, Must::Be(true), 1);
        let element = |i: u32| Slot::value(first + i);
        let square = record.push(Numeric::Square, &[element(1)], 4);
        let next = [square, element(0), element(3), Slot::value(5), element(1), element(4)];
        let last = record.push_whole(Whole::Product { m: 1, n: 3, p: 1 }, &next, 5);
        let sum = record.push(Numeric::Add, &[last, Slot::value(2)], 6);
        record.give(vec![sum, element(5), last]);
        record
    }

    fn all(replay: &Replay, x: &[f64]) -> String {
        let scratch = &mut Scratch::new();
        let n = replay.wrt().len();
        let direction: Vec<f64> = (0..n).map(|i| i as f64 - 1.5).collect();
        let told = [
            format!("{:?}", replay.value(x, scratch)),
            format!("{:?}", replay.value_and_grad(x, 0, scratch)),
            format!("{:?}", replay.vjp(x, &[1.0, -2.0, 0.5], scratch)),
            format!("{:?}", replay.vjp(x, &[1.0, -2.0], scratch)),
            format!("{:?}", replay.jvp(x, &direction, scratch)),
            format!("{:?}", replay.jvp(x, &direction[..n / 2], scratch)),
            format!("{:?}", replay.jacobian(x, scratch)),
            format!("{:?}", replay.hvp(x, 0, &direction, scratch)),
            format!("{:?}", replay.hessian(x, 1, scratch)),
        ];
        told.join("\n")
    }

    #[test]
    fn products_are_their_multiplications_and_additions() {
        for repeat in [2, 3, 5, 100] {
            let record = record(repeat);
            let trace = record.trace().expect("products can be written out");
            for wrt in [&(0..12).collect::<Vec<_>>()[..], &[3, 1, 7], &[11], &[]] {
                let pair = || (Replay::of(&record, wrt), Replay::new(&trace, wrt));
                for ((whole, written), single) in [
                    (pair(), false),
                    (
                        {
                            let (whole, written) = pair();
                            (whole.single(), written.single())
                        },
                        true,
                    ),
                ] {
                    for x in [[0.5; 12], [1.25; 12], [-1.0; 12], [f64::INFINITY; 12]] {
                        let x: Vec<f64> = x.iter().zip(1..).map(|(x, i)| x / f64::from(i)).collect();
                        assert_eq!(all(&whole, &x), all(&written, &x), "{repeat} {wrt:?} {single}");
                    }
                }
            }
        }
    }
}
