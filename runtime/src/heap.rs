//! The heap of a run: a write-once arena of cells, collected by copying.
//!
//! A cell is written when its object is made and never again, so no derivative chain is broken and
//! no cycle can be built: an object refers to older ones only. Collection is Cheney's: what the
//! roots reach is copied to a fresh arena in two linear passes without recursion, and the old arena
//! is dropped as a whole, however large the structures in it were.
//!
//! The heap does not know when collecting is safe; the machine calls [`Heap::collect`] between
//! blocks, where its stack holds every root.

use crate::value::{Value, tag};

/// The heap is full: what must be kept, or one object, passes the limit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Full {
    /// How many cells are wanted in all.
    pub cells: usize,
}

/// How many cells lie in an arena before it is first collected.
const FIRST_COLLECTION: usize = 1 << 15;

/// How many cells of memory a heap keeps from one run to the next.
const MOST_KEPT: usize = 1 << 18;

/// How many bytes of a string a cell holds.
const BYTES: usize = 7;

/// An arena of cells.
///
/// A cell is a value, or has a tag of its own: `HEAD` with the number of cells that follow, `BYTES`
/// with seven bytes of a string, `MOVED` with the index that an object went to in the new arena.
#[derive(Clone, Debug)]
pub struct Heap {
    cells: Vec<Value>,
    /// Beyond this many cells a collection is due.
    due: usize,
    /// Most cells that may survive a collection.
    limit: usize,
    /// Most cells at any time; as much as one more limit above `due`, so that what is refused
    /// between two collections could not have been kept either.
    most: usize,
    collections: u64,
}

impl Heap {
    /// An empty heap that keeps at most `limit` cells alive.
    pub fn new(limit: u32) -> Self {
        let mut heap = Self { cells: vec![head(0)], due: 0, limit: 0, most: 0, collections: 0 };
        heap.set_limit(limit);
        heap
    }

    /// Changes how many cells may be kept alive.
    pub fn set_limit(&mut self, limit: u32) {
        // Indices are 32 bits wide, with room for an arena twice the limit.
        self.limit = (limit as usize).min(u32::MAX as usize / 4);
        self.schedule();
    }

    fn schedule(&mut self) {
        self.due = FIRST_COLLECTION.max(2 * self.cells.len());
        self.most = self.due + self.limit;
    }

    /// Makes it what `start`, which it was cloned from, is; memory is kept unless there is much of it.
    pub fn rewind(&mut self, start: &Self) {
        if self.collections == start.collections {
            // Cells are written once: the first ones are those of `start`.
            self.cells.truncate(start.cells.len());
        } else {
            self.cells.clone_from(&start.cells);
            self.collections = start.collections;
        }
        self.cells.shrink_to(MOST_KEPT);
    }

    /// Gives back memory that has no cells in it.
    pub fn fit(&mut self) {
        self.cells.shrink_to_fit();
    }

    /// How many cells may be kept alive.
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// Cells in use, garbage included.
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    /// Whether nothing was ever allocated.
    pub fn is_empty(&self) -> bool {
        self.cells.len() <= 1
    }

    /// How often it was collected.
    pub fn collections(&self) -> u64 {
        self.collections
    }

    /// Whether it should be collected at the next chance.
    #[inline(always)]
    pub fn is_due(&self) -> bool {
        self.cells.len() > self.due
    }

    fn room(&self, cells: usize) -> Result<u32, Full> {
        let wanted = self.cells.len().saturating_add(cells);
        if wanted > self.most { Err(Full { cells: wanted }) } else { Ok(self.cells.len() as u32) }
    }

    /// A fresh pair, read at `place` or, for 0, nowhere.
    #[inline]
    pub fn pair(&mut self, car: Value, cdr: Value, place: u32) -> Result<Value, Full> {
        let at = self.room(2)?;
        self.cells.push(car);
        self.cells.push(cdr);
        Ok(Value::pair(at, place))
    }

    /// The first half of the pair at an index.
    #[inline]
    pub fn car(&self, at: u32) -> Value {
        self.value(at as usize)
    }

    /// The second half of the pair at an index.
    #[inline]
    pub fn cdr(&self, at: u32) -> Value {
        self.value(at as usize + 1)
    }

    #[inline(always)]
    fn value(&self, at: usize) -> Value {
        self.cells.get(at).copied().unwrap_or(Value::UNSPECIFIED)
    }

    /// A fresh row of values: a closure's record or a vector's items.
    #[inline]
    pub fn row(&mut self, values: &[Value]) -> Result<u32, Full> {
        let at = self.room(1 + values.len())?;
        self.cells.push(head(values.len() as u32));
        for value in values {
            self.cells.push(*value);
        }
        Ok(at)
    }

    /// The value at an index of a row.
    #[inline(always)]
    pub fn item(&self, row: u32, index: u32) -> Value {
        self.value(row as usize + 1 + index as usize)
    }

    /// How many cells a row, or a string, has.
    pub fn row_len(&self, row: u32) -> u32 {
        self.value(row as usize).index()
    }

    /// The values of a row.
    pub fn items(&self, row: u32) -> &[Value] {
        let first = row as usize + 1;
        self.cells.get(first..first + self.row_len(row) as usize).unwrap_or_default()
    }

    /// Several values, or none, as one.
    pub fn values(&mut self, items: &[Value]) -> Result<Value, Full> {
        Ok(Value::new(tag::VALUES, 0, self.row(items)?))
    }

    /// A fresh vector.
    pub fn vector(&mut self, items: &[Value]) -> Result<Value, Full> {
        Ok(Value::new(tag::VECTOR, 0, self.row(items)?))
    }

    /// A fresh numeric vector.
    pub fn numbers(&mut self, items: &[Value]) -> Result<Value, Full> {
        Ok(Value::new(tag::NUMBERS, 0, self.row(items)?))
    }

    /// A fresh matrix of so many rows and columns, its items row by row.
    pub fn matrix(&mut self, rows: u32, cols: u32, items: &[Value]) -> Result<Value, Full> {
        let at = self.room(3 + items.len())?;
        self.cells.push(head(2 + items.len() as u32));
        self.cells.extend([head(rows), head(cols)]);
        self.cells.extend_from_slice(items);
        Ok(Value::new(tag::MATRIX, 0, at))
    }

    /// The numbers of rows and of columns of the matrix at an index.
    pub fn matrix_shape(&self, at: u32) -> (u32, u32) {
        (self.item(at, 0).index(), self.item(at, 1).index())
    }

    /// The items of the matrix at an index, row by row.
    pub fn matrix_items(&self, at: u32) -> &[Value] {
        self.items(at).get(2..).unwrap_or_default()
    }

    /// A fresh vector, array or several values, as those at an index but with other items.
    pub fn row_like(&mut self, like: Value, items: &[Value]) -> Result<Value, Full> {
        if like.tag() == tag::MATRIX {
            let (rows, cols) = self.matrix_shape(like.index());
            return self.matrix(rows, cols, items);
        }
        Ok(like.at(self.row(items)?))
    }

    /// Whether two vectors or arrays are of one kind and have as many items along every axis.
    pub fn same_shape(&self, a: Value, b: Value) -> bool {
        let shape = |x: Value| match x.tag() {
            tag::MATRIX => self.matrix_shape(x.index()),
            _ => (self.row_len(x.index()), 0),
        };
        a.tag() == b.tag() && shape(a) == shape(b)
    }

    /// Whether an object of so many cells may still be made.
    pub fn has_room(&self, cells: usize) -> Result<(), Full> {
        self.room(cells).map(|_| ())
    }

    /// How many cells a string of that many bytes takes.
    pub fn cells_of_text(bytes: usize) -> usize {
        2 + bytes.div_ceil(BYTES)
    }

    /// A fresh string.
    pub fn string(&mut self, text: &str) -> Result<Value, Full> {
        let chunks = text.as_bytes().chunks(BYTES);
        let at = self.room(Self::cells_of_text(text.len()))?;
        self.cells.push(head(1 + chunks.len() as u32));
        // Its length in bytes is a cell like those of a row.
        self.cells.push(head(text.len() as u32));
        self.cells.extend(chunks.map(Value::bytes));
        Ok(Value::new(tag::STR, 0, at))
    }

    /// The text of the string at an index.
    pub fn text(&self, at: u32) -> String {
        self.start_of_text(at, usize::MAX)
    }

    /// The text of the string at an index, or a start of it of at least `most` bytes and few more.
    pub fn start_of_text(&self, at: u32, most: usize) -> String {
        let length = self.item(at, 0).index() as usize;
        let whole = self.items(at).get(1..).unwrap_or_default();
        // A character has at most four bytes, so that it begins and ends in one cell and the next.
        let cells = whole.get(..most.div_ceil(BYTES).saturating_add(1)).unwrap_or(whole);
        let mut bytes: Vec<u8> = cells.iter().copied().flat_map(Value::to_bytes).collect();
        bytes.truncate(length);
        match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(cut) => {
                let valid = cut.utf8_error().valid_up_to();
                let mut bytes = cut.into_bytes();
                bytes.truncate(valid);
                String::from_utf8(bytes).unwrap_or_default()
            }
        }
    }

    /// Whether the strings at two indices have the same text.
    pub fn same_text(&self, a: u32, b: u32) -> bool {
        // The cells of strings are bytes and no numbers.
        self.items(a).iter().zip(self.items(b)).all(|(a, b)| a.is_identical(*b))
            && self.row_len(a) == self.row_len(b)
    }

    /// Makes a collection due.
    pub fn set_due(&mut self) {
        self.due = 0;
    }

    /// Every number that derivatives see, garbage included.
    pub fn active_numbers(&mut self) -> impl Iterator<Item = &mut Value> {
        self.cells.iter_mut().filter(|value| value.is_active())
    }

    /// Keeps what the roots reach, in a fresh arena, and points the roots there.
    ///
    /// # Errors
    /// More is alive than the limit allows. The heap is sound nevertheless.
    pub fn collect(&mut self, roots: &mut [&mut [Value]]) -> Result<(), Full> {
        // Memory for all of it, of which only what is kept is touched.
        let mut fresh = Vec::with_capacity(self.cells.len());
        fresh.push(head(0));
        let from = std::mem::replace(&mut self.cells, fresh);
        let mut copy = Copying { from, to: &mut self.cells };
        for root in roots.iter_mut().flat_map(|slice| slice.iter_mut()) {
            *root = copy.moved(*root);
        }
        let mut scan = 0;
        while let Some(cell) = copy.to.get(scan) {
            copy.to[scan] = copy.moved(*cell);
            scan += 1;
        }
        self.collections += 1;
        self.schedule();
        let cells = self.cells.len();
        if cells > self.limit { Err(Full { cells }) } else { Ok(()) }
    }
}

/// The cell before the cells of a row or string.
const fn head(cells: u32) -> Value {
    Value::new(tag::HEAD, 0, cells)
}

struct Copying<'a> {
    from: Vec<Value>,
    to: &'a mut Vec<Value>,
}

impl Copying<'_> {
    #[inline]
    fn moved(&mut self, value: Value) -> Value {
        match value.tag() {
            tag::PAIR => value.at(self.object(value.index(), 2)),
            tag::CLOSURE if value.index() == 0 => value,
            tag::STR | tag::VECTOR | tag::NUMBERS | tag::MATRIX | tag::VALUES | tag::CLOSURE => {
                let at = value.index();
                value.at(self.object(at, 1))
            }
            _ => value,
        }
    }

    /// Copies an object, unless it went before: as many cells as its head says or, without one, `pair`.
    fn object(&mut self, at: u32, pair: usize) -> u32 {
        let at = at as usize;
        let first = self.from[at];
        let cells = match first.tag() {
            tag::MOVED => return first.index(),
            tag::HEAD => 1 + first.index() as usize,
            _ => pair,
        };
        let to = self.to.len() as u32;
        self.to.extend_from_slice(&self.from[at..at + cells]);
        self.from[at] = Value::new(tag::MOVED, 0, to);
        to
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::View;

    #[test]
    fn collection_keeps_what_is_reached_and_shared() {
        let mut heap = Heap::new(1 << 20);
        let text = heap.string("twelve bytes").unwrap();
        let shared = heap.pair(text, Value::NIL, 7).unwrap();
        for _ in 0..100 {
            heap.pair(shared, shared, 0).unwrap();
        }
        let row = heap.row(&[shared, Value::num(2.0)]).unwrap();
        let top = heap.pair(shared, Value::closure(3, row), 9).unwrap();
        let mut roots = [top];
        heap.collect(&mut [&mut roots]).unwrap();
        assert_eq!(heap.len(), 1 + 2 + 2 + 3 + 4);
        let View::Pair { at, place: 9 } = roots[0].view() else { panic!("{:?}", roots[0]) };
        let View::Pair { at: left, place: 7 } = heap.car(at).view() else { panic!() };
        let View::Closure { code: 3, record } = heap.cdr(at).view() else { panic!() };
        let View::Pair { at: again, place: 7 } = heap.item(record, 0).view() else { panic!() };
        assert_eq!(left, again);
        let View::Str(text) = heap.car(left).view() else { panic!() };
        assert_eq!(heap.text(text), "twelve bytes");
    }

    #[test]
    fn strings_by_their_starts() {
        let mut heap = Heap::new(1 << 20);
        let mut at = |text: &str| match heap.string(text).unwrap().view() {
            View::Str(at) => at,
            other => panic!("{other:?}"),
        };
        let (long, again, short) = (at(&"aλ\u{1F600}".repeat(100)), at(&"aλ\u{1F600}".repeat(100)), at("aλ"));
        let text = heap.text(long);
        for most in 0..720 {
            let start = heap.start_of_text(long, most);
            assert!(text.starts_with(&start) && start.len() >= most.min(700) && start.len() <= most + 14);
        }
        assert!(heap.same_text(long, again) && !heap.same_text(long, short));
        assert_eq!(heap.start_of_text(short, 100), "aλ");
    }

    #[test]
    fn the_limit_is_on_what_is_kept() {
        let mut heap = Heap::new(100);
        for _ in 0..1000 {
            heap.pair(Value::NIL, Value::NIL, 0).unwrap();
        }
        heap.collect(&mut []).unwrap();
        let mut list = [Value::NIL];
        for _ in 0..100 {
            list[0] = heap.pair(Value::NIL, list[0], 0).unwrap();
        }
        assert_eq!(heap.collect(&mut [&mut list]), Err(Full { cells: 201 }));
        let mut made = 0;
        while heap.pair(Value::NIL, Value::NIL, 0).is_ok() {
            made += 1;
        }
        assert!(made < FIRST_COLLECTION + 200);
    }
}
