//! From a trace to its code.
//!
//! What has a derivative that anyone asks for is decided here ([`Flow`]). A guard and the comparison that is there for it
//! alone become one operation.

use super::{
    code::{Act, Code, Op, Run, Wide},
    flow::Flow,
    schedule::{Kind, Nodes, schedule},
};
use scheme_core::{
    prim::{Numeric, Scalar},
    trace::{Guard, Must, Operation, Slot, Trace},
};

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

/// What a node of the schedule comes from: an operation or a guard, by its number.
#[derive(Clone, Copy)]
enum Source {
    Operation(u32),
    Guard(u32),
}

/// Compiles a trace for derivatives by the inputs `wrt`.
pub(super) fn build(trace: &Trace, wrt: &[usize]) -> Built {
    let operations: Vec<Operation<'_>> = trace.operations().collect();
    let flow = Flow::of(trace, &operations, wrt);
    let fused = fused(trace, &operations);
    let (nodes, sources) = nodes(trace, &operations, &flow, &fused);
    let mut places = Places::new(trace);
    let mut code = Code { first: places.next as usize, ..Code::default() };
    for node in schedule(&nodes) {
        let (act, passes) = nodes.kinds[node as usize];
        let op = match sources[node as usize] {
            Source::Operation(i) => {
                let operands = operations[i as usize].operands;
                let op = match act {
                    Act::Wide(_) => wide(&mut code, operands, passes != 0, &flow, &places),
                    _ => pair(operands, &places),
                };
                places.give(i);
                op
            }
            Source::Guard(g) => {
                guard(&mut code, trace, &operations, &trace.guards()[g as usize], act, &places)
            }
        };
        code.ops.push(op);
        match code.runs.last_mut() {
            Some(run) if (run.act, run.passes) == (act, passes) => run.len += 1,
            _ => code.runs.push(Run { act, passes, len: 1 }),
        }
    }
    code.slots = places.next as usize;
    code.runs.shrink_to_fit();
    code.ops.shrink_to_fit();
    let chooses = |run: &Run| run.act == Act::Wide(Numeric::Select) && run.passes != 0;
    Built {
        chooses: code.runs.iter().any(chooses),
        code,
        results: trace.results().iter().map(|slot| places.of(*slot)).collect(),
        reached: (0..trace.inputs()).map(|i| flow.passes(Slot::value(i as u32))).collect(),
    }
}

/// Whether each operation is a comparison that one guard uses and nothing else.
fn fused(trace: &Trace, operations: &[Operation<'_>]) -> Vec<bool> {
    let mut uses = vec![0_u8; operations.len()];
    let mut by_guard = vec![false; operations.len()];
    let operands = operations.iter().flat_map(|operation| operation.operands);
    let guarded = trace.guards().iter().map(|guard| &guard.slot);
    for i in operands.chain(trace.results()).chain(guarded).filter_map(|slot| number(trace, *slot)) {
        uses[i] = uses[i].saturating_add(1);
    }
    for guard in trace.guards().iter().filter(|guard| matches!(guard.must, Must::Be(_))) {
        if let Some(i) = number(trace, guard.slot) {
            by_guard[i] = true;
        }
    }
    let fused = |(i, operation): (usize, &Operation<'_>)| {
        let row = operation.row.row();
        let compares = row.result == Scalar::Bool && row.operands.iter().all(|ty| *ty == Scalar::Real);
        by_guard[i] && uses[i] == 1 && compares && fits(operation)
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

/// The number of the operation whose result a slot is.
fn number(trace: &Trace, slot: Slot) -> Option<usize> {
    if slot.is_constant() { None } else { slot.index().checked_sub(trace.inputs()) }
}

/// What is to be scheduled.
fn nodes(trace: &Trace, operations: &[Operation<'_>], flow: &Flow, fused: &[bool]) -> (Nodes, Vec<Source>) {
    let mut nodes = Nodes::default();
    let mut sources = Vec::with_capacity(operations.len() + trace.guards().len());
    let mut node_of = vec![0_u32; operations.len()];
    let mut guards = (0..).zip(trace.guards()).peekable();
    let mut last_guard = None;
    let mut sums = Sums::new(trace);
    let reads = |nodes: &mut Nodes, node_of: &[u32], operands: &[Slot]| {
        let produced = operands.iter().filter_map(|slot| number(trace, *slot));
        nodes.edges.extend(produced.map(|i| (node_of[i], nodes.kinds.len() as u32)));
    };
    for done in 0..=operations.len() {
        while let Some((g, guard)) = guards.next_if(|(_, guard)| guard.after as usize <= done) {
            let test = number(trace, guard.slot).filter(|i| fused[*i]).map(|i| &operations[i]);
            let act = match (guard.must, test) {
                (Must::Be(b), Some(test)) => Act::Test(test.row, b),
                (Must::Be(b), None) => Act::Truth(b),
                (Must::Equal(_), _) => Act::Bits,
            };
            let node = nodes.kinds.len() as u32;
            reads(&mut nodes, &node_of, test.map_or(&[guard.slot], |test| test.operands));
            nodes.edges.extend(last_guard.map(|last| (last, node)));
            last_guard = Some(node);
            nodes.kinds.push((act, 0));
            sources.push(Source::Guard(g));
        }
        let Some(operation) = operations.get(done).filter(|_| !fused[done]) else { continue };
        let node = nodes.kinds.len() as u32;
        reads(&mut nodes, &node_of, operation.operands);
        for (slot, passes) in operation.operands.iter().zip(flow.passing(operation)) {
            if passes {
                sums.add(*slot, node, &mut nodes.edges);
            }
        }
        node_of[done] = node;
        nodes.kinds.push(kind(operation, flow));
        sources.push(Source::Operation(done as u32));
    }
    (nodes, sources)
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

    fn new(trace: &Trace) -> Self {
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

fn guard(
    code: &mut Code,
    trace: &Trace,
    operations: &[Operation<'_>],
    guard: &Guard,
    act: Act,
    places: &Places,
) -> Op {
    match (act, guard.must) {
        (Act::Test(..), _) => {
            number(trace, guard.slot).map_or([0; 2], |i| pair(operations[i].operands, places))
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
    /// By operation.
    results: Vec<u32>,
    /// The place of the next result.
    next: u32,
}

impl Places {
    fn new(trace: &Trace) -> Self {
        let inputs = trace.inputs() as u32;
        Self { inputs, results: vec![0; trace.len()], next: inputs + trace.constants().len() as u32 }
    }

    /// Places the result of an operation.
    fn give(&mut self, operation: u32) {
        self.results[operation as usize] = self.next;
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
