//! What a picture looks like: every descriptor in one vector.

use super::color::{self, COLOR_DIMS};
use super::dominant;
use super::gabor::{GABOR_DIMS, gabor};
use super::lab::{LAB_DIMS, lab};
use super::moments::{MOMENTS_DIMS, moments};
use super::shape::{self, SHAPE_DIMS};
use super::texture::{self, TEXTURE_DIMS};
use super::unit::{to_length, to_unit};
use super::working::Working;
use crate::{DominantColor, Rgb};
use kernels::{Isa, Loops};
use std::sync::OnceLock;

/// Numbers in a vector of looks.
pub const LOOKS_DIMS: usize = 192;

/// Fingerprint of the vector of looks; vectors of different fingerprints are never compared.
pub const LOOKS_EXTRACTOR: &str = "looks/1";

/// A descriptor: how many numbers it has, and what makes them.
type Part = (usize, fn(&Working<'_>) -> Vec<f32>);

/// The descriptors, in the order of `models/looks/axes.bin`.
const PARTS: [Part; 6] = [
    (COLOR_DIMS, color::of),
    (TEXTURE_DIMS, texture::of),
    (SHAPE_DIMS, shape::of),
    (LAB_DIMS, lab),
    (GABOR_DIMS, gabor),
    (MOMENTS_DIMS, moments),
];

/// Numbers of all descriptors.
const ALL_DIMS: usize = {
    let (mut sum, mut part) = (0, 0);
    while part < PARTS.len() {
        sum += PARTS[part].0;
        part += 1;
    }
    sum
};

/// All descriptors of one picture, and its main colours.
#[derive(Debug, Clone, PartialEq)]
pub struct Described {
    numbers: Vec<f32>,
    colors: Vec<DominantColor>,
}

impl Described {
    /// Describes a picture of [working size](super::working_size).
    pub fn new(picture: &Rgb) -> Self {
        let picture = Working::new(picture);
        let mut numbers = Vec::with_capacity(ALL_DIMS);
        for (_, describe) in PARTS {
            numbers.extend(describe(&picture));
        }
        Self {
            numbers,
            colors: dominant::of(&picture),
        }
    }

    /// The numbers of all descriptors, one after the other: what `training/looks.py` learns from.
    pub fn numbers(&self) -> &[f32] {
        &self.numbers
    }

    /// What [`dominant_colors`](super::dominant_colors) says.
    pub fn dominant_colors(&self) -> &[DominantColor] {
        &self.colors
    }

    /// What [`color`](super::color) says.
    pub fn color(&self) -> &[f32] {
        self.part(0)
    }

    /// What [`texture`](super::texture) says.
    pub fn texture(&self) -> &[f32] {
        self.part(1)
    }

    /// What [`shape`](super::shape) says.
    pub fn shape(&self) -> &[f32] {
        self.part(2)
    }

    fn part(&self, number: usize) -> &[f32] {
        let start: usize = PARTS[..number].iter().map(|(dims, _)| dims).sum();
        &self.numbers[start..start + PARTS[number].0]
    }

    /// What the picture looks like, by all descriptors together: [`LOOKS_DIMS`] numbers of unit length, to be compared
    /// by cosine (greater is more alike).
    ///
    /// Each descriptor is centred by its mean over photographs, which its best distance is the cosine of (texture: P@10
    /// 0.224, centred 0.249), and brought to its weight's length; of all of them together the principal axes are kept
    /// and whitened mildly (Jégou and Chum, "Negative evidences and co-occurences in image retrieval: the benefit of
    /// PCA and whitening", ECCV 2012). `training/looks.py` makes the axes; `bench/quality.md` has what it gives.
    pub fn looks(&self) -> Vec<f32> {
        let axes = axes();
        let mut numbers: Vec<f32> = self
            .numbers
            .iter()
            .zip(&axes.mean)
            .map(|(v, m)| v - m)
            .collect();
        let mut rest = numbers.as_mut_slice();
        for (dims, _) in PARTS {
            let part;
            (part, rest) = rest.split_at_mut(dims);
            to_length(part, 1.0);
        }
        let products = Isa::best().run_loops(Products {
            axes: &axes.axes,
            numbers: &numbers,
        });
        let scaled = products.iter().zip(axes.scale.iter().zip(&axes.offset));
        let mut looks: Vec<f32> = scaled
            .map(|(product, (scale, offset))| product * scale - offset)
            .collect();
        to_unit(&mut looks);
        looks
    }
}

/// The dot product of numbers with each axis.
struct Products<'a> {
    axes: &'a [i8],
    numbers: &'a [f32],
}

/// Sums that are kept side by side, for the widest registers.
const LANES: usize = 32;

impl Loops for Products<'_> {
    type Output = [f32; LOOKS_DIMS];

    #[inline(always)]
    fn run(self) -> [f32; LOOKS_DIMS] {
        let mut products = [0.0; LOOKS_DIMS];
        let (numbers, last_numbers) = self.numbers.as_chunks::<LANES>();
        for (product, axis) in products.iter_mut().zip(self.axes.chunks_exact(ALL_DIMS)) {
            let (axis, last_axis) = axis.as_chunks::<LANES>();
            let mut sums = [0.0; LANES];
            for (axis, numbers) in axis.iter().zip(numbers) {
                for ((sum, a), v) in sums.iter_mut().zip(axis).zip(numbers) {
                    *sum += f32::from(*a) * v;
                }
            }
            let mut sum = sums.iter().sum::<f32>();
            for (a, v) in last_axis.iter().zip(last_numbers) {
                sum += f32::from(*a) * v;
            }
            *product = sum;
        }
        products
    }
}

/// How looks are made of all descriptors.
struct Axes {
    /// Mean of each number over photographs.
    mean: Vec<f32>,
    /// What each axis is multiplied by, and what is subtracted then.
    scale: Vec<f32>,
    offset: Vec<f32>,
    /// [`LOOKS_DIMS`] × [`ALL_DIMS`].
    axes: Vec<i8>,
}

fn axes() -> &'static Axes {
    /// Little-endian: `mean`, `scale` and `offset` as 32-bit floats, then `axes`.
    const FILE: &[u8; 4 * (ALL_DIMS + 2 * LOOKS_DIMS) + ALL_DIMS * LOOKS_DIMS] =
        include_bytes!("../../../../models/looks/axes.bin");
    static AXES: OnceLock<Axes> = OnceLock::new();
    AXES.get_or_init(|| {
        let (floats, axes) = FILE.split_at(4 * (ALL_DIMS + 2 * LOOKS_DIMS));
        let (floats, _) = floats.as_chunks::<4>();
        let mut floats = floats.iter().map(|bytes| f32::from_le_bytes(*bytes));
        let mut take = |number: usize| floats.by_ref().take(number).collect();
        Axes {
            mean: take(ALL_DIMS),
            scale: take(LOOKS_DIMS),
            offset: take(LOOKS_DIMS),
            axes: axes.iter().map(|byte| byte.cast_signed()).collect(),
        }
    })
}
