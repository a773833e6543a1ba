//! Derivatives against finite differences of 90 digits, and against exact ones.

use crate::{
    big::{Big, agree},
    exact, golden,
    matrix::{Random, apply, distance, hilbert, norm},
    rules::{forward, second},
};
use scheme_core::{prim::Whole, reader::number_text, real::Real};
use std::fmt::Write as _;

type Case = (Whole, Vec<f64>);

/// Every operation at sizes up to `most`, at a random point and at an ill conditioned one; those that have
/// derivatives at singular matrices at such too.
fn cases(most: u32) -> Vec<Case> {
    let mut random = Random::new(10);
    let mut all = Vec::new();
    for n in 1..=most {
        let size = n as usize;
        all.push((Whole::Product { m: n, n: 2, p: 3 }, random.matrix(1, 2 * size + 6)));
        all.push((Whole::Product { m: 2, n, p: 1 }, random.matrix(1, 3 * size)));
        for a in [random.matrix(size, size), hilbert(size)] {
            all.extend([Whole::Det(n), Whole::Logdet(n), Whole::Inv(n)].map(|whole| (whole, a.clone())));
            for columns in [1, 2] {
                let right = random.matrix(size, columns);
                all.push((Whole::Solve { n, columns: columns as u32 }, [&a[..], &right].concat()));
            }
        }
        // The larger ones are not definite once their elements are rounded.
        for a in [random.definite(size), hilbert(size.min(12))].into_iter().filter(|a| a.len() == size * size)
        {
            all.push((Whole::Cholesky(n), a));
        }
        for less in 0..=3.min(size) {
            let a = random.whole(size, size - less);
            all.push((Whole::Det(n), a.clone()));
            // Each is the determinant of a minor: many.
            if n <= 5 {
                all.push((Whole::Cofactors(n), a));
            }
        }
    }
    all
}

/// A direction, in which some operands do not move.
fn direction(random: &mut Random, n: usize) -> Vec<Option<Big>> {
    (0..n).map(|_| (random.number() < 0.5).then(|| Big::lit(random.number()))).collect()
}

fn big(items: &[f64]) -> Vec<Big> {
    items.iter().map(|x| Big::lit(*x)).collect()
}

/// The operands, so far in a direction.
fn moved(operands: &[Big], direction: &[Option<Big>], by: Big) -> Vec<Big> {
    operands.iter().zip(direction).map(|(x, d)| d.map_or(*x, |d| *x + by * d)).collect()
}

/// (f(h) − f(−h))/2h against a derivative, relative to the greatest of them.
fn check(derivative: &[Big], f: impl Fn(Big) -> Vec<Big>, what: &str) {
    let h = Big::ten(-45);
    let differences = f(h).into_iter().zip(f(-h)).map(|(up, down)| (up - down) / (h + h));
    let differences: Vec<Big> = differences.collect();
    let size = differences.iter().fold(Big::lit(1.0), |most, x| Real::max(most, x.abs()));
    for (i, (derivative, difference)) in derivative.iter().zip(&differences).enumerate() {
        agree(*derivative / size, *difference / size, 25, || format!("{what}: {i}"));
    }
}

#[test]
fn derivatives_are_the_limits_of_differences() {
    let mut random = Random::new(11);
    // Of the larger ones, some.
    let some = |whole: &Whole| whole.takes().all(|(rows, _)| rows < 8 || rows % 6 == 2);
    for (whole, operands) in cases(20).iter().filter(|(whole, _)| some(whole)) {
        let (operands, along) = (big(operands), direction(&mut random, operands.len()));
        let (_, tangents) = forward(*whole, &operands, &along);
        let tangents: Vec<Big> = tangents.iter().map(|x| x.unwrap_or(Big::lit(0.0))).collect();
        check(&tangents, |by| apply(*whole, &[&moved(&operands, &along, by)]), &whole.to_string());
    }
}

#[test]
fn second_derivatives_are_the_limits_of_differences_of_first() {
    let mut random = Random::new(12);
    for (whole, operands) in cases(6) {
        let operands = big(&operands);
        let [one, other] = [0; 2].map(|_| direction(&mut random, operands.len()));
        let first = |by| {
            let (_, tangents) = forward(whole, &moved(&operands, &other, by), &one);
            tangents.into_iter().map(|x| x.unwrap_or(Big::lit(0.0))).collect()
        };
        check(&second(whole, &operands, &one, &other), first, &whole.to_string());
    }
}

/// Relative to the greatest tangent, they lose no more digits than the condition of the matrix says.
#[test]
fn derivatives_in_doubles_lose_what_the_condition_takes() {
    let mut random = Random::new(14);
    for n in 1..=10usize {
        let (size, a) = (n as u32, hilbert(n));
        let right = random.matrix(n, 1);
        let condition = norm(n, &a) * norm(n, &apply(Whole::Inv(size), &[&a]));
        for whole in [
            Whole::Det(size),
            Whole::Logdet(size),
            Whole::Inv(size),
            Whole::Solve { n: size, columns: 1 },
            Whole::Cholesky(size),
        ] {
            let operands =
                if matches!(whole, Whole::Solve { .. }) { [&a[..], &right].concat() } else { a.clone() };
            let along: Vec<f64> = (0..operands.len()).map(|_| random.number()).collect();
            let found = forward(whole, &operands, &along.iter().map(|x| Some(*x)).collect::<Vec<_>>()).1;
            let along: Vec<Option<Big>> = along.iter().map(|x| Some(Big::lit(*x))).collect();
            let exact = forward(whole, &big(&operands), &along).1;
            let exact: Vec<f64> = exact.iter().map(|x| x.map_or(0.0, Big::to_f64)).collect();
            let found: Vec<f64> = found.iter().map(|x| x.unwrap_or(0.0)).collect();
            let error = distance(exact.len(), &found, &exact) / norm(exact.len(), &exact);
            assert!(error <= 4.0 * n as f64 * f64::EPSILON * condition, "{whole}: {error} {condition}");
        }
    }
}

/// The determinant is affine in each element.
#[test]
fn second_derivatives_of_determinants_are_exact_up_to_four_rows_singular_or_not() {
    let mut random = Random::new(13);
    let sizes = (2..=4usize).flat_map(|n| (0..=n).map(move |rank| (n, rank)));
    for (n, rank) in sizes {
        let a = random.whole(n, rank);
        let unit = |at: usize| (0..n * n).map(|i| (i == at).then_some(1.0)).collect::<Vec<Option<f64>>>();
        for (one, other) in (0..n * n).flat_map(|one| (0..n * n).map(move |other| (one, other))) {
            let det = |x: i128, y: i128| {
                let mut a: Vec<i128> = a.iter().map(|x| *x as i128).collect();
                a[one] += x;
                a[other] += y;
                exact::det(n, &a)
            };
            let expected = if one == other { 0 } else { det(1, 1) - det(1, 0) - det(0, 1) + det(0, 0) };
            let found = second(Whole::Det(n as u32), &a, &unit(one), &unit(other));
            assert_eq!(found, [expected as f64], "{n}, rank {rank}: {a:?} by {one} and {other}");
        }
    }
}

/// `det 2: 1 2 3 4 by 1 _ _ 0`: the tangents, `_` for those that are not there.
fn outcome(text: &str) -> String {
    let mut given = String::new();
    for line in text.lines() {
        let (whole, rest) = line.split_once(':').unwrap();
        let (operands, along) = rest.split_once("by").unwrap();
        let operands: Vec<f64> = operands.split_whitespace().map(|x| x.parse().unwrap()).collect();
        let along: Vec<Option<f64>> = along.split_whitespace().map(|x| x.parse().ok()).collect();
        let whole = Whole::parse(whole).unwrap();
        assert_eq!([operands.len(), along.len()], [whole.operands(); 2], "{line}");
        let (_, tangents) = forward(whole, &operands, &along);
        let tangents: Vec<String> = tangents.iter().map(|x| x.map_or("_".into(), number_text)).collect();
        writeln!(given, "{}", tangents.join(" ")).unwrap();
    }
    given
}

#[test]
fn tangents() {
    golden::check("whole/tangents.txt", outcome);
}
