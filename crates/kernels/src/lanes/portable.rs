//! Registers made of plain numbers, for every processor.

use super::{ByteLanes, ByteTask, Lanes, Task};
use crate::float16::{Bf16, F16};

const WIDTH: usize = 8;

/// The version without special instructions. Eight independent sums let the compiler use the
/// registers that every processor of the target has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Portable;

impl Lanes for Portable {
    type Vector = [f32; WIDTH];
    const WIDTH: usize = WIDTH;

    #[inline(always)]
    fn run<T: Task>(self, task: T) -> T::Output {
        task.call(self)
    }

    #[inline(always)]
    fn zero(self) -> Self::Vector {
        [0.0; WIDTH]
    }

    #[inline(always)]
    fn load(self, from: &[f32]) -> Self::Vector {
        assert_eq!(from.len(), WIDTH);
        std::array::from_fn(|i| from[i])
    }

    #[inline(always)]
    fn load_part(self, from: &[f32]) -> Self::Vector {
        let mut vector = [0.0; WIDTH];
        vector[..from.len()].copy_from_slice(from);
        vector
    }

    #[inline(always)]
    fn load_f16(self, from: &[F16]) -> Self::Vector {
        assert_eq!(from.len(), WIDTH);
        std::array::from_fn(|i| from[i].to_f32())
    }

    #[inline(always)]
    fn load_bf16(self, from: &[Bf16]) -> Self::Vector {
        assert_eq!(from.len(), WIDTH);
        std::array::from_fn(|i| from[i].to_f32())
    }

    #[inline(always)]
    fn add(self, a: Self::Vector, b: Self::Vector) -> Self::Vector {
        std::array::from_fn(|i| a[i] + b[i])
    }

    #[inline(always)]
    fn sub(self, a: Self::Vector, b: Self::Vector) -> Self::Vector {
        std::array::from_fn(|i| a[i] - b[i])
    }

    #[inline(always)]
    fn abs(self, a: Self::Vector) -> Self::Vector {
        a.map(f32::abs)
    }

    #[inline(always)]
    fn mul_add(self, a: Self::Vector, b: Self::Vector, c: Self::Vector) -> Self::Vector {
        // Not f32::mul_add: without the instruction that is a slow call.
        std::array::from_fn(|i| a[i] * b[i] + c[i])
    }

    #[inline(always)]
    fn sum(self, a: Self::Vector) -> f32 {
        a.iter().sum()
    }
}

impl ByteLanes for Portable {
    type Sums = [i32; WIDTH];
    const BYTES: usize = WIDTH;

    #[inline(always)]
    fn run_bytes<T: ByteTask>(self, task: T) -> T::Output {
        task.call(self)
    }

    #[inline(always)]
    fn no_sums(self) -> Self::Sums {
        [0; WIDTH]
    }

    #[inline(always)]
    fn add_products(self, sums: Self::Sums, codes: &[u8], query: &[i8]) -> Self::Sums {
        assert_eq!((codes.len(), query.len()), (WIDTH, WIDTH));
        std::array::from_fn(|i| sums[i] + i32::from(codes[i]) * i32::from(query[i]))
    }

    #[inline(always)]
    fn add_differences(self, sums: Self::Sums, codes: &[u8], query: &[i8]) -> Self::Sums {
        assert_eq!((codes.len(), query.len()), (WIDTH, WIDTH));
        std::array::from_fn(|i| sums[i] + (i32::from(codes[i]) - 128 - i32::from(query[i])).abs())
    }

    #[inline(always)]
    fn add_sums(self, a: Self::Sums, b: Self::Sums) -> Self::Sums {
        std::array::from_fn(|i| a[i] + b[i])
    }

    #[inline(always)]
    fn totals(self, sums: [Self::Sums; 4]) -> [i32; 4] {
        sums.map(|sums| sums.iter().sum())
    }
}
