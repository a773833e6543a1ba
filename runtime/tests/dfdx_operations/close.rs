//! When two numbers are one, operation by operation.

use scheme_runtime::Element;

/// The relative error that the language allows operation by operation.
pub fn tolerance<E: Element>() -> f64 {
    if is_double::<E>() { 1e-12 } else { 1e-5 }
}

fn is_double<E: Element>() -> bool {
    (E::lit(1.0) + E::lit(1e-12)).into() > 1.0
}

/// The least size below which relative errors mean nothing.
fn least<E: Element>() -> f64 {
    if is_double::<E>() { f64::MIN_POSITIVE } else { f32::MIN_POSITIVE.into() }
}

/// Whether `found` is `wanted`, or as near as what is wanted at operands nearby: that scales by conditioning. Where
/// there is a jump nearby, it says nothing, and is not looked at.
pub fn close<E: Element>(found: f64, wanted: f64, nearby: impl FnOnce() -> Vec<f64>) -> bool {
    if found.is_nan() || wanted.is_nan() {
        return found.is_nan() && wanted.is_nan();
    }
    let error = (found - wanted).abs();
    if found == wanted || error <= tolerance::<E>() * wanted.abs() + least::<E>() {
        return true;
    }
    let spread = nearby().into_iter().map(|x| (x - wanted).abs()).fold(0.0, f64::max);
    spread < 1e-3 * (1.0 + wanted.abs()) && error <= 2.0 * spread
}
