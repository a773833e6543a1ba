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

    /// A matrix of numbers, `m` by `n`, times one of tangents, `n` by `p`: unless the implementor has an
    /// operation for it, sums from the left of what is there.
    ///
    /// # Errors
    /// The implementor's.
    fn left(
        &mut self,
        [m, n, p]: [usize; 3],
        numbers: &[Self::Number],
        tangents: &[Option<Self::Tangent>],
    ) -> Result<Tangents<Self::Tangent>, Self::Error> {
        each(m, p, |i, j| {
            let row = numbers.iter().skip(i * n).take(n);
            terms(row, tangents.iter().skip(j).step_by(p.max(1)), self)
        })
    }

    /// A matrix of tangents, `m` by `n`, times one of numbers, `n` by `p`; as [`left`](Self::left).
    ///
    /// # Errors
    /// The implementor's.
    fn right(
        &mut self,
        [m, n, p]: [usize; 3],
        tangents: &[Option<Self::Tangent>],
        numbers: &[Self::Number],
    ) -> Result<Tangents<Self::Tangent>, Self::Error> {
        each(m, p, |i, j| {
            let row = tangents.iter().skip(i * n).take(n);
            terms(numbers.iter().skip(j).step_by(p.max(1)), row, self)
        })
    }
}

/// The elements of a matrix, row by row.
fn each<T, E>(
    rows: usize,
    cols: usize,
    mut of: impl FnMut(usize, usize) -> Result<T, E>,
) -> Result<Vec<T>, E> {
    (0..rows).flat_map(|i| (0..cols).map(move |j| (i, j))).map(|(i, j)| of(i, j)).collect()
}

/// The sum of numbers times tangents, from the left.
fn terms<'t, R: Rule + ?Sized>(
    numbers: impl Iterator<Item = &'t R::Number>,
    tangents: impl Iterator<Item = &'t Option<R::Tangent>>,
    on: &mut R,
) -> Result<Option<R::Tangent>, R::Error>
where
    R::Number: 't,
    R::Tangent: 't,
{
    let mut sum = None;
    for (number, tangent) in numbers.zip(tangents) {
        let Some(tangent) = tangent else { continue };
        let term = on.scaled(number, tangent)?;
        sum = Some(match sum {
            None => term,
            Some(sum) => on.sum(&sum, &term)?,
        });
    }
    Ok(sum)
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
            let by_a = if there(da) { on.right(sizes, da, b)? } else { vec![None; whole.results()] };
            let by_b = if there(db) { on.left(sizes, a, db)? } else { vec![None; whole.results()] };
            sums(&by_a, &by_b, on)
        }
        // Σ cᵢⱼ·daᵢⱼ
        Whole::Det(n) => {
            let cofactors = on.whole(Whole::Cofactors(n), a)?;
            on.left([1, cofactors.len(), 1], &cofactors, da)
        }
        // Σ wⱼᵢ·daᵢⱼ
        Whole::Logdet(n) => {
            let inverse = on.whole(Whole::Inv(n), a)?;
            let inverse = transposed(n as usize, &inverse);
            on.left([1, inverse.len(), 1], &inverse, da)
        }
        // W·dA·(−W)
        Whole::Inv(n) => {
            let sizes = [n as usize; 3];
            let moved = on.left(sizes, results, da)?;
            let negative = negated(results, on)?;
            on.right(sizes, &moved, &negative)
        }
        // W·(dB + dA·(−X))
        Whole::Solve { n, columns } => {
            let (size, columns) = (n as usize, columns as usize);
            let inverse = on.whole(Whole::Inv(n), a)?;
            let sides = if there(da) {
                let negative = negated(results, on)?;
                let moved = on.right([size, size, columns], da, &negative)?;
                sums(db, &moved, on)?
            } else {
                db.to_vec()
            };
            on.left([size, size, columns], &inverse, &sides)
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
    let moved = on.left([size; 3], &halved, da)?;
    let moved = on.right([size; 3], &moved, &transposed(size, &inverse))?;
    let other = transposed(size, &moved);
    let mut sums = sums(&moved, &other, on)?;
    for (at, (sum, moved)) in sums.iter_mut().zip(moved).enumerate() {
        match (at / size).cmp(&(at % size)) {
            std::cmp::Ordering::Less => *sum = None,
            std::cmp::Ordering::Equal => *sum = moved,
            std::cmp::Ordering::Greater => {}
        }
    }
    let mut tangents = on.left([size; 3], factor, &sums)?;
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
        if !there(&moved) {
            return Ok(None);
        }
        let mut numbers = on.whole(Whole::Cofactors(n.saturating_sub(1)), &minor(size, a, i, j))?;
        if (i + j) % 2 == 1 {
            numbers = negated(&numbers, on)?;
        }
        Ok(on.left([1, numbers.len(), 1], &numbers, &moved)?.pop().flatten())
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
fn there<T>(tangents: &[Option<T>]) -> bool {
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
