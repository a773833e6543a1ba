//! The oracle: a tape as the evaluator keeps it, with two operands an entry, and the sweep back along it.

use scheme_core::{
    prim::{
        Numeric, Operand, Scalar, Whole,
        whole::{Rule, tangents},
    },
    real::Real,
    trace::{Record, Slot, Step},
};
use std::convert::Infallible;

/// Operands, of which 0 is none, and partials.
#[derive(Clone, Copy)]
struct Entry<A> {
    operands: [usize; 2],
    partials: [A; 2],
}

/// The results of a record, products written out, at a point and the gradient of one of them, whatever guards say.
pub(crate) fn value_and_grad<A: Real<Mask = bool>>(
    record: &Record,
    x: &[A],
    result: usize,
    wrt: &[usize],
) -> Vec<A> {
    let record = record.without_products();
    let mut entries = vec![Entry { operands: [0; 2], partials: [A::lit(0.0); 2] }; wrt.len() + 1];
    let mut numbers: Vec<(A, usize)> = x.iter().map(|x| (*x, 0)).collect();
    wrt.iter().zip(1..).for_each(|(input, entry)| numbers[*input].1 = entry);
    let read = |numbers: &[(A, usize)], slot: Slot| match record.constant_at(slot) {
        Some(x) => (A::lit(x), 0),
        None => numbers[slot.index()],
    };
    for step in record.steps() {
        let (Step::Operation(operation) | Step::Whole(_, operation)) = step;
        let operands: Vec<(A, usize)> = operation.operands.iter().map(|slot| read(&numbers, *slot)).collect();
        match step {
            Step::Operation(_) => numbers.push(apply(&mut entries, operation.row, &operands)),
            Step::Whole(whole, _) => numbers.extend(apply_whole(&mut entries, whole, &operands)),
        }
    }
    let results = record.results().iter().map(|slot| read(&numbers, *slot));
    let (mut all, of): (Vec<A>, Vec<usize>) = results.unzip();
    let sums = backward(&entries, of[result]);
    all.extend(wrt.iter().zip(1..).map(|(_, entry)| sums[entry].unwrap_or(A::lit(0.0))));
    all
}

/// What a row gives, and its entry.
fn apply<A: Real<Mask = bool>>(
    entries: &mut Vec<Entry<A>>,
    row: Numeric,
    operands: &[(A, usize)],
) -> (A, usize) {
    let types = row.row().operands;
    let operand = |(i, (x, _)): (usize, &(A, usize))| match types.get(i) {
        Some(Scalar::Bool) => Operand::Bool(x.primal() != 0.0),
        _ => Operand::Real(*x),
    };
    let typed: Vec<Operand<A>> = operands.iter().enumerate().map(operand).collect();
    let y = match row.apply(&typed) {
        Some(Operand::Real(y)) => y,
        Some(Operand::Bool(b)) => return (A::lit(f64::from(b)), 0),
        None => panic!("{row:?} has other operands"),
    };
    let passing: Vec<(usize, A)> = if row == Numeric::Select {
        let taken = if operands[0].0.primal() != 0.0 { 1 } else { 2 };
        vec![(operands[taken].1, A::lit(1.0))]
    } else {
        let x: Vec<A> = operands.iter().map(|(x, _)| *x).collect();
        let zeros = row.declared_zeros();
        let partials = row.partials(&x, y).into_iter().enumerate();
        partials.filter(|(i, _)| zeros.get(*i) != Some(&true)).map(|(i, p)| (operands[i].1, p)).collect()
    };
    (y, sum(entries, passing))
}

/// The entry of a sum of others times numbers, of which those that are 0 are none.
fn sum<A: Real>(entries: &mut Vec<Entry<A>>, terms: Vec<(usize, A)>) -> usize {
    let (mut sum, mut used) = (0, 0);
    let mut entry = Entry { operands: [0; 2], partials: [A::lit(0.0); 2] };
    for (operand, partial) in terms.into_iter().filter(|(operand, _)| *operand != 0) {
        if used == 2 {
            entries.push(entry);
            entry = Entry { operands: [entries.len() - 1, 0], partials: [A::lit(1.0), A::lit(0.0)] };
            used = 1;
        }
        (entry.operands[used], entry.partials[used]) = (operand, partial);
        used += 1;
    }
    if used > 0 {
        entries.push(entry);
        sum = entries.len() - 1;
    }
    sum
}

/// What an operation on matrices gives, and the entries of its rule.
fn apply_whole<A: Real<Mask = bool>>(
    entries: &mut Vec<Entry<A>>,
    whole: Whole,
    operands: &[(A, usize)],
) -> Vec<(A, usize)> {
    let x: Vec<A> = operands.iter().map(|(x, _)| *x).collect();
    let given: Vec<Option<usize>> =
        operands.iter().map(|(_, entry)| Some(*entry).filter(|n| *n > 0)).collect();
    let y = whole.on(&x);
    let Ok(moves) = tangents(whole, &x, &y, &given, &mut Tape(entries));
    let one = A::lit(1.0);
    let moves: Vec<usize> =
        moves.into_iter().map(|entry| entry.map_or(0, |entry| sum(entries, vec![(entry, one)]))).collect();
    y.into_iter().zip(moves).collect()
}

/// The tape as the rule sees it: a tangent is an entry.
struct Tape<'t, A>(&'t mut Vec<Entry<A>>);

impl<A: Real<Mask = bool>> Rule for Tape<'_, A> {
    type Number = A;
    type Tangent = usize;
    type Error = Infallible;

    fn literal(&mut self, x: f64) -> A {
        A::lit(x)
    }

    fn row(&mut self, row: Numeric, operands: &[A]) -> Result<A, Infallible> {
        Ok(row.on(operands))
    }

    fn whole(&mut self, whole: Whole, operands: &[A]) -> Result<Vec<A>, Infallible> {
        Ok(whole.on(operands))
    }

    fn sum(&mut self, a: &usize, b: &usize) -> Result<usize, Infallible> {
        let one = A::lit(1.0);
        Ok(sum(self.0, vec![(*a, one), (*b, one)]))
    }

    fn scaled(&mut self, by: &A, tangent: &usize) -> Result<usize, Infallible> {
        Ok(sum(self.0, vec![(*tangent, *by)]))
    }

    fn terms<'t>(
        &mut self,
        terms: impl Iterator<Item = (&'t A, &'t usize)>,
    ) -> Result<Option<usize>, Infallible>
    where
        A: 't,
    {
        let entry = sum(self.0, terms.map(|(by, tangent)| (*tangent, *by)).collect());
        Ok((entry > 0).then_some(entry))
    }
}

fn backward<A: Real>(entries: &[Entry<A>], of: usize) -> Vec<Option<A>> {
    let mut sums = vec![None; entries.len()];
    sums[of] = Some(A::lit(1.0));
    for n in (1..entries.len()).rev() {
        let (Some(cotangent), Entry { operands, partials }) = (sums[n], entries[n]) else { continue };
        for (operand, partial) in operands.into_iter().zip(partials).filter(|(operand, _)| *operand != 0) {
            let share = cotangent * partial;
            sums[operand] = Some(sums[operand].map_or(share, |sum: A| sum + share));
        }
    }
    sums
}
