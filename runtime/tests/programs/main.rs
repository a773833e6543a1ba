//! Many programs, in every way of running them.
//!
//! Each is a file in `cases`. Its value and gradient there come from a run in many digits by the
//! reference evaluation (`scheme_core::reference::program`), which shares nothing with the compilers but
//! the table's scalar rows. Compiled, and as a string, the value has the bits of the reference
//! evaluation in `f64`, and the gradients agree with the big floats'.

#[path = "../../../core/tests/laws/big.rs"]
#[expect(dead_code, reason = "the laws of the table use the rest")]
mod big;
mod case;
mod generate;

use case::{Case, close};
use generate::INPUTS;
use scheme_core::{
    lower::{Lowered, lower},
    reference::{
        Array, call_reverse,
        program::{Value, evaluate, value_and_gradient},
    },
    transform::{optimize, reverse},
};
use scheme_runtime::{All, Interpreter, Kind, Of, OneNumber, Outcome, Shape, prelude::*};

/// Relative error of a gradient, from summing in another order.
const TOLERANCE: f64 = 1e-11;

macro_rules! programs {
    ($($path:literal)+) => {
        /// Every case.
        fn cases() -> Vec<Case> {
            vec![$(Case::parse($path, include_str!($path))),+]
        }

        #[test]
        #[expect(deprecated, reason = "some programs are there to be warned of")]
        fn compiled() {
            let mut wrong: Vec<String> = Vec::new();
            $(
                let case = Case::parse($path, include_str!($path));
                wrong.extend(check(scheme_file!($path), &case).err());
            )+
            assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        }
    };
}

programs! {
    "cases/accumulators.scm"
    "cases/ackermann-small.scm"
    "cases/adders-by-map.scm"
    "cases/apply-spread.scm"
    "cases/association-list.scm"
    "cases/bisection.scm"
    "cases/call-with-values-sum.scm"
    "cases/case-lambda-area.scm"
    "cases/case-machine.scm"
    "cases/church-numerals.scm"
    "cases/closure-counter.scm"
    "cases/closures-in-a-list.scm"
    "cases/collatz-weights.scm"
    "cases/compose-n.scm"
    "cases/compose-pipeline.scm"
    "cases/continued-fraction.scm"
    "cases/coulomb.scm"
    "cases/cross-torque.scm"
    "cases/deep-list.scm"
    "cases/derivative-of-closure.scm"
    "cases/descent-by-a-list.scm"
    "cases/descent-on-a-recursion.scm"
    "cases/descent-on-an-integration.scm"
    "cases/do-product.scm"
    "cases/do-two-results.scm"
    "cases/ema.scm"
    "cases/euler-decay.scm"
    "cases/expression-evaluator.scm"
    "cases/factorial-weighted.scm"
    "cases/fibonacci-scaled.scm"
    "cases/filter-and-sum.scm"
    "cases/fir-filter.scm"
    "cases/garch-likelihood.scm"
    "cases/gaussian.scm"
    "cases/gcd-gate.scm"
    "cases/grad-inside.scm"
    "cases/gradient-descent-inside.scm"
    "cases/gradient-of-a-gradient-of-a-loop.scm"
    "cases/gradient-of-mutual-recursion.scm"
    "cases/gradient-of-what-may-fail.scm"
    "cases/gravity-3d.scm"
    "cases/heat-implicit-jacobi.scm"
    "cases/heat-step.scm"
    "cases/hessian-inside.scm"
    "cases/hill.scm"
    "cases/hmm-forward.scm"
    "cases/horner.scm"
    "cases/iir-filter.scm"
    "cases/indicator-arithmetic.scm"
    "cases/insertion-sort.scm"
    "cases/jacobian-of-a-loop.scm"
    "cases/jvp-inside.scm"
    "cases/kalman-1d.scm"
    "cases/kalman-2d.scm"
    "cases/knee.scm"
    "cases/leapfrog.scm"
    "cases/letrec-closure.scm"
    "cases/linspace-integral.scm"
    "cases/list-of-lists-transpose.scm"
    "cases/logistic-list-history.scm"
    "cases/logistic-map.scm"
    "cases/loop-inside-recursion.scm"
    "cases/lotka-volterra-rk4.scm"
    "cases/map-fold.scm"
    "cases/map-of-gradients.scm"
    "cases/matrix-power-trace.scm"
    "cases/matrix-recurrence-3.scm"
    "cases/mutual-even-odd.scm"
    "cases/mutual-non-tail.scm"
    "cases/named-let-sum.scm"
    "cases/nested-loops.scm"
    "cases/newton-loop.scm"
    "cases/newton-of-a-loop.scm"
    "cases/newton-with-derivative.scm"
    "cases/object-messages.scm"
    "cases/particle-between-two.scm"
    "cases/perceptron-backprop.scm"
    "cases/perturbation-confusion-in-loops.scm"
    "cases/perturbation-confusion.scm"
    "cases/polymorphic-twice.scm"
    "cases/power-by-squaring.scm"
    "cases/power-iteration.scm"
    "cases/prelude-rk4.scm"
    "cases/pullback-of-a-loop.scm"
    "cases/quasiquote-data.scm"
    "cases/quicksort-median.scm"
    "cases/random-01.scm"
    "cases/random-02.scm"
    "cases/random-03.scm"
    "cases/random-04.scm"
    "cases/random-05.scm"
    "cases/random-06.scm"
    "cases/random-07.scm"
    "cases/random-08.scm"
    "cases/random-09.scm"
    "cases/random-10.scm"
    "cases/random-11.scm"
    "cases/random-12.scm"
    "cases/random-13.scm"
    "cases/random-14.scm"
    "cases/random-15.scm"
    "cases/random-16.scm"
    "cases/random-17.scm"
    "cases/random-18.scm"
    "cases/random-19.scm"
    "cases/random-20.scm"
    "cases/random-21.scm"
    "cases/random-22.scm"
    "cases/random-23.scm"
    "cases/random-24.scm"
    "cases/recursion-inside-loop.scm"
    "cases/reduce-and-folds.scm"
    "cases/reflecting-walk.scm"
    "cases/rest-parameters.scm"
    "cases/rk4-pendulum.scm"
    "cases/running-mean.scm"
    "cases/saddle-inner.scm"
    "cases/sieve-weights.scm"
    "cases/simpson.scm"
    "cases/soft-choices.scm"
    "cases/spring-events.scm"
    "cases/stack-machine.scm"
    "cases/stop-gradient-part.scm"
    "cases/streams-by-thunks.scm"
    "cases/string-dispatch.scm"
    "cases/symbolic-derivative.scm"
    "cases/three-bodies-potential.scm"
    "cases/three-states.scm"
    "cases/ties.scm"
    "cases/tree-recursion.scm"
    "cases/tree-sum.scm"
    "cases/u-combinator.scm"
    "cases/value-and-gradient-of-a-loop.scm"
    "cases/values-two.scm"
    "cases/vectors-general.scm"
    "cases/vjp-inside.scm"
    "cases/what-does-not-move-yet.scm"
    "cases/y-combinator.scm"
}

/// On a thread that has the stack for naive evaluation.
fn with_stack(work: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(1 << 30).spawn(work).expect("a thread");
    thread.join().expect("no panic");
}

#[test]
fn files_say_what_the_oracle_says() {
    with_stack(|| {
        let wrong: Vec<String> = cases().iter().filter_map(|case| case.against_the_oracle().err()).collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    });
}

#[test]
fn every_file_is_a_case() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/programs/cases");
    let files = std::fs::read_dir(folder).expect("the folder").count();
    assert_eq!(files, cases().len());
}

#[test]
fn as_strings() {
    with_stack(|| {
        let wrong: Vec<String> = cases().iter().filter_map(|case| string(case).err()).collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    });
}

/// Random programs, as strings, against the reference evaluation.
#[test]
fn random_programs_as_strings() {
    with_stack(|| {
        let wrong: Vec<String> = (0..300).filter_map(|seed| random_string(seed).err()).collect();
        assert!(wrong.is_empty(), "{} of 300:\n{}", wrong.len(), wrong.join("\n---\n"));
    });
}

/// Random programs, lowered to modules, against the reference evaluation.
#[test]
fn random_programs_lowered() {
    with_stack(|| {
        let outcomes: Vec<Result<bool, String>> = (1000..1300).map(random_lowered).collect();
        let wrong: Vec<&String> = outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).collect();
        assert!(wrong.is_empty(), "{} of 300, first:\n{}", wrong.len(), wrong[0]);
        let direct = outcomes.iter().filter(|outcome| **outcome == Ok(true)).count();
        assert!(direct > 150, "only {direct} of 300 were direct");
    });
}

/// Derivatives inside the language are direct code, of procedures that loop, recur or may fail too.
#[test]
fn derivatives_are_direct() {
    let general = cases().into_iter().filter(derives).filter_map(|case| {
        let program = case.program().expect("a program");
        match lower("case", &program).expect("no error") {
            Lowered::Direct(_) => None,
            Lowered::General { why, .. } => Some(format!("{}: {}", case.path, why.message)),
        }
    });
    assert_eq!(general.collect::<Vec<_>>(), [""; 0]);
}

/// Whether the program is direct, if it gives what it should.
fn random_lowered(seed: u64) -> Result<bool, String> {
    let text: &'static str = generate::Generator::new(seed).program().leak();
    let case = Case { path: text, text, at: INPUTS.to_vec(), value: f64::NAN, gradient: vec![] };
    let program = case.program()?;
    let Lowered::Direct(direct) = lower("random", &program).map_err(|e| format!("{text}: {e:?}"))? else {
        return Ok(false);
    };
    let names = case::names(&program);
    let inputs = case.inputs(names.iter().map(|n| &**n));
    let (want, gradient) = value_and_gradient(&program, &inputs).map_err(|e| format!("{text}: {e:?}"))?;
    let arguments: Vec<Array<f64>> = inputs.iter().map(|x| Array::real(*x)).collect();
    let module = optimize(&direct.module);
    let wrt: Vec<usize> = (0..inputs.len()).collect();
    let adjoint = reverse(&module, &wrt).map_err(|e| format!("{text}: {e}"))?;
    let found = call_reverse(&module, &adjoint, &arguments).map_err(|e| format!("{text}: {e}"))?;
    let found: Vec<f64> = found.iter().flat_map(Array::numbers).collect();
    agree(&case, "lowered", want, found[0], &gradient, &found[1..]).map(|()| true)
}

fn random_string(seed: u64) -> Result<(), String> {
    let text: &'static str = generate::Generator::new(seed).program().leak();
    let case = Case { path: text, text, at: INPUTS.to_vec(), value: f64::NAN, gradient: vec![] };
    let program = case.program()?;
    let names = case::names(&program);
    let inputs = case.inputs(names.iter().map(|n| &**n));
    let (_, gradient) =
        value_and_gradient(&program, &inputs).map_err(|fault| format!("{text}: {fault:?}"))?;
    let gradient =
        INPUTS.iter().filter_map(|(name, _)| Some((*name, gradient[names.iter().position(|n| n == name)?])));
    string(&Case { gradient: gradient.collect(), ..case })
}

/// The value of the reference evaluation, to be met to the bit.
fn reference(case: &Case) -> Result<f64, String> {
    let program = case.program()?;
    let names = case::names(&program);
    let inputs: Vec<Value<f64>> = case
        .inputs(names.iter().map(|n| &**n))
        .into_iter()
        .map(|x| Value::Number(scheme_core::real::Real::lit(x)))
        .collect();
    match evaluate(&program, &inputs) {
        Ok(Value::Number(x)) => Ok(x.value()),
        other => Err(format!("{}: {other:?}", case.path)),
    }
}

fn string(case: &Case) -> Result<(), String> {
    let want = reference(case)?;
    let failed = |error: String| format!("{}: {error}", case.path);
    let program = Interpreter::new().load(case.text).map_err(|e| failed(format!("{e}")))?;
    let names: Vec<String> = program.inputs().map(str::to_string).collect();
    let names: Vec<&str> = names.iter().map(|n| &**n).collect();
    let (value, gradient) = program.value_and_grad(&names, &case.at).map_err(|e| failed(format!("{e}")))?;
    agree(case, "string", want, value, &case.gradient(names.iter().copied()), &gradient)
}

/// Whether a program takes derivatives inside.
fn derives(case: &Case) -> bool {
    let forms = ["grad", "jvp", "vjp", "derivative", "jacobian", "hessian"];
    let mut code = case.text.lines().filter(|line| !line.starts_with(';'));
    code.any(|line| forms.iter().any(|form| line.contains(form)))
}

/// Whether two values of a program are the same. A derivative taken inside it may be summed in another order.
fn same(case: &Case, a: f64, b: f64) -> bool {
    if derives(case) { close(a, b, 1e-13) } else { a.to_bits() == b.to_bits() }
}

fn agree(
    case: &Case,
    way: &str,
    want: f64,
    value: f64,
    expected: &[f64],
    gradient: &[f64],
) -> Result<(), String> {
    if !same(case, value, want) {
        return Err(format!("{}: {way}: value {value:?}, reference {want:?}", case.path));
    }
    let same = expected.len() == gradient.len();
    if !same || !expected.iter().zip(gradient).all(|(a, b)| close(*a, *b, TOLERANCE)) {
        return Err(format!("{}: {way}: gradient {gradient:?}, expected {expected:?}", case.path));
    }
    Ok(())
}

/// A compiled program against the reference and the case: its value, its gradient by the adjoint and by
/// forward mode.
fn check<F: Function + Program>(f: F, case: &Case) -> Result<(), String>
where
    F::Out: OneNumber,
{
    let failed = |error: Failure| format!("{}: {error}", case.path);
    let names = f.input_names();
    let inputs = case.inputs(names.iter().copied());
    let expected = case.gradient(names.iter().copied());
    let x: Of<F::In, f64> = shaped::<F::In>(&inputs);
    let (path, text) = (case.path, case.text);
    let want = std::thread::Builder::new()
        .stack_size(1 << 30)
        .spawn(move || reference(&Case::parse(path, text)))
        .expect("a thread")
        .join()
        .expect("no panic")?;

    let alone = <F::Out as Outcome>::Kind::result(f.call(x)).map_err(failed)?;
    let as_string = Interpreter::new().load(case.text).map_err(|e| format!("{}: {e}", case.path))?;
    let as_string = as_string.call(&case.at).map_err(|e| format!("{}: {e}", case.path))?;
    if !as_string.number().is_some_and(|x| same(case, x, alone)) {
        return Err(format!("{}: call {alone:?}, string {as_string}", case.path));
    }
    let (value, gradient) = <F::Out as Outcome>::Kind::result(f.differentiate(x, All)).map_err(failed)?;
    agree(case, "call", want, alone, &[], &[])?;
    agree(case, "adjoint", want, value, &expected, &flat::<F::In>(&gradient))?;

    let mut forward = Vec::new();
    for i in 0..inputs.len() {
        let mut unit = vec![0.0; inputs.len()];
        unit[i] = 1.0;
        let both = jvp(f).call((x, shaped::<F::In>(&unit)));
        let (value, tangent): (f64, f64) = <F::Out as Outcome>::Kind::result(both).map_err(failed)?;
        agree(case, "forward", want, value, &[], &[])?;
        forward.push(tangent);
    }
    agree(case, "forward", want, want, &expected, &forward)
}

fn shaped<S: Shape>(numbers: &[f64]) -> Of<S, f64> {
    let mut data = S::fill(0.0);
    for (i, x) in numbers.iter().enumerate() {
        if let Some(place) = S::get_mut(&mut data, i) {
            *place = *x;
        }
    }
    data
}

fn flat<S: Shape>(data: &Of<S, f64>) -> Vec<f64> {
    (0..S::LEN).filter_map(|i| S::get(data, i).copied()).collect()
}
