//! Small pictures of brightness, byte for byte as Pillow makes them.
//!
//! [`resize_luma`](crate::resize_luma) is within one or two of 255 of Pillow, and that turns bits
//! of a hash in pictures with little contrast in large. Here the weights have Pillow's 22 bits and
//! the passes its order: along rows first, as all versions up to 12 do it. Pillow 13 begins with
//! columns in tall pictures, which turns a few bits of theirs.

use crate::orient::{oriented_size, turn};
use std::f64::consts::PI;

/// Bits behind the point of a weight.
const PRECISION: u32 = 22;
/// Weights are multiplied in two halves that fit 16 bits each; the lower one has this many bits.
const LOWER: u32 = 11;
/// Lobes of the kernel on either side.
const LOBES: f64 = 3.0;

/// A picture of brightness, one byte a pixel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Thumb {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) pixels: Vec<u8>,
}

impl Thumb {
    /// Turns it upright.
    pub(super) fn turned(&self, orientation: u8) -> Self {
        let (width, height) = oriented_size(self.width, self.height, orientation);
        Self {
            width,
            height,
            pixels: turn::<1>(&self.pixels, (self.width, self.height), orientation),
        }
    }

    /// Its rows.
    pub(super) fn rows(&self) -> impl Iterator<Item = &[u8]> {
        self.pixels.chunks_exact(self.width as usize)
    }
}

/// Resizes one byte a pixel from `size` (width, height) by Lanczos to thumbs of one width and several heights: along
/// rows, rounded to bytes, then along columns.
pub(super) fn resize<const N: usize>(
    luma: &[u8],
    size: (usize, usize),
    to_width: u32,
    to_heights: [u32; N],
) -> [Thumb; N] {
    let (width, height) = size;
    let across = windows(width, to_width);
    // One column of the result after the other, so that each of them lies in one piece for the
    // second pass.
    let mut columns = vec![0; to_width as usize * height];
    let mut row = Vec::with_capacity(width);
    for (y, bytes) in luma.chunks_exact(width).enumerate() {
        row.clear();
        row.extend(bytes.iter().map(|&v| i16::from(v)));
        for (x, window) in across.iter().enumerate() {
            columns[x * height + y] = i16::from(window.apply(&row));
        }
    }
    to_heights.map(|to_height| {
        let down = windows(height, to_height);
        let mut pixels = vec![0; (to_width * to_height) as usize];
        for (x, column) in columns.chunks_exact(height).enumerate() {
            for (y, window) in down.iter().enumerate() {
                pixels[y * to_width as usize + x] = window.apply(column);
            }
        }
        Thumb {
            width: to_width,
            height: to_height,
            pixels,
        }
    })
}

/// The pixels that one pixel of the result is made of, and their weights.
struct Window {
    start: usize,
    upper: Vec<i16>,
    lower: Vec<i16>,
}

impl Window {
    fn apply(&self, line: &[i16]) -> u8 {
        let pixels = &line[self.start..self.start + self.upper.len()];
        let sum = |weights: &[i16]| -> i32 {
            pixels
                .iter()
                .zip(weights)
                .map(|(&pixel, &weight)| i32::from(pixel) * i32::from(weight))
                .sum()
        };
        let half = 1 << (PRECISION - 1);
        let value = half + (i64::from(sum(&self.upper)) << LOWER) + i64::from(sum(&self.lower));
        (value >> PRECISION).clamp(0, 255) as u8
    }
}

/// The windows of `to` pixels over a line of `length` pixels.
fn windows(length: usize, to: u32) -> Vec<Window> {
    let scale = length as f64 / f64::from(to);
    let stretch = scale.max(1.0);
    let reach = LOBES * stretch;
    let inside = |at: f64| (at.max(0.0) as usize).min(length);
    (0..to)
        .map(|pixel| {
            let center = (f64::from(pixel) + 0.5) * scale;
            let start = inside(center - reach + 0.5);
            let end = inside(center + reach + 0.5);
            let inverse = 1.0 / stretch;
            let mut weights: Vec<f64> = (start..end)
                .map(|at| lanczos((at as f64 - center + 0.5) * inverse))
                .collect();
            let sum: f64 = weights.iter().sum();
            weights.iter_mut().for_each(|weight| *weight /= sum);
            let (mut upper, mut lower) = (Vec::new(), Vec::new());
            for weight in weights {
                let fixed = (weight * f64::from(1 << PRECISION)).round() as i32;
                upper.push((fixed >> LOWER) as i16);
                lower.push((fixed & ((1 << LOWER) - 1)) as i16);
            }
            Window {
                start,
                upper,
                lower,
            }
        })
        .collect()
}

fn lanczos(x: f64) -> f64 {
    let sinc = |x: f64| {
        if x == 0.0 {
            1.0
        } else {
            (PI * x).sin() / (PI * x)
        }
    };
    if (-LOBES..LOBES).contains(&x) {
        sinc(x) * sinc(x / LOBES)
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ResizeFilter, resize_luma};

    #[test]
    fn a_picture_of_the_size_stays_as_it_is() {
        let luma: Vec<u8> = (0..32 * 32).map(|i| (i * 37 % 256) as u8).collect();
        let [thumb] = resize(&luma, (32, 32), 32, [32]);
        assert_eq!(thumb.pixels, luma);
    }

    #[test]
    fn others_are_near_the_fast_resizer() {
        for (width, height) in [(500, 375), (1, 1), (7, 300), (33, 31), (1200, 40)] {
            let luma: Vec<u8> = (0..width * height)
                .map(|i| 90 + ((i % width * 3 + i / width * 5) % 50 + i * i % 20) as u8)
                .collect();
            let size = (width as u32, height as u32);
            for exact in resize(&luma, (width, height), 9, [8, 32]) {
                let to = (exact.width, exact.height);
                let fast = resize_luma(&luma, size, to, ResizeFilter::Lanczos);
                for (exact, fast) in exact.pixels.iter().zip(fast) {
                    assert!(exact.abs_diff(fast) <= 2, "{width} × {height}");
                }
            }
        }
    }
}
