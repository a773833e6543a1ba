//! From calls to rows: what a call with any number of arguments applies, and to what.
//!
//! Programs say `(+ a b c)` or `(< a b c)`; rows take as many operands as they have. How the first
//! becomes the second is decided here, once, for every way of running: the machine computes at each
//! application, the lowering to graphs adds a node. Both implement [`Rows`].
//!
//! Where a row [`broadcasts`], operands may be numeric vectors and matrices, and an application is one
//! element by element ([`arrays::broadcast`](super::arrays::broadcast)); folds are the same.
//!
//! Operands are checked before anything is applied, left to right. This module knows neither
//! values nor errors; arity and types are reported by the implementor.

use super::{Calls, Numeric, Scalar};

/// What applies rows: a machine on numbers, a builder of graphs.
pub trait Rows {
    /// An argument or result.
    type Value: Clone;
    /// What is wrong with a call.
    type Error;

    /// A constant.
    fn literal(&mut self, x: f64) -> Self::Value;

    /// A truth value known beforehand.
    fn truth(&mut self, b: bool) -> Self::Value;

    /// Argument `index` as an operand of type `Real` of `row`. A truth value counts as 1 or 0 where
    /// [`counts_truth`] says so, an array is itself where the row [`broadcasts`]; both are type errors
    /// elsewhere, as every other value is.
    fn operand(
        &mut self,
        row: Numeric,
        index: usize,
        value: &Self::Value,
    ) -> Result<Self::Value, Self::Error>;

    /// Applies the row itself, once, to operands of its types or, if it [`broadcasts`], element by
    /// element to arrays.
    fn apply(&mut self, row: Numeric, operands: &[Self::Value]) -> Result<Self::Value, Self::Error>;

    /// The error for a call of `row` with a number of arguments that its arity does not accept.
    fn wrong_arity(&mut self, row: Numeric, found: usize) -> Self::Error;
}

/// Whether a truth value counts as 1 or 0 among the row's operands: in arithmetic, not in comparisons.
pub fn counts_truth(row: Numeric) -> bool {
    row.row().result == Scalar::Real
}

/// Whether the row takes arrays element by element: arithmetic does, comparisons do not.
pub fn broadcasts(row: Numeric) -> bool {
    row.row().result == Scalar::Real
}

/// The row that a call of `row` with `n` arguments applies once to all of them; `None` where the
/// call is no such application.
pub fn direct(row: Numeric, n: usize) -> Option<Numeric> {
    match (row.row().calls, n) {
        (Calls::Exact, n) => (n == row.row().operands.len()).then_some(row),
        (Calls::Fold { .. } | Calls::FoldOr(_) | Calls::Chain, 2) | (Calls::OrBinary(_), 1) => Some(row),
        (Calls::FoldOr(other), 1) | (Calls::OrBinary(other), 2) => Some(other),
        (Calls::All, 1..) => Some(row),
        _ => None,
    }
}

/// The call of `row` with any number of arguments.
pub fn call<R: Rows>(rows: &mut R, row: Numeric, arguments: &[R::Value]) -> Result<R::Value, R::Error> {
    let calls = row.row().calls;
    if !calls.arity(row.row().operands.len()).accepts(arguments.len()) {
        return Err(rows.wrong_arity(row, arguments.len()));
    }
    let mut operands = Vec::with_capacity(arguments.len());
    for (i, argument) in arguments.iter().enumerate() {
        operands.push(rows.operand(row, i, argument)?);
    }
    if let Some(row) = direct(row, operands.len()) {
        return rows.apply(row, &operands);
    }
    match (calls, operands.as_slice()) {
        (Calls::Fold { unit }, []) => Ok(rows.literal(unit)),
        (Calls::Fold { .. } | Calls::FoldOr(_), [first, rest @ ..]) => {
            let mut sum = first.clone();
            for operand in rest {
                sum = rows.apply(row, &[sum, operand.clone()])?;
            }
            Ok(sum)
        }
        (Calls::Chain, operands) => {
            let mut all = None;
            for pair in operands.windows(2) {
                let holds = rows.apply(row, pair)?;
                all = Some(match all {
                    None => holds,
                    Some(all) => rows.apply(Numeric::And, &[all, holds])?,
                });
            }
            Ok(all.unwrap_or_else(|| rows.truth(true)))
        }
        (Calls::Exact | Calls::FoldOr(_) | Calls::All | Calls::OrBinary(_), _) => {
            Err(rows.wrong_arity(row, arguments.len()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes down what is applied.
    struct Text;

    impl Rows for Text {
        type Value = String;
        type Error = String;

        fn literal(&mut self, x: f64) -> String {
            x.to_string()
        }

        fn truth(&mut self, b: bool) -> String {
            b.to_string()
        }

        fn operand(&mut self, row: Numeric, _: usize, value: &String) -> Result<String, String> {
            match value.as_str() {
                "#t" if counts_truth(row) => Ok("1".to_string()),
                "#t" | "a" => Err(format!("type {value}")),
                _ => Ok(value.clone()),
            }
        }

        fn apply(&mut self, row: Numeric, operands: &[String]) -> Result<String, String> {
            Ok(format!("{}({})", row.row().ident, operands.join(" ")))
        }

        fn wrong_arity(&mut self, row: Numeric, found: usize) -> String {
            format!("arity {} {found}", row.row().ident)
        }
    }

    #[track_caller]
    fn check(row: Numeric, arguments: &str, expect: &str) {
        let arguments: Vec<String> = arguments.split_whitespace().map(str::to_string).collect();
        let found = call(&mut Text, row, &arguments).unwrap_or_else(|e| e);
        assert_eq!(found, expect);
    }

    #[test]
    fn calls_become_rows() {
        check(Numeric::Add, "", "0");
        check(Numeric::Mul, "", "1");
        check(Numeric::Add, "x", "x");
        check(Numeric::Add, "#t", "1");
        check(Numeric::Add, "x y", "add(x y)");
        check(Numeric::Add, "x y z", "add(add(x y) z)");
        check(Numeric::Sub, "x", "neg(x)");
        check(Numeric::Div, "x", "recip(x)");
        check(Numeric::Div, "x y z", "div(div(x y) z)");
        check(Numeric::Less, "x", "true");
        check(Numeric::Less, "x y", "less(x y)");
        check(Numeric::Less, "x y z w", "and(and(less(x y) less(y z)) less(z w))");
        check(Numeric::Min, "x y z", "min(x y z)");
        check(Numeric::Log, "x", "log(x)");
        check(Numeric::Log, "x y", "log_base(x y)");
        check(Numeric::Sin, "x", "sin(x)");
    }

    #[test]
    fn errors_come_first() {
        check(Numeric::Sub, "", "arity sub 0");
        check(Numeric::Sin, "x y", "arity sin 2");
        check(Numeric::Log, "x y z", "arity log 3");
        check(Numeric::Less, "", "arity less 0");
        check(Numeric::Less, "x #t", "type #t");
        check(Numeric::Less, "a", "type a");
        check(Numeric::Add, "x a y", "type a");
    }
}
