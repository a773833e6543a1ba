//! Operations in single precision: each by the table, which costs some nanoseconds an operation and no more code.

use super::{
    code::Op,
    precision::{Partials, Precision, truth},
};
use scheme_core::prim::{Numeric, Operand, Scalar};

impl Precision for f32 {
    #[inline(always)]
    fn read(x: f64) -> Self {
        x as Self
    }

    #[inline(always)]
    fn write(self) -> f64 {
        f64::from(self)
    }

    fn values(row: Numeric, values: &mut [f64], ops: &[Op], at: usize) {
        for (op, at) in ops.iter().zip(at..) {
            values[at] = apply(row, values, *op);
        }
    }

    fn partials(
        row: Numeric,
        passes: u8,
        values: &mut [f64],
        partials: &mut [Partials],
        ops: &[Op],
        at: usize,
    ) {
        let n = arity(row);
        for ((op, partials), at) in ops.iter().zip(partials).zip(at..) {
            values[at] = apply(row, values, *op);
            let x = op.map(|slot| Self::read(values[slot as usize]));
            let mut all = [0.0; 2];
            row.partials_into(&x[..n], Self::read(values[at]), &mut all[..n]);
            for (k, partial) in all.into_iter().enumerate().filter(|(k, _)| passes & (1 << k) != 0) {
                partials[k] = partial.write();
            }
        }
    }

    fn all_are(row: Numeric, must: bool, _: bool, values: &[f64], ops: &[Op]) -> bool {
        ops.iter().all(|op| Self::is_true(apply(row, values, *op)) == must)
    }
}

/// How many operands a row has where there are one or two.
pub(super) fn arity(row: Numeric) -> usize {
    match row {
        Numeric::Min | Numeric::Max => 2,
        row => row.row().operands.len().min(2),
    }
}

fn apply(row: Numeric, values: &[f64], op: Op) -> f64 {
    let bool = row.row().operands.first() == Some(&Scalar::Bool);
    let operands = op
        .map(|slot| values[slot as usize])
        .map(|x| if bool { Operand::Bool(f32::is_true(x)) } else { Operand::Real(f32::read(x)) });
    match row.apply(&operands[..arity(row)]) {
        Some(Operand::Real(y)) => y.write(),
        Some(Operand::Bool(b)) => truth(b),
        None => f64::NAN,
    }
}
