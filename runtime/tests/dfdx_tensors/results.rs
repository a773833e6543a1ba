//! Functions that give several numbers.

use crate::check::{Batch, batch, bits, compare, moved, spread};
use dfdx::{nn::modules, prelude::*, shapes::Dtype};
use scheme_runtime::{
    Element,
    prelude::*,
    tensors::{Backend, Constant, Layer, columns},
};

type Matrix<const N: usize, E = f64> = Tensor<(usize, Const<N>), E, Cpu>;

/// More rows than go through a backward pass at once, in whole blocks and a rest.
const ROWS: usize = 2501;

/// The vector-Jacobian products of single calls.
fn products<E: Element, F, const N: usize, const K: usize>(
    f: F,
    points: &[[E; N]],
    cotangents: &[E],
) -> Vec<[E; N]>
where
    F: Function<In = [R; N], Out = [R; K]>,
{
    let product = |(&point, cotangent): (&[E; N], &[E])| {
        let cotangent: [E; K] = cotangent.try_into().unwrap();
        let (_, by_inputs): ([E; K], [E; N]) = vjp(f).call((point, cotangent));
        // Gradients are added to zeros, so that none is -0.0.
        by_inputs.map(|x| E::lit(0.0) + x)
    };
    points.iter().zip(cotangents.chunks(K)).map(product).collect()
}

/// Checks `f` on a matrix of inputs: values and gradients are those of single calls, to the bit.
fn check<E, F, const N: usize, const K: usize>(f: F, inputs: [Vec<f64>; N], round: fn(f64) -> E)
where
    E: Element + Dtype,
    Cpu: Backend<E> + Device<E> + TensorFromVec<E>,
    F: Function<In = [R; N], Out = [R; K]> + 'static,
{
    let dev = Cpu::default();
    let rows = inputs[0].len();
    let points: Vec<[E; N]> =
        (0..rows).map(|row| inputs.each_ref().map(|column| round(column[row]))).collect();
    let cotangents: Vec<E> = (0..rows * K).map(|i| round(((i * 7 + 3) % 5) as f64 - 1.5)).collect();
    let weights: Matrix<K, E> = dev.tensor_from_vec(cotangents.clone(), (rows, Const));
    let expected: Vec<E> = points.iter().flat_map(|&point| f.call(point)).collect();
    let products = products(f, &points, &cotangents);

    let x: Matrix<N, E> = dev.tensor_from_vec(points.as_flattened().to_vec(), (rows, Const));
    assert_eq!(bits(&f.forward(&x).unwrap().as_vec()), bits(&expected), "{f:?}: values without a tape");
    let y = f.forward(x.leaky_trace()).unwrap();
    assert_eq!(bits(&y.as_vec()), bits(&expected), "{f:?}: values with a tape");
    let gradient = (y * weights.clone()).sum().backward().get(&x).as_vec();
    assert_eq!(bits(&gradient), bits(products.as_flattened()), "{f:?}: gradient by the matrix");

    // Each input a tensor of its own.
    let inputs: [Batch<E>; N] =
        std::array::from_fn(|k| batch(&dev, points.iter().map(|point| point[k]).collect()));
    let y = f.forward(inputs.each_ref().map(|x| x.leaky_trace())).unwrap();
    let gradients = (y * weights).sum().backward();
    for (k, x) in inputs.iter().enumerate() {
        let expected: Vec<E> = products.iter().map(|product| product[k]).collect();
        assert_eq!(bits(&gradients.get(x).as_vec()), bits(&expected), "{f:?}: gradient by input {k}");
    }
}

/// The same in both precisions, with fewer rows than a block and with more.
fn both<const N: usize, const K: usize>(
    f: impl Function<In = [R; N], Out = [R; K]> + 'static,
    inputs: impl Fn(usize) -> [Vec<f64>; N],
) {
    for rows in [1, 7, 40, ROWS] {
        check::<f64, _, N, K>(f, inputs(rows), |x| x);
        check::<f32, _, N, K>(f, inputs(rows), |x| x as f32);
    }
}

#[test]
fn values_and_gradients_are_those_of_single_calls() {
    both(scheme! { (lambda (r theta) (vec (* r (cos theta)) (* r (sin theta)))) }, |rows| {
        [spread(rows, 0.5, 2.0), spread(rows, -3.0, 3.0)]
    });
    both(
        scheme! { (lambda (x v k) (vec v (- (* k (sin x))) (if (< x 0) (* x v) (sqrt (+ x 1))) 2.5 x)) },
        |rows| [spread(rows, -1.0, 2.0), spread(rows, -1.0, 1.0), spread(rows, 0.5, 9.0)],
    );
    both(scheme! { (lambda (a b) (vec (/ a b))) }, |rows| [spread(rows, -1.0, 2.0), spread(rows, 0.5, 2.0)]);
    let energy = scheme! { (lambda (x v) (+ (* x x v) (exp (* x v)))) };
    both(grad(energy), |rows| [spread(rows, -1.0, 2.0), spread(rows, -1.0, 1.0)]);
}

#[test]
fn shapes_of_results_follow_those_of_batches() {
    let turn = scheme! { (lambda (r theta) (vec (* r (cos theta)) (* r (sin theta)))) };
    let dev = Cpu::default();
    let r: Tensor<Rank0, f64, Cpu> = dev.tensor(2.0);
    let y: Tensor<Rank1<2>, f64, Cpu> = turn.forward((&r, 0.0)).unwrap();
    assert_eq!(y.array(), [2.0, 0.0]);
    let grid: Tensor<Rank2<2, 3>, f64, Cpu> = dev.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    let y: Tensor<Rank3<2, 3, 2>, f64, Cpu> = turn.forward((&grid, 0.0)).unwrap();
    assert_eq!(y.array()[1][2], [6.0, 0.0]);
    let one = scheme! { (lambda (a) (vec (* a a))) };
    let y: Tensor<Rank3<2, 3, 1>, f64, Cpu> = one.forward(&grid).unwrap();
    assert_eq!(y.array()[1][2], [36.0]);

    // A matrix.
    let jacobian = jacobian(turn);
    let y: Tensor<Rank4<2, 3, 2, 2>, f64, Cpu, _> = jacobian.forward((grid.leaky_trace(), 0.5)).unwrap();
    assert_eq!(y.array()[1][2], jacobian.call([6.0, 0.5]));
    let gradient = y.sum().backward().get(&grid).array()[0][0];
    assert!((gradient - (0.5f64.cos() - 0.5f64.sin())).abs() < 1e-15);
}

#[test]
fn what_rows_share_is_summed() {
    let turn = scheme! { (lambda (r theta) (vec (* r (cos theta)) (* r (sin theta)))) };
    let dev = Cpu::default();
    let angles = spread(ROWS, -3.0, 3.0);
    let r: Tensor<Rank0, f64, Cpu> = dev.tensor(1.5);
    let theta = batch(&dev, angles.clone());
    let gradients = turn.forward((&r, theta.leaky_trace())).unwrap().sum().backward();
    let sum: f64 = angles.iter().map(|x| x.cos() + x.sin()).sum();
    assert!((gradients.get(&r).array() - sum).abs() < 1e-11);

    // In single precision as well.
    let rows = 200_000;
    let r: Tensor<Rank0, f32, Cpu> = dev.tensor(1.0);
    let theta = batch(&dev, vec![std::f32::consts::FRAC_PI_2; rows]);
    let tenth: Tensor<Rank0, f32, Cpu> = dev.tensor(0.1);
    let y = turn.forward((r.leaky_trace(), &theta)).unwrap();
    let gradient = (y * tenth.broadcast_like(&(rows, Const::<2>))).sum().backward().get(&r).array();
    assert!((gradient - 20_000.0).abs() < 0.01, "{gradient}");
}

#[test]
fn the_same_tensor_twice_constants_and_columns() {
    let f = scheme! { (lambda (a b c) (vec (* a b) (* b c) (exp a))) };
    let dev = Cpu::default();
    let (xs, ys) = (spread(50, -1.0, 1.0), spread(50, 1.0, 2.0));
    let (x, y) = (batch(&dev, xs.clone()), batch(&dev, ys.clone()));
    let single = |a: f64, b: f64, c: f64| vjp(f).call(([a, b, c], [1.0; 3])).1;

    let gradients = f.forward((x.leaky_trace(), &x, &y)).unwrap().sum().backward();
    for (row, found) in gradients.get(&x).as_vec().into_iter().enumerate() {
        let [by_a, by_b, _] = single(xs[row], xs[row], ys[row]);
        assert_eq!(found, by_a + by_b);
    }

    let mut gradients = f.forward((Constant(&x), y.leaky_trace(), 2.0)).unwrap().sum().backward();
    assert_eq!(gradients.get_or_alloc_mut(&x).unwrap()[..], [0.0; 50]);
    assert_eq!(gradients.get(&y).as_vec()[3], single(xs[3], ys[3], 2.0)[1]);

    // In another order, and one number for all rows.
    let matrix: Matrix<2> = dev.tensor_from_vec([xs.clone(), ys.clone()].concat(), (50, Const));
    let rows = matrix.as_vec();
    let scale: Tensor<Rank0, f64, Cpu> = dev.tensor(0.5);
    let [p, q] = columns(matrix.leaky_trace()).unwrap();
    let gradients = f.forward((q, &scale, p)).unwrap().sum().backward();
    for (row, found) in gradients.get(&matrix).as_vec().chunks(2).enumerate() {
        let [by_q, _, by_p] = single(rows[2 * row + 1], 0.5, rows[2 * row]);
        assert_eq!(found, [by_p, by_q]);
    }
}

#[test]
fn elements_in_another_order_keep_their_gradient() {
    let f = scheme! { (lambda (a b) (vec (* a b) (exp a))) };
    let dev = Cpu::default();
    let parameter: Tensor<Rank2<2, 3>, f64, Cpu> = dev.tensor([[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]]);
    let turned: Tensor<Rank2<3, 2>, f64, Cpu> = parameter.clone().permute();
    let one: Tensor<Rank2<3, 2>, f64, Cpu> = dev.ones();
    let y = f.forward(turned.put_tape(OwnedTape::default())).unwrap() * one;
    let gradient = y.sum().backward().get(&parameter).array();
    let [first, second] = parameter.array();
    for (row, (a, b)) in first.into_iter().zip(second).enumerate() {
        assert_eq!([gradient[0][row], gradient[1][row]], [b + a.exp(), a]);
    }
}

/// Between two layers: the gradients by every weight, and by the inputs, are finite differences.
#[test]
fn gradients_through_a_network() {
    let turn = scheme! { (lambda (r theta k) (vec (* r k (cos theta)) (* r (sin theta)))) };
    let dev = Cpu::seed_from_u64(3);
    let x: Matrix<2> = dev.tensor_from_vec(spread(14, -1.0, 1.0), (7, Const));
    let front = dev.build_module::<Linear<2, 2>, f64>();
    let back = dev.build_module::<Linear<2, 1>, f64>();
    let k: Tensor<Rank1<1>, f64, Cpu> = dev.tensor([1.25]);

    let loss = |x: &Matrix<2>,
                front: &modules::Linear<2, 2, f64, Cpu>,
                k: &Tensor<Rank1<1>, f64, Cpu>,
                back: &modules::Linear<2, 1, f64, Cpu>| {
        let mut middle = Layer::new(turn, &dev, [0.0]).unwrap();
        middle.trainable = k.clone();
        let network = (front.clone(), middle, back.clone());
        network.forward(x.leaky_trace()).square().mean()
    };
    let gradients = loss(&x, &front, &k, &back).backward();
    compare("input", &gradients.get(&x).as_vec(), |i, by| loss(&moved(&x, i, by), &front, &k, &back).array());
    compare("constant", &gradients.get(&k).as_vec(), |i, by| {
        loss(&x, &front, &moved(&k, i, by), &back).array()
    });
    compare("weight before", &gradients.get(&front.weight).as_vec(), |i, by| {
        let front = modules::Linear { weight: moved(&front.weight, i, by), bias: front.bias.clone() };
        loss(&x, &front, &k, &back).array()
    });
    compare("bias before", &gradients.get(&front.bias).as_vec(), |i, by| {
        let front = modules::Linear { weight: front.weight.clone(), bias: moved(&front.bias, i, by) };
        loss(&x, &front, &k, &back).array()
    });
    compare("weight after", &gradients.get(&back.weight).as_vec(), |i, by| {
        let back = modules::Linear { weight: moved(&back.weight, i, by), bias: back.bias.clone() };
        loss(&x, &front, &k, &back).array()
    });

    let none: Matrix<2> = dev.zeros_like(&(0, Const));
    let layer = Layer::new(scheme! { (lambda (a b) (vec a b b)) }, &dev, []).unwrap();
    let nothing: Matrix<3> = layer.forward(none);
    assert_eq!(nothing.shape().0, 0);
}
