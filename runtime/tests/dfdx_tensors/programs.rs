//! Programs as the macro writes them, by hand.

use scheme_runtime::{__private::Compiled, Failure, Input, R, Real, Try, Warning};

macro_rules! program {
    ($name:ident $source:literal [$($input:ident $place:literal),+] [$in:ty] [$out:ty] ($x:ident: $xt:ty) -> $yt:ty $value:block -> $dt:ty $gradient:block) => {
        pub mod $name {
            use super::*;

            #[derive(Clone, Copy)]
            #[allow(dead_code, reason = "not all names are used")]
            pub struct Inputs {
                $(pub $input: Input,)+
            }

            #[derive(Clone, Copy, Default)]
            pub struct Program;

            impl std::fmt::Debug for Program {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str(<Self as Compiled>::SOURCE)
                }
            }

            impl Compiled for Program {
                type In = $in;
                type Out = $out;
                type Names = Inputs;
                const SOURCE: &'static str = $source;
                const GRAPH: &'static str = "";
                const INPUT_NAMES: &'static [&'static str] = &[$(stringify!($input)),+];
                const WARNINGS: &'static [Warning] = &[];

                #[inline(always)]
                fn inputs(&self) -> Inputs {
                    Inputs { $($input: Input::new(stringify!($input), $place)),+ }
                }

                #[inline(always)]
                fn value<T: Real>(&self, $x: $xt) -> $yt $value

                #[inline(always)]
                fn value_and_gradient<T: Real>(&self, $x: $xt) -> $dt $gradient
            }
        }
    };
}

program! { coulomb "(* k (/ (* q1 q2) (* r r)))" [k 0, q1 1, q2 2, r 3] [[R; 4]] [R]
    (x: [T; 4]) -> T { x[0] * ((x[1] * x[2]) / (x[3] * x[3])) }
    -> (T, [T; 4]) {
        let square = x[3] * x[3];
        let quotient = (x[1] * x[2]) / square;
        let by_square = x[0] * square.recip();
        let twice = by_square * quotient * x[3];
        (x[0] * quotient, [quotient, by_square * x[2], by_square * x[1], -(twice + twice)])
    }
}

program! { gaussian "(/ (exp (* -0.5 (square (/ (- x mu) s)))) (* s 2.5066282746310002))" [x 0, mu 1, s 2] [[R; 3]] [R]
    (x: [T; 3]) -> T {
        let z = (x[0] - x[1]) / x[2];
        (T::lit(-0.5) * z.square()).exp() / (x[2] * T::lit(2.506_628_274_631_000_2))
    }
    -> (T, [T; 3]) {
        let recip = x[2].recip();
        let z = (x[0] - x[1]) / x[2];
        let y = (T::lit(-0.5) * z.square()).exp() / (x[2] * T::lit(2.506_628_274_631_000_2));
        let by_z = y * z * recip;
        (y, [-by_z, by_z, by_z * z - y * recip])
    }
}

program! { pendulum "(* a (* (exp (- (* b t))) (cos (* w t))))" [a 0, b 1, w 2, t 3] [[R; 4]] [R]
    (x: [T; 4]) -> T { x[0] * ((-(x[1] * x[3])).exp() * (x[2] * x[3]).cos()) }
    -> (T, [T; 4]) {
        let decay = (-(x[1] * x[3])).exp();
        let (sin, cos) = (x[2] * x[3]).sin_cos();
        let swing = decay * cos;
        let y = x[0] * swing;
        let turn = -(x[0] * decay * sin);
        (y, [swing, -(y * x[3]), turn * x[3], turn * x[2] - y * x[1]])
    }
}

program! { cube "(* x (* x x))" [x 0] [R] [R]
    (x: T) -> T { x * (x * x) }
    -> (T, T) { (x * (x * x), x * x + x * (x + x)) }
}

program! { root "(if (< x 0) (* b x) (sqrt x))" [x 0, b 1] [[R; 2]] [R]
    (x: [T; 2]) -> T {
        let [y] = T::branch(x[0].less(T::lit(0.0)), || [x[1] * x[0]], || [x[0].sqrt()]);
        y
    }
    -> (T, [T; 2]) {
        let [y, dx, db] = T::branch(
            x[0].less(T::lit(0.0)),
            || [x[1] * x[0], x[1], x[0]],
            || {
                let y = x[0].sqrt();
                [y, T::lit(0.5) / y, T::lit(0.0)]
            },
        );
        (y, [dx, db])
    }
}

program! { energy "(* 0.5 (* m (dot v v)))" [m 0] [(R, [R; 3])] [R]
    (x: (T, [T; 3])) -> T {
        let [a, b, c] = x.1;
        T::lit(0.5) * (x.0 * (a * a + b * b + c * c))
    }
    -> (T, (T, [T; 3])) {
        let [a, b, c] = x.1;
        let square = a * a + b * b + c * c;
        (T::lit(0.5) * (x.0 * square), (T::lit(0.5) * square, [x.0 * a, x.0 * b, x.0 * c]))
    }
}

program! { decay "(* a (exp (- (* b x))))" [x 0, y 1, a 2, b 3] [[R; 4]] [R]
    (x: [T; 4]) -> T { x[2] * (-(x[3] * x[0])).exp() + x[1] }
    -> (T, [T; 4]) {
        let e = (-(x[3] * x[0])).exp();
        let y = x[2] * e;
        (y + x[1], [-(x[3] * y), T::lit(1.0), e, -(x[0] * y)])
    }
}

/// Fails below zero. A block of rows fails if one of its rows does, which is all that is asked of it.
fn positive<T: Real>(x: T) -> Result<T, Failure> {
    let mut negative = false;
    let [] = T::branch::<0>(
        x.less(T::lit(0.0)),
        || {
            negative = true;
            []
        },
        || [],
    );
    let failure =
        Failure { code: scheme_core::diag::Code::WrongType, message: "not a distance", line: 1, column: 1 };
    if negative { Err(failure) } else { Ok(x) }
}

program! { distance "(begin (assert (>= x 0)) (* 2 x))" [x 0] [R] [Try<R>]
    (x: T) -> Result<T, Failure> { positive(x).map(|x| x + x) }
    -> Result<(T, T), Failure> { positive(x).map(|x| (x + x, T::lit(2.0))) }
}
