//! Loops of other crates, compiled for the instruction set that was chosen.

use crate::Isa;
use crate::lanes::{Lanes, Task};

/// Plain loops over slices that the compiler turns into the instructions of whatever set they are run with.
///
/// For that to work, what they call is `#[inline(always)]`, as [`Loops::run`] has to be: a function that is not inlined is
/// compiled for any processor. Multiplications and additions are never joined, so that the numbers are the same for every
/// instruction set.
pub trait Loops {
    /// What they compute.
    type Output;

    /// Computes it.
    fn run(self) -> Self::Output;
}

impl Isa {
    /// Runs loops that are compiled for this instruction set.
    #[inline]
    pub fn run_loops<T: Loops>(self, loops: T) -> T::Output {
        self.run(Compiled(loops))
    }
}

/// Loops as a task that takes no notice of the registers.
struct Compiled<T>(T);

impl<T: Loops> Task for Compiled<T> {
    type Output = T::Output;

    #[inline(always)]
    fn call<L: Lanes>(self, _lanes: L) -> T::Output {
        self.0.run()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Squares<'a>(&'a [f32]);

    impl Loops for Squares<'_> {
        type Output = Vec<f32>;

        #[inline(always)]
        fn run(self) -> Vec<f32> {
            self.0.iter().map(|v| v * v + 0.1).collect()
        }
    }

    #[test]
    fn loops_give_the_same_bits_on_every_instruction_set() {
        let values: Vec<f32> = (0..1000).map(|i| i as f32 / 7.0).collect();
        let expected: Vec<f32> = values.iter().map(|v| v * v + 0.1).collect();
        for isa in Isa::available() {
            assert_eq!(isa.run_loops(Squares(&values)), expected, "{}", isa.name());
        }
    }
}
