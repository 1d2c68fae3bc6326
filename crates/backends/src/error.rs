//! Errors of backends.

use document::ErrorKind;
use engine::EngineError;
use serde::{Deserialize, Serialize};

/// What a backend could not do. It travels between processes, so it holds words, not causes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{reason}")]
pub struct BackendError {
    /// The sort of failure.
    pub kind: ErrorKind,
    /// What is wrong, naming the thing.
    pub reason: String,
    /// Whether the connection to the folder's holder broke, so that nobody knows what became of the request.
    pub lost: bool,
}

impl BackendError {
    pub(crate) fn lost(reason: impl Into<String>) -> Self {
        Self {
            kind: ErrorKind::Unavailable,
            reason: reason.into(),
            lost: true,
        }
    }

    pub(crate) fn unavailable(reason: impl Into<String>) -> Self {
        Self {
            kind: ErrorKind::Unavailable,
            reason: reason.into(),
            lost: false,
        }
    }

    pub(crate) fn internal(reason: impl Into<String>) -> Self {
        Self {
            kind: ErrorKind::Internal,
            reason: reason.into(),
            lost: false,
        }
    }
}

impl From<EngineError> for BackendError {
    fn from(error: EngineError) -> Self {
        Self {
            kind: error.kind(),
            reason: error.to_string(),
            lost: false,
        }
    }
}

/// What backends answer.
pub type Result<T> = std::result::Result<T, BackendError>;
