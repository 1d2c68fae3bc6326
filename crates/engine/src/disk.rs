//! The disk below every store, so that tests can fill it.

use ann::SystemDisk;
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Where stores ask before they write. A real disk says no by itself; this one can be told to.
#[derive(Debug, Clone, Default)]
pub struct Disk {
    free_bytes: Option<Arc<AtomicU64>>,
}

impl Disk {
    /// A disk on which so many bytes can be written before it is full, and the handle that changes how many.
    pub fn with_free_bytes(free_bytes: u64) -> (Self, Arc<AtomicU64>) {
        let free = Arc::new(AtomicU64::new(free_bytes));
        (
            Self {
                free_bytes: Some(free.clone()),
            },
            free,
        )
    }

    /// Takes room for so many bytes.
    ///
    /// # Errors
    /// When the disk is full.
    pub fn take(&self, bytes: u64) -> io::Result<()> {
        let Some(free) = &self.free_bytes else {
            return Ok(());
        };
        free.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |free| {
            free.checked_sub(bytes)
        })
        .map(|_| ())
        .map_err(|_| io::Error::from(io::ErrorKind::StorageFull))
    }
}

impl ann::Disk for Disk {
    fn write_at(&self, file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
        self.take(bytes.len() as u64)?;
        SystemDisk.write_at(file, bytes, offset)
    }

    fn set_len(&self, file: &File, len: u64) -> io::Result<()> {
        SystemDisk.set_len(file, len)
    }

    fn flush(&self, file: &File) -> io::Result<()> {
        SystemDisk.flush(file)
    }

    fn flush_folder(&self, folder: &Path) -> io::Result<()> {
        SystemDisk.flush_folder(folder)
    }
}
