//! Parameters that are the same literal in all calls and all steps.
//!
//! The tangent of a parameter in its own direction is 1, and goes around loops as that.

use crate::{
    anf::{Atom, Builder, Function, Graph, Kind, Module, Op},
    transform::{finished, jvp::params, reverse::going_on},
};

/// What is known of a parameter: nothing yet, a literal, or that it varies.
#[derive(Clone, Copy, PartialEq)]
enum Known {
    Nothing,
    Literal(Atom),
    Varies,
}

impl Known {
    fn meet(&mut self, given: Self) {
        *self = match (*self, given) {
            (known, Self::Nothing) => known,
            (Self::Nothing, given) => given,
            (Self::Literal(a), Self::Literal(b)) if a == b => *self,
            _ => Self::Varies,
        };
    }
}

/// Puts literals in the place of such parameters, which stay and are read no more.
pub(super) fn literals(module: &Module) -> Module {
    let next: Vec<Vec<Option<Atom>>> = module.functions.iter().map(next).collect();
    let count = |f: &Function| f.graph.params.len();
    let mut known: Vec<Vec<Known>> =
        module.functions.iter().map(|f| vec![Known::Nothing; count(f)]).collect();
    // No one but the user calls the program.
    known.first_mut().into_iter().flatten().for_each(|known| *known = Known::Varies);
    loop {
        let before = known.clone();
        for (of, function) in module.functions.iter().enumerate() {
            let params = &function.graph.params;
            let read = |atom: Atom| match atom {
                Atom::Var(var) => {
                    params.iter().position(|v| *v == var).map_or(Known::Varies, |i| before[of][i])
                }
                literal => Known::Literal(literal),
            };
            for (known, next) in known[of].iter_mut().zip(&next[of]) {
                known.meet(next.map_or(Known::Varies, read));
            }
            function.graph.body.each(&mut |inst| {
                if let Op::Call(id) = inst.op
                    && let Some(callee) = known.get_mut(id.0 as usize)
                {
                    callee.iter_mut().zip(&inst.args).for_each(|(known, arg)| known.meet(read(*arg)));
                }
            });
        }
        if known == before {
            break;
        }
    }
    let functions = module.functions.iter().zip(known);
    let functions =
        functions.map(|(function, known)| Function { graph: placed(&function.graph, &known), ..*function });
    Module { functions: functions.collect() }
}

/// What a step of a loop that goes on makes of its parameters: a literal, a parameter, or nothing that is known.
pub(super) fn next(function: &Function) -> Vec<Option<Atom>> {
    if function.kind == Kind::Once {
        return Vec::new();
    }
    let on = going_on(&function.graph, true);
    let own = |atom: &Atom| match atom {
        Atom::Var(var) => {
            let param = on.params.iter().position(|param| param == var);
            param.map(|i| Atom::Var(function.graph.params[i]))
        }
        literal => Some(*literal),
    };
    on.body.results.iter().skip(1).take(on.params.len()).map(own).collect()
}

fn placed(graph: &Graph, known: &[Known]) -> Graph {
    let builder = Builder::new();
    let mut atoms = params(graph, &builder);
    for (atom, known) in atoms.iter_mut().zip(known) {
        if let Known::Literal(literal) = known {
            *atom = *literal;
        }
    }
    let results = builder.inline(graph, &atoms);
    finished(graph, &builder.finish(graph.name.clone(), results))
}
