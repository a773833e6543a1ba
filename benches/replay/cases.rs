//! The programs of `replay.rs` as traces.

use scheme_core::{
    prim::Numeric::{self, Add, Cos, Div, Exp, Less, Mul, Neg, Sin, Square, Sub, Tanh},
    trace::{Must, Slot, Trace},
};

/// A trace as it is written down.
struct Writer(Trace);

impl Writer {
    fn new<const N: usize>() -> (Self, [Slot; N]) {
        (Self(Trace::new(N as u32)), std::array::from_fn(|i| Slot::value(i as u32)))
    }

    fn lit(&mut self, x: f64) -> Slot {
        self.0.constant(x)
    }

    fn row<const N: usize>(&mut self, row: Numeric, operands: [Slot; N]) -> Slot {
        self.0.push(row, &operands, 0)
    }

    fn give(mut self, y: Slot) -> Trace {
        self.0.give(vec![y]);
        self.0
    }
}

/// `(* k (/ (* q1 q2) (* r r)))`
pub(crate) fn coulomb() -> Trace {
    let (mut w, [k, q1, q2, r]) = Writer::new();
    let charges = w.row(Mul, [q1, q2]);
    let square = w.row(Mul, [r, r]);
    let ratio = w.row(Div, [charges, square]);
    let y = w.row(Mul, [k, ratio]);
    w.give(y)
}

/// `(/ (exp (- (/ (square (- x mu)) (* 2 (square s))))) (* s (sqrt (* 2 3.141592653589793))))`
pub(crate) fn gaussian() -> Trace {
    let (mut w, [x, mu, s]) = Writer::new();
    let away = w.row(Sub, [x, mu]);
    let square = w.row(Square, [away]);
    let variance = w.row(Square, [s]);
    let two = w.lit(2.0);
    let twice = w.row(Mul, [two, variance]);
    let ratio = w.row(Div, [square, twice]);
    let below = w.row(Neg, [ratio]);
    let bell = w.row(Exp, [below]);
    let root = w.lit(std::f64::consts::TAU.sqrt());
    let norm = w.row(Mul, [s, root]);
    let y = w.row(Div, [bell, norm]);
    w.give(y)
}

/// `(- (* (- (/ g L)) (sin theta)) (* c omega))`
pub(crate) fn pendulum() -> Trace {
    let (mut w, [g, l, theta, c, omega]) = Writer::new();
    let ratio = w.row(Div, [g, l]);
    let stiffness = w.row(Neg, [ratio]);
    let sine = w.row(Sin, [theta]);
    let pull = w.row(Mul, [stiffness, sine]);
    let damping = w.row(Mul, [c, omega]);
    let y = w.row(Sub, [pull, damping]);
    w.give(y)
}

/// The chain of `(/ y (+ e 1))`, so many times, as it is recorded: nothing is shared.
pub(crate) fn chain(times: usize) -> Trace {
    let (mut w, [mut y, e]) = Writer::new();
    for _ in 0..times {
        let one = w.lit(1.0);
        let divisor = w.row(Add, [e, one]);
        y = w.row(Div, [y, divisor]);
    }
    w.give(y)
}

/// The logistic recurrence `x ← r x (1 - x)`, so many times.
pub(crate) fn logistic(times: usize) -> Trace {
    let (mut w, [mut x, r]) = Writer::new();
    for _ in 0..times {
        let one = w.lit(1.0);
        let grown = w.row(Mul, [r, x]);
        let rest = w.row(Sub, [one, x]);
        x = w.row(Mul, [grown, rest]);
    }
    w.give(x)
}

/// Lotka and Volterra's equations by Runge and Kutta's method, so many steps of 0.01, each of which asks so many times, up to
/// 8, whether there is prey or a predator left.
pub(crate) fn lotka(steps: usize, guards: usize) -> Trace {
    let (mut w, [mut x, mut y, a, b, c, d]) = Writer::new();
    let flow = |w: &mut Writer, [x, y]: [Slot; 2]| {
        let eaten = w.row(Mul, [b, y]);
        let growth = w.row(Sub, [a, eaten]);
        let p = w.row(Mul, [x, growth]);
        let food = w.row(Mul, [d, x]);
        let growth = w.row(Sub, [food, c]);
        [p, w.row(Mul, [y, growth])]
    };
    for _ in 0..steps {
        let mut asked = 0;
        let mut ask = |w: &mut Writer, at: [Slot; 2]| {
            for z in at.into_iter().take(guards - asked) {
                let zero = w.lit(0.0);
                let left = w.row(Less, [zero, z]);
                w.0.guard(left, Must::Be(true), 0);
                asked += 1;
            }
        };
        let after = |w: &mut Writer, h: f64, [p, q]: [Slot; 2]| {
            let h = w.lit(h);
            [(x, p), (y, q)].map(|(z, k)| {
                let way = w.row(Mul, [h, k]);
                w.row(Add, [z, way])
            })
        };
        ask(&mut w, [x, y]);
        let one = flow(&mut w, [x, y]);
        let at = after(&mut w, 0.5 * 0.01, one);
        ask(&mut w, at);
        let two = flow(&mut w, at);
        let at = after(&mut w, 0.5 * 0.01, two);
        ask(&mut w, at);
        let three = flow(&mut w, at);
        let at = after(&mut w, 0.01, three);
        ask(&mut w, at);
        let four = flow(&mut w, at);
        let mut next = |z: Slot, i: usize| {
            let (weight, sixth) = (w.lit(2.0), w.lit(0.01 / 6.0));
            let second = w.row(Mul, [weight, two[i]]);
            let third = w.row(Mul, [weight, three[i]]);
            let sum = w.row(Add, [one[i], second]);
            let sum = w.row(Add, [sum, third]);
            let sum = w.row(Add, [sum, four[i]]);
            let way = w.row(Mul, [sixth, sum]);
            w.row(Add, [z, way])
        };
        [x, y] = [next(x, 0), next(y, 1)];
    }
    let y = w.row(Add, [x, y]);
    w.give(y)
}

/// The inputs of [`tree`].
pub(crate) const TREE: [f64; 4] = [0.7, -0.4, 1.3, 0.2];

/// How many leaves it has, for some 4000 nodes, leaves included.
pub(crate) const LEAVES: usize = 1600;

/// A tree of mixed rows with so many leaves, and its text.
pub(crate) fn tree(leaves: usize) -> (Trace, String) {
    let (mut w, inputs) = Writer::new::<4>();
    let mut seed = 1;
    let (y, text) = grow(&mut w, &inputs, leaves, &mut seed);
    (w.give(y), format!("(lambda (a b c d) {text})\n"))
}

fn grow(w: &mut Writer, inputs: &[Slot; 4], leaves: usize, seed: &mut u64) -> (Slot, String) {
    let mut next = |n: usize| {
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*seed >> 33) as usize % n
    };
    if leaves == 1 {
        return match next(6) {
            i @ 0..4 => (inputs[i], ["a", "b", "c", "d"][i].to_string()),
            i => (w.lit([0.5, 1.25][i - 4]), ["0.5", "1.25"][i - 4].to_string()),
        };
    }
    let (pick, cut) = (next(12), 1 + next(leaves - 1));
    let (a, left) = grow(w, inputs, cut, seed);
    let (b, right) = grow(w, inputs, leaves - cut, seed);
    // Rows that keep what they give small, however deep the tree is.
    let (before, (row, name)) = match pick {
        0 => (Some((Sin, "sin")), (Mul, "*")),
        1 => (Some((Cos, "cos")), (Mul, "*")),
        2 => (Some((Tanh, "tanh")), (Add, "+")),
        3 => (Some((Square, "square")), (Sub, "-")),
        4..7 => (None, (Mul, "*")),
        7..9 => (None, (Sub, "-")),
        9 => (None, (Numeric::Min, "min")),
        10 => (None, (Numeric::Max, "max")),
        _ => (Some((Numeric::Sigmoid, "sigmoid")), (Add, "+")),
    };
    let (a, left) = match before {
        Some((row, name)) => (w.row(row, [a]), format!("({name} {left})")),
        None => (a, left),
    };
    (w.row(row, [a, b]), format!("({name} {left} {right})"))
}
