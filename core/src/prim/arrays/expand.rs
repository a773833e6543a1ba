//! Array rows as applications of numeric rows, in a fixed order.

use super::{
    Array, Elements, Misfit, Pattern, Shape, Shaped,
    fit::{check, elementwise, index, whole},
};
use crate::{
    diag::Code,
    prim::{Numeric, Prim, Whole},
};

/// The call of an array row.
///
/// # Errors
/// What `on` makes of arguments that the row does not take, or says itself.
pub fn call<E: Elements>(
    row: Array,
    args: &[Shaped<E::Number>],
    on: &mut E,
) -> Result<Shaped<E::Number>, E::Error> {
    use Shaped::{Matrix, Number, Vector};
    let arity = row.row().arity;
    let shapes: Vec<Shape> = args.iter().map(Shaped::shape).collect();
    check(row, &shapes).map_err(|misfit| on.misfit(misfit))?;
    match (row, args) {
        (Array::Vec, args) => {
            on.reserve(args.len(), 0)?;
            Ok(Vector(args.iter().flat_map(Shaped::items).cloned().collect()))
        }
        (Array::Mat | Array::Stack, args @ [first, ..]) => {
            let (rows, cols) = (args.len(), first.items().len());
            on.reserve(rows.saturating_mul(cols), 0)?;
            Ok(Matrix { rows, cols, items: args.iter().flat_map(Shaped::items).cloned().collect() })
        }
        (Array::Ref, [Vector(items), i]) => {
            let i = index(1, i, items.len(), "vector", on)?;
            Ok(Number(at(items, i, on)))
        }
        (Array::Ref, [Matrix { rows, cols, items }, i]) => {
            let i = index(1, i, *rows, "rows", on)?;
            on.reserve(*cols, 0)?;
            Ok(Vector(row_of(items, *cols, i).to_vec()))
        }
        (Array::Ref, [Matrix { rows, cols, items }, i, j]) => {
            let (i, j) = (index(1, i, *rows, "rows", on)?, index(2, j, *cols, "columns", on)?);
            Ok(Number(at(items, i * cols + j, on)))
        }
        (Array::Ref, [Vector(items), _, _]) => {
            let message = format!(
                "`ref` takes a matrix before two indices, but was given {}",
                Shape::Vector(items.len())
            );
            Err(on.misfit(Misfit { code: Code::WrongType, argument: Some(0), message, hint: None }))
        }
        (Array::Vlen, [v]) => Ok(Number(on.literal(v.items().len() as f64))),
        (Array::Rows, [Matrix { rows, .. }]) => Ok(Number(on.literal(*rows as f64))),
        (Array::Cols, [Matrix { cols, .. }]) => Ok(Number(on.literal(*cols as f64))),
        (Array::Vsum, [v]) => {
            on.reserve(0, v.items().len())?;
            Ok(Number(sum(v.items().iter().cloned(), on)?))
        }
        (Array::Dot, [u, v]) => {
            on.reserve(0, u.items().len().saturating_mul(2))?;
            let n = u.items().len();
            Ok(Number(only(on.product([1, n, 1], u.items(), v.items())?, on)))
        }
        (Array::Cross, [u, v]) => {
            on.reserve(3, 9)?;
            let items = [(1, 2), (2, 0), (0, 1)].map(|(i, j)| cross(u.items(), v.items(), i, j, on));
            Ok(Vector(items.into_iter().collect::<Result<_, _>>()?))
        }
        (Array::Norm, [v]) => {
            on.reserve(0, v.items().len().saturating_mul(2))?;
            Ok(Number(norm(v.items(), on)?))
        }
        (Array::Normalize, [v]) => {
            let n = v.items().len();
            on.reserve(n, n.saturating_mul(3))?;
            let norm = norm(v.items(), on)?;
            let items = v.items().iter().map(|x| on.apply(Numeric::NormRatio, &[x.clone(), norm.clone()]));
            Ok(Vector(items.collect::<Result<_, _>>()?))
        }
        (Array::Scale, [_, _]) => elements(Numeric::Mul, row.row().name, args, on),
        (Array::Linspace, [Number(a), Number(b), n]) => {
            let n = whole(row, 2, n, on)?;
            on.reserve(n, n.saturating_mul(4))?;
            (0..n).map(|i| between(a, b, i, n - 1, on)).collect::<Result<_, _>>().map(Vector)
        }
        (Array::Zeros, sizes) => filled(row, sizes, 0.0, on),
        (Array::Ones, sizes) => filled(row, sizes, 1.0, on),
        (Array::Eye, [n]) => {
            let n = whole(row, 0, n, on)?;
            on.reserve(n.saturating_mul(n), 0)?;
            let one = on.literal(1.0);
            Ok(diagonal(&vec![one; n], on))
        }
        (Array::Diag, [Vector(items)]) => {
            on.reserve(items.len().saturating_mul(items.len()), 0)?;
            Ok(diagonal(items, on))
        }
        (Array::Diag, [Matrix { rows, cols, items }]) => {
            on.reserve(*rows.min(cols), 0)?;
            Ok(Vector(items.iter().step_by(cols + 1).take(*rows.min(cols)).cloned().collect()))
        }
        (Array::Outer, [u, v]) => {
            let (rows, cols) = (u.items().len(), v.items().len());
            let size = rows.saturating_mul(cols);
            on.reserve(size, size)?;
            let mut items = Vec::with_capacity(size);
            for (x, y) in u.items().iter().flat_map(|x| v.items().iter().map(move |y| (x, y))) {
                items.push(on.apply(Numeric::Mul, &[x.clone(), y.clone()])?);
            }
            Ok(Matrix { rows, cols, items })
        }
        (Array::Matvec, [Matrix { rows, cols, items }, v]) => {
            on.reserve(*rows, items.len().saturating_mul(2))?;
            on.product([*rows, *cols, 1], items, v.items()).map(Vector)
        }
        (Array::Matmul, [Matrix { rows, cols: inner, items: a }, Matrix { cols, items: b, .. }]) => {
            let size = rows.saturating_mul(*cols);
            on.reserve(size, size.saturating_mul(inner.saturating_mul(2)))?;
            let items = if size == 0 { Vec::new() } else { on.product([*rows, *inner, *cols], a, b)? };
            Ok(Matrix { rows: *rows, cols: *cols, items })
        }
        (Array::Transpose, [Matrix { rows, cols, items }]) => {
            on.reserve(items.len().max(*cols), 0)?;
            let columns = (0..*cols).flat_map(|j| items.iter().skip(j).step_by(*cols));
            Ok(Matrix { rows: *cols, cols: *rows, items: columns.cloned().collect() })
        }
        (Array::Trace, [Matrix { rows, items, .. }]) => {
            on.reserve(0, *rows)?;
            Ok(Number(sum(items.iter().step_by(rows + 1).cloned(), on)?))
        }
        (Array::Det, [a]) => of_square(row, Whole::Det, a, on),
        (Array::Logdet, [a]) => of_square(row, Whole::Logdet, a, on),
        (Array::Inv, [a]) => of_square(row, Whole::Inv, a, on),
        (Array::Cholesky, [a]) => of_square(row, Whole::Cholesky, a, on),
        (Array::Solve, [a, b]) => {
            let n = b.items().len();
            on.reserve(n, cubed(n))?;
            let operands = [a.items(), b.items()].concat();
            on.whole(Whole::Solve { n: side(n), columns: 1 }, &operands).map(Vector)
        }
        // The rule is fulfilled, so that it is the number of arguments.
        _ => {
            let message = format!("`{}` takes {arity}, given {}", row.row().name, args.len());
            Err(on.misfit(Misfit { code: Code::Arity, argument: None, message, hint: None }))
        }
    }
}

/// A numeric row element by element: numbers with arrays of one shape.
///
/// # Errors
/// Arrays of several shapes, and what `on` says.
pub fn broadcast<E: Elements>(
    row: Numeric,
    args: &[Shaped<E::Number>],
    on: &mut E,
) -> Result<Shaped<E::Number>, E::Error> {
    elements(row, Prim::Numeric(row).name(), args, on)
}

fn elements<E: Elements>(
    row: Numeric,
    name: &str,
    args: &[Shaped<E::Number>],
    on: &mut E,
) -> Result<Shaped<E::Number>, E::Error> {
    let shapes: Vec<Shape> = args.iter().map(Shaped::shape).collect();
    let shape = elementwise(name, &shapes).map_err(|misfit| on.misfit(misfit))?;
    let size = shape.len().unwrap_or(usize::MAX);
    on.reserve(if shape == Shape::Number { 0 } else { size }, size.saturating_mul(args.len()))?;
    let mut items = Vec::with_capacity(size);
    let mut operands = Vec::with_capacity(args.len());
    for i in 0..size {
        operands.clear();
        operands.extend(args.iter().map(|arg| match arg {
            Shaped::Number(x) => x.clone(),
            Shaped::Vector(items) | Shaped::Matrix { items, .. } => at(items, i, on),
        }));
        items.push(on.apply(row, &operands)?);
    }
    Ok(Shaped::new(shape, items).unwrap_or(Shaped::Vector(Vec::new())))
}

/// An element that is there; nan if it is not.
fn at<E: Elements>(items: &[E::Number], i: usize, on: &mut E) -> E::Number {
    items.get(i).cloned().unwrap_or_else(|| on.literal(f64::NAN))
}

/// An operation on a square matrix, which gives a number or a matrix.
fn of_square<E: Elements>(
    row: Array,
    whole: impl Fn(u32) -> Whole,
    a: &Shaped<E::Number>,
    on: &mut E,
) -> Result<Shaped<E::Number>, E::Error> {
    let n = match a.shape() {
        Shape::Matrix(rows, _) => rows,
        _ => 0,
    };
    let shape = if row.row().gives == Pattern::Number { Shape::Number } else { a.shape() };
    on.reserve(if shape == Shape::Number { 0 } else { a.items().len() }, cubed(n))?;
    let items = on.whole(whole(side(n)), a.items())?;
    Ok(Shaped::new(shape, items).unwrap_or(Shaped::Vector(Vec::new())))
}

/// Rows that are there are fewer than 32 bits can count.
fn side(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// About as many operations of numbers as an operation on a whole matrix has.
fn cubed(n: usize) -> usize {
    n.saturating_mul(n).saturating_mul(n)
}

/// One number everywhere in an array of these sizes.
fn filled<E: Elements>(
    row: Array,
    sizes: &[Shaped<E::Number>],
    x: f64,
    on: &mut E,
) -> Result<Shaped<E::Number>, E::Error> {
    let mut counts = Vec::with_capacity(sizes.len());
    for (argument, size) in sizes.iter().enumerate() {
        counts.push(whole(row, argument, size, on)?);
    }
    let shape = match counts[..] {
        [rows, cols] => Shape::Matrix(rows, cols),
        _ => Shape::Vector(counts.iter().sum()),
    };
    // Rows without elements are counted as well: what goes through them is bounded by what was made.
    let most = shape.len().unwrap_or(usize::MAX);
    on.reserve(counts.iter().fold(most, |most, count| most.max(*count)), 0)?;
    let x = on.literal(x);
    Ok(Shaped::filled(shape, x))
}

/// The matrix with this diagonal, and zeros beside it.
fn diagonal<E: Elements>(items: &[E::Number], on: &mut E) -> Shaped<E::Number> {
    let n = items.len();
    let mut all = vec![on.literal(0.0); n * n];
    all.iter_mut().step_by(n + 1).zip(items).for_each(|(place, x)| *place = x.clone());
    Shaped::Matrix { rows: n, cols: n, items: all }
}

fn row_of<V>(items: &[V], cols: usize, i: usize) -> &[V] {
    items.get(i * cols..(i + 1) * cols).unwrap_or_default()
}

/// From the left, starting at the first; 0 for none.
fn sum<E: Elements>(terms: impl IntoIterator<Item = E::Number>, on: &mut E) -> Result<E::Number, E::Error> {
    let mut terms = terms.into_iter();
    let Some(mut sum) = terms.next() else { return Ok(on.literal(0.0)) };
    for term in terms {
        sum = on.apply(Numeric::Add, &[sum, term])?;
    }
    Ok(sum)
}

/// The only element.
fn only<E: Elements>(items: Vec<E::Number>, on: &mut E) -> E::Number {
    items.into_iter().next().unwrap_or_else(|| on.literal(f64::NAN))
}

/// The product of a matrix of `m` by `n` and one of `n` by `p`, given as their elements, by multiplications and additions:
/// each element a sum of products from the left, 0 for none.
///
/// # Errors
/// What `on` says.
pub fn product<E: Elements + ?Sized>(
    [m, n, p]: [usize; 3],
    left: &[E::Number],
    right: &[E::Number],
    on: &mut E,
) -> Result<Vec<E::Number>, E::Error> {
    let mut items = Vec::with_capacity(m.saturating_mul(p));
    for row in 0..m {
        for column in 0..p {
            let mut sum = None;
            for (a, b) in row_of(left, n, row).iter().zip(right.iter().skip(column).step_by(p)) {
                let term = on.apply(Numeric::Mul, &[a.clone(), b.clone()])?;
                sum = Some(match sum {
                    None => term,
                    Some(sum) => on.apply(Numeric::Add, &[sum, term])?,
                });
            }
            items.push(sum.unwrap_or_else(|| on.literal(0.0)));
        }
    }
    Ok(items)
}

fn norm<E: Elements>(items: &[E::Number], on: &mut E) -> Result<E::Number, E::Error> {
    let mut squares = Vec::with_capacity(items.len());
    for x in items {
        squares.push(on.apply(Numeric::Square, std::slice::from_ref(x))?);
    }
    let sum = sum(squares, on)?;
    on.apply(Numeric::NormRoot, &[sum])
}

/// `uᵢvⱼ − uⱼvᵢ`.
fn cross<E: Elements>(
    u: &[E::Number],
    v: &[E::Number],
    i: usize,
    j: usize,
    on: &mut E,
) -> Result<E::Number, E::Error> {
    let [ui, uj, vi, vj] = [(u, i), (u, j), (v, i), (v, j)].map(|(items, i)| at(items, i, on));
    let left = on.apply(Numeric::Mul, &[ui, vj])?;
    let right = on.apply(Numeric::Mul, &[uj, vi])?;
    on.apply(Numeric::Sub, &[left, right])
}

/// `a + (b − a)·i/last`, the ends as they are.
fn between<E: Elements>(
    a: &E::Number,
    b: &E::Number,
    i: usize,
    last: usize,
    on: &mut E,
) -> Result<E::Number, E::Error> {
    if i == 0 {
        return Ok(a.clone());
    }
    if i == last {
        return Ok(b.clone());
    }
    let (i, last) = (on.literal(i as f64), on.literal(last as f64));
    let width = on.apply(Numeric::Sub, &[b.clone(), a.clone()])?;
    let part = on.apply(Numeric::Mul, &[width, i])?;
    let step = on.apply(Numeric::Div, &[part, last])?;
    on.apply(Numeric::Add, &[a.clone(), step])
}
