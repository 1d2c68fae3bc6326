//! Registers of 8 floats and of 16 bytes that are widened: AVX2 with fused multiply-add and the widening of halves.
#![expect(
    unsafe_code,
    reason = "the intrinsics of an instruction set can only be called where it is known to be there"
)]

use super::{ByteLanes, ByteTask, Lanes, Task};
use crate::float16::{Bf16, F16};
use std::arch::x86_64::*;

const WIDTH: usize = 8;

/// Eight ones (all bits set) and eight zeros; the eight numbers from 8 − n on mask n lanes.
const MASK: [i32; 2 * WIDTH] = [-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0];

/// Proof that the processor has AVX2, FMA and F16C.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Avx2(());

impl Avx2 {
    /// Asks the processor.
    pub(crate) fn detect() -> Option<Avx2> {
        let there = is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("fma")
            && is_x86_feature_detected!("f16c");
        there.then_some(Avx2(()))
    }
}

impl Lanes for Avx2 {
    type Vector = __m256;
    const WIDTH: usize = WIDTH;

    #[inline(always)]
    fn run<T: Task>(self, task: T) -> T::Output {
        #[target_feature(enable = "avx2,fma,f16c")]
        fn switched_on<T: Task>(lanes: Avx2, task: T) -> T::Output {
            task.call(lanes)
        }
        // SAFETY: `self` exists, so `detect` found AVX2, FMA and F16C.
        unsafe { switched_on(self, task) }
    }

    #[inline(always)]
    fn zero(self) -> __m256 {
        // SAFETY: `self` proves AVX2.
        unsafe { _mm256_setzero_ps() }
    }

    #[inline(always)]
    fn load(self, from: &[f32]) -> __m256 {
        assert_eq!(from.len(), WIDTH);
        // SAFETY: `self` proves AVX2; the slice has the eight floats that are read, at any alignment.
        unsafe { _mm256_loadu_ps(from.as_ptr()) }
    }

    #[inline(always)]
    fn load_part(self, from: &[f32]) -> __m256 {
        let mask = &MASK[WIDTH - from.len()..][..WIDTH];
        // SAFETY: `self` proves AVX2; the mask has eight numbers, and a masked load reads only the
        // lanes whose mask is set, the first `from.len()`.
        unsafe {
            let mask = _mm256_loadu_si256(mask.as_ptr().cast());
            _mm256_maskload_ps(from.as_ptr(), mask)
        }
    }

    #[inline(always)]
    fn load_f16(self, from: &[F16]) -> __m256 {
        assert_eq!(from.len(), WIDTH);
        // SAFETY: `self` proves F16C; the slice has the eight halves that are read, at any alignment.
        unsafe { _mm256_cvtph_ps(_mm_loadu_si128(from.as_ptr().cast())) }
    }

    #[inline(always)]
    fn load_bf16(self, from: &[Bf16]) -> __m256 {
        assert_eq!(from.len(), WIDTH);
        // SAFETY: `self` proves AVX2; the slice has the eight bfloats that are read, at any alignment. They are the upper
        // halves of floats.
        unsafe {
            let lower = _mm256_cvtepu16_epi32(_mm_loadu_si128(from.as_ptr().cast()));
            _mm256_castsi256_ps(_mm256_slli_epi32::<16>(lower))
        }
    }

    #[inline(always)]
    fn add(self, a: __m256, b: __m256) -> __m256 {
        // SAFETY: `self` proves AVX2.
        unsafe { _mm256_add_ps(a, b) }
    }

    #[inline(always)]
    fn sub(self, a: __m256, b: __m256) -> __m256 {
        // SAFETY: `self` proves AVX2.
        unsafe { _mm256_sub_ps(a, b) }
    }

    #[inline(always)]
    fn abs(self, a: __m256) -> __m256 {
        // SAFETY: `self` proves AVX2. Clearing the sign bit is the absolute value.
        unsafe { _mm256_andnot_ps(_mm256_set1_ps(-0.0), a) }
    }

    #[inline(always)]
    fn mul_add(self, a: __m256, b: __m256, c: __m256) -> __m256 {
        // SAFETY: `self` proves FMA.
        unsafe { _mm256_fmadd_ps(a, b, c) }
    }

    #[inline(always)]
    fn sum(self, a: __m256) -> f32 {
        // SAFETY: `self` proves AVX2.
        unsafe {
            let four = _mm_add_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps::<1>(a));
            let two = _mm_add_ps(four, _mm_movehl_ps(four, four));
            let one = _mm_add_ss(two, _mm_movehdup_ps(two));
            _mm_cvtss_f32(one)
        }
    }
}

impl ByteLanes for Avx2 {
    type Sums = __m256i;
    const BYTES: usize = 16;

    #[inline(always)]
    fn run_bytes<T: ByteTask>(self, task: T) -> T::Output {
        #[target_feature(enable = "avx2,fma,f16c")]
        fn switched_on<T: ByteTask>(lanes: Avx2, task: T) -> T::Output {
            task.call(lanes)
        }
        // SAFETY: `self` exists, so `detect` found AVX2, FMA and F16C.
        unsafe { switched_on(self, task) }
    }

    #[inline(always)]
    fn no_sums(self) -> __m256i {
        // SAFETY: `self` proves AVX2.
        unsafe { _mm256_setzero_si256() }
    }

    #[inline(always)]
    fn add_products(self, sums: __m256i, codes: &[u8], query: &[i8]) -> __m256i {
        assert_eq!((codes.len(), query.len()), (16, 16));
        // SAFETY: `self` proves AVX2; both slices have the 16 bytes that are read, at any alignment. The
        // instruction that multiplies bytes would saturate, so they are widened to 16 bits first.
        unsafe {
            let codes = _mm256_cvtepu8_epi16(_mm_loadu_si128(codes.as_ptr().cast()));
            let query = _mm256_cvtepi8_epi16(_mm_loadu_si128(query.as_ptr().cast()));
            _mm256_add_epi32(sums, _mm256_madd_epi16(codes, query))
        }
    }

    #[inline(always)]
    fn add_differences(self, sums: __m256i, codes: &[u8], query: &[i8]) -> __m256i {
        assert_eq!((codes.len(), query.len()), (16, 16));
        // SAFETY: `self` proves AVX2; both slices have the 16 bytes that are read, at any alignment. Flipping the highest
        // bit adds 128. The instruction leaves a sum of 16 bits in each half, and zeros.
        unsafe {
            let codes = _mm_loadu_si128(codes.as_ptr().cast());
            let query = _mm_loadu_si128(query.as_ptr().cast());
            let query = _mm_xor_si128(query, _mm_set1_epi8(i8::MIN));
            let halves = _mm256_zextsi128_si256(_mm_sad_epu8(codes, query));
            _mm256_add_epi32(sums, halves)
        }
    }

    #[inline(always)]
    fn add_sums(self, a: __m256i, b: __m256i) -> __m256i {
        // SAFETY: `self` proves AVX2.
        unsafe { _mm256_add_epi32(a, b) }
    }

    #[inline(always)]
    fn totals(self, sums: [__m256i; 4]) -> [i32; 4] {
        let [a, b, c, d] = sums;
        let mut totals = [0; 4];
        // SAFETY: `self` proves AVX2; `totals` has the 16 bytes that are written. Sums of neighbours, twice,
        // leave the four totals of each half side by side.
        unsafe {
            let pairs = _mm256_hadd_epi32(_mm256_hadd_epi32(a, b), _mm256_hadd_epi32(c, d));
            let halves = (
                _mm256_castsi256_si128(pairs),
                _mm256_extracti128_si256::<1>(pairs),
            );
            let sums = _mm_add_epi32(halves.0, halves.1);
            _mm_storeu_si128(totals.as_mut_ptr().cast(), sums);
        }
        totals
    }
}
