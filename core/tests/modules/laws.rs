//! What holds of every module and its reverse mode.

use crate::big::{Big, agree};
use scheme_core::{
    anf::{Module, verify},
    prim::Operand,
    real::Real,
    reference::{Array, Fault, call, call_reverse},
    transform::{Adjoint, Reverse, reverse},
};

/// The graphs verify, and their texts parse back.
#[track_caller]
pub(crate) fn sound(module: &Module, reverse: &Reverse) {
    reverse.verify(module).unwrap_or_else(|violation| panic!("{violation}\n{module}"));
    let graphs = reverse.functions.iter().flatten().flat_map(Adjoint::graphs);
    for graph in graphs.chain([&reverse.program]) {
        verify(graph).unwrap_or_else(|violation| panic!("{violation}\n{graph}"));
        let text = graph.to_string();
        assert_eq!(scheme_core::anf::Graph::parse(&text).unwrap().to_string(), text);
    }
}

fn reals<A: Real<Mask = bool>>(xs: &[f64]) -> Vec<Array<A>> {
    xs.iter().map(|x| Array::real(A::lit(*x))).collect()
}

fn numbers<A: Real<Mask = bool>>(arrays: &[Array<A>]) -> Vec<A> {
    arrays.iter().flat_map(Array::numbers).collect()
}

/// The value has the bits of a plain run, and fails as it does; the gradient is that of a difference in 90
/// digits.
#[track_caller]
pub(crate) fn check(module: &Module, point: &[f64]) {
    let wrt: Vec<usize> = (0..point.len()).collect();
    let both = reverse(module, &wrt).unwrap();
    sound(module, &both);
    let plain = call::<f64>(module, &reals(point));
    let got = call_reverse::<f64>(module, &both, &reals(point));
    let (plain, got) = match (plain, got) {
        (Ok(plain), Ok(got)) => (numbers(&plain), numbers(&got)),
        (plain, got) => {
            let fault = plain.expect_err("a plain run fails as well");
            assert!(
                !matches!(fault, Fault::Instruction { .. } | Fault::Argument { .. }),
                "{fault}\n{module}"
            );
            assert_eq!(got.unwrap_err(), fault, "{module}");
            return;
        }
    };
    assert!(plain[0].to_bits() == got[0].to_bits() || (plain[0].is_nan() && got[0].is_nan()), "{module}");
    let Ok(got) = call_reverse::<Big>(module, &both, &reals(point)) else { return };
    let got = numbers(&got);
    let step = Big::ten(-25);
    for i in &wrt {
        let at = |h: Big| {
            let mut x = reals::<Big>(point);
            if let Operand::Real(x) = &mut x[*i].data[0] {
                *x = *x + h;
            }
            call(module, &x).map(|results| numbers(&results)[0])
        };
        let (Ok(up), Ok(down)) = (at(step), at(-step)) else { continue };
        let want = (up - down) / (step + step);
        if want.is_finite() && want.abs().less(Big::ten(30)) {
            agree(got[1 + i], want, 12, || format!("by {i} at {point:?} of\n{module}"));
        }
    }
}
