//! Kinds of errors, shared by every crate whose errors reach a user.

use serde::{Deserialize, Serialize};

/// What sort of failure an error is; the outermost crates turn it into a status or an exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ErrorKind {
    /// What was asked is malformed or contradicts the mapping; asking again will not help.
    InvalidInput,
    /// The index, document or field does not exist.
    NotFound,
    /// The document changed since the caller looked, or exists already.
    Conflict,
    /// Stored bytes fail their checksum or make no sense.
    Corrupt,
    /// Another process, a full disk or a stop stands in the way; asking again may help.
    Unavailable,
    /// A defect of this program.
    Internal,
}

/// A mapping that cannot be changed as asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MappingError {
    /// A field exists with another type.
    #[error("field {field} is mapped as {existing} and cannot become {asked}")]
    TypeConflict {
        /// The field's full path.
        field: String,
        /// The type that it has.
        existing: String,
        /// The type that was asked for.
        asked: String,
    },
    /// A vector field exists with another extractor, so its vectors cannot be compared with new ones.
    #[error(
        "field {field} holds vectors made by {existing}, which cannot be compared with vectors made by {asked}"
    )]
    ExtractorConflict {
        /// The field's full path.
        field: String,
        /// Fingerprint of the extractor whose vectors are stored.
        existing: String,
        /// Fingerprint of the extractor that was asked for.
        asked: String,
    },
    /// A parameter of a field that cannot change while the field lives.
    #[error("parameter {parameter} of field {field} cannot be changed")]
    OptionConflict {
        /// The field's full path.
        field: String,
        /// The parameter's name.
        parameter: &'static str,
    },
    /// A field name that cannot be used.
    #[error("field name {name:?} is not valid: {reason}")]
    BadName {
        /// The name as given.
        name: String,
        /// What is wrong with it.
        reason: &'static str,
    },
}
