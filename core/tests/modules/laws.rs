//! What holds of every module and its reverse mode.

use crate::big::{Big, agree};
use scheme_core::{
    anf::{FnId, Module, verify, verify_module},
    prim::Operand,
    real::Real,
    reference::{Array, Fault, call, call_reverse},
    transform::{Adjoint, Reverse, forward_gradient, jvp_module, reverse, vjp_module},
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

/// Both give the same bits, or fail alike.
#[track_caller]
pub(crate) fn same(module: &Module, better: &Module, point: &[f64]) {
    verify_module(better).unwrap_or_else(|violation| panic!("{violation}\n{better}\nfrom\n{module}"));
    let bits = |results: Result<Vec<Array<f64>>, Fault>| {
        let bits = |x: f64| if x.is_nan() { f64::NAN.to_bits() } else { x.to_bits() };
        results.map(|results| numbers(&results).into_iter().map(bits).collect::<Vec<_>>())
    };
    let (want, got) = (bits(call(module, &reals(point))), bits(call(better, &reals(point))));
    assert_eq!(got, want, "{better}\nfrom\n{module}");
}

/// What forward mode gives, in one direction or as a gradient, is the value, to the bit, and what reverse mode gives.
#[track_caller]
pub(crate) fn forward(module: &Module, point: &[f64]) {
    let wrt: Vec<usize> = (0..point.len()).collect();
    let forward = jvp_module(module, &wrt).unwrap();
    verify_module(&forward).unwrap_or_else(|violation| panic!("{violation}\n{forward}"));
    let both = reverse(module, &wrt).unwrap();
    let gradient = forward_gradient(module, &wrt).unwrap();
    verify_module(&gradient).unwrap_or_else(|violation| panic!("{violation}\n{gradient}"));
    let directions = wrt.iter().map(|i| wrt.iter().map(|k| f64::from(u8::from(i == k))).collect::<Vec<_>>());
    let Ok(want) = call_reverse::<Big>(module, &both, &reals(point)) else {
        let unit = [point, &vec![1.0; point.len()]].concat();
        assert!(call::<f64>(&forward, &reals(&unit)).is_err());
        let fault = |module| call::<f64>(module, &reals(point)).unwrap_err();
        assert_eq!(fault(&gradient), fault(module), "{gradient}\nfrom\n{module}");
        return;
    };
    let want = numbers(&want);
    let bits = |x: f64| if x.is_nan() { f64::NAN.to_bits() } else { x.to_bits() };
    let value = numbers(&call::<f64>(module, &reals(point)).unwrap())[0];
    let plain = numbers(&call::<f64>(&gradient, &reals(point)).unwrap());
    assert_eq!(bits(plain[0]), bits(value), "{gradient}\nfrom\n{module}");
    let by_all = numbers(&call::<Big>(&gradient, &reals(point)).unwrap());
    for (i, direction) in directions.enumerate() {
        let at = [point, &direction].concat();
        let plain = numbers(&call::<f64>(&forward, &reals(&at)).unwrap());
        assert_eq!(bits(plain[0]), bits(value), "{forward}");
        let got = numbers(&call::<Big>(&forward, &reals(&at)).unwrap());
        if want[1 + i].is_finite() && want[1 + i].abs().less(Big::ten(30)) {
            agree(got[1], want[1 + i], 60, || format!("by {i} at {point:?} of\n{module}\nby\n{forward}"));
            agree(by_all[1 + i], want[1 + i], 60, || {
                format!("by {i} at {point:?} of\n{module}\nby\n{gradient}")
            });
        }
    }
}

/// Of a result that is given twice both cotangents are pulled back.
#[track_caller]
pub(crate) fn twice(module: &Module, point: &[f64]) {
    if module.callees().iter().flatten().any(|id| *id == FnId(0)) {
        return;
    }
    let mut two = module.clone();
    let results = &mut two.functions[0].graph.body.results;
    results.push(results[0]);
    let wrt: Vec<usize> = (0..point.len()).collect();
    let (one, both) = (reverse(module, &wrt).unwrap(), vjp_module(&two, &wrt).unwrap());
    sound(&two, &both);
    let one = call_reverse::<Big>(module, &one, &reals(point));
    let both = call_reverse::<Big>(&two, &both, &reals(&[point, &[0.75, -2.5]].concat()));
    let (one, both) = match (one, both) {
        (Ok(one), Ok(both)) => (numbers(&one), numbers(&both)),
        (one, both) => return assert_eq!(both.unwrap_err(), one.unwrap_err(), "{two}"),
    };
    for i in wrt {
        let want = one[1 + i] * Big::lit(-1.75);
        if want.is_finite() {
            agree(both[2 + i], want, 60, || format!("by {i} at {point:?} of\n{two}"));
        }
    }
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
    // Where gradients are stopped differences show other derivatives; error functions have 16 digits.
    let text = module.to_string();
    if text.contains("stop_gradient") || text.contains("erf") {
        return;
    }
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
