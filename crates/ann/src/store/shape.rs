//! Where a row lies in the data file.

use crate::error::{Error, Result};
use std::ops::Range;

/// The greatest number of dims that a store takes.
pub const MAX_DIMS: usize = 65_536;

/// Where the first extent begins: the header has a page of its own.
pub(super) const HEADER_BYTES: u64 = 4096;

/// What the extents of a new store take at most.
const EXTENT_BYTES: usize = 4 << 20;

/// What an extent of a file may take; a header that asks for more is damaged.
const MOST_EXTENT_BYTES: usize = 64 << 20;

const FLOAT_BYTES: usize = size_of::<f32>();

/// How a store cuts its rows into extents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    dims: u32,
    rows_per_extent: u32,
}

impl Shape {
    /// Cuts rows of `dims` numbers into extents of 4 MiB, or a little less.
    ///
    /// # Errors
    /// [`Error::BadDims`] if there are none or more than [`MAX_DIMS`].
    pub(super) fn of_dims(dims: usize) -> Result<Shape> {
        if dims == 0 || dims > MAX_DIMS {
            return Err(Error::BadDims {
                most: MAX_DIMS,
                got: dims,
            });
        }
        let fitting = EXTENT_BYTES / (dims * FLOAT_BYTES);
        let rows_per_extent = 1 << fitting.ilog2();
        Ok(Shape {
            dims: dims as u32,
            rows_per_extent,
        })
    }

    /// Takes the shape that a file claims to have; nothing if no store is made so.
    pub(super) fn from_file(dims: u32, rows_per_extent: u32) -> Option<Shape> {
        let row_bytes = (dims as usize).checked_mul(FLOAT_BYTES)?;
        let bytes = row_bytes.checked_mul(rows_per_extent as usize)?;
        let good = dims > 0
            && dims as usize <= MAX_DIMS
            && rows_per_extent.is_power_of_two()
            && bytes <= MOST_EXTENT_BYTES;
        good.then_some(Shape {
            dims,
            rows_per_extent,
        })
    }

    /// Gives the numbers of a row.
    pub(super) fn dims(self) -> usize {
        self.dims as usize
    }

    /// Gives the rows of an extent, a power of two.
    pub(super) fn rows_per_extent(self) -> u32 {
        self.rows_per_extent
    }

    /// Gives the bytes of an extent.
    pub(super) fn extent_bytes(self) -> usize {
        self.rows_per_extent as usize * self.dims() * FLOAT_BYTES
    }

    /// Gives how many extents hold `rows` rows.
    pub(super) fn extents(self, rows: u32) -> u32 {
        rows.div_ceil(self.rows_per_extent)
    }

    /// Gives the extent of a slot and its row in it.
    pub(super) fn place(self, slot: u32) -> (u32, u32) {
        (slot / self.rows_per_extent, slot % self.rows_per_extent)
    }

    /// Gives the slots of an extent in a store of `rows` rows.
    pub(super) fn slots(self, extent: u32, rows: u32) -> Range<u32> {
        let start = u64::from(extent) * u64::from(self.rows_per_extent);
        let end = (start + u64::from(self.rows_per_extent)).min(u64::from(rows));
        // Neither is above `rows`, which is a u32.
        start.min(u64::from(rows)) as u32..end as u32
    }

    /// Gives where an extent begins in the file.
    pub(super) fn extent_offset(self, extent: u32) -> u64 {
        HEADER_BYTES + u64::from(extent) * self.extent_bytes() as u64
    }

    /// Gives where a row begins in the file.
    pub(super) fn row_offset(self, slot: u32) -> u64 {
        HEADER_BYTES + u64::from(slot) * self.bytes_of(1) as u64
    }

    /// Gives the bytes of some rows of one extent.
    pub(super) fn bytes_of(self, rows: u32) -> usize {
        rows as usize * self.dims() * FLOAT_BYTES
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extents_are_powers_of_two_of_about_four_megabytes() {
        for (dims, rows) in [
            (1, 1 << 20),
            (512, 2048),
            (513, 1024),
            (1280, 512),
            (65_536, 16),
        ] {
            let shape = Shape::of_dims(dims).unwrap();
            assert_eq!(shape.rows_per_extent(), rows);
            assert!(
                shape.extent_bytes() <= EXTENT_BYTES && shape.extent_bytes() > EXTENT_BYTES / 2
            );
            assert_eq!(Shape::from_file(dims as u32, rows), Some(shape));
        }
        assert!(matches!(Shape::of_dims(0), Err(Error::BadDims { .. })));
        assert!(matches!(
            Shape::of_dims(MAX_DIMS + 1),
            Err(Error::BadDims { .. })
        ));
    }

    #[test]
    fn shapes_that_no_store_has_are_refused() {
        let bad = [
            (0, 4),
            (4, 0),
            (4, 3),
            (65_537, 1),
            (65_536, 1 << 12),
            (u32::MAX, 1 << 31),
        ];
        for (dims, rows) in bad {
            assert_eq!(Shape::from_file(dims, rows), None, "{dims} x {rows}");
        }
    }

    #[test]
    fn the_last_slot_has_a_place() {
        let shape = Shape::of_dims(65_536).unwrap();
        let (extent, row) = shape.place(u32::MAX - 1);
        assert_eq!((extent, row), ((1 << 28) - 1, 14));
        assert_eq!(shape.extents(u32::MAX), 1 << 28);
        assert_eq!(shape.slots(extent, u32::MAX), u32::MAX - 15..u32::MAX);
        assert_eq!(
            shape.row_offset(u32::MAX - 1),
            shape.extent_offset(extent) + 14 * 4 * 65_536
        );
    }
}
