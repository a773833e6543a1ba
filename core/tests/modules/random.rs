//! The laws on random modules, which and how many `MODULES=from..to` says.

use crate::{
    generate::{Random, module},
    laws,
};
use scheme_core::{
    anf::{Module, verify_module},
    transform::optimize,
};

fn each(law: impl Fn(&Module, &[f64])) {
    let range = std::env::var("MODULES").unwrap_or("0..24".to_owned());
    let (from, to) = range.split_once("..").expect("MODULES=from..to");
    for seed in from.parse().unwrap()..to.parse().unwrap() {
        let module = module(seed);
        verify_module(&module).unwrap_or_else(|violation| panic!("{violation}\n{module}"));
        let text = module.to_string();
        assert_eq!(Module::parse(&text).unwrap().to_string(), text);
        let mut random = Random::new(seed ^ 0xabcd);
        for _ in 0..2 {
            law(&module, &[random.between(-2.0, 2.0), random.between(-2.0, 2.0)]);
        }
    }
}

#[test]
fn reverse_mode_gives_value_and_gradient() {
    each(laws::check);
}

#[test]
fn optimized_modules_give_the_same() {
    each(|module, point| {
        let better = optimize(module);
        laws::same(module, &better, point);
        laws::check(&better, point);
    });
}

#[test]
fn forward_mode_gives_value_and_tangents() {
    each(|module, point| laws::forward(module, point));
}
