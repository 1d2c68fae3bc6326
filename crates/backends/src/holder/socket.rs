//! The socket in a data folder.

use std::fs::File;
use std::path::{Path, PathBuf};

const NAME: &str = "holder.sock";

/// The longest path that every platform takes for a socket.
const MAX_PATH_BYTES: usize = 100;

/// The path of a folder's socket, in a form that the system takes.
#[derive(Debug)]
pub(super) struct SocketPath {
    pub(super) path: PathBuf,
    /// Keeps the folder open while `path` goes through it.
    _folder: Option<File>,
}

impl SocketPath {
    /// Names the socket of a folder. A path that is too long for a socket goes through the open folder on Linux.
    pub(super) fn of(folder: &Path) -> std::io::Result<Self> {
        let path = folder.join(NAME);
        if path.as_os_str().len() <= MAX_PATH_BYTES {
            return Ok(Self {
                path,
                _folder: None,
            });
        }
        through_open_folder(folder)
    }
}

#[cfg(target_os = "linux")]
fn through_open_folder(folder: &Path) -> std::io::Result<SocketPath> {
    use std::os::fd::AsRawFd;
    let folder = File::open(folder)?;
    let path = PathBuf::from(format!("/proc/self/fd/{}/{NAME}", folder.as_raw_fd()));
    Ok(SocketPath {
        path,
        _folder: Some(folder),
    })
}

#[cfg(not(target_os = "linux"))]
fn through_open_folder(folder: &Path) -> std::io::Result<SocketPath> {
    Err(std::io::Error::new(
        std::io::ErrorKind::InvalidFilename,
        format!(
            "{} is too long for the socket in it: at most {} bytes work",
            folder.display(),
            MAX_PATH_BYTES - NAME.len() - 1
        ),
    ))
}
