//! What the numbers of stored vectors are.

use crate::float16::{Bf16, F16};
use crate::lanes::{Lanes, WIDEST};

/// A number of a stored vector, which kernels read as a 32-bit float.
#[expect(
    private_bounds,
    reason = "which types there are is decided here: each instruction set loads them"
)]
pub trait Element: Load {}

impl Element for f32 {}
impl Element for F16 {}
impl Element for Bf16 {}

/// How numbers come into registers.
pub(crate) trait Load: Copy {
    /// Loads exactly [`Lanes::WIDTH`] numbers; any other length panics.
    fn load<L: Lanes>(lanes: L, from: &[Self]) -> L::Vector;
    /// Loads at most [`Lanes::WIDTH`] numbers, the rest being zeros; more panic.
    fn load_part<L: Lanes>(lanes: L, from: &[Self]) -> L::Vector;
}

impl Load for f32 {
    #[inline(always)]
    fn load<L: Lanes>(lanes: L, from: &[f32]) -> L::Vector {
        lanes.load(from)
    }

    #[inline(always)]
    fn load_part<L: Lanes>(lanes: L, from: &[f32]) -> L::Vector {
        lanes.load_part(from)
    }
}

impl Load for F16 {
    #[inline(always)]
    fn load<L: Lanes>(lanes: L, from: &[F16]) -> L::Vector {
        lanes.load_f16(from)
    }

    #[inline(always)]
    fn load_part<L: Lanes>(lanes: L, from: &[F16]) -> L::Vector {
        lanes.load_f16(&padded(from)[..L::WIDTH])
    }
}

impl Load for Bf16 {
    #[inline(always)]
    fn load<L: Lanes>(lanes: L, from: &[Bf16]) -> L::Vector {
        lanes.load_bf16(from)
    }

    #[inline(always)]
    fn load_part<L: Lanes>(lanes: L, from: &[Bf16]) -> L::Vector {
        lanes.load_bf16(&padded(from)[..L::WIDTH])
    }
}

/// Puts zeros behind numbers.
#[inline(always)]
fn padded<T: Copy + Default>(from: &[T]) -> [T; WIDEST] {
    let mut all = [T::default(); WIDEST];
    all[..from.len()].copy_from_slice(from);
    all
}
