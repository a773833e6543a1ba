//! What is the same in all rows that go the same way.
//!
//! A number made of literals alone, such as a loop's counter, is *uniform*: whatever the inputs are, runs that take the
//! same side of every choice have the same number there. So a choice gives a uniform number if both of its sides do, and one that
//! stands for a truth value is uniform. Parameters of functions are uniform if all calls give uniform ones, of loops if
//! each step does too; what is asked of inputs, cotangents and operations on whole matrices is not.
//! No derivative goes through a uniform number.

use crate::{
    anf::{Atom, Block, FnId, Function, Graph, Module, Op, Type},
    transform::{Adjoint, AdjointBody, Reverse},
};

/// Which parameters and results of the functions of a module, and of their adjoints, are uniform numbers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Uniform {
    functions: Vec<Of>,
}

/// The same of one function.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Of {
    params: Vec<bool>,
    exits: Vec<bool>,
    /// Of one that runs once, what its adjoint keeps.
    residuals: Vec<bool>,
}

impl Uniform {
    /// Of a module, and of its adjoint if code is made of that too. What goes into the program and comes out of it is not
    /// uniform.
    pub fn of(module: &Module, reverse: Option<&Reverse>) -> Self {
        let adjoint = |at: usize| reverse.and_then(|reverse| reverse.functions.get(at)?.as_ref());
        let residuals = |at: usize| match adjoint(at).map(|adjoint| &adjoint.body) {
            Some(AdjointBody::Once { forward, .. }) => forward.body.results.len(),
            _ => 0,
        };
        let at_first = |(at, function): (usize, &Function)| Of {
            params: vec![at > 0; function.graph.params.len()],
            exits: vec![at > 0; function.exits().len()],
            residuals: vec![true; residuals(at).saturating_sub(function.exits().len())],
        };
        // From all that could be down to what is.
        let mut uniform = Self { functions: module.functions.iter().enumerate().map(at_first).collect() };
        loop {
            let before = uniform.clone();
            for (at, function) in module.functions.iter().enumerate() {
                uniform.look_into(at, function, adjoint(at));
            }
            if let Some(reverse) = reverse {
                uniform.look(&reverse.program, &[]);
            }
            if uniform == before {
                return uniform;
            }
        }
    }

    /// Drops what is not, by the code of one function.
    fn look_into(&mut self, at: usize, function: &Function, adjoint: Option<&Adjoint>) {
        let Of { params, residuals, .. } = self.functions[at].clone();
        let vars = self.look(&function.graph, &params);
        let own = &mut self.functions[at];
        both(own.params.iter_mut(), &vars, function.next());
        both(own.exits.iter_mut(), &vars, function.exits());
        match adjoint.map(|adjoint| &adjoint.body) {
            Some(AdjointBody::Once { forward, reverse }) => {
                let vars = self.look(forward, &params);
                let own = &mut self.functions[at];
                both(own.exits.iter_mut().chain(&mut own.residuals), &vars, &forward.body.results);
                self.look(reverse, &residuals);
            }
            Some(AdjointBody::Loop { first, step, last, next, keeps, .. }) => {
                first.iter().chain([step, last]).for_each(|graph| drop(self.look(graph, &params)));
                let vars = self.look(next, &params);
                let kept = self.functions[at].params.iter_mut().zip(keeps).filter(|(_, kept)| **kept);
                both(kept.map(|(param, _)| param), &vars, &next.body.results);
            }
            None => {}
        }
    }

    /// Which parameters of a function are.
    pub fn params(&self, id: FnId) -> &[bool] {
        self.functions.get(id.0 as usize).map_or(&[], |of| &of.params)
    }

    /// Which of the numbers that a call of it gives are.
    pub fn exits(&self, id: FnId) -> &[bool] {
        self.functions.get(id.0 as usize).map_or(&[], |of| &of.exits)
    }

    /// Which of the residuals that its adjoint keeps are.
    pub fn residuals(&self, id: FnId) -> &[bool] {
        self.functions.get(id.0 as usize).map_or(&[], |of| &of.residuals)
    }

    /// What is in a graph of the module or its adjoint, of whose parameters the first are or are not.
    pub fn within(&self, graph: &Graph, params: &[bool]) -> Variables {
        let mut vars = Variables(vec![false; graph.vars.len()]);
        graph.params.iter().zip(params).for_each(|(param, is)| vars.set(graph, param.0, *is));
        vars.walk(self, graph, &graph.body);
        vars
    }

    /// The same; what the graph calls functions with is noted.
    fn look(&mut self, graph: &Graph, params: &[bool]) -> Variables {
        let vars = self.within(graph, params);
        graph.body.each(&mut |inst| {
            if let Op::Call(id) | Op::Forward(id) = &inst.op
                && let Some(of) = self.functions.get_mut(id.0 as usize)
            {
                both(of.params.iter_mut(), &vars, &inst.args);
            }
        });
        vars
    }
}

/// What was uniform stays so if what is given is.
fn both<'a>(known: impl Iterator<Item = &'a mut bool>, vars: &Variables, given: &[Atom]) {
    known.zip(given).for_each(|(known, atom)| *known &= vars.has(*atom));
}

/// Which variables of a graph are uniform numbers.
#[derive(Clone, Debug)]
pub struct Variables(Vec<bool>);

impl Variables {
    /// Whether an atom is a uniform number: a literal is. Truth values are neither uniform nor not.
    pub fn has(&self, atom: Atom) -> bool {
        match atom {
            Atom::Var(var) => self.0.get(var.0 as usize) == Some(&true),
            Atom::Real(_) => true,
            Atom::Bool(_) => false,
        }
    }

    fn set(&mut self, graph: &Graph, var: u32, is: bool) {
        if let (Some(known), Some(info)) = (self.0.get_mut(var as usize), graph.vars.get(var as usize)) {
            *known = is && info.ty == Type::REAL;
        }
    }

    fn walk(&mut self, of: &Uniform, graph: &Graph, block: &Block) {
        for inst in &block.insts {
            match &inst.op {
                Op::Row(_) | Op::Table(_) => {
                    let is = |atom: &Atom| self.has(*atom) || graph.ty(*atom) == Type::BOOL;
                    let all = inst.args.iter().all(is);
                    inst.results.iter().for_each(|var| self.set(graph, var.0, all));
                }
                Op::If { then, els } => {
                    self.walk(of, graph, then);
                    self.walk(of, graph, els);
                    for (var, (a, b)) in inst.results.iter().zip(then.results.iter().zip(&els.results)) {
                        self.set(graph, var.0, self.has(*a) && self.has(*b));
                    }
                }
                Op::Call(id) | Op::Forward(id) => {
                    let exits = inst.results.iter().zip(of.exits(*id));
                    exits.for_each(|(var, is)| self.set(graph, var.0, *is));
                }
                Op::Whole(_)
                | Op::Broadcast { .. }
                | Op::Sum { .. }
                | Op::Tangent(_)
                | Op::Reverse(_)
                | Op::Fail(_) => {}
            }
        }
    }
}
