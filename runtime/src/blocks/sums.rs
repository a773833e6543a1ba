//! Sums over rows in a tree that depends on the number of rows alone.
//!
//! Rows are taken in *leaves* of 1024. Within a leaf, row `i` is added to the `i mod 8`th of 8 sums that start at 0, in
//! order; these are added in pairs, `(0+4)+(2+6)` and `(1+5)+(3+7)`, and then the two. The sums of the leaves are
//! added in pairs of neighbours, first those of two leaves, then of four, and so on; one that has no neighbour waits
//! for the next round. Everything is in double precision.

/// How many rows a leaf has.
pub(crate) const LEAF: usize = 1024;

/// How many sums go side by side in a leaf.
const ABREAST: usize = 8;

/// The sum of a column in the tree that sums of results over rows have: it does not depend on threads, blocks or the
/// instruction set. The sum of no rows is 0.
///
/// ```
/// use scheme_runtime::blocks::sum;
///
/// assert_eq!(sum(&[1.0, 2.5, 3.0]), 6.5);
/// assert_eq!(sum(&[0.1f32; 3000]), 3000.0 * f64::from(0.1f32));
/// ```
pub fn sum<E: Copy + Into<f64>>(column: &[E]) -> f64 {
    let leaves = column.chunks(LEAF).map(|rows| {
        let mut sums = [0.0; ABREAST];
        add(&mut sums, rows);
        leaf(sums)
    });
    tree(leaves.collect())
}

/// Adds rows, the first of which is at a multiple of 8, to the sums of their leaf.
#[inline(always)]
fn add<E: Copy + Into<f64>>(sums: &mut [f64; ABREAST], rows: &[E]) {
    let (eights, rest) = rows.as_chunks::<ABREAST>();
    for eight in eights {
        let mut i = 0;
        while i < ABREAST {
            sums[i] += eight[i].into();
            i += 1;
        }
    }
    sums.iter_mut().zip(rest).for_each(|(sum, x)| *sum += (*x).into());
}

fn leaf([a, b, c, d, e, f, g, h]: [f64; ABREAST]) -> f64 {
    ((a + e) + (c + g)) + ((b + f) + (d + h))
}

/// The sum of the sums of leaves.
pub(crate) fn tree(mut sums: Vec<f64>) -> f64 {
    while sums.len() > 1 {
        sums = sums.chunks(2).map(|pair| pair.iter().copied().reduce(|a, b| a + b).unwrap_or(0.0)).collect();
    }
    sums.first().copied().unwrap_or(0.0)
}

/// A sum on its way: the leaves that are full, and the next one.
#[derive(Clone, Default, Debug)]
pub(crate) struct Sum {
    leaves: Vec<f64>,
    sums: [f64; ABREAST],
    rows: usize,
}

impl Sum {
    /// Adds rows. All that was added before must be a multiple of 8 rows, and no leaf end within these.
    #[inline(always)]
    pub(crate) fn add<E: Copy + Into<f64>>(&mut self, rows: &[E]) {
        add(&mut self.sums, rows);
        self.rows += rows.len();
        if self.rows >= LEAF {
            self.end();
        }
    }

    fn end(&mut self) {
        self.leaves.push(leaf(std::mem::take(&mut self.sums)));
        self.rows = 0;
    }

    /// The sums of the leaves, with the last that is not full.
    pub(crate) fn leaves(mut self) -> Vec<f64> {
        if self.rows > 0 {
            self.end();
        }
        self.leaves
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_in_pieces_is_the_sum() {
        let column: Vec<f64> = (0..5000).map(|i| f64::from(i).sin()).collect();
        for rows in [0, 1, 7, 8, 9, 1023, 1024, 1025, 3072, 5000] {
            let mut pieces = Sum::default();
            column[..rows].chunks(64).for_each(|piece| pieces.add(piece));
            assert_eq!(tree(pieces.leaves()), sum(&column[..rows]), "{rows}");
        }
    }

    #[test]
    fn the_tree_is_the_one_that_is_told() {
        let leaves: Vec<f64> = (0..5).map(|i| 0.1 * f64::from(i)).collect();
        let [a, b, c, d, e] = leaves[..] else { return assert_eq!(leaves.len(), 5) };
        assert_eq!(tree(leaves), ((a + b) + (c + d)) + e);
    }
}
