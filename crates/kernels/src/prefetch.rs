//! Asking for memory before it is needed.
#![expect(
    unsafe_code,
    reason = "the intrinsic takes a pointer, though it can only read nothing"
)]

/// Bytes that the processor takes from memory at a time.
const LINE_BYTES: usize = 64;

/// Asks the processor to bring memory near, line by line; it reads nothing, changes nothing but time, and does nothing
/// where there is no such instruction. No address is wrong.
#[inline(always)]
pub fn prefetch<T>(first: *const T, bytes: usize) {
    for offset in (0..bytes).step_by(LINE_BYTES) {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: every x86-64 processor has the instruction, and it faults on no address.
        unsafe {
            use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
            _mm_prefetch::<_MM_HINT_T0>(first.wrapping_byte_add(offset).cast());
        }
        #[cfg(not(target_arch = "x86_64"))]
        let _ = (first, offset);
    }
}

/// Asks the processor to bring a slice near.
#[inline(always)]
pub fn prefetch_slice<T>(memory: &[T]) {
    prefetch(memory.as_ptr(), size_of_val(memory));
}
