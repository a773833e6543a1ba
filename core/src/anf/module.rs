//! Modules: functions that call one another.
//!
//! What a call does besides giving its results is told here: which functions may fail, and which call
//! themselves. What a failing instruction means for dead code is in [`Effects`].

use super::{Atom, Block, FnId, Graph, Op, Type};
use crate::{diag::Code, prim::Scalar, span::Span};
use std::rc::Rc;

/// Functions that call one another, the program first.
#[derive(Clone, PartialEq, Debug)]
pub struct Module {
    /// The functions, by [`FnId`].
    pub functions: Vec<Function>,
}

/// A function of a module.
#[derive(Clone, PartialEq, Debug)]
pub struct Function {
    /// Its body. That of a loop is one step, with these results: whether to go on, then as many numbers
    /// or truth values as it has parameters, for the next step, then its exits, which are its value.
    /// Where it goes on the exits are any literals, where it does not, the others are.
    pub graph: Graph,
    /// How often the body runs.
    pub kind: Kind,
}

/// How often a function's body runs in a call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Once.
    Once,
    /// Until it says that it is done.
    Loop,
}

/// An error that a program raises.
#[derive(Clone, PartialEq, Debug)]
pub struct Failure {
    /// The stable code.
    pub code: Code,
    /// What happened, in plain words, without the irritants.
    pub message: Rc<str>,
    /// Where.
    pub span: Span,
}

impl Function {
    /// How many of its body's results come before those that a call gives.
    fn leading(&self) -> usize {
        match self.kind {
            Kind::Once => 0,
            Kind::Loop => 1 + self.graph.params.len(),
        }
    }

    /// What a call gives: the body's results, of a loop the exits.
    pub fn exits(&self) -> &[Atom] {
        self.graph.body.results.get(self.leading()..).unwrap_or_default()
    }

    /// A loop's parameters of the next step; none of a function that runs once.
    pub fn next(&self) -> &[Atom] {
        self.graph.body.results.get(self.leading().min(1)..self.leading()).unwrap_or_default()
    }

    /// Whether no call of it ends with a value, as far as its form tells: a loop that always goes on.
    fn is_endless(&self) -> bool {
        self.kind == Kind::Loop && self.graph.body.results.first() == Some(&Atom::Bool(true))
    }

    /// The types of what a call gives.
    pub fn exit_types(&self) -> Vec<Type> {
        self.exits().iter().map(|a| self.graph.ty(*a)).collect()
    }
}

impl Module {
    /// A module of one function, the program, that calls no other.
    pub fn single(graph: Graph) -> Self {
        Self { functions: vec![Function { graph, kind: Kind::Once }] }
    }

    /// A function.
    pub fn get(&self, id: FnId) -> Option<&Function> {
        self.functions.get(id.0 as usize)
    }

    /// The functions that each calls, each once.
    pub fn callees(&self) -> Vec<Vec<FnId>> {
        self.functions.iter().map(|f| callees(&f.graph.body)).collect()
    }

    /// Which functions may keep the run from going on, themselves or in what they call: by [`Op::Fail`], by a
    /// loop that never ends, or by a recursion that has nothing to give and so is called for what it does to
    /// the stack.
    pub fn fallible(&self) -> Vec<bool> {
        let calls = self.callees();
        let recursive = self.recursive();
        let mut fallible: Vec<bool> = self
            .functions
            .iter()
            .zip(&recursive)
            .map(|(f, recurs)| {
                let is_void = *recurs && f.graph.body.results.is_empty();
                is_void || f.is_endless() || Effects::Of(&[]).within(&f.graph.body)
            })
            .collect();
        let is = |fallible: &[bool], id: &FnId| fallible.get(id.0 as usize) == Some(&true);
        while let Some(caller) = (0..calls.len())
            .find(|caller| !fallible[*caller] && calls[*caller].iter().any(|id| is(&fallible, id)))
        {
            fallible[caller] = true;
        }
        fallible
    }

    /// Which functions call themselves, through whatever others, other than by looping.
    pub fn recursive(&self) -> Vec<bool> {
        let calls = self.callees();
        let reaches_itself = |start: usize| {
            let mut seen = vec![false; calls.len()];
            let mut open: Vec<FnId> = calls[start].clone();
            while let Some(FnId(id)) = open.pop() {
                if let Some(seen) = seen.get_mut(id as usize).filter(|seen| !**seen) {
                    *seen = true;
                    open.extend(&calls[id as usize]);
                }
            }
            seen[start]
        };
        (0..calls.len()).map(reaches_itself).collect()
    }
}

fn callees(block: &Block) -> Vec<FnId> {
    let mut found = Vec::new();
    block.each(&mut |inst| {
        if let Op::Call(id) | Op::Forward(id) | Op::Reverse(id) | Op::Tangent(id) = &inst.op
            && !found.contains(id)
        {
            found.push(*id);
        }
    });
    found
}

/// Gives the functions that a block calls other numbers.
pub(crate) fn renumber(block: &mut Block, number: &impl Fn(FnId) -> FnId) {
    for inst in &mut block.insts {
        match &mut inst.op {
            Op::Call(id) | Op::Forward(id) | Op::Tangent(id) | Op::Reverse(id) => *id = number(*id),
            Op::If { then, els } => [then, els].into_iter().for_each(|side| renumber(side, number)),
            Op::Row(_)
            | Op::Whole(_)
            | Op::Table(_)
            | Op::Broadcast { .. }
            | Op::Sum { .. }
            | Op::Fail(_) => {}
        }
    }
}

/// Which instructions do more than give their results, so that they stay, in their order, where nothing
/// reads these.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Effects<'a> {
    /// Any call may fail.
    AnyCall,
    /// These functions may fail; none that is not among them.
    Of(&'a [bool]),
    /// Nothing fails: what is run has been run before, without failing.
    Nothing,
}

impl Effects<'_> {
    /// Whether an operation, or one in its blocks, may end the run.
    pub(crate) fn has(self, op: &Op) -> bool {
        match (self, op) {
            (Self::Nothing, _) => false,
            (_, Op::Fail(_)) => true,
            (Self::AnyCall, Op::Call(_) | Op::Forward(_)) => true,
            (Self::Of(fallible), Op::Call(id) | Op::Forward(id)) => {
                fallible.get(id.0 as usize) == Some(&true)
            }
            (_, Op::If { then, els }) => [then, els].into_iter().any(|side| self.within(side)),
            _ => false,
        }
    }

    /// Whether an instruction of a block may end the run.
    pub(crate) fn within(self, block: &Block) -> bool {
        block.insts.iter().any(|inst| self.has(&inst.op))
    }
}

/// The literal that stands for a number, truth value or record that no one reads.
pub(crate) fn unread(ty: Type) -> Atom {
    match ty.scalar {
        Scalar::Real => Atom::Real(0.0),
        Scalar::Bool | Scalar::Record => Atom::Bool(false),
    }
}
