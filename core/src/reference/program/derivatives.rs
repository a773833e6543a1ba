//! `vjp` and `jvp`, by running the procedure once for each direction, or `vjp` in reverse.

use super::{Fault, Mode, Outcome, Run, Value, leak, leak_all, list};
use crate::{
    diag::Code,
    real::Real,
    reference::nested::{self, Nested},
};

/// The derivative of a procedure at a point, as a procedure of the cotangent.
#[derive(Debug)]
pub struct Pullback<A: Real + 'static> {
    value: Value<A>,
    at: Vec<Value<A>>,
    way: Way<A>,
}

/// How a pullback finds its cotangents.
#[derive(Debug)]
enum Way<A: Real + 'static> {
    /// By running the procedure in each direction.
    Forward(Value<A>),
    /// Back from the value as it moves, at a level.
    Back(u32, Value<A>),
}

impl Run {
    /// The value of what is differentiated, which holds no procedure.
    fn of_numbers<A: Real<Mask = bool> + 'static>(&self, value: Value<A>) -> Outcome<A> {
        if holds_procedure(value) {
            return Err(self.fault(Code::WrongType, "a derivative is of numbers"));
        }
        Ok(value)
    }

    fn same_shape<A: Real<Mask = bool> + 'static>(&self, x: Value<A>, other: Value<A>) -> Result<(), Fault> {
        if !is_shaped_as(x, other) {
            return Err(self.fault(Code::Shape, "a direction or cotangent of another shape"));
        }
        Ok(())
    }

    fn fresh_level(&self) -> u32 {
        self.levels.set(self.levels.get() + 1);
        self.levels.get()
    }

    /// The procedure's value where each number of the arguments moves by its tangent, as value and tangent.
    fn along<A: Real<Mask = bool> + 'static>(
        &self,
        procedure: Value<A>,
        at: &[Value<A>],
        tangents: &[Nested<A>],
    ) -> Result<(Value<A>, Value<A>), Fault> {
        let level = self.fresh_level();
        let mut tangents = tangents.iter();
        let mut arguments = Vec::new();
        for x in at {
            let moving = &mut |x| tangents.next().map_or(x, |t| Nested::moving(level, x, *t));
            arguments.push(each_number(*x, moving));
        }
        let value = self.of_numbers(self.value(procedure, arguments)?)?;
        let primal = each_number(value, &mut |x| x.at(level).0);
        let tangent = each_number(value, &mut |x| x.at(level).1.unwrap_or(Nested::lit(0.0)));
        Ok((primal, tangent))
    }

    pub(super) fn jvp<A: Real<Mask = bool> + 'static>(
        &self,
        f: Value<A>,
        arguments: &[Value<A>],
    ) -> Outcome<A> {
        if !arguments.len().is_multiple_of(2) {
            return Err(self.fault(Code::Arity, "`jvp` takes a tangent for each argument"));
        }
        let (at, tangents) = arguments.split_at(arguments.len() / 2);
        for (x, tangent) in at.iter().zip(tangents) {
            self.same_shape(*x, *tangent)?;
        }
        let tangents: Vec<Nested<A>> = tangents.iter().flat_map(|t| numbers(*t)).collect();
        let (value, tangent) = self.along(f, at, &tangents)?;
        Ok(list(&[value, tangent], Value::Nil))
    }

    pub(super) fn vjp<A: Real<Mask = bool> + 'static>(&self, f: Value<A>, at: &[Value<A>]) -> Outcome<A> {
        let (value, at, way) = match self.mode {
            Mode::Forward => (self.of_numbers(self.value(f, at.to_vec())?)?, at.to_vec(), Way::Forward(f)),
            Mode::Reverse => {
                let level = self.fresh_level();
                let watch = |x: &Value<A>| each_number(*x, &mut |x| Nested::watched(level, x));
                let at: Vec<Value<A>> = at.iter().map(watch).collect();
                let moving = self.of_numbers(self.value(f, at.clone())?)?;
                (each_number(moving, &mut |x| x.at(level).0), at, Way::Back(level, moving))
            }
        };
        Ok(list(&[value, Value::Pullback(leak(Pullback { value, at, way }))], Value::Nil))
    }

    /// The cotangents of the arguments from that of the value.
    pub(super) fn pull<A: Real<Mask = bool> + 'static>(
        &self,
        pullback: &Pullback<A>,
        cotangent: &[Value<A>],
    ) -> Outcome<A> {
        let [cotangent] = cotangent else {
            return Err(self.fault(Code::Arity, "a pullback takes one cotangent"));
        };
        self.same_shape(pullback.value, *cotangent)?;
        let cotangent = numbers(*cotangent);
        let at: Vec<Nested<A>> = pullback.at.iter().flat_map(|x| numbers(*x)).collect();
        let gradient = match pullback.way {
            Way::Forward(procedure) => self.by_directions(procedure, pullback, at.len(), &cotangent)?,
            Way::Back(level, value) => {
                nested::gradient(level, &at, numbers(value).into_iter().zip(cotangent))
            }
        };
        let mut gradient = gradient.into_iter();
        let shaped: Vec<Value<A>> =
            pullback.at.iter().map(|x| each_number(*x, &mut |x| gradient.next().unwrap_or(x))).collect();
        Ok(match shaped[..] {
            [one] => one,
            _ => list(&shaped, Value::Nil),
        })
    }

    /// The gradient by `n` numbers, one after the other.
    fn by_directions<A: Real<Mask = bool> + 'static>(
        &self,
        procedure: Value<A>,
        pullback: &Pullback<A>,
        n: usize,
        cotangent: &[Nested<A>],
    ) -> Result<Vec<Nested<A>>, Fault> {
        let along = |i: usize| {
            let unit: Vec<Nested<A>> = (0..n).map(|k| Nested::lit(f64::from(u8::from(k == i)))).collect();
            let (_, tangent) = self.along(procedure, &pullback.at, &unit)?;
            let terms = numbers(tangent).into_iter().zip(cotangent).map(|(t, ct)| t * *ct);
            Ok(terms.reduce(|a, b| a + b).unwrap_or(Nested::lit(0.0)))
        };
        (0..n).map(along).collect()
    }
}

fn holds_procedure<A: Real + 'static>(value: Value<A>) -> bool {
    match value {
        Value::Prim(_) | Value::Closure(..) | Value::Pullback(_) => true,
        Value::Pair(_) => {
            let mut rest = value;
            while let Value::Pair(pair) = rest {
                if holds_procedure(pair.0) {
                    return true;
                }
                rest = pair.1;
            }
            holds_procedure(rest)
        }
        Value::Vector(items) | Value::Several(items) => items.iter().any(|item| holds_procedure(*item)),
        _ => false,
    }
}

/// Whether the numbers of two values are in the same places.
fn is_shaped_as<A: Real + 'static>(mut a: Value<A>, mut b: Value<A>) -> bool {
    while let (Value::Pair(x), Value::Pair(y)) = (a, b) {
        if !is_shaped_as(x.0, y.0) {
            return false;
        }
        (a, b) = (x.1, y.1);
    }
    match (a, b) {
        (Value::Number(_), Value::Number(_)) | (Value::Nil, Value::Nil) => true,
        (Value::Vector(x), Value::Vector(y)) | (Value::Several(x), Value::Several(y)) => {
            x.len() == y.len() && x.iter().zip(y).all(|(x, y)| is_shaped_as(*x, *y))
        }
        (Value::Numbers(x), Value::Numbers(y)) => x.len() == y.len(),
        (Value::Matrix(x), Value::Matrix(y)) => {
            x.len() == y.len() && x.iter().zip(y).all(|(x, y)| x.len() == y.len())
        }
        _ => !(has_parts(a) || has_parts(b)),
    }
}

/// Whether a value is a number or made of others.
fn has_parts<A: Real + 'static>(value: Value<A>) -> bool {
    matches!(
        value,
        Value::Number(_)
            | Value::Nil
            | Value::Pair(_)
            | Value::Vector(_)
            | Value::Several(_)
            | Value::Numbers(_)
            | Value::Matrix(_)
    )
}

/// The numbers in a value, in order.
fn numbers<A: Real<Mask = bool> + 'static>(value: Value<A>) -> Vec<Nested<A>> {
    let mut all = Vec::new();
    each_number(value, &mut |x| {
        all.push(x);
        x
    });
    all
}

/// The value with a function of each number in its place.
fn each_number<A: Real<Mask = bool> + 'static>(
    value: Value<A>,
    f: &mut impl FnMut(Nested<A>) -> Nested<A>,
) -> Value<A> {
    match value {
        Value::Number(x) => Value::Number(f(x)),
        Value::Pair(_) => {
            let (mut items, mut rest) = (Vec::new(), value);
            while let Value::Pair(pair) = rest {
                items.push(each_number(pair.0, f));
                rest = pair.1;
            }
            let tail = each_number(rest, f);
            list(&items, tail)
        }
        Value::Vector(items) => {
            Value::Vector(leak_all(items.iter().map(|item| each_number(*item, f)).collect()))
        }
        Value::Several(items) => {
            Value::Several(leak_all(items.iter().map(|item| each_number(*item, f)).collect()))
        }
        Value::Numbers(items) => Value::Numbers(leak_all(items.iter().map(|x| f(*x)).collect())),
        Value::Matrix(rows) => {
            let mut row = |row: &&[Nested<A>]| leak_all(row.iter().map(|x| f(*x)).collect());
            Value::Matrix(leak_all(rows.iter().map(&mut row).collect()))
        }
        other => other,
    }
}
