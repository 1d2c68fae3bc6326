//! What the store asks of the disk, so that a test can take the disk's place.

use std::fs::File;
use std::io;
use std::path::Path;

/// The disk under a [`crate::RowStore`]. Every change of its files' contents goes through here.
pub trait Disk: Send + Sync + std::fmt::Debug {
    /// Writes all of `bytes` at an offset of a file.
    ///
    /// # Errors
    /// What the operating system says; some of the bytes may have been written.
    fn write_at(&self, file: &File, bytes: &[u8], offset: u64) -> io::Result<()>;

    /// Makes a file `len` bytes long. New bytes are 0 and take no space until they are written.
    ///
    /// # Errors
    /// What the operating system says.
    fn set_len(&self, file: &File, len: u64) -> io::Result<()>;

    /// Waits until what was written to a file is on the disk.
    ///
    /// # Errors
    /// What the operating system says; what was written may be lost.
    fn flush(&self, file: &File) -> io::Result<()>;

    /// Waits until the names of a folder's files are on the disk.
    ///
    /// # Errors
    /// What the operating system says; a file that was replaced may be the old one after a crash.
    fn flush_folder(&self, folder: &Path) -> io::Result<()>;
}

/// The operating system's disk.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemDisk;

impl Disk for SystemDisk {
    #[cfg(unix)]
    fn write_at(&self, file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
        std::os::unix::fs::FileExt::write_all_at(file, bytes, offset)
    }

    #[cfg(windows)]
    fn write_at(&self, file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
        let mut written = 0;
        while let Some(rest) = bytes.get(written..).filter(|rest| !rest.is_empty()) {
            match std::os::windows::fs::FileExt::seek_write(file, rest, offset + written as u64) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(count) => written += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn set_len(&self, file: &File, len: u64) -> io::Result<()> {
        file.set_len(len)
    }

    fn flush(&self, file: &File) -> io::Result<()> {
        file.sync_all()
    }

    #[cfg(unix)]
    fn flush_folder(&self, folder: &Path) -> io::Result<()> {
        File::open(folder)?.sync_all()
    }

    #[cfg(windows)]
    fn flush_folder(&self, _folder: &Path) -> io::Result<()> {
        // There is no such call: the file system's own journal orders the names.
        Ok(())
    }
}

/// Reads exactly as many bytes as the buffer takes, from an offset of a file.
#[cfg(unix)]
pub(crate) fn read_exact_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, buffer, offset)
}

/// Reads exactly as many bytes as the buffer takes, from an offset of a file.
#[cfg(windows)]
pub(crate) fn read_exact_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<()> {
    let mut read = 0;
    while let Some(rest) = buffer.get_mut(read..).filter(|rest| !rest.is_empty()) {
        match std::os::windows::fs::FileExt::seek_read(file, rest, offset + read as u64) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(count) => read += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
