//! Rows on general values, by definition (R7RS 6). Those that test programs use.

use super::{Outcome, Run, Value, is_true, leak_all, list};
use crate::{diag::Code, reader::number_text, real::Real, reference::nested::Nested};

impl Run {
    /// The row of this name.
    pub(super) fn general<A: Real<Mask = bool> + 'static>(
        &self,
        name: &'static str,
        x: &[Value<A>],
    ) -> Outcome<A> {
        let truth = |b: bool| Ok(Value::Bool(b));
        let count = |n: usize| Ok(Value::Number(Nested::lit(n as f64)));
        let text = |text: String| Ok(Value::Str(String::leak(text)));
        match (name, x) {
            ("cons", [a, b]) => Ok(list(&[*a], *b)),
            (path, [pair]) if is_path(path) => {
                let letters = path[1..path.len() - 1].bytes().rev();
                letters.into_iter().try_fold(*pair, |value, letter| match value {
                    Value::Pair(pair) => Ok(if letter == b'a' { pair.0 } else { pair.1 }),
                    _ => self.wrong_type(name),
                })
            }
            ("list", all) => Ok(list(all, Value::Nil)),
            ("values", [one]) => Ok(*one),
            ("values", all) => Ok(Value::Several(leak_all(all.to_vec()))),
            ("%values->list", [Value::Several(all)]) => Ok(list(all, Value::Nil)),
            ("%values->list", [one]) => Ok(list(&[*one], Value::Nil)),
            ("length", [l]) => count(self.items(*l, name)?.len()),
            ("append", []) => Ok(Value::Nil),
            ("append", [lists @ .., last]) => {
                let mut all = Vec::new();
                for l in lists {
                    all.extend(self.items(*l, name)?);
                }
                Ok(list(&all, *last))
            }
            ("reverse", [l]) => {
                let mut items = self.items(*l, name)?;
                items.reverse();
                Ok(list(&items, Value::Nil))
            }
            ("list-tail", [l, k]) => {
                let mut rest = *l;
                for _ in 0..self.index(*k, usize::MAX, name)? {
                    let Value::Pair(pair) = rest else {
                        return Err(self.fault(Code::OutOfDomain, "no such tail"));
                    };
                    rest = pair.1;
                }
                Ok(rest)
            }
            ("list-ref", [_, _]) => match self.general("list-tail", x)? {
                Value::Pair(pair) => Ok(pair.0),
                _ => Err(self.fault(Code::OutOfDomain, "no such item")),
            },
            ("last", [l]) => match self.items(*l, name)?.last() {
                Some(item) => Ok(*item),
                None => self.wrong_type(name),
            },
            ("list-copy", [l]) => Ok(*l),
            ("make-list", [n, fill]) => Ok(list(&vec![*fill; self.index(*n, usize::MAX, name)?], Value::Nil)),
            ("iota", [n, more @ ..]) => {
                let number = |i: usize, default: f64| match more.get(i) {
                    Some(Value::Number(x)) => *x,
                    _ => Nested::lit(default),
                };
                let n = self.index(*n, usize::MAX, name)?;
                let at = |i: usize| Value::Number(number(0, 0.0) + Nested::lit(i as f64) * number(1, 1.0));
                Ok(list(&(0..n).map(at).collect::<Vec<_>>(), Value::Nil))
            }
            ("memq" | "memv" | "%member", [x, l]) => {
                let same = if name == "%member" { equal } else { eqv };
                let mut rest = *l;
                while let Value::Pair(pair) = rest {
                    if same(*x, pair.0) {
                        return Ok(rest);
                    }
                    rest = pair.1;
                }
                truth(false)
            }
            ("assq" | "assv" | "%assoc", [x, l]) => {
                let same = if name == "%assoc" { equal } else { eqv };
                for item in self.items(*l, name)? {
                    match item {
                        Value::Pair(pair) if same(*x, pair.0) => return Ok(item),
                        Value::Pair(_) => {}
                        _ => return self.wrong_type(name),
                    }
                }
                truth(false)
            }
            ("not", [x]) => truth(!is_true(*x)),
            ("eq?" | "eqv?", [a, b]) => truth(eqv(*a, *b)),
            ("equal?", [a, b]) => truth(equal(*a, *b)),
            ("pair?", [x]) => truth(matches!(x, Value::Pair(_))),
            ("null?", [x]) => truth(matches!(x, Value::Nil)),
            ("list?", [x]) => truth(self.items(*x, name).is_ok()),
            ("symbol?", [x]) => truth(matches!(x, Value::Symbol(_))),
            ("string?", [x]) => truth(matches!(x, Value::Str(_))),
            ("char?", [x]) => truth(matches!(x, Value::Char(_))),
            ("boolean?", [x]) => truth(matches!(x, Value::Bool(_))),
            ("vector?", [x]) => truth(matches!(x, Value::Vector(_))),
            ("number?" | "real?", [x]) => truth(matches!(x, Value::Number(_))),
            ("procedure?", [x]) => {
                truth(matches!(x, Value::Closure(..) | Value::Prim(_) | Value::Pullback(_)))
            }
            ("vector", all) => Ok(Value::Vector(leak_all(all.to_vec()))),
            ("make-vector", [n, fill]) => {
                Ok(Value::Vector(leak_all(vec![*fill; self.index(*n, usize::MAX, name)?])))
            }
            ("vector-length", [Value::Vector(v)]) => count(v.len()),
            ("vector-ref", [Value::Vector(v), i]) => Ok(v[self.index(*i, v.len(), name)?]),
            ("vector->list", [Value::Vector(v)]) => Ok(list(v, Value::Nil)),
            ("list->vector", [l]) => Ok(Value::Vector(leak_all(self.items(*l, name)?))),
            ("string-append", all) => {
                let mut whole = String::new();
                for part in all {
                    match part {
                        Value::Str(part) => whole.push_str(part),
                        _ => return self.wrong_type(name),
                    }
                }
                text(whole)
            }
            ("string-length", [Value::Str(s)]) => count(s.chars().count()),
            ("string->list", [Value::Str(s)]) => {
                Ok(list(&s.chars().map(Value::Char).collect::<Vec<_>>(), Value::Nil))
            }
            ("list->string", [l]) => {
                let items = self.items(*l, name)?.into_iter().map(|item| match item {
                    Value::Char(c) => Ok(c),
                    _ => self.wrong_type(name),
                });
                text(items.collect::<Result<String, _>>()?)
            }
            ("char=?", [Value::Char(a), Value::Char(b)]) => truth(a == b),
            ("string=?", [Value::Str(a), Value::Str(b)]) => truth(a == b),
            ("symbol->string", [Value::Symbol(s)]) => Ok(Value::Str(s)),
            ("string->symbol", [Value::Str(s)]) => Ok(Value::Symbol(s)),
            ("number->string", [Value::Number(x)]) => text(number_text(x.primal())),
            ("string->number", [Value::Str(s)]) => Ok(match s.parse() {
                Ok(x) => Value::Number(Nested::lit(x)),
                Err(_) => Value::Bool(false),
            }),
            ("error", _) => Err(self.fault(Code::Raised, "raised")),
            _ => self.wrong_type(name),
        }
    }
}

/// Whether the name is `car`, `cdr` or a composition of them.
fn is_path(name: &str) -> bool {
    let inner = name.strip_prefix('c').and_then(|rest| rest.strip_suffix('r'));
    inner.is_some_and(|letters| !letters.is_empty() && letters.bytes().all(|b| b == b'a' || b == b'd'))
}

fn eqv<A: Real<Mask = bool> + 'static>(a: Value<A>, b: Value<A>) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.eqv(b),
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Char(a), Value::Char(b)) => a == b,
        (Value::Symbol(a), Value::Symbol(b)) => a == b,
        (Value::Nil, Value::Nil) | (Value::Unspecified, Value::Unspecified) => true,
        (Value::Str(a), Value::Str(b)) => std::ptr::eq(a, b),
        (Value::Pair(a), Value::Pair(b)) => std::ptr::eq(a, b),
        (Value::Vector(a), Value::Vector(b)) => std::ptr::eq(a, b),
        (Value::Prim(a), Value::Prim(b)) => a == b,
        (Value::Numbers(_), Value::Numbers(_)) | (Value::Matrix(_), Value::Matrix(_)) => equal(a, b),
        _ => false,
    }
}

fn equal<A: Real<Mask = bool> + 'static>(a: Value<A>, b: Value<A>) -> bool {
    match (a, b) {
        (Value::Pair(a), Value::Pair(b)) => equal(a.0, b.0) && equal(a.1, b.1),
        (Value::Vector(a), Value::Vector(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(*a, *b))
        }
        (Value::Str(a), Value::Str(b)) => a == b,
        (Value::Numbers(a), Value::Numbers(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.eqv(*b))
        }
        (Value::Matrix(a), Value::Matrix(b)) => {
            let rows = a.iter().copied().zip(b.iter().copied());
            a.len() == b.len() && rows.into_iter().all(|(a, b)| equal(Value::Numbers(a), Value::Numbers(b)))
        }
        _ => eqv(a, b),
    }
}
