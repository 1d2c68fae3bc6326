//! Errors of archives.

use std::path::{Path, PathBuf};

/// How many names of datasets an error lists.
const LISTED: usize = 20;

/// What could not be done with an archive.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The file could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The content is of no known format.
    #[error("{} is no archive of vectors that can be read: expected HDF5, got {got}", path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// What the file is instead, as far as that can be told.
        got: &'static str,
    },
    /// The name says no known format.
    #[error("{} says no format: expected a name that ends in .h5 or .hdf5", path.display())]
    Ending {
        /// The file.
        path: PathBuf,
    },
    /// The file is damaged, or uses what cannot be read.
    #[error("{} cannot be read as HDF5: {reason}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What does not fit.
        reason: String,
    },
    /// The file has no dataset of this name.
    #[error("{} has no dataset {name}, it has {}", path.display(), listed(there))]
    NoDataset {
        /// The file.
        path: PathBuf,
        /// The name that was asked for.
        name: String,
        /// The datasets that are there.
        there: Vec<String>,
    },
    /// A dataset has another shape than what it is to hold.
    #[error("dataset {dataset} of {} has the shape {got:?}, expected {expected}", path.display())]
    Shape {
        /// The file.
        path: PathBuf,
        /// The dataset.
        dataset: String,
        /// Its shape.
        got: Vec<u64>,
        /// The shapes that can be read.
        expected: &'static str,
    },
    /// A dataset holds something else than what it is to hold.
    #[error("dataset {dataset} of {} holds {got}, expected {expected}", path.display())]
    Type {
        /// The file.
        path: PathBuf,
        /// The dataset.
        dataset: String,
        /// What it holds.
        got: String,
        /// What can be read.
        expected: &'static str,
    },
    /// There are not as many names as vectors.
    #[error("{} has {names} names for {vectors} vectors, expected one for each", path.display())]
    NameCount {
        /// The file.
        path: PathBuf,
        /// The number of vectors.
        vectors: u64,
        /// The number of names.
        names: u64,
    },
    /// A dataset claims more than the file can hold, or than is read at once.
    #[error("dataset {dataset} of {} claims {claimed} bytes {what}, expected at most {limit}", path.display())]
    Claim {
        /// The file.
        path: PathBuf,
        /// The dataset.
        dataset: String,
        /// What is that large.
        what: &'static str,
        /// The bytes that it claims.
        claimed: u128,
        /// The most that can be.
        limit: u64,
    },
    /// The file was written to while it was read.
    #[error("{} was changed while it was read", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// A dataset cannot have this name.
    #[error("dataset name {name:?} is not valid: {reason}")]
    DatasetName {
        /// The name as given.
        name: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A vector is not as long as the archive's.
    #[error("row {row} has {got} numbers, expected {expected}")]
    Dims {
        /// The row, from 0.
        row: u64,
        /// Numbers in the archive's vectors.
        expected: usize,
        /// Numbers in this one.
        got: usize,
    },
}

impl ArchiveError {
    pub(crate) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, source }
    }
}

fn listed(names: &[String]) -> String {
    let shown = names.iter().take(LISTED);
    let mut text = shown.cloned().collect::<Vec<_>>().join(", ");
    match names.len() {
        0 => text.push_str("none"),
        number if number > LISTED => text.push_str(&format!(" and {} more", number - LISTED)),
        _ => {}
    }
    text
}

/// What the functions of archives answer.
pub type Result<T> = std::result::Result<T, ArchiveError>;
