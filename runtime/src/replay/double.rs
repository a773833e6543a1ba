//! Operations in double precision: a loop for each row, compiled for it.
//!
//! Each is a function of its own, found once for a run. Measured against it (`benches/README.md`): one function with all
//! loops, whose registers they would share, and a dispatch for each operation.

use super::{
    code::Op,
    pair::{Greatest, Least},
    precision::{Partials, Precision, truth},
    strand::{Round, Step, strand},
};
use scheme_core::prim::{Numeric, Predicate, Smooth, Visitor};

impl Precision for f64 {
    #[inline(always)]
    fn read(x: f64) -> Self {
        x
    }

    #[inline(always)]
    fn write(self) -> f64 {
        self
    }

    #[inline(always)]
    fn values(row: Numeric, values: &mut [f64], ops: &[Op], at: usize) {
        row.visit(Values)(values, ops, at);
    }

    /// What goes from one operation to the next stays in a register: through memory it takes longer than a product.
    #[inline(always)]
    fn line(row: Numeric, values: &mut [f64], ops: &[Op], at: usize) {
        match row {
            Numeric::Add => line(values, ops, at, |a, b| a + b),
            Numeric::Sub => line(values, ops, at, |a, b| a - b),
            Numeric::Mul => line(values, ops, at, |a, b| a * b),
            Numeric::Div => line(values, ops, at, |a, b| a / b),
            _ => Self::values(row, values, ops, at),
        }
    }

    #[inline(always)]
    fn strand(steps: &[Step], values: &mut [f64], ops: &[Op], at: usize) {
        strand(steps, values, ops, at);
    }

    #[inline(always)]
    fn rounds(round: Round, values: &mut [f64], ops: &[Op], at: usize) {
        round.run(values, ops, at);
    }

    #[inline(always)]
    fn partials(
        row: Numeric,
        passes: u8,
        values: &mut [f64],
        partials: &mut [Partials],
        ops: &[Op],
        at: usize,
    ) {
        match passes {
            1 => row.visit(WithPartials::<1>)(values, partials, ops, at),
            2 => row.visit(WithPartials::<2>)(values, partials, ops, at),
            _ => row.visit(WithPartials::<3>)(values, partials, ops, at),
        }
    }

    #[inline(always)]
    fn all_are(row: Numeric, must: bool, beside: bool, values: &[f64], ops: &[Op]) -> bool {
        match (must, beside) {
            (true, true) => row.visit(AllAre::<true, true>)(values, ops),
            (true, false) => row.visit(AllAre::<true, false>)(values, ops),
            (false, true) => row.visit(AllAre::<false, true>)(values, ops),
            (false, false) => row.visit(AllAre::<false, false>)(values, ops),
        }
    }
}

/// What an operation reads.
#[inline(always)]
fn operands<const N: usize>(values: &[f64], op: Op) -> [f64; N] {
    let mut x = [0.0; N];
    let mut k = 0;
    while k < N {
        x[k] = values[op[k] as usize];
        k += 1;
    }
    x
}

#[inline(always)]
fn each(values: &mut [f64], ops: &[Op], at: usize, f: impl Fn(&[f64], Op) -> f64) {
    for (op, at) in ops.iter().zip(at..) {
        values[at] = f(values, *op);
    }
}

#[inline(always)]
fn line(values: &mut [f64], ops: &[Op], at: usize, f: impl Fn(f64, f64) -> f64) {
    let mut y = ops.first().map_or(0.0, |[a, _]| values[*a as usize]);
    for ([_, b], at) in ops.iter().zip(at..) {
        y = f(y, values[*b as usize]);
        values[at] = y;
    }
}

/// The loop that computes a row.
struct Values;

impl Visitor for Values {
    type Output = fn(&mut [f64], &[Op], usize);

    #[inline(always)]
    fn smooth<const N: usize, R: Smooth<N>>(self) -> Self::Output {
        |values, ops, at| each(values, ops, at, |values, op| R::value(operands::<N>(values, op)))
    }

    #[inline(always)]
    fn predicate<const N: usize, P: Predicate<N>>(self) -> Self::Output {
        |values, ops, at| each(values, ops, at, |values, op| truth(P::holds(operands::<N>(values, op))))
    }

    #[inline(always)]
    fn special(self, row: Numeric) -> Self::Output {
        fn is(values: &[f64], x: u32) -> bool {
            f64::is_true(values[x as usize])
        }
        match row {
            Numeric::Min => self.smooth::<2, Least>(),
            Numeric::Max => self.smooth::<2, Greatest>(),
            Numeric::And => |values, ops, at| each(values, ops, at, |x, [a, b]| truth(is(x, a) & is(x, b))),
            Numeric::Or => |values, ops, at| each(values, ops, at, |x, [a, b]| truth(is(x, a) | is(x, b))),
            Numeric::Not => |values, ops, at| each(values, ops, at, |x, [a, _]| truth(!is(x, a))),
            _ => |values, ops, at| each(values, ops, at, |x, [a, _]| truth(is(x, a))),
        }
    }
}

/// The loop that computes a row and its partials by operands as the bits of `PASSES` say.
struct WithPartials<const PASSES: u8>;

impl<const PASSES: u8> WithPartials<PASSES> {
    fn run<const N: usize, R: Smooth<N>>(
        values: &mut [f64],
        partials: &mut [Partials],
        ops: &[Op],
        at: usize,
    ) {
        for ((op, partials), at) in ops.iter().zip(partials).zip(at..) {
            let x = operands::<N>(values, *op);
            let y = R::value(x);
            values[at] = y;
            let all = R::partials(x, y);
            let mut k = 0;
            while k < N {
                if PASSES & (1 << k) != 0 {
                    partials[k] = all[k];
                }
                k += 1;
            }
        }
    }
}

impl<const PASSES: u8> Visitor for WithPartials<PASSES> {
    type Output = fn(&mut [f64], &mut [Partials], &[Op], usize);

    #[inline(always)]
    fn smooth<const N: usize, R: Smooth<N>>(self) -> Self::Output {
        // A row of one operand is compiled once.
        if N == 1 { WithPartials::<1>::run::<N, R> } else { Self::run::<N, R> }
    }

    #[inline(always)]
    fn predicate<const N: usize, P: Predicate<N>>(self) -> Self::Output {
        |_, _, _, _| {}
    }

    #[inline(always)]
    fn special(self, row: Numeric) -> Self::Output {
        match row {
            Numeric::Min => self.smooth::<2, Least>(),
            Numeric::Max => self.smooth::<2, Greatest>(),
            _ => |_, _, _, _| {},
        }
    }
}

/// Whether something holds of all operations. As a rule it does: none ends the loop, several make one step of it, and a word of
/// bits takes fewer instructions than a truth value.
#[inline(always)]
fn all(ops: &[Op], holds: impl Fn(Op) -> bool) -> bool {
    let with = |all: u64, op: &Op| all & 0_u64.wrapping_sub(u64::from(holds(*op)));
    let (fours, rest) = ops.as_chunks::<4>();
    let fours = fours.iter().fold(!0, |all, four| four.iter().fold(all, &with));
    rest.iter().fold(fours, &with) != 0
}

/// The loop that asks guards; with `BESIDE` the first operand of all is one number, which is read once.
struct AllAre<const MUST: bool, const BESIDE: bool>;

impl<const MUST: bool, const BESIDE: bool> Visitor for AllAre<MUST, BESIDE> {
    type Output = fn(&[f64], &[Op]) -> bool;

    #[inline(always)]
    fn smooth<const N: usize, R: Smooth<N>>(self) -> Self::Output {
        |_, _| true
    }

    #[inline(always)]
    fn predicate<const N: usize, P: Predicate<N>>(self) -> Self::Output {
        if !BESIDE || N != 2 {
            return |values, ops| all(ops, |op| P::holds(operands::<N>(values, op)) == MUST);
        }
        |values, ops| {
            let a = ops.first().map_or(0.0, |[a, _]| values[*a as usize]);
            all(ops, |[_, b]| {
                let mut x = [a; N];
                x[N - 1] = values[b as usize];
                P::holds(x) == MUST
            })
        }
    }

    #[inline(always)]
    fn special(self, _: Numeric) -> Self::Output {
        |_, _| true
    }
}
