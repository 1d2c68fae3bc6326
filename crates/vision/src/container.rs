//! Walks the containers of picture formats: sizes, frames and blocks of metadata, without decoding a pixel.
//!
//! Every length is checked against the bytes that are there. A walker returns what it found before the first thing
//! that it could not follow, so that a file that is cut short still says what its head says.

pub(crate) mod bmp;
pub(crate) mod gif;
pub(crate) mod heif;
mod iso;
pub(crate) mod jpeg;
pub(crate) mod png;
pub(crate) mod raw;
mod read;
pub(crate) mod tiff;
pub(crate) mod webp;

pub(crate) use read::{be16, be32, part};
