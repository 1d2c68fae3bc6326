//! Small pictures of brightness, byte for byte as Pillow makes them.
//!
//! [`resize_luma`](crate::resize_luma) is within one or two of 255 of Pillow, and that turns bits
//! of a hash in pictures with little contrast in large. Here the weights have Pillow's 22 bits and
//! the passes its order: along rows first, as all versions up to 12 do it. Pillow 13 begins with
//! columns in tall pictures, which turns a few bits of theirs.

use crate::orient::{oriented_size, turn};
use kernels::{Isa, Loops};
use std::f64::consts::PI;
use std::ops::Range;

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

/// Resizes one byte a pixel from `size` (width, height) by Lanczos to thumbs of several sizes: along rows, rounded to
/// bytes, then along columns.
pub(super) fn resize<const N: usize>(
    luma: &[u8],
    size: (usize, usize),
    to: [(u32, u32); N],
) -> [Thumb; N] {
    let (width, height) = size;
    // Thumbs of the same width share the first pass, and those of the same height the windows of the second.
    let mut narrowed = Vec::<(u32, Vec<i16>)>::with_capacity(N);
    let mut down = Vec::<(u32, Windows)>::with_capacity(N);
    to.map(|(to_width, to_height)| {
        let columns = made_once(&mut narrowed, to_width, || {
            Isa::best().run_loops(Narrowed {
                luma,
                width,
                windows: &Windows::new(width, to_width),
            })
        });
        let windows = made_once(&mut down, to_height, || Windows::new(height, to_height));
        Isa::best().run_loops(Shortened {
            columns,
            stride: height + PADDING,
            width: to_width,
            windows,
        })
    })
}

/// What was made for a number of pixels, or is made now.
fn made_once<T>(known: &mut Vec<(u32, T)>, pixels: u32, make: impl FnOnce() -> T) -> &T {
    let at = match known.iter().position(|(other, _)| *other == pixels) {
        Some(at) => at,
        None => {
            known.push((pixels, make()));
            known.len() - 1
        }
    };
    &known[at].1
}

/// The first pass: columns of the result, one after the other, so that each of them lies in one piece for the second pass.
struct Narrowed<'a> {
    luma: &'a [u8],
    width: usize,
    windows: &'a Windows,
}

impl Loops for Narrowed<'_> {
    /// Each column is as long as the picture is high, and [`PADDING`] zeros.
    type Output = Vec<i16>;

    #[inline(always)]
    fn run(self) -> Vec<i16> {
        let height = self.luma.len() / self.width;
        let stride = height + PADDING;
        let mut columns = vec![0; self.windows.starts.len() * stride];
        let mut line = vec![0_i16; self.width + PADDING];
        for (y, bytes) in self.luma.chunks_exact(self.width).enumerate() {
            for (value, byte) in line.iter_mut().zip(bytes) {
                *value = i16::from(*byte);
            }
            for x in 0..self.windows.starts.len() {
                columns[x * stride + y] = i16::from(self.windows.apply(x, &line));
            }
        }
        columns
    }
}

/// The second pass.
struct Shortened<'a> {
    columns: &'a [i16],
    stride: usize,
    width: u32,
    windows: &'a Windows,
}

impl Loops for Shortened<'_> {
    type Output = Thumb;

    #[inline(always)]
    fn run(self) -> Thumb {
        let (width, height) = (self.width as usize, self.windows.starts.len());
        let mut pixels = vec![0; width * height];
        for (x, column) in self.columns.chunks_exact(self.stride).enumerate() {
            for y in 0..height {
                pixels[y * width + x] = self.windows.apply(y, column);
            }
        }
        Thumb {
            width: self.width,
            height: height as u32,
            pixels,
        }
    }
}

/// Weights come in pieces of this many, for the widest registers.
const PIECE: usize = 32;
/// Pixels of value 0 after a line, which weights of 0 at the end of the last piece fall on.
const PADDING: usize = PIECE;

/// The pixels that each pixel of a result is made of, and their weights.
struct Windows {
    /// The first pixel of each.
    starts: Vec<usize>,
    /// Pieces of weights of each.
    pieces: usize,
    /// Upper and lower halves of weights, `pieces` for each pixel of the result.
    upper: Vec<[i16; PIECE]>,
    lower: Vec<[i16; PIECE]>,
}

impl Windows {
    /// The windows of `to` pixels over a line of `length` pixels.
    fn new(length: usize, to: u32) -> Self {
        let scale = length as f64 / f64::from(to);
        let stretch = scale.max(1.0);
        let reach = LOBES * stretch;
        let inside = |at: f64| (at.max(0.0) as usize).min(length);
        let bounds: Vec<(f64, usize, usize)> = (0..to)
            .map(|pixel| {
                let center = (f64::from(pixel) + 0.5) * scale;
                let start = inside(center - reach + 0.5);
                (center, start, inside(center + reach + 0.5))
            })
            .collect();
        let longest = bounds.iter().map(|(_, start, end)| end - start).max();
        let pieces = longest.unwrap_or(0).div_ceil(PIECE);
        let mut windows = Self {
            starts: Vec::with_capacity(bounds.len()),
            pieces,
            upper: vec![[0; PIECE]; pieces * bounds.len()],
            lower: vec![[0; PIECE]; pieces * bounds.len()],
        };
        let mut weights = Vec::new();
        for (pixel, (center, start, end)) in bounds.into_iter().enumerate() {
            lanczos(start..end, center, stretch, &mut weights);
            let inverse = 1.0 / weights.iter().sum::<f64>();
            let upper = windows.upper[pixel * pieces..].as_flattened_mut();
            let lower = windows.lower[pixel * pieces..].as_flattened_mut();
            for ((upper, lower), weight) in upper.iter_mut().zip(lower).zip(&weights) {
                let fixed = weight * inverse * f64::from(1 << PRECISION);
                let fixed = (fixed + 0.5_f64.copysign(fixed)) as i32;
                *upper = (fixed >> LOWER) as i16;
                *lower = (fixed & ((1 << LOWER) - 1)) as i16;
            }
            windows.starts.push(start);
        }
        windows
    }

    /// One pixel of the result.
    #[inline(always)]
    fn apply(&self, pixel: usize, line: &[i16]) -> u8 {
        let of_pixel = pixel * self.pieces..(pixel + 1) * self.pieces;
        let (upper, lower) = (&self.upper[of_pixel.clone()], &self.lower[of_pixel]);
        // The pieces that reach beyond the padding have weights of 0 alone.
        let (values, _) = line[self.starts[pixel]..].as_chunks::<PIECE>();
        let (mut of_upper, mut of_lower) = (0, 0);
        for ((values, upper), lower) in values.iter().zip(upper).zip(lower) {
            of_upper += products(values, upper);
            of_lower += products(values, lower);
        }
        let half = 1 << (PRECISION - 1);
        let value = half + (i64::from(of_upper) << LOWER) + i64::from(of_lower);
        (value >> PRECISION).clamp(0, 255) as u8
    }
}

#[inline(always)]
fn products(values: &[i16; PIECE], weights: &[i16; PIECE]) -> i32 {
    let mut sum = 0;
    for (&value, &weight) in values.iter().zip(weights) {
        sum += i32::from(value) * i32::from(weight);
    }
    sum
}

/// Computes the kernel at some pixels, not yet of sum 1: sinc(x) · sinc(x / 3), where x is the distance from the center
/// over `stretch`.
///
/// With y = πx / 3 that is sin²y · (3 − 4 sin²y) / (3y²). From the pixel at the center outwards, the sine of each is had
/// from the one before (the angles add up), which is 1e-13 from the sine itself at most and costs a tenth of it.
fn lanczos(pixels: Range<usize>, center: f64, stretch: f64, weights: &mut Vec<f64>) {
    weights.clear();
    weights.resize(pixels.len(), 0.0);
    let third = PI / (LOBES * stretch);
    let at = |pixel: usize| (pixel as f64 - center + 0.5) * third;
    let middle = (center as usize).clamp(pixels.start, pixels.end) - pixels.start;
    let (before, after) = weights.split_at_mut(middle);
    walk(after.iter_mut(), at(pixels.start + middle), third);
    if let Some(last) = middle.checked_sub(1) {
        walk(before.iter_mut().rev(), at(pixels.start + last), -third);
    }
}

/// Computes the kernel at `first` radians and on from there.
fn walk<'a>(weights: impl Iterator<Item = &'a mut f64>, first: f64, step: f64) {
    let (step_sine, step_cosine) = step.sin_cos();
    let (mut sine, mut cosine) = first.sin_cos();
    for (number, weight) in weights.enumerate() {
        let y = first + number as f64 * step;
        let square = sine * sine;
        *weight = if y == 0.0 {
            1.0
        } else if (-PI..PI).contains(&y) {
            square * (3.0 - 4.0 * square) / (3.0 * y * y)
        } else {
            0.0
        };
        (sine, cosine) = (
            sine * step_cosine + cosine * step_sine,
            cosine * step_cosine - sine * step_sine,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ResizeFilter, resize_luma};

    #[test]
    fn a_picture_of_the_size_stays_as_it_is() {
        let luma: Vec<u8> = (0..32 * 32).map(|i| (i * 37 % 256) as u8).collect();
        let [thumb] = resize(&luma, (32, 32), [(32, 32)]);
        assert_eq!(thumb.pixels, luma);
    }

    #[test]
    fn weights_are_those_of_the_formula() {
        let sinc = |x: f64| {
            if x == 0.0 {
                1.0
            } else {
                (PI * x).sin() / (PI * x)
            }
        };
        for (length, to) in [(500, 8), (375, 32), (4000, 9), (7, 32), (1, 8), (33, 32)] {
            let scale = length as f64 / f64::from(to);
            let stretch = scale.max(1.0);
            for pixel in 0..to {
                let center = (f64::from(pixel) + 0.5) * scale;
                let mut weights = Vec::new();
                lanczos(0..length, center, stretch, &mut weights);
                for (at, weight) in weights.into_iter().enumerate() {
                    let x = (at as f64 - center + 0.5) / stretch;
                    let expected = if (-LOBES..LOBES).contains(&x) {
                        sinc(x) * sinc(x / LOBES)
                    } else {
                        0.0
                    };
                    assert!(
                        (weight - expected).abs() < 1e-12,
                        "{length} to {to}, {pixel}, {at}: {weight}, not {expected}"
                    );
                }
            }
        }
    }

    #[test]
    fn others_are_near_the_fast_resizer() {
        for (width, height) in [(500, 375), (1, 1), (7, 300), (33, 31), (1200, 40)] {
            let luma: Vec<u8> = (0..width * height)
                .map(|i| 90 + ((i % width * 3 + i / width * 5) % 50 + i * i % 20) as u8)
                .collect();
            let size = (width as u32, height as u32);
            for exact in resize(&luma, (width, height), [(9, 8), (9, 32)]) {
                let to = (exact.width, exact.height);
                let fast = resize_luma(&luma, size, to, ResizeFilter::Lanczos);
                for (exact, fast) in exact.pixels.iter().zip(fast) {
                    assert!(exact.abs_diff(fast) <= 2, "{width} × {height}");
                }
            }
        }
    }
}
