//! Sums over rows, populations and threads: laws that tie them to single calls, to the bit.

mod support;

use scheme_runtime::{
    Code, Columns, Element, Kind, Limits, MemberError, Of, Outcome, Regime, Shape, blocks, open, prelude::*,
};
use std::ops::Range;
use support::Samples;

/// The shape of what a function gives.
type Gives<F> = <<F as Function>::Out as Outcome>::Shape;

/// Numbers of rows around those of a block, of what is held before it is added, and of a leaf of the tree of sums.
const MANY: [usize; 18] = [0, 1, 2, 7, 8, 9, 15, 16, 17, 63, 64, 65, 71, 72, 73, 1023, 1025, 2600];

/// The same where a row costs more.
const FEW: [usize; 8] = [0, 1, 7, 9, 64, 67, 130, 1030];

/// The numbers of a result.
fn numbers<S: Shape, E: Element>(result: &Of<S, E>) -> Vec<f64> {
    (0..S::LEN).filter_map(|k| S::get(result, k)).map(|x| (*x).into()).collect()
}

fn bits(numbers: &[f64]) -> Vec<u64> {
    numbers.iter().map(|x| if x.is_nan() { f64::NAN.to_bits() } else { x.to_bits() }).collect()
}

/// Of `f` over the columns of some rows, and at the points that they stand for: rows are single calls, sums are those of
/// [`blocks::sum`], and threads and members make no difference. The columns are of one type, as each is compiled for itself.
fn laws<E, F, C>(f: F, points: &[Of<F::In, E>], columns_of: impl Fn(Range<usize>) -> C)
where
    E: Element,
    F: Function + Sync,
    C: Columns<E, F::In> + Copy + Sync,
    Of<F::In, E>: Sync,
    Of<Gives<F>, E>: Send,
    Of<Gives<F>, f64>: Send,
{
    let columns = columns_of(0..points.len());
    let case = |what: &str| format!("{what} of {f:?}, {} rows", points.len());
    let all = |rows: &[Of<Gives<F>, E>]| -> Vec<Vec<u64>> {
        rows.iter().map(|row| bits(&numbers::<Gives<F>, E>(row))).collect()
    };
    let singles: Vec<Vec<f64>> = points
        .iter()
        .map(|x| <F::Out as Outcome>::Kind::result(f.call(*x)).expect("a value"))
        .map(|result| numbers::<Gives<F>, E>(&result))
        .collect();
    let wanted: Vec<Vec<u64>> = singles.iter().map(|row| bits(row)).collect();
    let column = |k: usize| -> Vec<f64> { singles.iter().map(|row| row[k]).collect() };
    let sums: Vec<f64> = (0..Gives::<F>::LEN).map(|k| blocks::sum(&column(k))).collect();
    let sums = bits(&sums);
    let total = |sum: &Of<Gives<F>, f64>| bits(&numbers::<Gives<F>, f64>(sum));

    assert_eq!(all(&vmap(f).call(columns).expect("rows")), wanted, "{}", case("rows"));
    assert_eq!(total(&vmap(f).sum(columns).expect("rows")), sums, "{}", case("the sum"));
    for threads in [1, 2, 3, 0] {
        let on = vmap(f).threads(threads);
        assert_eq!(all(&on.call(columns).expect("rows")), wanted, "{}", case("rows on threads"));
        assert_eq!(total(&on.sum(columns).expect("rows")), sums, "{}", case("the sum on threads"));
    }
    // Members with rows of their own.
    let parts = [0..points.len(), points.len() / 2..points.len(), 0..0];
    let members = parts.clone().map(columns_of);
    let totals: Vec<_> = members.iter().map(|rows| total(&vmap(f).sum(*rows).expect("rows"))).collect();
    assert_eq!(totals[0], sums, "{}", case("the sum of a member"));
    let of = |found: Vec<Vec<Of<Gives<F>, E>>>| -> Vec<_> { found.iter().map(|rows| all(rows)).collect() };
    let members_rows = parts.map(|part| wanted[part].to_vec());
    let found = vmap(f).call_each(&members, |rows| *rows).expect("rows");
    assert_eq!(of(found), members_rows, "{}", case("members"));
    let found = vmap(f).sum_each(&members, |rows| *rows).expect("rows");
    assert_eq!(found.iter().map(total).collect::<Vec<_>>(), totals, "{}", case("sums of members"));
    for threads in [1, 2, 5] {
        let on = vmap(f).threads(threads);
        let found = on.call_each(&members, |rows| *rows).expect("rows");
        assert_eq!(of(found), members_rows, "{}", case("members on threads"));
        let found = on.sum_each(&members, |rows| *rows).expect("rows");
        assert_eq!(found.iter().map(total).collect::<Vec<_>>(), totals, "{}", case("sums on threads"));
    }
}

/// The laws of a function of three numbers, the first the same in every row.
macro_rules! laws {
    ($number:ty, $rows:expr, $low:literal..$high:literal, $function:expr) => {
        for rows in $rows {
            let function = $function;
            let mut samples = Samples::new(rows as u64);
            let a = samples.between($low, $high) as $number;
            let [b, c]: [Vec<$number>; 2] =
                std::array::from_fn(|_| (0..rows).map(|_| samples.between($low, $high) as $number).collect());
            let points: Vec<[$number; 3]> = b.iter().zip(&c).map(|(b, c)| [a, *b, *c]).collect();
            laws(function, &points, |rows| (a, &b[rows.clone()], &c[rows]));
        }
    };
}

#[test]
fn straight_programs() {
    let f = scheme! { (+ (* (exp (sin a)) (square b)) (/ (log1p (* a a)) (+ 2 (* b c)))) };
    laws!(f64, MANY, -2.0..2.0, value_and_grad(f).wrt(|v| v.a));
    laws!(f32, MANY, -2.0..2.0, value_and_grad(f));
    laws!(f64, FEW, -2.0..2.0, f);
    laws!(f64, FEW, -2.0..2.0, hessian(f));
    laws!(f64, FEW, -2.0..2.0, grad(grad(f).wrt(|v| v.a)).wrt(|v| [v.c, v.a]));
}

/// Points are columns, too.
#[test]
fn points_of_straight_and_looping_programs() {
    let straight = scheme! { (+ (* (exp (sin a)) (square b)) (/ (log1p (* a a)) (+ 2 (* b c)))) };
    let looping = scheme! {
        (* (exp a) (let count ((y (+ (abs b) (exp (* 2 c)))) (n 1)) (if (< y 1) (* n (sin y)) (count (/ y 2) (+ n a)))))
    };
    for rows in MANY {
        let mut samples = Samples::new(rows as u64);
        let points: Vec<[f64; 3]> =
            (0..rows).map(|_| std::array::from_fn(|_| samples.between(-2.0, 2.0))).collect();
        laws(value_and_grad(straight).wrt(|v| v.a), &points, |rows| &points[rows]);
        laws(value_and_grad(looping), &points, |rows| &points[rows]);
    }
}

/// Of operands at which both sides, nan and infinities occur.
#[test]
fn branching_programs() {
    let f = scheme! {
        (let ((d (- (* b b) (* 4 a c))))
          (if (< d 0) (* (exp a) (sqrt (- d))) (/ (- (sqrt d) b) (* 2 (log a)))))
    };
    laws!(f64, MANY, -2.0..2.0, value_and_grad(f));
    laws!(f32, FEW, -2.0..2.0, grad(f).wrt(|v| [v.b, v.a]));
}

#[test]
fn looping_programs() {
    let f = scheme! {
        (* (exp a) (let count ((y (+ (abs b) (exp (* 2 c)))) (n 1)) (if (< y 1) (* n (sin y)) (count (/ y 2) (+ n a)))))
    };
    laws!(f64, FEW, -2.0..2.0, value_and_grad(f));
    laws!(f32, FEW, -2.0..2.0, value_and_grad(f).wrt(|v| v.a));
    laws!(f64, [0, 9, 70], -2.0..2.0, hessian(f));
}

/// Loops of which every row takes the same steps: by literals, and by the number that all rows share.
#[test]
fn looping_programs_in_step() {
    let smooth = scheme! {
        (let step ((x b) (y c) (i 0))
          (if (< i 5)
              (step (* 0.5 (+ (sin x) (tanh (* a y)) (erf x) (sigmoid y)))
                    (+ (atan x (+ 3 y)) (expt 1.5 (cos y)) (log1p (square x)) (softplus (- x y)))
                    (+ i 1))
              (+ x y (lgamma (+ 3 (exp (- (* y y))))))))
    };
    laws!(f64, MANY, -2.0..2.0, smooth);
    laws!(f64, FEW, -2.0..2.0, value_and_grad(smooth));
    laws!(f32, FEW, -2.0..2.0, value_and_grad(smooth).wrt(|v| v.b));
    laws!(f64, [0, 9, 70], -2.0..2.0, hessian(smooth));
    let kinks = scheme! {
        (let step ((x b) (s 0) (i (* 3 (abs (stop-gradient a)))))
          (if (> i 0)
              (step (- (modulo (* 3 x) 2) 1)
                    (+ s (max x c) (min x (- c)) (abs x) (floor (* 4 x)) (round c) (quotient (round (* 9 x)) 2))
                    (- i 1))
              (* s (norm [x c]))))
    };
    laws!(f64, FEW, -2.0..2.0, value_and_grad(kinks));
    laws!(f32, FEW, -2.0..2.0, value_and_grad(kinks));
}

/// Rows whose gradients forward mode does not have: none, a few, most; where reverse mode has not either, too.
#[test]
fn looping_programs_that_overflow_and_saturate() {
    let f = scheme! {
        (lambda (a b c)
          (define k (expt 10 (* 12 c)))
          (define y (let step ((y b) (i 0)) (if (< i 40) (step (sin (* a k y)) (+ i 1)) y)))
          (+ (exp (- (square (* 1e200 y)))) (atan c)))
    };
    laws!(f64, FEW, 0.1..0.9, value_and_grad(f));
    laws!(f64, [70, 130], 0.1..0.65, value_and_grad(f));
    laws!(f64, [9, 70], 0.1..0.9, grad(f).wrt(|v| v.b));
    let x = [0.5, 0.25, 0.75];
    let forward: f64 = jvp(f).call((x, [1.0, 0.0, 0.0])).1;
    assert!(forward.is_nan() && grad(f).call(x) == [0.0, 0.0, 0.64], "{forward} and {:?}", grad(f).call(x));
    let c: Vec<f64> = (0..100).map(|i| 0.009 * f64::from(i)).collect();
    let sum = vmap(grad(f)).sum((0.5, 0.25, &c)).expect("rows");
    assert!(sum.iter().all(|x| x.is_finite()), "{sum:?}");

    let single = scheme! {
        (lambda (a b c)
          (define k (expt 10 (* 12 c)))
          (define y (let step ((y b) (i 0)) (if (< i 8) (step (sin (* a k y)) (+ i 1)) y)))
          (+ (exp (- (square (* 1e30 y)))) (atan c)))
    };
    laws!(f32, FEW, 0.1..0.9, value_and_grad(single));
    laws!(f32, [9, 70], 0.1..0.45, grad(single).wrt(|v| [v.c, v.a]));
    let beyond = scheme! {
        (lambda (a b c)
          (define k (expt 10 (* 9 b)))
          (+ (tanh (let step ((y a) (i 0)) (if (< i 40) (step (* k y) (+ i 1)) y))) (atan c)))
    };
    laws!(f64, [9, 130], 0.1..0.95, value_and_grad(beyond));
    let recursive = scheme! {
        (lambda (a b c)
          (define k (expt 10 (* 12 c)))
          (define (walk n) (if (< n 1) b (sin (* a k (walk (- n 1))))))
          (exp (- (square (* 1e200 (walk 40))))))
    };
    laws!(f64, [9, 70], 0.1..0.9, value_and_grad(recursive));
    for about in [f.describe(), single.describe(), beyond.describe(), recursive.describe()] {
        assert_eq!((about.regime, about.tape_bytes), (Regime::Control, 0), "{about}");
    }
}

/// Loops with numbers that do not depend on inputs, which are rounded as they are in a call, and take part in what does.
#[test]
fn looping_programs_that_count() {
    let tenths = scheme! {
        (let step ((t 0) (h 0.1) (n 1) (x b))
          (if (< t (if (< c 5) 2.05 0))
              (step (+ t h) (* 1.01 h) (* 3 n) (+ (* 0.5 a x) (* t (sin (* t x))) (/ (sqrt n) (+ 1 n)) (max t 1 x)))
              (+ x (* c t) h (log n))))
    };
    laws!(f64, MANY, -2.0..2.0, tenths);
    laws!(f64, FEW, -2.0..2.0, value_and_grad(tenths));
    laws!(f32, FEW, -2.0..2.0, value_and_grad(tenths).wrt(|v| v.c));
    laws!(f64, [0, 9, 70], -2.0..2.0, hessian(tenths));
    let nested = scheme! {
        (let outer ((i 0) (s b))
          (if (< i 4)
              (outer (+ i 1)
                     (let inner ((j i) (s s))
                       (if (< j 7) (inner (+ j 1) (+ (* 0.5 a s) (* j c (exp (- i))))) (tanh s))))
              (* i s)))
    };
    laws!(f64, MANY, -2.0..2.0, nested);
    laws!(f64, FEW, -2.0..2.0, value_and_grad(nested));
    laws!(f32, FEW, -2.0..2.0, value_and_grad(nested));
    let along = scheme! {
        (let along ((l (quote (0.1 0.7 -1.3 2.9 1e-3 5 7.1 0.3 1 1 2 3 5 8 13 21 34 55))) (x b))
          (if (null? l) x (along (cdr l) (+ (* 0.5 a x) (* c (car l) (sin (car l)))))))
    };
    laws!(f64, FEW, -2.0..2.0, value_and_grad(along));
    laws!(f32, FEW, -2.0..2.0, value_and_grad(along));
}

/// The same where rows part: by a bound of their own, and where an input moves the counter on.
#[test]
fn looping_programs_that_count_each_its_way() {
    let until = scheme! {
        (let step ((t 0) (x b))
          (if (> t (abs (stop-gradient c))) (* t x) (step (+ t 0.1) (+ (* a x) t))))
    };
    laws!(f64, FEW, -2.0..2.0, value_and_grad(until));
    laws!(f32, FEW, -2.0..2.0, value_and_grad(until));
    let sometimes = scheme! {
        (let step ((i 0) (k 0) (x b))
          (cond ((>= i 6) (+ k (* i x)))
                ((< (* b c) -3.5) (step (+ i 1.5 (abs c)) (- k 2) (* a x)))
                (else (step (+ i 1) (+ k 0.1) (+ (* 0.1 x) (* k c))))))
    };
    laws!(f64, MANY, -2.0..2.0, sometimes);
    laws!(f64, FEW, -2.0..2.0, value_and_grad(sometimes));
    laws!(f32, FEW, -2.0..2.0, value_and_grad(sometimes));
}

/// Loops of which a row now and then takes other steps than its neighbours.
#[test]
fn looping_programs_that_part_seldom() {
    let f = scheme! {
        (let step ((x c) (i 0))
          (cond ((= i 4) (if (> b 1.8) (sin x) x))
                ((< (* b c) -3.5) (step (* a x) 4))
                (else (step (+ x (* a (cos (* b x)))) (+ i 1)))))
    };
    laws!(f64, MANY, -2.0..2.0, f);
    laws!(f64, FEW, -2.0..2.0, value_and_grad(f));
    laws!(f32, FEW, -2.0..2.0, value_and_grad(f));
}

/// Each row's loop ends, at a step where most others of its block do not: together none of them would.
#[test]
fn looping_programs_that_end_one_by_one() {
    let f = scheme! {
        (let step ((m (round (* 8 (stop-gradient b)))) (y c))
          (if (> (abs m) 0.5) (step (- m (if (> b 0) 1 -1)) (* a y)) y))
    };
    laws!(f64, FEW, -2.0..2.0, f);
    laws!(f64, FEW, -2.0..2.0, value_and_grad(f).wrt(|v| [v.a, v.c]));
    let to_zero =
        scheme! { (let step ((m (stop-gradient n)) (y x)) (if (> (abs m) 0.5) (step (- m 1) (* 2 y)) y)) };
    let n: Vec<f64> = (1..=24).rev().map(f64::from).collect();
    let doubled: Vec<f64> = n.iter().map(|n| n.exp2()).collect();
    assert_eq!(vmap(to_zero).call((&n, 1.0)), Ok(doubled));
}

#[test]
fn recursive_programs() {
    let f = scheme! {
        (define (walk n x) (if (< n 1) x (+ (walk (- n 1) (* a x)) (* b (walk (- n 2) (sin x))))))
        (walk (+ 3 (stop-gradient (* 2 c))) 1)
    };
    laws!(f64, FEW, -2.0..2.0, value_and_grad(f).wrt(|v| [v.a, v.b]));
    laws!(f32, FEW, -2.0..2.0, f);
    let in_step = scheme! {
        (define (walk n x) (if (< n 1) x (+ (walk (- n 1) (* a x)) (* b (walk (- n 2) (sin x))))))
        (walk 6 c)
    };
    laws!(f64, FEW, -1.0..1.0, value_and_grad(in_step));
    laws!(f32, FEW, -1.0..1.0, in_step);
    // With a number that is known, and with one that is not.
    let both = scheme! {
        (define (sum n x) (if (< n 1) (* n x) (+ (sum (- n 1) (* a x)) (* n b))))
        (define (count n) (if (< n 0.5) 0 (+ n (count (/ n 2)))))
        (+ (sum 5 c) (sum (floor (* 3 (stop-gradient (abs c)))) b) (* a (count 9)))
    };
    laws!(f64, FEW, -2.0..2.0, value_and_grad(both));
    laws!(f32, FEW, -2.0..2.0, value_and_grad(both));
}

#[test]
fn programs_on_the_machine() {
    let f = scheme! { (apply + a (map (lambda (i) (* b (sin (* i c)))) (iota (floor (+ 3 (stop-gradient (* 2 c))))))) };
    laws!(f64, [0, 1, 9, 67], -1.0..1.0, value_and_grad(f).wrt(|v| [v.a, v.b]));
    laws!(f32, [0, 9], -1.0..1.0, f);
}

/// Results are of many numbers, inputs are arrays, and parameters are members.
#[test]
fn populations_of_parameters() {
    let f = scheme! { (* (param a 2.0) (exp (- (* (param rate 0.5) t)))) };
    let t: Vec<f64> = (0..70).map(|i| 0.1 * f64::from(i)).collect();
    let population = [[1.0, 0.5], [2.0, -0.25], [0.0, f64::NAN]];
    let curves = vmap(open(f)).call_each(&population, |p| (&t, *p)).expect("rows");
    let by = value_and_grad(open(f)).wrt(|(_, p)| (p.rate, p.a));
    let sums = vmap(by).threads(2).sum_each(&population, |p| (&t, *p)).expect("rows");
    for ((p, curve), sum) in population.iter().zip(curves).zip(sums) {
        let single: Vec<f64> = t.iter().map(|t| f.with_values(*p).call(*t)).collect();
        assert_eq!(bits(&curve), bits(&single));
        assert_eq!(bits(&[sum.0]), bits(&[blocks::sum(&single)]));
        let loss = vmap(by).sum((&t, *p)).expect("rows");
        assert_eq!(bits(&[sum.0, sum.1.0, sum.1.1]), bits(&[loss.0, loss.1.0, loss.1.1]));
    }
    let none: [[f64; 2]; 0] = [];
    assert_eq!(vmap(open(f)).call_each(&none, |p| (&t, *p)), Ok(vec![]));
    assert_eq!(vmap(open(f)).threads(3).sum_each(&none, |p| (&t, *p)), Ok(vec![]));
}

#[test]
fn outputs_are_written_in_parts() {
    let f = scheme! { (* x (exp y)) };
    let x: Vec<f64> = (0..333).map(|i| f64::from(i) * 0.01).collect();
    let wanted = vmap(value_and_grad(f)).call((&x, 1.5)).expect("rows");
    for threads in [1, 2, 3, 100] {
        let (mut y, mut dx, mut dy) = (vec![0.0; 333], vec![0.0; 333], vec![0.0; 333]);
        let on = vmap(value_and_grad(f)).threads(threads);
        on.into_slices((&x, 1.5), (&mut y, [&mut dx[..], &mut dy])).expect("rows");
        for (i, row) in wanted.iter().enumerate() {
            assert_eq!((y[i], [dx[i], dy[i]]), *row, "row {i} on {threads} threads");
        }
        let short = RowsError::Outputs { expected: 333, found: 3 };
        assert_eq!(on.into_slices((&x, 1.5), (&mut vec![0.0; 3], [&mut dx, &mut dy])), Err(short));
    }
}

/// The first row that fails is named, whichever thread meets one first.
#[test]
fn failures_name_the_row() {
    let root = scheme! { (define (root x) (if (< x 0) (error "no root of" x) (sqrt x))) (+ a (root x)) };
    let general = scheme! {
        (lambda (a x) (if (< x 0) (error "no root of" x) (apply + a (append (iota (- x x)) (list (sqrt x))))))
    };
    let mut x = vec![1.0; 3000];
    (x[700], x[701], x[2100]) = (-2.0, -3.0, -4.0);
    let rows = |from: usize| (1.0, &x[from..]);
    let message = |error: RowsError| match error {
        RowsError::Failed { row, failure } => (row, failure.code, failure.message.to_string()),
        other => panic!("{other}"),
    };
    let expected = [
        (0, (700, Code::Raised, "no root of -2".to_string())),
        (1000, (1100, Code::Raised, "no root of -4".to_string())),
    ];
    for (from, expected) in expected {
        for threads in [1, 2, 3] {
            let on = vmap(value_and_grad(root)).threads(threads);
            assert_eq!(message(on.call(rows(from)).unwrap_err()), expected);
            assert_eq!(message(on.sum(rows(from)).unwrap_err()), expected);
            assert_eq!(message(vmap(general).threads(threads).sum(rows(from)).unwrap_err()), expected);
        }
        assert_eq!(message(vmap(grad(root)).sum(rows(from)).unwrap_err()), expected);
        assert_eq!(message(vmap(general).call(rows(from)).unwrap_err()), expected);
    }
    let few = general.with_limits(Limits { steps: 1, ..Limits::default() });
    let (row, code, _) = message(vmap(few).threads(2).sum(rows(2500)).unwrap_err());
    assert_eq!((row, code), (0, Code::Steps));
}

#[test]
fn failures_name_the_member() {
    let f = scheme! { (lambda (x a) (if (< x (stop-gradient a)) (error "too small") (sqrt x))) };
    let x: Vec<f64> = (0..2000).map(f64::from).collect();
    let population = [-1.0, 0.0, 1.0, 1500.0];
    let error = vmap(f).call_each(&population, |a| (&x, *a)).unwrap_err();
    let RowsError::Failed { row: 0, failure } = &error.error else { panic!("{error}") };
    assert_eq!((error.member, failure.code), (2, Code::Raised));
    assert_eq!(error.to_string(), format!("in member 3: in row 1: {failure}"));
    for threads in [1, 2, 3, 7] {
        let on = vmap(f).threads(threads);
        assert_eq!(on.call_each(&population, |a| (&x, *a)), Err(error.clone()));
        assert_eq!(on.sum_each(&population, |a| (&x, *a)), Err(error.clone()));
    }
    let unequal = RowsError::Columns { column: 1, expected: 2000, found: 3 };
    let columns = |n: &usize| (&x[..], &x[..*n]);
    let expected = MemberError { member: 1, error: unequal };
    assert_eq!(vmap(f).sum_each(&[2000, 3], columns), Err(expected.clone()));
    assert_eq!(vmap(f).threads(2).sum_each(&[2000, 3], columns), Err(expected));
}

#[test]
fn what_does_not_fit_is_an_error() {
    let f = scheme! { (* x y) };
    let (long, short) = ([1.0; 12], [1.0; 9]);
    let unequal = RowsError::Columns { column: 1, expected: 12, found: 9 };
    assert_eq!(vmap(f).sum((&long, &short)), Err(unequal.clone()));
    assert_eq!(vmap(f).threads(2).sum((&long, &short)), Err(unequal.clone()));
    assert_eq!(vmap(f).threads(2).call((&long, &short)), Err(unequal));
    assert_eq!(vmap(f).sum((1.0, 2.0)), Err(RowsError::NoSlice));
    assert_eq!(vmap(f).threads(0).call((1.0, 2.0)), Err(RowsError::NoSlice));
    let none: [f64; 0] = [];
    assert_eq!(vmap(value_and_grad(f)).sum((&none, 2.0)), Ok((0.0, [0.0; 2])));
    assert_eq!(vmap(f).threads(3).call((&none, &none)), Ok(vec![]));
    let constant = scheme! { (expt 2 3) };
    assert_eq!(vmap(constant).sum([[0.0; 0]; 5].as_slice()), Ok(40.0));
}
