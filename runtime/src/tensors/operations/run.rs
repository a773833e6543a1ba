//! Functions, choices and loops over rows.
//!
//! Each row goes its own way: where a condition differs between rows, those of each side are gathered, run as a batch of
//! their own and put together again, so that a side that a row does not take can poison neither its value nor its
//! gradient, and neither fails nor recurs for it. Loops and calls are run by the same partition. dfdx's `gather` and `choose`
//! carry the gradients. What was computed before and is not used by the side taken is told apart by `reached`.
//!
//! A run ends: instructions and the depth of calls are counted. It looks at the device's numbers where it must decide.

use super::{
    recorder::{Recorder, elements},
    split::{Batch, Side},
    value::Value,
};
use crate::{outcome::Failure, stack::for_a_level, tensors::Backend, vmap::Element};
use dfdx::{
    shapes::Dtype,
    tensor::{HasErr, Storage},
};
use scheme_core::{
    anf::{self, Atom, Block, FnId, Graph, Inst, Kind, Module, Op},
    diag::Code,
};
use std::{borrow::Cow, collections::BTreeSet};

/// Calls wait for one another no deeper.
const DEPTH: usize = 10_000;

/// Why a run has no results.
pub(super) enum Stop<Err> {
    /// The device failed.
    Device(Err),
    /// The program did, in this row and maybe in others.
    Failed {
        /// The row.
        row: usize,
        /// Why.
        failure: Failure,
    },
}

type Ran<V, D> = Result<V, Stop<<D as HasErr>::Err>>;
type Values<E, D> = Vec<Value<E, D>>;
/// The values of a graph's variables, as far as they are known.
type Known<E, D> = Vec<Option<Value<E, D>>>;

/// Runs a module.
pub(super) struct Run<'r, E: Element + Dtype, D: Backend<E>> {
    module: &'r Module,
    recorder: &'r mut Recorder<E, D>,
    /// How many instructions may still be run.
    left: usize,
    /// How many calls wait.
    depth: usize,
}

/// Where the rows of a batch go.
enum Go<D: HasErr + Storage<usize>> {
    /// All where the condition holds, or all where it does not.
    All(bool),
    /// Some here, some there.
    Split([Side<D>; 2]),
}

impl<'r, E: Element + Dtype, D: Backend<E>> Run<'r, E, D> {
    /// Of so many instructions at most.
    pub(super) fn new(module: &'r Module, recorder: &'r mut Recorder<E, D>, budget: usize) -> Self {
        Self { module, recorder, left: budget, depth: 0 }
    }

    /// The results of the module's program over these rows.
    pub(super) fn program(&mut self, arguments: Values<E, D>, rows: usize) -> Ran<Values<E, D>, D> {
        self.call(FnId(0), arguments, &(0..rows).collect())
    }

    /// Counts an instruction, or a step of a loop, which may have none.
    fn spend(&mut self, batch: &Batch) -> Ran<(), D> {
        let stop = || stopped(batch, Code::Steps, "more operations than a run on tensors may take");
        self.left = self.left.checked_sub(1).ok_or_else(stop)?;
        Ok(())
    }

    fn call(&mut self, id: FnId, arguments: Values<E, D>, batch: &Batch) -> Ran<Values<E, D>, D> {
        let module = self.module;
        let Some(function) = module.get(id) else { return Err(malformed(batch)) };
        if self.depth >= DEPTH {
            return Err(stopped(batch, Code::Depth, "calls wait for one another too deep"));
        }
        self.depth += 1;
        let results = for_a_level(|| match function.kind {
            Kind::Once => self.graph(&function.graph, arguments, batch),
            Kind::Loop => self.steps(&function.graph, arguments, batch),
        });
        self.depth -= 1;
        results
    }

    fn graph(&mut self, graph: &Graph, arguments: Values<E, D>, batch: &Batch) -> Ran<Values<E, D>, D> {
        let mut known: Known<E, D> = vec![None; graph.vars.len()];
        for (var, value) in graph.params.iter().zip(arguments) {
            if let Some(place) = known.get_mut(var.0 as usize) {
                *place = Some(value);
            }
        }
        self.block(&graph.body, &mut known, batch)
    }

    /// The exits of a loop. Rows that are done wait for the others; at the end they are put together, step by step
    /// back to the first.
    fn steps(&mut self, body: &Graph, mut state: Values<E, D>, batch: &Batch) -> Ran<Values<E, D>, D> {
        let mut batch = batch.clone();
        let mut done = Vec::new();
        let mut exits = loop {
            self.spend(&batch)?;
            let mut results = self.graph(body, state, &batch)?;
            let exits = results.split_off((1 + body.params.len()).min(results.len()));
            let next = results.split_off(1.min(results.len()));
            let [test] = &results[..] else { return Err(malformed(&batch)) };
            match self.go(test, &batch)? {
                Go::All(true) => state = next,
                Go::All(false) => break exits,
                Go::Split([on, off]) => {
                    state = self.recorder.gather_all(&next, &on.from).map_err(Stop::Device)?;
                    let ended = self.recorder.gather_all(&exits, &off.from).map_err(Stop::Device)?;
                    batch = on.batch.clone();
                    done.push((test.clone(), on, off, ended));
                }
            }
        };
        while let Some((test, on, off, ended)) = done.pop() {
            exits = self.recorder.together(&test, [(&on, &exits), (&off, &ended)]).map_err(Stop::Device)?;
        }
        Ok(exits)
    }

    fn block(&mut self, block: &Block, known: &mut Known<E, D>, batch: &Batch) -> Ran<Values<E, D>, D> {
        for inst in &block.insts {
            self.spend(batch)?;
            let arguments = read(&inst.args, known, batch)?;
            let results = match &inst.op {
                Op::Row(row) => vec![self.recorder.apply(*row, &arguments).map_err(Stop::Device)?],
                Op::Whole(whole) => self.recorder.whole(*whole, &arguments).map_err(Stop::Device)?,
                Op::Table(table) => vec![self.recorder.table(table, &arguments).map_err(Stop::Device)?],
                Op::If { then, els } => self.choice(&arguments, [then, els], known, batch)?,
                Op::Call(id) => self.call(*id, arguments, batch)?,
                Op::Fail(failure) => return Err(failed(batch, failure)),
                _ => return Err(malformed(batch)),
            };
            let Inst { results: vars, .. } = inst;
            for (var, value) in vars.iter().zip(results) {
                if let Some(place) = known.get_mut(var.0 as usize) {
                    *place = Some(value);
                }
            }
        }
        read(&block.results, known, batch)
    }

    fn choice(
        &mut self,
        condition: &[Value<E, D>],
        sides: [&Block; 2],
        known: &mut Known<E, D>,
        batch: &Batch,
    ) -> Ran<Values<E, D>, D> {
        let [test] = condition else { return Err(malformed(batch)) };
        // Where neither side computes anything there is nothing to keep rows from.
        if sides.iter().all(|side| side.insts.is_empty()) {
            let [then, els] =
                [read(&sides[0].results, known, batch)?, read(&sides[1].results, known, batch)?];
            let pairs = then.iter().zip(&els);
            return pairs.map(|(a, b)| self.recorder.choose(test, a, b).map_err(Stop::Device)).collect();
        }
        match self.go(test, batch)? {
            Go::All(holds) => {
                let side = if holds { sides[0] } else { sides[1] };
                for_a_level(|| self.block(side, known, batch))
            }
            Go::Split([on, off]) => {
                let then = self.side(sides[0], known, &on)?;
                let els = self.side(sides[1], known, &off)?;
                self.recorder.together(test, [(&on, &then), (&off, &els)]).map_err(Stop::Device)
            }
        }
    }

    /// What a side of a choice gives for its rows.
    fn side(&mut self, block: &Block, known: &Known<E, D>, side: &Side<D>) -> Ran<Values<E, D>, D> {
        let mut inner: Known<E, D> = vec![None; known.len()];
        let mut used = BTreeSet::new();
        collect(block, &mut used);
        for var in used {
            if let (Some(place), Some(Some(value))) = (inner.get_mut(var), known.get(var)) {
                *place = Some(self.recorder.gather(value, &side.from).map_err(Stop::Device)?);
            }
        }
        for_a_level(|| self.block(block, &mut inner, &side.batch))
    }

    /// Where the rows go by a condition.
    fn go(&self, test: &Value<E, D>, batch: &Batch) -> Ran<Go<D>, D> {
        let holds: Vec<bool> = elements(test).into_iter().map(|x| x.into() != 0.0).collect();
        let first = holds.first().copied().unwrap_or(false);
        if holds.iter().all(|other| *other == first) {
            return Ok(Go::All(first));
        }
        self.recorder.divide(&holds, batch).map(Go::Split).map_err(Stop::Device)
    }
}

/// The values of atoms.
fn read<E: Element + Dtype, D: Backend<E>>(
    atoms: &[Atom],
    known: &Known<E, D>,
    batch: &Batch,
) -> Ran<Values<E, D>, D> {
    let value = |atom: &Atom| match atom {
        Atom::Var(var) => known.get(var.0 as usize).cloned().flatten(),
        Atom::Real(x) => Some(Value::Number(E::lit(*x))),
        Atom::Bool(b) => Some(Value::truth(*b)),
    };
    atoms.iter().map(value).collect::<Option<_>>().ok_or_else(|| malformed(batch))
}

/// The variables that a block reads, its own among them.
fn collect(block: &Block, into: &mut BTreeSet<usize>) {
    let mut add = |atoms: &[Atom]| into.extend(atoms.iter().filter_map(|atom| Some(atom.var()?.0 as usize)));
    add(&block.results);
    block.insts.iter().for_each(|inst| add(&inst.args));
    for inst in &block.insts {
        if let Op::If { then, els } = &inst.op {
            for_a_level(|| [then, els].into_iter().for_each(|side| collect(side, into)));
        }
    }
}

fn failure<Err>(batch: &Batch, code: Code, message: Cow<'static, str>) -> Stop<Err> {
    let row = batch.first().copied().unwrap_or(0);
    Stop::Failed { row, failure: Failure { code, message, hint: None, line: 0, column: 0 } }
}

fn stopped<Err>(batch: &Batch, code: Code, message: &'static str) -> Stop<Err> {
    failure(batch, code, Cow::Borrowed(message))
}

fn failed<Err>(batch: &Batch, raised: &anf::Failure) -> Stop<Err> {
    failure(batch, raised.code, Cow::Owned(raised.message.to_string()))
}

/// A graph that does not verify; those that are run do.
fn malformed<Err>(batch: &Batch) -> Stop<Err> {
    stopped(batch, Code::Damaged, "an instruction has not the operands that it takes")
}
