//! The deep order: what goes on with the last result comes next, so that chains stay together.
//!
//! A recurrence waits for nothing but itself, and what is computed beside it, step by step, can be made long runs of. So what ends
//! in one sum, as a derivative by a parameter does, waits until many are ready, and of the rest that comes first which most is computed after.
//! Of a long sum of products each comes right before it is added, so that neither goes through memory.

use super::{Act, Asking, Choice, Kind, Kinds, Nodes, Users, list};
use scheme_core::prim::Numeric;
use std::{cmp::Reverse, collections::BinaryHeap};

/// So many that are ready and of one kind are a run, and come first.
const MANY: usize = 16;

/// The numbers of the nodes in the order that they run in, with chains as long as may be.
pub(in super::super) fn deep(nodes: &Nodes) -> Vec<u32> {
    let users = Users::of(nodes);
    let ready = Ready::of(&nodes.kinds, ranks(nodes, &users));
    let mut edges = nodes.edges.clone();
    edges.extend(beside(nodes, &users));
    let nodes = &Nodes { kinds: nodes.kinds.clone(), edges };
    list(nodes, &Users::of(nodes), ready)
}

/// So many products make a long sum.
const LONG: u32 = 16;

/// Edges by which each product of a long sum waits for the sum so far.
fn beside(nodes: &Nodes, users: &Users) -> Vec<(u32, u32)> {
    let n = nodes.kinds.len();
    // How many each node reads, of which the last two are kept.
    let mut reads = vec![(0_u32, [0_u32; 2]); n];
    for (from, to) in &nodes.edges {
        let (len, [before, last]) = &mut reads[*to as usize];
        (*len, *before, *last) = (*len + 1, *last, *from);
    }
    let adds = |node: u32| matches!(nodes.kinds[node as usize].0, Act::Row(Numeric::Add | Numeric::Sub));
    let multiplies = |node: u32| nodes.kinds[node as usize].0 == Act::Row(Numeric::Mul);
    let term = |node: u32| {
        let (len, [a, b]) = reads[node as usize];
        let (sum, product) = if multiplies(a) { (b, a) } else { (a, b) };
        let once = [sum, product].iter().all(|node| users.of_node(*node as usize).len() == 1);
        let both = len == 2 && once && adds(node) && adds(sum) && multiplies(product);
        // What comes later in the trace waits, so that something is always ready.
        (both && sum < product).then_some((sum, product))
    };
    let terms: Vec<Option<(u32, u32)>> = (0..n as u32).map(term).collect();
    // How many products there are in a sum so far, and then in all of it.
    let mut counts = vec![0_u32; n];
    for (node, term) in terms.iter().enumerate() {
        counts[node] = term.map_or(0, |(sum, _)| counts[sum as usize] + 1);
    }
    for (node, term) in terms.iter().enumerate().rev() {
        if let Some((sum, _)) = term {
            counts[*sum as usize] = counts[node];
        }
    }
    terms.iter().zip(counts).filter(|(_, count)| *count >= LONG).filter_map(|(term, _)| *term).collect()
}

/// What comes first: what several use, or the one that uses it, and so on; then what most is to be computed after.
type Rank = (bool, u32);

fn ranks(nodes: &Nodes, users: &Users) -> Vec<Rank> {
    let mut ranks = vec![(false, 0); nodes.kinds.len()];
    for node in (0..ranks.len()).rev() {
        let users = users.of_node(node);
        let branches = match users {
            [] => false,
            [one, others @ ..] => others.iter().any(|other| other != one) || ranks[*one as usize].0,
        };
        let below = users.iter().map(|user| ranks[*user as usize].1 + 1).max();
        ranks[node] = (branches, below.unwrap_or(0));
    }
    ranks
}

/// What can be placed, by kind and by whether it branches.
struct Ready {
    kinds: Kinds,
    ranks: Vec<Rank>,
    /// The nodes of each kind, of which some may be placed.
    heaps: Vec<BinaryHeap<(Rank, Reverse<u32>)>>,
    /// How many of each are not.
    counts: Vec<usize>,
    placed: Vec<bool>,
    /// The kinds of which there are some.
    waiting: Vec<u16>,
    last: usize,
    /// Whether the last one was one of many.
    many: bool,
    /// The best of what waited for nothing but the last one.
    next: Option<usize>,
    asking: Asking,
}

impl Ready {
    fn of(kinds: &[Kind], ranks: Vec<Rank>) -> Self {
        let kinds = Kinds::of(kinds.iter().copied().zip(ranks.iter().map(|rank| rank.0)));
        let n = kinds.guards.len();
        Self {
            placed: vec![false; ranks.len()],
            kinds,
            ranks,
            heaps: vec![BinaryHeap::new(); n],
            counts: vec![0; n],
            waiting: Vec::new(),
            last: 0,
            many: false,
            next: None,
            asking: Asking::default(),
        }
    }

    /// The kind of which most wait, guards where they are asked.
    fn most(&self) -> Option<usize> {
        let asks = self.asking.now();
        let most = |kind: &&u16| {
            let kind = usize::from(**kind);
            (self.kinds.guards[kind] == asks, self.counts[kind])
        };
        self.waiting.iter().max_by_key(most).map(|kind| usize::from(*kind))
    }

    /// The first node of a kind.
    fn first(&mut self, kind: usize) -> Option<(Rank, Reverse<u32>)> {
        let heap = &mut self.heaps[kind];
        while heap.peek().is_some_and(|(_, Reverse(node))| self.placed[*node as usize]) {
            heap.pop();
        }
        heap.peek().copied()
    }

    /// The first node of all kinds that are no guards.
    fn first_of_all(&mut self) -> Option<usize> {
        let mut best = None;
        for i in 0..self.waiting.len() {
            let kind = usize::from(self.waiting[i]);
            if !self.kinds.guards[kind] {
                best = best.max(self.first(kind));
            }
        }
        best.map(|(_, Reverse(node))| node as usize)
    }
}

impl Choice for Ready {
    fn push(&mut self, node: usize) {
        let kind = self.kinds.of[node];
        let is_guard = self.kinds.guards[usize::from(kind)];
        if self.counts[usize::from(kind)] == 0 {
            self.waiting.push(kind);
        }
        self.counts[usize::from(kind)] += 1;
        self.heaps[usize::from(kind)].push((self.ranks[node], Reverse(node as u32)));
        if !is_guard && self.next.is_none_or(|next| self.ranks[next] < self.ranks[node]) {
            self.next = Some(node);
        }
    }

    fn next(&mut self) -> Option<usize> {
        let next = self.next.take();
        if !self.many || self.counts[self.last] == 0 {
            let most = self.most()?;
            let is_guard = self.kinds.guards[most];
            if self.kinds.guards[self.last] && !is_guard {
                self.asking.done();
            }
            self.many = is_guard || self.counts[most] >= MANY;
            self.last = most;
        }
        let node = match next {
            _ if self.many => self.first(self.last).map(|(_, Reverse(node))| node as usize),
            None => self.first_of_all(),
            next => next,
        }?;
        self.placed[node] = true;
        let kind = self.kinds.of[node];
        self.last = usize::from(kind);
        self.counts[self.last] -= 1;
        if self.counts[self.last] == 0 {
            self.waiting.retain(|other| *other != kind);
        }
        self.asking.placed += 1;
        Some(node)
    }
}
