//! How each row of the table runs on dfdx: one match over all rows, without a wildcard.

use super::{
    formulas::{self as f, Out},
    value::{Flat, Made, Taped},
};
use crate::{tensors::Backend, vmap::Element};
use dfdx::{
    shapes::Dtype,
    tensor_ops::{TryAdd, TryMul, TrySub},
};
use scheme_core::prim::Numeric;

/// How a row runs.
pub(super) enum Way<E: Element + Dtype, D: Backend<E>> {
    /// It is its operand.
    Itself,
    /// It is its operand, with no way back to it.
    Detached,
    /// dfdx's operation on one tensor, whose derivative is the table's, edges included.
    One(fn(Taped<E, D>) -> Made<Taped<E, D>, D>),
    /// dfdx's operation on two, likewise.
    Two(Two<E, D>),
    /// dfdx's choice, which gives nothing back to the side not chosen.
    Choice,
    /// A formula of dfdx's operations on one tensor. The derivative is the table's formula, on dfdx's operations as well,
    /// here and below.
    Formula1(fn(&Flat<E, D>) -> Out<E, D>),
    /// The same on two.
    Formula2(fn(&Flat<E, D>, &Flat<E, D>) -> Out<E, D>),
    /// A formula on two, folded from the left over any number.
    Fold(fn(&Flat<E, D>, &Flat<E, D>) -> Out<E, D>),
    /// dfdx's power where the exponent is a number that the host knows, else as the next.
    Power,
    /// The row itself, element by element on the host.
    Host,
}

/// An operation of dfdx on two tensors, and on a tensor and a number.
pub(super) struct Two<E: Element + Dtype, D: Backend<E>> {
    pub(super) both: fn(Taped<E, D>, Flat<E, D>) -> Made<Taped<E, D>, D>,
    pub(super) right: fn(Taped<E, D>, E) -> Made<Taped<E, D>, D>,
    pub(super) left: fn(E, Taped<E, D>) -> Made<Taped<E, D>, D>,
}

/// How a row runs.
pub(super) fn way<E: Element + Dtype, D: Backend<E>>(row: Numeric) -> Way<E, D> {
    match row {
        Numeric::Add => {
            Way::Two(Two { both: |a, b| a.try_add(b), right: |a, x| a.try_add(x), left: |x, a| a.try_add(x) })
        }
        Numeric::Sub => Way::Two(Two {
            both: |a, b| a.try_sub(b),
            right: |a, x| a.try_sub(x),
            left: |x, a| a.try_negate()?.try_add(x),
        }),
        Numeric::Mul => {
            Way::Two(Two { both: |a, b| a.try_mul(b), right: |a, x| a.try_mul(x), left: |x, a| a.try_mul(x) })
        }
        // dfdx divides by the square of the divisor, which under- and overflows where the table's formula does not.
        Numeric::Div => Way::Formula2(f::div),
        Numeric::Neg => Way::One(|a| a.try_negate()),
        Numeric::Recip => Way::One(|a| a.try_recip()),
        Numeric::Identity => Way::Itself,
        Numeric::StopGradient => Way::Detached,
        Numeric::Abs => Way::One(|a| a.try_abs()),
        Numeric::Sign => Way::Formula1(f::sign),
        Numeric::Square => Way::One(|a| a.try_square()),
        Numeric::Cube => Way::Formula1(f::cube),
        Numeric::Sqrt => Way::One(|a| a.try_sqrt()),
        Numeric::NormRoot => Way::Formula1(f::sqrt),
        Numeric::NormRatio => Way::Formula2(f::norm_ratio),
        Numeric::Floor => Way::Formula1(f::floor),
        Numeric::Ceiling => Way::Formula1(f::ceiling),
        Numeric::Round => Way::Formula1(f::round),
        Numeric::Truncate => Way::Formula1(f::truncate),
        Numeric::Quotient => Way::Host,
        Numeric::Remainder => Way::Host,
        Numeric::Modulo => Way::Host,
        Numeric::Exp => Way::One(|a| a.try_exp()),
        Numeric::Expm1 => Way::Formula1(f::expm1),
        Numeric::Log => Way::One(|a| a.try_ln()),
        Numeric::LogBase => Way::Formula2(f::log_base),
        Numeric::Log1p => Way::Formula1(f::log1p),
        Numeric::Sin => Way::One(|a| a.try_sin()),
        Numeric::Cos => Way::One(|a| a.try_cos()),
        Numeric::Tan => Way::Formula1(f::tan),
        Numeric::Asin => Way::Host,
        Numeric::Acos => Way::Host,
        Numeric::Atan => Way::Host,
        Numeric::Atan2 => Way::Host,
        Numeric::Sinh => Way::Formula1(f::sinh),
        Numeric::Cosh => Way::Formula1(f::cosh),
        Numeric::Tanh => Way::Formula1(f::tanh),
        Numeric::Sigmoid => Way::Formula1(f::sigmoid),
        Numeric::Softplus => Way::Formula1(f::softplus),
        Numeric::Relu => Way::Formula1(f::relu),
        Numeric::Erf => Way::Host,
        Numeric::Lgamma => Way::Host,
        Numeric::Polygamma => Way::Host,
        Numeric::Expt => Way::Power,
        Numeric::Less => Way::Formula2(f::less),
        Numeric::LessEq => Way::Formula2(f::less_eq),
        Numeric::Greater => Way::Formula2(f::greater),
        Numeric::GreaterEq => Way::Formula2(f::greater_eq),
        Numeric::Equal => Way::Formula2(f::equal),
        Numeric::Eqv => Way::Formula2(f::eqv),
        Numeric::IsZero => Way::Formula1(f::zero),
        Numeric::IsPositive => Way::Formula1(f::positive),
        Numeric::IsNegative => Way::Formula1(f::negative),
        Numeric::IsNan => Way::Formula1(f::nan),
        Numeric::IsFinite => Way::Formula1(f::finite),
        Numeric::IsInteger => Way::Formula1(f::integer),
        Numeric::IsEven => Way::Formula1(f::even),
        Numeric::IsOdd => Way::Formula1(f::odd),
        Numeric::Min => Way::Fold(f::lesser),
        Numeric::Max => Way::Fold(f::larger),
        Numeric::Select => Way::Choice,
        Numeric::Indicator => Way::Itself,
        Numeric::And => Way::Formula2(f::and),
        Numeric::Or => Way::Formula2(f::or),
        Numeric::Not => Way::Formula1(f::not),
    }
}
