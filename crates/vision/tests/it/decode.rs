//! Decoding against Pillow's answers, and against bytes that are wrong.

mod bad_input;
pub(crate) mod files;
mod headers;
#[cfg(any(feature = "heic", feature = "avif"))]
mod heif;
mod metadata;
mod raw;
mod reference;
