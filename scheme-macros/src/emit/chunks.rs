//! Long sequences of statements, in chunks.
//!
//! Every `let` opens a scope within the one before it, and what rustc and LLVM do with scopes nests as deep:
//! with debug information, thousands of statements in sequence exhaust their stack. So a long sequence is
//! written as parts of few statements, each of which gives what is read after it: `__chunk` of the runtime, a closure called where
//! it stands in a dev build, where every step of an expression has its place in the frame, and otherwise a block, since a
//! closure, of which every set of vector instructions shares one, would have none of them. What may leave its function is a closure.

use super::rows::{Angles, name};
use proc_macro2::TokenStream;
use quote::quote;
use scheme_core::anf::{Atom, Block, Inst, Op, Var};
use std::collections::HashMap;

/// The most statements in sequence.
pub(super) const CHUNK: usize = 200;

/// The instructions in order, each as `write` has it. What comes after them may read the variables of `after`.
/// Where a function `fails`, an instruction may leave it with an error.
pub(super) fn chunked<'i>(
    insts: &'i [Inst],
    after: impl Iterator<Item = Atom>,
    angles: &Angles,
    fails: bool,
    write: impl Fn(&'i Inst) -> TokenStream,
) -> TokenStream {
    let all = |insts: &'i [Inst]| -> TokenStream { insts.iter().map(&write).collect() };
    if insts.len() <= CHUNK {
        return all(insts);
    }
    // The last chunk that reads each variable.
    let mut last: HashMap<Var, usize> = HashMap::new();
    for (chunk, insts) in insts.chunks(CHUNK).enumerate() {
        insts.iter().for_each(|inst| reads(inst, &mut |v| _ = last.insert(v, chunk)));
    }
    last.extend(after.filter_map(Atom::var).map(|v| (v, usize::MAX)));
    // What comes after is in the scope of the last chunk, which is written as it is: it may also end the run.
    let count = insts.len().div_ceil(CHUNK);
    let chunks = insts.chunks(CHUNK).enumerate().map(|(chunk, insts)| {
        let statements = all(insts);
        if chunk + 1 == count {
            return statements;
        }
        let bound = insts.iter().flat_map(|inst| angles.binds(inst));
        let given = bound.filter(|v| last.get(v).is_some_and(|reader| *reader > chunk)).map(name);
        let given: Vec<_> = given.collect();
        match fails {
            true => {
                quote!(let (#(#given,)*) = (|| -> Result<_, Stop> { #statements Ok((#(#given,)*)) })()?;)
            }
            false => {
                quote!(let (#(#given,)*) = ::scheme_runtime::__chunk! { #statements (#(#given,)*) };)
            }
        }
    });
    chunks.collect()
}

/// The variables that an instruction reads, the blocks in it included.
pub(super) fn reads(inst: &Inst, found: &mut dyn FnMut(Var)) {
    inst.args.iter().filter_map(|atom| atom.var()).for_each(&mut *found);
    if let Op::If { then, els } = &inst.op {
        each_read(then, found);
        each_read(els, found);
    }
}

/// The same of all instructions of a block, and its results.
fn each_read(block: &Block, found: &mut dyn FnMut(Var)) {
    block.insts.iter().for_each(|inst| reads(inst, found));
    block.results.iter().filter_map(|atom| atom.var()).for_each(found);
}
