//! The record of a run that gradients are read from.
//!
//! One entry per dynamic operation on a number that depends on an input: for each of at most two
//! operands its node and the local partial derivative, 24 bytes. An operation on more operands
//! takes more entries, each adding one operand to the sum. Partials come from the rows of the
//! primitive table, nothing is differentiated here.
//!
//! Node `n` is entry `n - 1`; node 0 is "no input in it". The sweep gives zero to what the result
//! does not depend on, and no unreached entry can disturb it, whatever its partials are.

/// The largest number of operands of one entry.
const WIDTH: usize = 2;

/// How many entries of memory a record keeps from one run to the next.
const MOST_KEPT: usize = 1 << 18;

#[derive(Clone, Copy, Debug, PartialEq)]
struct Entry {
    nodes: [u32; WIDTH],
    partials: [f64; WIDTH],
}

/// The record is longer than its limit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Full;

/// A record of operations.
#[derive(Clone, Debug)]
pub struct Tape {
    entries: Vec<Entry>,
    limit: usize,
}

impl Tape {
    /// Bytes that an operation on up to two operands takes.
    pub const ENTRY_BYTES: usize = size_of::<Entry>();

    /// An empty record of at most `limit` entries.
    pub fn new(limit: u32) -> Self {
        Self { entries: Vec::new(), limit: limit as usize }
    }

    /// Forgets all entries; memory is kept unless there is much of it.
    pub fn clear(&mut self, limit: u32) {
        self.entries.clear();
        self.entries.shrink_to(MOST_KEPT);
        self.limit = limit as usize;
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing was recorded.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The node of a fresh input.
    pub fn input(&mut self) -> Result<u32, Full> {
        self.push(Entry { nodes: [0; WIDTH], partials: [0.0; WIDTH] })
    }

    /// The node of an operation, from operands' nodes and partials; 0 if no operand has a node.
    pub fn record(&mut self, operands: impl IntoIterator<Item = (u32, f64)>) -> Result<u32, Full> {
        let mut node = 0;
        let mut entry = Entry { nodes: [0; WIDTH], partials: [0.0; WIDTH] };
        let mut used = 0;
        for (operand, partial) in operands {
            if operand == 0 {
                continue;
            }
            if used == WIDTH {
                // The sum so far is an operand of the next entry.
                node = self.push(entry)?;
                entry = Entry { nodes: [node, 0], partials: [1.0, 0.0] };
                used = 1;
            }
            (entry.nodes[used], entry.partials[used]) = (operand, partial);
            used += 1;
        }
        if used == 0 { Ok(node) } else { self.push(entry) }
    }

    fn push(&mut self, entry: Entry) -> Result<u32, Full> {
        if self.entries.len() >= self.limit {
            return Err(Full);
        }
        self.entries.push(entry);
        Ok(self.entries.len() as u32)
    }

    /// The derivatives of `result` by each of the nodes.
    pub fn gradient(&self, result: u32, by: &[u32]) -> Vec<f64> {
        let top = (result as usize).min(self.entries.len());
        let mut adjoints = vec![0.0; top + 1];
        let mut reached = vec![false; top + 1];
        adjoints[top] = 1.0;
        reached[top] = top != 0;
        for n in (1..=top).rev() {
            if !reached[n] {
                continue;
            }
            let Entry { nodes, partials } = self.entries[n - 1];
            for (node, partial) in nodes.into_iter().zip(partials) {
                let node = node as usize;
                if node != 0 {
                    let share = adjoints[n] * partial;
                    adjoints[node] = if reached[node] { adjoints[node] + share } else { share };
                    reached[node] = true;
                }
            }
        }
        let adjoint = |node: u32| match adjoints.get(node as usize) {
            Some(adjoint) if node != 0 && reached[node as usize] => *adjoint,
            _ => 0.0,
        };
        by.iter().map(|node| adjoint(*node)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_small() {
        assert_eq!(Tape::ENTRY_BYTES, 24);
    }

    #[test]
    fn shares_add_up_and_unreached_entries_are_silent() {
        let mut tape = Tape::new(100);
        let [x, y, z] = [tape.input(), tape.input(), tape.input()].map(Result::unwrap);
        tape.record([(x, f64::INFINITY)]).unwrap();
        let s = tape.record([(x, 2.0), (0, 5.0), (y, 3.0), (z, 4.0), (x, 10.0)]).unwrap();
        assert_eq!(tape.gradient(s, &[x, y, z, 0]), [12.0, 3.0, 4.0, 0.0]);
        assert_eq!(tape.gradient(x, &[x, y]), [1.0, 0.0]);
        assert_eq!(tape.gradient(0, &[x]), [0.0]);
        assert_eq!(tape.record([(0, 1.0)]), Ok(0));
    }

    #[test]
    fn it_has_a_limit() {
        let mut tape = Tape::new(1);
        let x = tape.input().unwrap();
        assert_eq!(tape.record([(x, 1.0)]), Err(Full));
    }
}
