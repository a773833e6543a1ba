//! Operations on whole matrices in programs from strings: values and gradients at sizes from 1 to 20.

use scheme_core::prim::Whole;
use scheme_runtime::{Answer, Interpreter, StringProgram};

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
