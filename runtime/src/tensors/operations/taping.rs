//! What goes onto dfdx's tape: its operations and our own, with which rows reach their operands.

use super::{
    reached::{Reach, Reached, Waiting, masked},
    recorder::Recorder,
    value::{Flat, Made, Rows, Taped, Value},
};
use crate::{tensors::Backend, vmap::Element};
use dfdx::{
    shapes::{Dtype, HasShape},
    tensor::{Gradients, OwnedTape, SplitTape, Tape},
};
use scheme_core::prim::Numeric;
use std::rc::Rc;

impl<E: Element + Dtype, D: Backend<E>> Recorder<E, D> {
    /// An operation of dfdx, on the tape if a gradient goes through an operand. `link` tells an operand by its number which rows
    /// reach it, given those that reach the result.
    pub(super) fn record(
        &mut self,
        operands: &[&Rc<Rows<E, D>>],
        link: impl Fn(&Reach, usize, &Reach) + 'static,
        op: impl FnOnce(OwnedTape<E, D>) -> Made<Taped<E, D>, D>,
    ) -> Made<Value<E, D>, D> {
        let numbered = operands.iter().enumerate();
        let learning: Vec<_> = numbered.filter_map(|(i, x)| Some((i, x.reach.clone()?))).collect();
        let kept = if learning.is_empty() { None } else { self.tape.take() };
        let records = kept.is_some();
        let (tensor, mut tape) = op(kept.unwrap_or_default())?.split_tape();
        if !records {
            return Ok(Value::new(tensor, None));
        }
        let reach = Reach::new(tensor.shape().0);
        let result = reach.clone();
        tape.add_backward_op(move |_| {
            learning.iter().for_each(|(i, operand)| link(&result, *i, operand));
            Ok(())
        });
        self.tape = Some(tape);
        Ok(Value::new(tensor, Some(reach)))
    }

    /// The same of a row, element by element, that hands nothing on in rows that do not reach its result.
    pub(super) fn masking(
        &mut self,
        row: Numeric,
        operands: &[&Rc<Rows<E, D>>],
        op: impl FnOnce(OwnedTape<E, D>) -> Made<Taped<E, D>, D>,
    ) -> Made<Value<E, D>, D> {
        let link = |y: &Reach, _, x: &Reach| y.each(x);
        // Their partial derivatives are 1 and -1, which hand on a cotangent of 0 as 0.
        if matches!(row, Numeric::Add | Numeric::Sub | Numeric::Neg) {
            return self.record(operands, link, op);
        }
        let learning = operands.iter().filter(|x| x.reach.is_some()).map(|x| Rc::clone(x)).collect();
        let waiting = Waiting::new(learning, self.device.clone());
        if let Some(tape) = &mut self.tape {
            let waiting = waiting.clone();
            tape.add_backward_op(move |gradients| waiting.back(gradients));
        }
        let value = self.record(operands, link, op)?;
        if let (Some(tape), Value::Rows(rows)) = (&mut self.tape, &value)
            && let Some(reach) = rows.reach.clone()
        {
            tape.add_backward_op(move |gradients| waiting.aside(&reach, gradients));
        }
        Ok(value)
    }

    /// Puts on the tape that the gradient of `y` times partial derivatives is added to those of operands, if there are any, in
    /// the rows that reach it.
    pub(super) fn pull_later(
        &mut self,
        y: Flat<E, D>,
        operands: Vec<Value<E, D>>,
        partials: impl FnOnce(&mut Self) -> Made<Vec<Option<Value<E, D>>>, D> + 'static,
    ) -> Rc<Rows<E, D>> {
        let mut recorder = self.aside();
        let Some(tape) = self.tape.as_mut().filter(|_| !operands.is_empty()) else {
            return Rc::new(Rows { tensor: y, reach: None });
        };
        let (tensor, reach) = (y.clone(), Reach::new(y.shape().0));
        let reached = reach.clone();
        tape.add_backward_op(move |gradients: &mut Gradients<E, D>| {
            let rows = match reached.rows() {
                Reached::Nowhere => return Ok(()),
                Reached::Everywhere => None,
                Reached::In(rows) => Some(rows),
            };
            for (operand, partial) in operands.iter().zip(partials(&mut recorder)?) {
                if let (Value::Rows(x), Some(partial)) = (operand, partial)
                    && let Some(reach) = &x.reach
                {
                    reached.each(reach);
                    let mut partials = recorder.level(&partial, y.shape().0)?;
                    if let Some(rows) = &rows {
                        partials = masked(rows, partials, &recorder.device)?;
                    }
                    recorder.device.pull_product(gradients, &y, &x.tensor, partials)?;
                }
            }
            Ok(())
        });
        Rc::new(Rows { tensor, reach: Some(reach) })
    }
}
