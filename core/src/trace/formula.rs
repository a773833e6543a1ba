//! The table's formulas as operations of a trace.
//!
//! [`Formula`] is a real that writes what is done with it. The partials of a row, run on it, are the operations that
//! compute them: in every precision those that the partials are on its numbers, one by one. [`Record::of`] runs code on it for one
//! precision, in which what depends on no input is computed.

use super::{Record, Slot, numbered::Numbered};
use crate::{
    c::Precision,
    prim::{Numeric, Whole},
    real::{Mask, Real},
};
use std::{
    array,
    cell::{Cell, RefCell},
};

thread_local! {
    /// What numbers are computed in that depend on nothing.
    static PRECISION: Cell<Precision> = const { Cell::new(Precision::Double) };
}

/// A number, or a truth value as one.
#[derive(Clone, Copy, Debug)]
enum Term<'n> {
    /// A literal of a formula.
    Literal(f64),
    Slot(&'n RefCell<Numbered>, Slot),
}

impl<'n> Term<'n> {
    fn writer(self) -> Option<&'n RefCell<Numbered>> {
        match self {
            Self::Literal(_) => None,
            Self::Slot(writer, _) => Some(writer),
        }
    }

    fn slot(self, writer: &RefCell<Numbered>) -> Slot {
        match self {
            Self::Literal(x) => writer.borrow_mut().constant(x),
            Self::Slot(_, slot) => slot,
        }
    }

    /// What is written is not known yet: nan, but for literals.
    fn literal(self) -> f64 {
        match self {
            Self::Literal(x) => x,
            Self::Slot(..) => f64::NAN,
        }
    }

    /// A row of terms.
    fn row<const K: usize>(row: Numeric, operands: [Self; K]) -> Self {
        match operands.iter().find_map(|x| x.writer()) {
            Some(writer) => {
                let slots = operands.map(|x| x.slot(writer));
                Self::Slot(writer, writer.borrow_mut().row(row, &slots))
            }
            None => {
                let y = computed(&operands.map(Self::literal), |x| vec![row.on(x)], |x| vec![row.on(x)]);
                Self::Literal(y.first().copied().unwrap_or(f64::NAN))
            }
        }
    }
}

/// What literals alone give, in the precision of the code that is run.
fn computed(
    x: &[f64],
    double: impl FnOnce(&[f64]) -> Vec<f64>,
    single: impl FnOnce(&[f32]) -> Vec<f32>,
) -> Vec<f64> {
    match PRECISION.get() {
        Precision::Double => double(x),
        Precision::Single => {
            let x: Vec<f32> = x.iter().map(|x| *x as f32).collect();
            single(&x).into_iter().map(f64::from).collect()
        }
    }
}

/// A number that writes what is done with it: what [`Record::of`] runs code on.
#[derive(Clone, Copy, Debug)]
pub struct Formula<'n>(Term<'n>);

/// A truth value that writes what is done with it.
#[derive(Clone, Copy, Debug)]
pub struct Truth<'n>(Term<'n>);

impl Record {
    /// The record of straight code, of its numbers and to its results: what the code does with numbers of this precision, to the
    /// bit, both sides of a choice included. It is run once, on numbers without a value, and must not ask for one.
    ///
    /// ```
    /// use scheme_core::{c::Precision, real::Real, trace::Record};
    ///
    /// let record = Record::of(2, Precision::Double, |x| {
    ///     vec![Real::branch(x[0].is_negative(), || [-x[0]], || [x[0].sqrt() * x[1]])[0]]
    /// });
    /// assert_eq!(record.evaluate(&[-2.0, 3.0]), Ok(vec![2.0]));
    /// assert_eq!(record.evaluate(&[9.0, 3.0]), Ok(vec![9.0]));
    /// ```
    pub fn of(
        inputs: u32,
        precision: Precision,
        code: impl for<'n> FnOnce(&[Formula<'n>]) -> Vec<Formula<'n>>,
    ) -> Self {
        let before = PRECISION.replace(precision);
        let written = RefCell::new(Numbered::new(inputs));
        let x: Vec<Formula<'_>> = (0..inputs).map(|i| Formula::at(&written, Slot::value(i))).collect();
        let results: Vec<Slot> = code(&x).into_iter().map(|y| y.slot(&written)).collect();
        drop(x);
        PRECISION.set(before);
        written.into_inner().finish(Vec::new(), &results)
    }
}

impl<'n> Formula<'n> {
    /// The number at a slot.
    pub(super) fn at(writer: &'n RefCell<Numbered>, slot: Slot) -> Self {
        Self(Term::Slot(writer, slot))
    }

    /// Where it is.
    pub(super) fn slot(self, writer: &RefCell<Numbered>) -> Slot {
        self.0.slot(writer)
    }

    fn apply<const K: usize>(row: Numeric, operands: [Self; K]) -> Self {
        Self(Term::row(row, operands.map(|x| x.0)))
    }

    fn test<const K: usize>(row: Numeric, operands: [Self; K]) -> Truth<'n> {
        Truth(Term::row(row, operands.map(|x| x.0)))
    }
}

impl Mask for Truth<'_> {
    fn splat(b: bool) -> Self {
        Self(Term::Literal(f64::from(b)))
    }
    /// What is written is not known yet: `false`, but for literals.
    fn lane(self, _: usize) -> bool {
        self.0.literal() == 1.0
    }
    fn from_lanes(mut lane: impl FnMut(usize) -> bool) -> Self {
        Self::splat(lane(0))
    }
    fn and(self, other: Self) -> Self {
        Self(Term::row(Numeric::And, [self.0, other.0]))
    }
    fn or(self, other: Self) -> Self {
        Self(Term::row(Numeric::Or, [self.0, other.0]))
    }
    fn not(self) -> Self {
        Self(Term::row(Numeric::Not, [self.0]))
    }
}

crate::operators_by_rows! { impl ['n] Formula<'n>, Self::apply }

impl<'n> Real for Formula<'n> {
    type Mask = Truth<'n>;
    type Lane = f64;
    type Uniform = f64;
    const LANES: usize = 1;

    fn splat(x: f64) -> Self {
        Self::lit(x)
    }

    fn lane(self, _: usize) -> f64 {
        self.primal()
    }

    fn from_lanes(mut lane: impl FnMut(usize) -> f64) -> Self {
        Self::lit(lane(0))
    }

    fn primal(self) -> f64 {
        self.0.literal()
    }

    fn whole(whole: Whole, operands: &[Self], results: &mut [Self]) {
        let found: Vec<Self> = match operands.iter().find_map(|x| x.0.writer()) {
            Some(writer) => {
                let slots: Vec<Slot> = operands.iter().map(|x| x.slot(writer)).collect();
                let found = writer.borrow_mut().whole(whole, &slots);
                found.into_iter().map(|slot| Self::at(writer, slot)).collect()
            }
            None => {
                let literals: Vec<f64> = operands.iter().map(|x| x.primal()).collect();
                let found = computed(&literals, |x| whole.on(x), |x| whole.on(x));
                found.into_iter().map(Self::lit).collect()
            }
        };
        results.iter_mut().zip(found).for_each(|(to, y)| *to = y);
    }

    /// By halving, as choices are written: both sides, of which one is selected.
    fn item(items: &'static [f64], index: Self) -> Self {
        fn half<'n>(items: &[f64], first: usize, index: Formula<'n>) -> Formula<'n> {
            let (low, high) = items.split_at(items.len() / 2);
            if low.is_empty() {
                return Formula::lit(high.first().copied().unwrap_or(f64::NAN));
            }
            let middle = first + low.len();
            let is_low = index.less(Formula::lit(middle as f64));
            Formula::select(is_low, half(low, first, index), half(high, middle, index))
        }
        let from = Self::lit(0.0).less_eq(index);
        let is_in = from.and(index.less(Self::lit(items.len() as f64)));
        Self::select(is_in, half(items, 0, index), Self::lit(f64::NAN))
    }

    fn lit(x: f64) -> Self {
        Self(Term::Literal(x))
    }

    fn select(mask: Truth<'n>, then: Self, els: Self) -> Self {
        Self(Term::row(Numeric::Select, [mask.0, then.0, els.0]))
    }

    /// Operations are total, so that both sides may be written.
    fn branch<const K: usize>(
        mask: Truth<'n>,
        then: impl FnOnce() -> [Self; K],
        els: impl FnOnce() -> [Self; K],
    ) -> [Self; K] {
        let (then, els) = (then(), els());
        array::from_fn(|i| Self::select(mask, then[i], els[i]))
    }

    fn indicator(mask: Truth<'n>) -> Self {
        Self(Term::row(Numeric::Indicator, [mask.0]))
    }

    crate::real_by_rows! { Self::apply, Self::test }
}
