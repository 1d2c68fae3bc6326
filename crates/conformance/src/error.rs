//! What can keep scenarios from being played.

use std::path::PathBuf;

/// Why no scenario was played: what an engine answers wrongly is no error but a [`Failure`](crate::Failure).
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file of scenarios cannot be read.
    #[error("{}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A file of scenarios is not written as such files are.
    #[error("{}: {source}", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        source: yaml_serde::Error,
    },
    /// A scenario contradicts itself or another one.
    #[error("{}: {scenario:?}: {reason}", path.display())]
    Scenario {
        /// The file.
        path: PathBuf,
        /// The scenario's name.
        scenario: String,
        /// What is wrong with it.
        reason: String,
    },
    /// There is no engine of this name.
    #[error("expected one of elasticsearch-8, opensearch-3 and eidetic, got {got:?}")]
    UnknownEngine {
        /// The name that was given.
        got: String,
    },
    /// Nothing answers at the address.
    #[error("{url}: {reason}")]
    Unreachable {
        /// The address.
        url: String,
        /// What the connection ended with.
        reason: String,
    },
    /// No scenario bears the name that was asked for.
    #[error("no scenario's name contains {only:?}")]
    NothingToPlay {
        /// The part of a name that was asked for.
        only: String,
    },
}
