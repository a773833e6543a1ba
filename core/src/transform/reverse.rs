//! Reverse mode of modules.
//!
//! `reverse : (a -> real) -> a -> (real, CT a)`, for functions that call, loop and recur, and `vjp_module`, whose program
//! gives several results and takes their cotangents. What is straight-line is differentiated as
//! [`value_and_grad`](super::value_and_grad) and [`vjp`](super::vjp) do it; nothing here knows a derivative. A function that a derivative goes through is called by [`Op::Forward`], which leaves a record
//! on the tape, and its adjoint by [`Op::Reverse`], which reads it:
//!
//! - A function that runs once is cut in two: `forward` gives residuals besides its results, `reverse` takes
//!   them and the results' cotangents. The record is the residuals.
//! - A loop's record is what its parameters were at each step. Going back, each step is run again from
//!   them and its cotangents pulled back, the `last` step first, which gave the exits, then each `step` before.
//!   It is known of them whether they went on, and that they did not fail, so that comparisons, counters and
//!   exits of other steps are not there. While the steps after a step have not reached all that they can, it may have code of
//!   its own (`turns`).
//!
//! `activity` tells which parameters and results cotangents are wanted of; one answer for all calls of a
//! function. What no derivative goes through is called plainly.

mod activity;
mod asked;
mod assume;
mod cut;
mod loops;
mod reached;
mod replay;
mod turns;

pub(super) use {
    activity::{activity, passes},
    assume::going_on,
};
use {assume::Steps, turns::Turns};

use super::{
    Error, chosen,
    derived::{value_and_grad_calling, vjp_calling},
    finished,
    jvp::{Calls, Passage, params},
    simplify::{adjoint_by, simplify_by},
    transpose::{Cotangent, Pullback, Reached},
};
use crate::{
    anf::{
        Atom, Builder, Effects, FnId, Function, Graph, Module, Shapes, Type, Violation, verify_module,
        verify_records,
    },
    prim::Scalar,
};

/// A module's value and gradient, as [`reverse`] and [`vjp_module`] give them.
#[derive(Clone, PartialEq, Debug)]
pub struct Reverse {
    /// The program: its value, then the gradient. Its calls are the module's, or leave records. Of [`vjp_module`] it takes
    /// the cotangents of its results after its parameters.
    pub program: Graph,
    /// By [`FnId`], the adjoints of the functions that are called for a record.
    pub functions: Vec<Option<Adjoint>>,
}

/// The adjoint of a function: from a record of its run and cotangents to cotangents.
#[derive(Clone, PartialEq, Debug)]
pub struct Adjoint {
    /// The parameters whose cotangents it gives.
    pub active: Vec<bool>,
    /// The results whose cotangents it takes.
    pub useful: Vec<bool>,
    /// The parameters of which it gives, after all cotangents, whether they are reached.
    pub tells: Vec<bool>,
    /// The results of which it takes, after all cotangents, whether they are reached.
    pub asks: Vec<bool>,
    /// How it runs.
    pub body: AdjointBody,
}

/// How an adjoint runs.
#[derive(Clone, PartialEq, Debug)]
pub enum AdjointBody {
    /// Of a function that runs once.
    Once {
        /// From the parameters to the results, then the residuals: numbers, truth values and records.
        forward: Graph,
        /// From the residuals, then the cotangents of the useful results and what it asks, to those of the
        /// active parameters and what it tells.
        reverse: Graph,
    },
    /// Of a loop.
    Loop {
        /// The same as `step` for the steps before the last, from the last of these on, where some of the cotangents are known
        /// to be 0; mostly there are none.
        first: Vec<Graph>,
        /// From the parameters of a step that went on, then the cotangents of the active parameters of the next
        /// one and what that tells, to those of this one's and what it tells.
        step: Graph,
        /// From the parameters of the step that ended the loop, then the cotangents of the useful exits and
        /// what it asks, to those of the active parameters and what it tells.
        last: Graph,
        /// From the parameters of a step that went on, to the values in the next step of those of `keeps`.
        next: Box<Graph>,
        /// The parameters that are the same in all steps.
        invariant: Vec<bool>,
        /// The parameters whose values `first`, `step` or `last` reads, and those that `next` reads to know these in the next step; the
        /// others may be anything in all of these.
        keeps: Vec<bool>,
    },
}

/// `reverse : (a -> real) -> a -> (real, CT a)`: the value of the module's program, then the gradient by its
/// parameters `wrt`, in that order.
///
/// # Errors
/// [`Error::Results`] unless the program gives one number; [`Error::Parameter`] if one of `wrt` is missing or
/// not made of numbers; [`Error::MixesRows`].
pub fn reverse(module: &Module, wrt: &[usize]) -> Result<Reverse, Error> {
    reverse_by(module, wrt, value_and_grad_calling)
}

/// `vjp_module : (a -> b) -> (a, CT b) -> (b, CT a)`: the results of the module's program from its parameters and
/// then the results' cotangents; then the cotangents of its parameters `wrt`, in that order.
///
/// # Errors
/// [`Error::Parameter`] if one of `wrt` is missing or not made of numbers; [`Error::MixesRows`].
pub fn vjp_module(module: &Module, wrt: &[usize]) -> Result<Reverse, Error> {
    reverse_by(module, wrt, vjp_calling)
}

/// What makes the derivative of the program's graph, where it is known what calls pass.
type Derived = fn(&Graph, &[usize], Calls<'_>) -> Result<Graph, Error>;

fn reverse_by(module: &Module, wrt: &[usize], derived: Derived) -> Result<Reverse, Error> {
    let fallible = module.fallible();
    let effects = Effects::Of(&fallible);
    let module = &checked(module, &fallible);
    let mut passages = activity(module, wrt);
    let steps: Vec<Option<Steps>> = module.functions.iter().map(Steps::of).collect();
    reached::reached(module, &steps, &mut passages);
    let turns = steps.iter().zip(&passages).map(|(steps, passage)| match steps {
        Some(steps) if passage.useful.contains(&true) => Turns::of(steps, passage, &passages),
        _ => Turns::default(),
    });
    let turns: Vec<Turns> = turns.collect();
    asked::asked(module, &steps, &turns, &mut passages);
    let calls = Calls::Records(&passages);
    let Some(Function { graph, .. }) = module.get(FnId(0)) else {
        return Err(Error::Results { expected: "a program" });
    };
    let program = adjoint_by(&derived(graph, wrt, calls)?, graph.body.results.len(), effects);
    let adjoint = |of: usize| {
        let passage = Some(&passages[of]).filter(|p| p.useful.contains(&true));
        let adjoint = |passage: &Passage| {
            let body = match &steps[of] {
                None => once(&module.functions[of].graph, passage, calls, effects)?,
                Some(steps) => loops::adjoint(steps, &turns[of], passage, calls)?,
            };
            let Passage { active, useful, tells, asks, .. } = passage.clone();
            Ok(Adjoint { active, useful, tells, asks, body })
        };
        passage.map(adjoint).transpose()
    };
    let functions = (0..passages.len()).map(adjoint).collect::<Result<_, _>>()?;
    let mut reverse = Reverse { program, functions };
    reverse.drop_uncalled();
    if cfg!(debug_assertions) && verify_module(module).is_ok() {
        let verdict = reverse.verify(module);
        debug_assert!(verdict.is_ok(), "{verdict:?}\nfrom\n{module}");
    }
    Ok(reverse)
}

/// The module with choices between failing and not taken apart: what follows the check is no choice.
fn checked(module: &Module, fallible: &[bool]) -> Module {
    let simplified = |(function, fails): (&Function, &bool)| match fails {
        true => Function { graph: simplify_by(&function.graph, Effects::Of(fallible)), ..*function },
        false => function.clone(),
    };
    Module { functions: module.functions.iter().zip(fallible).map(simplified).collect() }
}

/// The adjoint of a function that runs once.
fn once(
    graph: &Graph,
    passage: &Passage,
    calls: Calls<'_>,
    effects: Effects<'_>,
) -> Result<AdjointBody, Error> {
    let fused = pulled(graph, passage, calls)?;
    let fused = adjoint_by(&fused, graph.body.results.len(), effects);
    let (forward, reverse) = cut::cut(fused, graph, effects);
    Ok(AdjointBody::Once { forward, reverse })
}

/// `(a, CT b) -> (b, CT a)`, for the useful `b` and the active `a`.
fn pulled(graph: &Graph, passage: &Passage, calls: Calls<'_>) -> Result<Graph, Error> {
    let builder = Builder::new();
    let inputs = params(graph, &builder);
    let pullback = Pullback::new(graph, &passage.active, &builder, &inputs, calls)?.of_called();
    let types: Vec<(usize, Type)> = graph.result_types().into_iter().enumerate().collect();
    let has = reached::seeds(&passage.useful, &passage.sure_results);
    let asks = chosen(&passage.asks, &passage.useful);
    let given = seeds(
        &builder,
        &chosen(&types, &passage.useful),
        &chosen(&has, &passage.useful),
        &asks,
        Reached::Perhaps,
    );
    let mut given = given.into_iter();
    let reals = types.into_iter().filter(|(_, ty)| ty.scalar == Scalar::Real);
    let seeds: Vec<Option<Cotangent>> =
        reals.map(|(i, _)| if passage.useful[i] { given.next()? } else { None }).collect();
    let cotangents = pullback.pull_where(&seeds)?;
    let told = pullback.told(&cotangents, &chosen(&passage.tells, &passage.active));
    let results = [pullback.values(), pullback.filled(&cotangents), told].concat();
    Ok(finished(graph, &builder.finish(format!("vjp.{}", graph.name), results)))
}

/// Gives `builder` a parameter for the cotangent of each of these results, then one for whether it is reached
/// for each that `asks`: what they are where there `is` none, or one that is reached always or not, and `untold` what they are where
/// it is not told.
fn seeds(
    builder: &Builder,
    results: &[(usize, Type)],
    is: &[Option<bool>],
    asks: &[bool],
    untold: Reached,
) -> Vec<Option<Cotangent>> {
    let atoms: Vec<_> = results.iter().map(|(i, ty)| builder.param(format!("ct_{i}"), *ty)).collect();
    let seed = |(k, atom): (usize, Atom)| {
        let told = asks[k].then(|| builder.param(format!("reached_{}", results[k].0), Type::BOOL));
        let reached = match (is[k]?, told) {
            (true, _) => Reached::Always,
            (false, Some(told)) => Reached::Where(told),
            (false, None) => untold,
        };
        Some(Cotangent { atom, reached })
    };
    atoms.into_iter().enumerate().map(seed).collect()
}

impl Adjoint {
    /// The graphs it is made of.
    pub fn graphs(&self) -> Vec<&Graph> {
        match &self.body {
            AdjointBody::Once { forward, reverse } => vec![forward, reverse],
            AdjointBody::Loop { first, step, last, .. } => first.iter().chain([step, last]).collect(),
        }
    }
}

impl Reverse {
    /// Checks every graph, and that calls and records go together.
    ///
    /// # Errors
    /// The first violation, as of [`verify_module`](crate::anf::verify_module).
    pub fn verify(&self, module: &Module) -> Result<(), Violation> {
        let adjoint = |FnId(id)| self.functions.get(id as usize).and_then(Option::as_ref);
        let shapes = |id| {
            let shapes = |a: &Adjoint| Shapes {
                given: [a.active.clone(), a.tells.clone()],
                taken: [a.useful.clone(), a.asks.clone()],
            };
            adjoint(id).map(shapes)
        };
        let graphs = self.functions.iter().flatten().flat_map(Adjoint::graphs);
        graphs.chain([&self.program]).try_for_each(|graph| verify_records(module, graph, shapes))
    }

    /// Adjoints stay that are called from the program through others that are.
    fn drop_uncalled(&mut self) {
        let mut called = vec![false; self.functions.len()];
        let mut open = self.program.recorded();
        while let Some(FnId(id)) = open.pop() {
            if let Some(called) = called.get_mut(id as usize).filter(|called| !**called) {
                *called = true;
                let adjoint = self.functions[id as usize].as_ref();
                open.extend(adjoint.into_iter().flat_map(Adjoint::graphs).flat_map(Graph::recorded));
            }
        }
        for (function, _) in self.functions.iter_mut().zip(called).filter(|(_, called)| !called) {
            *function = None;
        }
    }
}
