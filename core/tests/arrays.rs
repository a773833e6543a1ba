//! Array rows and broadcasts on plain numbers: each file of `arrays` is expressions and their values.

mod golden;

use scheme_core::{
    datum::{Bracket, Datum, Kind},
    prim::{
        Numeric, Operand, Prim, Whole,
        arrays::{self, Elements, Misfit, Shaped},
        calls::{self, Rows},
    },
    reader,
};

/// Plain numbers, as elements and as operands.
struct Plain;

impl Elements for Plain {
    type Number = f64;
    type Error = String;

    fn literal(&mut self, x: f64) -> f64 {
        x
    }

    fn apply(&mut self, row: Numeric, operands: &[f64]) -> Result<f64, String> {
        let operands: Vec<Operand<f64>> = operands.iter().copied().map(Operand::Real).collect();
        match row.apply(&operands) {
            Some(Operand::Real(x)) => Ok(x),
            _ => Err(format!("no number: {row:?}")),
        }
    }

    fn whole(&mut self, whole: Whole, operands: &[f64]) -> Result<Vec<f64>, String> {
        let mut results = vec![0.0; whole.results()];
        whole.apply(operands, &mut results);
        Ok(results)
    }

    fn known(&mut self, _: usize, number: &f64) -> Result<f64, String> {
        Ok(*number)
    }

    fn reserve(&mut self, items: usize, operations: usize) -> Result<(), String> {
        if items.max(operations) > 1000 {
            Err(format!("{items} items, {operations} operations"))
        } else {
            Ok(())
        }
    }

    fn misfit(&mut self, misfit: Misfit) -> String {
        let hint = misfit.hint.map(|hint| format!("\n    {hint}")).unwrap_or_default();
        format!("{} {}{hint}", misfit.code.as_str(), misfit.message)
    }
}

impl Rows for Plain {
    type Value = Shaped<f64>;
    type Error = String;

    fn literal(&mut self, x: f64) -> Shaped<f64> {
        x.into()
    }

    fn truth(&mut self, b: bool) -> Shaped<f64> {
        f64::from(u8::from(b)).into()
    }

    fn operand(&mut self, row: Numeric, _: usize, value: &Shaped<f64>) -> Result<Shaped<f64>, String> {
        match value {
            Shaped::Number(_) => Ok(value.clone()),
            _ if calls::broadcasts(row) => Ok(value.clone()),
            _ => {
                Err(format!("`{}` takes numbers, but was given {}", Prim::Numeric(row).name(), value.shape()))
            }
        }
    }

    fn apply(&mut self, row: Numeric, operands: &[Shaped<f64>]) -> Result<Shaped<f64>, String> {
        arrays::broadcast(row, operands, self)
    }

    fn wrong_arity(&mut self, row: Numeric, found: usize) -> String {
        format!("{} of {found}", Prim::Numeric(row).name())
    }
}

fn value(datum: &Datum) -> Result<Shaped<f64>, String> {
    let (prim, operands) = match &datum.kind {
        Kind::Number(x) => return Ok((*x).into()),
        Kind::List { items, bracket: Bracket::Square, .. } => (Prim::find("vec"), &items[..]),
        Kind::List { items, .. } => (items[0].symbol().and_then(Prim::find), &items[1..]),
        _ => (None, &[][..]),
    };
    let operands = operands.iter().map(value).collect::<Result<Vec<_>, _>>()?;
    match prim {
        Some(Prim::Array(row)) => arrays::call(row, &operands, &mut Plain),
        Some(Prim::Numeric(row)) => calls::call(&mut Plain, row, &operands),
        _ => Err(format!("no expression of numbers: {:?}", datum.kind)),
    }
}

fn outcome(text: &str) -> String {
    let (data, findings) = reader::read(text);
    assert!(findings.is_empty(), "{text}: {findings:?}");
    let line = |datum: &Datum| value(datum).map_or_else(|error| error, |value| value.to_string()) + "\n";
    data.iter().map(line).collect()
}

#[test]
fn values() {
    golden::check("arrays/values.txt", outcome);
}

#[test]
fn misfits() {
    golden::check("arrays/misfits.txt", outcome);
}
