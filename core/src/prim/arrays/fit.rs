//! Whether arguments fit a row: kinds, sizes, indices.

use super::{Array, Elements, Misfit, Pattern, Shape, Shaped, Size};
use crate::{diag::Code, reader::number_text};

/// Checks the shapes of the arguments against the row's rule.
///
/// # Errors
/// An argument of another kind, or sizes that do not go together.
pub(super) fn check(row: Array, shapes: &[Shape]) -> Result<(), Misfit> {
    let name = row.row().name;
    for (i, shape) in shapes.iter().enumerate() {
        let pattern = row.row().operand(i);
        let fits = match pattern {
            Pattern::Number => *shape == Shape::Number,
            Pattern::Vector(_) => matches!(shape, Shape::Vector(_)),
            Pattern::Matrix(..) => matches!(shape, Shape::Matrix(..)),
            Pattern::Array => *shape != Shape::Number,
            Pattern::Any => true,
        };
        if !fits {
            let message = format!("`{name}` takes {}, but was given {shape}", pattern.kind());
            return Err(Misfit { code: Code::WrongType, argument: Some(i), message, hint: hint(row) });
        }
    }
    // What the names stand for, and in which argument they were met first.
    let mut known: Vec<(&str, usize, usize)> = Vec::new();
    for (i, shape) in shapes.iter().enumerate() {
        for (size, found) in sizes(row.row().operand(i), *shape) {
            let other = match size {
                Size::Exactly(n) if n == found => continue,
                Size::Exactly(_) => {
                    if i > 0 {
                        0
                    } else {
                        shapes.len().min(2).saturating_sub(1)
                    }
                }
                Size::Named(name) => match known.iter().find(|(known, ..)| *known == name) {
                    Some((_, n, _)) if *n == found => continue,
                    Some((.., first)) => *first,
                    None => {
                        known.push((name, found, i));
                        continue;
                    }
                },
            };
            let both = match shapes.get(other) {
                Some(first) if other < i => format!("{first} and {shape}"),
                Some(second) if other > i => format!("{shape} and {second}"),
                _ => shape.to_string(),
            };
            let message = format!("`{name}` cannot take {both}");
            return Err(Misfit { code: Code::Shape, argument: None, message, hint: hint(row) });
        }
    }
    Ok(())
}

/// The sizes that a rule has for an argument, beside those found.
fn sizes(pattern: Pattern, shape: Shape) -> Vec<(Size, usize)> {
    match (pattern, shape) {
        (Pattern::Vector(n), Shape::Vector(found)) => vec![(n, found)],
        (Pattern::Matrix(m, n), Shape::Matrix(rows, cols)) => vec![(m, rows), (n, cols)],
        _ => Vec::new(),
    }
}

fn hint(row: Array) -> Option<String> {
    let array_row = row.row();
    let hint = match row {
        Array::Mat | Array::Stack => {
            "its arguments are the rows, vectors of one length, as in (mat [1 2] [3 4])".into()
        }
        Array::Vec => "a matrix is written (mat [1 2] [3 4])".into(),
        Array::Matmul => {
            "`matmul` multiplies matrices of shapes (m n) (n p); `matvec` takes a matrix and a vector".into()
        }
        Array::Ref => {
            "(ref v i) is an element of a vector, (ref A i) a row of a matrix, (ref A i j) an element".into()
        }
        Array::Zeros | Array::Ones => {
            let name = array_row.name;
            format!("({name} n) is a vector of n elements, ({name} m n) a matrix of m rows")
        }
        Array::Solve => {
            "(solve A b) takes a matrix of (n n) and a vector of n; (matmul (inv A) B) is for several".into()
        }
        Array::Eye => "(eye n) is a matrix of n rows and columns".into(),
        Array::Diag => "(diag v) is a matrix with v as its diagonal, (diag A) the diagonal of A".into(),
        _ => {
            let takes: Vec<String> = array_row.takes.iter().map(ToString::to_string).collect();
            format!("the shapes that it takes are {}", takes.join(" "))
        }
    };
    Some(hint)
}

/// The shape of an elementwise application of the row called `name`: that of the arrays among the
/// arguments, which must be one.
pub(super) fn elementwise(name: &str, shapes: &[Shape]) -> Result<Shape, Misfit> {
    let mut arrays = shapes.iter().filter(|shape| **shape != Shape::Number);
    let Some(first) = arrays.next() else { return Ok(Shape::Number) };
    match arrays.find(|other| *other != first) {
        None => Ok(*first),
        Some(other) => Err(Misfit {
            code: Code::Shape,
            argument: None,
            message: format!("`{name}` cannot take {first} and {other}"),
            hint: Some("arrays of one shape go together, and a number with any of them".into()),
        }),
    }
}

/// The value of an argument; nan for what is no number.
fn known<E: Elements>(argument: usize, value: &Shaped<E::Number>, on: &mut E) -> Result<f64, E::Error> {
    match value {
        Shaped::Number(x) => on.known(argument, x),
        _ => Ok(f64::NAN),
    }
}

fn is_whole(x: f64) -> bool {
    x >= 0.0 && x.floor() == x
}

/// An argument as a whole number.
pub(super) fn whole<E: Elements>(
    row: Array,
    argument: usize,
    value: &Shaped<E::Number>,
    on: &mut E,
) -> Result<usize, E::Error> {
    let x = known(argument, value, on)?;
    let largest = f64::from(u32::MAX);
    let (name, what) = (row.row().name, if row == Array::Ref { "index" } else { "count" });
    let message = match is_whole(x) {
        true if x <= largest => return Ok(x as usize),
        true if x.is_finite() && row != Array::Ref => {
            format!("`{name}` takes at most {} as {what}, not {}", number_text(largest), number_text(x))
        }
        _ => format!("`{name}` takes a whole number from 0 as {what}, not {}", number_text(x)),
    };
    Err(on.misfit(Misfit { code: Code::OutOfDomain, argument: Some(argument), message, hint: None }))
}

/// An argument as an index below `length`.
pub(super) fn index<E: Elements>(
    argument: usize,
    value: &Shaped<E::Number>,
    length: usize,
    what: &str,
    on: &mut E,
) -> Result<usize, E::Error> {
    let x = known(argument, value, on)?;
    if !is_whole(x) || x.is_infinite() {
        return whole(Array::Ref, argument, value, on);
    }
    if x < length as f64 {
        return Ok(x as usize);
    }
    let index = number_text(x);
    let message = format!("`ref` goes past the end of the {what}: index {index}, length {length}");
    let hint = Some("positions are counted from 0".to_owned());
    Err(on.misfit(Misfit { code: Code::OutOfDomain, argument: Some(argument), message, hint }))
}
