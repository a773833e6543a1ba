//! Kernels on a device: the one of this machine, or one in software.
//!
//! `on_a_device` runs where a device is found and says so where none is. `on_a_device_in_software` runs the same once more on
//! stand-ins for the driver's and the compiler's library (`device.c`), which a C compiler makes: all is checked but the device itself.

use crate::{
    cc::{Job, Number, compiler},
    operations_on_matrices, programs, rows_of_the_table,
};
use scheme_core::{
    prim::{Numeric, Whole},
    real::Real,
    trace::{Must, Record, Slot, Trace},
};
use scheme_runtime::{
    Interpreter, Limits,
    blocks::{Blocks, Column, Output, Rows, sum},
    cuda::{self, CudaError, Device, Kernel, Slope},
    scheme, value_and_grad, vmap,
};
use std::{path::PathBuf, process::Command};

/// Where the device in software puts its kernels; it is set while that is used.
const SOFTWARE: &str = "SOFTWARE_DEVICE";

#[test]
#[expect(clippy::print_stdout, reason = "a test that is skipped says so")]
fn on_a_device() {
    let software = std::env::var_os(SOFTWARE).is_some();
    let device = match Device::new() {
        Ok(device) => device,
        Err(why) => {
            assert!(!software, "{why}");
            assert_eq!(matches!(why, CudaError::Off), !cfg!(feature = "cuda"), "{why}");
            return println!("skipped: {why}");
        }
    };
    println!("on {}", device.name().expect("a name"));
    // In software each kernel is a process of the C compiler, and all of them are checked without a device.
    let every = if software { 29 } else { 1 };
    jobs(&device, rows_of_the_table::<f64>(), every);
    jobs(&device, rows_of_the_table::<f32>(), every);
    jobs(&device, operations_on_matrices::<f64>(4), every);
    jobs(&device, operations_on_matrices::<f32>(4), every);
    jobs(&device, programs::<f64>(), 2 * every);
    jobs(&device, programs::<f32>(), 3 * every);
    sums::<f64>(&device);
    sums::<f32>(&device);
    programs_of_several_paths(&device);
    programs_that_fail(&device);
    inputs_are_checked_in_every_call(&device);
    limits_are_those_of_the_host(&device);
    compiled_functions(&device);
    what_does_not_fit(&device);
    devices_are_told_apart(&device, software);
}

/// Each row is a single evaluation of the record, to the bit.
fn jobs<E: Number + cuda::Number>(device: &Device, jobs: Vec<Job<E>>, every: usize) {
    for Job { name, record, rows } in jobs.into_iter().step_by(every) {
        let kernel =
            Kernel::<E>::compile(device, &record, &[]).unwrap_or_else(|error| panic!("{name}: {error}"));
        let inputs: Vec<Vec<E>> =
            (0..record.inputs()).map(|i| rows.iter().map(|row| row[i]).collect()).collect();
        let columns: Vec<Column<'_, E>> = inputs.iter().map(|column| Column::Each(column)).collect();
        let found = kernel.run(rows.len(), &columns).expect("columns that fit");
        for (i, row) in rows.iter().enumerate() {
            let expected = record.evaluate(row);
            assert_eq!(found.broken.binary_search(&i).is_ok(), expected.is_err(), "{name} at {row:?}");
            for (k, expected) in expected.into_iter().flatten().enumerate() {
                let found: E = found.results[k][i];
                let nan = Into::<f64>::into(found).is_nan() && Into::<f64>::into(expected).is_nan();
                assert!(
                    nan || found.bits() == expected.bits(),
                    "{name} at {row:?}: {found:?}, not {expected:?}"
                );
            }
        }
    }
}

/// `(if (< x k) (* x (exp (* k k))) …)` and `(* x k)`.
fn guarded() -> Trace {
    let (mut trace, x, k) = (Trace::new(2), Slot::value(0), Slot::value(1));
    let test = trace.push(Numeric::Less, &[x, k], 0);
    trace.guard(test, Must::Be(true), 0);
    let square = trace.push(Numeric::Square, &[k], 0);
    let power = trace.push(Numeric::Exp, &[square], 0);
    let y = trace.push(Numeric::Mul, &[x, power], 0);
    let product = trace.push(Numeric::Mul, &[x, k], 0);
    trace.give(vec![y, product]);
    trace
}

/// Derivatives by what is the same in all rows are the host's sums, those by columns the host's columns, and broken rows count as none.
fn sums<E: Number + cuda::Number>(device: &Device) {
    let trace = guarded();
    let kernel = Kernel::<E>::compile(device, &trace.clone().into(), &[1, 0]).expect("numbers");
    let pulled = Record::from(trace).with_cotangents(&[1, 0]).and_then(Record::into_trace);
    let host = Blocks::new(&pulled.expect("numbers"), &[false, true, false, true]);
    for rows in [0, 1, 7, 1023, 1024, 1025, 5000, 10_241] {
        let x: Vec<E> = (0..rows).map(|i| <E as Real>::lit(0.137 * f64::from(i % 17) - 1.0)).collect();
        let weights: Vec<E> = (0..rows).map(|i| <E as Real>::lit(1.0 / f64::from(i + 1))).collect();
        let columns = [Column::Each(&x[..]), Column::All(<E as Real>::lit(0.9))];
        let cotangents = [Column::Each(&weights[..]), Column::All(<E as Real>::lit(2.0))];
        let found = kernel.value_and_grad(rows as usize, &columns, &cotangents).expect("columns that fit");
        let [mut y, mut product, mut by_x] = [0; 3].map(|_| vec![<E as Real>::lit(0.0); rows as usize]);
        let mut by_k = f64::NAN;
        let outputs = vec![
            Output::Each(&mut y[..]),
            Output::Each(&mut product),
            Output::Sum(&mut by_k),
            Output::Each(&mut by_x),
        ];
        let all = [columns, cotangents].concat();
        let broken = host.run(Rows::All(rows as usize), &all, outputs, 1).expect("columns that fit");
        let broken: Vec<usize> = broken.rows().iter().map(|(row, _)| *row).collect();
        for row in &broken {
            [&mut y, &mut product, &mut by_x]
                .into_iter()
                .for_each(|column| column[*row] = <E as Real>::lit(0.0));
        }
        assert_eq!(found.broken, broken);
        assert_eq!(found.results, [y, product]);
        assert_eq!(found.gradient, [Slope::All(by_k), Slope::Each(by_x)], "{rows} rows");
    }
}

/// Programs whose rows go several ways, some of them on the host alone.
fn programs_of_several_paths(device: &Device) {
    let texts = [
        "(* k (exp (- (* x x))))",
        "(if (> x 0) (* k (sqrt x)) (- x))",
        "(let loop ((i 0) (s x)) (if (< (* i i) (* 40 (abs x))) (loop (+ i 1) (+ (* s k) i)) s))",
        "(+ x (param shift 2.5))",
        "(define a (mat [x 1 k] [k (+ 3 (* x x)) x] [1 x 5]))
         (if (> (det a) 0) (logdet a) (dot (vec x k 1) (solve a (vec 1 2 x))))",
        "(define b (mat [(+ 3 (* k k)) x] [x (+ 4 (* x x))])) (+ (ref (cholesky b) 1 0) (trace (inv b)) (det b))",
        // Recorded whole: 512 multiplications.
        "(define a (mat [x k 1 2 3 4 5 6] [k x 6 5 4 3 2 1] [1 1 1 1 k k k k] [x x x x 1 2 3 4] [1 0 0 0 0 0 0 x]
                        [k 0 0 1 0 0 0 x] [0 0 k 0 x 0 0 1] [1 x 0 0 0 0 0 1]))
         (trace (matmul a a))",
    ];
    let x: Vec<f64> = (0..3000).map(|i| f64::from(i * 37 % 3000) * 1e-2 - 12.0).collect();
    for (text, single) in texts.iter().flat_map(|text| [(text, false), (text, true)]) {
        let program = Interpreter::new().single_precision(single).load(text).expect("it loads");
        let by: Vec<&str> = if text.contains('k') { vec!["k", "x"] } else { vec!["x", "shift"] };
        let constants: &[(&str, f64)] = if text.contains('k') { &[("k", 0.75)] } else { &[] };
        let mut on_device = program.on_cuda(device, &by);
        for _ in 0..2 {
            let found = on_device.value_and_grad_columns(&[("x", &x)], constants).expect("it runs");
            let expected = program.value_and_grad_columns(&by, &[("x", &x)], constants).expect("it runs");
            assert_eq!(found, expected, "{text}");
        }
        let about = on_device.describe();
        assert!(about.contains("on the device"), "{about}");
        assert_eq!(about.contains("rows on the host: "), text.contains("loop"), "{about}");
        let short = [("x", &x[..3]), ("k", &x[..2])];
        let (ours, theirs) =
            (on_device.value_and_grad_columns(&short, &[]), program.value_and_grad_columns(&by, &short, &[]));
        assert_eq!(ours.map_err(|error| error.to_string()), theirs.map_err(|error| error.to_string()));
    }
}

/// The row that fails is named as on the host.
fn programs_that_fail(device: &Device) {
    let program = Interpreter::new().load("(if (< x 7) (* 2 x) (assert (> x 1000)))").expect("it loads");
    let x: Vec<f64> = (0..200).map(|i| f64::from(i) * 0.05).collect();
    let mut on_device = program.on_cuda(device, &["x"]);
    let found = on_device.value_and_grad_columns(&[("x", &x)], &[]).map_err(|error| error.to_string());
    let expected =
        program.value_and_grad_columns(&["x"], &[("x", &x)], &[]).map_err(|error| error.to_string());
    assert!(expected.as_ref().is_err_and(|error| error.contains("row 141")), "{expected:?}");
    assert_eq!(found, expected);
}

/// Whether paths are known or not, inputs that do not fit are the host's errors.
fn inputs_are_checked_in_every_call(device: &Device) {
    let program = Interpreter::new().load("(if (> x 0) (* k x) (- (param shift 1) x))").expect("it loads");
    let x: Vec<f64> = (0..200).map(|i| f64::from(i) - 100.0).collect();
    let (by, x, k) = (["k", "x", "k"], ("x", &x[..]), ("k", 0.5));
    let calls: [(&[(&str, &[f64])], &[(&str, f64)], &str); 6] = [
        (&[x], &[k], "no error"),
        (&[x], &[], "`k`"),
        (&[x], &[k, ("depth", 2.0)], "`depth`"),
        (&[x], &[k, ("x", 2.0)], "`x` is given twice"),
        (&[], &[k], "no column"),
        (&[x], &[k, ("shift", 3.0)], "no error"),
    ];
    let mut on_device = program.on_cuda(device, &by);
    for (columns, constants, told) in calls {
        let found = on_device.value_and_grad_columns(columns, constants).map_err(|error| error.to_string());
        let expected =
            program.value_and_grad_columns(&by, columns, constants).map_err(|error| error.to_string());
        assert_eq!(found, expected, "{constants:?}");
        assert!(expected.err().unwrap_or("no error".to_string()).contains(told), "{told}");
    }
    let unknown = program.on_cuda(device, &["depth"]).value_and_grad_columns(&[x], &[k]);
    assert!(unknown.is_err_and(|error| error.to_string().contains("`depth`")));
}

/// What the limits forbid the host fails on a device as well.
fn limits_are_those_of_the_host(device: &Device) {
    let x: Vec<f64> = (0..100).map(f64::from).collect();
    let (mut failed, mut ran) = (0, 0);
    for trace in [0, 1, 4, 8, 10, 11, 12, 16, 24, 32, 48, 64, 128, 1024] {
        let limits = Limits { trace, ..Limits::default() };
        let text = "(let loop ((i 0) (s x)) (if (< i 10) (loop (+ i 1) (sin s)) s))";
        let program = Interpreter::with_limits(limits).load(text).expect("it loads");
        let mut on_device = program.on_cuda(device, &["x"]);
        let expected =
            program.value_and_grad_columns(&["x"], &[("x", &x)], &[]).map_err(|error| error.to_string());
        *if expected.is_ok() { &mut ran } else { &mut failed } += 1;
        for _ in 0..2 {
            let found =
                on_device.value_and_grad_columns(&[("x", &x)], &[]).map_err(|error| error.to_string());
            assert_eq!(found, expected, "a record of {trace}: {}", on_device.describe());
        }
    }
    assert!(failed > 2 && ran > 2, "{failed} failed, {ran} ran");
}

/// A compiled function of a column and a constant, over rows, on the device and on the host.
macro_rules! compiled {
    ($device:expr, $number:ty, $f:expr) => {{
        let f = $f;
        let kernel = Kernel::<$number>::of($device, f).expect("straight");
        let x: Vec<$number> = (0..2000).map(|i| (i % 101) as $number * 0.1 - 4.0).collect();
        let columns = [Column::Each(&x[..]), Column::All(0.75)];
        let found = kernel.value_and_grad(x.len(), &columns, &[Column::All(1.0)]).expect("columns that fit");
        let rows = vmap(value_and_grad(f)).call((&x, 0.75)).expect("columns that fit");
        let (values, slopes): (Vec<$number>, Vec<[$number; 2]>) = rows.into_iter().unzip();
        let [by_x, by_k] = [0, 1].map(|k| slopes.iter().map(|slopes| slopes[k]).collect::<Vec<$number>>());
        assert_eq!(found.results, [values]);
        assert_eq!(found.gradient, [Slope::Each(by_x), Slope::All(sum(&by_k))]);
    }};
}

/// Compiled functions with their own adjoints.
fn compiled_functions(device: &Device) {
    compiled!(device, f64, scheme! { (if (< x 0) (* k x (exp x)) (* k (sqrt x))) });
    let matrices = scheme! {
        (define a (mat [x 1 k] [k (+ 3 (* x x)) x] [1 x 5]))
        (define b (mat [(+ 3 (* k k)) x] [x (+ 20 (* x x))]))
        (+ (* (ref (inv (mat [3 0.1] [1 7])) 0 1) (det a)) (ref (cholesky b) 1 0) (dot (vec x k 1) (solve a (vec 1 2 x))))
    };
    compiled!(device, f64, matrices);
    compiled!(device, f32, matrices);
}

/// What does not fit is an error.
fn what_does_not_fit(device: &Device) {
    let kernel = Kernel::<f64>::compile(device, &guarded().into(), &[]).expect("numbers");
    let (two, three) = ([1.0; 2], [1.0; 3]);
    let mismatch =
        |columns: &[Column<'_, f64>]| kernel.run(2, columns).map(|_| ()).expect_err("no fit").to_string();
    assert_eq!(mismatch(&[Column::Each(&two)]), "1 columns for 2 inputs");
    assert_eq!(
        mismatch(&[Column::Each(&two), Column::Each(&three)]),
        "the column of input 1 has 3 rows, 2 are needed"
    );
    let columns = [Column::Each(&two[..]), Column::All(1.0)];
    assert_eq!(kernel.value_and_grad(2, &columns, &columns), Err(CudaError::NoGradient));
    assert!(matches!(Kernel::<f64>::compile(device, &guarded().into(), &[2]), Err(CudaError::NoGradient)));
    let mut long = Record::new(1);
    let mut x = Slot::value(0);
    for _ in 0..=cuda::MOST {
        x = long.push(Numeric::Sin, &[x], 0);
    }
    long.give(vec![x]);
    let mut large = Record::new(1);
    let det = large.push_whole(Whole::Det(28), &[Slot::value(0); 28 * 28], 0);
    large.give(vec![det]);
    for record in [long, large] {
        assert!(matches!(Kernel::<f64>::compile(device, &record, &[]), Err(CudaError::TooLong { .. })));
    }
    for rows in [usize::MAX, usize::MAX / 2, 1 << 60] {
        assert_eq!(kernel.run(rows, &[Column::All(1.0); 2]), Err(CudaError::TooLarge));
    }
}

/// A kernel refuses what is on another device, and takes what the same device holds that was opened again.
fn devices_are_told_apart(device: &Device, software: bool) {
    let kernel = Kernel::<f64>::compile(device, &guarded().into(), &[0]).expect("numbers");
    let columns = [Column::Each(&[1.0, 2.0][..]), Column::All(1.5)];
    let table = |device: &Device| device.table(2, &columns).expect("columns that fit");
    let again = Device::new().expect("it was there before");
    assert_eq!(&again, device);
    assert!(kernel.run_on(&table(&again)).is_ok());
    let other = match Device::numbered(1) {
        Ok(other) => other,
        Err(why) => return assert!(!software, "{why}"),
    };
    assert_ne!(&other, device);
    let refused = |left: Result<_, CudaError>| left.map(|_| ()) == Err(CudaError::OtherDevice);
    assert!(refused(kernel.run_on(&table(&other))));
    assert!(refused(kernel.pull_on(&table(device), &table(&other))));
    assert!(kernel.pull_on(&table(device), &table(&again)).is_ok());
}

#[test]
#[expect(clippy::print_stdout, reason = "a test that is skipped says so")]
fn on_a_device_in_software() {
    if !cfg!(feature = "cuda") {
        return println!("skipped: {}", CudaError::Off);
    }
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/kernels/device.c");
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("device");
    std::fs::create_dir_all(&folder).expect("the folder for tests can be written");
    for (library, kind) in [("libcuda.so", "-DDRIVER"), ("libnvrtc.so", "-DCOMPILER")] {
        let mut command = Command::new(compiler());
        command.args(["-shared", "-fPIC", kind, "-o"]).arg(folder.join(library)).args([source, "-ldl"]);
        let Ok(output) = command.output() else {
            return println!("skipped: there is no C compiler to make a device with");
        };
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let mut this = Command::new(std::env::current_exe().expect("this test"));
    this.args(["device::on_a_device", "--exact", "--nocapture"]);
    this.env("LD_LIBRARY_PATH", &folder).env(SOFTWARE, &folder);
    let output = this.output().expect("it starts");
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{told}{}", String::from_utf8_lossy(&output.stderr));
    assert!(told.contains("on a device in software"), "{told}");
    std::fs::remove_dir_all(&folder).expect("it was written");
}
