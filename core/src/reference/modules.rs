//! Modules: calls one inside the other, loops step after step, records in a list.
//!
//! A record is the number of its frame: the residuals of a function that ran once, or a loop's parameters at each
//! step. Frames stay to the end.

use super::{Array, Calls, Fault, evaluate_by};
use crate::{
    anf::{FnId, Function, Graph, Kind, Module, Op},
    prim::Operand,
    real::Real,
    transform::{Adjoint, AdjointBody, Reverse},
};

/// Calls nest no deeper, for the sake of the host's stack.
const MAX_DEPTH: usize = 150;

/// What the module's program gives at `args`.
///
/// # Errors
/// [`Fault`].
pub fn call<A: Real<Mask = bool>>(module: &Module, args: &[Array<A>]) -> Result<Vec<Array<A>>, Fault> {
    Machine { module, adjoints: &[], frames: Vec::new(), depth: 0 }.call(FnId(0), args)
}

/// The value and gradient of the module's program at `args`, where `reverse` is
/// [its reverse mode](crate::transform::reverse()).
///
/// # Errors
/// [`Fault`].
pub fn call_reverse<A: Real<Mask = bool>>(
    module: &Module,
    reverse: &Reverse,
    args: &[Array<A>],
) -> Result<Vec<Array<A>>, Fault> {
    let mut machine = Machine { module, adjoints: &reverse.functions, frames: Vec::new(), depth: 0 };
    evaluate_by(&reverse.program, args, &mut machine)
}

struct Machine<'m, A: Real> {
    module: &'m Module,
    adjoints: &'m [Option<Adjoint>],
    frames: Vec<Frame<A>>,
    depth: usize,
}

#[derive(Clone)]
enum Frame<A: Real> {
    Residuals(Vec<Array<A>>),
    Steps(Vec<Vec<Array<A>>>),
}

/// A loop takes no more steps, so that every run ends.
const MAX_STEPS: usize = 2000;

const FAULT: Fault = Fault::Instruction { at: None };

impl<A: Real<Mask = bool>> Machine<'_, A> {
    fn function(&self, id: FnId) -> Result<&Function, Fault> {
        self.module.get(id).ok_or(FAULT)
    }

    fn adjoint(&self, id: FnId) -> Result<Adjoint, Fault> {
        self.adjoints.get(id.0 as usize).cloned().flatten().ok_or(FAULT)
    }

    fn run(&mut self, graph: &Graph, args: &[Array<A>]) -> Result<Vec<Array<A>>, Fault> {
        if self.depth >= MAX_DEPTH {
            return Err(Fault::Depth);
        }
        self.depth += 1;
        let results = evaluate_by(graph, args, self);
        self.depth -= 1;
        results
    }

    fn call(&mut self, id: FnId, args: &[Array<A>]) -> Result<Vec<Array<A>>, Fault> {
        let Function { graph, kind } = self.function(id)?.clone();
        match kind {
            Kind::Once => self.run(&graph, args),
            Kind::Loop => Ok(self.steps(&graph, args)?.1),
        }
    }

    /// The parameters at each step, and the exits.
    #[expect(clippy::type_complexity, reason = "two lists of arrays")]
    fn steps(
        &mut self,
        graph: &Graph,
        args: &[Array<A>],
    ) -> Result<(Vec<Vec<Array<A>>>, Vec<Array<A>>), Fault> {
        let mut steps = vec![args.to_vec()];
        while steps.len() <= MAX_STEPS {
            let state = steps.last().cloned().unwrap_or_default();
            let mut results = self.run(graph, &state)?;
            let exits = results.split_off((1 + state.len()).min(results.len()));
            match results.first().and_then(|go_on| go_on.data.first()) {
                Some(Operand::Bool(true)) => steps.push(results.split_off(1)),
                Some(Operand::Bool(false)) => return Ok((steps, exits)),
                _ => return Err(FAULT),
            }
        }
        Err(Fault::Steps)
    }

    fn forward(&mut self, id: FnId, args: &[Array<A>]) -> Result<Vec<Array<A>>, Fault> {
        let (mut results, frame) = match self.adjoint(id)?.body {
            AdjointBody::Once { forward, .. } => {
                let count = self.function(id)?.exits().len();
                let mut results = self.run(&forward, args)?;
                let residuals = results.split_off(count.min(results.len()));
                (results, Frame::Residuals(residuals))
            }
            AdjointBody::Loop { .. } => {
                let graph = self.function(id)?.graph.clone();
                let (steps, exits) = self.steps(&graph, args)?;
                (exits, Frame::Steps(steps))
            }
        };
        results.push(Array::real(A::lit(self.frames.len() as f64)));
        self.frames.push(frame);
        Ok(results)
    }

    fn reverse(&mut self, id: FnId, args: &[Array<A>]) -> Result<Vec<Array<A>>, Fault> {
        let (record, cotangents) = args.split_first().ok_or(FAULT)?;
        let [number] = record.numbers()[..] else { return Err(FAULT) };
        let frame = self.frames.get(number.primal() as usize).cloned().ok_or(FAULT)?;
        match (self.adjoint(id)?.body, frame) {
            (AdjointBody::Once { reverse, .. }, Frame::Residuals(residuals)) => {
                self.run(&reverse, &[&residuals, cotangents].concat())
            }
            (AdjointBody::Loop { first, step, last, .. }, Frame::Steps(mut steps)) => {
                let state = steps.pop().ok_or(FAULT)?;
                let mut cotangents = self.run(&last, &[&state, cotangents].concat())?;
                for (turn, state) in steps.iter().rev().enumerate() {
                    let step = first.get(turn).unwrap_or(&step);
                    cotangents = self.run(step, &[&state[..], &cotangents].concat())?;
                }
                Ok(cotangents)
            }
            _ => Err(FAULT),
        }
    }
}

impl<A: Real<Mask = bool>> Calls<A> for Machine<'_, A> {
    fn call(&mut self, op: &Op, args: &[Array<A>]) -> Result<Vec<Array<A>>, Fault> {
        match op {
            Op::Call(id) => self.call(*id, args),
            Op::Forward(id) => self.forward(*id, args),
            Op::Reverse(id) => self.reverse(*id, args),
            _ => Err(FAULT),
        }
    }
}
