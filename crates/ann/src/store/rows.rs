//! Rows as a snapshot sees them, read through memory maps.
#![expect(
    unsafe_code,
    reason = "a slice out of a memory map is sound only if nobody writes there meanwhile"
)]

use super::shape::Shape;
use crate::bitset::BitSet;
use memmap2::{MmapOptions, MmapRaw};
use std::fs::File;
use std::io;
use std::ops::Range;
use std::sync::Arc;

#[cfg(target_endian = "big")]
compile_error!("rows are read in place, and they are little-endian");

/// The map of one extent. It never changes place, however long the file gets.
#[derive(Debug)]
pub(super) struct Extent {
    map: MmapRaw,
}

impl Extent {
    /// Maps an extent, whose space the file has to have.
    pub(super) fn map(file: &File, shape: Shape, extent: u32) -> io::Result<Extent> {
        let map = MmapOptions::new()
            .offset(shape.extent_offset(extent))
            .len(shape.extent_bytes())
            .map_raw_read_only(file)?;
        Ok(Extent { map })
    }

    /// Gives `len` floats from the `from`-th on.
    ///
    /// # Safety
    /// Nobody may write to this part of the file while the slice lives.
    ///
    /// # Panics
    /// If the extent has not that many.
    unsafe fn floats(&self, from: usize, len: usize) -> &[f32] {
        let there = self.map.len() / size_of::<f32>();
        assert!(
            from <= there && len <= there - from,
            "{len} floats from {from} of {there}"
        );
        let first = self.map.as_ptr().cast::<f32>();
        debug_assert!(first.is_aligned());
        // SAFETY: the floats lie inside the map (asserted), which lives as long as `self`. The map
        // is aligned for floats, because extents begin at multiples of 4 in the file and a map at a
        // multiple of the page. All bit patterns are floats. The caller sees to it that nobody
        // writes. The file has the space: the store gives it before it maps and never makes the
        // file shorter.
        unsafe { std::slice::from_raw_parts(first.add(from), len) }
    }
}

/// The rows that a snapshot sees: those of the slots that were live when it was taken.
///
/// The view does not change, whatever the store writes, and is shared by an `Arc`. As long as it
/// lives, [`crate::RowStore::write`] refuses its slots, and the data file stays open and locked, so
/// that no other store writes to them either.
#[derive(Debug)]
pub struct Rows {
    shape: Shape,
    /// The rows of the store when the view was taken.
    stored: u32,
    live: BitSet,
    extents: Arc<Vec<Arc<Extent>>>,
    /// Holds the lock on the data file.
    _file: Arc<File>,
}

impl Rows {
    /// Takes the view of some slots.
    ///
    /// # Safety
    /// As long as the view lives, nobody may write to a row of `live`; every slot of `live` has to
    /// be below `stored`, and the extents of `stored` rows have to be there.
    pub(super) unsafe fn new(
        shape: Shape,
        stored: u32,
        live: BitSet,
        extents: Arc<Vec<Arc<Extent>>>,
        file: Arc<File>,
    ) -> Rows {
        Rows {
            shape,
            stored,
            live,
            extents,
            _file: file,
        }
    }

    /// Gives the numbers of a row.
    pub fn dims(&self) -> usize {
        self.shape.dims()
    }

    /// Gives how many rows the store held when the view was taken, visible or not.
    pub fn stored(&self) -> u32 {
        self.stored
    }

    /// Gives the slots that the view sees.
    pub fn live(&self) -> &BitSet {
        &self.live
    }

    /// Gives the row of a slot, if the view sees it.
    pub fn row(&self, slot: u32) -> Option<&[f32]> {
        if !self.live.contains(slot) {
            return None;
        }
        let (extent, row) = self.shape.place(slot);
        let extent = self.extents.get(extent as usize)?;
        // SAFETY: as in `run`, the row is live in this view.
        Some(unsafe { extent.floats(row as usize * self.dims(), self.dims()) })
    }

    /// Gives the rows of neighbouring slots as one slice, row-major, up to the end of the range or
    /// of the extent in which it begins, whichever comes first; nothing if the range is empty or the
    /// view does not see every slot of it.
    pub fn run(&self, slots: Range<u32>) -> Option<&[f32]> {
        if slots.is_empty() || !self.live.contains_all(slots.clone()) {
            return None;
        }
        let (extent, row) = self.shape.place(slots.start);
        let count = (slots.end - slots.start).min(self.shape.rows_per_extent() - row);
        let extent = self.extents.get(extent as usize)?;
        let (from, len) = (row as usize * self.dims(), count as usize * self.dims());
        // SAFETY: all these rows are live in this view (just checked), and the promise made to
        // `Rows::new` is that nobody writes to such rows while the view lives.
        Some(unsafe { extent.floats(from, len) })
    }
}
