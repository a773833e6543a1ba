//! Control code: modules as plain Rust functions, `if`s and loops.
//!
//! The code is generic over reals `T` with one lane. What is the same in all rows that go the same way is `T::Uniform`, and becomes
//! a `T` where it meets one. A function is total and gives plain values, or fails or
//! recurs: then it takes the run's context, gives a `Result`, and grows the stack where it recurs, a long body
//! before it is entered. A loop's
//! state lives in locals, and where a step ends in a choice, each of its sides goes on or breaks by itself.

use super::{
    chunks::{chunked, reads},
    room::{SMALL, joins, rooms, variables},
    rows::{Angles, name, whole},
    tables::Tables,
};
use crate::shell::number;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use scheme_core::{
    anf::{Atom, Block, FnId, Function, Graph, Inst, Kind, Module, Op, Type, Var},
    prim::Scalar,
    span::Span,
    transform::{Adjoint, AdjointBody, Reverse, Uniform, Variables},
};
use std::collections::HashMap;

/// The functions of a program, and what is known of them.
pub(super) struct Functions<'a> {
    pub(super) module: &'a Module,
    /// Which give a `Result`.
    pub(super) fails: Vec<bool>,
    /// Which call themselves.
    pub(super) recursive: Vec<bool>,
    /// How many variables there are on the stack before the next check of it.
    rooms: Vec<usize>,
    /// Whether they become part of whoever calls the program: rows in step need its vector instructions.
    joined: bool,
    /// Whether they are seldom run.
    cold: bool,
    tables: Tables,
    /// What is the same in all rows.
    pub(super) uniform: Uniform,
    /// The line and column of a place.
    pub(super) place: &'a dyn Fn(Span) -> (u32, u32),
}

impl<'a> Functions<'a> {
    /// Those of a module, and of its adjoint if that is emitted too.
    pub(super) fn new(
        module: &'a Module,
        reverse: Option<&Reverse>,
        place: &'a dyn Fn(Span) -> (u32, u32),
    ) -> Self {
        let recursive = module.recursive();
        let calls = module.callees();
        // What may exhaust the stack fails as well, and so does what calls it.
        let mut fails: Vec<bool> = module.fallible().iter().zip(&recursive).map(|(a, b)| *a || *b).collect();
        let is = |fails: &[bool], FnId(id): &FnId| fails.get(*id as usize) == Some(&true);
        while let Some(caller) =
            (0..calls.len()).find(|f| !fails[*f] && calls[*f].iter().any(|id| is(&fails, id)))
        {
            fails[caller] = true;
        }
        let rooms = rooms(module, reverse, &|of| recursive.get(of) == Some(&true));
        let joined = !recursive.contains(&true) && joins(module, reverse);
        let values = module.functions.iter().map(|function| &function.graph);
        let adjoints = reverse.into_iter().flat_map(|reverse| {
            let functions = reverse.functions.iter().flatten().flat_map(Adjoint::graphs);
            functions.chain([&reverse.program])
        });
        let tables = Tables::of(values.chain(adjoints));
        let uniform = Uniform::of(module, reverse);
        Self { module, fails, recursive, rooms, joined, cold: false, tables, uniform, place }
    }

    /// The same, to be run seldom: less is made of their code.
    pub(super) fn cold(self) -> Self {
        Self { joined: false, cold: true, ..self }
    }

    /// The attribute of a function that checks no stack.
    pub(super) fn inline(&self) -> Option<TokenStream> {
        match (self.joined, self.cold) {
            (true, _) => Some(quote!(#[inline(always)])),
            (false, true) => Some(quote!(#[cold] #[inline(never)])),
            (false, false) => None,
        }
    }

    pub(super) fn can_fail(&self, FnId(id): FnId) -> bool {
        self.fails.get(id as usize) == Some(&true)
    }

    /// Whether a function checks the stack, and for how many variables if not for few.
    fn checks(&self, FnId(id): FnId) -> Option<Option<usize>> {
        let room = self.rooms.get(id as usize).copied().filter(|room| *room > SMALL);
        let recurs = self.recursive.get(id as usize) == Some(&true);
        let before_others = room.is_some() && self.can_fail(FnId(id)) && self.recursive.contains(&true);
        (recurs || before_others).then_some(room)
    }

    /// All functions by value, and the tables that these and their adjoints read.
    pub(super) fn values(&self) -> TokenStream {
        self.values_of(|_| true)
    }

    /// The same of those functions alone that adjoints call by value.
    pub(super) fn called_by(&self, reverse: &Reverse) -> TokenStream {
        let own = self.module.functions.iter().zip(&reverse.functions);
        let adjoints = own.flat_map(|(function, adjoint)| match adjoint.as_ref().map(|a| &a.body) {
            Some(AdjointBody::Once { forward, reverse }) => vec![forward, reverse],
            // Its steps are those of the function, which are run again.
            Some(AdjointBody::Loop { first, step, last, next, .. }) => {
                first.iter().chain([&function.graph, step, last, &**next]).collect()
            }
            None => Vec::new(),
        });
        let mut called = vec![false; self.module.functions.len()];
        let mut open: Vec<FnId> =
            adjoints.chain([&reverse.program]).flat_map(Graph::called_by_value).collect();
        while let Some(FnId(id)) = open.pop() {
            if let (Some(called @ false), Some(function)) =
                (called.get_mut(id as usize), self.module.get(FnId(id)))
            {
                *called = true;
                open.extend(function.graph.called_by_value());
            }
        }
        self.values_of(|FnId(id)| called.get(id as usize) == Some(&true))
    }

    fn values_of(&self, which: impl Fn(FnId) -> bool) -> TokenStream {
        let functions = self.module.functions.iter().zip((0..).map(FnId)).filter(|(_, id)| which(*id));
        let values = functions.map(|(function, id)| self.value(function, id));
        std::iter::once(self.tables.items()).chain(values).collect()
    }

    fn value(&self, function: &Function, id: FnId) -> TokenStream {
        let mut code = self.body(function, id, Keep::Nothing);
        code.twice = self.runs_twice(id).then_some(id);
        let variables = code.parameters(&function.graph.params);
        let results = types(&function.exit_types(), self.uniform.exits(id));
        let body = |check: TokenStream| match function.kind {
            Kind::Once => code.checked(&check, &mut |results| code.done(results)),
            Kind::Loop => {
                let run =
                    looped(function, &code, |exits| quote!(break #exits;), |step| quote!(loop { #step }));
                let value = code.ok(&run);
                quote!(#check #value)
            }
        };
        let whole = self.function(&format_ident!("f{}", id.0), id, Keep::Nothing, &variables, &results, body);
        if !self.runs_twice(id) {
            return whole;
        }
        // By this it calls itself: the next level, in the same frame and with no check of its own.
        let code = Body { twice: None, ..code };
        let once = code.tail(&mut |results| code.done(results));
        let (names, types): (Vec<_>, Vec<_>) = variables.into_iter().unzip();
        let called = once_of(id);
        quote! {
            #whole
            #[inline(always)]
            fn #called<T: Real<Mask = bool>>(__run: &mut Context, #(#names: #types),*) -> Result<#results, Stop> {
                #once
            }
        }
    }

    /// The code of a function's own graph.
    pub(super) fn body<'b>(&'b self, function: &'b Function, id: FnId, keep: Keep) -> Body<'b> {
        let (params, exits) = (self.uniform.params(id), self.uniform.exits(id));
        let gives = match function.kind {
            Kind::Once => exits.to_vec(),
            Kind::Loop => [&[false], params, exits].concat(),
        };
        Body::new(self, id, &function.graph, keep, params, gives)
    }

    /// Whether a function runs two levels in one frame: of a tree that spares half of the calls, and every second
    /// check of the stack. It does where both levels, the second once for each place where the function calls
    /// itself, have few enough variables for a small frame: that bounds the code, and every check leaves as much.
    fn runs_twice(&self, id: FnId) -> bool {
        let Some(function) = self.module.get(id).filter(|function| function.kind == Kind::Once) else {
            return false;
        };
        let mut calls = 0;
        function.graph.body.each(&mut |inst| calls += usize::from(inst.op == Op::Call(id)));
        let both = variables(&function.graph).saturating_mul(1 + calls);
        calls > 0 && both <= SMALL && self.checks(id) == Some(None)
    }

    /// A function of the given parameters and result. The check of the stack, if `id` recurs, is handed to the
    /// body, which may put it anywhere before the first call; a long body is a function of its own, and the
    /// check comes before it.
    pub(super) fn function(
        &self,
        called: &Ident,
        id: FnId,
        keep: Keep,
        parameters: &[(TokenStream, TokenStream)],
        result: &TokenStream,
        body: impl FnOnce(TokenStream) -> TokenStream,
    ) -> TokenStream {
        let (names, types): (Vec<_>, Vec<_>) = parameters.iter().cloned().unzip();
        let run = match keep {
            Keep::Nothing if self.can_fail(id) => quote!(__run: &mut Context,),
            Keep::Nothing => quote!(),
            Keep::Tape => quote!(__run: &mut Tape<Stacks<T>>,),
        };
        let result = if self.can_fail(id) { quote!(Result<#result, Stop>) } else { result.clone() };
        let signature =
            |called: &Ident| quote!(#called<T: Real<Mask = bool>>(#run #(#names: #types),*) -> #result);
        let context = keep.context();
        let (line, column) = self.called_at(id);
        let low = |room: TokenStream, called: &Ident| {
            quote! {
                if #context.is_low(#room) {
                    return grow(__run, #room, (#line, #column), move |__run| #called::<T>(__run #(, #names)*));
                }
            }
        };
        let whole = signature(called);
        match self.checks(id) {
            None => {
                let (inline, body) = (self.inline(), body(quote!()));
                quote!(#inline pub(super) fn #whole { #body })
            }
            Some(None) => {
                let body = body(low(quote!(0), called));
                quote!(pub(super) fn #whole { #body })
            }
            Some(Some(room)) => {
                let inner = format_ident!("{called}_body");
                let (check, inside) = (low(quote!(room::<T>(#room)), &inner), signature(&inner));
                let body = body(quote!());
                quote! {
                    pub(super) fn #whole {
                        #check
                        #inner::<T>(__run #(, #names)*)
                    }
                    #[inline(never)]
                    fn #inside { #body }
                }
            }
        }
    }

    /// Where a function that recurs calls one.
    pub(super) fn called_at(&self, FnId(id): FnId) -> (u32, u32) {
        fn call(graph: &Graph, block: &Block) -> Option<Span> {
            block.insts.iter().find_map(|inst| match &inst.op {
                // A call that gives nothing is about where its operands are.
                Op::Call(_) => {
                    let results = inst.results.iter().copied();
                    let near = results.chain(inst.args.iter().filter_map(|atom| atom.var())).next()?;
                    graph.vars.get(near.0 as usize)?.span
                }
                Op::If { then, els } => call(graph, then).or_else(|| call(graph, els)),
                _ => None,
            })
        }
        let function = self.module.functions.get(id as usize);
        function.and_then(|f| call(&f.graph, &f.graph.body)).map_or((1, 1), |span| (self.place)(span))
    }
}

/// The name of the second level of a function that runs two in one frame.
fn once_of(FnId(id): FnId) -> Ident {
    format_ident!("f{id}_once")
}

/// What a run keeps.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Keep {
    /// Nothing: the run is a `Context`.
    Nothing,
    /// What adjoints need: it is a `Tape`.
    Tape,
}

impl Keep {
    /// The run's context, as a place.
    pub(super) fn context(self) -> TokenStream {
        match self {
            Self::Nothing => quote!(__run),
            Self::Tape => quote!(__run.context),
        }
    }

    /// The run's context, as an argument.
    pub(super) fn argument(self) -> TokenStream {
        match self {
            Self::Nothing => quote!(__run),
            Self::Tape => quote!(&mut __run.context),
        }
    }
}

/// A loop over its parameters, which are variables: `over` a step, which changes them or leaves with its exits.
pub(super) fn looped(
    function: &Function,
    body: &Body<'_>,
    leave: impl Fn(TokenStream) -> TokenStream,
    over: impl FnOnce(TokenStream) -> TokenStream,
) -> TokenStream {
    let params = &function.graph.params;
    let names: Vec<Ident> = params.iter().map(|v| name(*v)).collect();
    let step = body.tail(&mut |results| {
        let [go, rest @ ..] = results else { return quote!() };
        let (next, exits) = rest.split_at(params.len().min(rest.len()));
        let all = params.iter().zip(&names).zip(next);
        let changed = all.filter(|((param, _), (atom, _))| *atom != Atom::Var(**param));
        let (to, from): (Vec<_>, Vec<_>) = changed.map(|((_, to), (_, from))| (to, from)).unzip();
        let on = match (&to[..], &from[..]) {
            ([to], [from]) => quote!(#to = #from;),
            _ => quote!((#(#to,)*) = (#(#from,)*);),
        };
        let exits: Vec<TokenStream> = exits.iter().map(|(_, tokens)| tokens.clone()).collect();
        let off = leave(tuple(&exits));
        match go.0 {
            Atom::Bool(true) => on,
            Atom::Bool(false) => off,
            _ => {
                let go = &go.1;
                quote!(if #go { #on } else { #off })
            }
        }
    });
    let steps = over(step);
    quote!({ #(let mut #names = #names;)* #steps })
}

/// The body of a function of control code.
pub(super) struct Body<'a> {
    functions: &'a Functions<'a>,
    graph: &'a Graph,
    angles: Angles,
    /// Which variables, and which results, are the same in all rows.
    uniform: Variables,
    gives: Vec<bool>,
    pub(super) keep: Keep,
    fails: bool,
    /// The function itself, if its calls of itself run two levels in one frame.
    twice: Option<FnId>,
}

/// A result: the atom, its type, and whether it is given as what is the same in all rows.
type Given = (Atom, Type, bool);

/// A result: the atom, and what stands for it.
pub(super) type Leaf = (Atom, TokenStream);

impl<'a> Body<'a> {
    /// The code of a graph of a function, of whose parameters and results the first are, or are not, the same in all rows.
    pub(super) fn new(
        functions: &'a Functions<'a>,
        id: FnId,
        graph: &'a Graph,
        keep: Keep,
        params: &[bool],
        gives: Vec<bool>,
    ) -> Self {
        Self {
            functions,
            graph,
            angles: Angles::of(&graph.body),
            uniform: functions.uniform.within(graph, params),
            gives,
            keep,
            fails: functions.can_fail(id),
            twice: None,
        }
    }

    /// The type of a variable in Rust.
    pub(super) fn type_of(&self, var: Var) -> TokenStream {
        let atom = Atom::Var(var);
        rust_type(self.graph.ty(atom), self.uniform.has(atom))
    }

    /// Variables with their types.
    pub(super) fn parameters(&self, vars: &[Var]) -> Vec<(TokenStream, TokenStream)> {
        let parameter = |v: &Var| {
            let name = name(*v);
            (quote!(#name), self.type_of(*v))
        };
        vars.iter().map(parameter).collect()
    }

    /// A value of the function, in a `Result` if it gives one.
    pub(super) fn ok(&self, value: &TokenStream) -> TokenStream {
        if self.fails { quote!(Ok(#value)) } else { value.clone() }
    }

    /// The results as the function's value.
    pub(super) fn done(&self, results: &[Leaf]) -> TokenStream {
        let results: Vec<TokenStream> = results.iter().map(|(_, tokens)| tokens.clone()).collect();
        self.ok(&tuple(&results))
    }

    /// The graph's body in tail position: where it ends in a choice, `leaf` is at the end of each side.
    pub(super) fn tail(&self, leaf: &mut dyn FnMut(&[Leaf]) -> TokenStream) -> TokenStream {
        self.checked(&quote!(), leaf)
    }

    /// The same with a check of the stack on each way to a call, but on no other: of the calls of a tree half
    /// or more are leaves.
    pub(super) fn checked(
        &self,
        check: &TokenStream,
        leaf: &mut dyn FnMut(&[Leaf]) -> TokenStream,
    ) -> TokenStream {
        let gives = self.gives.iter().copied().chain(std::iter::repeat(false));
        let results: Vec<Given> =
            self.graph.body.results.iter().zip(gives).map(|(a, is)| (*a, self.graph.ty(*a), is)).collect();
        self.tail_of(&self.graph.body, &results, check, leaf)
    }

    fn tail_of(
        &self,
        block: &Block,
        results: &[Given],
        check: &TokenStream,
        leaf: &mut dyn FnMut(&[Leaf]) -> TokenStream,
    ) -> TokenStream {
        let (last, before) = match block.insts.split_last() {
            Some((Inst { op: Op::If { then, els }, results, args }, before)) => {
                (Some((then, els, results, args)), before)
            }
            _ => (None, &block.insts[..]),
        };
        let none = quote!();
        let (here, check) = if calls(before) { (check, &none) } else { (&none, check) };
        let mut after: Vec<Atom> = results.iter().map(|(atom, ..)| *atom).collect();
        block.insts.iter().skip(before.len()).for_each(|inst| reads(inst, &mut |v| after.push(Atom::Var(v))));
        let statements = self.insts(before, after.into_iter());
        if let Some((then, els, chosen, args)) = last {
            let condition = args.first().map(|a| self.atom(*a, Type::BOOL, false));
            let own: HashMap<Var, usize> = chosen.iter().copied().zip(0..).collect();
            let mut side = |side: &Block| {
                let substituted = |(atom, ty, is): &Given| match atom.var().and_then(|v| own.get(&v)) {
                    Some(i) => (side.results.get(*i).copied().unwrap_or(*atom), *ty, *is),
                    None => (*atom, *ty, *is),
                };
                let results: Vec<_> = results.iter().map(substituted).collect();
                self.tail_of(side, &results, check, leaf)
            };
            let (then, els) = (side(then), side(els));
            return quote!(#here #statements if #condition { #then } else { #els });
        }
        if ends(block) {
            return quote!(#here #statements);
        }
        let results: Vec<Leaf> =
            results.iter().map(|(atom, ty, is)| (*atom, self.atom(*atom, *ty, *is))).collect();
        let leaf = leaf(&results);
        quote!(#here #statements #leaf)
    }

    /// The instructions, after which those atoms are read.
    fn insts(&self, insts: &[Inst], after: impl Iterator<Item = Atom>) -> TokenStream {
        chunked(insts, after, &self.angles, self.fails, |inst| self.inst(inst))
    }

    /// An operand, of a type; as a number that is the same in all rows, or as any.
    fn atom(&self, atom: Atom, ty: Type, uniform: bool) -> TokenStream {
        match atom {
            Atom::Var(v) => {
                let name = name(v);
                match self.uniform.has(atom) && !uniform {
                    true => quote!(T::splat(#name)),
                    false => quote!(#name),
                }
            }
            Atom::Real(x) => {
                let (number, literal) = (real(uniform), number(x));
                quote!(#number::lit(#literal))
            }
            Atom::Bool(_) if ty.scalar == Scalar::Record => quote!(Record::NONE),
            Atom::Bool(b) => quote!(#b),
        }
    }

    fn inst(&self, inst: &Inst) -> TokenStream {
        // An operation whose operands are the same in all rows runs once for them.
        let is = |atom: &Atom| self.uniform.has(*atom);
        let numbers = |atom: &&Atom| self.graph.ty(**atom).scalar == Scalar::Real;
        let alike = match &inst.op {
            Op::Row(_) | Op::Table(_) => inst.args.iter().filter(numbers).all(is),
            _ => false,
        };
        let takes = match &inst.op {
            Op::Call(id) | Op::Forward(id) => self.functions.uniform.params(*id),
            _ => &[],
        };
        let takes = takes.iter().copied().chain(std::iter::repeat(alike));
        let args: Vec<TokenStream> =
            inst.args.iter().zip(takes).map(|(a, is)| self.atom(*a, self.graph.ty(*a), is)).collect();
        let results: Vec<TokenStream> = inst
            .results
            .iter()
            .map(|v| {
                let name = name(*v);
                quote!(#name)
            })
            .collect();
        let results = tuple(&results);
        let call = |kind: &str, FnId(id): FnId, run: TokenStream| {
            let called = match self.twice {
                Some(itself) if kind == "f" && itself == FnId(id) => once_of(itself),
                _ => format_ident!("{kind}{id}"),
            };
            let fails = self.functions.can_fail(FnId(id)).then(|| quote!(?));
            quote!(let #results = #called::<T>(#run #(#args),*) #fails;)
        };
        match &inst.op {
            Op::Row(row) => self.angles.row(*row, inst, &args, &real(alike)),
            Op::Whole(of) => whole(*of, inst, &args),
            Op::Table(table) => self.functions.tables.read(table, inst, &args, &real(alike)),
            Op::If { then, els } => {
                let side = |block: &Block| {
                    let body = self.insts(&block.insts, block.results.iter().copied());
                    if ends(block) {
                        return body;
                    }
                    let given = |(atom, v): (&Atom, &Var)| {
                        let chosen = Atom::Var(*v);
                        self.atom(*atom, self.graph.ty(chosen), self.uniform.has(chosen))
                    };
                    let results: Vec<TokenStream> =
                        block.results.iter().zip(&inst.results).map(given).collect();
                    let results = tuple(&results);
                    quote!(#body #results)
                };
                let (then, els) = (side(then), side(els));
                quote!(let #results = if #(#args)* { #then } else { #els };)
            }
            Op::Call(id) => {
                let run = self.functions.can_fail(*id).then(|| {
                    let run = self.keep.argument();
                    quote!(#run,)
                });
                call("f", *id, run.unwrap_or_default())
            }
            Op::Forward(id) => call("forward", *id, quote!(__run,)),
            Op::Reverse(id) => call("reverse", *id, quote!(__run,)),
            Op::Fail(failure) => {
                let code = format_ident!("{}", format!("{:?}", failure.code));
                let message = &*failure.message;
                let (line, column) = (self.functions.place)(failure.span);
                let irritants =
                    inst.args.iter().zip(&args).map(|(atom, arg)| match self.graph.ty(*atom).scalar {
                        Scalar::Real => quote!(Irritant::Number(#arg.primal())),
                        Scalar::Bool | Scalar::Record => quote!(Irritant::Truth(#arg)),
                    });
                let context = self.keep.context();
                quote!(return Err(#context.fail(Code::#code, #message, &[#(#irritants),*], (#line, #column)));)
            }
            // Programs are of numbers without axes, and tangents have become cotangents.
            Op::Broadcast { .. } | Op::Sum { .. } | Op::Tangent(_) => {
                quote!(::core::compile_error! { "arrays in control code: please report this program" })
            }
        }
    }
}

/// Whether instructions call anything.
fn calls(insts: &[Inst]) -> bool {
    insts.iter().any(|inst| match &inst.op {
        Op::Call(_) | Op::Forward(_) | Op::Reverse(_) => true,
        Op::If { then, els } => calls(&then.insts) || calls(&els.insts),
        _ => false,
    })
}

/// Whether a block's end is never reached.
fn ends(block: &Block) -> bool {
    matches!(block.insts.last(), Some(Inst { op: Op::Fail(_), .. }))
}

/// One value by itself, otherwise a tuple.
pub(super) fn tuple(values: &[TokenStream]) -> TokenStream {
    match values {
        [value] => value.clone(),
        _ => quote!((#(#values),*)),
    }
}

/// The type of numbers, or of those that are the same in all rows.
fn real(uniform: bool) -> TokenStream {
    if uniform { quote!(T::Uniform) } else { quote!(T) }
}

/// The type of a value in Rust.
fn rust_type(ty: Type, uniform: bool) -> TokenStream {
    match ty.scalar {
        Scalar::Real => real(uniform),
        Scalar::Bool => quote!(bool),
        Scalar::Record => quote!(Record),
    }
}

/// The type of several values, as [`tuple`] has them, of which the first are, or are not, the same in all rows.
pub(super) fn types(types: &[Type], uniform: &[bool]) -> TokenStream {
    let uniform = uniform.iter().copied().chain(std::iter::repeat(false));
    let types: Vec<TokenStream> = types.iter().zip(uniform).map(|(ty, is)| rust_type(*ty, is)).collect();
    tuple(&types)
}
