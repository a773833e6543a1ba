//! Programs from strings as layers.

use crate::check::{bits, compare, moved, spread};
use dfdx::{
    nn::modules,
    optim::{Adam, AdamConfig},
    prelude::*,
};
use scheme_runtime::{
    Answer, StringProgram,
    prelude::*,
    tensors::{Layer, StringLayer, TensorError},
};

type Matrix<const N: usize, E = f64> = Tensor<(usize, Const<N>), E, Cpu>;
type Constants<const P: usize> = Tensor<Rank1<P>, f64, Cpu>;

fn load(text: &str) -> StringProgram {
    Interpreter::new().load(text).unwrap()
}

fn matrix<const N: usize>(dev: &Cpu, rows: usize, low: f64, high: f64) -> Matrix<N> {
    dev.tensor_from_vec(spread(N * rows, low, high), (rows, Const))
}

/// Programs whose rows take different ways, of the inputs x, y and the constants k and c, with the number of results.
const NUMBERS: [&str; 4] = [
    "(* k (exp (* -1 x x)) (+ y c))",
    "(if (< x 0) (* k y) (if (< y 0) (sqrt (+ x c)) (sin (* k x y))))",
    // Recursion as deep as the row says.
    "(define (power n) (if (<= n 0) 1 (* (+ k (* x y)) (power (- n 1))))) (+ c (power (floor (* 3 (+ 2 x)))))",
    "(let loop ((i 0) (z x)) (if (or (>= i 20) (> (abs z) 2)) (* c z) (loop (+ i 1) (+ (* k z z) y))))",
];
const VECTORS: [&str; 3] = [
    "(vec (* k x y) (+ c (exp x)))",
    "(if (< x 0) (vec (* k x) c) (vec (sin (* x y)) (/ y (+ c 3))))",
    "(define (steps n v) (if (<= n 0) v (steps (- n 1) (vec (+ (ref v 0) (* k (ref v 1))) (- (ref v 1) (* c (ref v 0)))))))\
     (steps (floor (* 2 (+ 2 x))) (vec x y))",
];

#[test]
fn values_are_those_of_single_calls() {
    let dev = Cpu::default();
    // Fewer rows than a block, and more.
    for rows in [1, 5, 300] {
        let x: Matrix<2> = matrix(&dev, rows, -1.5, 1.5);
        let elements = x.as_vec();
        let call = |program: &StringProgram, at: &[f64]| {
            program.call(&[("x", at[0]), ("y", at[1]), ("k", 0.75), ("c", 1.25)]).unwrap()
        };
        for text in NUMBERS {
            let program = load(text);
            let layer: StringLayer<R, 2, 1, 1, f64, Cpu> =
                StringLayer::new(program.clone(), &dev, ["x", "y"], [("k", 0.75)], [("c", 1.25)]).unwrap();
            let expected: Vec<f64> =
                elements.chunks(2).map(|at| call(&load(text), at).number().unwrap()).collect();
            for _ in 0..3 {
                assert_eq!(bits(&layer.forward(x.clone()).as_vec()), bits(&expected), "{text}");
                assert_eq!(bits(&layer.forward(x.leaky_trace()).as_vec()), bits(&expected), "{text}, taped");
            }
            assert!(layer.failure().is_none());
        }
        for text in VECTORS {
            let layer: StringLayer<[R; 2], 2, 1, 1, f64, Cpu> =
                StringLayer::new(load(text), &dev, ["x", "y"], [("k", 0.75)], [("c", 1.25)]).unwrap();
            let program = load(text);
            let expected: Vec<f64> =
                elements.chunks(2).flat_map(|at| call(&program, at).numbers().unwrap()).collect();
            for _ in 0..3 {
                assert_eq!(bits(&layer.forward(x.clone()).as_vec()), bits(&expected), "{text}");
                assert_eq!(bits(&layer.forward(x.leaky_trace()).as_vec()), bits(&expected), "{text}, taped");
            }
        }
    }
}

/// A matrix is its numbers, row by row, in values and gradients.
#[test]
fn matrices_are_further_dimensions() {
    let dev = Cpu::default();
    let inverse = "(define a (inv (mat [(+ 3 x) (* k y)] [y (+ c 4)])))";
    let flat = format!("{inverse} (vec (ref a 0 0) (ref a 0 1) 1 (ref a 1 0) (ref a 1 1) x)");
    let wide = format!("{inverse} (stack (vec (ref a 0 0) (ref a 0 1) 1) (vec (ref a 1 0) (ref a 1 1) x))");
    let vectors: StringLayer<[R; 6], 2, 1, 1, f64, Cpu> =
        StringLayer::new(load(&flat), &dev, ["x", "y"], [("k", 0.75)], [("c", 1.25)]).unwrap();
    let matrices: StringLayer<[[R; 3]; 2], 2, 1, 1, f64, Cpu> =
        StringLayer::new(load(&wide), &dev, ["x", "y"], [("k", 0.75)], [("c", 1.25)]).unwrap();
    let x: Matrix<2> = matrix(&dev, 40, -1.5, 1.5);
    let weights: Tensor<(usize, Const<6>), f64, Cpu> = matrix(&dev, 40, -1.0, 2.0);
    let (flat, wide) = (vectors.forward(x.leaky_trace()), matrices.forward(x.leaky_trace()));
    let (_, Const::<2>, Const::<3>) = *wide.shape();
    assert_eq!(bits(&flat.as_vec()), bits(&wide.as_vec()));
    let wide = wide.reshape_like(&(40, Const::<6>));
    let [flat, wide] = [flat, wide].map(|y| (y * weights.clone()).sum().backward());
    let [by_x, by_x_too] = [&flat, &wide].map(|all| all.get(&x).as_vec());
    let (by_k, by_k_too) = (flat.get(&vectors.trainable).array(), wide.get(&matrices.trainable).array());
    let near = |a: &[f64], b: &[f64]| a.iter().zip(b).all(|(a, b)| (a - b).abs() <= 1e-13 * (1.0 + b.abs()));
    assert!(near(&by_x_too, &by_x) && near(&by_k_too, &by_k), "{by_x_too:?}, {by_k_too:?}");
    assert!(by_x.iter().all(|x| *x != 0.0) && by_k[0] != 0.0);
}

#[test]
fn single_precision_is_the_programs_own() {
    let dev = Cpu::default();
    let single = Interpreter::new().single_precision(true).load(NUMBERS[1]).unwrap();
    let layer: StringLayer<R, 2, 1, 1, f32, Cpu> =
        StringLayer::new(single.clone(), &dev, ["x", "y"], [("k", 0.7)], [("c", 1.3)]).unwrap();
    let inline = scheme! {
        (lambda (x y k c) (if (< x 0) (* k y) (if (< y 0) (sqrt (+ x c)) (sin (* k x y)))))
    };
    let inline = Layer::new(inline, &dev, [0.7]).unwrap().with_frozen([1.3]).unwrap();
    let x: Matrix<2, f32> = matrix::<2>(&dev, 100, -1.2, 1.2).to_dtype::<f32>();
    assert_eq!(bits(&layer.forward(x.clone()).as_vec()), bits(&inline.forward(x.clone()).as_vec()));
    // In double precision, values are rounded once.
    let layer: StringLayer<R, 2, 1, 1, f32, Cpu> =
        StringLayer::new(load(NUMBERS[1]), &dev, ["x", "y"], [("k", 0.7)], [("c", 1.3)]).unwrap();
    for (at, y) in x.as_vec().chunks(2).zip(layer.forward(x).as_vec()) {
        let [a, b] = [at[0], at[1]].map(f64::from);
        let inputs = [("x", a), ("y", b), ("k", 0.7_f32.into()), ("c", 1.3_f32.into())];
        assert_eq!(load(NUMBERS[1]).call(&inputs).unwrap().number().unwrap() as f32, y);
    }
}

/// Asserts that numbers are equal but for rounding.
fn close(what: &str, found: &[f64], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert!(
            (found - expected).abs() <= 1e-13 * (1.0 + expected.abs()),
            "{what}: {found} is not {expected}"
        );
    }
}

#[test]
fn gradients_are_those_of_the_inline_layer() {
    let dev = Cpu::default();
    let x: Matrix<2> = matrix(&dev, 300, -1.5, 1.5);
    let k: Constants<1> = dev.tensor([0.75]);
    let weights: Tensor<(usize,), f64, Cpu> = dev.tensor_from_vec(spread(300, -1.0, 1.0), (300,));

    let inline = scheme! {
        (lambda (x y k c) (if (< x 0) (* k y) (if (< y 0) (sqrt (+ x c)) (sin (* k x y)))))
    };
    let mut inline = Layer::new(inline, &dev, [0.0]).unwrap().with_frozen([1.75]).unwrap();
    inline.trainable = k.clone();
    let mut layer: StringLayer<R, 2, 1, 1, f64, Cpu> =
        StringLayer::new(load(NUMBERS[1]), &dev, ["x", "y"], [("k", 0.0)], [("c", 1.75)]).unwrap();
    layer.trainable = k.clone();
    let expected = (inline.forward(x.leaky_trace()) * weights.clone()).sum().backward();
    let found = (layer.forward(x.leaky_trace()) * weights).sum().backward();
    assert_eq!(bits(&found.get(&x).as_vec()), bits(&expected.get(&x).as_vec()));
    close("constant", &found.get(&k).as_vec(), &expected.get(&k).as_vec());

    let weights: Matrix<2> = matrix(&dev, 300, -1.0, 1.0);
    let inline = scheme! {
        (lambda (x y k c) (if (< x 0) (vec (* k x) c) (vec (sin (* x y)) (/ y (+ c 3)))))
    };
    let mut inline = Layer::new(inline, &dev, [0.0]).unwrap().with_frozen([1.25]).unwrap();
    inline.trainable = k.clone();
    let mut layer: StringLayer<[R; 2], 2, 1, 1, f64, Cpu> =
        StringLayer::new(load(VECTORS[1]), &dev, ["x", "y"], [("k", 0.0)], [("c", 1.25)]).unwrap();
    layer.trainable = k.clone();
    let expected = (inline.forward(x.leaky_trace()) * weights.clone()).sum().backward();
    let found = (layer.forward(x.leaky_trace()) * weights).sum().backward();
    close("inputs", &found.get(&x).as_vec(), &expected.get(&x).as_vec());
    close("constant", &found.get(&k).as_vec(), &expected.get(&k).as_vec());
}

#[test]
fn gradients_through_a_network_are_finite_differences() {
    let dev = Cpu::seed_from_u64(5);
    let x: Matrix<2> = matrix(&dev, 9, -1.0, 1.0);
    let front = dev.build_module::<Linear<2, 2>, f64>();
    let back = dev.build_module::<Linear<2, 1>, f64>();
    for text in VECTORS {
        let layer: StringLayer<[R; 2], 2, 2, 0, f64, Cpu> =
            StringLayer::new(load(text), &dev, ["x", "y"], [("k", 0.75), ("c", 1.25)], []).unwrap();
        let constants = layer.trainable.clone();
        let loss = |x: &Matrix<2>, front: &modules::Linear<2, 2, f64, Cpu>, constants: &Constants<2>| {
            let mut layer = layer.clone();
            layer.trainable = constants.clone();
            (front.clone(), layer, back.clone()).forward(x.leaky_trace()).square().mean()
        };
        let gradients = loss(&x, &front, &constants).backward();
        compare(text, &gradients.get(&x).as_vec(), |i, by| {
            loss(&moved(&x, i, by), &front, &constants).array()
        });
        compare(text, &gradients.get(&constants).as_vec(), |i, by| {
            loss(&x, &front, &moved(&constants, i, by)).array()
        });
        compare(text, &gradients.get(&front.weight).as_vec(), |i, by| {
            let front = modules::Linear { weight: moved(&front.weight, i, by), bias: front.bias.clone() };
            loss(&x, &front, &constants).array()
        });
    }
}

/// A law with a part that is wrong at first: exchanged while training goes on, with the optimiser's state.
#[test]
fn a_program_is_exchanged_while_training_goes_on() {
    let dev = Cpu::default();
    let x: Matrix<1> = matrix(&dev, 64, 0.0, 2.0);
    let truth: Vec<f64> = x.as_vec().into_iter().map(|t| 1.5 * f64::exp(-0.7 * t)).collect();
    let truth: Tensor<(usize,), f64, Cpu> = dev.tensor_from_vec(truth, (64,));
    let mut layer: StringLayer<R, 1, 2, 0, f64, Cpu> =
        StringLayer::new(load("(- a (* b t))"), &dev, ["t"], [("a", 1.0), ("b", 1.0)], []).unwrap();
    let mut adam = Adam::new(&layer, AdamConfig { lr: 0.02, ..Default::default() });
    let mut gradients = layer.alloc_grads();
    let mut losses = Vec::new();
    for step in 0..600 {
        if step == 200 {
            let before = layer.swap(load("(* a (exp (* -1 b t)))")).unwrap();
            assert_eq!(before.source().text(), "(- a (* b t))");
        }
        let loss = (layer.forward(x.trace(gradients)) - truth.clone()).square().mean();
        losses.push(loss.array());
        gradients = loss.backward();
        adam.update(&mut layer, &gradients).unwrap();
        layer.zero_grads(&mut gradients);
    }
    assert!(losses[199] > 1e-3, "a line cannot fit: {}", losses[199]);
    assert!(losses[599] < 1e-9, "{}", losses[599]);
    let [a, b] = layer.trainable.array();
    assert!((a - 1.5).abs() < 1e-3 && (b - 0.7).abs() < 1e-3, "{a} {b}");
}

#[test]
fn a_backward_pass_is_that_of_the_program_of_its_forward_pass() {
    let dev = Cpu::default();
    let mut layer: StringLayer<[R; 2], 1, 0, 0, f64, Cpu> =
        StringLayer::new(load("(vec x (* x x))"), &dev, ["x"], [], []).unwrap();
    let x = dev.tensor([[3.0], [4.0]]);
    let y = layer.forward(x.leaky_trace());
    layer.swap(load("(vec 0 (* 100 x))")).unwrap();
    assert_eq!(y.sum().backward().get(&x).array(), [[7.0], [9.0]]);
    assert_eq!(layer.forward(x).array(), [[0.0, 300.0], [0.0, 400.0]]);
}

#[test]
fn a_row_that_fails_is_told_and_the_others_go_on() {
    let dev = Cpu::default();
    let xs: Vec<f64> = (0..40).map(|i| if i % 13 == 7 { -1.0 } else { f64::from(i) }).collect();
    let x: Matrix<1> = dev.tensor_from_vec(xs.clone(), (40, Const));
    let one = load("(begin (assert (>= x 0)) (* x x))");
    let one: StringLayer<R, 1, 0, 0, f64, Cpu> = StringLayer::new(one, &dev, ["x"], [], []).unwrap();
    let two = load("(begin (assert (>= x 0)) (vec x (* x x)))");
    let two: StringLayer<[R; 2], 1, 0, 0, f64, Cpu> = StringLayer::new(two, &dev, ["x"], [], []).unwrap();
    let good = |x: f64| x >= 0.0;

    for _ in 0..2 {
        let y = one.forward(x.leaky_trace());
        for (x, y) in xs.iter().zip(y.as_vec()) {
            assert!(if good(*x) { y == x * x } else { y.is_nan() });
        }
        let failure = one.failure().unwrap();
        assert_eq!(failure.row, 7);
        assert!(failure.error.message.contains("(>= x 0)"), "{failure}");
        let gradient = y.sum().backward().get(&x).as_vec();
        for (x, slope) in xs.iter().zip(gradient) {
            assert!(if good(*x) { slope == 2.0 * x } else { slope.is_nan() });
        }

        let y = two.forward(x.leaky_trace());
        for (x, y) in xs.iter().zip(y.as_vec().chunks(2)) {
            assert!(if good(*x) { y == [*x, x * x] } else { y[0].is_nan() && y[1].is_nan() });
        }
        assert_eq!(two.failure().map(|failure| failure.row), Some(7));
        let gradient = y.sum().backward().get(&x).as_vec();
        for (x, slope) in xs.iter().zip(gradient) {
            assert!(if good(*x) { slope == 1.0 + 2.0 * x } else { slope.is_nan() });
        }
    }
    assert!(matches!(two.try_rows(x), Err(TensorError::Row(failure)) if failure.row == 7));

    // What went well tells so.
    let y = one.forward(dev.tensor([[2.0]]));
    assert_eq!((y.array(), one.failure()), ([4.0], None));
    assert_eq!(two.try_rows(dev.tensor([[2.0]])).unwrap().array(), [[2.0, 4.0]]);
}

#[test]
fn a_value_of_another_form_in_a_row_is_a_failure() {
    let dev = Cpu::default();
    let odd = load("(if (> x 1) (if (> x 2) (vec x x x) x) (vec x (* 2 x)))");
    let layer: StringLayer<[R; 2], 1, 0, 0, f64, Cpu> = StringLayer::new(odd, &dev, ["x"], [], []).unwrap();
    let x: Matrix<1> = dev.tensor_from_vec((0..30).map(|i| f64::from(i % 3) + 0.5).collect(), (30, Const));
    for _ in 0..2 {
        let y = layer.forward(x.leaky_trace()).as_vec();
        assert_eq!(y[..2], [0.5, 1.0]);
        assert!(y[2..6].iter().all(|y| y.is_nan()));
        let failure = layer.failure().unwrap();
        let told = "E0502 at 1:1: the layer gives a vector of 2 numbers, but the program's value is 1.5 \
                    (hint: a number has a layer of `R`, `(vec a b)` one of `[R; 2]`, `(mat [a b] [c d])` one of `[[R; 2]; 2]`)";
        assert_eq!(failure.to_string(), format!("in row 2: {told}"));
    }
}

/// What does not fit is said when the layer is made, and when a program is to take another's place.
#[test]
fn what_does_not_fit_is_an_error() {
    let dev = Cpu::default();
    let told = |text: &str| {
        let made: Result<StringLayer<[R; 2], 2, 1, 1, f64, Cpu>, _> =
            StringLayer::new(load(text), &dev, ["x", "y"], [("k", 1.0)], [("c", 1.0)]);
        made.err().map(|error| error.to_string())
    };
    let cases = [
        ("(vec (* k x) (* c y))", None),
        ("(vec (* (param k 3) x) (* (param c 2) y))", None),
        // It may fail where all is 1.
        ("(if (= x 1) (error \"one\") (vec (* k x) (* c y)))", None),
        ("(vec (* k x) (* c y) z)", Some("the input `z` has no value")),
        ("(vec (* k x) y)", Some("the program has no input `c`")),
        ("(vec (* k x) (* c y) 1)", Some("gives a vector of 2 numbers, but the program's value is [1 1 1]")),
        ("(* k x c y)", Some("gives a vector of 2 numbers, but the program's value is 1")),
        ("(list (* k x) (* c y))", Some("gives a vector of 2 numbers, but the program's value is (1 1)")),
        (
            "(: x (vec 2)) (vec (* k (ref x 0)) (* c y))",
            Some("write (define x (vec x0 … x1)) in place of the declaration"),
        ),
        ("(: x (mat 2 3)) (vec (* k (trace x)) (* c y))", Some("(define x (mat [x00 … x02] …))")),
    ];
    for (text, expected) in cases {
        let found = told(text);
        match expected {
            None => assert_eq!(found, None, "{text}"),
            Some(part) => {
                assert!(found.as_ref().is_some_and(|found| found.contains(part)), "{text}: {found:?}")
            }
        }
    }

    let mut layer: StringLayer<R, 1, 0, 0, f64, Cpu> =
        StringLayer::new(load("(* 2 x)"), &dev, ["x"], [], []).unwrap();
    assert!(matches!(layer.swap(load("(* 2 z)")), Err(TensorError::Program(_))));
    assert!(matches!(layer.swap(load("(> x 2)")), Err(TensorError::Program(_))));
    assert_eq!(layer.forward(dev.tensor([[2.0]])).array(), [4.0]);
    let twice: Result<StringLayer<R, 2, 0, 0, f64, Cpu>, _> =
        StringLayer::new(load("(* 2 x)"), &dev, ["x", "x"], [], []);
    assert!(matches!(twice, Err(TensorError::Program(_))));
}

#[test]
fn names_of_the_program_do_not_meet_those_of_its_derivative() {
    let dev = Cpu::default();
    let text = "(vec (* value cotangent-0) (+ program (* operand cotangent-1)))";
    let layer: StringLayer<[R; 2], 5, 0, 0, f64, Cpu> = StringLayer::new(
        load(text),
        &dev,
        ["value", "cotangent-0", "program", "operand", "cotangent-1"],
        [],
        [],
    )
    .unwrap();
    let x = dev.tensor([[2.0, 3.0, 5.0, 7.0, 11.0]]);
    let weights = dev.tensor([[1.0, 10.0]]);
    let gradients = (layer.forward(x.leaky_trace()) * weights).sum().backward();
    assert_eq!(gradients.get(&x).array(), [[3.0, 2.0, 10.0, 110.0, 70.0]]);
}

#[test]
fn it_is_saved_with_its_network_and_takes_empty_batches() {
    let dev = Cpu::seed_from_u64(6);
    let layer = |k, c| -> StringLayer<R, 2, 1, 1, f32, Cpu> {
        StringLayer::new(load(NUMBERS[0]), &dev, ["x", "y"], [("k", k)], [("c", c)]).unwrap()
    };
    let network = (dev.build_module::<Linear<2, 2>, f32>(), layer(0.5, 2.0));
    assert_eq!(network.num_trainable_params(), 2 * 2 + 2 + 1);
    let file = std::env::temp_dir().join(format!("{}-string.safetensors", std::process::id()));
    network.save_safetensors(&file).unwrap();
    let mut loaded = (dev.build_module::<Linear<2, 2>, f32>(), layer(0.0, 0.0));
    let read = loaded.load_safetensors(&file);
    std::fs::remove_file(&file).unwrap();
    read.unwrap();
    assert_eq!((loaded.1.trainable.array(), loaded.1.frozen.array()), ([0.5], [2.0]));
    let (_, constants) = network.to_dtype::<f64>();
    assert_eq!((constants.trainable.array(), constants.frozen.array()), ([0.5], [2.0]));

    let none: Matrix<2, f32> = dev.zeros_like(&(0, Const));
    assert_eq!(network.1.forward(none.leaky_trace()).shape().0, 0);
}

#[test]
fn elements_in_another_order_keep_their_gradient() {
    let dev = Cpu::default();
    let parameter: Tensor<Rank2<2, 3>, f64, Cpu> = dev.tensor([[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]]);
    let layer: StringLayer<R, 2, 0, 0, f64, Cpu> =
        StringLayer::new(load("(* a a b)"), &dev, ["a", "b"], [], []).unwrap();
    let turned: Tensor<Rank2<3, 2>, f64, Cpu> = parameter.clone().permute();
    let y = layer.forward(turned.put_tape(OwnedTape::default()));
    let gradient = y.sum().backward().get(&parameter).array();
    let program = load("(* a a b)");
    let [first, second] = parameter.array();
    for (row, (a, b)) in first.into_iter().zip(second).enumerate() {
        let (_, by) = program.value_and_grad_with(&["a", "b"], &[("a", a.into()), ("b", b.into())]).unwrap();
        assert_eq!([gradient[0][row], gradient[1][row]].map(Answer::from).to_vec(), by);
    }
}
