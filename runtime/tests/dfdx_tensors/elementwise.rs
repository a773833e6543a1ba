//! Programs and transforms of them, elementwise.

use crate::{
    On,
    check::{batch, check, spread},
    on,
};
use dfdx::prelude::*;
use scheme_runtime::prelude::*;

#[test]
fn coulomb_law() {
    let coulomb = scheme! { (* k (/ (* q1 q2) (* r r))) };
    // Whole blocks, a rest, and less than one block.
    for rows in [1, 5, 8, 16, 37, 100] {
        let columns =
            [spread(rows, 8.0, 9.0), spread(rows, 0.5, 2.0), spread(rows, -2.0, 2.0), spread(rows, 0.5, 3.0)];
        check(coulomb, columns.each_ref().map(|column| &column[..]));
    }
}

#[test]
fn gaussian_density() {
    let gaussian = scheme! { (/ (exp (* -0.5 (square (/ (- x mu) s)))) (* s 2.5066282746310002)) };
    let columns = [spread(60, -3.0, 3.0), spread(60, -0.5, 0.5), spread(60, 0.5, 2.0)];
    check(gaussian, columns.each_ref().map(|column| &column[..]));
}

#[test]
fn damped_pendulum() {
    let pendulum = scheme! { (* a (* (exp (- (* b t))) (cos (* w t)))) };
    let columns = [spread(45, 0.5, 1.5), spread(45, 0.1, 0.4), spread(45, 2.0, 4.0), spread(45, 0.0, 5.0)];
    check(pendulum, columns.each_ref().map(|column| &column[..]));
}

#[test]
fn a_program_with_a_branch() {
    let root = scheme! { (if (< x 0) (* b x) (sqrt x)) };
    let columns = [spread(50, -2.0, 2.3), spread(50, 0.5, 2.0)];
    check(root, columns.each_ref().map(|column| &column[..]));
}

#[test]
fn exponential_decay() {
    let decay = scheme! { (lambda (x y a b) (+ (* a (exp (- (* b x)))) y)) };
    let columns = [spread(33, 0.0, 2.0), spread(33, -1.0, 1.0), spread(33, 1.0, 2.0), spread(33, 0.5, 1.5)];
    check(decay, columns.each_ref().map(|column| &column[..]));
}

#[test]
fn transforms_run_on_tensors() {
    // Without optimisation every intermediate of a nest of dual numbers in lanes has a place of its own on the stack.
    let roomy = std::thread::Builder::new().stack_size(32 << 20);
    roomy.spawn(check_transforms).unwrap().join().unwrap();
}

fn check_transforms() {
    let coulomb = scheme! { (* k (/ (* q1 q2) (* r r))) };
    let pendulum = scheme! { (* a (* (exp (- (* b t))) (cos (* w t)))) };
    let root = scheme! { (if (< x 0) (* b x) (sqrt x)) };
    let columns = [spread(40, 8.0, 9.0), spread(40, 0.5, 2.0), spread(40, -2.0, 2.0), spread(40, 0.5, 3.0)];
    let columns = columns.each_ref().map(|column| &column[..]);
    check(grad(coulomb).wrt(|v| v.r), columns);
    check(jacobian(pendulum).wrt(|v| v.t), columns);
    let [x, b, ..] = columns;
    check(grad(grad(root).wrt(|v| v.x)).wrt(|v| v.x), [x, b]);
}

#[test]
fn one_input_needs_no_tuple() {
    let cube = scheme! { (* x (* x x)) };
    let Some(dev) = on() else { return };
    let x = batch(&dev, vec![1.0, 2.0, -3.0]);
    let y = cube.forward(x.leaky_trace()).unwrap();
    assert_eq!(y.as_vec(), [1.0, 8.0, -27.0]);
    let gradients = y.sum().backward();
    assert_eq!(gradients.get(&x).as_vec(), [3.0, 12.0, 27.0]);

    let slope = grad(cube).forward(x.leaky_trace()).unwrap();
    assert_eq!(slope.sum().backward().get(&x).as_vec(), [6.0, 12.0, -18.0]);
    assert_eq!(hessian(cube).forward(&x).unwrap().as_vec(), [6.0, 12.0, -18.0]);
}

#[test]
fn users_functions_are_generic_over_elements_and_tapes() {
    let cube = scheme! { (* x (* x x)) };
    use dfdx::tensor::HasErr;
    use scheme_runtime::{
        Element,
        tensors::{Backend, Tapes, TensorError},
    };

    fn shifted<F, E, T>(
        f: F,
        x: Tensor<(usize,), E, On, T>,
    ) -> Result<Tensor<(usize,), E, On, T>, TensorError<<On as HasErr>::Err>>
    where
        F: Function<In = R, Out = R> + 'static,
        E: Element + Dtype,
        On: Backend<E>,
        T: Tapes<E, On>,
    {
        f.forward(x + E::ONE)
    }

    let Some(dev) = on() else { return };
    let x = batch(&dev, vec![1.0_f32, 2.0]);
    assert_eq!(shifted(cube, x.clone()).unwrap().as_vec(), [8.0, 27.0]);
    let gradients = shifted(cube, x.leaky_trace()).unwrap().sum().backward();
    assert_eq!(gradients.get(&x).as_vec(), [12.0, 27.0]);
}

#[test]
fn a_sum_over_a_million_rows_of_f32_is_accurate() {
    let coulomb = scheme! { (* k (/ (* q1 q2) (* r r))) };
    let Some(dev) = on() else { return };
    let rows = 1_000_000;
    let k: Tensor<Rank0, f32, On> = dev.tensor(1.0);
    let one = batch(&dev, vec![1.0_f32; rows]);
    let tenth = batch(&dev, vec![0.1_f32; rows]);
    let force = coulomb.forward((k.leaky_trace(), tenth, &one, &one)).unwrap();
    // The cotangents are ones; dfdx's own sum is not looked at.
    let gradient = force.sum().backward().get(&k).array();
    assert!((gradient - 100_000.0).abs() < 0.01, "{gradient}");
}
