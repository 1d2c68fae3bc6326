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
    #[error("mapper [{field}] cannot be changed from type [{existing}] to [{asked}]")]
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
    /// Parameters of a field that cannot change while the field lives.
    #[error(
        "Mapper for [{field}] conflicts with existing mapper:{}",
        listed(parameters)
    )]
    OptionConflict {
        /// The field's full path.
        field: String,
        /// What cannot change.
        parameters: Vec<Changed>,
    },
    /// An object's path that is a field's, or the reverse.
    #[error("can't merge a non object mapping [{path}] with an object mapping")]
    NoObject {
        /// The full path.
        path: String,
    },
    /// A nested object that would become a plain one, or the reverse.
    #[error("can't merge a non-nested mapping [{path}] with a nested mapping")]
    NotNested {
        /// The full path.
        path: String,
    },
    /// A parameter of an object that cannot change while the object lives.
    #[error("the [{parameter}] parameter can't be updated for the object mapping [{path}]")]
    ObjectOption {
        /// The full path.
        path: String,
        /// The parameter's name.
        parameter: &'static str,
    },
    /// The mapping grew past one of its limits.
    #[error("{reason}")]
    Limit {
        /// The limit, and what exceeds it.
        reason: String,
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

/// A parameter that cannot change while its field lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The parameter's name.
    pub parameter: &'static str,
    /// What it is.
    pub existing: String,
    /// What was asked for.
    pub asked: String,
}

fn listed(parameters: &[Changed]) -> String {
    let lines = parameters.iter().map(|changed| {
        let Changed {
            parameter,
            existing,
            asked,
        } = changed;
        format!("\n\tCannot update parameter [{parameter}] from [{existing}] to [{asked}]")
    });
    lines.collect()
}
