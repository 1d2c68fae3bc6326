//! Bytes of a picture in, [`Features`] out.
//!
//! Pure: no files but a model folder that the caller names, no clock, no network. [`Extractor`] is the way in; what it
//! is made of can be used by itself.

mod color_names;
mod container;
mod decode;
mod descriptors;
mod error;
mod extractor;
mod features;
mod format;
mod hash;
mod lab;
mod limits;
mod metadata;
mod model;
mod orient;
mod resize;
mod rgb;
mod tags;

pub use color_names::{COLOR_NAMES, color_name};
pub use decode::{Decoded, decode};
pub use descriptors::{
    COLOR_DIMS, COLOR_EXTRACTOR, Described, LOOKS_DIMS, LOOKS_EXTRACTOR, MAX_DOMINANT_COLORS,
    SHAPE_DIMS, SHAPE_EXTRACTOR, TEXTURE_DIMS, TEXTURE_EXTRACTOR, WORKING_SIDE, color,
    dominant_colors, shape, texture, working_size,
};
pub use error::SeeError;
pub use extractor::{Extractor, VectorSpec, thumbnail};
pub use features::{Camera, DominantColor, Features, Location, Metadata, Want, Words};
pub use format::{Format, SNIFF_BYTES, Sniffed, has_picture_extension, sniff};
pub use hash::{HashThumbs, Hashes, hamming};
pub use limits::{Header, Limits, probe};
pub use model::{Model, ModelError, Seen};
pub use orient::{orient, oriented_size};
pub use resize::{ResizeFilter, resize_luma, resize_rgb};
pub use rgb::Rgb;
pub use tags::{FoundTerm, MAX_TAGS, Tag, Term, Vocabulary};
