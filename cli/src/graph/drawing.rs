//! What is drawn: groups of nodes with lines of text, and edges between them, along which there is no way back.

use scheme_core::{
    anf::{Atom, Block, FnId, Graph, Op, Var},
    kernel::{Expr, ExprKind, Lambda, Local, Program},
    machine::{BlockId, End, Module},
    prim::Prim,
    trace::Trace,
};
use std::collections::HashMap;

/// Several graphs under each other.
#[derive(Debug, Default)]
pub(crate) struct Drawing {
    pub(crate) groups: Vec<Group>,
}

/// A graph without cycles.
#[derive(Debug, Default)]
pub(crate) struct Group {
    pub(crate) title: String,
    pub(crate) nodes: Vec<Node>,
    pub(crate) edges: Vec<Edge>,
}

#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) lines: Vec<String>,
    pub(crate) kind: Kind,
}

/// What a node stands for, which gives it its form.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// What is given: an input, a literal.
    Given,
    /// What is computed.
    Step,
    /// Where results go; not counted.
    Result,
}

#[derive(Debug)]
pub(crate) struct Edge {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) label: &'static str,
}

impl Drawing {
    /// How many nodes there are, without those that results go to.
    pub(crate) fn size(&self) -> usize {
        self.groups.iter().flat_map(|group| &group.nodes).filter(|node| node.kind != Kind::Result).count()
    }
}

impl Group {
    fn node(&mut self, line: String, kind: Kind) -> usize {
        self.nodes.push(Node { lines: vec![line], kind });
        self.nodes.len() - 1
    }

    /// An edge, once.
    fn edge(&mut self, from: usize, to: usize, label: &'static str) {
        let mut latest = self.edges.iter().rev().take_while(|edge| edge.to == to);
        if !latest.any(|edge| edge.from == from && edge.label == label) {
            self.edges.push(Edge { from, to, label });
        }
    }
}

/// A graph's parameters and instructions, with edges from what is computed to what uses it. The instructions of
/// both sides of a choice lead to the choice.
pub(crate) fn of_graph(graph: &Graph, title: String) -> Group {
    Drawn::of(graph, title).giving(&graph.body.results)
}

/// A trace's inputs and operations, and its guards, to which there are edges from what they look at.
pub(crate) fn of_trace(trace: &Trace, names: &[String]) -> Group {
    let graph = trace.graph("trace", names, |_| None);
    let mut drawn = Drawn::of(&graph, "trace".into());
    let (results, looked_at) = graph.body.results.split_at(trace.results().len());
    for (atom, guard) in looked_at.iter().zip(trace.guards()) {
        let node = drawn.group.node(format!("guard {atom} is {}", guard.must), Kind::Step);
        drawn.uses(&[*atom], node, "");
    }
    drawn.giving(results)
}

struct Drawn {
    group: Group,
    /// What binds each variable.
    at: HashMap<Var, usize>,
}

impl Drawn {
    /// A graph's parameters and instructions.
    fn of(graph: &Graph, title: String) -> Self {
        let mut drawn = Self { group: Group { title, ..Group::default() }, at: HashMap::new() };
        for (var, name) in graph.params.iter().zip(&graph.names) {
            let line = format!("{name}: {var} {}", graph.ty(Atom::Var(*var)));
            let node = drawn.group.node(line, Kind::Given);
            drawn.at.insert(*var, node);
        }
        drawn.block(&graph.body);
        drawn
    }

    /// The drawing, with where the results go.
    fn giving(mut self, results: &[Atom]) -> Group {
        let give = self.group.node(format!("give{}", atoms(results)), Kind::Result);
        self.uses(results, give, "");
        self.group
    }

    fn uses(&mut self, atoms: &[Atom], to: usize, label: &'static str) {
        for atom in atoms {
            if let Some(from) = atom.var().and_then(|var| self.at.get(&var)) {
                self.group.edge(*from, to, label);
            }
        }
    }

    fn block(&mut self, block: &Block) {
        for inst in &block.insts {
            if let Op::If { then, els } = &inst.op {
                self.block(then);
                self.block(els);
            }
            let results: Vec<String> = inst.results.iter().map(ToString::to_string).collect();
            let equals = if results.is_empty() { "" } else { " = " };
            let line = format!("{}{equals}{}{}", results.join(", "), operation(&inst.op), atoms(&inst.args));
            let node = self.group.node(line, Kind::Step);
            self.uses(&inst.args, node, "");
            if let Op::If { then, els } = &inst.op {
                for (label, side) in [("then", then), ("else", els)] {
                    self.group.nodes[node].lines.push(format!("{label}{}", atoms(&side.results)));
                    self.uses(&side.results, node, label);
                }
            }
            self.at.extend(inst.results.iter().map(|var| (*var, node)));
        }
    }
}

fn operation(op: &Op) -> String {
    match op {
        Op::Row(row) => row.row().ident.to_string(),
        Op::Whole(whole) => whole.to_string(),
        Op::Table(table) => format!("table of {}", table.items().len()),
        Op::Broadcast { axis, size } => format!("broadcast {axis} {size}"),
        Op::Sum { axis } => format!("sum {axis}"),
        Op::If { .. } => "if".into(),
        Op::Call(FnId(id)) => format!("call f{id}"),
        Op::Forward(FnId(id)) => format!("forward f{id}"),
        Op::Tangent(FnId(id)) => format!("tangent f{id}"),
        Op::Reverse(FnId(id)) => format!("reverse f{id}"),
        Op::Fail(failure) => format!("fail {}", failure.code.as_str()),
    }
}

fn atoms(atoms: &[Atom]) -> String {
    atoms.iter().map(|atom| format!(" {atom}")).collect()
}

/// A machine's blocks, with edges to where each goes. Calls are no edges, but that of a call that comes back goes to
/// the block after it.
pub(crate) fn of_blocks(module: &Module) -> Group {
    let mut group = Group { title: "blocks".into(), ..Group::default() };
    // The text has a line for each procedure, then the blocks, whose steps are indented.
    let text = module.to_string();
    for line in text.lines().skip(module.procedures.len()) {
        match group.nodes.last_mut() {
            Some(node) if line.starts_with(' ') => node.lines.push(line.trim_start().to_string()),
            _ => _ = group.node(line.trim_end_matches(':').to_string(), Kind::Step),
        }
    }
    for (i, procedure) in module.procedures.iter().enumerate() {
        if let Some(entry) = group.nodes.get_mut(procedure.entry.0 as usize) {
            let name = if i == 0 { "program" } else { procedure.name.as_deref().unwrap_or("lambda") };
            entry.lines.insert(0, format!("p{i} {name}"));
            entry.kind = Kind::Given;
        }
    }
    for (from, block) in module.blocks.iter().enumerate() {
        let mut to = |BlockId(block): &BlockId, label| group.edge(from, *block as usize, label);
        match &block.end {
            End::Return(_) | End::Call(_, _, None) => {}
            End::Jump(block, _) => to(block, ""),
            End::Branch(_, then, els) => {
                to(then, "then");
                to(els, "else");
            }
            End::Call(_, _, Some(block)) => to(block, "after"),
        }
    }
    group
}

/// A program's expressions, with edges from each to its parts.
pub(crate) fn of_kernel(program: &Program) -> Group {
    let mut group = Group { title: "program".into(), ..Group::default() };
    let name = |local: &Local| match program.locals.get(local.0 as usize) {
        Some(info) => format!("{}.{}", info.name, local.0),
        None => format!("?.{}", local.0),
    };
    let mut todo: Vec<(&Expr, Option<usize>)> = vec![(&program.body, None)];
    while let Some((expr, parent)) = todo.pop() {
        let expr = written(program, expr);
        let (line, kind) = head(expr, &name);
        let node = group.node(line, kind);
        if let Some(parent) = parent {
            group.edges.push(Edge { from: parent, to: node, label: "" });
        }
        let first = todo.len();
        expr.each_child(&mut |child| todo.push((child, Some(node))));
        todo[first..].reverse();
    }
    group
}

/// An expression without what the prelude binds around it, which the text does not have.
fn written<'a>(program: &Program, mut expr: &'a Expr) -> &'a Expr {
    let of_prelude = |local: &Local| program.locals.get(local.0 as usize).is_some_and(|info| info.prelude);
    loop {
        expr = match &expr.kind {
            ExprKind::Let(bindings, body) if bindings.iter().all(|(local, _)| of_prelude(local)) => body,
            ExprKind::Fix(bindings, body) if bindings.iter().all(|(local, _)| of_prelude(local)) => body,
            _ => return expr,
        };
    }
}

/// What an expression is called, apart from its parts.
fn head(expr: &Expr, name: &dyn Fn(&Local) -> String) -> (String, Kind) {
    let names = |locals: &mut dyn Iterator<Item = &Local>| locals.map(name).collect::<Vec<_>>().join(" ");
    let parameters = |lambda: &Lambda| {
        let fixed = names(&mut lambda.params.iter());
        match &lambda.rest {
            Some(rest) => format!("({fixed} . {})", name(rest)),
            None => format!("({fixed})"),
        }
    };
    let prim = |prim: &Prim| prim.name().to_string();
    match &expr.kind {
        ExprKind::Quote(datum) => (short(&datum.to_string()), Kind::Given),
        ExprKind::Unspecified => ("unspecified".into(), Kind::Given),
        ExprKind::Local(local) => (name(local), Kind::Given),
        ExprKind::Prim(of) => (prim(of), Kind::Given),
        ExprKind::If(..) => ("if".into(), Kind::Step),
        ExprKind::Lambda(lambda) => (format!("lambda {}", parameters(lambda)), Kind::Step),
        ExprKind::Let(bindings, _) => {
            (format!("let {}", names(&mut bindings.iter().map(|(local, _)| local))), Kind::Step)
        }
        ExprKind::Fix(bindings, _) => {
            let bound =
                bindings.iter().map(|(local, lambda)| format!("{} {}", name(local), parameters(lambda)));
            (format!("fix {}", bound.collect::<Vec<_>>().join(", ")), Kind::Step)
        }
        ExprKind::Begin(_) => ("begin".into(), Kind::Step),
        ExprKind::Call(..) => ("call".into(), Kind::Step),
    }
}

/// The start of a long text.
fn short(text: &str) -> String {
    const LONGEST: usize = 40;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_string(),
    }
}
