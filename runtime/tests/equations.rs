//! The fifteen equations of the Neural Compiler paper's Table 7 (arXiv 2605.22498): value and all
//! partial derivatives against closed forms.

use scheme_runtime::prelude::*;

const TOLERANCE: f64 = 1e-12;

#[track_caller]
fn check<const N: usize>(
    f: impl Function<In = [R; N], Out = R>,
    x: [f64; N],
    value: f64,
    partials: [f64; N],
) {
    let (y, gradient) = value_and_grad(f).call(x);
    assert_eq!(y.to_bits(), f.call(x).to_bits(), "the value comes out of both to the same bits");
    close(y, value, "value");
    for (i, (found, wanted)) in gradient.into_iter().zip(partials).enumerate() {
        close(found, wanted, &format!("partial {i}"));
    }
    // The same by forward mode.
    for (i, wanted) in partials.into_iter().enumerate() {
        let mut direction = [0.0; N];
        direction[i] = 1.0;
        close(jvp(f).call((x, direction)).1, wanted, &format!("forward partial {i}"));
    }
}

#[track_caller]
fn close(found: f64, wanted: f64, what: &str) {
    let scale = wanted.abs().max(1e-300);
    assert!((found - wanted).abs() <= TOLERANCE * scale, "{what}: {found} is not {wanted}");
}

#[test]
fn planck() {
    let f = scheme! { (/ (* 2 h (cube nu)) (* (square c) (expm1 (/ (* h nu) (* k T))))) };
    let [h, nu, c, k, t] = [1.1, 0.9, 1.3, 0.8, 1.2_f64];
    let x = h * nu / (k * t);
    let b = 2.0 * h * nu.powi(3) / (c * c * x.exp_m1());
    let slope = b * x.exp() / x.exp_m1();
    let partials = [
        b / h - slope * nu / (k * t),
        3.0 * b / nu - slope * h / (k * t),
        -2.0 * b / c,
        slope * x / k,
        slope * x / t,
    ];
    check(f, [h, nu, c, k, t], b, partials);
}

#[test]
fn hooke() {
    let f = scheme! { (- (* k x)) };
    check(f, [2.5, 0.3], -0.75, [-0.3, -2.5]);
}

#[test]
fn kinetic() {
    let f = scheme! { (* 1/2 m (square v)) };
    check(f, [3.0, 1.5], 3.375, [1.125, 4.5]);
}

#[test]
fn gravity() {
    let f = scheme! { (/ (* G m1 m2) (square r)) };
    let [g, m1, m2, r] = [6.674e-11, 5.972e24, 7.348e22, 3.844e8];
    let force = g * m1 * m2 / (r * r);
    check(f, [g, m1, m2, r], force, [force / g, force / m1, force / m2, -2.0 * force / r]);
}

#[test]
fn ideal_gas() {
    let f = scheme! { (/ (* n R T) V) };
    let [n, r, t, v] = [2.0, 8.314, 300.0, 0.05];
    let p = n * r * t / v;
    check(f, [n, r, t, v], p, [p / n, p / r, p / t, -p / v]);
}

#[test]
fn pendulum() {
    let f = scheme! { (* 2 3.141592653589793 (sqrt (/ L g))) };
    let (l, g) = (1.2, 9.81_f64);
    let period = std::f64::consts::TAU * (l / g).sqrt();
    check(f, [l, g], period, [period / (2.0 * l), -period / (2.0 * g)]);
}

#[test]
fn heat() {
    let f = scheme! { (/ (* k A (- hot cold)) d) };
    let [k, a, hot, cold, d] = [0.8, 12.0, 293.0, 268.0, 0.3];
    let q = k * a * (hot - cold) / d;
    check(f, [k, a, hot, cold, d], q, [q / k, q / a, k * a / d, -k * a / d, -q / d]);
}

#[test]
fn coulomb() {
    let f = scheme! { (* k (/ (* q1 q2) (* r r))) };
    let [k, q1, q2, r] = [8.99, 1.0, 2.0, 0.5];
    let force = k * q1 * q2 / (r * r);
    check(f, [k, q1, q2, r], force, [force / k, force / q1, force / q2, -2.0 * force / r]);
}

#[test]
fn gaussian() {
    let f = scheme! {
        (/ (exp (- (/ (square (- x mu)) (* 2 (square s)))))
           (* s (sqrt (* 2 3.141592653589793))))
    };
    let [x, mu, s] = [0.7, 0.2, 1.3_f64];
    let z = (x - mu) / s;
    let y = (-0.5 * z * z).exp() / (s * std::f64::consts::TAU.sqrt());
    check(f, [x, mu, s], y, [-y * z / s, y * z / s, y * (z * z - 1.0) / s]);
}

#[test]
fn relativistic_energy() {
    let f = scheme! { (sqrt (+ (square (* p c)) (square (* m (square c))))) };
    let [p, c, m] = [1.5, 2.0, 0.7_f64];
    let energy = ((p * c).powi(2) + (m * c * c).powi(2)).sqrt();
    let by_c = (p * p * c + 2.0 * m * m * c.powi(3)) / energy;
    check(f, [p, c, m], energy, [p * c * c / energy, by_c, m * c.powi(4) / energy]);
}

#[test]
fn sound() {
    let f = scheme! { (sqrt (/ (* gamma R T) M)) };
    let [gamma, r, t, m]: [f64; 4] = [1.4, 8.314, 293.0, 0.02896];
    let speed = (gamma * r * t / m).sqrt();
    let half = speed / 2.0;
    check(f, [gamma, r, t, m], speed, [half / gamma, half / r, half / t, -half / m]);
}

#[test]
fn barometric() {
    let f = scheme! { (* P0 (exp (- (/ (* M g h) (* R T))))) };
    let [p0, m, g, h, r, t]: [f64; 6] = [101.325, 0.02896, 9.81, 1200.0, 8.314, 288.0];
    let x = m * g * h / (r * t);
    let p = p0 * (-x).exp();
    check(f, [p0, m, g, h, r, t], p, [p / p0, -p * x / m, -p * x / g, -p * x / h, p * x / r, p * x / t]);
}

#[test]
fn electric_field_energy() {
    let f = scheme! { (* 1/2 epsilon (square E)) };
    check(f, [8.854e-12, 3.0e4], 0.5 * 8.854e-12 * 9.0e8, [4.5e8, 8.854e-12 * 3.0e4]);
}

#[test]
fn oscillator() {
    let f = scheme! { (* A (exp (- (* gamma t))) (cos (+ (* omega t) phi))) };
    let [a, gamma, t, omega, phi] = [1.2, 0.3, 1.7, 2.1, 0.4_f64];
    let envelope = a * (-gamma * t).exp();
    let angle = omega * t + phi;
    let (x, slope) = (envelope * angle.cos(), -envelope * angle.sin());
    check(f, [a, gamma, t, omega, phi], x, [x / a, -x * t, -gamma * x + slope * omega, slope * t, slope]);
}

#[test]
fn lorentz() {
    let f = scheme! { (* q (+ E (* v B (sin theta)))) };
    let [q, e, v, b, theta] = [1.6, 2.0, 3.0, 0.5, 0.9_f64];
    let force = q * (e + v * b * theta.sin());
    let partials = [force / q, q, q * b * theta.sin(), q * v * theta.sin(), q * v * b * theta.cos()];
    check(f, [q, e, v, b, theta], force, partials);
}

/// Nested derivatives to third order against closed forms, for functions of one and several inputs.
#[test]
fn third_order() {
    let cube = scheme! { (* x (* x x)) };
    let x = 1.7;
    close(grad(cube).call(x), 3.0 * x * x, "first");
    close(grad(grad(cube)).call(x), 6.0 * x, "second");
    close(grad(grad(grad(cube))).call(x), 6.0, "third");

    let wave = scheme! { (* (exp (* a x)) (sin x)) };
    let (a, x) = (0.5, 0.8_f64);
    let (e, s, c) = ((a * x).exp(), x.sin(), x.cos());
    let d = grad(grad(grad(wave).wrt(|v| v.x)).wrt(|v| v.x)).wrt(|v| v.x).call([a, x]);
    let third = e * ((a * a * a - 3.0 * a) * s + (3.0 * a * a - 1.0) * c);
    close(d, third, "third by x");

    let coulomb = scheme! { (* k (/ (* q1 q2) (* r r))) };
    let [k, q1, q2, r] = [8.99, 1.0, 2.0, 0.5];
    let mixed = grad(grad(grad(coulomb).wrt(|v| v.q1)).wrt(|v| v.q2)).wrt(|v| v.r).call([k, q1, q2, r]);
    close(mixed, -2.0 * k / (r * r * r), "mixed third");
    let h = hessian(coulomb).call([k, q1, q2, r]);
    close(h[3][3], 6.0 * k * q1 * q2 / (r * r * r * r), "second by r");
    for (i, row) in h.iter().enumerate() {
        for (j, entry) in row.iter().enumerate() {
            assert!((entry - h[j][i]).abs() <= TOLERANCE * entry.abs().max(1.0), "symmetry at {i}, {j}");
        }
    }
}
