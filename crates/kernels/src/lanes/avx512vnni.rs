//! Registers of 64 bytes: AVX-512 with VNNI.
#![expect(
    unsafe_code,
    reason = "the intrinsics of an instruction set can only be called where it is known to be there"
)]

use super::{Avx512, ByteLanes, ByteTask};
use std::arch::x86_64::*;

/// Proof that the processor has AVX-512F, AVX-512BW, AVX-512VNNI and AVX2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Avx512Vnni {
    /// What computes with floats.
    pub(crate) floats: Avx512,
}

impl Avx512Vnni {
    /// Asks the processor.
    pub(crate) fn detect() -> Option<Avx512Vnni> {
        let there = is_x86_feature_detected!("avx512vnni")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx2");
        let floats = Avx512::detect().filter(|_| there)?;
        Some(Avx512Vnni { floats })
    }
}

/// Adds the halves of a register.
///
/// # Safety
/// The processor has to have AVX-512F and AVX2.
#[inline(always)]
unsafe fn halved(sums: __m512i) -> __m256i {
    // SAFETY: the caller knows that the instructions are there.
    unsafe {
        let high = _mm512_extracti64x4_epi64::<1>(sums);
        _mm256_add_epi32(_mm512_castsi512_si256(sums), high)
    }
}

impl ByteLanes for Avx512Vnni {
    type Sums = __m512i;
    const BYTES: usize = 64;

    #[inline(always)]
    fn run_bytes<T: ByteTask>(self, task: T) -> T::Output {
        #[target_feature(enable = "avx512f,avx512bw,avx512vnni,avx2")]
        fn switched_on<T: ByteTask>(lanes: Avx512Vnni, task: T) -> T::Output {
            task.call(lanes)
        }
        // SAFETY: `self` exists, so `detect` found AVX-512F, AVX-512BW, AVX-512VNNI and AVX2.
        unsafe { switched_on(self, task) }
    }

    #[inline(always)]
    fn no_sums(self) -> __m512i {
        // SAFETY: `self` proves AVX-512F.
        unsafe { _mm512_setzero_si512() }
    }

    #[inline(always)]
    fn add_products(self, sums: __m512i, codes: &[u8], query: &[i8]) -> __m512i {
        assert_eq!((codes.len(), query.len()), (64, 64));
        // SAFETY: `self` proves AVX-512VNNI; both slices have the 64 bytes that are read, at any alignment.
        unsafe {
            let codes = _mm512_loadu_si512(codes.as_ptr().cast());
            let query = _mm512_loadu_si512(query.as_ptr().cast());
            _mm512_dpbusd_epi32(sums, codes, query)
        }
    }

    #[inline(always)]
    fn add_differences(self, sums: __m512i, codes: &[u8], query: &[i8]) -> __m512i {
        assert_eq!((codes.len(), query.len()), (64, 64));
        // SAFETY: `self` proves AVX-512BW; both slices have the 64 bytes that are read, at any alignment. Flipping the
        // highest bit adds 128. The instruction leaves a sum of 16 bits in each eighth, and zeros.
        unsafe {
            let codes = _mm512_loadu_si512(codes.as_ptr().cast());
            let query = _mm512_loadu_si512(query.as_ptr().cast());
            let query = _mm512_xor_si512(query, _mm512_set1_epi8(i8::MIN));
            _mm512_add_epi32(sums, _mm512_sad_epu8(codes, query))
        }
    }

    #[inline(always)]
    fn add_sums(self, a: __m512i, b: __m512i) -> __m512i {
        // SAFETY: `self` proves AVX-512F.
        unsafe { _mm512_add_epi32(a, b) }
    }

    #[inline(always)]
    fn totals(self, [a, b, c, d]: [__m512i; 4]) -> [i32; 4] {
        // SAFETY: `self` proves AVX-512F and AVX2.
        let halves = unsafe { [halved(a), halved(b), halved(c), halved(d)] };
        self.floats.bytes.totals(halves)
    }
}
