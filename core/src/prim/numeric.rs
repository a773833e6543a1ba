//! Rows on numbers and booleans.
//!
//! Formulas are written once, generic over [`Real`]: the same text evaluates on numbers and lanes,
//! carries dual numbers, and, run on the graph's tracer, builds the derivative's graph. Three groups:
//! *smooth* rows give partial derivatives (a partial that is the literal 0 is a declared zero, no
//! tangent passes), *predicates* give truth values and have none, *special* rows have mixed operands
//! or any number of them and their rules in plain code at the end of this file.

use super::{Batching, Calls, Domain, Operand, Scalar};
use crate::real::{Mask, Real};

/// What the table says of a numeric row, less its formulas.
#[derive(Clone, Copy, Debug)]
pub struct NumericRow {
    /// The name in graphs and of the method of [`Real`].
    pub ident: &'static str,
    /// The name in programs; none, if only rules use it.
    pub name: Option<&'static str>,
    /// A second name in programs.
    pub alias: Option<&'static str>,
    /// Formula and edge values.
    pub doc: &'static str,
    /// The operands' types.
    pub operands: &'static [Scalar],
    /// The result's type.
    pub result: Scalar,
    /// How calls with other numbers of arguments use the row.
    pub calls: Calls,
    /// Whether it has a value for all operands; the others are errors at run time.
    pub total: bool,
    /// How it maps over a batch.
    pub batching: Batching,
    /// Where tests sample each operand.
    pub domain: &'static [Domain],
}

/// A smooth row as a type: of numbers, to a number, with partial derivatives.
pub trait Smooth<const N: usize> {
    /// Which partial derivatives are declared zeros.
    const DECLARED_ZEROS: [bool; N];
    /// Its value.
    fn value<A: Real>(x: [A; N]) -> A;
    /// Its partial derivatives at operands where the value is `y`.
    fn partials<A: Real>(x: [A; N], y: A) -> [A; N];
}

/// A predicate of numbers as a type.
pub trait Predicate<const N: usize> {
    /// Whether it holds.
    fn holds<A: Real>(x: [A; N]) -> A::Mask;
}

/// What [`Numeric::visit`] shows a row to.
pub trait Visitor {
    /// What it makes of the row.
    type Output;
    /// A smooth row.
    fn smooth<const N: usize, R: Smooth<N>>(self) -> Self::Output;
    /// A predicate.
    fn predicate<const N: usize, P: Predicate<N>>(self) -> Self::Output;
    /// A row with mixed operands or any number of them.
    fn special(self, row: Numeric) -> Self::Output;
}

/// The one item that repeats per operand.
macro_rules! each {
    ($x:ident $item:expr) => {
        $item
    };
}

macro_rules! rows {
    (
        smooth {$(
            $(#[doc = $doc:literal])+
            $variant:ident $ident:ident $name:expr, $alias:expr, $calls:expr;
            ($($x:ident),+) $y:ident = $value:expr;
            partials [$($partial:expr),+];
            transpose $transpose:expr;
            domain [$($domain:expr),+];
        )+}
        predicates {$(
            $(#[doc = $pdoc:literal])+
            $pvariant:ident $pident:ident $pname:expr, $pcalls:expr, $ptotal:expr;
            ($($px:ident),+) = $pvalue:expr;
            domain [$($pdomain:expr),+];
        )+}
        special {$(
            $(#[doc = $sdoc:literal])+
            $svariant:ident $row:expr;
        )+}
    ) => {
        /// A row on numbers and booleans.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
        pub enum Numeric {
            $($(#[doc = $doc])+ $variant,)+
            $($(#[doc = $pdoc])+ $pvariant,)+
            $($(#[doc = $sdoc])+ $svariant,)+
        }

        impl Numeric {
            /// Every row.
            pub const ALL: &[Self] = &[$(Self::$variant,)+ $(Self::$pvariant,)+ $(Self::$svariant,)+];

            /// What the table says of it.
            pub fn row(self) -> &'static NumericRow {
                match self {
                    $(Self::$variant => const { &NumericRow {
                        ident: stringify!($ident), name: $name, alias: $alias, doc: concat!($($doc, "\n"),+),
                        operands: &[$(each!($x Scalar::Real)),+], result: Scalar::Real, calls: $calls,
                        total: true, batching: Batching::Elementwise, domain: &[$($domain),+],
                    } },)+
                    $(Self::$pvariant => const { &NumericRow {
                        ident: stringify!($pident), name: $pname, alias: None, doc: concat!($($pdoc, "\n"),+),
                        operands: &[$(each!($px Scalar::Real)),+], result: Scalar::Bool, calls: $pcalls,
                        total: $ptotal, batching: Batching::Elementwise, domain: &[$($pdomain),+],
                    } },)+
                    $(Self::$svariant => const { &NumericRow { doc: concat!($($sdoc, "\n"),+), ..$row } },)+
                }
            }

            /// The row's value, or `None` for operands of the wrong number or type.
            pub fn apply<A: Real>(self, operands: &[Operand<A>]) -> Option<Operand<A>> {
                match self {
                    $(Self::$variant => {
                        let [$(Operand::Real($x)),+] = *operands else { return None };
                        Some(Operand::Real($value))
                    })+
                    $(Self::$pvariant => {
                        let [$(Operand::Real($px)),+] = *operands else { return None };
                        Some(Operand::Bool($pvalue))
                    })+
                    $(Self::$svariant => self.apply_special(operands),)+
                }
            }

            /// The partial derivatives of the value `y` by each operand `x`. Empty for predicates and
            /// for rows with operands that are not all numbers.
            pub fn partials<A: Real>(self, x: &[A], y: A) -> Vec<A> {
                let mut partials = vec![y; x.len()];
                if !self.partials_into(x, y, &mut partials) {
                    partials.clear();
                }
                partials
            }

            /// Writes the [`partials`](Self::partials), one for each operand, where it is said to.
            /// Gives whether there are any; else nothing is written.
            #[inline]
            pub fn partials_into<A: Real>(self, x: &[A], y: A, partials: &mut [A]) -> bool {
                match (self, x, partials) {
                    $((Self::$variant, &[$($x),+], partials) => {
                        let all = rules::$ident([$($x),+], y);
                        partials.iter_mut().zip(all).for_each(|(partial, found)| *partial = found);
                    })+
                    (Self::Min | Self::Max, x, partials) => rules::share(x, y, partials),
                    _ => return false,
                }
                true
            }

            /// Which of the [`partials`](Self::partials) are declared zeros: no tangent passes, be it
            /// infinite. Operands past the end have none.
            pub fn declared_zeros(self) -> &'static [bool] {
                match self {
                    $(Self::$variant => &rules::declared_zero::$ident,)+
                    _ => &[],
                }
            }

            /// Shows the row to a visitor as a type.
            #[inline(always)]
            pub fn visit<V: Visitor>(self, visitor: V) -> V::Output {
                match self {
                    $(Self::$variant => visitor.smooth::<{ [$(each!($x ())),+].len() }, types::$variant>(),)+
                    $(Self::$pvariant => visitor.predicate::<{ [$(each!($px ())),+].len() }, types::$pvariant>(),)+
                    $(Self::$svariant)|+ => visitor.special(self),
                }
            }

            /// The cotangent of operand `i` of a row that is linear in it, from the cotangent `ct` of
            /// the result. Operands it is linear in are not read. `None`: not linear in it.
            pub fn transpose<A: Real>(self, i: usize, operands: &[Operand<A>], ct: A) -> Option<A> {
                match (self, operands) {
                    $((Self::$variant, &[$(Operand::Real($x)),+]) => {
                        let rule: fn(usize, [A; const { [$(each!($x ())),+].len() }], A) -> Option<A> = $transpose;
                        rule(i, [$($x),+], ct)
                    })+
                    (Self::Select, &[Operand::Bool(mask), ..]) => match i {
                        1 => Some(A::select(mask, ct, A::lit(0.0))),
                        2 => Some(A::select(mask, A::lit(0.0), ct)),
                        _ => None,
                    },
                    _ => None,
                }
            }
        }

        /// The rows as types, for code that is compiled for each of them by itself.
        pub mod types {
            use super::*;

            $(
                #[doc = concat!("`", stringify!($ident), "` as a type.")]
                #[derive(Debug)]
                pub enum $variant {}

                impl Smooth<{ [$(each!($x ())),+].len() }> for $variant {
                    const DECLARED_ZEROS: [bool; const { [$(each!($x ())),+].len() }] = rules::declared_zero::$ident;

                    #[inline(always)]
                    fn value<A: Real>([$($x),+]: [A; const { [$(each!($x ())),+].len() }]) -> A {
                        $value
                    }
                    #[inline(always)]
                    fn partials<A: Real>(x: [A; const { [$(each!($x ())),+].len() }], y: A) -> [A; const { [$(each!($x ())),+].len() }] {
                        rules::$ident(x, y)
                    }
                }
            )+

            $(
                #[doc = concat!("`", stringify!($pident), "` as a type.")]
                #[derive(Debug)]
                pub enum $pvariant {}

                impl Predicate<{ [$(each!($px ())),+].len() }> for $pvariant {
                    #[inline(always)]
                    fn holds<A: Real>([$($px),+]: [A; const { [$(each!($px ())),+].len() }]) -> A::Mask {
                        $pvalue
                    }
                }
            )+
        }

        /// The local partial derivatives of the smooth rows: `[∂y/∂x₀, …]` from operands and value.
        pub mod rules {
            use super::*;

            $(
                #[doc = concat!("Partials of `", stringify!($ident), "`.")]
                #[inline(always)]
                #[allow(unused_variables, reason = "many partials read only operands or only the value")]
                pub fn $ident<A: Real>([$($x),+]: [A; const { [$(each!($x ())),+].len() }], $y: A) -> [A; const { [$(each!($x ())),+].len() }] {
                    [$($partial),+]
                }
            )+

            /// Which partials are the literal 0: declared zeros, through which no tangent passes, be
            /// it infinite.
            pub mod declared_zero {
                use super::is_zero_literal;
                $(
                    #[doc = concat!("Operands of `", stringify!($ident), "` that its derivative does not see.")]
                    #[allow(non_upper_case_globals, reason = "named as the row is")]
                    pub const $ident: [bool; const { [$(each!($x ())),+].len() }] = [$(is_zero_literal(stringify!($partial))),+];
                )+
            }

            /// Partials of `min` and `max`: all operands equal to the value share it equally.
            #[inline(always)]
            pub fn share<A: Real>(x: &[A], y: A, shares: &mut [A]) {
                let mut ties = A::lit(0.0);
                for x in x {
                    ties = ties + A::indicator(x.equal(y));
                }
                for (share, x) in shares.iter_mut().zip(x) {
                    *share = A::select(x.equal(y), ties.recip(), A::lit(0.0));
                }
            }
        }
    };
}

/// Whether the text of a partial in the table is the literal 0.
const fn is_zero_literal(partial: &str) -> bool {
    const ZERO: &[u8] = b"A::lit(0.0)";
    let partial = partial.as_bytes();
    let mut same = partial.len() == ZERO.len();
    let mut i = 0;
    while same && i < ZERO.len() {
        same = partial[i] == ZERO[i];
        i += 1;
    }
    same
}

/// Not linear in any operand.
macro_rules! nonlinear {
    () => {
        |_, _, _| None
    };
}

impl Numeric {
    /// The row's value where all is numbers: a truth value is whether a number is not 0, and is given as 1 or 0. Nan for operands
    /// of the wrong number.
    ///
    /// ```
    /// use scheme_core::prim::Numeric;
    ///
    /// assert_eq!(Numeric::Mul.on(&[2.0, 3.0]), 6.0);
    /// assert_eq!(Numeric::Less.on(&[2.0, 3.0]), 1.0);
    /// assert_eq!(Numeric::Select.on(&[0.0, 2.0, 3.0]), 3.0);
    /// assert!(Numeric::Mul.on(&[2.0_f64]).is_nan());
    /// ```
    pub fn on<A: Real>(self, operands: &[A]) -> A {
        let types = self.row().operands;
        let operand = |(i, x): (usize, &A)| match types.get(i) {
            Some(Scalar::Bool) => Operand::Bool(x.is_zero().not()),
            _ => Operand::Real(*x),
        };
        match self.apply(&operands.iter().enumerate().map(operand).collect::<Vec<_>>()) {
            Some(Operand::Real(y)) => y,
            Some(Operand::Bool(holds)) => A::indicator(holds),
            None => A::lit(f64::NAN),
        }
    }

    fn apply_special<A: Real>(self, operands: &[Operand<A>]) -> Option<Operand<A>> {
        use Operand::{Bool, Real};
        match (self, operands) {
            (Self::Min, operands) => extremum(operands, A::min),
            (Self::Max, operands) => extremum(operands, A::max),
            (Self::Select, &[Bool(mask), Real(then), Real(els)]) => Some(Real(A::select(mask, then, els))),
            (Self::Indicator, &[Bool(mask)]) => Some(Real(A::indicator(mask))),
            (Self::And, &[Bool(a), Bool(b)]) => Some(Bool(a.and(b))),
            (Self::Or, &[Bool(a), Bool(b)]) => Some(Bool(a.or(b))),
            (Self::Not, &[Bool(a)]) => Some(Bool(a.not())),
            _ => None,
        }
    }
}

fn extremum<A: Real>(operands: &[Operand<A>], pick: impl Fn(A, A) -> A) -> Option<Operand<A>> {
    let mut best = None;
    for operand in operands {
        let Operand::Real(x) = *operand else { return None };
        best = Some(best.map_or(x, |best| pick(best, x)));
    }
    best.map(Operand::Real)
}

const fn special(ident: &'static str, operands: &'static [Scalar], result: Scalar) -> NumericRow {
    NumericRow {
        ident,
        name: None,
        alias: None,
        doc: "",
        operands,
        result,
        calls: Calls::Exact,
        total: true,
        batching: Batching::Elementwise,
        domain: &[Domain::ANY, Domain::ANY, Domain::ANY],
    }
}

rows! {
    smooth {
        /// `(+ a …)`: a + b, folded from the left; `(+)` is 0.
        Add add Some("+"), None, Calls::Fold { unit: 0.0 };
        (a, b) y = a + b;
        partials [A::lit(1.0), A::lit(1.0)];
        transpose |_, _, ct| Some(ct);
        domain [Domain::ANY, Domain::ANY];

        /// `(- a b …)`: a − b, folded from the left; `(- a)` is the negation.
        Sub sub Some("-"), None, Calls::FoldOr(Numeric::Neg);
        (a, b) y = a - b;
        partials [A::lit(1.0), -A::lit(1.0)];
        transpose |i, _, ct| Some(if i == 0 { ct } else { -ct });
        domain [Domain::ANY, Domain::ANY];

        /// `(* a …)`: a·b, folded from the left; `(*)` is 1.
        Mul mul Some("*"), None, Calls::Fold { unit: 1.0 };
        (a, b) y = a * b;
        partials [b, a];
        transpose |i, [a, b], ct| Some(if i == 0 { ct * b } else { a * ct });
        domain [Domain::ANY, Domain::ANY];

        /// `(/ a b …)`: a / b by IEEE 754, folded from the left; `(/ a)` is the reciprocal.
        /// 1/0 is inf, 0/0 nan. ∂/∂a = 1/b, ∂/∂b = −(a/b)/b.
        Div div Some("/"), None, Calls::FoldOr(Numeric::Recip);
        (a, b) y = a / b;
        partials [b.recip(), -(y * b.recip())];
        transpose |i, [_, b], ct| (i == 0).then(|| ct * b.recip());
        domain [Domain::ANY, Domain::POSITIVE];

        /// −a; the sign bit flips.
        Neg neg None, None, Calls::Exact;
        (a) y = -a;
        partials [-A::lit(1.0)];
        transpose |_, _, ct| Some(-ct);
        domain [Domain::ANY];

        /// 1/a.
        Recip recip None, None, Calls::Exact;
        (a) y = a.recip();
        partials [-(y * y)];
        transpose nonlinear!();
        domain [Domain::POSITIVE];

        /// `(inexact a)`: a; every number is inexact.
        Identity identity Some("inexact"), Some("exact->inexact"), Calls::Exact;
        (a) y = a;
        partials [A::lit(1.0)];
        transpose |_, _, ct| Some(ct);
        domain [Domain::ANY];

        /// `(stop-gradient a)`: a, with derivative 0.
        StopGradient stop_gradient Some("stop-gradient"), None, Calls::Exact;
        (a) y = a.stop_gradient();
        partials [A::lit(0.0)];
        transpose nonlinear!();
        domain [Domain::ANY];

        /// `(abs a)`: |a|. Derivative sign(a), 0 at 0.
        Abs abs Some("abs"), Some("magnitude"), Calls::Exact;
        (a) y = a.abs();
        partials [a.sign()];
        transpose nonlinear!();
        domain [Domain::kinked(-4.0, 4.0, &[0.0])];

        /// 1, 0 or −1; nan for nan.
        Sign sign None, None, Calls::Exact;
        (a) y = a.sign();
        partials [A::lit(0.0)];
        transpose nonlinear!();
        domain [Domain::kinked(-4.0, 4.0, &[0.0])];

        /// `(square a)`: a·a.
        Square square Some("square"), None, Calls::Exact;
        (a) y = a * a;
        partials [a + a];
        transpose nonlinear!();
        domain [Domain::ANY];

        /// `(cube a)`: a·a·a.
        Cube cube Some("cube"), None, Calls::Exact;
        (a) y = a * a * a;
        partials [A::lit(3.0) * (a * a)];
        transpose nonlinear!();
        domain [Domain::ANY];

        /// `(sqrt a)`: √a, correctly rounded; nan below 0. Derivative 1/(2√a), inf at 0.
        Sqrt sqrt Some("sqrt"), None, Calls::Exact;
        (a) y = a.sqrt();
        partials [A::lit(0.5) / y];
        transpose nonlinear!();
        domain [Domain::POSITIVE];

        /// √a, as the norm of a vector is of its squares' sum. Derivative 1/(2√a), 0 at 0.
        NormRoot norm_root None, None, Calls::Exact;
        (a) y = a.norm_root();
        partials [A::lit(0.5) / divisor(y)];
        transpose nonlinear!();
        domain [Domain::POSITIVE];

        /// a/b, an element of a vector over its norm; for b = 0 a zero of the sign of a.
        /// Derivatives 1/b and −(a/b)/b, 0 for b = 0.
        NormRatio norm_ratio None, None, Calls::Exact;
        (a, b) y = a.norm_ratio(b);
        partials [divisor(b).recip(), -(y * divisor(b).recip())];
        transpose |i, [_, b], ct| (i == 0).then(|| ct * divisor(b).recip());
        domain [Domain::ANY, Domain::POSITIVE];

        /// `(floor a)`: greatest integer ≤ a; never −0. Derivative 0.
        Floor floor Some("floor"), None, Calls::Exact;
        (a) y = a.floor();
        partials [A::lit(0.0)];
        transpose nonlinear!();
        domain [Domain::kinked(-4.0, 4.0, &[-4.0, -3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0])];

        /// `(ceiling a)`: least integer ≥ a; never −0. Derivative 0.
        Ceiling ceiling Some("ceiling"), None, Calls::Exact;
        (a) y = a.ceiling();
        partials [A::lit(0.0)];
        transpose nonlinear!();
        domain [Domain::kinked(-4.0, 4.0, &[-4.0, -3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0])];

        /// `(round a)`: nearest integer, ties to even; never −0. Derivative 0.
        Round round Some("round"), None, Calls::Exact;
        (a) y = a.round();
        partials [A::lit(0.0)];
        transpose nonlinear!();
        domain [Domain::kinked(-4.0, 4.0, &[-4.5, -3.5, -2.5, -1.5, 0.5, 1.5, 2.5, 3.5])];

        /// `(truncate a)`: a less its fraction; never −0. Derivative 0.
        Truncate truncate Some("truncate"), None, Calls::Exact;
        (a) y = a.truncate();
        partials [A::lit(0.0)];
        transpose nonlinear!();
        domain [Domain::kinked(-4.0, 4.0, &[-4.0, -3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0])];

        /// `(quotient a b)`: (a − remainder(a, b)) / b, an integer; nan for b = 0. Derivative 0.
        Quotient quotient Some("quotient"), Some("truncate-quotient"), Calls::Exact;
        (a, b) y = a.quotient(b);
        partials [A::lit(0.0), A::lit(0.0)];
        transpose nonlinear!();
        domain [Domain::within(6.1, 6.9), Domain::within(2.05, 2.95)];

        /// `(remainder a b)`: a − b·trunc(a/b), exact, with the sign of a; nan for b = 0.
        /// Derivatives 1 and −trunc(a/b).
        Remainder remainder Some("remainder"), Some("truncate-remainder"), Calls::Exact;
        (a, b) y = a.remainder(b);
        partials [A::lit(1.0), ((y - a) / b).round()];
        transpose nonlinear!();
        domain [Domain::within(6.1, 6.9), Domain::within(2.05, 2.95)];

        /// `(modulo a b)`: a − b·floor(a/b), with the sign of b; nan for b = 0.
        /// Derivatives 1 and −floor(a/b).
        Modulo modulo Some("modulo"), Some("floor-remainder"), Calls::Exact;
        (a, b) y = a.modulo(b);
        partials [A::lit(1.0), ((y - a) / b).round()];
        transpose nonlinear!();
        domain [Domain::within(-6.9, -6.1), Domain::within(2.05, 2.95)];

        /// `(exp a)`: eᵃ.
        Exp exp Some("exp"), None, Calls::Exact;
        (a) y = a.exp();
        partials [y];
        transpose nonlinear!();
        domain [Domain::ANY];

        /// `(expm1 a)`: eᵃ − 1, without cancellation near 0.
        Expm1 expm1 Some("expm1"), None, Calls::Exact;
        (a) y = a.expm1();
        partials [a.exp()];
        transpose nonlinear!();
        domain [Domain::ANY];

        /// `(log a)`: ln a; −inf at 0, nan below. `(log a b)` is to base b.
        Log log Some("log"), None, Calls::OrBinary(Numeric::LogBase);
        (a) y = a.log();
        partials [a.recip()];
        transpose nonlinear!();
        domain [Domain::POSITIVE];

        /// ln a / ln b.
        LogBase log_base None, None, Calls::Exact;
        (a, b) y = a.log_base(b);
        partials [(a * b.log()).recip(), -(y / (b * b.log()))];
        transpose nonlinear!();
        domain [Domain::POSITIVE, Domain::within(1.5, 5.0)];

        /// `(log1p a)`: ln(1 + a), without cancellation near 0; −inf at −1.
        Log1p log1p Some("log1p"), None, Calls::Exact;
        (a) y = a.log1p();
        partials [(A::lit(1.0) + a).recip()];
        transpose nonlinear!();
        domain [Domain::within(-0.9, 4.0)];

        /// `(sin a)`: the sine of a in radians; nan at ±inf.
        Sin sin Some("sin"), None, Calls::Exact;
        (a) y = a.sin();
        partials [a.cos()];
        transpose nonlinear!();
        domain [Domain::ANY];

        /// `(cos a)`: the cosine of a in radians; nan at ±inf.
        Cos cos Some("cos"), None, Calls::Exact;
        (a) y = a.cos();
        partials [-a.sin()];
        transpose nonlinear!();
        domain [Domain::ANY];

        /// `(tan a)`: the tangent of a in radians. Derivative 1 + tan²a.
        Tan tan Some("tan"), None, Calls::Exact;
        (a) y = a.tan();
        partials [A::lit(1.0) + y * y];
        transpose nonlinear!();
        domain [Domain::within(-1.4, 1.4)];

        /// `(asin a)`: in [−π/2, π/2]; nan outside [−1, 1].
        Asin asin Some("asin"), None, Calls::Exact;
        (a) y = a.asin();
        partials [((A::lit(1.0) - a) * (A::lit(1.0) + a)).sqrt().recip()];
        transpose nonlinear!();
        domain [Domain::within(-0.9, 0.9)];

        /// `(acos a)`: in [0, π]; nan outside [−1, 1].
        Acos acos Some("acos"), None, Calls::Exact;
        (a) y = a.acos();
        partials [-((A::lit(1.0) - a) * (A::lit(1.0) + a)).sqrt().recip()];
        transpose nonlinear!();
        domain [Domain::within(-0.9, 0.9)];

        /// `(atan a)`: in [−π/2, π/2]. `(atan y x)` is the angle of the point (x, y).
        Atan atan Some("atan"), None, Calls::OrBinary(Numeric::Atan2);
        (a) y = a.atan();
        partials [(A::lit(1.0) + a * a).recip()];
        transpose nonlinear!();
        domain [Domain::ANY];

        /// The angle of the point (b, a), in [−π, π], signed zeros as in C99.
        /// ∂/∂a = b/(a² + b²), ∂/∂b = −a/(a² + b²); 0 at the origin.
        Atan2 atan2 None, None, Calls::Exact;
        (a, b) y = a.atan2(b);
        partials [angle(a, b, b), -angle(a, b, a)];
        transpose nonlinear!();
        domain [Domain::POSITIVE, Domain::ANY];

        /// `(sinh a)`: (eᵃ − e⁻ᵃ)/2.
        Sinh sinh Some("sinh"), None, Calls::Exact;
        (a) y = a.sinh();
        partials [a.cosh()];
        transpose nonlinear!();
        domain [Domain::ANY];

        /// `(cosh a)`: (eᵃ + e⁻ᵃ)/2.
        Cosh cosh Some("cosh"), None, Calls::Exact;
        (a) y = a.cosh();
        partials [a.sinh()];
        transpose nonlinear!();
        domain [Domain::ANY];

        /// `(tanh a)`: sinh a / cosh a. Derivative sech²a: 1 − tanh²a below ½, and beyond, where that loses its digits, 4u/(1 + u)² of
        /// u = e^(−2|a|).
        Tanh tanh Some("tanh"), None, Calls::Exact;
        (a) y = a.tanh();
        partials [sech_squared(a, y)];
        transpose nonlinear!();
        domain [Domain::ANY];

        /// `(sigmoid a)`: 1/(1 + e⁻ᵃ). Derivative σ(a)·σ(−a).
        Sigmoid sigmoid Some("sigmoid"), None, Calls::Exact;
        (a) y = a.sigmoid();
        partials [y * (-a).sigmoid()];
        transpose nonlinear!();
        domain [Domain::ANY];

        /// `(softplus a)`: ln(1 + eᵃ), without overflow.
        Softplus softplus Some("softplus"), None, Calls::Exact;
        (a) y = a.softplus();
        partials [a.sigmoid()];
        transpose nonlinear!();
        domain [Domain::ANY];

        /// `(relu a)`: a above 0, else 0. Derivative 0 at 0.
        Relu relu Some("relu"), None, Calls::Exact;
        (a) y = a.relu();
        partials [A::indicator(a.is_positive())];
        transpose nonlinear!();
        domain [Domain::kinked(-4.0, 4.0, &[0.0])];

        /// `(erf a)`: 2/√π ∫₀ᵃ e^(−t²) dt.
        Erf erf Some("erf"), None, Calls::Exact;
        (a) y = a.erf();
        partials [A::two_over_sqrt_pi() * (-(a * a)).exp()];
        transpose nonlinear!();
        domain [Domain::ANY];

        /// `(lgamma a)`: ln |Γ(a)|; inf at 0, −1, −2, … Derivative digamma(a).
        Lgamma lgamma Some("lgamma"), None, Calls::Exact;
        (a) y = a.lgamma();
        partials [A::lit(0.0).polygamma(a)];
        transpose nonlinear!();
        domain [Domain::POSITIVE];

        /// The polygamma function of integral order a ≥ 0 at b, the derivative a + 1 of lgamma; order 0 is digamma.
        /// Nan for other orders.
        Polygamma polygamma None, None, Calls::Exact;
        (a, b) y = a.polygamma(b);
        partials [A::lit(0.0), (a + A::lit(1.0)).polygamma(b)];
        transpose nonlinear!();
        domain [Domain::kinked(0.0, 0.0, &[]), Domain::POSITIVE];

        /// `(expt a b)`: aᵇ; a⁰ is 1, nan for a < 0 unless b is integral.
        /// ∂/∂a = b·aᵇ⁻¹, 0 where that is 0·∞; ∂/∂b = aᵇ·ln a, 0 for a = 0 and b > 0.
        Expt expt Some("expt"), Some("pow"), Calls::Exact;
        (a, b) y = a.expt(b);
        partials [power_by_base(a, b), power_by_exponent(a, b, y)];
        transpose nonlinear!();
        domain [Domain::POSITIVE, Domain::ANY];
    }
    predicates {
        /// `(< a b …)`: each less than the next; `#f` with nan.
        Less less Some("<"), Calls::Chain, true;
        (a, b) = a.less(b);
        domain [Domain::ANY, Domain::ANY];

        /// `(<= a b …)`: none greater than the next; `#f` with nan.
        LessEq less_eq Some("<="), Calls::Chain, true;
        (a, b) = a.less_eq(b);
        domain [Domain::ANY, Domain::ANY];

        /// `(> a b …)`: each greater than the next; `#f` with nan.
        Greater greater Some(">"), Calls::Chain, true;
        (a, b) = a.greater(b);
        domain [Domain::ANY, Domain::ANY];

        /// `(>= a b …)`: none less than the next; `#f` with nan.
        GreaterEq greater_eq Some(">="), Calls::Chain, true;
        (a, b) = a.greater_eq(b);
        domain [Domain::ANY, Domain::ANY];

        /// `(= a b …)`: all equal; 0 = −0, nan is equal to nothing.
        Equal equal Some("="), Calls::Chain, true;
        (a, b) = a.equal(b);
        domain [Domain::ANY, Domain::ANY];

        /// What `eq?`, `eqv?` and `equal?` say of two numbers: equal, or both nan.
        Eqv eqv None, Calls::Exact, true;
        (a, b) = a.eqv(b);
        domain [Domain::ANY, Domain::ANY];

        /// `(zero? a)`: a = 0.
        IsZero is_zero Some("zero?"), Calls::Exact, true;
        (a) = a.is_zero();
        domain [Domain::ANY];

        /// `(positive? a)`: a > 0.
        IsPositive is_positive Some("positive?"), Calls::Exact, true;
        (a) = a.is_positive();
        domain [Domain::ANY];

        /// `(negative? a)`: a < 0.
        IsNegative is_negative Some("negative?"), Calls::Exact, true;
        (a) = a.is_negative();
        domain [Domain::ANY];

        /// `(nan? a)`: whether a is nan.
        IsNan is_nan Some("nan?"), Calls::Exact, true;
        (a) = a.is_nan();
        domain [Domain::ANY];

        /// `(finite? a)`: whether a is neither infinite nor nan.
        IsFinite is_finite Some("finite?"), Calls::Exact, true;
        (a) = a.is_finite();
        domain [Domain::ANY];

        /// Whether a is integral, `2.0` included: `integer?` and its kin of a number.
        IsInteger is_integer None, Calls::Exact, true;
        (a) = a.is_integer();
        domain [Domain::ANY];

        /// `(even? a)`: whether the integer a is a multiple of 2; a domain error for other numbers.
        IsEven is_even Some("even?"), Calls::Exact, false;
        (a) = a.is_even();
        domain [Domain::ANY];

        /// `(odd? a)`: whether the integer a is no multiple of 2; a domain error for other numbers.
        IsOdd is_odd Some("odd?"), Calls::Exact, false;
        (a) = a.is_odd();
        domain [Domain::ANY];
    }
    special {
        /// `(min a …)`: the least; nan if any operand is. Ties share the derivative equally.
        Min NumericRow { name: Some("min"), calls: Calls::All, ..special("min", &[Scalar::Real], Scalar::Real) };
        /// `(max a …)`: the greatest; nan if any operand is. Ties share the derivative equally.
        Max NumericRow { name: Some("max"), calls: Calls::All, ..special("max", &[Scalar::Real], Scalar::Real) };
        /// The second operand where the first is true, else the third; linear in both, and the one
        /// not taken reaches neither value nor derivative.
        Select special("select", &[Scalar::Bool, Scalar::Real, Scalar::Real], Scalar::Real);
        /// A truth value counted in arithmetic: 1 or 0. Derivative 0.
        Indicator special("indicator", &[Scalar::Bool], Scalar::Real);
        /// Both truth values.
        And special("and", &[Scalar::Bool, Scalar::Bool], Scalar::Bool);
        /// Either truth value.
        Or special("or", &[Scalar::Bool, Scalar::Bool], Scalar::Bool);
        /// The other truth value.
        Not special("not", &[Scalar::Bool], Scalar::Bool);
    }
}

/// `b·aᵇ⁻¹`, 0 where that is 0·∞. For b = 0 it is written as `(b/a)·aᵇ`, whose own derivative by a is 0 where that of aᵇ⁻¹
/// overflows; elsewhere that quotient is put out of the way, so that its partials are finite.
#[inline(always)]
fn power_by_base<A: Real>(a: A, b: A) -> A {
    let (zero, one) = (b.is_zero(), A::lit(1.0));
    let factor = A::select(zero, b / A::select(zero, a, one), b);
    let partial = factor * a.expt(A::select(zero, b, b - one));
    A::select(zero.and(partial.is_nan()), A::lit(0.0), partial)
}

/// `aᵇ·ln a`, 0 for a = 0 and b > 0, where the logarithm is put out of the way as well.
#[inline(always)]
fn power_by_exponent<A: Real>(a: A, b: A, y: A) -> A {
    let vanishes = a.is_zero().and(b.is_positive());
    let log = A::select(vanishes, A::lit(1.0), a).log();
    A::select(vanishes, A::lit(0.0), y * log)
}

/// `1 / cosh²a`, where `tanh` is that of `a`: no power overflows, in derivatives of any order, and near 0 none cancels.
#[inline(always)]
fn sech_squared<A: Real>(a: A, tanh: A) -> A {
    let size = a.abs();
    let u = (size * A::lit(-2.0)).exp();
    let v = u + A::lit(1.0);
    A::select(size.less(A::lit(0.5)), A::lit(1.0) - tanh * tanh, A::lit(4.0) * u / (v * v))
}

/// What a norm divides as: infinity for 0, so that the quotient and all its derivatives are 0.
#[inline(always)]
fn divisor<A: Real>(norm: A) -> A {
    A::select(norm.is_zero(), A::lit(f64::INFINITY), norm)
}

/// `numerator / (a² + b²)` without overflow, 0 at the origin.
#[inline(always)]
fn angle<A: Real>(a: A, b: A, numerator: A) -> A {
    let scale = a.abs().max(b.abs());
    let (u, v) = (a / scale, b / scale);
    let share = numerator / scale / ((u * u + v * v) * scale);
    A::select(scale.is_zero(), A::lit(0.0), share)
}

#[cfg(test)]
mod tests {
    use super::rules::declared_zero;

    #[test]
    fn declared_zeros_are_read_from_the_table() {
        assert_eq!(declared_zero::floor, [true]);
        assert_eq!(declared_zero::stop_gradient, [true]);
        assert_eq!(declared_zero::quotient, [true, true]);
        assert_eq!(declared_zero::polygamma, [true, false]);
        assert_eq!(declared_zero::mul, [false, false]);
    }
}
