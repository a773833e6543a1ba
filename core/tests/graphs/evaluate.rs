//! The oracle itself, on what can be told by hand.

use crate::{bits, parse, run};
use scheme_core::{
    anf::{Dims, Var},
    prim::Operand,
    reference::{Array, Fault, evaluate},
};

fn array(axes: &[u32], data: &[f64]) -> Array<f64> {
    Array::reals(Dims::new(axes).unwrap(), data).unwrap()
}

#[test]
fn axes_come_and_go() {
    let f = parse(
        "graph axes(x: v0 real[2,3]) {
           v1: real[3] = sum 0 v0
           v2: real[2] = sum 1 v0
           v3: real[2,4,3] = broadcast 1 4 v0
           v4: real[2,3,1] = broadcast 2 1 v0
           v5: real[2,4] = sum 2 v3
           v6: real[2] = broadcast 0 2 7.0
           give v1 v2 v4 v5 v6
         }",
    );
    let got = run(&f, &[array(&[2, 3], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0])]);
    let want = [
        array(&[3], &[5.0, 7.0, 9.0]),
        array(&[2], &[6.0, 15.0]),
        array(&[2, 3, 1], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]),
        array(&[2, 4], &[6.0, 6.0, 6.0, 6.0, 15.0, 15.0, 15.0, 15.0]),
        array(&[2], &[7.0, 7.0]),
    ];
    assert_eq!(bits(&got), bits(&want));
}

#[test]
fn each_row_chooses_for_itself() {
    let f = parse(
        "graph rows(x: v0 real[2,3]) {
           v1: real[2] = sum 1 v0
           v2: bool[2] = is_positive v1
           v3: real[2], v4: real[2,3] = if v2 {
             v5: real[2] = sum 1 v0
             give v5 v0
           } else {
             v6: real = exp 0.0
             v7: real[2] = broadcast 0 2 v6
             give v7 0.0
           }
           give v3 v4
         }",
    );
    let got = run(&f, &[array(&[2, 3], &[1.0, 2.0, 3.0, -4.0, -5.0, -6.0])]);
    let want = [array(&[2], &[6.0, 1.0]), array(&[2, 3], &[1.0, 2.0, 3.0, 0.0, 0.0, 0.0])];
    assert_eq!(bits(&got), bits(&want));
}

#[test]
fn looking_at_other_rows_is_a_fault() {
    let f = parse(
        "graph mixed(x: v0 real[2], b: v1 bool[2]) {
           v2: real[2] = if v1 {
             v3: real = sum 0 v0
             v4: real[2] = broadcast 0 2 v3
             give v4
           } else {
             give v0
           }
           give v2
         }",
    );
    let condition =
        Array { dims: Dims::new(&[2]).unwrap(), data: vec![Operand::Bool(true), Operand::Bool(false)] };
    let fault = evaluate(&f, &[array(&[2], &[1.0, 2.0]), condition]).unwrap_err();
    assert_eq!(fault, Fault::Instruction { at: Some(Var(3)) });
    assert_eq!(evaluate::<f64>(&f, &[]).unwrap_err(), Fault::Argument { index: 0 });
    let short = [array(&[3], &[1.0, 2.0, 3.0])];
    assert_eq!(evaluate(&f, &short).unwrap_err(), Fault::Argument { index: 0 });
}
