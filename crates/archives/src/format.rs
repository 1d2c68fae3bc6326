//! Formats of archives, told by content or by name.

use crate::archive::{Datasets, Number, Reader, Writer};
use crate::error::{ArchiveError, Result};
use crate::hdf5::{Hdf5Reader, Hdf5Writer, SIGNATURE};
use std::fs::File;
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::path::Path;

/// A format of archives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// HDF5: one dataset of vectors, rows × dims, and one of names.
    Hdf5,
}

impl Format {
    /// Tells the format by a file's content. The position in the file is anywhere after it.
    ///
    /// # Errors
    /// When the content is of no known format, or the file cannot be read.
    pub fn of_content(path: &Path, file: &mut File) -> Result<Self> {
        let length = file.metadata().map_err(ArchiveError::io(path))?.len();
        // A block of the user's own, 512 bytes or a power of two more, may come before what HDF5 writes.
        let starts = std::iter::once(0).chain((9..40).map(|power| 1_u64 << power));
        for start in starts.take_while(|start| *start < length) {
            if starts_with_signature(file, start).map_err(ArchiveError::io(path))? {
                return Ok(Self::Hdf5);
            }
        }
        let got = if length == 0 {
            "an empty file"
        } else {
            "something else"
        };
        Err(ArchiveError::Content {
            path: path.to_owned(),
            got,
        })
    }

    /// Tells the format that a file of this name is to have.
    ///
    /// # Errors
    /// When the name ends in nothing known.
    pub fn of_name(path: &Path) -> Result<Self> {
        let ending = path.extension().and_then(|ending| ending.to_str());
        match ending.map(str::to_ascii_lowercase).as_deref() {
            Some("h5" | "hdf5") => Ok(Self::Hdf5),
            _ => Err(ArchiveError::Ending {
                path: path.to_owned(),
            }),
        }
    }
}

fn starts_with_signature(file: &mut File, start: u64) -> std::io::Result<bool> {
    let mut found = [0; SIGNATURE.len()];
    file.seek(SeekFrom::Start(start))?;
    match file.read_exact(&mut found) {
        Ok(()) => Ok(found == SIGNATURE),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

/// Opens an archive and checks what its headers claim.
///
/// # Errors
/// When the file cannot be read, is of no known format, is damaged, or does not hold vectors with a name each.
pub fn open(path: &Path, datasets: &Datasets) -> Result<Box<dyn Reader>> {
    let mut file = File::open(path).map_err(ArchiveError::io(path))?;
    let metadata = file.metadata().map_err(ArchiveError::io(path))?;
    if !metadata.is_file() {
        return Err(ArchiveError::Content {
            path: path.to_owned(),
            got: "no regular file",
        });
    }
    match Format::of_content(path, &mut file)? {
        Format::Hdf5 => Ok(Box::new(Hdf5Reader::open(path, file, datasets)?)),
    }
}

/// Starts an archive of vectors of `dims` numbers in an empty file. `path` names the file in errors.
///
/// # Errors
/// When a dataset cannot have the name asked for, or the disk fails.
pub fn create(
    format: Format,
    path: &Path,
    file: File,
    dims: usize,
    number: Number,
    datasets: &Datasets,
) -> Result<Box<dyn Writer>> {
    match format {
        Format::Hdf5 => Ok(Box::new(Hdf5Writer::create(
            path, file, dims, number, datasets,
        )?)),
    }
}
