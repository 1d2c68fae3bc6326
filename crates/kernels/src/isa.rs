//! The choice of the instruction set, made once at run time.

#[cfg(target_arch = "aarch64")]
use crate::lanes::Neon;
#[cfg(target_arch = "x86_64")]
use crate::lanes::{Avx2, Avx512, Avx512Vnni, AvxVnni};
use crate::lanes::{ByteLanes, ByteTask, Lanes, Portable, Task};
use std::sync::OnceLock;

/// An instruction set that this processor has.
///
/// A value can only be had from [`Isa::best`], [`Isa::available`] and [`Isa::portable`], each of
/// which asked the processor; holding one is the proof that its instructions can be run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Isa(Set);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Set {
    Portable(Portable),
    #[cfg(target_arch = "x86_64")]
    Avx2(Avx2),
    #[cfg(target_arch = "x86_64")]
    AvxVnni(AvxVnni),
    #[cfg(target_arch = "x86_64")]
    Avx512(Avx512),
    #[cfg(target_arch = "x86_64")]
    Avx512Vnni(Avx512Vnni),
    #[cfg(target_arch = "aarch64")]
    Neon(Neon),
}

impl Isa {
    /// Gives the fastest instruction set of this processor; it is asked on the first call only.
    pub fn best() -> Isa {
        static BEST: OnceLock<Isa> = OnceLock::new();
        *BEST.get_or_init(|| {
            let available = Isa::available();
            available.last().copied().unwrap_or(Isa::portable())
        })
    }

    /// Lists every instruction set of this processor, the slowest first. Tests run on all of them.
    pub fn available() -> Vec<Isa> {
        let sets = [
            Some(Set::Portable(Portable)),
            #[cfg(target_arch = "x86_64")]
            Avx2::detect().map(Set::Avx2),
            #[cfg(target_arch = "x86_64")]
            AvxVnni::detect().map(Set::AvxVnni),
            #[cfg(target_arch = "x86_64")]
            Avx512::detect().map(Set::Avx512),
            #[cfg(target_arch = "x86_64")]
            Avx512Vnni::detect().map(Set::Avx512Vnni),
            #[cfg(target_arch = "aarch64")]
            Neon::detect().map(Set::Neon),
        ];
        sets.into_iter().flatten().map(Isa).collect()
    }

    /// Gives the scalar version, which runs on every processor.
    pub fn portable() -> Isa {
        Isa(Set::Portable(Portable))
    }

    /// Names the instruction set as `--version` and benchmarks print it.
    pub fn name(self) -> &'static str {
        match self.0 {
            Set::Portable(_) => "scalar",
            #[cfg(target_arch = "x86_64")]
            Set::Avx2(_) => "avx2+fma",
            #[cfg(target_arch = "x86_64")]
            Set::AvxVnni(_) => "avx2+vnni",
            #[cfg(target_arch = "x86_64")]
            Set::Avx512(_) => "avx512f",
            #[cfg(target_arch = "x86_64")]
            Set::Avx512Vnni(_) => "avx512f+vnni",
            #[cfg(target_arch = "aarch64")]
            Set::Neon(_) => "neon",
        }
    }

    /// Runs a task with the registers of this instruction set.
    #[inline]
    pub(crate) fn run<T: Task>(self, task: T) -> T::Output {
        match self.0 {
            Set::Portable(lanes) => lanes.run(task),
            #[cfg(target_arch = "x86_64")]
            Set::Avx2(lanes) => lanes.run(task),
            #[cfg(target_arch = "x86_64")]
            Set::AvxVnni(lanes) => lanes.floats.run(task),
            #[cfg(target_arch = "x86_64")]
            Set::Avx512(lanes) => lanes.run(task),
            #[cfg(target_arch = "x86_64")]
            Set::Avx512Vnni(lanes) => lanes.floats.run(task),
            #[cfg(target_arch = "aarch64")]
            Set::Neon(lanes) => lanes.run(task),
        }
    }

    /// Runs a task with the registers of bytes of this instruction set.
    #[inline]
    pub(crate) fn run_bytes<T: ByteTask>(self, task: T) -> T::Output {
        match self.0 {
            Set::Portable(lanes) => lanes.run_bytes(task),
            #[cfg(target_arch = "x86_64")]
            Set::Avx2(lanes) => lanes.run_bytes(task),
            #[cfg(target_arch = "x86_64")]
            Set::AvxVnni(lanes) => lanes.run_bytes(task),
            #[cfg(target_arch = "x86_64")]
            Set::Avx512(lanes) => lanes.bytes.run_bytes(task),
            #[cfg(target_arch = "x86_64")]
            Set::Avx512Vnni(lanes) => lanes.run_bytes(task),
            #[cfg(target_arch = "aarch64")]
            Set::Neon(lanes) => lanes.run_bytes(task),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scalar_version_is_always_there_and_the_best_is_the_last() {
        let available = Isa::available();
        assert_eq!(available[0], Isa::portable());
        assert_eq!(*available.last().unwrap(), Isa::best());
    }
}
