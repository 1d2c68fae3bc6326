//! Bytes of a picture in, [`Features`] out.
//!
//! Pure: no files but a model folder that the caller names, no clock, no network, no threads.

mod features;
mod resize;
mod rgb;

pub use features::{Camera, DominantColor, Features, Location, Metadata, Want, Words};
pub use resize::{ResizeFilter, resize_luma, resize_rgb};
pub use rgb::Rgb;
