//! Choices, loops and calls: rows that go different ways, against calls of the compiled program.

use crate::close::{close, tolerance};
use dfdx::{
    prelude::*,
    shapes::Dtype,
    tensor::{HasErr, TensorFromVec},
};
use scheme_runtime::{
    Element, Interpreter, OneNumber, Outcome, Program,
    prelude::*,
    tensors::{Backend, Operations, StringOperations, TensorError},
};

/// Checks every program on a device, in batches of one, seven and a thousand rows.
#[expect(deprecated, reason = "some programs have inputs without a gradient")]
pub fn check<E, D>(device: &D)
where
    E: Element + Dtype,
    D: Backend<E>,
{
    macro_rules! each {
        ($($program:literal [$low:literal to $high:literal];)+) => {$(
            for rows in [1, 7, 1000] {
                agree(device, scheme!($program), $program, &between::<E, 2>(rows, [$low, $high]));
            }
        )+};
    }
    each! {
        // Sides that give nothing but what is there.
        "(lambda (x y) (if (< x y) x y))" [-1.0 to 1.0];
        // What is not taken is nan in value and gradient, and is not seen.
        "(lambda (x y) (if (> x 0) (* y (sqrt x)) (* x y)))" [-1.0 to 1.0];
        "(lambda (x y) (if (= (floor x) 0) (* x y) (/ y (floor x))))" [-2.0 to 2.0];
        "(lambda (x y) (* y (if (> x 0) (log x) (if (> x -1) (log (- x)) (exp x)))))" [-2.0 to 2.0];
        // Literals of both sides, and one for all rows.
        "(lambda (x y) (+ (* x y) (if (> x 0) 1 2) (if (> y 9) x 3)))" [-1.0 to 1.0];
        // What was computed before is used within, twice.
        "(lambda (x y) (let ((a (exp x)) (b (* x y))) (if (> a 1) (* a b a) (+ a b b))))" [-1.0 to 1.0];
        "(lambda (x y) (* (if (and (> x 0) (or (> y 0) (< x 0.5))) x 1) (if (not (> x y)) y 2)))" [-1.0 to 1.0];
        // As many steps as the row says.
        "(lambda (x y) (let loop ((i 0) (s y)) (if (< i (* 10 x)) (loop (+ i 1) (* s 1.1)) s)))" [0.0 to 1.0];
        "(lambda (x y) (let loop ((g x)) (let ((next (* 0.5 (+ g (/ x g))))) (if (< (abs (- next g)) 1e-3) (* y next) (loop next)))))"
            [0.5 to 50.0];
        // Recursion, as deep as the row says, in two functions and in one twice. No derivative is a difference: compiled programs may
        // sum its terms forward, and tensors backward.
        "(define (f n a) (if (< n 1) a (* (sqrt (+ n 1)) (f (- n 1) a)))) (lambda (x y) (f x y))" [0.5 to 20.5];
        "(define (even n a) (if (< n 1) a (odd (- n 1) (* a 1.5)))) (define (odd n a) (if (< n 1) (* 2 a) (even (- n 1) (+ a n)))) (lambda (x y) (even x y))"
            [0.5 to 9.5];
        "(define (fib n a) (if (< n 2) a (+ (fib (- n 1) (* a 0.9)) (fib (- n 2) a)))) (lambda (x y) (fib x y))"
            [0.5 to 8.5];
        // Vectors and matrices are their elements.
        "(lambda (x y) (let ((v (vec x y 1))) (+ (norm v) (dot v (cross v (vec y x 2))))))" [-1.0 to 1.0];
        "(lambda (x y) (trace (matmul (mat (vec x y) (vec 1 x)) (mat (vec y 2) (vec x x)))))" [-1.0 to 1.0];
        // Derivatives within.
        "(lambda (x y) ((grad (lambda (z) (* y (exp (* z z))))) x))" [-1.0 to 1.0];
    }
}

/// So many points with coordinates between two numbers.
fn between<E: Element, const N: usize>(rows: usize, [low, high]: [f64; 2]) -> Vec<[E; N]> {
    let number = |row: usize, k: usize| {
        let place = ((row + 1) as f64 * (0.618_033_988_749_895 + 0.13 * k as f64)).fract();
        E::lit(low + (high - low) * place)
    };
    (0..rows).map(|row| std::array::from_fn(|k| number(row, k))).collect()
}

/// Asserts that values and gradients at points are those of single calls.
pub fn agree<E, D, F, const N: usize>(device: &D, f: F, what: &str, points: &[[E; N]])
where
    E: Element + Dtype,
    D: Backend<E>,
    F: Function<In = [R; N]> + Program,
    F::Out: OneNumber,
{
    let operations = Operations::new(&f).unwrap_or_else(|error| panic!("{what}: {error}"));
    let column = |k: usize| points.iter().map(|point| point[k]).collect::<Vec<E>>();
    let tensors: Vec<Tensor<(usize,), E, D>> = (0..N)
        .map(|k| {
            TensorFromVec::<E>::try_tensor_from_vec(device, column(k), (points.len(),)).expect("a tensor")
        })
        .collect();
    let taped = || tensors.iter().map(|x| x.leaky_trace()).collect();
    let ways: [(&str, Ran<E, D>); 2] =
        [("compiled", operations.forward(taped())), ("from a string", string(what).forward(taped()))];
    for (way, ran) in ways {
        let (results, tape) = ran.unwrap_or_else(|error| panic!("{what}, {way}: {error}"));
        compare(f, &format!("{what}, {way}"), &tensors, points, results, tape);
    }
}

/// What a run gives.
type Ran<E, D> = Result<(Vec<Tensor<(usize,), E, D>>, OwnedTape<E, D>), TensorError<<D as HasErr>::Err>>;

/// The same program as a string.
fn string(text: &str) -> StringOperations {
    let program = Interpreter::new().load(text).unwrap_or_else(|error| panic!("{error}"));
    let inputs: Vec<&str> = program.inputs().collect();
    program.by_operations(&inputs).unwrap_or_else(|error| panic!("{error}"))
}

fn compare<E, D, F, const N: usize>(
    f: F,
    what: &str,
    tensors: &[Tensor<(usize,), E, D>],
    points: &[[E; N]],
    results: Vec<Tensor<(usize,), E, D>>,
    tape: OwnedTape<E, D>,
) where
    E: Element + Dtype,
    D: Backend<E>,
    F: Function<In = [R; N]> + Program,
    F::Out: OneNumber,
{
    let rows = points.len();
    assert_eq!(results[0].shape().0, rows, "{what}");
    let values = results[0].as_vec();
    let gradients = results[0].clone().put_tape(tape).sum().backward();
    let gradients: Vec<Vec<E>> = tensors.iter().map(|x| gradients.get(x).as_vec()).collect();
    for row in 0..rows {
        let at = |moved: f64| -> (E, [E; N]) {
            let x = points[row].map(|x| x * E::lit(moved));
            let both = value_and_grad(f).call(x);
            <<F::Out as Outcome>::Kind as scheme_runtime::Kind>::result(both).expect("a value")
        };
        let (value, gradient) = at(1.0);
        let around = || [1.0 + 4.0 * tolerance::<E>(), 1.0 - 4.0 * tolerance::<E>()].map(at);
        let near = || around().iter().map(|(y, _)| (*y).into()).collect();
        let (found, wanted): (f64, f64) = (values[row].into(), value.into());
        assert!(close::<E>(found, wanted, near), "{what}, {rows} rows: {found} in row {row}, not {wanted}");
        for k in 0..N {
            let near = || around().iter().map(|(_, dx)| dx[k].into()).collect();
            let (found, wanted): (f64, f64) = (gradients[k][row].into(), gradient[k].into());
            assert!(
                close::<E>(found, wanted, near),
                "{what}, {rows} rows: derivative {found} by {k} in row {row}, not {wanted}"
            );
        }
    }
}
