//! The promise of equal bits: lanes against scalars, and both against recorded values.

use scheme_core::{math::Lanes, real::Real};

/// Numbers of all kinds: edges, and xorshift bits, half of them of moderate size.
fn numbers(count: usize) -> Vec<f64> {
    let mut numbers = vec![0.0, -0.0, 5e-324, -5e-324, f64::MIN_POSITIVE, -f64::MIN_POSITIVE];
    numbers.extend([f64::MAX, f64::MIN, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, 1e-310, -1e-310]);
    for x in [
        1e-8, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 2.5, 3.0, 7.0, 20.0, 37.5, 100.0, 709.5, 745.0, 1e6, 1e16, 1e22,
    ] {
        numbers.extend([x, -x]);
    }
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    while numbers.len() < count {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let moderate = (state & 0x8fff_ffff_ffff_ffff) | 0x3800_0000_0000_0000;
        numbers.push(f64::from_bits(if numbers.len().is_multiple_of(2) { state } else { moderate }));
    }
    numbers
}

/// The bits, of any nan the same.
fn bits(x: f64) -> u64 {
    if x.is_nan() { u64::MAX } else { x.to_bits() }
}

/// A function of one number, in every form.
struct Unary {
    name: &'static str,
    wide: fn(f64) -> f64,
    narrow: fn(f32) -> f32,
    wide4: fn(Lanes<f64, 4>) -> Lanes<f64, 4>,
    wide8: fn(Lanes<f64, 8>) -> Lanes<f64, 8>,
    narrow8: fn(Lanes<f32, 8>) -> Lanes<f32, 8>,
    /// The hash of the results over [`numbers`].
    hash: u64,
}

/// A function of two numbers, in every form.
struct Binary {
    name: &'static str,
    wide: fn(f64, f64) -> f64,
    narrow: fn(f32, f32) -> f32,
    wide4: fn(Lanes<f64, 4>, Lanes<f64, 4>) -> Lanes<f64, 4>,
    wide8: fn(Lanes<f64, 8>, Lanes<f64, 8>) -> Lanes<f64, 8>,
    narrow8: fn(Lanes<f32, 8>, Lanes<f32, 8>) -> Lanes<f32, 8>,
    hash: u64,
}

macro_rules! table {
    ($kind:ident: $($name:ident $hash:expr;)*) => {
        &[$($kind {
            name: stringify!($name),
            wide: Real::$name,
            narrow: Real::$name,
            wide4: Real::$name,
            wide8: Real::$name,
            narrow8: Real::$name,
            hash: $hash,
        }),*]
    };
}

const UNARY: &[Unary] = table! { Unary:
    abs 0x565b_126f_7ac1_2c00;
    sqrt 0x4ed2_eed0_cbea_44d7;
    floor 0x84e5_362e_a14d_b19e;
    ceiling 0xf325_6a4b_26a4_2f63;
    round 0x306b_2f74_faaa_748b;
    truncate 0x909a_e6e3_fc4b_abc3;
    exp 0x14e7_5376_bb12_a6e2;
    expm1 0x8434_bb01_cf90_86e7;
    log 0x3a62_da27_af76_0765;
    log1p 0xb00b_b5dc_6d57_fbf3;
    sin 0xca2b_0a08_23ea_f1d2;
    cos 0xc394_981f_2ccd_2038;
    tan 0x50cc_436a_6a0e_add2;
    asin 0x02be_4bb3_de75_6f06;
    acos 0x3c5a_3fba_9252_debb;
    atan 0xbd20_606c_aa1f_c277;
    sinh 0x7b0f_c3b9_13e5_0468;
    cosh 0x0846_5daf_4580_0425;
    tanh 0x368b_d77b_2306_399c;
    sigmoid 0xa031_3cae_41ef_dc41;
    softplus 0x9a9a_22b5_6aab_0b3f;
    erf 0x360c_f847_14b0_5a41;
    lgamma 0x3a75_0780_adb3_022b;
};

const BINARY: &[Binary] = table! { Binary:
    remainder 0x55e1_f9d4_0e3b_e8a6;
    modulo 0xa112_ff94_5742_56e5;
    quotient 0x14a5_bf35_7d32_860d;
    min 0xbc4a_0d64_2620_f252;
    max 0x619b_3c9c_7b67_25b6;
    expt 0x8582_8cce_626b_e2e7;
    atan2 0x2c6e_947b_ddb2_8b59;
    polygamma 0x75d9_16be_2aab_7c9b;
};

/// Operands of functions of two numbers: neighbours, and orders for `polygamma`.
fn pairs(name: &str) -> Vec<(f64, f64)> {
    let numbers = numbers(4000);
    let orders = [0.0, 1.0, 2.0, 3.0, 7.0, -1.0, 0.5];
    let first = |i: usize, x| if name == "polygamma" { orders[i % orders.len()] } else { x };
    let shifted = numbers.iter().cycle().skip(17);
    numbers.iter().zip(shifted).enumerate().map(|(i, (&x, &y))| (first(i, x), y)).collect()
}

#[test]
fn lanes_are_scalars() {
    for f in UNARY {
        for x in numbers(4000).chunks_exact(8) {
            let x: [f64; 8] = x.try_into().unwrap();
            let want = x.map(f.wide);
            let low: [f64; 4] = x[..4].try_into().unwrap();
            assert_eq!(want.map(bits), (f.wide8)(x.into()).0.map(bits), "{} of {x:?}", f.name);
            assert_eq!(want.map(bits)[..4], (f.wide4)(low.into()).0.map(bits), "{} of {low:?}", f.name);
            let x = x.map(|x| x as f32);
            let (want, got) = (x.map(f.narrow), (f.narrow8)(x.into()).0);
            assert_eq!(want.map(|x| bits(x.into())), got.map(|x| bits(x.into())), "{} of {x:?}", f.name);
        }
    }
}

#[test]
fn lanes_are_scalars_of_two() {
    for f in BINARY {
        for chunk in pairs(f.name).chunks_exact(8) {
            let x: [f64; 8] = std::array::from_fn(|i| chunk[i].0);
            let y: [f64; 8] = std::array::from_fn(|i| chunk[i].1);
            let want: [u64; 8] = std::array::from_fn(|i| bits((f.wide)(x[i], y[i])));
            let (x4, y4): ([f64; 4], [f64; 4]) = (x[..4].try_into().unwrap(), y[..4].try_into().unwrap());
            assert_eq!(want, (f.wide8)(x.into(), y.into()).0.map(bits), "{} of {chunk:?}", f.name);
            assert_eq!(want[..4], (f.wide4)(x4.into(), y4.into()).0.map(bits), "{} of {chunk:?}", f.name);
            let (x, y) = (x.map(|x| x as f32), y.map(|y| y as f32));
            let want: [u64; 8] = std::array::from_fn(|i| bits((f.narrow)(x[i], y[i]).into()));
            let got = (f.narrow8)(x.into(), y.into()).0.map(|x| bits(x.into()));
            assert_eq!(want, got, "{} of {chunk:?}", f.name);
        }
    }
}

#[test]
fn sine_and_cosine_together() {
    for x in numbers(4000) {
        let (sin, cos) = Real::sin_cos(x);
        assert_eq!([bits(sin), bits(cos)], [bits(Real::sin(x)), bits(Real::cos(x))], "{x:?}");
        let (sin, cos) = Real::sin_cos(Lanes([x, 1.0, x, 1e300]));
        assert_eq!([bits(sin.0[0]), bits(cos.0[2])], [bits(Real::sin(x)), bits(Real::cos(x))], "{x:?}");
    }
}

/// FNV-1a over the bits.
fn hash(values: impl Iterator<Item = u64>) -> u64 {
    let bytes = values.flat_map(u64::to_le_bytes);
    bytes.fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3))
}

/// Bits recorded once: a change of any of them breaks stored traces, and must be meant.
#[test]
fn recorded_bits() {
    let numbers = numbers(4000);
    let mut wrong = vec![];
    let mut compare = |name: &str, got: u64, want: u64| {
        if got != want {
            wrong.push(format!("{name} {got:#018x};"));
        }
    };
    for f in UNARY {
        let wide = numbers.iter().map(|&x| bits((f.wide)(x)));
        let narrow = numbers.iter().map(|&x| bits((f.narrow)(x as f32).into()));
        compare(f.name, hash(wide.chain(narrow)), f.hash);
    }
    for f in BINARY {
        let pairs = pairs(f.name);
        let wide = pairs.iter().map(|&(x, y)| bits((f.wide)(x, y)));
        let narrow = pairs.iter().map(|&(x, y)| bits((f.narrow)(x as f32, y as f32).into()));
        compare(f.name, hash(wide.chain(narrow)), f.hash);
    }
    assert!(wrong.is_empty(), "these hashes differ:\n{}", wrong.join("\n"));
}
