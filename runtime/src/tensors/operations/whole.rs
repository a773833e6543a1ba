//! Operations on whole matrices: dfdx factorises none, so that all pass through the host, row after row of the batch.
//!
//! Values are those of core's routines, to the bit. Derivatives are the table's rule, written down in each row at its
//! numbers and gone through backward as on the evaluator's tape: a cotangent goes only where it is reached.

use super::{
    reached::{Reach, Reached},
    recorder::{Recorder, elements},
    value::{Made, Rows, Value},
};
use crate::{
    tensors::{
        Backend,
        backend::{Slot, slot},
    },
    vmap::Element,
};
use dfdx::{
    shapes::Dtype,
    tensor::{Gradients, Tape, TensorFromVec},
};
use scheme_core::prim::{Whole, whole::Written};
use std::rc::Rc;

impl<E: Element + Dtype, D: Backend<E>> Recorder<E, D> {
    /// The elements of what an operation on matrices gives, from those of its operands.
    pub(super) fn whole(&mut self, whole: Whole, operands: &[Value<E, D>]) -> Made<Vec<Value<E, D>>, D> {
        let numbers: Option<Vec<E>> = operands.iter().map(Value::number).collect();
        if let Some(numbers) = numbers {
            return Ok(value(whole, &numbers).into_iter().map(Value::Number).collect());
        }
        let rows = operands.iter().map(Value::len).max().unwrap_or(1);
        let given = Columns(operands.iter().map(elements).collect());
        let mut results = vec![Vec::with_capacity(rows); whole.results()];
        for row in 0..rows {
            let of_row = value(whole, &given.row(row));
            results.iter_mut().zip(of_row).for_each(|(column, y)| column.push(y));
        }
        let tensor =
            |column: &Vec<E>| TensorFromVec::<E>::try_tensor_from_vec(&self.device, column.clone(), (rows,));
        let tensors = results.iter().map(tensor).collect::<Result<Vec<_>, _>>()?;
        let learning: Vec<Option<Learning<E, D>>> = operands.iter().map(Learning::of).collect();
        let Some(tape) = self.tape.as_mut().filter(|_| learning.iter().any(Option::is_some)) else {
            return Ok(tensors.into_iter().map(|tensor| Value::new(tensor, None)).collect());
        };
        let slots: Vec<Slot<E, D>> = tensors.iter().map(slot).collect();
        let reaches: Vec<Reach> = tensors.iter().map(|_| Reach::new(rows)).collect();
        let back =
            Back { whole, rows, given, results: Columns(results), learning, slots, reaches: reaches.clone() };
        let device = self.device.clone();
        tape.add_backward_op(move |gradients| back.pull(gradients, &device));
        Ok(tensors.into_iter().zip(reaches).map(|(tensor, reach)| Value::new(tensor, Some(reach))).collect())
    }
}

/// What an operation gives in a row. Of each it is said that it runs on the host: a new one does not compile until it is.
fn value<E: Element>(whole: Whole, operands: &[E]) -> Vec<E> {
    match whole {
        Whole::Product { .. }
        | Whole::Det(_)
        | Whole::Logdet(_)
        | Whole::Cofactors(_)
        | Whole::Inv(_)
        | Whole::Solve { .. }
        | Whole::Cholesky(_) => whole.on(operands),
    }
}

/// Numbers on the host: of each value its elements, one for each row or one for all.
struct Columns<E>(Vec<Vec<E>>);

impl<E: Element> Columns<E> {
    fn row(&self, row: usize) -> Vec<E> {
        let at = |column: &Vec<E>| *column.get(row).or(column.first()).unwrap_or(&E::lit(f64::NAN));
        self.0.iter().map(at).collect()
    }
}

/// An operand that a gradient goes to.
struct Learning<E: Element + Dtype, D: Backend<E>> {
    operand: Rc<Rows<E, D>>,
    reach: Reach,
}

impl<E: Element + Dtype, D: Backend<E>> Learning<E, D> {
    fn of(value: &Value<E, D>) -> Option<Self> {
        let Value::Rows(operand) = value else { return None };
        Some(Self { operand: operand.clone(), reach: operand.reach.clone()? })
    }
}

/// What the backward pass needs.
struct Back<E: Element + Dtype, D: Backend<E>> {
    whole: Whole,
    rows: usize,
    given: Columns<E>,
    results: Columns<E>,
    learning: Vec<Option<Learning<E, D>>>,
    slots: Vec<Slot<E, D>>,
    reaches: Vec<Reach>,
}

impl<E: Element + Dtype, D: Backend<E>> Back<E, D> {
    fn pull(&self, gradients: &mut Gradients<E, D>, device: &D) -> Made<(), D> {
        let reached: Vec<Reached> = self.reaches.iter().map(Reach::rows).collect();
        if reached.iter().all(|reached| matches!(reached, Reached::Nowhere)) {
            return Ok(());
        }
        let cotangents = self.slots.iter().map(|slot| device.gradient_to_host(slot(gradients)?));
        let cotangents = Columns(cotangents.collect::<Result<_, _>>()?);
        // What each operand gets, and in which rows; of one that is the same in every row the sum.
        let mut shares: Vec<Vec<Option<f64>>> =
            self.given.0.iter().map(|column| vec![None; column.len()]).collect();
        for row in 0..self.rows {
            let seeds = reached.iter().zip(cotangents.row(row));
            let seeds: Vec<Option<E>> = seeds.map(|(reached, ct)| reached.holds(row).then_some(ct)).collect();
            if seeds.iter().all(Option::is_none) {
                continue;
            }
            let passes = self.learning.iter().map(Option::is_some);
            let rule = Written::of(self.whole, &self.given.row(row), &self.results.row(row), passes);
            rule.backward(rule.seeded(seeds.into_iter()), |i, share| {
                let column = &mut shares[i];
                let at = if column.len() == 1 { 0 } else { row };
                column[at] = Some(column[at].unwrap_or(0.0) + share.into());
            });
        }
        for (learning, shares) in self.learning.iter().zip(shares) {
            let Some(Learning { operand, reach }) = learning else { continue };
            let numbers: Vec<E> = shares.iter().map(|share| E::lit(share.unwrap_or(0.0))).collect();
            reach.add(shares.iter().map(Option::is_some).collect());
            device.add_from_host(gradients.get_or_alloc_mut(&operand.tensor)?, &numbers)?;
        }
        Ok(())
    }
}
