//! What may be given for inputs, and where gradients go.

use crate::{by_hand::energy, check::batch};
use dfdx::prelude::*;
use scheme_runtime::{
    prelude::*,
    tensors::{Constant, columns},
};

type Batch<T = NoneTape> = Tensor<(usize,), f64, Cpu, T>;

/// Charges and distances.
fn charges(dev: &Cpu) -> [Batch; 3] {
    [vec![1.0, -2.0, 3.0], vec![0.5, 1.5, -1.0], vec![2.0, 0.7, 1.3]].map(|column| batch(dev, column))
}

/// The gradient at a row of charges.
fn single(k: f64, [q1, q2, r]: &[Batch; 3], row: usize) -> [f64; 4] {
    let coulomb = scheme! { (* k (/ (* q1 q2) (* r r))) };
    grad(coulomb).call([k, q1.as_vec()[row], q2.as_vec()[row], r.as_vec()[row]])
}

#[test]
fn numbers_scalars_and_batches_mix() {
    let coulomb = scheme! { (* k (/ (* q1 q2) (* r r))) };
    let dev = Cpu::default();
    let data = charges(&dev);
    let [q1, q2, r] = &data;
    let k: Tensor<Rank0, f64, Cpu> = dev.tensor(8.99);

    let force = coulomb.forward((8.99, q1, q2, r.leaky_trace())).unwrap();
    let gradients = force.sum().backward();
    let by = |place: usize| (0..3).map(|row| single(8.99, &data, row)[place]).collect::<Vec<f64>>();
    assert_eq!(gradients.get(r).as_vec(), by(3));
    // As in dfdx's own operations, a tensor without a tape has a gradient as well.
    assert_eq!(gradients.get(q1).as_vec(), by(1));

    let force = coulomb.forward((&k, q1, q2.leaky_trace(), r.clone())).unwrap();
    let gradient = force.sum().backward().get(&k).array();
    assert!((gradient - by(0).iter().sum::<f64>()).abs() < 1e-14);
}

#[test]
fn the_tape_may_come_with_any_argument_or_several() {
    let coulomb = scheme! { (* k (/ (* q1 q2) (* r r))) };
    let dev = Cpu::default();
    let data = charges(&dev);
    let [q1, q2, r] = &data;
    let squares = |x: &Batch| x.leaky_trace().square();
    let expected: Vec<f64> = {
        let force = coulomb.forward((1.0, squares(q1), q2, r)).unwrap();
        force.sum().backward().get(q1).as_vec()
    };
    // Through the operation before it, on two tapes that become one.
    let force = coulomb.forward((1.0, squares(q1), squares(q2), r)).unwrap();
    let gradients = force.sum().backward();
    assert_ne!(gradients.get(q1).as_vec(), expected);
    for row in 0..3 {
        let (a, b, r) = (q1.as_vec()[row], q2.as_vec()[row], r.as_vec()[row]);
        let [_, da, db, _] = grad(coulomb).call([1.0, a * a, b * b, r]);
        assert!((gradients.get(q1).as_vec()[row] - da * 2.0 * a).abs() < 1e-14);
        assert!((gradients.get(q2).as_vec()[row] - db * 2.0 * b).abs() < 1e-14);
    }
}

#[test]
fn one_tensor_for_two_inputs() {
    let coulomb = scheme! { (* k (/ (* q1 q2) (* r r))) };
    let dev = Cpu::default();
    let data = charges(&dev);
    let [q, _, r] = &data;
    let force = coulomb.forward((2.0, q.leaky_trace(), q, r)).unwrap();
    let gradient = force.sum().backward().get(q).as_vec();
    let same = [q.clone(), q.clone(), r.clone()];
    for (row, found) in gradient.into_iter().enumerate() {
        let [_, first, second, _] = single(2.0, &same, row);
        assert_eq!(found, first + second);
    }

    let x: Tensor<Rank0, f64, Cpu> = dev.tensor(1.5);
    let y = coulomb.forward([x.leaky_trace(), x.leaky_trace(), x.leaky_trace(), x.leaky_trace()]);
    // x³/x² is x.
    let gradient = y.unwrap().backward().get(&x).array();
    assert!((gradient - 1.0).abs() < 1e-15);
}

#[test]
fn scalars_alone_give_a_scalar() {
    let gaussian = scheme! { (/ (exp (* -0.5 (square (/ (- x mu) s)))) (* s 2.5066282746310002)) };
    let dev = Cpu::default();
    let x: Tensor<Rank0, f64, Cpu> = dev.tensor(0.5);
    let y = gaussian.forward((x.leaky_trace(), 0.0, 1.0)).unwrap();
    let (value, [slope, ..]) = value_and_grad(gaussian).call([0.5, 0.0, 1.0]);
    assert_eq!(y.array(), value);
    assert_eq!(y.backward().get(&x).array(), slope);
}

#[test]
fn shapes_known_at_compile_time_and_of_more_dimensions() {
    let gaussian = scheme! { (/ (exp (* -0.5 (square (/ (- x mu) s)))) (* s 2.5066282746310002)) };
    let dev = Cpu::default();
    let x: Tensor<Rank1<3>, f64, Cpu> = dev.tensor([0.1, 0.2, 0.3]);
    let dynamic: Batch = batch(&dev, vec![1.0, 2.0, 3.0]);
    let y: Tensor<Rank1<3>, f64, Cpu, _> = gaussian.forward((x.leaky_trace(), 0.0, &dynamic)).unwrap();
    assert_eq!(y.array()[2], gaussian.call([0.3, 0.0, 3.0]));

    let grid: Tensor<(usize, Const<2>), f64, Cpu> =
        dev.tensor_from_vec(vec![0.1, 0.2, 0.3, 0.4, 0.5, 0.6], (3, Const));
    let y = gaussian.forward((grid.leaky_trace(), 0.0, 1.0)).unwrap();
    let gradients = y.sum().backward();
    for (found, x) in gradients.get(&grid).as_vec().into_iter().zip(grid.as_vec()) {
        let [slope, ..] = grad(gaussian).call([x, 0.0, 1.0]);
        assert_eq!(found, slope);
    }
}

#[test]
fn elements_in_another_order_keep_their_gradient() {
    let gaussian = scheme! { (/ (exp (* -0.5 (square (/ (- x mu) s)))) (* s 2.5066282746310002)) };
    let dev = Cpu::default();
    // A parameter without a tape, permuted: it is made contiguous by an operation, which must be on the tape.
    let parameter: Tensor<Rank2<2, 3>, f64, Cpu> = dev.tensor([[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]]);
    let turned: Tensor<Rank2<3, 2>, f64, Cpu> = parameter.clone().permute();
    let scale: Tensor<Rank0, f64, Cpu> = dev.tensor(1.0);
    let y = gaussian.forward((&turned, 0.0, scale.leaky_trace())).unwrap();
    let gradient = y.sum().backward().get(&parameter).array();
    for (row, xs) in parameter.array().iter().enumerate() {
        for (column, &x) in xs.iter().enumerate() {
            let [slope, ..] = grad(gaussian).call([x, 0.0, 1.0]);
            assert_eq!(gradient[row][column], slope);
        }
    }
}

#[test]
fn a_constant_has_no_gradient() {
    let coulomb = scheme! { (* k (/ (* q1 q2) (* r r))) };
    let dev = Cpu::default();
    let data = charges(&dev);
    let [q1, q2, r] = &data;
    let force = coulomb.forward((1.0, Constant(q1), q2, r.leaky_trace())).unwrap();
    let mut gradients = force.sum().backward();
    assert_eq!(gradients.get_or_alloc_mut(q1).unwrap()[..], [0.0; 3]);
    assert_ne!(gradients.get(q2).as_vec(), [0.0; 3]);
}

#[test]
fn arrays_among_the_inputs() {
    let dev = Cpu::default();
    let v: Tensor<(usize, Const<3>), f64, Cpu> =
        dev.tensor_from_vec(vec![1.0, 2.0, 3.0, -1.0, 0.5, 0.25], (2, Const));
    let m: Tensor<Rank0, f64, Cpu> = dev.tensor(2.0);
    let y = energy::Program.forward((&m, v.leaky_trace())).unwrap();
    assert_eq!(y.as_vec(), [14.0, 1.3125]);
    let gradients = y.sum().backward();
    assert_eq!(gradients.get(&v).as_vec(), [2.0, 4.0, 6.0, -2.0, 1.0, 0.5]);
    assert_eq!(gradients.get(&m).array(), 7.0 + 0.65625);

    // One velocity for all masses, and its components one by one.
    let masses: Batch = batch(&dev, vec![1.0, 2.0]);
    let velocity: Tensor<Rank1<3>, f64, Cpu> = dev.tensor([1.0, 2.0, 3.0]);
    let gradients = energy::Program.forward((&masses, velocity.leaky_trace())).unwrap().sum().backward();
    assert_eq!(gradients.get(&velocity).array(), [3.0, 6.0, 9.0]);
    assert_eq!(energy::Program.forward((&masses, [1.0, 2.0, 3.0])).unwrap().as_vec(), [7.0, 14.0]);
    let parts = (1.0, &masses, 2.0);
    assert_eq!(energy::Program.forward((&masses, parts)).unwrap().as_vec(), [3.0, 9.0]);
}

#[test]
fn columns_of_a_matrix() {
    let coulomb = scheme! { (* k (/ (* q1 q2) (* r r))) };
    let gaussian = scheme! { (/ (exp (* -0.5 (square (/ (- x mu) s)))) (* s 2.5066282746310002)) };
    let dev = Cpu::default();
    let rows = [[1.0, 0.5, 2.0], [-2.0, 1.5, 0.7]];
    let matrix: Tensor<(usize, Const<3>), f64, Cpu> =
        dev.tensor_from_vec(rows.as_flattened().to_vec(), (2, Const));
    let k: Tensor<Rank0, f64, Cpu> = dev.tensor(8.99);

    // In another order, and not the first one first.
    let [q1, q2, r] = columns(matrix.leaky_trace()).unwrap();
    let force = coulomb.forward((&k, q2, q1, r)).unwrap();
    let gradients = force.sum().backward();
    for (row, [q1, q2, r]) in rows.into_iter().enumerate() {
        let [_, dq2, dq1, dr] = grad(coulomb).call([8.99, q2, q1, r]);
        assert_eq!(gradients.get(&matrix).as_vec()[3 * row..][..3], [dq1, dq2, dr]);
    }

    // Not all of them, and one twice over in two calls.
    let [_, x, s] = columns(matrix.leaky_trace().square()).unwrap();
    let y = gaussian.forward((x, 0.0, s)).unwrap();
    assert_ne!(y.sum().backward().get(&matrix).as_vec(), [0.0; 6]);
}
