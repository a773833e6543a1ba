//! The tower collapses: what evaluates leaves nothing in a trace.
//!
//! Simplified, the traces of level 1 and of level 2 are one text. Up to renumbering it is the graph that the macro embeds
//! for the program, where that is straight, and everywhere the operations, guards and results that the reference
//! evaluation records from the kernel form, which knows nothing of the evaluator.

use super::{
    tower::{cases, generate, load, raised},
    traces::{LOOKING, recorded},
};
use scheme_core::{
    anf::{Graph, Op},
    kernel::{self, Program},
    lower::{Lowered, lower},
    prim::Scalar,
    reader,
    reference::{
        recorded::{folded, record, written_out},
        renumbered::Numbering,
    },
    trace::{Slot, Trace},
    transform::simplify,
};
use std::{
    collections::HashSet,
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
};
use threads::each;

#[path = "../../tests/programs/threads.rs"]
mod threads;

/// What the reference evaluation has no rows for.
const NOT_THERE: &[&str] = &[
    "exact",
    "number->string n 2",
    "gcd",
    "numerator",
    "rationalize",
    "boolean=?",
    "string-ref",
    "substring",
    "integer->char",
    "string->number",
    "vector-fill",
    "stop-gradient (list",
];

/// Where the macro's graph of a derivative is another than the tape's: it sums what the program differentiates in the order of its
/// own reverse mode, and knows 2·x for x + x.
const OTHER_DERIVATIVES: &[&str] = &[
    "((grad (lambda (y) (* y ((grad (lambda (z) (* z z y n))) y)))) x)",
    "((hessian (lambda (v) (* (ref v 0) (ref v 0) (ref v 1)))) [x n])",
];

/// A program and where it is run.
struct At {
    name: String,
    text: String,
    inputs: Vec<(String, f64)>,
    /// Whether level 2 is run too.
    twice: bool,
}

/// How many programs were found to be what.
#[derive(Default)]
struct Found {
    straight: AtomicUsize,
    other: AtomicUsize,
    failed: AtomicUsize,
}

/// Checks programs; gives how many are straight, are not, and fail.
#[track_caller]
fn collapse(all: impl Iterator<Item = At>) -> [usize; 3] {
    let found = Found::default();
    each(&all.collect::<Vec<_>>(), |at| check(at, &found));
    [found.straight, found.other, found.failed].map(AtomicUsize::into_inner)
}

/// Compares what a run leaves on each level.
fn check(at: &At, found: &Found) -> Result<(), String> {
    let (program, _) = kernel::desugar(&reader::read(&at.text).0);
    let program = program.ok_or("no program")?;
    let loaded = load(&at.text);
    let value = |name: &str| at.inputs.iter().find(|(other, _)| other == name).map(|(_, x)| *x);
    let inputs = loaded.inputs().map(|name| Some((name, value(name)?)));
    let params = loaded.params().map(|param| Some((&*param.name, value(&param.name).unwrap_or(param.init))));
    let inputs: Vec<(&str, f64)> =
        inputs.chain(params).collect::<Option<_>>().ok_or("an input is missing")?;
    let numbers: Vec<f64> = inputs.iter().map(|(_, x)| *x).collect();
    let wrong = |what: &str| format!("{}: {what}\n{}\n{inputs:?}", at.name, at.text);

    let reference = record(&program, &numbers);
    let one = match (recorded(&loaded, &inputs), &reference) {
        (Ok((_, Some(trace))), Ok(_)) => trace,
        (Err(_), Err(_)) => {
            found.failed.fetch_add(1, Relaxed);
            return Ok(());
        }
        (run, reference) => return Err(wrong(&format!("{run:?}, not {reference:?}"))),
    };
    undecided(&one).map_or(Ok(()), |slot| Err(wrong(&format!("{slot:?} is not decided in\n{one}"))))?;
    let simple = one.simplified();
    if at.twice {
        let two = recorded(&load(&raised(&at.text)), &inputs);
        let two = two.ok().and_then(|(_, trace)| trace).ok_or_else(|| wrong("no trace on level 2"))?;
        if two.simplified().to_string() != simple.to_string() {
            return Err(wrong(&format!("level 2 leaves\n{}\nnot\n{simple}", two.simplified())));
        }
    }

    let written =
        written_out(&simple, &numbers).map_err(|i| wrong(&format!("guard {i} fails in\n{simple}")))?;
    let reference = reference.map_err(|fault| wrong(&format!("{fault:?}")))?;
    same(&written, &reference).map_err(|what| wrong(&what))?;
    let graph = embedded(&program).filter(|_| !OTHER_DERIVATIVES.contains(&&*at.text));
    let Some(graph) = graph else {
        found.other.fetch_add(1, Relaxed);
        return Ok(());
    };
    found.straight.fetch_add(1, Relaxed);
    let graph = Trace::from_graph(&graph, graph.body.results.len(), &[])
        .ok_or_else(|| wrong("no trace of the graph"))?;
    same(&unguarded(&one), &folded(&graph)).map_err(|what| wrong(&what))
}

/// Whether two traces are one up to renumbering, simplified.
fn same(found: &Trace, expected: &Trace) -> Result<(), String> {
    let (found, expected) = (found.simplified(), expected.simplified());
    let mut numbering = Numbering::default();
    if numbering.of(&found) == numbering.of(&expected) {
        return Ok(());
    }
    Err(format!("found\n{found}\nnot\n{expected}"))
}

/// The graph that the macro embeds, if it is straight: no truth value is in it.
fn embedded(program: &Program) -> Option<Graph> {
    let Ok(Lowered::Direct(direct)) = lower("program", program) else { return None };
    let [function] = &direct.module.functions[..] else { return None };
    let graph = simplify(&function.graph);
    let rows = graph.body.insts.iter().all(|inst| matches!(inst.op, Op::Row(_)));
    let numbers = graph.vars.iter().all(|var| var.ty.scalar == Scalar::Real);
    (rows && numbers).then_some(graph)
}

/// The operations and results of a trace.
fn unguarded(trace: &Trace) -> Trace {
    let mut graph = trace.graph("trace", &[], |_| None);
    graph.body.results.truncate(trace.results().len());
    Trace::from_graph(&graph, trace.results().len(), &[]).unwrap_or_else(|| trace.clone())
}

/// A truth value that the run neither decided by nor computed with.
fn undecided(trace: &Trace) -> Option<Slot> {
    let used = trace.operations().flat_map(|operation| operation.operands);
    let used: HashSet<Slot> = used.copied().chain(trace.guards().iter().map(|guard| guard.slot)).collect();
    let truths = trace.operations().filter(|operation| trace.scalar(operation.result) == Scalar::Bool);
    truths.map(|operation| operation.result).find(|slot| !used.contains(slot))
}

#[test]
fn named_programs_collapse() {
    let all = cases().into_iter().map(|(name, text, inputs)| At { name, text, inputs, twice: true });
    let [straight, other, failed] = collapse(all);
    assert!(straight >= 30 && other >= 100 && failed == 0, "{straight}, {other}, {failed}");
}

#[test]
fn random_programs_collapse() {
    let random = |seed| At {
        name: format!("random {seed}"),
        text: generate::Generator::new(seed).program(),
        inputs: generate::INPUTS.map(|(name, x)| (name.to_string(), x)).to_vec(),
        twice: seed % 8 == 0,
    };
    let [straight, other, failed] = collapse((7000..7300).map(random));
    assert!(straight >= 30 && other >= 100 && failed == 0, "{straight}, {other}, {failed}");
}

#[test]
fn what_looks_at_numbers_collapses() {
    let points = [(0.5, 2.0), (2.0, 2.0), (-1.0, 3.0), (1.0, 0.0), (1.0, 1.0)];
    let known = LOOKING.iter().filter(|text| !NOT_THERE.iter().any(|name| text.contains(name)));
    let at = |text: &&str| {
        let text = text.to_string();
        points.map(|(x, n)| At {
            name: "looking".into(),
            text: text.clone(),
            inputs: vec![("x".into(), x), ("n".into(), n)],
            twice: false,
        })
    };
    let [straight, other, failed] = collapse(known.flat_map(at));
    assert!(straight + other >= 120, "{straight}, {other}, {failed}");
}
