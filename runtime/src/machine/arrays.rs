//! Array rows on the machine: the table's expansions, on numbers of the heap.

use super::{Fault, Machine, budget::BETWEEN_LOOKS};
use crate::{
    tape::{Number, Tapes},
    value::{Value, View},
};
use scheme_core::{
    prim::{
        Array, Numeric, Whole,
        arrays::{self, Elements, Misfit, Shaped},
    },
    real::Real,
};

impl Machine {
    /// A call of an array row with as many arguments as it takes, which callers have checked.
    pub(super) fn array(&mut self, row: Array, arguments: &[Value], at: u32) -> Result<Value, Box<Fault>> {
        if let Some(part) = self.part_of_array(row, arguments, at)? {
            return Ok(part);
        }
        self.has_room_to_copy(arguments, at)?;
        let mut operands = Vec::with_capacity(arguments.len());
        for (i, argument) in arguments.iter().enumerate() {
            let Some(operand) = self.shaped(*argument)? else {
                return Err(self.not_a(row.row().name, row.row().operand(i).kind(), *argument, at));
            };
            operands.push(operand);
        }
        let value = arrays::call(row, &operands, &mut OnNumbers { machine: self, at, applied: 0 })?;
        self.value_of(&value, at)
    }

    /// What the rows that look at a part of one array give, which leave the rest where it lies; `None` for other
    /// rows, and for arguments that such a row does not take.
    fn part_of_array(
        &mut self,
        row: Array,
        arguments: &[Value],
        at: u32,
    ) -> Result<Option<Value>, Box<Fault>> {
        let below = |i: Value, length: u32| {
            let x = self.settled(i);
            (i.is_number() && x >= 0.0 && x.is_integer() && x < f64::from(length)).then_some(x as u32)
        };
        let count = |n: u32| Some(Value::num(f64::from(n)));
        let [array, indices @ ..] = arguments else { return Ok(None) };
        Ok(match (row, array.view(), indices) {
            (Array::Vlen, View::Numbers(v), []) => count(self.heap.row_len(v)),
            (Array::Rows, View::Matrix(a), []) => count(self.heap.matrix_shape(a).0),
            (Array::Cols, View::Matrix(a), []) => count(self.heap.matrix_shape(a).1),
            (Array::Ref, View::Numbers(v), [i]) => {
                below(*i, self.heap.row_len(v)).map(|i| self.heap.item(v, i))
            }
            (Array::Ref, View::Matrix(a), [i, j]) => {
                let (rows, cols) = self.heap.matrix_shape(a);
                let place = below(*i, rows)
                    .zip(below(*j, cols))
                    .map(|(i, j)| i as usize * cols as usize + j as usize);
                place.and_then(|place| self.heap.matrix_items(a).get(place)).copied()
            }
            (Array::Ref, View::Matrix(a), [i]) => {
                let (rows, cols) = self.heap.matrix_shape(a);
                let Some(i) = below(*i, rows) else { return Ok(None) };
                self.charge(u64::from(cols))?;
                let first = i as usize * cols as usize;
                let items = self.heap.matrix_items(a).get(first..first + cols as usize);
                let items = items.unwrap_or_default().to_vec();
                Some(self.heap.numbers(&items).map_err(|full| self.memory(full, at))?)
            }
            _ => None,
        })
    }

    /// A numeric row element by element.
    pub(super) fn broadcast(
        &mut self,
        row: Numeric,
        arguments: &[Value],
        at: u32,
    ) -> Result<Value, Box<Fault>> {
        self.has_room_to_copy(arguments, at)?;
        let mut operands = Vec::with_capacity(arguments.len());
        for argument in arguments {
            operands.extend(self.shaped(*argument)?);
        }
        let value = arrays::broadcast(row, &operands, &mut OnNumbers { machine: self, at, applied: 0 })?;
        self.value_of(&value, at)
    }

    /// Refuses to copy arrays off the heap that have more elements together than may be kept.
    fn has_room_to_copy(&self, arrays: &[Value], at: u32) -> Result<(), Box<Fault>> {
        let elements = |array: &Value| match array.view() {
            View::Numbers(row) | View::Matrix(row) => self.heap.row_len(row) as usize,
            _ => 0,
        };
        self.has_room_outside(arrays.iter().map(elements).sum(), at)
    }

    /// A number, numeric vector or matrix, its elements off the heap; `None` for any other value. Each
    /// element is a step.
    pub(crate) fn shaped(&mut self, value: Value) -> Result<Option<Shaped<Value>>, Box<Fault>> {
        Ok(Some(match value.view() {
            View::Num { .. } => Shaped::Number(value),
            View::Numbers(at) => {
                self.charge(u64::from(self.heap.row_len(at)))?;
                Shaped::Vector(self.heap.items(at).to_vec())
            }
            View::Matrix(at) => {
                self.charge(u64::from(self.heap.row_len(at)))?;
                let (rows, cols) = self.heap.matrix_shape(at);
                let items = self.heap.matrix_items(at).to_vec();
                Shaped::Matrix { rows: rows as usize, cols: cols as usize, items }
            }
            _ => return Ok(None),
        }))
    }

    /// The value in the heap.
    pub(crate) fn value_of(&mut self, value: &Shaped<Value>, at: u32) -> Result<Value, Box<Fault>> {
        let made = match value {
            Shaped::Number(x) => return Ok(*x),
            Shaped::Vector(items) => self.heap.numbers(items),
            // The heap has room for fewer items than 32 bits can count; without items, sizes are those
            // of arguments.
            Shaped::Matrix { rows, cols, items } => self.heap.matrix(*rows as u32, *cols as u32, items),
        };
        made.map_err(|full| self.memory(full, at))
    }

    /// Whether two arrays have one shape and the same elements.
    #[cold]
    pub(super) fn same_arrays(&mut self, a: Value, b: Value) -> Result<bool, Box<Fault>> {
        let (Some(a), Some(b)) = (self.shaped(a)?, self.shaped(b)?) else { return Ok(false) };
        let items = a.items().iter().copied().zip(b.items().iter().copied());
        Ok(a.shape() == b.shape() && self.same_leaves(items))
    }
}

/// The machine's numbers as elements, at a place.
struct OnNumbers<'a> {
    machine: &'a mut Machine,
    at: u32,
    /// How many operations were done. Their steps were charged before.
    applied: u32,
}

impl Elements for OnNumbers<'_> {
    type Number = Value;
    type Error = Box<Fault>;

    fn literal(&mut self, x: f64) -> Value {
        Value::num(x)
    }

    fn apply(&mut self, row: Numeric, operands: &[Value]) -> Result<Value, Box<Fault>> {
        self.applied = self.applied.wrapping_add(1);
        if self.applied.is_multiple_of(BETWEEN_LOOKS) {
            self.machine.check_clock()?;
        }
        self.machine.apply_row(row, operands, self.at)
    }

    /// In a record large ones are whole.
    fn product(
        &mut self,
        sizes: [usize; 3],
        left: &[Value],
        right: &[Value],
    ) -> Result<Vec<Value>, Box<Fault>> {
        if !self.machine.records_product(sizes, left, right) {
            return arrays::product(sizes, left, right, self);
        }
        let plain = |items: &[Value]| items.iter().map(|x| Value::num(x.primal())).collect::<Vec<_>>();
        let values = arrays::product(sizes, &plain(left), &plain(right), self)?;
        Ok(self.machine.recorded_product(sizes, left, right, &values))
    }

    fn whole(&mut self, whole: Whole, operands: &[Value]) -> Result<Vec<Value>, Box<Fault>> {
        let operands: Vec<Number> = operands.iter().map(|x| x.number()).collect();
        let results = Tapes::whole(&self.machine.tapes, whole, &operands);
        self.machine.check_tapes(self.at)?;
        Ok(results.into_iter().map(Value::from).collect())
    }

    fn known(&mut self, _: usize, number: &Value) -> Result<f64, Box<Fault>> {
        Ok(self.machine.settled(*number))
    }

    fn reserve(&mut self, items: usize, operations: usize) -> Result<(), Box<Fault>> {
        let room = self.machine.heap.has_room(items.saturating_add(3));
        // What is only filled or copied and has no room is told as that, whatever steps it would take.
        if operations > 0 || room.is_ok() {
            // Making an element is a step where no operation makes it.
            self.machine.charge(operations.max(items) as u64)?;
        }
        room.map_err(|full| self.machine.memory(full, self.at))
    }

    fn misfit(&mut self, misfit: Misfit) -> Box<Fault> {
        let fault = self.machine.fault(misfit.code, misfit.message, self.at);
        match misfit.hint {
            Some(hint) => fault.hint(hint),
            None => fault,
        }
    }
}
