//! Errors of backends.

use document::{Cause, ErrorKind, Failure};
use engine::EngineError;
use serde::{Deserialize, Serialize};

/// What a backend could not do. It travels between processes, so it holds words, not causes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{failure}")]
pub struct BackendError {
    /// What is wrong, naming the thing.
    pub failure: Failure,
    /// Whether the connection to the folder's holder broke, so that nobody knows what became of the request.
    pub lost: bool,
    /// Whether it broke before the whole request was sent, so that nothing of it was done.
    pub unsent: bool,
}

impl BackendError {
    /// The sort of failure.
    pub fn kind(&self) -> ErrorKind {
        self.failure.kind()
    }

    pub(crate) fn lost(reason: impl Into<String>) -> Self {
        Self {
            failure: Failure::new(Cause::Unavailable, reason),
            lost: true,
            unsent: false,
        }
    }

    /// Says that the request was not sent.
    pub(crate) fn before_sending(self) -> Self {
        Self {
            unsent: true,
            ..self
        }
    }

    pub(crate) fn unavailable(reason: impl Into<String>) -> Self {
        Self {
            failure: Failure::new(Cause::Unavailable, reason),
            lost: false,
            unsent: false,
        }
    }

    pub(crate) fn internal(reason: impl Into<String>) -> Self {
        Self {
            failure: Failure::new(Cause::Internal, reason),
            lost: false,
            unsent: false,
        }
    }
}

impl From<EngineError> for BackendError {
    fn from(error: EngineError) -> Self {
        Self {
            failure: error.into_failure(),
            lost: false,
            unsent: false,
        }
    }
}

/// What backends answer.
pub type Result<T> = std::result::Result<T, BackendError>;
