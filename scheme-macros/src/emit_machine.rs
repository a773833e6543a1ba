//! Blocks as Rust: one function per block and a static table, for the explicit machine.
//!
//! The result is an expression, a `&'static Module`. It names only
//! `::scheme_runtime::__private` and holds no unsafe code. A block that only one branch
//! leads to is written inside the block of that branch, so that its parameters stay Rust variables.

use crate::emit::island;
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};
use scheme_core::{
    datum::{Datum, Kind},
    machine::{Block, BlockId, Callee, End, Island, Module, Op, ProcId, Step, Var},
    prim::{Numeric, Prim, Structural},
    span::Span,
};
use std::collections::HashMap;

/// How deep branches are written inside each other.
const MOST_NESTED: u32 = 12;

/// A program for the machine.
pub(crate) struct Emitted {
    /// The `&'static Module`, as a Rust expression.
    pub(crate) module: TokenStream,
    /// Its places, by their numbers.
    pub(crate) places: Vec<Span>,
}

/// The blocks of a program as Rust, with those of its islands that they name.
pub(crate) fn emit_machine(module: &Module, islands: &[Island]) -> Emitted {
    let islands = islands.iter().zip(0..).filter(|(_, i)| module.enters(*i));
    let islands = islands.map(|(island, i)| island::island(i, &island.module)).collect();
    Emit::new(module).module(&islands)
}

struct Emit<'a> {
    module: &'a Module,
    /// How many ways lead to each block.
    ways: Vec<u32>,
    places: Vec<Span>,
    place_numbers: HashMap<Span, u32>,
    symbols: HashMap<&'a str, u32>,
}

impl<'a> Emit<'a> {
    fn new(module: &'a Module) -> Self {
        let mut ways = vec![0; module.blocks.len()];
        let mut way = |id: BlockId, n: u32| ways[id.0 as usize] += n;
        for block in &module.blocks {
            match block.end {
                End::Return(_) | End::Call(_, _, None) => {}
                End::Branch(_, then, els) => {
                    way(then, 1);
                    way(els, 1);
                }
                // Two, as these blocks are entered from the stack.
                End::Jump(to, _) | End::Call(_, _, Some(to)) => way(to, 2),
            }
        }
        for procedure in &module.procedures {
            way(procedure.entry, 2);
        }
        own_functions(module, &mut ways);
        let symbols = module.symbols.iter().enumerate().map(|(i, name)| (&**name, i as u32)).collect();
        Self { module, ways, places: Vec::new(), place_numbers: HashMap::new(), symbols }
    }

    fn module(mut self, islands: &TokenStream) -> Emitted {
        let module = self.module;
        let mut functions = TokenStream::new();
        let (mut table, mut at) = (Vec::new(), Vec::new());
        for (i, block) in module.blocks.iter().enumerate() {
            let name = format_ident!("b{i}");
            if self.ways[i] < 2 {
                // Written inside another, or unreachable: its number is never named.
                table.push(quote!(unreachable_block));
                at.push(u32::MAX);
                continue;
            }
            at.push(self.place(block.steps.first().map_or(block.span, |step| step.span)));
            let params: Vec<_> = block.params.iter().chain(&block.result).map(|v| var(*v)).collect();
            let body = self.block(block);
            functions.extend(quote! {
                fn #name(m: &mut Machine) -> Flow {
                    let [#(#params),*] = m.take();
                    #body
                }
            });
            table.push(quote!(#name));
        }
        let symbols = module.symbols.iter().map(|name| &**name);
        let constants: Vec<_> = module.constants.iter().map(|datum| self.quoted(datum)).collect();
        let procedures = module.procedures.iter().map(|p| {
            let (name, params, rest, entry) = (p.name.as_deref().unwrap_or(""), p.params, p.rest, p.entry.0);
            quote!(Procedure { name: #name, params: #params, rest: #rest, entry: #entry })
        });
        let places = self.places.iter().map(|span| {
            let (start, end) = (span.start, span.end);
            quote!(Span::new(#start, #end))
        });
        let interprets = module.blocks.iter().any(|b| matches!(b.end, End::Call(Callee::At(..), ..)));
        let module = quote! {{
            #[allow(unused, clippy::all, clippy::pedantic)]
            mod compiled {
                use ::scheme_runtime::__private::machine::{
                    Array, Flow, Machine, Module, Numeric, Prim, Procedure, Quoted, Span, Structural, Value,
                };
                fn unreachable_block(m: &mut Machine) -> Flow {
                    m.give(Value::UNSPECIFIED)
                }
                #functions
                #islands
                pub(super) static MODULE: Module = Module {
                    symbols: &[#(#symbols),*],
                    constants: &[#(#constants),*],
                    procedures: &[#(#procedures),*],
                    blocks: &[#(#table),*],
                    at: &[#(#at),*],
                    places: &[#(#places),*],
                    interprets: #interprets,
                };
            }
            &compiled::MODULE
        }};
        Emitted { module, places: self.places }
    }

    fn block(&mut self, block: &Block) -> TokenStream {
        let steps: Vec<_> = block.steps.iter().map(|step| self.step(step)).collect();
        let end = self.end(block);
        quote!(#(#steps)* #end)
    }

    fn step(&mut self, step: &Step) -> TokenStream {
        let name = var(step.var);
        let value = match &step.op {
            Op::Number(x) => number(*x),
            Op::Bool(b) => quote!(Value::bool(#b)),
            Op::Char(c) => quote!(Value::char(#c)),
            Op::Nil => quote!(Value::NIL),
            Op::Unspecified => quote!(Value::UNSPECIFIED),
            Op::Symbol(i) => quote!(Value::symbol(#i)),
            Op::Constant(i) => quote!(m.constant(#i)),
            Op::Primitive(p) => {
                let p = prim(*p);
                quote!(Value::prim(#p))
            }
            Op::Captured(closure, i) => {
                let closure = var(*closure);
                quote!(m.captured(#closure, #i))
            }
            Op::Static(id) => closure(*id),
            Op::Closure(ProcId(id), captures) => {
                let (captures, at) = (vars(captures), self.place(step.span));
                quote!(m.closure(#id, &#captures, #at)?)
            }
            Op::Sibling(ProcId(id), of) => {
                let of = var(*of);
                quote!(m.sibling(#id, #of))
            }
            Op::Island(i, operands) => {
                let (island, count, operands) = (island::path(*i), operands.len(), vars(operands));
                quote!(m.island::<#island, #count>(#operands))
            }
            Op::Apply(p, operands) => {
                if let Some(value) = self.inline(*p, operands, step.span) {
                    return quote!(let #name = #value;);
                }
                let (p, operands, at) = (prim(*p), vars(operands), self.place(step.span));
                quote!(m.prim(#p, &#operands, #at)?)
            }
        };
        quote!(let #name = #value;)
    }

    /// The applications that are written out, as a call takes longer than they do.
    fn inline(&mut self, p: Prim, operands: &[Var], span: Span) -> Option<TokenStream> {
        let at = self.place(span);
        let names: Vec<_> = operands.iter().map(|v| var(*v)).collect();
        let row = match (p, names.as_slice()) {
            (Prim::Structural(row), _) => row,
            (Prim::Numeric(row), [a, b]) if is_plain(row) => {
                let row = format_ident!("{row:?}");
                return Some(quote!(m.binary(Numeric::#row, [#a, #b], #at)?));
            }
            _ => return None,
        };
        Some(match (row, names.as_slice()) {
            (Structural::Car, [x]) => quote!(m.car([#x], #at)?),
            (Structural::Cdr, [x]) => quote!(m.cdr([#x], #at)?),
            (Structural::Cons, [a, b]) => quote!(m.pair([#a, #b], #at)?),
            (Structural::ListRef, [list, k]) => quote!(m.list_ref([#list, #k], #at)?),
            (Structural::IsNull, [x]) => quote!(Value::bool(#x.is_null())),
            (Structural::IsPair, [x]) => quote!(Value::bool(#x.is_pair())),
            (Structural::Eq | Structural::Eqv, [a, b]) => quote!(m.same([#a, #b])?),
            (Structural::Not, [x]) => quote!(m.negated(#x)),
            _ => return None,
        })
    }

    fn end(&mut self, block: &Block) -> TokenStream {
        match &block.end {
            End::Return(value) => {
                let value = var(*value);
                quote!(m.give(#value))
            }
            End::Jump(to, result) => self.go(*to, *result),
            End::Branch(test, then, els) => {
                let test = var(*test);
                let (then, els) = (self.side(*then), self.side(*els));
                quote!(if m.decides(#test) { #then } else { #els })
            }
            End::Call(callee, arguments, then) => {
                let at = self.place(block.span);
                let wait = then.map(|BlockId(to)| {
                    let params = vars(&self.module.blocks[to as usize].params);
                    quote!(m.wait(#to, #params, #at)?;)
                });
                let arguments_of = vars(arguments);
                let call = match *callee {
                    Callee::Value(f) => {
                        let f = var(f);
                        quote!(m.call(#f, &#arguments_of, #at))
                    }
                    Callee::Known(id, f) => {
                        let (entry, f) = (self.entry(id), var(f));
                        quote!(m.enter(#entry, #f, #arguments_of))
                    }
                    Callee::Static(id) => {
                        let (entry, f) = (self.entry(id), closure(id));
                        quote!(m.enter(#entry, #f, #arguments_of))
                    }
                    Callee::Spread(f) => {
                        let f = var(f);
                        quote!(m.spread(#f, &#arguments_of, #at))
                    }
                    Callee::At(datum, f) => {
                        let (datum, f, list) = (var(datum), var(f), arguments.iter().map(|v| var(*v)));
                        quote!(m.call_at(#datum, #f, #(#list)*, #at))
                    }
                };
                quote!(#wait #call)
            }
        }
    }

    /// A side of a branch.
    fn side(&mut self, to: BlockId) -> TokenStream {
        let module = self.module;
        if self.ways[to.0 as usize] < 2 {
            return self.block(&module.blocks[to.0 as usize]);
        }
        self.go(to, None)
    }

    fn go(&mut self, BlockId(to): BlockId, result: Option<Var>) -> TokenStream {
        let params: Vec<Var> = self.module.blocks[to as usize].params.iter().copied().chain(result).collect();
        let params = vars(&params);
        quote!(m.go(#to, #params))
    }

    fn entry(&self, id: ProcId) -> u32 {
        self.module.procedures[id.0 as usize].entry.0
    }

    /// The number of a place in the module's table.
    fn place(&mut self, span: Span) -> u32 {
        *self.place_numbers.entry(span).or_insert_with(|| {
            self.places.push(span);
            self.places.len() as u32 - 1
        })
    }

    fn quoted(&self, datum: &Datum) -> TokenStream {
        match &datum.kind {
            Kind::Number(x) => {
                let bits = x.to_bits();
                quote!(Quoted::Number(#bits))
            }
            Kind::Bool(b) => quote!(Quoted::Bool(#b)),
            Kind::Char(c) => quote!(Quoted::Char(#c)),
            Kind::Str(text) => {
                let text = &**text;
                quote!(Quoted::Str(#text))
            }
            Kind::Symbol(name) => {
                let i = self.symbols.get(&**name).copied().unwrap_or_default();
                quote!(Quoted::Symbol(#i))
            }
            Kind::List { items, tail, .. } => {
                let items = items.iter().map(|item| self.quoted(item));
                let tail = match tail {
                    Some(tail) => {
                        let tail = self.quoted(tail);
                        quote!(Some(&#tail))
                    }
                    None => quote!(None),
                };
                quote!(Quoted::List(&[#(#items),*], #tail))
            }
            Kind::Vector(items) => {
                let items = items.iter().map(|item| self.quoted(item));
                quote!(Quoted::Vector(&[#(#items),*]))
            }
            // The kernel quotes no host expression.
            Kind::Splice(_) => quote!(Quoted::List(&[], None)),
        }
    }
}

/// Marks blocks in too deep branches as functions of their own.
fn own_functions(module: &Module, ways: &mut [u32]) {
    let mut left: Vec<(usize, u32)> = (0..ways.len()).filter(|i| ways[*i] >= 2).map(|i| (i, 0)).collect();
    while let Some((i, depth)) = left.pop() {
        let End::Branch(_, then, els) = module.blocks[i].end else { continue };
        for side in [then, els].map(|id| id.0 as usize) {
            if ways[side] >= 2 {
                continue;
            }
            let deep = depth + 1 == MOST_NESTED;
            ways[side] += u32::from(deep);
            left.push((side, if deep { 0 } else { depth + 1 }));
        }
    }
}

fn var(Var(n): Var) -> proc_macro2::Ident {
    format_ident!("v{n}")
}

/// An array of variables.
fn vars(all: &[Var]) -> TokenStream {
    let all = all.iter().map(|v| var(*v));
    quote!([#(#all),*])
}

fn closure(ProcId(id): ProcId) -> TokenStream {
    quote!(Value::closure(#id, 0))
}

fn number(x: f64) -> TokenStream {
    let bits = Literal::u64_unsuffixed(x.to_bits());
    quote!(Value::num(f64::from_bits(#bits)))
}

fn prim(prim: Prim) -> TokenStream {
    match prim {
        Prim::Numeric(row) => {
            let row = format_ident!("{row:?}");
            quote!(Prim::Numeric(Numeric::#row))
        }
        Prim::Array(row) => {
            let row = format_ident!("{row:?}");
            quote!(Prim::Array(Array::#row))
        }
        Prim::Structural(row) => {
            let row = format_ident!("{row:?}");
            quote!(Prim::Structural(Structural::#row))
        }
    }
}

/// The numeric rows that take less time than a call does.
fn is_plain(row: Numeric) -> bool {
    use Numeric::{Add, Equal, Greater, GreaterEq, Less, LessEq, Mul, Sub};
    matches!(row, Add | Sub | Mul | Less | LessEq | Greater | GreaterEq | Equal)
}
