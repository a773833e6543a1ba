//! The programs of `loops.rs` by hand, but for those that other benches have.

/// Products of the recurrence.
const STEPS: usize = 1000;

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
