//! Memory that grows without moving, and is written while others read.
#![expect(
    unsafe_code,
    reason = "memory that several threads read and write is reached through pointers"
)]

use kernels::prefetch;
use memmap2::{MmapOptions, MmapRaw};
use std::io;
use std::sync::atomic::{AtomicU32, AtomicU64};

/// What an extent takes of the address space at most; the machine's memory is taken page by page, as rows are written.
const MOST_EXTENT_BYTES: usize = 64 << 20;

/// By how many rows memory grows that has one for each slot.
pub(super) const EXTENT_ROWS: usize = 1 << 17;

/// Large pages begin here, so that few rows do not take a whole one.
const SMALL_PAGES_BYTES: usize = 2 << 20;

/// Rows of equal length in extents, all zeros at first. Rows never move.
#[derive(Debug)]
pub(super) struct Memory {
    row_bytes: usize,
    /// Rows of an extent, as a power of two.
    shift: u32,
    extents: Vec<MmapRaw>,
}

impl Memory {
    /// Makes memory for no rows yet, which grows by `rows` at a time, a power of two, or by less if they are long. Rows
    /// are aligned to the greatest power of two that divides `row_bytes`, up to a page.
    ///
    /// # Panics
    /// If a row is empty or longer than an extent may be.
    pub(super) fn new(row_bytes: usize, rows: usize) -> Memory {
        assert!(row_bytes > 0 && row_bytes <= MOST_EXTENT_BYTES);
        Memory {
            row_bytes,
            shift: rows.min(MOST_EXTENT_BYTES / row_bytes).ilog2(),
            extents: Vec::new(),
        }
    }

    /// Gives for how many rows there is memory.
    pub(super) fn rows(&self) -> u64 {
        (self.extents.len() as u64) << self.shift
    }

    /// Gives the bytes of all extents; what was never written takes no memory from the machine.
    pub(super) fn bytes(&self) -> u64 {
        self.rows() * self.row_bytes as u64
    }

    /// Makes sure that there is memory for so many rows.
    ///
    /// # Errors
    /// When the operating system gives none.
    pub(super) fn grow(&mut self, rows: u64) -> io::Result<()> {
        while self.rows() < rows {
            let bytes = self.row_bytes << self.shift;
            let map = MmapOptions::new().len(bytes).no_reserve_swap().map_anon()?;
            // Rows are read in no order, which large pages make faster.
            #[cfg(target_os = "linux")]
            {
                let small = if self.extents.is_empty() {
                    SMALL_PAGES_BYTES.min(bytes)
                } else {
                    0
                };
                // A kernel without large pages answers with an error and goes on with small ones.
                drop(map.advise_range(memmap2::Advice::HugePage, small, bytes - small));
            }
            self.extents.push(map.into());
        }
        Ok(())
    }

    /// Gives where a row begins.
    ///
    /// # Panics
    /// If there is no memory for it.
    #[inline(always)]
    fn place(&self, row: u32) -> *mut u8 {
        let extent = &self.extents[(row >> self.shift) as usize];
        let within = (row & ((1 << self.shift) - 1)) as usize;
        // Inside the extent, which has 2^shift rows.
        extent.as_mut_ptr().wrapping_add(within * self.row_bytes)
    }

    /// Gives a row of numbers of 32 bits.
    ///
    /// # Panics
    /// If there is no memory for it, or rows are not multiples of 4 bytes.
    #[inline(always)]
    pub(super) fn numbers32(&self, row: u32) -> &[AtomicU32] {
        assert!(self.row_bytes.is_multiple_of(4));
        // SAFETY: the row lies in memory that lives as long as `self` and was zeroed at first; it begins at a multiple
        // of 4 in a page. Whoever reads and writes it does so with atomic operations: memory is used as bytes or as
        // numbers of one size, never as two kinds (it is private to this crate, and each has one kind of user).
        unsafe { std::slice::from_raw_parts(self.place(row).cast(), self.row_bytes / 4) }
    }

    /// Gives a row that is one number of 64 bits.
    ///
    /// # Panics
    /// If there is no memory for it, or rows are not of 8 bytes.
    #[inline(always)]
    pub(super) fn number64(&self, row: u32) -> &AtomicU64 {
        assert_eq!(self.row_bytes, 8);
        // SAFETY: as for `numbers32`; it begins at a multiple of 8.
        unsafe { &*self.place(row).cast() }
    }

    /// Asks for the first bytes of a row to be brought near.
    ///
    /// # Panics
    /// If there is no memory for it.
    #[inline(always)]
    pub(super) fn prefetch(&self, row: u32, bytes: usize) {
        prefetch(self.place(row), bytes.min(self.row_bytes));
    }

    /// Gives the bytes of a row.
    ///
    /// # Safety
    /// Nobody may write to the row while the slice lives.
    ///
    /// # Panics
    /// If there is no memory for it.
    #[inline(always)]
    pub(super) unsafe fn row(&self, row: u32) -> &[u8] {
        // SAFETY: the row lies in memory that lives as long as `self` and was zeroed at first. The caller sees to it
        // that nobody writes.
        unsafe { std::slice::from_raw_parts(self.place(row), self.row_bytes) }
    }

    /// Writes the bytes of a row.
    ///
    /// # Safety
    /// Nobody else may read or write the row meanwhile.
    ///
    /// # Panics
    /// If there is no memory for it, or `bytes` is not as long as a row.
    pub(super) unsafe fn write(&self, row: u32, bytes: &[u8]) {
        assert_eq!(bytes.len(), self.row_bytes);
        // SAFETY: the row lies in memory that lives as long as `self`, and has as many bytes. The caller sees to it
        // that nobody else is there.
        unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), self.place(row), bytes.len()) };
    }
}
