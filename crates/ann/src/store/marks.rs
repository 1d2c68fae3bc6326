//! Which extents were overwritten since the last checkpoint, kept on disk.
//!
//! The manifest's checksum of an extent is wrong from the moment in which one of its counted rows is
//! overwritten until the next checkpoint. Without a note of that on disk, a store that is opened
//! after a crash would look damaged where it is not. So the first overwriting of an extent is marked
//! here, and the mark is on the disk before the row is written. Rows that are added need no mark:
//! the checksums leave out what is not counted.
//!
//! The file is a list of eight bytes each, an extent and the CRC-32 of it, little-endian. What does
//! not check was never finished and is passed over; a mark too many costs no more than one extent
//! that [`crate::RowStore::verify`] leaves out.

use super::disk::{Disk, read_exact_at};
use super::files::open_new;
use crate::error::{Error, Result};
use std::collections::BTreeSet;
use std::fs::File;
use std::path::PathBuf;

const MARK_BYTES: usize = 8;

/// The marks of a store.
#[derive(Debug)]
pub(super) struct Marks {
    file: File,
    path: PathBuf,
    /// How many marks the file has room taken for.
    written: u64,
    extents: BTreeSet<u32>,
}

impl Marks {
    /// Opens the marks of a store with `extents` extents, and makes the file where there is none.
    pub(super) fn open(path: PathBuf, extents: u32) -> Result<Marks> {
        let file = open_new(&path)?;
        let len = file.metadata().map_err(Error::io("look at", &path))?.len();
        let written = len / MARK_BYTES as u64;
        let mut marked = BTreeSet::new();
        // Marks are read one by one: nobody needs memory for a file that is too long.
        for index in 0..written {
            let mut mark = [0; MARK_BYTES];
            read_exact_at(&file, &mut mark, index * MARK_BYTES as u64)
                .map_err(Error::io("read", &path))?;
            if let Some(extent) = decode(mark)
                && extent < extents
            {
                marked.insert(extent);
            }
        }
        Ok(Marks {
            file,
            path,
            written,
            extents: marked,
        })
    }

    /// Says whether an extent is marked.
    pub(super) fn contains(&self, extent: u32) -> bool {
        self.extents.contains(&extent)
    }

    /// Marks an extent, on disk when this returns.
    pub(super) fn add(&mut self, disk: &dyn Disk, extent: u32) -> Result<()> {
        if self.extents.contains(&extent) {
            return Ok(());
        }
        let offset = self.written * MARK_BYTES as u64;
        disk.write_at(&self.file, &encode(extent), offset)
            .map_err(Error::io("write", &self.path))?;
        disk.flush(&self.file)
            .map_err(Error::io("flush", &self.path))?;
        self.written += 1;
        self.extents.insert(extent);
        Ok(())
    }

    /// Forgets all marks, after a checkpoint. If that is lost in a crash, marks are left that say
    /// too much, which is harmless.
    pub(super) fn clear(&mut self, disk: &dyn Disk) -> Result<()> {
        if self.written == 0 {
            return Ok(());
        }
        disk.set_len(&self.file, 0)
            .map_err(Error::io("empty", &self.path))?;
        self.written = 0;
        self.extents.clear();
        Ok(())
    }
}

fn encode(extent: u32) -> [u8; MARK_BYTES] {
    let mut mark = [0; MARK_BYTES];
    let (number, checksum) = mark.split_at_mut(4);
    number.copy_from_slice(&extent.to_le_bytes());
    checksum.copy_from_slice(&crc32fast::hash(&extent.to_le_bytes()).to_le_bytes());
    mark
}

fn decode(mark: [u8; MARK_BYTES]) -> Option<u32> {
    let [a, b, c, d, ..] = mark;
    let extent = u32::from_le_bytes([a, b, c, d]);
    (encode(extent) == mark).then_some(extent)
}
