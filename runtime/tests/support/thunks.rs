//! Many cases compiled as one module, whose value is a list of thunks.

use scheme_runtime::{
    machine::{Fault, Image, Limits, Machine, Module},
    value::{Value, View},
};

/// The list of a module's thunks, to run each on a machine of its own.
pub(crate) fn compiled(module: &'static Module) -> Image {
    let mut machine = Machine::new(module, Limits::default()).unwrap();
    let thunks = machine.start(&[]).unwrap();
    machine.into_image(thunks).unwrap()
}

/// The text of what a thunk gives.
pub(crate) fn outcome(image: &Image, index: usize) -> Result<String, Box<Fault>> {
    let (mut machine, mut list) = Machine::from_image(image, Limits::default());
    let half = |list: Value| match list.view() {
        View::Pair { at, .. } => at,
        _ => panic!("{list:?}"),
    };
    for _ in 0..index {
        list = machine.heap().cdr(half(list));
    }
    let thunk = machine.heap().car(half(list));
    machine.run(thunk, &[]).map(|value| machine.text(value, 10_000))
}
