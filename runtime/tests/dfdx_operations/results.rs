//! Arguments and results: what is the same in every row, several results, strings' parameters and failures.

use dfdx::prelude::*;
use scheme_core::anf::{Graph, Module};
use scheme_runtime::{
    Interpreter,
    prelude::*,
    tensors::{Constant, Operations, TensorError, columns},
};

type Batch<E = f64> = Tensor<(usize,), E, Cpu>;

fn batch(numbers: &[f64]) -> Batch {
    Cpu::default().tensor((numbers.to_vec(), (numbers.len(),)))
}

#[test]
fn arguments_of_all_kinds() {
    let f = scheme! { (lambda (a b c d) (+ (* a b) (* c d d))) };
    let g = f.by_operations().unwrap();
    let dev = Cpu::default();
    let x: Tensor<Rank2<2, 3>, f64, Cpu> = dev.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    let k: Tensor<Rank0, f64, Cpu> = dev.tensor(0.5);
    // A number, a rank-0 tensor, a batch twice, one of them a constant.
    let y = g.forward((2.0, k.leaky_trace(), &x, Constant(&x))).unwrap();
    assert_eq!(y.array(), [[2.0, 9.0, 28.0], [65.0, 126.0, 217.0]]);
    let gradients = y.sum().backward();
    assert_eq!(gradients.get(&k).array(), 12.0);
    assert_eq!(gradients.get(&x).array(), [[1.0, 4.0, 9.0], [16.0, 25.0, 36.0]]);

    // The rows of a matrix, and its columns.
    let rows: Tensor<(usize, Const<4>), f64, Cpu> =
        dev.tensor_from_vec((1..=8).map(f64::from).collect(), (2, Const));
    let y = g.forward(rows.leaky_trace()).unwrap();
    assert_eq!(y.as_vec(), [50.0, 478.0]);
    let by_rows = y.sum().backward().get(&rows).as_vec();
    assert_eq!(by_rows, [2.0, 1.0, 16.0, 24.0, 6.0, 5.0, 64.0, 112.0]);
    let [a, b, c, d] = columns(rows.leaky_trace()).unwrap();
    let y = g.forward((a, b, c, d)).unwrap();
    assert_eq!(y.sum().backward().get(&rows).as_vec(), by_rows);

    // Elements in another order than in memory.
    let turned = rows.leaky_trace().permute::<(Const<4>, usize), _>();
    let h = scheme! { (square x) }.by_operations().unwrap();
    let y = h.forward(turned).unwrap();
    assert_eq!(y.as_vec(), [1.0, 25.0, 4.0, 36.0, 9.0, 49.0, 16.0, 64.0]);
    assert_eq!(y.sum().backward().get(&rows).as_vec(), [2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 14.0, 16.0]);
}

#[test]
fn what_does_not_depend_on_an_argument_has_a_zero_gradient() {
    let f = scheme! { (lambda (x y) (+ (stop-gradient y) (* x (stop-gradient x)))) };
    let (x, y) = (batch(&[3.0, 4.0]), batch(&[1.0, 2.0]));
    let z = f.by_operations().unwrap().forward((x.leaky_trace(), &y)).unwrap();
    assert_eq!(z.as_vec(), [10.0, 18.0]);
    let gradients = z.sum().backward();
    assert_eq!((gradients.get(&x).as_vec(), gradients.get(&y).as_vec()), (vec![3.0, 4.0], vec![0.0, 0.0]));
}

#[test]
fn a_sum_over_a_million_rows_of_f32_is_accurate() {
    let f = scheme! { (* k x) };
    let dev = Cpu::default();
    let k: Tensor<Rank0, f32, Cpu> = dev.tensor(1.0);
    let x: Batch<f32> = dev.tensor_from_vec(vec![0.1; 1_000_000], (1_000_000,));
    let y = f.by_operations().unwrap().forward((k.leaky_trace(), x)).unwrap();
    let gradient = y.sum().backward().get(&k).array();
    assert!((gradient - 100_000.0).abs() < 0.01, "{gradient}");
}

/// Results that are one number of the graph are tensors of their own, which dfdx takes for two.
#[test]
fn several_results() {
    let text = "graph f(x: v0 real, y: v1 real) {\n  v2: real = mul v0 v1\n  give v2 v2 v0 2.0\n}";
    let operations = Operations::of(Module::single(Graph::parse(text).unwrap())).unwrap();
    let (x, y) = (batch(&[3.0, 4.0]), batch(&[2.0]));
    let (results, tape) = operations.forward(vec![x.leaky_trace(), y.leaky_trace()]).unwrap();
    let [a, b, c, d] = &results[..] else { panic!("{results:?}") };
    assert_eq!((c.as_vec(), d.as_vec()), (vec![3.0, 4.0], vec![2.0, 2.0]));
    let product = a.clone().put_tape(tape) * b.clone();
    assert_eq!(product.as_vec(), [36.0, 64.0]);
    let gradients = product.sum().backward();
    assert_eq!(gradients.get(&x).as_vec(), [24.0, 32.0]);
    assert_eq!(gradients.get(&y).as_vec(), [100.0]);

    let program = Interpreter::new().load("(vec (* x y) (* x y) x)").unwrap();
    let (results, _) = program.by_operations(&["x", "y"]).unwrap().forward(vec![x, y]).unwrap();
    assert_eq!(results.len(), 3);
    assert_eq!(results[1].as_vec(), [6.0, 8.0]);
}

#[test]
fn arrays_are_further_dimensions_of_the_result() {
    let dev = Cpu::default();
    let x: Tensor<(Const<2>, Const<3>), f64, Cpu> = dev.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    let k: Tensor<Rank0, f64, Cpu> = dev.tensor(2.0);
    let weights: Tensor<Rank3<2, 3, 2>, f64, Cpu> =
        dev.tensor_from_vec((0..12).map(|i| f64::from(i * 5 % 7)).collect(), (Const, Const, Const));
    let f = scheme! { (lambda (k x) (if (< x 4) (vec (* k x) k) (vec 1 (exp (- x))))) };
    let fused = f.forward((k.leaky_trace(), &x)).unwrap();
    let by_operations = f.by_operations().unwrap().forward((k.leaky_trace(), &x)).unwrap();
    let near = |a: &[f64], b: &[f64]| a.iter().zip(b).all(|(a, b)| (a - b).abs() <= 1e-12 * b.abs());
    assert!(near(&by_operations.as_vec(), &fused.as_vec()), "{by_operations:?}");
    let gradients = [fused, by_operations].map(|y| (y * weights.clone()).sum().backward());
    let [by_k, by_k_too] = gradients.each_ref().map(|all| all.get(&k).as_vec());
    let [by_x, by_x_too] = gradients.each_ref().map(|all| all.get(&x).as_vec());
    assert!(near(&by_k_too, &by_k) && near(&by_x_too, &by_x), "{by_k_too:?}, {by_x_too:?}");

    let f = scheme! { (lambda (x) (mat (vec x 1) (vec 0 (* x x)))) };
    let y = f.by_operations().unwrap().forward(&batch(&[2.0, 3.0])).unwrap();
    let (_, Const::<2>, Const::<2>) = *y.shape();
    assert_eq!(y.as_vec(), [2.0, 1.0, 0.0, 4.0, 3.0, 1.0, 0.0, 9.0]);
    let x: Tensor<Rank0, f64, Cpu> = dev.tensor(2.0);
    assert_eq!(f.by_operations().unwrap().forward(&x).unwrap().array(), [[2.0, 1.0], [0.0, 4.0]]);
}

#[test]
fn a_string_has_its_parameters() {
    let program = Interpreter::new().load("(* (param k 3) (expt x 2))").unwrap();
    let x = batch(&[1.0, 2.0]);
    let operations = program.by_operations(&["x"]).unwrap();
    assert_eq!(operations.forward(vec![x.clone()]).unwrap().0[0].as_vec(), [3.0, 12.0]);
    let k = batch(&[2.0]);
    let operations = program.by_operations(&["x", "k"]).unwrap();
    let (results, tape) = operations.forward(vec![x.leaky_trace(), k.leaky_trace()]).unwrap();
    assert_eq!(results[0].clone().put_tape(tape).sum().backward().get(&k).as_vec(), [5.0]);
    assert!(operations.describe(&[1.0, 2.0]).unwrap().on_host.is_empty());
    assert!(program.by_operations(&["k"]).is_err());
    assert!(matches!(operations.forward(vec![x]), Err(TensorError::Arguments { expected: 2, found: 1 })));
}

#[test]
fn a_string_without_numbers_is_an_error() {
    let program = Interpreter::new().load("(assert (< x 9))").unwrap();
    let error =
        program.by_operations(&["x"]).unwrap().forward(vec![batch(&[1.0, 2.0])]).map(|_| ()).unwrap_err();
    assert_eq!(error.to_string(), "in row 1: E0502 at 1:1: the program's value has no number");
}

#[test]
fn a_string_that_fails_in_some_rows() {
    let program = Interpreter::new().load("(if (< x 0)\n  (error \"below\" x)\n  (list x))").unwrap();
    let operations = program.by_operations(&["x"]).unwrap();
    let error = operations.forward(vec![batch(&[1.0, -2.0, 3.0])]).map(|_| ()).unwrap_err();
    assert_eq!(error.to_string(), "in row 2: E0901 at 2:3: below -2");
    let program = Interpreter::new().load("(if (< x 0) x (vec x x))").unwrap();
    let operations = program.by_operations(&["x"]).unwrap();
    let error = operations.forward(vec![batch(&[1.0, -2.0, 3.0])]).map(|_| ()).unwrap_err();
    assert!(matches!(error, TensorError::Failed { row: 1, .. }), "{error}");
    // As many paths as rows.
    let program = Interpreter::new().load("(let loop ((i 0)) (if (< i x) (loop (+ i 1)) i))").unwrap();
    let operations = program.by_operations(&["x"]).unwrap();
    let x: Vec<f64> = (0..20).map(f64::from).collect();
    assert_eq!(operations.forward(vec![batch(&x)]).unwrap().0[0].as_vec(), x);
    let error = operations.paths(19).forward(vec![batch(&x)]).map(|_| ()).unwrap_err();
    assert!(matches!(error, TensorError::Failed { row: 19, .. }), "{error}");
}

/// Large products are written out beside other operations on matrices, which stay whole.
#[test]
fn a_string_with_large_products() {
    let text = "(define a (scale x (eye 8))) (define b (scale y (ones 8 8)))
        (+ (det (matmul a b)) (trace (matmul a (transpose a))) (if (> (trace (matmul a b)) 0) (* x y) 0))";
    let operations = Interpreter::new().load(text).unwrap().by_operations(&["x", "y"]).unwrap();
    let (x, y) = (batch(&[1.0, 2.0, -1.0]), batch(&[3.0, 4.0, 5.0]));
    let (results, tape) = operations.forward(vec![x.leaky_trace(), y.leaky_trace()]).unwrap();
    assert_eq!(results[0].as_vec(), [11.0, 40.0, 8.0]);
    let gradients = results[0].clone().put_tape(tape).sum().backward();
    assert_eq!(gradients.get(&x).as_vec(), [19.0, 36.0, -16.0]);
    assert_eq!(gradients.get(&y).as_vec(), [1.0, 2.0, 0.0]);
    let described = operations.describe(&[1.0, 3.0]).unwrap();
    assert_eq!((&described.on_host[..], described.divides), (&["det"][..], true));
}

/// Batches of matrices, as one operation and operation by operation; a program with such is a layer as any other.
#[test]
fn batches_of_matrices() {
    let dev = Cpu::default();
    let rows = vec![4.0, 1.0, 2.0, 3.0, 1.0, 2.0, 2.0, 4.0, 0.0, -1.0, 1.0, 0.0];
    let a: Tensor<(usize, Const<2>, Const<2>), f64, Cpu> = dev.tensor_from_vec(rows, (3, Const, Const));
    let det = scheme! { (: A (mat 2 2)) (det A) };
    let cofactors = [3.0, -2.0, -1.0, 4.0, 4.0, -2.0, -2.0, 1.0, 0.0, -1.0, 1.0, 0.0];
    for y in [
        det.forward(a.leaky_trace()).unwrap(),
        det.by_operations().unwrap().forward(a.leaky_trace()).unwrap(),
    ] {
        assert_eq!(y.as_vec(), [10.0, 0.0, 1.0]);
        assert_eq!(y.sum().backward().get(&a).as_vec(), cofactors);
    }
    let inv = scheme! { (: A (mat 2 2)) (inv A) };
    let fused = inv.forward(a.leaky_trace()).unwrap();
    let by_operations = inv.by_operations().unwrap().forward(a.leaky_trace()).unwrap();
    let (3, Const::<2>, Const::<2>) = *fused.shape() else { panic!("{:?}", fused.shape()) };
    let bits =
        |x: Vec<f64>| x.into_iter().map(|x| if x.is_nan() { 0 } else { x.to_bits() }).collect::<Vec<_>>();
    assert_eq!(bits(fused.as_vec()), bits(by_operations.as_vec()));
    let [one, other] = [fused, by_operations].map(|y| y.square().sum().backward().get(&a).as_vec());
    for (k, (one, other)) in one.into_iter().zip(other).enumerate() {
        let singular = (4..8).contains(&k);
        assert!(if singular { one.is_nan() && other.is_nan() } else { (one - other).abs() < 1e-14 }, "{k}");
    }

    let layer = scheme_runtime::tensors::Layer::new(
        scheme! { (lambda (x y k) (vec (det (mat (vec x k) (vec 1 y))) (logdet (mat (vec 2 x) (vec 0 k))))) },
        &dev,
        [3.0],
    );
    let layer = layer.unwrap();
    let x: Tensor<Rank2<2, 2>, f64, Cpu> = dev.tensor([[5.0, 2.0], [1.0, 4.0]]);
    let y = dfdx::nn::Module::forward(&layer, x.leaky_trace());
    assert_eq!(y.array(), [[7.0, 6.0_f64.ln()], [1.0, 6.0_f64.ln()]]);
    let gradients = y.sum().backward();
    assert_eq!(gradients.get(&x).array(), [[2.0, 5.0], [4.0, 1.0]]);
    assert!((gradients.get(&layer.trainable).array()[0] - (-2.0 + 2.0 / 3.0)).abs() < 1e-15);
}
