//! What calls give: which results and inputs, what is reached and what is not.

use super::{all_same, gradient, row};
use scheme_core::{
    prim::Numeric,
    trace::{Slot, Trace},
};
use scheme_runtime::replay::{Replay, Scratch};

fn inputs<const N: usize>() -> (Trace, [Slot; N]) {
    (Trace::new(N as u32), std::array::from_fn(|i| Slot::value(i as u32)))
}

#[test]
fn nothing_gives_nothing() {
    let replay = Replay::new(&Trace::new(0), &[]);
    let mut scratch = Scratch::new();
    assert_eq!(replay.value(&[], &mut scratch), Ok(&[][..]));
    assert_eq!(replay.vjp(&[], &[], &mut scratch), Ok((&[][..], &[][..])));
    assert_eq!(replay.jacobian(&[], &mut scratch), Ok(vec![]));
    assert_eq!(replay.hessian(&[], 0, &mut scratch), Ok(vec![]));
}

#[test]
fn inputs_and_constants_are_results_too() {
    let (mut trace, [x, y]) = inputs();
    let seven = trace.constant(7.0);
    trace.give(vec![y, seven, x, y]);
    let replay = Replay::new(&trace, &[0, 1]);
    let mut scratch = Scratch::new();
    let (values, derivatives) = replay.vjp(&[2.0, 3.0], &[1.0, 10.0, 100.0, 1000.0], &mut scratch).unwrap();
    assert_eq!((values, derivatives), (&[3.0, 7.0, 2.0, 3.0][..], &[100.0, 1001.0][..]));
    let jacobian = [0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1.0];
    assert_eq!(replay.jacobian(&[2.0, 3.0], &mut scratch).unwrap(), jacobian);
    let by_y = Replay::new(&trace, &[1]);
    assert_eq!(by_y.jvp(&[2.0, 3.0], &[5.0], &mut scratch).unwrap().1, [5.0, 0.0, 0.0, 5.0]);
    assert_eq!(by_y.value_and_grad(&[2.0, 3.0], 2, &mut scratch), Ok((2.0, &[0.0][..])));
}

#[test]
fn what_is_missing_is_nan_or_takes_no_part() {
    let replay = Replay::new(&row(Numeric::Mul, 2), &[1, 9]);
    let mut scratch = Scratch::new();
    let (y, dx) = replay.value_and_grad(&[2.0], 0, &mut scratch).unwrap();
    assert!(y.is_nan() && dx == [2.0, 0.0]);
    let (y, dx) = replay.value_and_grad(&[2.0, 3.0], 1, &mut scratch).unwrap();
    assert!(y.is_nan() && dx == [0.0, 0.0]);
    assert_eq!(replay.vjp(&[2.0, 3.0, 4.0], &[], &mut scratch), Ok((&[6.0][..], &[0.0, 0.0][..])));
    assert_eq!(replay.jvp(&[2.0, 3.0], &[], &mut scratch), Ok((&[6.0][..], &[0.0][..])));
}

#[test]
fn what_is_not_reached_passes_nothing_be_its_partials_infinite() {
    // 2x, and √x, whose slope at 0 is infinite.
    let (mut trace, [x]) = inputs();
    let two = trace.constant(2.0);
    let twice = trace.push(Numeric::Mul, &[two, x], 0);
    let root = trace.push(Numeric::Sqrt, &[x], 0);
    trace.give(vec![twice, root]);
    let replay = Replay::new(&trace, &[0]);
    let mut scratch = Scratch::new();
    assert_eq!(replay.value_and_grad(&[0.0], 0, &mut scratch), Ok((0.0, &[2.0][..])));
    assert_eq!(replay.jacobian(&[0.0], &mut scratch), Ok(vec![2.0, f64::INFINITY]));
    // A cotangent of 0 does reach it.
    let (_, dx) = replay.vjp(&[0.0], &[1.0, 0.0], &mut scratch).unwrap();
    assert!(dx[0].is_nan());
    assert_eq!(replay.vjp(&[0.0], &[1.0], &mut scratch).unwrap().1, [2.0]);
}

#[test]
fn the_side_that_is_not_selected_passes_nothing() {
    // √x where x is positive, else -x: at 0 the root's slope is infinite.
    let (mut trace, [x, y]) = inputs();
    let test = trace.push(Numeric::IsPositive, &[x], 0);
    let root = trace.push(Numeric::Sqrt, &[x], 0);
    let other = trace.push(Numeric::Mul, &[x, y], 0);
    let chosen = trace.push(Numeric::Select, &[test, root, other], 0);
    trace.give(vec![chosen]);
    let replay = Replay::new(&trace, &[0, 1]);
    let mut scratch = Scratch::new();
    all_same(&gradient(&replay, &[0.0, -1.0]), &[-1.0, 0.0], || "not taken".to_string());
    all_same(&gradient(&replay, &[4.0, -1.0]), &[0.25, 0.0], || "taken".to_string());
    assert_eq!(replay.jvp(&[0.0, -1.0], &[1.0, 0.0], &mut scratch).unwrap().1, [-1.0]);
    assert_eq!(replay.hessian(&[0.0, -1.0], 0, &mut scratch), Ok(vec![0.0, 1.0, 1.0, 0.0]));
    assert_eq!(replay.hessian(&[4.0, -1.0], 0, &mut scratch).unwrap()[0], -1.0 / 32.0);
}

#[test]
fn a_select_of_what_does_not_move_does_not_move() {
    // The constant is taken, so that the infinite slope of its root is not met.
    let (mut trace, [x]) = inputs();
    let zero = trace.constant(0.0);
    let test = trace.push(Numeric::IsPositive, &[x], 0);
    let chosen = trace.push(Numeric::Select, &[test, x, zero], 0);
    let root = trace.push(Numeric::Sqrt, &[chosen], 0);
    trace.give(vec![root]);
    let replay = Replay::new(&trace, &[0]);
    let mut scratch = Scratch::new();
    assert_eq!(gradient(&replay, &[-1.0]), [0.0]);
    assert_eq!(replay.jvp(&[-1.0], &[1.0], &mut scratch).unwrap().1, [0.0]);
    assert_eq!(replay.hessian(&[-1.0], 0, &mut scratch), Ok(vec![0.0]));
    assert_eq!(gradient(&replay, &[4.0]), [0.25]);
}

#[test]
fn a_constant_exponent_has_no_slope_to_be_nan() {
    let (mut trace, [x]) = inputs();
    let three = trace.constant(3.0);
    let cube = trace.push(Numeric::Expt, &[x, three], 0);
    trace.give(vec![cube]);
    let replay = Replay::new(&trace, &[0]);
    assert_eq!(gradient(&replay, &[-2.0]), [12.0]);
    assert_eq!(replay.hessian(&[-2.0], 0, &mut Scratch::new()), Ok(vec![-12.0]));
    let both = Replay::new(&row(Numeric::Expt, 2), &[0, 1]);
    assert!(gradient(&both, &[-2.0, 3.0])[1].is_nan());
}

#[test]
fn an_input_that_is_not_asked_for_costs_and_disturbs_nothing() {
    // 0·√y with y at 0: by y it is nan, by x it is not.
    let (mut trace, [x, y]) = inputs();
    let root = trace.push(Numeric::Sqrt, &[y], 0);
    let product = trace.push(Numeric::Mul, &[x, root], 0);
    trace.give(vec![product]);
    assert_eq!(gradient(&Replay::new(&trace, &[0]), &[0.0, 0.0]), [0.0]);
    let both = gradient(&Replay::new(&trace, &[1, 0]), &[0.0, 0.0]);
    assert!(both[0].is_nan() && both[1] == 0.0);
}

#[test]
fn operations_that_are_none_of_the_row_are_nan() {
    let (mut trace, [x]) = inputs();
    let wrong = [
        trace.push(Numeric::Add, &[x, x, x], 0),
        trace.push(Numeric::Exp, &[], 0),
        trace.push(Numeric::Min, &[], 0),
        trace.push(Numeric::Less, &[x], 0),
    ];
    trace.give(wrong.to_vec());
    let replay = Replay::new(&trace, &[0]);
    let mut scratch = Scratch::new();
    let wanted = trace.evaluate(&[1.0]).unwrap();
    all_same(replay.value(&[1.0], &mut scratch).unwrap(), &wanted, || "wrong operands".to_string());
    assert_eq!(replay.vjp(&[1.0], &[1.0; 4], &mut scratch).unwrap().1, [0.0]);
}

#[test]
fn signs_of_zeros_are_the_tapes() {
    // -(0·x): the cotangent of x is -0, not 0.
    let (mut trace, [x]) = inputs();
    let zero = trace.constant(0.0);
    let product = trace.push(Numeric::Mul, &[zero, x], 0);
    let y = trace.push(Numeric::Neg, &[product], 0);
    trace.give(vec![y]);
    all_same(&gradient(&Replay::new(&trace, &[0]), &[1.0]), &[-0.0], || "the sign".to_string());
}

#[test]
fn a_nan_of_any_bits_is_a_number_like_another() {
    let strange = f64::from_bits(0x7ff4_0000_6e6f_6e65);
    let replay = Replay::new(&row(Numeric::Mul, 2), &[0, 1]);
    let mut scratch = Scratch::new();
    assert!(replay.jvp(&[1.0, 2.0], &[strange, 0.0], &mut scratch).unwrap().1[0].is_nan());
    assert!(replay.vjp(&[1.0, 2.0], &[strange], &mut scratch).unwrap().1.iter().all(|dx| dx.is_nan()));
    let (_, dx) = replay.value_and_grad(&[strange, 2.0], 0, &mut scratch).unwrap();
    assert!(dx[0] == 2.0 && dx[1].is_nan());
}

#[test]
fn of_a_result_that_is_none_the_gradient_is_zero() {
    let log = Replay::new(&row(Numeric::Log, 1), &[0]);
    for x in [0.0, 2.0] {
        let mut scratch = Scratch::new();
        let (y, dx) = log.value_and_grad(&[x], 7, &mut scratch).expect("no guard");
        assert!(y.is_nan() && dx[0].to_bits() == 0, "{y} {dx:?}");
    }
}
