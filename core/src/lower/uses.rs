//! Inputs that are arrays by their use, where lowering did not come to the use.
//!
//! A program that turns general is not lowered to its end. The rest is only read: an input that a row takes as an
//! array gets its shape from what stands beside it, as in lowering. Inputs are followed into the names that stand for
//! them: those of `let`, and the parameters of procedures that are called by name. An input that is asked for its
//! type may be anything, and what is called otherwise is not followed.

use super::arrays::{declared, sizes};
use crate::{
    datum::Kind,
    kernel::{Declared, Expr, ExprKind, Lambda, Local, Program},
    prim::{
        Array, Prim, Scalar,
        arrays::{Pattern, Shape},
    },
};
use std::{
    collections::{HashMap, HashSet},
    mem,
};

/// How often the program is read at most: what is learnt each time may tell more.
const MAX_READINGS: usize = 100;

/// The types of inputs that are not declared and are arrays: those `found` before, and those by use.
pub(super) fn arrays(program: &Program, found: &HashMap<Local, Declared>) -> Vec<(Local, Declared)> {
    let names = Names::of(program);
    let mut open: HashSet<Local> = program.inputs.iter().copied().collect();
    let asked = names.inputs(&names.asked);
    open.retain(|input| !asked.contains(input));
    let mut uses = Uses {
        names,
        found: found.clone(),
        open,
        stands: HashSet::new(),
        shapes: HashMap::new(),
        given: HashMap::new(),
        changed: true,
    };
    for (local, declared) in program.declared.iter().map(|(local, ty)| (local, ty)).chain(found) {
        uses.is(*local, declared);
    }
    uses.stands = uses.names.standing(&uses.open);
    for _ in 0..MAX_READINGS {
        if !mem::take(&mut uses.changed) {
            break;
        }
        uses.shape(&program.body);
        uses.settle();
    }
    let found = |input: &Local| uses.found.get(input).map(|found| (*input, found.clone()));
    program.inputs.iter().filter_map(found).collect()
}

/// Which names stand for which.
#[derive(Default)]
struct Names<'p> {
    /// The procedures that names are bound to.
    procedures: HashMap<Local, &'p Lambda>,
    /// The names that a name is given, and the other way round.
    from: HashMap<Local, Vec<Local>>,
    to: HashMap<Local, Vec<Local>>,
    /// Those whose type the program asks for.
    asked: Vec<Local>,
}

impl<'p> Names<'p> {
    fn of(program: &'p Program) -> Self {
        let (mut names, mut calls) = (Self::default(), Vec::new());
        let mut todo = vec![&program.body];
        while let Some(expr) = todo.pop() {
            match &expr.kind {
                ExprKind::Let(bindings, _) => {
                    for (local, value) in bindings {
                        names.give(*local, value);
                        if let ExprKind::Lambda(lambda) = &value.kind {
                            names.procedures.insert(*local, lambda);
                        }
                    }
                }
                ExprKind::Fix(bindings, _) => {
                    names.procedures.extend(bindings.iter().map(|(local, lambda)| (*local, lambda)));
                }
                ExprKind::Call(head, operands) => calls.push((&**head, operands)),
                _ => {}
            }
            expr.each_child(&mut |child| todo.push(child));
        }
        for (head, operands) in calls {
            if let ExprKind::Prim(Prim::Structural(row)) = head.kind
                && row.row().name.ends_with('?')
            {
                names.asked.extend(operands.iter().filter_map(name));
            }
            for (param, operand) in names.params(head).iter().zip(operands) {
                names.give(*param, operand);
            }
        }
        names
    }

    /// The fixed parameters of what is called, if it is known.
    fn params(&self, head: &'p Expr) -> &'p [Local] {
        let lambda = match &head.kind {
            ExprKind::Lambda(lambda) => Some(lambda),
            ExprKind::Local(local) => self.procedures.get(local).copied(),
            _ => None,
        };
        lambda.map_or(&[], |lambda| &lambda.params)
    }

    fn give(&mut self, to: Local, value: &Expr) {
        if let Some(from) = name(value) {
            self.from.entry(to).or_default().push(from);
            self.to.entry(from).or_default().push(to);
        }
    }

    /// The inputs, and other names, that some names stand for.
    fn inputs(&self, names: &[Local]) -> HashSet<Local> {
        reached(&self.from, names.iter().copied())
    }

    /// The names that stand for some of these.
    fn standing(&self, inputs: &HashSet<Local>) -> HashSet<Local> {
        reached(&self.to, inputs.iter().copied())
    }
}

/// What can be got to, the start included.
fn reached(steps: &HashMap<Local, Vec<Local>>, start: impl IntoIterator<Item = Local>) -> HashSet<Local> {
    let mut todo: Vec<Local> = start.into_iter().collect();
    let mut reached: HashSet<Local> = todo.iter().copied().collect();
    while let Some(local) = todo.pop() {
        let next = steps.get(&local).into_iter().flatten();
        todo.extend(next.copied().filter(|next| reached.insert(*next)));
    }
    reached
}

fn name(expr: &Expr) -> Option<Local> {
    match expr.kind {
        ExprKind::Local(local) => Some(local),
        _ => None,
    }
}

struct Uses<'p> {
    names: Names<'p>,
    found: HashMap<Local, Declared>,
    /// The inputs of which nothing is known.
    open: HashSet<Local>,
    /// The names that stand for inputs of which nothing was known at first.
    stands: HashSet<Local>,
    shapes: HashMap<Local, Shape>,
    /// The shapes that parameters are given in this reading, `None` where they differ.
    given: HashMap<Local, Option<Shape>>,
    changed: bool,
}

impl<'p> Uses<'p> {
    /// An input has a type.
    fn is(&mut self, input: Local, ty: &Declared) {
        self.open.remove(&input);
        self.shapes.extend(shape_of(ty).map(|shape| (input, shape)));
    }

    /// Parameters have the shapes that they are given everywhere.
    fn settle(&mut self) {
        for (param, shape) in mem::take(&mut self.given) {
            let before = match shape {
                Some(shape) => self.shapes.insert(param, shape),
                None => self.shapes.remove(&param),
            };
            self.changed |= before != shape;
        }
    }

    /// Whether nothing is known of a name but that it stands for an input.
    fn is_open(&self, local: Local) -> bool {
        self.stands.contains(&local) && !self.shapes.contains_key(&local)
    }

    /// The shape of an expression's value, if that is plain; inputs are found on the way.
    fn shape(&mut self, expr: &'p Expr) -> Option<Shape> {
        match &expr.kind {
            ExprKind::Quote(datum) => matches!(datum.kind, Kind::Number(_)).then_some(Shape::Number),
            ExprKind::Local(local) if self.is_open(*local) => Some(Shape::Number),
            ExprKind::Local(local) => self.shapes.get(local).copied(),
            ExprKind::If(test, then, els) => {
                self.shape(test);
                let (then, els) = (self.shape(then), self.shape(els));
                then.filter(|_| then == els)
            }
            ExprKind::Let(bindings, body) => {
                for (local, value) in bindings {
                    let shape = self.shape(value);
                    if name(value).is_none_or(|value| !self.is_open(value)) {
                        self.shapes.extend(shape.map(|shape| (*local, shape)));
                    }
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

    fn call(&mut self, head: &'p Expr, operands: &'p [Expr]) -> Option<Shape> {
        self.shape(head);
        let given: Vec<Option<Shape>> = operands.iter().map(|operand| self.shape(operand)).collect();
        for ((param, operand), shape) in self.names.params(head).iter().zip(operands).zip(&given) {
            if name(operand).is_none_or(|operand| !self.is_open(operand)) {
                let known = self.given.entry(*param).or_insert(*shape);
                *known = known.filter(|known| Some(*known) == *shape);
            }
        }
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
            let Some(operand) = name(operand).filter(|operand| self.stands.contains(operand)) else {
                continue;
            };
            // What others give it in its place tells nothing of an input.
            let mut beside = given.to_vec();
            beside[index] = Shape::Number;
            let Some(ty) = declared(row.row().operand(index), &sizes(row, &beside)) else { continue };
            for input in self.names.inputs(&[operand]) {
                if self.open.contains(&input) {
                    self.is(input, &ty);
                    self.found.insert(input, ty.clone());
                    self.changed = true;
                }
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
        (Array::Diag, [Shape::Vector(n)]) => Some(Shape::Matrix(*n, *n)),
        (Array::Diag, [Shape::Matrix(rows, cols)]) => Some(Shape::Vector(*rows.min(cols))),
        _ => match row.row().gives {
            Pattern::Number => Some(Shape::Number),
            pattern => declared(pattern, &sizes(row, given)).as_ref().and_then(shape_of),
        },
    }
}
