//! The file below a reader.

use crate::error::{ArchiveError, Result};
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// An open file, and how it was when it was opened.
pub(crate) struct Source {
    path: PathBuf,
    file: File,
    length: u64,
    modified: Option<SystemTime>,
}

impl Source {
    /// Opens a regular file.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        // Opening a pipe would wait for whoever writes into it.
        let metadata = std::fs::metadata(path).map_err(ArchiveError::io(path))?;
        if !metadata.is_file() {
            return Err(ArchiveError::Content {
                path: path.to_owned(),
                expected: "a file",
                got: "no regular file",
            });
        }
        let file = File::open(path).map_err(ArchiveError::io(path))?;
        let metadata = file.metadata().map_err(ArchiveError::io(path))?;
        Ok(Self {
            path: path.to_owned(),
            file,
            length: metadata.len(),
            modified: metadata.modified().ok(),
        })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The file's bytes when it was opened.
    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// Another handle of the same file, with the same position in it.
    pub(crate) fn handle(&self) -> Result<File> {
        self.file.try_clone().map_err(ArchiveError::io(&self.path))
    }

    /// Fills `bytes` from a place in the file.
    pub(crate) fn fill(&self, bytes: &mut [u8], start: u64) -> Result<()> {
        let read = self.file.read_exact_at(bytes, start);
        read.map_err(|error| match self.unchanged() {
            // A file that was cut meanwhile is said to be changed.
            Err(changed) => changed,
            Ok(()) => ArchiveError::io(&self.path)(error),
        })
    }

    /// The bytes at a place, if the file has as many there.
    pub(crate) fn peek<const N: usize>(&self, start: u64) -> Result<Option<[u8; N]>> {
        let fits = start
            .checked_add(N as u64)
            .is_some_and(|end| end <= self.length);
        if !fits {
            return Ok(None);
        }
        let mut bytes = [0; N];
        self.fill(&mut bytes, start)?;
        Ok(Some(bytes))
    }

    /// Fails when the file was written to since it was opened.
    pub(crate) fn unchanged(&self) -> Result<()> {
        let now = self.file.metadata().map_err(ArchiveError::io(&self.path))?;
        if now.len() == self.length && now.modified().ok() == self.modified {
            return Ok(());
        }
        Err(ArchiveError::Changed {
            path: self.path.clone(),
        })
    }

    /// Says what does not fit in the file.
    pub(crate) fn damaged(&self, format: &'static str, reason: String) -> ArchiveError {
        ArchiveError::Damaged {
            path: self.path.clone(),
            format,
            reason,
        }
    }
}
