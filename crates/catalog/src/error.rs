//! Errors of the catalog.

use backends::BackendError;
use document::ErrorKind;
use query::QueryStringError;
use std::path::{Path, PathBuf};
use vision::{ModelError, SeeError};

/// What the catalog could not do.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    /// The backend failed.
    #[error(transparent)]
    Backend(#[from] BackendError),
    /// A picture cannot be seen.
    #[error("{name}: {source}")]
    Picture {
        /// The file, or what else names the picture.
        name: String,
        /// Why.
        source: SeeError,
    },
    /// A model cannot be used.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// A filter cannot be read.
    #[error("the filter cannot be read: {source}\n{}", source.caret(text))]
    Filter {
        /// The filter as given.
        text: String,
        /// What is wrong with it, and where.
        source: QueryStringError,
    },
    /// A request that cannot be met.
    #[error("{0}")]
    Invalid(String),
    /// Something that is not there.
    #[error("{0}")]
    NotFound(String),
    /// A file could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Work broke off: a defect of this program.
    #[error("{0}")]
    Internal(String),
}

impl CatalogError {
    /// The sort of failure.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Backend(error) => error.kind(),
            Self::Picture { .. } | Self::Model(_) | Self::Filter { .. } | Self::Invalid(_) => {
                ErrorKind::InvalidInput
            }
            Self::NotFound(_) => ErrorKind::NotFound,
            Self::Io { source, .. } if source.kind() == std::io::ErrorKind::NotFound => {
                ErrorKind::NotFound
            }
            Self::Io { .. } => ErrorKind::Unavailable,
            Self::Internal(_) => ErrorKind::Internal,
        }
    }

    pub(crate) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, source }
    }
}

/// What the catalog's functions answer.
pub type Result<T> = std::result::Result<T, CatalogError>;
