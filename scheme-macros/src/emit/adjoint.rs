//! Adjoints of modules as Rust.
//!
//! Each function that a derivative goes through becomes `forward`, which runs it and leaves a record on the
//! tape, and `reverse`, from the record and cotangents to cotangents. A function that runs once leaves its
//! residuals in a frame; a loop the state before each of its steps, of which `next` computes those that
//! were dropped. The stacks of all functions are fields of one struct, `Stacks`, so that what is kept has
//! its own type and nothing is encoded.

use super::control::{Body, Functions, Keep, Leaf, looped, tuple, types};
use super::rows::name;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use scheme_core::{
    anf::{Block, FnId, Function, Graph, Op, Type, Var},
    prim::Scalar,
    transform::{Adjoint, AdjointBody, Reverse},
};

/// The function `gradient`, from the program's parameters to its value and gradient, and what it calls.
pub(super) fn adjoints(functions: &Functions<'_>, reverse: &Reverse) -> TokenStream {
    let mut stacks = Vec::new();
    let mut code = TokenStream::new();
    for (i, adjoint) in reverse.functions.iter().enumerate() {
        let id = FnId(i as u32);
        if let (Some(adjoint), Some(function)) = (adjoint, functions.module.get(id)) {
            let one = One { functions, id, function, adjoint, stack: stack(id) };
            let (stack, of_one) = one.code();
            stacks.push((one.stack, stack));
            code.extend(of_one);
        }
    }
    let graph = &reverse.program;
    let program = FnId(0);
    let code_of = Body::new(functions, program, graph, Keep::Tape, &[], Vec::new());
    let body = |check: TokenStream| code_of.checked(&check, &mut |results| code_of.done(results));
    let variables = code_of.parameters(&graph.params);
    let results = types(&graph.result_types(), &[]);
    // The program as such is not called by itself; what calls it is a call of the function it is.
    code.extend(functions.function(
        &format_ident!("gradient"),
        program,
        Keep::Tape,
        &variables,
        &results,
        body,
    ));
    let count = stacks.len();
    let places = 0..count;
    let (names, types): (Vec<_>, Vec<_>) = stacks.into_iter().unzip();
    quote! {
        pub(super) struct Stacks<T: Real> {
            #(#names: #types,)*
            number: ::core::marker::PhantomData<T>,
        }
        impl<T: Real<Mask = bool>> Stacks<T> {
            pub(super) fn new() -> Self {
                Self { #(#names: <#types>::new(),)* number: ::core::marker::PhantomData }
            }
            #[inline(always)]
            fn mark(&self) -> [usize; #count] {
                [#(self.#names.len()),*]
            }
            #[inline(always)]
            fn release(&mut self, mark: [usize; #count]) {
                #(self.#names.truncate(mark[#places]);)*
            }
        }
        #code
    }
}

fn stack(FnId(id): FnId) -> Ident {
    format_ident!("s{id}")
}

/// The steps of a loop backwards.
#[derive(Clone, Copy)]
struct Sweep<'g> {
    first: &'g [Graph],
    step: &'g Graph,
    last: &'g Graph,
}

/// A function and its adjoint.
struct One<'a> {
    functions: &'a Functions<'a>,
    id: FnId,
    function: &'a Function,
    adjoint: &'a Adjoint,
    stack: Ident,
}

impl One<'_> {
    /// The type of its stack, and its functions.
    fn code(&self) -> (TokenStream, TokenStream) {
        match &self.adjoint.body {
            AdjointBody::Once { forward, reverse } => self.once(forward, reverse),
            AdjointBody::Loop { first, step, last, next, invariant, keeps } => {
                self.looped(Sweep { first, step, last }, next, invariant, keeps)
            }
        }
    }

    fn named(&self, kind: &str) -> Ident {
        format_ident!("{kind}{}", self.id.0)
    }

    /// The code of a graph that takes, of what it takes first, these as the same in all rows, and gives cotangents.
    fn body<'g>(&'g self, graph: &'g Graph, takes: &[bool]) -> Body<'g> {
        Body::new(self.functions, self.id, graph, Keep::Tape, takes, Vec::new())
    }

    /// The type of what `forward` gives.
    fn forward_type(&self) -> TokenStream {
        let mut results = self.function.exit_types();
        results.push(Type::RECORD);
        types(&results, self.functions.uniform.exits(self.id))
    }

    fn once(&self, forward: &Graph, reverse: &Graph) -> (TokenStream, TokenStream) {
        let stack = &self.stack;
        let results = self.function.exit_types().len();
        let uniform = &self.functions.uniform;
        let (params, kept) = (uniform.params(self.id), uniform.residuals(self.id));
        let gives = [uniform.exits(self.id), kept].concat();
        let body = Body::new(self.functions, self.id, forward, Keep::Tape, params, gives);
        let (line, column) = self.functions.called_at(self.id);
        let fails = self.functions.can_fail(self.id);
        let mut leaf = |leaves: &[Leaf]| {
            let (results, residuals) = leaves.split_at(results.min(leaves.len()));
            let frame = residuals.iter().map(|(_, tokens)| tokens);
            let mut results: Vec<TokenStream> = results.iter().map(|(_, tokens)| tokens.clone()).collect();
            results.push(quote!(__record));
            let value = body.ok(&tuple(&results));
            if !fails {
                return quote!(let __record = __run.stacks.#stack.keep(&mut __run.memory, (#(#frame,)*)); #value);
            }
            quote! {
                let Some(__record) = __run.stacks.#stack.push(&mut __run.memory, (#(#frame,)*)) else {
                    return Err(__run.context.fail(
                        Code::Tape,
                        "the record for the gradient is too long: calls and loops leave more than 512 MiB",
                        &[],
                        (#line, #column),
                    ));
                };
                #value
            }
        };
        let residuals: Vec<Type> = forward.result_types().split_off(results.min(forward.body.results.len()));
        let frame = residuals.iter().zip(kept).map(|(ty, is)| types(&[*ty], &[*is]));
        let frame = quote!(Frames<(#(#frame,)*)>);
        let forward = self.functions.function(
            &self.named("forward"),
            self.id,
            Keep::Tape,
            &body.parameters(&forward.params),
            &self.forward_type(),
            |check| body.checked(&check, &mut leaf),
        );

        let body = self.body(reverse, kept);
        let (residuals, cotangents) = reverse.params.split_at(residuals.len().min(reverse.params.len()));
        let residuals = residuals.iter().map(|v| name(*v));
        let mut variables = vec![(quote!(__record), quote!(Record))];
        variables.extend(body.parameters(cotangents));
        let reverse = self.functions.function(
            &self.named("reverse"),
            self.id,
            Keep::Tape,
            &variables,
            &types(&reverse.result_types(), &[]),
            |check| {
                let reversed = body.checked(&check, &mut |leaves| body.done(leaves));
                quote!(let (#(#residuals,)*) = __run.stacks.#stack.get(__record); #reversed)
            },
        );
        (frame, quote!(#forward #reverse))
    }

    fn looped(
        &self,
        sweep: Sweep<'_>,
        next: &Graph,
        fixed: &[bool],
        keeps: &[bool],
    ) -> (TokenStream, TokenStream) {
        let stack = &self.stack;
        let graph = &self.function.graph;
        let count = graph.params.len();
        // What is kept of each state, and what once.
        let state: Vec<usize> = (0..count).filter(|i| keeps[*i] && !fixed[*i]).collect();
        let once: Vec<usize> = (0..count).filter(|i| keeps[*i] && fixed[*i]).collect();
        let of = |graph: &Graph, which: &[usize]| -> Vec<Ident> {
            which.iter().map(|i| name(graph.params[*i])).collect()
        };
        let body = self.functions.body(self.function, self.id, Keep::Tape);
        let type_of = |which: &[usize]| -> Vec<TokenStream> {
            which.iter().map(|i| body.type_of(graph.params[*i])).collect()
        };
        let (state_types, once_types) = (type_of(&state), type_of(&once));
        let stack_type = quote!(Runs<(#(#state_types,)*), (#(#once_types,)*)>);

        let (states, onces) = (of(graph, &state), of(graph, &once));
        // No step calls anything but what it is made of: room is made between stretches of them.
        let over = |step| {
            quote! {
                'run: loop {
                    let (__steps, __places) =
                        __run.stacks.#stack.stretch(&mut __run.memory, &mut __recorder, (#(#states,)*));
                    for __k in 0..__steps {
                        if let Some(__place) = __places.get_mut(__k) {
                            *__place = (#(#states,)*);
                        }
                        #step
                    }
                }
            }
        };
        let leave = |exits| quote!(__recorder.stop(__k); break 'run #exits;);
        let code = looped(self.function, &body, leave, over);
        let exits: Vec<TokenStream> = (0..self.function.exits().len())
            .map(|i| {
                let exit = format_ident!("__e{i}");
                quote!(#exit)
            })
            .collect();
        let pattern = tuple(&exits);
        let value = body.ok(&tuple(&[exits, vec![quote!(__record)]].concat()));
        let forward = self.functions.function(
            &self.named("forward"),
            self.id,
            Keep::Tape,
            &body.parameters(&graph.params),
            &self.forward_type(),
            |check| {
                quote! {
                    #check
                    let mut __recorder = __run.stacks.#stack.begin();
                    let #pattern = #code;
                    let __record = __run.stacks.#stack.end(&mut __run.memory, __recorder, (#(#onces,)*));
                    #value
                }
            },
        );

        let next_name = self.named("next");
        let params = self.functions.uniform.params(self.id);
        let gives = params.iter().zip(keeps).filter(|(_, kept)| **kept).map(|(is, _)| *is).collect();
        let body = Body::new(self.functions, self.id, next, Keep::Nothing, params, gives);
        let nexts = body.tail(&mut |leaves: &[Leaf]| {
            let kept = leaves.iter().zip((0..count).filter(|i| keeps[*i]));
            let values = kept.filter(|(_, i)| !fixed[*i]).map(|((_, tokens), _)| tokens);
            body.ok(&quote!((#(#values,)*)))
        });
        let kept: Vec<Var> = [&state[..], &once[..]].concat().iter().map(|i| next.params[*i]).collect();
        let next = self.functions.function(
            &next_name,
            self.id,
            Keep::Nothing,
            &body.parameters(&kept),
            &quote!((#(#state_types,)*)),
            |check| quote!(#check #nexts),
        );
        let reverse = self.sweep(sweep, &next_name, &state, &once);
        (stack_type, quote!(#forward #next #reverse))
    }

    /// The loop backwards: the last step and then, from the end, those before, the first of which may have code of their own.
    fn sweep(
        &self,
        Sweep { first, step, last }: Sweep<'_>,
        next: &Ident,
        state: &[usize],
        once: &[usize],
    ) -> TokenStream {
        let stack = &self.stack;
        let count = self.function.graph.params.len();
        let fails = self.functions.can_fail(self.id);
        let names = |graph: &Graph, which: &[usize]| -> Vec<Ident> {
            which.iter().map(|i| name(graph.params[*i])).collect()
        };
        let numbered = |letter: &str, n: usize| -> Vec<Ident> {
            (0..n).map(|i| format_ident!("__{letter}{i}")).collect()
        };
        let (fixed, held) = (numbered("k", once.len()), numbered("s", state.len()));
        let sums = numbered("c", last.body.results.len());
        let part = |graph: &Graph, cotangents: &TokenStream| {
            let (states, onces) = (names(graph, state), names(graph, once));
            let body = self.body(graph, self.functions.uniform.params(self.id));
            let mark = forwards(&graph.body).then(|| quote!(let __mark = __run.stacks.mark();));
            let release = mark.as_ref().map(|_| quote!(__run.stacks.release(__mark);));
            let code = body.tail(&mut |leaves: &[Leaf]| {
                let values = leaves.iter().map(|(_, tokens)| tokens);
                quote!((#(#sums,)*) = (#(#values,)*);)
            });
            quote! {
                let (#(#states,)*) = (#(#held,)*);
                let (#(#onces,)*) = (#(#fixed,)*);
                #cotangents
                #mark
                #code
                #release
            }
        };
        let exits = last.params.get(count..).unwrap_or_default();
        let of_last = part(last, &quote!());
        let back = |step: &Graph| {
            let carried = step.params.iter().skip(count).map(|v| name(*v));
            part(step, &quote!(let (#(#carried,)*) = (#(#sums,)*);))
        };
        let (of_first, of_step): (Vec<_>, _) = (first.iter().map(back).collect(), back(step));
        // What it captures by reference would be in memory for the steps, too.
        let again = if fails {
            let context = quote!(let __context = &mut __run.context;);
            quote!({ #context move |(#(#held,)*)| #next::<T>(__context #(, #held)* #(, #fixed)*) })
        } else {
            quote!(move |(#(#held,)*)| Ok::<_, ::core::convert::Infallible>(#next::<T>(#(#held,)* #(#fixed),*)))
        };
        let back = quote!(__run.stacks.#stack.back(&mut __run.memory, &mut __sweep, #again));
        let (some, back) = match fails {
            true => (quote!(Some(__segment)), quote!(#back?)),
            false => (quote!(Ok(Some(__segment))), back),
        };
        let state = quote!(let (#(#held,)*) = __run.stacks.#stack.state(&__sweep, __k););
        let zeros = last.result_types().into_iter().map(|ty| match ty.scalar {
            Scalar::Real => quote!(T::lit(0.0)),
            Scalar::Bool | Scalar::Record => quote!(false),
        });
        let (begins, ends) = match of_first.is_empty() {
            true => (
                quote!(let mut __ends = true;),
                quote! {
                    if __ends {
                        __ends = false;
                        if let Some(__k) = __segment.next() {
                            #state
                            #of_last
                        }
                    }
                },
            ),
            false => {
                let (count, turns) = (of_first.len(), 1..=of_first.len());
                let code = quote! {
                    while __turn <= #count {
                        let Some(__k) = __segment.next() else { break };
                        #state
                        match __turn {
                            #(#turns => { #of_first })*
                            _ => { #of_last }
                        }
                        __turn += 1;
                    }
                };
                (quote!(let mut __turn = 0usize;), code)
            }
        };
        let results: Vec<TokenStream> = sums.iter().map(|sum| quote!(#sum)).collect();
        let body = self.body(last, self.functions.uniform.params(self.id));
        let value = body.ok(&tuple(&results));
        let mut variables = vec![(quote!(__record), quote!(Record))];
        variables.extend(body.parameters(exits));
        let result = types(&last.result_types(), &[]);
        self.functions.function(&self.named("reverse"), self.id, Keep::Tape, &variables, &result, |check| {
            quote! {
                #check
                let (mut __sweep, (#(#fixed,)*)) = __run.stacks.#stack.sweep(__record);
                let (#(mut #sums,)*) = (#(#zeros,)*);
                #begins
                while let #some = #back {
                    let mut __segment = __segment.rev();
                    #ends
                    for __k in __segment {
                        #state
                        #of_step
                    }
                }
                #value
            }
        })
    }
}

/// Whether a block leaves records.
fn forwards(block: &Block) -> bool {
    block.insts.iter().any(|inst| match &inst.op {
        Op::Forward(_) => true,
        Op::If { then, els } => forwards(then) || forwards(els),
        _ => false,
    })
}
