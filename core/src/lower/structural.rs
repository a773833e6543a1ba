//! Structural rows where the structure is known: they are done while lowering.

use super::{Lowering, expr::Site, join::Out, stop::Stop, value::Val};
use crate::{
    anf::{Atom, Failure, Op},
    diag::{Code, Diagnostic},
    prim::{Numeric, Scalar, Structural, arrays::Shaped},
};

/// Whether two values are the same.
enum Same {
    Known(bool),
    Computed(Atom),
}

impl<'p> Lowering<'p> {
    /// The call of a structural row.
    pub(super) fn structural(
        &mut self,
        site: Site<'p>,
        row: Structural,
        values: Vec<Val<'p>>,
        tail: bool,
    ) -> Result<Out<'p>, Stop<'p>> {
        let (name, arity) = (row.row().name, row.row().arity);
        if !arity.accepts(values.len()) {
            let message = format!("`{name}` takes {arity}, given {}", values.len());
            return Err(self.wrong(Diagnostic::new(Code::Arity, site.head, message)));
        }
        if row == Structural::Apply {
            return self.apply_to_list(site, values, tail);
        }
        self.row(site, row, &values).map(Out::Value)
    }

    /// `(apply f a … l)`.
    fn apply_to_list(
        &mut self,
        site: Site<'p>,
        mut values: Vec<Val<'p>>,
        tail: bool,
    ) -> Result<Out<'p>, Stop<'p>> {
        let last = values.len() - 1;
        let list = values.pop().unwrap_or(Val::Nil);
        let Some(items) = list.proper() else { return Err(self.unfit(site, "apply", last, "a list", &list)) };
        values.extend(items);
        let callee = values.remove(0);
        self.call(Site { args: &[], ..site }, callee, values, tail)
    }

    fn row(&mut self, site: Site<'p>, row: Structural, values: &[Val<'p>]) -> Result<Val<'p>, Stop<'p>> {
        let name = row.row().name;
        let is = |b: bool| Ok(Val::truth(b));
        let first = values.first().cloned().unwrap_or(Val::Nil);
        let scalar = match &first {
            Val::Atom(atom) => Some(self.builder.ty(*atom).scalar),
            _ => None,
        };
        match row {
            Structural::IsNumber | Structural::IsReal => is(scalar == Some(Scalar::Real)),
            Structural::IsBoolean => is(scalar == Some(Scalar::Bool)),
            Structural::IsProcedure => is(matches!(first, Val::Closure(..) | Val::Prim(_))),
            Structural::IsPair => is(matches!(first, Val::Pair(_))),
            Structural::IsNull => is(matches!(first, Val::Nil)),
            Structural::IsList => is(first.proper().is_some()),
            Structural::IsSymbol => is(matches!(first, Val::Symbol(_))),
            Structural::IsString => is(matches!(first, Val::Str(_))),
            Structural::IsVec => {
                is(matches!(&first, Val::Array(array) if matches!(**array, Shaped::Vector(_))))
            }
            Structural::IsMat => {
                is(matches!(&first, Val::Array(array) if matches!(**array, Shaped::Matrix { .. })))
            }
            Structural::IsChar => is(matches!(first, Val::Char(_))),
            Structural::Not => match first {
                Val::Atom(atom) if scalar == Some(Scalar::Bool) => {
                    Ok(Val::Atom(self.builder.row(Numeric::Not, &[atom])))
                }
                _ => is(false),
            },
            Structural::Eq | Structural::Eqv | Structural::Equal => {
                let same = self.same(site, row, &values[0], &values[1])?;
                Ok(Val::Atom(self.truth(same)))
            }
            Structural::Cons => Ok(Val::cons(values[0].clone(), values[1].clone())),
            Structural::List => Ok(Val::list(values.to_vec(), Val::Nil)),
            Structural::Length => match first.proper() {
                Some(items) => Ok(Val::number(items.len() as f64)),
                None => Err(self.unfit(site, name, 0, "a list", &first)),
            },
            Structural::Reverse => match first.proper() {
                Some(mut items) => {
                    items.reverse();
                    Ok(Val::list(items, Val::Nil))
                }
                None => Err(self.unfit(site, name, 0, "a list", &first)),
            },
            Structural::Append => self.append(site, values),
            Structural::ListRef | Structural::ListTail => self.in_list(site, row, values),
            Structural::Memq => self.search(site, row, values, |item| Some(item.clone())),
            Structural::Assq => self.search(site, row, values, |item| match item {
                Val::Pair(pair) => Some(pair.0.clone()),
                _ => None,
            }),
            Structural::WrongType => match (&values[0], &values[1]) {
                (Val::Symbol(name), Val::Str(wanted)) => {
                    let found = values[2].noun(&self.builder);
                    let message = format!("`{name}` takes {wanted}, but was given {found}");
                    Err(self.wrong(Diagnostic::new(Code::WrongType, site.span, message)))
                }
                _ => Err(self.general(site.span, format!("`{name}`"))),
            },
            Structural::Error => Err(self.raise(site, values)),
            _ => match name.strip_prefix('c').and_then(|rest| rest.strip_suffix('r')) {
                Some(path) if path.bytes().all(|b| matches!(b, b'a' | b'd')) => {
                    path.bytes().rev().try_fold(first.clone(), |value, step| match (&value, step) {
                        (Val::Pair(pair), b'a') => Ok(pair.0.clone()),
                        (Val::Pair(pair), _) => Ok(pair.1.clone()),
                        _ => Err(self.unfit(site, name, 0, "a pair", &value)),
                    })
                }
                _ => Err(self.general(site.span, format!("`{name}`"))),
            },
        }
    }

    /// The error of an operand of the wrong type.
    pub(super) fn unfit(
        &mut self,
        site: Site<'p>,
        name: &str,
        index: usize,
        wanted: &str,
        found: &Val<'p>,
    ) -> Stop<'p> {
        let message = format!("`{name}` wants {wanted}, given {}", found.noun(&self.builder));
        self.wrong(Diagnostic::new(Code::WrongType, site.arg(index), message))
    }

    fn append(&mut self, site: Site<'p>, values: &[Val<'p>]) -> Result<Val<'p>, Stop<'p>> {
        let Some((last, lists)) = values.split_last() else { return Ok(Val::Nil) };
        let mut all = Vec::new();
        for (index, list) in lists.iter().enumerate() {
            match list.proper() {
                Some(items) => all.extend(items),
                None => return Err(self.unfit(site, "append", index, "a list", list)),
            }
        }
        Ok(Val::list(all, last.clone()))
    }

    /// `list-ref` and `list-tail` at a known index.
    fn in_list(&mut self, site: Site<'p>, row: Structural, values: &[Val<'p>]) -> Result<Val<'p>, Stop<'p>> {
        let name = row.row().name;
        let k = match &values[1] {
            Val::Atom(Atom::Real(k)) => *k,
            Val::Atom(atom) if self.builder.ty(*atom).scalar == Scalar::Real => {
                return Err(self.general(site.span, format!("`{name}` with a computed index")));
            }
            other => return Err(self.unfit(site, name, 1, "a number", other)),
        };
        let (items, tail) = values[0].items();
        let is_in = match row {
            Structural::ListRef => k < items.len() as f64,
            _ => k <= items.len() as f64,
        };
        if !is_in || k < 0.0 || k.fract() != 0.0 {
            let message = format!("`{name}` wants an index within a list of {}, given {k}", items.len());
            return Err(self.wrong(Diagnostic::new(Code::OutOfDomain, site.arg(1), message)));
        }
        let mut rest = items.into_iter().skip(k as usize);
        match row {
            Structural::ListRef => Ok(rest.next().unwrap_or(Val::Nil)),
            _ => Ok(Val::list(rest.collect::<Vec<_>>(), tail)),
        }
    }

    /// `memq` and `assq`, where it is known which item is the first that is the same.
    fn search(
        &mut self,
        site: Site<'p>,
        row: Structural,
        values: &[Val<'p>],
        key: impl Fn(&Val<'p>) -> Option<Val<'p>>,
    ) -> Result<Val<'p>, Stop<'p>> {
        let name = row.row().name;
        let mut rest = values[1].clone();
        while let Val::Pair(pair) = &rest {
            let Some(key) = key(&pair.0) else {
                return Err(self.unfit(site, name, 1, "a list of pairs", &pair.0));
            };
            match self.same(site, Structural::Eqv, &values[0], &key)? {
                Same::Known(true) if row == Structural::Assq => return Ok(pair.0.clone()),
                Same::Known(true) => return Ok(rest),
                Same::Known(false) => {}
                Same::Computed(_) => {
                    return Err(self.general(site.span, format!("`{name}` of a computed number")));
                }
            }
            let tail = pair.1.clone();
            rest = tail;
        }
        match rest {
            Val::Nil => Ok(Val::truth(false)),
            other => Err(self.unfit(site, name, 1, "a list", &other)),
        }
    }

    /// Whether two values are the same, as `eqv?` or `equal?` says.
    fn same(&mut self, site: Site<'p>, row: Structural, a: &Val<'p>, b: &Val<'p>) -> Result<Same, Stop<'p>> {
        let mut all = Same::Known(true);
        let mut todo = vec![(a.clone(), b.clone())];
        while let Some((a, b)) = todo.pop() {
            let deep = row == Structural::Equal;
            let known = match (&a, &b) {
                (Val::Atom(a), Val::Atom(b)) => match self.same_atoms(*a, *b) {
                    Atom::Bool(known) => known,
                    atom => {
                        let before = self.truth(all);
                        all = Same::Computed(self.builder.row(Numeric::And, &[before, atom]));
                        continue;
                    }
                },
                (Val::Array(a), Val::Array(b)) => {
                    let elements = a.items().iter().zip(b.items());
                    todo.extend(elements.map(|(a, b)| (Val::Atom(*a), Val::Atom(*b))));
                    a.shape() == b.shape()
                }
                (Val::Pair(a), Val::Pair(b)) if deep => {
                    todo.push((a.1.clone(), b.1.clone()));
                    todo.push((a.0.clone(), b.0.clone()));
                    true
                }
                (Val::Vector(a), Val::Vector(b)) if deep => {
                    todo.extend(a.iter().cloned().zip(b.iter().cloned()));
                    a.len() == b.len()
                }
                (Val::Str(a), Val::Str(b)) if deep => a == b,
                (Val::Nil, Val::Nil) | (Val::Unspecified, Val::Unspecified) => true,
                (Val::Symbol(a), Val::Symbol(b)) => a == b,
                (Val::Char(a), Val::Char(b)) => a == b,
                (Val::Prim(a), Val::Prim(b)) => a == b,
                (Val::Pair(_), Val::Pair(_))
                | (Val::Vector(_), Val::Vector(_))
                | (Val::Str(_), Val::Str(_))
                | (Val::Closure(_), Val::Closure(_)) => {
                    let what = format!("whether two of {} are identical", a.noun(&self.builder));
                    return Err(self.general(site.span, what));
                }
                _ => false,
            };
            if !known {
                return Ok(Same::Known(false));
            }
        }
        Ok(all)
    }

    fn truth(&self, same: Same) -> Atom {
        match same {
            Same::Known(known) => Atom::Bool(known),
            Same::Computed(atom) => atom,
        }
    }

    /// Whether two numbers or truth values are the same.
    fn same_atoms(&mut self, a: Atom, b: Atom) -> Atom {
        let builder = &self.builder;
        match (builder.ty(a).scalar, builder.ty(b).scalar) {
            (Scalar::Real, Scalar::Real) => builder.row(Numeric::Eqv, &[a, b]),
            (Scalar::Bool, Scalar::Bool) => {
                let both = builder.row(Numeric::And, &[a, b]);
                let either = builder.row(Numeric::Or, &[a, b]);
                let neither = builder.row(Numeric::Not, &[either]);
                builder.row(Numeric::Or, &[both, neither])
            }
            _ => Atom::Bool(false),
        }
    }

    /// `(error message irritant …)`.
    fn raise(&mut self, site: Site<'p>, values: &[Val<'p>]) -> Stop<'p> {
        let mut message = String::new();
        let mut irritants = Vec::new();
        for (index, value) in values.iter().enumerate() {
            match value {
                Val::Str(text) if index == 0 => message.push_str(text),
                Val::Symbol(name) if index == 0 => message.push_str(name),
                Val::Atom(atom) if index > 0 => irritants.push(*atom),
                other => {
                    let what = format!("an error about {}", other.noun(&self.builder));
                    return self.general(site.span, what);
                }
            }
        }
        let failure = Failure { code: Code::Raised, message: message.into(), span: site.span };
        self.builder.push(Op::Fail(failure), irritants, &[]);
        Stop::Never
    }
}
