//! The names of a store's files, and replacing one of them at once.

use super::disk::Disk;
use crate::error::{Error, Result};
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Where the files of a store are.
#[derive(Debug, Clone)]
pub(super) struct Files {
    /// The rows.
    pub(super) rows: PathBuf,
    /// What the last checkpoint knows about them.
    pub(super) manifest: PathBuf,
    /// Which extents were overwritten since.
    pub(super) marks: PathBuf,
}

impl Files {
    /// Puts the three endings to a path without ending; dots in it stay.
    pub(super) fn at(path: &Path) -> Files {
        let with = |ending: &str| {
            let mut name = OsString::from(path);
            name.push(ending);
            PathBuf::from(name)
        };
        Files {
            rows: with(".rows"),
            manifest: with(".manifest"),
            marks: with(".marks"),
        }
    }

    /// Waits until the names of the files are on the disk.
    pub(super) fn flush_names(&self, disk: &dyn Disk) -> Result<()> {
        flush_folder_of(disk, &self.rows)
    }
}

/// Waits until the names of the files beside a file are on the disk, its own among them.
pub(crate) fn flush_folder_of(disk: &dyn Disk, path: &Path) -> Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    disk.flush_folder(folder)
        .map_err(Error::io("flush", folder))
}

/// Reads a whole file that may be `most` bytes long.
pub(crate) fn read_whole(path: &Path, most: u64) -> Result<Vec<u8>> {
    let mut file = File::open(path).map_err(|source| missing_or("open", path, source))?;
    let len = file.metadata().map_err(Error::io("look at", path))?.len();
    if len > most {
        return Err(Error::Damaged {
            path: path.to_owned(),
            offset: most,
            what: "length of the file",
            expected: format!("at most {most} bytes"),
            got: format!("{len} bytes"),
        });
    }
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)
        .map_err(Error::io("read", path))?;
    Ok(bytes)
}

/// Replaces a file by another content at once: after a crash there is the old or the new one.
///
/// The new name is on the disk only after [`Files::flush_names`].
pub(crate) fn replace(disk: &dyn Disk, path: &Path, content: &[u8]) -> Result<()> {
    let temporary = temporary(path);
    let file = open_new(&temporary)?;
    disk.set_len(&file, 0)
        .map_err(Error::io("empty", &temporary))?;
    disk.write_at(&file, content, 0)
        .map_err(Error::io("write", &temporary))?;
    disk.flush(&file).map_err(Error::io("flush", &temporary))?;
    drop(file);
    fs::rename(&temporary, path).map_err(Error::io("replace", path))
}

/// Names the file that is written before it takes another's place.
pub(crate) fn temporary(path: &Path) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(".tmp");
    PathBuf::from(name)
}

/// Opens a file for reading and writing and makes it where it is not; its content stays.
pub(crate) fn open_new(path: &Path) -> Result<File> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .map_err(Error::io("open", path))
}

/// Opens a file for reading and writing that has to be there.
pub(crate) fn open_existing(path: &Path) -> Result<File> {
    let opened = OpenOptions::new().read(true).write(true).open(path);
    opened.map_err(|source| missing_or("open", path, source))
}

/// Removes a file, if it is there.
pub(crate) fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(Error::io("remove", path)(error))
        }
        _ => Ok(()),
    }
}

/// Keeps everybody else from opening the file as a store for as long as it is open.
pub(crate) fn lock(file: &File, path: &Path) -> Result<()> {
    file.try_lock().map_err(|error| match error {
        TryLockError::WouldBlock => Error::InUse {
            path: path.to_owned(),
        },
        TryLockError::Error(source) => Error::io("lock", path)(source),
    })
}

/// Tells a file that is not there from one that cannot be had.
pub(super) fn missing_or(action: &'static str, path: &Path, source: io::Error) -> Error {
    if source.kind() == io::ErrorKind::NotFound {
        Error::Missing {
            path: path.to_owned(),
        }
    } else {
        Error::io(action, path)(source)
    }
}
