//! Inputs that are arrays by their use, where lowering did not come to the use.
//!
//! A program that turns general is not lowered to its end. The rest is only read: an input that a row takes as an
//! array gets its shape from what stands beside it, as in lowering. An input that is asked for its type may be
//! anything, and what procedures are called with is not followed.

use super::arrays::{declared, sizes};
use crate::{
    datum::Kind,
    kernel::{Declared, Expr, ExprKind, Local, Program},
    prim::{
        Array, Prim, Scalar,
        arrays::{Pattern, Shape},
    },
};
use std::collections::{HashMap, HashSet};

/// The types of inputs that are not declared and are arrays: those `found` before, and those by use.
pub(super) fn arrays(program: &Program, found: &HashMap<Local, Declared>) -> Vec<(Local, Declared)> {
    let mut uses = Uses { found: found.clone(), open: HashSet::new(), shapes: HashMap::new(), changed: true };
    uses.open = program.inputs.iter().copied().collect();
    for (local, declared) in program.declared.iter().map(|(local, ty)| (local, ty)).chain(found) {
        uses.is(*local, declared);
    }
    uses.leave_asked(&program.body);
    while std::mem::take(&mut uses.changed) {
        uses.shape(&program.body);
    }
    let found = |input: &Local| uses.found.get(input).map(|found| (*input, found.clone()));
    program.inputs.iter().filter_map(found).collect()
}

struct Uses {
    found: HashMap<Local, Declared>,
    /// The inputs of which nothing is known.
    open: HashSet<Local>,
    shapes: HashMap<Local, Shape>,
    changed: bool,
}

impl Uses {
    /// An input has a type.
    fn is(&mut self, input: Local, ty: &Declared) {
        self.open.remove(&input);
        self.shapes.extend(shape_of(ty).map(|shape| (input, shape)));
    }

    /// Leaves inputs alone that the program asks for their type.
    fn leave_asked(&mut self, expr: &Expr) {
        if let ExprKind::Call(head, operands) = &expr.kind
            && let ExprKind::Prim(Prim::Structural(row)) = head.kind
            && row.row().name.ends_with('?')
        {
            for operand in operands {
                if let ExprKind::Local(local) = operand.kind {
                    self.open.remove(&local);
                }
            }
        }
        expr.each_child(&mut |child| self.leave_asked(child));
    }

    /// The shape of an expression's value, if that is plain; inputs are found on the way.
    fn shape(&mut self, expr: &Expr) -> Option<Shape> {
        match &expr.kind {
            ExprKind::Quote(datum) => matches!(datum.kind, Kind::Number(_)).then_some(Shape::Number),
            ExprKind::Local(local) if self.open.contains(local) => Some(Shape::Number),
            ExprKind::Local(local) => self.shapes.get(local).copied(),
            ExprKind::If(test, then, els) => {
                self.shape(test);
                let (then, els) = (self.shape(then), self.shape(els));
                then.filter(|_| then == els)
            }
            ExprKind::Let(bindings, body) => {
                for (local, value) in bindings {
                    let shape = self.shape(value);
                    self.shapes.extend(shape.map(|shape| (*local, shape)));
                }
                self.shape(body)
            }
            ExprKind::Fix(_, body) => {
                let mut last = None;
                expr.each_child(&mut |child| {
                    last = self.shape(child).filter(|_| std::ptr::eq(child, &**body))
                });
                last
            }
            ExprKind::Call(head, operands) => self.call(head, operands),
            ExprKind::Begin(parts) => parts.iter().map(|part| self.shape(part)).last().flatten(),
            ExprKind::Lambda(lambda) => {
                self.shape(&lambda.body);
                None
            }
            ExprKind::Prim(_) | ExprKind::Unspecified => None,
        }
    }

    fn call(&mut self, head: &Expr, operands: &[Expr]) -> Option<Shape> {
        self.shape(head);
        let given: Vec<Option<Shape>> = operands.iter().map(|operand| self.shape(operand)).collect();
        match head.kind {
            ExprKind::Prim(Prim::Array(row)) => {
                // Of what is not plain nothing is learnt, as of a number.
                let known: Vec<Shape> = given.iter().map(|shape| shape.unwrap_or(Shape::Number)).collect();
                self.learn(row, operands, &known);
                let given: Option<Vec<Shape>> = given.into_iter().collect();
                given.and_then(|given| gives(row, &given))
            }
            ExprKind::Prim(Prim::Numeric(row)) if row.row().result == Scalar::Real => {
                let given: Option<Vec<Shape>> = given.into_iter().collect();
                let array = given?.into_iter().find(|shape| *shape != Shape::Number);
                Some(array.unwrap_or(Shape::Number))
            }
            _ => None,
        }
    }

    /// Finds the inputs among a row's operands.
    fn learn(&mut self, row: Array, operands: &[Expr], given: &[Shape]) {
        for (index, operand) in operands.iter().enumerate() {
            let ExprKind::Local(input) = operand.kind else { continue };
            if !self.open.contains(&input) {
                continue;
            }
            if let Some(ty) = declared(row.row().operand(index), &sizes(row, given)) {
                self.is(input, &ty);
                self.found.insert(input, ty);
                self.changed = true;
            }
        }
    }
}

fn shape_of(ty: &Declared) -> Option<Shape> {
    match ty {
        Declared::Real => Some(Shape::Number),
        Declared::Vector(n) => Some(Shape::Vector(*n as usize)),
        Declared::Matrix(rows, cols) => Some(Shape::Matrix(*rows as usize, *cols as usize)),
        Declared::Bool | Declared::Procedure(_) => None,
    }
}

/// The shape of what a row gives, as far as its rule tells.
fn gives(row: Array, given: &[Shape]) -> Option<Shape> {
    match (row, given) {
        (Array::Vec, _) => Some(Shape::Vector(given.len())),
        (Array::Mat | Array::Stack, [Shape::Vector(n), ..]) => Some(Shape::Matrix(given.len(), *n)),
        _ => match row.row().gives {
            Pattern::Number => Some(Shape::Number),
            pattern => declared(pattern, &sizes(row, given)).as_ref().and_then(shape_of),
        },
    }
}
