//! Descriptors that need no network: which colours a picture has, what its surfaces look like,
//! where its edges run.
//!
//! Each is of a picture of [`working_size`], upright, and gives a vector of unit length, to be
//! compared by cosine with vectors of the same fingerprint (`COLOR_EXTRACTOR`, …) only. To add one:
//! a file with a function, its length, its fingerprint and the paper that it comes from; a line
//! here and in `lib.rs`; golden values in `tests/it/descriptors.rs`.

mod color;
mod dominant;
mod gradient;
mod shape;
mod texture;
mod unit;
mod weights;
mod working;

pub use color::{COLOR_DIMS, COLOR_EXTRACTOR, color};
pub use dominant::{MAX_DOMINANT_COLORS, dominant_colors};
pub use shape::{SHAPE_DIMS, SHAPE_EXTRACTOR, shape};
pub use texture::{TEXTURE_DIMS, TEXTURE_EXTRACTOR, texture};
pub use weights::FusionWeights;
pub use working::{WORKING_SIDE, working_size};
