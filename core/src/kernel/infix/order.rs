//! Infix notation put into order.
//!
//! Data and the parts of names are read as one row of operands and operators, by how tightly these bind. What comes
//! out is text for a hint: a best guess at what was meant, which reads back as a program. How much is looked at is
//! bounded, whatever the data are.

use super::{
    Part, applied, call, is_foreign, is_module, marked, precedence, procedure, short, split,
    split::is_number, takes_one,
};
use crate::{
    datum::{Bracket, Datum, Kind},
    kernel::known,
    prim::Prim,
};
use std::cell::Cell;

/// How many operands and operators are read in one row, and how many rows for one hint.
const MOST_PIECES: usize = 40;
const MOST_ROWS: u32 = 40;
/// How deep parentheses and chains of powers and signs in it are.
const MOST_DEEP: usize = 12;
/// The longest names that a `-` between them divides without more evidence, such as `x-x0`.
const SHORT_NAME: usize = 2;

/// Words that end an expression elsewhere.
const OUTSIDE: [&str; 10] = ["if", "else", "then", "in", "?", ":", "=", "=>", "->", ":="];

/// How infix notation is read here.
pub(in crate::kernel) struct Infix<'a> {
    /// Whether data that touch have touching places.
    touching: bool,
    /// Whether the program binds a name.
    bound: &'a dyn Fn(&str) -> bool,
    left: Cell<u32>,
}

/// What infix notation comes to.
pub(in crate::kernel) struct Order {
    /// The text in order.
    pub(in crate::kernel) text: String,
    /// How many data it is made of.
    pub(in crate::kernel) length: usize,
    /// How many operators and calls there were to be put into order.
    pub(in crate::kernel) signs: usize,
    /// Whether one of them is not of this language.
    pub(in crate::kernel) foreign: bool,
}

/// An operand or operator.
#[derive(Clone, Copy)]
struct Piece<'d> {
    what: What<'d>,
    /// The index of its datum.
    at: usize,
    /// Whether it touches the piece before it.
    touches: bool,
}

#[derive(Clone, Copy)]
enum What<'d> {
    Word(&'d str),
    Sign(&'d str),
    Datum(&'d Datum),
}

impl<'a> Infix<'a> {
    pub(in crate::kernel) fn new(touching: bool, bound: &'a dyn Fn(&str) -> bool) -> Self {
        Self { touching, bound, left: Cell::new(MOST_ROWS) }
    }

    /// What data begin with, read as far as they are infix notation.
    pub(in crate::kernel) fn first(&self, data: &[Datum]) -> Option<Order> {
        self.first_at(data, 0, true)
    }

    /// The same of all the data.
    pub(in crate::kernel) fn whole(&self, data: &[Datum]) -> Option<Order> {
        self.first(data).filter(|order| order.length == data.len())
    }

    /// `f(x)`, or `e^(x)`, as it is written here.
    pub(in crate::kernel) fn call(&self, pair: &[Datum]) -> String {
        let order = self.whole(pair).map(|order| order.text);
        order.unwrap_or_else(|| format!("({} …)", pair.first().map_or_else(String::new, short)))
    }

    /// A name that is an operation in itself, by its parts.
    pub(super) fn name(&self, found: Vec<Part<'_>>) -> Option<String> {
        let pieces = parts(found, 0, false).collect();
        let mut row = Row { infix: self, pieces, next: 0, depth: 0, signs: 0, foreign: false, joins: false };
        let text = row.expression()?;
        (row.next == row.pieces.len()).then_some(text)
    }

    /// The same at a depth; `joins` says whether a procedure and what stands after it are a call of it.
    fn first_at(&self, data: &[Datum], depth: usize, joins: bool) -> Option<Order> {
        self.left.set(self.left.get().checked_sub(1)?);
        let mut pieces = Vec::new();
        for (at, datum) in data.iter().enumerate().take(MOST_PIECES) {
            let before = at.checked_sub(1).and_then(|before| data.get(before));
            let touches = before.is_some_and(|before| self.touching && before.span.end == datum.span.start);
            let name = datum.symbol();
            // In a formula short names are variables.
            let known =
                |part: &str| is_number(part) || (self.bound)(part) || part.chars().count() <= SHORT_NAME;
            match name.and_then(|name| split(name, &known, self.bound)) {
                Some(found) if !name.is_some_and(|name| (self.bound)(name)) => {
                    pieces.extend(parts(found, at, touches));
                }
                _ => pieces.push(Piece { what: name.map_or(What::Datum(datum), What::Word), at, touches }),
            }
        }
        let mut row = Row { infix: self, pieces, next: 0, depth, signs: 0, foreign: false, joins };
        let text = row.expression()?;
        let length = row.peek().map_or(data.len().min(MOST_PIECES), |piece| piece.at);
        let whole_data = row.next == 0 || row.pieces.get(row.next - 1).is_some_and(|last| last.at < length);
        whole_data.then_some(Order { text, length, signs: row.signs, foreign: row.foreign })
    }

    /// The text of a list: what it is in infix, or else itself; none if a part of it is infix.
    fn group(&self, datum: &Datum, depth: usize) -> Option<String> {
        let order = datum
            .list()
            .filter(|list| !self.is_call(list))
            .and_then(|list| self.first_at(list, depth + 1, true).filter(|order| order.length == list.len()));
        match order {
            Some(order) if order.signs > 0 || datum.list().is_some_and(|list| list.len() == 1) => {
                Some(order.text)
            }
            _ => (!self.is_mixed(datum)).then(|| short(datum)),
        }
    }

    /// Whether a list has an operator among its items, and is no call.
    fn is_mixed(&self, datum: &Datum) -> bool {
        let sign = |item: &Datum| {
            item.symbol().is_some_and(|name| precedence(name).is_some() && !(self.bound)(name))
        };
        let round = matches!(datum.kind, Kind::List { bracket: Bracket::Round, .. });
        let list = datum.list().filter(|list| round && !self.is_call(list)).unwrap_or_default();
        list.iter().take(MOST_PIECES).skip(1).any(sign)
    }

    /// Whether a list is a call as it is written here.
    fn is_call(&self, list: &[Datum]) -> bool {
        let [head, rest @ ..] = list else { return false };
        let touches = rest.first().is_some_and(|next| self.touching && head.span.end == next.span.start);
        let called =
            |name: &str| (known::find(name).is_some() || is_foreign(name)) && name != "-" && name != "not";
        // `sin x + 1` goes on after its operand.
        let goes_on = |name: &str| {
            let sign = rest.get(1).and_then(Datum::symbol).and_then(precedence);
            rest.len() > 2 && sign.is_some() && takes_one(name)
        };
        !rest.is_empty() && !touches && head.symbol().is_some_and(|name| called(name) && !goes_on(name))
    }

    /// The operands of a call with its name outside; commas are no data.
    fn operands(&self, list: &[Datum], depth: usize, joins: bool) -> Vec<String> {
        if list.iter().take(MOST_PIECES).any(|datum| datum.symbol() == Some("for")) {
            return vec!["…".to_owned()];
        }
        let mut operands = Vec::new();
        let mut rest = list.get(..MOST_PIECES).unwrap_or(list);
        while let Some((first, _)) = rest.split_first() {
            if let Some((_, value)) =
                first.symbol().and_then(|name| name.split_once('=')).filter(|(name, _)| !name.is_empty())
            {
                // An argument by name.
                operands.push(value.to_owned());
                rest = &rest[1..];
                continue;
            }
            match self.first_at(rest, depth + 1, joins).filter(|order| order.length > 0) {
                Some(order) => {
                    operands.push(order.text);
                    rest = rest.get(order.length..).unwrap_or_default();
                }
                None => {
                    operands.push(if self.is_mixed(first) { "…".to_owned() } else { short(first) });
                    rest = &rest[1..];
                }
            }
        }
        operands
    }
}

/// The parts of a name as pieces.
fn parts<'d>(parts: Vec<Part<'d>>, at: usize, touches: bool) -> impl Iterator<Item = Piece<'d>> {
    parts.into_iter().enumerate().map(move |(i, part)| {
        let what = match part {
            Part::Word(word) => What::Word(word),
            Part::Sign(sign) => What::Sign(sign),
        };
        Piece { what, at, touches: touches || i > 0 }
    })
}

/// A row of pieces, read from the left.
struct Row<'r, 'd> {
    infix: &'r Infix<'r>,
    pieces: Vec<Piece<'d>>,
    next: usize,
    depth: usize,
    signs: usize,
    foreign: bool,
    /// Whether a procedure and what stands after it are a call of it.
    joins: bool,
}

impl<'d> Row<'_, 'd> {
    fn peek(&self) -> Option<Piece<'d>> {
        self.pieces.get(self.next).copied()
    }

    fn word(&self) -> Option<&'d str> {
        match self.peek()?.what {
            What::Word(word) => Some(word),
            _ => None,
        }
    }

    fn take(&mut self, word: &str) -> Option<()> {
        (self.word() == Some(word)).then(|| self.next += 1)
    }

    fn expression(&mut self) -> Option<String> {
        if self.depth > MOST_DEEP {
            return None;
        }
        self.depth += 1;
        let value = self.operation(1)?;
        let (start, signs) = (self.next, self.signs);
        let text = match self.choice(&value) {
            Some(choice) => {
                self.foreign = true;
                self.signs += 1;
                choice
            }
            None => {
                (self.next, self.signs) = (start, signs);
                value
            }
        };
        self.depth -= 1;
        Some(text)
    }

    /// `a if test else b` and `test ? a : b` after what they begin with.
    fn choice(&mut self, first: &str) -> Option<String> {
        let between = if self.take("if").is_some() { "else" } else { self.take("?").map(|()| ":")? };
        let second = self.operation(1)?;
        self.take(between)?;
        let third = self.expression()?;
        Some(if between == "else" {
            format!("(if {second} {first} {third})")
        } else {
            format!("(if {first} {second} {third})")
        })
    }

    /// The operator that stands next between operands, with how tightly it binds.
    fn sign(&self) -> Option<(&'d str, u8)> {
        let piece = self.peek()?;
        let (What::Sign(name) | What::Word(name)) = piece.what else { return None };
        let binds = precedence(name).filter(|_| !(self.infix.bound)(name))?;
        let after = self.pieces.get(self.next + 1)?;
        // In a row of data `-x` begins the next one.
        let begins =
            matches!(piece.what, What::Sign(_)) && !piece.touches && after.touches && after.at == piece.at;
        (!begins).then_some((name, binds))
    }

    /// Operands whose operators bind at least so tightly.
    fn operation(&mut self, least: u8) -> Option<String> {
        let mut left = self.operand()?;
        // The operator that `left` is a call of, if it can take one more operand.
        let mut open = None;
        while let Some((name, binds)) = self.sign().filter(|(_, binds)| *binds >= least) {
            self.next += 1;
            self.signs += 1;
            self.foreign |= is_foreign(name);
            let right = if binds == 6 { self.exponent()? } else { self.operation(binds + 1)? };
            left = match left.strip_suffix(')') {
                Some(call) if open == Some(name) => format!("{call} {right})"),
                _ => applied(name, &left, &right),
            };
            open = matches!(name, "+" | "*" | "-" | "/" | "<" | ">" | "<=" | ">=").then_some(name);
        }
        Some(left)
    }

    /// The right side of a power, which may have powers and signs of its own.
    fn exponent(&mut self) -> Option<String> {
        self.depth += 1;
        let text = if self.depth > MOST_DEEP { None } else { self.operation(6) };
        self.depth -= 1;
        text
    }

    /// One operand with the signs before it.
    fn operand(&mut self) -> Option<String> {
        let (What::Sign(sign) | What::Word(sign)) = self.peek()?.what else { return self.value() };
        let more = self.pieces.len() > self.next + 1;
        let pattern = match sign {
            "-" if more => "(- x)",
            "+" if more => "x",
            "!" | "not" if more => "(not x)",
            "√" if more => "(sqrt x)",
            _ => return self.value(),
        };
        self.next += 1;
        self.signs += usize::from(sign != "+");
        self.foreign |= is_foreign(sign);
        self.depth += 1;
        let text =
            if self.depth > MOST_DEEP { None } else { self.operation(if sign == "not" { 3 } else { 6 }) }?;
        self.depth -= 1;
        Some(match sign {
            "-" if is_number(&text) => format!("-{text}"),
            _ => pattern.replace('x', &text),
        })
    }

    /// One operand without operators, called or indexed if a list touches it.
    fn value(&mut self) -> Option<String> {
        let piece = self.peek()?;
        self.next += 1;
        let list = self.touching_list();
        let mut text = match (piece.what, list) {
            (What::Sign(_), _) => return None,
            (What::Word(word), _) if OUTSIDE.contains(&word) => return None,
            (What::Word(word), None) if precedence(word).is_some() && !(self.infix.bound)(word) => {
                return None;
            }
            (What::Word(word), Some((Bracket::Round, list))) => self.called(word, list),
            // What LaTeX puts around a formula is no part of a name.
            (What::Word(word), _) if word.contains('$') => return None,
            (What::Word(word), None) if self.is_joined(word) => {
                self.signs += 1;
                let operand = self.value()?;
                call(function_of(word), &[operand])
            }
            (What::Word(word), _) => marked(word).unwrap_or_else(|| spelled(word)),
            (What::Datum(datum), Some((Bracket::Round, list))) if matches!(datum.kind, Kind::Number(_)) => {
                self.next += 1;
                self.signs += 1;
                format!("(* {datum} {})", self.infix.group(list, self.depth)?)
            }
            (What::Datum(datum), Some((Bracket::Round, _))) if datum.list().is_some() => return None,
            (What::Datum(datum), _) => self.infix.group(datum, self.depth)?,
        };
        while let Some((Bracket::Square, list)) = self.touching_list() {
            self.next += 1;
            self.signs += 1;
            let index = self.infix.operands(list.list().unwrap_or_default(), self.depth, true);
            text = call("ref", &[vec![text], index].concat());
        }
        Some(text)
    }

    /// Whether a word is a procedure that what stands next, apart from it, is given to.
    fn is_joined(&self, word: &str) -> bool {
        let operand = self.peek().filter(|piece| !piece.touches).is_some_and(|piece| match piece.what {
            What::Sign(_) => false,
            What::Word(name) => precedence(name).is_none() && !is_foreign(name) && !OUTSIDE.contains(&name),
            What::Datum(_) => true,
        });
        self.joins && operand && !(self.infix.bound)(word) && takes_one(word)
    }

    /// The list that stands next and touches the piece before it.
    fn touching_list(&self) -> Option<(Bracket, &'d Datum)> {
        let piece = self.peek().filter(|piece| piece.touches)?;
        match piece.what {
            What::Datum(datum @ Datum { kind: Kind::List { bracket, tail: None, .. }, .. }) => {
                Some((*bracket, datum))
            }
            _ => None,
        }
    }

    /// The call of a name that stands before its parentheses.
    fn called(&mut self, word: &str, list: &'d Datum) -> String {
        self.next += 1;
        self.signs += 1;
        let prim = procedure(word).filter(|_| !(self.infix.bound)(word));
        // Commas are no data: what stands after a procedure may as well be the next operand.
        let joins = matches!(prim, Some(Prim::Numeric(_)));
        let mut operands = self.infix.operands(list.list().unwrap_or_default(), self.depth, joins);
        if prim.is_some_and(|prim| joins && !prim.arity().accepts(operands.len())) {
            operands = vec!["…".to_owned()];
        }
        let method = word.rsplit_once('.').filter(|(receiver, name)| {
            receiver.starts_with(char::is_alphabetic) && name.starts_with(char::is_alphabetic)
        });
        let name = match method {
            Some((receiver, name)) if is_module(receiver) => name,
            // `x.sqrt()` is Rust's.
            Some((receiver, name)) => {
                operands.insert(0, receiver.to_owned());
                name
            }
            None => word,
        };
        if (self.infix.bound)(name) {
            let words: Vec<&str> = std::iter::once(name).chain(operands.iter().map(String::as_str)).collect();
            return format!("({})", words.join(" "));
        }
        call(name, &operands)
    }
}

/// The name without its module.
fn function_of(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(_, function)| function)
}

/// The text of a symbol, or of a number that is part of one.
fn spelled(name: &str) -> String {
    if is_number(name) {
        return name.to_owned();
    }
    short(&Datum { kind: Kind::Symbol(name.into()), span: crate::span::Span::default() })
}
