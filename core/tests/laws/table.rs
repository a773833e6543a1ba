//! The table as a table.

use crate::{rows, scalar};
use scheme_core::prim::{Numeric, Operand, Prim, Scalar};
use std::collections::HashSet;

#[test]
fn rows_are_documented_and_their_names_unique() {
    let mut idents = HashSet::new();
    for row in Numeric::ALL.iter().map(|row| row.row()) {
        assert!(
            row.doc.trim().ends_with('.') || row.doc.trim().len() > 20,
            "{} says {:?}",
            row.ident,
            row.doc
        );
        assert!(idents.insert(row.ident), "two rows are called {}", row.ident);
        assert!(!row.operands.is_empty() && row.domain.len() >= row.operands.len(), "{}", row.ident);
    }
    let mut names = HashSet::new();
    for name in Prim::names() {
        assert!(names.insert(name), "two rows are called {name} in programs");
        assert!(Prim::find(name).is_some(), "{name}");
    }
}

#[test]
fn rows_want_their_own_operands() {
    for (row, arity) in rows() {
        let operand = |i| match scalar(row, i) {
            Scalar::Bool => Operand::Bool(true),
            _ => Operand::Real(1.5),
        };
        let mut operands: Vec<Operand<f64>> = (0..arity).map(operand).collect();
        assert!(row.apply(&operands).is_some(), "{row:?}");
        operands[0] = match operands[0] {
            Operand::Real(_) => Operand::Bool(true),
            Operand::Bool(_) => Operand::Real(1.0),
        };
        assert!(row.apply(&operands).is_none(), "{row:?}");
        assert!(row.apply::<f64>(&[]).is_none(), "{row:?}");
    }
}
