//! A function of one point on many.
//!
//! `vmap : (a -> b) -> [a] -> [b]`, a stack of calls. The batch is a new first axis. What does not
//! depend on a batched parameter is computed once and copied along the batch where it meets what
//! does. A choice stays lazy while its condition is one for the whole batch; else each row chooses for
//! itself, and what the blocks read is copied before the choice, so that transposing sums after it.

use super::{Error, captured, finished, jvp::params};
use crate::{
    anf::{Atom, Block, Builder, Graph, Inst, Op, Type, Var},
    prim::{Numeric, Whole},
};
use std::collections::HashMap;

/// `vmap : (a -> b) -> [a] -> [b]`.
///
/// Parameters marked in `batched` get a first axis of the given `size`, the others are shared by all
/// calls. Every result gets that axis.
///
/// # Errors
/// [`Error::Rank`] where an array has as many axes as there may be; [`Error::Parameter`] if `batched`
/// is not as long as the parameters.
pub fn vmap(graph: &Graph, batched: &[bool], size: u32) -> Result<Graph, Error> {
    if batched.len() != graph.params.len() {
        let index = batched.len().min(graph.params.len());
        return Err(Error::Parameter { index, expected: "to be marked as batched or shared, once" });
    }
    let mut outer = graph.clone();
    for (param, _) in graph.params.iter().zip(batched).filter(|(_, batched)| **batched) {
        let info = &mut outer.vars[param.0 as usize];
        info.ty = batch(info.ty, size).ok_or(Error::Rank { at: Atom::Var(*param) })?;
    }
    let builder = Builder::new();
    let inputs = params(&outer, &builder);
    let mut vmap = Vmap {
        graph,
        builder: &builder,
        size,
        rows: false,
        map: vec![None; graph.vars.len()],
        wide: vec![HashMap::new()],
    };
    for ((param, value), batched) in graph.params.iter().zip(inputs).zip(batched) {
        vmap.map[param.0 as usize] = Some(Batched { value, batched: *batched });
    }
    let results = vmap.block(&graph.body)?;
    let results = results.into_iter().map(|r| vmap.widened(r)).collect::<Result<_, _>>()?;
    Ok(finished(graph, &builder.finish(format!("vmap.{}", graph.name), results)))
}

fn batch(ty: Type, size: u32) -> Option<Type> {
    Some(Type { dims: ty.dims.insert(0, size)?, ..ty })
}

/// An atom, and whether it has the batch's axis.
#[derive(Clone, Copy)]
struct Batched {
    value: Atom,
    batched: bool,
}

struct Vmap<'g, 'b> {
    graph: &'g Graph,
    builder: &'b Builder,
    size: u32,
    /// Whether the blocks around include a side of a choice that is made by row. There every array has
    /// the batch's axis; only numbers that come from literals may lack it.
    rows: bool,
    map: Vec<Option<Batched>>,
    /// What is already copied along the batch, in each block around.
    wide: Vec<HashMap<Atom, Atom>>,
}

impl Vmap<'_, '_> {
    fn get(&self, atom: Atom) -> Batched {
        let bound = atom.var().and_then(|v| self.map[v.0 as usize]);
        bound.unwrap_or(Batched { value: atom, batched: false })
    }

    /// The type of a variable, in a batch or not.
    fn ty(&self, var: Var, batched: bool) -> Result<Type, Error> {
        let ty = self.graph.ty(Atom::Var(var));
        if batched { batch(ty, self.size).ok_or(Error::Rank { at: Atom::Var(var) }) } else { Ok(ty) }
    }

    /// With the batch's axis.
    fn widened(&mut self, atom: Batched) -> Result<Atom, Error> {
        if atom.batched {
            return Ok(atom.value);
        }
        if let Some(wide) = self.wide.iter().rev().find_map(|known| known.get(&atom.value)) {
            return Ok(*wide);
        }
        let wide = self.builder.broadcast(atom.value, 0, self.size).ok_or(Error::Rank { at: atom.value })?;
        if let Some(known) = self.wide.last_mut() {
            known.insert(atom.value, wide);
        }
        Ok(wide)
    }

    /// With the batch's axis, unless it is a literal, which has any.
    fn fitted(&mut self, atom: Batched) -> Result<Atom, Error> {
        if atom.value.var().is_none() { Ok(atom.value) } else { self.widened(atom) }
    }

    fn block(&mut self, block: &Block) -> Result<Vec<Batched>, Error> {
        for inst in &block.insts {
            let Some(first) = inst.results.first() else { continue };
            let before = self.builder.at(self.graph.vars[first.0 as usize].span);
            let args: Vec<Batched> = inst.args.iter().map(|a| self.get(*a)).collect();
            match &inst.op {
                Op::Row(row) => {
                    let result = self.row(*row, &args, *first)?;
                    self.map[first.0 as usize] = Some(result);
                }
                Op::Whole(whole) => {
                    let results = self.whole(*whole, &args, *first)?;
                    for (var, result) in inst.results.iter().zip(results) {
                        self.map[var.0 as usize] = Some(result);
                    }
                }
                Op::Table(table) => {
                    let value = self.builder.table(table, args[0].value);
                    let batched = args[0].batched && value.var().is_some();
                    self.map[first.0 as usize] = Some(Batched { value, batched });
                }
                Op::Broadcast { .. } | Op::Sum { .. } => {
                    let batched = args[0].batched || self.rows;
                    let arg = if batched { self.widened(args[0])? } else { args[0].value };
                    let op = if batched { shifted(&inst.op) } else { inst.op.clone() };
                    let ty = self.ty(*first, batched)?;
                    let value = self.builder.push(op, vec![arg], &[ty])[0];
                    self.map[first.0 as usize] = Some(Batched { value, batched });
                }
                Op::Call(_) | Op::Forward(_) | Op::Tangent(_) | Op::Reverse(_) | Op::Fail(_) => {
                    return Err(Error::MixesRows { at: inst.results.first().copied() });
                }
                Op::If { then, els } => self.choice(inst, args[0], then, els)?,
            }
            self.builder.at(before);
        }
        Ok(block.results.iter().map(|a| self.get(*a)).collect())
    }

    fn row(&mut self, row: Numeric, args: &[Batched], result: Var) -> Result<Batched, Error> {
        let batched = args.iter().any(|a| a.batched);
        let fit = |a: &Batched| if batched { self.fitted(*a) } else { Ok(a.value) };
        let values = args.iter().map(fit).collect::<Result<Vec<_>, _>>()?;
        let value = self.builder.row(row, &values);
        // An identity may have given a literal.
        let is_array = !self.graph.ty(Atom::Var(result)).dims.axes().is_empty();
        let batched = (batched && value.var().is_some()) || (self.rows && is_array);
        let ty = self.ty(result, batched)?;
        Ok(Batched { value: self.builder.shaped(value, ty.dims), batched })
    }

    fn whole(&mut self, whole: Whole, args: &[Batched], result: Var) -> Result<Vec<Batched>, Error> {
        let is_array = !self.graph.ty(Atom::Var(result)).dims.axes().is_empty();
        let batched = args.iter().any(|a| a.batched) || (self.rows && is_array);
        let fit = |a: &Batched| if batched { self.fitted(*a) } else { Ok(a.value) };
        let values = args.iter().map(fit).collect::<Result<Vec<_>, _>>()?;
        let dims = self.ty(result, batched)?.dims;
        let results = self.builder.whole(whole, &values).into_iter();
        Ok(results.map(|y| Batched { value: self.builder.shaped(y, dims), batched }).collect())
    }

    fn choice(&mut self, inst: &Inst, condition: Batched, then: &Block, els: &Block) -> Result<(), Error> {
        let read = captured(&[then, els]);
        let any_batched = read.iter().any(|v| self.get(Atom::Var(*v)).batched);
        let has_axes = !self.graph.ty(inst.args[0]).dims.axes().is_empty();
        let inside_rows = self.rows && condition.value.var().is_some();
        let by_row = condition.batched || inside_rows || (has_axes && any_batched);
        let mut condition = condition.value;
        let outside = self.rows;
        let mut shared = Vec::new();
        if by_row {
            condition = self.widened(self.get(inst.args[0]))?;
            for var in read {
                let around = self.get(Atom::Var(var));
                let value = self.widened(around)?;
                shared.push((var, around));
                self.map[var.0 as usize] = Some(Batched { value, batched: true });
            }
            self.rows = true;
        }
        let mut then = self.side(then)?;
        let mut els = self.side(els)?;
        let mut types = Vec::new();
        for (i, var) in inst.results.iter().enumerate() {
            let batched = self.rows || then.results[i].batched || els.results[i].batched;
            let ty = self.ty(*var, batched)?;
            types.push(ty);
            if batched {
                self.widen_result(&mut then, i)?;
                self.widen_result(&mut els, i)?;
            }
        }
        let atoms = self.builder.choose(condition, then.block(), els.block(), &types);
        for ((var, value), ty) in inst.results.iter().zip(atoms).zip(types) {
            let batched = ty != self.graph.ty(Atom::Var(*var));
            self.map[var.0 as usize] = Some(Batched { value, batched });
        }
        for (var, around) in shared {
            self.map[var.0 as usize] = Some(around);
        }
        self.rows = outside;
        Ok(())
    }

    fn side(&mut self, block: &Block) -> Result<Side, Error> {
        let builder = self.builder;
        self.wide.push(HashMap::new());
        let (insts, results) = builder.scoped(|| self.block(block));
        let wide = self.wide.pop().unwrap_or_default();
        Ok(Side { insts, results: results?, wide })
    }

    fn widen_result(&mut self, side: &mut Side, i: usize) -> Result<(), Error> {
        let builder = self.builder;
        self.wide.push(std::mem::take(&mut side.wide));
        let (insts, value) = builder.scoped(|| self.fitted(side.results[i]));
        side.wide = self.wide.pop().unwrap_or_default();
        side.insts.extend(insts);
        side.results[i].value = value?;
        side.results[i].batched = true;
        Ok(())
    }
}

/// A side of a choice as far as it is built.
struct Side {
    insts: Vec<Inst>,
    results: Vec<Batched>,
    /// What it has copied along the batch.
    wide: HashMap<Atom, Atom>,
}

impl Side {
    fn block(self) -> Block {
        Block { insts: self.insts, results: self.results.into_iter().map(|r| r.value).collect() }
    }
}

/// The same operation one axis further in.
fn shifted(op: &Op) -> Op {
    match op {
        Op::Broadcast { axis, size } => Op::Broadcast { axis: axis + 1, size: *size },
        Op::Sum { axis } => Op::Sum { axis: axis + 1 },
        op => op.clone(),
    }
}
