//! What is known of a graph that is run operation by operation.

use super::{
    recorder::partials,
    ways::{Way, way},
};
use dfdx::tensor::Cpu;
use scheme_core::{
    anf::{Graph, Inst, Module, Op},
    prim::Numeric,
};
use std::{collections::BTreeSet, fmt};

/// The operations of a graph on tensors, by the names that graphs have for them.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Described {
    /// What runs on the device, in values and in derivatives.
    pub on_device: Vec<&'static str>,
    /// What passes through the host, element by element or matrix by matrix, since dfdx has no operations for it.
    pub on_host: Vec<&'static str>,
    /// What passes through the host in derivatives alone.
    pub on_host_for_gradients: Vec<&'static str>,
    /// Whether rows may go different ways, which takes a look at the device's numbers each time.
    pub divides: bool,
}

impl fmt::Display for Described {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("operation by operation, within 1e-12 of the fused way in f64 and 1e-5 in f32, scaled by conditioning")?;
        let lists = [
            ("on the device", &self.on_device),
            ("through the host", &self.on_host),
            ("through the host for gradients", &self.on_host_for_gradients),
        ];
        for (where_, names) in lists {
            if !names.is_empty() {
                write!(f, "\n{where_}: {}", names.join(" "))?;
            }
        }
        if self.divides {
            f.write_str("\nrows are divided by the way that each takes")?;
        }
        Ok(())
    }
}

/// Whether a row of these operands passes through the host: of a power, if the exponent is no literal.
fn passes_host(row: Numeric, has_literal_last: bool) -> bool {
    match way::<f64, Cpu>(row) {
        Way::Host => true,
        Way::Power => !has_literal_last,
        _ => false,
    }
}

pub(super) fn describe(module: &Module) -> Described {
    let mut rows = BTreeSet::new();
    let mut wholes = BTreeSet::new();
    let mut divides = false;
    for function in &module.functions {
        function.graph.body.each(&mut |inst| match inst.op {
            Op::Row(row) => {
                let literal = inst.args.last().is_some_and(|last| last.var().is_none());
                rows.insert((row, inst.args.len(), literal));
            }
            Op::Whole(whole) => _ = wholes.insert(whole.name()),
            Op::Table(_) => _ = wholes.insert("table"),
            Op::If { .. } => divides = true,
            _ => {}
        });
    }
    let names = |rows: BTreeSet<Numeric>| -> Vec<&'static str> {
        rows.into_iter().map(|row| row.row().ident).collect()
    };
    let of = |host: bool| -> BTreeSet<Numeric> {
        let found = rows.iter().filter(|(row, _, literal)| passes_host(*row, *literal) == host);
        found.map(|(row, ..)| *row).collect()
    };
    let (host, device) = (of(true), of(false));
    let mut later = BTreeSet::new();
    for (row, operands, literal) in &rows {
        // Of a power with a literal exponent, the formula's powers have one too.
        let inner = rows_of(&partials(*row, *operands));
        later
            .extend(inner.into_iter().filter(|inner| passes_host(*inner, *literal) && !host.contains(inner)));
    }
    let on_host = names(host).into_iter().chain(wholes).collect();
    Described { on_device: names(device), on_host, on_host_for_gradients: names(later), divides }
}

/// The rows of a straight graph.
fn rows_of(graph: &Graph) -> Vec<Numeric> {
    let row = |inst: &Inst| match inst.op {
        Op::Row(row) => Some(row),
        _ => None,
    };
    graph.body.insts.iter().filter_map(row).collect()
}
