//! Values in tables: small matrices against exact ones, and the bits of large ones.

use crate::{golden, matrix::Random};
use scheme_core::{prim::Whole, reader::number_text, real::Real};
use std::fmt::Write as _;

/// `det 2: 1 2 3 4`, line by line.
fn outcome(text: &str) -> String {
    let mut given = String::new();
    for line in text.lines() {
        let (whole, operands) = line.split_once(':').unwrap();
        let whole = Whole::parse(whole).unwrap();
        let operands: Vec<f64> = operands.split_whitespace().map(|x| x.parse().unwrap()).collect();
        assert_eq!(operands.len(), whole.operands(), "{line}");
        let mut results = vec![0.0; whole.results()];
        whole.apply(&operands, &mut results);
        let results: Vec<String> = results.iter().map(|x| number_text(*x)).collect();
        writeln!(given, "{}", results.join(" ")).unwrap();
    }
    given
}

#[test]
fn values() {
    golden::check("whole/values.txt", outcome);
}

/// FNV-1a.
fn digest(bits: impl Iterator<Item = u64>) -> u64 {
    bits.fold(0xcbf2_9ce4_8422_2325, |hash, bits| (hash ^ bits).wrapping_mul(0x0000_0100_0000_01b3))
}

fn results<A: Real<Mask = bool>>(whole: Whole, operands: &[f64]) -> Vec<A> {
    let operands: Vec<A> = operands.iter().map(|x| A::lit(*x)).collect();
    let mut results = vec![A::lit(0.0); whole.results()];
    whole.apply(&operands, &mut results);
    results
}

/// The bits of an operation on a matrix of random elements whose diagonal is made larger, in both precisions.
fn bits(text: &str) -> String {
    let mut given = String::new();
    for line in text.lines() {
        let whole = Whole::parse(line).unwrap();
        let mut random = Random::new(9);
        let mut operands = random.matrix(1, whole.operands());
        let (n, _) = whole.takes().next().unwrap();
        for i in 0..n as usize {
            for j in 0..i {
                operands[j * n as usize + i] = operands[i * n as usize + j];
            }
            operands[i * (n as usize + 1)] += 4.0;
        }
        let double = digest(results::<f64>(whole, &operands).iter().map(|x| x.to_bits()));
        let single = digest(results::<f32>(whole, &operands).iter().map(|x| u64::from(x.to_bits())));
        writeln!(given, "{double:016x} {single:016x}").unwrap();
    }
    given
}

#[test]
fn the_bits_are_the_same_on_every_machine() {
    golden::check("whole/bits.txt", bits);
}
