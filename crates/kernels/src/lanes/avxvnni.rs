//! Registers of 32 bytes: AVX-VNNI, which processors without AVX-512 have.
#![expect(
    unsafe_code,
    reason = "the intrinsics of an instruction set can only be called where it is known to be there"
)]

use super::{Avx2, ByteLanes, ByteTask};
use std::arch::x86_64::*;

/// Proof that the processor has AVX-VNNI, AVX2, FMA and F16C.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct AvxVnni {
    /// What computes with floats.
    pub(crate) floats: Avx2,
}

impl AvxVnni {
    /// Asks the processor.
    pub(crate) fn detect() -> Option<AvxVnni> {
        let floats = Avx2::detect().filter(|_| is_x86_feature_detected!("avxvnni"))?;
        Some(AvxVnni { floats })
    }
}

impl ByteLanes for AvxVnni {
    type Sums = __m256i;
    const BYTES: usize = 32;

    #[inline(always)]
    fn run_bytes<T: ByteTask>(self, task: T) -> T::Output {
        #[target_feature(enable = "avxvnni,avx2,fma,f16c")]
        fn switched_on<T: ByteTask>(lanes: AvxVnni, task: T) -> T::Output {
            task.call(lanes)
        }
        // SAFETY: `self` exists, so `detect` found AVX-VNNI, AVX2, FMA and F16C.
        unsafe { switched_on(self, task) }
    }

    #[inline(always)]
    fn no_sums(self) -> __m256i {
        self.floats.no_sums()
    }

    #[inline(always)]
    fn add_products(self, sums: __m256i, codes: &[u8], query: &[i8]) -> __m256i {
        assert_eq!((codes.len(), query.len()), (32, 32));
        // SAFETY: `self` proves AVX-VNNI; both slices have the 32 bytes that are read, at any alignment.
        unsafe {
            let codes = _mm256_loadu_si256(codes.as_ptr().cast());
            let query = _mm256_loadu_si256(query.as_ptr().cast());
            _mm256_dpbusd_avx_epi32(sums, codes, query)
        }
    }

    #[inline(always)]
    fn add_differences(self, sums: __m256i, codes: &[u8], query: &[i8]) -> __m256i {
        assert_eq!((codes.len(), query.len()), (32, 32));
        // SAFETY: `self` proves AVX2; both slices have the 32 bytes that are read, at any alignment. Flipping the highest
        // bit adds 128. The instruction leaves a sum of 16 bits in each quarter, and zeros.
        unsafe {
            let codes = _mm256_loadu_si256(codes.as_ptr().cast());
            let query = _mm256_loadu_si256(query.as_ptr().cast());
            let query = _mm256_xor_si256(query, _mm256_set1_epi8(i8::MIN));
            _mm256_add_epi32(sums, _mm256_sad_epu8(codes, query))
        }
    }

    #[inline(always)]
    fn add_sums(self, a: __m256i, b: __m256i) -> __m256i {
        self.floats.add_sums(a, b)
    }

    #[inline(always)]
    fn totals(self, sums: [__m256i; 4]) -> [i32; 4] {
        self.floats.totals(sums)
    }
}
