//! Structural rows on the machine: one exhaustive match, with the families in modules of their own.
//!
//! What every row keeps to: no recursion of the host; steps charged in proportion to the work; sizes
//! checked against the limits before anything is built; no failure but a [`Fault`] that names the row.

use super::{Fault, Machine};
use crate::value::{Value, View};
use scheme_core::{
    diag::Code,
    prim::{Arity, Prim, Structural},
};
use std::cmp::Ordering;

/// What `features` gives.
const FEATURES: [&str; 3] = ["ieee-float", "full-unicode", "scheme-grad"];

/// How many bytes the text of a program's own error may have before it is cut off.
const LONGEST_ERROR: usize = 1 << 16;

/// How many bytes of a string the messages of the prelude show.
const MOST_SHOWN: usize = 1 << 10;

/// Applies a row to as many arguments as it takes, which callers have checked.
pub(super) fn apply(
    machine: &mut Machine,
    row: Structural,
    arguments: &[Value],
    at: u32,
) -> Result<Value, Box<Fault>> {
    use Structural as S;
    let who = row.row().called();
    let x = |i: usize| arguments.get(i).copied().unwrap_or(Value::UNSPECIFIED);
    let from = |i: usize| arguments.get(i..).unwrap_or_default();
    let truth = |b: bool| Ok(Value::bool(b));
    let m = machine;
    // What the errors of procedures in Scheme say is taken.
    let expected =
        |m: &Machine| if let View::Str(_) = x(1).view() { m.shown(x(1), MOST_SHOWN) } else { String::new() };
    match row {
        S::Cons => m.cons(x(0), x(1), 0, at),
        S::Car | S::Cdr | S::Caar | S::Cadr | S::Cdar | S::Cddr => m.path(who, x(0), at),
        S::Caaar | S::Caadr | S::Cadar | S::Caddr => m.path(who, x(0), at),
        S::Cdaar | S::Cdadr | S::Cddar | S::Cdddr => m.path(who, x(0), at),
        S::Caaaar | S::Caaadr | S::Caadar | S::Caaddr => m.path(who, x(0), at),
        S::Cadaar | S::Cadadr | S::Caddar | S::Cadddr => m.path(who, x(0), at),
        S::Cdaaar | S::Cdaadr | S::Cdadar | S::Cdaddr => m.path(who, x(0), at),
        S::Cddaar | S::Cddadr | S::Cdddar | S::Cddddr => m.path(who, x(0), at),
        S::List => m.list(arguments, Value::NIL, at),
        S::MakeList => m.make_list(x(0), x(1), who, at),
        S::Length => Ok(Value::num(m.walk(x(0), who, at)? as f64)),
        S::Append => m.append(arguments, who, at),
        S::Reverse => m.reverse(x(0), who, at),
        S::ListRef => m.item(x(0), x(1), who, at),
        S::ListTail => m.tail(x(0), x(1), who, at),
        S::ListCopy => m.list_copy(x(0), at),
        S::Last => m.last(x(0), who, at),
        S::Memq | S::Memv => m.find_item(x(0), x(1), Machine::is_same, who, at),
        S::Member => m.find_item(x(0), x(1), Machine::is_equal, who, at),
        S::Assq | S::Assv => m.find_entry(x(0), x(1), Machine::is_same, who, at),
        S::Assoc => m.find_entry(x(0), x(1), Machine::is_equal, who, at),
        S::Iota => m.iota(arguments, who, at),
        S::IsPair => truth(x(0).is_pair()),
        S::IsNull => truth(x(0).is_null()),
        S::IsList => truth(m.is_list(x(0))?),

        S::Not => Ok(m.negated(x(0))),
        S::Eq | S::Eqv => m.same_value(x(0), x(1)),
        S::Equal => m.equal_value(x(0), x(1)),
        S::IsBoolean => truth(matches!(x(0).view(), View::Bool(_))),
        S::BooleanEq => m.all_same(arguments, |v| matches!(v, View::Bool(_)), "booleans", who, at),
        S::IsSymbol => truth(matches!(x(0).view(), View::Symbol(_))),
        S::SymbolEq => m.all_same(arguments, |v| matches!(v, View::Symbol(_)), "symbols", who, at),
        S::SymbolToString => {
            let name = m.symbol_name(x(0), who, at)?;
            m.new_string(&name, at)
        }
        S::StringToSymbol => {
            let name = m.text_of(x(0), who, at)?;
            m.intern(&name, at)
        }
        S::IsProcedure => truth(x(0).is_procedure()),

        S::IsNumber | S::IsComplex | S::IsReal => truth(x(0).is_number()),
        S::IsRational | S::IsInteger if !x(0).is_number() => truth(false),
        S::IsRational | S::IsInteger | S::IsExact | S::IsExactInteger | S::IsInexact | S::IsInfinite => {
            m.kind_of_number(row, x(0), who, at)
        }
        S::Exact | S::InexactToExact => m.exact(x(0), who, at),
        S::Numerator => m.fraction(x(0), who, at).map(|(above, _)| Value::num(above)),
        S::Denominator => m.fraction(x(0), who, at).map(|(_, below)| Value::num(below)),
        S::Gcd => m.gcd(arguments, who, at),
        S::Lcm => m.lcm(arguments, who, at),
        S::ExactIntegerSqrt => {
            let (root, rest) = m.integer_sqrt(x(0), who, at)?;
            m.values(&[Value::num(root), Value::num(rest)], at)
        }
        S::Rationalize => m.rationalize(x(0), x(1), who, at),
        S::NumberToString => m.number_to_string(x(0), arguments.get(1), who, at),
        S::StringToNumber => m.string_to_number(x(0), arguments.get(1), who, at),

        S::IsVec => truth(matches!(x(0).view(), View::Numbers(_))),
        S::IsMat => truth(matches!(x(0).view(), View::Matrix(_))),

        S::IsChar => truth(matches!(x(0).view(), View::Char(_))),
        S::CharEq => m.compare_chars(arguments, false, Ordering::is_eq, who, at),
        S::CharLess => m.compare_chars(arguments, false, Ordering::is_lt, who, at),
        S::CharGreater => m.compare_chars(arguments, false, Ordering::is_gt, who, at),
        S::CharLessEq => m.compare_chars(arguments, false, Ordering::is_le, who, at),
        S::CharGreaterEq => m.compare_chars(arguments, false, Ordering::is_ge, who, at),
        S::CharCiEq => m.compare_chars(arguments, true, Ordering::is_eq, who, at),
        S::CharCiLess => m.compare_chars(arguments, true, Ordering::is_lt, who, at),
        S::CharCiGreater => m.compare_chars(arguments, true, Ordering::is_gt, who, at),
        S::CharCiLessEq => m.compare_chars(arguments, true, Ordering::is_le, who, at),
        S::CharCiGreaterEq => m.compare_chars(arguments, true, Ordering::is_ge, who, at),
        S::IsAlphabetic
        | S::IsNumeric
        | S::IsWhitespace
        | S::IsUpperCase
        | S::IsLowerCase
        | S::CharUpcase
        | S::CharDowncase
        | S::CharFoldcase
        | S::DigitValue
        | S::CharToInteger => m.of_char(row, x(0), who, at),
        S::IntegerToChar => m.integer_to_char(x(0), who, at),

        S::IsString => truth(matches!(x(0).view(), View::Str(_))),
        S::String => m.string(arguments, who, at),
        S::MakeString => m.make_string(x(0), arguments.get(1), who, at),
        S::StringLength => Ok(Value::num(m.text_of(x(0), who, at)?.chars().count() as f64)),
        S::StringRef => m.string_ref(x(0), x(1), who, at),
        S::Substring | S::StringCopy => {
            let part = m.part_of_text(x(0), from(1), who, at)?;
            m.new_string(&part, at)
        }
        S::StringAppend => m.string_append(arguments, who, at),
        S::StringEq => m.compare_strings(arguments, false, Ordering::is_eq, who, at),
        S::StringLess => m.compare_strings(arguments, false, Ordering::is_lt, who, at),
        S::StringGreater => m.compare_strings(arguments, false, Ordering::is_gt, who, at),
        S::StringLessEq => m.compare_strings(arguments, false, Ordering::is_le, who, at),
        S::StringGreaterEq => m.compare_strings(arguments, false, Ordering::is_ge, who, at),
        S::StringCiEq => m.compare_strings(arguments, true, Ordering::is_eq, who, at),
        S::StringCiLess => m.compare_strings(arguments, true, Ordering::is_lt, who, at),
        S::StringCiGreater => m.compare_strings(arguments, true, Ordering::is_gt, who, at),
        S::StringCiLessEq => m.compare_strings(arguments, true, Ordering::is_le, who, at),
        S::StringCiGreaterEq => m.compare_strings(arguments, true, Ordering::is_ge, who, at),
        S::StringUpcase => m.recase(x(0), |text| text.to_uppercase(), who, at),
        S::StringDowncase => m.recase(x(0), |text| text.to_lowercase(), who, at),
        S::StringFoldcase => m.recase(x(0), super::unicode::fold_text, who, at),
        S::StringToList => {
            let items = m.chars_of(x(0), from(1), who, at)?;
            m.list(&items, Value::NIL, at)
        }
        S::ListToString => {
            let mut items = Vec::new();
            m.items_into(x(0), &mut items, who, at)?;
            m.string(&items, who, at)
        }
        S::StringToVector => {
            let items = m.chars_of(x(0), from(1), who, at)?;
            m.new_vector(&items, at)
        }
        S::VectorToString => {
            let items = m.part_of_vector(x(0), from(1), who, at)?;
            m.string(&items, who, at)
        }

        S::IsVector => truth(matches!(x(0).view(), View::Vector(_))),
        S::Vector => m.new_vector(arguments, at),
        S::MakeVector => m.make_vector(x(0), x(1), who, at),
        S::VectorLength => Ok(Value::num(f64::from(m.vector_length(x(0), who, at)?))),
        S::VectorRef => m.vector_ref(x(0), x(1), who, at),
        S::VectorToList => {
            let items = m.part_of_vector(x(0), from(1), who, at)?;
            m.list(&items, Value::NIL, at)
        }
        S::ListToVector => {
            let mut items = Vec::new();
            m.items_into(x(0), &mut items, who, at)?;
            m.new_vector(&items, at)
        }
        S::VectorCopy => {
            let items = m.part_of_vector(x(0), from(1), who, at)?;
            m.new_vector(&items, at)
        }
        S::VectorAppend => m.vector_append(arguments, who, at),
        S::VectorFill => m.vector_fill(x(0), x(1), from(2), who, at),

        S::Values => m.values(arguments, at),
        S::ValuesList => m.values_list(x(0), at),
        S::Error => Err(m.raised(x(0), from(1), at)),
        S::Features => {
            let names: Result<Vec<_>, _> = FEATURES.iter().map(|name| m.intern(name, at)).collect();
            m.list(&names?, Value::NIL, at)
        }
        S::Primitive => {
            let name = m.symbol_name(x(0), who, at)?;
            Ok(Prim::find(&name).map_or(Value::bool(false), Value::prim))
        }
        S::WrongArity => {
            let given = m.walk(x(3), who, at)? as usize;
            let n = x(1).primal() as u32;
            let arity = Arity { min: n, max: (!x(2).is_true()).then_some(n) };
            let name = if let View::Symbol(_) = x(0).view() { m.write(x(0)) } else { String::new() };
            Err(m.wrong_arity(&name, arity, given, at))
        }
        S::WrongCount => {
            let given = m.walk(x(2), who, at)? as usize;
            let name = if let View::Symbol(_) = x(0).view() { m.write(x(0)) } else { String::new() };
            Err(m.wrong_arity(&name, expected(m), given, at))
        }
        S::WrongType => {
            let expected = expected(m);
            Err(m.not_a(&m.write(x(0)), &expected, x(2), at))
        }
        S::Refuse => Err(m.refused(x(0), x(1), x(2), from(3), at)),
        // These call: the machine makes the calls before it comes here.
        S::Apply | S::ApplyAt | S::Jvp | S::Vjp => {
            Err(m.wrong_arity(who, row.row().arity, arguments.len(), at))
        }
    }
}

impl Machine {
    /// Several values as one; of one, itself.
    fn values(&mut self, arguments: &[Value], at: u32) -> Result<Value, Box<Fault>> {
        match arguments {
            [one] => Ok(*one),
            all => self.heap.values(all).map_err(|full| self.memory(full, at)),
        }
    }

    fn values_list(&mut self, value: Value, at: u32) -> Result<Value, Box<Fault>> {
        let View::Values(row) = value.view() else { return self.list(&[value], Value::NIL, at) };
        self.charge(u64::from(self.heap.row_len(row)))?;
        let items = self.heap.items(row).to_vec();
        self.list(&items, Value::NIL, at)
    }

    /// A value as `display` shows it; of a string, a start of at least `most` bytes, so that no message copies
    /// all of what may be very long.
    fn shown(&self, value: Value, most: usize) -> String {
        match value.view() {
            View::Str(at) => self.heap.start_of_text(at, most),
            _ => self.write(value),
        }
    }

    /// The error of a procedure of the prelude about what it was given.
    #[cold]
    fn refused(&self, family: Value, name: Value, hint: Value, parts: &[Value], at: u32) -> Box<Fault> {
        let shown = |value: &Value| self.shown(*value, MOST_SHOWN);
        let parts: String = parts.iter().map(shown).collect();
        let code = Code::of_refusal(&self.write(family));
        let fault = self.fault(code, format!("`{}` {parts}", self.write(name)), at);
        Box::new(Fault { hint: Some(shown(&hint)), ..*fault })
    }

    /// The program's own error.
    #[cold]
    fn raised(&self, message: Value, irritants: &[Value], at: u32) -> Box<Fault> {
        let mut text = self.shown(message, LONGEST_ERROR + 1);
        for irritant in irritants {
            if text.len() > LONGEST_ERROR {
                break;
            }
            text.push(' ');
            text.push_str(&self.write(*irritant));
        }
        if text.len() > LONGEST_ERROR {
            text.truncate(text.floor_char_boundary(LONGEST_ERROR));
            text.push('…');
        }
        self.fault(Code::Raised, text, at)
    }
}
