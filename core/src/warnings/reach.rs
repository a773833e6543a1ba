//! How the parameters of a program reach its results.
//!
//! Walks back from the results, once along all operands and once along those through which a
//! derivative passes. What passes none is read off the table: a partial derivative that is the literal
//! 0 is declared to be so for all operands. Of a function it is known which parameters each result is
//! reached from; that is found with the functions it calls, from nothing: the time is that of a walk through the graph
//! for each call in the longest chain of calls. Only what the macro compiles has such a graph.

use crate::{
    anf::{Atom, Block, Builder, FnId, Function, Inst, Kind, Module, Op, Tracer, Type, Var},
    prim::Numeric,
};
use std::collections::HashMap;

/// How a parameter reaches the results.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Reach {
    /// Not at all.
    None,
    /// Only along paths without a derivative.
    Flat,
    /// Along a path that declares no derivative to be zero, or through `stop-gradient`.
    Open,
}

/// How each parameter of the program reaches its results, or whether it runs to its end.
pub(super) fn reach(module: &Module) -> Vec<Reach> {
    let fallible = module.fallible();
    let [used, moving, stopped] = [Along::All, Along::Derivatives, Along::Stopped].map(|along| {
        let mut walk = Walk { module, fallible: &fallible, along, known: Vec::new(), passes: HashMap::new() };
        walk.program()
    });
    let of = |i: usize| match (used[i], moving[i] || stopped[i]) {
        (false, _) => Reach::None,
        (true, true) => Reach::Open,
        (true, false) => Reach::Flat,
    };
    (0..used.len()).map(of).collect()
}

/// Which paths are walked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Along {
    /// All.
    All,
    /// Those where a derivative passes.
    Derivatives,
    /// All, but only from the operands of `stop-gradient`.
    Stopped,
}

/// The parameters of a function that something is reached from.
type Params = Vec<bool>;

struct Walk<'m> {
    module: &'m Module,
    fallible: &'m [bool],
    along: Along,
    /// For each function, from which of its parameters each result is reached, and then whether it is
    /// run to its end, `stop-gradient` inside it included.
    known: Vec<Vec<Params>>,
    /// Through which operands a derivative passes, by row and their number.
    passes: HashMap<(Numeric, usize), Vec<bool>>,
}

impl Walk<'_> {
    /// The parameters of the program that its results are reached from.
    fn program(&mut self) -> Params {
        let module = self.module;
        let nothing = |f: &Function| vec![vec![false; f.graph.params.len()]; f.exits().len() + 1];
        self.known = module.functions.iter().map(nothing).collect();
        loop {
            let mut changed = false;
            for (at, function) in module.functions.iter().enumerate() {
                for result in 0..self.known[at].len() {
                    let params = self.function(function, result);
                    changed |= params != self.known[at][result];
                    self.known[at][result] = params;
                }
            }
            if !changed {
                break;
            }
        }
        let Some(results) = self.known.first() else { return Vec::new() };
        let any = |i: usize| results.iter().any(|params| params[i]);
        (0..results[0].len()).map(any).collect()
    }

    /// The parameters that a result, or past the last one the end of the run, is reached from.
    fn function(&mut self, function: &Function, result: usize) -> Params {
        let graph = &function.graph;
        let mut reached = vec![false; graph.vars.len()];
        let end = result == function.exits().len();
        let from = function.exits().get(result).filter(|_| self.along != Along::Stopped);
        enter(&mut reached, from);
        let is_loop = function.kind == Kind::Loop;
        if is_loop && (self.along == Along::All) {
            enter(&mut reached, graph.body.results.first());
        }
        loop {
            let before: Params = graph.params.iter().map(|v| reached[v.0 as usize]).collect();
            self.block(&graph.body, end, &mut reached);
            if is_loop {
                let next = graph.params.iter().zip(function.next());
                let again: Vec<Atom> =
                    next.filter(|(v, _)| reached[v.0 as usize]).map(|(_, atom)| *atom).collect();
                enter(&mut reached, &again);
            }
            let after: Params = graph.params.iter().map(|v| reached[v.0 as usize]).collect();
            if !is_loop || before == after {
                return after;
            }
        }
    }

    fn block(&mut self, block: &Block, end: bool, reached: &mut Vec<bool>) {
        for inst in block.insts.iter().rev() {
            self.inst(inst, end, reached);
        }
    }

    fn inst(&mut self, inst: &Inst, end: bool, reached: &mut Vec<bool>) {
        let results: Vec<bool> = inst.results.iter().map(|v| reached[v.0 as usize]).collect();
        let any = results.contains(&true);
        match &inst.op {
            Op::If { then, els } => {
                for side in [then, els] {
                    let given = side.results.iter().zip(&results).filter(|(_, reached)| **reached);
                    enter(reached, given.map(|(atom, _)| atom));
                    self.block(side, end, reached);
                }
                let ends = end && self.along == Along::All && (self.may_end(then) || self.may_end(els));
                if (any || ends) && self.along != Along::Derivatives {
                    enter(reached, &inst.args);
                }
            }
            Op::Call(FnId(id)) => {
                let Some(known) = self.known.get(*id as usize) else { return };
                let through = |i: usize| {
                    let of_results = known.iter().zip(&results).any(|(params, wanted)| *wanted && params[i]);
                    of_results || end && known.last().is_some_and(|params| params[i])
                };
                let args: Vec<Atom> =
                    (0..inst.args.len()).filter(|i| through(*i)).map(|i| inst.args[i]).collect();
                enter(reached, &args);
            }
            Op::Row(Numeric::StopGradient) if end && self.along == Along::Stopped => {
                enter(reached, &inst.args);
            }
            Op::Row(row) if any && self.along == Along::Derivatives => {
                let passes = self.passes(*row, inst.args.len());
                let args = inst.args.iter().zip(passes).filter(|(_, passes)| **passes);
                enter(reached, args.map(|(atom, _)| atom));
            }
            _ if any => enter(reached, &inst.args),
            _ => {}
        }
    }

    /// Whether the run may end in a block.
    fn may_end(&self, block: &Block) -> bool {
        block.insts.iter().any(|inst| match &inst.op {
            Op::Fail(_) => true,
            Op::Call(FnId(id)) => self.fallible.get(*id as usize) == Some(&true),
            Op::If { then, els } => self.may_end(then) || self.may_end(els),
            _ => false,
        })
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

/// Marks the variables among atoms.
fn enter<'a>(reached: &mut [bool], atoms: impl IntoIterator<Item = &'a Atom>) {
    atoms.into_iter().filter_map(|atom| atom.var()).for_each(|Var(v)| reached[v as usize] = true);
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
        let Ok(Lowered::Direct(direct)) = crate::lower::lower("test", &program) else { panic!("{text}") };
        assert_eq!(reach(&direct.module), expect, "{text}");
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

    #[test]
    fn through_loops_and_calls() {
        use Reach::{Flat, None, Open};
        check("(let loop ((i 0) (a x)) (if (< i n) (loop (+ i 1) (* a k)) a))", &[Open, Flat, Open]);
        check("(let loop ((i 0) (a x)) (if (< i n) (loop (+ i 1) 1) i))", &[None, Flat]);
        check("(define (f n) (if (< n 1) a (+ 1 (f (- n 1))))) (f m)", &[Open, Flat]);
        check("(define (f n) (if (< n 1) a (* n (f (- n 1))))) (f m)", &[Open, Open]);
        check("(let loop ((i 0) (s x)) (if (< i 9) (loop (+ i 1) (+ s (floor y))) s))", &[Open, Flat]);
        check("(let loop ((i 0)) (if (< i (stop-gradient n)) (loop (+ i 1)) i))", &[Open]);
        check("(begin (if (> x 0) (error \"x\") 0) y)", &[Flat, Open]);
    }
}
