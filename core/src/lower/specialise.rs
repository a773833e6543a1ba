//! Functions of the module: procedures that refer to themselves, one for each shape of what they are called
//! with.
//!
//! The shape of a function's result is found with its body, from nothing known: a call whose result is not
//! known yet is [`Stop::Bottom`], what depends on it has no value, and a choice takes the shape of its other
//! side. Once the result is known the body is lowered again. A function that runs once and does not call
//! itself is inlined if it is small.

use super::{
    FUNCTION_DEPTH, Lowering, MAX_DEPTH, MAX_INLINE, MAX_KEYS,
    expr::{Site, Tail},
    join::Out,
    scope::Code,
    skeleton::{Literals, Skeleton, flatten},
    stop::Stop,
    value::{Closure, Val},
};
use crate::{
    anf::{Atom, FnId, Function, Graph, Kind, Module, Op, renumber, unread},
    kernel::{Declared, Local},
    span::Span,
};
use std::{
    collections::{BTreeSet, HashMap, HashSet},
    rc::Rc,
};

/// What a function is made for: a procedure and the shapes of what it captured and is called with.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Key<'p> {
    pub(super) code: Code<'p>,
    pub(super) values: Skeleton<'p>,
}

/// What is learnt while lowering and changes what is built from the beginning.
#[derive(Debug, Default)]
pub(super) struct Knowledge<'p> {
    /// Procedures that come to call themselves though they do not mention themselves.
    pub(super) recursive: HashSet<Code<'p>>,
    /// The types of inputs that are used as arrays and not declared.
    pub(super) inputs: HashMap<Local, Declared>,
    /// Procedures whose literal arguments are part of the shape, since without them they are not lowered.
    pub(super) unrolled: HashSet<Code<'p>>,
    /// Functions that call one another in tail position: each a loop.
    pub(super) loops: Vec<Vec<Key<'p>>>,
    /// Arguments that are tails of a list that the function around is called with, and how many of them are
    /// cursors.
    pub(super) walks: Vec<(Code<'p>, usize)>,
    pub(super) seen: usize,
    /// Procedures that cursors do not do for.
    pub(super) unfit: HashSet<Code<'p>>,
    /// Procedures whose calls are not run, though all is known of them.
    pub(super) unknown: HashSet<Code<'p>>,
    /// The innermost procedure at which lowering ended.
    pub(super) stuck: Option<Code<'p>>,
}

/// The functions so far.
#[derive(Debug, Default)]
pub(super) struct Functions<'p> {
    /// Where each is: its group, and its place there.
    places: HashMap<Key<'p>, (usize, usize)>,
    pub(super) groups: Vec<Group<'p>>,
    keys: HashMap<Code<'p>, usize>,
    /// Procedures that some call gives a literal number.
    literal: HashSet<Code<'p>>,
    /// How many results are known.
    known: usize,
    /// The functions that a derivative was taken of: they are called, if in another form.
    pub(super) differentiated: BTreeSet<usize>,
    /// Modules whose functions, but for the first, are groups, from that number on.
    adopted: Vec<(Module, usize)>,
}

/// One function of the module: that of one key, or of several that share a loop.
#[derive(Debug)]
pub(super) struct Group<'p> {
    pub(super) members: Vec<Key<'p>>,
    pub(super) result: Gives<'p>,
    /// The function, once all results that it needs are known.
    pub(super) body: Option<Function>,
    /// Whether it is called within itself.
    recurs: bool,
    /// How many results were known when its own could not be found, and the lowest active function it
    /// waits for.
    waits: Option<(usize, usize)>,
    /// The groups that it calls in tail position.
    pub(super) tail_calls: BTreeSet<usize>,
    /// Where it was first called.
    pub(super) span: Span,
}

/// What a function gives.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Gives<'p> {
    Unknown,
    Value(Skeleton<'p>),
    /// It fails or never ends.
    Never,
}

/// A function that is being lowered.
#[derive(Debug)]
pub(super) struct Frame<'p> {
    pub(super) group: usize,
    /// The parameters of each procedure of the group.
    pub(super) params: Vec<Vec<Atom>>,
    /// The procedure at hand, and what it is called with.
    pub(super) at: Option<(Code<'p>, Vec<Val<'p>>)>,
    /// The lowest function among the active ones whose unknown result it met.
    cut: Option<usize>,
}

impl Frame<'_> {
    /// Whether a call that it met gives what is not known yet.
    pub(super) fn waits(&self) -> bool {
        self.cut.is_some()
    }
}

impl Functions<'_> {
    /// Makes a module's functions, but for the first, functions of the program; gives the first, which calls
    /// those.
    pub(super) fn adopt(&mut self, module: Module, span: Span) -> Option<Graph> {
        let known = self.adopted.iter().find(|(known, _)| known.functions[1..] == module.functions[1..]);
        let base = known.map_or(self.groups.len(), |(_, base)| *base);
        let number = |FnId(id): FnId| FnId(base as u32 + id.saturating_sub(1));
        let renumbered = |function: &Function| {
            let mut graph = function.graph.clone();
            renumber(&mut graph.body, &number);
            Function { graph, ..*function }
        };
        let program = module.functions.first().map(|function| renumbered(function).graph);
        if known.is_none() {
            self.groups.extend(module.functions.iter().skip(1).map(|function| Group {
                members: Vec::new(),
                result: Gives::Unknown,
                body: Some(renumbered(function)),
                recurs: false,
                waits: None,
                tail_calls: BTreeSet::new(),
                span,
            }));
            self.adopted.push((module, base));
        }
        program
    }
}

impl<'p> Key<'p> {
    /// What a call is made for, and the leaves it passes.
    fn of(lowering: &Lowering<'p>, closure: &Closure<'p>, values: &[Val<'p>]) -> (Self, Vec<Atom>) {
        // As one value, so that captures and arguments are told apart by how their literals count.
        let captured =
            Val::Closure(Rc::new(Closure { code: closure.code, captured: closure.captured.clone() }));
        let all: Vec<Val<'p>> = std::iter::once(captured).chain(values.iter().cloned()).collect();
        let is_unrolled = lowering.knowledge.unrolled.contains(&closure.code);
        let literals = if is_unrolled { Literals::Shape } else { Literals::Arguments };
        let (values, atoms) = flatten(&lowering.builder, &all, literals);
        (Self { code: closure.code, values }, atoms)
    }
}

impl<'p> Lowering<'p> {
    /// Whether the procedure is called as a function rather than inlined.
    pub(super) fn is_function(
        &mut self,
        closure: &Closure<'p>,
        values: &[Val<'p>],
    ) -> Result<bool, Stop<'p>> {
        let code = closure.code;
        if self.facts.is_recursive(code) || self.knowledge.recursive.contains(&code) {
            return Ok(true);
        }
        let around: Vec<_> = self.inlined.iter().filter(|(other, _)| other.code == code).collect();
        // What comes around again does so for ever: it is enough to look now and then.
        if around.len().is_power_of_two() {
            let (key, _) = Key::of(self, closure, values);
            if around.iter().any(|(other, values)| Key::of(self, other, values).0 == key) {
                self.knowledge.recursive.insert(code);
                return Err(Stop::Restart);
            }
        }
        Ok(false)
    }

    /// Whether what is being built is not kept, since a result that it needs is not known.
    pub(super) fn is_provisional(&self) -> bool {
        self.active.iter().any(|frame| frame.cut.is_some())
    }

    /// The call of a function: the next step of the loop at hand, its body inlined, or an instruction.
    pub(super) fn call_function(
        &mut self,
        site: Site<'p>,
        closure: &Rc<Closure<'p>>,
        values: &[Val<'p>],
        tail: Tail,
    ) -> Result<Out<'p>, Stop<'p>> {
        if let Some(out) = self.known_call(closure, values, tail)? {
            return Ok(out);
        }
        let values = self.walked(closure.code, values, site.span)?;
        let (key, atoms) = Key::of(self, closure, &values);
        if atoms.iter().any(|atom| matches!(atom, Atom::Real(_))) {
            self.functions.literal.insert(key.code);
        }
        let (group, member) = self.place(&key, site.span)?;
        if tail == Tail::Function
            && let Some(frame) = self.active.last()
        {
            if frame.group == group {
                return Ok(Out::step(member, atoms));
            }
            self.functions.groups[frame.group].tail_calls.insert(group);
        }
        let active = self.active.iter().position(|frame| frame.group == group);
        let here = &mut self.functions.groups[group];
        here.recurs |= active.is_some();
        if here.result == Gives::Unknown && active.is_none() {
            let known = self.functions.known;
            if self.functions.groups[group].waits.is_none_or(|(then, _)| then < known) {
                self.lower_group(group, &key)?;
            }
        }
        let here = &self.functions.groups[group];
        match here.result.clone() {
            Gives::Unknown => {
                let lowest = active.or(here.waits.map(|(_, lowest)| lowest)).unwrap_or(0);
                for frame in self.active.iter_mut().skip(lowest) {
                    frame.cut = Some(frame.cut.map_or(lowest, |cut| cut.min(lowest)));
                }
                Err(Stop::Bottom)
            }
            result => self.emit_call(site.span, group, member, &atoms, result),
        }
    }

    fn emit_call(
        &mut self,
        span: Span,
        group: usize,
        member: usize,
        atoms: &[Atom],
        result: Gives<'p>,
    ) -> Result<Out<'p>, Stop<'p>> {
        let args = self.arguments(group, member, atoms);
        let Gives::Value(skeleton) = result else {
            self.builder.push(Op::Call(FnId(group as u32)), args, &[]);
            return Err(Stop::Never);
        };
        let here = &self.functions.groups[group];
        let inlinable = |f: &&Function| f.kind == Kind::Once && f.graph.size() <= MAX_INLINE && !here.recurs;
        let results = match here.body.as_ref().filter(inlinable) {
            Some(function) => {
                let results = self.builder.inline(&function.graph, &args);
                let size = function.graph.size();
                self.grow(size, span)?;
                results
            }
            None => self.builder.push(Op::Call(FnId(group as u32)), args, &skeleton.types()),
        };
        Ok(Out::Value(skeleton.rebuild(&results).swap_remove(0)))
    }

    /// The operands of a call: the leaves, or, of several that share a loop, those of all, of which the
    /// others' are unread.
    pub(super) fn arguments(&self, group: usize, member: usize, atoms: &[Atom]) -> Vec<Atom> {
        let members = &self.functions.groups[group].members;
        if members.len() == 1 {
            return atoms.to_vec();
        }
        let mut all = vec![Atom::Real(member as f64)];
        for (index, key) in members.iter().enumerate() {
            if index == member {
                all.extend(atoms);
            } else {
                all.extend(key.values.types().into_iter().map(unread));
            }
        }
        all
    }

    /// The function of a key.
    pub(super) fn place(&mut self, key: &Key<'p>, span: Span) -> Result<(usize, usize), Stop<'p>> {
        if let Some(place) = self.functions.places.get(key) {
            return Ok(*place);
        }
        let group = self.functions.groups.len();
        let shared = self.knowledge.loops.iter().find(|keys| keys.contains(key));
        let members = shared.cloned().unwrap_or_else(|| vec![key.clone()]);
        for key in &members {
            self.grow(key.values.size(), span)?;
            let keys = self.functions.keys.entry(key.code).or_default();
            *keys += 1;
            if *keys > MAX_KEYS {
                let what = format!("{} for data of more than {MAX_KEYS} shapes", key.code.written());
                return Err(self.general(span, what));
            }
        }
        let places = members.iter().cloned().zip((0..).map(|member| (group, member)));
        self.functions.places.extend(places);
        self.functions.groups.push(Group {
            members,
            result: Gives::Unknown,
            body: None,
            recurs: false,
            waits: None,
            tail_calls: BTreeSet::new(),
            span,
        });
        Ok(self.functions.places.get(key).copied().unwrap_or((group, 0)))
    }

    /// Lowers a function, with those that it calls, as far as it can be for what is known.
    pub(super) fn lower_group(&mut self, group: usize, key: &Key<'p>) -> Result<(), Stop<'p>> {
        let lowered = self.lower_known(group, key);
        if let Err(Stop::General(_)) = &lowered
            && self.knowledge.walks.iter().any(|(code, _)| *code == key.code)
        {
            self.knowledge.stuck.get_or_insert(key.code);
        }
        lowered
    }

    fn lower_known(&mut self, group: usize, key: &Key<'p>) -> Result<(), Stop<'p>> {
        if self.depth > MAX_DEPTH / 2 {
            return Err(Stop::Later(key.clone().into()));
        }
        loop {
            let own = self.active.len();
            self.functions.groups[group].tail_calls.clear();
            self.active.push(Frame { group, params: Vec::new(), at: None, cut: None });
            self.depth += FUNCTION_DEPTH;
            let made = self.body(group);
            self.depth -= FUNCTION_DEPTH;
            let cut = self.active.pop().and_then(|frame| frame.cut);
            let (function, result) = match made {
                Ok((function, result)) => (Some(function), result),
                Err(Stop::Bottom) => (None, Gives::Unknown),
                // With the numbers that it is given it may be known how often it runs.
                Err(Stop::General(_))
                    if self.functions.literal.contains(&key.code)
                        && self.knowledge.unrolled.insert(key.code) =>
                {
                    return Err(Stop::Restart);
                }
                Err(other) => return Err(other),
            };
            let here = &mut self.functions.groups[group];
            if result == Gives::Unknown {
                // The least function it waits for is itself: no call of it ever gives a value, since each
                // fails or calls it again. The body is built with that known.
                if cut == Some(own) && here.result == Gives::Unknown {
                    here.result = Gives::Never;
                    self.functions.known += 1;
                    continue;
                }
                if cut.is_none_or(|lowest| lowest == own) {
                    let span = here.span;
                    let what = format!("{}, whose result is not found", key.code.written());
                    return Err(self.general(span, what));
                }
                let known = self.functions.known;
                here.waits = cut.map(|lowest| (known, lowest));
                // What waits for this one waits for what this one does.
                for other in &mut self.functions.groups {
                    if let (Some((then, waits)), Some(lowest)) = (&mut other.waits, cut)
                        && *then == known
                        && *waits >= own
                    {
                        *waits = lowest;
                    }
                }
                return Ok(());
            }
            if here.result == Gives::Unknown {
                here.result = result;
                self.functions.known += 1;
            } else if here.result != result {
                let span = here.span;
                let what = format!("{}, whose results are of several shapes", key.code.written());
                return Err(self.general(span, what));
            }
            match cut {
                None => {
                    here.body = function;
                    return Ok(());
                }
                // It waited for itself alone, which is known now.
                Some(lowest) if lowest == own => {}
                Some(_) => return Ok(()),
            }
        }
    }
}
