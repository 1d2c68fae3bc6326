//! The size at which pictures are described, and what several descriptors look at.

use crate::{ResizeFilter, Rgb, resize_luma, resize_rgb};
use std::cell::OnceCell;

/// Longest side of a working picture, in pixels.
pub const WORKING_SIDE: u32 = 256;

/// Side of the squashed pictures, in pixels.
pub(super) const SQUARE_SIDE: usize = 64;

/// Gives the size to which a picture of `width` × `height` pixels is resized before it is
/// described.
pub fn working_size(width: u32, height: u32) -> (u32, u32) {
    let long = width.max(height);
    if long <= WORKING_SIDE {
        return (width.max(1), height.max(1));
    }
    let scaled = |side: u32| {
        let rounded = (2 * u64::from(side) * u64::from(WORKING_SIDE) + u64::from(long))
            / (2 * u64::from(long));
        (rounded as u32).max(1)
    };
    (scaled(width), scaled(height))
}

/// A picture of [`working_size`], and what several descriptors look at, made when the first one does.
pub(super) struct Working<'a> {
    pub(super) picture: &'a Rgb,
    luma: OnceCell<Vec<u8>>,
    square: OnceCell<Rgb>,
    luma_square: OnceCell<Vec<u8>>,
}

impl<'a> Working<'a> {
    pub(super) fn new(picture: &'a Rgb) -> Self {
        Self {
            picture,
            luma: OnceCell::new(),
            square: OnceCell::new(),
            luma_square: OnceCell::new(),
        }
    }

    /// Brightness of each pixel, row by row.
    pub(super) fn luma(&self) -> &[u8] {
        self.luma.get_or_init(|| self.picture.luma())
    }

    /// The picture squashed to a square of [`SQUARE_SIDE`] by means.
    pub(super) fn square(&self) -> &Rgb {
        let side = SQUARE_SIDE as u32;
        self.square
            .get_or_init(|| resize_rgb(self.picture, side, side, ResizeFilter::Box))
    }

    /// Brightness squashed to a square of [`SQUARE_SIDE`].
    pub(super) fn luma_square(&self) -> &[u8] {
        self.luma_square
            .get_or_init(|| self.luma_squashed(SQUARE_SIDE))
    }

    /// Brightness squashed to a square of another side.
    pub(super) fn luma_squashed(&self, side: usize) -> Vec<u8> {
        let size = (self.picture.width(), self.picture.height());
        let to = (side as u32, side as u32);
        resize_luma(self.luma(), size, to, ResizeFilter::Bilinear)
    }
}
