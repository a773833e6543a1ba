//! Tables of constants, which instructions read at computed indices.

use std::{
    fmt,
    hash::{Hash, Hasher},
    rc::Rc,
};

/// Numbers known when the program is compiled. Copies share them; tables are equal if their bits are.
///
/// ```
/// use scheme_core::anf::{Table, item};
/// let table = Table::new([1.5, -2.0]);
/// assert_eq!((table.at(1.0), table.to_string()), (-2.0, "[1.5 -2.0]".to_string()));
/// assert_eq!(item(table.items(), 0.9), 1.5);
/// assert!([-0.5, 2.0, f64::NAN].iter().all(|outside| table.at(*outside).is_nan()));
/// ```
#[derive(Clone, Debug)]
pub struct Table(Rc<[f64]>);

impl Table {
    /// The table of these items.
    pub fn new(items: impl IntoIterator<Item = f64>) -> Self {
        Self(items.into_iter().collect())
    }

    /// The items.
    pub fn items(&self) -> &[f64] {
        &self.0
    }

    /// The item at an index, as [`item`] says.
    pub fn at(&self, index: f64) -> f64 {
        item(&self.0, index)
    }

    fn bits(&self) -> impl Iterator<Item = u64> {
        self.0.iter().map(|x| x.to_bits())
    }
}

/// What a table has at an index: the item that the index's whole part counts to from 0, nan outside of the table.
/// Being constant between jumps it has the derivative 0, as the rounding rows have.
///
/// ```
/// use scheme_core::anf::item;
///
/// let items = [1.0, 2.0];
/// assert_eq!([0.0, -0.0, 0.9, 1.0, 1.9].map(|index| item(&items, index)), [1.0, 1.0, 1.0, 2.0, 2.0]);
/// assert!([-0.5, 2.0, 1e300, f64::INFINITY, f64::NAN].iter().all(|index| item(&items, *index).is_nan()));
/// ```
#[inline(always)]
pub fn item(items: &[f64], index: f64) -> f64 {
    // Asked as a number and first: of a loop's counter a compiler knows it, and counts in the precision that is read here.
    if !(index >= 0.0 && index < items.len() as f64) {
        return f64::NAN;
    }
    items.get(index as usize).copied().unwrap_or(f64::NAN)
}

impl PartialEq for Table {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0) || (self.0.len() == other.0.len() && self.bits().eq(other.bits()))
    }
}

impl Eq for Table {}

impl Hash for Table {
    /// By the length and the first items: what tells tables of a program apart, however long they are.
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.len().hash(state);
        self.bits().take(8).for_each(|bits| bits.hash(state));
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[")?;
        for (i, x) in self.0.iter().enumerate() {
            let space = if i == 0 { "" } else { " " };
            write!(f, "{space}{x:?}")?;
        }
        f.write_str("]")
    }
}
