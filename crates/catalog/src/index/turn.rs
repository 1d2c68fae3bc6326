//! One run of indexing at a time.
//!
//! A run decides by what the index had at its start, so a second one at the same time would see every new file as new
//! too. It waits for its turn instead.

use super::{Event, IndexOptions};
use crate::error::{CatalogError, Result};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::Path;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// How often a run that waits looks whether it is its turn.
const PAUSE: Duration = Duration::from_millis(100);

/// The turn of a run; dropping it, or the end of the program, gives it to another.
pub(crate) struct Turn {
    _lock: File,
}

/// Waits for the turn to index into an index, which has to exist; none when the run was stopped before.
pub(crate) async fn turn(
    data: &Path,
    options: &IndexOptions<'_>,
    report: &(dyn Fn(Event) + Sync),
) -> Result<Option<Turn>> {
    let folder = data.join("indexing");
    fs::create_dir_all(&folder).map_err(CatalogError::io(&folder))?;
    // The name of an index can be a file's.
    let path = folder.join(&options.index);
    let lock = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
        .map_err(CatalogError::io(&path))?;
    let mut told = false;
    loop {
        match lock.try_lock() {
            Ok(()) => return Ok(Some(Turn { _lock: lock })),
            Err(TryLockError::Error(error)) => return Err(CatalogError::io(&path)(error)),
            Err(TryLockError::WouldBlock) => {}
        }
        if options.stop.load(Ordering::Relaxed) {
            return Ok(None);
        }
        if !told {
            report(Event::Waiting);
            told = true;
        }
        tokio::time::sleep(PAUSE).await;
    }
}
