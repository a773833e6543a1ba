//! A batch is a stack of calls, to the bit.

use crate::{Random, arguments, graph, rows};
use scheme_core::{
    prim::Operand,
    reference::{Array, evaluate},
    transform::vmap,
};

const SIZE: u32 = 3;

fn bits(array: &Array<f64>) -> Vec<u64> {
    let bits = |x: &Operand<f64>| match x {
        Operand::Real(x) if x.is_nan() => f64::NAN.to_bits(),
        Operand::Real(x) => x.to_bits(),
        Operand::Bool(b) => u64::from(*b),
    };
    array.data.iter().map(bits).collect()
}

#[test]
fn a_batch_is_a_stack_of_calls() {
    for (row, arity) in rows() {
        let f = graph(row, arity);
        let mut random = Random::new(row);
        for subset in 0..1u32 << arity {
            let batched: Vec<bool> = (0..arity).map(|i| subset >> i & 1 == 1).collect();
            let shared = arguments(&random.operands(row, arity));
            let calls: Vec<Vec<Array<f64>>> = (0..SIZE)
                .map(|_| {
                    let own = arguments(&random.operands(row, arity));
                    own.into_iter()
                        .zip(&shared)
                        .zip(&batched)
                        .map(|((a, b), own)| if *own { a } else { b.clone() })
                        .collect()
                })
                .collect();
            let column = |i: usize| -> Array<f64> {
                let rows: Vec<Array<f64>> = calls.iter().map(|call| call[i].clone()).collect();
                if batched[i] { Array::stack(&rows).unwrap() } else { shared[i].clone() }
            };
            let columns: Vec<Array<f64>> = (0..arity).map(column).collect();
            let got = evaluate(&vmap(&f, &batched, SIZE).unwrap(), &columns).unwrap();
            let want: Vec<Array<f64>> =
                calls.iter().map(|call| evaluate(&f, call).unwrap().remove(0)).collect();
            assert_eq!(bits(&got[0]), bits(&Array::stack(&want).unwrap()), "{row:?} {batched:?}");
        }
    }
}
