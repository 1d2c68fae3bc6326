//! Why a network cannot be used.

use std::path::{Path, PathBuf};

/// Why a network cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// A file cannot be read.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file is longer than it may be.
    #[error("{} is {bytes} bytes long, at most {limit} are read", path.display())]
    TooLong {
        /// The file.
        path: PathBuf,
        /// Its length.
        bytes: u64,
        /// The greatest length.
        limit: u64,
    },
    /// `model.toml` does not say what it should.
    #[error("{}: {reason}", path.display())]
    Config {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The weights are no network that can be run.
    #[error("{} is no ONNX network that can be run: {reason}", path.display())]
    Weights {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The network has no input or output of the name that `model.toml` gives.
    #[error("{} has no {what} named {name}: it has {known}", path.display())]
    Name {
        /// The weights.
        path: PathBuf,
        /// `input` or `output`.
        what: &'static str,
        /// The name that `model.toml` gives.
        name: String,
        /// The names that there are.
        known: String,
    },
    /// The network failed.
    #[error("{} failed: {reason}", path.display())]
    Run {
        /// The weights.
        path: PathBuf,
        /// Why.
        reason: String,
    },
}

impl ModelError {
    pub(super) fn config(path: &Path, reason: impl Into<String>) -> Self {
        Self::Config {
            path: path.to_owned(),
            reason: reason.into(),
        }
    }
}
