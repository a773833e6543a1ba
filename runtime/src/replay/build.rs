//! From a trace to its code.
//!
//! What has a derivative that anyone asks for is decided here ([`Flow`]). A guard and the comparison that is there for it
//! alone become one operation.

use super::{
    code::{Act, Code, Op, Run, Wide},
    flow::Flow,
    schedule::{self, Kind, Nodes},
    whole::Whole,
};
use scheme_core::{
    prim::{Numeric, Scalar},
    trace::{Guard, Must, Operation, Record, Slot, Step},
};
use std::ops::RangeInclusive;

/// What code there is for a trace, and what is around it.
pub(super) struct Built {
    pub(super) code: Code,
    /// The slots of the results.
    pub(super) results: Vec<u32>,
    /// By input, whether a derivative is taken by it and a result depends on it.
    pub(super) reached: Vec<bool>,
    /// Whether it depends on numbers what is reached on the way back.
    pub(super) chooses: bool,
}

/// What a node of the schedule comes from: a step or a guard, by its number.
#[derive(Clone, Copy)]
enum Origin {
    Step(u32),
    Guard(u32),
}

/// So many operations and guards are put in two orders: of fewer there is little to win, and more would take long.
const TRIED: RangeInclusive<usize> = 64..=1 << 14;

/// Compiles a record for derivatives by the inputs `wrt`.
pub(super) fn build(trace: &Record, wrt: &[usize]) -> Built {
    let steps: Vec<Step<'_>> = trace.steps().collect();
    let flow = Flow::of(trace, &steps, wrt);
    let by_number = by_number(trace, &steps);
    let fused = fused(trace, &by_number);
    let (nodes, origins) = nodes(trace, &steps, &by_number, &flow, &fused);
    let source =
        Source { trace, steps: &steps, by_number: &by_number, flow: &flow, nodes: &nodes, origins: &origins };
    let (code, places) = source.code();
    let chooses = |run: &Run| run.act == Act::Wide(Numeric::Select) && run.passes != 0;
    Built {
        chooses: code.runs.iter().any(chooses) || code.wholes.iter().any(Whole::passes_less),
        code,
        results: trace.results().iter().map(|slot| places.of(*slot)).collect(),
        reached: (0..trace.inputs()).map(|i| flow.passes(Slot::value(i as u32))).collect(),
    }
}

/// What code is made from.
struct Source<'a> {
    trace: &'a Record,
    steps: &'a [Step<'a>],
    by_number: &'a [Option<Operation<'a>>],
    flow: &'a Flow,
    nodes: &'a Nodes,
    origins: &'a [Origin],
}

impl Source<'_> {
    /// The code, and where its numbers lie. Without derivatives it is made in both orders, of which the one that costs less is
    /// taken.
    fn code(&self) -> (Code, Places) {
        let wide = self.in_order(schedule::wide(self.nodes));
        let passes = self.nodes.kinds.iter().any(|(_, passes)| *passes != 0);
        if passes || !TRIED.contains(&self.nodes.kinds.len()) {
            return wide;
        }
        let mut deep = self.in_order(schedule::deep(self.nodes));
        deep.0.break_up();
        if deep.0.cost() < wide.0.cost() { deep } else { wide }
    }

    fn in_order(&self, order: Vec<u32>) -> (Code, Places) {
        let Self { trace, steps, by_number, flow, nodes, origins } = *self;
        let mut places = Places::new(trace);
        let mut code = Code { first: places.next as usize, ..Code::default() };
        for node in order {
            let (act, passes) = nodes.kinds[node as usize];
            let mut len = 1;
            let op = match origins[node as usize] {
                Origin::Step(i) => match steps[i as usize] {
                    Step::Operation(operation) => {
                        let op = match act {
                            Act::Wide(_) => wide(&mut code, operation.operands, passes != 0, flow, &places),
                            _ => pair(operation.operands, &places),
                        };
                        places.give(operation.result);
                        op
                    }
                    Step::Whole(whole, Operation { operands, result, .. }) => {
                        let operand =
                            |slot: &Slot| Wide { slot: places.of(*slot), passes: flow.passes(*slot) };
                        let operands = operands.iter().map(operand).collect();
                        code.wholes.push(Whole::new(whole, operands, flow.elements(whole, result)));
                        let elements = result.index()..result.index() + whole.results();
                        elements.clone().for_each(|element| places.give(Slot::value(element as u32)));
                        len = whole.results();
                        [code.wholes.len() as u32 - 1, 0]
                    }
                },
                Origin::Guard(g) => {
                    code.guards.push(g);
                    guard(&mut code, trace, by_number, &trace.guards()[g as usize], act, &places)
                }
            };
            code.ops.extend(std::iter::repeat_n(op, len));
            match code.runs.last_mut() {
                Some(run) if (run.act, run.passes) == (act, passes) => run.len += len as u32,
                _ => code.runs.push(Run { act, passes, line: false, len: len as u32 }),
            }
        }
        code.sort_guards();
        code.find_lines();
        code.slots = places.next as usize;
        code.kept = code.runs.iter().map(|run| run.kept()).sum();
        code.runs.shrink_to_fit();
        code.ops.shrink_to_fit();
        (code, places)
    }
}

/// By number, the operation that gives it; none gives the elements of operations on matrices.
fn by_number<'r>(trace: &Record, steps: &[Step<'r>]) -> Vec<Option<Operation<'r>>> {
    let mut operations = Vec::with_capacity(trace.len());
    for step in steps {
        match step {
            Step::Operation(operation) => operations.push(Some(*operation)),
            Step::Whole(whole, _) => operations.extend(std::iter::repeat_n(None, whole.results())),
        }
    }
    operations
}

/// Whether each number is of a comparison that one guard uses and nothing else.
fn fused(trace: &Record, operations: &[Option<Operation<'_>>]) -> Vec<bool> {
    let mut uses = vec![0_u8; operations.len()];
    let mut by_guard = vec![false; operations.len()];
    let operands = trace.steps().flat_map(|step| {
        let (Step::Operation(operation) | Step::Whole(_, operation)) = step;
        operation.operands
    });
    let guarded = trace.guards().iter().map(|guard| &guard.slot);
    for i in operands.chain(trace.results()).chain(guarded).filter_map(|slot| number(trace, *slot)) {
        uses[i] = uses[i].saturating_add(1);
    }
    for guard in trace.guards().iter().filter(|guard| matches!(guard.must, Must::Be(_))) {
        if let Some(i) = number(trace, guard.slot) {
            by_guard[i] = true;
        }
    }
    let fused = |(i, operation): (usize, &Option<Operation<'_>>)| {
        operation.is_some_and(|operation| {
            let row = operation.row.row();
            let compares = row.result == Scalar::Bool && row.operands.iter().all(|ty| *ty == Scalar::Real);
            by_guard[i] && uses[i] == 1 && compares && fits(&operation)
        })
    };
    operations.iter().enumerate().map(fused).collect()
}

/// Whether an operation has one or two operands as its row wants.
fn fits(operation: &Operation<'_>) -> bool {
    match operation.row {
        Numeric::Min | Numeric::Max => operation.operands.len() == 2,
        Numeric::Select => false,
        row => operation.operands.len() == row.row().operands.len(),
    }
}

/// Which of the computed numbers a slot holds.
fn number(trace: &Record, slot: Slot) -> Option<usize> {
    if slot.is_constant() { None } else { slot.index().checked_sub(trace.inputs()) }
}

/// What is to be scheduled.
fn nodes(
    trace: &Record,
    steps: &[Step<'_>],
    by_number: &[Option<Operation<'_>>],
    flow: &Flow,
    fused: &[bool],
) -> (Nodes, Vec<Origin>) {
    let mut nodes = Nodes::default();
    let mut origins = Vec::with_capacity(steps.len() + trace.guards().len());
    let mut node_of = vec![0_u32; trace.len()];
    let mut guards = (0..).zip(trace.guards()).peekable();
    let mut sums = Sums::new(trace);
    let reads = |nodes: &mut Nodes, node_of: &[u32], operands: &[Slot]| {
        let produced = operands.iter().filter_map(|slot| number(trace, *slot));
        nodes.edges.extend(produced.map(|i| (node_of[i], nodes.kinds.len() as u32)));
    };
    let mut done = 0;
    for (i, step) in (0..).zip(steps.iter().map(Some).chain([None])) {
        while let Some((g, guard)) = guards.next_if(|(_, guard)| guard.after as usize <= done) {
            let test = number(trace, guard.slot).filter(|i| fused[*i]).and_then(|i| by_number[i]);
            let act = match (guard.must, test) {
                (Must::Be(true), Some(test)) => Act::Holds(turned(&test).0),
                (Must::Be(false), Some(test)) => Act::Fails(turned(&test).0),
                (Must::Be(b), None) => Act::Truth(b),
                (Must::Equal(_), _) => Act::Bits,
            };
            reads(&mut nodes, &node_of, test.as_ref().map_or(&[guard.slot], |test| test.operands));
            nodes.kinds.push((act, 0));
            origins.push(Origin::Guard(g));
        }
        let Some(step) = step else { break };
        let node = nodes.kinds.len() as u32;
        match step {
            Step::Operation(_) if fused[done] => {
                done += 1;
                continue;
            }
            Step::Operation(operation) => {
                reads(&mut nodes, &node_of, operation.operands);
                for (slot, passes) in operation.operands.iter().zip(flow.passing(operation)) {
                    if passes {
                        sums.add(*slot, node, &mut nodes.edges);
                    }
                }
                node_of[done] = node;
                nodes.kinds.push(kind(operation, flow));
                done += 1;
            }
            Step::Whole(whole, operation) => {
                reads(&mut nodes, &node_of, operation.operands);
                let passing = operation.operands.iter().filter(|slot| flow.passes(**slot));
                // Twice, since it may pass several shares, which stay together.
                passing.for_each(|slot| (0..2).for_each(|_| sums.add(*slot, node, &mut nodes.edges)));
                let asked = flow.elements(*whole, operation.result).contains(&true);
                node_of[done..done + whole.results()].fill(node);
                nodes.kinds.push((Act::Whole, u8::from(asked)));
                done += whole.results();
            }
        }
        origins.push(Origin::Step(i));
    }
    (nodes, origins)
}

/// The operations that a number's cotangent is summed from, as far as their order is open.
///
/// Shares come from the last operation first, and only the first two of them may change places without a change of
/// the sum's bits.
struct Sums(Vec<Shares>);

/// The last two operations that pass a share, if there are such, and whether their order matters.
#[derive(Clone, Copy)]
struct Shares {
    last: u32,
    before: u32,
    fixed: bool,
}

impl Sums {
    /// No node has this number.
    const NONE: u32 = u32::MAX;

    fn new(trace: &Record) -> Self {
        let none = Shares { last: Self::NONE, before: Self::NONE, fixed: false };
        let mut shares = vec![none; trace.inputs() + trace.len()];
        // The result's own cotangent comes first.
        for slot in trace.results().iter().filter(|slot| !slot.is_constant()) {
            shares[slot.index()].fixed = true;
        }
        Self(shares)
    }

    /// Notes that the cotangent of a node has a share in that of a slot, and what must come before it.
    fn add(&mut self, slot: Slot, node: u32, edges: &mut Vec<(u32, u32)>) {
        let Shares { last, before, fixed } = &mut self.0[slot.index()];
        if *last == node {
            // Two shares of one operation stay together.
            if *before != Self::NONE && !*fixed {
                edges.push((*before, node));
            }
            *fixed = true;
            return;
        }
        if *last != Self::NONE {
            if *fixed {
                edges.push((*last, node));
            } else if *before != Self::NONE {
                edges.extend([(*before, *last), (*before, node)]);
            }
        }
        (*before, *last) = (*last, node);
    }
}

fn kind(operation: &Operation<'_>, flow: &Flow) -> Kind {
    let passing = flow.passing(operation);
    if fits(operation) {
        let bits = passing.enumerate().map(|(i, passes)| u8::from(passes) << i);
        (Act::Row(operation.row), bits.sum())
    } else {
        (Act::Wide(operation.row), u8::from(passing.into_iter().any(|passes| passes)))
    }
}

fn pair(operands: &[Slot], places: &Places) -> Op {
    let of = |i: usize| operands.get(i).map_or(0, |slot| places.of(*slot));
    [of(0), of(1)]
}

fn wide(code: &mut Code, operands: &[Slot], passes: bool, flow: &Flow, places: &Places) -> Op {
    let start = code.wide.len() as u32;
    let operand = |slot: &Slot| Wide { slot: places.of(*slot), passes: passes && flow.passes(*slot) };
    code.wide.extend(operands.iter().map(operand));
    [start, operands.len() as u32]
}

/// A comparison whose first operand is a constant if one is, or else by which less rows are needed, and whether the operands
/// change places for that.
fn turned(test: &Operation<'_>) -> (Numeric, bool) {
    let turns = match test.operands {
        [a, b] if a.is_constant() != b.is_constant() => b.is_constant(),
        _ => matches!(test.row, Numeric::Greater | Numeric::GreaterEq),
    };
    let row = match test.row {
        _ if !turns => test.row,
        Numeric::Less => Numeric::Greater,
        Numeric::LessEq => Numeric::GreaterEq,
        Numeric::Greater => Numeric::Less,
        Numeric::GreaterEq => Numeric::LessEq,
        Numeric::Equal | Numeric::Eqv => test.row,
        _ => return (test.row, false),
    };
    (row, turns)
}

fn guard(
    code: &mut Code,
    trace: &Record,
    by_number: &[Option<Operation<'_>>],
    guard: &Guard,
    act: Act,
    places: &Places,
) -> Op {
    match (act, guard.must) {
        (Act::Holds(_) | Act::Fails(_), _) => {
            let test = number(trace, guard.slot).and_then(|i| by_number[i]);
            let Some(test) = test else { return [0; 2] };
            let [a, b] = pair(test.operands, places);
            if turned(&test).1 { [b, a] } else { [a, b] }
        }
        (_, Must::Equal(bits)) => {
            code.bits.push(bits);
            [places.of(guard.slot), code.bits.len() as u32 - 1]
        }
        _ => [places.of(guard.slot), 0],
    }
}

/// Where the numbers of a trace lie: `[inputs | constants | results]`.
struct Places {
    inputs: u32,
    /// By number that is computed.
    results: Vec<u32>,
    /// The place of the next result.
    next: u32,
}

impl Places {
    fn new(trace: &Record) -> Self {
        let inputs = trace.inputs() as u32;
        Self { inputs, results: vec![0; trace.len()], next: inputs + trace.constants().len() as u32 }
    }

    /// Places what is computed.
    fn give(&mut self, slot: Slot) {
        self.results[slot.index() - self.inputs as usize] = self.next;
        self.next += 1;
    }

    fn of(&self, slot: Slot) -> u32 {
        let i = slot.index() as u32;
        match i.checked_sub(self.inputs) {
            _ if slot.is_constant() => self.inputs + i,
            None => i,
            Some(operation) => self.results[operation as usize],
        }
    }
}
