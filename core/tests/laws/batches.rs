//! A batch is a stack of calls, to the bit.

use crate::{Random, arguments, subjects};
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
    for subject in subjects() {
        let (f, arity) = (&subject.graph, subject.operands.len());
        let mut random = Random::new(&subject.name);
        let few = 1u32 << arity.min(4);
        for subset in 0..few {
            // Of many operands, those with one remainder go together.
            let subset = (0..arity).map(|i| (subset >> (i % 4) & 1) << i).sum::<u32>();
            let batched: Vec<bool> = (0..arity).map(|i| subset >> i & 1 == 1).collect();
            let shared = arguments(&random.operands(&subject));
            let calls: Vec<Vec<Array<f64>>> = (0..SIZE)
                .map(|_| {
                    let own = arguments(&random.operands(&subject));
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
            let got = evaluate(&vmap(f, &batched, SIZE).unwrap(), &columns).unwrap();
            let want: Vec<Array<f64>> =
                calls.iter().map(|call| evaluate(f, call).unwrap().remove(0)).collect();
            assert_eq!(bits(&got[0]), bits(&Array::stack(&want).unwrap()), "{} {batched:?}", subject.name);
        }
    }
}
