//! The text of graphs, which [`Graph::parse`](super::Graph::parse) reads back.
//!
//! ```text
//! graph coulomb(k: v0 real, r: v1 real) {
//!   v2: real = mul v1 v1
//!   v3: real = div v0 v2
//!   give v3
//! }
//! ```
//!
//! A module is one graph after the other, each headed by its number and how often it runs:
//!
//! ```text
//! f0: once graph main(x: v0 real) {
//!   v1: real = call f1 0.0 v0
//!   give v1
//! }
//! f1: loop graph count(n: v0 real, end: v1 real) {
//!   v2: bool = less v0 v1
//!   v3: real = add v0 1.0
//!   give v2 v3 v1 v0
//! }
//! ```

use super::{Atom, Block, Dims, FnId, Graph, Inst, Kind, Module, Op, Type, Var};
use std::fmt;

impl fmt::Display for Var {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v{}", self.0)
    }
}

impl fmt::Debug for Var {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Debug for Dims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.axes()).finish()
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.scalar)?;
        if self.dims.axes().is_empty() {
            return Ok(());
        }
        let sizes: Vec<String> = self.dims.axes().iter().map(u32::to_string).collect();
        write!(f, "[{}]", sizes.join(","))
    }
}

impl fmt::Debug for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Atom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Var(v) => write!(f, "{v}"),
            Self::Real(x) => write!(f, "{x:?}"),
            Self::Bool(b) => write!(f, "{b}"),
        }
    }
}

impl fmt::Display for Graph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let param = |(v, name): (&Var, &String)| format!("{name}: {v} {}", self.ty(Atom::Var(*v)));
        let params: Vec<String> = self.params.iter().zip(&self.names).map(param).collect();
        writeln!(f, "graph {}({}) {{", self.name, params.join(", "))?;
        self.write_block(f, &self.body, 1)?;
        write!(f, "}}")
    }
}

impl Graph {
    fn write_block(&self, f: &mut fmt::Formatter<'_>, block: &Block, depth: usize) -> fmt::Result {
        for inst in &block.insts {
            self.write_inst(f, inst, depth)?;
        }
        writeln!(f, "{:indent$}give{}", "", Operands(&block.results), indent = 2 * depth)
    }

    fn write_inst(&self, f: &mut fmt::Formatter<'_>, inst: &Inst, depth: usize) -> fmt::Result {
        let indent = 2 * depth;
        let result = |v: &Var| format!("{v}: {}", self.ty(Atom::Var(*v)));
        let results: Vec<String> = inst.results.iter().map(result).collect();
        let equals = if results.is_empty() { "" } else { " = " };
        write!(f, "{:indent$}{}{equals}", "", results.join(", "))?;
        let args = Operands(&inst.args);
        match &inst.op {
            Op::Row(row) => writeln!(f, "{}{args}", row.row().ident),
            Op::Whole(whole) => writeln!(f, "whole {whole}{args}"),
            Op::Table(table) => writeln!(f, "table {table}{args}"),
            Op::Broadcast { axis, size } => writeln!(f, "broadcast {axis} {size}{args}"),
            Op::Sum { axis } => writeln!(f, "sum {axis}{args}"),
            Op::Call(FnId(id)) => writeln!(f, "call f{id}{args}"),
            Op::Forward(FnId(id)) => writeln!(f, "forward f{id}{args}"),
            Op::Tangent(FnId(id)) => writeln!(f, "tangent f{id}{args}"),
            Op::Reverse(FnId(id)) => writeln!(f, "reverse f{id}{args}"),
            Op::Fail(failure) => writeln!(f, "fail {} {:?}{args}", failure.code.as_str(), failure.message),
            Op::If { then, els } => {
                writeln!(f, "if{args} {{")?;
                self.write_block(f, then, depth + 1)?;
                writeln!(f, "{:indent$}}} else {{", "")?;
                self.write_block(f, els, depth + 1)?;
                writeln!(f, "{:indent$}}}", "")
            }
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Once => "once",
            Self::Loop => "loop",
        })
    }
}

impl fmt::Display for Module {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (id, function) in self.functions.iter().enumerate() {
            let end = if id == 0 { "" } else { "\n" };
            write!(f, "{end}f{id}: {} {}", function.kind, function.graph)?;
        }
        Ok(())
    }
}

/// Atoms, each after a space.
struct Operands<'a>(&'a [Atom]);

impl fmt::Display for Operands<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|atom| write!(f, " {atom}"))
    }
}
