//! Adjoints of programs that give several numbers, whatever way they run: by their laws, and beside forward mode.

mod support;

use scheme_runtime::{Element, Gives, Kind, Outcome, Real, Shape, open, prelude::*};
use support::Samples;

type Results<F> = <<F as Function>::Out as Outcome>::Shape;
/// A point and the results' cotangents.
type Seeded<F, E> = (Of<<F as Function>::In, E>, Of<Results<F>, E>);

/// A function without its adjoint: all transforms of it go forward.
#[derive(Clone, Copy, Debug)]
struct Forward<F>(F);

impl<F: Function> Function for Forward<F> {
    type In = F::In;
    type Out = F::Out;
    type Names = F::Names;

    fn names(&self) -> F::Names {
        self.0.names()
    }

    fn call<T: Real>(&self, x: Of<F::In, T>) -> Gives<F::Out, T> {
        self.0.call(x)
    }
}

fn numbers<S: Shape, E: Element>(data: &Of<S, E>) -> Vec<f64> {
    (0..S::LEN).filter_map(|i| S::get(data, i)).map(|x| (*x).into()).collect()
}

fn random<S: Shape>(samples: &mut Samples, low: f64, high: f64) -> Of<S, f64> {
    let mut data = S::fill(0.0);
    (0..S::LEN)
        .for_each(|i| S::get_mut(&mut data, i).into_iter().for_each(|x| *x = samples.between(low, high)));
    data
}

fn given<K: Kind, V>(result: K::Of<V>) -> V {
    K::result(result).unwrap_or_else(|failure| panic!("{failure}"))
}

fn bits(numbers: &[f64]) -> Vec<u64> {
    numbers.iter().map(|x| if x.is_nan() { 1 } else { x.to_bits() }).collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[track_caller]
fn all_close(found: &[f64], wanted: &[f64], scale: f64, what: &str) {
    assert_eq!(found.len(), wanted.len());
    for (found, wanted) in found.iter().zip(wanted) {
        let close = found == wanted || (found - wanted).abs() <= 1e-13 * scale;
        assert!(close || found.is_nan() && wanted.is_nan(), "{what}: {found:e} is not {wanted:e}");
    }
}

/// What holds of every function, at points between `low` and `high`.
fn laws<F: Function>(f: F, low: f64, high: f64) {
    let mut samples = Samples::new(7);
    let seeded = |_| -> Seeded<F, f64> {
        (random::<F::In>(&mut samples, low, high), random::<Results<F>>(&mut samples, -2.0, 2.0))
    };
    let points: Vec<Seeded<F, f64>> = (0..37).map(seeded).collect();
    let mut samples = Samples::new(8);
    let rows = vmap(vjp(f)).call(&points[..]).unwrap_or_else(|error| panic!("{f:?}: {error}"));
    for (point, row) in points.iter().zip(rows) {
        let what = format!("{f:?} at {point:?}");
        let (x, ct) = *point;
        let (value, back) = given::<<F::Out as Outcome>::Kind, _>(vjp(f).call(*point));
        let both = |(value, back): (Of<Results<F>, f64>, Of<F::In, f64>)| {
            [bits(&numbers::<Results<F>, _>(&value)), bits(&numbers::<F::In, _>(&back))]
        };
        assert_eq!(both(row), both((value, back)), "{what}: over rows");
        let plain = given::<<F::Out as Outcome>::Kind, _>(f.call(x));
        assert_eq!(
            bits(&numbers::<Results<F>, _>(&value)),
            bits(&numbers::<Results<F>, _>(&plain)),
            "{what}"
        );

        // What rounding is relative to: the sum of what is added up, without signs.
        let jacobian = given::<<F::Out as Outcome>::Kind, _>(jacobian(f).call(x));
        let jacobian = numbers::<<Results<F> as Shape>::With<F::In>, _>(&jacobian);
        let (ct, back) = (numbers::<Results<F>, _>(&ct), numbers::<F::In, _>(&back));
        let terms =
            jacobian.chunks(F::In::LEN.max(1)).zip(&ct).flat_map(|(row, ct)| row.iter().map(move |x| x * ct));
        let scale = terms.map(f64::abs).sum::<f64>().max(1.0);
        let forward = given::<<F::Out as Outcome>::Kind, _>(scheme_runtime::jacobian(Forward(f)).call(x));
        let forward = numbers::<<Results<F> as Shape>::With<F::In>, _>(&forward);
        let most = forward.iter().fold(1.0_f64, |most, x| most.max(x.abs()));
        all_close(&jacobian, &forward, 10.0 * most, &format!("{what}: the Jacobian"));
        let (_, forward) = given::<<F::Out as Outcome>::Kind, _>(vjp(Forward(f)).call(*point));
        all_close(&back, &numbers::<F::In, _>(&forward), scale, &format!("{what}: forward"));

        let dx = random::<F::In>(&mut samples, -1.0, 1.0);
        let (_, moved) = given::<<F::Out as Outcome>::Kind, _>(jvp(f).call((x, dx)));
        let (along, across) =
            (dot(&back, &numbers::<F::In, _>(&dx)), dot(&ct, &numbers::<Results<F>, _>(&moved)));
        all_close(&[along], &[across], scale, &format!("{what}: the dot product"));

        // Forward over reverse, and over forward.
        let direction = (dx, random::<Results<F>>(&mut samples, -1.0, 1.0));
        let tangents =
            |((_, tangent), scale): ((Of<(Results<F>, F::In), f64>, Of<(Results<F>, F::In), f64>), f64)| {
                (numbers::<(Results<F>, F::In), _>(&tangent), scale)
            };
        let (found, scale) =
            tangents((given::<<F::Out as Outcome>::Kind, _>(jvp(vjp(f)).call((*point, direction))), scale));
        let wanted = given::<<F::Out as Outcome>::Kind, _>(jvp(vjp(Forward(f))).call((*point, direction)));
        let (wanted, _) = tangents((wanted, scale));
        let most = wanted.iter().fold(scale, |most, x| most.max(100.0 * x.abs()));
        all_close(&found, &wanted, most, &format!("{what}: second derivatives"));
    }
}

/// The same in single precision: over rows the bits of single calls.
fn narrow<F: Function>(f: F, low: f64, high: f64) {
    let mut samples = Samples::new(9);
    let single = |samples: &mut Samples, low, high| samples.between(low, high) as f32;
    let point = |_| -> Seeded<F, f32> {
        let (mut x, mut ct) = (F::In::fill(0.0), Results::<F>::fill(0.0));
        (0..F::In::LEN).for_each(|i| *F::In::get_mut(&mut x, i).unwrap() = single(&mut samples, low, high));
        (0..Results::<F>::LEN)
            .for_each(|i| *Results::<F>::get_mut(&mut ct, i).unwrap() = single(&mut samples, -2.0, 2.0));
        (x, ct)
    };
    let points: Vec<Seeded<F, f32>> = (0..37).map(point).collect();
    let rows = vmap(vjp(f)).call(&points[..]).unwrap_or_else(|error| panic!("{f:?}: {error}"));
    for (point, (value, back)) in points.into_iter().zip(rows) {
        let (own_value, own) = given::<<F::Out as Outcome>::Kind, _>(vjp(f).call(point));
        let all = |value: &Of<Results<F>, f32>, back: &Of<F::In, f32>| {
            bits(&[numbers::<Results<F>, _>(value), numbers::<F::In, _>(back)].concat())
        };
        assert_eq!(all(&value, &back), all(&own_value, &own), "{f:?} at {point:?}");
    }
}

macro_rules! programs {
    ($($name:ident $low:literal $high:literal: $f:expr;)*) => {$(
        #[test]
        fn $name() {
            let f = $f;
            laws(f, $low, $high);
            narrow(f, $low, $high);
        }
    )*};
}

programs! {
    polar 0.5 2.0: scheme! { (lambda (r theta) (vec (* r (cos theta)) (* r (sin theta)))) };
    one_of_one 0.5 2.0: scheme! { (vec (/ a b)) };
    one_of_a_matrix 0.5 2.0: scheme! {
        (lambda (a b) (stack (vec (let loop ((i 0) (y a)) (if (< i 3) (loop (+ i 1) (* b (sin y))) y)))))
    };
    none 0.5 2.0: scheme! { (lambda (_x) (vec)) };
    constants_among_results 0.5 2.0: scheme! { (lambda (x y) (vec 2.5 x x (* x (stop-gradient y)))) };
    a_matrix 0.5 2.0: scheme! { (lambda (a b c) (stack (vec a (* a b) 1) (vec (exp b) (/ a c) (sqrt c)))) };
    arrays_in 0.5 2.0: scheme! { (: s real) (: v (vec 3)) (: A (mat 3 3)) (lambda (s v A) (* s (matvec A (exp v)))) };
    an_inverse 0.5 2.0: scheme! { (: A (mat 2 2)) (lambda (A s) (inv (+ A (* (+ s 3) (eye 2))))) };
    a_solution 0.5 2.0: scheme! {
        (: A (mat 3 3)) (: b (vec 3)) (lambda (A b s) (solve (+ A (* 5 (eye 3))) (if (< s 1) (* s b) b)))
    };
    choices -1.0 1.0: scheme! {
        (lambda (x y) (if (< x 0) (vec (* x y) (exp x)) (vec (sqrt x) (if (< y 0) (* y y) (log (+ y 1))))))
    };
    infinite_at_the_border 0.0 0.0: scheme! { (lambda (x y) (vec (if (< x 1) x (sqrt (- x 1))) (* x y))) };
    truth_values -1.0 1.0: scheme! { (: on bool) (lambda (x on) (vec (if on (* x x) x) (sin x))) };
    shared 0.5 2.0: scheme! {
        (lambda (a b c) (let ((s (sqrt (+ (* a a) (* b b)))) (p (expt c 1.5))) (vec (/ a s) (/ b s) (* s p) (/ p s))))
    };
    heat 0.1 1.0: scheme! {
        (: u (vec 6))
        (lambda (alpha u)
          (define (at i) (if (or (< i 0) (> i 5)) 0 (ref u i)))
          (define (step i) (+ (at i) (* alpha (+ (at (- i 1)) (* -2 (at i)) (at (+ i 1))))))
          (vec (step 0) (step 1) (step 2) (step 3) (step 4) (step 5)))
    };
    a_loop 0.5 2.0: scheme! {
        (lambda (x v k)
          (let loop ((i 0) (x x) (v v)) (if (< i 20) (loop (+ i 1) (+ x (* 0.1 v)) (- v (* 0.1 k (sin x)))) (vec x v (* x v)))))
    };
    a_loop_of_computed_length 1.0 6.0: scheme! {
        (lambda (n x) (let loop ((i 0) (y x)) (if (< i n) (loop (+ i 1) (* y 0.9 x)) (vec y (* n y)))))
    };
    a_tree 0.5 2.0: scheme! {
        (lambda (x y)
          (define (tree d x) (if (< d 1) (sin x) (+ (tree (- d 1) (* x y)) (* x (tree (- d 2) (+ x y))))))
          (vec (tree 5 x) (tree 3 (* x x)) y))
    };
    what_may_fail 0.5 2.0: scheme! { (lambda (x y) (if (< x 0) (error "negative" x) (vec (sqrt x) (* x y)))) };
    twelve_inputs 0.5 2.0: scheme! {
        (lambda (a b c d e f g h i j k l) (vec (* a b c d e f) (+ (* g h i) (/ j k) l) (exp (- (* a l)))))
    };
}

/// Forward, an infinite cotangent would be multiplied by the zeros of a Jacobian.
#[test]
fn cotangents_go_where_they_are_reached() {
    let infinite = [f64::INFINITY, 1.0];
    assert_eq!(
        vjp(scheme! { (lambda (x y) (vec (* 2 x) (* x y))) }).call(([0.0, 3.0], infinite)).1,
        [f64::INFINITY, 0.0]
    );
    let f = scheme! { (lambda (x y) (let loop ((i 0) (p x)) (if (< i 3) (loop (+ i 1) (* 2 p)) (vec p y)))) };
    assert_eq!(vjp(f).call(([1.0, 3.0], infinite)), ([8.0, 3.0], [f64::INFINITY, 1.0]));
    // The side that is not taken has an infinite partial, and so has, by a cotangent of 0, a result.
    let f = scheme! { (lambda (x y) (vec (if (> x 0) (sqrt x) x) (sqrt y))) };
    let (value, back) = vjp(f).call(([0.0, 0.0], [2.0, 0.0]));
    assert_eq!((value, back[0], back[1].is_nan()), ([0.0, 0.0], 2.0, true));
}

/// A Jacobian that is pulled back from the results has the numbers of each alone.
#[test]
fn results_are_in_no_other_ones_way() {
    let f = scheme! { (lambda (x y z a b c d e) (vec (+ (sqrt x) y (* a b)) (if (> y z) (* x z) (sqrt z)) (* c d e))) };
    let at = |x, y, z| [x, y, z, 0.0, 5.0, 1.0, 1.0, 2.0];
    let first = [f64::INFINITY, 1.0, 0.0, 5.0, 0.0, 0.0, 0.0, 0.0];
    let last = [0.0, 0.0, 0.0, 0.0, 0.0, 2.0, 2.0, 1.0];
    let mut second = [0.0; 8];
    assert_eq!(jacobian(f).call(at(0.0, 2.0, 0.0)), [first, second, last]);
    second[2] = f64::INFINITY;
    assert_eq!(jacobian(f).call(at(0.0, -2.0, 0.0)), [first, second, last]);
    let points: Vec<[f64; 8]> = (0..19).map(|i| at(0.0, f64::from(i % 3) - 1.0, f64::from(i % 2))).collect();
    for (point, row) in points.iter().zip(vmap(jacobian(f)).call(&points[..]).unwrap()) {
        let single = jacobian(f).call(*point);
        assert_eq!(bits(row.as_flattened()), bits(single.as_flattened()), "{point:?}");
        assert_eq!(single, jacobian(Forward(f)).call(*point), "{point:?}");
    }
    let chosen = jacobian(f).wrt(|v| [v.z, v.y]).call(at(0.0, 2.0, 0.0));
    assert_eq!(chosen, [[0.0, 1.0], [0.0, 0.0], [0.0, 0.0]]);
}

/// What gives a gradient pulls back along one direction.
#[test]
fn gradients_pull_back() {
    let f = scheme! { (lambda (a b c) (+ (* a b c) (exp (* a c)) (* b b))) };
    let (x, ct) = ([0.5, 2.0, -1.0], [1.0, -3.0, 0.25]);
    let hessian = hessian(f).call(x);
    let product: [f64; 3] = std::array::from_fn(|i| dot(&hessian[i], &ct));
    let (gradient, back) = vjp(grad(f)).call((x, ct));
    assert_eq!(gradient, grad(f).call(x));
    all_close(&back, &product, 10.0, "a gradient");
    let (both, back) = vjp(value_and_grad(f).wrt(|v| [v.b, v.a])).wrt(|v| v.c).call((x, (2.0, [0.5, -1.0])));
    assert_eq!(both, (f.call(x), [gradient[1], gradient[0]]));
    all_close(&[back], &[2.0 * gradient[2] + 0.5 * hessian[1][2] - hessian[0][2]], 10.0, "with its value");
}

/// By what is chosen, and through transforms around.
#[test]
fn chosen_inputs_and_nests() {
    let f = scheme! { (lambda (a b c) (vec (* a b) (* b c) (exp (* a c)))) };
    let (x, ct) = ([0.5, 2.0, -1.0], [1.0, -3.0, 0.25]);
    let (value, [da, db, dc]) = vjp(f).call((x, ct));
    assert_eq!(vjp(f).wrt(|v| v.b).call((x, ct)), (value, db));
    assert_eq!(vjp(f).wrt(|v| ([v.c], v.a)).call((x, ct)), (value, ([dc], da)));
    assert_eq!(vjp(f).call((x, ct)).1, [da, db, dc]);

    // What is built on it is a function as any other.
    let along_a = jvp(vjp(f)).wrt(|v| v.a).call(((x, ct), 1.0)).1;
    assert_eq!(jacobian(vjp(f)).wrt(|v| v.a).call((x, ct)), along_a);
    let twice = vjp(vjp(f)).call(((x, ct), ([0.0; 3], [1.0, 0.0, 0.0])));
    let second = jvp(vjp(f)).call(((x, ct), ([1.0, 0.0, 0.0], [0.0; 3]))).1.1;
    let close = |a: f64, b: f64| (a - b).abs() <= 1e-13 * b.abs().max(1.0);
    assert!(twice.1.0.into_iter().zip(second).all(|(a, b)| close(a, b)), "{twice:?} {second:?}");

    let scale = 3.0;
    let fit = scheme! { (lambda (x y) (vec (* (param k 2.0) x ,scale) (* k x y) (sin y))) };
    let ([_, _, _], [dx, dy]) = vjp(fit).call(([1.5, 0.5], [1.0, 1.0, 0.0]));
    assert_eq!((dx, dy), (6.0 + 1.0, 3.0));
    let by_param = vjp(open(fit)).wrt(|(_, p)| p.k).call((([1.5, 0.5], fit.values()), [1.0, 1.0, 0.0]));
    assert_eq!(by_param.1, 4.5 + 0.75);

    let failing = scheme! { (lambda (x y) (if (< x 0) (error "negative" x) (vec (sqrt x) (* x y)))) };
    assert_eq!(vjp(failing).call(([-1.0, 2.0], [1.0, 1.0])).unwrap_err().message, "negative -1");
}
