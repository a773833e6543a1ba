//! The order that operations run in: after what they read, and one after the other if they do the same.
//!
//! A greedy list schedule: what does as the last one did comes next while there is any, then what most are ready for. It
//! looks a window ahead of the first operation that is not placed, so that what is read was written not long ago. Guards
//! wait for one another, whatever their order: asked together, each costs little more than what it reads. For how long they
//! wait is a part of what ran before them, so that a run that leaves its path has not gone much further for that.

use super::code::Act;
use scheme_core::prim::Numeric;
use std::collections::VecDeque;

/// How far ahead of the first operation that is not placed another may be.
const WINDOW: usize = 1 << 14;

/// For which part of the nodes before them guards wait, for how many at least, and at most.
const PART: usize = 4;
const LEAST: usize = 16;
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

/// The numbers of the nodes in the order that they run in.
pub(super) fn schedule(nodes: &Nodes) -> Vec<u32> {
    let n = nodes.kinds.len();
    let (starts, users) = users(n, &nodes.edges);
    let mut awaited = vec![0_u32; n];
    for (_, to) in &nodes.edges {
        awaited[*to as usize] += 1;
    }
    let mut ready = Ready::of(&nodes.kinds);
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
        for user in &users[starts[node] as usize..starts[node + 1] as usize] {
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

/// The second nodes of all edges by the first, and where those of each begin.
fn users(n: usize, edges: &[(u32, u32)]) -> (Vec<u32>, Vec<u32>) {
    let mut starts = vec![0_u32; n + 1];
    for (from, _) in edges {
        starts[*from as usize + 1] += 1;
    }
    for i in 0..n {
        starts[i + 1] += starts[i];
    }
    let mut next = starts.clone();
    let mut users = vec![0; edges.len()];
    for (from, to) in edges {
        let next = &mut next[*from as usize];
        users[*next as usize] = *to;
        *next += 1;
    }
    (starts, users)
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
        Act::Whole => 10 * ROWS + 3 + passes,
    }
}

/// What can be placed, by kind.
struct Ready {
    /// The queue of each node.
    queue_of: Vec<u16>,
    queues: Vec<VecDeque<u32>>,
    guards: Vec<bool>,
    /// The queues that are not empty.
    waiting: Vec<u16>,
    last: usize,
    /// How many nodes are placed, and at how many guards are asked again.
    placed: usize,
    ask: usize,
}

impl Ready {
    fn of(kinds: &[Kind]) -> Self {
        let mut numbers = vec![None; KINDS];
        let mut guards = Vec::new();
        let number = |kind: &Kind| {
            *numbers[number(*kind)].get_or_insert_with(|| {
                guards.push(kind.0.is_guard());
                (guards.len() - 1) as u16
            })
        };
        let queue_of = kinds.iter().map(number).collect();
        let queues = vec![VecDeque::new(); guards.len()];
        Self { queue_of, queues, guards, waiting: Vec::new(), last: 0, placed: 0, ask: 0 }
    }

    fn push(&mut self, node: usize) {
        let queue = self.queue_of[node];
        let nodes = &mut self.queues[queue as usize];
        if nodes.is_empty() {
            self.waiting.push(queue);
        }
        nodes.push_back(node as u32);
    }

    fn next(&mut self) -> Option<usize> {
        if self.queues.get(self.last)?.is_empty() {
            let is_guard = |queue: usize| self.guards[queue];
            let asks = self.placed >= self.ask;
            let best = |queue: &&u16| {
                let queue = usize::from(**queue);
                (is_guard(queue) == asks, self.queues[queue].len())
            };
            let best = usize::from(*self.waiting.iter().max_by_key(best)?);
            if is_guard(self.last) && !is_guard(best) {
                self.ask = self.placed + (self.placed / PART).clamp(LEAST, MOST);
            }
            self.last = best;
        }
        let nodes = &mut self.queues[self.last];
        let node = nodes.pop_front()?;
        if nodes.is_empty() {
            self.waiting.retain(|queue| usize::from(*queue) != self.last);
        }
        self.placed += 1;
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
        assert_eq!(schedule(&nodes), [0, 2, 4, 1, 3, 5]);
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
        let order = schedule(&Nodes { kinds, edges: edges.clone() });
        let mut place = vec![None; order.len()];
        order.iter().enumerate().for_each(|(at, node)| place[*node as usize] = Some(at));
        assert!(edges.iter().all(|(from, to)| place[*from as usize] < place[*to as usize]));
        assert!(place.iter().all(Option::is_some));
    }

    #[test]
    fn a_chain_takes_linear_time() {
        let n = 1_000_000;
        let kinds = (0..n).map(|i| (Act::Row(Numeric::ALL[i % 40]), 0)).collect();
        let edges = (1..n as u32).map(|i| (i - 1, i)).collect();
        assert!(schedule(&Nodes { kinds, edges }).iter().zip(0..).all(|(node, i)| *node == i));
    }
}
