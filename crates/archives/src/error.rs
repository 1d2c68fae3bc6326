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
    /// The content is not what the name says, or of no known format.
    #[error("{} is no archive of vectors that can be read: expected {expected}, got {got}", path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// What the file is to be.
        expected: &'static str,
        /// What the file is instead, as far as that can be told.
        got: &'static str,
    },
    /// The name says no known format.
    #[error("{} says no format: expected a name that ends in {known}", path.display())]
    Ending {
        /// The file.
        path: PathBuf,
        /// The endings that say one.
        known: String,
    },
    /// No format has this name.
    #[error("no format is called {name:?}: expected one of {known}")]
    Format {
        /// The name as given.
        name: String,
        /// The formats that there are.
        known: String,
    },
    /// The file is damaged, or uses what cannot be read.
    #[error("{} cannot be read as {format}: {reason}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The format.
        format: &'static str,
        /// What does not fit.
        reason: String,
    },
    /// The file is shorter or longer than its header claims.
    #[error("{} claims {rows} rows of {dims} numbers, {expected} bytes in all, and has {got}: {}", path.display(), misfit(*row, *expected, *got))]
    Length {
        /// The file.
        path: PathBuf,
        /// The rows that it claims.
        rows: u64,
        /// The numbers in each.
        dims: usize,
        /// The bytes that they take, with what stands before them.
        expected: u128,
        /// The file's bytes.
        got: u64,
        /// The first row that is not there as a whole.
        row: u64,
    },
    /// A row says that it is not as long as the others.
    #[error("row {row} of {} says that it has {got} numbers, expected {expected} as in row 0", path.display())]
    Ragged {
        /// The file.
        path: PathBuf,
        /// The row, from 0.
        row: u64,
        /// Numbers in row 0.
        expected: usize,
        /// Numbers in this one.
        got: u32,
    },
    /// A dataset was asked for where there are none.
    #[error("{} is {format}, which has no datasets, so that none is called {name}", path.display())]
    Datasets {
        /// The file.
        path: PathBuf,
        /// The format.
        format: &'static str,
        /// The name that was asked for.
        name: String,
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
    /// A format does not hold numbers of this kind.
    #[error("{format} holds {holds}, not {asked}")]
    Number {
        /// The format.
        format: &'static str,
        /// What its numbers are.
        holds: &'static str,
        /// What they were to be.
        asked: &'static str,
    },
    /// A format cannot hold a number.
    #[error("number {at} of row {row} is {value}, expected {expected}")]
    Value {
        /// The row, from 0.
        row: u64,
        /// The number's place in it, from 0.
        at: usize,
        /// The number.
        value: f64,
        /// What the format holds.
        expected: &'static str,
    },
    /// A format cannot hold as many rows.
    #[error("{format} holds at most {limit} rows, got {rows}")]
    Rows {
        /// The format.
        format: &'static str,
        /// The most rows.
        limit: u64,
        /// The rows that were written.
        rows: u64,
    },
    /// A file of ids has not one for each vector.
    #[error("{} has {ids} ids for {vectors} vectors, expected one for each", path.display())]
    IdCount {
        /// The file of ids.
        path: PathBuf,
        /// The lines in it.
        ids: u64,
        /// The number of vectors.
        vectors: u64,
    },
    /// A line of a file of ids is no id.
    #[error("line {line} of {} is no id for row {row}: {reason}", path.display(), row = line - 1)]
    Id {
        /// The file of ids.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// What is wrong with it.
        reason: String,
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

fn misfit(row: u64, expected: u128, got: u64) -> String {
    match u128::from(got).checked_sub(expected) {
        None => format!("it is cut short in row {row}"),
        Some(more) => format!("{more} bytes come after the last row"),
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
