//! The elementary functions as C.
//!
//! What is one generic body over lanes is run on terms ([`c`](crate::c)) and so writes itself, constants and tables
//! included. What loops or goes by the number's digits stands in `c/*.c`, in the order of the Rust file of its name, on what is written;
//! operations on whole matrices, in the precision of the text, stand behind them.
//! Parts are separated by empty lines, and one is taken where its name is called.

use super::{
    double::Double,
    erf, explog, gamma, hyperbolic, inverse,
    lane::Lane,
    poly, polygamma, pow, pow_table,
    trig::{self, reduce},
};
use crate::c::{Kind, Precision, Term, WHOLE, statements};
use std::sync::LazyLock;

/// What every text begins with.
const HEADER: &str = include_str!("c/header.c");

/// By hand, each after what it calls.
const LOOPS: [&str; 3] =
    [include_str!("c/reduce.c"), include_str!("c/gamma.c"), include_str!("c/polygamma.c")];

/// The tables that lanes look numbers up in.
const TABLES: [(&str, &[f64]); 3] =
    [("inverse", &pow_table::INVERSE), ("log_high", &pow_table::LOG_HIGH), ("log_low", &pow_table::LOG_LOW)];

/// The name of a table in C.
pub(crate) fn table_name(table: &[f64]) -> &'static str {
    TABLES.iter().find(|(_, known)| *known == table).map_or("table_that_is_not_listed", |(name, _)| name)
}

type Number<'w> = Term<'w, f64>;

/// A part and its name.
struct Part {
    name: String,
    text: String,
}

static PARTS: LazyLock<Vec<Part>> = LazyLock::new(|| {
    let parts = written();
    let texts = parts.iter().flat_map(|text| text.split("\n\n"));
    let named = texts.filter_map(|text| {
        let (_, name) = text.split_once("sg_")?;
        let end = name.find(|c: char| !c.is_alphanumeric() && c != '_')?;
        Some(Part { name: format!("sg_{}", &name[..end]), text: text.trim().to_string() })
    });
    named.collect()
});

/// The header, and the functions that a text of this precision calls, in the order in which C wants them.
pub(crate) fn library(text: &str, precision: Precision) -> String {
    let calls = |text: &str, name: &str| {
        text.match_indices(name).any(|(at, _)| text[at + name.len()..].starts_with(['(', '[']))
    };
    let mut needed: Vec<&Part> = Vec::new();
    for part in PARTS.iter().rev() {
        if calls(text, &part.name) || needed.iter().any(|other| calls(&other.text, &part.name)) {
            needed.push(part);
        }
    }
    let parts = needed.iter().rev().map(|part| part.text.as_str());
    let number = format!("typedef {} NUMBER;", precision.name());
    let mut all: Vec<&str> = vec![HEADER.trim(), &number];
    all.extend(parts);
    all.join("\n\n") + "\n\n"
}

/// All functions, each after what it calls.
fn written() -> Vec<String> {
    let mut all: Vec<String> =
        TABLES.iter().map(|(name, numbers)| table(&format!("sg_{name}"), numbers)).collect();
    all.push(table("sg_bernoulli", &polygamma::BERNOULLI));
    all.push(table("sg_two_over_pi", &reduce::BITS_OF_TWO_OVER_PI));
    let [reduce_huge, gamma, polygamma] = LOOPS;
    all.extend([
        pair("two_prod", 2, false, &|x| poly::two_prod(x[0], x[1]).into()),
        pair("pi_2", 0, false, &|_| reduce::PI_2.map(Term::Literal)),
        reduce_huge.to_string(),
    ]);
    all.extend([
        number("exp", 1, &|x| explog::exp(x[0])),
        number("expm1", 1, &|x| explog::expm1(x[0])),
        number("log", 1, &|x| explog::log(x[0])),
        number("log1p", 1, &|x| explog::log1p(x[0])),
        number("sigmoid", 1, &|x| explog::sigmoid(x[0])),
        number("softplus", 1, &|x| explog::softplus(x[0])),
        number("sinh", 1, &|x| hyperbolic::sinh(x[0])),
        number("cosh", 1, &|x| hyperbolic::cosh(x[0])),
        number("tanh", 1, &|x| hyperbolic::tanh(x[0])),
        number("pow", 2, &|x| pow::pow(x[0], x[1])),
        number("sin", 1, &|x| trig::sin(x[0])),
        number("cos", 1, &|x| trig::cos(x[0])),
        number("tan", 1, &|x| trig::tan(x[0])),
        number("asin", 1, &|x| inverse::asin(x[0])),
        number("acos", 1, &|x| inverse::acos(x[0])),
        number("atan", 1, &|x| inverse::atan(x[0])),
        number("atan2", 2, &|x| inverse::atan2(x[0], x[1])),
        number("erf", 1, &|x| erf::erf(x[0])),
    ]);
    all.extend([
        pair("sum", 2, false, &|x| parts(Double::sum(x[0], x[1]))),
        pair("neg", 1, true, &|x| parts(-doubled(x, 0))),
        pair("add", 2, true, &|x| parts(doubled(x, 0) + doubled(x, 1))),
        pair("sub", 2, true, &|x| parts(doubled(x, 0) - doubled(x, 1))),
        pair("mul", 2, true, &|x| parts(doubled(x, 0) * doubled(x, 1))),
        pair("div", 2, true, &|x| parts(doubled(x, 0) / doubled(x, 1))),
        pair("double_log", 1, true, &|x| parts(doubled(x, 0).log())),
        pair("near_one", 1, false, &|x| parts(gamma::times(x[0], &gamma::NEAR_ONE))),
        pair("near_two", 1, false, &|x| parts(gamma::times(x[0], &gamma::NEAR_TWO))),
        pair("middle", 1, false, &|x| parts(gamma::middle(x[0]))),
        pair("stirling", 1, false, &|x| parts(gamma::stirling(x[0]))),
        number("reflected", 1, &|x| gamma::reflected(x[0])),
        gamma.to_string(),
        pair("digamma_far", 2, true, &|x| parts(polygamma::digamma_far(doubled(x, 0), doubled(x, 1)))),
        pair("log_factorial", 1, false, &|x| parts(polygamma::log_factorial(x[0]))),
        pair("ln_2", 0, false, &|_| parts(polygamma::LN_2).map(Term::Literal)),
        polygamma.to_string(),
        WHOLE.to_string(),
    ]);
    all
}

/// Number `i` of those in two parts.
fn doubled<'w>(x: &[Number<'w>], i: usize) -> Double<Number<'w>> {
    Double { high: x[2 * i], low: x[2 * i + 1] }
}

fn parts<V: Lane>(double: Double<V>) -> [V; 2] {
    [double.high, double.low]
}

/// A table.
fn table<K: Kind>(name: &str, entries: &[K]) -> String {
    let entries: Vec<String> = entries.iter().map(|x| format!("    {},", x.literal())).collect();
    format!("TABLE {} {name}[{}] = {{\n{}\n}};", K::NAME, entries.len(), entries.join("\n"))
}

/// A function of numbers that gives one.
fn number(name: &str, arguments: usize, f: &dyn for<'w> Fn(&[Number<'w>]) -> Number<'w>) -> String {
    let names: Vec<String> = (0..arguments).map(|i| format!("double v{i}")).collect();
    let body = statements(&|writer| {
        let x: Vec<Number<'_>> = (0..arguments).map(|_| writer.argument()).collect();
        format!("return {};", f(&x).text())
    });
    format!("FUNCTION double sg_{name}({})\n{{\n{}\n}}", names.join(", "), body.join("\n"))
}

/// A function that gives a number in two parts, of numbers or of such.
fn pair(
    name: &str,
    arguments: usize,
    doubled: bool,
    f: &dyn for<'w> Fn(&[Number<'w>]) -> [Number<'w>; 2],
) -> String {
    let (of, each) = if doubled { ("DOUBLE a", 2) } else { ("double v", 1) };
    let names: Vec<String> = (0..arguments).map(|i| format!("{of}{i}")).collect();
    let mut body: Vec<String> = Vec::new();
    if doubled {
        let parts = |i: usize| format!("  double v{} = a{i}.high, v{} = a{i}.low;", 2 * i, 2 * i + 1);
        body.extend((0..arguments).map(parts));
    }
    body.extend(statements(&|writer| {
        let x: Vec<Number<'_>> = (0..each * arguments).map(|_| writer.argument()).collect();
        let [high, low] = f(&x).map(Term::text);
        format!("return sg_double({high}, {low});")
    }));
    let names = if names.is_empty() { "void".to_string() } else { names.join(", ") };
    format!("FUNCTION DOUBLE sg_{name}({names})\n{{\n{}\n}}", body.join("\n"))
}
