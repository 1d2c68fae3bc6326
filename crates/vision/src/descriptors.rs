//! Descriptors that need no network: which colours a picture has, what its surfaces look like,
//! where its edges run.
//!
//! Each is of a picture of [`working_size`], upright, and gives numbers of unit length, to be
//! compared by cosine with vectors of the same fingerprint (`COLOR_EXTRACTOR`, …) only. To add one:
//! a file with a function, its length and the paper that it comes from, and a line in `looks.rs`;
//! `training/looks.py` then learns the axes anew, and the golden values and the fingerprint change.

mod bins;
mod color;
mod dominant;
mod gabor;
mod gradient;
mod lab;
mod looks;
mod moments;
mod shape;
mod texture;
mod unit;
mod working;

pub use color::{COLOR_DIMS, COLOR_EXTRACTOR, color};
pub use dominant::{MAX_DOMINANT_COLORS, dominant_colors};
pub use looks::{Described, LOOKS_DIMS, LOOKS_EXTRACTOR};
pub use shape::{SHAPE_DIMS, SHAPE_EXTRACTOR, shape};
pub use texture::{TEXTURE_DIMS, TEXTURE_EXTRACTOR, texture};
pub use working::{WORKING_SIDE, working_size};

/// What scikit-image and OpenCV say (`scripts/reference/descriptors.py`): of what, and the values.
#[cfg(test)]
pub(crate) fn reference(kind: &str) -> impl Iterator<Item = (Vec<f64>, Vec<f64>)> {
    let numbers = |text: &str| text.split(' ').map(|v| v.parse().unwrap()).collect();
    include_str!("../tests/data/descriptors.tsv")
        .lines()
        .map(|line| line.split('\t').collect::<Vec<_>>())
        .filter(move |cells| cells[0] == kind)
        .map(move |cells| (numbers(cells[1]), numbers(cells[2])))
}
