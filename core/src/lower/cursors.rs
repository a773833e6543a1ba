//! Cursors: known lists of literals that a procedure goes along, as tables of constants and an index.
//!
//! A procedure that calls itself with tails of a list is a function for each tail, as they are of different shapes.
//! Where a program is not lowered so, it is tried once more with such arguments as *cursors*: the list's items have one
//! shape, a table holds each of its leaves, and the index is a leaf of the call as other numbers are. So the function
//! is one, a loop over the index. Lists are told by their cells, so that no tail is compared with another.
//!
//! What is asked of a cursor is answered by its index: whether an item is left, the item, the tail. What a path's
//! conditions say of indices is kept, so that the items of a list that is known to have some are read without asking.
//! Other rows need the list itself: where they meet a cursor, that procedure goes along its lists as they are.

use super::{
    Lowering,
    expr::Site,
    scope::Code,
    skeleton::{Literals, Skeleton, flatten},
    specialise::Knowledge,
    stop::Stop,
    value::{Pair, Val},
};
use crate::{
    anf::{Atom, Builder, Table},
    diag,
    prim::{Numeric, Structural},
    reader::number_text,
    span::Span,
};
use std::{
    collections::{HashMap, HashSet},
    rc::Rc,
};

/// How far a procedure may step at once to be seen to go along its list.
const MAX_STEP: usize = 8;

/// Items of one shape whose leaves are literals.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Rows<'p> {
    shape: Skeleton<'p>,
    columns: Vec<Column>,
    len: usize,
}

/// One leaf of all items.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
enum Column {
    /// The same literal in each.
    Same(Atom),
    Table(Table),
}

/// A place in a known list: `base + offset` of its items come before.
#[derive(Clone, Debug)]
pub(super) struct Cursor<'p> {
    pub(super) rows: Rc<Rows<'p>>,
    /// The sum as an atom.
    pub(super) index: Atom,
    base: Atom,
    offset: usize,
}

/// What is known of the indices of the function at hand.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// The least and the most that a base can be here.
    bounds: HashMap<Atom, (usize, usize)>,
    /// What follows for bases where a truth value is false, and where it is true.
    implied: HashMap<Atom, [Bounds; 2]>,
}

/// Bases, and the least and most that they can be.
pub(super) type Bounds = Vec<(Atom, (usize, usize))>;

/// The lists that have become tables, by their cells.
#[derive(Debug, Default)]
pub(super) struct Lists<'p> {
    places: HashMap<*const Pair<'p>, (Rc<Rows<'p>>, usize)>,
    /// Those from which on all is known.
    known: HashSet<*const Pair<'p>>,
    /// The lists, so that no cell is freed and used again.
    kept: Vec<Val<'p>>,
}

impl Places {
    /// The bounds here.
    pub(super) fn bounds(&self) -> HashMap<Atom, (usize, usize)> {
        self.bounds.clone()
    }

    /// Back to where the bounds were these.
    pub(super) fn leave(&mut self, bounds: HashMap<Atom, (usize, usize)>) {
        self.bounds = bounds;
    }
}

impl<'p> Lists<'p> {
    /// Whether all is known from a cell on.
    pub(super) fn is_known(&self, cell: &Rc<Pair<'p>>) -> bool {
        self.known.contains(&Rc::as_ptr(cell))
    }

    /// Enters that it is, from these cells of a list on.
    pub(super) fn know(&mut self, cells: &[&Rc<Pair<'p>>], list: &Val<'p>) {
        if !cells.is_empty() {
            self.known.extend(cells.iter().map(|cell| Rc::as_ptr(cell)));
            self.kept.push(list.clone());
        }
    }
}

impl<'p> Rows<'p> {
    /// Items in columns, if all have one shape and literals for leaves.
    pub(super) fn of(builder: &Builder, items: &[Val<'p>]) -> Option<Self> {
        let leaves = |item: &Val<'p>| flatten(builder, std::slice::from_ref(item), Literals::Leaves);
        let (shape, first) = leaves(items.first()?);
        let mut columns: Vec<Vec<Atom>> = vec![Vec::with_capacity(items.len()); first.len()];
        for item in items {
            let (other, atoms) = leaves(item);
            if other != shape || atoms.iter().any(|atom| atom.var().is_some()) {
                return None;
            }
            columns.iter_mut().zip(atoms).for_each(|(column, atom)| column.push(atom));
        }
        let column = |atoms: Vec<Atom>| match atoms.first() {
            Some(first) if atoms.iter().all(|atom| atom == first) => Some(Column::Same(*first)),
            _ => {
                let number = |atom: &Atom| match atom {
                    Atom::Real(x) => Some(*x),
                    Atom::Bool(_) | Atom::Var(_) => None,
                };
                let numbers: Option<Vec<f64>> = atoms.iter().map(number).collect();
                Some(Column::Table(Table::new(numbers?)))
            }
        };
        let columns = columns.into_iter().map(column).collect::<Option<_>>()?;
        Some(Self { shape, columns, len: items.len() })
    }

    /// The item at an index, which is one of them.
    pub(super) fn at(&self, builder: &Builder, index: Atom) -> Val<'p> {
        let leaf = |column: &Column| match column {
            Column::Same(atom) => *atom,
            Column::Table(table) => builder.table(table, index),
        };
        let leaves: Vec<Atom> = self.columns.iter().map(leaf).collect();
        self.shape.rebuild(&leaves).swap_remove(0)
    }

    /// What the last so many items are, in words, if they are numbers.
    fn last(&self, builder: &Builder, count: usize) -> Option<String> {
        let items =
            (self.len.saturating_sub(count)..self.len).map(|i| self.at(builder, Atom::Real(i as f64)));
        let number = |item: Val<'p>| match item {
            Val::Atom(Atom::Real(x)) => Some(number_text(x)),
            _ => None,
        };
        let numbers = items.map(number).collect::<Option<Vec<_>>>()?;
        Some(format!("a pair: ({})", numbers.join(" ")))
    }
}

impl<'p> Cursor<'p> {
    /// Whether it is as far on in its list as another in its own.
    pub(super) fn is_beside(&self, other: &Self) -> bool {
        (self.base, self.offset) == (other.base, other.offset)
    }

    pub(super) fn at(rows: Rc<Rows<'p>>, index: Atom) -> Self {
        Self { rows, index, base: index, offset: 0 }
    }

    /// So many items further on.
    fn after(&self, builder: &Builder, steps: usize) -> Self {
        let offset = self.offset + steps;
        let index = match steps {
            0 => self.index,
            _ => builder.row(Numeric::Add, &[self.base, Atom::Real(offset as f64)]),
        };
        Self { rows: self.rows.clone(), index, base: self.base, offset }
    }
}

impl<'p> Val<'p> {
    /// Whether it is a list.
    pub(super) fn is_list(&self) -> bool {
        self.is_open() || self.proper().is_some()
    }

    /// Whether it is a list whose end is a cursor.
    pub(super) fn is_open(&self) -> bool {
        self.end().is_some()
    }

    /// The cursor that a list ends in.
    fn end(&self) -> Option<&Cursor<'p>> {
        let mut rest = self;
        while let Self::Pair(pair) = rest {
            rest = &pair.1;
        }
        match rest {
            Self::Cursor(cursor) => Some(cursor),
            _ => None,
        }
    }
}

impl<'p> Knowledge<'p> {
    /// What to try next where a program has been found to be general: whether there is anything.
    pub(super) fn reconsider(&mut self) -> bool {
        let stuck = self.stuck.take();
        let is_new = self.walks.len() > self.seen;
        if !is_new {
            // A procedure that a cursor does not do for goes along its lists as they are.
            let mut left = self.walks.iter().map(|(code, _)| *code).filter(|code| !self.unfit.contains(code));
            let stuck = stuck.filter(|code| left.clone().any(|other| other == *code));
            let Some(code) = stuck.or_else(|| left.next_back()) else { return false };
            self.unfit.insert(code);
        }
        self.seen = self.walks.len();
        self.unrolled.clear();
        self.loops.clear();
        true
    }

    fn is_walked(&self, code: Code<'p>, index: usize) -> bool {
        self.walks[..self.seen].contains(&(code, index)) && !self.unfit.contains(&code)
    }
}

/// Whether one value is a tail of another, by their cells.
fn is_tail(tail: &Val<'_>, list: &Val<'_>) -> bool {
    let (Val::Pair(tail), Val::Pair(first)) = (tail, list) else { return false };
    let mut cell = first;
    for _ in 0..MAX_STEP {
        let Val::Pair(next) = &cell.1 else { return false };
        if Rc::ptr_eq(next, tail) {
            return true;
        }
        cell = next;
    }
    false
}

impl<'p> Lowering<'p> {
    /// The arguments of a function, those that it goes along as cursors.
    pub(super) fn walked(
        &mut self,
        code: Code<'p>,
        values: &[Val<'p>],
        span: Span,
    ) -> Result<Vec<Val<'p>>, Stop<'p>> {
        self.notice(values);
        let mut walked = values.to_vec();
        for (index, value) in walked.iter_mut().enumerate() {
            if self.knowledge.is_walked(code, index)
                && let Some(cursor) = self.cursor(value, span)?
            {
                *value = Val::Cursor(cursor);
            }
        }
        Ok(walked)
    }

    /// Enters the arguments of the procedure at hand of which one of these values is a tail.
    pub(super) fn notice(&mut self, values: &[Val<'p>]) {
        let Some((code, arguments)) = self.active.last().and_then(|frame| frame.at.as_ref()) else { return };
        for (index, list) in arguments.iter().enumerate() {
            let walk = (*code, index);
            if values.iter().any(|value| is_tail(value, list)) && !self.knowledge.walks.contains(&walk) {
                self.knowledge.walks.push(walk);
            }
        }
    }

    /// Two values between which a number chooses, the empty list and known lists as cursors where the other is one.
    pub(super) fn alike(&mut self, span: Span, a: &Val<'p>, b: &Val<'p>) -> Result<[Val<'p>; 2], Stop<'p>> {
        let mut both = [a.clone(), b.clone()];
        for (this, other) in [(0, 1), (1, 0)] {
            let Val::Cursor(Cursor { rows, .. }) = both[other].clone() else { continue };
            let known = match &both[this] {
                Val::Nil => Some(Cursor::at(rows.clone(), Atom::Real(rows.len as f64))),
                list => self.cursor(list, span)?.filter(|cursor| cursor.rows == rows),
            };
            if let Some(cursor) = known {
                both[this] = Val::Cursor(cursor);
            }
        }
        Ok(both)
    }

    /// A list of literals as a cursor.
    fn cursor(&mut self, list: &Val<'p>, span: Span) -> Result<Option<Cursor<'p>>, Stop<'p>> {
        let Val::Pair(first) = list else { return Ok(None) };
        let place = self.lists.places.get(&Rc::as_ptr(first)).cloned();
        if let Some((rows, index)) = place {
            return Ok(Some(Cursor::at(rows, Atom::Real(index as f64))));
        }
        let Some(rows) = list.proper().and_then(|items| Rows::of(&self.builder, &items)) else {
            return Ok(None);
        };
        self.grow(rows.len, span)?;
        let rows = Rc::new(rows);
        let (mut rest, mut index) = (list, 0);
        while let Val::Pair(pair) = rest {
            self.lists.places.insert(Rc::as_ptr(pair), (rows.clone(), index));
            (rest, index) = (&pair.1, index + 1);
        }
        self.lists.kept.push(list.clone());
        Ok(Some(Cursor::at(rows, Atom::Real(0.0))))
    }

    /// What a base can be here, at least and at most.
    fn bounds(&self, base: Atom) -> (usize, usize) {
        match base {
            Atom::Real(x) => (x as usize, x as usize),
            _ => self.places.bounds.get(&base).copied().unwrap_or((0, usize::MAX)),
        }
    }

    /// Enters what has become known of bases.
    pub(super) fn bound(&mut self, known: &[(Atom, (usize, usize))]) {
        for (base, (least, most)) in known {
            let (from, to) = self.bounds(*base);
            self.places.bounds.insert(*base, (from.max(*least), to.min(*most)));
        }
    }

    /// What follows where a truth value is what is said.
    pub(super) fn implied(&self, condition: Atom, holds: bool) -> Bounds {
        let implied = self.places.implied.get(&condition);
        implied.map_or_else(Vec::new, |sides| sides[usize::from(holds)].clone())
    }

    /// Enters what follows from a truth value.
    pub(super) fn implies(&mut self, condition: Atom, sides: [Bounds; 2]) {
        if condition.var().is_some() && sides.iter().any(|side| !side.is_empty()) {
            self.places.implied.insert(condition, sides);
        }
    }

    /// What follows from a choice between truth values, as `and` and `or` are.
    pub(super) fn implied_by_choice(&self, condition: Atom, sides: [Option<Atom>; 2]) -> [Bounds; 2] {
        let [then, els] = sides;
        [false, true].map(|holds| {
            // It is `holds` by one side alone, if the other is the opposite.
            let (side, given) = match (then, els) {
                (_, Some(Atom::Bool(b))) if b != holds => (true, then),
                (Some(Atom::Bool(b)), _) if b != holds => (false, els),
                _ => return Vec::new(),
            };
            let of_side = given.map_or_else(Vec::new, |atom| self.implied(atom, holds));
            [self.implied(condition, side), of_side].concat()
        })
    }

    /// Whether a cursor has an item, as `pair?` says, or has none, as `null?` does.
    pub(super) fn is_at(&mut self, cursor: &Cursor<'p>, item: bool) -> Atom {
        let (len, (least, most)) = (cursor.rows.len, self.bounds(cursor.base));
        let there = (0, len.saturating_sub(cursor.offset + 1));
        let past = (len.saturating_sub(cursor.offset), usize::MAX);
        if len <= cursor.offset || least >= past.0 {
            return Atom::Bool(!item);
        }
        if most <= there.1 {
            return Atom::Bool(item);
        }
        let row = if item { Numeric::Less } else { Numeric::GreaterEq };
        let test = self.builder.row(row, &[cursor.index, Atom::Real(len as f64)]);
        let [there, past] = [there, past].map(|bounds| vec![(cursor.base, bounds)]);
        self.implies(test, if item { [past, there] } else { [there, past] });
        test
    }

    /// Ends the runs in which a cursor has no item, by an error about `found`.
    fn require_item(
        &mut self,
        site: Site<'p>,
        name: &str,
        wanted: &str,
        found: &str,
        cursor: &Cursor<'p>,
    ) -> Result<(), Stop<'p>> {
        let is_there = self.is_at(cursor, true);
        let message = format!("`{name}` takes {wanted}, but was given {found}");
        self.require(is_there, diag::Code::WrongType, message, site.span, &[])?;
        let known = self.implied(is_there, true);
        self.bound(&known);
        Ok(())
    }

    /// A step of `car`, `cdr` and their compositions, after so many others, if those were along the same list.
    pub(super) fn part(
        &mut self,
        site: Site<'p>,
        name: &str,
        (cursor, before): (&Cursor<'p>, Option<usize>),
        first: bool,
    ) -> Result<Val<'p>, Stop<'p>> {
        let wanted = match name {
            "car" | "cdr" => "a pair",
            _ if name[2..].trim_end_matches('r').bytes().all(|b| b == b'd') => "a longer list",
            _ => "pairs nested deeper",
        };
        let found = match before {
            Some(0) => Val::Nil.noun(&self.builder).to_string(),
            Some(before) => match cursor.rows.last(&self.builder, before) {
                Some(found) => found,
                None if self.is_at(cursor, true) == Atom::Bool(true) => String::new(),
                // Other items are written by the machine only.
                None => return Err(self.unknown_place(site, name)),
            },
            None => "a pair".to_string(),
        };
        self.require_item(site, name, wanted, &found, cursor)?;
        Ok(match first {
            true => cursor.rows.at(&self.builder, cursor.index),
            false => Val::Cursor(cursor.after(&self.builder, 1)),
        })
    }

    /// The call of a row with a list that ends in a cursor; nothing where there is none.
    pub(super) fn on_cursor(
        &mut self,
        site: Site<'p>,
        row: Structural,
        values: &[Val<'p>],
    ) -> Result<Option<Val<'p>>, Stop<'p>> {
        if !values.iter().any(Val::is_open) {
            return Ok(None);
        }
        let name = row.row().called();
        Ok(Some(match (row, values) {
            (Structural::Length, [Val::Cursor(cursor)]) => {
                let len = Atom::Real(cursor.rows.len as f64);
                Val::Atom(self.builder.row(Numeric::Sub, &[len, cursor.index]))
            }
            (Structural::Last, [Val::Cursor(cursor)]) => {
                let found = Val::Nil.noun(&self.builder);
                self.require_item(site, name, "a list of at least one item", found, cursor)?;
                cursor.rows.at(&self.builder, Atom::Real(cursor.rows.len as f64 - 1.0))
            }
            (Structural::ListRef, [Val::Cursor(cursor), Val::Atom(Atom::Real(k))]) => {
                let at = self.known_after(cursor, *k, 1).ok_or_else(|| self.unknown_place(site, name))?;
                cursor.rows.at(&self.builder, at.index)
            }
            (Structural::ListTail, [Val::Cursor(cursor), Val::Atom(Atom::Real(k))]) => {
                Val::Cursor(self.known_after(cursor, *k, 0).ok_or_else(|| self.unknown_place(site, name))?)
            }
            _ => return Err(self.unknown_place(site, name)),
        }))
    }

    /// So many items further on, if it is known that there are so many and then so many more.
    fn known_after(&self, cursor: &Cursor<'p>, steps: f64, more: usize) -> Option<Cursor<'p>> {
        let is_count = steps >= 0.0 && steps.fract() == 0.0 && steps <= cursor.rows.len as f64;
        let steps = Some(steps as usize).filter(|_| is_count)?;
        let before = cursor.offset + steps + more;
        let (_, most) = self.bounds(cursor.base);
        let is_known = before <= cursor.rows.len && (steps + more == 0 || most <= cursor.rows.len - before);
        is_known.then(|| cursor.after(&self.builder, steps))
    }

    /// What needs a list that is known only by its place.
    pub(super) fn unknown_place(&self, site: Site<'p>, name: &str) -> Stop<'p> {
        self.general(site.span, format!("`{name}` of the rest of a list"))
    }
}
