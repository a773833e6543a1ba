//! Constants of layers: which are trained, which are saved.

use crate::{
    by_hand::decay,
    check::{batch, bits, compare, moved, spread},
};
use dfdx::{
    optim::{Adam, AdamConfig},
    prelude::*,
};
use scheme_runtime::{
    open,
    prelude::*,
    tensors::{Layer, builder},
};
use std::path::PathBuf;

type Matrix<const N: usize, E = f64> = Tensor<(usize, Const<N>), E, Cpu>;

/// A file that is gone after the test.
struct Temporary(PathBuf);

impl Temporary {
    fn new(name: &str) -> Self {
        Self(std::env::temp_dir().join(format!("{}-{name}", std::process::id())))
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // It may never have been written.
        let _ = std::fs::remove_file(&self.0);
    }
}

#[test]
fn trainable_constants_learn_and_frozen_ones_stay() {
    let fall = scheme! { (lambda (t speed g) (vec (- (* speed t) (* 1/2 g t t)) (- speed (* g t)))) };
    let dev = Cpu::default();
    let times = spread(32, 0.0, 1.0);
    let truth: Vec<f64> = times.iter().flat_map(|&t| fall.call([t, 3.0, 9.81])).collect();
    let x: Matrix<1> = dev.tensor_from_vec(times, (32, Const));
    let truth: Matrix<2> = dev.tensor_from_vec(truth, (32, Const));

    let mut layer = Layer::new(fall, &dev, [1.0]).unwrap().with_frozen([9.81]).unwrap();
    assert_eq!(layer.num_trainable_params(), 1);
    let mut adam = Adam::new(&layer, AdamConfig { lr: 0.05, ..Default::default() });
    let mut gradients = layer.alloc_grads();
    for _ in 0..400 {
        let loss = (layer.forward(x.trace(gradients)) - truth.clone()).square().mean();
        gradients = loss.backward();
        adam.update(&mut layer, &gradients).unwrap();
        layer.zero_grads(&mut gradients);
    }
    assert!((layer.trainable.array()[0] - 3.0).abs() < 1e-3, "{:?}", layer.trainable.array());
    assert_eq!(layer.frozen.array(), [9.81]);
    layer.reset_params();
    assert_eq!((layer.trainable.array(), layer.frozen.array()), ([1.0], [9.81]));
}

#[test]
fn gradients_of_several_constants() {
    let dev = Cpu::default();
    let x: Matrix<1> = dev.tensor_from_vec(spread(9, 0.0, 1.0), (9, Const));
    let constants: Tensor<Rank1<2>, f64, Cpu> = dev.tensor([0.5, 1.5]);
    let loss = |trainable: Tensor<Rank1<2>, f64, Cpu>| {
        let mut layer = Layer::new(decay::Program, &dev, [0.0; 2]).unwrap().with_frozen([0.7]).unwrap();
        layer.trainable = trainable;
        layer.forward(x.leaky_trace()).square().mean()
    };
    let gradients = loss(constants.clone()).backward();
    compare("constant", &gradients.get(&constants).as_vec(), |i, by| loss(moved(&constants, i, by)).array());
}

#[test]
fn layers_without_constants_train_beside_others() {
    let area = scheme! { (lambda (a b) (vec (* a b))) };
    let dev = Cpu::seed_from_u64(1);
    let mut network = (
        dev.build_module::<Linear<2, 2>, f32>(),
        Layer::new(area, &dev, []).unwrap().with_frozen([]).unwrap(),
    );
    let mut adam = Adam::new(&network, AdamConfig::default());
    let before = network.0.weight.array();
    let x = dev.sample_normal::<Rank2<10, 2>>();
    // Without gradients allocated before, of which optimisers complain where one is missing.
    let gradients = network.forward(x.leaky_trace()).square().mean().backward();
    adam.update(&mut network, &gradients).unwrap();
    assert_ne!(network.0.weight.array(), before);
}

#[test]
fn parameters_of_a_program_are_constants() {
    let cooling = scheme! { (+ (param room 20.0) (* start (exp (- (* (param rate 0.5) t))))) };
    let dev = Cpu::default();
    let layer = Layer::new(open(cooling), &dev, cooling.values()).unwrap();
    let x: Matrix<2> = dev.tensor_from_vec(vec![20.0, 1.0, 30.0, 2.0], (2, Const));
    let y = layer.forward(x.leaky_trace());
    assert_eq!(y.as_vec(), [cooling.call([20.0, 1.0]), cooling.call([30.0, 2.0])]);
    assert_ne!(y.sum().backward().get(&layer.trainable).array(), [0.0; 2]);
}

/// A network with both kinds of constants, and with a layer that has none.
type Network<E> = (modules::Linear<2, 2, E, Cpu>, Layer<decay::Program, 1, 1, E, Cpu>);
type Build = (Linear<2, 2>, builder::Layer<decay::Program, 1, 1>);

fn filled(dev: &Cpu) -> Network<f32> {
    let layer = Layer::new(decay::Program, dev, [0.75]).unwrap().with_frozen([1.25]).unwrap();
    (dev.build_module::<Linear<2, 2>, f32>(), layer)
}

#[test]
fn networks_are_saved_with_their_constants() {
    let dev = Cpu::seed_from_u64(2);
    let network = filled(&dev);
    let x = dev.sample_normal::<Rank2<10, 2>>();
    let expected = network.forward(x.clone()).as_vec();

    let file = Temporary::new("network.npz");
    network.save(&file.0).unwrap();
    let mut loaded = dev.build_module::<Build, f32>();
    assert_eq!((loaded.1.trainable.array(), loaded.1.frozen.array()), ([1.0], [0.0]));
    loaded.load(&file.0).unwrap();
    assert_eq!((loaded.1.trainable.array(), loaded.1.frozen.array()), ([0.75], [1.25]));
    assert_eq!(bits(&loaded.forward(x.clone()).as_vec()), bits(&expected));

    let file = Temporary::new("network.safetensors");
    network.save_safetensors(&file.0).unwrap();
    let mut loaded = dev.build_module::<Build, f32>();
    loaded.load_safetensors(&file.0).unwrap();
    assert_eq!(bits(&loaded.forward(x).as_vec()), bits(&expected));
    // What others read in the file.
    let text = String::from_utf8_lossy(&std::fs::read(&file.0).unwrap()).into_owned();
    for name in ["\"0.weight\"", "\"0.bias\"", "\"1.trainable\"", "\"1.frozen\""] {
        assert!(text.contains(name), "{name}");
    }
}

#[test]
fn no_constants_are_saved_as_well() {
    let area = scheme! { (lambda (a b) (vec (* a b))) };
    let dev = Cpu::default();
    let mut network = (dev.build_module::<Linear<2, 2>, f64>(), Layer::new(area, &dev, []).unwrap());
    let file = Temporary::new("none.safetensors");
    network.save_safetensors(&file.0).unwrap();
    let saved = network.0.weight.array();
    network.reset_params();
    network.load_safetensors(&file.0).unwrap();
    assert_eq!(network.0.weight.array(), saved);
    let file = Temporary::new("none.npz");
    network.save(&file.0).unwrap();
    network.reset_params();
    network.load(&file.0).unwrap();
    assert_eq!(network.0.weight.array(), saved);
    assert_eq!(network.to_dtype::<f32>().1.frozen.shape(), &(Const::<0>,));
}

#[test]
fn networks_go_to_another_precision() {
    let dev = Cpu::seed_from_u64(4);
    let network = filled(&dev);
    let wide: Network<f64> = network.to_dtype::<f64>();
    assert_eq!((wide.1.trainable.array(), wide.1.frozen.array()), ([0.75], [1.25]));
    let x: Matrix<2> = dev.tensor_from_vec(vec![0.25; 2], (1, Const));
    let y = wide.forward(x).as_vec();
    let [a, b] = wide.0.forward(dev.tensor([0.25, 0.25])).array();
    assert_eq!(y, batch(&dev, vec![decay::Program.call([a, b, 0.75, 1.25])]).as_vec());
}
