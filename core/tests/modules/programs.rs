//! The laws on programs: those that `tests/lower` shows the modules of.

use crate::laws;
use scheme_core::{
    anf::{Kind, Module, Type, verify_module},
    kernel,
    lower::{Direct, Lowered, lower},
    reader,
    reference::{Array, Fault, call},
    transform::optimize,
};

/// The module of a program that gives one number of numbers.
fn module(text: &str) -> Option<Module> {
    let (data, _) = reader::read(text);
    let program = kernel::desugar(&data).0?;
    let Ok(Lowered::Direct(Direct { module, .. })) = lower("program", &program) else { return None };
    verify_module(&module).unwrap_or_else(|violation| panic!("{violation}\n{module}"));
    let main = &module.functions[0].graph;
    let plain = main.result_types() == [Type::REAL] && main.param_types().iter().all(|ty| *ty == Type::REAL);
    plain.then_some(module)
}

#[test]
fn laws_hold_of_programs() {
    let files = [include_str!("../lower/control.txt"), include_str!("../lower/arrays.txt")];
    let (mut loops, mut ran) = (0, 0);
    for case in files.iter().flat_map(|file| file.split_terminator("====\n")) {
        let rest = case.split_once('\n').unwrap().1;
        let Some(module) = module(rest.split_once("----\n").unwrap().0) else { continue };
        loops += module.functions.iter().filter(|f| f.kind == Kind::Loop).count();
        let better = optimize(&module);
        for (i, x) in [1.31, 2.42, 0.17, -1.6].into_iter().enumerate() {
            let point: Vec<f64> = (0..module.functions[0].graph.params.len())
                .map(|k| x + 0.31 * (k * (i + 1)) as f64)
                .collect();
            let args: Vec<Array<f64>> = point.iter().map(|x| Array::real(*x)).collect();
            // Some of them never end at some points.
            if call(&module, &args).is_err_and(|fault| matches!(fault, Fault::Depth | Fault::Steps)) {
                continue;
            }
            ran += 1;
            laws::check(&module, &point);
            laws::same(&module, &better, &point);
            laws::check(&better, &point);
            laws::forward(&better, &point);
        }
    }
    assert!(loops > 5 && ran > 60, "{loops} loops, {ran} runs");
}
