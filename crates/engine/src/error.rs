//! Errors of the engine.

use document::{Cause, ErrorKind, Failure, MappingError};
use std::io;
use std::path::{Path, PathBuf};
use tantivy::TantivyError;
use tantivy::directory::error::{OpenReadError, OpenWriteError};

/// What the engine could not do.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The index does not exist.
    #[error("no index is named {0}")]
    NoIndex(String),
    /// An index of this name exists already.
    #[error("index {0} exists already")]
    IndexExists(String),
    /// The name cannot be an index's.
    #[error("index name {name:?} is not valid: {reason}")]
    IndexName {
        /// The name as given.
        name: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The mapping cannot be changed as asked.
    #[error(transparent)]
    Mapping(#[from] MappingError),
    /// A query cannot be run on this index.
    #[error("{0}")]
    Query(String),
    /// A request cannot be run, for a reason that has a name of its own.
    #[error("{0}")]
    Failed(Box<Failure>),
    /// A query vector has another length than the field's vectors.
    #[error("field {field} holds vectors of {expected} dims, got a query vector of {got}")]
    Dims {
        /// The field's full path.
        field: String,
        /// Dims of the field.
        expected: usize,
        /// Dims of the query vector.
        got: usize,
    },
    /// A query vector was made by another extractor than the field's vectors.
    #[error(
        "field {field} holds vectors made by {stored}, the query's vector was made by {asked}: they cannot be compared"
    )]
    Extractor {
        /// The field's full path.
        field: String,
        /// What made the stored vectors.
        stored: String,
        /// What made the query's vector.
        asked: String,
    },
    /// Another process has the folder open.
    #[error("the data folder {} is open in another process", folder.display())]
    Held {
        /// The data folder.
        folder: PathBuf,
    },
    /// The folder was written by a version of the program that this one does not know.
    #[error(
        "the data folder {} has format version {found}, this program reads versions up to {newest}: use a newer program", folder.display()
    )]
    Version {
        /// The data folder.
        folder: PathBuf,
        /// The version that it has.
        found: u32,
        /// The newest version that this program reads.
        newest: u32,
    },
    /// Bytes on disk are not what was written.
    #[error("{} is damaged: {reason}", path.display())]
    Corrupt {
        /// The file or folder.
        path: PathBuf,
        /// What does not fit.
        reason: String,
    },
    /// A file could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The truth store failed.
    #[error("{}: {source}", path.display())]
    Truth {
        /// The store's file.
        path: PathBuf,
        /// What it said.
        source: Box<redb::Error>,
    },
    /// The text index failed.
    #[error("{}: {source}", path.display())]
    Text {
        /// The text index's folder.
        path: PathBuf,
        /// What it said.
        source: TantivyError,
    },
    /// The vector index failed.
    #[error(transparent)]
    Vectors(#[from] ann::Error),
    /// A defect of the program showed while a graph was worked on.
    #[error(
        "{}: working on the graph panicked ({reason}): it is made again when the index is opened again", path.display()
    )]
    Panicked {
        /// The graph's file.
        path: PathBuf,
        /// What the panic said.
        reason: String,
    },
    /// An earlier failure left what is derived behind the truth; it is caught up as soon as that is possible.
    #[error("index {index} is behind what was written, since {reason}")]
    Behind {
        /// The index.
        index: String,
        /// The failure.
        reason: String,
    },
}

impl EngineError {
    /// The sort of failure.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Failed(failure) => failure.kind(),
            Self::NoIndex(_) => ErrorKind::NotFound,
            Self::IndexExists(_) => ErrorKind::Conflict,
            Self::IndexName { .. }
            | Self::Mapping(_)
            | Self::Query(_)
            | Self::Dims { .. }
            | Self::Extractor { .. } => ErrorKind::InvalidInput,
            Self::Version { .. } | Self::Corrupt { .. } => ErrorKind::Corrupt,
            Self::Held { .. } | Self::Io { .. } | Self::Behind { .. } => ErrorKind::Unavailable,
            Self::Truth { source, .. } => match **source {
                redb::Error::Corrupted(_) => ErrorKind::Corrupt,
                _ => ErrorKind::Unavailable,
            },
            Self::Vectors(error) => match error {
                ann::Error::VectorDims { .. }
                | ann::Error::NotFinite { .. }
                | ann::Error::TooLarge { .. } => ErrorKind::InvalidInput,
                error if error.calls_for_rebuild() => ErrorKind::Corrupt,
                _ => ErrorKind::Unavailable,
            },
            Self::Text { .. } => ErrorKind::Unavailable,
            Self::Panicked { .. } => ErrorKind::Internal,
        }
    }

    /// Tells the failure in words that can travel.
    pub fn into_failure(self) -> Failure {
        let reason = self.to_string();
        let cause = match &self {
            Self::Failed(_) => Cause::Internal,
            Self::NoIndex(_) => Cause::IndexNotFound,
            Self::IndexExists(_) => Cause::IndexExists,
            Self::IndexName { .. } => Cause::IndexName,
            Self::Mapping(_) => Cause::IllegalArgument,
            Self::Query(_) | Self::Dims { .. } | Self::Extractor { .. } => Cause::QueryShard,
            other => match other.kind() {
                ErrorKind::InvalidInput => Cause::IllegalArgument,
                ErrorKind::NotFound => Cause::IndexNotFound,
                ErrorKind::Conflict => Cause::VersionConflict,
                ErrorKind::Corrupt => Cause::Corrupt,
                ErrorKind::Unavailable => Cause::Unavailable,
                ErrorKind::Internal => Cause::Internal,
            },
        };
        match self {
            Self::Failed(failure) => *failure,
            Self::NoIndex(index) | Self::IndexExists(index) => {
                Failure::new(cause, reason).in_index(&index)
            }
            _ => Failure::new(cause, reason),
        }
    }

    pub(crate) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, source }
    }

    /// A failure of the text index in a folder; that of one of its files, as if it had been read or written here.
    pub(crate) fn text(path: &Path) -> impl FnOnce(TantivyError) -> Self {
        let path = path.to_owned();
        move |source| {
            let (file, source) = match source {
                TantivyError::IoError(source) => (None, source),
                TantivyError::OpenWriteError(OpenWriteError::IoError { io_error, filepath })
                | TantivyError::OpenReadError(OpenReadError::IoError { io_error, filepath }) => {
                    (Some(filepath), io_error)
                }
                source => return Self::Text { path, source },
            };
            Self::Io {
                path: file.map_or(path.clone(), |file| path.join(file)),
                source: io::Error::new(source.kind(), source),
            }
        }
    }

    pub(crate) fn corrupt(path: &Path, reason: impl Into<String>) -> Self {
        Self::Corrupt {
            path: path.to_owned(),
            reason: reason.into(),
        }
    }
}

impl From<Failure> for EngineError {
    fn from(failure: Failure) -> Self {
        Self::Failed(Box::new(failure))
    }
}

/// What the engine's functions answer.
pub type Result<T> = std::result::Result<T, EngineError>;
