//! Memory that grows without moving, and is written while others read.
#![expect(
    unsafe_code,
    reason = "memory that several threads read and write is reached through pointers"
)]

use kernels::prefetch;
use memmap2::{MmapOptions, MmapRaw};
use std::fs::File;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, AtomicU64, Ordering, fence};

/// What an extent takes at most.
const MOST_EXTENT_BYTES: usize = 4 << 20;

/// By how many rows memory grows that has one for each slot, where rows are short.
pub(super) const EXTENT_ROWS: usize = 1 << 17;

/// The size of large pages, which begin at multiples of it.
const LARGE_PAGE_BYTES: usize = 2 << 20;

/// Rows of equal length in extents, all zeros at first. Rows never move.
#[derive(Debug)]
pub(super) struct Memory {
    row_bytes: usize,
    /// Rows of an extent, as a power of two.
    shift: u32,
    extents: Vec<Extent>,
}

#[derive(Debug)]
struct Extent {
    /// Where the first row lies in the map. It never changes; a plain pointer could not be shared.
    first: AtomicPtr<u8>,
    /// Keeps the memory.
    _map: MmapRaw,
    /// Whether it was written since it was last copied.
    is_dirty: AtomicBool,
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

    /// Gives the bytes of an extent.
    pub(super) fn extent_bytes(&self) -> usize {
        self.row_bytes << self.shift
    }

    /// Gives how many extents there are.
    pub(super) fn extents(&self) -> usize {
        self.extents.len()
    }

    /// Makes sure that there is memory for so many rows.
    ///
    /// # Errors
    /// When the operating system gives none.
    pub(super) fn grow(&mut self, rows: u64) -> io::Result<()> {
        while self.rows() < rows {
            let extent = Extent::new(self.extent_bytes(), self.extents.is_empty())?;
            self.extents.push(extent);
        }
        Ok(())
    }

    /// Adds an extent that begins with what a file holds at an offset, a multiple of a page. What is written later stays
    /// in memory.
    ///
    /// # Errors
    /// When it cannot be mapped.
    pub(super) fn push_mapped(&mut self, file: &File, offset: u64) -> io::Result<()> {
        let mut options = MmapOptions::new();
        options.offset(offset).len(self.extent_bytes());
        // SAFETY: the map is private, so that what this program writes to it is nobody else's. That nobody else writes to
        // the file is the promise of whoever locked it.
        let map = unsafe { options.map_copy(file)? };
        self.extents.push(Extent::of(map.into(), 0, false));
        Ok(())
    }

    /// Copies an extent that lies over a file's map into memory of its own, which is read faster.
    ///
    /// # Errors
    /// When the operating system gives no memory.
    pub(super) fn load(&mut self, extent: usize) -> io::Result<()> {
        let bytes = self.extent_bytes();
        let Some(old) = self.extents.get_mut(extent) else {
            return Ok(());
        };
        let new = Extent::new(bytes, extent == 0)?;
        let [from, to] = [&*old, &new].map(Extent::first);
        // SAFETY: both have so many bytes from their first rows on, and are different maps; nobody else reads or writes
        // either, for `self` is borrowed alone and the new one is nobody's yet.
        unsafe { std::ptr::copy_nonoverlapping(from, to, bytes) };
        new.is_dirty
            .store(old.is_dirty.load(Ordering::Relaxed), Ordering::Relaxed);
        *old = new;
        Ok(())
    }

    /// Says that a row was written: whoever has written a row says so after that. Who copies the extent marks it as copied
    /// before, so that either the copy has what was written or the extent is marked again.
    #[inline(always)]
    pub(super) fn touch(&self, row: u32) {
        let extent = self.extents.get((row >> self.shift) as usize);
        if let Some(extent) = extent {
            // Mostly it is marked already. Threads that all mark it again take the line of memory from each other, with what
            // searches need beside it; the fence sees to it that the look does not come before others see what was written.
            fence(Ordering::SeqCst);
            if !extent.is_dirty.load(Ordering::Relaxed) {
                extent.is_dirty.store(true, Ordering::Release);
            }
        }
    }

    /// Marks an extent as written, or as copied, before it is; answers what it was.
    pub(super) fn set_dirty(&self, extent: usize, is_dirty: bool) -> bool {
        let extent = self.extents.get(extent);
        let was = extent.is_some_and(|extent| extent.is_dirty.swap(is_dirty, Ordering::AcqRel));
        // The other half of what `touch` has: either that sees the mark, or what is read from here on has what was written.
        fence(Ordering::SeqCst);
        was
    }

    /// Gives the rows of an extent.
    pub(super) fn rows_of(&self, extent: usize) -> std::ops::Range<u32> {
        let start = (extent as u32) << self.shift;
        start..start + (1 << self.shift)
    }

    /// Gives where a row begins.
    ///
    /// # Panics
    /// If there is no memory for it.
    #[inline(always)]
    fn place(&self, row: u32) -> *mut u8 {
        let extent = &self.extents[(row >> self.shift) as usize];
        let within = (row & ((1 << self.shift) - 1)) as usize;
        // Inside the map, which has room for 2^shift rows from the first on.
        extent.first().wrapping_add(within * self.row_bytes)
    }

    /// Gives a row of numbers of 32 bits.
    ///
    /// # Panics
    /// If there is no memory for it, or rows are not multiples of 4 bytes.
    #[inline(always)]
    pub(super) fn numbers32(&self, row: u32) -> &[AtomicU32] {
        assert!(self.row_bytes.is_multiple_of(4));
        // SAFETY: the row lies in memory that lives as long as `self` and was zeroed at first; it begins at a multiple
        // of 4 in a page. Whoever reads and writes it does so with atomic operations: memory is used as numbers
        // of one size, or as bytes with a number at the end of a row that is not written while there is a slice of it.
        unsafe { std::slice::from_raw_parts(self.place(row).cast(), self.row_bytes / 4) }
    }

    /// Gives the number of 64 bits at the end of a row.
    ///
    /// # Panics
    /// If there is no memory for it, or rows are not multiples of 8 bytes.
    #[inline(always)]
    pub(super) fn last64(&self, row: u32) -> &AtomicU64 {
        assert!(self.row_bytes.is_multiple_of(8));
        // SAFETY: as for `numbers32`; it begins at a multiple of 8. Whoever reads it as bytes, with `row`, sees to it that
        // nobody writes it.
        unsafe { &*self.place(row).wrapping_add(self.row_bytes - 8).cast() }
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

    /// Writes the first bytes of a row.
    ///
    /// # Safety
    /// Nobody else may read or write them meanwhile.
    ///
    /// # Panics
    /// If there is no memory for it, or `bytes` is longer than a row.
    pub(super) unsafe fn write(&self, row: u32, bytes: &[u8]) {
        assert!(bytes.len() <= self.row_bytes);
        // SAFETY: the row lies in memory that lives as long as `self`, and has as many bytes. The caller sees to it
        // that nobody else is there.
        unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), self.place(row), bytes.len()) };
    }
}

impl Extent {
    /// Takes memory of zeros. What lies in large pages is read faster in no order; the first extent has small ones, so
    /// that few rows do not take a whole large page.
    fn new(bytes: usize, is_first: bool) -> io::Result<Extent> {
        let is_large = !is_first && bytes >= LARGE_PAGE_BYTES;
        let spare = if is_large { LARGE_PAGE_BYTES } else { 0 };
        let map = MmapOptions::new().len(bytes + spare).map_anon()?;
        let start = map.as_ptr().addr();
        let offset = if is_large {
            start.next_multiple_of(LARGE_PAGE_BYTES) - start
        } else {
            0
        };
        #[cfg(target_os = "linux")]
        if is_large {
            // A kernel without large pages answers with an error and goes on with small ones.
            drop(map.advise_range(memmap2::Advice::HugePage, offset, bytes));
        }
        Ok(Extent::of(map.into(), offset, true))
    }

    /// Takes a map, in which the first row lies at an offset.
    fn of(map: MmapRaw, offset: usize, is_dirty: bool) -> Extent {
        Extent {
            first: AtomicPtr::new(map.as_mut_ptr().wrapping_add(offset)),
            _map: map,
            is_dirty: AtomicBool::new(is_dirty),
        }
    }

    #[inline(always)]
    fn first(&self) -> *mut u8 {
        self.first.load(Ordering::Relaxed)
    }
}
