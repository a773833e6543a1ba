//! Programs as the macro writes them, by hand: one with an array among its inputs, one that can fail, and one that is
//! named as a type by a network.

use scheme_runtime::{
    __private::{About, Compiled, Emitted},
    Choice, Failure, Input, Kind, Of, Outcome, R, Real, Try, Wrapped,
};

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
                    f.write_str($source)
                }
            }

            impl Emitted for Program {
                const ABOUT: About =
                    About { source: $source, input_names: &[$(stringify!($input)),+], ..About::STRAIGHT };
            }

            impl Compiled for Program {
                type In = $in;
                type Out = $out;
                type Names = Inputs;

                #[inline(always)]
                fn inputs(&self) -> Inputs {
                    Inputs { $($input: Input::new(stringify!($input), $place)),+ }
                }

                #[inline(always)]
                fn value<T: Real>(&self, $x: $xt) -> $yt $value

                #[inline(always)]
                fn derivative<T: Real, C: Choice<$in>>(
                    &self,
                    x: Of<$in, T>,
                    wrt: C,
                ) -> Wrapped<$out, (T, Of<C::Shape, T>)> {
                    fn value_and_gradient<T: Real>($x: $xt) -> $dt $gradient
                    <<$out as Outcome>::Kind as Kind>::map(value_and_gradient(x), |(y, dx)| (y, wrt.pick(&dx)))
                }
            }
        }
    };
}

program! { energy "(lambda (m v) (: v (vec 3)) (* 0.5 (* m (dot v v))))" [m 0] [(R, [R; 3])] [R]
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

program! { decay "(lambda (x y a b) (+ (* a (exp (- (* b x)))) y))" [x 0, y 1, a 2, b 3] [[R; 4]] [R]
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
    let failure = Failure::new(scheme_core::diag::Code::WrongType, "not a distance", 1, 1);
    if negative { Err(failure) } else { Ok(x) }
}

program! { distance "(begin (assert (>= x 0)) (* 2 x))" [x 0] [R] [Try<R>]
    (x: T) -> Result<T, Failure> { positive(x).map(|x| x + x) }
    -> Result<(T, T), Failure> { positive(x).map(|x| (x + x, T::lit(2.0))) }
}
