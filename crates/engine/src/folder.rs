//! The data folder: who holds it, and which format it has.

use crate::error::{EngineError, Result};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

/// The format of data folders that this version writes. It reads every format up to this one.
///
/// 2 keeps options of fields, objects and settings of indices in the truth, and the deletions among the last writes.
pub const FORMAT_VERSION: u32 = 2;

const MAGIC: &str = "eidetic data folder";

/// A data folder that this process holds; others are kept out until it is dropped.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    /// The format that it has.
    version: u32,
    _lock: File,
}

impl Folder {
    /// Takes hold of a folder, which is made when it is not there.
    pub(crate) fn hold(path: &Path) -> Result<Self> {
        make_private(path).map_err(EngineError::io(path))?;
        let lock_path = path.join("lock");
        let lock = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(&lock_path)
            .map_err(EngineError::io(&lock_path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(EngineError::Held {
                    folder: path.to_owned(),
                });
            }
            Err(TryLockError::Error(error)) => return Err(EngineError::io(&lock_path)(error)),
        }
        let mut folder = Self {
            path: path.to_owned(),
            version: FORMAT_VERSION,
            _lock: lock,
        };
        folder.version = folder.check_format()?;
        Ok(folder)
    }

    /// Whether the folder has an earlier format: then its truth is migrated before anything else is done with it.
    pub(crate) fn is_older(&self) -> bool {
        self.version < FORMAT_VERSION
    }

    /// When the folder got its format, in milliseconds since 1970; 0 when the system does not know.
    pub(crate) fn made_ms(&self) -> i64 {
        let modified = fs::metadata(self.format()).and_then(|format| format.modified());
        let since = modified
            .ok()
            .and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        since.map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(0))
    }

    /// Says that the folder has the newest format now.
    pub(crate) fn mark_newest(&mut self) -> Result<()> {
        self.write_format()?;
        self.version = FORMAT_VERSION;
        Ok(())
    }

    fn format(&self) -> PathBuf {
        self.path.join("format")
    }

    fn write_format(&self) -> Result<()> {
        let line = format!("{MAGIC} {FORMAT_VERSION}");
        let checksum = crc32fast::hash(line.as_bytes());
        write_durably(
            &self.format(),
            format!("{line} {checksum:08x}\n").as_bytes(),
        )
    }

    pub(crate) fn truth(&self) -> PathBuf {
        self.path.join("truth.redb")
    }

    /// The folder of what is derived for an index.
    pub(crate) fn index(&self, id: u32) -> PathBuf {
        self.path.join("indices").join(id.to_string())
    }

    /// Removes what is derived for indices that are no more.
    pub(crate) fn remove_strays(&self, known: &[u32]) -> Result<()> {
        let indices = self.path.join("indices");
        let entries = match fs::read_dir(&indices) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(EngineError::io(&indices)(error)),
        };
        for entry in entries {
            let entry = entry.map_err(EngineError::io(&indices))?;
            let id = entry
                .file_name()
                .to_str()
                .and_then(|name| name.parse().ok());
            if id.is_some_and(|id: u32| !known.contains(&id)) {
                let path = entry.path();
                fs::remove_dir_all(&path).map_err(EngineError::io(&path))?;
            }
        }
        Ok(())
    }

    fn check_format(&self) -> Result<u32> {
        let path = self.format();
        match fs::read_to_string(&path) {
            Ok(text) => self.read_format(&path, &text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                if self.truth().exists() {
                    return Err(EngineError::corrupt(
                        &path,
                        "it is missing beside a truth store",
                    ));
                }
                self.write_format()?;
                Ok(FORMAT_VERSION)
            }
            Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
                Err(EngineError::corrupt(&path, "it is no text"))
            }
            Err(error) => Err(EngineError::io(&path)(error)),
        }
    }

    fn read_format(&self, path: &Path, text: &str) -> Result<u32> {
        let damaged = || EngineError::corrupt(path, format!("it says {text:?}"));
        let (line, checksum) = text.trim_end().rsplit_once(' ').ok_or_else(damaged)?;
        if format!("{:08x}", crc32fast::hash(line.as_bytes())) != checksum {
            return Err(damaged());
        }
        let version = line
            .strip_prefix(MAGIC)
            .and_then(|rest| rest.trim().parse().ok());
        let found: u32 = version.ok_or_else(damaged)?;
        if found > FORMAT_VERSION {
            return Err(EngineError::Version {
                folder: self.path.clone(),
                found,
                newest: FORMAT_VERSION,
            });
        }
        Ok(found)
    }
}

/// Makes a folder that only its owner may read: what is in it tells about private pictures.
fn make_private(path: &Path) -> std::io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

fn write_durably(path: &Path, bytes: &[u8]) -> Result<()> {
    let write = || -> std::io::Result<()> {
        let fresh = path.with_extension("fresh");
        fs::write(&fresh, bytes)?;
        File::open(&fresh)?.sync_all()?;
        fs::rename(&fresh, path)?;
        match path.parent() {
            Some(parent) if cfg!(unix) => File::open(parent)?.sync_all(),
            _ => Ok(()),
        }
    };
    write().map_err(EngineError::io(path))
}
