//! Shapes as types: how the numbers that go into and come out of a function are arranged.
//!
//! A [`Shape`] is a type without values. [`R`] is one number, `[S; N]` is `N` times `S`, a tuple is
//! one after the other. [`Of<S, T>`](Of) is the data of shape `S` with a `T` in every place, so
//! that `Of<[R; 4], f64>` is `[f64; 4]`. The numbers of a shape are also counted through from the
//! left, which is how inputs are chosen.
//!
//! Everything is inlined loops over arrays on the stack; nothing allocates, nothing panics.

use std::fmt::Debug;

/// Data of shape `S` with a `T` in every place.
///
/// ```
/// use scheme_runtime::{Of, R};
/// let position: Of<[R; 3], f64> = [1.0, 2.0, 3.0];
/// let pair: Of<(R, [R; 3]), f64> = (0.5, position);
/// ```
pub type Of<S, T> = <S as Shape>::Of<T>;

/// The shape "a number".
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct R;

/// An arrangement of numbers: [`R`], `[S; N]`, or a tuple of shapes.
pub trait Shape: Copy + Debug + 'static {
    /// Data with a `V` in every place.
    type Of<V: Copy + Debug>: Copy + Debug;
    /// This shape with `S` in the place of every number.
    type With<S: Shape>: Shape;
    /// How many numbers it has.
    const LEN: usize;

    /// The same in every place.
    fn fill<V: Copy + Debug>(value: V) -> Self::Of<V>;

    /// The number counted `i` from the left.
    fn get<V: Copy + Debug>(data: &Self::Of<V>, i: usize) -> Option<&V>;

    /// The place counted `i` from the left.
    fn get_mut<V: Copy + Debug>(data: &mut Self::Of<V>, i: usize) -> Option<&mut V>;

    /// `f` of every number; `init` is only what memory starts as.
    #[doc(hidden)]
    fn map<U: Copy + Debug, V: Copy + Debug>(
        data: &Self::Of<U>,
        init: V,
        f: &mut impl Map<U, V>,
    ) -> Self::Of<V>;

    /// `f` of every two numbers in the same place.
    #[doc(hidden)]
    fn zip<U: Copy + Debug, V: Copy + Debug>(
        a: &Self::Of<U>,
        b: &Self::Of<U>,
        init: V,
        f: &mut impl Zip<U, V>,
    ) -> Self::Of<V>;

    /// `f` of every number, which is data of shape `S`.
    #[doc(hidden)]
    fn expand<S: Shape, U: Copy + Debug, V: Copy + Debug>(
        data: &Self::Of<U>,
        init: V,
        f: &mut impl Map<U, Of<S, V>>,
    ) -> Of<Self::With<S>, V>;

    /// `f` of every number of `data` and the block in its place, one after the other.
    #[doc(hidden)]
    fn fold<S: Shape, U: Copy + Debug, V: Copy + Debug, A>(
        data: &Self::Of<U>,
        blocks: &Of<Self::With<S>, V>,
        init: A,
        f: &mut impl Fold<A, U, Of<S, V>>,
    ) -> A;
}

// Closures are not always inlined, and what is not inlined does not see the vector instructions that
// its caller may use; methods can be told to be.

/// A function of one number.
#[doc(hidden)]
pub trait Map<U, V> {
    /// Its value.
    fn at(&mut self, u: U) -> V;
}

/// A function of two numbers.
#[doc(hidden)]
pub trait Zip<U, V> {
    /// Its value.
    fn at(&mut self, a: U, b: U) -> V;
}

/// A step from one accumulated value to the next.
#[doc(hidden)]
pub trait Fold<A, U, B> {
    /// The next one.
    fn step(&mut self, so_far: A, u: U, block: &B) -> A;
}

/// A block for every index of an array. Short ones are written out, since a loop is unrolled too late for
/// the compiler to keep the array in registers and to see which tangents are constant. Not so in code
/// with debug assertions, for the stack's sake (see `dual`).
macro_rules! each {
    ($i:ident < $n:expr, $body:block) => {
        if const { $n <= 8 && !cfg!(debug_assertions) } {
            each!(@ $i ($n) $body 0 1 2 3 4 5 6 7);
        } else {
            let mut $i = 0;
            while $i < $n {
                $body
                $i += 1;
            }
        }
    };
    (@ $i:ident ($n:expr) $body:block $($k:literal)+) => {$(
        if const { $k < $n } {
            let $i = $k;
            $body
        }
    )+};
}
pub(crate) use each;

impl Shape for R {
    type Of<V: Copy + Debug> = V;
    type With<S: Shape> = S;
    const LEN: usize = 1;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn fill<V: Copy + Debug>(value: V) -> V {
        value
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn get<V: Copy + Debug>(data: &V, i: usize) -> Option<&V> {
        (i == 0).then_some(data)
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn get_mut<V: Copy + Debug>(data: &mut V, i: usize) -> Option<&mut V> {
        (i == 0).then_some(data)
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn map<U: Copy + Debug, V: Copy + Debug>(data: &U, _init: V, f: &mut impl Map<U, V>) -> V {
        f.at(*data)
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn zip<U: Copy + Debug, V: Copy + Debug>(a: &U, b: &U, _init: V, f: &mut impl Zip<U, V>) -> V {
        f.at(*a, *b)
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn expand<S: Shape, U: Copy + Debug, V: Copy + Debug>(
        data: &U,
        _init: V,
        f: &mut impl Map<U, Of<S, V>>,
    ) -> Of<S, V> {
        f.at(*data)
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn fold<S: Shape, U: Copy + Debug, V: Copy + Debug, A>(
        data: &U,
        blocks: &Of<S, V>,
        init: A,
        f: &mut impl Fold<A, U, Of<S, V>>,
    ) -> A {
        f.step(init, *data, blocks)
    }
}

impl<Q: Shape, const N: usize> Shape for [Q; N] {
    type Of<V: Copy + Debug> = [Q::Of<V>; N];
    type With<S: Shape> = [Q::With<S>; N];
    const LEN: usize = N * Q::LEN;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn fill<V: Copy + Debug>(value: V) -> Self::Of<V> {
        [Q::fill(value); N]
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn get<V: Copy + Debug>(data: &Self::Of<V>, i: usize) -> Option<&V> {
        Q::get(data.get(i.checked_div(Q::LEN)?)?, i % Q::LEN)
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn get_mut<V: Copy + Debug>(data: &mut Self::Of<V>, i: usize) -> Option<&mut V> {
        Q::get_mut(data.get_mut(i.checked_div(Q::LEN)?)?, i % Q::LEN)
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn map<U: Copy + Debug, V: Copy + Debug>(
        data: &Self::Of<U>,
        init: V,
        f: &mut impl Map<U, V>,
    ) -> Self::Of<V> {
        let mut out = Self::fill(init);
        each!(i < N, {
            out[i] = Q::map(&data[i], init, f);
        });
        out
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn zip<U: Copy + Debug, V: Copy + Debug>(
        a: &Self::Of<U>,
        b: &Self::Of<U>,
        init: V,
        f: &mut impl Zip<U, V>,
    ) -> Self::Of<V> {
        let mut out = Self::fill(init);
        each!(i < N, {
            out[i] = Q::zip(&a[i], &b[i], init, f);
        });
        out
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn expand<S: Shape, U: Copy + Debug, V: Copy + Debug>(
        data: &Self::Of<U>,
        init: V,
        f: &mut impl Map<U, Of<S, V>>,
    ) -> Of<Self::With<S>, V> {
        let mut out = <Self::With<S>>::fill(init);
        each!(i < N, {
            out[i] = Q::expand::<S, U, V>(&data[i], init, f);
        });
        out
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn fold<S: Shape, U: Copy + Debug, V: Copy + Debug, A>(
        data: &Self::Of<U>,
        blocks: &Of<Self::With<S>, V>,
        init: A,
        f: &mut impl Fold<A, U, Of<S, V>>,
    ) -> A {
        let mut so_far = init;
        each!(i < N, {
            so_far = Q::fold::<S, U, V, A>(&data[i], &blocks[i], so_far, f);
        });
        so_far
    }
}

macro_rules! tuples {
    ($(($($shape:ident $place:tt),+))+) => {$(
        impl<$($shape: Shape),+> Shape for ($($shape,)+) {
            type Of<V: Copy + Debug> = ($($shape::Of<V>,)+);
            type With<S: Shape> = ($($shape::With<S>,)+);
            const LEN: usize = 0 $(+ $shape::LEN)+;

            #[cfg_attr(not(debug_assertions), inline(always))]
            fn fill<V: Copy + Debug>(value: V) -> Self::Of<V> {
                ($($shape::fill(value),)+)
            }

            #[cfg_attr(not(debug_assertions), inline(always))]
            fn get<V: Copy + Debug>(data: &Self::Of<V>, i: usize) -> Option<&V> {
                let mut start = 0;
                $(
                    if i < start + $shape::LEN {
                        return $shape::get(&data.$place, i - start);
                    }
                    start += $shape::LEN;
                )+
                let _ = start;
                None
            }

            #[cfg_attr(not(debug_assertions), inline(always))]
            fn get_mut<V: Copy + Debug>(data: &mut Self::Of<V>, i: usize) -> Option<&mut V> {
                let mut start = 0;
                $(
                    if i < start + $shape::LEN {
                        return $shape::get_mut(&mut data.$place, i - start);
                    }
                    start += $shape::LEN;
                )+
                let _ = start;
                None
            }

            #[cfg_attr(not(debug_assertions), inline(always))]
            fn map<U: Copy + Debug, V: Copy + Debug>(
                data: &Self::Of<U>,
                init: V,
                f: &mut impl Map<U, V>,
            ) -> Self::Of<V> {
                ($($shape::map(&data.$place, init, f),)+)
            }

            #[cfg_attr(not(debug_assertions), inline(always))]
            fn zip<U: Copy + Debug, V: Copy + Debug>(
                a: &Self::Of<U>,
                b: &Self::Of<U>,
                init: V,
                f: &mut impl Zip<U, V>,
            ) -> Self::Of<V> {
                ($($shape::zip(&a.$place, &b.$place, init, f),)+)
            }

            #[cfg_attr(not(debug_assertions), inline(always))]
            fn expand<S: Shape, U: Copy + Debug, V: Copy + Debug>(
                data: &Self::Of<U>,
                init: V,
                f: &mut impl Map<U, Of<S, V>>,
            ) -> Of<Self::With<S>, V> {
                ($($shape::expand::<S, U, V>(&data.$place, init, f),)+)
            }

            #[cfg_attr(not(debug_assertions), inline(always))]
            fn fold<S: Shape, U: Copy + Debug, V: Copy + Debug, Acc>(
                data: &Self::Of<U>,
                blocks: &Of<Self::With<S>, V>,
                init: Acc,
                f: &mut impl Fold<Acc, U, Of<S, V>>,
            ) -> Acc {
                let so_far = init;
                $(let so_far = $shape::fold::<S, U, V, Acc>(&data.$place, &blocks.$place, so_far, f);)+
                so_far
            }
        }
    )+};
}

tuples! {
    (A 0, B 1)
    (A 0, B 1, C 2)
    (A 0, B 1, C 2, D 3)
    (A 0, B 1, C 2, D 3, E 4)
    (A 0, B 1, C 2, D 3, E 4, F 5)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11)
}

#[cfg(test)]
mod tests {
    use super::*;

    type Mixed = (R, [R; 2], [(R, R); 2]);

    #[test]
    fn numbers_are_counted_from_the_left() {
        let data: Of<Mixed, usize> = (0, [1, 2], [(3, 4), (5, 6)]);
        for i in 0..Mixed::LEN {
            assert_eq!(Mixed::get(&data, i), Some(&i));
        }
        assert_eq!(Mixed::get(&data, Mixed::LEN), None);
        let mut copy = Mixed::fill(0);
        for i in 0..Mixed::LEN {
            if let Some(place) = Mixed::get_mut(&mut copy, i) {
                *place = i;
            }
        }
        assert_eq!(copy, data);
        assert_eq!(<[R; 0]>::get(&[0; 0], 0), None);
        assert_eq!(<[[R; 0]; 2]>::get(&[[0; 0]; 2], 0), None);
    }

    struct Tenfold;
    impl Map<u32, (u32, u32)> for Tenfold {
        fn at(&mut self, x: u32) -> (u32, u32) {
            (x, 10 * x)
        }
    }
    impl Fold<u32, u32, (u32, u32)> for Tenfold {
        fn step(&mut self, so_far: u32, x: u32, block: &(u32, u32)) -> u32 {
            so_far * x + block.0 + block.1
        }
    }

    #[test]
    fn every_number_becomes_a_block() {
        let blocks = <[R; 2]>::expand::<(R, R), _, _>(&[1, 2], 0, &mut Tenfold);
        assert_eq!(blocks, [(1, 10), (2, 20)]);
        assert_eq!(<[R; 2]>::fold::<(R, R), _, _, _>(&[7, 8], &blocks, 0, &mut Tenfold), 11 * 8 + 22);
        let long: [u32; 20] = <[R; 20]>::expand::<R, _, _>(&[3; 20], 0, &mut Last);
        assert_eq!(long, [4; 20]);
    }

    struct Last;
    impl Map<u32, u32> for Last {
        fn at(&mut self, x: u32) -> u32 {
            x + 1
        }
    }
}
