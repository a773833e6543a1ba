//! Inputs by mistake: names that look like a slip of the keyboard or like a habit of other languages.

use super::constants;
use crate::{
    diag::{Code, Diagnostic},
    kernel::{Expr, ExprKind, Local, LocalInfo, Program, infix_name, marked, misspelt, misspelt_known},
    prim::Prim,
};
use std::collections::{HashMap, HashSet};

/// How many inputs are compared with names that are bound, and with how many of those.
const MOST_COMPARED: (usize, usize) = (100, 1000);

/// What inputs are compared with.
pub(super) struct Slips<'p> {
    /// The names of all bindings.
    names: HashSet<&'p str>,
    /// Those that the text binds.
    bound: Vec<&'p str>,
    /// The inputs that nothing binds.
    free: HashSet<Local>,
    /// Inputs that stand where a procedure is wanted.
    passed: HashSet<Local>,
    /// Inputs that are nothing but tests, and those that stand only in a `let` beside a binding of their names.
    tests: HashSet<Local>,
    beside: HashSet<Local>,
    /// How many inputs have been compared with bound names.
    compared: usize,
    /// Whether it is a program from a string.
    is_string: bool,
}

impl<'p> Slips<'p> {
    pub(super) fn new(program: &'p Program, is_string: bool) -> Self {
        let written = || program.locals.iter().enumerate().filter(|(_, info)| !info.prelude);
        let inputs: HashSet<Local> = program.inputs.iter().chain(&program.captures).copied().collect();
        let bound = || written().filter(|(at, _)| !inputs.contains(&Local(*at as u32)));
        // Programs mostly have no such inputs, and then are not gone through for them.
        let called = |is: &dyn Fn(&str) -> bool| -> HashSet<Local> {
            let name = |local: &Local| program.locals.get(local.0 as usize).map(|info| &*info.name);
            inputs.iter().filter(|input| name(input).is_some_and(is)).copied().collect()
        };
        let truths = called(&|name| truth(name).is_some());
        let others: HashSet<&str> = bound().map(|(_, info)| &*info.name).collect();
        let hidden = called(&|name| others.contains(name));
        Self {
            names: written().map(|(_, info)| &*info.name).collect(),
            bound: bound().map(|(_, info)| &*info.name).take(MOST_COMPARED.1).collect(),
            free: free(program, &inputs),
            passed: passed(program),
            tests: only(program, &truths, tests),
            beside: only(program, &hidden, beside),
            compared: 0,
            is_string,
        }
    }

    /// Whether an input is one by mistake. Where the program binds its inputs itself they are called so on purpose.
    pub(super) fn slip(&mut self, input: Local, info: &LocalInfo) -> Option<Diagnostic> {
        if !self.free.contains(&input) {
            return None;
        }
        let finding = |message: String, hint| Diagnostic::new(Code::NearName, info.span, message).hint(hint);
        let name = &*info.name;
        let unbound = || format!("nothing binds `{name}`, and so it is an input");
        if let Some(written) = constants::written(name).filter(|_| self.is_string) {
            return Some(finding(unbound(), format!("write {written}")));
        }
        if self.is_string && self.beside.contains(&input) {
            return Some(finding(
                unbound(),
                format!("the `{name}` beside it is not seen by the values of `let`: write let*"),
            ));
        }
        if let Some(written) = truth(name).filter(|_| self.is_string && self.tests.contains(&input)) {
            return Some(finding(unbound(), format!("write {written}")));
        }
        if let Some(written) = infix_name(name, |part| part != name && self.names.contains(part)) {
            return Some(finding(
                format!("`{name}` is one name, and so an input"),
                format!("write {written}"),
            ));
        }
        if let Some(written) = marked(name).filter(|_| self.is_string) {
            return Some(finding(
                format!("`{name}` is one name, and so an input"),
                format!("write {written}"),
            ));
        }
        self.compared += 1;
        if self.compared > MOST_COMPARED.0 {
            return None;
        }
        let near = misspelt(name, self.bound.iter().copied());
        let near =
            near.or_else(|| misspelt_known(name).filter(|_| self.is_string && self.passed.contains(&input)))?;
        Some(finding(unbound(), format!("did you mean `{near}`?")))
    }
}

/// The inputs whose place is that of a mention: nothing binds them.
fn free(program: &Program, inputs: &HashSet<Local>) -> HashSet<Local> {
    let mut free = HashSet::new();
    let mut todo = vec![&program.body];
    while let Some(expr) = todo.pop() {
        if let ExprKind::Local(local) = expr.kind
            && inputs.contains(&local)
            && program.locals.get(local.0 as usize).is_some_and(|info| info.span == expr.span)
        {
            free.insert(local);
        }
        expr.each_child(&mut |child: &Expr| todo.push(child));
    }
    free
}

/// What a name that is the last test elsewhere is here.
fn truth(name: &str) -> Option<&'static str> {
    match name {
        "t" | "T" => Some("#t, or `else` as the test of the last clause of cond"),
        ":else" | "otherwise" | ":otherwise" | "default" | ":default" => Some("`else`"),
        _ => None,
    }
}

/// Of these inputs those of which each mention is one that `found` has.
fn only(
    program: &Program,
    inputs: &HashSet<Local>,
    found: fn(&Program, &HashSet<Local>) -> Vec<Local>,
) -> HashSet<Local> {
    let mut left: HashMap<Local, usize> = HashMap::new();
    if !inputs.is_empty() {
        found(program, inputs).into_iter().for_each(|local| *left.entry(local).or_default() += 1);
    }
    if left.is_empty() {
        return HashSet::new();
    }
    let mut todo = vec![&program.body];
    while let Some(expr) = todo.pop() {
        if let ExprKind::Local(local) = expr.kind
            && let Some(count) = left.get_mut(&local)
        {
            match count.checked_sub(1) {
                Some(less) => *count = less,
                None => _ = left.remove(&local),
            }
        }
        expr.each_child(&mut |child: &Expr| todo.push(child));
    }
    left.into_keys().collect()
}

/// The inputs that stand alone as a test.
fn tests(program: &Program, inputs: &HashSet<Local>) -> Vec<Local> {
    let mut found = Vec::new();
    let mut todo = vec![&program.body];
    while let Some(expr) = todo.pop() {
        if let ExprKind::If(test, ..) = &expr.kind
            && let ExprKind::Local(local) = test.kind
            && inputs.contains(&local)
        {
            found.push(local);
        }
        expr.each_child(&mut |child: &Expr| todo.push(child));
    }
    found
}

/// The inputs in the values of a `let` that binds another local of the same name beside them.
fn beside(program: &Program, inputs: &HashSet<Local>) -> Vec<Local> {
    let name_of = |local: Local| program.locals.get(local.0 as usize).map(|info| &*info.name);
    let by_name: HashMap<&str, Local> =
        inputs.iter().filter_map(|input| Some((name_of(*input)?, *input))).collect();
    let mut found = Vec::new();
    let mut todo = vec![&program.body];
    while let Some(expr) = todo.pop() {
        if let ExprKind::Let(bindings, _) = &expr.kind
            && bindings.len() > 1
        {
            let hiding = |(local, _): &(Local, Expr)| by_name.get(name_of(*local)?).copied();
            let hidden: HashSet<Local> = bindings.iter().filter_map(hiding).collect();
            for binding in bindings.iter().filter(|_| !hidden.is_empty()) {
                let own = hiding(binding);
                let mut values = vec![&binding.1];
                while let Some(expr) = values.pop() {
                    if let ExprKind::Local(local) = expr.kind
                        && hidden.contains(&local)
                        && own != Some(local)
                    {
                        found.push(local);
                    }
                    expr.each_child(&mut |child: &Expr| values.push(child));
                }
            }
        }
        expr.each_child(&mut |child: &Expr| todo.push(child));
    }
    found
}

/// What is given first to procedures of the language that call procedures. Elsewhere the name of a number may well
/// be one letter away from that of a procedure, as `vmax` is from `vmap`.
fn passed(program: &Program) -> HashSet<Local> {
    let mut passed = HashSet::new();
    let mut todo = vec![&program.body];
    while let Some(expr) = todo.pop() {
        if let ExprKind::Call(head, operands) = &expr.kind
            && let [Expr { kind: ExprKind::Local(first), .. }, ..] = operands.as_slice()
            && match &head.kind {
                ExprKind::Prim(Prim::Structural(prim)) => prim.calls(),
                ExprKind::Local(local) => {
                    program.locals.get(local.0 as usize).is_some_and(|info| info.prelude)
                }
                _ => false,
            }
        {
            passed.insert(*first);
        }
        expr.each_child(&mut |child: &Expr| todo.push(child));
    }
    passed
}
