//! A wall around decoders that others wrote.

use crate::error::SeeError;
use crate::format::Format;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs a decoder and makes its panic an error of this one picture, so that a batch goes on. None of the decoders is
/// known to panic; they meet bytes that nobody has looked at. What a decoder leaves behind is dropped with it, so no
/// state that it broke is seen again.
pub(super) fn shielded<T>(
    format: Format,
    decode: impl FnOnce() -> Result<T, SeeError>,
) -> Result<T, SeeError> {
    catch_unwind(AssertUnwindSafe(decode)).unwrap_or_else(|_| {
        Err(SeeError::Malformed {
            format: format.name(),
            reason: "the decoder gave up".to_owned(),
        })
    })
}
