//! The text of kernel programs, for people and for tests.
//!
//! An S-expression in which each local has its number (`x.3`), so that no two bindings look alike.
//! What fits stays on a line. The text of a program tells everything of it but spans, the names of
//! procedures, and what the prelude defines: that stands around the body by its names, without numbers,
//! as `(prelude (map) body)`. Nothing here recurses.

use super::{Expr, ExprKind, Lambda, Local, Program};
use crate::{
    datum::{Datum, Kind},
    span::Span,
};
use std::fmt::{self, Formatter};

/// Where lines end.
const WIDTH: usize = 100;

impl fmt::Display for Program {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        layout(f, &self.tokens())
    }
}

/// A token of the text.
enum Token {
    Open(Open),
    Close,
    Word(String),
}

/// The start of a list.
#[derive(Clone, Copy)]
struct Open {
    /// How many items stay on the first line when the list is broken.
    kept: usize,
    /// Characters on one line; more than fit, if the list must be broken.
    width: usize,
}

impl Open {
    /// A list that breaks after so many items, if it is too long.
    fn after(kept: usize) -> Self {
        Self { kept, width: 0 }
    }

    /// A list that breaks after so many items.
    fn broken(kept: usize) -> Self {
        Self { kept, width: WIDTH + 1 }
    }
}

/// What is still to be made tokens of.
enum Job<'a> {
    Expr(&'a Expr),
    Lambda(&'a Lambda),
    Local(Local),
    Token(Token),
}

fn word<'a>(text: impl Into<String>) -> Job<'a> {
    Job::Token(Token::Word(text.into()))
}

fn list<'a>(open: Open, parts: impl IntoIterator<Item = Job<'a>>) -> Vec<Job<'a>> {
    let (open, close) = (Job::Token(Token::Open(open)), Job::Token(Token::Close));
    [open].into_iter().chain(parts).chain([close]).collect()
}

/// A list of locals after some words.
fn locals<'a>(words: &[&str], locals: &[Local], rest: Option<Local>) -> Vec<Job<'a>> {
    let words = words.iter().map(|text| word(*text));
    let fixed = locals.iter().map(|local| Job::Local(*local));
    let rest = rest.into_iter().flat_map(|rest| [word("."), Job::Local(rest)]);
    list(Open::after(1), words.chain(fixed).chain(rest))
}

impl Program {
    fn tokens(&self) -> Vec<Token> {
        let mut parts = vec![word("program")];
        parts.extend(locals(&[], &self.inputs, None));
        if !self.captures.is_empty() {
            parts.extend(locals(&["captures"], &self.captures, None));
        }
        if !self.params.is_empty() {
            let params = self.params.iter().flat_map(|param| {
                let numbers = [Some(param.init), param.lo, param.hi].into_iter().flatten();
                let numbers =
                    numbers.map(|x| word(Datum { kind: Kind::Number(x), span: Span::default() }.to_string()));
                list(Open::after(2), [Job::Local(param.local)].into_iter().chain(numbers))
            });
            parts.extend(list(Open::after(1), [word("params")].into_iter().chain(params)));
        }
        if !self.declared.is_empty() {
            let declared = self.declared.iter().flat_map(|(local, declared)| {
                list(Open::after(2), [Job::Local(*local), word(declared.to_string())])
            });
            parts.extend(list(Open::after(1), [word("declared")].into_iter().chain(declared)));
        }
        parts.push(Job::Expr(&self.body));
        let mut jobs = list(Open::after(2), parts);
        jobs.reverse();
        let (mut tokens, mut open) = (Vec::new(), Vec::new());
        while let Some(job) = jobs.pop() {
            let token = match job {
                Job::Expr(expr) => {
                    if let Some(parts) = self.prelude_parts(expr) {
                        jobs.extend(parts.into_iter().rev());
                        continue;
                    }
                    jobs.extend(parts_of(expr).into_iter().rev());
                    continue;
                }
                Job::Lambda(lambda) => {
                    jobs.extend(lambda_parts(lambda).into_iter().rev());
                    continue;
                }
                Job::Local(local) => Token::Word(match self.locals.get(local.0 as usize) {
                    Some(info) if info.prelude => info.name.to_string(),
                    Some(info) => format!("{}.{}", info.name, local.0),
                    None => format!("?.{}", local.0),
                }),
                Job::Token(token) => token,
            };
            // Each item widens the list around it by itself and a space or bracket.
            let width = match &token {
                Token::Word(word) => word.chars().count(),
                Token::Open(_) => {
                    open.push(tokens.len());
                    tokens.push(token);
                    continue;
                }
                Token::Close => match open.pop().and_then(|at| tokens.get_mut(at)) {
                    Some(Token::Open(list)) => {
                        list.width += 1;
                        list.width
                    }
                    _ => 0,
                },
            };
            if let Some(Token::Open(list)) = open.last().and_then(|at| tokens.get_mut(*at)) {
                list.width = list.width.saturating_add(width + 1);
            }
            tokens.push(token);
        }
        tokens
    }

    /// What the text mentions of the prelude, bound around an expression, and the expression.
    fn prelude_parts<'a>(&self, expr: &'a Expr) -> Option<Vec<Job<'a>>> {
        let (mut bound, mut inside) = (Vec::new(), expr);
        loop {
            let (locals, body): (Vec<Local>, _) = match &inside.kind {
                ExprKind::Let(bindings, body) => (bindings.iter().map(|(local, _)| *local).collect(), body),
                ExprKind::Fix(bindings, body) => (bindings.iter().map(|(local, _)| *local).collect(), body),
                _ => break,
            };
            let prelude = |local: &Local| self.locals.get(local.0 as usize).filter(|info| info.prelude);
            if !locals.iter().all(|local| prelude(local).is_some()) {
                break;
            }
            let is_public = |local: &Local| prelude(local).is_some_and(|info| !info.name.starts_with('%'));
            bound.extend(locals.into_iter().filter(is_public));
            inside = body;
        }
        if bound.is_empty() {
            return None;
        }
        bound.sort_unstable();
        let parts = [word("prelude")].into_iter().chain(locals(&[], &bound, None));
        Some(list(Open::broken(2), parts.chain([Job::Expr(inside)])))
    }
}

fn parts_of(expr: &Expr) -> Vec<Job<'_>> {
    match &expr.kind {
        ExprKind::Quote(datum) => match datum.kind {
            Kind::Symbol(_) | Kind::List { .. } => vec![word(format!("'{datum}"))],
            _ => vec![word(datum.to_string())],
        },
        ExprKind::Unspecified => vec![word("#!unspecified")],
        ExprKind::Local(local) => vec![Job::Local(*local)],
        ExprKind::Prim(prim) => vec![word(prim.name())],
        ExprKind::If(test, then, els) => {
            let parts = [&**test, then, els].map(Job::Expr);
            list(Open::after(2), [word("if")].into_iter().chain(parts))
        }
        ExprKind::Lambda(lambda) => lambda_parts(lambda),
        ExprKind::Let(bindings, body) => {
            let pairs = bindings.iter().map(|(local, value)| (*local, Job::Expr(value)));
            binding_parts("let", pairs.collect(), body)
        }
        ExprKind::Fix(bindings, body) => {
            let pairs = bindings.iter().map(|(local, lambda)| (*local, Job::Lambda(lambda)));
            binding_parts("fix", pairs.collect(), body)
        }
        ExprKind::Begin(parts) => {
            list(Open::after(1), [word("begin")].into_iter().chain(parts.iter().map(Job::Expr)))
        }
        ExprKind::Call(head, operands) => {
            list(Open::after(1), [&**head].into_iter().chain(operands).map(Job::Expr))
        }
    }
}

fn lambda_parts(lambda: &Lambda) -> Vec<Job<'_>> {
    let params = locals(&[], &lambda.params, lambda.rest);
    list(Open::after(2), [word("lambda")].into_iter().chain(params).chain([Job::Expr(&lambda.body)]))
}

/// Bindings stand on lines of their own.
fn binding_parts<'a>(name: &str, pairs: Vec<(Local, Job<'a>)>, body: &'a Expr) -> Vec<Job<'a>> {
    let around = if pairs.len() > 1 { Open::broken(0) } else { Open::after(0) };
    let pairs = pairs.into_iter().flat_map(|(local, value)| list(Open::after(2), [Job::Local(local), value]));
    let bindings = list(around, pairs);
    list(Open::broken(2), [word(name)].into_iter().chain(bindings).chain([Job::Expr(body)]))
}

/// A list being written.
struct Written {
    open: Open,
    indent: usize,
    items: usize,
}

fn layout(f: &mut Formatter<'_>, tokens: &[Token]) -> fmt::Result {
    let mut lists: Vec<Written> = Vec::new();
    let mut column = 0;
    for token in tokens {
        if let (Some(list), Token::Open(_) | Token::Word(_)) = (lists.last_mut(), token) {
            if list.items > 0 {
                let fits = list.indent.saturating_add(list.open.width) <= WIDTH;
                if fits || list.items < list.open.kept {
                    f.write_str(" ")?;
                    column += 1;
                } else {
                    column = list.indent + if list.open.kept == 0 { 1 } else { 2 };
                    write!(f, "\n{:column$}", "")?;
                }
            }
            list.items += 1;
        }
        match token {
            Token::Open(open) => {
                f.write_str("(")?;
                lists.push(Written { open: *open, indent: column, items: 0 });
                column += 1;
            }
            Token::Close => {
                f.write_str(")")?;
                lists.pop();
                column += 1;
            }
            Token::Word(word) => {
                f.write_str(word)?;
                column += word.chars().count();
            }
        }
    }
    Ok(())
}
