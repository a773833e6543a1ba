//! Value, and value and gradient, of four programs over rows in columns, on one thread: `vmap` of the
//! program against a loop by hand over vectors of eight numbers, with the instructions spelled out and
//! the same elementary functions.
//!
//! `cargo bench -p scheme-benches --bench rows` checks that both give the same bits, prints a table of
//! ratios, each from the fastest of interleaved runs, and then measures with criterion.
#![allow(clippy::print_stdout, missing_docs)]

fn main() {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512vl")
        && is_x86_feature_detected!("avx512dq")
        && is_x86_feature_detected!("avx512bw")
    {
        x86::main();
        return;
    }
    println!("this machine has no AVX-512, for which the loop by hand is written");
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, measurement::WallTime};
    use programs::{ByHand, Column, Coulomb, Form, Gaussian, Number, Pendulum, Relativistic, fastest};
    use scheme_core::math::{self, Lanes};
    use scheme_runtime::{value_and_grad, vmap};
    use std::{
        arch::x86_64::*,
        cell::RefCell,
        ops::{Add, Div, Mul, Neg, Sub},
    };

    /// Rows that stay in a core's cache, and rows that do not.
    const ROWS: [usize; 2] = [10_000, 1_000_000];
    /// Numbers to a vector.
    const W: usize = 8;

    /// Eight numbers in a register.
    #[derive(Clone, Copy)]
    struct Vector(__m512d);

    macro_rules! operators {
        ($($trait:ident $method:ident $instruction:ident)*) => {$(
            impl $trait for Vector {
                type Output = Self;
                #[inline(always)]
                fn $method(self, other: Self) -> Self {
                    // SAFETY: `main` asked the machine for the feature.
                    Self(unsafe { $instruction(self.0, other.0) })
                }
            }
        )*};
    }

    operators! { Add add _mm512_add_pd Sub sub _mm512_sub_pd Mul mul _mm512_mul_pd Div div _mm512_div_pd }

    impl Neg for Vector {
        type Output = Self;
        #[inline(always)]
        fn neg(self) -> Self {
            // SAFETY: as above.
            Self(unsafe { _mm512_xor_pd(self.0, _mm512_set1_pd(-0.0)) })
        }
    }

    impl From<Vector> for Lanes<f64, W> {
        #[inline(always)]
        fn from(vector: Vector) -> Self {
            let mut lanes = [0.0; W];
            // SAFETY: as above.
            unsafe { _mm512_storeu_pd(lanes.as_mut_ptr(), vector.0) };
            Self(lanes)
        }
    }

    impl From<Lanes<f64, W>> for Vector {
        #[inline(always)]
        fn from(lanes: Lanes<f64, W>) -> Self {
            // SAFETY: as above.
            Self(unsafe { _mm512_loadu_pd(lanes.0.as_ptr()) })
        }
    }

    impl Number for Vector {
        #[inline(always)]
        fn lit(x: f64) -> Self {
            // SAFETY: as above.
            Self(unsafe { _mm512_set1_pd(x) })
        }
        #[inline(always)]
        fn sqrt(self) -> Self {
            // SAFETY: as above.
            Self(unsafe { _mm512_sqrt_pd(self.0) })
        }
        #[inline(always)]
        fn exp(self) -> Self {
            math::exp(Lanes::from(self)).into()
        }
        #[inline(always)]
        fn log(self) -> Self {
            math::log(Lanes::from(self)).into()
        }
        #[inline(always)]
        fn sin(self) -> Self {
            math::sin(Lanes::from(self)).into()
        }
        #[inline(always)]
        fn sin_cos(self) -> (Self, Self) {
            let (sin, cos) = math::sin_cos(Lanes::from(self));
            (sin.into(), cos.into())
        }
        #[inline(always)]
        fn if_less<const K: usize>(
            self,
            limit: f64,
            then: impl FnOnce() -> [Self; K],
            otherwise: impl FnOnce() -> [Self; K],
        ) -> [Self; K] {
            let (mut result, then) = (otherwise(), then());
            // SAFETY: as above.
            let less = unsafe { _mm512_cmp_pd_mask::<_CMP_LT_OQ>(self.0, Self::lit(limit).0) };
            for (result, then) in result.iter_mut().zip(then) {
                // SAFETY: as above.
                result.0 = unsafe { _mm512_mask_blend_pd(less, result.0, then.0) };
            }
            result
        }
    }

    /// The loop by hand: values.
    ///
    /// # Safety
    /// All columns have as many rows, a multiple of [`W`].
    #[target_feature(enable = "avx512f,avx512vl,avx512dq,avx512bw")]
    unsafe fn values<M: ByHand<N>, const N: usize>(x: &[Column<f64>; N], y: &mut [f64]) {
        let columns = x.each_ref().map(|column| column.as_ptr());
        for row in (0..y.len()).step_by(W) {
            let mut point = [Vector::lit(0.0); N];
            for k in 0..N {
                // SAFETY: by the function's promise.
                point[k] = Vector(unsafe { _mm512_loadu_pd(columns[k].add(row)) });
            }
            let value = M::value(point);
            // SAFETY: by the function's promise.
            unsafe { _mm512_storeu_pd(y.as_mut_ptr().add(row), value.0) };
        }
    }

    /// The loop by hand: values and gradients.
    ///
    /// # Safety
    /// All columns have as many rows, a multiple of [`W`].
    #[target_feature(enable = "avx512f,avx512vl,avx512dq,avx512bw")]
    unsafe fn gradients<M: ByHand<N>, const N: usize>(
        x: &[Column<f64>; N],
        y: &mut [f64],
        dx: &mut [Column<f64>; N],
    ) {
        let columns = x.each_ref().map(|column| column.as_ptr());
        let partials = dx.each_mut().map(|column| column.as_mut_ptr());
        for row in (0..y.len()).step_by(W) {
            let mut point = [Vector::lit(0.0); N];
            for k in 0..N {
                // SAFETY: by the function's promise.
                point[k] = Vector(unsafe { _mm512_loadu_pd(columns[k].add(row)) });
            }
            let (value, gradient) = M::value_and_gradient(point);
            // SAFETY: by the function's promise.
            unsafe { _mm512_storeu_pd(y.as_mut_ptr().add(row), value.0) };
            for k in 0..N {
                // SAFETY: by the function's promise.
                unsafe { _mm512_storeu_pd(partials[k].add(row), gradient[k].0) };
            }
        }
    }

    /// Who is handed both forms of a program.
    trait Measure {
        /// The forms of one computation over so many rows: through `vmap`, and by hand.
        fn measure(&mut self, program: &'static str, what: &'static str, rows: usize, forms: &mut [Form<'_>]);
    }

    /// `vmap`: values.
    fn vmap_values<M: ByHand<N>, const N: usize>(x: &[Column<f64>; N], y: &mut [f64]) {
        let columns = x.each_ref().map(|column| &**column);
        vmap(M::program()).into_slices(columns, y).unwrap_or_else(|error| panic!("{error}"));
    }

    /// `vmap`: values and gradients.
    fn vmap_gradients<M: ByHand<N>, const N: usize>(
        x: &[Column<f64>; N],
        y: &mut [f64],
        dx: &mut [Column<f64>; N],
    ) {
        let columns = x.each_ref().map(|column| &**column);
        let partials = dx.each_mut().map(|column| &mut **column);
        vmap(value_and_grad(M::program()))
            .into_slices(columns, (y, partials))
            .unwrap_or_else(|error| panic!("{error}"));
    }

    /// Hands over both forms of a program, after checking that they agree.
    fn forms<M: ByHand<N>, const N: usize>(measure: &mut dyn Measure, rows: usize) {
        assert_eq!(rows % W, 0);
        let mut places = 0..;
        let mut column = || Column::new(rows, places.next().unwrap_or(0));
        let mut x = [(); N].map(|()| column());
        for row in 0..rows {
            x.iter_mut().zip(M::point(row)).for_each(|(column, x)| column[row] = x);
        }
        let x = &x;
        let [mut y, mut y_hand] = [(); 2].map(|()| column());
        let [mut dx, mut dx_hand] = [(); 2].map(|()| [(); N].map(|()| column()));

        vmap_values::<M, N>(x, &mut y);
        // SAFETY: all columns have the same rows, a multiple of `W` as asserted.
        unsafe { values::<M, N>(x, &mut y_hand) };
        same_bits(M::NAME, &y, &y_hand);
        vmap_gradients::<M, N>(x, &mut y, &mut dx);
        // SAFETY: as above.
        unsafe { gradients::<M, N>(x, &mut y_hand, &mut dx_hand) };
        same_bits(M::NAME, &y, &y_hand);
        for row in 0..rows {
            let size = dx_hand.iter().fold(y[row].abs(), |size, column| size.max(column[row].abs()));
            for (a, b) in dx.iter().zip(&dx_hand) {
                assert!((a[row] - b[row]).abs() <= 1e-13 * size, "{}, row {row}", M::NAME);
            }
        }

        // Both write to the same columns.
        let (y, dx) = (RefCell::new(y), RefCell::new(dx));
        measure.measure(
            M::NAME,
            "value",
            rows,
            &mut [
                ("vmap", &mut || vmap_values::<M, N>(x, &mut y.borrow_mut())),
                // SAFETY: as above.
                ("hand", &mut || unsafe { values::<M, N>(x, &mut y.borrow_mut()) }),
            ],
        );
        measure.measure(
            M::NAME,
            "value and gradient",
            rows,
            &mut [
                ("vmap", &mut || vmap_gradients::<M, N>(x, &mut y.borrow_mut(), &mut dx.borrow_mut())),
                // SAFETY: as above.
                ("hand", &mut || unsafe { gradients::<M, N>(x, &mut y.borrow_mut(), &mut dx.borrow_mut()) }),
            ],
        );
    }

    fn same_bits(program: &str, a: &[f64], b: &[f64]) {
        for (row, (a, b)) in a.iter().zip(b).enumerate() {
            assert_eq!(a.to_bits(), b.to_bits(), "{program}, row {row}");
        }
    }

    /// Prints nanoseconds a row, and the ratio of `vmap` to the loop by hand.
    struct Ratios;

    impl Measure for Ratios {
        fn measure(
            &mut self,
            program: &'static str,
            what: &'static str,
            rows: usize,
            forms: &mut [Form<'_>],
        ) {
            let times: Vec<f64> =
                fastest(50_000_000 / rows, forms).iter().map(|s| s * 1e9 / rows as f64).collect();
            print!("{program:20} {what:20} {rows:8}");
            for ((name, _), time) in forms.iter().zip(&times) {
                print!(" {name} {time:5.2} ns");
            }
            println!(" ratio {:4.2}", times[0] / times[1]);
        }
    }

    /// Measures with criterion.
    struct Group<'a>(BenchmarkGroup<'a, WallTime>);

    impl Measure for Group<'_> {
        fn measure(
            &mut self,
            program: &'static str,
            what: &'static str,
            rows: usize,
            forms: &mut [Form<'_>],
        ) {
            self.0.throughput(Throughput::Elements(rows as u64));
            for (name, run) in forms {
                self.0.bench_function(format!("{program}/{what}/{rows}/{name}"), |bencher| {
                    bencher.iter(&mut **run);
                });
            }
        }
    }

    fn all(measure: &mut dyn Measure) {
        for rows in ROWS {
            forms::<Coulomb, 4>(measure, rows);
            forms::<Gaussian, 3>(measure, rows);
            forms::<Relativistic, 3>(measure, rows);
            forms::<Pendulum, 5>(measure, rows);
        }
    }

    fn rows(criterion: &mut Criterion) {
        all(&mut Group(criterion.benchmark_group("rows")));
    }

    criterion_group!(benches, rows);

    pub(super) fn main() {
        println!("nanoseconds a row, and the ratio of vmap to the loop by hand");
        all(&mut Ratios);
        benches();
        Criterion::default().configure_from_args().final_summary();
    }
}
