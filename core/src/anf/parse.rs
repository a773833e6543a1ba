//! Reads the text of a graph or module back.

use super::{
    Atom, Block, Dims, Failure, FnId, Function, Graph, Inst, Kind, Module, Op, Table, Type, Var, VarInfo,
};
use crate::{
    diag::Code,
    prim::{Numeric, Scalar, Whole},
    span::Span,
};
use std::fmt;

/// Where and why a graph's text was not understood.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ParseError {
    /// The line, from 1.
    pub line: usize,
    /// What was expected there.
    pub expected: &'static str,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: expected {}", self.line, self.expected)
    }
}

impl std::error::Error for ParseError {}

/// Blocks nested deeper than this are refused, so that no text exhausts the stack.
const MAX_NESTING: usize = 200;

/// Variables numbered higher than this are refused, so that no text exhausts memory.
const MAX_VARS: u32 = 1 << 24;

impl Graph {
    /// Reads the text that `Display` writes; spans are not in it.
    ///
    /// The graph is as well typed as its text: [`verify`](super::verify) tells.
    ///
    /// # Errors
    /// The first line that is not of that form.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let mut parser = Parser { lines: text.lines().collect(), at: 0, vars: Vec::new() };
        let header = parser.line(GRAPH)?;
        parser.graph(header)
    }
}

impl Module {
    /// Reads the text that `Display` writes; spans are not in it.
    ///
    /// The module is as well typed as its text: [`verify_module`](super::verify_module) tells.
    ///
    /// # Errors
    /// The first line that is not of that form.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let mut parser = Parser { lines: text.lines().collect(), at: 0, vars: Vec::new() };
        let mut functions = Vec::new();
        while parser.lines[parser.at..].iter().any(|line| !line.trim().is_empty()) {
            let header = parser.line(FUNCTION)?;
            if header.is_empty() {
                continue;
            }
            let rest = header.strip_prefix(&format!("f{}: ", functions.len()));
            let (kind, header) =
                rest.and_then(|rest| rest.split_once(' ')).ok_or_else(|| parser.error(FUNCTION))?;
            let kind = match kind {
                "once" => Kind::Once,
                "loop" => Kind::Loop,
                _ => return Err(parser.error(FUNCTION)),
            };
            functions.push(Function { graph: parser.graph(header)?, kind });
        }
        Ok(Self { functions })
    }
}

const GRAPH: &str = "`graph name(parameters) {`";
const FUNCTION: &str = "`f0: once graph name(parameters) {`, the functions in order";

struct Parser<'a> {
    lines: Vec<&'a str>,
    at: usize,
    vars: Vec<VarInfo>,
}

impl<'a> Parser<'a> {
    /// A graph whose first line has been read.
    fn graph(&mut self, header: &str) -> Result<Graph, ParseError> {
        let (name, params) = header
            .strip_prefix("graph ")
            .and_then(|rest| rest.strip_suffix(") {"))
            .and_then(|rest| rest.split_once('('))
            .ok_or_else(|| self.error(GRAPH))?;
        let mut names = Vec::new();
        let mut vars = Vec::new();
        for param in params.split(", ").filter(|p| !p.is_empty()) {
            let parts = param.rsplit_once(": ").and_then(|(name, rest)| Some((name, rest.split_once(' ')?)));
            let (name, (var, ty)) = parts.ok_or_else(|| self.error("a parameter `name: v0 real`"))?;
            names.push(name.to_owned());
            vars.push(self.define(var, ty)?);
        }
        let body = self.block(0)?;
        self.expect("}")?;
        Ok(Graph { name: name.to_owned(), params: vars, names, body, vars: std::mem::take(&mut self.vars) })
    }

    fn error(&self, expected: &'static str) -> ParseError {
        ParseError { line: self.at.max(1), expected }
    }

    fn line(&mut self, expected: &'static str) -> Result<&'a str, ParseError> {
        let line = self.lines.get(self.at).copied();
        self.at += 1;
        line.map(str::trim).ok_or_else(|| self.error(expected))
    }

    fn expect(&mut self, text: &'static str) -> Result<(), ParseError> {
        if self.line(text)? == text { Ok(()) } else { Err(self.error(text)) }
    }

    fn block(&mut self, depth: usize) -> Result<Block, ParseError> {
        if depth > MAX_NESTING {
            return Err(self.error("blocks nested less deeply"));
        }
        let mut insts = Vec::new();
        loop {
            let line = self.line("an instruction or `give`")?;
            if let Some(rest) = line.strip_prefix("give") {
                return Ok(Block { insts, results: self.atoms(rest)? });
            }
            insts.push(self.inst(line, depth)?);
        }
    }

    fn inst(&mut self, line: &str, depth: usize) -> Result<Inst, ParseError> {
        // Only what binds a variable has one before the sign; a message may hold anything.
        let binds = line.starts_with('v');
        let (left, right) = match line.split_once(" = ") {
            Some(halves) if binds => halves,
            None if binds => return Err(self.error("`v0: real = …`")),
            _ => ("", line),
        };
        let (op, rest) = right.split_once(' ').unwrap_or((right, ""));
        let mut operands = rest;
        let op = match op {
            "if" => {
                operands = rest.strip_suffix(" {").ok_or_else(|| self.error("`{`"))?;
                let then = self.block(depth + 1)?;
                self.expect("} else {")?;
                let els = self.block(depth + 1)?;
                self.expect("}")?;
                Op::If { then, els }
            }
            "broadcast" => {
                let axis = self.number(&mut operands)?;
                Op::Broadcast { axis, size: self.number(&mut operands)? }
            }
            "whole" => {
                let (whole, rest) = whole(rest).ok_or_else(|| self.error("an operation on matrices"))?;
                operands = rest;
                Op::Whole(whole)
            }
            "table" => {
                let items = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'));
                let (items, index) = items.ok_or_else(|| self.error("items in brackets"))?;
                operands = index;
                let items: Result<Vec<f64>, _> = items.split_whitespace().map(str::parse).collect();
                Op::Table(Table::new(items.map_err(|_| self.error("numbers in brackets"))?))
            }
            "sum" => Op::Sum { axis: self.number(&mut operands)? },
            "call" => Op::Call(self.function(&mut operands)?),
            "forward" => Op::Forward(self.function(&mut operands)?),
            "tangent" => Op::Tangent(self.function(&mut operands)?),
            "reverse" => Op::Reverse(self.function(&mut operands)?),
            "fail" => Op::Fail(self.failure(&mut operands)?),
            ident => {
                let row = Numeric::ALL.iter().find(|n| n.row().ident == ident);
                Op::Row(*row.ok_or_else(|| self.error("the name of a row"))?)
            }
        };
        let args = self.atoms(operands)?;
        let mut results = Vec::new();
        // A comma inside brackets belongs to a type.
        for part in left.split(", v").filter(|part| !part.is_empty()) {
            let (var, ty) = part.split_once(": ").ok_or_else(|| self.error("`v0: real`"))?;
            results.push(self.define(var, ty)?);
        }
        Ok(Inst { results, op, args })
    }

    fn number(&self, rest: &mut &str) -> Result<u32, ParseError> {
        let (word, tail) = rest.split_once(' ').unwrap_or((rest, ""));
        *rest = tail;
        word.parse().map_err(|_| self.error("a count"))
    }

    fn function(&self, rest: &mut &str) -> Result<FnId, ParseError> {
        let expected = "a function, as `f1`";
        *rest = rest.strip_prefix('f').ok_or_else(|| self.error(expected))?;
        self.number(rest).map(FnId).map_err(|_| self.error(expected))
    }

    fn failure(&self, rest: &mut &str) -> Result<Failure, ParseError> {
        let (code, tail) = rest.split_once(' ').ok_or_else(|| self.error("a code and a message"))?;
        let code = Code::ALL.iter().find(|c| c.as_str() == code).ok_or_else(|| self.error("a code"))?;
        let (message, tail) = quoted(tail).ok_or_else(|| self.error("a message in quotation marks"))?;
        *rest = tail;
        Ok(Failure { code: *code, message: message.into(), span: Span::default() })
    }

    fn define(&mut self, var: &str, ty: &str) -> Result<Var, ParseError> {
        let number = var.strip_prefix('v').unwrap_or(var).parse().ok().filter(|n| *n < MAX_VARS);
        let var: u32 = number.ok_or_else(|| self.error("a variable"))?;
        let ty = parse_type(ty).ok_or_else(|| self.error("a type"))?;
        if self.vars.len() <= var as usize {
            self.vars.resize(var as usize + 1, VarInfo { ty: Type::REAL, span: None });
        }
        self.vars[var as usize].ty = ty;
        Ok(Var(var))
    }

    fn atoms(&self, text: &str) -> Result<Vec<Atom>, ParseError> {
        let atom = |word: &str| match word {
            "true" => Some(Atom::Bool(true)),
            "false" => Some(Atom::Bool(false)),
            _ => match word.strip_prefix('v') {
                Some(number) => number.parse().ok().map(|n| Atom::Var(Var(n))),
                None => word.parse().ok().map(Atom::Real),
            },
        };
        text.split_whitespace().map(|w| atom(w).ok_or_else(|| self.error("a variable or literal"))).collect()
    }
}

/// An operation on whole matrices with its sizes, and what follows them.
fn whole(text: &str) -> Option<(Whole, &str)> {
    // How many sizes there are the name tells.
    let ends = text.match_indices(' ').map(|(at, _)| at).chain([text.len()]);
    ends.take(4).find_map(|at| Some((Whole::parse(&text[..at])?, text[at..].trim_start())))
}

/// The text that a literal as Rust's `Debug` writes it stands for, and what follows it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut rest = text.strip_prefix('"')?.chars();
    let mut out = String::new();
    loop {
        match rest.next()? {
            '"' => return Some((out, rest.as_str())),
            '\\' => out.push(match rest.next()? {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                '0' => '\0',
                'u' => {
                    let (digits, tail) = rest.as_str().strip_prefix('{')?.split_once('}')?;
                    rest = tail.chars();
                    char::from_u32(u32::from_str_radix(digits, 16).ok()?)?
                }
                c => c,
            }),
            c => out.push(c),
        }
    }
}

fn parse_type(text: &str) -> Option<Type> {
    let (scalar, dims) = text.strip_suffix(']').and_then(|t| t.split_once('[')).unwrap_or((text, ""));
    let scalar = match scalar {
        "real" => Scalar::Real,
        "bool" => Scalar::Bool,
        "record" => Scalar::Record,
        _ => return None,
    };
    let axes: Option<Vec<u32>> = dims.split(',').filter(|n| !n.is_empty()).map(|n| n.parse().ok()).collect();
    Some(Type { scalar, dims: Dims::new(&axes?)? })
}
