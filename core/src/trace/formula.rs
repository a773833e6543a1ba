//! The table's formulas as operations of a trace.
//!
//! [`Formula`] is a real that writes what is done with it. The partials of a row, run on it, are the operations that
//! compute them: in every precision those that the partials are on its numbers, one by one.

use super::{Slot, Trace, numbered::Numbered};
use crate::{
    prim::{Numeric, Whole},
    real::{Mask, Real},
};
use std::{
    array,
    cell::{Cell, RefCell},
};

thread_local! {
    /// Whether the code that is run has asked for an operation on whole matrices.
    static WHOLE: Cell<bool> = const { Cell::new(false) };
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
            // Formulas compute with literals alone where that is exact.
            None => Self::Literal(row.on(&operands.map(Self::literal))),
        }
    }
}

/// A number that writes what is done with it: what [`Trace::of`] runs code on.
#[derive(Clone, Copy, Debug)]
pub struct Formula<'n>(Term<'n>);

/// A truth value that writes what is done with it.
#[derive(Clone, Copy, Debug)]
pub struct Truth<'n>(Term<'n>);

impl Trace {
    /// The trace of straight code, of its numbers and to its results: what the code does with numbers, in every precision
    /// to the bit, both sides of a choice included. It is run once, on numbers without a value, and must not ask for one. None
    /// of code with operations on whole matrices, which ask.
    ///
    /// ```
    /// use scheme_core::{real::Real, trace::Trace};
    ///
    /// let trace = Trace::of(2, |x| vec![Real::branch(x[0].is_negative(), || [-x[0]], || [x[0].sqrt() * x[1]])[0]]);
    /// let trace = trace.expect("no matrices");
    /// assert_eq!(trace.evaluate(&[-2.0, 3.0]), Ok(vec![2.0]));
    /// assert_eq!(trace.evaluate(&[9.0, 3.0]), Ok(vec![9.0]));
    /// ```
    pub fn of(inputs: u32, code: impl for<'n> FnOnce(&[Formula<'n>]) -> Vec<Formula<'n>>) -> Option<Self> {
        WHOLE.set(false);
        let written = RefCell::new(Numbered::new(inputs));
        let x: Vec<Formula<'_>> = (0..inputs).map(|i| Formula::at(&written, Slot::value(i))).collect();
        let results: Vec<Slot> = code(&x).into_iter().map(|y| y.slot(&written)).collect();
        drop(x);
        (!WHOLE.get()).then(|| written.into_inner().finish(Vec::new(), &results))
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
    const LANES: usize = 1;

    fn lane(self, _: usize) -> f64 {
        self.primal()
    }

    fn from_lanes(mut lane: impl FnMut(usize) -> f64) -> Self {
        Self::lit(lane(0))
    }

    fn primal(self) -> f64 {
        self.0.literal()
    }

    /// Elimination asks for values.
    fn whole(_: Whole, _: &[Self], results: &mut [Self]) {
        WHOLE.set(true);
        results.fill(Self::lit(f64::NAN));
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
