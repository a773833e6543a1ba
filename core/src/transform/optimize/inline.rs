//! Bodies in place of calls.

use crate::{
    anf::{Atom, Block, Builder, FnId, Function, Graph, Kind, Module, Op},
    transform::jvp::params,
};

/// What is called from several places is inlined if it has no more instructions.
const MAX_SIZE: usize = 24;

/// No function grows beyond so many instructions by inlining what is called from several places.
const MAX_TOTAL: usize = 2000;

/// Inlines the functions that run once, are in no cycle, and are small or called from one place.
pub(super) fn inline(module: &Module) -> Module {
    let recursive = module.recursive();
    let calls = call_counts(module);
    let mut inlined = Inlined { module, done: vec![None; module.functions.len()] };
    let mut may = |id: usize| {
        let function = &module.functions[id];
        let once = function.kind == Kind::Once && !recursive[id] && id != 0;
        once && (calls[id] == 1 || function.graph.size() <= MAX_SIZE)
    };
    let may: Vec<bool> = (0..module.functions.len()).map(&mut may).collect();
    let functions = (0..module.functions.len()).map(|id| Function {
        graph: inlined.function(FnId(id as u32), &may, &calls),
        ..module.functions[id]
    });
    Module { functions: functions.collect() }
}

/// From how many places each function is called.
fn call_counts(module: &Module) -> Vec<usize> {
    let mut counts = vec![0; module.functions.len()];
    for function in &module.functions {
        function.graph.body.each(&mut |inst| {
            if let Op::Call(FnId(id)) = inst.op {
                counts.get_mut(id as usize).into_iter().for_each(|n| *n += 1);
            }
        });
    }
    counts
}

struct Inlined<'m> {
    module: &'m Module,
    /// The functions whose own calls have been inlined.
    done: Vec<Option<Graph>>,
}

impl Inlined<'_> {
    fn function(&mut self, id: FnId, may: &[bool], calls: &[usize]) -> Graph {
        if let Some(graph) = self.done.get(id.0 as usize).cloned().flatten() {
            return graph;
        }
        let module = self.module;
        let graph = &module.functions[id.0 as usize].graph;
        // What is inlined is in no cycle, so that this ends.
        let mut bodies = Vec::new();
        let mut total = graph.size();
        graph.body.each(&mut |inst| {
            if let Op::Call(callee) = inst.op
                && may.get(callee.0 as usize) == Some(&true)
            {
                let body = self.function(callee, may, calls);
                total += body.size();
                if calls[callee.0 as usize] == 1 || total <= MAX_TOTAL {
                    bodies.push((callee, body));
                }
            }
        });
        let result = if bodies.is_empty() { graph.clone() } else { with_bodies(graph, &bodies) };
        self.done[id.0 as usize] = Some(result.clone());
        result
    }
}

/// A graph with these bodies in place of calls.
pub(in crate::transform) fn with_bodies(graph: &Graph, bodies: &[(FnId, Graph)]) -> Graph {
    let builder = Builder::new();
    let mut map = vec![None; graph.vars.len()];
    for (param, atom) in graph.params.iter().zip(params(graph, &builder)) {
        map[param.0 as usize] = Some(atom);
    }
    let results = block(graph, &graph.body, bodies, &builder, &mut map);
    builder.finish(graph.name.clone(), results)
}

fn block(
    graph: &Graph,
    block: &Block,
    bodies: &[(FnId, Graph)],
    builder: &Builder,
    map: &mut [Option<Atom>],
) -> Vec<Atom> {
    let renamed =
        |atom: &Atom, map: &[Option<Atom>]| atom.var().and_then(|v| map[v.0 as usize]).unwrap_or(*atom);
    for inst in &block.insts {
        let body = match inst.op {
            Op::Call(id) => bodies.iter().find(|(callee, _)| *callee == id).map(|(_, body)| body),
            _ => None,
        };
        let atoms = match (&inst.op, body) {
            (_, Some(body)) => {
                let args: Vec<Atom> = inst.args.iter().map(|a| renamed(a, map)).collect();
                builder.inline(body, &args)
            }
            (Op::If { then, els }, _) => {
                let mut side = |side: &Block| {
                    let (insts, results) = builder.scoped(|| self::block(graph, side, bodies, builder, map));
                    Block { insts, results }
                };
                let (then, els) = (side(then), side(els));
                let types: Vec<_> = inst.results.iter().map(|v| graph.ty(Atom::Var(*v))).collect();
                builder.choose(renamed(&inst.args[0], map), then, els, &types)
            }
            _ => {
                builder.inline_inst(graph, inst, map);
                continue;
            }
        };
        for (var, atom) in inst.results.iter().zip(atoms) {
            map[var.0 as usize] = Some(atom);
        }
    }
    block.results.iter().map(|a| renamed(a, map)).collect()
}
