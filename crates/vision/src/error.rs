//! Why a picture could not be seen.

use thiserror::Error;

/// Why bytes did not become a picture or its features.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SeeError {
    /// There are no bytes at all.
    #[error("the file is empty")]
    Empty,
    /// The bytes are of no picture format that is known.
    #[error("this is not a picture")]
    NotAPicture,
    /// A known picture format, or a kind of one, that this build cannot decode.
    #[error("{0} is not supported by this build{how}", how = feature(.0))]
    Unsupported(&'static str),
    /// A camera raw, by its name, of which nothing can be shown: no JPEG of 8 bits lies beside the sensor's values.
    #[error("{0} holds no preview that can be shown")]
    NoPreview(&'static str),
    /// The file is longer than it may be.
    #[error("file of {bytes} bytes exceeds the limit of {limit} bytes")]
    FileTooLarge {
        /// Length of the file.
        bytes: u64,
        /// Greatest length that is allowed.
        limit: u64,
    },
    /// The picture has more pixels than it may have.
    #[error("picture of {width} × {height} pixels exceeds the limit of {limit} pixels")]
    TooLarge {
        /// Pixels in a row, as stored.
        width: u32,
        /// Rows, as stored.
        height: u32,
        /// Greatest number of pixels that is allowed.
        limit: u64,
    },
    /// The file ends before the picture does.
    #[error("{format} file is truncated")]
    Truncated {
        /// Format of the file, as [`crate::Format::name`] has it.
        format: &'static str,
    },
    /// The file breaks the rules of its format.
    #[error("malformed {format} file: {reason}")]
    Malformed {
        /// Format of the file, as [`crate::Format::name`] has it.
        format: &'static str,
        /// What is wrong, in the decoder's words.
        reason: String,
    },
    /// The network failed on the picture.
    #[error("the network failed: {0}")]
    Network(String),
}

impl From<crate::ModelError> for SeeError {
    fn from(error: crate::ModelError) -> Self {
        Self::Network(error.to_string())
    }
}

/// How to build with what this build lacks.
fn feature(format: &str) -> &'static str {
    match format {
        "HEIC" => "; `--features heic` builds it in",
        "AVIF" => "; `--features avif` builds it in",
        _ => "",
    }
}
