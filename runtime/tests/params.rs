//! Parameters of compiled programs: seen, set by name, differentiated by.

use scheme_runtime::{Param, ParamError, open, prelude::*};

#[test]
fn parameters_are_seen_and_set() {
    let f = scheme! { (* (param a 2.0) (exp (- (* (param rate 0.5 0 10) t)))) };
    let a = Param { name: "a", value: 2.0, lo: None, hi: None };
    let rate = Param { name: "rate", value: 0.5, lo: Some(0.0), hi: Some(10.0) };
    assert_eq!(f.params(), [a, rate]);
    assert_eq!((f.input_names(), f.values()), (&["t"][..], [2.0, 0.5]));
    let g = f.set("a", 3.0).unwrap();
    assert_eq!((f.call(0.0), g.call(0.0)), (2.0, 3.0));
    assert_eq!(g.params(), [Param { value: 3.0, ..a }, rate]);
    let missing = f.set("b", 1.0).unwrap_err();
    assert_eq!(missing, ParamError::Missing { name: "b".into(), names: vec!["a", "rate"] });
    assert_eq!(missing.to_string(), "the program has no parameter `b`; its parameters are: a, rate");
    for value in [-0.1, 10.5, f64::NAN, f64::INFINITY] {
        let outside = g.set("rate", value).unwrap_err();
        assert!(matches!(outside, ParamError::Outside { param, .. } if param == rate), "{outside:?}");
        assert!(outside.to_string().ends_with("is no value for the parameter rate = 0.5 in 0 to 10"));
    }
    assert!(f.set("a", f64::NAN).is_err() && f.set("a", -1e9).is_ok());
    assert_eq!(f.with_values([2.0, 11.0]).values(), [2.0, 11.0]);
    assert!(f.describe().to_string().contains("parameter: rate = 0.5 in 0 to 10"));
}

#[test]
fn derivatives_are_by_inputs_unless_opened() {
    let f = scheme! { (* (param a 2.0) (+ x (* (param b 3.0) y))) };
    assert_eq!(grad(f).call([5.0, 7.0]), [2.0, 6.0]);
    assert_eq!(grad(f).wrt(|v| v.y).call([5.0, 7.0]), 6.0);
    assert_eq!(grad(open(f)).call(([5.0, 7.0], f.values())), ([2.0, 6.0], [26.0, 14.0]));
    let by_b = grad(open(f)).wrt(|(_, p)| p.b);
    assert_eq!(by_b.call(([5.0, 7.0], [2.0, 3.0])), 14.0);
    assert_eq!(grad(by_b).wrt(|(v, _)| v.y).call(([5.0, 7.0], [2.0, 3.0])), 2.0);
    assert_eq!(hessian(f).call([5.0, 7.0]), [[0.0; 2]; 2]);
}

#[test]
fn rows() {
    let f = scheme! { (* (param a 2.0) x) };
    let x = [1.0, 2.0, 3.0];
    assert_eq!(vmap(f).call(&x), Ok(vec![2.0, 4.0, 6.0]));
    assert_eq!(vmap(grad(f.set("a", 5.0).unwrap())).call(&x), Ok(vec![5.0; 3]));
}

#[test]
fn of_programs_on_the_machine() {
    let n = 4;
    let f = scheme! { (apply + (map (lambda (i) (* i x (param a 2.0))) (iota ,n))) };
    assert_eq!((f.call(1.0), grad(f).call(1.0)), (Ok(12.0), Ok(12.0)));
    assert_eq!(f.set("a", 3.0).unwrap().call(1.0), Ok(18.0));
    assert_eq!(grad(open(f)).call((2.0, 2.0)), Ok((12.0, 12.0)));
    let list = scheme! { (cons x (map (lambda (i) (* i (param a 2.0))) (iota ,n))) };
    assert_eq!(list.set("a", 1.0).unwrap().call(7.0).unwrap().to_string(), "(7 0 1 2 3)");
}
