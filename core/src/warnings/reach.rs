//! How the parameters of a graph reach its results.
//!
//! Walks back from the results, once along all operands and once along those through which a
//! derivative passes. What passes none is read off the table: a partial derivative that is the literal
//! 0 is declared to be so for all operands.

use crate::{
    anf::{Block, Builder, Graph, Op, Tracer, Type, Var},
    prim::Numeric,
};
use std::collections::HashMap;

/// How a parameter reaches the results.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Reach {
    /// Not at all.
    None,
    /// Along a path that declares no derivative to be zero, or through `stop-gradient`.
    Open,
    /// Only along paths without a derivative.
    Flat,
}

/// How each parameter reaches the results.
pub(super) fn reach(graph: &Graph) -> Vec<Reach> {
    let results = || graph.body.results.iter().filter_map(|atom| atom.var());
    let used = Walk::back(graph, results(), false);
    let moving = Walk::back(graph, results(), true);
    let mut stops = Vec::new();
    stopped(&graph.body, &mut stops);
    let stopped = Walk::back(graph, stops.into_iter(), false);
    let of = |var: &Var| {
        let at = var.0 as usize;
        match (used[at], moving[at] || stopped[at]) {
            (false, _) => Reach::None,
            (true, true) => Reach::Open,
            (true, false) => Reach::Flat,
        }
    };
    graph.params.iter().map(of).collect()
}

/// The operands of `stop-gradient`.
fn stopped(block: &Block, found: &mut Vec<Var>) {
    for inst in &block.insts {
        match &inst.op {
            Op::Row(Numeric::StopGradient) => found.extend(inst.args.iter().filter_map(|a| a.var())),
            Op::If { then, els } => [then, els].into_iter().for_each(|side| stopped(side, found)),
            _ => {}
        }
    }
}

struct Walk {
    reached: Vec<bool>,
    /// Whether to go only where a derivative passes.
    moving: bool,
    /// Through which operands one passes, by row and their number.
    passes: HashMap<(Numeric, usize), Vec<bool>>,
}

impl Walk {
    /// The variables from which the given ones are reached.
    fn back(graph: &Graph, from: impl Iterator<Item = Var>, moving: bool) -> Vec<bool> {
        let mut walk = Self { reached: vec![false; graph.vars.len()], moving, passes: HashMap::new() };
        from.for_each(|var| walk.reached[var.0 as usize] = true);
        walk.block(&graph.body);
        walk.reached
    }

    fn block(&mut self, block: &Block) {
        for inst in block.insts.iter().rev() {
            let reached: Vec<bool> = inst.results.iter().map(|v| self.reached[v.0 as usize]).collect();
            let any = reached.contains(&true);
            match &inst.op {
                Op::If { then, els } => {
                    for side in [then, els] {
                        let results = side.results.iter().zip(&reached).filter(|(_, reached)| **reached);
                        results.filter_map(|(a, _)| a.var()).for_each(|v| self.reached[v.0 as usize] = true);
                        self.block(side);
                    }
                    if any && !self.moving {
                        inst.args
                            .iter()
                            .filter_map(|a| a.var())
                            .for_each(|v| self.reached[v.0 as usize] = true);
                    }
                }
                _ if !any => {}
                op => {
                    for (i, arg) in inst.args.iter().enumerate() {
                        let passes = match op {
                            Op::Row(row) if self.moving => self.passes(*row, inst.args.len())[i],
                            _ => true,
                        };
                        if let (true, Some(var)) = (passes, arg.var()) {
                            self.reached[var.0 as usize] = true;
                        }
                    }
                }
            }
        }
    }

    fn passes(&mut self, row: Numeric, operands: usize) -> &[bool] {
        self.passes.entry((row, operands)).or_insert_with(|| {
            let builder = Builder::new();
            let x: Vec<Tracer<'_>> =
                (0..operands).map(|_| builder.real(builder.param("x", Type::REAL))).collect();
            let y = builder.real(builder.param("y", Type::REAL));
            match row {
                Numeric::Select => (0..operands).map(|i| i > 0).collect(),
                row => {
                    let partials = row.partials(&x, y);
                    let mut passes: Vec<bool> = partials.iter().map(|p| !p.atom().is(0.0)).collect();
                    // Truth values have none.
                    passes.resize(operands, false);
                    passes
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{kernel, lower::Lowered, reader};

    #[track_caller]
    fn check(text: &str, expect: &[Reach]) {
        let (data, _) = reader::read(text);
        let (program, findings) = kernel::desugar(&data);
        let program = program.unwrap_or_else(|| panic!("{findings:?}"));
        let Ok(Lowered::Direct(graph)) = crate::lower::lower("test", &program) else { panic!("{text}") };
        assert_eq!(reach(&graph), expect, "{text}");
    }

    #[test]
    fn paths_with_and_without_a_derivative() {
        use Reach::{Flat, None, Open};
        check("(* x y)", &[Open, Open]);
        check("(if (> t t0) (* a t) 0)", &[Open, Flat, Open]);
        check("(* (> t t0) a)", &[Flat, Flat, Open]);
        check("(if (> x 0) (if (> y 0) z 1) (floor w))", &[Flat, Flat, Open, Flat]);
        check("(floor x)", &[Flat]);
        check("(quotient x y)", &[Flat, Flat]);
        check("(modulo x y)", &[Open, Open]);
        check("(max x y z)", &[Open, Open, Open]);
        check("(lambda (x y) x)", &[Open, None]);
        check("(begin x y)", &[None, Open]);
        // Zero by arithmetic, or on purpose.
        check("(- x x)", &[Open]);
        check("(* 0 x)", &[Open]);
        check("(stop-gradient x)", &[Open]);
        check("(if (> (stop-gradient x) 0) y 1)", &[Open, Open]);
        // Truth values chosen lazily.
        check("(if (and (> x 0) (> y 0)) z 1)", &[Flat, Flat, Open]);
    }
}
