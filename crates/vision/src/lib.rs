//! Bytes of a picture in, [`Features`] out.
//!
//! Pure: no files but a model folder that the caller names, no clock, no network, no threads.

mod color_names;
mod descriptors;
mod features;
mod hash;
mod lab;
mod resize;
mod rgb;

pub use color_names::{COLOR_NAMES, color_name};
pub use descriptors::{
    COLOR_DIMS, COLOR_EXTRACTOR, DESCRIPTOR_WEIGHTS, DescriptorWeights, MAX_DOMINANT_COLORS,
    SHAPE_DIMS, SHAPE_EXTRACTOR, TEXTURE_DIMS, TEXTURE_EXTRACTOR, WORKING_SIDE, color,
    dominant_colors, shape, texture, working_size,
};
pub use features::{Camera, DominantColor, Features, Location, Metadata, Want, Words};
pub use hash::{PHASH_SIDE, hamming, phash, phash_of_thumb, phash_thumb};
pub use resize::{ResizeFilter, resize_luma, resize_rgb};
pub use rgb::Rgb;
