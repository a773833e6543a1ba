//! Programs and transforms of them, elementwise.

use crate::{
    check::{batch, check, spread},
    programs::{coulomb, cube, decay, gaussian, pendulum, root},
};
use dfdx::prelude::*;
use scheme_runtime::{Function, grad, hessian, jacobian, tensors::Tensors};

#[test]
fn coulomb_law() {
    // Whole blocks, a rest, and less than one block.
    for rows in [1, 5, 8, 16, 37, 100] {
        let columns =
            [spread(rows, 8.0, 9.0), spread(rows, 0.5, 2.0), spread(rows, -2.0, 2.0), spread(rows, 0.5, 3.0)];
        check(coulomb::Program, columns.each_ref().map(|column| &column[..]));
    }
}

#[test]
fn gaussian_density() {
    let columns = [spread(60, -3.0, 3.0), spread(60, -0.5, 0.5), spread(60, 0.5, 2.0)];
    check(gaussian::Program, columns.each_ref().map(|column| &column[..]));
}

#[test]
fn damped_pendulum() {
    let columns = [spread(45, 0.5, 1.5), spread(45, 0.1, 0.4), spread(45, 2.0, 4.0), spread(45, 0.0, 5.0)];
    check(pendulum::Program, columns.each_ref().map(|column| &column[..]));
}

#[test]
fn a_program_with_a_branch() {
    let columns = [spread(50, -2.0, 2.3), spread(50, 0.5, 2.0)];
    check(root::Program, columns.each_ref().map(|column| &column[..]));
}

#[test]
fn exponential_decay() {
    let columns = [spread(33, 0.0, 2.0), spread(33, -1.0, 1.0), spread(33, 1.0, 2.0), spread(33, 0.5, 1.5)];
    check(decay::Program, columns.each_ref().map(|column| &column[..]));
}

#[test]
fn transforms_run_on_tensors() {
    let columns = [spread(40, 8.0, 9.0), spread(40, 0.5, 2.0), spread(40, -2.0, 2.0), spread(40, 0.5, 3.0)];
    let columns = columns.each_ref().map(|column| &column[..]);
    check(grad(coulomb::Program).wrt(|v| v.r), columns);
    check(jacobian(pendulum::Program).wrt(|v| v.t), columns);
    let [x, b, ..] = columns;
    check(grad(grad(root::Program).wrt(|v| v.x)).wrt(|v| v.x), [x, b]);
}

#[test]
fn one_input_needs_no_tuple() {
    let dev = Cpu::default();
    let x = batch(&dev, vec![1.0, 2.0, -3.0]);
    let y = cube::Program.forward(x.leaky_trace()).unwrap();
    assert_eq!(y.as_vec(), [1.0, 8.0, -27.0]);
    let gradients = y.sum().backward();
    assert_eq!(gradients.get(&x).as_vec(), [3.0, 12.0, 27.0]);

    let slope = grad(cube::Program).forward(x.leaky_trace()).unwrap();
    assert_eq!(slope.sum().backward().get(&x).as_vec(), [6.0, 12.0, -18.0]);
    assert_eq!(hessian(cube::Program).forward(&x).unwrap().as_vec(), [6.0, 12.0, -18.0]);
}

#[test]
fn users_functions_are_generic_over_elements_and_tapes() {
    use scheme_runtime::{Element, R, tensors::Tapes};

    fn shifted<F, E, T>(
        f: F,
        x: Tensor<(usize,), E, Cpu, T>,
    ) -> Result<Tensor<(usize,), E, Cpu, T>, scheme_runtime::tensors::TensorError>
    where
        F: Function<In = R, Out = R>,
        E: Element + Dtype,
        Cpu: scheme_runtime::tensors::Backend<E, Err = CpuError>,
        T: Tapes<E, Cpu>,
    {
        f.forward(x + E::ONE)
    }

    let dev = Cpu::default();
    let x = batch(&dev, vec![1.0_f32, 2.0]);
    assert_eq!(shifted(cube::Program, x.clone()).unwrap().as_vec(), [8.0, 27.0]);
    let gradients = shifted(cube::Program, x.leaky_trace()).unwrap().sum().backward();
    assert_eq!(gradients.get(&x).as_vec(), [12.0, 27.0]);
}

#[test]
fn a_sum_over_a_million_rows_of_f32_is_accurate() {
    let dev = Cpu::default();
    let rows = 1_000_000;
    let k: Tensor<Rank0, f32, Cpu> = dev.tensor(1.0);
    let one = batch(&dev, vec![1.0_f32; rows]);
    let tenth = batch(&dev, vec![0.1_f32; rows]);
    let force = coulomb::Program.forward((k.leaky_trace(), tenth, &one, &one)).unwrap();
    // The cotangents are ones; dfdx's own sum is not looked at.
    let gradient = force.sum().backward().get(&k).array();
    assert!((gradient - 100_000.0).abs() < 0.01, "{gradient}");
}
