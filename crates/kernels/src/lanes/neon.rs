//! Registers of 4 floats and of 16 bytes that are widened: NEON on aarch64.
#![expect(
    unsafe_code,
    reason = "the intrinsics of an instruction set can only be called where it is known to be there"
)]

use super::{ByteLanes, ByteTask, Lanes, Task};
use crate::float16::{Bf16, F16};
use std::arch::aarch64::*;

const WIDTH: usize = 4;

/// Proof that the processor has NEON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Neon(());

impl Neon {
    /// Asks the processor.
    pub(crate) fn detect() -> Option<Neon> {
        std::arch::is_aarch64_feature_detected!("neon").then_some(Neon(()))
    }
}

impl Lanes for Neon {
    type Vector = float32x4_t;
    const WIDTH: usize = WIDTH;

    #[inline(always)]
    fn run<T: Task>(self, task: T) -> T::Output {
        #[target_feature(enable = "neon")]
        fn switched_on<T: Task>(lanes: Neon, task: T) -> T::Output {
            task.call(lanes)
        }
        // SAFETY: `self` exists, so `detect` found NEON.
        unsafe { switched_on(self, task) }
    }

    #[inline(always)]
    fn zero(self) -> float32x4_t {
        // SAFETY: `self` proves NEON.
        unsafe { vdupq_n_f32(0.0) }
    }

    #[inline(always)]
    fn load(self, from: &[f32]) -> float32x4_t {
        assert_eq!(from.len(), WIDTH);
        // SAFETY: `self` proves NEON; the slice has the four floats that are read, at any alignment.
        unsafe { vld1q_f32(from.as_ptr()) }
    }

    #[inline(always)]
    fn load_part(self, from: &[f32]) -> float32x4_t {
        let mut four = [0.0; WIDTH];
        four[..from.len()].copy_from_slice(from);
        self.load(&four)
    }

    #[inline(always)]
    fn load_f16(self, from: &[F16]) -> float32x4_t {
        assert_eq!(from.len(), WIDTH);
        // SAFETY: `self` proves NEON; the slice has the four halves that are read, at any alignment. Moved to where a float has
        // them, an exponent is 112 too small; what is infinite or no number gets the greatest.
        unsafe {
            let bits = vmovl_u16(vld1_u16(from.as_ptr().cast()));
            let sign = vshlq_n_u32::<16>(vandq_u32(bits, vdupq_n_u32(0x8000)));
            let size = vshlq_n_u32::<13>(vandq_u32(bits, vdupq_n_u32(0x7fff)));
            let raise = vreinterpretq_f32_u32(vdupq_n_u32((127 + 112) << 23));
            let number = vreinterpretq_u32_f32(vmulq_f32(vreinterpretq_f32_u32(size), raise));
            let is_none = vcgeq_u32(size, vdupq_n_u32(0x1f << 23));
            let greatest = vandq_u32(is_none, vdupq_n_u32(0xff << 23));
            vreinterpretq_f32_u32(vorrq_u32(vorrq_u32(number, greatest), sign))
        }
    }

    #[inline(always)]
    fn load_bf16(self, from: &[Bf16]) -> float32x4_t {
        assert_eq!(from.len(), WIDTH);
        // SAFETY: `self` proves NEON; the slice has the four bfloats that are read, at any alignment. They are the upper halves
        // of floats.
        unsafe { vreinterpretq_f32_u32(vshll_n_u16::<16>(vld1_u16(from.as_ptr().cast()))) }
    }

    #[inline(always)]
    fn add(self, a: float32x4_t, b: float32x4_t) -> float32x4_t {
        // SAFETY: `self` proves NEON.
        unsafe { vaddq_f32(a, b) }
    }

    #[inline(always)]
    fn sub(self, a: float32x4_t, b: float32x4_t) -> float32x4_t {
        // SAFETY: `self` proves NEON.
        unsafe { vsubq_f32(a, b) }
    }

    #[inline(always)]
    fn abs(self, a: float32x4_t) -> float32x4_t {
        // SAFETY: `self` proves NEON.
        unsafe { vabsq_f32(a) }
    }

    #[inline(always)]
    fn mul_add(self, a: float32x4_t, b: float32x4_t, c: float32x4_t) -> float32x4_t {
        // SAFETY: `self` proves NEON. The accumulator comes first in this instruction.
        unsafe { vfmaq_f32(c, a, b) }
    }

    #[inline(always)]
    fn sum(self, a: float32x4_t) -> f32 {
        // SAFETY: `self` proves NEON.
        unsafe { vaddvq_f32(a) }
    }
}

impl ByteLanes for Neon {
    type Sums = int32x4_t;
    const BYTES: usize = 16;

    #[inline(always)]
    fn run_bytes<T: ByteTask>(self, task: T) -> T::Output {
        #[target_feature(enable = "neon")]
        fn switched_on<T: ByteTask>(lanes: Neon, task: T) -> T::Output {
            task.call(lanes)
        }
        // SAFETY: `self` exists, so `detect` found NEON.
        unsafe { switched_on(self, task) }
    }

    #[inline(always)]
    fn no_sums(self) -> int32x4_t {
        // SAFETY: `self` proves NEON.
        unsafe { vdupq_n_s32(0) }
    }

    #[inline(always)]
    fn add_products(self, sums: int32x4_t, codes: &[u8], query: &[i8]) -> int32x4_t {
        assert_eq!((codes.len(), query.len()), (16, 16));
        // SAFETY: `self` proves NEON; both slices have the 16 bytes that are read, at any alignment. A byte without
        // sign fits into 16 bits with one.
        unsafe {
            let (codes, query) = (vld1q_u8(codes.as_ptr()), vld1q_s8(query.as_ptr()));
            let low = vreinterpretq_s16_u16(vmovl_u8(vget_low_u8(codes)));
            let high = vreinterpretq_s16_u16(vmovl_u8(vget_high_u8(codes)));
            let (query_low, query_high) =
                (vmovl_s8(vget_low_s8(query)), vmovl_s8(vget_high_s8(query)));
            let sums = vmlal_s16(sums, vget_low_s16(low), vget_low_s16(query_low));
            let sums = vmlal_high_s16(sums, low, query_low);
            let sums = vmlal_s16(sums, vget_low_s16(high), vget_low_s16(query_high));
            vmlal_high_s16(sums, high, query_high)
        }
    }

    #[inline(always)]
    fn add_differences(self, sums: int32x4_t, codes: &[u8], query: &[i8]) -> int32x4_t {
        assert_eq!((codes.len(), query.len()), (16, 16));
        // SAFETY: `self` proves NEON; both slices have the 16 bytes that are read, at any alignment. Flipping the highest
        // bit adds 128. Sums are far below 2³¹, so that it does not matter whether they have a sign.
        unsafe {
            let (codes, query) = (vld1q_u8(codes.as_ptr()), vld1q_s8(query.as_ptr()));
            let query = veorq_u8(vreinterpretq_u8_s8(query), vdupq_n_u8(128));
            let pairs = vpaddlq_u8(vabdq_u8(codes, query));
            let sums = vreinterpretq_u32_s32(sums);
            vreinterpretq_s32_u32(vpadalq_u16(sums, pairs))
        }
    }

    #[inline(always)]
    fn add_sums(self, a: int32x4_t, b: int32x4_t) -> int32x4_t {
        // SAFETY: `self` proves NEON.
        unsafe { vaddq_s32(a, b) }
    }

    #[inline(always)]
    fn totals(self, sums: [int32x4_t; 4]) -> [i32; 4] {
        // SAFETY: `self` proves NEON.
        sums.map(|sums| unsafe { vaddvq_s32(sums) })
    }
}
