//! Random well-typed programs, as text.
//!
//! Expressions of four types: numbers, truth values, procedures of one number, lists of numbers with at least
//! one item. Loops and recursions count down from small literals, so that every program ends; what grows is
//! put through `tanh` or divided by something above 1, so that values stay moderate and derivatives exist
//! almost everywhere.

use std::fmt::Write;

/// A program's source of chance: xorshift, the same on every machine.
pub(crate) struct Generator {
    state: u64,
    names: usize,
}

/// The names in scope, by type.
#[derive(Clone, Default)]
struct Scope {
    numbers: Vec<String>,
    procedures: Vec<String>,
    lists: Vec<String>,
}

impl Scope {
    fn number(&self, name: &str) -> Self {
        let mut scope = self.clone();
        scope.numbers.push(name.to_string());
        scope
    }
}

/// The inputs of every program, with their values.
pub(crate) const INPUTS: [(&str, f64); 3] = [("a", 0.7), ("b", -0.4), ("c", 1.3)];

impl Generator {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1, names: 0 }
    }

    /// A program of the three inputs, each used.
    pub(crate) fn program(&mut self) -> String {
        let scope = Scope { numbers: INPUTS.map(|(name, _)| name.to_string()).to_vec(), ..Scope::default() };
        let (mut text, mut inner) = (String::new(), scope);
        for _ in 0..self.below(3) {
            let name = self.name("f");
            let body = self.number(&inner.number("x"), 2);
            // Writing to a string cannot fail.
            let _ = writeln!(text, "(define ({name} x) {body})");
            inner.procedures.push(name);
        }
        let body = self.number(&inner, 4);
        let _ = write!(text, "(+ (* 0.1 a b c) {body})");
        text
    }

    fn below(&mut self, n: u64) -> u64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        (self.state >> 11) % n
    }

    fn name(&mut self, stem: &str) -> String {
        self.names += 1;
        format!("{stem}{}", self.names)
    }

    fn pick(&mut self, of: &[String]) -> Option<String> {
        if of.is_empty() { None } else { of.get(self.below(of.len() as u64) as usize).cloned() }
    }

    fn number(&mut self, scope: &Scope, depth: u32) -> String {
        if depth == 0 {
            return match self.below(3) {
                0 => format!("{}", (self.below(40) as f64 - 20.0) / 10.0),
                _ => self.pick(&scope.numbers).unwrap_or("1".into()),
            };
        }
        let d = depth - 1;
        match self.below(18) {
            0 => format!("(+ {} {})", self.number(scope, d), self.number(scope, d)),
            1 => format!("(- {} {})", self.number(scope, d), self.number(scope, d)),
            2 | 3 => format!("(* {} (tanh {}))", self.number(scope, d), self.number(scope, d)),
            4 => format!("(/ {} (+ 2 (square {})))", self.number(scope, d), self.number(scope, d)),
            5 => format!("(sin {})", self.number(scope, d)),
            6 => format!("(exp (cos {}))", self.number(scope, d)),
            7 => format!("(if {} {} {})", self.truth(scope, d), self.number(scope, d), self.number(scope, d)),
            8 => {
                let name = self.name("v");
                let value = self.number(scope, d);
                format!("(let (({name} {value})) {})", self.number(&scope.number(&name), d))
            }
            9 => self.counted_loop(scope, d),
            10 => self.recursion(scope, d),
            11 | 12 => format!("({} {})", self.procedure(scope, d), self.number(scope, d)),
            13 => {
                let (x, sum) = (self.name("x"), self.name("s"));
                let body = self.number(&scope.number(&x).number(&sum), d.min(1));
                format!(
                    "(fold (lambda ({x} {sum}) (tanh {body})) {} {})",
                    self.number(scope, d.min(1)),
                    self.list(scope, d)
                )
            }
            14 => format!("(car {})", self.list(scope, d)),
            15 => self.walk(scope, d),
            16 => format!("(apply {} (list {}))", self.procedure(scope, d), self.number(scope, d)),
            _ => format!("((grad {}) {})", self.procedure(scope, d.min(1)), self.number(scope, d.min(1))),
        }
    }

    fn counted_loop(&mut self, scope: &Scope, d: u32) -> String {
        let (name, i, s) = (self.name("loop"), self.name("i"), self.name("s"));
        let body = self.number(&scope.number(&i).number(&s), d.min(2));
        let (count, start) = (1 + self.below(6), self.number(scope, d.min(1)));
        format!(
            "(let {name} (({i} 0) ({s} {start})) (if (= {i} {count}) {s} ({name} (+ {i} 1) (tanh {body}))))"
        )
    }

    /// Along a list of literals, by steps that numbers choose.
    fn walk(&mut self, scope: &Scope, d: u32) -> String {
        let (name, l, s) = (self.name("walk"), self.name("l"), self.name("s"));
        let data: Vec<String> =
            (0..2 + self.below(4)).map(|_| format!("{}", (self.below(40) as f64 - 20.0) / 8.0)).collect();
        let inner = scope.number(&format!("(car {l})")).number(&s);
        let (test, body) = (self.truth(&inner, d.min(1)), self.number(&inner, d.min(2)));
        let start = self.number(scope, d.min(1));
        format!(
            "(let {name} (({l} (quote ({}))) ({s} {start})) (if (null? {l}) {s} \
             ({name} (if (and {test} (pair? (cdr {l}))) (cddr {l}) (cdr {l})) (tanh {body}))))",
            data.join(" ")
        )
    }

    fn recursion(&mut self, scope: &Scope, d: u32) -> String {
        let (f, n, v) = (self.name("f"), self.name("n"), self.name("v"));
        let inner = scope.number(&n).number(&v);
        let (base, next, more) =
            (self.number(&inner, d.min(1)), self.number(&inner, d.min(1)), self.number(&inner, d.min(1)));
        let (count, start) = (1 + self.below(4), self.number(scope, d.min(1)));
        format!(
            "(letrec (({f} (lambda ({n} {v}) (if (= {n} 0) {base} \
             (+ {more} (* 0.5 ({f} (- {n} 1) (sin {next})))))))) ({f} {count} {start}))"
        )
    }

    fn truth(&mut self, scope: &Scope, depth: u32) -> String {
        let d = depth.saturating_sub(1);
        match self.below(if depth == 0 { 2 } else { 5 }) {
            0 => format!("(< {} {})", self.number(scope, d), self.number(scope, d)),
            1 => format!("(>= {} {})", self.number(scope, d), self.number(scope, d)),
            2 => format!("(not {})", self.truth(scope, d)),
            3 => format!("(and {} {})", self.truth(scope, d), self.truth(scope, d)),
            _ => format!("(or {} {})", self.truth(scope, d), self.truth(scope, d)),
        }
    }

    fn procedure(&mut self, scope: &Scope, depth: u32) -> String {
        if depth == 0 {
            let known = self.pick(&scope.procedures);
            return known.unwrap_or_else(|| ["sin", "cos", "tanh"][self.below(3) as usize].to_string());
        }
        let d = depth - 1;
        match self.below(6) {
            0 | 1 => {
                let x = self.name("x");
                format!("(lambda ({x}) {})", self.number(&scope.number(&x), d))
            }
            2 => format!("(compose {} {})", self.procedure(scope, d), self.procedure(scope, d)),
            3 => {
                let test = self.truth(scope, d.min(1));
                format!("(if {test} {} {})", self.procedure(scope, d), self.procedure(scope, d))
            }
            4 => {
                let (k, x) = (self.name("k"), self.name("x"));
                let body = self.number(&scope.number(&k).number(&x), d.min(1));
                format!("((lambda ({k}) (lambda ({x}) {body})) {})", self.number(scope, d.min(1)))
            }
            _ => self.procedure(scope, 0),
        }
    }

    fn list(&mut self, scope: &Scope, depth: u32) -> String {
        if depth == 0 {
            let known = self.pick(&scope.lists);
            return known
                .unwrap_or_else(|| format!("(list {} {})", self.number(scope, 0), self.number(scope, 0)));
        }
        let d = depth - 1;
        match self.below(7) {
            0 => format!(
                "(list {} {} {})",
                self.number(scope, d.min(1)),
                self.number(scope, d.min(1)),
                self.number(scope, 0)
            ),
            1 => format!("(map {} {})", self.procedure(scope, d), self.list(scope, d)),
            2 => format!("(cons {} {})", self.number(scope, d), self.list(scope, d)),
            3 => format!("(reverse {})", self.list(scope, d)),
            4 => format!("(append {} {})", self.list(scope, d), self.list(scope, d)),
            5 => {
                let name = self.name("l");
                let value = self.list(scope, d);
                let mut inner = scope.clone();
                inner.lists.push(name.clone());
                format!("(let (({name} {value})) {})", self.list(&inner, d))
            }
            _ => {
                let (name, n) = (self.name("build"), self.name("n"));
                let item = self.number(&scope.number(&n), d.min(1));
                let count = 1 + self.below(4);
                format!(
                    "(let {name} (({n} {count})) (if (= {n} 0) (list {}) (cons {item} ({name} (- {n} 1)))))",
                    self.number(scope, 0)
                )
            }
        }
    }
}
