//! The records of a run that derivatives are read from.
//!
//! Each derivative that is being taken has a *level*: the caller's is the first, and every `jvp` or `vjp`
//! of the program opens a later one, with a tape of its own. A number is its value and the [`Node`]
//! that computed it: the level of the innermost derivative that it takes part in, and the entry there.
//! [`Tapes`] holds them; `nested` says what an operation on numbers of several levels records, `recording` how
//! level 1 is a trace of the whole run instead of a derivative's.
//!
//! One entry per dynamic operation: for each of at most two operands of its level its entry and the
//! local partial derivative, 24 bytes. An operation on more operands takes more entries, each adding one
//! operand to the sum. Where outer derivatives see primals or partials, `Links` of 24 bytes more say
//! how; a tape has none until it needs them. Numbers in a tape never refer to the heap.
//!
//! Entry `n` is at index `n - 1`; entry 0 is "no part in it". A sweep gives zero to what is not
//! reached, and no unreached entry can disturb it, whatever its partials are.

mod nested;
mod recording;
pub(crate) mod rounding;
mod sweep;
mod tapes;
mod whole;

pub use recording::MOST_OPERATIONS;
use sweep::Step;
pub use tapes::{Full, Tapes};

/// The level of the host's first derivative, or of the numbers of a run that is recorded.
pub(crate) const HOST: u32 = 1;

/// The largest number of operands of one entry.
const WIDTH: usize = 2;

/// What computed a number.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Node {
    /// The innermost derivative that the number takes part in; 0 for a constant.
    pub level: u32,
    /// The entry of that level's tape.
    pub entry: u32,
}

impl Node {
    /// A constant's.
    pub const NONE: Self = Self { level: 0, entry: 0 };

    fn is_some(self) -> bool {
        self.level != 0
    }
}

/// A number and what computed it.
#[derive(Clone, Copy, Default, Debug)]
pub struct Number {
    /// Its value, as every level sees it.
    pub v: f64,
    /// What computed it.
    pub node: Node,
}

impl Number {
    /// A constant.
    pub const fn constant(v: f64) -> Self {
        Self { v, node: Node::NONE }
    }
}

/// An operation.
#[derive(Clone, Copy, Default, Debug)]
struct Entry {
    operands: [u32; WIDTH],
    partials: [f64; WIDTH],
}

/// What lower levels know of an entry.
#[derive(Clone, Copy, Default, Debug)]
struct Links {
    /// What computed its value there.
    primal: Node,
    /// What computed its partials.
    partials: [Node; WIDTH],
}

impl Links {
    fn any(&self) -> bool {
        self.primal.is_some() || self.partials.iter().any(|node| node.is_some())
    }
}

/// The record of one level.
#[derive(Clone, Default, Debug)]
struct Tape {
    entries: Vec<Entry>,
    /// Empty until an entry needs some, then as many as entries.
    links: Vec<Links>,
    /// The first entries are the inputs: how many.
    inputs: u32,
    /// The directions that inputs move in.
    seeds: Vec<Number>,
}

impl Tape {
    fn links(&self, entry: u32) -> Option<&Links> {
        self.links.get((entry as usize).wrapping_sub(1))
    }

    /// What a sweep needs of an entry.
    fn step(&self, entry: u32) -> Step<f64> {
        let Entry { operands, partials } =
            self.entries.get((entry as usize).wrapping_sub(1)).copied().unwrap_or_default();
        Step { operands, partials }
    }

    /// Bytes that a new entry takes, with room for what links the others get with it.
    #[inline]
    fn cost(&self, links: &Links) -> usize {
        match (self.links.is_empty(), links.any()) {
            (true, false) => size_of::<Entry>(),
            (true, true) => size_of::<Entry>() + (self.entries.len() + 1) * size_of::<Links>(),
            (false, _) => size_of::<Entry>() + size_of::<Links>(),
        }
    }

    fn bytes(&self) -> usize {
        self.entries.len() * size_of::<Entry>() + self.links.len() * size_of::<Links>()
    }

    /// Adds an entry and gives its number.
    #[inline]
    fn push(&mut self, entry: Entry, links: Links) -> u32 {
        if !self.links.is_empty() || links.any() {
            self.links.resize(self.entries.len(), Links::default());
            self.links.push(links);
        }
        self.entries.push(entry);
        self.entries.len() as u32
    }

    /// Every node of another level.
    fn nodes(&mut self) -> impl Iterator<Item = &mut Node> {
        let links = self.links.iter_mut().flat_map(|Links { primal, partials: [p, q] }| [primal, p, q]);
        links.chain(self.seeds.iter_mut().map(|seed| &mut seed.node))
    }

    /// Forgets all; memory is kept unless there is much of it.
    fn clear(&mut self, most_kept: usize) {
        self.entries.clear();
        self.entries.shrink_to(most_kept);
        *self = Self { entries: std::mem::take(&mut self.entries), ..Self::default() };
    }
}
