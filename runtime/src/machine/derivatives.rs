//! `vjp` and `jvp`: derivatives that the program takes of its own procedures.
//!
//! Each call opens a level, makes every number of the arguments an input there, and calls the procedure
//! on them, leaving a frame that goes on in [`Machine::carry_on`]: derivatives nest as calls do and
//! touch the host's stack no more than they. `jvp` then sweeps its tape forward; `vjp` gives a pullback,
//! a closure of the machine's own on the tape's level, which sweeps it backward each time it is called.
//! What comes out of a derivative is numbers of lower levels, as the sweeps' sums and products are
//! recorded like those of the program.

use super::{Fault, Flow, Machine};
use crate::{
    tape::{HOST, Node, Number, Tapes},
    value::{Value, View},
};
use scheme_core::{diag::Code, prim::Arity};

/// The block at which `jvp` goes on.
const JVP: u32 = u32::MAX - 1;
/// The block at which `vjp` goes on.
const VJP: u32 = u32::MAX - 2;

/// The code of pullbacks, beyond that of any module.
const PULLBACK: u32 = 0xFF_FFFF;

/// A level as a value: it keeps the tape, and is numbered anew with it. Its number is the place of the
/// call in the module.
fn handle(level: u32, at: u32) -> Value {
    Value::dual(f64::from(at), Node { level, entry: 0 })
}

fn open_handle(handle: Value) -> (u32, u32) {
    (handle.node().level, handle.primal() as u32)
}

impl Machine {
    /// Starts `(vjp f by …)`; gives the arguments to call `f` with.
    pub(super) fn begin_vjp(&mut self, by: &[Value], at: u32) -> Result<Vec<Value>, Box<Fault>> {
        let level = self.open_level(at)?;
        let mut arguments = Vec::with_capacity(by.len());
        for x in by {
            let mut moves = false;
            arguments.push(self.map_numbers(*x, at, &mut |machine, x| {
                moves = true;
                let input = machine.tapes.get_mut().input(level, x.number());
                input.map(Value::from).map_err(|full| machine.tape_full(full, at))
            })?);
            self.check_moves(moves, *x, at)?;
        }
        let kept = self.heap.vector(&arguments).map_err(|full| self.memory(full, at))?;
        self.wait(VJP, [handle(level, at), kept], at)?;
        Ok(arguments)
    }

    /// Starts `(jvp f x … dx …)`; gives the arguments to call `f` with.
    pub(super) fn begin_jvp(&mut self, moved: &[Value], at: u32) -> Result<Vec<Value>, Box<Fault>> {
        let (x, directions) = moved.split_at(moved.len() / 2);
        if x.len() != directions.len() {
            let message = "`jvp` takes a procedure, its arguments, and a direction for each of them";
            return Err(self.fault(Code::Arity, format!("{message}, given {}", moved.len()), at));
        }
        let level = self.open_level(at)?;
        let mut arguments = Vec::with_capacity(x.len());
        for (x, direction) in x.iter().zip(directions) {
            let mut seeds = Vec::new();
            let shapes = ((*x, "the argument"), (*direction, "a direction of `jvp`"));
            self.zip_numbers(shapes.0, shapes.1, at, &mut |machine, _, seed| {
                machine.has_room_outside(seeds.len(), at)?;
                seeds.push(seed.number());
                Ok(())
            })?;
            let mut seeds = seeds.into_iter();
            arguments.push(self.map_numbers(*x, at, &mut |machine, x| {
                let seed = seeds.next().unwrap_or_default();
                let input = machine.tapes.get_mut().moving_input(level, x.number(), seed);
                input.map(Value::from).map_err(|full| machine.tape_full(full, at))
            })?);
        }
        self.wait(JVP, [handle(level, at)], at)?;
        Ok(arguments)
    }

    /// Refuses an argument of `vjp` without a number: there is no gradient by it. That of an empty list or vector is
    /// empty.
    fn check_moves(&self, moves: bool, x: Value, at: u32) -> Result<(), Box<Fault>> {
        if moves || x.is_null() || self.items_of(x).is_some_and(<[Value]>::is_empty) {
            return Ok(());
        }
        let (kind, written) = (x.type_name(), self.write(x));
        let message = format!("a derivative is by numbers, and not by {kind}: {written}");
        let hint =
            "what is no number, nor a list or vector of numbers, is captured: (lambda (x) (f x other))";
        let fault = self.fault(Code::WrongType, message, at);
        Err(Box::new(Fault { hint: Some(hint.to_string()), ..*fault }))
    }

    fn open_level(&mut self, at: u32) -> Result<u32, Box<Fault>> {
        let tapes = self.tapes.get_mut();
        if tapes.is_due() {
            self.heap.set_due();
        }
        let level = tapes.open();
        level.map_err(|full| self.tape_full(full, at))
    }

    /// Goes on at a block of the machine's own.
    pub(super) fn carry_on(&mut self, block: u32) -> Flow {
        if block == JVP { self.end_jvp() } else { self.end_vjp() }
    }

    /// Ends `vjp` when the value has come: the list of it and the pullback.
    fn end_vjp(&mut self) -> Flow {
        let [handle, arguments, value] = self.take();
        let (level, at) = open_handle(handle);
        let lower = self.below(level, value, at)?;
        let record = self.heap.row(&[handle, arguments, value]).map_err(|full| self.memory(full, at))?;
        let list = self.list(&[lower, Value::closure(PULLBACK, record)], Value::NIL, at)?;
        self.give(list)
    }

    /// Ends `jvp` when the value has come: the list of it and its tangent.
    fn end_jvp(&mut self) -> Flow {
        let [handle, value] = self.take();
        let (level, at) = open_handle(handle);
        let lower = self.below(level, value, at)?;
        let mut entries = Vec::new();
        self.map_numbers(value, at, &mut |machine, x| {
            machine.has_room_outside(entries.len(), at)?;
            entries.push(machine.tapes.get_mut().entry(level, x.number()));
            Ok(x)
        })?;
        self.charge(entries.iter().copied().max().map_or(0, u64::from))?;
        self.tapes.get_mut().stand_at(self.place);
        let tangents = Tapes::tangents(&self.tapes, level, &entries);
        self.check_tapes(at)?;
        if self.is_watched() {
            let turned = tangents.iter().find(|x| !x.v.is_finite()).copied().unwrap_or_default();
            let of = self.numbers_of(lower)?;
            self.look(&of, turned.into());
        }
        let mut tangents = tangents.into_iter();
        let tangent =
            self.map_numbers(value, at, &mut |_, _| Ok(tangents.next().unwrap_or_default().into()))?;
        let list = self.list(&[lower, tangent], Value::NIL, at)?;
        self.give(list)
    }

    /// The value of what is differentiated, as numbers that take no part in this derivative any more, nor in
    /// those inside it. A procedure would take part through what it captured, so there is to be none.
    fn below(&mut self, level: u32, value: Value, at: u32) -> Result<Value, Box<Fault>> {
        self.map_leaves(value, at, &mut |machine, leaf| match leaf.view() {
            View::Num { .. } => Ok(machine.tapes.get_mut().below(level, leaf.number()).into()),
            _ if leaf.is_procedure() => Err(machine.not_of_numbers(leaf, at)),
            _ => Ok(leaf),
        })
    }

    #[cold]
    fn not_of_numbers(&self, held: Value, at: u32) -> Box<Fault> {
        let held = self.write(held);
        let message = format!("a derivative is of numbers; the value holds a procedure: {held}");
        let hint = "call it within what is differentiated: (lambda (x) ((f x) y))";
        let fault = self.fault(Code::WrongType, message, at);
        Box::new(Fault { hint: Some(hint.to_string()), ..*fault })
    }

    /// Ends a block: calls a pullback with a cotangent.
    pub(super) fn call_pullback(&mut self, pullback: Value, arguments: &[Value], at: u32) -> Flow {
        let [cotangent] = *arguments else {
            return Err(self.wrong_arity("", Arity::exactly(1), arguments.len(), at));
        };
        let [handle, by, value] = [0, 1, 2].map(|i| self.captured(pullback, i));
        let (level, _) = open_handle(handle);
        let (mut entries, mut cotangents) = (Vec::new(), Vec::new());
        let shapes = ((value, "the value"), (cotangent, "a cotangent"));
        self.zip_numbers(shapes.0, shapes.1, at, &mut |machine, x, cotangent| {
            machine.has_room_outside(entries.len(), at)?;
            entries.push(machine.tapes.get_mut().entry(level, x.number()));
            cotangents.push(cotangent.number());
            Ok(())
        })?;
        self.charge(entries.iter().copied().max().map_or(0, u64::from))?;
        self.tapes.get_mut().stand_at(self.place);
        let mut gradient = Tapes::gradient(&self.tapes, level, &entries, &cotangents).into_iter();
        self.check_tapes(at)?;
        let mut all = Vec::new();
        for i in 0..self.heap.row_len(by.index()) {
            let x = self.heap.item(by.index(), i);
            let partials =
                self.map_numbers(x, at, &mut |_, _| Ok(gradient.next().unwrap_or_default().into()))?;
            if self.is_watched() {
                self.look(&[x, value, cotangent], partials);
            }
            all.push(partials);
        }
        let result = match *all {
            [one] => one,
            _ => self.list(&all, Value::NIL, at)?,
        };
        self.give(result)
    }

    /// The error for what could not be recorded.
    pub(super) fn check_tapes(&mut self, at: u32) -> Result<(), Box<Fault>> {
        match self.tapes.get_mut().take_full() {
            Some(full) => Err(self.tape_full(full, at)),
            None => Ok(()),
        }
    }
}

/// Used by the host.
impl Machine {
    /// Rounds every number as `f32` does, or as `f64`.
    pub fn set_single(&mut self, single: bool) {
        self.tapes.get_mut().set_single(single);
    }

    /// Numbers as inputs of the run, for derivatives up to `order`.
    ///
    /// # Errors
    /// There is no room for them.
    pub fn inputs(&mut self, numbers: &[f64], order: u32) -> Result<Vec<Value>, Box<Fault>> {
        let tapes = self.tapes.get_mut();
        let mut inputs: Vec<Number> = numbers.iter().copied().map(Number::constant).collect();
        let mut raise = || {
            for _ in 0..order {
                let level = tapes.open_for_host()?;
                for input in &mut inputs {
                    *input = tapes.input(level, *input)?;
                }
            }
            Ok(())
        };
        match raise() {
            Ok(()) => Ok(inputs.into_iter().map(Value::from).collect()),
            Err(full) => Err(self.tape_full(full, u32::MAX)),
        }
    }

    /// A number that the run gave on such [`inputs`](Self::inputs), and all its partial derivatives by them, up
    /// to the same order; those of order `k` as `n`ᵏ numbers, the last index first to change.
    ///
    /// # Errors
    /// There is no room for them or for what they are computed from, or no step left to do so.
    pub fn partials(&mut self, result: Value, order: u32) -> Result<Vec<Vec<f64>>, Box<Fault>> {
        let mut partials = vec![result.number()];
        let mut orders = Vec::new();
        for level in (1..=order).rev() {
            orders.push(partials.iter().map(|x| x.v).collect());
            let inputs = self.tapes.get_mut().inputs(level);
            self.has_room_outside(partials.len().saturating_mul(inputs as usize), u32::MAX)?;
            let mut next = Vec::new();
            for x in partials {
                let entry = self.tapes.get_mut().entry(level, x);
                self.charge(u64::from(entry.max(inputs)))?;
                next.extend(Tapes::gradient(&self.tapes, level, &[entry], &[Number::constant(1.0)]));
            }
            self.check_tapes(u32::MAX)?;
            partials = next;
        }
        orders.push(partials.iter().map(|x| x.v).collect());
        if self.tapes.get_mut().is_single() {
            orders.iter_mut().flatten().for_each(|x: &mut f64| *x = f64::from(*x as f32));
        }
        Ok(orders)
    }

    /// Numbers as inputs of the run, moving in a direction.
    ///
    /// # Errors
    /// There is no room for them.
    pub(crate) fn moving_inputs(
        &mut self,
        numbers: impl Iterator<Item = (f64, f64)>,
    ) -> Result<Vec<Value>, Box<Fault>> {
        let tapes = self.tapes.get_mut();
        let make = || {
            let level = tapes.open_for_host()?;
            let constant = Number::constant;
            numbers.map(|(x, dx)| tapes.moving_input(level, constant(x), constant(dx))).collect()
        };
        match make() {
            Ok(inputs) => Ok(Vec::into_iter(inputs).map(Value::from).collect()),
            Err(full) => Err(self.tape_full(full, u32::MAX)),
        }
    }

    /// The derivatives of numbers that the run gave, in the direction of such inputs.
    ///
    /// # Errors
    /// There is no room for what they are computed from, or no step left to do so.
    pub(crate) fn tangents(&mut self, of: &[Value]) -> Result<Vec<f64>, Box<Fault>> {
        let entries = self.entries(of)?;
        let tangents = Tapes::tangents(&self.tapes, HOST, &entries);
        self.check_tapes(u32::MAX)?;
        Ok(tangents.iter().map(|tangent| tangent.v).collect())
    }

    /// The derivatives by the run's [`inputs`](Self::inputs) of the sum of numbers that it gave, each times its
    /// cotangent.
    ///
    /// # Errors
    /// There is no room for what they are computed from, or no step left to do so.
    pub(crate) fn pulled_back(&mut self, of: &[Value], cotangents: &[f64]) -> Result<Vec<f64>, Box<Fault>> {
        let entries = self.entries(of)?;
        let cotangents: Vec<Number> = cotangents.iter().copied().map(Number::constant).collect();
        let gradient = Tapes::gradient(&self.tapes, HOST, &entries, &cotangents);
        self.check_tapes(u32::MAX)?;
        Ok(gradient.iter().map(|x| x.v).collect())
    }

    /// The entries of numbers, charged for a sweep through all of them and the inputs.
    pub(super) fn entries(&mut self, of: &[Value]) -> Result<Vec<u32>, Box<Fault>> {
        let tapes = self.tapes.get_mut();
        let entries: Vec<u32> = of.iter().map(|x| tapes.entry(HOST, x.number())).collect();
        let inputs = tapes.inputs(HOST);
        self.charge(entries.iter().copied().fold(inputs, u32::max).into())?;
        Ok(entries)
    }

    /// The derivatives of each of numbers that the run gave by its [`inputs`](Self::inputs): backward from each number,
    /// or forward from each input if these are fewer.
    ///
    /// # Errors
    /// There is no room for them, or no step left to compute them.
    pub(crate) fn jacobian(&mut self, of: &[Value]) -> Result<Vec<Vec<f64>>, Box<Fault>> {
        let inputs = self.tapes.get_mut().inputs(HOST) as usize;
        self.has_room_outside(of.len().saturating_mul(inputs), u32::MAX)?;
        if of.len() <= inputs {
            return of.iter().map(|x| self.pulled_back(&[*x], &[1.0])).collect();
        }
        let mut rows = vec![Vec::with_capacity(inputs); of.len()];
        for input in 1..=inputs as u32 {
            let entries = self.entries(of)?;
            let column =
                Tapes::tangents_along(&self.tapes, HOST, &entries, &[(input, Number::constant(1.0))]);
            self.check_tapes(u32::MAX)?;
            rows.iter_mut().zip(column).for_each(|(row, tangent)| row.push(tangent.v));
        }
        Ok(rows)
    }

    /// How many entries the record of the run's first derivative has.
    pub fn recorded(&self) -> u32 {
        self.tapes.borrow().len(1)
    }
}
