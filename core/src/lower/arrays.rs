//! Numeric vectors and matrices, taken apart into numbers: the table's expansions on atoms.
//!
//! Shapes are known, so that an array costs what its elements cost. An element at a computed index is read from a table of
//! literals, or a choice between all of a short array. An input that is used as an array and not declared gets its shape
//! from the row where that tells.

use super::{Lowering, cursors::Rows, expr::Site, join::Out, stop::Stop, value::Val};
use crate::{
    anf::Atom,
    diag::{Code, Diagnostic},
    kernel::{Declared, Local},
    prim::{
        Array, Numeric, Scalar, Whole,
        arrays::{self, Elements, Misfit, Pattern, Shape, Shaped, Size},
    },
};

/// The longest array whose element at a computed index is chosen.
const MAX_CHOICES: usize = 64;

/// Up to so many literals are chosen from rather than read from a table.
const MAX_ALIKE: usize = 2;

impl<'p> Lowering<'p> {
    /// The call of an array row.
    pub(super) fn array(
        &mut self,
        site: Site<'p>,
        row: Array,
        values: &[Val<'p>],
    ) -> Result<Val<'p>, Stop<'p>> {
        let (name, arity) = (row.row().name, row.row().arity);
        if !arity.accepts(values.len()) {
            let message = format!("`{name}` takes {arity}, given {}", values.len());
            return Err(self.wrong(Diagnostic::new(Code::Arity, site.head, message)));
        }
        let mut operands = Vec::with_capacity(values.len());
        for (index, value) in values.iter().enumerate() {
            match self.shaped(value) {
                Some(operand) => operands.push(operand),
                None => return Err(self.unfit(site, name, index, row.row().operand(index).kind(), value)),
            }
        }
        self.infer(site, row, &operands)?;
        if row == Array::Ref && operands[1..].iter().any(|index| index.items()[0].var().is_some()) {
            return self.element(site, &operands);
        }
        let value = arrays::call(row, &operands, &mut OnAtoms { lowering: self, site, row })?;
        Ok(Self::unshaped(value))
    }

    /// A numeric row element by element.
    pub(super) fn broadcast(
        &mut self,
        site: Site<'p>,
        row: Numeric,
        values: &[Val<'p>],
    ) -> Result<Val<'p>, Stop<'p>> {
        let operands: Vec<Shaped<Atom>> = values.iter().filter_map(|value| self.shaped(value)).collect();
        let mut on = OnAtoms { lowering: self, site, row: Array::Scale };
        Ok(Self::unshaped(arrays::broadcast(row, &operands, &mut on)?))
    }

    fn shaped(&self, value: &Val<'p>) -> Option<Shaped<Atom>> {
        match value {
            Val::Atom(atom) if self.builder.ty(*atom).scalar == Scalar::Real => Some(Shaped::Number(*atom)),
            Val::Array(array) => Some((**array).clone()),
            _ => None,
        }
    }

    fn unshaped(value: Shaped<Atom>) -> Val<'p> {
        match value {
            Shaped::Number(atom) => Val::Atom(atom),
            array => Val::Array(array.into()),
        }
    }

    /// `ref` where an index is computed: indices one after the other, each a choice.
    fn element(&mut self, site: Site<'p>, operands: &[Shaped<Atom>]) -> Result<Val<'p>, Stop<'p>> {
        let [array, indices @ ..] = operands else { return Ok(Val::Unspecified) };
        if let (Shaped::Vector(_), [_, _]) = (array, indices) {
            let misfit =
                arrays::call(Array::Ref, operands, &mut OnAtoms { lowering: self, site, row: Array::Ref });
            return misfit.map(Self::unshaped);
        }
        let mut array = array.clone();
        for (at, index) in indices.iter().enumerate() {
            let parts: Vec<Val<'p>> = match &array {
                Shaped::Matrix { cols, items, rows } => (0..*rows)
                    .map(|i| Self::unshaped(Shaped::Vector(items[i * cols..(i + 1) * cols].to_vec())))
                    .collect(),
                other => other.items().iter().map(|atom| Val::Atom(*atom)).collect(),
            };
            let part = self.at_index(site, "ref", at + 1, index.items()[0], &parts)?;
            match self.shaped(&part) {
                Some(part) => array = part,
                None => return Ok(part),
            }
        }
        Ok(Self::unshaped(array))
    }

    /// One of some values by its number, which may be computed.
    pub(super) fn at_index(
        &mut self,
        site: Site<'p>,
        name: &str,
        argument: usize,
        index: Atom,
        parts: &[Val<'p>],
    ) -> Result<Val<'p>, Stop<'p>> {
        let rows = Rows::of(&self.builder, parts).filter(|_| parts.len() > MAX_ALIKE);
        if rows.is_none() && parts.len() > MAX_CHOICES {
            let what = format!("an element of {} at a computed index", parts.len());
            return Err(self.general(site.span, what));
        }
        let builder = &self.builder;
        if builder.ty(index).scalar != Scalar::Real {
            return Err(self.unfit(site, name, argument, "a number", &Val::Atom(index)));
        }
        let whole = builder.row(Numeric::IsInteger, &[index]);
        let from = builder.row(Numeric::GreaterEq, &[index, Atom::Real(0.0)]);
        let to = builder.row(Numeric::Less, &[index, Atom::Real(parts.len() as f64)]);
        let is_in = builder.row(Numeric::And, &[whole, from]);
        let is_in = builder.row(Numeric::And, &[is_in, to]);
        let message = format!("`{name}` takes a whole number from 0 below {} as index, not", parts.len());
        self.require(is_in, Code::OutOfDomain, message, site.arg(argument), &[index])?;
        if parts.is_empty() {
            return Ok(Val::Unspecified);
        }
        match rows {
            Some(rows) => Ok(rows.at(&self.builder, index)),
            None => self.pick(site, index, 0, parts)?.value(),
        }
    }

    /// One of some values, which are there, by halving.
    fn pick(
        &mut self,
        site: Site<'p>,
        index: Atom,
        first: usize,
        parts: &[Val<'p>],
    ) -> Result<Out<'p>, Stop<'p>> {
        if let [part] = parts {
            return Ok(Out::Value(part.clone()));
        }
        let (low, high) = parts.split_at(parts.len() / 2);
        let middle = first + low.len();
        let is_low = self.builder.row(Numeric::Less, &[index, Atom::Real(middle as f64)]);
        if let Atom::Bool(is_low) = is_low {
            let (first, parts) = if is_low { (first, low) } else { (middle, high) };
            return self.pick(site, index, first, parts);
        }
        let low = self.side(|lowering| lowering.pick(site, index, first, low))?;
        let high = self.side(|lowering| lowering.pick(site, index, middle, high))?;
        self.join(site.span, is_low, low, high)
    }

    /// Finds the shapes of inputs that are numbers for want of a declaration.
    fn infer(&mut self, site: Site<'p>, row: Array, operands: &[Shaped<Atom>]) -> Result<(), Stop<'p>> {
        let mut found = Vec::new();
        for (index, operand) in operands.iter().enumerate() {
            let pattern = row.row().operand(index);
            let Shaped::Number(atom) = operand else { continue };
            if matches!(pattern, Pattern::Number | Pattern::Any) {
                continue;
            }
            let Some(local) = self.origins.get(atom).copied() else { continue };
            let shapes: Vec<Shape> = operands.iter().map(Shaped::shape).collect();
            match declared(pattern, &sizes(row, &shapes)) {
                Some(declared) => found.push((local, declared)),
                None => return Err(self.undeclared(site, index, local, pattern)),
            }
        }
        if found.is_empty() {
            return Ok(());
        }
        self.knowledge.inputs.extend(found);
        Err(Stop::Restart)
    }

    fn undeclared(&self, site: Site<'p>, index: usize, local: Local, pattern: Pattern) -> Stop<'p> {
        let name = &self.info(local).name;
        let kind = pattern.kind();
        let message = format!("`{name}` is used as {kind}, and nothing tells of what size");
        let mut hint = match pattern {
            Pattern::Matrix(..) => format!("declare it, with its sizes: (: {name} (mat 2 2))"),
            _ => format!("declare it, with its size: (: {name} (vec 3))"),
        };
        if self.conditional.is_some() {
            hint.push_str(&format!("; or (: {name} real), if it is a number and this is not reached"));
        }
        Stop::Error(Diagnostic::new(Code::WrongType, site.arg(index), message).hint(hint).into())
    }
}

/// What the named sizes of a row's rule are, as far as its operands tell.
pub(super) fn sizes(row: Array, operands: &[Shape]) -> Vec<(&'static str, usize)> {
    let mut sizes = Vec::new();
    for (index, shape) in operands.iter().enumerate() {
        match (row.row().operand(index), *shape) {
            (Pattern::Vector(Size::Named(n)), Shape::Vector(found)) => sizes.push((n, found)),
            (Pattern::Matrix(m, n), Shape::Matrix(rows, cols)) => {
                for (size, found) in [(m, rows), (n, cols)] {
                    if let Size::Named(name) = size {
                        sizes.push((name, found));
                    }
                }
            }
            _ => {}
        }
    }
    sizes
}

/// The type that a pattern asks for, if its sizes are known.
pub(super) fn declared(pattern: Pattern, sizes: &[(&'static str, usize)]) -> Option<Declared> {
    let known = |size: Size| match size {
        Size::Exactly(n) => Some(n as u32),
        Size::Named(name) => sizes.iter().find(|(known, _)| *known == name).map(|(_, n)| *n as u32),
    };
    match pattern {
        Pattern::Vector(n) => Some(Declared::Vector(known(n)?)),
        Pattern::Matrix(m, n) => Some(Declared::Matrix(known(m)?, known(n)?)),
        Pattern::Number | Pattern::Array | Pattern::Any => None,
    }
}

/// The atoms of the function at hand as elements.
struct OnAtoms<'l, 'p> {
    lowering: &'l mut Lowering<'p>,
    site: Site<'p>,
    row: Array,
}

impl<'p> Elements for OnAtoms<'_, 'p> {
    type Number = Atom;
    type Error = Stop<'p>;

    fn literal(&mut self, x: f64) -> Atom {
        Atom::Real(x)
    }

    fn apply(&mut self, row: Numeric, operands: &[Atom]) -> Result<Atom, Stop<'p>> {
        Ok(self.lowering.builder.row(row, operands))
    }

    /// One instruction. Its derivative is written out, so that it counts as what that may take.
    fn whole(&mut self, whole: Whole, operands: &[Atom]) -> Result<Vec<Atom>, Stop<'p>> {
        self.reserve(0, whole.written_out())?;
        Ok(self.lowering.builder.whole(whole, operands))
    }

    fn known(&mut self, _: usize, number: &Atom) -> Result<f64, Stop<'p>> {
        match number {
            Atom::Real(x) => Ok(*x),
            _ => {
                let what = format!("`{}` of a computed number", self.row.row().name);
                Err(self.lowering.general(self.site.span, what))
            }
        }
    }

    fn reserve(&mut self, items: usize, operations: usize) -> Result<(), Stop<'p>> {
        self.lowering.grow(items.saturating_add(operations), self.site.span)
    }

    fn misfit(&mut self, misfit: Misfit) -> Stop<'p> {
        let span = misfit.argument.map_or(self.site.span, |argument| self.site.arg(argument));
        let error = Diagnostic { hint: misfit.hint, ..Diagnostic::new(misfit.code, span, misfit.message) };
        self.lowering.wrong(error)
    }
}
