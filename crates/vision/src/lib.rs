//! Bytes of a picture in, [`Features`] out.
//!
//! Pure: no files but a model folder that the caller names, no clock, no network, no threads.

mod container;
mod decode;
mod error;
mod features;
mod format;
mod limits;
mod metadata;
mod orient;
mod resize;
mod rgb;

pub use decode::{Decoded, decode};
pub use error::SeeError;
pub use features::{Camera, DominantColor, Features, Location, Metadata, Want, Words};
pub use format::{Format, SNIFF_BYTES, Sniffed, has_picture_extension, sniff};
pub use limits::{Header, Limits, probe};
pub use orient::{orient, oriented_size};
pub use resize::{ResizeFilter, resize_luma, resize_rgb};
pub use rgb::Rgb;
