//! What a checkpoint says about the data file.
//!
//! | offset | bytes | what |
//! |---|---|---|
//! | 0 | 8 | the magic, `EIDMANI` and a zero |
//! | 8 | 4 | format version |
//! | 12 | 4 | dims |
//! | 16 | 8 | length of this file |
//! | 24 | 8 | the sequence number that the rows cover |
//! | 32 | 4 | rows |
//! | 36 | 4 each | CRC-32 of each extent's rows, of those that are counted alone |
//! | at the end | 4 | CRC-32 of everything before it |
//!
//! All numbers are little-endian.

use super::bytes::Fields;
use super::disk::{Disk, read_exact_at};
use super::files::{missing_or, replace};
use super::shape::Shape;
use crate::error::{Error, Result};
use std::fs::File;
use std::path::Path;

const MAGIC: [u8; 8] = *b"EIDMANI\0";
const VERSION: u32 = 1;
const FIXED_BYTES: usize = 36;

/// What a checkpoint knows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Manifest {
    /// The last operation that the rows hold.
    pub(super) covered: u64,
    /// How many rows there are.
    pub(super) rows: u32,
    /// One checksum for each extent, of those of its rows that are counted.
    pub(super) checksums: Vec<u32>,
}

impl Manifest {
    /// Replaces the manifest file.
    pub(super) fn write(&self, disk: &dyn Disk, path: &Path, shape: Shape) -> Result<()> {
        replace(disk, path, &self.encode(shape))
    }

    fn encode(&self, shape: Shape) -> Vec<u8> {
        let len = FIXED_BYTES + 4 * self.checksums.len() + 4;
        let mut bytes = Vec::with_capacity(len);
        bytes.extend(MAGIC);
        bytes.extend(VERSION.to_le_bytes());
        bytes.extend((shape.dims() as u32).to_le_bytes());
        bytes.extend((len as u64).to_le_bytes());
        bytes.extend(self.covered.to_le_bytes());
        bytes.extend(self.rows.to_le_bytes());
        for checksum in &self.checksums {
            bytes.extend(checksum.to_le_bytes());
        }
        bytes.extend(crc32fast::hash(&bytes).to_le_bytes());
        bytes
    }

    /// Reads the manifest file of a store of the given shape.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::Version`] or [`Error::Damaged`].
    pub(super) fn read(path: &Path, shape: Shape) -> Result<Manifest> {
        let file = File::open(path).map_err(|source| missing_or("open", path, source))?;
        let len = file.metadata().map_err(Error::io("look at", path))?.len();

        // The fixed part says how long the file has to be; only then is memory taken for it all.
        let mut fixed = [0; FIXED_BYTES];
        let there = len.min(FIXED_BYTES as u64) as usize;
        let fixed = fixed.get_mut(..there).unwrap_or_default();
        read_exact_at(&file, fixed, 0).map_err(Error::io("read", path))?;
        let rows = Self::read_fixed(&mut Fields::new(fixed, path), shape, len)?.rows;
        let extents = shape.extents(rows) as usize;

        let mut bytes = vec![0; FIXED_BYTES + 4 * extents + 4];
        read_exact_at(&file, &mut bytes, 0).map_err(Error::io("read", path))?;
        let mut fields = Fields::new(&bytes, path);
        let mut manifest = Self::read_fixed(&mut fields, shape, len)?;
        for _ in 0..extents {
            manifest.checksums.push(fields.u32()?);
        }
        fields.checksum()?;
        Ok(manifest)
    }

    /// Reads what comes before the checksums, of a file that is `len` bytes long.
    fn read_fixed(fields: &mut Fields<'_>, shape: Shape, len: u64) -> Result<Manifest> {
        fields.magic(MAGIC)?;
        fields.version(VERSION)?;
        let dims = fields.u32()?;
        if dims as usize != shape.dims() {
            let [expected, got] = [shape.dims(), dims as usize].map(|dims| format!("{dims}"));
            return Err(fields.damaged(12, "dims", expected, got));
        }
        let claimed = fields.u64()?;
        let covered = fields.u64()?;
        let rows = fields.u32()?;
        let needed = FIXED_BYTES as u64 + 4 * u64::from(shape.extents(rows)) + 4;
        if claimed != needed || len != needed {
            let expected = format!("{needed} bytes for {rows} rows");
            let got = format!("{len} bytes, {claimed} claimed");
            return Err(fields.damaged(16, "length of the file", expected, got));
        }
        Ok(Manifest {
            covered,
            rows,
            checksums: Vec::new(),
        })
    }
}
