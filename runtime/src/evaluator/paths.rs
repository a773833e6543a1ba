//! The paths that runs of one program take, as a trie of decisions.
//!
//! A path holds while all its guards do; where one breaks, another path goes on, the child of the first at that guard. Both
//! made the same decisions before it, so the way from the first path to the one that holds is the way of its decisions
//! that differ.
//!
//! A path is worth keeping when it is met for the second time. A program of which every run takes a way of its own never
//! meets one: where few of the paths that were kept are used again, none is kept for a while, and a longer one each
//! time; so too where a path could not be made. There are at most [`MOST`] paths, of at most [`WEIGHT`] together; those that
//! were not used for the longest time, roughly, and that no other is reached from, make room.
//!
//! What a path is, and how it is followed, is the owner's business.

use crate::tape::MOST_OPERATIONS;
use std::{
    collections::HashMap,
    sync::atomic::{AtomicBool, Ordering::Relaxed},
};

/// How many paths are kept.
pub(super) const MOST: usize = 256;

/// How much paths weigh together at most: by their operations, as much as the longest.
pub(super) const WEIGHT: usize = MOST_OPERATIONS as usize;

/// How many paths are kept before it is asked whether they are used again.
const TRIAL: u32 = 32;

/// How many misses none is kept for, at first, when they are not.
const PAUSE: u32 = 1 << 10;

/// A decision that no path made: how the first path broke, or that there is no path at all.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct Miss(Option<(u32, u32)>);

/// What a decision leads to.
#[derive(Debug)]
enum Edge {
    /// A run took it once.
    Seen,
    /// A path.
    To(u32),
}

#[derive(Debug)]
struct Node<P> {
    path: P,
    weight: usize,
    from: Miss,
    children: u32,
    /// Whether it was followed since room was last looked for.
    used: AtomicBool,
    /// Whether it was followed since it was kept.
    again: AtomicBool,
}

/// Paths by their decisions.
#[derive(Debug)]
pub(super) struct Paths<P> {
    nodes: Vec<Option<Node<P>>>,
    /// What they weigh together.
    weight: usize,
    edges: HashMap<Miss, Edge>,
    /// Where the search for room goes on.
    hand: usize,
    /// How many were kept since it was last asked whether they are used again.
    kept: u32,
    /// How many misses none is kept for, and how many it will be next.
    pause: u32,
    next_pause: u32,
}

impl<P> Default for Paths<P> {
    fn default() -> Self {
        Self {
            nodes: Vec::new(),
            weight: 0,
            edges: HashMap::new(),
            hand: 0,
            kept: 0,
            pause: 0,
            next_pause: PAUSE,
        }
    }
}

impl<P> Paths<P> {
    /// The first path, or the one that a decision leads to.
    pub(super) fn after(&self, miss: Miss) -> Option<u32> {
        match self.edges.get(&miss) {
            Some(Edge::To(node)) => Some(*node),
            _ => None,
        }
    }

    /// Where every search begins.
    pub(super) const START: Miss = Miss(None);

    /// How path `node` broke.
    pub(super) fn broken(node: u32, guard: usize) -> Miss {
        Miss(Some((node, guard as u32)))
    }

    /// A path.
    pub(super) fn path(&self, node: u32) -> Option<&P> {
        Some(&self.node(node)?.path)
    }

    /// Follows paths until one holds: `follow` gives what it makes of a path, or the guard that breaks.
    pub(super) fn find<T>(&self, mut follow: impl FnMut(&P) -> Result<T, usize>) -> Result<T, Miss> {
        let mut miss = Self::START;
        // Each step is further along the run's decisions, unless a path was replaced meanwhile.
        for _ in 0..=self.nodes.len() {
            let Some(node) = self.after(miss) else { break };
            let Some(found) = self.node(node) else { break };
            match follow(&found.path) {
                Ok(value) => {
                    found.mark(true);
                    return Ok(value);
                }
                Err(guard) => miss = Self::broken(node, guard),
            }
        }
        Err(miss)
    }

    /// Notes that runs followed a path: whether it was more than one.
    pub(super) fn followed(&self, node: u32, again: bool) {
        if let Some(node) = self.node(node) {
            node.mark(again);
        }
    }

    /// Whether the path of a run that was missed is to be kept: if it is met a second time, which is so where
    /// `runs` of more than one are to take it.
    pub(super) fn is_worth_keeping(&mut self, miss: Miss, runs: usize) -> bool {
        if self.pause > 0 {
            self.pause -= 1;
            return false;
        }
        if self.kept >= TRIAL {
            self.kept = 0;
            let again = self.all().filter(|node| node.again.load(Relaxed)).count();
            if 4 * again < self.all().count() {
                self.pause();
                return false;
            }
            self.next_pause = PAUSE;
        }
        if self.edges.len() > 4 * MOST {
            self.edges.retain(|_, edge| matches!(edge, Edge::To(_)));
        }
        match self.edges.get(&miss) {
            Some(_) => true,
            None if runs > 1 => true,
            None => {
                self.edges.insert(miss, Edge::Seen);
                false
            }
        }
    }

    /// Keeps none for a while, and a longer one each time.
    pub(super) fn pause(&mut self) {
        self.pause = self.next_pause;
        self.next_pause = self.next_pause.saturating_mul(2);
    }

    /// Keeps the path of a run that was missed. Gives its number, or nothing if another run kept one meanwhile or
    /// there is no room.
    pub(super) fn keep(&mut self, miss: Miss, path: P, weight: usize) -> Option<u32> {
        if self.after(miss).is_some() || weight > WEIGHT {
            return None;
        }
        while self.all().count() >= MOST || self.weight + weight > WEIGHT {
            self.drop_one(miss)?;
        }
        let (used, again) = (AtomicBool::new(true), AtomicBool::new(false));
        let node = Some(Node { path, weight, from: miss, children: 0, used, again });
        let at = self.nodes.iter().position(Option::is_none).unwrap_or(self.nodes.len());
        match self.nodes.get_mut(at) {
            Some(free) => *free = node,
            None => self.nodes.push(node),
        }
        self.weight += weight;
        self.count(miss, |children| children + 1);
        self.edges.insert(miss, Edge::To(at as u32));
        self.kept += 1;
        Some(at as u32)
    }

    fn node(&self, node: u32) -> Option<&Node<P>> {
        self.nodes.get(node as usize)?.as_ref()
    }

    fn all(&self) -> impl Iterator<Item = &Node<P>> {
        self.nodes.iter().flatten()
    }

    /// The paths that are kept.
    pub(super) fn iter(&self) -> impl Iterator<Item = &P> {
        self.all().map(|node| &node.path)
    }

    fn count(&mut self, Miss(from): Miss, change: impl Fn(u32) -> u32) {
        let parent = from.and_then(|(parent, _)| self.nodes.get_mut(parent as usize)?.as_mut());
        if let Some(parent) = parent {
            parent.children = change(parent.children);
        }
    }

    /// Drops a path that can go: not the one that the new path is to be reached from.
    fn drop_one(&mut self, Miss(from): Miss) -> Option<()> {
        let parent = from.map(|(parent, _)| parent as usize);
        // Twice around: the first round takes the marks away.
        for _ in 0..2 * self.nodes.len() {
            let at = self.hand;
            self.hand = (self.hand + 1) % self.nodes.len();
            let can_go =
                |node: &Node<P>| node.children == 0 && Some(at) != parent && !node.used.swap(false, Relaxed);
            let Some(old) = self.nodes[at].take_if(|node| can_go(node)) else { continue };
            self.weight -= old.weight;
            self.edges.remove(&old.from);
            self.count(old.from, |children| children - 1);
            // What was seen of the old path says nothing of the next one with its number.
            self.edges.retain(|Miss(from), _| from.is_none_or(|(from, _)| from as usize != at));
            return Some(());
        }
        None
    }
}

impl<P> Node<P> {
    fn mark(&self, again: bool) {
        // Read first: threads that follow one path then share the line.
        for (flag, set) in [(&self.used, true), (&self.again, again)] {
            if set && !flag.load(Relaxed) {
                flag.store(true, Relaxed);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A path that decided as the bits of a number say, so many of them.
    type Bits = Vec<bool>;

    fn follow(path: &Bits, run: u32) -> Result<u32, usize> {
        let broken = path.iter().enumerate().position(|(i, bit)| (run >> i & 1 != 0) != *bit);
        broken.map_or(Ok(run), Err)
    }

    /// Runs as a program does; gives whether a path held.
    fn run(paths: &mut Paths<Bits>, run: u32, bits: u32) -> bool {
        let Err(miss) = paths.find(|path| follow(path, run)) else { return true };
        if paths.is_worth_keeping(miss, 1) {
            paths.keep(miss, (0..bits).map(|i| run >> i & 1 != 0).collect(), 1);
        }
        false
    }

    #[test]
    fn a_path_is_kept_the_second_time_and_held_the_third() {
        let mut paths = Paths::default();
        assert_eq!(
            [5, 5, 5, 4, 4, 5, 4].map(|x| run(&mut paths, x, 3)),
            [false, false, true, false, false, true, true]
        );
    }

    #[test]
    fn all_ways_of_few_decisions_are_found_again() {
        let mut paths = Paths::default();
        for _ in 0..16 {
            (0..8).for_each(|x| {
                run(&mut paths, x, 3);
            });
        }
        assert!((0..8).all(|x| run(&mut paths, x, 3)));
        assert_eq!(paths.iter().count(), 8);
    }

    #[test]
    fn there_is_an_end_to_paths_that_are_used_and_to_those_that_are_not() {
        let mut paths = Paths::default();
        for x in (0..4096).flat_map(|x| [x; 6]) {
            run(&mut paths, x * 613 % 4096, 12);
            assert!(paths.iter().count() <= MOST && paths.edges.len() <= 5 * MOST);
        }
        let children: u32 = paths.all().map(|node| node.children).sum();
        let rooted = paths.all().filter(|node| node.from != Paths::<Bits>::START).count();
        assert_eq!(children as usize, rooted);
    }

    #[test]
    fn none_is_kept_where_no_run_is_like_another() {
        let mut paths = Paths::default();
        let mut seed = 1_u32;
        for _ in 0..100_000 {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            run(&mut paths, seed, 32);
        }
        let kept = paths.iter().count();
        assert!(paths.pause > 0 && kept < MOST, "{kept}");
    }

    #[test]
    fn a_line_of_decisions_is_bounded() {
        let mut paths = Paths::default();
        for x in 0..2 * MOST as u32 {
            for _ in 0..4 {
                if let Err(miss) =
                    paths.find(|exit| if *exit == x { Ok(()) } else { Err(x.min(*exit) as usize) })
                    && paths.is_worth_keeping(miss, 2)
                {
                    paths.keep(miss, x, 1);
                }
            }
        }
        assert_eq!(paths.iter().count(), MOST);
    }

    #[test]
    fn what_weighs_much_makes_room_for_what_is_used() {
        let mut paths = Paths::default();
        assert_eq!(paths.keep(Paths::<u32>::START, 0, WEIGHT + 1), None);
        let first = paths.keep(Paths::<u32>::START, 0, WEIGHT / 2);
        assert_eq!(first, Some(0));
        for guard in 0..5 {
            paths.keep(Paths::<u32>::broken(0, guard), guard as u32, WEIGHT / 2);
            assert_eq!((paths.iter().count(), paths.weight), (2, WEIGHT / 2 * 2));
            assert!(paths.after(Paths::<u32>::broken(0, guard)).is_some());
        }
        // The first is what the others are reached from.
        assert_eq!(paths.keep(Paths::<u32>::broken(0, 9), 9, WEIGHT), None);
    }
}
