//! Bodies of functions. One that calls itself in tail position is a loop, whose body is a step.
//!
//! Functions that call one another in tail position are one loop, with the parameters of all and a tag
//! that says whose step is next.

use super::{
    Lowering,
    expr::{Env, Tail},
    join::{Out, Side},
    skeleton::{Literals, flatten},
    specialise::{Frame, Gives, Key},
    stop::Stop,
    value::Val,
};
use crate::{
    anf::{Atom, Builder, Function, Kind, Type},
    prim::Numeric,
};

impl<'p> Lowering<'p> {
    /// The function of a group, and the shape of its result.
    pub(super) fn body(&mut self, group: usize) -> Result<(Function, Gives<'p>), Stop<'p>> {
        let (made, inner) = self.apart(|lowering| lowering.body_here(group));
        let (kind, results, result) = made?;
        let members = &self.functions.groups[group].members;
        let name = members.iter().map(|key| key.code.0.name.as_deref().unwrap_or("lambda"));
        let graph = inner.finish(name.collect::<Vec<_>>().join("/"), results);
        Ok((Function { graph, kind }, result))
    }

    /// Lowers to a graph of its own, left to be finished.
    pub(super) fn apart<T>(
        &mut self,
        make: impl FnOnce(&mut Self) -> Result<T, Stop<'p>>,
    ) -> (Result<T, Stop<'p>>, Builder) {
        let builder = std::mem::take(&mut self.builder);
        let inlined = std::mem::take(&mut self.inlined);
        let origins = std::mem::take(&mut self.origins);
        let places = std::mem::take(&mut self.places);
        let conditional = self.conditional;
        let made = make(self);
        (self.inlined, self.origins, self.places) = (inlined, origins, places);
        self.conditional = conditional;
        (made, std::mem::replace(&mut self.builder, builder))
    }

    fn body_here(&mut self, group: usize) -> Result<(Kind, Vec<Atom>, Gives<'p>), Stop<'p>> {
        let members = self.functions.groups[group].members.clone();
        let tag = (members.len() > 1).then(|| self.builder.param("step", Type::REAL));
        let params: Vec<Vec<Atom>> = members.iter().map(|key| self.params(key)).collect();
        if let Some(frame) = self.active.last_mut() {
            frame.params = params.clone();
        }
        let out = match tag {
            None => self.member(&members[0], &params[0]),
            Some(tag) => self.dispatch(group, tag, &members, &params),
        };
        let out = match out {
            Err(Stop::Never) => return Ok((Kind::Once, Vec::new(), Gives::Never)),
            out => out?,
        };
        let steps = match out {
            Out::Value(value) => {
                let (skeleton, results) =
                    flatten(&self.builder, std::slice::from_ref(&value), Literals::Leaves);
                return Ok((Kind::Once, results, Gives::Value(skeleton)));
            }
            Out::Steps(steps) => steps,
            Out::Again(_) => return Err(Stop::Bottom),
        };
        // A loop that no step leaves fails or never ends, unless a call that is not known yet would leave it.
        let waits = self.active.last().is_some_and(Frame::waits);
        let (result, exits) = match &steps.exit {
            Some(exit) => {
                let (skeleton, exits) = flatten(&self.builder, std::slice::from_ref(exit), Literals::Leaves);
                (Gives::Value(skeleton), exits)
            }
            None if waits => return Err(Stop::Bottom),
            None => (Gives::Never, Vec::new()),
        };
        let mut results = vec![steps.go];
        results.extend(tag.map(|_| steps.tag));
        for (member, params) in params.iter().enumerate() {
            match steps.next.get(&member) {
                Some(next) => results.extend(next),
                None => results.extend(params),
            }
        }
        results.extend(exits);
        Ok((Kind::Loop, results, result))
    }

    /// The step that the tag says.
    fn dispatch(
        &mut self,
        group: usize,
        tag: Atom,
        members: &[Key<'p>],
        params: &[Vec<Atom>],
    ) -> Result<Out<'p>, Stop<'p>> {
        let span = self.functions.groups[group].span;
        let outer = self.conditional.replace(span);
        let mut sides = Vec::new();
        for (key, params) in members.iter().zip(params) {
            sides.push(self.side(|lowering| lowering.member(key, params))?);
        }
        self.conditional = outer;
        let mut rest: Option<Side<'p>> = None;
        while let Some(side) = sides.pop() {
            let index = Atom::Real(sides.len() as f64);
            rest = Some(match rest {
                None => side,
                Some(rest) => self.side(|lowering| {
                    let is_it = lowering.builder.row(Numeric::Equal, &[tag, index]);
                    lowering.join(span, is_it, side, rest)
                })?,
            });
        }
        rest.map_or(Err(Stop::Bottom), |all| self.splice(all))
    }

    /// The body of one procedure of a group.
    fn member(&mut self, key: &Key<'p>, params: &[Atom]) -> Result<Out<'p>, Stop<'p>> {
        let mut values = key.values.rebuild(params);
        let arguments = values.split_off(1);
        let Some(Val::Closure(closure)) = values.pop() else { return Err(Stop::Bottom) };
        if let Some(frame) = self.active.last_mut() {
            frame.at = Some((key.code, arguments.clone()));
        }
        let mut env: Env<'p> = self.environment(&closure, arguments);
        self.expr(&key.code.0.body, &mut env, Tail::Function)
    }

    /// Parameters for the leaves of a key, named as the bindings they belong to.
    fn params(&mut self, key: &Key<'p>) -> Vec<Atom> {
        let lambda = key.code.0;
        let captures = self.facts.captures(key.code);
        let locals = captures.iter().copied().chain(lambda.params.iter().copied()).chain(lambda.rest);
        let parts = key.values.parts();
        let mut atoms = Vec::new();
        for (local, types) in locals.zip(parts) {
            let info = self.info(local);
            let before = self.builder.at(Some(info.span));
            for (i, ty) in types.iter().enumerate() {
                let name =
                    if types.len() == 1 { info.name.to_string() } else { format!("{}[{i}]", info.name) };
                atoms.push(self.builder.param(name, *ty));
            }
            // An input that is captured is the input still.
            if let ([ty], Some(atom)) = (&types[..], atoms.last())
                && *ty == Type::REAL
                && self.program.inputs.contains(&local)
                && self.declared(local).is_none()
            {
                self.origins.insert(*atom, local);
            }
            self.builder.at(before);
        }
        atoms
    }
}
