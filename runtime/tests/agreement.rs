//! One table of programs, run in every way there is: as inline Rust, in batches, forward and backward, and as
//! strings through the evaluator. Values have the same bits, not-a-number being itself; gradients agree within
//! the unit roundoff times a small multiple of the longest chain, and are not a number together.

use scheme_runtime::{__private::with_memory, Interpreter, Regime, Try, prelude::*};

/// Same bits, or both nan, whose bits are not promised.
#[track_caller]
fn same(a: f64, b: f64, what: &str) {
    assert!(a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan(), "{what}: {a} and {b}");
}

/// Derivatives that were summed in different orders.
#[track_caller]
fn close(a: f64, b: f64, scale: f64, what: &str) {
    let agree = a == b
        || a.is_nan() && b.is_nan()
        || (a - b).abs() <= 1e-13 * scale.max(a.abs()).max(f64::MIN_POSITIVE);
    assert!(agree, "{what}: {a} and {b}");
}

#[track_caller]
fn check<const N: usize>(f: impl Function<In = [R; N], Out = R> + Program, points: &[[f64; N]]) {
    for (x, (value, gradient)) in points.iter().zip(check_gradients(f, points)) {
        let scale = scale(value, &gradient);
        for i in 0..N {
            // A direction's zeros are numbers: times an infinite partial they are nan.
            if gradient.iter().all(|g| g.is_finite()) {
                let mut direction = [0.0; N];
                direction[i] = 1.0;
                let forward = jvp(f).call((*x, direction)).1;
                close(
                    gradient[i],
                    forward,
                    scale,
                    &format!("{} at {x:?}, by {} forward", f.source(), f.input_names()[i]),
                );
            }
        }
    }
}

/// Partial sums may cancel: the largest derivative is the scale.
fn scale(value: f64, gradient: &[f64]) -> f64 {
    gradient.iter().filter(|g| g.is_finite()).fold(value.abs(), |most, g| most.max(g.abs()))
}

/// The same without forward mode; gives values and gradients.
#[track_caller]
fn check_gradients<const N: usize>(
    f: impl Function<In = [R; N], Out = R> + Program,
    points: &[[f64; N]],
) -> Vec<(f64, [f64; N])> {
    let text = f.source();
    let program = Interpreter::new().load(text).unwrap_or_else(|e| panic!("{text}: {e:?}"));
    let names: Vec<&str> = f.input_names().to_vec();
    assert_eq!(program.inputs().collect::<Vec<_>>(), names, "{text}");
    let mut values = vec![0.0; points.len()];
    vmap(f).into_slices(points, &mut values).unwrap();
    let of = |(x, row): (&[f64; N], f64)| {
        let what = format!("{text} at {x:?}");
        let (value, gradient) = value_and_grad(f).call(*x);
        same(f.call(*x), value, &what);
        same(row, value, &what);
        let inputs: Vec<(&str, f64)> = names.iter().copied().zip(*x).collect();
        let (string_value, string_gradient) = program.value_and_grad(&names, &inputs).unwrap();
        same(string_value, value, &format!("{what}, as a string"));
        let scale = scale(value, &gradient);
        for i in 0..N {
            close(gradient[i], string_gradient[i], scale, &format!("{what}, by {} as a string", names[i]));
        }
        (value, gradient)
    };
    points.iter().zip(values).map(of).collect()
}

#[test]
fn coulomb() {
    check(
        scheme! { (* k (/ (* q1 q2) (* r r))) },
        &[[8.99, 1.0, 2.0, 0.5], [1.0, -3.0, 0.1, 7.0], [1.0, 1.0, 1.0, 0.0]],
    );
}

#[test]
fn models() {
    check(
        scheme! { (/ (exp (- (/ (square (- x mu)) (* 2 (square s))))) (* s (sqrt (* 2 3.141592653589793)))) },
        &[[0.7, 0.2, 1.3], [-2.0, 0.0, 0.4], [9.0, 0.0, 0.3]],
    );
    check(
        scheme! { (sqrt (+ (square (* p c)) (square (* m (square c))))) },
        &[[1.5, 2.0, 0.7], [0.0, 1.0, 0.0]],
    );
    check(scheme! { (- (* (- (/ g L)) (sin theta)) (* c omega)) }, &[[9.81, 1.2, 0.4, 0.1, -0.7]]);
    check(scheme! { (* A (exp (- (* gamma t))) (cos (+ (* omega t) phi))) }, &[[1.2, 0.3, 1.7, 2.1, 0.4]]);
}

#[test]
fn every_family_of_primitives() {
    check(
        scheme! { (+ (tanh a) (* (sigmoid b) (softplus a)) (log1p (abs b)) (expm1 a) (erf (* a b))) },
        &[[0.3, -1.2], [2.0, 0.1]],
    );
    check(scheme! { (- (expt a b) (atan a b) (log a b) (lgamma b)) }, &[[1.7, 2.3], [0.4, 3.5]]);
    check(
        scheme! { (* (asin a) (acos b) (atan a) (sinh b) (cosh a) (tan b) (cube a)) },
        &[[0.3, 0.6], [-0.5, 0.1]],
    );
    check(
        scheme! { (+ (max a b 1) (min a (* b b)) (relu a) (floor b) (modulo a b) (remainder b a)) },
        &[[1.5, 2.25], [-3.7, 1.3]],
    );
    check(
        scheme! { (+ (* (> a b) a) (if (and (< a 1) (not (= b 0))) (/ a b) (cond ((zero? b) a) (else (* a b))))) },
        &[[0.5, 2.0], [0.5, 0.0], [3.0, 2.0]],
    );
    check(
        scheme! { (let* ((u (* a b)) (v (+ u a))) (define (f x y) (- (* x y) u)) (f (f u v) (let ((a 2)) (* a v)))) },
        &[[1.1, -0.4], [3.0, 2.0]],
    );
}

/// Where a factor is 0 and another infinite the derivative is nan, whoever computes it, and what is not
/// taken does not matter.
#[test]
#[allow(deprecated, reason = "inputs without effect are warned of")]
fn edges() {
    check(scheme! { (* (sqrt x) (sqrt x) y) }, &[[0.0, 1.0], [4.0, 1.0]]);
    check(scheme! { (+ (* 0 (sqrt x)) y) }, &[[0.0, 1.0], [4.0, 1.0]]);
    check(scheme! { (log (/ x y)) }, &[[0.0, 2.0], [1.0, 2.0]]);
    check(scheme! { (sqrt (+ (* x x) (* 0 y))) }, &[[0.0, 1.0], [2.0, 1.0]]);
    check(scheme! { (if (= x 0) y (/ y x)) }, &[[0.0, 1.0], [2.0, 1.0]]);
    check(scheme! { (+ (abs x) (relu y) (max x y) (min x y y)) }, &[[0.0, 0.0], [1.0, 1.0], [-1.0, 2.0]]);
    check(scheme! { (+ (expt x 2) (expt 2 y) (expt x 0)) }, &[[0.0, 1.0], [-3.0, 0.0]]);
    check(scheme! { (if (eq? (if #f #f) (if #f #f)) (* 1 x) (* 2 y)) }, &[[1.0, 3.0]]);
    check(scheme! { (let ((r (/ (sin x) x))) (if (= x 0) y r)) }, &[[0.0, 1.0], [2.0, 1.0]]);
    check(
        scheme! { (define r (sqrt x)) (cond ((<= x 0) (* 3 x y)) (else (* r 2))) },
        &[[0.0, 1.0], [2.0, 1.0]],
    );
    check(scheme! { (atan y x) }, &[[1e-160, 1e-160], [1e200, 1e200], [0.0, 0.0], [3.0, 4.0]]);
    check(scheme! { (+ (modulo x y) (remainder x y)) }, &[[-0.0, 5e-324], [7.5, 2.0]]);
}

/// What a side uses and its condition too has no derivative where the other side is taken.
#[test]
#[allow(deprecated, reason = "inputs without effect are warned of")]
fn sides_not_taken() {
    check(
        scheme! { (let ((r (sqrt (+ (* x x) (* y y))))) (if (= r 0) 0 (/ (* x y) r))) },
        &[[0.0, 0.0], [3.0, 4.0]],
    );
    check(
        scheme! { (let ((r (sqrt x))) (if (= r 0) y (if (< r 2) (* r y) (+ r y)))) },
        &[[0.0, 1.0], [1.0, 2.0], [9.0, 2.0]],
    );
    check(
        scheme! { (let ((r (sqrt x))) (if (> y 0) (if (= r 0) y (* r y)) (if (= r 0) 1 (- r)))) },
        &[[0.0, 1.0], [0.0, -1.0], [4.0, 2.0], [4.0, -2.0]],
    );
    // Where it is used the product of 0 and an infinite number is not a number.
    check(scheme! { (let ((r (sqrt x))) (if (> r 1) y (* r y))) }, &[[0.0, 0.0], [0.0, 1.0], [4.0, 1.0]]);
    check(
        scheme! {
            (lambda (x n)
              (let loop ((i 0) (e 0))
                (if (< i n)
                    (loop (+ i 1) (let ((r (sqrt (* x x)))) (if (> r 0) (+ e (/ 1 r)) e)))
                    e)))
        },
        &[[0.0, 3.0], [2.0, 3.0]],
    );
    // What overflows, and sides of several choices read.
    check_gradients(
        scheme! { (let ((e (exp (* x y)))) (+ (if (< x 9) (* e y) x) (if (< y 9) (log (+ 1 e)) (* x y)))) },
        &[[1.0, 2.0], [30.0, 30.0], [30.0, 2.0], [2.0, -30.0]],
    );
    let mixed = scheme! { (let ((r (sqrt x))) (if (> r 4) y (* r y))) };
    assert_eq!(hessian(mixed).call([4.0, 0.0]), [[0.0, 0.25], [0.25, 0.0]]);
}

/// So has what no step of a loop uses, nor the called function.
#[test]
#[allow(deprecated, reason = "inputs without effect are warned of")]
fn steps_and_calls_that_use_nothing() {
    check(
        scheme! { (lambda (x n) (let loop ((i 0) (s (sqrt x))) (if (< i n) (loop (+ i 1) 2) s))) },
        &[[0.0, 3.0], [4.0, 3.0], [4.0, 0.0]],
    );
    check(
        scheme! {
            (lambda (x n)
              (let ((r (let loop ((i 0) (s x)) (if (< i n) (loop (+ i 1) (* 2 s)) (sqrt s)))))
                (if (= r 0) 0 (/ x r))))
        },
        &[[0.0, 3.0], [4.0, 3.0], [4.0, 0.0]],
    );
    let unread = scheme! {
        (lambda (x y n)
          (define (f k s) (if (< k 1) (if (> n 100) s y) (+ 1 (f (- k 1) s))))
          (f n (sqrt x)))
    };
    assert_eq!(value_and_grad(unread).call([0.0, 1.0, 3.0]), Ok((4.0, [0.0, 1.0, 0.0])));
    assert_eq!(value_and_grad(unread).call([4.0, 1.0, 101.0]), Ok((103.0, [0.25, 0.0, 0.0])));
    let apart = scheme! {
        (lambda (x n)
          (define (f k s) (if (< k 1) (sqrt s) (* 2 (f (- k 1) s))))
          (let ((r (f n x))) (if (= r 0) x (* r x))))
    };
    assert_eq!(value_and_grad(apart).call([0.0, 3.0]), Ok((0.0, [1.0, 0.0])));
    assert_eq!(value_and_grad(apart).call([4.0, 1.0]), Ok((16.0, [6.0, 0.0])));
}

/// The same of programs that may fail, as recursion may.
#[track_caller]
fn check_recursion<const N: usize>(
    f: impl Function<In = [R; N], Out = Try<R>> + Program,
    points: &[[f64; N]],
) {
    let text = f.source();
    let program = Interpreter::new().load(text).unwrap_or_else(|e| panic!("{text}: {e:?}"));
    let names: Vec<&str> = f.input_names().to_vec();
    for x in points {
        let (value, gradient) = value_and_grad(f).call(*x).unwrap();
        let inputs: Vec<(&str, f64)> = names.iter().copied().zip(*x).collect();
        let string = program.value_and_grad(&names, &inputs).unwrap();
        same(string.0, value, text);
        for i in 0..N {
            let what = format!("{text} at {x:?}, by {}", names[i]);
            close(gradient[i], string.1[i], 1.0, &format!("{what} as a string"));
            if gradient[i].is_nan() || gradient.iter().all(|g| g.is_finite()) {
                let mut direction = [0.0; N];
                direction[i] = 1.0;
                let forward = jvp(f).call((*x, direction)).unwrap().1;
                close(gradient[i], forward, 1.0, &format!("{what} forward"));
            }
        }
    }
}

/// A cotangent that is reached and happens to be 0 is not one that is not reached: times an infinite partial it is
/// nan, whatever steps it goes through.
#[test]
#[allow(deprecated, reason = "inputs without effect are warned of")]
fn zeros_that_steps_reach() {
    let points = &[[0.0, 2.0], [0.0, 0.0], [4.0, 2.0]];
    check(
        scheme! {
            (lambda (a n) (let loop ((i n) (p 1)) (if (<= i 0) (square p) (loop (- i 1) (sqrt a)))))
        },
        points,
    );
    check(
        scheme! { (lambda (a n) (let loop ((i n) (p 1)) (if (<= i 0) (* p p) (loop (- i 1) (sqrt a))))) },
        points,
    );
    check(
        scheme! {
            (lambda (a n) (let loop ((i n) (p 1)) (if (<= i 0) (square p) (loop (- i 1) (expt a 0.5)))))
        },
        points,
    );
    check(
        scheme! {
            (lambda (a n)
              (let loop ((i n) (p 1)) (if (<= i 0) (* p p) (loop (- i 1) (if (= i 1) (sqrt a) p)))))
        },
        points,
    );
    check(
        scheme! { (let loop ((i 5) (p 1)) (if (<= i 0) (log p) (loop (- i 1) (tanh (/ b a))))) },
        &[[1.0, 0.0], [1.0, 2.0]],
    );
    // Within one another.
    check(
        scheme! {
            (lambda (a n)
              (let outer ((j n) (q 1))
                (if (<= j 0)
                    (square q)
                    (outer (- j 1) (let inner ((i 2) (p q)) (if (<= i 0) p (inner (- i 1) (sqrt a))))))))
        },
        points,
    );
    // Of the operand of a loop that has no such partial itself.
    check(
        scheme! {
            (lambda (a n)
              (let ((r (sqrt a))) (let loop ((i 0) (s r)) (if (< i n) (loop (+ i 1) 2) (square s)))))
        },
        points,
    );
    let product = scheme! {
        (lambda (x y) (let loop ((i 0) (a x) (b 0)) (if (< i 2) (loop (+ i 1) (sqrt a) a) (* y b))))
    };
    let gradient: [f64; 2] = value_and_grad(product).call([0.0, 0.0]).1;
    assert!(gradient[0].is_nan() && gradient[1] == 0.0, "{gradient:?}");
}

/// Nor is one that calls reach.
#[test]
#[allow(deprecated, reason = "inputs without effect are warned of")]
fn zeros_that_calls_reach() {
    let points = &[[0.0, 3.0], [0.0, 2.0], [0.0, 1.0], [0.0, 0.0], [4.0, 3.0]];
    check_recursion(
        scheme! {
            (lambda (a n) (define (f n p) (if (<= n 0) (* p p) (+ 0 (f (- n 1) (sqrt a))))) (f n 1))
        },
        points,
    );
    check_recursion(
        scheme! {
            (lambda (a n)
              (define (g n p) (if (<= n 0) (square p) (+ (g (- n 1) (sqrt a)) (g (- n 2) p))))
              (g n a))
        },
        points,
    );
    // What comes back is reached or not by what is done with it.
    check_recursion(
        scheme! {
            (lambda (a n)
              (define (f n)
                (if (<= n 0) (sqrt a) (let ((r (f (- n 1)))) (if (> n 1) (square r) (+ 2 (* 0 n))))))
              (f n))
        },
        points,
    );
    check_recursion(
        scheme! {
            (lambda (a n)
              (define (f n) (if (<= n 0) (sqrt a) (let ((r (f (- n 1)))) (if (= n 1) r (square r)))))
              (f n))
        },
        points,
    );
    check_recursion(
        scheme! {
            (lambda (a n)
              (define (even n p) (if (<= n 0) (square p) (+ 1 (odd (- n 1) (sqrt a) p))))
              (define (odd n p q) (if (<= n 0) q (* 2 (even (- n 1) p))))
              (+ (even n a) (even (+ n 1) a)))
        },
        points,
    );
}

/// What grows beyond all bounds and is bounded at the end: forward a tangent is infinite where it meets a factor of 0, so that the gradient is
/// the one of reverse mode; of those numbers alone that are not finite, as the last bits tell.
#[test]
fn what_overflows_and_saturates() {
    // Powers of `a`: tangents overflow first, at the second point, and then the power.
    let points = &[[0.7, 1.5], [0.7, 2.0], [0.7, -2.0], [1e-3, 2.0], [0.7, 3.0], [-0.7, 3.0], [0.0, 1.5]];
    macro_rules! saturated {
        ($($end:tt)*) => {{
            let f = scheme! {
                (lambda (x a)
                  (let ((y (let step ((y x) (i 0)) (if (< i 1020) (step (* a y) (+ i 1)) y)))) $($end)*))
            };
            assert_eq!((f.describe().regime, f.describe().tape_bytes), (Regime::Control, 0));
            check_gradients(f, points)
        }};
    }
    let gradients = saturated!((exp (- (* y y))));
    assert_eq!([gradients[1].1, gradients[2].1], [[0.0; 2]; 2]);
    let gradients = saturated!((tanh y));
    assert_eq!((gradients[1], gradients[2].1), ((1.0, [0.0; 2]), [0.0; 2]));
    // The power is infinite, and so is its partial derivative by `a`, but not that by what it is multiplied by.
    assert!(gradients[4].1[0] == 0.0 && gradients[4].1[1].is_nan(), "{gradients:?}");
    saturated!((/ 1 (+ 1 y)));
    saturated!((/ x (+ 1 (* y y))));
    saturated!((atan y));
    saturated!((min y 10));
    saturated!((+ (max y -10) (* x a)));
    saturated!((sigmoid y));
    saturated!((if (> (abs y) 1e300) (+ x (exp (- (abs y)))) (log y)));
    saturated!(y);
    check_gradients(
        scheme! {
            (lambda (r x) (let step ((y x) (i 0)) (if (< i 30) (step (* r y (- 1 y)) (+ i 1)) (exp (- (* y y))))))
        },
        &[[2.5, 0.3], [4.5, 0.3], [4.001, 0.3], [4.001, 0.5], [-3.0, 0.4], [f64::NAN, 0.3], [1e300, 0.3]],
    );
}

/// The same of recursion, and of programs that fail: what decides whether they do is the value's, whichever way the gradient goes.
#[test]
fn what_overflows_where_runs_may_fail() {
    let recursive = scheme! {
        (lambda (x a) (define (power n) (if (< n 1) x (* a (power (- n 1))))) (exp (- (square (power 1020)))))
    };
    let failing = scheme! {
        (lambda (x a)
          (let step ((y x) (i 0))
            (cond ((> y 1e308) (error "too large:" y i))
                  ((< i 1020) (step (* a y) (+ i 1)))
                  ((= y 0) (error "too small"))
                  (else (exp (- (* y y)))))))
    };
    let points = &[[0.7, 1.5], [0.7, 2.0], [0.7, -2.0], [1e-3, 2.0], [0.7, 0.25], [0.7, 3.0], [-0.7, 3.0]];
    assert_eq!(check_gradients_or_failures(recursive, points)[1], Ok((0.0, [0.0; 2])));
    let found = check_gradients_or_failures(failing, points);
    assert_eq!([&found[1], &found[2]], [&Ok((0.0, [0.0; 2])); 2]);
    let messages = [4, 5].map(|i: usize| found[i].as_ref().unwrap_err().message.to_string());
    assert!(messages[0] == "too small" && messages[1].starts_with("too large: 1"), "{messages:?}");
    // Where the record does not fit there is what forward mode gives.
    let cramped = with_memory(0, 0, || value_and_grad(recursive).call([0.7_f64, 2.0])).unwrap();
    assert!(cramped.0 == 0.0 && cramped.1[1].is_nan(), "{cramped:?}");
}

/// A state that overflows where nothing reads it any more has no part in the gradient, whichever way that goes, in whatever memory, and
/// over rows, which stay together or part.
#[test]
fn what_overflows_and_is_not_reached() {
    let points = &[
        [11.0, 3.0],
        [11.0, 2.5],
        [11.0, 0.75],
        [12.0, 3.0],
        [14.0, 40.0],
        [0.0, 3.0],
        [1.0, 1e200],
        [2.0, 1e200],
        [3.0, 1e200],
        [13.0, -3.0],
        [9.0, 40.0],
        [3.0, 40.0],
        [10.0, 0.0],
        [70.0, 0.5],
        [200.0, 3.0],
        [16.0, f64::INFINITY],
        [16.0, f64::NAN],
    ];
    macro_rules! unread {
        ($($program:tt)*) => {{
            unread(scheme! { (lambda (n b) (let ((n (stop-gradient n))) $($program)*)) }, points);
            let more = [0.5, -0.25, 3.0, 1.0, -1.0, 2.0, 0.125];
            let wide: Vec<[f64; 9]> =
                points.iter().map(|[n, b]| std::array::from_fn(|k| [&[*n, *b], &more[..]].concat()[k])).collect();
            unread(scheme! { (lambda (n b c d e f g h k) (let ((n (stop-gradient n))) (+ (* c d e f g h k) $($program)*))) }, &wide);
        }};
    }
    unread!((let go ((i 0) (y b) (s 1)) (if (< i n) (go (+ i 1) (* y y) (+ s (exp (- y)))) s)));
    // Not reached in the first two turns.
    unread!((let go ((i 0) (y b) (z 1) (s 1)) (if (< i n) (go (+ i 1) (* y y) y (+ (* 1/2 s) (min z 9))) s)));
    // Exits that read different states.
    unread!((let go ((i 0) (y b) (s 1))
                 (cond ((> y 1e150) s) ((< i n) (go (+ i 1) (* y y y y) (+ s (atan y)))) (else (+ s y)))));
    unread!((let go ((i 0) (y b) (s b)) (cond ((> y 1e150) s) ((< i n) (go (+ i 1) (* y y y y) (* 1/2 s))) (else (+ s y)))));
    // Reached at every second turn, or where a step reads them.
    unread!((let go ((i 0) (y b) (z 0.5)) (if (< i (floor (/ n 2))) (go (+ i 1) (* z z z) (* y y)) z)));
    unread!((let go ((i 0) (y b) (s 1)) (if (< i n) (go (+ i 1) (* y y) (if (< i 4) (+ s (tanh y)) s)) s)));
    unread!((let go ((i 0) (y b) (s 1)) (if (< i n) (go (+ i 1) (* 9 y y) (if (< y 1e9) (+ s (* 1/8 y)) s)) s)));
    // A loop in a loop, and one of whose results one is used.
    unread!((let go ((i 0) (y b) (s 1))
                 (if (< i (/ n 3))
                     (let ((p (let in ((j 0) (y y) (s s))
                                (if (< j 3) (in (+ j 1) (* y y) (if (< y 1e9) (+ s (* 1/8 y)) s)) (list y s)))))
                       (go (+ i 1) (car p) (cadr p)))
                     s)));
    unread!((cadr (let go ((i 0) (y b) (s b)) (if (< i n) (go (+ i 1) (exp y) (/ s 2)) (list y s)))));
    unread!((let () (define (even k y s) (if (< k 1) s (odd (- k 1) (* y y) (+ s (max 1 (- y))))))
                      (define (odd k y s) (if (< k 1) (* 2 s) (even (- k 1) (* y y) (min y s))))
                      (even n b 1)));
}

/// Gradients agree with the string's, finite at several points; neither memory nor rows change a bit.
#[track_caller]
fn unread<const N: usize>(f: impl Function<In = [R; N], Out = R> + Program, points: &[[f64; N]]) {
    let bits = |gradient: &[f64; N]| gradient.map(|x| if x.is_nan() { f64::NAN } else { x }.to_bits());
    let found = check_gradients(f, points);
    let rows = vmap(grad(f)).call(points).unwrap();
    for ((x, (value, gradient)), row) in points.iter().zip(&found).zip(rows) {
        assert_eq!(bits(&row), bits(gradient), "{} at {x:?}, over rows", f.source());
        let cramped = with_memory(0, 512 << 20, || value_and_grad(f).call(*x));
        same(cramped.0, *value, f.source());
        assert_eq!(bits(&cramped.1), bits(gradient), "{} at {x:?}, in little memory", f.source());
    }
    let all =
        found.iter().filter(|(value, gradient)| value.is_finite() && gradient.iter().all(|x| x.is_finite()));
    let all = all.count();
    assert!(all > 5, "{} is finite at {all} points", f.source());
}

/// The gradients of a program that may fail, or how it fails: alike with derivatives and without, and as a string.
fn check_gradients_or_failures<const N: usize>(
    f: impl Function<In = [R; N], Out = Try<R>> + Program,
    points: &[[f64; N]],
) -> Vec<Result<(f64, [f64; N]), Failure>> {
    let text = f.source();
    assert_eq!((f.describe().regime, f.describe().tape_bytes), (Regime::Control, 0), "{text}");
    let program = Interpreter::new().load(text).unwrap_or_else(|e| panic!("{text}: {e:?}"));
    let names: Vec<&str> = f.input_names().to_vec();
    let of = |x: &[f64; N]| {
        let what = format!("{text} at {x:?}");
        let found = value_and_grad(f).call(*x);
        let inputs: Vec<(&str, f64)> = names.iter().copied().zip(*x).collect();
        match (&found, f.call(*x), program.value_and_grad(&names, &inputs)) {
            (Ok((value, gradient)), Ok(plain), Ok(string)) => {
                same(plain, *value, &what);
                same(string.0, *value, &what);
                for i in 0..N {
                    close(gradient[i], string.1[i], 1.0, &format!("{what}, by {} as a string", names[i]));
                }
            }
            (Err(failure), Err(plain), Err(error)) => {
                assert_eq!(failure, &plain, "{what}");
                assert_eq!(failure.code, error.code, "{what}");
            }
            others => panic!("{what}: {others:?}"),
        }
        found
    };
    points.iter().map(of).collect()
}

/// Single precision overflows sooner, and is mended likewise; elsewhere its gradient is the rounded one, where its terms cancel
/// as well, to what the terms and their sums are rounded by.
#[test]
fn single_precision_forward() {
    let f = scheme! {
        (lambda (x a) (let step ((y x) (i 0)) (if (< i 126) (step (* a y) (+ i 1)) (exp (- (* y y))))))
    };
    let (value, gradient): (f32, [f32; 2]) = value_and_grad(f).call([0.7, 2.0]);
    assert_eq!((value, gradient), (0.0, [0.0; 2]));
    assert_eq!(value_and_grad(f).call([0.7_f64, 2.0]), (0.0, [0.0; 2]));
    let f = scheme! {
        (lambda (a b) (let sum ((s b) (i 1)) (if (> i 400) s (sum (+ s (sin (* a i))) (+ i 1)))))
    };
    for a in [0.5_f32, 1.25, 3.0] {
        let [narrow, one] = grad(f).call([a, 0.25]);
        let [wide, _] = grad(f).call([f64::from(a), 0.25]);
        let (mut sum, mut terms, mut bound) = (0.0_f64, 0.0, 0.0);
        for i in (1..=400).map(f64::from) {
            let (sin, cos) = (i * f64::from(a)).sin_cos();
            sum += i * cos;
            terms += i;
            // The angle is rounded, the cosine, the product, and the sum.
            bound += i * i * f64::from(a) * sin.abs() + 2.0 * i * cos.abs() + sum.abs();
        }
        let bound = 0.5 * f64::from(f32::EPSILON) * bound;
        assert!(
            f64::from(narrow) != wide && (f64::from(narrow) - wide).abs() <= bound,
            "{narrow} and {wide}, by {bound}"
        );
        assert!(wide.abs() < 0.01 * terms && one == 1.0, "{wide} of {terms}");
    }
}

/// Lists of literals that are too long to be unrolled are tables; so are lists of pairs along which a number chooses the
/// steps, several lists in step, and those that begin again.
#[test]
fn along_lists_of_literals() {
    check(
        scheme! {
            (define data (map (lambda (i) (* 0.0625 (- (modulo (* 37 i) 101) 50))) (iota 250)))
            (define (average data s)
              (if (null? data) s (average (cdr data) (+ (* alpha (car data)) (* (- 1 alpha) s)))))
            (average data start)
        },
        &[[0.35, 0.5], [1.0, -2.0], [f64::NAN, 1.0]],
    );
    check(
        scheme! {
            (define data (map (lambda (i) (list (/ i 64) (* 0.125 (modulo (* 29 i) 31)))) (iota 250)))
            (let loss ((l data) (s 0))
              (if (pair? l)
                  (loss (cdr l) (+ s (square (- (cadar l) (* a (exp (- (* b (caar l)))))))))
                  (/ s (length data))))
        },
        &[[1.7, 0.3], [0.0, 0.0], [-2.0, 5.0]],
    );
    check(
        scheme! {
            (define data (list (cons 0 1.2) (cons 0.3 0.9) (cons 0.7 0.65) (cons 1.1 0.5) (cons 1.6 0.31) (cons 2 0.2)))
            (let loss ((l data) (s 0))
              (if (pair? l)
                  (let ((next (+ s (square (- (cdar l) (* a (exp (- (* b (caar l))))))))))
                    (if (and (> next 1) (pair? (cdr l))) (loss (cddr l) next) (loss (cdr l) next)))
                  s))
        },
        &[[1.7, 0.3], [0.0, 0.0], [-2.0, 5.0]],
    );
    check(
        scheme! {
            (let sum ((ts (iota 302)) (ys (iota 302 1 -0.5)) (s 0))
              (if (null? ts) s (sum (cdr ts) (cdr ys) (+ (* a s) (* (car ys) (sin (* b (car ts))))))))
        },
        &[[0.5, 0.125], [-0.25, 3.0], [0.0, 1.0]],
    );
    check(
        scheme! {
            (define data (iota 40))
            (let again ((n 0) (l data) (s x))
              (cond ((= n 9) s)
                    ((null? l) (again (+ n 1) data s))
                    ((null? (cdr l)) (again n (cdr l) (- s (car l))))
                    (else (again n (if (> s 0) (cddr l) (cdr l)) (+ (* k s) (- (cadr l) (car l)))))))
        },
        &[[1.0, 0.5], [-3.0, 0.25]],
    );
    check(
        scheme! { (+ (fold (lambda (y s) (+ y (* a s))) b (iota 350)) (fold-left (lambda (s y) (- (* s b) y)) a (iota 350))) },
        &[[0.5, 0.25], [-0.75, 0.0]],
    );
}
