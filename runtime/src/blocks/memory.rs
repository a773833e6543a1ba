//! What runs write to, kept by each thread from run to run.

use super::Number;

/// The bytes of a cache line, at which vectors start: one that lies in two takes twice as long.
const LINE: usize = 64;

/// How many bytes a thread keeps for a kind of number.
const MOST_KEPT: usize = 1 << 23;

/// The memory of a run.
#[derive(Debug)]
pub(super) struct Memory<E: 'static, const W: usize> {
    pub(super) numbers: Numbers<E, W>,
    pub(super) tables: Tables<'static, E, W>,
    /// For each lane of a block the first guard that is broken.
    pub(super) first: Vec<u32>,
}

impl<E, const W: usize> Default for Memory<E, W> {
    fn default() -> Self {
        Self { numbers: Numbers(Vec::new()), tables: Tables::default(), first: Vec::new() }
    }
}

impl<E: Number, const W: usize> Memory<E, W> {
    /// Whether it is small enough to be kept.
    pub(super) fn is_small(&self) -> bool {
        self.numbers.0.capacity() * size_of::<E>() <= MOST_KEPT
    }
}

/// Vectors of lanes.
#[derive(Debug)]
pub(super) struct Numbers<E, const W: usize>(Vec<E>);

impl<E: Number, const W: usize> Numbers<E, W> {
    /// So many, at whole lines. They hold anything.
    pub(super) fn vectors(&mut self, vectors: usize) -> &mut [[E; W]] {
        let numbers = vectors * W;
        if self.0.len() < numbers + LINE {
            self.0.clear();
            self.0.resize(numbers + LINE, E::lit(0.0));
        }
        let past_line = self.0.as_ptr().addr() % LINE;
        let start = (LINE - past_line) % LINE / size_of::<E>();
        self.0[start..][..numbers].as_chunks_mut().0
    }
}

/// What is where, as steps know it: as many vectors as a block has, or of what is only read one.
#[derive(Debug)]
pub(super) struct Tables<'t, E, const W: usize> {
    pub(super) reads: Vec<&'t [[E; W]]>,
    pub(super) written: Vec<&'t mut [[E; W]]>,
    /// What is left of each result's column, if that is written in place.
    pub(super) columns: Vec<&'t mut [E]>,
}

impl<E, const W: usize> Default for Tables<'_, E, W> {
    fn default() -> Self {
        Self { reads: Vec::new(), written: Vec::new(), columns: Vec::new() }
    }
}

impl<E, const W: usize> Tables<'_, E, W> {
    /// Empty ones for other memory, in the place of these.
    pub(super) fn emptied<'n>(mut self) -> Tables<'n, E, W> {
        self.reads.clear();
        self.written.clear();
        self.columns.clear();
        // Collected where they were.
        Tables {
            reads: self.reads.into_iter().map(|_| &[][..]).collect(),
            written: self.written.into_iter().map(|_| &mut [][..]).collect(),
            columns: self.columns.into_iter().map(|_| &mut [][..]).collect(),
        }
    }
}
