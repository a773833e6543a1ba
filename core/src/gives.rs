//! What a program's value is known to be: a light flow analysis over the kernel.
//!
//! Every binding has a set of the types that its values may have, and of the procedures; procedures
//! are analysed once for all their calls, until nothing changes. What goes where the analysis does not
//! look (into a list, to a procedure that it does not know) may come back as anything. So the answer
//! errs to one side only: a type that is not in the set never is a value's type.

use crate::{
    datum::{Datum, Kind},
    kernel::{Declared, Expr, ExprKind, Lambda, Local, Program},
    prim::{Prim, Scalar, arrays::Pattern},
};
use std::{
    collections::{BTreeSet, HashMap},
    fmt,
};

/// What a program gives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Gives {
    /// A number, or something that only a run tells.
    Number {
        /// Whether it is known to be one, unless the run fails.
        certain: bool,
    },
    /// Never a number.
    Other {
        /// What it is, with its article.
        what: &'static str,
    },
}

impl Gives {
    /// Whether it may be a number.
    pub fn is_number(self) -> bool {
        matches!(self, Self::Number { .. })
    }
}

impl fmt::Display for Gives {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Number { certain: true } => "a number",
            Self::Number { certain: false } => "a number, as far as is known",
            Self::Other { what } => what,
        })
    }
}

/// How many expressions are looked at before it is left to a run what a program gives.
const MOST_LOOKS: u32 = 500_000;

/// What the value of a program is known to be.
pub fn gives(program: &Program) -> Gives {
    let types = types(program).unwrap_or(ANY);
    if types & NUMBER != 0 || types == 0 {
        return Gives::Number { certain: types == NUMBER };
    }
    let what = NAMES.iter().find(|(all, ..)| types & !all == 0).map_or("no number", |(_, name, _)| *name);
    Gives::Other { what }
}

/// The type of a program's value in one word, where inputs that are not declared are numbers: `real`, `bool`,
/// `list`, `symbol`, `string`, `char`, `vector`, `array` (of numbers), `unspecified`, `procedure`; none, if only a run
/// tells.
pub fn type_of(program: &Program) -> Option<&'static str> {
    let types = types(program).filter(|types| *types != 0)?;
    if types == NUMBER {
        return Some("real");
    }
    NAMES.iter().find(|(all, ..)| types & !all == 0).and_then(|(_, _, word)| *word)
}

/// The types that the value may have; none, if that takes too long to find out.
fn types(program: &Program) -> Option<Types> {
    let mut flow = Flow {
        values: HashMap::new(),
        results: Vec::new(),
        lambdas: Vec::new(),
        numbers: HashMap::new(),
        escaped: BTreeSet::new(),
        changed: true,
        looks: MOST_LOOKS,
    };
    let real = |local: &Local| (*local, Value::of(NUMBER));
    let params = program.params.iter().map(|param| param.local);
    let numbers: Vec<Local> = program.inputs.iter().chain(&program.captures).copied().chain(params).collect();
    flow.values.extend(numbers.iter().map(real));
    flow.values.extend(program.declared.iter().map(|(local, declared)| {
        let types = match declared {
            Declared::Real => NUMBER,
            Declared::Bool => BOOL,
            Declared::Vector(_) | Declared::Matrix(..) => ARRAY,
            Declared::Procedure(_) => PROCEDURE | FOREIGN,
        };
        (*local, Value::of(types))
    }));
    let mut value = Value::default();
    while std::mem::take(&mut flow.changed) {
        value = flow.expr(&program.body);
    }
    (flow.looks > 0).then_some(value.types)
}

/// Sets of types, as bits.
type Types = u16;

const NUMBER: Types = 1;
const BOOL: Types = 1 << 1;
const EMPTY: Types = 1 << 2;
const PAIR: Types = 1 << 3;
const SYMBOL: Types = 1 << 4;
const STRING: Types = 1 << 5;
const CHAR: Types = 1 << 6;
const VECTOR: Types = 1 << 7;
const ARRAY: Types = 1 << 8;
const UNSPECIFIED: Types = 1 << 9;
const PROCEDURE: Types = 1 << 10;
/// A procedure that the analysis does not know.
const FOREIGN: Types = 1 << 11;
const ANY: Types = (1 << 12) - 1;
const LIST: Types = EMPTY | PAIR;

/// What sets without numbers are called, and the word for values of one type; the first that holds all is taken.
const NAMES: [(Types, &str, Option<&str>); 10] = [
    (BOOL, "a boolean", Some("bool")),
    (LIST, "a list", Some("list")),
    (SYMBOL, "a symbol", Some("symbol")),
    (STRING, "a string", Some("string")),
    (CHAR, "a character", Some("char")),
    (VECTOR, "a vector", Some("vector")),
    (ARRAY, "a numeric array", Some("array")),
    (UNSPECIFIED, "the unspecified value", Some("unspecified")),
    (PROCEDURE | FOREIGN, "a procedure", Some("procedure")),
    (LIST | BOOL, "a list or a boolean", None),
];

/// What a value may be.
#[derive(Clone, PartialEq, Default)]
struct Value {
    types: Types,
    /// The procedures of the program that it may be, by number.
    lambdas: BTreeSet<usize>,
}

impl Value {
    fn of(types: Types) -> Self {
        Self { types, lambdas: BTreeSet::new() }
    }

    /// Takes the other's possibilities; whether any is new.
    fn join(&mut self, other: &Self) -> bool {
        let (types, lambdas) = (self.types, self.lambdas.len());
        self.types |= other.types;
        self.lambdas.extend(&other.lambdas);
        (types, lambdas) != (self.types, self.lambdas.len())
    }
}

struct Flow<'p> {
    values: HashMap<Local, Value>,
    lambdas: Vec<&'p Lambda>,
    /// Their numbers.
    numbers: HashMap<*const Lambda, usize>,
    /// What the lambdas give.
    results: Vec<Value>,
    /// The lambdas that may be called with anything.
    escaped: BTreeSet<usize>,
    changed: bool,
    /// How many expressions may still be looked at.
    looks: u32,
}

impl<'p> Flow<'p> {
    fn expr(&mut self, expr: &'p Expr) -> Value {
        let Some(left) = self.looks.checked_sub(1) else { return Value::default() };
        self.looks = left;
        match &expr.kind {
            ExprKind::Quote(datum) => Value::of(quoted(datum)),
            ExprKind::Unspecified => Value::of(UNSPECIFIED),
            ExprKind::Local(local) => self.values.get(local).cloned().unwrap_or_default(),
            ExprKind::Prim(_) => Value::of(PROCEDURE | FOREIGN),
            ExprKind::If(test, _, els) if is_false(test) => self.expr(els),
            ExprKind::If(test, then, els) => {
                let test = self.expr(test);
                let mut value = self.expr(then);
                // Of a test that is never `#f` only the first side is taken.
                if test.types & BOOL != 0 {
                    value.join(&self.expr(els));
                }
                value
            }
            ExprKind::Lambda(lambda) => self.lambda(lambda),
            ExprKind::Let(bindings, body) => {
                for (local, value) in bindings {
                    let value = self.expr(value);
                    self.flows(*local, &value);
                }
                self.expr(body)
            }
            ExprKind::Fix(bindings, body) => {
                for (local, lambda) in bindings {
                    let value = self.lambda(lambda);
                    self.flows(*local, &value);
                }
                self.expr(body)
            }
            ExprKind::Begin(exprs) => exprs.iter().map(|e| self.expr(e)).last().unwrap_or_default(),
            ExprKind::Call(head, arguments) => {
                let callee =
                    if let ExprKind::Prim(_) = head.kind { Value::default() } else { self.expr(head) };
                let arguments: Vec<Value> = arguments.iter().map(|e| self.expr(e)).collect();
                if let ExprKind::Prim(prim) = head.kind {
                    arguments.iter().for_each(|value| self.escapes(value));
                    return Value::of(given(prim, &arguments));
                }
                self.call(&callee, &arguments)
            }
        }
    }

    /// A lambda as a value, its body analysed with what its parameters may be so far.
    fn lambda(&mut self, lambda: &'p Lambda) -> Value {
        let id = *self.numbers.entry(lambda).or_insert_with(|| {
            self.lambdas.push(lambda);
            self.results.push(Value::default());
            self.lambdas.len() - 1
        });
        let result = self.expr(&lambda.body);
        self.changed |= self.results[id].join(&result);
        if self.escaped.contains(&id) {
            self.escapes(&result);
        }
        Value { types: PROCEDURE, lambdas: BTreeSet::from([id]) }
    }

    fn flows(&mut self, local: Local, value: &Value) {
        self.changed |= self.values.entry(local).or_default().join(value);
    }

    fn call(&mut self, callee: &Value, arguments: &[Value]) -> Value {
        let mut value = Value::default();
        for id in &callee.lambdas {
            let lambda = self.lambdas[*id];
            let fixed = lambda.params.len();
            if arguments.len() < fixed || arguments.len() > fixed && lambda.rest.is_none() {
                continue;
            }
            for (local, argument) in lambda.params.iter().zip(arguments) {
                self.flows(*local, argument);
            }
            if let Some(rest) = lambda.rest {
                self.flows(rest, &Value::of(LIST));
                arguments[fixed..].iter().for_each(|value| self.escapes(value));
            }
            value.join(&self.results[*id]);
        }
        if callee.types & FOREIGN != 0 {
            arguments.iter().for_each(|value| self.escapes(value));
            value.join(&Value::of(ANY));
        }
        value
    }

    /// The value goes where it may be called with anything.
    fn escapes(&mut self, value: &Value) {
        for id in &value.lambdas {
            if !self.escaped.insert(*id) {
                continue;
            }
            self.changed = true;
            let lambda = self.lambdas[*id];
            for local in &lambda.params {
                self.flows(*local, &Value::of(ANY));
            }
            if let Some(rest) = lambda.rest {
                self.flows(rest, &Value::of(LIST));
            }
            let result = self.results[*id].clone();
            self.escapes(&result);
        }
    }
}

fn is_false(test: &Expr) -> bool {
    matches!(&test.kind, ExprKind::Quote(datum) if datum.kind == Kind::Bool(false))
}

/// The types of a quoted datum.
fn quoted(datum: &Datum) -> Types {
    match &datum.kind {
        Kind::Number(_) | Kind::Splice(_) => NUMBER,
        Kind::Bool(_) => BOOL,
        Kind::Str(_) => STRING,
        Kind::Char(_) => CHAR,
        Kind::Symbol(_) => SYMBOL,
        Kind::Vector(_) => VECTOR,
        Kind::List { items, tail: None, .. } if items.is_empty() => EMPTY,
        Kind::List { .. } => PAIR,
    }
}

/// The types that a primitive gives, if it gives anything.
fn given(prim: Prim, arguments: &[Value]) -> Types {
    match prim {
        Prim::Numeric(row) if row.row().result == Scalar::Bool => BOOL,
        // Arithmetic is element by element where an operand is an array.
        Prim::Numeric(_) => {
            let arrays = arguments.iter().any(|value| value.types & ARRAY != 0);
            let only_arrays = arguments.iter().any(|value| value.types == ARRAY);
            if only_arrays {
                ARRAY
            } else if arrays {
                NUMBER | ARRAY
            } else {
                NUMBER
            }
        }
        Prim::Array(row) => match row.row().gives {
            Pattern::Number => NUMBER,
            Pattern::Vector(_) | Pattern::Matrix(..) | Pattern::Array => ARRAY,
            Pattern::Any => NUMBER | ARRAY,
        },
        Prim::Structural(row) => named(row.row().name, arguments),
    }
}

/// The types that a row of general values gives; a row that is not known here may give anything.
fn named(name: &str, arguments: &[Value]) -> Types {
    match name {
        "error" | "%refuse" | "%wrong-type" | "%wrong-arity" | "%wrong-count" => 0,
        "cons" => PAIR,
        "list" if arguments.is_empty() => EMPTY,
        "list" => PAIR,
        "reverse" | "iota" | "make-list" | "list-copy" | "vector->list" | "string->list" => LIST,
        "append" => match arguments {
            [] => EMPTY,
            [.., last] => last.types | if arguments.len() > 1 { PAIR } else { 0 },
        },
        "memq" | "memv" | "member" | "assq" | "assv" | "assoc" => PAIR | BOOL,
        "length" | "vector-length" | "string-length" | "char->integer" | "digit-value" => NUMBER,
        "string->symbol" => SYMBOL,
        "symbol->string" | "string" | "string-append" | "substring" | "number->string" | "list->string"
        | "make-string" | "string-copy" | "vector->string" | "string-upcase" | "string-downcase" => STRING,
        "string-ref" | "integer->char" | "char-upcase" | "char-downcase" => CHAR,
        "string->number" => NUMBER | BOOL,
        "vector" | "make-vector" | "list->vector" | "vector-append" | "vector-fill" | "vector-copy"
        | "string->vector" => VECTOR,
        "not" => BOOL,
        _ if name.ends_with('?') => BOOL,
        _ => ANY,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{kernel, reader};

    #[track_caller]
    fn check(text: &str, expect: &str) {
        let (program, findings) = kernel::desugar(&reader::read(text).0);
        let program = program.unwrap_or_else(|| panic!("{text}: {findings:?}"));
        assert_eq!(gives(&program).to_string(), expect, "{text}");
    }

    #[test]
    fn numbers_are_known() {
        check("(+ x 1)", "a number");
        check("(if (> x 0) x (error \"negative\"))", "a number");
        check("(define (f n) (if (= n 0) 1 (* n (f (- n 1))))) (f x)", "a number");
        check("(apply + (list x y))", "a number, as far as is known");
        check("(car (list x y))", "a number, as far as is known");
        check("(if (> x 0) x #f)", "a number, as far as is known");
        check("(error \"always\")", "a number, as far as is known");
        check("(define (twice f) (lambda (x) (f (f x)))) ((twice (lambda (y) (* y y))) x)", "a number");
    }

    #[test]
    fn what_is_no_number_is_known() {
        check("(list x y)", "a list");
        check("(> x 1)", "a boolean");
        check("(lambda (x) (lambda (y) (* x y)))", "a procedure");
        check("car", "a procedure");
        check("(if (> x 0) 'big \"small\")", "no number");
        check("(define (f n) (if (= n 0) '() (cons n (f (- n 1))))) (f x)", "a list");
        check("(define (g l) (if (null? l) '() (cons (car l) (g (cdr l))))) (g (list x))", "a list");
        check("(assq 'a (list (cons 'a x)))", "a list or a boolean");
        check("(map (lambda (y) (* x y)) (iota 3))", "a list");
        check("(lambda (x) (if #f #f))", "the unspecified value");
        check("(filter (lambda (d) (> d x)) (iota 9))", "a list");
    }

    #[test]
    fn types_in_a_word() {
        for (text, word) in [
            ("(+ x 1)", Some("real")),
            ("(> x 1)", Some("bool")),
            ("(map sin (iota 3))", Some("list")),
            ("(: v (vec 3)) (* 2 v)", Some("array")),
            ("(vector x)", Some("vector")),
            ("(string-append \"a\" \"b\")", Some("string")),
            ("(list car (lambda (y) y))", Some("list")),
            ("(lambda (x) (lambda (y) x))", Some("procedure")),
            ("(assq 'a (list (cons 'a x)))", None),
            ("(if (> x 0) 'big \"small\")", None),
            ("(car (list x))", None),
            ("(error \"always\")", None),
        ] {
            let (program, findings) = kernel::desugar(&reader::read(text).0);
            assert_eq!(program.map(|program| type_of(&program)), Some(word), "{text}: {findings:?}");
        }
    }

    #[test]
    fn what_would_take_long_is_not_known() {
        let define = |n: usize| format!("(define (f{n} x) (f{} x))", n.saturating_sub(1));
        let text = (1..2000).map(define).fold("(define (f0 x) x)".to_string(), |text, next| text + &next);
        check(&format!("{text} (f1999 'a)"), "a number, as far as is known");
        check(&format!("{text} (f9 'a)"), "a symbol");
    }

    #[test]
    fn what_escapes_may_be_called_with_anything() {
        let text = "(define (f x) x) (define l (list f)) (define r (f 'a)) ((car l) 1) r";
        check(text, "a number, as far as is known");
        // The inner procedure escapes in what the outer one gives.
        let text = "(define (inner x) x) (define (f) inner) (define l (list f)) (inner 'a)";
        check(text, "a number, as far as is known");
        check("(define (inner x) x) (inner 'a)", "a symbol");
    }
}
