//! As if the side not taken had never been evaluated: its nan reaches neither value nor derivative.

use crate::{bits, parse, reals, run, total};
use scheme_core::{
    anf::Graph,
    reference::Array,
    transform::{adjoint, grad, hessian, jvp, simplify, value_and_grad, vjp, vmap},
};

/// Functions of `x` and `y` with sides that are nan or infinite where they are not taken, and points.
const CASES: &[(&str, &[[f64; 2]])] = &[
    (
        "graph log(x: v0 real, y: v1 real) {
           v2: bool = less 0.0 v0
           v5: real = if v2 {
             v3: real = log v0
             v4: real = mul v3 v1
             give v4
           } else {
             v6: real = mul v0 v1
             give v6
           }
           give v5
         }",
        &[[-1.0, 2.0], [0.0, 3.0], [2.0, 3.0]],
    ),
    (
        "graph sinc(x: v0 real, y: v1 real) {
           v2: bool = is_zero v0
           v3: real = if v2 {
             give 1.0
           } else {
             v4: real = sin v0
             v5: real = div v4 v0
             give v5
           }
           v6: real = mul v3 v1
           give v6
         }",
        &[[0.0, 2.0], [1.0, 2.0]],
    ),
    (
        "graph nested(x: v0 real, y: v1 real) {
           v2: bool = less_eq 0.0 v0
           v9: real, v10: real = if v2 {
             v3: real = sqrt v0
             v4: bool = less 0.0 v1
             v6: real = if v4 {
               v5: real = expt v3 v1
               give v5
             } else {
               v7: real = recip v1
               v8: real = sqrt v7
               give 0.0
             }
             give v6 v3
           } else {
             v11: real = neg v0
             v12: real = log v11
             give v12 v1
           }
           v13: real = mul v9 v10
           give v13
         }",
        &[[-1.0, 2.0], [4.0, 2.0], [4.0, -2.0], [4.0, 0.0], [-2.0, 0.0]],
    ),
    (
        "graph constant(x: v0 real, y: v1 real) {
           v2: bool = less 0.0 v0
           v9: real = if v2 {
             v3: bool = less 0.3 0.7
             v4: real = exp 0.3
             v7: real = if v3 {
               v5: real = log v0
               v6: real = mul v5 v4
               give v6
             } else {
               give v4
             }
             v8: real = expt v7 0.3
             give v7
           } else {
             v10: real = log 0.3
             give v10
           }
           v11: real = mul v9 v1
           give v11
         }",
        &[[-1.0, 2.0], [0.0, 3.0], [2.0, 3.0]],
    ),
    (
        "graph select(x: v0 real, y: v1 real) {
           v2: bool = less 0.0 v0
           v3: real = log v0
           v4: real = mul v3 v1
           v5: real = mul v0 v1
           v6: real = select v2 1.0 v5
           v7: real = mul v6 v6
           give v7
         }",
        &[[-1.0, 2.0], [0.0, 3.0], [2.0, 3.0]],
    ),
];

fn clean(f: &Graph, args: &[Array<f64>]) -> Vec<Array<f64>> {
    let results = run(f, args);
    for x in results.iter().flat_map(Array::numbers) {
        assert!(x.is_finite(), "{results:?}\n{f}");
    }
    results
}

fn each(law: impl Fn(&Graph, &[[f64; 2]])) {
    for (text, points) in CASES {
        law(&parse(text), points);
    }
}

/// `x` and `y` of all points, as two arrays.
fn columns(points: &[[f64; 2]]) -> Vec<Array<f64>> {
    let column =
        |i: usize| Array::stack(&points.iter().map(|p| Array::real(p[i])).collect::<Vec<_>>()).unwrap();
    vec![column(0), column(1)]
}

#[test]
fn values_and_derivatives_are_clean() {
    each(|f, points| {
        for point in points {
            let x = reals(point);
            clean(f, &x);
            clean(&jvp(f), &[x.clone(), reals(&[1.0, 1.0])].concat());
            clean(&vjp(f).unwrap(), &[x.clone(), reals(&[1.0])].concat());
            let both = value_and_grad(f, &[0, 1]).unwrap();
            let want = clean(&both, &x);
            clean(&hessian(f, &[0, 1]).unwrap(), &x);
            assert_eq!(bits(&clean(&simplify(&both), &x)), bits(&want));
            clean(&adjoint(&both, 1), &x);
        }
    });
}

#[test]
fn the_side_taken_is_all_there_is() {
    // x·y below 0, where log x·y is nan.
    let f = parse(CASES[0].0);
    let both = run(&value_and_grad(&f, &[0, 1]).unwrap(), &reals(&[-1.0, 2.0]));
    assert_eq!(bits(&both), bits(&reals(&[-2.0, 2.0, -1.0])));
    // 1·y at 0, where sin x/x is nan.
    let f = parse(CASES[1].0);
    let both = run(&value_and_grad(&f, &[0, 1]).unwrap(), &reals(&[0.0, 2.0]));
    assert_eq!(bits(&both), bits(&reals(&[2.0, 0.0, 1.0])));
}

#[test]
fn batches_of_derivatives_are_clean() {
    each(|f, points| {
        let (size, args) = (points.len() as u32, columns(points));
        for g in [
            value_and_grad(f, &[0, 1]).unwrap(),
            hessian(f, &[0, 1]).unwrap(),
            simplify(&grad(f, &[0]).unwrap()),
        ] {
            let got = clean(&vmap(&g, &[true, true], size).unwrap(), &args);
            for (i, result) in got.iter().enumerate() {
                let rows: Vec<Array<f64>> = points.iter().map(|p| run(&g, &reals(p)).remove(i)).collect();
                assert_eq!(bits(std::slice::from_ref(result)), bits(&[Array::stack(&rows).unwrap()]));
            }
        }
    });
}

#[test]
fn derivatives_of_batches_are_clean() {
    each(|f, points| {
        let (size, args) = (points.len() as u32, columns(points));
        let batch = total(&vmap(f, &[true, true], size).unwrap());
        let gradient = grad(&batch, &[0, 1]).unwrap();
        let want = vmap(&grad(f, &[0, 1]).unwrap(), &[true, true], size).unwrap();
        assert_eq!(bits(&clean(&gradient, &args)), bits(&clean(&want, &args)), "{gradient}");
        let ones: Vec<Array<f64>> =
            args.iter().map(|a| Array::reals(a.dims, &vec![1.0; a.dims.len()]).unwrap()).collect();
        clean(&jvp(&gradient), &[args.clone(), ones].concat());
        clean(&grad(&total(&gradient), &[0, 1]).unwrap(), &args);
        // One x for all of y, then one y for all of x.
        for (point, shared) in points.iter().flat_map(|p| [(p, 0), (p, 1)]) {
            let mut mixed = args.clone();
            mixed[shared] = Array::real(point[shared]);
            let mut calls = points.iter().map(|p| {
                let mut call = *p;
                call[shared] = point[shared];
                reals::<f64>(&call)
            });
            let gradient = grad(f, &[0, 1]).unwrap();
            let finite =
                |call: Vec<Array<f64>>| run(&gradient, &call).iter().all(|a| a.numbers()[0].is_finite());
            if calls.all(finite) {
                let batch = total(&vmap(f, &[shared != 0, shared != 1], size).unwrap());
                clean(&grad(&batch, &[0, 1]).unwrap(), &mixed);
            }
        }
    });
}

/// Constants inside choices, in a table with as many rows as columns.
#[test]
fn tables_of_constants() {
    let f = parse(
        "graph table(x: v0 real, y: v1 real) {
           v2: bool = less 0.0 v0
           v3: real = if v2 {
             v4: real = log v0
             v5: real = mul v4 v1
             give v5
           } else {
             v6: real = exp 0.3
             v7: bool = less 0.3 v6
             v8: real = if v7 {
               v9: real = log 0.3
               give v9
             } else {
               give v1
             }
             v10: real = expt v8 3.0
             give v10
           }
           give v3
         }",
    );
    for order in [[[false, true], [true, false]], [[true, false], [false, true]]] {
        let table = vmap(&vmap(&f, &order[0], 2).unwrap(), &order[1], 2).unwrap();
        let args = columns(&[[2.0, 3.0], [-1.0, 5.0]]);
        let both = value_and_grad(&total(&table), &[0, 1]).unwrap();
        let log2 = std::f64::consts::LN_2;
        let constant = 0.3f64.ln().powi(3);
        let got: Vec<f64> = clean(&both, &args).iter().flat_map(Array::numbers).collect();
        let want = [8.0 * log2 + 2.0 * constant, 4.0, 0.0, log2, log2];
        assert!(got.iter().zip(want).all(|(got, want)| (got - want).abs() < 1e-14), "{got:?}, not {want:?}");
        clean(&grad(&total(&grad(&total(&table), &[0, 1]).unwrap()), &[0, 1]).unwrap(), &args);
    }
}
