//! Constants that a trace has already, found by their bits.
//!
//! The numbers of a program's text come again in every round of a loop. The first few are looked through; beyond them a
//! small table finds those that were met lately. It forgets, so that a run with a new constant in each round costs no more
//! than storing it.

/// How many bits of a hash tell where a constant is looked for.
const PLACES: u32 = 7;

/// How many constants are looked through.
const FEW: usize = 8;

/// For each hash the two constants that were met last, by their indices. There is none before there are many constants.
#[derive(Clone, Default, Debug)]
pub(super) struct Seen(Vec<[u32; 2]>);

/// What was seen is no part of a trace.
impl PartialEq for Seen {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Seen {
    /// The index of a constant, which is put behind the others if it is not seen among them.
    #[inline]
    pub(super) fn constant(&mut self, x: f64, constants: &mut Vec<f64>) -> u32 {
        let bits = x.to_bits();
        if constants.len() < FEW {
            let known = constants.iter().position(|known| known.to_bits() == bits);
            return known.unwrap_or_else(|| {
                constants.push(x);
                constants.len() - 1
            }) as u32;
        }
        if self.0.is_empty() {
            self.0 = vec![[0; 2]; 1 << PLACES];
            for (i, known) in (0..).zip(&*constants) {
                let pair = &mut self.0[place(known.to_bits())];
                *pair = [i, pair[0]];
            }
        }
        let pair = &mut self.0[place(bits)];
        for i in *pair {
            if constants.get(i as usize).is_some_and(|known| known.to_bits() == bits) {
                return i;
            }
        }
        constants.push(x);
        let new = constants.len() as u32 - 1;
        *pair = [new, pair[0]];
        new
    }

    /// The bytes that it takes.
    pub(super) fn bytes(&self) -> usize {
        self.0.capacity() * size_of::<[u32; 2]>()
    }
}

/// Where a constant is looked for.
#[inline]
fn place(bits: u64) -> usize {
    (bits.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (u64::BITS - PLACES)) as usize
}
