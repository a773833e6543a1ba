//! The numbers in a value, in the order in which it is written, and values of the same form with others.

use super::Answer;
use crate::stack;
use std::mem::discriminant;

impl Answer {
    /// Calls `visit` on every number.
    pub(crate) fn each_number(&self, visit: &mut dyn FnMut(f64)) {
        for value in self.walk() {
            match value {
                Self::Number(x) => visit(*x),
                Self::Numbers(numbers) => numbers.iter().copied().for_each(&mut *visit),
                Self::Matrix(rows) => rows.iter().flatten().copied().for_each(&mut *visit),
                _ => {}
            }
        }
    }

    /// Whether it is a structure that could hold numbers and has no items.
    pub(crate) fn is_empty_array(&self) -> bool {
        match self {
            Self::Numbers(numbers) => numbers.is_empty(),
            Self::Matrix(rows) => rows.iter().all(Vec::is_empty),
            Self::List(items) | Self::Vector(items) => items.is_empty(),
            _ => false,
        }
    }

    /// Whether another value has its numbers in the same places.
    pub(crate) fn has_form_of(&self, other: &Answer) -> bool {
        self.walk().zip(other.walk()).all(|(a, b)| match (a, b) {
            (Self::Number(_), Self::Number(_)) => true,
            (Self::Numbers(a), Self::Numbers(b)) => a.len() == b.len(),
            (Self::Matrix(a), Self::Matrix(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.len() == b.len())
            }
            (Self::List(a), Self::List(b))
            | (Self::Vector(a), Self::Vector(b))
            | (Self::Values(a), Self::Values(b))
            | (Self::Dotted(a, _), Self::Dotted(b, _)) => a.len() == b.len(),
            _ => !a.is_structure() && !b.is_structure(),
        })
    }

    /// Whether another value is the same but for its numbers.
    pub(crate) fn is_alike(&self, other: &Answer) -> bool {
        let leaves = || self.walk().zip(other.walk());
        self.has_form_of(other)
            && leaves()
                .all(|(a, b)| if a.is_structure() { discriminant(a) == discriminant(b) } else { a == b })
    }

    /// Whether a part of it is its text, since it has no end or nests too deep.
    pub(crate) fn is_cut(&self) -> bool {
        self.walk().any(|value| matches!(value, Self::Text(_)))
    }

    /// Whether it is a number or holds other values.
    fn is_structure(&self) -> bool {
        matches!(
            self,
            Self::Number(_)
                | Self::Numbers(_)
                | Self::Matrix(_)
                | Self::List(_)
                | Self::Vector(_)
                | Self::Values(_)
                | Self::Dotted(..)
        )
    }

    /// The value with what `next` gives in place of every number: derivatives by it, or of it. An array of
    /// what are no numbers is one of a further axis, or else a list.
    pub(crate) fn replaced(&self, next: &mut dyn FnMut() -> Answer) -> Answer {
        let all = |items: &[Answer], next: &mut dyn FnMut() -> Answer| {
            stack::for_a_level(|| items.iter().map(|item| item.replaced(next)).collect::<Vec<_>>())
        };
        match self {
            Self::Number(_) => next(),
            Self::Numbers(numbers) => Self::stacked(numbers.iter().map(|_| next()).collect(), 1),
            Self::Matrix(rows) => {
                let row = |row: &Vec<f64>| Self::stacked(row.iter().map(|_| next()).collect(), 1);
                Self::stacked(rows.iter().map(row).collect(), 2)
            }
            Self::List(items) => Self::List(all(items, next)),
            Self::Vector(items) => Self::Vector(all(items, next)),
            Self::Values(items) => Self::Values(all(items, next)),
            Self::Dotted(items, tail) => {
                let items = all(items, next);
                Self::Dotted(items, stack::for_a_level(|| tail.replaced(next)).into())
            }
            Self::Bool(_)
            | Self::Symbol(_)
            | Self::String(_)
            | Self::Char(_)
            | Self::Procedure(_)
            | Self::Lambda(_)
            | Self::Unspecified
            | Self::Text(_) => self.clone(),
        }
    }

    /// Numbers as a vector, vectors of one length as a matrix, anything else as a list; no items are an array of
    /// so many axes.
    pub(crate) fn stacked(items: Vec<Answer>, axes: usize) -> Answer {
        if items.is_empty() {
            return if axes == 1 { Self::Numbers(Vec::new()) } else { Self::Matrix(Vec::new()) };
        }
        if let Some(numbers) = items.iter().map(Self::number).collect() {
            return Self::Numbers(numbers);
        }
        let row = |item: &Answer| match item {
            Self::Numbers(row) => Some(row.clone()),
            _ => None,
        };
        match items.iter().map(row).collect::<Option<Vec<_>>>() {
            Some(rows) if rows.windows(2).all(|pair| pair[0].len() == pair[1].len()) => Self::Matrix(rows),
            _ => Self::List(items),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_replaced_in_order() {
        let value = Answer::List(vec![
            1.0.into(),
            "text".into(),
            [2.0, 3.0].into(),
            Answer::Dotted(vec![[[4.0], [5.0]].into()], Box::new(6.0.into())),
        ]);
        assert!(value.has_form_of(&value) && !value.has_form_of(&2.0.into()));
        let mut n = 0.0;
        let squares = value.replaced(&mut || {
            n += 1.0;
            (n * n).into()
        });
        assert_eq!(squares.to_string(), "(1 \"text\" [4 9] ((mat [16] [25]) . 36))");
        let rows = Answer::from([1.0, 2.0]).replaced(&mut || [0.5, 0.25].into());
        assert_eq!(rows, [[0.5, 0.25], [0.5, 0.25]].into());
    }
}
