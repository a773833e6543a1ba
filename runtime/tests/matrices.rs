//! Operations on whole matrices: of programs from strings values and gradients at sizes from 1 to 20; compiled ones are the same.

use scheme_core::prim::Whole;
use scheme_runtime::{Answer, Regime, StringProgram, prelude::*};

const SIZES: [usize; 7] = [1, 2, 3, 4, 7, 12, 20];

/// Programs of a matrix A and a vector b whose value is a number.
const PROGRAMS: [&str; 6] = [
    "(+ (logdet A) (dot b b))",
    "(+ (/ (det A) (exp (logdet (+ A A)))) (ref b 0))",
    "(dot b (solve A b))",
    "(dot b (matvec (inv A) b))",
    "(dot b (matvec (cholesky A) b))",
    "(* (norm (solve (cholesky A) b)) (trace (matmul (inv A) (outer b b))))",
];

fn load(text: &str) -> StringProgram {
    Interpreter::new().load(text).unwrap_or_else(|e| panic!("{text}: {e:?}"))
}

/// A symmetric matrix with a large diagonal, and a vector: other ones for other seeds.
fn sample(n: usize, seed: u64) -> (Vec<f64>, Vec<f64>) {
    let number = |at: usize| {
        let bits = (at as u64 + 1 + seed * 1000).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (bits >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    };
    let element =
        |i: usize, j: usize| number(i.min(j) * n + i.max(j)) + if i == j { n as f64 + 1.0 } else { 0.0 };
    ((0..n * n).map(|at| element(at / n, at % n)).collect(), (0..n).map(|i| number(500 + i)).collect())
}

fn inputs(n: usize, a: &[f64], b: &[f64]) -> [(&'static str, Answer); 2] {
    [("A", Answer::Matrix(a.chunks(n).map(<[f64]>::to_vec).collect())), ("b", b.to_vec().into())]
}

fn flat(answer: &Answer) -> Vec<f64> {
    match answer {
        Answer::Matrix(rows) => rows.concat(),
        Answer::Numbers(items) => items.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn values_have_the_bits_of_the_operations() {
    for n in SIZES {
        let (a, b) = sample(n, 1);
        for (text, whole) in [
            ("(vec (det A) (vlen b))", Whole::Det(n as u32)),
            ("(vec (logdet A) (vlen b))", Whole::Logdet(n as u32)),
            ("(begin b (inv A))", Whole::Inv(n as u32)),
            ("(begin b (cholesky A))", Whole::Cholesky(n as u32)),
            ("(solve A b)", Whole::Solve { n: n as u32, columns: 1 }),
        ] {
            let operands = if text == "(solve A b)" { [&a[..], &b].concat() } else { a.clone() };
            let mut expected = vec![0.0; whole.results()];
            whole.apply(&operands, &mut expected);
            let found = flat(&load(text).call_with(&inputs(n, &a, &b)).unwrap());
            assert_eq!(found[..expected.len()], expected, "{text}, {n}");
        }
    }
}

#[test]
fn gradients_are_those_of_differences() {
    for (n, text) in SIZES.into_iter().flat_map(|n| PROGRAMS.map(|text| (n, text))) {
        let program = load(text);
        let ((a, b), (da, db)) = (sample(n, 2), sample(n, 3));
        let value = |h: f64| {
            let moved = |x: &[f64], d: &[f64]| x.iter().zip(d).map(|(x, d)| x + h * d).collect::<Vec<f64>>();
            match program.call_with(&inputs(n, &moved(&a, &da), &moved(&b, &db))).unwrap() {
                Answer::Number(x) => x,
                other => panic!("{text}: {other:?}"),
            }
        };
        let (_, gradient) = program.value_and_grad_with(&["A", "b"], &inputs(n, &a, &b)).unwrap();
        let along = [&da, &db].into_iter().zip(&gradient);
        let slope: f64 = along.map(|(d, g)| d.iter().zip(flat(g)).map(|(d, g)| d * g).sum::<f64>()).sum();
        let h = 1e-5;
        let difference = (value(h) - value(-h)) / (2.0 * h);
        let room = 1e-7 * (1.0 + slope.abs() + value(0.0).abs());
        assert!((slope - difference).abs() <= room, "{text}, {n}: {slope}, not {difference}");
    }
}

/// However often they ran before, and over rows.
#[test]
fn answers_are_the_same_again_and_over_rows() {
    let xs: Vec<f64> = (0..40).map(|i| 1.5 + 0.25 * f64::from(i)).collect();
    for text in ["(det (mat [x 1] [1 x]))", "(ref (solve (mat [x 1 0] [1 x 1] [0 1 x]) [1 2 x]) 1)"] {
        let fresh = |x: f64| load(text).value_and_grad(&["x"], &[("x", x)]).unwrap();
        let program = load(text);
        for &x in &xs {
            assert_eq!(program.value_and_grad(&["x"], &[("x", x)]).unwrap(), fresh(x), "{text} at {x}");
        }
        let (values, by) = program.value_and_grad_columns(&["x"], &[("x", &xs)], &[]).unwrap();
        for (at, &x) in xs.iter().enumerate() {
            assert_eq!((values[at], vec![by[0][at]]), fresh(x), "{text} at {x}");
        }
    }
}

/// A compiled program, and the same as a string, of a matrix A of 3 by 3 and a vector b.
macro_rules! both {
    ($text:literal) => {
        (scheme!($text), load($text), $text)
    };
}

/// Matrices of 3 by 3, the last two singular, the one before next to it.
fn matrices() -> [[[f64; 3]; 3]; 6] {
    let hilbert = |by: f64| [0, 1, 2].map(|i| [0, 1, 2].map(|j| by / f64::from(i + j + 1)));
    [
        [[4.0, 1.0, 0.5], [1.0, 5.0, -1.0], [0.5, -1.0, 6.0]],
        [[0.0, 2.0, 1.0], [1.0, 0.0, 3.0], [2.0, 1.0, 0.0]],
        hilbert(1.0),
        [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.000_000_1]],
        [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]],
        [[0.0; 3]; 3],
    ]
}

const SIDE: [f64; 3] = [1.0, -2.0, 0.5];

fn same_bits(found: &[f64], wanted: &[f64]) -> bool {
    let same = |(a, b): (&f64, &f64)| a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan();
    found.len() == wanted.len() && found.iter().zip(wanted).all(same)
}

fn near(found: &[f64], wanted: &[f64]) -> bool {
    let size = wanted.iter().filter(|x| x.is_finite()).fold(0.0, |size: f64, x| size.max(x.abs()));
    let near = |(a, b): (&f64, &f64)| a == b || a.is_nan() && b.is_nan() || (a - b).abs() <= 1e-12 * size;
    found.len() == wanted.len() && found.iter().zip(wanted).all(near)
}

/// Compiled programs are straight code; values, rows and gradients are the string's.
#[test]
fn compiled_programs_are_the_strings() {
    macro_rules! each {
        ($($text:literal)+) => {$({
            let (f, program, text) = both!($text);
            assert_eq!(f.describe().regime, Regime::Straight, "{text}");
            let call = |a: [[f64; 3]; 3]| {
                let (value, (by_a, by_b)) = value_and_grad(f).call((a, SIDE));
                (f.call((a, SIDE)), value, [by_a.concat(), by_b.to_vec()].concat())
            };
            for a in matrices() {
                let inputs = inputs(3, &a.concat(), &SIDE);
                let Answer::Number(wanted) = program.call_with(&inputs).unwrap() else { panic!("{text}") };
                let (_, gradient) = program.value_and_grad_with(&["A", "b"], &inputs).unwrap();
                let (value, again, found) = call(a);
                assert!(same_bits(&[value, again], &[wanted; 2]), "{text} at {a:?}: {value}, not {wanted}");
                let wanted: Vec<f64> = gradient.iter().flat_map(flat).collect();
                assert!(near(&found, &wanted), "{text} at {a:?}: {found:?}, not {wanted:?}");
            }
            // Rows in lanes, in both precisions.
            let rows: Vec<([[f64; 3]; 3], [f64; 3])> = matrices().into_iter().cycle().take(40).map(|a| (a, SIDE)).collect();
            let found = vmap(f).call(&rows[..]).unwrap();
            let wanted: Vec<f64> = rows.iter().map(|row| f.call(*row)).collect();
            assert!(same_bits(&found, &wanted), "{text}: {found:?}, not {wanted:?}");
            let narrow = |(a, b): &([[f64; 3]; 3], [f64; 3])| (a.map(|row| row.map(|x| x as f32)), b.map(|x| x as f32));
            let rows: Vec<([[f32; 3]; 3], [f32; 3])> = rows.iter().map(narrow).collect();
            let found: Vec<f64> = vmap(f).call(&rows[..]).unwrap().into_iter().map(f64::from).collect();
            let wanted: Vec<f64> = rows.iter().map(|row| f64::from(f.call(*row))).collect();
            assert!(same_bits(&found, &wanted), "{text}, single: {found:?}, not {wanted:?}");
        })+};
    }
    each! {
        "(: A (mat 3 3)) (: b (vec 3)) (+ (logdet A) (dot b b))"
        "(: A (mat 3 3)) (: b (vec 3)) (+ (/ (det A) 7) (ref b 0))"
        "(: A (mat 3 3)) (: b (vec 3)) (dot (solve A b) b)"
        "(: A (mat 3 3)) (: b (vec 3)) (dot (matvec (inv A) b) b)"
        "(: A (mat 3 3)) (: b (vec 3)) (dot (matvec (cholesky A) b) b)"
        "(: A (mat 3 3)) (: b (vec 3)) (if (> (det A) 1) (trace (inv A)) (* (ref b 1) (det A)))"
    }
}

/// A matrix is what a compiled program gives, with derivatives of every order and each way.
#[test]
fn compiled_programs_give_matrices() {
    let f = scheme! { (: A (mat 3 3)) (inv A) };
    let program = load("(inv A)");
    for a in matrices() {
        let wanted = flat(&program.call_with(&inputs(3, &a.concat(), &SIDE)[..1]).unwrap());
        let found: [[f64; 3]; 3] = f.call(a);
        assert!(same_bits(&found.concat(), &wanted), "{a:?}: {found:?}");
    }
    let a = matrices()[0];
    let w = f.call(a);
    // The derivative of element (i, j) by (k, l) is −w(i, k)·w(l, j).
    let all = jacobian(f).call(a);
    let (_, moved) = jvp(f).call((a, matrices()[1]));
    for (i, j) in (0..3).flat_map(|i| (0..3).map(move |j| (i, j))) {
        let mut sum = 0.0;
        for (k, l) in (0..3).flat_map(|k| (0..3).map(move |l| (k, l))) {
            assert!((all[i][j][k][l] + w[i][k] * w[l][j]).abs() < 1e-14);
            sum += all[i][j][k][l] * matrices()[1][k][l];
        }
        assert!((moved[i][j] - sum).abs() < 1e-13);
    }
    let cholesky = scheme! { (: A (mat 2 2)) (cholesky A) };
    assert_eq!(cholesky.call([[4.0, 2.0], [2.0, 5.0]]), [[2.0, 0.0], [1.0, 2.0]]);
    let solve = scheme! { (: A (mat 2 2)) (: b (vec 2)) (solve A b) };
    assert_eq!(solve.call(([[1.0, 2.0], [3.0, 4.0]], [5.0, 11.0])), [1.0, 2.0]);
}

/// The adjugate is the gradient of a singular matrix, and of its elements the Hessian, exactly.
#[test]
fn derivatives_at_singular_matrices() {
    let det = scheme! { (lambda (a b c d) (det (mat (vec a b) (vec c d)))) };
    assert_eq!(det.call([1.0, 2.0, 2.0, 4.0]), 0.0);
    assert_eq!(grad(det).call([1.0, 2.0, 2.0, 4.0]), [4.0, -2.0, -2.0, 1.0]);
    let second = hessian(det).call([1.0, 2.0, 2.0, 4.0]);
    assert_eq!(
        second,
        [[0.0, 0.0, 0.0, 1.0], [0.0, 0.0, -1.0, 0.0], [0.0, -1.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0]]
    );
    let within = scheme! { ((grad (lambda (t) (det (mat (vec t x) (vec x t))))) (* 2 x)) };
    assert_eq!((within.call(3.0), grad(within).call(3.0)), (12.0, 4.0));
    // In a loop, and where its side is not taken.
    let steps = scheme! {
        (lambda (x) (let loop ((i 0) (s x)) (if (< i 3) (loop (+ i 1) (det (mat (vec s 1) (vec 1 s)))) s)))
    };
    assert_eq!(steps.describe().regime, Regime::Control);
    assert_eq!(value_and_grad(steps).call(2.0), (63.0, 2.0 * 2.0 * 2.0 * 3.0 * 2.0 * 8.0));
    let side =
        scheme! { (lambda (x) (let ((w (inv (mat (vec x 0) (vec 0 1))))) (if (= x 0) 5 (ref w 0 0)))) };
    assert_eq!((grad(side).call(0.0), grad(side).call(2.0)), (0.0, -0.25));
}
