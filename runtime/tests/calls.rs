//! Programs from strings, called from Rust: values of every form in and out, and derivatives that agree.

use scheme_runtime::{Answer, Code, Interpreter, StringProgram, prelude::*};

fn load(text: &str) -> StringProgram {
    Interpreter::new().load(text).unwrap_or_else(|error| panic!("{error}"))
}

fn numbers(answer: &Answer) -> Vec<f64> {
    match answer {
        Answer::Number(x) => vec![*x],
        Answer::Numbers(items) => items.clone(),
        Answer::Matrix(rows) => rows.concat(),
        Answer::List(items) | Answer::Vector(items) => items.iter().flat_map(numbers).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn what_goes_in_comes_out() {
    let same = load("x");
    for value in [
        2.5.into(),
        true.into(),
        "text".into(),
        'λ'.into(),
        Answer::Symbol("not met before".into()),
        Answer::List(vec![]),
        Answer::List(vec![1.0.into(), "two".into(), Answer::Vector(vec![Answer::Unspecified])]),
        Answer::Dotted(vec![1.0.into(), false.into()], Box::new(Answer::Symbol("end".into()))),
        [1.0, -0.0].into(),
        [[1.0, 2.0], [3.0, 4.0]].into(),
        Answer::Numbers(vec![]),
        Answer::Procedure("sin"),
    ] {
        assert_eq!(same.call_with(&[("x", value.clone())]), Ok(value));
    }
    let mapped = load("(map f l)");
    let inputs = [("f", Answer::Procedure("abs")), ("l", Answer::from_iter([-1.0, 2.0]))];
    assert_eq!(mapped.call_with(&inputs).unwrap().to_string(), "(1 2)");
}

#[test]
fn procedures_have_the_names_of_their_definitions() {
    let name = |name: &str| Answer::Lambda(Some(name.to_string()));
    for (text, procedure) in [
        ("(define (f x) x) (list f)", name("f")),
        ("(define f (lambda (x) x)) (list f)", name("f")),
        ("(let loop ((i 0)) (if (< i 3) (loop (+ i 1)) (list loop)))", name("loop")),
        ("(define (make |a b|) (define (inner) |a b|) inner) (list (make 1))", name("inner")),
        ("(list map)", name("map")),
        ("(list (lambda (x) x))", Answer::Lambda(None)),
        ("(list (cadr (vjp (lambda (x) x) 1)))", Answer::Lambda(None)),
        ("(define (car x) x) (list car)", name("car")),
        ("(list car)", Answer::Procedure("car")),
    ] {
        assert_eq!(load(text).call(&[]), Ok(Answer::List(vec![procedure])), "{text}");
    }
    // A name is no procedure: that of the program is no primitive which it hides.
    assert_eq!(load("x").call_with(&[("x", name("car"))]).unwrap_err().code, Code::WrongType);
}

#[test]
fn what_cannot_go_in_is_said() {
    let sum = load("(: b bool) (+ a (if b 1 (param k 2 0 9)))");
    let fine: [(&str, Answer); 2] = [("a", 1.0.into()), ("b", false.into())];
    assert_eq!(sum.call_with(&fine), Ok(3.0.into()));
    let mut deep = Answer::Unspecified;
    for _ in 0..600 {
        deep = Answer::List(vec![deep]);
    }
    for (more, code, says) in [
        (("a", 2.0.into()), Code::Duplicate, "`a` is given twice"),
        (("c", 2.0.into()), Code::Unbound, "no input `c`"),
        (("k", true.into()), Code::WrongType, "the parameter `k` is a number, but was given #t"),
    ] {
        let error = sum.call_with(&[&fine[..], &[more]].concat()).unwrap_err();
        assert_eq!(error.code, code, "{error:?}");
        assert!(error.message.contains(says), "{error:?}");
    }
    for (b, code, says) in [
        (1.0.into(), Code::WrongType, "declared bool, but was given a number: 1"),
        (Answer::Lambda(None), Code::WrongType, "#<procedure>"),
    ] {
        let error = sum.call_with(&[("a", 1.0.into()), ("b", b)]).unwrap_err();
        assert_eq!(error.code, code);
        assert!(error.message.contains(says), "{error:?}");
    }
    for (value, code) in [
        (deep, Code::TooDeep),
        (Answer::Matrix(vec![vec![1.0], vec![]]), Code::Shape),
        (Answer::Lambda(None), Code::WrongType),
        (Answer::Procedure("%apply-at"), Code::WrongType),
        (Answer::Text("(1 2".into()), Code::WrongType),
    ] {
        assert_eq!(load("x").call_with(&[("x", value)]).unwrap_err().code, code);
    }
    let error = sum.grad_with(&["b"], &fine).unwrap_err();
    assert_eq!(
        (error.code, &*error.message),
        (Code::WrongType, "no derivative can be taken by `b`, which is #f")
    );
    assert_eq!(sum.call(&[("b", 1.0)]).unwrap_err().message, "the input `a` has no value");
}

#[test]
fn all_derivatives_agree() {
    let program = load(
        "(define (f r v A l) (list (* r (dot v (matvec A v))) (vector (fold + 0 (map sin l)) \"s\") (matvec A v)))
         (f r v A (cadr data))",
    );
    let inputs: [(&str, Answer); 4] = [
        ("r", 1.5.into()),
        ("v", [0.5, -2.0].into()),
        ("A", [[1.0, 2.0], [0.25, 4.0]].into()),
        ("data", Answer::List(vec!["name".into(), Answer::from_iter([0.1, 0.2, 0.3])])),
    ];
    let by = ["data", "r", "A", "v"];
    let directions: [(&str, Answer); 4] = [
        ("data", Answer::List(vec!["name".into(), Answer::from_iter([0.5, 0.0, -1.0])])),
        ("r", 2.0.into()),
        ("A", [[0.0, 1.0], [3.0, 0.5]].into()),
        ("v", [-1.0, 0.25].into()),
    ];
    let cotangent =
        Answer::List(vec![2.0.into(), Answer::Vector(vec![(-1.0).into(), "s".into()]), [0.5, 3.0].into()]);
    let value = program.call_with(&inputs).unwrap();
    let (of_jacobian, jacobian) = program.jacobian_with(&by, &inputs).unwrap();
    let (of_jvp, tangent) = program.jvp_with(&inputs, &directions).unwrap();
    let (of_vjp, gradient) = program.vjp_with(&by, &inputs, &cotangent).unwrap();
    assert_eq!([&of_jacobian, &of_jvp, &of_vjp], [&value; 3]);
    // cotangent · (J direction) three ways.
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let forward = dot(&numbers(&cotangent), &numbers(&tangent));
    let backward: f64 =
        gradient.iter().zip(&directions).map(|(g, (_, d))| dot(&numbers(g), &numbers(d))).sum();
    let rows: f64 = jacobian
        .iter()
        .zip(&directions)
        .map(|(j, (_, d))| {
            let d = numbers(d);
            let weighted = numbers(j).chunks(d.len()).map(|row| dot(row, &d)).collect::<Vec<_>>();
            dot(&numbers(&cotangent), &weighted)
        })
        .sum();
    assert!((forward - backward).abs() < 1e-12 * forward.abs(), "{forward}, {backward}");
    assert!((forward - rows).abs() < 1e-12 * forward.abs(), "{forward}, {rows}");
    let error = program.jvp_with(&inputs, &[("v", 1.0.into())]).unwrap_err();
    assert_eq!(error.code, Code::Shape);
    let twice = program.jvp_with(&inputs, &[("r", 1.0.into()), ("r", 2.0.into())]).unwrap_err();
    assert_eq!((twice.code, &*twice.message), (Code::Duplicate, "`r` is given two directions"));
    assert_eq!(program.vjp_with(&by, &inputs, &1.0.into()).unwrap_err().code, Code::Shape);
    assert_eq!(program.grad_with(&by, &inputs).unwrap_err().code, Code::WrongType);
}

#[test]
fn second_derivatives() {
    let program = load("(let loop ((i 0) (y x)) (if (= i 3) (* y (exp k)) (loop (+ i 1) (* y y))))");
    let (x, k) = (1.25, -0.5);
    let all = program.hessian(&["k", "x"], &[("x", x), ("k", k)]).unwrap();
    let f = |n: i32| x.powi(n) * f64::exp(k);
    let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-13 * b.abs(), "{a}, {b}");
    close(all.value, f(8));
    for (found, want) in all.gradient.iter().zip([f(8), 8.0 * f(7)]) {
        close(*found, want);
    }
    let want = [[f(8), 8.0 * f(7)], [8.0 * f(7), 56.0 * f(6)]];
    for (found, want) in all.hessian.iter().flatten().zip(want.iter().flatten()) {
        close(*found, *want);
    }
    let none = program.hessian(&[], &[("x", x), ("k", k)]).unwrap();
    assert_eq!((none.gradient.len(), none.hessian.len()), (0, 0));
}

#[test]
fn rows_are_calls() {
    let program = load("(if (> x 0) (/ k x) (error \"not positive\" x))");
    let xs = [0.5, 3.0, 7.0];
    for n in 0..=xs.len() {
        let rows = program.vmap_value_and_grad(&["x", "k"], &[("x", &xs[..n])], &[("k", 2.0)]).unwrap();
        let calls =
            xs[..n].iter().map(|x| program.value_and_grad(&["x", "k"], &[("x", *x), ("k", 2.0)]).unwrap());
        assert_eq!(rows, calls.collect::<Vec<_>>());
    }
    let error = program.vmap(&[("x", &[1.0, -1.0])], &[("k", 2.0)]).unwrap_err();
    assert_eq!((error.code, &*error.message), (Code::Raised, "in row 2: not positive -1"));
    let error = program.vmap(&[("x", &[1.0]), ("k", &[])], &[]).unwrap_err();
    assert_eq!(error.message, "the column `x` has 1 rows, but the column `k` has 0");
}

/// Strings in single precision have the bits of compiled code on `f32`, derivatives within its tolerance: none of these programs has one whose
/// terms cancel, since compiled code may go forward where the tape goes back.
#[test]
fn single_precision() {
    let interpreter = Interpreter::new().single_precision(true);
    macro_rules! check {
        ($($program:literal)+) => {$({
            let (string, compiled) = (interpreter.load($program).unwrap(), scheme!($program));
            for x in [0.1, 1.7, -2.3, 1e-30, 3e10] {
                let inputs = [("x", x), ("k", 0.3)];
                let expected = compiled.call([x as f32, 0.3]);
                let found = string.call(&inputs).unwrap().number().unwrap();
                assert_eq!((found as f32).to_bits(), expected.to_bits(), "{} at {x}", $program);
                let (value, slopes) = string.value_and_grad(&["x", "k"], &inputs).unwrap();
                assert_eq!((value as f32).to_bits(), expected.to_bits());
                for (found, expected) in slopes.into_iter().zip(grad(compiled).call([x as f32, 0.3])) {
                    let close = (found as f32 - expected).abs() <= 1e-5 * expected.abs();
                    assert!(close || found as f32 == expected, "{} at {x}: {found}, {expected}", $program);
                }
            }
        })+};
    }
    check! {
        "(+ (* x 0.1) k)"
        "(lambda (x k) (if (< x 0.1) (exp (* k x)) (/ k x)))"
        "(let loop ((i 0) (y x)) (if (= i 10) (* k y) (loop (+ i 1) (+ (* 0.7 y) (* 0.3 (sin y))))))"
    }
    assert_eq!(interpreter.load("0.1").unwrap().call(&[]), Ok(f64::from(0.1_f32).into()));
    assert_eq!(
        interpreter.load("(list 0.1)").unwrap().call(&[]),
        Ok(Answer::from_iter([f64::from(0.1_f32)]))
    );
}
