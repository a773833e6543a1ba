//! Declared types: `(: name type)`, at the top of a program.
//!
//! What is declared is an input or a parameter. Whether it is, is known at the end of the program, so
//! declarations may stand before and after what they are about. The type of what the program itself
//! defines is found, and not declared.

use super::{
    Declared, Expr, Local,
    known::Form,
    state::{Desugar, Syntax},
    suggest,
};
use crate::{
    datum::{Datum, Kind},
    diag::{Code, Diagnostic},
    span::Span,
};
use std::{
    collections::{HashMap, HashSet},
    rc::Rc,
};

const FORM: Form = Form::Declare;

/// A declaration whose name is not resolved yet.
pub(super) struct Declaration {
    name: Rc<str>,
    span: Span,
    /// Missing where that is an error already noted.
    declared: Option<Declared>,
}

impl Desugar {
    /// `(: name type)` at the top of a program.
    pub(super) fn declaration(&mut self, syntax: &Syntax<'_>) {
        let (name, written) = match syntax.operands {
            [name, written] => (name, written),
            [] => return self.wrong_declaration(syntax.head.span, "`:` has no name and no type"),
            [name] => return self.wrong_declaration(name.span, "the declaration has no type"),
            [_, _, more, ..] => return self.wrong_declaration(more.span, "a declaration has one type"),
        };
        let Kind::Symbol(symbol) = &name.kind else {
            return self.wrong_declaration(name.span, "a declaration is about a name");
        };
        let declared = self.declared(written);
        self.declarations.push(Declaration { name: symbol.clone(), span: name.span, declared });
    }

    fn wrong_declaration(&mut self, span: Span, message: &str) {
        self.bad(FORM, span, message);
    }

    /// `(: name type)` where an expression stands.
    pub(super) fn misplaced_declaration(&mut self, syntax: &Syntax<'_>) -> Expr {
        let message = "a declaration of a type cannot stand inside an expression";
        let finding = Diagnostic::new(Code::MisplacedDefine, syntax.head.span, message);
        self.fail(finding.hint("declarations stand at the top of the program"))
    }

    /// A type by its grammar; what is none is noted.
    fn declared(&mut self, datum: &Datum) -> Option<Declared> {
        if !self.enter() {
            self.deep(datum.span);
            return None;
        }
        let declared = self.type_of(datum);
        self.leave();
        declared
    }

    fn type_of(&mut self, datum: &Datum) -> Option<Declared> {
        match datum.symbol() {
            Some("real") => return Some(Declared::Real),
            Some("bool") => return Some(Declared::Bool),
            Some(other) => {
                let message = match other {
                    "number" | "f64" | "f32" | "float" | "int" | "integer" => {
                        format!("there is no type `{other}`: every number is of type `real`")
                    }
                    "boolean" => "there is no type `boolean`: it is called `bool`".to_owned(),
                    "vec" | "vector" | "mat" | "matrix" => {
                        format!("the type `{other}` needs its size: (vec 3), (mat 2 2)")
                    }
                    _ => format!("there is no type `{other}`"),
                };
                self.bad(FORM, datum.span, message);
                return None;
            }
            None => {}
        }
        let Some((head, parts)) = datum.list().and_then(<[Datum]>::split_first) else {
            self.bad(FORM, datum.span, "this is not a type");
            return None;
        };
        match (head.symbol(), parts) {
            (Some("vec"), [n]) => Some(Declared::Vector(self.size(n)?)),
            (Some("mat"), [rows, columns]) => {
                let (rows, columns) = (self.size(rows), self.size(columns));
                Some(Declared::Matrix(rows?, columns?))
            }
            (Some("->"), [_, ..]) => {
                let types: Vec<_> = parts.iter().map(|part| self.declared(part)).collect();
                Some(Declared::Procedure(types.into_iter().collect::<Option<_>>()?))
            }
            (Some(name @ ("vec" | "mat" | "->")), _) => {
                let needs = match name {
                    "vec" => "the type of a vector has one size: (vec 3)",
                    "mat" => "the type of a matrix has two sizes, rows and columns: (mat 2 2)",
                    _ => "the type of a procedure has at least that of its result: (-> real real)",
                };
                self.bad(FORM, head.span, needs);
                None
            }
            _ => {
                self.bad(FORM, head.span, "this is not a type");
                None
            }
        }
    }

    fn size(&mut self, datum: &Datum) -> Option<u32> {
        match datum.kind {
            Kind::Number(n) if n >= 1.0 && n <= f64::from(u32::MAX) && n.fract() == 0.0 => Some(n as u32),
            _ => {
                self.bad(FORM, datum.span, "a size is a whole number, at least 1, written out");
                None
            }
        }
    }

    /// Whether a declaration so far says that a name is a procedure, which may then be called.
    pub(super) fn declares_procedure(&self, name: &str) -> bool {
        let is_procedure = |declaration: &&Declaration| {
            matches!(declaration.declared, Some(Declared::Procedure(_))) && &*declaration.name == name
        };
        self.declarations.iter().any(|declaration| is_procedure(&declaration))
    }

    /// Finds what the declarations are about.
    pub(super) fn settle_declarations(&mut self) -> Vec<(Local, Declared)> {
        let declarations = std::mem::take(&mut self.declarations);
        if declarations.is_empty() {
            return Vec::new();
        }
        let params: HashSet<Local> = self.settled.iter().map(|param| param.local).collect();
        let inputs: HashMap<Rc<str>, Local> =
            self.inputs.iter().chain(&params).map(|local| (self.name_of(*local), *local)).collect();
        let mut settled: Vec<(Local, Declared)> = Vec::new();
        let mut seen = HashSet::new();
        for Declaration { name, span, declared } in declarations {
            let finding = match inputs.get(&name) {
                Some(_) if !seen.insert(name.clone()) => {
                    Diagnostic::new(Code::Duplicate, span, format!("the type of `{name}` is declared twice"))
                }
                Some(local)
                    if params.contains(local)
                        && declared.as_ref().is_some_and(|ty| *ty != Declared::Real) =>
                {
                    let message = format!("the parameter `{name}` is a number");
                    Diagnostic::new(Code::BadForm, span, message).hint(format!("(: {name} real)"))
                }
                Some(local) => {
                    settled.extend(declared.map(|declared| (*local, declared)));
                    continue;
                }
                None if self.scope.get(&name).is_some() => {
                    let message =
                        format!("`{name}` is defined by the program: its type is found, not declared");
                    Diagnostic::new(Code::BadForm, span, message).hint("types are declared of inputs")
                }
                None => {
                    let message = format!("the program has no input `{name}`");
                    let near = suggest::nearest(&name, inputs.keys().map(|name| &**name), std::iter::empty());
                    Diagnostic { hint: near, ..Diagnostic::new(Code::Unbound, span, message) }
                }
            };
            self.note(finding);
        }
        settled
    }
}
