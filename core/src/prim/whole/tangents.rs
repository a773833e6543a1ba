//! The derivatives of operations on whole matrices, once for all ways of running.
//!
//! The tangent of each result is a linear program in the tangents of the operands, written over [`Rule`]:
//! matrices of numbers times matrices of tangents, and sums (Giles 2008, "Collected matrix derivative
//! results"). Run as it is, it is forward mode; what a rule writes down it can transpose. The numbers in it
//! are again results of rows and of whole operations, so that derivatives nest.
//!
//! A tangent that is not there is 0 for certain: nothing is made of it, be what it would be multiplied
//! with infinite.

use super::{Whole, count};
use crate::prim::Numeric;

/// Tangents, of which some may not be there.
pub type Tangents<T> = Vec<Option<T>>;

/// Where tangents are computed: over numbers, of the level below, and in tangents, which are only added and
/// multiplied by numbers.
pub trait Rule {
    /// A number.
    type Number: Clone;
    /// A tangent.
    type Tangent: Clone;
    /// What ends the computation early.
    type Error;

    /// A constant.
    fn literal(&mut self, x: f64) -> Self::Number;

    /// Applies a numeric row to numbers.
    ///
    /// # Errors
    /// The implementor's.
    fn row(&mut self, row: Numeric, operands: &[Self::Number]) -> Result<Self::Number, Self::Error>;

    /// Applies a whole operation to numbers.
    ///
    /// # Errors
    /// The implementor's.
    fn whole(&mut self, whole: Whole, operands: &[Self::Number]) -> Result<Vec<Self::Number>, Self::Error>;

    /// The sum of two tangents.
    ///
    /// # Errors
    /// The implementor's.
    fn sum(&mut self, a: &Self::Tangent, b: &Self::Tangent) -> Result<Self::Tangent, Self::Error>;

    /// A number times a tangent.
    ///
    /// # Errors
    /// The implementor's.
    fn scaled(&mut self, by: &Self::Number, tangent: &Self::Tangent) -> Result<Self::Tangent, Self::Error>;

    /// The sum of numbers times tangents, from the left; nothing of none.
    ///
    /// # Errors
    /// The implementor's.
    fn terms<'t>(
        &mut self,
        terms: impl Iterator<Item = (&'t Self::Number, &'t Self::Tangent)>,
    ) -> Result<Option<Self::Tangent>, Self::Error>
    where
        Self::Number: 't,
        Self::Tangent: 't,
    {
        let mut sum = None;
        for (number, tangent) in terms {
            let term = self.scaled(number, tangent)?;
            sum = Some(match sum {
                None => term,
                Some(sum) => self.sum(&sum, &term)?,
            });
        }
        Ok(sum)
    }
}

/// A matrix of numbers, `m` by `n`, times one of tangents, `n` by `p`: sums of what is there.
fn left<R: Rule>(
    [m, n, p]: [usize; 3],
    numbers: &[R::Number],
    tangents: &[Option<R::Tangent>],
    on: &mut R,
) -> Result<Tangents<R::Tangent>, R::Error> {
    each(m, p, |i, j| {
        let row = numbers.iter().skip(i * n).take(n);
        on.terms(there(row, tangents.iter().skip(j).step_by(p.max(1))))
    })
}

/// A matrix of tangents, `m` by `n`, times one of numbers, `n` by `p`; as [`left`].
fn right<R: Rule>(
    [m, n, p]: [usize; 3],
    tangents: &[Option<R::Tangent>],
    numbers: &[R::Number],
    on: &mut R,
) -> Result<Tangents<R::Tangent>, R::Error> {
    each(m, p, |i, j| {
        let row = tangents.iter().skip(i * n).take(n);
        on.terms(there(numbers.iter().skip(j).step_by(p.max(1)), row))
    })
}

/// Numbers with the tangents that are there.
fn there<'t, N: 't, T: 't>(
    numbers: impl Iterator<Item = &'t N>,
    tangents: impl Iterator<Item = &'t Option<T>>,
) -> impl Iterator<Item = (&'t N, &'t T)> {
    numbers.zip(tangents).filter_map(|(number, tangent)| Some((number, tangent.as_ref()?)))
}

/// The elements of a matrix, row by row.
fn each<T, E>(
    rows: usize,
    cols: usize,
    mut of: impl FnMut(usize, usize) -> Result<T, E>,
) -> Result<Vec<T>, E> {
    (0..rows).flat_map(|i| (0..cols).map(move |j| (i, j))).map(|(i, j)| of(i, j)).collect()
}

/// The tangents of an operation's results, at operands where its results are `results`, from those of
/// its operands. There are as many of each as the operation says.
///
/// # Errors
/// What `on` says.
pub fn tangents<R: Rule>(
    whole: Whole,
    operands: &[R::Number],
    results: &[R::Number],
    given: &[Option<R::Tangent>],
    on: &mut R,
) -> Result<Tangents<R::Tangent>, R::Error> {
    if given.iter().all(Option::is_none) {
        return Ok(vec![None; whole.results()]);
    }
    let first = whole.takes().next().map_or(0, count);
    let (a, b) = operands.split_at(first.min(operands.len()));
    let (da, db) = given.split_at(first.min(given.len()));
    match whole {
        // dA·B + A·dB
        Whole::Product { m, n, p } => {
            let sizes = [m, n, p].map(|size| size as usize);
            let by_a = if any(da) { right(sizes, da, b, on)? } else { vec![None; whole.results()] };
            let by_b = if any(db) { left(sizes, a, db, on)? } else { vec![None; whole.results()] };
            sums(&by_a, &by_b, on)
        }
        // Σ cᵢⱼ·daᵢⱼ
        Whole::Det(n) => {
            let cofactors = on.whole(Whole::Cofactors(n), a)?;
            left([1, cofactors.len(), 1], &cofactors, da, on)
        }
        // Σ wⱼᵢ·daᵢⱼ
        Whole::Logdet(n) => {
            let inverse = on.whole(Whole::Inv(n), a)?;
            let inverse = transposed(n as usize, &inverse);
            left([1, inverse.len(), 1], &inverse, da, on)
        }
        // W·dA·(−W)
        Whole::Inv(n) => {
            let sizes = [n as usize; 3];
            let moved = left(sizes, results, da, on)?;
            let negative = negated(results, on)?;
            right(sizes, &moved, &negative, on)
        }
        // W·(dB + dA·(−X))
        Whole::Solve { n, columns } => {
            let (size, columns) = (n as usize, columns as usize);
            let inverse = on.whole(Whole::Inv(n), a)?;
            let sides = if any(da) {
                let negative = negated(results, on)?;
                let moved = right([size, size, columns], da, &negative, on)?;
                sums(db, &moved, on)?
            } else {
                db.to_vec()
            };
            left([size, size, columns], &inverse, &sides, on)
        }
        Whole::Cholesky(n) => cholesky(n, results, da, on),
        Whole::Cofactors(n) => cofactors(n, a, da, on),
    }
}

/// L·Φ(L⁻¹·(dA + dAᵀ)/2·L⁻ᵀ), where Φ takes what is below the diagonal and half of the diagonal: with
/// M = ½L⁻¹·dA·L⁻ᵀ, below the diagonal M + Mᵀ, and on it M.
fn cholesky<R: Rule>(
    n: u32,
    factor: &[R::Number],
    da: &[Option<R::Tangent>],
    on: &mut R,
) -> Result<Tangents<R::Tangent>, R::Error> {
    let size = n as usize;
    let inverse = on.whole(Whole::Inv(n), factor)?;
    let half = on.literal(0.5);
    let halved = inverse
        .iter()
        .map(|x| on.row(Numeric::Mul, &[half.clone(), x.clone()]))
        .collect::<Result<Vec<_>, _>>()?;
    let moved = left([size; 3], &halved, da, on)?;
    let moved = right([size; 3], &moved, &transposed(size, &inverse), on)?;
    let other = transposed(size, &moved);
    let mut sums = sums(&moved, &other, on)?;
    for (at, (sum, moved)) in sums.iter_mut().zip(moved).enumerate() {
        match (at / size).cmp(&(at % size)) {
            std::cmp::Ordering::Less => *sum = None,
            std::cmp::Ordering::Equal => *sum = moved,
            std::cmp::Ordering::Greater => {}
        }
    }
    let mut tangents = left([size; 3], factor, &sums, on)?;
    let above = tangents.iter_mut().enumerate().filter(|(at, _)| at / size < at % size);
    above.for_each(|(_, tangent)| *tangent = None);
    Ok(tangents)
}

/// Each is the determinant of a minor, with a sign.
fn cofactors<R: Rule>(
    n: u32,
    a: &[R::Number],
    da: &[Option<R::Tangent>],
    on: &mut R,
) -> Result<Tangents<R::Tangent>, R::Error> {
    let size = n as usize;
    each(size, size, |i, j| {
        let moved = minor(size, da, i, j);
        if !any(&moved) {
            return Ok(None);
        }
        let mut numbers = on.whole(Whole::Cofactors(n.saturating_sub(1)), &minor(size, a, i, j))?;
        if (i + j) % 2 == 1 {
            numbers = negated(&numbers, on)?;
        }
        Ok(left([1, numbers.len(), 1], &numbers, &moved, on)?.pop().flatten())
    })
}

/// A matrix with row `i` and column `j` struck out.
fn minor<T: Clone>(n: usize, items: &[T], i: usize, j: usize) -> Vec<T> {
    let kept = items.iter().enumerate().filter(|(at, _)| at / n != i && at % n != j);
    kept.map(|(_, x)| x.clone()).collect()
}

fn transposed<T: Clone>(n: usize, items: &[T]) -> Vec<T> {
    (0..n).flat_map(|j| items.iter().skip(j).step_by(n).cloned()).collect()
}

fn negated<R: Rule>(numbers: &[R::Number], on: &mut R) -> Result<Vec<R::Number>, R::Error> {
    numbers.iter().map(|x| on.row(Numeric::Neg, std::slice::from_ref(x))).collect()
}

/// Whether any tangent is there.
fn any<T>(tangents: &[Option<T>]) -> bool {
    tangents.iter().any(Option::is_some)
}

/// The sums of tangents, element by element.
fn sums<R: Rule>(
    a: &[Option<R::Tangent>],
    b: &[Option<R::Tangent>],
    on: &mut R,
) -> Result<Tangents<R::Tangent>, R::Error> {
    let sum = |(a, b): (&Option<R::Tangent>, &Option<R::Tangent>)| match (a, b) {
        (Some(a), Some(b)) => on.sum(a, b).map(Some),
        (one, other) => Ok(one.clone().or(other.clone())),
    };
    a.iter().zip(b).map(sum).collect()
}
