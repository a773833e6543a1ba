//! Inline programs that need general values.

use scheme_runtime::{Answer, Code, Interpreter, Limits, Regime, prelude::*};

#[test]
fn lists() {
    let f = scheme! {
        (let loop ((n (round x)) (l (list)))
          (if (= n 0) (apply + l) (loop (- n 1) (cons (* n x y) l))))
    };
    assert_eq!(f.call([2.0, 3.0]), Ok(18.0));
    assert_eq!(grad(f).call([2.0, 3.0]), Ok([9.0, 6.0]));
    assert_eq!(value_and_grad(f).wrt(|v| v.y).call([2.0, 3.0]), Ok((18.0, 6.0)));
}

#[test]
#[allow(deprecated, reason = "an input is only a size")]
fn failures_have_places() {
    let f = scheme! { (let ((l (iota (abs x)))) (if (> x 0) (car (list (cdr (cdr l)))) (error "negative:" x l))) };
    let failure = f.call(-1.0).unwrap_err();
    assert_eq!((failure.code, &*failure.message), (Code::Raised, "negative: -1 (0)"));
    let failure = grad(f).call(1.0).unwrap_err();
    assert_eq!((failure.code, failure.line, failure.column), (Code::WrongType, line!() - 4, 72));
    let text = scheme!("(define (f x)\n  (+ 1 (car x)))\n(apply f (iota x))");
    let failure = text.call(1.0).unwrap_err();
    assert_eq!((failure.line, failure.column), (2, 8));
}

#[test]
fn a_value_that_is_not_a_number_is_a_failure() {
    let f = scheme! { (car (if (> x 0) (list x) (list "no"))) };
    assert_eq!(f.call(3.0), Ok(3.0));
    let failure = f.call(-3.0).unwrap_err();
    assert_eq!(failure.message, "the program's value is a string, not a number");
    assert_eq!(f.answer(-3.0), Ok("no".into()));
}

#[test]
fn programs_that_give_no_number_give_answers() {
    let f = scheme! { (list x (> x 1) (quote (a "b")) (vector x) (vec 1 x) car) };
    let answer = f.call(2.0).unwrap();
    assert_eq!(answer.to_string(), "(2 #t (a \"b\") #(2) [1 2] #<procedure car>)");
    assert_eq!(scheme! { (lambda (x) (lambda (y) (* x y))) }.call(2.0), Ok(Answer::Lambda(None)));
    assert_eq!(scheme!("(cons x 'a)").call(2.0).unwrap().to_string(), "(2 . a)");
    // Numbers of known count are an array.
    assert_eq!(scheme! { (list 1 x) }.call(2.0), [1.0, 2.0]);
}

/// Inline as in a string: a program without a value gives the unspecified one.
#[test]
fn what_is_unspecified_is_an_answer() {
    #[track_caller]
    fn check<F: Answers<In = R>>(program: F) {
        let about = program.describe();
        assert_eq!((about.regime, about.gives), (Regime::Machine, "the unspecified value"));
        assert!(about.why.is_some());
        assert_eq!(program.call(1.0), Ok(Answer::Unspecified));
        assert_eq!(program.answer(1.0), Ok(Answer::Unspecified));
        let string = Interpreter::new().load(program.source()).unwrap();
        let inputs: Vec<_> = string.inputs().map(|name| (name, 1.0)).collect();
        assert_eq!(string.call(&inputs), Ok(Answer::Unspecified));
    }
    check(scheme!("(lambda (_x) (if #f #f))"));
    check(scheme!("(vector-for-each (lambda (y) (* x y)) (vector 1 2))"));
    check(scheme!("(define a _x)"));
}

/// Failures say what to write, and are at the call that meets a limit.
#[test]
#[allow(deprecated, reason = "an input is only a size")]
fn failures_help() {
    let symbol = scheme! { (define l (iota n)) (if (null? l) (quote empty) (apply + l)) };
    let failure = symbol.call(0.0).unwrap_err();
    assert_eq!(failure.hint.as_deref(), Some("a value of any type is what `.answer` gives"));
    let norm = scheme!("(+ (apply + (iota n)) (norm v))");
    let failure = norm.call([3.0, 1.0]).unwrap_err();
    assert_eq!(failure.message, "`norm` takes a numeric vector, but was given a number");
    assert_eq!(
        failure.hint.as_deref(),
        Some("an input is a number unless it is declared, as in (: v (vec 3))")
    );
    let grow = scheme!(
        "(define (grow l n)
           (if (= n 0) l (grow (cons n l) (- n 1))))
         (+ 1 (length (grow '() n)))"
    );
    for (limits, code) in [
        (Limits { cells: 1000, ..Limits::NONE }, Code::Memory),
        (Limits { steps: 1000, ..Limits::NONE }, Code::Steps),
    ] {
        let failure = grow.with_limits(limits).call(1e5).unwrap_err();
        assert_eq!((failure.code, failure.line), (code, 2), "{failure}");
        assert!(failure.hint.is_some());
    }
    let late = scheme!("(lambda (v n) (+ (apply + (iota n)) (dot v (vec 1 2 3))))");
    assert_eq!(late.call(([1.0, 2.0, 3.0], 3.0)), Ok(17.0));
    let called = "(define (f x) (dot x (vec 1 2 3))) (lambda (v n) (+ (apply + (iota n)) (f v)))";
    let inputs = [("v", [1.0, 2.0, 3.0].into()), ("n", 3.0.into())];
    let string = Interpreter::new().load(called).unwrap().call_with(&inputs).unwrap();
    let called = scheme!("(define (f x) (dot x (vec 1 2 3))) (lambda (v n) (+ (apply + (iota n)) (f v)))");
    assert_eq!(called.call(([1.0, 2.0, 3.0], 3.0)), Ok(17.0));
    assert_eq!(string.number(), Some(17.0));
}

#[test]
fn captures() {
    let (a, n) = (2.5, 4_u8);
    let f = scheme! { (apply + (append (iota (- x x)) (list x ,a ,n))) };
    assert_eq!((f.call(1.0), grad(f).call(1.0)), (Ok(7.5), Ok(1.0)));
}

#[test]
fn rows_are_single_calls() {
    let f = scheme! { (let ((l (append (iota (- x x)) (list (sin x) (* x x))))) (if (> x 0) (car l) (apply * l))) };
    let x: Vec<f64> = (0..37).map(|i| f64::from(i) * 0.3 - 5.0).collect();
    let rows = vmap(value_and_grad(f)).call(&x).unwrap();
    for (x, (y, dx)) in x.iter().zip(rows) {
        let (y1, dx1) = value_and_grad(f).call(*x).unwrap();
        assert_eq!((y.to_bits(), dx.to_bits()), (y1.to_bits(), dx1.to_bits()));
    }
    let failed = vmap(scheme! { (if (> x 3) (car (list)) x) }).call(&x).unwrap_err();
    let RowsError::Failed { row, failure } = failed else { panic!("{failed}") };
    assert_eq!((row, failure.code), (27, Code::WrongType));
}

#[test]
fn limits() {
    let f = scheme! { (apply + (append (iota (- x x)) (list x x))) };
    assert_eq!(
        f.with_limits(Limits { steps: 1, ..Limits::default() }).call(1.0).unwrap_err().code,
        Code::Steps
    );
    assert_eq!(f.with_limits(Limits::default()).call(1.0), Ok(2.0));
    let tape = f.with_limits(Limits { trace_bytes: 24, ..Limits::default() });
    assert_eq!((tape.call(1.0), grad(tape).call(1.0).unwrap_err().code), (Ok(2.0), Code::Tape));
}

#[test]
#[allow(deprecated, reason = "an input is only a size")]
fn descriptions() {
    let f = scheme!("(let ((l (iota x)))\n  (apply max y l))");
    let about = f.describe();
    assert_eq!((about.regime, about.inputs.len(), about.tape_bytes), (Regime::Machine, 2, 24));
    assert_eq!(scheme! { (* x y) }.describe().regime, Regime::Straight);
}

/// An input that is used as an array is one, also in a program that needs the machine.
#[test]
fn arrays_come_in_as_they_are_used() {
    let f = scheme! { (lambda (v n) (+ (* n (dot v (vec 1 2 3))) (apply + (iota n)))) };
    assert_eq!(f.describe().regime, Regime::Machine);
    assert_eq!(f.describe().inputs, [("v", "(vec 3)"), ("n", "real")]);
    assert_eq!(f.call(([1.0, 10.0, 100.0], 4.0)), Ok(4.0 * 321.0 + 6.0));
    assert_eq!(grad(f).wrt(|v| v.v).call(([1.0, 10.0, 100.0], 4.0)), Ok([4.0, 8.0, 12.0]));
}

#[test]
#[allow(deprecated, reason = "an input is only a size")]
fn arrays_come_in() {
    let f = scheme! {
        (: r (vec 3)) (: A (mat 2 2))
        (define parts (append (iota (abs n)) (list (dot r r) (ref A 1 0))))
        (* s (apply + parts))
    };
    let types = [("n", "real"), ("r", "(vec 3)"), ("A", "(mat 2 2)"), ("s", "real")];
    assert_eq!(f.describe().inputs, types);
    let x = (2.0, [1.0, 2.0, 3.0], [[1.0, 2.0], [4.0, 8.0]], 0.5);
    assert_eq!(f.call(x), Ok(0.5 * (1.0 + 14.0 + 4.0)));
    let (y, (dr, da)) = value_and_grad(f).wrt(|v| (v.r, v.A)).call(x).unwrap();
    assert_eq!((y, dr, da), (9.5, [1.0, 2.0, 3.0], [[0.0, 0.0], [0.5, 0.0]]));
}

#[test]
fn warnings_are_of_the_text() {
    #[allow(deprecated, reason = "the warning is looked at")]
    let f = scheme! { (apply + (map (lambda (i) (if (> i t) i x)) (iota 9))) };
    let messages: Vec<_> = f.warnings().iter().map(|warning| warning.message).collect();
    assert!(
        messages.iter().all(|message| message.starts_with("the gradient by `t` is always 0")),
        "{messages:?}"
    );
}

#[test]
fn higher_orders_and_single_precision() {
    let none = 0;
    let f = scheme! { (apply * (append (iota ,none) (list x x (sin y)))) };
    let tenth = 0.1;
    let g = scheme! { (apply * (append (iota ,none) (list x ,tenth 0.7))) };
    let (s, c) = (scheme! { (sin y) }.call(0.5), scheme! { (cos y) }.call(0.5));
    assert_eq!(hessian(f).call([3.0, 0.5]), Ok([[2.0 * s, 6.0 * c], [6.0 * c, -9.0 * s]]));
    let direct = scheme! { (* x x (sin y)) };
    let x = [3.1_f32, 0.7];
    assert_eq!(f.call(x).map(f32::to_bits), Ok(direct.call(x).to_bits()));
    let direct = scheme! { (* x ,tenth 0.7) };
    assert_eq!(g.call(3.1_f32).map(f32::to_bits), Ok(direct.call(3.1_f32).to_bits()));
    assert_eq!(g.call(3.1_f64).map(f64::to_bits), Ok(direct.call(3.1_f64).to_bits()));
}
