//! What is known of the procedures of a program before it is lowered: what they refer to.
//!
//! A procedure that `Fix` binds is known wherever it is mentioned, so that it is no value that others
//! capture: they capture what it needs in its place. So no closure holds itself, and all that one
//! holds are values.

use crate::kernel::{Expr, ExprKind, Lambda, Local, Program, free_locals};
use std::{
    collections::{HashMap, HashSet},
    hash::{Hash, Hasher},
    rc::Rc,
};

/// A lambda of the program, equal to itself alone.
#[derive(Clone, Copy, Debug)]
pub(super) struct Code<'p>(pub(super) &'p Lambda);

impl PartialEq for Code<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl Eq for Code<'_> {}

impl Hash for Code<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        std::ptr::from_ref(self.0).hash(state);
    }
}

impl<'p> Code<'p> {
    /// What messages call it.
    pub(super) fn written(self) -> String {
        self.0.name.as_ref().map_or("this procedure".to_string(), |name| format!("`{name}`"))
    }
}

/// The procedures of a program.
#[derive(Debug)]
pub(super) struct Facts<'p> {
    fixed: HashMap<Local, Code<'p>>,
    captures: HashMap<Code<'p>, Rc<[Local]>>,
    recursive: HashSet<Code<'p>>,
    once: HashSet<Code<'p>>,
}

impl<'p> Facts<'p> {
    pub(super) fn of(program: &'p Program) -> Self {
        let (mut fixed, mut lambdas, mut once) = (HashMap::new(), Vec::new(), HashSet::new());
        // What is not inside of a procedure is evaluated once.
        let mut todo = vec![(&program.body, true)];
        while let Some((expr, is_once)) = todo.pop() {
            let first = lambdas.len();
            match &expr.kind {
                ExprKind::Lambda(lambda) => lambdas.push(Code(lambda)),
                ExprKind::Fix(bindings, body) => {
                    for (local, lambda) in bindings {
                        fixed.insert(*local, Code(lambda));
                        lambdas.push(Code(lambda));
                    }
                    todo.push((body, is_once));
                }
                _ => expr.each_child(&mut |child: &'p Expr| todo.push((child, is_once))),
            }
            for code in &lambdas[first..] {
                todo.push((&code.0.body, false));
                once.extend(is_once.then_some(*code));
            }
        }
        let free: HashMap<Code<'p>, Vec<Local>> =
            lambdas.iter().map(|code| (*code, free_locals(code.0))).collect();
        let mut facts = Self { fixed, captures: HashMap::new(), recursive: HashSet::new(), once };
        for code in lambdas {
            let captures = facts.transitive(code, &free);
            facts.captures.insert(code, captures.into());
        }
        facts
    }

    /// The values that a procedure needs, itself or in the procedures it mentions.
    fn transitive(&mut self, code: Code<'p>, free: &HashMap<Code<'p>, Vec<Local>>) -> Vec<Local> {
        let (mut values, mut seen, mut todo) = (Vec::new(), HashSet::new(), vec![code]);
        while let Some(next) = todo.pop() {
            for local in free.get(&next).into_iter().flatten() {
                match self.fixed.get(local) {
                    Some(mentioned) if *mentioned == code => {
                        self.recursive.insert(code);
                    }
                    Some(mentioned) if seen.insert(*local) => todo.push(*mentioned),
                    None if seen.insert(*local) => values.push(*local),
                    _ => {}
                }
            }
        }
        values.sort_unstable();
        values
    }

    /// The procedure that `Fix` binds to a name.
    pub(super) fn fixed(&self, local: Local) -> Option<Code<'p>> {
        self.fixed.get(&local).copied()
    }

    /// The bindings whose values a closure keeps.
    pub(super) fn captures(&self, code: Code<'p>) -> Rc<[Local]> {
        self.captures.get(&code).cloned().unwrap_or_default()
    }

    /// Whether a procedure is made once in a run, so that it is the same wherever it is mentioned.
    pub(super) fn is_made_once(&self, code: Code<'p>) -> bool {
        self.once.contains(&code)
    }

    /// Whether a procedure refers to itself, perhaps through others.
    pub(super) fn is_recursive(&self, code: Code<'p>) -> bool {
        self.recursive.contains(&code)
    }
}
