//! Indexing folders: walk, skip what is known, see what is new, write in batches.

mod budget;
mod job;
mod known;
mod run;
mod turn;
mod walk;

pub(crate) use job::sha256_of;
pub(crate) use run::run;
pub(crate) use turn::turn;
pub(crate) use walk::{Found, walk};

use serde::Serialize;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

/// What is indexed, and how.
pub struct IndexOptions<'a> {
    /// The index, which is made when it is not there.
    pub index: String,
    /// Folders, walked recursively, and single files.
    pub folders: Vec<PathBuf>,
    /// Whether documents are removed whose files are gone from the folders.
    pub prune: bool,
    /// Pictures that are seen at the same time.
    pub threads: usize,
    /// Memory that decoding may take at the same time. One picture that takes more is decoded alone.
    pub decode_bytes: u64,
    /// Set to stop: what was seen is written, and the next run goes on from there.
    pub stop: &'a AtomicBool,
}

/// What happens while folders are indexed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Another run indexes into the same index; this one goes on when that is over.
    Waiting,
    /// So many files are in the folders, pictures or not.
    Counted {
        /// The number.
        files: u64,
    },
    /// So many files have been dealt with.
    Visited {
        /// The number since the last event of this kind.
        files: u64,
    },
    /// A picture is on the disk under this id.
    Indexed {
        /// Its file.
        path: PathBuf,
        /// Its document.
        id: String,
    },
    /// A file cannot be indexed.
    Failed(Failure),
}

/// A file that cannot be indexed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// The file; letters that are no UTF-8 are shown as �.
    pub path: String,
    /// Why.
    pub reason: String,
}

/// What became of the files.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Summary {
    /// Pictures seen and written, copies of known pictures among them.
    pub indexed: u64,
    /// Pictures that were there already.
    pub unchanged: u64,
    /// Pictures whose file was moved.
    pub renamed: u64,
    /// Documents removed because their files are gone.
    pub removed: u64,
    /// Files that could not be indexed.
    pub failed: Vec<Failure>,
    /// How long it took.
    pub seconds: f64,
    /// Whether it was stopped before the end.
    #[serde(skip)]
    pub stopped: bool,
    /// Files that are no pictures, by content and by name.
    #[serde(skip)]
    pub other_files: u64,
}

impl Summary {
    pub(crate) fn took(&mut self, time: Duration) {
        self.seconds = (time.as_secs_f64() * 1000.0).round() / 1000.0;
    }
}
