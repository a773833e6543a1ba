//! The registers of AVX2 and AVX-512.
//!
//! Unsafe code calls the instructions of these sets, which a machine may lack. The types are of this module's parents alone, and numbers of them
//! are made only in what [`simd`](super) runs after it has asked the machine; see there. Loads and stores go through arrays of the right length.

#![allow(unsafe_code, reason = "instructions that a machine may lack")]

use super::register::{Doubles, Pair, Register};
use std::arch::x86_64::*;

/// Methods that are one instruction, on this type or on that of its bits.
macro_rules! instructions {
    ($of:ty; $($name:ident($($arg:ident),+) -> $result:ty = $instruction:expr;)*) => {$(
        #[inline(always)]
        fn $name($($arg: $of),+) -> $result {
            // SAFETY: the machine has it; see the module.
            unsafe { $instruction }
        }
    )*};
}

/// Eight numbers of double precision, of AVX-512.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Doubles512(__m512d);

/// Sixteen numbers of single precision, of AVX-512.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Singles512(__m512);

/// Four numbers of double precision, of AVX2.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Doubles256(__m256d);

/// Eight numbers of single precision, of AVX2.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Singles256(__m256);

const FLOOR: i32 = _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC;
const EVEN: i32 = _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC;
const TRUNC: i32 = _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC;

/// What is alike but for the instructions' names.
macro_rules! memory {
    ($element:ident $lanes:literal $set1:ident $load:ident $store:ident) => {
        #[inline(always)]
        fn splat(x: $element) -> Self {
            // SAFETY: the machine has it; see the module.
            Self(unsafe { $set1(x) })
        }
        #[inline(always)]
        fn load(from: &[$element]) -> Self {
            match from.first_chunk::<$lanes>() {
                // SAFETY: the machine has it, and the array is as long as the register.
                Some(numbers) => Self(unsafe { $load(numbers.as_ptr()) }),
                None => Self::splat(0.0),
            }
        }
        #[inline(always)]
        fn store(a: Self, to: &mut [$element]) {
            if let Some(places) = to.first_chunk_mut::<$lanes>() {
                // SAFETY: the machine has it, and the array is as long as the register.
                unsafe { $store(places.as_mut_ptr(), a.0) }
            }
        }
    };
}

/// Masks that are bits.
macro_rules! bit_masks {
    ($mask:ty) => {
        #[inline(always)]
        fn mask(bits: u32) -> $mask {
            bits as $mask
        }
        #[inline(always)]
        fn bits(mask: $mask) -> u32 {
            mask.into()
        }
        #[inline(always)]
        fn and(a: $mask, b: $mask) -> $mask {
            a & b
        }
        #[inline(always)]
        fn or(a: $mask, b: $mask) -> $mask {
            a | b
        }
        #[inline(always)]
        fn not(mask: $mask) -> $mask {
            !mask
        }
    };
}

impl Register for Doubles512 {
    type Element = f64;
    type Mask = __mmask8;
    type Wide = Self;
    const LANES: usize = 8;

    memory! { f64 8 _mm512_set1_pd _mm512_loadu_pd _mm512_storeu_pd }
    bit_masks! { __mmask8 }
    instructions! { Self;
        add(a, b) -> Self = Self(_mm512_add_pd(a.0, b.0));
        sub(a, b) -> Self = Self(_mm512_sub_pd(a.0, b.0));
        mul(a, b) -> Self = Self(_mm512_mul_pd(a.0, b.0));
        div(a, b) -> Self = Self(_mm512_div_pd(a.0, b.0));
        neg(a) -> Self = Self(_mm512_xor_pd(a.0, _mm512_set1_pd(-0.0)));
        abs(a) -> Self = Self(_mm512_abs_pd(a.0));
        sqrt(a) -> Self = Self(_mm512_sqrt_pd(a.0));
        lesser(a, b) -> Self = Self(_mm512_min_pd(a.0, b.0));
        larger(a, b) -> Self = Self(_mm512_max_pd(a.0, b.0));
        less(a, b) -> __mmask8 = _mm512_cmp_pd_mask::<_CMP_LT_OQ>(a.0, b.0);
        less_eq(a, b) -> __mmask8 = _mm512_cmp_pd_mask::<_CMP_LE_OQ>(a.0, b.0);
        equal(a, b) -> __mmask8 = _mm512_cmp_pd_mask::<_CMP_EQ_OQ>(a.0, b.0);
    }
    #[inline(always)]
    fn select(mask: __mmask8, then: Self, els: Self) -> Self {
        // SAFETY: the machine has it; see the module.
        Self(unsafe { _mm512_mask_blend_pd(mask, els.0, then.0) })
    }
    #[inline(always)]
    fn widen(a: Self) -> Self {
        a
    }
    #[inline(always)]
    fn narrow(wide: Self) -> Self {
        wide
    }
}

impl Doubles for Doubles512 {
    type Bits = __m512i;

    instructions! { Self;
        floor(a) -> Self = Self(_mm512_roundscale_pd::<FLOOR>(a.0));
        round_even(a) -> Self = Self(_mm512_roundscale_pd::<EVEN>(a.0));
        trunc(a) -> Self = Self(_mm512_roundscale_pd::<TRUNC>(a.0));
        to_bits(a) -> __m512i = _mm512_castpd_si512(a.0);
    }
    instructions! { __m512i;
        from_bits(a) -> Self = Self(_mm512_castsi512_pd(a));
        bit_and(a, b) -> __m512i = _mm512_and_si512(a, b);
        bit_or(a, b) -> __m512i = _mm512_or_si512(a, b);
        bit_xor(a, b) -> __m512i = _mm512_xor_si512(a, b);
        add_bits(a, b) -> __m512i = _mm512_add_epi64(a, b);
        sub_bits(a, b) -> __m512i = _mm512_sub_epi64(a, b);
        any_top(a) -> bool = _mm512_movepi64_mask(a) != 0;
    }
    #[inline(always)]
    fn splat_bits(b: u64) -> __m512i {
        // SAFETY: the machine has it; see the module.
        unsafe { _mm512_set1_epi64(b.cast_signed()) }
    }
    #[inline(always)]
    fn shl(bits: __m512i, by: u32) -> __m512i {
        // SAFETY: as above.
        unsafe { _mm512_sllv_epi64(bits, Self::splat_bits(by.into())) }
    }
    #[inline(always)]
    fn shr(bits: __m512i, by: u32) -> __m512i {
        // SAFETY: as above.
        unsafe { _mm512_srlv_epi64(bits, Self::splat_bits(by.into())) }
    }
    #[inline(always)]
    fn test(bits: __m512i, mask: u64) -> __mmask8 {
        // SAFETY: as above.
        unsafe { _mm512_test_epi64_mask(bits, Self::splat_bits(mask)) }
    }
}

impl Register for Singles512 {
    type Element = f32;
    type Mask = __mmask16;
    type Wide = Pair<Doubles512>;
    const LANES: usize = 16;

    memory! { f32 16 _mm512_set1_ps _mm512_loadu_ps _mm512_storeu_ps }
    bit_masks! { __mmask16 }
    instructions! { Self;
        add(a, b) -> Self = Self(_mm512_add_ps(a.0, b.0));
        sub(a, b) -> Self = Self(_mm512_sub_ps(a.0, b.0));
        mul(a, b) -> Self = Self(_mm512_mul_ps(a.0, b.0));
        div(a, b) -> Self = Self(_mm512_div_ps(a.0, b.0));
        neg(a) -> Self = Self(_mm512_xor_ps(a.0, _mm512_set1_ps(-0.0)));
        abs(a) -> Self = Self(_mm512_abs_ps(a.0));
        sqrt(a) -> Self = Self(_mm512_sqrt_ps(a.0));
        lesser(a, b) -> Self = Self(_mm512_min_ps(a.0, b.0));
        larger(a, b) -> Self = Self(_mm512_max_ps(a.0, b.0));
        less(a, b) -> __mmask16 = _mm512_cmp_ps_mask::<_CMP_LT_OQ>(a.0, b.0);
        less_eq(a, b) -> __mmask16 = _mm512_cmp_ps_mask::<_CMP_LE_OQ>(a.0, b.0);
        equal(a, b) -> __mmask16 = _mm512_cmp_ps_mask::<_CMP_EQ_OQ>(a.0, b.0);
        widen(a) -> Self::Wide = Pair(
            Doubles512(_mm512_cvtps_pd(_mm512_castps512_ps256(a.0))),
            Doubles512(_mm512_cvtps_pd(_mm512_extractf32x8_ps::<1>(a.0))),
        );
    }
    #[inline(always)]
    fn narrow(wide: Self::Wide) -> Self {
        // SAFETY: the machine has it; see the module.
        unsafe {
            let low = _mm512_castps256_ps512(_mm512_cvtpd_ps(wide.0.0));
            Self(_mm512_insertf32x8::<1>(low, _mm512_cvtpd_ps(wide.1.0)))
        }
    }
    #[inline(always)]
    fn select(mask: __mmask16, then: Self, els: Self) -> Self {
        // SAFETY: as above.
        Self(unsafe { _mm512_mask_blend_ps(mask, els.0, then.0) })
    }
}

impl Register for Doubles256 {
    type Element = f64;
    type Mask = __m256d;
    type Wide = Self;
    const LANES: usize = 4;

    memory! { f64 4 _mm256_set1_pd _mm256_loadu_pd _mm256_storeu_pd }
    instructions! { Self;
        add(a, b) -> Self = Self(_mm256_add_pd(a.0, b.0));
        sub(a, b) -> Self = Self(_mm256_sub_pd(a.0, b.0));
        mul(a, b) -> Self = Self(_mm256_mul_pd(a.0, b.0));
        div(a, b) -> Self = Self(_mm256_div_pd(a.0, b.0));
        neg(a) -> Self = Self(_mm256_xor_pd(a.0, _mm256_set1_pd(-0.0)));
        abs(a) -> Self = Self(_mm256_andnot_pd(_mm256_set1_pd(-0.0), a.0));
        sqrt(a) -> Self = Self(_mm256_sqrt_pd(a.0));
        lesser(a, b) -> Self = Self(_mm256_min_pd(a.0, b.0));
        larger(a, b) -> Self = Self(_mm256_max_pd(a.0, b.0));
        less(a, b) -> __m256d = _mm256_cmp_pd::<_CMP_LT_OQ>(a.0, b.0);
        less_eq(a, b) -> __m256d = _mm256_cmp_pd::<_CMP_LE_OQ>(a.0, b.0);
        equal(a, b) -> __m256d = _mm256_cmp_pd::<_CMP_EQ_OQ>(a.0, b.0);
    }
    instructions! { __m256d;
        and(a, b) -> __m256d = _mm256_and_pd(a, b);
        or(a, b) -> __m256d = _mm256_or_pd(a, b);
        not(a) -> __m256d = _mm256_xor_pd(a, Self::mask(!0));
        bits(a) -> u32 = _mm256_movemask_pd(a).cast_unsigned();
    }
    #[inline(always)]
    fn mask(bits: u32) -> __m256d {
        let lane = |i: u32| -i64::from(bits >> i & 1);
        // SAFETY: the machine has it; see the module.
        unsafe { _mm256_castsi256_pd(_mm256_setr_epi64x(lane(0), lane(1), lane(2), lane(3))) }
    }
    #[inline(always)]
    fn select(mask: __m256d, then: Self, els: Self) -> Self {
        // SAFETY: as above.
        Self(unsafe { _mm256_blendv_pd(els.0, then.0, mask) })
    }
    #[inline(always)]
    fn widen(a: Self) -> Self {
        a
    }
    #[inline(always)]
    fn narrow(wide: Self) -> Self {
        wide
    }
}

impl Doubles for Doubles256 {
    type Bits = __m256i;

    instructions! { Self;
        floor(a) -> Self = Self(_mm256_round_pd::<FLOOR>(a.0));
        round_even(a) -> Self = Self(_mm256_round_pd::<EVEN>(a.0));
        trunc(a) -> Self = Self(_mm256_round_pd::<TRUNC>(a.0));
        to_bits(a) -> __m256i = _mm256_castpd_si256(a.0);
    }
    instructions! { __m256i;
        from_bits(a) -> Self = Self(_mm256_castsi256_pd(a));
        bit_and(a, b) -> __m256i = _mm256_and_si256(a, b);
        bit_or(a, b) -> __m256i = _mm256_or_si256(a, b);
        bit_xor(a, b) -> __m256i = _mm256_xor_si256(a, b);
        add_bits(a, b) -> __m256i = _mm256_add_epi64(a, b);
        sub_bits(a, b) -> __m256i = _mm256_sub_epi64(a, b);
        any_top(a) -> bool = _mm256_movemask_pd(_mm256_castsi256_pd(a)) != 0;
    }
    #[inline(always)]
    fn splat_bits(b: u64) -> __m256i {
        // SAFETY: the machine has it; see the module.
        unsafe { _mm256_set1_epi64x(b.cast_signed()) }
    }
    #[inline(always)]
    fn shl(bits: __m256i, by: u32) -> __m256i {
        // SAFETY: as above.
        unsafe { _mm256_sllv_epi64(bits, Self::splat_bits(by.into())) }
    }
    #[inline(always)]
    fn shr(bits: __m256i, by: u32) -> __m256i {
        // SAFETY: as above.
        unsafe { _mm256_srlv_epi64(bits, Self::splat_bits(by.into())) }
    }
    #[inline(always)]
    fn test(bits: __m256i, mask: u64) -> __m256d {
        // SAFETY: as above.
        unsafe {
            let none =
                _mm256_cmpeq_epi64(_mm256_and_si256(bits, Self::splat_bits(mask)), Self::splat_bits(0));
            Self::not(_mm256_castsi256_pd(none))
        }
    }
}

impl Register for Singles256 {
    type Element = f32;
    type Mask = __m256;
    type Wide = Pair<Doubles256>;
    const LANES: usize = 8;

    memory! { f32 8 _mm256_set1_ps _mm256_loadu_ps _mm256_storeu_ps }
    instructions! { Self;
        add(a, b) -> Self = Self(_mm256_add_ps(a.0, b.0));
        sub(a, b) -> Self = Self(_mm256_sub_ps(a.0, b.0));
        mul(a, b) -> Self = Self(_mm256_mul_ps(a.0, b.0));
        div(a, b) -> Self = Self(_mm256_div_ps(a.0, b.0));
        neg(a) -> Self = Self(_mm256_xor_ps(a.0, _mm256_set1_ps(-0.0)));
        abs(a) -> Self = Self(_mm256_andnot_ps(_mm256_set1_ps(-0.0), a.0));
        sqrt(a) -> Self = Self(_mm256_sqrt_ps(a.0));
        lesser(a, b) -> Self = Self(_mm256_min_ps(a.0, b.0));
        larger(a, b) -> Self = Self(_mm256_max_ps(a.0, b.0));
        less(a, b) -> __m256 = _mm256_cmp_ps::<_CMP_LT_OQ>(a.0, b.0);
        less_eq(a, b) -> __m256 = _mm256_cmp_ps::<_CMP_LE_OQ>(a.0, b.0);
        equal(a, b) -> __m256 = _mm256_cmp_ps::<_CMP_EQ_OQ>(a.0, b.0);
        widen(a) -> Self::Wide = Pair(
            Doubles256(_mm256_cvtps_pd(_mm256_castps256_ps128(a.0))),
            Doubles256(_mm256_cvtps_pd(_mm256_extractf128_ps::<1>(a.0))),
        );
    }
    instructions! { __m256;
        and(a, b) -> __m256 = _mm256_and_ps(a, b);
        or(a, b) -> __m256 = _mm256_or_ps(a, b);
        not(a) -> __m256 = _mm256_xor_ps(a, Self::mask(!0));
        bits(a) -> u32 = _mm256_movemask_ps(a).cast_unsigned();
    }
    #[inline(always)]
    fn mask(bits: u32) -> __m256 {
        let lane = |i: u32| -(bits >> i & 1).cast_signed();
        let [a, b, c, d, e, f, g, h] = [0, 1, 2, 3, 4, 5, 6, 7].map(lane);
        // SAFETY: the machine has it; see the module.
        unsafe { _mm256_castsi256_ps(_mm256_setr_epi32(a, b, c, d, e, f, g, h)) }
    }
    #[inline(always)]
    fn select(mask: __m256, then: Self, els: Self) -> Self {
        // SAFETY: as above.
        Self(unsafe { _mm256_blendv_ps(els.0, then.0, mask) })
    }
    #[inline(always)]
    fn narrow(wide: Self::Wide) -> Self {
        // SAFETY: as above.
        Self(unsafe { _mm256_set_m128(_mm256_cvtpd_ps(wide.1.0), _mm256_cvtpd_ps(wide.0.0)) })
    }
}
