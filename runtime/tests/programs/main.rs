//! Many programs, in every way of running them.
//!
//! Each is a file in `cases`. Its values and gradients there, at five points, come from a run in many digits
//! by the reference evaluation (`scheme_core::reference::program`), which shares nothing with the compilers
//! but the table's scalar rows. Compiled, and as a string, the value has the bits of the reference
//! evaluation in `f64`, and the gradients agree with the big floats' and with each other.

#[path = "../../../core/tests/laws/big.rs"]
#[expect(dead_code, reason = "the laws of the table use the rest")]
mod big;
mod case;
mod generate;
mod kinds;
mod random;
#[path = "../support/shape.rs"]
mod shape;
mod threads;
mod ways;

use case::{Case, POINTS};
use scheme_core::lower::{Lowered, lower};
use scheme_runtime::prelude::*;
use threads::each;
use ways::{Given, agree, compiled, derives};

macro_rules! programs {
    ($($path:literal)+) => {
        /// Every case.
        fn cases() -> Vec<Case> {
            vec![$(Case::parse($path, include_str!($path))),+]
        }

        /// What every case gives compiled.
        #[expect(deprecated, reason = "some programs are there to be warned of")]
        fn every_compiled(cases: Vec<Case>) -> Vec<(Case, Result<Vec<Vec<Given>>, String>)> {
            let mut all = Vec::new();
            let mut cases = cases.into_iter();
            $(
                let case = cases.next().expect("as many as there are files");
                let given = compiled(scheme_file!($path), &case);
                all.push((case, given));
            )+
            all
        }
    };
}

programs! {
    "cases/accumulators.scm"
    "cases/ackermann-small.scm"
    "cases/adams-bashforth.scm"
    "cases/adaptive-simpson.scm"
    "cases/adders-by-map.scm"
    "cases/american-put.scm"
    "cases/apply-spread.scm"
    "cases/armijo.scm"
    "cases/arrhenius-table.scm"
    "cases/assertions.scm"
    "cases/association-list.scm"
    "cases/attention.scm"
    "cases/autocorrelation.scm"
    "cases/automaton-in-vectors.scm"
    "cases/biquads-in-series.scm"
    "cases/bisection.scm"
    "cases/black-scholes.scm"
    "cases/bond-duration.scm"
    "cases/branching-extinction.scm"
    "cases/call-with-values-sum.scm"
    "cases/case-lambda-area.scm"
    "cases/case-machine.scm"
    "cases/catalan-weighted.scm"
    "cases/cellular-automaton.scm"
    "cases/chebyshev.scm"
    "cases/church-booleans.scm"
    "cases/church-lists.scm"
    "cases/church-numerals.scm"
    "cases/closure-counter.scm"
    "cases/closures-in-a-list.scm"
    "cases/collatz-weights.scm"
    "cases/compose-n.scm"
    "cases/compose-pipeline.scm"
    "cases/continuations.scm"
    "cases/continued-fraction.scm"
    "cases/convolution.scm"
    "cases/coulomb.scm"
    "cases/cox-partial-likelihood.scm"
    "cases/cross-torque.scm"
    "cases/curried-chemostat.scm"
    "cases/de-casteljau.scm"
    "cases/decay-by-chance.scm"
    "cases/decay-chain.scm"
    "cases/decision-tree.scm"
    "cases/deep-list.scm"
    "cases/define-values-orbit.scm"
    "cases/delay-equation.scm"
    "cases/derivative-of-closure.scm"
    "cases/derivative-of-curried.scm"
    "cases/descent-by-a-list.scm"
    "cases/descent-on-a-recursion.scm"
    "cases/descent-on-an-integration.scm"
    "cases/digits.scm"
    "cases/dirichlet-multinomial.scm"
    "cases/do-product.scm"
    "cases/do-two-results.scm"
    "cases/double-well.scm"
    "cases/dual-numbers.scm"
    "cases/edit-distance.scm"
    "cases/elimination-by-lists.scm"
    "cases/ema.scm"
    "cases/euler-decay.scm"
    "cases/expression-evaluator.scm"
    "cases/factorial-weighted.scm"
    "cases/fibonacci-scaled.scm"
    "cases/filter-and-sum.scm"
    "cases/fir-filter.scm"
    "cases/fold-of-a-tree.scm"
    "cases/fourier-by-halves.scm"
    "cases/garch-likelihood.scm"
    "cases/gauss-legendre.scm"
    "cases/gaussian-process.scm"
    "cases/gaussian.scm"
    "cases/gcd-gate.scm"
    "cases/goertzel.scm"
    "cases/golden-section.scm"
    "cases/grad-inside.scm"
    "cases/gradient-descent-inside.scm"
    "cases/gradient-of-a-gradient-of-a-loop.scm"
    "cases/gradient-of-mutual-recursion.scm"
    "cases/gradient-of-what-may-fail.scm"
    "cases/gravity-3d.scm"
    "cases/haar.scm"
    "cases/halley.scm"
    "cases/hanoi-costs.scm"
    "cases/heat-implicit-jacobi.scm"
    "cases/heat-step.scm"
    "cases/hessian-inside.scm"
    "cases/heun-by-closure.scm"
    "cases/hill.scm"
    "cases/hmm-forward.scm"
    "cases/hofstadter.scm"
    "cases/horner.scm"
    "cases/iir-filter.scm"
    "cases/implicit-euler.scm"
    "cases/implied-volatility.scm"
    "cases/indicator-arithmetic.scm"
    "cases/insertion-sort.scm"
    "cases/internal-rate-of-return.scm"
    "cases/ising-chain.scm"
    "cases/jacobian-of-a-loop.scm"
    "cases/jvp-inside.scm"
    "cases/kalman-1d.scm"
    "cases/kalman-2d.scm"
    "cases/kalman-of-a-table.scm"
    "cases/kepler.scm"
    "cases/kernel-density.scm"
    "cases/knapsack.scm"
    "cases/knee.scm"
    "cases/lagrange.scm"
    "cases/lambda-interpreter.scm"
    "cases/lattice-walk.scm"
    "cases/leapfrog.scm"
    "cases/least-squares-of-pairs.scm"
    "cases/least-squares.scm"
    "cases/leftist-heap.scm"
    "cases/lens-train.scm"
    "cases/lenses.scm"
    "cases/letrec-closure.scm"
    "cases/letter-weights.scm"
    "cases/linspace-integral.scm"
    "cases/list-of-lists-transpose.scm"
    "cases/logistic-list-history.scm"
    "cases/logistic-map.scm"
    "cases/logistic-regression.scm"
    "cases/loop-inside-recursion.scm"
    "cases/lotka-volterra-rk4.scm"
    "cases/map-fold.scm"
    "cases/map-of-gradients.scm"
    "cases/matrix-power-trace.scm"
    "cases/matrix-recurrence-3.scm"
    "cases/median-filter.scm"
    "cases/memo-by-list.scm"
    "cases/merge-sort.scm"
    "cases/michaelis-menten.scm"
    "cases/minimax.scm"
    "cases/mixture-em.scm"
    "cases/money-machine.scm"
    "cases/monte-carlo.scm"
    "cases/mortgage.scm"
    "cases/mutual-even-odd.scm"
    "cases/mutual-non-tail.scm"
    "cases/named-let-sum.scm"
    "cases/nested-loops.scm"
    "cases/newton-in-two.scm"
    "cases/newton-loop.scm"
    "cases/newton-of-a-loop.scm"
    "cases/newton-with-derivative.scm"
    "cases/next-generation-matrix.scm"
    "cases/normalizing-flow.scm"
    "cases/numbers-from-text.scm"
    "cases/object-messages.scm"
    "cases/oral-dose-defaults.scm"
    "cases/overshoot.scm"
    "cases/page-rank.scm"
    "cases/particle-between-two.scm"
    "cases/partition-function.scm"
    "cases/pendulum-by-agm.scm"
    "cases/perceptron-backprop.scm"
    "cases/permutations.scm"
    "cases/perturbation-confusion-in-loops.scm"
    "cases/perturbation-confusion.scm"
    "cases/pid-controller.scm"
    "cases/poisson-regression.scm"
    "cases/polymorphic-twice.scm"
    "cases/polynomials.scm"
    "cases/portfolio.scm"
    "cases/power-by-squaring.scm"
    "cases/power-iteration.scm"
    "cases/powerset.scm"
    "cases/prelude-rk4.scm"
    "cases/projectile-drag.scm"
    "cases/pruning-likelihood.scm"
    "cases/pullback-of-a-loop.scm"
    "cases/quasiquote-data.scm"
    "cases/quaternions.scm"
    "cases/queens.scm"
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
    "cases/ray-and-spheres.scm"
    "cases/reaction-network.scm"
    "cases/recurrent-net.scm"
    "cases/recursion-inside-loop.scm"
    "cases/recursive-descent.scm"
    "cases/recursive-least-squares.scm"
    "cases/reduce-and-folds.scm"
    "cases/reflecting-walk.scm"
    "cases/repeated-doses.scm"
    "cases/resistor-ladder.scm"
    "cases/rest-parameters.scm"
    "cases/rewrite-rules.scm"
    "cases/riccati.scm"
    "cases/richardson.scm"
    "cases/rk4-pendulum.scm"
    "cases/rocket-stages.scm"
    "cases/romberg.scm"
    "cases/running-mean.scm"
    "cases/saddle-inner.scm"
    "cases/secant.scm"
    "cases/seir-vector.scm"
    "cases/series-exponential.scm"
    "cases/shooting-method.scm"
    "cases/sieve-weights.scm"
    "cases/simpson.scm"
    "cases/sir-likelihood.scm"
    "cases/snell-layers.scm"
    "cases/soft-choices.scm"
    "cases/soft-k-means.scm"
    "cases/spring-events.scm"
    "cases/stack-machine.scm"
    "cases/state-monad.scm"
    "cases/steffensen.scm"
    "cases/stop-gradient-part.scm"
    "cases/streams-by-thunks.scm"
    "cases/string-dispatch.scm"
    "cases/student-t.scm"
    "cases/symbolic-derivative.scm"
    "cases/table-ended-early.scm"
    "cases/table-in-a-table.scm"
    "cases/table-of-procedures.scm"
    "cases/thermostat.scm"
    "cases/thomas-algorithm.scm"
    "cases/three-bodies-potential.scm"
    "cases/three-states.scm"
    "cases/ties.scm"
    "cases/time-warping.scm"
    "cases/trampoline.scm"
    "cases/transducers.scm"
    "cases/tree-recursion.scm"
    "cases/tree-sum.scm"
    "cases/turing-machine.scm"
    "cases/two-compartments.scm"
    "cases/two-list-queue.scm"
    "cases/u-combinator.scm"
    "cases/value-and-gradient-of-a-loop.scm"
    "cases/values-two.scm"
    "cases/van-der-pol-stream.scm"
    "cases/van-der-waals.scm"
    "cases/vector-table.scm"
    "cases/vectors-general.scm"
    "cases/vectors-mapped.scm"
    "cases/velocities-add.scm"
    "cases/viterbi.scm"
    "cases/vjp-inside.scm"
    "cases/vmap-of-a-loss.scm"
    "cases/vmap-of-gradients.scm"
    "cases/weak-acid.scm"
    "cases/weibull-censored.scm"
    "cases/welford.scm"
    "cases/what-does-not-move-yet.scm"
    "cases/y-combinator.scm"
}

#[test]
fn compiled_and_as_strings() {
    each(&every_compiled(cases()), |(case, given)| agree(case, given.as_ref()?));
}

/// At the first point and, by turns, at one of the others, where what the programs give is held against the file; each on a thread of
/// its own, whose big floats end with it.
#[test]
fn files_say_what_the_oracle_says() {
    let cases = cases();
    if std::env::var_os("BLESS").is_some() {
        return each(&cases, Case::bless);
    }
    let points: Vec<(&Case, usize)> =
        (0..).zip(&cases).flat_map(|(i, case)| [0, 1 + i % (POINTS - 1)].map(|at| (case, at))).collect();
    each(&points, |(case, at)| case.against_the_oracle(*at));
}

#[test]
fn every_file_is_a_case() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/programs/cases");
    let files = std::fs::read_dir(folder).expect("the folder").count();
    assert_eq!(files, cases().len());
}

/// Two hundred programs, each at five points, a hundred of them recursive or higher-order.
#[test]
fn there_are_enough() {
    let cases = cases();
    let varied = cases.iter().filter(|case| {
        kinds::recursive_or_higher_order(&case.program().unwrap_or_else(|error| panic!("{error}")))
    });
    let varied = varied.count();
    assert!(cases.len() >= 200, "only {} programs", cases.len());
    assert!(varied >= 100, "only {varied} recursive or higher-order");
    for case in &cases {
        let again =
            (0..case.points.len()).any(|i| case.points[..i].iter().any(|p| p.at == case.points[i].at));
        assert!(case.points.len() == POINTS && !again, "{}: not {POINTS} points", case.path);
    }
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
