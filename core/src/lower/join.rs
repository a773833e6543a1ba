//! Choices: two values that become one, leaf by leaf.
//!
//! Values of one shape join at the leaves where they differ. A side that fails has no value, so that
//! what follows the choice is the other side alone. Where a side is the next step of a loop the choice
//! gives whether to go on, the step and the value, each of which may be unread.

use super::{
    Lowering,
    known::KnownCall,
    skeleton::{Literals, Skeleton, flatten},
    stop::Stop,
    value::Val,
};
use crate::{
    anf::{Atom, Block, Inst, Type, unread},
    span::Span,
};
use std::collections::{BTreeMap, BTreeSet};

/// What an expression gives.
#[derive(Clone, Debug)]
pub(super) enum Out<'p> {
    /// Its value.
    Value(Val<'p>),
    /// In tail position, perhaps the next step of the loop around it.
    Steps(Box<Steps<'p>>),
    /// In the tail of a call of which all is known, another one.
    Again(KnownCall<'p>),
}

/// The next step of a loop, or its value.
#[derive(Clone, Debug)]
pub(super) struct Steps<'p> {
    /// Whether there is a next step.
    pub(super) go: Atom,
    /// Which of the loop's procedures runs then.
    pub(super) tag: Atom,
    /// The parameters of each procedure that may run then.
    pub(super) next: BTreeMap<usize, Vec<Atom>>,
    /// The loop's value, if there is no next step.
    pub(super) exit: Option<Val<'p>>,
}

impl Side<'_> {
    /// What it gives, if that is a number or truth value.
    pub(super) fn atom(&self) -> Option<Atom> {
        match &self.given {
            Given::Out(Out::Value(Val::Atom(atom))) => Some(*atom),
            _ => None,
        }
    }
}

impl<'p> Out<'p> {
    /// The next step.
    pub(super) fn step(member: usize, atoms: Vec<Atom>) -> Self {
        let tag = Atom::Real(member as f64);
        let next = BTreeMap::from([(member, atoms)]);
        Self::Steps(Steps { go: Atom::Bool(true), tag, next, exit: None }.into())
    }

    /// The value; there are no steps but in tail position.
    pub(super) fn value(self) -> Result<Val<'p>, Stop<'p>> {
        match self {
            Self::Value(value) => Ok(value),
            Self::Steps(_) | Self::Again(_) => Err(Stop::Bottom),
        }
    }

    fn steps(self) -> Steps<'p> {
        match self {
            Self::Steps(steps) => *steps,
            out => Steps {
                go: Atom::Bool(false),
                tag: Atom::Real(0.0),
                next: BTreeMap::new(),
                exit: out.value().ok(),
            },
        }
    }
}

/// One side of a choice.
#[derive(Debug)]
pub(super) struct Side<'p> {
    insts: Vec<Inst>,
    given: Given<'p>,
}

#[derive(Debug)]
enum Given<'p> {
    Out(Out<'p>),
    /// It fails or never ends.
    Never,
    /// It waits for a result that is not known yet.
    Bottom,
}

/// Atoms of two sides, leaf by leaf.
#[derive(Default)]
struct Leaves {
    pairs: Vec<(Atom, Atom)>,
}

impl Leaves {
    /// Enters two lists of atoms of the same types.
    fn add(&mut self, then: &[Atom], els: &[Atom]) {
        self.pairs.extend(then.iter().copied().zip(els.iter().copied()));
    }
}

impl<'p> Lowering<'p> {
    /// Lowers one side of a choice.
    pub(super) fn side(
        &mut self,
        body: impl FnOnce(&mut Self) -> Result<Out<'p>, Stop<'p>>,
    ) -> Result<Side<'p>, Stop<'p>> {
        let outer = self.builder.enter();
        let bounds = self.places.bounds();
        let out = body(self);
        self.places.leave(bounds);
        let insts = self.builder.leave(outer);
        let given = match out {
            Ok(out) => Given::Out(out),
            Err(Stop::Never) => Given::Never,
            Err(Stop::Bottom) => Given::Bottom,
            Err(other) => return Err(other),
        };
        Ok(Side { insts, given })
    }

    /// What a side gives, its instructions put here.
    pub(super) fn splice(&mut self, side: Side<'p>) -> Result<Out<'p>, Stop<'p>> {
        self.builder.splice(side.insts);
        match side.given {
            Given::Out(out) => Ok(out),
            Given::Never => Err(Stop::Never),
            Given::Bottom => Err(Stop::Bottom),
        }
    }

    /// The choice between two sides.
    pub(super) fn join(
        &mut self,
        span: Span,
        condition: Atom,
        then: Side<'p>,
        els: Side<'p>,
    ) -> Result<Out<'p>, Stop<'p>> {
        let guard = |insts| Block { insts, results: Vec::new() };
        match (then.given, els.given) {
            (Given::Bottom, Given::Bottom | Given::Never) | (Given::Never, Given::Bottom) => {
                Err(Stop::Bottom)
            }
            // What is built is not kept, but for the shape of the value.
            (Given::Bottom, Given::Out(out)) | (Given::Out(out), Given::Bottom) => Ok(out),
            (Given::Never, Given::Never) => {
                self.builder.choose(condition, guard(then.insts), guard(els.insts), &[]);
                Err(Stop::Never)
            }
            (Given::Never, given) => {
                self.builder.choose(condition, guard(then.insts), guard(Vec::new()), &[]);
                self.splice(Side { insts: els.insts, given })
            }
            (given, Given::Never) => {
                self.builder.choose(condition, guard(Vec::new()), guard(els.insts), &[]);
                self.splice(Side { insts: then.insts, given })
            }
            (Given::Out(Out::Value(a)), Given::Out(Out::Value(b))) => {
                let mut leaves = Leaves::default();
                let shape = self.same_shape(span, &a, &b, &mut leaves)?;
                let atoms = self.choose(condition, then.insts, els.insts, &leaves);
                Ok(Out::Value(shape.rebuild(&atoms).swap_remove(0)))
            }
            (Given::Out(a), Given::Out(b)) => {
                self.join_steps(span, condition, (then.insts, a.steps()), (els.insts, b.steps()))
            }
        }
    }

    /// The shape of two values, if it is one, and their leaves.
    fn same_shape(
        &mut self,
        span: Span,
        a: &Val<'p>,
        b: &Val<'p>,
        leaves: &mut Leaves,
    ) -> Result<Skeleton<'p>, Stop<'p>> {
        let [a, b] = &self.alike(span, a, b)?;
        let (shape, then) = flatten(&self.builder, std::slice::from_ref(a), Literals::Leaves);
        let (other, els) = flatten(&self.builder, std::slice::from_ref(b), Literals::Leaves);
        if shape != other {
            self.notice(&[a.clone(), b.clone()]);
            let [a, b] = [a, b].map(|v| v.noun(&self.builder));
            let what = match a == b {
                false => format!("a choice between {a} and {b}"),
                true if a == "a procedure" => "a choice between two procedures".to_string(),
                true => format!("a choice between {a} and {b} of another shape"),
            };
            return Err(self.general(span, what));
        }
        leaves.add(&then, &els);
        Ok(shape)
    }

    fn join_steps(
        &mut self,
        span: Span,
        condition: Atom,
        (then_insts, mut then): (Vec<Inst>, Steps<'p>),
        (els_insts, mut els): (Vec<Inst>, Steps<'p>),
    ) -> Result<Out<'p>, Stop<'p>> {
        let mut leaves = Leaves::default();
        leaves.add(&[then.go, then.tag], &[els.go, els.tag]);
        let members: BTreeSet<usize> = then.next.keys().chain(els.next.keys()).copied().collect();
        for member in members {
            // Of a step that is not taken any parameters will do: the present ones are not chosen.
            let params = self.active.last().and_then(|frame| frame.params.get(member).cloned());
            let [ours, theirs] = [&mut then, &mut els]
                .map(|steps| steps.next.entry(member).or_insert(params.clone().unwrap_or_default()));
            leaves.add(ours, theirs);
        }
        let before = leaves.pairs.len();
        let exit = match (&then.exit, &els.exit) {
            (Some(a), Some(b)) => Some(self.same_shape(span, a, b, &mut leaves)?),
            (Some(exit), None) | (None, Some(exit)) => {
                let (shape, atoms) = flatten(&self.builder, std::slice::from_ref(exit), Literals::Leaves);
                let unread = self.unread(&atoms);
                let [ours, theirs] = if then.exit.is_some() { [&atoms, &unread] } else { [&unread, &atoms] };
                leaves.add(ours, theirs);
                Some(shape)
            }
            (None, None) => None,
        };
        let atoms = self.choose(condition, then_insts, els_insts, &leaves);
        let (steps, exits) = atoms.split_at(before);
        let mut steps = steps.iter().copied();
        let mut next_atom = || steps.next().unwrap_or(Atom::Real(0.0));
        let (go, tag) = (next_atom(), next_atom());
        let next =
            then.next.iter().map(|(member, atoms)| (*member, atoms.iter().map(|_| next_atom()).collect()));
        let next = next.collect();
        let exit = exit.map(|shape| shape.rebuild(exits).swap_remove(0));
        Ok(Out::Steps(Steps { go, tag, next, exit }.into()))
    }

    /// Literals of the types of these atoms.
    pub(super) fn unread(&self, atoms: &[Atom]) -> Vec<Atom> {
        atoms.iter().map(|atom| unread(self.builder.ty(*atom))).collect()
    }

    /// A lazy choice of leaves; those that the sides have in common are not chosen.
    fn choose(&mut self, condition: Atom, then: Vec<Inst>, els: Vec<Inst>, leaves: &Leaves) -> Vec<Atom> {
        let chosen: Vec<(Atom, Atom)> = leaves.pairs.iter().copied().filter(|(a, b)| a != b).collect();
        if chosen.is_empty() && then.is_empty() && els.is_empty() {
            return leaves.pairs.iter().map(|pair| pair.0).collect();
        }
        let types: Vec<Type> =
            chosen.iter().map(|(a, _)| Type { scalar: self.builder.ty(*a).scalar, ..Type::REAL }).collect();
        let (then_results, els_results) = chosen.into_iter().unzip();
        let (then, els) =
            (Block { insts: then, results: then_results }, Block { insts: els, results: els_results });
        let mut results = self.builder.choose(condition, then, els, &types).into_iter();
        let leaf = |(a, b): &(Atom, Atom)| if a == b { *a } else { results.next().unwrap_or(*a) };
        leaves.pairs.iter().map(leaf).collect()
    }
}
