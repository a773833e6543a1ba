//! Compiled programs on dfdx's tensors: the fused operation beside the block loop of `vmap` that it runs in, and beside
//! the same program operation by operation on dfdx's tape; and a compiled layer, and one from a string, in a training
//! step of a network of 8,700 weights beside the network alone.
//!
//! `cargo bench -p scheme-benches --bench tensors` checks that all give the same values, and prints times of a row or a
//! step with ratios, each from the fastest of interleaved runs. One thread computes; only dfdx's products of matrices
//! may take several.
#![allow(clippy::print_stdout, missing_docs)]

use dfdx::{
    optim::{Adam, AdamConfig},
    prelude::*,
    tensor::Cache,
};
use programs::fastest;
use scheme_runtime::{
    Element, Program,
    prelude::*,
    tensors::{Backend, ByOperations, Layer, StringLayer},
    value_and_grad, vjp, vmap,
};
use std::hint::black_box;

type Batch<E, T = NoneTape> = Tensor<(usize,), E, Cpu, T>;

fn main() {
    println!(
        "{:28} {:>8} {:>6} {:>6} {:>14} {:>17} {:>6} {:>6} {:>14} {:>8} {:>15} {:>6} {:>6} {:>10} {:>10}",
        "ns a row",
        "loop",
        "fused",
        "ratio",
        "by operations",
        "loop, gradients",
        "fused",
        "ratio",
        "by operations",
        "nothing",
        "loop, weighted",
        "fused",
        "ratio",
        "their sum",
        "weighted"
    );
    for rows in [10_000, 1_000_000] {
        precision::<f64>(rows, "f64", |x| x);
        precision::<f32>(rows, "f32", |x| x as f32);
    }
    println!(
        "\n{:>17} {:>8} {:>11} {:>6} {:>18} {:>6} {:>12} {:>6} {:>19} {:>6}",
        "ms a step, batch",
        "network",
        "with layer",
        "ratio",
        "with layer of two",
        "ratio",
        "with string",
        "ratio",
        "with string of two",
        "ratio"
    );
    for rows in [100, 1000] {
        steps(rows);
    }
}

fn precision<E: Element + Dtype>(rows: usize, precision: &str, round: fn(f64) -> E)
where
    Cpu: Backend<E, Err = CpuError> + TensorFromVec<E>,
{
    let columns = [(0.5, 2.0), (-2.0, 2.0), (0.5, 3.0), (1.0, 4.0)];
    let columns = columns.map(|(low, high)| -> Vec<E> {
        (0..rows).map(|i| round(low + (high - low) * ((i * 61 + 17) % 1009) as f64 / 1009.0)).collect()
    });
    let name = |name: &str| format!("{name:<12}{rows:>8}  {precision}");
    let coulomb = scheme! { (lambda (k q1 q2 r) (* k (/ (* q1 q2) (* r r)))) };
    compare(&name("coulomb"), coulomb, &columns);
    let pendulum = scheme! { (lambda (a b w t) (* a (exp (- (* b t))) (cos (* w t)))) };
    compare(&name("pendulum"), pendulum, &columns);
}

/// Values, and values with gradients by all inputs, of their sum and of a weighted one, in three ways.
fn compare<E, F>(name: &str, f: F, columns: &[Vec<E>; 4])
where
    E: Element + Dtype,
    Cpu: Backend<E, Err = CpuError> + TensorFromVec<E>,
    F: Function<In = [R; 4], Out = R> + Program + 'static,
{
    let dev = Cpu::default();
    dev.enable_cache();
    let rows = columns[0].len();
    let x: [Batch<E>; 4] = columns.each_ref().map(|column| dev.tensor_from_vec(column.clone(), (rows,)));
    let by_operations: ByOperations<F> = f.by_operations().expect("straight code");
    let mut values = vec![E::lit(0.0); rows];
    let mut slopes = columns.clone();
    let [a, b, c, d] = columns;

    // The same values as single calls, and gradients of their sum.
    vmap(value_and_grad(f))
        .into_slices((a, b, c, d), (&mut values[..], slopes.each_mut().map(|column| &mut column[..])))
        .expect("columns of one length");
    let fused = f.forward(x.each_ref().map(|x| x.leaky_trace())).expect("a batch");
    assert_eq!(fused.as_vec(), values, "{name}");
    let gradients = fused.sum().backward();
    for (x, slopes) in x.iter().zip(&slopes) {
        assert_eq!(&gradients.get(x).as_vec(), slopes, "{name}");
    }
    let operations = by_operations.forward(x.each_ref().map(|x| x.leaky_trace())).expect("a batch");
    for (found, value) in operations.as_vec().into_iter().zip(&values) {
        let (found, value): (f64, f64) = (found.into(), (*value).into());
        assert!((found - value).abs() <= 1e-4 * (1.0 + value.abs()), "{name}: {found} is not {value}");
    }
    drop((gradients, operations));

    let leaf: Batch<E> = dev.tensor_from_vec(values.clone(), (rows,));
    let weights: Batch<E> = dev.tensor_from_vec(b.clone(), (rows,));
    let mut to = values.clone();
    let (mut weighted_values, mut weighted_slopes) = (values.clone(), columns.clone());
    let times = fastest(
        if rows > 100_000 { 12 } else { 200 },
        &mut [
            ("loop", &mut || vmap(f).into_slices((a, b, c, d), &mut to[..]).expect("columns")),
            ("fused", &mut || drop(black_box(f.forward(x.each_ref())))),
            ("operations", &mut || drop(black_box(by_operations.forward(x.each_ref())))),
            ("loop, gradients", &mut || {
                let slopes = slopes.each_mut().map(|column| &mut column[..]);
                vmap(value_and_grad(f))
                    .into_slices((a, b, c, d), (&mut values[..], slopes))
                    .expect("columns");
            }),
            ("fused, gradients", &mut || {
                let y = f.forward(x.each_ref().map(|x| x.leaky_trace())).expect("a batch");
                drop(black_box(y.sum().backward()));
            }),
            ("operations, gradients", &mut || {
                let y = by_operations.forward(x.each_ref().map(|x| x.leaky_trace())).expect("a batch");
                drop(black_box(y.sum().backward()));
            }),
            ("nothing, gradients", &mut || {
                drop(black_box(nothing(x.each_ref().map(|x| x.leaky_trace())).sum().backward()));
            }),
            ("sum", &mut || drop(black_box(leaf.leaky_trace().sum().backward()))),
            ("loop, weighted", &mut || {
                let slopes = weighted_slopes.each_mut().map(|column| &mut column[..]);
                vmap(vjp(f))
                    .into_slices(((a, b, c, d), b), (&mut weighted_values[..], slopes))
                    .expect("columns");
            }),
            ("fused, weighted", &mut || {
                let y = f.forward(x.each_ref().map(|x| x.leaky_trace())).expect("a batch");
                drop(black_box((y * weights.clone()).sum().backward()));
            }),
            ("weighted sum", &mut || {
                drop(black_box((leaf.leaky_trace() * weights.clone()).sum().backward()));
            }),
        ],
    );
    let ns: Vec<f64> = times.iter().map(|time| time * 1e9 / rows as f64).collect();
    // The gradients are of a sum, which dfdx computes and differentiates.
    let [fused, operations, nothing] = [ns[4] - ns[7], ns[5] - ns[7], ns[6] - ns[7]];
    let weighted = ns[9] - ns[10];
    println!(
        "{name:<28} {:>8.2} {:>6.2} {:>6.2} {:>14.2} {:>17.2} {:>6.2} {:>6.2} {:>14.2} {:>8.2} {:>15.2} {:>6.2} \
         {:>6.2} {:>10.2} {:>10.2}",
        ns[0],
        ns[1],
        ns[1] / ns[0],
        ns[2],
        ns[3],
        fused,
        fused / ns[3],
        operations,
        nothing,
        ns[8],
        weighted,
        weighted / ns[8],
        ns[7],
        ns[10]
    );
}

/// What dfdx itself takes of an operation on tensors that has gradients: tapes become one, a result and gradients have memory.
/// Nothing is computed.
fn nothing<E: Dtype, const N: usize>(
    x: [Tensor<(usize,), E, Cpu, OwnedTape<E, Cpu>>; N],
) -> Batch<E, OwnedTape<E, Cpu>>
where
    Cpu: Device<E> + ZerosTensor<E> + Storage<E>,
{
    let (inputs, tapes): (Vec<_>, Vec<_>) = x.into_iter().map(SplitTape::split_tape).unzip();
    let y = inputs[0].device().zeros_like(inputs[0].shape());
    let mut tape = tapes.into_iter().reduce(Merge::merge).unwrap_or_default();
    tape.add_backward_op(move |gradients| inputs.iter().try_for_each(|x| gradients.try_alloc_for(x)));
    y.put_tape(tape)
}

/// A network of 8,778 weights.
type Network = (Linear<2, 64>, Tanh, Linear<64, 128>, Tanh, Linear<128, 2>);

/// One step of training, with and without a program behind the network.
fn steps(rows: usize) {
    let dev = Cpu::seed_from_u64(1);
    dev.enable_cache();
    let network = dev.build_module::<Network, f32>();
    let interp = Interpreter::new();
    let load = |text: &str| interp.load(text).expect("a program");
    let one = "(* b (exp (- (* speed speed))) (sin theta))";
    let two = "(vec speed (- (* -1 b speed) (* g (sin theta))))";
    let inputs = ["theta", "speed"];
    let inline_one = scheme! { (lambda (theta speed b) (* b (exp (- (* speed speed))) (sin theta))) };
    let inline_two = scheme! { (lambda (theta speed b g) (vec speed (- (* -1 b speed) (* g (sin theta))))) };
    let layer_one = Layer::new(inline_one, &dev, [0.5]).expect("a layer");
    let layer_two =
        Layer::new(inline_two, &dev, [0.5]).and_then(|layer| layer.with_frozen([9.81])).expect("a layer");
    let string_one: StringLayer<R, 2, 1, 0, f32, Cpu> =
        StringLayer::new(load(one), &dev, inputs, [("b", 0.5)], []).expect("a layer");
    let string_two: StringLayer<[R; 2], 2, 1, 1, f32, Cpu> =
        StringLayer::new(load(two), &dev, inputs, [("b", 0.5)], [("g", 9.81)]).expect("a layer");

    let x: Tensor<(usize, Const<2>), f32, Cpu> = dev.sample_normal_like(&(rows, Const));
    // Layers of strings compute in double precision.
    let close =
        |a: Vec<f32>, b: Vec<f32>| a.iter().zip(&b).all(|(a, b)| (a - b).abs() <= 1e-5 * (1.0 + a.abs()));
    assert!(close(layer_one.forward(x.clone()).as_vec(), string_one.forward(x.clone()).as_vec()));
    assert!(close(layer_two.forward(x.clone()).as_vec(), string_two.forward(x.clone()).as_vec()));

    let (mut a, mut b, mut c, mut d, mut e) = (
        Training::new(network.clone()),
        Training::new((network.clone(), layer_one)),
        Training::new((network.clone(), layer_two)),
        Training::new((network.clone(), string_one)),
        Training::new((network, string_two)),
    );
    let times = fastest(
        400,
        &mut [
            ("network", &mut || a.step(&x)),
            ("layer", &mut || b.step(&x)),
            ("layer of two", &mut || c.step(&x)),
            ("string", &mut || d.step(&x)),
            ("string of two", &mut || e.step(&x)),
        ],
    );
    let ms: Vec<f64> = times.iter().map(|time| time * 1e3).collect();
    println!(
        "{rows:>17} {:>8.3} {:>11.3} {:>6.2} {:>18.3} {:>6.2} {:>12.3} {:>6.2} {:>19.3} {:>6.2}",
        ms[0],
        ms[1],
        ms[1] / ms[0],
        ms[2],
        ms[2] / ms[0],
        ms[3],
        ms[3] / ms[0],
        ms[4],
        ms[4] / ms[0]
    );
}

/// A model in training.
struct Training<M: TensorCollection<f32, Cpu>> {
    model: M,
    adam: Adam<M, f32, Cpu>,
    gradients: Option<Gradients<f32, Cpu>>,
}

impl<M: TensorCollection<f32, Cpu>> Training<M> {
    fn new(model: M) -> Self {
        let adam = Adam::new(&model, AdamConfig::default());
        let gradients = Some(model.alloc_grads());
        Self { model, adam, gradients }
    }

    /// Forward, backward and update, towards zero.
    fn step<S: Shape>(&mut self, x: &Tensor<(usize, Const<2>), f32, Cpu>)
    where
        M: Module<
                Tensor<(usize, Const<2>), f32, Cpu, OwnedTape<f32, Cpu>>,
                Output = Tensor<S, f32, Cpu, OwnedTape<f32, Cpu>>,
            >,
    {
        let gradients = self.gradients.take().unwrap_or_else(|| self.model.alloc_grads());
        let loss = self.model.forward(x.trace(gradients)).square().mean();
        let mut gradients = loss.backward();
        self.adam.update(&mut self.model, &gradients).expect("an update");
        self.model.zero_grads(&mut gradients);
        self.gradients = Some(gradients);
    }
}
