//! Definitions into `Let` and `Fix`: "fixing letrec" after Waddell, Sarkar and Dybvig, and Ghuloum.
//!
//! A graph has an edge from each definition to those it refers to, and from each value whose
//! evaluation may be observed to the one before it. Its strongly connected components, those needed
//! first, are the order of binding: procedures of a component bind together in a `Fix`, a value binds
//! alone. A value in a cycle needs itself, and is an error, for data are acyclic here. Procedures bind
//! as late as values allow, so that definitions that do not need them do not nest in them.
//!
//! Values are evaluated in the order written. A reference to a later definition is an error where it
//! stands outside of every lambda, or where a procedure is called that gets to it in any case;
//! otherwise the later one is bound first if that cannot be observed, else it is an error too.

use super::{
    Expr, ExprKind, Lambda, Local,
    node::{bindings, sequence},
    reached::Reach,
    scc,
    state::{Desugar, Use},
};
use crate::{
    diag::{Code, Diagnostic},
    prim::Prim,
    span::Span,
};
use std::{
    collections::{HashMap, VecDeque},
    ops::Range,
};

/// At most so many `Fix` nest for one run of procedures; more components share.
const MAX_NEST: usize = 32;

/// A definition, or an expression evaluated for nothing.
pub(super) struct Item {
    /// What it binds.
    pub(super) local: Option<Local>,
    pub(super) value: Expr,
    /// The uses of watched locals inside it, by the clock.
    pub(super) times: Range<u32>,
}

impl Item {
    fn is_procedure(&self) -> bool {
        self.local.is_some() && matches!(self.value.kind, ExprKind::Lambda(_))
    }
}

/// A reference from one item to another.
struct Reference {
    to: usize,
    first: Use,
}

impl Desugar {
    /// Binds items, given in the order written, around a body.
    pub(super) fn arrange(&mut self, items: Vec<Item>, body: Expr, span: Span) -> Expr {
        if items.is_empty() {
            return body;
        }
        let before = self.count();
        let references = self.references(&items);
        self.early_calls(&items);
        let observed: Vec<bool> =
            items.iter().map(|item| !item.is_procedure() && !is_pure(&item.value)).collect();
        let mut edges: Vec<Vec<usize>> =
            references.iter().map(|from| from.iter().map(|reference| reference.to).collect()).collect();
        let mut last = None;
        for (index, _) in observed.iter().enumerate().filter(|(_, observed)| **observed) {
            edges[index].extend(last);
            last = Some(index);
        }
        let order = scc::components(&edges);
        if before == self.count() {
            for component in &order {
                self.cyclic(&items, &references, component);
            }
        }
        nest(items, &references, &order, body, span)
    }

    /// The references between items; those that cannot have a value are noted.
    fn references(&mut self, items: &[Item]) -> Vec<Vec<Reference>> {
        let mut references: Vec<Vec<Reference>> = items.iter().map(|_| Vec::new()).collect();
        for (to, local) in items.iter().enumerate().filter_map(|(to, item)| Some((to, item.local?))) {
            for use_ in self.take_uses(local) {
                let from = items.partition_point(|item| item.times.end <= use_.time);
                let Some(known) = references.get_mut(from) else { break };
                if known.last().is_none_or(|last| last.to != to) {
                    known.push(Reference { to, first: use_ });
                }
                if to >= from && use_.lambdas == self.lambdas {
                    self.note(self.too_early(local, use_.span, to == from));
                }
            }
        }
        references
    }

    fn too_early(&self, local: Local, span: Span, own: bool) -> Diagnostic {
        let name = self.name_of(local);
        if own {
            let finding =
                Diagnostic::new(Code::UsedBeforeDefinition, span, format!("`{name}` needs its own value"));
            return finding.hint("only a procedure can refer to itself");
        }
        let message = format!("`{name}` is used before it is defined");
        Diagnostic::new(Code::UsedBeforeDefinition, span, message).hint("move its definition above this one")
    }

    /// Notes calls that in any case get to a definition not there yet.
    fn early_calls(&mut self, items: &[Item]) {
        let index: HashMap<Local, usize> =
            items.iter().enumerate().filter_map(|(index, item)| Some((item.local?, index))).collect();
        let mut reach = Reach::default();
        for item in items {
            if let (Some(local), ExprKind::Lambda(lambda)) = (item.local, &item.value.kind) {
                reach.know(local, lambda);
            }
        }
        for (now, item) in items.iter().enumerate().filter(|(_, item)| !item.is_procedure()) {
            reach.each(&item.value, &mut |expr, via| {
                // What is in the item's own text and in no lambda is noted already.
                let (ExprKind::Local(local), Some(via)) = (&expr.kind, via) else { return };
                let Some(&to) = index.get(local).filter(|to| **to >= now) else { return };
                let called = match &via.kind {
                    ExprKind::Local(called) if index.contains_key(called) => self.name_of(*called),
                    _ => return self.note(self.too_early(*local, expr.span, to == now)),
                };
                let needed = self.name_of(*local);
                let message = format!("`{called}` is called before `{needed}`, which it needs, is defined");
                let finding = Diagnostic::new(Code::UsedBeforeDefinition, via.span, message);
                self.note(finding.hint(format!("move the definition of `{needed}` above this one")));
            });
        }
    }

    /// Notes a value that is part of a cycle.
    fn cyclic(&mut self, items: &[Item], references: &[Vec<Reference>], component: &[usize]) {
        for &from in component.iter().filter(|index| !items[**index].is_procedure()) {
            let inside = |reference: &&Reference| component.binary_search(&reference.to).is_ok();
            let Some(reference) =
                references[from].iter().filter(inside).min_by_key(|reference| reference.first.time)
            else {
                continue;
            };
            let Some(local) = items[reference.to].local else { continue };
            let finding = if items[reference.to].is_procedure() {
                let name = self.name_of(local);
                let message = format!("`{name}` is used before all that it needs is defined");
                Diagnostic::new(Code::UsedBeforeDefinition, reference.first.span, message)
                    .hint(format!("move the values that `{name}` needs above this definition"))
            } else {
                self.too_early(local, reference.first.span, reference.to == from)
            };
            self.note(finding);
        }
    }
}

/// Whether evaluating earlier cannot be observed: it ends, and fails for operands of wrong type only.
fn is_pure(expr: &Expr) -> bool {
    let mut todo = vec![expr];
    while let Some(expr) = todo.pop() {
        match &expr.kind {
            ExprKind::Lambda(_) => continue,
            ExprKind::Call(head, _) => match &head.kind {
                ExprKind::Prim(Prim::Numeric(row)) if row.row().total => {}
                _ => return false,
            },
            _ => {}
        }
        expr.each_child(&mut |child| todo.push(child));
    }
    true
}

/// Bindings of one kind in a row.
enum Segment {
    Values(Vec<(Local, Expr)>),
    Procedures(Vec<(Local, Lambda)>),
    Discarded(Vec<Expr>),
}

/// Binds the components in their order around the body.
fn nest(
    items: Vec<Item>,
    references: &[Vec<Reference>],
    order: &[Vec<usize>],
    body: Expr,
    span: Span,
) -> Expr {
    let procedure: Vec<bool> = items.iter().map(Item::is_procedure).collect();
    let mut items: Vec<Option<Item>> = items.into_iter().map(Some).collect();
    let mut segments: Vec<Segment> = Vec::new();
    // Components of procedures not bound yet, where in the order of those each procedure is, and how
    // many of them are bound.
    let (mut waiting, mut place, mut bound) = (VecDeque::<&[usize]>::new(), HashMap::new(), 0);
    for component in order {
        if component.iter().all(|index| procedure[*index]) {
            place.extend(component.iter().map(|index| (*index, bound + waiting.len())));
            waiting.push_back(component);
            continue;
        }
        for &index in component {
            let needed = references[index].iter().filter_map(|reference| place.get(&reference.to)).max();
            if let Some(count) = needed.and_then(|last| (last + 1).checked_sub(bound)) {
                segments.extend(fixes(waiting.drain(..count), &mut items));
                bound += count;
            }
            match (items[index].take(), segments.last_mut()) {
                (Some(Item { local: Some(local), value, .. }), Some(Segment::Values(values))) => {
                    values.push((local, value));
                }
                (Some(Item { local: Some(local), value, .. }), _) => {
                    segments.push(Segment::Values(vec![(local, value)]));
                }
                (Some(Item { local: None, value, .. }), Some(Segment::Discarded(values))) => {
                    values.push(value)
                }
                (Some(Item { local: None, value, .. }), _) => segments.push(Segment::Discarded(vec![value])),
                (None, _) => {}
            }
        }
    }
    segments.extend(fixes(waiting.drain(..), &mut items));
    segments.into_iter().rev().fold(body, |body, segment| match segment {
        Segment::Values(values) => bindings(values, body, span),
        Segment::Procedures(procedures) => Expr { kind: ExprKind::Fix(procedures, body.into()), span },
        Segment::Discarded(mut values) => {
            match body.kind {
                ExprKind::Begin(parts) => values.extend(parts),
                kind => values.push(Expr { kind, span: body.span }),
            }
            sequence(values, span)
        }
    })
}

/// Components of procedures as segments, one each if they are not too many.
fn fixes<'a>(
    components: impl ExactSizeIterator<Item = &'a [usize]>,
    items: &mut [Option<Item>],
) -> Vec<Segment> {
    let share = components.len().div_ceil(MAX_NEST).max(1);
    let mut groups: Vec<Vec<(Local, Lambda)>> = Vec::new();
    for (at, component) in components.enumerate() {
        if at.is_multiple_of(share) {
            groups.push(Vec::new());
        }
        let Some(group) = groups.last_mut() else { continue };
        for index in component {
            if let Some(Item {
                local: Some(local), value: Expr { kind: ExprKind::Lambda(lambda), .. }, ..
            }) = items[*index].take()
            {
                group.push((local, lambda));
            }
        }
    }
    groups.into_iter().map(Segment::Procedures).collect()
}
