//! Whole programs: the cases of `tests/programs` that are graphs on numbers, their points as one batch.
//!
//! Values and gradients are those that the files have from runs in many digits. In single precision values are held
//! against the reference evaluation of the same graph in single precision, which decides as they do.

use crate::{
    case::{self, Case},
    close::{close, tolerance},
};
use dfdx::{prelude::*, shapes::Dtype, tensor::TensorFromVec};
use scheme_core::{
    anf::Module,
    lower::{Lowered, lower},
    reference::{Array, call},
};
use scheme_runtime::{
    Element, Real,
    tensors::{Backend, Operations, TensorError},
};

/// How far errors may add up in a program: so many times those of one operation.
const GROWTH: f64 = 10.0;

/// Checks every program on a device, in both precisions; gives how many there are.
pub fn check<D: Backend<f64> + Backend<f32>>(device: &D) -> usize {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/programs/cases");
    let mut wrong = Vec::new();
    let mut count = 0;
    for file in std::fs::read_dir(folder).expect("the folder") {
        let path = file.expect("a file").path();
        let text = std::fs::read_to_string(&path).expect("a text");
        let case = Case::parse(path.display().to_string().leak(), text.leak());
        let program = case.program().expect("a program");
        let Ok(Lowered::Direct(direct)) = lower("case", &program) else { continue };
        let names = case::names(&program);
        let names: Vec<&str> = names.iter().map(|name| &**name).collect();
        count += 1;
        let of = |precision: &str, error: String| format!("{} in {precision}: {error}", case.path);
        let double = run::<f64, D>(device, &case, &direct.module, &names);
        let single = run::<f32, D>(device, &case, &direct.module, &names);
        wrong.extend(double.into_iter().map(|error| of("f64", error)));
        wrong.extend(single.into_iter().map(|error| of("f32", error)));
    }
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
    count
}

/// What is wrong with a program.
fn run<E, D>(device: &D, case: &Case, module: &Module, names: &[&str]) -> Vec<String>
where
    E: Element + Dtype + Real<Mask = bool>,
    D: Backend<E>,
{
    let is_double = tolerance::<E>() < 1e-10;
    // A program that narrows down to the last digits of double precision does not end in single precision.
    let reference = |point: &Vec<f64>| -> Option<f64> {
        let arguments: Vec<Array<E>> = point.iter().map(|x| Array::real(E::lit(*x))).collect();
        Some(call(module, &arguments).ok()?.first()?.numbers().first().copied()?.into())
    };
    let mut points: Vec<(Vec<f64>, f64, Vec<f64>)> = Vec::new();
    for point in &case.points {
        let at = point.inputs(names.iter().copied());
        let value = if is_double { Some(point.value) } else { reference(&at) };
        points.extend(value.map(|value| (at, value, point.gradient(names.iter().copied()))));
    }
    let column = |k: usize| points.iter().map(|(at, ..)| E::lit(at[k])).collect::<Vec<E>>();
    let tensor = |k: usize| TensorFromVec::<E>::try_tensor_from_vec(device, column(k), (points.len(),));
    let tensors: Vec<Tensor<(usize,), E, D>> =
        (0..names.len()).map(|k| tensor(k).expect("a tensor")).collect();
    let operations = Operations::of(module.clone()).expect("a graph on numbers");
    let (results, tape) = match operations.forward(tensors.iter().map(|x| x.leaky_trace()).collect()) {
        Ok(ran) => ran,
        Err(TensorError::Empty) if points.is_empty() => return Vec::new(),
        Err(error) => return vec![error.to_string()],
    };
    let mut wrong = Vec::new();
    let values: Vec<f64> = numbers(results[0].clone());
    let gradients = results[0].clone().put_tape(tape).sum().backward();
    let gradients: Vec<Vec<f64>> = tensors.iter().map(|x| numbers(gradients.get(x))).collect();
    let allowed = GROWTH * tolerance::<E>();
    for (row, (at, value, gradient)) in points.into_iter().enumerate() {
        // What the last digits of the inputs are worth, and those within.
        let worth: f64 = 1.0 + at.iter().zip(&gradient).map(|(x, slope)| (x * slope).abs()).sum::<f64>();
        if !close::<E>(values[row], value, || vec![value + allowed * worth]) {
            wrong.push(format!("row {row}: {}, not {value}", values[row]));
        }
        for (k, wanted) in gradient.into_iter().enumerate().filter(|_| is_double) {
            let found = gradients[k][row];
            if !case::close(wanted, found, allowed) {
                wrong.push(format!("row {row}: by {} {found}, not {wanted}", names[k]));
            }
        }
    }
    wrong
}

/// The elements of a tensor.
fn numbers<E: Element + Dtype, D: Backend<E>>(tensor: Tensor<(usize,), E, D>) -> Vec<f64> {
    tensor.as_vec().into_iter().map(Into::into).collect()
}
