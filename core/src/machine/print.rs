//! The text form of modules: stable, for people and for tests.

use super::{Block, BlockId, Callee, End, Module, Op, ProcId, Var};
use std::fmt;

impl fmt::Display for Var {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v{}", self.0)
    }
}

impl fmt::Display for BlockId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "b{}", self.0)
    }
}

impl fmt::Display for ProcId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "p{}", self.0)
    }
}

impl fmt::Display for Module {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, procedure) in self.procedures.iter().enumerate() {
            let name = procedure.name.as_deref().unwrap_or("lambda");
            let rest = if procedure.rest { " + rest" } else { "" };
            let what = if i == 0 { "program" } else { name };
            writeln!(f, "p{i} {what}: {}{rest} at {}", procedure.params, procedure.entry)?;
        }
        for (i, block) in self.blocks.iter().enumerate() {
            write!(f, "b{i}")?;
            self.block(block, f)?;
        }
        Ok(())
    }
}

impl Module {
    fn block(&self, block: &Block, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(")?;
        list(&block.params, f)?;
        if let Some(result) = block.result {
            write!(f, " | {result}")?;
        }
        f.write_str("):\n")?;
        for step in &block.steps {
            write!(f, "  {} = ", step.var)?;
            self.op(&step.op, f)?;
            f.write_str("\n")?;
        }
        match &block.end {
            End::Return(var) => writeln!(f, "  return {var}"),
            End::Jump(to, None) => writeln!(f, "  jump {to}"),
            End::Jump(to, Some(var)) => writeln!(f, "  jump {to} {var}"),
            End::Branch(test, then, els) => writeln!(f, "  branch {test} {then} {els}"),
            End::Call(callee, arguments, then) => {
                write!(f, "  {callee} (")?;
                list(arguments, f)?;
                match then {
                    Some(then) => writeln!(f, ") then {then}"),
                    None => writeln!(f, ") tail"),
                }
            }
        }
    }

    fn op(&self, op: &Op, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match op {
            Op::Number(x) => write!(f, "{x:?}"),
            Op::Bool(true) => f.write_str("#t"),
            Op::Bool(false) => f.write_str("#f"),
            Op::Char(c) => write!(f, "char {c:?}"),
            Op::Nil => f.write_str("nil"),
            Op::Unspecified => f.write_str("unspecified"),
            Op::Symbol(i) => write!(f, "symbol {}", self.symbols.get(*i as usize).map_or("", |s| s)),
            Op::Constant(i) => match self.constants.get(*i as usize) {
                Some(datum) => write!(f, "quote {datum}"),
                None => write!(f, "quote"),
            },
            Op::Primitive(prim) => write!(f, "primitive {}", prim.name()),
            Op::Captured(closure, i) => write!(f, "captured {closure} {i}"),
            Op::Closure(id, captures) => spaced(f, format_args!("closure {id}"), captures),
            Op::Static(id) => write!(f, "procedure {id}"),
            Op::Sibling(id, closure) => write!(f, "closure {id} as {closure}"),
            Op::Island(i, operands) => spaced(f, format_args!("island {i}"), operands),
            Op::Apply(prim, operands) => spaced(f, format_args!("{}", prim.name()), operands),
        }
    }
}

impl fmt::Display for Callee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(var) => write!(f, "call {var}"),
            Self::Known(id, closure) => write!(f, "call {id} as {closure}"),
            Self::Static(id) => write!(f, "call {id}"),
            Self::Spread(var) => write!(f, "apply {var}"),
            Self::At(place, var) => write!(f, "apply {var} at {place}"),
        }
    }
}

fn spaced(f: &mut fmt::Formatter<'_>, head: fmt::Arguments<'_>, vars: &[Var]) -> fmt::Result {
    f.write_fmt(head)?;
    vars.iter().try_for_each(|var| write!(f, " {var}"))
}

fn list(vars: &[Var], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (i, var) in vars.iter().enumerate() {
        let space = if i == 0 { "" } else { " " };
        write!(f, "{space}{var}")?;
    }
    Ok(())
}
