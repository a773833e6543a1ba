//! The program as a function, and the module of it and those that it calls.

use super::{
    Arrangement, Direct, Lowering, MAX_CHOICES, MAX_MODULE,
    expr::Env,
    skeleton::{Literals, flatten},
    specialise::Key,
    stop::Stop,
    value::Val,
};
use crate::{
    anf::{Atom, Block, FnId, Function, Kind, Module, Op, Type, renumber},
    diag::{Code, Diagnostic},
    kernel::{Declared, Local, scc},
    prim::{
        Scalar,
        arrays::{Shape, Shaped},
    },
    span::Span,
    transform::sink,
};
use std::collections::HashMap;

impl<'p> Lowering<'p> {
    /// Lowers a function that nothing waits for.
    pub(super) fn alone(&mut self, key: &Key<'p>) -> Result<(), Stop<'p>> {
        self.conditional = Some(self.program.body.span);
        let (group, _) = self.place(key, self.program.body.span)?;
        self.lower_group(group, key)
    }

    /// Lowers the program.
    pub(super) fn module(&mut self, name: &str) -> Result<Direct, Stop<'p>> {
        self.conditional = None;
        let program = self.program;
        let mut env = Env::new();
        let mut inputs = Vec::new();
        for local in &program.inputs {
            inputs.push(self.input(*local, &mut env)?);
        }
        let params = program.params.iter().map(|param| param.local);
        for local in params.chain(program.captures.iter().copied()) {
            self.input(local, &mut env)?;
        }
        let value = self.value(&program.body, &mut env)?;
        let (results, result) = self.result(value, program.body.span)?;
        let body = std::mem::take(&mut self.builder).finish(name, results);
        let main = Function { graph: body, kind: Kind::Once };
        let order = self.finished(&main.graph.body)?;
        self.tail_cycles(&order)?;
        let module = self.numbered(main, &order);
        let size: usize = module.functions.iter().map(|function| function.graph.size()).sum();
        if size > MAX_MODULE {
            let what =
                format!("more than {MAX_MODULE} operations on numbers: as direct code it is too large");
            return Err(self.general(program.body.span, what));
        }
        if module.functions.iter().any(|function| function.graph.body.depth() > MAX_CHOICES) {
            let what = format!(
                "more than {MAX_CHOICES} choices within one another: as direct code they nest too deep"
            );
            return Err(self.general(program.body.span, what));
        }
        Ok(Direct { module, inputs, params: program.params.len(), result })
    }

    /// What is known of the type of an input.
    pub(super) fn declared(&self, local: Local) -> Option<Declared> {
        let written = self.program.declared.iter().find(|(name, _)| *name == local);
        written.map(|(_, declared)| declared).or_else(|| self.knowledge.inputs.get(&local)).cloned()
    }

    /// Binds an input to parameters.
    fn input(&mut self, local: Local, env: &mut Env<'p>) -> Result<Arrangement, Stop<'p>> {
        let info = self.info(local);
        let declared = self.declared(local);
        let (arrangement, shape) = match declared {
            None | Some(Declared::Real) => (Arrangement::Real, Shape::Number),
            Some(Declared::Bool) => (Arrangement::Bool, Shape::Number),
            Some(Declared::Vector(n)) => (Arrangement::Vector(n), Shape::Vector(n as usize)),
            Some(Declared::Matrix(r, c)) => {
                (Arrangement::Matrix(r, c), Shape::Matrix(r as usize, c as usize))
            }
            Some(Declared::Procedure(_)) => {
                let message = "a compiled program cannot be given a procedure";
                let finding = Diagnostic::new(Code::NotYet, info.span, message);
                return Err(
                    self.wrong(finding.hint("define it in the program, or load the program as a string"))
                );
            }
        };
        self.grow(arrangement.leaves(), info.span)?;
        let ty = if arrangement == Arrangement::Bool { Type::BOOL } else { Type::REAL };
        let before = self.builder.at(Some(info.span));
        let name =
            |i| if shape == Shape::Number { info.name.to_string() } else { format!("{}[{i}]", info.name) };
        let atoms: Vec<Atom> = (0..arrangement.leaves()).map(|i| self.builder.param(name(i), ty)).collect();
        self.builder.at(before);
        let value = match atoms[..] {
            [atom] if shape == Shape::Number => {
                if declared.is_none() {
                    self.origins.insert(atom, local);
                }
                Val::Atom(atom)
            }
            _ => Shaped::new(shape, atoms).map_or(Val::Unspecified, |array| Val::Array(array.into())),
        };
        env.insert(local, value);
        Ok(arrangement)
    }

    /// The program's result as leaves.
    fn result(&self, value: Val<'p>, span: Span) -> Result<(Vec<Atom>, Arrangement), Stop<'p>> {
        let scalar = |value: &Val<'p>| match value {
            Val::Atom(atom) => Some(self.builder.ty(*atom).scalar),
            _ => None,
        };
        let arrangement = match (&value, scalar(&value)) {
            (Val::Array(array), _) => match array.shape() {
                Shape::Number => Arrangement::Real,
                Shape::Vector(n) => Arrangement::Vector(n as u32),
                Shape::Matrix(r, c) => Arrangement::Matrix(r as u32, c as u32),
            },
            (_, Some(Scalar::Bool)) => Arrangement::Bool,
            (_, Some(Scalar::Real | Scalar::Record)) => Arrangement::Real,
            _ => match value.proper() {
                Some(items) if items.iter().all(|item| scalar(item) == Some(Scalar::Real)) => {
                    Arrangement::List(items.len() as u32)
                }
                Some(_) => {
                    return Err(self.general(span, "a list of other things than numbers as the result"));
                }
                None => {
                    return Err(self.general(span, format!("{} as the result", value.noun(&self.builder))));
                }
            },
        };
        let (_, atoms) = flatten(&self.builder, &[value], Literals::Leaves);
        Ok((atoms, arrangement))
    }

    /// The functions that the program comes to call, in the order of their calls, all lowered.
    fn finished(&mut self, main: &Block) -> Result<Vec<usize>, Stop<'p>> {
        self.conditional = Some(self.program.body.span);
        let (mut order, mut called) = (Vec::new(), Vec::new());
        calls(main, &mut called);
        let mut todo: Vec<usize> = called.into_iter().rev().collect();
        while let Some(group) = todo.pop() {
            if order.contains(&group) {
                continue;
            }
            if self.functions.groups[group].body.is_none() {
                let key = self.functions.groups[group].members[0].clone();
                self.lower_group(group, &key)?;
            }
            order.push(group);
            let mut called = Vec::new();
            if let Some(function) = &self.functions.groups[group].body {
                calls(&function.graph.body, &mut called);
            }
            todo.extend(called.into_iter().rev());
        }
        Ok(order)
    }

    /// Finds functions that call one another in tail position: they are to be one loop.
    fn tail_cycles(&mut self, order: &[usize]) -> Result<(), Stop<'p>> {
        // Also those that were inlined stand between.
        let groups = &self.functions.groups;
        let edges: Vec<Vec<usize>> =
            groups.iter().map(|group| group.tail_calls.iter().copied().collect()).collect();
        let differentiated = &self.functions.differentiated;
        let is_called = |cycle: &Vec<usize>| {
            let called = |group: &usize| order.contains(group) || differentiated.contains(group);
            cycle.len() > 1 && cycle.iter().any(called)
        };
        let cycles: Vec<Vec<Key<'p>>> = scc::components(&edges)
            .into_iter()
            .filter(is_called)
            .map(|cycle| cycle.iter().flat_map(|group| groups[*group].members.iter().cloned()).collect())
            .collect();
        if cycles.is_empty() {
            return Ok(());
        }
        let loops = &mut self.knowledge.loops;
        for keys in cycles {
            loops.retain(|known| !known.iter().any(|key| keys.contains(key)));
            loops.push(keys);
        }
        Err(Stop::Restart)
    }

    /// The module: the program, then the functions in order.
    fn numbered(&mut self, main: Function, order: &[usize]) -> Module {
        let ids: HashMap<usize, u32> =
            order.iter().enumerate().map(|(at, group)| (*group, at as u32 + 1)).collect();
        let others = order.iter().filter_map(|group| self.functions.groups[*group].body.take());
        let functions = std::iter::once(main).chain(others).map(|function| {
            let mut graph = sink(&function.graph);
            renumber(&mut graph.body, &|FnId(id)| FnId(ids.get(&(id as usize)).copied().unwrap_or(id)));
            Function { graph, kind: function.kind }
        });
        Module { functions: functions.collect() }
    }
}

/// The functions that a block calls, in order.
fn calls(block: &Block, found: &mut Vec<usize>) {
    for inst in &block.insts {
        match &inst.op {
            Op::Call(FnId(id)) => found.push(*id as usize),
            Op::If { then, els } => [then, els].into_iter().for_each(|side| calls(side, found)),
            _ => {}
        }
    }
}
