//! What every program must do on tensors, whatever it computes.

use crate::{On, on};
use dfdx::{prelude::*, shapes::Dtype};
use scheme_runtime::{Element, prelude::*, tensors::Backend};

pub type Batch<E, T = NoneTape> = Tensor<(usize,), E, On, T>;

/// Checks `f` on tensors of `f64` and of `f32` whose elements are the columns.
///
/// - Values are those of single calls, to the bit, with a tape and without.
/// - Gradients of a weighted sum are those of single calls times the weights, to the bit, for each input that varies;
///   and for each input in turn as a rank-0 tensor, the sum of them.
/// - Gradients agree with finite differences.
pub fn check<F, const N: usize>(f: F, columns: [&[f64]; N])
where
    F: Function<In = [R; N], Out = R> + 'static,
{
    elements::<f64, F, N>(f, columns, |x| x, f64::EPSILON);
    elements::<f32, F, N>(f, columns, |x| x as f32, f32::EPSILON.into());
    for k in 0..N {
        differences(f, columns, k);
    }
}

fn elements<E, F, const N: usize>(f: F, columns: [&[f64]; N], round: fn(f64) -> E, epsilon: f64)
where
    E: Element + Dtype + Into<f64>,
    On: Backend<E>,
    F: Function<In = [R; N], Out = R> + 'static,
{
    let Some(dev) = on() else { return };
    let rows = columns[0].len();
    let tensor = |xs: Vec<E>| -> Batch<E> { dev.tensor_from_vec(xs, (rows,)) };
    let point = |row: usize| columns.map(|column| round(column[row]));
    let weight = |row: usize| round(((row * 7 + 3) % 5) as f64 - 1.5);
    let weights = tensor((0..rows).map(weight).collect());
    let inputs = columns.map(|column| tensor(column.iter().map(|&x| round(x)).collect()));
    let single: Vec<(E, [E; N])> = (0..rows).map(|row| value_and_grad(f).call(point(row))).collect();

    let untaped = f.forward(inputs.each_ref()).unwrap().as_vec();
    let taped = f.forward(inputs.each_ref().map(|x| x.leaky_trace())).unwrap();
    let values: Vec<E> = (0..rows).map(|row| f.call(point(row))).collect();
    assert_eq!(bits(&untaped), bits(&values), "{f:?}: values without a tape");
    assert_eq!(bits(&taped.as_vec()), bits(&values), "{f:?}: values with a tape");

    let gradients = (taped * weights.clone()).sum().backward();
    for (k, input) in inputs.iter().enumerate() {
        // Gradients are added to zeros, so that none is -0.0.
        let term = |row: usize| E::lit(0.0) + weight(row) * single[row].1[k];
        let expected: Vec<E> = (0..rows).map(term).collect();
        assert_eq!(bits(&gradients.get(input).as_vec()), bits(&expected), "{f:?}: gradient by input {k}");
    }

    for shared in 0..N {
        let scalar = round(columns[shared][0]);
        let at = |row: usize| {
            let mut point = point(row);
            point[shared] = scalar;
            point
        };
        let scalar: Tensor<Rank0, E, On> = dev.tensor_from_vec(vec![scalar], ());
        // An argument that is a rank-0 tensor for one input and a batch for another has no one type: broadcast with
        // stride 0 is what a rank-0 tensor is for the operation after it is told its length.
        let spread: Batch<E> = scalar.clone().broadcast_like(&(rows,));
        let arguments =
            std::array::from_fn(|k| if k == shared { spread.leaky_trace() } else { inputs[k].leaky_trace() });
        let out = f.forward(arguments).unwrap();
        let values: Vec<E> = (0..rows).map(|row| f.call(at(row))).collect();
        assert_eq!(bits(&out.as_vec()), bits(&values), "{f:?}: values, input {shared} shared");
        let gradients = (out * weights.clone()).sum().backward();
        let terms = (0..rows).map(|row| {
            let (_, partials): (E, [E; N]) = value_and_grad(f).call(at(row));
            let partial: f64 = partials[shared].into();
            weight(row).into() * partial
        });
        let (sum, size) = terms.fold((0.0, 0.0), |(sum, size), term: f64| (sum + term, size + term.abs()));
        let found: f64 = gradients.get(&scalar).as_vec()[0].into();
        assert!(
            (found - sum).abs() <= epsilon * size * rows as f64,
            "{f:?}: gradient by shared input {shared}: {found} is not {sum}"
        );
    }
}

/// The gradient by input `k` of tensors of `f64` against central differences of their values.
fn differences<F: Function<In = [R; N], Out = R> + 'static, const N: usize>(
    f: F,
    columns: [&[f64]; N],
    k: usize,
) {
    let Some(dev) = on() else { return };
    let step = |x: f64| 1e-5 * x.abs().max(0.1);
    let tensors = |by: f64| -> [Batch<f64>; N] {
        std::array::from_fn(|i| {
            let moved = columns[i].iter().map(|&x| if i == k { x + by * step(x) } else { x });
            batch(&dev, moved.collect())
        })
    };
    let up = f.forward(tensors(1.0)).unwrap().as_vec();
    let down = f.forward(tensors(-1.0)).unwrap().as_vec();
    let inputs = tensors(0.0);
    let out = f.forward(inputs.each_ref().map(|x| x.leaky_trace())).unwrap();
    let gradient = out.sum().backward().get(&inputs[k]).as_vec();
    for (row, (&x, &found)) in columns[k].iter().zip(&gradient).enumerate() {
        let slope = (up[row] - down[row]) / (2.0 * step(x));
        let noise = 1e-10 * up[row].abs() / step(x);
        assert!(
            (found - slope).abs() <= 1e-6 * slope.abs() + 1e-9 + noise,
            "{f:?}: gradient by input {k} in row {row}: {found}, by differences {slope}"
        );
    }
}

/// Widened, which keeps numbers apart; all nans are one.
pub fn bits<E: Copy + Into<f64>>(xs: &[E]) -> Vec<u64> {
    let bits = |&x: &E| {
        let x: f64 = x.into();
        if x.is_nan() { f64::NAN.to_bits() } else { x.to_bits() }
    };
    xs.iter().map(bits).collect()
}

/// A batch of a size of run time.
pub fn batch<E: Dtype>(dev: &On, elements: Vec<E>) -> Batch<E>
where
    On: TensorFromVec<E>,
{
    let rows = elements.len();
    dev.tensor_from_vec(elements, (rows,))
}

/// `count` numbers between `low` and `high`, in no order.
pub fn spread(count: usize, low: f64, high: f64) -> Vec<f64> {
    (0..count).map(|i| low + (high - low) * (((i * 61 + 17) % 101) as f64 + 0.5) / 101.0).collect()
}

/// A number of a tensor moved up and down.
pub fn moved<S: Shape>(tensor: &Tensor<S, f64, On>, place: usize, by: f64) -> Tensor<S, f64, On> {
    let mut elements = tensor.as_vec();
    elements[place] += by;
    tensor.device().tensor_from_vec(elements, *tensor.shape())
}

/// Asserts that a gradient is that of `loss` by differences.
pub fn compare(what: &str, gradient: &[f64], loss: impl Fn(usize, f64) -> f64) {
    let step = 1e-5;
    for (place, found) in gradient.iter().enumerate() {
        let slope = (loss(place, step) - loss(place, -step)) / (2.0 * step);
        assert!(
            (found - slope).abs() <= 1e-7 * (1.0 + slope.abs()),
            "{what}, number {place}: {found}, by differences {slope}"
        );
    }
}
