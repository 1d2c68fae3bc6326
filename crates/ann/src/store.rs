//! The vectors on disk: rows of a fixed length, written in place and read through memory maps.
//!
//! A store is three files beside each other: `NAME.rows` holds a header and the rows,
//! `NAME.manifest` what the last checkpoint knows about them, `NAME.marks` which extents were
//! overwritten since. It holds nothing that could not be made anew from the truth: whatever is wrong
//! with the files is an error for which [`Error::calls_for_rebuild`] says yes.
//!
//! Rows lie in extents of up to 4 MiB. An extent's space is given to the file at once, without
//! taking it from the disk, and mapped at once; so growing never moves what a reader holds. Writing
//! goes through the file and not through the map: a full disk is an error and not a signal.
//!
//! **The slot contract.** A slot that a living snapshot sees is never written. This is what makes
//! it sound to read rows without copying them while others are written, so it is not left to the
//! caller: the store remembers who reads what, and [`RowStore::write`] refuses.
//!
//! What cannot be caught: a disk that fails to read a page of a map ends the process by a signal, and
//! so does another program that makes the data file shorter. File systems whose maps do not agree
//! with what is written through the file (some network ones) cannot hold a store.

mod bytes;
mod disk;
pub(crate) mod files;
mod header;
mod manifest;
mod marks;
mod rows;
mod shape;
#[cfg(test)]
mod tests;

pub(crate) use bytes::Fields;
pub(crate) use disk::read_exact_at;
pub use disk::{Disk, SystemDisk};
pub use rows::Rows;
pub use shape::MAX_DIMS;

use crate::bitset::BitSet;
use crate::error::{Error, Result};
use crate::vector;
use files::Files;
use manifest::Manifest;
use marks::Marks;
use rows::Extent;
use shape::Shape;
use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{Ordering, fence};
use std::sync::{Arc, Weak};

/// How much of the file is read at a time to compute a checksum.
const READ_BYTES: usize = 256 << 10;

/// The rows of one vector field, on disk. There is one writer; readers hold [`Rows`].
#[derive(Debug)]
pub struct RowStore {
    files: Files,
    file: Arc<File>,
    disk: Arc<dyn Disk>,
    shape: Shape,
    /// One more than the greatest slot written.
    rows: u32,
    extents: Arc<Vec<Arc<Extent>>>,
    /// Views that may be alive.
    readers: Vec<Weak<Rows>>,
    /// The last checkpoint.
    checkpoint: Manifest,
    /// Extents written since the last checkpoint.
    dirty: BTreeSet<u32>,
    marks: Marks,
    flush_failed: bool,
    /// The bytes of the row being written.
    row: Vec<u8>,
}

/// An extent that is not what it was at the last checkpoint.
#[derive(Debug)]
pub struct Problem {
    /// The slots whose rows are affected.
    pub slots: Range<u32>,
    /// What is wrong, with file and offset.
    pub error: Error,
}

impl RowStore {
    /// Makes an empty store at a path without ending, in place of the one that is there, if any.
    ///
    /// Views of the old store go on reading its rows; its [`RowStore`] has to be gone.
    ///
    /// # Errors
    /// [`Error::BadDims`] and [`Error::Io`].
    pub fn create(path: &Path, dims: usize) -> Result<RowStore> {
        RowStore::create_on(path, dims, Arc::new(SystemDisk))
    }

    /// Makes an empty store on a given disk, as [`RowStore::create`] does.
    ///
    /// # Errors
    /// As [`RowStore::create`].
    pub fn create_on(path: &Path, dims: usize, disk: Arc<dyn Disk>) -> Result<RowStore> {
        RowStore::create_shaped(path, Shape::of_dims(dims)?, disk)
    }

    fn create_shaped(path: &Path, shape: Shape, disk: Arc<dyn Disk>) -> Result<RowStore> {
        let files = Files::at(path);
        // Without its manifest an old store is no store: from here on, a crash leaves none.
        files::remove(&files.manifest)?;
        files::remove(&files.marks)?;
        files.flush_names(disk.as_ref())?;

        // The old data file is not emptied but replaced, because views may have it mapped.
        let temporary = files::temporary(&files.rows);
        let file = files::open_new(&temporary)?;
        files::lock(&file, &temporary)?;
        disk.set_len(&file, 0)
            .map_err(Error::io("empty", &temporary))?;
        disk.write_at(&file, &header::encode(shape), 0)
            .map_err(Error::io("write", &temporary))?;
        disk.flush(&file).map_err(Error::io("flush", &temporary))?;
        std::fs::rename(&temporary, &files.rows).map_err(Error::io("replace", &files.rows))?;

        let marks = Marks::open(files.marks.clone(), 0)?;
        let checkpoint = Manifest::default();
        checkpoint.write(disk.as_ref(), &files.manifest, shape)?;
        files.flush_names(disk.as_ref())?;
        RowStore::with_checkpoint(files, file, disk, shape, checkpoint, marks)
    }

    /// Opens a store as its last checkpoint left it: rows added since are forgotten, rows
    /// overwritten since are as they were written last. The caller replays what is newer than
    /// [`RowStore::covered`]. The rows themselves are not read; [`RowStore::verify`] does that.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::Version`], [`Error::Dims`] and [`Error::Damaged`], after which
    /// the store has to be made anew; [`Error::InUse`] while another store or a view of one has the
    /// file open; [`Error::Io`].
    pub fn open(path: &Path, dims: usize) -> Result<RowStore> {
        RowStore::open_on(path, dims, Arc::new(SystemDisk))
    }

    /// Opens a store on a given disk, as [`RowStore::open`] does.
    ///
    /// # Errors
    /// As [`RowStore::open`].
    pub fn open_on(path: &Path, dims: usize, disk: Arc<dyn Disk>) -> Result<RowStore> {
        let files = Files::at(path);
        let file = files::open_existing(&files.rows)?;
        files::lock(&file, &files.rows)?;
        let len = file
            .metadata()
            .map_err(Error::io("look at", &files.rows))?
            .len();
        let shape = header::read(&file, &files.rows, len)?;
        if shape.dims() != dims {
            return Err(Error::Dims {
                path: files.rows,
                expected: dims,
                got: shape.dims(),
            });
        }
        let checkpoint = Manifest::read(&files.manifest, shape)?;
        let extents = shape.extents(checkpoint.rows);
        let needed = shape.extent_offset(extents);
        if len < needed {
            return Err(Error::Damaged {
                path: files.rows,
                offset: len,
                what: "length of the file",
                expected: format!("at least {needed} bytes for {} rows", checkpoint.rows),
                got: format!("{len} bytes"),
            });
        }
        let marks = Marks::open(files.marks.clone(), extents)?;
        RowStore::with_checkpoint(files, file, disk, shape, checkpoint, marks)
    }

    fn with_checkpoint(
        files: Files,
        file: File,
        disk: Arc<dyn Disk>,
        shape: Shape,
        checkpoint: Manifest,
        marks: Marks,
    ) -> Result<RowStore> {
        let extents = map_extents(&file, shape, 0..shape.extents(checkpoint.rows))
            .map_err(Error::io("map", &files.rows))?;
        Ok(RowStore {
            files,
            file: Arc::new(file),
            disk,
            shape,
            rows: checkpoint.rows,
            extents: Arc::new(extents),
            readers: Vec::new(),
            checkpoint,
            dirty: BTreeSet::new(),
            marks,
            flush_failed: false,
            row: Vec::new(),
        })
    }

    /// Gives the numbers of a row.
    pub fn dims(&self) -> usize {
        self.shape.dims()
    }

    /// Gives how many rows there are: one more than the greatest slot written.
    pub fn rows(&self) -> u32 {
        self.rows
    }

    /// Gives the sequence number that the last checkpoint covers; 0 before the first.
    pub fn covered(&self) -> u64 {
        self.checkpoint.covered
    }

    /// Writes the row of a slot. It is on disk after the next [`RowStore::checkpoint`].
    ///
    /// After an error the slot's row is undefined, so the slot must not be published; every other
    /// row is as it was, and writing can go on.
    ///
    /// # Errors
    /// [`Error::VectorDims`], [`Error::NotFinite`], [`Error::TooLarge`] for a vector that cannot be
    /// stored; [`Error::SlotVisible`] if a living view sees the slot; [`Error::NoSlotLeft`] for the
    /// number that is no slot; [`Error::Io`], of which [`Error::is_disk_full`] is one.
    pub fn write(&mut self, slot: u32, values: &[f32]) -> Result<()> {
        vector::check(values, self.dims())?;
        let Some(rows) = slot.checked_add(1) else {
            return Err(Error::NoSlotLeft { most: u32::MAX - 1 });
        };
        self.refuse_visible(slot)?;
        let (extent, _) = self.shape.place(slot);
        self.grow_to(extent)?;
        if slot < self.checkpoint.rows {
            self.marks.add(self.disk.as_ref(), extent)?;
        }
        self.dirty.insert(extent);
        self.row.clear();
        self.row
            .extend(values.iter().flat_map(|value| value.to_le_bytes()));
        let offset = self.shape.row_offset(slot);
        let written = self.disk.write_at(&self.file, &self.row, offset);
        written.map_err(Error::io("write", &self.files.rows))?;
        self.rows = self.rows.max(rows);
        Ok(())
    }

    /// Gives the view of the slots that are live, to be shared by the readers of one snapshot.
    ///
    /// # Errors
    /// [`Error::SlotNotVisible`] if a live slot was never written.
    #[expect(unsafe_code, reason = "the store is what keeps the promise to a view")]
    pub fn reader(&mut self, live: &BitSet) -> Result<Arc<Rows>> {
        if let Some(slot) = live.last()
            && slot >= self.rows
        {
            return Err(Error::SlotNotVisible {
                slot,
                rows: self.rows,
            });
        }
        let (extents, file) = (self.extents.clone(), self.file.clone());
        // SAFETY: every live slot is below the rows written, whose extents are mapped. The view is
        // put among the readers at once, and `write`, the one way to change a row, refuses the slots
        // of a view that lives. No other store writes to the file while the view holds its lock.
        let rows = unsafe { Rows::new(self.shape, self.rows, live.clone(), extents, file) };
        let rows = Arc::new(rows);
        self.readers.retain(|reader| reader.strong_count() > 0);
        self.readers.push(Arc::downgrade(&rows));
        Ok(rows)
    }

    /// Puts everything written so far on the disk, as covering the operations up to `covered`.
    ///
    /// Until it returns, and if it fails, the checkpoint before it stands. If the rows cannot be
    /// flushed, nobody knows which of them the disk has, so there will be no checkpoint any more
    /// until the store is opened again.
    ///
    /// # Errors
    /// [`Error::Io`], and [`Error::FlushFailed`] after a flush of the rows has failed.
    pub fn checkpoint(&mut self, covered: u64) -> Result<()> {
        if self.flush_failed {
            return Err(Error::FlushFailed {
                path: self.files.rows.clone(),
            });
        }
        if let Err(error) = self.disk.flush(&self.file) {
            self.flush_failed = true;
            return Err(Error::io("flush", &self.files.rows)(error));
        }
        let extents = 0..self.shape.extents(self.rows);
        let checksums = extents.map(|extent| match self.known_checksum(extent) {
            Some(checksum) => Ok(checksum),
            None => self.compute_checksum(self.shape.slots(extent, self.rows)),
        });
        let checksums = checksums.collect::<Result<Vec<_>>>()?;
        let checkpoint = Manifest {
            covered,
            rows: self.rows,
            checksums,
        };
        checkpoint.write(self.disk.as_ref(), &self.files.manifest, self.shape)?;
        // From here on the new manifest may be what a crash leaves, so its rows are the ones whose
        // overwriting has to be marked.
        self.checkpoint = checkpoint;
        self.dirty.clear();
        self.files.flush_names(self.disk.as_ref())?;
        self.marks.clear(self.disk.as_ref())
    }

    /// Reads every row of the last checkpoint and lists the extents that are not what they were, as
    /// [`RowStore::verify_extent`] says of each.
    pub fn verify(&self) -> Vec<Problem> {
        let extents = 0..self.verifiable();
        extents
            .filter_map(|extent| self.verify_extent(extent))
            .collect()
    }

    /// Gives how many extents the last checkpoint has, from 0 on.
    pub fn verifiable(&self) -> u32 {
        self.checkpoint.checksums.len() as u32
    }

    /// Reads the rows that an extent had at the last checkpoint, about 4 MiB, and says whether they
    /// are not what they were. Nothing is said of an extent that was written since then, which cannot
    /// be judged, or that the checkpoint does not have.
    pub fn verify_extent(&self, extent: u32) -> Option<Problem> {
        if self.is_written(extent) {
            return None;
        }
        let expected = self.checkpoint.checksums.get(extent as usize)?;
        let slots = self.shape.slots(extent, self.checkpoint.rows);
        let error = match self.compute_checksum(slots.clone()) {
            Ok(got) if got == *expected => return None,
            Ok(got) => Error::Damaged {
                path: self.files.rows.clone(),
                offset: self.shape.extent_offset(extent),
                what: "checksum of an extent",
                expected: format!("{expected:08x}"),
                got: format!("{got:08x}"),
            },
            Err(error) => error,
        };
        Some(Problem { slots, error })
    }

    /// Says whether an extent may have been written since the last checkpoint.
    fn is_written(&self, extent: u32) -> bool {
        self.dirty.contains(&extent) || self.marks.contains(extent)
    }

    fn refuse_visible(&mut self, slot: u32) -> Result<()> {
        let mut visible = false;
        self.readers.retain(|reader| {
            let living = reader.upgrade();
            visible |= living
                .as_ref()
                .is_some_and(|reader| reader.live().contains(slot));
            living.is_some()
        });
        // What a view read before it was found to be dropped comes before what is written now.
        fence(Ordering::Acquire);
        if visible {
            Err(Error::SlotVisible { slot })
        } else {
            Ok(())
        }
    }

    /// Gives the file the space of all extents up to the given one, and maps them.
    fn grow_to(&mut self, extent: u32) -> Result<()> {
        let mapped = self.extents.len() as u32;
        if extent < mapped {
            return Ok(());
        }
        let path = &self.files.rows;
        let len = self
            .file
            .metadata()
            .map_err(Error::io("look at", path))?
            .len();
        let needed = self.shape.extent_offset(extent + 1);
        // A file can be longer than its checkpoint says, after a crash; it is never made shorter.
        if len < needed {
            self.disk
                .set_len(&self.file, needed)
                .map_err(Error::io("lengthen", path))?;
        }
        let added = map_extents(&self.file, self.shape, mapped..extent + 1)
            .map_err(Error::io("map", path))?;
        Arc::make_mut(&mut self.extents).extend(added);
        Ok(())
    }

    /// Gives the checkpoint's checksum of an extent, if it still holds.
    fn known_checksum(&self, extent: u32) -> Option<u32> {
        let as_many =
            self.shape.slots(extent, self.checkpoint.rows) == self.shape.slots(extent, self.rows);
        let checksum = self.checkpoint.checksums.get(extent as usize)?;
        (as_many && !self.is_written(extent)).then_some(*checksum)
    }

    /// Computes the checksum of rows that follow each other, reading the file and not the map, so
    /// that a disk that cannot read is an error.
    fn compute_checksum(&self, slots: Range<u32>) -> Result<u32> {
        let mut left = self.shape.bytes_of(slots.end - slots.start);
        let mut offset = self.shape.row_offset(slots.start);
        let mut buffer = vec![0; left.min(READ_BYTES)];
        let mut hasher = crc32fast::Hasher::new();
        while left > 0 {
            let part = left.min(READ_BYTES);
            let part = buffer.get_mut(..part).unwrap_or_default();
            disk::read_exact_at(&self.file, part, offset)
                .map_err(Error::io("read", &self.files.rows))?;
            hasher.update(part);
            offset += part.len() as u64;
            left -= part.len();
        }
        Ok(hasher.finalize())
    }
}

fn map_extents(file: &File, shape: Shape, extents: Range<u32>) -> io::Result<Vec<Arc<Extent>>> {
    extents
        .map(|extent| Extent::map(file, shape, extent).map(Arc::new))
        .collect()
}
