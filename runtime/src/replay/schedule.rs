//! The order that operations run in: after what they read, and one after the other if they do the same.
//!
//! A greedy list schedule, by one of two rules. By the wide one what does as the last one did comes next while there is any, then
//! what most are ready for. The deep one ([`deep`]) goes on with what the last one gave. Either
//! looks a window ahead of the first operation that is not placed, so that what is read was written not long ago. Guards
//! wait for one another, whatever their order: asked together, each costs little more than what it reads. For how long they
//! wait is a part of what ran before them, so that a run that leaves its path has not gone much further for that.

mod deep;

pub(super) use deep::deep;

use super::code::Act;
use scheme_core::prim::Numeric;
use std::collections::VecDeque;

/// How far ahead of the first operation that is not placed another may be.
const WINDOW: usize = 1 << 14;

/// For which part of the nodes before them guards wait, for how many at least, and at most.
const PART: usize = 2;
const LEAST: usize = 64;
const MOST: usize = 1 << 10;

/// What operations of one run have in common: what they do, and which operands pass derivatives.
pub(super) type Kind = (Act, u8);

/// Operations and guards by number, in the order of the trace.
#[derive(Default)]
pub(super) struct Nodes {
    /// What each does.
    pub(super) kinds: Vec<Kind>,
    /// The numbers of two nodes, of which the second reads what the first gives, or comes after it for the order of a sum.
    pub(super) edges: Vec<(u32, u32)>,
}

/// The numbers of the nodes in the order that they run in, with runs as long as may be.
pub(super) fn wide(nodes: &Nodes) -> Vec<u32> {
    list(nodes, &Users::of(nodes), Ready::of(&nodes.kinds))
}

/// What is ready to be placed.
trait Choice {
    /// Takes a node that waits for nothing any more.
    fn push(&mut self, node: usize);
    /// The node that is placed next.
    fn next(&mut self) -> Option<usize>;
}

/// A list schedule by a rule.
fn list(nodes: &Nodes, users: &Users, mut ready: impl Choice) -> Vec<u32> {
    let n = nodes.kinds.len();
    let mut awaited = vec![0_u32; n];
    for (_, to) in &nodes.edges {
        awaited[*to as usize] += 1;
    }
    let mut order = Vec::with_capacity(n);
    let mut placed = vec![false; n];
    let (mut first, mut seen) = (0, 0);
    while first < n {
        while seen < n.min(first + WINDOW) {
            if awaited[seen] == 0 {
                ready.push(seen);
            }
            seen += 1;
        }
        // What is first waits for nothing, so that something is always ready.
        let Some(node) = ready.next() else { break };
        order.push(node as u32);
        placed[node] = true;
        for user in users.of_node(node) {
            let user = *user as usize;
            awaited[user] -= 1;
            if awaited[user] == 0 && user < seen {
                ready.push(user);
            }
        }
        while first < n && placed[first] {
            first += 1;
        }
    }
    order
}

/// The second nodes of all edges by the first.
struct Users {
    /// Where those of each begin.
    starts: Vec<u32>,
    users: Vec<u32>,
}

impl Users {
    fn of(nodes: &Nodes) -> Self {
        let n = nodes.kinds.len();
        let mut starts = vec![0_u32; n + 1];
        for (from, _) in &nodes.edges {
            starts[*from as usize + 1] += 1;
        }
        for i in 0..n {
            starts[i + 1] += starts[i];
        }
        let mut next = starts.clone();
        let mut users = vec![0; nodes.edges.len()];
        for (from, to) in &nodes.edges {
            let next = &mut next[*from as usize];
            users[*next as usize] = *to;
            *next += 1;
        }
        Self { starts, users }
    }

    fn of_node(&self, node: usize) -> &[u32] {
        &self.users[self.starts[node] as usize..self.starts[node + 1] as usize]
    }
}

/// How many numbers of kinds there are.
const KINDS: usize = 10 * ROWS + 5;
const ROWS: usize = Numeric::ALL.len();

/// The number of a kind.
fn number((act, passes): Kind) -> usize {
    let passes = usize::from(passes);
    match act {
        Act::Row(row) => 4 * row as usize + passes,
        Act::Wide(row) => 4 * (ROWS + row as usize) + passes,
        Act::Holds(row) => 8 * ROWS + row as usize,
        Act::Fails(row) => 9 * ROWS + row as usize,
        Act::Truth(must) => 10 * ROWS + usize::from(must),
        Act::Bits => 10 * ROWS + 2,
        // The last two are made of what is scheduled.
        Act::Whole | Act::Strand | Act::Round(_) => 10 * ROWS + 3 + passes,
    }
}

/// Nodes of a kind have a number from 0 on.
struct Kinds {
    /// That of each node.
    of: Vec<u16>,
    /// Whether they are guards.
    guards: Vec<bool>,
}

impl Kinds {
    /// The kinds of nodes, each with a mark, by which kinds are told apart too.
    fn of(marked: impl Iterator<Item = (Kind, bool)>) -> Self {
        let mut numbers = vec![None; 2 * KINDS];
        let mut guards = Vec::new();
        let number = |(kind, mark)| {
            *numbers[2 * number(kind) + usize::from(mark)].get_or_insert_with(|| {
                guards.push(kind.0.is_guard());
                (guards.len() - 1) as u16
            })
        };
        Self { of: marked.map(number).collect(), guards }
    }
}

/// When guards are asked.
#[derive(Default)]
struct Asking {
    /// How many nodes are placed, and at how many guards are asked again.
    placed: usize,
    ask: usize,
}

impl Asking {
    fn now(&self) -> bool {
        self.placed >= self.ask
    }

    /// Guards have been asked.
    fn done(&mut self) {
        self.ask = self.placed + (self.placed / PART).clamp(LEAST, MOST);
    }
}

/// What can be placed, by kind.
struct Ready {
    kinds: Kinds,
    queues: Vec<VecDeque<u32>>,
    /// The queues that are not empty.
    waiting: Vec<u16>,
    last: usize,
    asking: Asking,
}

impl Ready {
    fn of(kinds: &[Kind]) -> Self {
        let kinds = Kinds::of(kinds.iter().map(|kind| (*kind, false)));
        let queues = vec![VecDeque::new(); kinds.guards.len()];
        Self { kinds, queues, waiting: Vec::new(), last: 0, asking: Asking::default() }
    }
}

impl Choice for Ready {
    fn push(&mut self, node: usize) {
        let queue = self.kinds.of[node];
        let nodes = &mut self.queues[queue as usize];
        if nodes.is_empty() {
            self.waiting.push(queue);
        }
        nodes.push_back(node as u32);
    }

    fn next(&mut self) -> Option<usize> {
        if self.queues.get(self.last)?.is_empty() {
            let is_guard = |queue: usize| self.kinds.guards[queue];
            let asks = self.asking.now();
            let best = |queue: &&u16| {
                let queue = usize::from(**queue);
                (is_guard(queue) == asks, self.queues[queue].len())
            };
            let best = usize::from(*self.waiting.iter().max_by_key(best)?);
            if is_guard(self.last) && !is_guard(best) {
                self.asking.done();
            }
            self.last = best;
        }
        let nodes = &mut self.queues[self.last];
        let node = nodes.pop_front()?;
        if nodes.is_empty() {
            self.waiting.retain(|queue| usize::from(*queue) != self.last);
        }
        self.asking.placed += 1;
        Some(node as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_the_same_comes_together() {
        let (add, mul) = ((Act::Row(Numeric::Add), 0), (Act::Row(Numeric::Mul), 0));
        let kinds = [add, mul, add, mul, add, mul].to_vec();
        let nodes = Nodes { kinds, edges: vec![(0, 1), (2, 3), (4, 5)] };
        assert_eq!(wide(&nodes), [0, 2, 4, 1, 3, 5]);
        assert_eq!(deep(&nodes), [0, 1, 2, 3, 4, 5]);
    }

    #[test]
    fn what_is_to_come_first_does() {
        let kinds = (0..20_000_u32).map(|i| match i % 5 {
            0 => (Act::Truth(i % 2 == 0), 0),
            1 | 2 => (Act::Row(Numeric::Add), 3),
            _ => (Act::Row(Numeric::Mul), (i % 7) as u8 % 4),
        });
        let kinds: Vec<Kind> = kinds.collect();
        let reads = (1..20_000_u32).map(|i| (i * 7 / 11, i));
        let guards = (1..4_000).map(|i| (5 * i - 5, 5 * i));
        let edges: Vec<_> = reads.chain(guards).collect();
        let nodes = Nodes { kinds, edges };
        for order in [wide(&nodes), deep(&nodes)] {
            let mut place = vec![None; order.len()];
            order.iter().enumerate().for_each(|(at, node)| place[*node as usize] = Some(at));
            assert!(nodes.edges.iter().all(|(from, to)| place[*from as usize] < place[*to as usize]));
            assert!(place.iter().all(Option::is_some));
        }
    }

    #[test]
    fn a_chain_takes_linear_time() {
        let n = 1_000_000;
        let kinds = (0..n).map(|i| (Act::Row(Numeric::ALL[i % 40]), 0)).collect();
        let edges = (1..n as u32).map(|i| (i - 1, i)).collect();
        let nodes = Nodes { kinds, edges };
        assert!([wide(&nodes), deep(&nodes)].iter().all(|order| order.iter().copied().eq(0..n as u32)));
    }
}
