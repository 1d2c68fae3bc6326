//! Registers of 16 floats: AVX-512F.
#![expect(
    unsafe_code,
    reason = "the intrinsics of an instruction set can only be called where it is known to be there"
)]

use super::{Avx2, Lanes, Task};
use crate::float16::{Bf16, F16};
use std::arch::x86_64::*;

const WIDTH: usize = 16;

/// Proof that the processor has AVX-512F, and AVX2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Avx512 {
    /// What computes with bytes.
    pub(crate) bytes: Avx2,
}

impl Avx512 {
    /// Asks the processor.
    pub(crate) fn detect() -> Option<Avx512> {
        let bytes = Avx2::detect().filter(|_| is_x86_feature_detected!("avx512f"))?;
        Some(Avx512 { bytes })
    }
}

impl Lanes for Avx512 {
    type Vector = __m512;
    const WIDTH: usize = WIDTH;

    #[inline(always)]
    fn run<T: Task>(self, task: T) -> T::Output {
        #[target_feature(enable = "avx512f")]
        fn switched_on<T: Task>(lanes: Avx512, task: T) -> T::Output {
            task.call(lanes)
        }
        // SAFETY: `self` exists, so `detect` found AVX-512F.
        unsafe { switched_on(self, task) }
    }

    #[inline(always)]
    fn zero(self) -> __m512 {
        // SAFETY: `self` proves AVX-512F.
        unsafe { _mm512_setzero_ps() }
    }

    #[inline(always)]
    fn load(self, from: &[f32]) -> __m512 {
        assert_eq!(from.len(), WIDTH);
        // SAFETY: `self` proves AVX-512F; the slice has the 16 floats that are read, at any
        // alignment.
        unsafe { _mm512_loadu_ps(from.as_ptr()) }
    }

    #[inline(always)]
    fn load_part(self, from: &[f32]) -> __m512 {
        assert!(from.len() <= WIDTH);
        let mask = ((1u32 << from.len()) - 1) as __mmask16;
        // SAFETY: `self` proves AVX-512F; a masked load reads only the lanes whose bit is set, the
        // first `from.len()`.
        unsafe { _mm512_maskz_loadu_ps(mask, from.as_ptr()) }
    }

    #[inline(always)]
    fn load_f16(self, from: &[F16]) -> __m512 {
        assert_eq!(from.len(), WIDTH);
        // SAFETY: `self` proves AVX-512F; the slice has the 16 halves that are read, at any alignment.
        unsafe { _mm512_cvtph_ps(_mm256_loadu_si256(from.as_ptr().cast())) }
    }

    #[inline(always)]
    fn load_bf16(self, from: &[Bf16]) -> __m512 {
        assert_eq!(from.len(), WIDTH);
        // SAFETY: `self` proves AVX-512F; the slice has the 16 bfloats that are read, at any alignment. They are the upper
        // halves of floats.
        unsafe {
            let lower = _mm512_cvtepu16_epi32(_mm256_loadu_si256(from.as_ptr().cast()));
            _mm512_castsi512_ps(_mm512_slli_epi32::<16>(lower))
        }
    }

    #[inline(always)]
    fn add(self, a: __m512, b: __m512) -> __m512 {
        // SAFETY: `self` proves AVX-512F.
        unsafe { _mm512_add_ps(a, b) }
    }

    #[inline(always)]
    fn sub(self, a: __m512, b: __m512) -> __m512 {
        // SAFETY: `self` proves AVX-512F.
        unsafe { _mm512_sub_ps(a, b) }
    }

    #[inline(always)]
    fn abs(self, a: __m512) -> __m512 {
        // SAFETY: `self` proves AVX-512F.
        unsafe { _mm512_abs_ps(a) }
    }

    #[inline(always)]
    fn mul_add(self, a: __m512, b: __m512, c: __m512) -> __m512 {
        // SAFETY: `self` proves AVX-512F.
        unsafe { _mm512_fmadd_ps(a, b, c) }
    }

    #[inline(always)]
    fn sum(self, a: __m512) -> f32 {
        // SAFETY: `self` proves AVX-512F.
        unsafe { _mm512_reduce_add_ps(a) }
    }
}
