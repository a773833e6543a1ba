//! Numeric rows in a program: one instruction each, or none where their value is known.

use super::{Lowering, expr::Site, stop::Stop, value::Val};
use crate::{
    anf::Atom,
    diag::{Code, Diagnostic},
    prim::{
        Numeric, Prim, Scalar,
        calls::{self, Rows},
    },
};

/// A call of a numeric row.
pub(super) struct Application<'l, 'p> {
    pub(super) lowering: &'l mut Lowering<'p>,
    pub(super) site: Site<'p>,
}

impl<'p> Rows for Application<'_, 'p> {
    type Value = Val<'p>;
    type Error = Stop<'p>;

    fn literal(&mut self, x: f64) -> Val<'p> {
        Val::number(x)
    }

    fn truth(&mut self, b: bool) -> Val<'p> {
        Val::truth(b)
    }

    fn operand(&mut self, row: Numeric, index: usize, value: &Val<'p>) -> Result<Val<'p>, Stop<'p>> {
        let builder = &self.lowering.builder;
        if let Val::Atom(atom) = value {
            match builder.ty(*atom).scalar {
                Scalar::Real => return Ok(Val::Atom(*atom)),
                Scalar::Bool if calls::counts_truth(row) => {
                    return Ok(Val::Atom(builder.row(Numeric::Indicator, &[*atom])));
                }
                Scalar::Bool | Scalar::Record => {}
            }
        }
        if let Val::Array(_) = value
            && calls::broadcasts(row)
        {
            return Ok(value.clone());
        }
        let name = Prim::Numeric(row).name();
        Err(self.lowering.unfit(self.site, name, index, "numbers", value))
    }

    fn apply(&mut self, row: Numeric, operands: &[Val<'p>]) -> Result<Val<'p>, Stop<'p>> {
        if operands.iter().any(|operand| matches!(operand, Val::Array(_))) {
            return self.lowering.broadcast(self.site, row, operands);
        }
        let atoms: Vec<Atom> = operands.iter().map(Val::element).collect();
        if !row.row().total {
            self.integral(row, &atoms)?;
        }
        Ok(Val::Atom(self.lowering.builder.row(row, &atoms)))
    }

    fn wrong_arity(&mut self, row: Numeric, found: usize) -> Stop<'p> {
        let prim = Prim::Numeric(row);
        let message = format!("`{}` takes {}, given {found}", prim.name(), prim.arity());
        self.lowering.wrong(Diagnostic::new(Code::Arity, self.site.head, message))
    }
}

impl<'p> Application<'_, 'p> {
    /// The rows that have no value for some numbers, `even?` and `odd?`, are of integers.
    fn integral(&mut self, row: Numeric, atoms: &[Atom]) -> Result<(), Stop<'p>> {
        for (index, atom) in atoms.iter().enumerate() {
            let message = format!("`{}` takes an integer, not", Prim::Numeric(row).name());
            let is_integer = self.lowering.builder.row(Numeric::IsInteger, &[*atom]);
            self.lowering.require(is_integer, Code::OutOfDomain, message, self.site.arg(index), &[*atom])?;
        }
        Ok(())
    }
}
