//! Rows of the table on tensors, with what their derivatives need on dfdx's tape.
//!
//! Where dfdx's derivative of an operation is the table's, edges included, dfdx puts it on the tape. Else the value is
//! computed beside the tape, and what goes onto it is one operation of our own: its backward pass runs the table's formula
//! of the partial derivatives, on dfdx's operations as well, and has the device add cotangents times partials to the
//! gradients ([`Backend::pull_product`]). A number that is the same in every row gets its gradient from such a sum too.

use super::{
    formulas::full,
    reached::Reach,
    value::{Flat, Made, Rows, Value},
    ways::{Two, Way, way},
};
use crate::{
    tensors::{
        Backend,
        backend::{Place, Places},
    },
    vmap::Element,
};
use dfdx::{
    shapes::{Axis, Dtype, HasShape},
    tensor::{OwnedTape, PutTape, SplitTape, Tensor, TensorFromVec},
    tensor_ops::{BroadcastTo, ChooseFrom, GatherTo, ReshapeTo, TryMul, TryNe},
};
use scheme_core::{
    anf::{Atom, Builder, Graph, Inst, Op, Table, Type},
    prim::{Numeric, Scalar},
};
use std::{cell::RefCell, collections::HashMap, rc::Rc};

/// The formulas of partial derivatives that were asked for so far: of a row on so many operands, a graph from those and the
/// value.
type Formulas = Rc<RefCell<HashMap<(Numeric, usize), Rc<Graph>>>>;

/// Which rows are meant, on the device.
pub(super) type Indices<D> = Tensor<(usize,), usize, D>;

/// Applies rows to values on one device.
pub(super) struct Recorder<E: Element + Dtype, D: Backend<E>> {
    pub(super) device: D,
    /// Where derivatives are asked for.
    pub(super) tape: Option<OwnedTape<E, D>>,
    formulas: Formulas,
}

impl<E: Element + Dtype, D: Backend<E>> Recorder<E, D> {
    /// On a device, with the tape so far if derivatives are asked for.
    pub(super) fn new(device: D, tape: Option<OwnedTape<E, D>>) -> Self {
        Self { device, tape, formulas: Formulas::default() }
    }

    /// The tape, if there is one.
    pub(super) fn into_tape(self) -> Option<OwnedTape<E, D>> {
        self.tape
    }

    /// Another that records nothing.
    pub(super) fn aside(&self) -> Self {
        Self { device: self.device.clone(), tape: None, formulas: self.formulas.clone() }
    }

    /// The same elements as a tensor of their own.
    pub(super) fn copy(&mut self, x: &Rc<Rows<E, D>>) -> Made<Value<E, D>, D> {
        let op = |tape| x.tensor.clone().put_tape(tape).try_mul(E::lit(1.0));
        self.record(&[x], |y, _, x| y.each(x), op)
    }

    /// Truth values of rows.
    pub(super) fn truths(&self, holds: &[bool]) -> Made<Value<E, D>, D> {
        let numbers = holds.iter().map(|holds| E::lit(f64::from(*holds))).collect();
        let tensor = TensorFromVec::<E>::try_tensor_from_vec(&self.device, numbers, (holds.len(),))?;
        Ok(Value::new(tensor, None))
    }

    /// The inputs of a call over so many rows.
    pub(super) fn inputs(&mut self, inputs: &Places<E, D>, rows: usize) -> Made<Vec<Value<E, D>>, D> {
        let input = |place: &Place<E>| match *place {
            Place::Same(x) => Ok(Value::Number(x)),
            Place::Source { source, offset, stride, learn } => {
                let Some(flat) = inputs.tensor(source).cloned() else {
                    return Ok(Value::Number(E::lit(f64::NAN)));
                };
                let len = if stride == 0 { 1 } else { rows };
                let places: Vec<usize> = (0..len).map(|row| offset + row * stride).collect();
                let whole = places.iter().copied().eq(0..flat.shape().0);
                let kept = if learn { self.tape.take() } else { None };
                let reach = kept.is_some().then(|| Reach::new(len));
                let flat = flat.put_tape(kept.unwrap_or_default());
                let input =
                    if whole { flat.try_mul(E::lit(1.0))? } else { flat.try_gather(self.indices(places)?)? };
                let (tensor, tape) = input.split_tape();
                if reach.is_some() {
                    self.tape = Some(tape);
                }
                Ok(Value::new(tensor, reach))
            }
        };
        inputs.places().iter().map(input).collect()
    }

    /// Indices of rows, on the device.
    pub(super) fn indices(&self, rows: Vec<usize>) -> Made<Indices<D>, D> {
        let len = rows.len();
        TensorFromVec::<usize>::try_tensor_from_vec(&self.device, rows, (len,))
    }

    /// These rows of a value; of one that is the same in every row, it.
    pub(super) fn gather(&mut self, value: &Value<E, D>, rows: &Indices<D>) -> Made<Value<E, D>, D> {
        match value {
            Value::Rows(x) if x.len() > 1 => {
                let places = rows.clone();
                let link = move |y: &Reach, _, x: &Reach| y.gathered(x, &places.as_vec());
                self.record(&[x], link, |tape| x.tensor.clone().put_tape(tape).try_gather(rows.clone()))
            }
            _ => Ok(value.clone()),
        }
    }

    /// What a row gives; nan for operands that it does not take.
    pub(super) fn apply(&mut self, row: Numeric, operands: &[Value<E, D>]) -> Made<Value<E, D>, D> {
        let numbers: Option<Vec<E>> = operands.iter().map(Value::number).collect();
        if let Some(numbers) = numbers {
            return Ok(Value::Number(row.on(&numbers)));
        }
        match (way(row), operands) {
            (Way::Itself, [x]) => Ok(x.clone()),
            (Way::Detached, [Value::Rows(x)]) => Ok(Value::new(x.tensor.clone().try_mul(E::lit(1.0))?, None)),
            (Way::One(op), [Value::Rows(x)]) => {
                self.masking(row, &[x], |tape| op(x.tensor.clone().put_tape(tape)))
            }
            (Way::Two(two), [a, b]) => self.two(row, &two, a, b),
            (Way::Choice, [test, a, b]) => self.choose_by(test, [a, b], |y, _, x| y.each(x)),
            (Way::Formula1(formula), [x]) => {
                let y = formula(&self.level(x, x.len())?)?;
                Ok(self.by_table(row, operands, y))
            }
            (Way::Formula2(formula), [a, b]) => {
                let len = a.len().max(b.len());
                let y = formula(&self.level(a, len)?, &self.level(b, len)?)?;
                Ok(self.by_table(row, operands, y))
            }
            (Way::Fold(formula), [first, rest @ ..]) => {
                let len = operands.iter().map(Value::len).max().unwrap_or(1);
                let mut y = self.level(first, len)?;
                for x in rest {
                    y = formula(&y, &self.level(x, len)?)?;
                }
                // Of one operand it is that, in a tensor of its own.
                let y = if rest.is_empty() { y.try_mul(E::lit(1.0))? } else { y };
                Ok(self.by_table(row, operands, y))
            }
            (Way::Power, [Value::Rows(x), Value::Number(exponent)]) => {
                let y = x.tensor.clone().try_powf(*exponent)?;
                Ok(self.by_table(row, operands, y))
            }
            (Way::Power | Way::Host, _) => {
                let y = self.on_host(row, operands)?;
                Ok(self.by_table(row, operands, y))
            }
            _ => Ok(Value::Number(E::lit(f64::NAN))),
        }
    }

    fn two(
        &mut self,
        row: Numeric,
        two: &Two<E, D>,
        a: &Value<E, D>,
        b: &Value<E, D>,
    ) -> Made<Value<E, D>, D> {
        match (a, b) {
            (Value::Rows(a), Value::Number(x)) => {
                self.masking(row, &[a], |tape| (two.right)(a.tensor.clone().put_tape(tape), *x))
            }
            (Value::Number(x), Value::Rows(b)) => {
                self.masking(row, &[b], |tape| (two.left)(*x, b.tensor.clone().put_tape(tape)))
            }
            (Value::Rows(x), Value::Rows(y)) if Rc::ptr_eq(x, y) => {
                let tape = OwnedTape::default();
                let (y, _) = (two.both)(x.tensor.clone().put_tape(tape), x.tensor.clone())?.split_tape();
                Ok(self.by_table(row, &[a.clone(), b.clone()], y))
            }
            _ => {
                let len = a.len().max(b.len());
                let (a, b) = (self.spread(a, len)?, self.spread(b, len)?);
                self.masking(row, &[&a, &b], |tape| {
                    (two.both)(a.tensor.clone().put_tape(tape), b.tensor.clone())
                })
            }
        }
    }

    /// `a` where the test is true, else `b`; rows reach only what they take.
    pub(super) fn choose(
        &mut self,
        test: &Value<E, D>,
        a: &Value<E, D>,
        b: &Value<E, D>,
    ) -> Made<Value<E, D>, D> {
        let decides = test.clone();
        let link = move |y: &Reach, i, x: &Reach| {
            let holds: Vec<bool> = elements(&decides).into_iter().map(|x| x.into() != 0.0).collect();
            let takes = |row| holds.get(row).or(holds.first()) == Some(&(i == 0));
            y.chosen(x, takes);
        };
        self.choose_by(test, [a, b], link)
    }

    /// The same, where `link` says which rows reach what.
    fn choose_by(
        &mut self,
        test: &Value<E, D>,
        [a, b]: [&Value<E, D>; 2],
        link: impl Fn(&Reach, usize, &Reach) + 'static,
    ) -> Made<Value<E, D>, D> {
        if let Some(test) = test.number() {
            return Ok(if test.into() == 0.0 { b.clone() } else { a.clone() });
        }
        match (a, b) {
            (Value::Number(x), Value::Number(y)) if same(*x, *y) => return Ok(a.clone()),
            (Value::Rows(x), Value::Rows(y)) if Rc::ptr_eq(x, y) => return Ok(a.clone()),
            _ => {}
        }
        let len = test.len().max(a.len()).max(b.len());
        let test = self.level(test, len)?.try_ne(E::lit(0.0))?;
        let (a, b) = (self.spread(a, len)?, self.spread(b, len)?);
        self.record(&[&a, &b], link, |tape| {
            test.try_choose(a.tensor.clone().put_tape(tape), b.tensor.clone())
        })
    }

    /// The elements of a value, as many as are asked for, without a way back to it.
    pub(super) fn level(&self, value: &Value<E, D>, len: usize) -> Made<Flat<E, D>, D> {
        match value {
            Value::Number(x) => full(&self.device, *x, len),
            Value::Rows(x) if x.len() == len => Ok(x.tensor.clone()),
            Value::Rows(x) => {
                let one = x.tensor.clone().try_reshape_like(&())?;
                one.try_broadcast_like::<_, Axis<0>>(&(len,))?.try_contiguous()
            }
        }
    }

    /// A value of as many elements as are asked for.
    pub(super) fn spread(&mut self, value: &Value<E, D>, len: usize) -> Made<Rc<Rows<E, D>>, D> {
        if let Value::Rows(x) = value
            && x.len() == len
        {
            return Ok(x.clone());
        }
        let tensor = self.level(value, len)?;
        let operands = if value.learns() { vec![value.clone()] } else { Vec::new() };
        let one = |_: &mut Self| Ok(vec![Some(Value::Number(E::lit(1.0)))]);
        Ok(self.pull_later(tensor, operands, one))
    }

    /// The value `y` of a row, whose derivative is the table's.
    fn by_table(&mut self, row: Numeric, operands: &[Value<E, D>], y: Flat<E, D>) -> Value<E, D> {
        let has_partial = move |i: usize| row.declared_zeros().get(i) != Some(&true);
        let smooth = row.row().result == Scalar::Real;
        let mut through = operands.iter().enumerate().filter(|(i, x)| has_partial(*i) && x.learns());
        let learn = smooth && through.next().is_some();
        if !learn {
            return Value::new(y, None);
        }
        let formula = self.formula(row, operands.len());
        let (value, given) = (Value::new(y.clone(), None), operands.to_vec());
        Value::Rows(self.pull_later(y, operands.to_vec(), move |recorder| {
            let arguments: Vec<_> = given.into_iter().chain([value]).collect();
            let partials = recorder.straight(&formula, &arguments)?;
            Ok(partials.into_iter().enumerate().map(|(i, x)| has_partial(i).then_some(x)).collect())
        }))
    }

    /// The partial derivatives of a row, from operands and value.
    fn formula(&self, row: Numeric, operands: usize) -> Rc<Graph> {
        let make = || Rc::new(partials(row, operands));
        self.formulas.borrow_mut().entry((row, operands)).or_insert_with(make).clone()
    }

    /// What a straight graph gives.
    pub(super) fn straight(&mut self, graph: &Graph, arguments: &[Value<E, D>]) -> Made<Vec<Value<E, D>>, D> {
        let mut values: HashMap<u32, Value<E, D>> =
            graph.params.iter().map(|var| var.0).zip(arguments.iter().cloned()).collect();
        let read = |values: &HashMap<u32, Value<E, D>>, atom: &Atom| match atom {
            Atom::Var(var) => values.get(&var.0).cloned().unwrap_or(Value::Number(E::lit(f64::NAN))),
            Atom::Real(x) => Value::Number(E::lit(*x)),
            Atom::Bool(b) => Value::truth(*b),
        };
        for Inst { results, op, args } in &graph.body.insts {
            let operands: Vec<_> = args.iter().map(|atom| read(&values, atom)).collect();
            let given = match op {
                Op::Row(row) => vec![self.apply(*row, &operands)?],
                Op::Whole(whole) => self.whole(*whole, &operands)?,
                Op::Table(table) => vec![self.table(table, &operands)?],
                // None of them is in a straight graph; what depends on one would be nan.
                Op::Broadcast { .. }
                | Op::Sum { .. }
                | Op::If { .. }
                | Op::Call(_)
                | Op::Forward(_)
                | Op::Tangent(_)
                | Op::Reverse(_)
                | Op::Fail(_) => Vec::new(),
            };
            values.extend(results.iter().map(|var| var.0).zip(given));
        }
        Ok(graph.body.results.iter().map(|atom| read(&values, atom)).collect())
    }

    /// What a table has at an index, read on the host. No derivative goes through it.
    pub(super) fn table(&mut self, table: &Table, operands: &[Value<E, D>]) -> Made<Value<E, D>, D> {
        let item = |index: E| E::lit(table.at(index.into()));
        let [index] = operands else { return Ok(Value::Number(E::lit(f64::NAN))) };
        if let Some(index) = index.number() {
            return Ok(Value::Number(item(index)));
        }
        let items: Vec<E> = elements(index).into_iter().map(item).collect();
        let len = items.len();
        Ok(Value::new(TensorFromVec::<E>::try_tensor_from_vec(&self.device, items, (len,))?, None))
    }

    /// A row applied on the host, element by element.
    fn on_host(&self, row: Numeric, operands: &[Value<E, D>]) -> Made<Flat<E, D>, D> {
        let len = operands.iter().map(Value::len).max().unwrap_or(1);
        let columns: Vec<Vec<E>> = operands.iter().map(elements).collect();
        let value = |i: usize| {
            let at = |column: &Vec<E>| *column.get(i).or(column.first()).unwrap_or(&E::lit(f64::NAN));
            row.on(&columns.iter().map(at).collect::<Vec<_>>())
        };
        TensorFromVec::<E>::try_tensor_from_vec(&self.device, (0..len).map(value).collect(), (len,))
    }
}

/// The elements of a value, brought to the host.
pub(super) fn elements<E: Element + Dtype, D: Backend<E>>(value: &Value<E, D>) -> Vec<E> {
    match value {
        Value::Number(x) => vec![*x],
        Value::Rows(x) => x.tensor.as_vec(),
    }
}

/// Whether two numbers have the same bits.
fn same<E: Into<f64>>(a: E, b: E) -> bool {
    a.into().to_bits() == b.into().to_bits()
}

/// The graph of a row's partial derivatives.
pub(super) fn partials(row: Numeric, operands: usize) -> Graph {
    let builder = Builder::new();
    let param = |i: usize| builder.real(builder.param(format!("x{i}"), Type::REAL));
    let operands: Vec<_> = (0..operands).map(param).collect();
    let value = param(operands.len());
    let results = row.partials(&operands, value).into_iter().map(|partial| partial.atom()).collect();
    builder.finish(row.row().ident, results)
}
