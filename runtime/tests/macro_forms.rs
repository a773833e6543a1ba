//! How programs are written in Rust: brackets, names, splices, strings, files, and where.

#![forbid(unsafe_code)]

use scheme_runtime::{Real, prelude::*};

#[test]
fn all_brackets() {
    let braces = scheme! { (* k (/ (* q1 q2) (* r r))) };
    let parentheses = scheme!((* k (/ (* q1 q2) (* r r))));
    let brackets = scheme![(* k (/ (* q1 q2) (* r r)))];
    let text = scheme!("(* k (/ (* q1 q2) (* r r)))");
    let raw = scheme! { r"(* k (/ (* q1 q2) (* r r)))" };
    let x = [8.99, 1.0, 2.0, 0.5];
    let graphs = [
        braces.graph_text(),
        parentheses.graph_text(),
        brackets.graph_text(),
        text.graph_text(),
        raw.graph_text(),
    ];
    assert_eq!(graphs, [graphs[0]; 5]);
    assert_eq!(
        [braces.call(x), parentheses.call(x), brackets.call(x), text.call(x), raw.call(x)],
        [71.92; 5]
    );
    assert_eq!(braces.source(), "(* k (/ (* q1 q2) (* r r)))");
    assert_eq!(format!("{braces:?}"), braces.source());
}

/// Tokens that touch are one name, and fields of Rust are made of it.
#[test]
fn names_of_several_tokens() {
    let f = scheme! { (+ env-lookup (* x->y g/L) (* found? b!) (* c* <limit>) (* a.b x_1) größe) };
    let names = ["env-lookup", "x->y", "g/L", "found?", "b!", "c*", "<limit>", "a.b", "x_1", "größe"];
    assert_eq!(f.input_names(), names);
    let v = f.names();
    let fields = [v.env_lookup, v.x__y, v.g_L, v.found_, v.b_, v.c_, v._limit_, v.a_b, v.x_1, v.größe];
    assert_eq!(fields.map(|field| field.name()), names);
    let x = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0];
    assert_eq!(f.call(x), 1.0 + 6.0 + 20.0 + 42.0 + 72.0 + 10.0);
    assert_eq!(grad(f).wrt(|v| [v.x__y, v.g_L]).call(x), [3.0, 2.0]);
}

#[test]
fn a_file() {
    let f = scheme_file!("models/coulomb.scm");
    assert_eq!(f.input_names(), ["k", "q1", "q2", "r"]);
    assert_eq!(f.call([8.99, 1.0, 2.0, 0.5]), 71.92);
    assert_eq!(f.source(), include_str!("models/coulomb.scm"));
}

#[test]
fn splices() {
    let (k, half) = (8.99, 0.5);
    struct Constants {
        g: f64,
    }
    let constants = Constants { g: 9.81 };
    let f = scheme! { (* ,k x ,{constants.g * 2.0} ,half ,{half}) };
    assert_eq!(f.call(2.0), 8.99 * 2.0 * (9.81 * 2.0) * 0.5 * 0.5);
    assert_eq!(f.input_names(), ["x"]);
    // Constants have no gradient to take; the rest is as ever.
    assert_eq!(grad(f).call(2.0), 8.99 * (9.81 * 2.0) * 0.5 * 0.5);
    // An input and a splice of one name are two things.
    let g = scheme! { (- k ,k) };
    assert_eq!(g.call(10.0), 10.0 - 8.99);
}

/// What fits into a number of the language without a loss.
#[test]
fn splices_of_other_numbers() {
    let (single, int, byte, unsigned) = (0.1_f32, -3_i32, 7_u8, 5_u32);
    let f = scheme! { (+ x ,single ,int ,byte ,{unsigned * 2} ,{i16::MAX}) };
    assert_eq!(f.call(1.0), 1.0 + 0.1_f32 as f64 - 3.0 + 7.0 + 10.0 + 32767.0);
    assert_eq!(grad(f).call(1.0), 1.0);
}

#[test]
fn spliced_expressions_run_once_and_in_order() {
    let mut count = 0.0;
    let mut next = || {
        count += 1.0;
        count
    };
    let f = scheme! { (let ((a ,{next()})) (+ (* a a) (* ,{next()} x))) };
    assert_eq!((f.call(1.0), f.call(1.0), grad(f).call(3.0)), (3.0, 3.0, 2.0));
    assert_eq!(next(), 3.0);
    // Also where the program does not use it.
    let g = scheme! { (begin ,{next()} x) };
    assert_eq!((g.call(1.0), next()), (1.0, 5.0));
}

#[test]
fn splices_see_the_users_scope() {
    struct Program;
    struct Inputs;
    impl Program {
        const RATE: f64 = 2.0;
    }
    impl Inputs {
        const RATE: f64 = 3.0;
    }
    #[allow(non_upper_case_globals)]
    const v0: f64 = 7.0;
    #[allow(non_upper_case_globals)]
    const captured: f64 = 11.0;
    let f = scheme! { (+ (* ,{Program::RATE} v0) (* ,{Inputs::RATE} captured) ,v0 ,captured) };
    assert_eq!(f.call([1.0, 1.0]), 2.0 + 3.0 + 7.0 + 11.0);
    assert_eq!(f.input_names(), ["v0", "captured"]);
    let _ = (Program, Inputs);
}

/// Names of the emitted code, constants of the user and methods of other traits do not meet.
#[test]
fn names_do_not_collide() {
    #[allow(non_upper_case_globals, dead_code)]
    const v0: f64 = 1.0;
    #[allow(non_upper_case_globals, dead_code)]
    const k: f64 = 1.0;
    #[allow(non_upper_case_globals, dead_code)]
    const x: f64 = 1.0;
    #[allow(non_upper_case_globals, dead_code)]
    const f: f64 = 1.0;
    #[allow(dead_code)]
    type T = u8;
    #[allow(dead_code)]
    type Real = u8;
    #[allow(dead_code)]
    mod scheme_core {}
    trait Shout {
        fn exp(&self) -> &'static str {
            "not this one"
        }
    }
    impl Shout for f64 {}
    assert_eq!((2.0_f64).sqrt().max(1.0), 2.0_f64.sqrt());
    assert_eq!(Shout::exp(&1.0), "not this one");
    let sum = scheme! { (+ (* k T) (exp self) (sin v0) out) };
    assert_eq!(sum.call([2.0, 3.0, 0.0, 0.0, 1.0]), 8.0);
    let names = sum.names();
    assert_eq!(
        [names.k.name(), names.T.name(), names.self_.name(), names.v0.name()],
        ["k", "T", "self", "v0"]
    );
    let keywords = scheme! { (+ type (* fn loop-count) match) };
    assert_eq!(keywords.names().r#type.name(), "type");
    assert_eq!(keywords.call([1.0, 2.0, 3.0, 4.0]), 11.0);
}

/// A program in a generic function, kept in a struct, returned.
struct Model<F> {
    force: F,
    name: &'static str,
}

impl<F: Function<In = [R; 2], Out = R>> Model<F> {
    fn slope(&self, x: [f64; 2]) -> [f64; 2] {
        grad(self.force).call(x)
    }
}

fn spring(stiffness: f64) -> Model<impl Function<In = [R; 2], Out = R> + Program> {
    Model { force: scheme! { (* -1 ,stiffness (+ x (* damping x))) }, name: "spring" }
}

fn generic<T: Real>(x: T) -> T {
    let f = scheme! { (* x (sin x)) };
    f.call(x)
}

#[test]
fn programs_are_values_of_rust() {
    let model = spring(2.0);
    assert_eq!((model.name, model.slope([1.0, 0.5])), ("spring", [-3.0, -2.0]));
    let copy = model.force;
    assert_eq!(copy.call([1.0, 0.5]), model.force.call([1.0, 0.5]));
    assert_eq!(generic(2.0_f32), scheme! { (* x (sin x)) }.call(2.0_f32));
    let closure = |x| scheme! { (* 2 x) }.call(x);
    assert_eq!(closure(4.0), 8.0);
    // Programs without splices are of no size, and functions of threads.
    let f = scheme! { (* 2 x) };
    assert_eq!(size_of_val(&f), 0);
    assert_eq!(std::thread::spawn(move || f.call(1.5)).join().expect("a thread"), 3.0);
}

const SQUARE: f64 = 3.0;

macro_rules! power {
    ($name:ident, $by:expr, $($program:tt)*) => {
        let $name = scheme! { (* $($program)* ,{$by}) };
    };
}

macro_rules! input {
    ($input:ident) => {
        scheme! { (* $input $input ,SQUARE) }
    };
}

macro_rules! whole {
    ($text:literal) => {
        scheme!($text)
    };
}

#[test]
fn programs_from_macros() {
    power!(f, SQUARE + 1.0, (sqrt x->y) env-lookup);
    assert_eq!(f.input_names(), ["x->y", "env-lookup"]);
    assert_eq!(f.call([4.0, 5.0]), 40.0);
    let g = input!(y);
    assert_eq!((g.call(2.0), g.input_names()), (12.0, &["y"][..]));
    assert_eq!(whole!("(* x x)").call(3.0), 9.0);
}

/// The notation of the issue, verbatim.
#[test]
fn angle_brackets() {
    angle! {
        let coulomb = scheme!<(* k (/ (* q1 q2) (* r r)))>;
        let clamp = scheme!<(if (> x->y 1) 1 (if (>= 0 x->y) 0 x->y))>;
    }
    let braces = scheme! { (* k (/ (* q1 q2) (* r r))) };
    assert_eq!(coulomb.graph_text(), braces.graph_text());
    assert_eq!(coulomb.call([8.99, 1.0, 2.0, 0.5]), 71.92);
    assert_eq!(grad(coulomb).call([8.99, 1.0, 2.0, 0.5]), [8.0, 71.92, 35.96, -287.68]);
    assert_eq!([2.0, 0.5, -1.0].map(|x| clamp.call(x)), [1.0, 0.5, 0.0]);
}
