//! Programs on a stranger's numbers, to the digits that these have.

mod support;

use scheme_runtime::{Dual, Foreign, Real, prelude::*};
use support::double::Double;

type Exact = Foreign<Double>;

/// A number whose digits are known: the double, and what it lacks.
fn known(hi: f64, lo: f64) -> Double {
    Double { hi, lo }
}

#[track_caller]
fn agree(found: Exact, wanted: Double, what: &str) {
    let error = (found.0 - wanted).hi.abs();
    assert!(error <= 3e-29 * wanted.hi.abs(), "{what}: {:?} is off by {error:e}", found.0);
}

/// Values at 0.7 and the like, computed to 60 digits with mpmath.
#[test]
fn functions_have_the_digits_of_the_number() {
    let x = Exact::lit(0.7);
    let order = Exact::lit;
    agree(x.exp(), known(2.0137527074704766, -2.0058243549764793e-16), "x.exp()");
    agree(x.expm1(), known(1.0137527074704764, 2.146216942738339e-17), "x.expm1()");
    agree(x.log(), known(-0.35667494393873245, 4.82556379937662e-18), "x.log()");
    agree(x.log1p(), known(0.5306282510621704, -5.076541175216476e-18), "x.log1p()");
    agree(x.sin(), known(0.644217687237691, 2.8740567927338755e-18), "x.sin()");
    agree(x.cos(), known(0.7648421872844885, -4.013780434022238e-17), "x.cos()");
    agree(x.tan(), known(0.8422883804630794, -3.9128846706146343e-17), "x.tan()");
    agree(x.asin(), known(0.775397496610753, 3.395027444633425e-17), "x.asin()");
    agree(x.acos(), known(0.7953988301841436, 2.7282065511033407e-17), "x.acos()");
    agree(x.atan(), known(0.6107259643892086, 2.2418914462967458e-17), "x.atan()");
    agree(x.sinh(), known(0.7585837018395335, -4.9693841630321686e-17), "x.sinh()");
    agree(x.cosh(), known(1.255169005630943, -3.986629140481058e-17), "x.cosh()");
    agree(x.tanh(), known(0.6043677771171635, -2.7916180015425346e-17), "x.tanh()");
    agree(x.sqrt(), known(0.8366600265340756, -4.12265279558505e-17), "x.sqrt()");
    agree(x.sigmoid(), known(0.668187772168166, 4.6882662817831034e-17), "x.sigmoid()");
    agree((-x).sigmoid(), known(0.3318122278318339, 8.62848841342679e-18), "(-x).sigmoid()");
    agree(x.softplus(), known(1.103186048885458, -4.036125128709739e-17), "x.softplus()");
    agree((-x).softplus(), known(0.4031860488854579, 1.5149899944160434e-17), "(-x).softplus()");
    agree(x.atan2(order(-0.4)), known(2.0899424410414196, 4.816678497938637e-17), "x.atan2(order(-0.4))");
    agree(x.expt(order(2.3)), known(0.44027648647741346, -1.7722596309262897e-17), "x.expt(order(2.3))");
    agree(order(-1.5).expt(order(3.0)), known(-3.375, 0.0), "order(-1.5).expt(order(3.0))");
    agree(
        Exact::two_over_sqrt_pi(),
        known(std::f64::consts::FRAC_2_SQRT_PI, 1.533545961316588e-17),
        "Exact::two_over_sqrt_pi()",
    );
    agree(x.erf(), known(0.6778011938374184, 5.860416063065593e-18), "x.erf()");
    agree(order(-2.4).erf(), known(-0.999311486103355, 4.118150262075508e-17), "order(-2.4).erf()");
    agree(order(3.5).erf(), known(0.9999992569016276, 4.9647279187212204e-17), "order(3.5).erf()");
    agree(x.lgamma(), known(0.26086724653166654, 2.7367370970288024e-17), "x.lgamma()");
    agree(order(30.5).lgamma(), known(72.9534711841694, 6.415290528095157e-15), "order(30.5).lgamma()");
    agree(order(-2.3).lgamma(), known(0.36956666345500805, -1.1251747704374314e-17), "order(-2.3).lgamma()");
    agree(
        order(0.0).polygamma(x),
        known(-1.2200235536979347, -4.774245834389668e-17),
        "order(0.0).polygamma(x)",
    );
    agree(
        order(1.0).polygamma(x),
        known(2.834049156694611, 3.0049203062805335e-17),
        "order(1.0).polygamma(x)",
    );
    agree(
        order(2.0).polygamma(x),
        known(-6.4349928741909235, -2.2125156760782347e-16),
        "order(2.0).polygamma(x)",
    );
    agree(
        order(5.0).polygamma(order(12.5)),
        known(9.562271597107644e-05, 4.0560953695157785e-21),
        "order(5.0).polygamma(order(12.5))",
    );
    agree(
        order(0.0).polygamma(order(-1.3)),
        known(2.8825405488661673, 1.8973113287095703e-17),
        "order(0.0).polygamma(order(-1.3))",
    );
    agree(
        order(3.0).polygamma(order(-1.3)),
        known(768.7206571990426, 4.5844061110829616e-14),
        "order(3.0).polygamma(order(-1.3))",
    );
}

/// The density of the normal distribution, where π in the program is the double.
#[test]
fn a_program_and_its_derivatives_have_them_too() {
    let density = scheme! {
        (let ((z (/ (- x mu) s)))
          (/ (exp (* -0.5 z z)) (* s (sqrt (* 2 3.141592653589793)))))
    };
    let at = [0.3, 1.1, 0.7].map(Exact::lit);
    let (value, [dx, dmu, ds]) = value_and_grad(density).call(at);
    agree(value, known(0.2966136544502864, -2.600286874384735e-17), "value");
    agree(dx, known(0.4842671909392432, 2.2832416219527217e-17), "by x");
    agree(dmu, known(-0.4842671909392432, -2.2832416219527217e-17), "by mu");
    agree(ds, known(0.12971442614444034, -1.0076993182914767e-17), "by s");
    agree(hessian(density).call(at)[0][0], known(0.1853063230634862, -1.0569792067274497e-17), "twice by x");
    agree(density.call(at), value.0, "the same value");
}

#[test]
fn the_derivative_of_erf_is_not_held_to_doubles() {
    // By dual numbers; the adjoint that `scheme!` emits has the constant of this slope as a double.
    let f = scheme! { (erf x) };
    let x = Exact::lit(0.7);
    let (_, slope) = jvp(f).call((x, Exact::lit(1.0)));
    agree(slope, known(0.6912748604105386, -3.459405309536891e-17), "slope of erf");
    let twice =
        f.call(Dual::<Dual<Exact>>::new(Dual::new(x, Exact::lit(1.0)), Dual::constant(Exact::lit(1.0))));
    agree(twice.tangent().tangent(), known(-0.967784804574754, 2.1011373673289635e-17), "its slope");
}

/// `f64` as a stranger's number: edges as in the primitive table.
#[test]
fn edges_are_those_of_the_table() {
    let x = Foreign::<f64>;
    let same =
        |found: Foreign<f64>, wanted: f64| assert_eq!(found.0.to_bits(), wanted.to_bits(), "{found:?}");
    same(x(2.5).round(), 2.0);
    same(x(-3.5).round(), -4.0);
    same(x(-0.4).round(), 0.0);
    same(x(-0.4).ceiling(), 0.0);
    same(x(-0.4).truncate(), 0.0);
    same(x(-7.0).remainder(x(7.0)), 0.0);
    same(x(-7.5).modulo(x(2.0)), 0.5);
    same(x(-7.5).quotient(x(2.0)), -3.0);
    same(x(-2.0).expt(x(3.0)), -8.0);
    same(x(-2.0).expt(x(-2.0)), 0.25);
    same(x(0.0).expt(x(0.0)), 1.0);
    same(x(0.0).expt(x(-1.0)), f64::INFINITY);
    same(x(-0.0).expt(x(-3.0)), f64::NEG_INFINITY);
    same(x(f64::NEG_INFINITY).expt(x(3.0)), f64::NEG_INFINITY);
    same(x(2.0).expt(x(f64::NEG_INFINITY)), 0.0);
    same(x(0.5).expt(x(f64::NEG_INFINITY)), f64::INFINITY);
    same(x(-1.0).expt(x(f64::INFINITY)), 1.0);
    assert!(x(-2.0).expt(x(0.5)).is_nan());
    assert!(x(1.0).min(x(f64::NAN)).is_nan() && x(f64::NAN).max(x(1.0)).is_nan());
    same(x(0.0).lgamma(), f64::INFINITY);
    same(x(-2.0).lgamma(), f64::INFINITY);
    same(x(9.0).erf(), 1.0);
    same(x(f64::NEG_INFINITY).erf(), -1.0);
    same(x(-1000.0).sigmoid(), 0.0);
    same(x(1000.0).softplus(), 1000.0);
    assert!(x(0.5).polygamma(x(1.0)).is_nan() && x(-1.0).polygamma(x(1.0)).is_nan());
    assert!(x(0.0).polygamma(x(-2.0)).is_nan());
}

/// As a check on both: the functions of this crate for `f64` against the same in 31 digits.
#[test]
fn doubles_agree_with_it() {
    let mut samples = support::Samples::new(7);
    for _ in 0..500 {
        let x = samples.between(0.1, 6.0);
        for (what, found, exact) in [
            ("erf", Real::erf(x), Exact::lit(x).erf()),
            ("lgamma", x.lgamma(), Exact::lit(x).lgamma()),
            ("digamma", 0.0.polygamma(x), Exact::lit(0.0).polygamma(Exact::lit(x))),
            ("trigamma below 0", 1.0.polygamma(-x), Exact::lit(1.0).polygamma(Exact::lit(-x))),
        ] {
            support::close(found, exact.0.hi, 1e-14, what);
        }
    }
    let dual = Dual::<Exact>::new(Exact::lit(2.0), Exact::lit(1.0));
    agree(dual.lgamma().tangent(), Exact::lit(0.0).polygamma(Exact::lit(2.0)).0, "slope of lgamma");
}
