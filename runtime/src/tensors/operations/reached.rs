//! Which rows reach a value.
//!
//! What is computed before a choice is computed in every row, and has the cotangent 0 where the side taken does not use it.
//! Times an infinite partial derivative that would be nan, and a derivative of nothing: in the language a cotangent is handed on
//! only where it is reached. So values tell which rows reach them. Results of a program are reached in every row; the
//! backward pass says it of the operands of each operation, as it comes by. A cotangent that is reached may be 0, and gives
//! nan with an infinite partial as it does in the language.
//!
//! Where every row reaches a value, which is the rule, nothing is computed for it.

use super::{
    accumulate::add,
    value::{Flat, Made, Rows},
};
use crate::{tensors::Backend, vmap::Element};
use dfdx::{
    shapes::Dtype,
    tensor::{Gradients, TensorFromVec},
    tensor_ops::{ChooseFrom, TryNe},
};
use std::{cell::RefCell, rc::Rc};

/// Which rows reach a value, as far as the backward pass has come.
#[derive(Clone, Debug)]
pub(super) struct Reach {
    reached: Rc<RefCell<Reached>>,
    /// How many elements the value has.
    len: usize,
}

/// Rows that reach a value.
#[derive(Clone, Debug)]
pub(super) enum Reached {
    /// None.
    Nowhere,
    /// All.
    Everywhere,
    /// Those for which it is true.
    In(Vec<bool>),
}

impl Reached {
    /// Whether this row does.
    pub(super) fn holds(&self, row: usize) -> bool {
        match self {
            Self::Nowhere => false,
            Self::Everywhere => true,
            Self::In(rows) => rows.get(row) == Some(&true),
        }
    }
}

impl Reach {
    /// Of a value of so many elements, that nothing has reached yet.
    pub(super) fn new(len: usize) -> Self {
        Self { reached: Rc::new(RefCell::new(Reached::Nowhere)), len }
    }

    /// The rows that reach it.
    pub(super) fn rows(&self) -> Reached {
        self.reached.borrow().clone()
    }

    /// Every row reaches it.
    pub(super) fn everywhere(&self) {
        *self.reached.borrow_mut() = Reached::Everywhere;
    }

    /// The rows that reach this one reach that operand of it; if that is one for all rows, any does.
    pub(super) fn each(&self, operand: &Self) {
        match &*self.reached.borrow() {
            Reached::Nowhere => {}
            Reached::Everywhere => operand.everywhere(),
            Reached::In(_) if operand.len != self.len => operand.everywhere(),
            Reached::In(rows) => operand.add(rows.clone()),
        }
    }

    /// The same of a choice, whose operand is reached only where it is taken.
    pub(super) fn chosen(&self, operand: &Self, takes: impl Fn(usize) -> bool) {
        let reached = self.reached.borrow();
        operand.add((0..self.len).map(|row| reached.holds(row) && takes(row)).collect());
    }

    /// The same of rows that were gathered from these places of the operand.
    pub(super) fn gathered(&self, operand: &Self, places: &[usize]) {
        let mut rows = vec![false; operand.len];
        let reached = self.reached.borrow();
        for (_, place) in places.iter().enumerate().filter(|(row, _)| reached.holds(*row)) {
            if let Some(row) = rows.get_mut(*place) {
                *row = true;
            }
        }
        operand.add(rows);
    }

    /// These rows reach it too.
    pub(super) fn add(&self, mut rows: Vec<bool>) {
        let mut reached = self.reached.borrow_mut();
        rows.iter_mut().enumerate().for_each(|(row, more)| *more |= reached.holds(row));
        *reached = match rows.iter().filter(|row| **row).count() {
            0 => Reached::Nowhere,
            count if count == rows.len() => Reached::Everywhere,
            _ => Reached::In(rows),
        };
    }
}

/// The elements of the rows that reach, and 0 elsewhere.
pub(super) fn masked<E: Element + Dtype, D: Backend<E>>(
    rows: &[bool],
    elements: Flat<E, D>,
    device: &D,
) -> Made<Flat<E, D>, D> {
    let numbers = rows.iter().map(|reaches| E::lit(f64::from(*reaches))).collect();
    let mask = TensorFromVec::<E>::try_tensor_from_vec(device, numbers, (rows.len(),))?;
    let zeros =
        TensorFromVec::<E>::try_tensor_from_vec(device, vec![E::lit(0.0); rows.len()], (rows.len(),))?;
    mask.try_ne(E::lit(0.0))?.try_choose(elements, zeros)
}

/// Gradients of operands that wait while an operation of dfdx adds to empty ones.
///
/// dfdx's operations know nothing of rows that do not reach their results. Where there are some, what the operation hands
/// on is looked through before it is added.
pub(super) struct Waiting<E: Element + Dtype, D: Backend<E>> {
    operands: Vec<Rc<Rows<E, D>>>,
    gradients: RefCell<Option<(Gradients<E, D>, Reached)>>,
    device: D,
}

impl<E: Element + Dtype, D: Backend<E>> Waiting<E, D> {
    /// Of the operands of an operation.
    pub(super) fn new(operands: Vec<Rc<Rows<E, D>>>, device: D) -> Rc<Self> {
        Rc::new(Self { operands, gradients: RefCell::new(None), device })
    }

    /// Before the operation's backward pass: gradients are moved aside, if some rows do not reach its result.
    pub(super) fn aside(&self, result: &Reach, gradients: &mut Gradients<E, D>) -> Made<(), D> {
        let reached = result.rows();
        if matches!(reached, Reached::Everywhere) {
            return Ok(());
        }
        let mut own = Gradients::leaky();
        for operand in &self.operands {
            let tensor = &operand.tensor;
            std::mem::swap(own.get_or_alloc_mut(tensor)?, gradients.get_or_alloc_mut(tensor)?);
        }
        *self.gradients.borrow_mut() = Some((own, reached));
        Ok(())
    }

    /// After it: they come back, and what it gave is added in the rows that reach its result.
    pub(super) fn back(&self, gradients: &mut Gradients<E, D>) -> Made<(), D> {
        let Some((mut own, reached)) = self.gradients.borrow_mut().take() else { return Ok(()) };
        for Rows { tensor, .. } in self.operands.iter().map(|operand| &**operand) {
            std::mem::swap(own.get_or_alloc_mut(tensor)?, gradients.get_or_alloc_mut(tensor)?);
            if let Reached::In(rows) = &reached {
                add(gradients, tensor, masked(rows, own.get(tensor), &self.device)?)?;
            }
        }
        Ok(())
    }
}
