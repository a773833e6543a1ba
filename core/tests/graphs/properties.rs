//! What holds of every graph.

use crate::{
    big,
    big::{Big, agree},
    bits,
    generate::{Random, graph},
    reals, run, sound, total,
};
use scheme_core::{
    anf::{Graph, Module},
    prim::{Operand, Scalar},
    real::Real,
    reference::Array,
    transform::{
        adjoint, grad, hessian, jacobian, jvp, linearize, optimize, reverse, simplify, transpose,
        value_and_grad, vjp, vmap,
    },
};

const SIZE: u32 = 3;

/// Runs a law on random graphs, which and how many `GRAPHS=from..to` says.
fn each(law: impl Fn(&Graph, &mut Random)) {
    let range = std::env::var("GRAPHS").unwrap_or("0..100".to_owned());
    let (from, to) = range.split_once("..").expect("GRAPHS=from..to");
    for seed in from.parse().unwrap()..to.parse().unwrap() {
        let f = graph(seed);
        sound(&f);
        law(&f, &mut Random::new(seed ^ 0xabcd));
    }
}

fn point(f: &Graph, random: &mut Random) -> Vec<f64> {
    f.params.iter().map(|_| random.between(-2.0, 2.0)).collect()
}

/// All numbers, in order.
fn flat<A: Real<Mask = bool>>(arrays: &[Array<A>]) -> Vec<A> {
    arrays.iter().flat_map(Array::numbers).collect()
}

fn dot(a: &[Big], b: &[Big]) -> Big {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| *a * *b).fold(Big::lit(0.0), |a, b| a + b)
}

/// Random cotangents for the numbers that `f` gives.
fn cotangents(f: &Graph, random: &mut Random) -> Vec<Array<f64>> {
    let reals = f.result_types().into_iter().filter(|ty| ty.scalar == Scalar::Real);
    reals
        .map(|ty| {
            let data: Vec<f64> = (0..ty.dims.len()).map(|_| random.between(-1.0, 1.0)).collect();
            Array::reals(ty.dims, &data).unwrap()
        })
        .collect()
}

/// Only the numbers among the results.
fn only_reals(f: &Graph) -> Graph {
    let mut f = f.clone();
    let types = f.result_types();
    let mut types = types.iter();
    f.body.results.retain(|_| types.next().is_some_and(|ty| ty.scalar == Scalar::Real));
    f
}

/// The derivative of all numbers that `f` gives, along `d`, by a central difference in 90 digits.
fn difference(f: &Graph, x: &[Array<Big>], d: &[Array<Big>]) -> Vec<Big> {
    let step = Big::ten(-25);
    let at = |h: Big| {
        let element = |(x, d): (&Operand<Big>, &Operand<Big>)| match (x, d) {
            (Operand::Real(x), Operand::Real(d)) => Operand::Real(*x + h * *d),
            (x, _) => *x,
        };
        let moved = |(x, d): (&Array<Big>, &Array<Big>)| Array {
            dims: x.dims,
            data: x.data.iter().zip(&d.data).map(element).collect(),
        };
        flat(&run(f, &x.iter().zip(d).map(moved).collect::<Vec<_>>()))
    };
    at(step).into_iter().zip(at(-step)).map(|(up, down)| (up - down) / (step + step)).collect()
}

/// Asserts that numbers agree, scaled; numbers out of all bounds are let pass.
#[track_caller]
fn all_agree(got: &[Big], want: &[Big], digits: i32, f: &Graph) {
    assert_eq!(got.len(), want.len(), "{f}");
    for (got, want) in got.iter().zip(want) {
        if want.abs().less(Big::ten(40)) && want.is_finite() {
            agree(*got, *want, digits, || f.to_string());
        }
    }
}

/// Graphs that stop gradients have other derivatives than differences show; error functions' have 16 digits.
fn differentiable(f: &Graph) -> bool {
    let text = f.to_string();
    !text.contains("stop_gradient") && !text.contains("erf")
}

#[test]
fn every_transform_of_every_transform_is_sound() {
    let transforms: [fn(&Graph) -> Graph; 6] = [
        jvp,
        |f| vjp(f).unwrap(),
        |f| vmap(f, &vec![true; f.params.len()], SIZE).unwrap_or_else(|_| f.clone()),
        |f| {
            let batched: Vec<bool> = (0..f.params.len()).map(|i| i % 2 == 1).collect();
            vmap(f, &batched, SIZE).unwrap_or_else(|_| f.clone())
        },
        |f| linearize(f).unwrap().primal,
        simplify,
    ];
    each(|f, _| {
        for first in transforms {
            let once = first(f);
            sound(&once);
            for second in transforms {
                let twice = second(&once);
                sound(&twice);
            }
        }
    });
}

#[test]
fn simplifying_keeps_values() {
    each(|f, random| {
        let x = reals(&point(f, random));
        assert_eq!(bits(&run(&simplify(f), &x)), bits(&run(f, &x)), "{f}");
        let f = total(f);
        let all: Vec<usize> = (0..f.params.len()).collect();
        let both = value_and_grad(&f, &all).unwrap();
        let better = adjoint(&both, 1);
        sound(&better);
        assert_eq!(bits(&run(&better, &x)[..1]), bits(&run(&both, &x)[..1]), "{both}\n{better}");
        all_agree(&flat(&run(&better, &big(&x))), &flat(&run(&both, &big(&x))), 60, &better);
    });
}

#[test]
fn reverse_of_a_module_without_calls_is_that_of_its_graph() {
    each(|f, _| {
        let f = total(f);
        let all: Vec<usize> = (0..f.params.len()).collect();
        let module = Module::single(f.clone());
        let got = reverse(&optimize(&module), &all).unwrap();
        assert_eq!(got.program, adjoint(&value_and_grad(&f, &all).unwrap(), 1));
        assert!(got.functions.iter().all(Option::is_none));
    });
}

#[test]
fn jvp_is_the_derivative() {
    each(|f, random| {
        let (x, d) = (reals(&point(f, random)), reals(&point(f, random)));
        let df = jvp(f);
        let got = run(&df, &[x.clone(), d.clone()].concat());
        assert_eq!(bits(&got[..f.body.results.len()]), bits(&run(f, &x)), "the value\n{f}\n{df}");
        if differentiable(f) {
            let got = run(&df, &big(&[x.clone(), d.clone()].concat()));
            let tangents = flat(&got[f.body.results.len()..]);
            all_agree(&tangents, &difference(&only_reals(f), &big(&x), &big(&d)), 20, f);
        }
    });
}

#[test]
fn second_derivatives() {
    each(|f, random| {
        if !differentiable(f) {
            return;
        }
        let f = total(f);
        let all: Vec<usize> = (0..f.params.len()).collect();
        let x = big(&reals(&point(&f, random)));
        let gradient = grad(&f, &all).unwrap();
        let h = flat(&run(&hessian(&f, &all).unwrap(), &x));
        let n = all.len();
        for i in 0..n {
            let unit: Vec<f64> = (0..n).map(|j| f64::from(u8::from(i == j))).collect();
            let column: Vec<Big> = (0..n).map(|j| h[j * n + i]).collect();
            all_agree(&column, &difference(&gradient, &x, &reals(&unit)), 20, &f);
            let row = &h[i * n..(i + 1) * n];
            all_agree(row, &column, 50, &f);
            // Reverse over reverse.
            let mut one = gradient.clone();
            one.body.results = vec![one.body.results[i]];
            all_agree(&flat(&run(&grad(&one, &all).unwrap(), &x)), row, 50, &f);
        }
    });
}

#[test]
fn linearize_is_jvp_in_two_steps() {
    each(|f, random| {
        let (x, d) = (reals(&point(f, random)), reals(&point(f, random)));
        let lin = linearize(f).unwrap();
        sound(&lin.primal);
        sound(&lin.tangent);
        let values = run(&lin.primal, &x);
        let (results, residuals) = values.split_at(lin.outputs);
        let tangents = run(&lin.tangent, &[residuals, &d].concat());
        let want = run(&jvp(f), &[x, d].concat());
        assert_eq!(bits(results), bits(&want[..lin.outputs]), "{f}");
        assert_eq!(bits(&tangents), bits(&want[lin.outputs..]), "{f}\n{}", lin.tangent);
    });
}

#[test]
fn vjp_is_jvp_transposed() {
    each(|f, random| {
        let (x, d) = (reals(&point(f, random)), reals(&point(f, random)));
        let cts = cotangents(f, random);
        let forward = run(&jvp(f), &big(&[x.clone(), d.clone()].concat()));
        let backward = run(&vjp(f).unwrap(), &big(&[x.clone(), cts.clone()].concat()));
        let (values, tangents) = forward.split_at(f.body.results.len());
        let (again, pulled) = backward.split_at(f.body.results.len());
        all_agree(&flat(again), &flat(values), 90, f);
        let (along, back) = (dot(&flat(tangents), &flat(&big(&cts))), dot(&flat(pulled), &flat(&big(&d))));
        all_agree(&[back], &[along], 60, f);
        // A linear function is its transpose's.
        let lin = linearize(f).unwrap();
        let linear: Vec<bool> =
            (0..lin.tangent.params.len()).map(|i| i >= lin.tangent.params.len() - d.len()).collect();
        let there = transpose(&lin.tangent, &linear).unwrap();
        let residuals = there.params.len() - cts.len();
        let linear: Vec<bool> = (0..there.params.len()).map(|i| i >= residuals).collect();
        let back = transpose(&there, &linear).unwrap();
        let values = run(&lin.primal, &big(&x));
        let args = [&values[lin.outputs..], &big(&cts)].concat();
        all_agree(&flat(&run(&there, &args)), &flat(pulled), 90, f);
        let args = [&values[lin.outputs..], &big(&d)].concat();
        all_agree(&flat(&run(&back, &args)), &flat(&run(&lin.tangent, &args)), 60, f);
    });
}

#[test]
fn jacobians_both_ways() {
    each(|f, random| {
        let f = only_reals(f);
        if f.result_types().iter().any(|ty| !ty.dims.axes().is_empty()) {
            return;
        }
        let x = big(&reals(&point(&f, random)));
        let all: Vec<usize> = (0..f.params.len()).collect();
        let jacobian = flat(&run(&jacobian(&f, &all).unwrap(), &x));
        for (i, row) in jacobian.chunks(all.len()).enumerate() {
            let mut one = f.clone();
            one.body.results = vec![f.body.results[i]];
            all_agree(&flat(&run(&grad(&one, &all).unwrap(), &x)), row, 60, &f);
        }
    });
}

/// Calls of `f` and the columns of their arguments, of which some are shared.
fn calls(f: &Graph, batched: &[bool], random: &mut Random) -> (Vec<Vec<Array<f64>>>, Vec<Array<f64>>) {
    let shared = point(f, random);
    let call = |_| {
        let own = point(f, random);
        reals(&(0..own.len()).map(|i| if batched[i] { own[i] } else { shared[i] }).collect::<Vec<_>>())
    };
    let calls: Vec<Vec<Array<f64>>> = (0..SIZE).map(call).collect();
    let column = |i: usize| {
        let rows: Vec<Array<f64>> = calls.iter().map(|call| call[i].clone()).collect();
        if batched[i] { Array::stack(&rows).unwrap() } else { rows[0].clone() }
    };
    let columns = (0..batched.len()).map(column).collect();
    (calls, columns)
}

/// The results of several calls, each stacked.
fn stacked<A: Real<Mask = bool>>(results: &[Vec<Array<A>>]) -> Vec<Array<A>> {
    let result = |i: usize| {
        let rows: Vec<Array<A>> = results.iter().map(|call| call[i].clone()).collect();
        Array::stack(&rows).unwrap()
    };
    (0..results[0].len()).map(result).collect()
}

#[test]
fn a_batch_is_a_stack_of_calls() {
    each(|f, random| {
        for subset in 0..1u32 << f.params.len() {
            let batched: Vec<bool> = (0..f.params.len()).map(|i| subset >> i & 1 == 1).collect();
            let (calls, columns) = calls(f, &batched, random);
            let batch = vmap(f, &batched, SIZE).unwrap();
            let want: Vec<Vec<Array<f64>>> = calls.iter().map(|call| run(f, call)).collect();
            assert_eq!(bits(&run(&batch, &columns)), bits(&stacked(&want)), "{batched:?}\n{f}\n{batch}");
        }
    });
}

#[test]
fn a_batch_of_gradients_is_a_stack_of_gradients() {
    each(|f, random| {
        let f = total(f);
        let all: Vec<usize> = (0..f.params.len()).collect();
        let batched: Vec<bool> = all.iter().map(|i| i % 2 == 0).collect();
        let (calls, columns) = calls(&f, &batched, random);
        let gradient = grad(&f, &all).unwrap();
        let want: Vec<Vec<Array<f64>>> = calls.iter().map(|call| run(&gradient, call)).collect();
        let batch = vmap(&gradient, &batched, SIZE).unwrap();
        assert_eq!(bits(&run(&batch, &columns)), bits(&stacked(&want)), "{f}\n{batch}");
        let hessian = hessian(&f, &all).unwrap();
        let want: Vec<Vec<Array<f64>>> = calls.iter().map(|call| run(&hessian, call)).collect();
        let batch = vmap(&hessian, &batched, SIZE).unwrap();
        assert_eq!(bits(&run(&batch, &columns)), bits(&stacked(&want)), "{f}\n{batch}");
    });
}

#[test]
fn the_gradient_of_a_batch_is_that_of_its_rows() {
    each(|f, random| {
        let f = total(f);
        let all: Vec<usize> = (0..f.params.len()).collect();
        let batched: Vec<bool> = all.iter().map(|i| i % 2 == 0).collect();
        let (calls, columns) = calls(&f, &batched, random);
        let sum = total(&vmap(&f, &batched, SIZE).unwrap());
        let gradient = grad(&sum, &all).unwrap();
        sound(&gradient);
        let got = run(&gradient, &big(&columns));
        let one = grad(&f, &all).unwrap();
        let rows: Vec<Vec<Array<Big>>> = calls.iter().map(|call| run(&one, &big(call))).collect();
        for i in all {
            let rows = flat(&rows.iter().map(|row| row[i].clone()).collect::<Vec<_>>());
            let want =
                if batched[i] { rows } else { vec![rows.into_iter().fold(Big::lit(0.0), |a, b| a + b)] };
            all_agree(&got[i].numbers(), &want, 60, &f);
        }
    });
}

#[test]
fn batches_of_batches() {
    each(|f, random| {
        let f = total(f);
        // x0 in rows, the others in columns of a table.
        let inner: Vec<bool> = (0..f.params.len()).map(|i| i > 0).collect();
        let outer: Vec<bool> = inner.iter().map(|b| !b).collect();
        let (rows, left) = calls(&f, &outer, random);
        let (columns, right) = calls(&f, &inner, random);
        let table = vmap(&vmap(&f, &inner, SIZE).unwrap(), &outer, SIZE).unwrap();
        let args: Vec<Array<f64>> =
            (0..f.params.len()).map(|i| if outer[i] { left[i].clone() } else { right[i].clone() }).collect();
        let got = run(&table, &args);
        let row = |row: &Vec<Array<f64>>| {
            let call = |column: &Vec<Array<f64>>| {
                let args: Vec<Array<f64>> = (0..f.params.len())
                    .map(|i| if outer[i] { row[i].clone() } else { column[i].clone() })
                    .collect();
                run(&f, &args)
            };
            stacked(&columns.iter().map(call).collect::<Vec<_>>())
        };
        let want = stacked(&rows.iter().map(row).collect::<Vec<_>>());
        assert_eq!(bits(&got), bits(&want), "{f}\n{table}");
        // And the derivative through both batches.
        let d: Vec<Array<f64>> =
            args.iter().map(|a| Array::reals(a.dims, &vec![0.5; a.dims.len()]).unwrap()).collect();
        let both = total(&table);
        let forward = run(&jvp(&both), &big(&[args.clone(), d.clone()].concat()));
        let all: Vec<usize> = (0..f.params.len()).collect();
        let gradient = run(&grad(&both, &all).unwrap(), &big(&args));
        all_agree(&[dot(&flat(&gradient), &flat(&big(&d)))], &flat(&forward[1..]), 60, &f);
        let again = run(&grad(&total(&grad(&both, &all).unwrap()), &all).unwrap(), &big(&args));
        let forward = run(&jvp(&grad(&both, &all).unwrap()), &big(&[args, d.clone()].concat()));
        let along = flat(&forward[all.len()..]).into_iter().fold(Big::lit(0.0), |a, b| a + b);
        all_agree(&[dot(&flat(&again), &flat(&big(&d)))], &[along], 60, &f);
    });
}
