//! What registers can do, for each instruction set: [`Lanes`] of 32-bit floats, [`ByteLanes`] of bytes.
//!
//! A type that implements them is a token: it can only be made where the processor was asked for the
//! instructions, so its methods can use them. An algorithm is a [`Task`] written once over
//! `L: Lanes`, or a [`ByteTask`] over `L: ByteLanes`; `run` compiles it with the instructions switched
//! on. For that to work, everything on the way is `#[inline(always)]`: a function that is not inlined
//! into `run` would be compiled without them.

use crate::float16::{Bf16, F16};

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "x86_64")]
mod avx512vnni;
#[cfg(target_arch = "x86_64")]
mod avxvnni;
#[cfg(target_arch = "aarch64")]
mod neon;
mod portable;

#[cfg(target_arch = "x86_64")]
pub(crate) use avx2::Avx2;
#[cfg(target_arch = "x86_64")]
pub(crate) use avx512::Avx512;
#[cfg(target_arch = "x86_64")]
pub(crate) use avx512vnni::Avx512Vnni;
#[cfg(target_arch = "x86_64")]
pub(crate) use avxvnni::AvxVnni;
#[cfg(target_arch = "aarch64")]
pub(crate) use neon::Neon;
pub(crate) use portable::Portable;

/// The widest registers, in floats.
pub(crate) const WIDEST: usize = 16;

/// An algorithm over whatever registers there are.
pub(crate) trait Task {
    /// What it computes.
    type Output;

    /// Computes it.
    fn call<L: Lanes>(self, lanes: L) -> Self::Output;
}

/// The operations on a register of [`Lanes::WIDTH`] floats.
pub(crate) trait Lanes: Copy {
    /// The register.
    type Vector: Copy;
    /// How many floats a register holds.
    const WIDTH: usize;

    /// Runs a task with this instruction set switched on.
    fn run<T: Task>(self, task: T) -> T::Output;
    /// Gives a register of zeros.
    fn zero(self) -> Self::Vector;
    /// Loads exactly [`Lanes::WIDTH`] floats; any other length panics.
    fn load(self, from: &[f32]) -> Self::Vector;
    /// Loads at most [`Lanes::WIDTH`] floats, the rest being zeros; more panic.
    fn load_part(self, from: &[f32]) -> Self::Vector;
    /// Loads exactly [`Lanes::WIDTH`] halves as floats; any other length panics.
    fn load_f16(self, from: &[F16]) -> Self::Vector;
    /// Loads exactly [`Lanes::WIDTH`] bfloats as floats; any other length panics.
    fn load_bf16(self, from: &[Bf16]) -> Self::Vector;
    /// Computes a + b.
    fn add(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;
    /// Computes a − b.
    fn sub(self, a: Self::Vector, b: Self::Vector) -> Self::Vector;
    /// Computes |a|.
    fn abs(self, a: Self::Vector) -> Self::Vector;
    /// Computes a · b + c, rounded once or twice.
    fn mul_add(self, a: Self::Vector, b: Self::Vector, c: Self::Vector) -> Self::Vector;
    /// Adds up the floats of a register.
    fn sum(self, a: Self::Vector) -> f32;
}

/// An algorithm over registers of bytes, whatever they are.
pub(crate) trait ByteTask {
    /// What it computes.
    type Output;

    /// Computes it.
    fn call<L: ByteLanes>(self, lanes: L) -> Self::Output;
}

/// The operations on a register of [`ByteLanes::BYTES`] bytes.
pub(crate) trait ByteLanes: Copy {
    /// A register of 32-bit sums.
    type Sums: Copy;
    /// How many bytes are taken at a time; a divisor of 64.
    const BYTES: usize;

    /// Runs a task with this instruction set switched on.
    fn run_bytes<T: ByteTask>(self, task: T) -> T::Output;
    /// Gives sums of zero.
    fn no_sums(self) -> Self::Sums;
    /// Adds the products of exactly [`ByteLanes::BYTES`] pairs to the sums; any other length panics. Nothing
    /// saturates.
    fn add_products(self, sums: Self::Sums, codes: &[u8], query: &[i8]) -> Self::Sums;
    /// Adds the absolute differences of exactly [`ByteLanes::BYTES`] pairs to the sums, where a code is 128 more than the
    /// number of the query that it equals; any other length panics. Nothing saturates.
    fn add_differences(self, sums: Self::Sums, codes: &[u8], query: &[i8]) -> Self::Sums;
    /// Adds two registers of sums.
    fn add_sums(self, a: Self::Sums, b: Self::Sums) -> Self::Sums;
    /// Adds up the sums of each of four registers.
    fn totals(self, sums: [Self::Sums; 4]) -> [i32; 4];
}
