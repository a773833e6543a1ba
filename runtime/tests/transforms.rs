//! Transforms of compiled functions, by their laws.

mod support;

use scheme_runtime::{Input, Jacobian, Warning, jacobian, prelude::*};
use support::{Asserted, Constant, Form, Samples, close};

/// What every function of `N` scalars that gives one number obeys.
fn laws<F, const N: usize>(f: F, low: f64, high: f64)
where
    F: Function<In = [R; N], Out = R>,
{
    let mut samples = Samples::new(N as u64);
    for _ in 0..50 {
        let x: [f64; N] = samples.point(low, high);
        let (dx, ct): ([f64; N], f64) = (samples.point(-1.0, 1.0), samples.between(-2.0, 2.0));

        let (y, gradient) = value_and_grad(f).call(x);
        assert_eq!(y.to_bits(), f.call(x).to_bits(), "value of {f:?} at {x:?}");
        assert_eq!(gradient, grad(f).call(x));
        assert_eq!(gradient, jacobian(f).call(x));

        let along: f64 = gradient.iter().zip(dx).map(|(g, dx)| g * dx).sum();
        let (primal, tangent) = jvp(f).call((x, dx));
        assert_eq!(primal.to_bits(), y.to_bits());
        close(tangent, along, 1e-12, "jvp and gradient");

        let (primal, cotangent) = vjp(f).call((x, ct));
        assert_eq!(primal.to_bits(), y.to_bits());
        let dot: f64 = cotangent.iter().zip(dx).map(|(g, dx)| g * dx).sum();
        close(dot, ct * tangent, 1e-12, "jvp and vjp");

        let step = 1e-6;
        let moved = |by: f64| -> [f64; N] { std::array::from_fn(|i| x[i] + by * dx[i]) };
        close((f.call(moved(step)) - f.call(moved(-step))) / (2.0 * step), along, 1e-7, "differences");

        let hessian = hessian(f).call(x);
        assert_eq!(hessian, jacobian(grad(f)).call(x));
        let product = jvp(grad(f)).call((x, dx)).1;
        for (i, row) in hessian.iter().enumerate() {
            for (j, entry) in row.iter().enumerate() {
                close(*entry, hessian[j][i], 1e-11, "symmetry");
            }
            let row: f64 = row.iter().zip(dx).map(|(entry, dx)| entry * dx).sum();
            close(product[i], row, 1e-11, "Hessian by a direction");
            let change = (grad(f).call(moved(step))[i] - grad(f).call(moved(-step))[i]) / (2.0 * step);
            close(change, row, 1e-6, "differences of gradients");
        }
        // Forward over forward agrees with forward over reverse.
        let twice = jvp(jvp(f)).call(((x, dx), (dx, [0.0; N]))).1.1;
        close(twice, (0..N).map(|i| product[i] * dx[i]).sum(), 1e-11, "jvp twice");
        // A gradient pulled back.
        let pulled = vjp(grad(f)).call((x, dx)).1;
        for i in 0..N {
            close(pulled[i], product[i], 1e-11, "vjp of a gradient");
        }
    }
}

/// Along a list of literals, with steps that a number chooses.
#[test]
fn lists_of_literals() {
    let loss = scheme! {
        (define data (list (cons 0 1.5) (cons 0.25 0.875) (cons 0.75 0.5) (cons 1 0.125) (cons 1.5 0.25)))
        (let sum ((rows data) (s 0))
          (if (null? rows)
              s
              (sum (if (and (> x -100) (pair? (cdr rows))) (cddr rows) (cdr rows))
                   (+ s (square (- (cdar rows) (* x (exp (* y (sin (caar rows)))))))))))
    };
    laws(loss, 0.5, 1.5);
}

/// Where a sum stands on its order: what only decides whether a program fails keeps its bits in derivatives.
#[test]
fn a_gradient_fails_where_the_value_does() {
    let f = scheme! {
        (lambda (x a b)
          (let loop ((i 0) (s x))
            (if (< i 1)
                (begin (assert (< (+ s a 1 b) 3)) (loop (+ i 1) (* s a)))
                (+ s b))))
    };
    let x = [1e16, -1e16, 2.5];
    assert!(f.call(x).is_err());
    assert!(value_and_grad(f).call(x).is_err());
    assert!(value_and_grad(f).call([1.0, -2.0, 2.5]).is_ok());
}

#[test]
fn programs_obey_the_laws() {
    laws(scheme! { (* k (/ (* q1 q2) (* r r))) }, 0.5, 2.0);
    laws(scheme! { (/ (exp (* -0.5 (square (/ (- x mu) s)))) (* s (sqrt 6.283))) }, 0.5, 2.0);
    laws(scheme! { (* theta (exp (- (* b t))) (cos (* t (sqrt (/ g L))))) }, 0.5, 2.0);
    laws(
        scheme! { (let ((d (- (* b b) (* 4 a c)))) (if (< d 0) (/ (- b) a) (/ (- (sqrt d) b) (* 2 a)))) },
        0.6,
        2.0,
    );
    laws(scheme! { (+ (max a b c) (min (* a b) c) (abs (- a c))) }, 0.5, 2.0);
    laws(scheme! { (+ (atan y x) (expt x y) (lgamma (+ x y)) (erf (- x y))) }, 0.5, 2.0);
}

/// x⁵ and its five derivatives.
#[test]
fn orders_to_the_fifth() {
    let f = scheme! { (* x x x x x) };
    let x = 1.5_f64;
    assert_eq!(f.call(x), x.powi(5));
    close(grad(f).call(x), 5.0 * x.powi(4), 1e-15, "first");
    close(grad(grad(f)).call(x), 20.0 * x.powi(3), 1e-15, "second");
    close(hessian(f).call(x), 20.0 * x.powi(3), 1e-15, "second, as a Hessian");
    close(grad(grad(grad(f))).call(x), 60.0 * x * x, 1e-15, "third");
    close(grad(grad(grad(grad(f)))).call(x), 120.0 * x, 1e-15, "fourth");
    close(grad(hessian(grad(grad(f)))).call(x), 120.0, 1e-15, "fifth");
    close(jvp(grad(grad(f))).call((x, 2.0)).1, 120.0 * x * x, 1e-15, "third along 2");
    assert_eq!(value_and_grad(grad(f)).call(x), (grad(f).call(x), grad(grad(f)).call(x)));
}

/// In several inputs: ∂⁴/∂x²∂y² of x³y⁴ + x²z.
#[test]
fn mixed_orders_to_the_fourth() {
    let f = scheme! { (+ (* (cube x) (square (square y))) (* x x z)) };
    let at = [1.5, 0.5, 2.0];
    let [x, y, _] = at;
    let dx = grad(f).wrt(|v| v.x);
    let dxx = grad(dx).wrt(|v| v.x);
    let dxxy = grad(dxx).wrt(|v| v.y);
    close(dxxy.call(at), 24.0 * x * y * y * y, 1e-14, "third");
    close(grad(dxxy).wrt(|v| v.y).call(at), 72.0 * x * y * y, 1e-14, "fourth");
    let h = hessian(dxx).wrt(|v| [v.y, v.z]).call(at);
    close(h[0][0], 72.0 * x * y * y, 1e-14, "fourth, in a Hessian");
    assert_eq!((h[0][1], h[1][0], h[1][1]), (0.0, 0.0, 0.0));
    let thirds = jacobian(hessian(f)).call(at);
    close(thirds[0][0][1], 24.0 * x * y * y * y, 1e-14, "third, in a tensor");
    close(thirds[1][0][0], 24.0 * x * y * y * y, 1e-14, "third, in a tensor");
    assert_eq!(thirds[0][2][0], 2.0);
}

#[test]
fn inputs_are_chosen_by_name() {
    let f = scheme! { (* k (/ (* q1 q2) (* r r))) };
    let x = [8.99, 1.0, 2.0, 0.5];
    let [dk, dq1, dq2, dr] = grad(f).call(x);
    assert_eq!(grad(f).wrt(|v| v.q2).call(x), dq2);
    assert_eq!(grad(f).wrt(|v| [v.r, v.k]).call(x), [dr, dk]);
    assert_eq!(grad(f).wrt(|v| (v.q1, [v.r, v.k])).call(x), (dq1, [dr, dk]));
    assert_eq!(value_and_grad(f).wrt(|v| v.k).call(x), (f.call(x), dk));
    assert_eq!(jvp(f).wrt(|v| v.r).call((x, 2.0)), (f.call(x), 2.0 * dr));
    assert_eq!(jvp(f).wrt(|v| [v.r, v.r]).call((x, [2.0, 1.0])), (f.call(x), 3.0 * dr));
    assert_eq!(vjp(f).wrt(|v| [v.k]).call((x, 2.0)), (f.call(x), [2.0 * dk]));
    let h = hessian(f).call(x);
    assert_eq!(jacobian(grad(f)).wrt(|v| v.k).call(x), [h[0][0], h[1][0], h[2][0], h[3][0]]);
    assert_eq!(hessian(f).wrt(|v| [v.q1, v.r]).call(x), [[h[1][1], h[1][3]], [h[3][1], h[3][3]]]);
    // A transform has the names of its function, also where it takes a tangent or cotangent besides.
    assert_eq!(jacobian(vjp(f)).wrt(|v| v.k).call((x, 1.0)).0, dk);
}

#[test]
fn arrays_among_the_inputs() {
    let x = (2.0, [1.0, 3.0], [[1.0, 0.5], [0.25, 2.0]]);
    let (y, (ds, dv, da)) = value_and_grad(Form).call(x);
    assert_eq!((y, ds), (42.5, 21.25));
    assert_eq!((dv, da), ([8.5, 25.5], [[2.0, 6.0], [6.0, 18.0]]));
    assert_eq!(grad(Form).wrt(|v| v.v).call(x), dv);
    assert_eq!(grad(Form).wrt(|v| (v.a, v.s)).call(x), (da, ds));
    assert_eq!(hessian(Form).wrt(|v| v.v).call(x), [[4.0, 1.5], [1.5, 8.0]]);
    assert_eq!(jacobian(grad(Form).wrt(|v| v.s)).wrt(|v| v.v).call(x), [4.25, 12.75]);
    let dx = (0.5, [1.0, -1.0], [[0.0, 1.0], [1.0, 0.0]]);
    assert_eq!(jvp(Form).call((x, dx)).1, 0.5 * ds + dv[0] - dv[1] + da[0][1] + da[1][0]);
    // (R, [R; 2]) in a Jacobian: every number of the value becomes a block.
    let both = jacobian(value_and_grad(Form).wrt(|v| v.v)).wrt(|v| v.v).call(x);
    assert_eq!(both, (dv, [[4.0, 1.5], [1.5, 8.0]]));
    let back = vjp(value_and_grad(Form).wrt(|v| v.v)).wrt(|v| v.v).call((x, (1.0, [0.0, 2.0])));
    assert_eq!(back.1, [dv[0] + 2.0 * 1.5, dv[1] + 2.0 * 8.0]);
}

#[test]
fn no_inputs() {
    let value: f64 = Constant.call([]);
    assert_eq!(value, 42.0);
    assert_eq!(grad(Constant).call::<f64>([]), [0.0; 0]);
    assert_eq!(jvp(Constant).call::<f64>(([], [])), (42.0, 0.0));
    assert_eq!(vjp(grad(Constant)).call::<f64>(([], [])), ([], []));
}

#[test]
fn a_program_that_can_fail_gives_results() {
    let (fine, fails) = (Asserted { fails: false }, Asserted { fails: true });
    assert_eq!(fine.call(3.0), Ok(9.0));
    assert_eq!(grad(fine).call(3.0), Ok(6.0));
    assert_eq!(grad(grad(fine)).call(3.0), Ok(2.0));
    assert_eq!(jvp(fine).call((3.0, 2.0)), Ok((9.0, 12.0)));
    assert_eq!(vjp(fine).call((3.0, 2.0)), Ok((9.0, 12.0)));
    assert_eq!(hessian(fine).call(3.0), Ok(2.0));
    assert_eq!(value_and_grad(fails).call(3.0), Err(Asserted::FAILURE));
    let failure = hessian(fails).call(3.0).unwrap_err();
    assert_eq!(failure.to_string(), "E0502 at 1:8: assertion failed");
}

#[test]
fn single_precision() {
    let f = scheme! { (* theta (exp (- (* b t))) (cos (* t (sqrt (/ g L))))) };
    let wide = [0.3, 0.1, 1.5, 9.81, 1.2];
    let narrow = wide.map(|x: f64| x as f32);
    let value: f32 = f.call(narrow);
    close(f64::from(value), f.call(wide), 1e-6, "value");
    for (narrow, wide) in grad(f).call(narrow).into_iter().zip(grad(f).call(wide)) {
        close(f64::from(narrow), wide, 1e-5, "gradient");
    }
}

/// Generic code of users: any function of such a shape, transforms included.
#[test]
fn generic_over_functions() {
    fn newton<F: Function<In = R, Out = R>>(f: F, x: f64) -> f64 {
        x - f.call(x) / grad(f).call(x)
    }
    fn both<F: Function<In = [R; N], Out = R>, const N: usize>(
        f: F,
        x: [f64; N],
    ) -> ([f64; N], [[f64; N]; N]) {
        (grad(f).call(x), hessian(f).call(x))
    }
    fn about<P: Program>(program: P) -> (&'static str, &'static [&'static str], &'static [Warning]) {
        (program.source(), program.input_names(), program.warnings())
    }
    let f = scheme! { (- (* x x) 2) };
    let mut root = 1.0;
    for _ in 0..6 {
        root = newton(f, root);
    }
    close(root, std::f64::consts::SQRT_2, 1e-15, "root of two");
    // To an extremum: the root of the derivative.
    assert_eq!(newton(grad(f), 5.0), 0.0);
    assert_eq!(both(scheme! { (* x y) }, [2.0, 3.0]), ([3.0, 2.0], [[0.0, 1.0], [1.0, 0.0]]));
    let (source, names, warnings) = about(f);
    assert_eq!((source, names, warnings.len()), ("(- (* x x) 2)", &["x"][..], 0));
    assert!(f.graph_text().contains("mul"));
}

#[test]
fn functions_show_their_making_and_have_no_size() {
    let f = scheme! { (* k x) };
    assert_eq!(format!("{f:?}"), "(* k x)");
    assert_eq!(format!("{:?}", grad(f)), "Grad((* k x))");
    assert_eq!(format!("{:?}", hessian(f).wrt(|v| [v.k, v.x])), "Hessian((* k x), [k, x])");
    assert_eq!(format!("{:?}", vmap(jacobian(grad(f).wrt(|v| v.k)))), "Vmap(Jacobian(Grad((* k x), k)))");
    assert_eq!(size_of_val(&vmap(hessian(f))), 0);
    let shared: &(dyn Send + Sync) = &grad(f);
    assert_eq!(size_of_val(shared), 0);
    let _: Jacobian<_, Input> = jacobian(f).wrt(|v| v.k);
}
