//! The paths that runs of one program take, as a trie of decisions.
//!
//! A path holds while all its guards do; where one breaks, another path goes on, the child of the first at that guard. Both
//! made the same decisions before it, so the way from the first path to the one that holds is the way of its decisions
//! that differ.
//!
//! A path is worth keeping when it is met for the second time, or by several runs at once. A program of which every run
//! takes a way of its own never meets one: where few of the paths that were kept are used again, none is kept for a while, and a
//! longer one each time, but for those of many runs at once. So too on the way of a path that could not be made. There are at most [`MOST`] paths, of a weight that is
//! bounded; those that were not used for the longest time, roughly, and that no other is reached from, make room.
//!
//! What a path is, what it weighs, and how it is followed, is the owner's business.

use std::{
    collections::{HashMap, VecDeque},
    sync::atomic::{AtomicBool, Ordering::Relaxed},
};

/// How many paths are kept.
pub(super) const MOST: usize = 256;

/// How many paths are kept before it is asked whether they are used again.
const TRIAL: u32 = 16;

/// For how many runs none is kept, at first, when they are not.
const PAUSE: usize = 1 << 10;

/// For how many runs, or times, a path that could not be made is not tried again, at first.
const WAIT: usize = 4;

/// How many runs at once are worth a path that was not met before.
pub(crate) const SEVERAL: usize = 4;

/// How many are worth one even while none is kept.
const MANY: usize = 64;

/// The longest pause.
const LONGEST: usize = 1 << 16;

/// A decision that no path made: how the first path broke, or that there is no path at all.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Miss(Option<(u32, u32)>);

impl Miss {
    /// Where every search begins.
    pub(super) const START: Self = Self(None);

    /// How path `node` broke.
    pub(super) fn broken(node: u32, guard: usize) -> Self {
        Self(Some((node, guard as u32)))
    }
}

/// By what it is counted how long a path that could not be made is not tried again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum By {
    /// By runs: one that failed says nothing of others.
    Runs,
    /// By times, of however many runs: others will be no shorter.
    Times,
}

/// What a decision leads to.
#[derive(Debug)]
enum Edge {
    /// A run took it once.
    Seen,
    /// A path could not be made: for how many runs, or times that some asked for it, it is not tried again, and for how
    /// many after that.
    Waits(usize, usize, By),
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
    /// By number; no number is given twice.
    nodes: HashMap<u32, Node<P>>,
    next: u32,
    /// Their numbers, in the order that room is looked for.
    order: VecDeque<u32>,
    /// What they weigh together, and may.
    weight: usize,
    most_weight: usize,
    edges: HashMap<Miss, Edge>,
    /// How many were kept since it was last asked whether they are used again.
    kept: u32,
    /// For how many runs none is kept, and for how many it will be next.
    pause: usize,
    next_pause: usize,
}

impl<P> Paths<P> {
    /// None yet, and never more than this weight of them.
    pub(super) fn new(most_weight: usize) -> Self {
        Self {
            nodes: HashMap::new(),
            next: 0,
            order: VecDeque::new(),
            weight: 0,
            most_weight,
            edges: HashMap::new(),
            kept: 0,
            pause: 0,
            next_pause: PAUSE,
        }
    }

    /// The first path, or the one that a decision leads to, with its number.
    pub(super) fn after(&self, miss: Miss) -> Option<(u32, &P)> {
        let Some(Edge::To(node)) = self.edges.get(&miss) else { return None };
        Some((*node, &self.nodes.get(node)?.path))
    }

    /// The paths that are kept.
    pub(super) fn iter(&self) -> impl Iterator<Item = &P> {
        self.nodes.values().map(|node| &node.path)
    }

    /// How many were kept so far: while it is the same, they are.
    pub(super) fn kept_ever(&self) -> u32 {
        self.next
    }

    /// Notes that runs followed a path: whether it was more than that of which it was made.
    pub(super) fn followed(&self, node: u32, again: bool) {
        if let Some(node) = self.nodes.get(&node) {
            node.mark(again);
        }
    }

    /// Whether the path of so many runs that were missed is to be kept: if it was met before, or they are several.
    pub(super) fn is_worth_keeping(&mut self, miss: Miss, runs: usize) -> bool {
        if self.pause >= runs && runs < MANY {
            self.pause -= runs;
            return false;
        }
        self.pause = self.pause.saturating_sub(runs);
        if self.kept >= TRIAL {
            self.kept = 0;
            let again = self.nodes.values().filter(|node| node.again.load(Relaxed)).count();
            if 4 * again < self.nodes.len() {
                self.pause = self.next_pause;
                self.next_pause = (2 * self.next_pause).min(LONGEST);
                if runs < MANY {
                    return false;
                }
            } else {
                self.next_pause = PAUSE;
            }
        }
        if self.edges.len() > 4 * MOST {
            self.edges.retain(|_, edge| matches!(edge, Edge::To(_)));
        }
        match self.edges.get_mut(&miss) {
            Some(Edge::Waits(left, _, by)) => {
                let less = left.checked_sub(if *by == By::Runs { runs } else { 1 });
                *left = less.unwrap_or(*left);
                less.is_none()
            }
            Some(_) => true,
            None if runs >= SEVERAL => true,
            None => {
                self.edges.insert(miss, Edge::Seen);
                false
            }
        }
    }

    /// Notes that the path of a run could not be made.
    pub(super) fn failed(&mut self, miss: Miss, by: By) {
        let waits = match self.edges.get(&miss) {
            Some(Edge::Waits(_, next, _)) => *next,
            Some(Edge::To(_)) => return,
            _ => WAIT,
        };
        self.edges.insert(miss, Edge::Waits(waits, waits.saturating_mul(2), by));
    }

    /// Keeps the path of a run that was missed. Gives its number, or nothing if another run kept one meanwhile, there is
    /// no room, or the path that it is to be reached from is gone.
    pub(super) fn keep(&mut self, miss: Miss, path: P, weight: usize) -> Option<u32> {
        let parent_is_there = |nodes: &HashMap<u32, Node<P>>| match miss {
            Miss(Some((parent, _))) => nodes.contains_key(&parent),
            Miss(None) => true,
        };
        if self.after(miss).is_some() || weight > self.most_weight || !parent_is_there(&self.nodes) {
            return None;
        }
        while self.nodes.len() >= MOST || self.weight + weight > self.most_weight {
            self.drop_one(miss)?;
        }
        let number = self.next;
        self.next = self.next.checked_add(1)?;
        let (used, again) = (AtomicBool::new(true), AtomicBool::new(false));
        self.nodes.insert(number, Node { path, weight, from: miss, children: 0, used, again });
        self.order.push_back(number);
        self.weight += weight;
        if let Some(parent) = self.parent(miss) {
            parent.children += 1;
        }
        self.edges.insert(miss, Edge::To(number));
        self.kept += 1;
        Some(number)
    }

    fn parent(&mut self, Miss(from): Miss) -> Option<&mut Node<P>> {
        self.nodes.get_mut(&from?.0)
    }

    /// Drops a path that can go: not the one that the new path is to be reached from.
    fn drop_one(&mut self, Miss(from): Miss) -> Option<()> {
        let parent = from.map(|(parent, _)| parent);
        // Twice around: the first round takes the marks away.
        for _ in 0..2 * self.order.len() {
            let number = self.order.pop_front()?;
            let can_go = self.nodes.get(&number).is_some_and(|node| {
                node.children == 0 && Some(number) != parent && !node.used.swap(false, Relaxed)
            });
            if !can_go {
                self.order.push_back(number);
                continue;
            }
            let old = self.nodes.remove(&number)?;
            self.weight -= old.weight;
            self.edges.remove(&old.from);
            if let Some(parent) = self.parent(old.from) {
                parent.children -= 1;
            }
            self.edges.retain(|Miss(from), _| from.is_none_or(|(from, _)| from != number));
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

    /// Follows paths until one holds.
    fn find<P>(paths: &Paths<P>, follow: impl Fn(&P) -> Result<u32, usize>) -> Result<u32, Miss> {
        let mut miss = Miss::START;
        while let Some((node, path)) = paths.after(miss) {
            match follow(path) {
                Ok(run) => {
                    paths.followed(node, true);
                    return Ok(run);
                }
                Err(guard) => miss = Miss::broken(node, guard),
            }
        }
        Err(miss)
    }

    fn paths<P>() -> Paths<P> {
        Paths::new(1 << 20)
    }

    /// How many there are, if the trie is whole.
    fn count<P>(paths: &Paths<P>) -> usize {
        let children: u32 = paths.nodes.values().map(|node| node.children).sum();
        let rooted = paths.nodes.values().filter(|node| node.from != Miss::START).count();
        assert_eq!((children as usize, paths.order.len()), (rooted, paths.nodes.len()));
        assert_eq!(paths.weight, paths.nodes.values().map(|node| node.weight).sum::<usize>());
        paths.nodes.len()
    }

    /// Runs as a program does; gives whether a path held.
    fn run(paths: &mut Paths<Bits>, run: u32, bits: u32) -> bool {
        let Err(miss) = find(paths, |path| follow(path, run)) else { return true };
        if paths.is_worth_keeping(miss, 1) {
            paths.keep(miss, (0..bits).map(|i| run >> i & 1 != 0).collect(), 1);
        }
        false
    }

    #[test]
    fn a_path_is_kept_the_second_time_and_held_the_third() {
        let mut paths = paths();
        assert_eq!(
            [5, 5, 5, 4, 4, 5, 4].map(|x| run(&mut paths, x, 3)),
            [false, false, true, false, false, true, true]
        );
    }

    #[test]
    fn all_ways_of_few_decisions_are_found_again() {
        let mut paths = paths();
        for _ in 0..16 {
            (0..8).for_each(|x| {
                run(&mut paths, x, 3);
            });
        }
        assert!((0..8).all(|x| run(&mut paths, x, 3)));
        assert_eq!(count(&paths), 8);
    }

    #[test]
    fn there_is_an_end_to_paths_that_are_used_and_to_those_that_are_not() {
        let mut paths = paths();
        for x in (0..4096).flat_map(|x| [x; 6]) {
            run(&mut paths, x * 613 % 4096, 12);
            assert!(count(&paths) <= MOST && paths.edges.len() <= 5 * MOST);
        }
    }

    #[test]
    fn none_is_kept_where_no_run_is_like_another() {
        let mut paths = paths();
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
        let mut paths = paths();
        for x in 0..2 * MOST as u32 {
            for _ in 0..4 {
                if let Err(miss) =
                    find(&paths, |exit| if *exit == x { Ok(x) } else { Err(x.min(*exit) as usize) })
                    && paths.is_worth_keeping(miss, SEVERAL)
                {
                    paths.keep(miss, x, 1);
                }
            }
        }
        assert_eq!(count(&paths), MOST);
    }

    #[test]
    fn many_runs_end_a_pause() {
        let mut paths: Paths<u32> = paths();
        paths.pause = 100;
        assert!(!paths.is_worth_keeping(Miss::START, 60));
        assert!(paths.is_worth_keeping(Miss::START, 60));
    }

    #[test]
    fn very_many_runs_do_not_wait_for_its_end() {
        let mut paths: Paths<u32> = paths();
        paths.pause = LONGEST;
        assert!(paths.is_worth_keeping(Miss::START, MANY));
        assert!(!paths.is_worth_keeping(Miss::START, MANY - 1));
    }

    #[test]
    fn what_failed_is_tried_again_later_and_holds_up_no_other() {
        let mut paths: Paths<u32> = paths();
        let mut tries = 0;
        for _ in 0..100 {
            if paths.is_worth_keeping(Miss::START, 1) {
                tries += 1;
                paths.failed(Miss::START, By::Runs);
            }
        }
        assert!((3..8).contains(&tries), "{tries}");
        assert!(paths.is_worth_keeping(Miss::START, 1000));
        let first = paths.keep(Miss::START, 1, 1).expect("room");
        assert!(paths.is_worth_keeping(Miss::broken(first, 0), SEVERAL));
    }

    #[test]
    fn what_is_too_long_is_tried_again_after_times_of_however_many_runs() {
        let mut paths: Paths<u32> = paths();
        let mut tries = Vec::new();
        for time in 0..100 {
            if paths.is_worth_keeping(Miss::START, 1000) {
                tries.push(time);
                paths.failed(Miss::START, By::Times);
            }
        }
        assert_eq!(tries, [0, 5, 14, 31, 64]);
    }

    #[test]
    fn what_weighs_much_makes_room_for_what_is_used() {
        let mut paths = Paths::new(10);
        assert_eq!(paths.keep(Miss::START, 0, 11), None);
        let first = paths.keep(Miss::START, 0, 5).expect("room");
        for guard in 0..5 {
            let kept = paths.keep(Miss::broken(first, guard), guard, 5).expect("room");
            assert_eq!((count(&paths), paths.weight), (2, 10));
            assert_eq!(paths.after(Miss::broken(first, guard)), Some((kept, &guard)));
        }
        // The first is what the others are reached from.
        assert_eq!(paths.keep(Miss::broken(first, 9), 9, 10), None);
    }

    #[test]
    fn a_path_whose_parent_went_meanwhile_is_not_kept() {
        let mut paths = Paths::new(1);
        let first = paths.keep(Miss::START, 0, 1).expect("room");
        let late = Miss::broken(first, 3);
        // Another thread needs the room.
        paths.drop_one(Miss::START).expect("nothing is reached from it");
        let second = paths.keep(Miss::START, 1, 1).expect("room");
        assert_ne!(first, second);
        assert_eq!(paths.keep(late, 2, 0), None);
        assert_eq!(count(&paths), 1);
    }
}
