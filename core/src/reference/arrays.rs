//! Calls on arrays taken apart: the graph of one on the elements, as numbers.

use crate::{
    anf::{Atom, Builder, Graph, Type},
    diag::Code,
    prim::{
        Array, Numeric, Prim, Whole,
        arrays::{self, Elements, Misfit, Pattern, Shape, Shaped, Size},
    },
};

/// The graph of a call of an array row, or of a numeric row element by element, and the shape of its
/// result. Elements that are not given are the parameters, in order; the results are the elements.
///
/// # Errors
/// Arguments that the row does not take, or an index or size that is not given.
pub fn scalars(prim: Prim, args: &[Shaped<Option<f64>>]) -> Result<(Graph, Shape), Misfit> {
    let builder = Builder::new();
    let mut n = 0;
    let mut element = |x: &Option<f64>| match x {
        Some(x) => Atom::Real(*x),
        None => {
            n += 1;
            builder.param(format!("x{}", n - 1), Type::REAL)
        }
    };
    let args: Vec<Shaped<Atom>> = args.iter().map(|arg| arg.map(&mut element)).collect();
    let value = match prim {
        Prim::Array(row) => arrays::call(row, &args, &mut On(&builder))?,
        Prim::Numeric(row) => arrays::broadcast(row, &args, &mut On(&builder))?,
        Prim::Structural(_) => return Err(misfit("a structural row is not on numbers")),
    };
    let (results, shape) = (value.items().to_vec(), value.shape());
    Ok((builder.finish(prim.name(), results), shape))
}

/// What the names of a shape rule stand for in samples.
const SIZES: [[usize; 3]; 3] = [[1, 1, 1], [2, 3, 2], [3, 2, 4]];

/// Arguments that an array row takes, at several sizes by its shape rule, as [`scalars`] takes them:
/// numbers that must be known are given.
pub fn samples(row: Array) -> Vec<Vec<Shaped<Option<f64>>>> {
    let mut calls: Vec<Vec<Shaped<Option<f64>>>> = Vec::new();
    let arity = row.row().arity;
    for [m, n, p] in SIZES {
        let size = |size: Size| match size {
            Size::Exactly(k) => k,
            Size::Named("m") => m,
            Size::Named("n") => n,
            Size::Named(_) => p,
        };
        let counts = arity.min.max(1)..=arity.max.unwrap_or(3);
        let arrays = [Shape::Vector(n), Shape::Matrix(m, n)];
        for (count, array) in counts.flat_map(|count| arrays.map(|array| (count, array))) {
            let argument = |i: u32| match (row, row.row().operand(i as usize)) {
                (Array::Linspace, _) if i == 2 => Shaped::Number(Some(m as f64 + 1.0)),
                (Array::Eye | Array::Zeros | Array::Ones, _) => {
                    Shaped::Number(Some(if i == 0 { m } else { n } as f64))
                }
                (Array::Ref, Pattern::Number) => Shaped::Number(Some(0.0)),
                (_, Pattern::Number) => Shaped::Number(None),
                (_, Pattern::Vector(k)) => Shaped::filled(Shape::Vector(size(k)), None),
                (_, Pattern::Matrix(r, c)) => Shaped::filled(Shape::Matrix(size(r), size(c)), None),
                (_, Pattern::Array | Pattern::Any) => Shaped::filled(array, None),
            };
            let call: Vec<_> = (0..count).map(argument).collect();
            if scalars(Prim::Array(row), &call).is_ok() && !calls.contains(&call) {
                calls.push(call);
            }
        }
    }
    calls
}

fn misfit(message: &str) -> Misfit {
    Misfit { code: Code::WrongType, argument: None, message: message.into(), hint: None }
}

/// The atoms of a graph as elements.
struct On<'b>(&'b Builder);

impl Elements for On<'_> {
    type Number = Atom;
    type Error = Misfit;

    fn literal(&mut self, x: f64) -> Atom {
        Atom::Real(x)
    }

    fn apply(&mut self, row: Numeric, operands: &[Atom]) -> Result<Atom, Misfit> {
        Ok(self.0.row(row, operands))
    }

    fn whole(&mut self, whole: Whole, operands: &[Atom]) -> Result<Vec<Atom>, Misfit> {
        Ok(self.0.whole(whole, operands))
    }

    fn known(&mut self, _: usize, number: &Atom) -> Result<f64, Misfit> {
        match number {
            Atom::Real(x) => Ok(*x),
            _ => Err(misfit("an index or a size is not known")),
        }
    }

    fn reserve(&mut self, _: usize, _: usize) -> Result<(), Misfit> {
        Ok(())
    }

    fn misfit(&mut self, misfit: Misfit) -> Misfit {
        misfit
    }
}
