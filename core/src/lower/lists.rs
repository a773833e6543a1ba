//! Lists and general vectors whose length is known.

use super::{Lowering, expr::Site, stop::Stop, value::Val};
use crate::{
    anf::Atom,
    diag::{Code, Diagnostic},
    prim::{Numeric, Scalar, Structural},
    reader::number_text,
};

/// The longest list or vector that a number makes.
const MAX_ITEMS: f64 = 10_000.0;

/// The steps of `car`, `cdr` and their compositions, the last one first.
fn path(row: Structural) -> Option<&'static str> {
    let steps = row.row().called().strip_prefix('c')?.strip_suffix('r')?;
    steps.bytes().all(|b| matches!(b, b'a' | b'd')).then_some(steps)
}

impl<'p> Lowering<'p> {
    /// The call of a row on lists or vectors.
    pub(super) fn on_lists(
        &mut self,
        site: Site<'p>,
        row: Structural,
        values: &[Val<'p>],
    ) -> Result<Val<'p>, Stop<'p>> {
        let name = row.row().called();
        let nil = Val::Nil;
        match row {
            Structural::Cons | Structural::List | Structural::Vector => {}
            row if path(row).is_some() => {}
            row => {
                if let Some(value) = self.on_cursor(site, row, values)? {
                    return Ok(value);
                }
            }
        }
        match (row, values) {
            (Structural::Cons, [a, b]) => Ok(Val::cons(a.clone(), b.clone())),
            (Structural::List, items) => Ok(Val::list(items.to_vec(), nil)),
            (Structural::Length, [list]) => {
                let items = self.items(site, name, 0, list)?;
                Ok(Val::number(items.len() as f64))
            }
            (Structural::Reverse, [list]) => {
                let mut items = self.items(site, name, 0, list)?;
                items.reverse();
                Ok(Val::list(items, nil))
            }
            (Structural::ListCopy, [list]) => {
                let (items, tail) = list.items();
                Ok(Val::list(items, tail))
            }
            (Structural::Last, [list]) => match list.proper().and_then(|mut items| items.pop()) {
                Some(last) => Ok(last),
                None => Err(self.unfit(site, name, 0, "a list of at least one item", list)),
            },
            (Structural::Append, []) => Ok(nil),
            (Structural::Append, [lists @ .., last]) => {
                let mut all = Vec::new();
                for (index, list) in lists.iter().enumerate() {
                    all.extend(self.items(site, name, index, list)?);
                }
                Ok(Val::list(all, last.clone()))
            }
            (Structural::ListRef, [list, Val::Atom(k)]) if k.var().is_some() => match list.items() {
                (items, Val::Nil) => self.at_index(site, name, 1, *k, &items),
                (items, _) if items.is_empty() => Err(self.unfit(site, name, 0, "a list", list)),
                _ => Err(self.general(site.span, format!("`{name}` of pairs that are no list"))),
            },
            (Structural::ListRef | Structural::ListTail, [list, k]) => self.list_tail(site, row, list, k),
            (Structural::MakeList | Structural::MakeVector, [n, rest @ ..]) => {
                let n = self.count(site, name, n)?;
                self.grow(n, site.span)?;
                let items = vec![rest.first().cloned().unwrap_or(Val::Unspecified); n];
                Ok(if row == Structural::MakeList {
                    Val::list(items, nil)
                } else {
                    Val::Vector(items.into())
                })
            }
            (Structural::Iota, [n, rest @ ..]) => self.iota(site, n, rest),
            (Structural::Memq | Structural::Memv | Structural::Member, [item, list])
            | (Structural::Assq | Structural::Assv | Structural::Assoc, [item, list]) => {
                self.search(site, row, item, list)
            }
            (Structural::Vector, items) => Ok(Val::Vector(items.into())),
            (Structural::ListToVector, [list]) => Ok(Val::Vector(self.items(site, name, 0, list)?.into())),
            (Structural::VectorLength, [v]) => {
                let items = self.vector(site, name, 0, v)?;
                Ok(Val::number(items.len() as f64))
            }
            (Structural::VectorToList, [v]) => Ok(Val::list(self.vector(site, name, 0, v)?, nil)),
            (Structural::VectorCopy, [v]) => Ok(Val::Vector(self.vector(site, name, 0, v)?.into())),
            (Structural::VectorRef, [v, Val::Atom(k)]) if k.var().is_some() => {
                let items = self.vector(site, name, 0, v)?;
                self.at_index(site, name, 1, *k, &items)
            }
            (Structural::VectorRef, [v, k]) => {
                let items = self.vector(site, name, 0, v)?;
                let k = self.index(site, name, 1, k, items.len())?;
                Ok(items.get(k).cloned().unwrap_or(nil))
            }
            (Structural::VectorAppend, vectors) => {
                let mut all = Vec::new();
                for (index, vector) in vectors.iter().enumerate() {
                    all.extend(self.vector(site, name, index, vector)?);
                }
                Ok(Val::Vector(all.into()))
            }
            _ => match path(row) {
                Some(path) => {
                    let mut value = values.first().cloned().unwrap_or(nil);
                    let along = matches!(value, Val::Cursor(_));
                    for (before, step) in path.bytes().rev().enumerate() {
                        value = match (&value, step) {
                            (Val::Pair(pair), b'a') => pair.0.clone(),
                            (Val::Pair(pair), _) => pair.1.clone(),
                            (Val::Cursor(cursor), step) => {
                                self.part(site, name, (cursor, along.then_some(before)), step == b'a')?
                            }
                            _ => return Err(self.unfit(site, name, 0, "a pair", &value)),
                        };
                    }
                    Ok(value)
                }
                _ => Err(self.general(site.span, format!("`{name}`"))),
            },
        }
    }

    /// `(list-tail list k)`, or the item that it begins with.
    fn list_tail(
        &mut self,
        site: Site<'p>,
        row: Structural,
        list: &Val<'p>,
        k: &Val<'p>,
    ) -> Result<Val<'p>, Stop<'p>> {
        let name = row.row().called();
        let (items, end) = list.items();
        let past = if row == Structural::ListRef { items.len() } else { items.len() + 1 };
        let is_past = matches!(k, Val::Atom(Atom::Real(x)) if *x >= past as f64 && x.fract() == 0.0);
        if is_past && !matches!(end, Val::Nil) {
            return Err(self.unfit(site, name, 0, "a list", list));
        }
        let mut rest = list.clone();
        for _ in 0..self.index(site, name, 1, k, past)? {
            if let Val::Pair(pair) = &rest {
                let tail = pair.1.clone();
                rest = tail;
            }
        }
        match &rest {
            Val::Pair(pair) if row == Structural::ListRef => Ok(pair.0.clone()),
            _ => Ok(rest),
        }
    }

    fn items(
        &mut self,
        site: Site<'p>,
        name: &str,
        index: usize,
        list: &Val<'p>,
    ) -> Result<Vec<Val<'p>>, Stop<'p>> {
        list.proper().ok_or_else(|| self.unfit(site, name, index, "a list", list))
    }

    fn vector(
        &mut self,
        site: Site<'p>,
        name: &str,
        index: usize,
        vector: &Val<'p>,
    ) -> Result<Vec<Val<'p>>, Stop<'p>> {
        match vector {
            Val::Vector(items) => Ok(items.to_vec()),
            other => Err(self.unfit(site, name, index, "a vector", other)),
        }
    }

    /// A whole number below `end` that is known.
    fn index(
        &mut self,
        site: Site<'p>,
        name: &str,
        argument: usize,
        value: &Val<'p>,
        end: usize,
    ) -> Result<usize, Stop<'p>> {
        let x = match value {
            Val::Atom(Atom::Real(x)) => *x,
            Val::Atom(atom) if self.builder.ty(*atom).scalar == Scalar::Real => {
                return Err(self.general(site.span, format!("`{name}` of a computed number")));
            }
            other => return Err(self.unfit(site, name, argument, "a number", other)),
        };
        if x >= 0.0 && x.fract() == 0.0 && x < end as f64 {
            return Ok(x as usize);
        }
        let message = format!("`{name}` takes a whole number from 0 below {end}, not {}", number_text(x));
        Err(self.wrong(Diagnostic::new(Code::OutOfDomain, site.arg(argument), message)))
    }

    /// How many items a call makes.
    fn count(&mut self, site: Site<'p>, name: &str, value: &Val<'p>) -> Result<usize, Stop<'p>> {
        match value {
            Val::Atom(Atom::Real(n)) if *n > MAX_ITEMS && n.fract() == 0.0 => {
                Err(self.general(site.span, format!("`{name}` of more than {MAX_ITEMS} items")))
            }
            Val::Atom(Atom::Real(n)) if !(*n >= 0.0 && n.fract() == 0.0) => {
                let message = format!("`{name}` takes a whole number from 0, not {}", number_text(*n));
                Err(self.wrong(Diagnostic::new(Code::OutOfDomain, site.arg(0), message)))
            }
            value => self.index(site, name, 0, value, usize::MAX),
        }
    }

    /// `(iota n start step)`.
    fn iota(&mut self, site: Site<'p>, n: &Val<'p>, rest: &[Val<'p>]) -> Result<Val<'p>, Stop<'p>> {
        let n = self.count(site, "iota", n)?;
        self.grow(n.saturating_mul(2), site.span)?;
        let mut numbers = Vec::new();
        for (index, value) in rest.iter().enumerate() {
            match value {
                Val::Atom(atom) if self.builder.ty(*atom).scalar == Scalar::Real => numbers.push(*atom),
                other => return Err(self.unfit(site, "iota", index + 1, "a number", other)),
            }
        }
        let builder = &self.builder;
        let item = |i: usize| {
            let i = Atom::Real(i as f64);
            let moved = numbers.get(1).map_or(i, |step| builder.row(Numeric::Mul, &[i, *step]));
            Val::Atom(numbers.first().map_or(moved, |start| builder.row(Numeric::Add, &[*start, moved])))
        };
        Ok(Val::list((0..n).map(item), Val::Nil))
    }

    /// `memq`, `assq` and their kin, where it is known which item is the first that is the same.
    fn search(
        &mut self,
        site: Site<'p>,
        row: Structural,
        wanted: &Val<'p>,
        list: &Val<'p>,
    ) -> Result<Val<'p>, Stop<'p>> {
        let name = row.row().called();
        let of_pairs = matches!(row, Structural::Assq | Structural::Assv | Structural::Assoc);
        let deep = matches!(row, Structural::Member | Structural::Assoc);
        let mut rest = list.clone();
        while let Val::Pair(pair) = &rest {
            let key = match &pair.0 {
                Val::Pair(entry) if of_pairs => entry.0.clone(),
                other if of_pairs => return Err(self.unfit(site, name, 1, "a list of pairs", other)),
                item => item.clone(),
            };
            match self.same(site, deep, wanted, &key)? {
                Atom::Bool(true) if of_pairs => return Ok(pair.0.clone()),
                Atom::Bool(true) => return Ok(rest),
                Atom::Bool(false) => {}
                _ => return Err(self.general(site.span, format!("`{name}` of a computed number"))),
            }
            let tail = pair.1.clone();
            rest = tail;
        }
        match rest {
            Val::Nil => Ok(Val::truth(false)),
            other => Err(self.unfit(site, name, 1, "a list", &other)),
        }
    }
}
