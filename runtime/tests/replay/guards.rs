//! Guards: the first of the trace that does not hold is named, wherever it is.

use scheme_core::{
    prim::Numeric,
    trace::{Bits, Must, Slot, Trace},
};
use scheme_runtime::replay::{Broken, Replay, Scratch};

/// Inputs below 1, by comparison; inputs that are what they are by their bits; a stored truth value.
fn guarded() -> Trace {
    let mut trace = Trace::new(4);
    let x: Vec<Slot> = (0..4).map(Slot::value).collect();
    let one = trace.constant(1.0);
    let below = trace.push(Numeric::Less, &[x[0], one], 0);
    trace.guard(below, Must::Be(true), 0);
    let wave = trace.push(Numeric::Sin, &[x[1]], 0);
    let whole = trace.push(Numeric::IsInteger, &[x[1]], 0);
    trace.guard(whole, Must::Be(false), 0);
    let twice = trace.push(Numeric::Add, &[x[2], x[2]], 0);
    trace.guard(twice, Must::Equal(Bits::of(6.0)), 0);
    let same = trace.push(Numeric::Eqv, &[x[3], wave], 0);
    let counted = trace.push(Numeric::Indicator, &[same], 0);
    trace.guard(same, Must::Be(false), 0);
    trace.guard(x[3], Must::Equal(Bits::of(-0.0)), 0);
    trace.give(vec![wave, counted, twice]);
    trace
}

#[test]
fn the_first_that_does_not_hold_is_named() {
    let trace = guarded();
    let wave = scheme_core::math::sin(0.5);
    let cases: &[([f64; 4], Option<usize>)] = &[
        ([0.0, 0.5, 3.0, -0.0], None),
        ([1.0, 0.5, 3.0, -0.0], Some(0)),
        ([f64::NAN, 0.5, 3.0, -0.0], Some(0)),
        ([1.0, 2.0, 4.0, 0.0], Some(0)),
        ([0.0, 2.0, 3.0, -0.0], Some(1)),
        ([0.0, f64::INFINITY, 3.0, -0.0], None),
        ([0.0, 0.5, 3.000_000_000_000_000_4, -0.0], Some(2)),
        ([0.0, 0.5, f64::NAN, 0.0], Some(2)),
        ([0.0, 0.5, 3.0, wave], Some(3)),
        ([0.0, 0.5, 3.0, 0.0], Some(4)),
        ([0.0, 0.5, 3.0, f64::NAN], Some(4)),
    ];
    let replay = Replay::new(&trace, &[0, 1, 2, 3]);
    let mut scratch = Scratch::new();
    for (x, guard) in cases {
        assert_eq!(trace.evaluate(x).err(), *guard, "{x:?}");
        let broken = guard.map(|guard| Broken { guard });
        assert_eq!(replay.value(x, &mut scratch).err(), broken, "{x:?}");
        assert_eq!(replay.value_and_grad(x, 0, &mut scratch).err(), broken, "{x:?}");
        assert_eq!(replay.vjp(x, &[1.0; 3], &mut scratch).err(), broken, "{x:?}");
        assert_eq!(replay.jvp(x, &[1.0; 4], &mut scratch).err(), broken, "{x:?}");
        assert_eq!(replay.jacobian(x, &mut scratch).err(), broken, "{x:?}");
        assert_eq!(replay.hvp(x, 0, &[1.0; 4], &mut scratch).err(), broken, "{x:?}");
        assert_eq!(replay.hessian(x, 0, &mut scratch).err(), broken, "{x:?}");
    }
}

#[test]
fn in_single_precision_bits_are_those_of_what_was_given() {
    let mut trace = Trace::new(1);
    trace.guard(Slot::value(0), Must::Equal(Bits::of(0.1)), 0);
    let y = trace.push(Numeric::Add, &[Slot::value(0), Slot::value(0)], 0);
    trace.guard(y, Must::Equal(Bits::of(f64::from(0.1_f32 + 0.1_f32))), 0);
    trace.give(vec![y]);
    let replay = Replay::new(&trace, &[0]).single();
    let mut scratch = Scratch::new();
    assert_eq!(replay.value(&[0.1], &mut scratch), Ok(&[f64::from(0.2_f32)][..]));
    assert_eq!(replay.value(&[f64::from(0.1_f32)], &mut scratch), Err(Broken { guard: 0 }));
}

#[test]
fn no_wrong_path_stops_in_another_way() {
    // Whatever the numbers are, rows are total: `even?` of what is no integer is false.
    let mut trace = Trace::new(1);
    let even = trace.push(Numeric::IsEven, &[Slot::value(0)], 0);
    trace.guard(even, Must::Be(true), 0);
    let odd = trace.push(Numeric::IsOdd, &[Slot::value(0)], 0);
    trace.guard(odd, Must::Be(false), 0);
    trace.give(vec![even, odd]);
    let replay = Replay::new(&trace, &[]);
    let mut scratch = Scratch::new();
    for x in [0.5, f64::NAN, f64::INFINITY, 3.0] {
        assert_eq!(replay.value(&[x], &mut scratch), Err(Broken { guard: 0 }), "{x}");
    }
    assert_eq!(replay.value(&[4.0], &mut scratch), Ok(&[1.0, 0.0][..]));
}

#[test]
fn of_a_constant_they_hold_or_do_not() {
    for (must, holds) in
        [(Must::Be(true), true), (Must::Be(false), false), (Must::Equal(Bits::of(0.0)), false)]
    {
        let mut trace = Trace::new(0);
        let one = trace.constant(1.0);
        trace.guard(one, must, 0);
        let broken = (!holds).then_some(Broken { guard: 0 });
        assert_eq!(Replay::new(&trace, &[]).value(&[], &mut Scratch::new()).err(), broken);
    }
}

/// Forty comparisons with two numbers and with one another, which are such that all may hold.
fn comparing(row: Numeric, must: bool, turned: bool) -> Trace {
    let mut trace = Trace::new(40);
    let [zero, one] = [0.0, 1.0].map(|x| trace.constant(x));
    for i in 0..40 {
        let with = match i % 10 {
            3 => Slot::value((i + 7) % 40),
            6 => one,
            _ => zero,
        };
        let both = if turned { [with, Slot::value(i)] } else { [Slot::value(i), with] };
        let test = trace.push(row, &both, 0);
        trace.guard(test, Must::Be(must), 0);
    }
    trace.give(vec![one]);
    trace
}

#[test]
fn of_many_that_compare_with_the_same_number_the_first_is_named() {
    const NUMBERS: [f64; 7] = [0.0, -0.0, 1.0, 2.0, -1.0, f64::NAN, f64::NEG_INFINITY];
    use Numeric::{Equal, Eqv, Greater, GreaterEq, Less, LessEq};
    let mut scratch = Scratch::new();
    let (mut held, mut broken) = (0, [0; 40]);
    for row in [Less, LessEq, Greater, GreaterEq, Equal, Eqv] {
        for (must, turned) in [(true, false), (true, true), (false, false), (false, true)] {
            let trace = comparing(row, must, turned);
            let codes = [&[][..], &[0]].map(|wrt| Replay::new(&trace, wrt));
            // Two numbers are others than the rest.
            for (k, x) in NUMBERS.into_iter().enumerate() {
                for place in 0..40 {
                    let mut all = [x; 40];
                    all[place] = NUMBERS[(k + place) % 7];
                    all[39 - place / 3] = NUMBERS[(k + 2 * place) % 7];
                    let wanted = trace.evaluate(&all).err();
                    wanted.map_or_else(|| held += 1, |guard| broken[guard] += 1);
                    for code in &codes {
                        for code in [code.clone(), code.clone().single()] {
                            let found = code.value(&all, &mut scratch).err();
                            assert_eq!(found, wanted.map(|guard| Broken { guard }), "{row:?} {all:?}");
                        }
                    }
                }
            }
        }
    }
    assert!(held > 100 && broken.iter().filter(|times| **times > 0).count() > 20, "{held} {broken:?}");
}
