//! The programs of `loops.rs` by hand.

/// A step of Lotka and Volterra's equations.
const H: f64 = 0.01;
/// How many there are.
const STEPS: usize = 1000;

fn flow([x, y]: [f64; 2], [a, b, c, d]: [f64; 4]) -> [f64; 2] {
    [x * (a - b * y), y * (d * x - c)]
}

/// The points that a step evaluates the flow at, and the flow there.
fn stages([x, y]: [f64; 2], k: [f64; 4]) -> [([f64; 2], [f64; 2]); 4] {
    let one = [x, y];
    let k1 = flow(one, k);
    let two = [x + 0.5 * H * k1[0], y + 0.5 * H * k1[1]];
    let k2 = flow(two, k);
    let three = [x + 0.5 * H * k2[0], y + 0.5 * H * k2[1]];
    let k3 = flow(three, k);
    let four = [x + H * k3[0], y + H * k3[1]];
    [(one, k1), (two, k2), (three, k3), (four, flow(four, k))]
}

fn step(z: [f64; 2], k: [f64; 4]) -> [f64; 2] {
    let [(_, k1), (_, k2), (_, k3), (_, k4)] = stages(z, k);
    let along = |i: usize| z[i] + H / 6.0 * (k1[i] + 2.0 * k2[i] + 2.0 * k3[i] + k4[i]);
    [along(0), along(1)]
}

pub(crate) fn lotka([x, y, a, b, c, d]: [f64; 6]) -> f64 {
    let mut z = [x, y];
    for _ in 0..STEPS {
        z = step(z, [a, b, c, d]);
    }
    z[0] + z[1]
}

pub(crate) fn lotka_gradient([x, y, a, b, c, d]: [f64; 6]) -> (f64, [f64; 6]) {
    let k = [a, b, c, d];
    let mut z = [x, y];
    let mut states = Vec::with_capacity(STEPS);
    for _ in 0..STEPS {
        states.push(z);
        z = step(z, k);
    }
    let (mut dz, mut dk) = ([1.0, 1.0], [0.0; 4]);
    for state in states.into_iter().rev() {
        let stages = stages(state, k);
        let sixth = [H / 6.0 * dz[0], H / 6.0 * dz[1]];
        let mut before = [0.0; 2];
        for (i, ([x, y], _)) in stages.into_iter().enumerate().rev() {
            // What the stage after and the sum take of this stage's flow.
            let (weight, length) = [(1.0, 0.5 * H), (2.0, 0.5 * H), (2.0, H), (1.0, 0.0)][i];
            let p = weight * sixth[0] + length * before[0];
            let q = weight * sixth[1] + length * before[1];
            let (px, qy) = (p * x, q * y);
            dk[0] += px;
            dk[1] -= px * y;
            dk[2] -= qy;
            dk[3] += qy * x;
            before = [p * (a - b * y) + qy * d, q * (d * x - c) - px * b];
            dz[0] += before[0];
            dz[1] += before[1];
        }
    }
    (z[0] + z[1], [dz[0], dz[1], dk[0], dk[1], dk[2], dk[3]])
}

pub(crate) fn logistic([mut x, r]: [f64; 2]) -> f64 {
    for _ in 0..1_000_000 {
        x = r * x * (1.0 - x);
    }
    x
}

pub(crate) fn logistic_gradient([mut x, r]: [f64; 2]) -> (f64, [f64; 2]) {
    let mut states = Vec::with_capacity(1_000_000);
    for _ in 0..1_000_000 {
        states.push(x);
        x = r * x * (1.0 - x);
    }
    let (mut dx, mut dr) = (1.0, 0.0);
    for x in states.into_iter().rev() {
        let by_product = dx * (1.0 - x);
        dr += by_product * x;
        dx = by_product * r - dx * (r * x);
    }
    (x, [dx, dr])
}

pub(crate) fn fib(n: f64) -> f64 {
    if n < 2.0 { n } else { fib(n - 1.0) + fib(n - 2.0) }
}

/// Which way each call went, innermost first.
fn fib_forward(n: f64, leaves: &mut Vec<bool>) -> f64 {
    let leaf = n < 2.0;
    let y = if leaf { n } else { fib_forward(n - 1.0, leaves) + fib_forward(n - 2.0, leaves) };
    leaves.push(leaf);
    y
}

fn fib_reverse(dy: f64, leaves: &mut Vec<bool>) -> f64 {
    match leaves.pop() {
        Some(false) => {
            let second = fib_reverse(dy, leaves);
            fib_reverse(dy, leaves) + second
        }
        _ => dy,
    }
}

pub(crate) fn fib_gradient(n: f64) -> (f64, f64) {
    let mut leaves = Vec::new();
    let y = fib_forward(n, &mut leaves);
    (y, fib_reverse(1.0, &mut leaves))
}

type Matrix = [[f64; 3]; 3];

fn product(a: &Matrix, b: &Matrix) -> Matrix {
    std::array::from_fn(|i| {
        std::array::from_fn(|j| a[i][0] * b[0][j] + a[i][1] * b[1][j] + a[i][2] * b[2][j])
    })
}

pub(crate) fn matrices(a: Matrix) -> f64 {
    let mut m = a;
    for _ in 0..STEPS {
        m = product(&a, &m);
    }
    m[0][0] + m[1][1] + m[2][2]
}

pub(crate) fn matrices_gradient(a: Matrix) -> (f64, Matrix) {
    let mut m = a;
    let mut states = Vec::with_capacity(STEPS);
    for _ in 0..STEPS {
        states.push(m);
        m = product(&a, &m);
    }
    let transposed = |m: &Matrix| std::array::from_fn(|i| std::array::from_fn(|j| m[j][i]));
    let back = transposed(&a);
    let mut dm: Matrix = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
    let mut da: Matrix = [[0.0; 3]; 3];
    for state in states.iter().rev() {
        let share = product(&dm, &transposed(state));
        for i in 0..3 {
            for j in 0..3 {
                da[i][j] += share[i][j];
            }
        }
        dm = product(&back, &dm);
    }
    for i in 0..3 {
        for j in 0..3 {
            da[i][j] += dm[i][j];
        }
    }
    (m[0][0] + m[1][1] + m[2][2], da)
}
