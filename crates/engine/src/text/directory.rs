//! A folder of segments whose files reach the disk at checkpoints, not at every commit.
//!
//! The truth store is what makes a write durable; syncing each small segment as well took 122-128 ms a commit
//! against 5-8 ms without. While files are not synced a marker says so: a folder found with the marker has its
//! checksums verified before it is used.

use crate::disk::Disk;
use std::collections::{BTreeSet, HashMap};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    AntiCallToken, Directory, DirectoryLock, FileHandle, Lock, MmapDirectory, TerminatingWrite,
    WatchCallback, WatchHandle, WritePtr,
};

const MARKER: &str = "not-synced";

/// What a file's entry in its folder takes of a disk that counts, about.
const ENTRY_BYTES: u64 = 64;

#[derive(Clone, Debug)]
pub(super) struct SegmentFolder {
    mapped: MmapDirectory,
    path: PathBuf,
    disk: Disk,
    unsynced: Arc<Mutex<BTreeSet<PathBuf>>>,
}

impl SegmentFolder {
    pub(super) fn open(path: &Path, disk: Disk) -> io::Result<Self> {
        fs::create_dir_all(path)?;
        let mapped = MmapDirectory::open(path).map_err(io::Error::other)?;
        Ok(Self {
            mapped,
            path: path.to_owned(),
            disk,
            unsynced: Arc::default(),
        })
    }

    /// Whether files were left unsynced by an earlier process.
    pub(super) fn was_left_unsynced(path: &Path) -> bool {
        path.join(MARKER).exists()
    }

    /// Whether every file that this process wrote is on the disk.
    pub(super) fn is_synced(&self) -> bool {
        self.unsynced
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .is_empty()
    }

    /// Brings every file to the disk.
    pub(super) fn sync(&self) -> io::Result<()> {
        let files = {
            let mut unsynced = self.unsynced.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *unsynced)
        };
        for file in files {
            match File::open(self.path.join(&file)) {
                Ok(file) => file.sync_all()?,
                // A merge has replaced it since.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        self.sync_folder()?;
        match fs::remove_file(self.path.join(MARKER)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        self.sync_folder()
    }

    /// Removes what no commit has: a program that was killed in the middle of one leaves it, and the next may want the
    /// names. `living` names the segments of the commit, each with its file of deletes.
    pub(super) fn remove_strays(&self, living: &HashMap<String, Option<String>>) -> io::Result<()> {
        for entry in fs::read_dir(&self.path)? {
            let file = entry?.file_name();
            let Some(name) = file.to_str() else {
                continue;
            };
            let segment = name.split('.').next().unwrap_or_default();
            if segment.len() != 32 || !segment.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                continue;
            }
            let stays = living
                .get(segment)
                .is_some_and(|deletes| !name.ends_with(".del") || deletes.as_deref() == Some(name));
            if !stays {
                fs::remove_file(self.path.join(name))?;
            }
        }
        Ok(())
    }

    fn sync_folder(&self) -> io::Result<()> {
        if cfg!(unix) {
            File::open(&self.path)?.sync_all()
        } else {
            Ok(())
        }
    }

    fn mark(&self, file: &Path) -> io::Result<()> {
        let mut unsynced = self.unsynced.lock().unwrap_or_else(PoisonError::into_inner);
        if unsynced.is_empty() {
            File::create(self.path.join(MARKER))?.sync_all()?;
            self.sync_folder()?;
        }
        unsynced.insert(file.to_owned());
        Ok(())
    }

    fn write_error(path: &Path, error: io::Error) -> OpenWriteError {
        match error.kind() {
            io::ErrorKind::AlreadyExists => OpenWriteError::FileAlreadyExists(path.to_owned()),
            _ => OpenWriteError::wrap_io_error(error, path.to_owned()),
        }
    }
}

impl Directory for SegmentFolder {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.mapped.get_file_handle(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.mapped.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.mapped.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        self.mark(path)
            .and_then(|()| self.disk.take(ENTRY_BYTES))
            .map_err(|error| Self::write_error(path, error))?;
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(self.path.join(path))
            .map_err(|error| Self::write_error(path, error))?;
        Ok(BufWriter::new(Box::new(SegmentFile {
            file,
            disk: self.disk.clone(),
        })))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.mapped.atomic_read(path)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        self.mark(path)?;
        self.disk.take(data.len() as u64)?;
        let mut fresh = path.as_os_str().to_owned();
        fresh.push(".fresh");
        let fresh = self.path.join(fresh);
        fs::write(&fresh, data)?;
        fs::rename(&fresh, self.path.join(path))
    }

    fn sync_directory(&self) -> io::Result<()> {
        // Done by `sync`.
        Ok(())
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        self.mapped.acquire_lock(lock)
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.mapped.watch(callback)
    }
}

struct SegmentFile {
    file: File,
    disk: Disk,
}

impl Write for SegmentFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.disk.take(bytes.len() as u64)?;
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl TerminatingWrite for SegmentFile {
    fn terminate_ref(&mut self, _: AntiCallToken) -> io::Result<()> {
        self.file.flush()
    }
}
