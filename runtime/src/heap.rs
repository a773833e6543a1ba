//! The heap of a run: a write-once arena of cells, collected by copying.
//!
//! A cell is written when its object is made and never again, so no derivative chain is broken and
//! no cycle can be built: an object refers to older ones only. Collection is Cheney's: what the
//! roots reach is copied to a fresh arena in two linear passes without recursion, and the old arena
//! is dropped as a whole, however large the structures in it were.
//!
//! The heap does not know when collecting is safe; the machine calls [`Heap::collect`] between
//! blocks, where its stack holds every root.

use crate::value::Value;

/// One cell of the arena.
#[derive(Clone, Copy, Debug)]
enum Cell {
    /// A value of an object.
    Value(Value),
    /// The head of an object of that many further cells.
    Head(u32),
    /// Eight bytes of a string.
    Bytes([u8; 8]),
    /// The bytes of a string follow; this many count.
    Length(u32),
    /// The object went there, to the new arena.
    Moved(u32),
}

/// The heap is full: what must be kept, or one object, passes the limit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Full;

/// How many cells lie in an arena before it is first collected.
const FIRST_COLLECTION: usize = 1 << 15;

/// An arena of cells.
#[derive(Clone, Debug)]
pub struct Heap {
    cells: Vec<Cell>,
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
        let mut heap = Self { cells: vec![Cell::Head(0)], due: 0, limit: 0, most: 0, collections: 0 };
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
        if self.cells.len() + cells > self.most { Err(Full) } else { Ok(self.cells.len() as u32) }
    }

    /// A fresh pair, read at `place` or, for 0, nowhere.
    #[inline]
    pub fn pair(&mut self, car: Value, cdr: Value, place: u32) -> Result<Value, Full> {
        let at = self.room(2)?;
        self.cells.extend([Cell::Value(car), Cell::Value(cdr)]);
        Ok(Value::Pair { at, place })
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

    #[inline]
    fn value(&self, at: usize) -> Value {
        match self.cells.get(at) {
            Some(Cell::Value(value)) => *value,
            _ => Value::Unspecified,
        }
    }

    /// A fresh row of values: a closure's record or a vector's items.
    pub fn row(&mut self, values: &[Value]) -> Result<u32, Full> {
        let at = self.room(1 + values.len())?;
        self.cells.push(Cell::Head(values.len() as u32));
        self.cells.extend(values.iter().map(|v| Cell::Value(*v)));
        Ok(at)
    }

    /// The value at an index of a row.
    #[inline]
    pub fn item(&self, row: u32, index: u32) -> Value {
        self.value(row as usize + 1 + index as usize)
    }

    /// How many values a row has.
    pub fn row_len(&self, row: u32) -> u32 {
        match self.cells.get(row as usize) {
            Some(Cell::Head(n)) => *n,
            _ => 0,
        }
    }

    /// A fresh string.
    pub fn string(&mut self, text: &str) -> Result<Value, Full> {
        let words = text.len().div_ceil(8);
        let at = self.room(2 + words)?;
        self.cells.extend([Cell::Head(1 + words as u32), Cell::Length(text.len() as u32)]);
        for chunk in text.as_bytes().chunks(8) {
            let mut bytes = [0; 8];
            bytes[..chunk.len()].copy_from_slice(chunk);
            self.cells.push(Cell::Bytes(bytes));
        }
        Ok(Value::Str(at))
    }

    /// The text of the string at an index.
    pub fn text(&self, at: u32) -> String {
        let mut bytes = Vec::new();
        let mut length = 0;
        for cell in self.cells.iter().skip(at as usize + 1).take(self.row_len(at) as usize) {
            match cell {
                Cell::Bytes(word) => bytes.extend(word),
                Cell::Length(n) => length = *n as usize,
                Cell::Value(_) | Cell::Head(_) | Cell::Moved(_) => {}
            }
        }
        bytes.truncate(length);
        String::from_utf8(bytes).unwrap_or_default()
    }

    /// Keeps what the roots reach, in a fresh arena, and points the roots there.
    ///
    /// # Errors
    /// More is alive than the limit allows. The heap is sound nevertheless.
    pub fn collect(&mut self, roots: &mut [&mut [Value]]) -> Result<(), Full> {
        let from = std::mem::replace(&mut self.cells, vec![Cell::Head(0)]);
        let mut copy = Copying { from, to: &mut self.cells };
        for root in roots.iter_mut().flat_map(|slice| slice.iter_mut()) {
            *root = copy.moved(*root);
        }
        let mut scan = 0;
        while let Some(cell) = copy.to.get(scan) {
            if let Cell::Value(value) = *cell {
                copy.to[scan] = Cell::Value(copy.moved(value));
            }
            scan += 1;
        }
        self.collections += 1;
        self.schedule();
        if self.cells.len() > self.limit { Err(Full) } else { Ok(()) }
    }
}

struct Copying<'a> {
    from: Vec<Cell>,
    to: &'a mut Vec<Cell>,
}

impl Copying<'_> {
    fn moved(&mut self, value: Value) -> Value {
        match value {
            Value::Pair { at, place } => Value::Pair { at: self.object(at, 2), place },
            Value::Str(at) => Value::Str(self.object(at, 0)),
            Value::Vector(at) => Value::Vector(self.object(at, 0)),
            Value::Closure { code, record } if record != 0 => {
                Value::Closure { code, record: self.object(record, 0) }
            }
            Value::Num { .. }
            | Value::Bool(_)
            | Value::Nil
            | Value::Unspecified
            | Value::Char(_)
            | Value::Symbol(_)
            | Value::Prim(_)
            | Value::Closure { .. } => value,
        }
    }

    /// Copies an object of that many cells, for 0 as many as its head says, unless it went before.
    fn object(&mut self, at: u32, cells: usize) -> u32 {
        let at = at as usize;
        let cells = match self.from[at] {
            Cell::Moved(to) => return to,
            Cell::Head(n) => 1 + n as usize,
            Cell::Value(_) | Cell::Bytes(_) | Cell::Length(_) => cells,
        };
        let to = self.to.len() as u32;
        self.to.extend_from_slice(&self.from[at..at + cells]);
        self.from[at] = Cell::Moved(to);
        to
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_as_small_as_values() {
        assert_eq!(size_of::<Cell>(), 16);
    }

    #[test]
    fn collection_keeps_what_is_reached_and_shared() {
        let mut heap = Heap::new(1 << 20);
        let text = heap.string("twelve bytes").unwrap();
        let shared = heap.pair(text, Value::Nil, 7).unwrap();
        for _ in 0..100 {
            heap.pair(shared, shared, 0).unwrap();
        }
        let row = heap.row(&[shared, Value::num(2.0)]).unwrap();
        let top = heap.pair(shared, Value::Closure { code: 3, record: row }, 9).unwrap();
        let mut roots = [top];
        heap.collect(&mut [&mut roots]).unwrap();
        assert_eq!(heap.len(), 1 + 2 + 2 + 3 + 4);
        let Value::Pair { at, place: 9 } = roots[0] else { panic!("{:?}", roots[0]) };
        let Value::Pair { at: left, place: 7 } = heap.car(at) else { panic!() };
        let Value::Closure { code: 3, record } = heap.cdr(at) else { panic!() };
        let Value::Pair { at: again, place: 7 } = heap.item(record, 0) else { panic!() };
        assert_eq!(left, again);
        let Value::Str(text) = heap.car(left) else { panic!() };
        assert_eq!(heap.text(text), "twelve bytes");
    }

    #[test]
    fn the_limit_is_on_what_is_kept() {
        let mut heap = Heap::new(100);
        for _ in 0..1000 {
            heap.pair(Value::Nil, Value::Nil, 0).unwrap();
        }
        heap.collect(&mut []).unwrap();
        let mut list = [Value::Nil];
        for _ in 0..100 {
            list[0] = heap.pair(Value::Nil, list[0], 0).unwrap();
        }
        assert_eq!(heap.collect(&mut [&mut list]), Err(Full));
        let mut made = 0;
        while heap.pair(Value::Nil, Value::Nil, 0).is_ok() {
            made += 1;
        }
        assert!(made < FIRST_COLLECTION + 200);
    }
}
