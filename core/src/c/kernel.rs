//! Kernels: a record over rows as a function of C.

use super::{
    Precision,
    term::{Kind, Term, Writer},
};
use crate::{
    math::library::library,
    prim::{Operand, Scalar},
    real::{Mask, Real},
    trace::{Must, Operation, Record, Slot, Step},
};

/// Kernels that add columns up over rows, in double precision and in the tree of sums over rows: rows in leaves of 1024, of which
/// each is 8 sums, then neighbouring leaves in pairs.
///
/// `sums_abreast(rows, columns, x, sums)` and for single precision `sums_abreast_single` leave 8 sums for each leaf of each
/// column, `sums_leaves(leaves, columns, sums, out)` the leaves; `sums_pairs(leaves, columns, x, out)` one for two of
/// them, the last for itself where their number is odd.
pub const SUMS: &str = include_str!("sums.c");

/// The text of kernels by their names, with all that they call, for a compiler of CUDA C++ or C.
///
/// Each is a function `void NAME(ROWS rows, const NUMBER *const *in, const ROWS *stride, NUMBER *out, unsigned char *broken)`
/// of device memory, where `ROWS` is a 64-bit integer and `NUMBER` a `double` or a `float`: input `i` of a row is
/// `in[i][row * stride[i]]`, so that a stride of 0 is for an input that is the same in all; result `k` goes to
/// `out[k * rows + row]`, a truth value as 1 or 0. `broken[row]` is 1 where a guard does not hold, and the row's results are 0
/// then; else it is 0.
pub fn source(kernels: &[(&str, &Record)], precision: Precision) -> String {
    let write = |(name, record): &(&str, &Record)| match precision {
        Precision::Double => {
            let writer = Writer::default();
            let end = rows::<f64>(record, &writer);
            kernel::<f64>(name, writer.lines(), end)
        }
        Precision::Single => {
            let writer = Writer::default();
            let end = rows::<f32>(record, &writer);
            kernel::<f32>(name, writer.lines(), end)
        }
    };
    let text: Vec<String> = kernels.iter().map(write).collect();
    let text = text.join("\n");
    library(&text, precision) + &text
}

fn kernel<K: Kind>(name: &str, mut lines: Vec<String>, end: Vec<String>) -> String {
    lines.extend(end);
    let of = K::NAME;
    format!(
        "KERNEL void {name}(ROWS rows, const {of} *const *in, const ROWS *stride, {of} *out, unsigned char *broken)\n\
         {{\n  for (ROWS row = FIRST; row < rows; row += STEP) {{\n    {}\n  }}\n}}\n",
        lines.join("\n    ")
    )
}

/// What a slot holds.
#[derive(Clone, Copy)]
enum Held<'w, K> {
    Number(Term<'w, K>),
    Truth(Term<'w, bool>),
}

impl<'w, K: Kind> Held<'w, K>
where
    Term<'w, K>: Real<Mask = Term<'w, bool>>,
{
    fn number(self) -> Term<'w, K> {
        match self {
            Self::Number(x) => x,
            Self::Truth(b) => Term::indicator(b),
        }
    }

    fn truth(self) -> Term<'w, bool> {
        match self {
            Self::Number(x) => x.is_zero().not(),
            Self::Truth(b) => b,
        }
    }
}

/// Writes what is done in a row; gives what stands at its end.
fn rows<'w, K: Kind>(record: &Record, writer: &'w Writer) -> Vec<String>
where
    Term<'w, K>: Real<Mask = Term<'w, bool>>,
{
    let input = |i| Held::Number(writer.define(format!("in[{i}][row * stride[{i}]]")));
    let mut held: Vec<Held<'w, K>> = (0..record.inputs()).map(input).collect();
    let read = |held: &[Held<'w, K>], slot: Slot| match record.constant_at(slot) {
        Some(x) => Held::Number(Term::lit(x)),
        None => held[slot.index()],
    };
    for step in record.steps() {
        match step {
            Step::Operation(Operation { row, operands, .. }) => {
                let types = row.row().operands;
                let operand = |(i, slot): (usize, &Slot)| match (types.get(i), read(&held, *slot)) {
                    (Some(Scalar::Bool), held) => Operand::Bool(held.truth()),
                    (_, held) => Operand::Real(held.number()),
                };
                let operands: Vec<_> = operands.iter().enumerate().map(operand).collect();
                held.push(match row.apply(&operands) {
                    Some(Operand::Real(y)) => Held::Number(y),
                    Some(Operand::Bool(b)) => Held::Truth(b),
                    None => Held::Number(Term::lit(f64::NAN)),
                });
            }
            Step::Whole(whole, Operation { operands, .. }) => {
                let operands: Vec<_> = operands.iter().map(|slot| read(&held, *slot).number()).collect();
                held.extend(whole.on(&operands).into_iter().map(Held::Number));
            }
        }
    }
    let holds = |must: Must, held: Held<'w, K>| match must {
        Must::Be(truth) => {
            if truth {
                held.truth()
            } else {
                held.truth().not()
            }
        }
        Must::Equal(bits) if bits.number().is_nan() => held.number().is_nan(),
        Must::Equal(bits) => {
            let (x, bits) = (held.number(), bits.number().to_bits());
            let compare = |x: String| format!("sg_bits((double){x}) == {}", bits.literal());
            match x.known() {
                Some(_) => Term::Literal(x.primal().to_bits() == bits),
                None => writer.define(compare(x.text())),
            }
        }
    };
    let all = record.guards().iter().map(|guard| holds(guard.must, read(&held, guard.slot)));
    let broken = all.reduce(Mask::and).map_or(Term::Literal(false), Mask::not);
    let results = record.results().iter().enumerate().map(|(k, slot)| {
        let result = Term::select(broken, Term::lit(0.0), read(&held, *slot).number());
        format!("out[{k} * rows + row] = {};", result.text())
    });
    results.chain([format!("broken[row] = {};", broken.text())]).collect()
}
