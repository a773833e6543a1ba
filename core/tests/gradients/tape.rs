//! The oracle: a tape as the evaluator keeps it, with two operands an entry, and the sweep back along it.

use scheme_core::{
    prim::{Numeric, Operand, Scalar},
    real::Real,
    trace::{Slot, Trace},
};

/// Operands, of which 0 is none, and partials.
#[derive(Clone, Copy)]
struct Entry<A> {
    operands: [usize; 2],
    partials: [A; 2],
}

/// The results of a trace at a point and the gradient of one of them, whatever guards say.
pub(crate) fn value_and_grad<A: Real<Mask = bool>>(
    trace: &Trace,
    x: &[A],
    result: usize,
    wrt: &[usize],
) -> Vec<A> {
    let mut entries = vec![Entry { operands: [0; 2], partials: [A::lit(0.0); 2] }; wrt.len() + 1];
    let mut numbers: Vec<(A, usize)> = x.iter().map(|x| (*x, 0)).collect();
    wrt.iter().zip(1..).for_each(|(input, entry)| numbers[*input].1 = entry);
    let read = |numbers: &[(A, usize)], slot: Slot| match trace.constant_at(slot) {
        Some(x) => (A::lit(x), 0),
        None => numbers[slot.index()],
    };
    for operation in trace.operations() {
        let operands: Vec<(A, usize)> = operation.operands.iter().map(|slot| read(&numbers, *slot)).collect();
        let number = apply(&mut entries, operation.row, &operands);
        numbers.push(number);
    }
    let results = trace.results().iter().map(|slot| read(&numbers, *slot));
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
    let (mut sum, mut used) = (0, 0);
    let mut entry = Entry { operands: [0; 2], partials: [A::lit(0.0); 2] };
    for (operand, partial) in passing.into_iter().filter(|(operand, _)| *operand != 0) {
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
    (y, sum)
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
