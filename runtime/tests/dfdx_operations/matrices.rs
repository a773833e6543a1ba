//! Operations on whole matrices, at sizes from 1 to 6: matrices of every condition and singular ones, as graphs and as strings,
//! against the reference evaluation; and in programs whose rows go different ways.

use crate::{close::tolerance, control::agree};
use dfdx::{prelude::*, shapes::Dtype, tensor::TensorFromVec};
use scheme_core::{
    anf::{Atom, Builder, Graph, Module, Type},
    prim::{
        Array as Row, Numeric, Prim,
        arrays::{Shape, Shaped},
    },
    reference::{Array, evaluate, scalars},
    transform::grad,
};
use scheme_runtime::{
    Element, Interpreter, Real,
    prelude::*,
    tensors::{Backend, Operations},
};

const ROWS: [Row; 5] = [Row::Det, Row::Logdet, Row::Inv, Row::Solve, Row::Cholesky];

/// Checks all on a device.
pub fn check<E, D>(device: &D)
where
    E: Element + Dtype + Real<Mask = bool>,
    D: Backend<E>,
{
    for (row, n) in ROWS.into_iter().flat_map(|row| (1..=6).map(move |n| (row, n))) {
        Subject::<E, D>::new(row, n, device).check();
    }
    programs(device);
}

/// A row on matrices of one size.
struct Subject<'d, E, D> {
    row: Row,
    n: usize,
    graph: Graph,
    /// Of the sum of the results times weights.
    gradient: Graph,
    weights: Vec<f64>,
    text: String,
    device: &'d D,
    element: std::marker::PhantomData<E>,
}

impl<'d, E, D> Subject<'d, E, D>
where
    E: Element + Dtype + Real<Mask = bool>,
    D: Backend<E>,
{
    fn new(row: Row, n: usize, device: &'d D) -> Self {
        let matrix = Shaped::filled(Shape::Matrix(n, n), None);
        let vector = (row == Row::Solve).then(|| Shaped::filled(Shape::Vector(n), None));
        let call: Vec<_> = std::iter::once(matrix).chain(vector).collect();
        let (graph, _) = scalars(Prim::Array(row), &call).expect("a square matrix");
        let weights: Vec<f64> = (0..graph.body.results.len()).map(|k| f64::from(3 - k as i32 % 5)).collect();
        let by: Vec<usize> = (0..graph.params.len()).collect();
        let gradient = grad(&weighed(&graph, &weights), &by).expect("a number");
        let name = |k: usize| format!("x{k}");
        let row_of =
            |i: usize| format!("[{}]", (0..n).map(|j| name(i * n + j)).collect::<Vec<_>>().join(" "));
        let matrix = (0..n).map(row_of).collect::<Vec<_>>().join(" ");
        let side = if row == Row::Solve { row_of(n) } else { String::new() };
        let text = format!("({} (mat {matrix}) {side})", row.row().name);
        Self { row, n, graph, gradient, weights, text, device, element: std::marker::PhantomData }
    }

    /// Matrices to be tried, each with a vector for the right side.
    fn points(&self) -> Vec<Vec<f64>> {
        let n = self.n;
        let number = |k: usize| ((k + 1) as f64 * 0.618_033_988_749_895).fract() * 2.0 - 1.0;
        let symmetric = |i: usize, j: usize| number(i.min(j) * n + i.max(j));
        let same = |i: usize, j: usize| f64::from(u8::from(i == j));
        let large = |i: usize, j: usize| symmetric(i, j) + (n as f64 + 1.0) * same(i, j);
        let matrices: [&dyn Fn(usize, usize) -> f64; 10] = [
            &large,
            &same,
            &|i, j| number(i * n + j),
            // To be exchanged in every step.
            &|i, j| same(i, n - 1 - j) * (j + 1) as f64,
            // Ill-conditioned: Hilbert's.
            &|i, j| 1.0 / (i + j + 1) as f64,
            // Singular, by one and by all ranks but one; none; and next to nothing.
            &|i, j| large(i, j) * f64::from(u8::from(i + 1 < n || n == 1)),
            &|i, j| ((i + 1) * (j + 1)) as f64,
            &|_, _| 0.0,
            &|i, j| same(i, j) * 1e-30,
            &|i, j| if i == 0 && j == 0 { f64::NAN } else { large(i, j) },
        ];
        let point = |matrix: &dyn Fn(usize, usize) -> f64| -> Vec<f64> {
            let elements = (0..n * n).map(|at| matrix(at / n, at % n));
            let side = (0..self.graph.params.len() - n * n).map(|i| number(100 + i));
            elements.chain(side).map(|x| E::lit(x).into()).collect()
        };
        matrices.into_iter().map(point).collect()
    }

    fn check(&self) {
        let points = self.points();
        let operations = Operations::of(Module::single(self.graph.clone())).expect("a graph");
        assert_eq!(operations.describe().on_host, [self.row.row().name]);
        let names: Vec<String> = (0..self.graph.params.len()).map(|k| format!("x{k}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let program = Interpreter::new().load(&self.text).expect("a program");
        let string = program.by_operations(&names).expect("operations");
        let single: Vec<Vec<Vec<f64>>> = points.iter().map(|point| vec![point.clone()]).collect();
        for batch in single.into_iter().chain([points]) {
            self.batch(&batch, |columns| operations.forward(columns).expect("values"));
            self.batch(&batch, |columns| string.forward(columns).expect("values"));
        }
    }

    /// Values and gradients over a batch; of the first operand too where it is the same in every row.
    fn batch(
        &self,
        points: &[Vec<f64>],
        forward: impl Fn(Vec<Tape<E, D>>) -> (Vec<Tensor<(usize,), E, D>>, OwnedTape<E, D>),
    ) {
        let column = |k: usize| points.iter().map(|point| E::lit(point[k])).collect::<Vec<E>>();
        let tensor = |column: Vec<E>| {
            let len = column.len();
            TensorFromVec::<E>::try_tensor_from_vec(self.device, column, (len,)).expect("a tensor")
        };
        let columns: Vec<_> = (0..points[0].len()).map(|k| tensor(column(k))).collect();
        let (results, tape) = forward(columns.iter().map(|x| x.leaky_trace()).collect());
        let of: Vec<Vec<E>> = results.iter().map(|y| y.as_vec()).collect();
        for (i, point) in points.iter().enumerate() {
            let found: Vec<f64> = of.iter().map(|column| column[i].into()).collect();
            let wanted = reference::<E>(&self.graph, point);
            assert!(same(&found, &wanted), "{} at {point:?}: {found:?}, not {wanted:?}", self.text);
        }
        let mut tape = tape;
        let mut sums = None;
        for (y, weight) in results.into_iter().zip(&self.weights) {
            let term = (y.put_tape(tape) * E::lit(*weight)).sum::<Rank0, _>();
            let (term, rest) = term.split_tape();
            let (sum, rest) = match sums {
                None => (term, rest),
                Some(sum) => (term.put_tape(rest) + sum).split_tape(),
            };
            (sums, tape) = (Some(sum), rest);
        }
        let gradients = sums.expect("a result").put_tape(tape).backward();
        let by: Vec<Vec<E>> = columns.iter().map(|x| gradients.get(x).as_vec()).collect();
        for (i, point) in points.iter().enumerate() {
            let found: Vec<f64> = by.iter().map(|column| column[i].into()).collect();
            let wanted = reference::<E>(&self.gradient, point);
            assert!(near::<E>(&found, &wanted), "{} at {point:?}: {found:?}, not {wanted:?}", self.text);
        }
    }
}

type Tape<E, D> = Tensor<(usize,), E, D, OwnedTape<E, D>>;

/// The sum of a graph's results times weights.
fn weighed(graph: &Graph, weights: &[f64]) -> Graph {
    let builder = Builder::new();
    let params: Vec<Atom> = graph.names.iter().map(|name| builder.param(name, Type::REAL)).collect();
    let results = builder.inline(graph, &params);
    let terms = results.iter().zip(weights).map(|(y, by)| builder.row(Numeric::Mul, &[*y, Atom::Real(*by)]));
    let terms: Vec<Atom> = terms.collect();
    let sum = terms.into_iter().reduce(|sum, term| builder.row(Numeric::Add, &[sum, term]));
    builder.finish("weighed", vec![sum.expect("a result")])
}

fn reference<E: Element + Real<Mask = bool>>(graph: &Graph, at: &[f64]) -> Vec<f64> {
    let at: Vec<Array<E>> = at.iter().map(|x| Array::real(E::lit(*x))).collect();
    let results = evaluate(graph, &at).unwrap_or_else(|fault| panic!("{fault}\n{graph}"));
    results.iter().flat_map(|y| y.numbers()).map(Into::into).collect()
}

/// Equal to the bit, nan included.
fn same(found: &[f64], wanted: &[f64]) -> bool {
    let same = |(a, b): (&f64, &f64)| a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan();
    found.len() == wanted.len() && found.iter().zip(wanted).all(same)
}

/// Equal but for the order of sums, which are as large as the greatest of the derivatives.
fn near<E: Element>(found: &[f64], wanted: &[f64]) -> bool {
    let size = wanted.iter().filter(|x| x.is_finite()).fold(0.0, |size: f64, x| size.max(x.abs()));
    let near = |(a, b): (&f64, &f64)| {
        a == b || a.is_nan() && b.is_nan() || (a - b).abs() <= 10.0 * tolerance::<E>() * size
    };
    found.len() == wanted.len() && found.iter().zip(wanted).all(near)
}

/// Programs whose rows go different ways, compiled and as strings, against single calls.
#[expect(deprecated, reason = "a number of steps has no gradient")]
fn programs<E, D>(device: &D)
where
    E: Element + Dtype,
    D: Backend<E>,
{
    macro_rules! each {
        ($($program:literal $points:expr;)+) => {$({
            let points = $points.map(|point| point.map(E::lit));
            agree(device, scheme!($program), $program, &points);
            points.iter().for_each(|point| agree(device, scheme!($program), $program, &[*point]));
        })+};
    }
    each! {
        "(lambda (x y) (det (mat [x y] [1 x])))" [[1.0, 2.0], [2.0, 4.0], [0.0, 0.0]];
        // Choices by what an operation gives.
        "(lambda (x y) (let ((d (det (mat [x y] [y 2])))) (if (> d 0) (log d) (* x d))))"
            [[3.0, 1.0], [1.0, 3.0], [2.0, 2.0]];
        "(lambda (x y) (if (> x y) (ref (inv (mat [x 1] [1 y])) 0 1) (trace (cholesky (mat [9 x] [x (+ 9 y)])))))"
            [[3.0, 1.0], [1.0, 3.0], [2.0, 2.0]];
        // What no row reaches where elimination divides by 0.
        "(lambda (x y) (let ((a (inv (mat [x 0] [0 y])))) (if (> x 0) (ref a 0 0) y)))"
            [[2.0, 1.0], [0.0, 3.0], [4.0, 2.0]];
        "(lambda (x y) (if (= (det (mat [x y] [y x])) 0) y (vsum (solve (mat [x y] [y x]) [1 y]))))"
            [[2.0, 1.0], [2.0, 2.0], [4.0, 2.0]];
        // Elements above the diagonal are zeros that nothing reaches.
        "(lambda (x y) (* y (ref (cholesky (mat [x 1] [1 x])) 0 1)))" [[4.0, 1.0], [9.0, 2.0]];
        // Steps of a loop, and a matrix twice.
        "(lambda (x y) (let loop ((i 0) (s x)) (if (< i y) (loop (+ i 1) (logdet (mat [(+ 3 s) 1] [1 (+ 2 s)]))) s)))"
            [[1.0, 2.0], [2.0, 4.0], [3.0, 0.0]];
        "(lambda (x y) (let ((a (mat [x 1] [2 y]))) (trace (matmul (inv a) (inv (transpose a))))))"
            [[3.0, 1.0], [1.0, 3.0], [2.0, 2.0]];
        // Derivatives within.
        "(lambda (x y) ((grad (lambda (t) (* t (logdet (mat [t x] [1 5]))))) y))" [[1.0, 2.0], [2.0, 3.0]];
    }
}
