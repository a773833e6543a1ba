//! Structural rows where the structure is known: they are done while lowering.

use super::{
    Lowering,
    expr::{Site, Tail},
    join::Out,
    stop::Stop,
    value::Val,
};
use crate::{
    anf::{Atom, Block, Failure, Op},
    diag::{Code, Diagnostic},
    kernel::call_it_or_first,
    prim::{Numeric, Scalar, Structural, arrays::Shaped, kinds},
    reader::number_text,
};

impl<'p> Lowering<'p> {
    /// The call of a structural row.
    pub(super) fn structural(
        &mut self,
        site: Site<'p>,
        row: Structural,
        values: Vec<Val<'p>>,
        tail: Tail,
    ) -> Result<Out<'p>, Stop<'p>> {
        let (name, arity) = (row.row().called(), row.row().arity);
        if !arity.accepts(values.len()) {
            let message = format!("`{name}` takes {arity}, given {}", values.len());
            return Err(self.wrong(Diagnostic::new(Code::Arity, site.head, message)));
        }
        match row {
            Structural::Apply => self.apply_to_list(site, values, tail),
            _ => self.row(site, row, values).map(Out::Value),
        }
    }

    /// `(apply f a … l)`.
    fn apply_to_list(
        &mut self,
        site: Site<'p>,
        mut values: Vec<Val<'p>>,
        tail: Tail,
    ) -> Result<Out<'p>, Stop<'p>> {
        let last = values.len() - 1;
        let list = values.pop().unwrap_or(Val::Nil);
        let Some(items) = list.proper() else { return Err(self.unfit(site, "apply", last, "a list", &list)) };
        values.extend(items);
        let callee = values.remove(0);
        self.call(Site { args: &[], ..site }, callee, values, tail)
    }

    fn row(&mut self, site: Site<'p>, row: Structural, values: Vec<Val<'p>>) -> Result<Val<'p>, Stop<'p>> {
        let is = |b: bool| Ok(Val::truth(b));
        let first = values.first().cloned().unwrap_or(Val::Nil);
        let scalar = self.scalar(&first);
        match row {
            Structural::IsNumber | Structural::IsReal | Structural::IsComplex => {
                is(scalar == Some(Scalar::Real))
            }
            Structural::IsBoolean => is(scalar == Some(Scalar::Bool)),
            Structural::IsProcedure => {
                is(matches!(first, Val::Closure(..) | Val::Prim(_) | Val::Pullback(..)))
            }
            Structural::IsPair | Structural::IsNull if let Val::Cursor(cursor) = &first => {
                Ok(Val::Atom(self.is_at(cursor, row == Structural::IsPair)))
            }
            Structural::IsPair => is(matches!(first, Val::Pair(_))),
            Structural::IsNull => is(matches!(first, Val::Nil)),
            Structural::IsList => is(first.is_list()),
            Structural::IsSymbol => is(matches!(first, Val::Symbol(_))),
            Structural::IsString => is(matches!(first, Val::Str(_))),
            Structural::IsChar => is(matches!(first, Val::Char(_))),
            Structural::IsVector => is(matches!(first, Val::Vector(_))),
            Structural::IsVec => {
                is(matches!(&first, Val::Array(array) if matches!(**array, Shaped::Vector(_))))
            }
            Structural::IsMat => {
                is(matches!(&first, Val::Array(array) if matches!(**array, Shaped::Matrix { .. })))
            }
            Structural::Not => match first {
                Val::Atom(atom) if scalar == Some(Scalar::Bool) => {
                    let not = self.builder.row(Numeric::Not, &[atom]);
                    let sides = [true, false].map(|holds| self.implied(atom, holds));
                    self.implies(not, sides);
                    Ok(Val::Atom(not))
                }
                _ => is(false),
            },
            Structural::Eq | Structural::Eqv | Structural::Equal => {
                self.same(site, row == Structural::Equal, &values[0], &values[1]).map(Val::Atom)
            }
            Structural::IsInteger | Structural::IsRational if scalar != Some(Scalar::Real) => is(false),
            Structural::IsInteger
            | Structural::IsRational
            | Structural::IsExact
            | Structural::IsExactInteger
            | Structural::IsInexact
            | Structural::IsInfinite
            | Structural::Exact
            | Structural::InexactToExact => self.on_number(site, row, &first),
            Structural::SymbolEq | Structural::StringEq | Structural::CharEq => {
                self.all_same(site, row, &values)
            }
            Structural::Values => Ok(match <[Val<'p>; 1]>::try_from(values) {
                Ok([one]) => one,
                Err(several) => Val::Values(several.into()),
            }),
            Structural::ValuesList => Ok(match first {
                Val::Values(several) => Val::list(several.to_vec(), Val::Nil),
                one => Val::list([one], Val::Nil),
            }),
            Structural::Jvp => self.jvp(site, &values),
            Structural::Vjp => self.vjp(site, &values),
            Structural::WrongType => match (&values[0], &values[1]) {
                (Val::Symbol(name), Val::Str(wanted)) => {
                    let (name, wanted) = (name.clone(), wanted.clone());
                    Err(self.unfit(Site { args: &[], ..site }, &name, 0, &wanted, &values[2]))
                }
                _ => Err(self.general(site.span, "an error about data")),
            },
            Structural::Refuse => Err(self.refuse(site, &values)),
            Structural::Error => Err(self.raise(site, &values)),
            _ => self.on_lists(site, row, &values),
        }
    }

    /// The type of a number or truth value.
    fn scalar(&self, value: &Val<'p>) -> Option<Scalar> {
        match value {
            Val::Atom(atom) => Some(self.builder.ty(*atom).scalar),
            _ => None,
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
        if found.is_open() {
            return self.unknown_place(site, name);
        }
        let given = found.noun(&self.builder);
        let message = format!("`{name}` takes {wanted}, but was given {given}");
        let error = Diagnostic::new(Code::WrongType, site.arg(index), message);
        let of_procedure = (given == "a procedure").then(|| call_it_or_first(name)).flatten();
        self.wrong(match of_procedure.or_else(|| kinds::hint(wanted, given).map(Into::into)) {
            Some(hint) => error.hint(hint),
            None => error,
        })
    }

    /// Rows that ask of what kind a number is.
    fn on_number(&mut self, site: Site<'p>, row: Structural, value: &Val<'p>) -> Result<Val<'p>, Stop<'p>> {
        let name = row.row().called();
        let x = match value {
            Val::Atom(atom) if self.scalar(value) == Some(Scalar::Real) => *atom,
            other => return Err(self.unfit(site, name, 0, "a number", other)),
        };
        let builder = &self.builder;
        let integral = || builder.row(Numeric::IsInteger, &[x]);
        Ok(Val::Atom(match row {
            Structural::IsRational => builder.row(Numeric::IsFinite, &[x]),
            Structural::IsInexact => builder.row(Numeric::Not, &[integral()]),
            Structural::IsInfinite => {
                let finite = builder.row(Numeric::IsFinite, &[x]);
                let either = builder.row(Numeric::Or, &[finite, builder.row(Numeric::IsNan, &[x])]);
                builder.row(Numeric::Not, &[either])
            }
            Structural::Exact | Structural::InexactToExact => {
                let message = format!("`{name}` takes an integral number, not");
                let is_integral = integral();
                self.require(is_integral, Code::OutOfDomain, message, site.arg(0), &[x])?;
                x
            }
            _ => integral(),
        }))
    }

    /// Ends the runs in which a condition does not hold.
    pub(super) fn require(
        &mut self,
        condition: Atom,
        code: Code,
        message: String,
        span: crate::span::Span,
        irritants: &[Atom],
    ) -> Result<(), Stop<'p>> {
        match condition {
            Atom::Bool(true) => return Ok(()),
            Atom::Bool(false) => {
                let given = irritants.iter().map(|atom| match atom {
                    Atom::Real(x) => format!(" {}", number_text(*x)),
                    _ => String::new(),
                });
                let message = given.fold(message, |message, given| message + &given);
                return Err(self.wrong(Diagnostic::new(code, span, message)));
            }
            _ => {}
        }
        let outer = self.builder.enter();
        self.builder.push(Op::Fail(Failure { code, message: message.into(), span }), irritants.to_vec(), &[]);
        let fails = Block { insts: self.builder.leave(outer), results: Vec::new() };
        self.builder.choose(condition, Block::default(), fails, &[]);
        Ok(())
    }

    /// `symbol=?` and its kin: known data of one kind, all the same.
    fn all_same(&mut self, site: Site<'p>, row: Structural, values: &[Val<'p>]) -> Result<Val<'p>, Stop<'p>> {
        let mut all = true;
        for (index, value) in values.iter().enumerate() {
            let same = match (row, value, &values[0]) {
                (Structural::SymbolEq, Val::Symbol(a), Val::Symbol(b)) => a == b,
                (Structural::StringEq, Val::Str(a), Val::Str(b)) => a == b,
                (Structural::CharEq, Val::Char(a), Val::Char(b)) => a == b,
                _ => {
                    let wanted = match row {
                        Structural::SymbolEq => "a symbol",
                        Structural::StringEq => "a string",
                        _ => "a character",
                    };
                    return Err(self.unfit(site, row.row().called(), index, wanted, value));
                }
            };
            all &= same;
        }
        Ok(Val::truth(all))
    }

    /// `(%refuse family name hint part …)`: numbers that only a run tells come last, or the program is general.
    fn refuse(&mut self, site: Site<'p>, values: &[Val<'p>]) -> Stop<'p> {
        let [Val::Symbol(family), Val::Symbol(name), Val::Str(hint), parts @ ..] = values else {
            return self.general(site.span, "an error about data");
        };
        let code = Code::of_refusal(family);
        let mut message = format!("`{name}` ");
        let mut irritants = Vec::new();
        for part in parts {
            match part {
                Val::Atom(atom) if !matches!(atom, Atom::Real(_)) => irritants.push(*atom),
                _ if !irritants.is_empty() => return self.general(site.span, "an error about data"),
                Val::Str(text) => message.push_str(text),
                Val::Atom(Atom::Real(x)) => message.push_str(&number_text(*x)),
                Val::Cursor(_) => return self.general(site.span, "an error about data"),
                other => message.push_str(other.noun(&self.builder)),
            }
        }
        if irritants.is_empty() {
            return self.wrong(Diagnostic::new(code, site.span, message).hint(&**hint));
        }
        let failure = Failure { code, message: message.trim_end().into(), span: site.span };
        self.builder.push(Op::Fail(failure), irritants, &[]);
        Stop::Never
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
