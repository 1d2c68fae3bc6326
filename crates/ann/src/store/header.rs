//! The first page of the data file.
//!
//! | offset | bytes | what |
//! |---|---|---|
//! | 0 | 8 | the magic, `EIDROWS` and a zero |
//! | 8 | 4 | format version |
//! | 12 | 4 | dims |
//! | 16 | 4 | rows per extent, a power of two |
//! | 20 | 4 | CRC-32 of the 20 bytes before it |
//!
//! Zeros fill the page up to 4,096 bytes; then come the extents, each rows per extent × dims 32-bit
//! floats. All numbers are little-endian.

use super::bytes::Fields;
use super::disk::read_exact_at;
use super::shape::{HEADER_BYTES, Shape};
use crate::error::{Error, Result};
use std::fs::File;
use std::path::Path;

const MAGIC: [u8; 8] = *b"EIDROWS\0";
const VERSION: u32 = 1;
const CHECKED_BYTES: usize = 20;

/// Makes the first page.
pub(super) fn encode(shape: Shape) -> Vec<u8> {
    let mut page = Vec::with_capacity(HEADER_BYTES as usize);
    page.extend(MAGIC);
    page.extend(VERSION.to_le_bytes());
    page.extend((shape.dims() as u32).to_le_bytes());
    page.extend(shape.rows_per_extent().to_le_bytes());
    page.extend(crc32fast::hash(&page).to_le_bytes());
    page.resize(HEADER_BYTES as usize, 0);
    page
}

/// Reads the first page of a file that is `len` bytes long.
///
/// # Errors
/// [`Error::Damaged`], or [`Error::Version`] if another version made it.
pub(super) fn read(file: &File, path: &Path, len: u64) -> Result<Shape> {
    if len < HEADER_BYTES {
        return Err(Error::Damaged {
            path: path.to_owned(),
            offset: len,
            what: "length of the file",
            expected: format!("at least {HEADER_BYTES} bytes"),
            got: format!("{len} bytes"),
        });
    }
    let mut page = [0; CHECKED_BYTES + 4];
    read_exact_at(file, &mut page, 0).map_err(Error::io("read", path))?;
    let mut fields = Fields::new(&page, path);
    fields.magic(MAGIC)?;
    fields.version(VERSION)?;
    let dims = fields.u32()?;
    let rows_per_extent = fields.u32()?;
    fields.checksum()?;
    Shape::from_file(dims, rows_per_extent).ok_or_else(|| Error::Damaged {
        path: path.to_owned(),
        offset: 12,
        what: "dims and rows per extent",
        expected: "a shape that stores are made with".to_owned(),
        got: format!("{dims} and {rows_per_extent}"),
    })
}
