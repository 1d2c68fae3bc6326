//! What surfaces look like, wherever they are.

use super::gradient::orientation;
use super::unit::{to_length, to_square_roots, to_unit};
use super::working::Working;
use crate::Rgb;
use kernels::{Isa, Loops};

/// Numbers in a texture descriptor: 59 uniform patterns at each of two radii, and eight
/// orientations.
pub const TEXTURE_DIMS: usize = 2 * PATTERNS + ORIENTATIONS;

/// Fingerprint of the texture descriptor; vectors of different fingerprints are never compared.
pub const TEXTURE_EXTRACTOR: &str = "texture/1";

/// 58 uniform patterns, and one for all others.
const PATTERNS: usize = 59;
const ORIENTATIONS: usize = 8;

/// Length of the orientations' part beside a length of 1 for each radius.
const ORIENTATION_WEIGHT: f32 = 0.7;

/// A neighbour counts as brighter when it is brighter by this much of 255, so that noise is no
/// texture.
const BRIGHTER_BY: u8 = 4;

/// Rings of eight neighbours, (right, down), counter-clockwise from the right; whole pixels near a
/// circle.
const RINGS: [[(isize, isize); 8]; 2] = [
    [
        (2, 0),
        (1, -1),
        (0, -2),
        (-1, -1),
        (-2, 0),
        (-1, 1),
        (0, 2),
        (1, 1),
    ],
    [
        (4, 0),
        (3, -3),
        (0, -4),
        (-3, -3),
        (-4, 0),
        (-3, 3),
        (0, 4),
        (3, 3),
    ],
];

/// Describes the texture of a picture of [working size](super::working_size): [`TEXTURE_DIMS`]
/// numbers of unit length, to be compared by cosine (greater is more alike).
///
/// Local binary patterns (Ojala, Pietikäinen and Mäenpää, "Multiresolution gray-scale and rotation
/// invariant texture classification with local binary patterns", PAMI 2002): each pixel's ring of
/// eight neighbours is a pattern of brighter and not brighter, and the 58 patterns with at most two
/// changes around the ring have a bin each. A pixel votes with its contrast to its ring, which
/// measured better than one vote each (P@10 0.135 to 0.108 on Caltech-101), and so did radii of 2
/// and 4 than of 1 and 2 (0.143 to 0.135). The last eight numbers are how much edge there is in
/// each orientation.
pub fn texture(picture: &Rgb) -> Vec<f32> {
    of(&Working::new(picture))
}

/// What [`texture`] says of a picture.
pub(super) fn of(picture: &Working<'_>) -> Vec<f32> {
    let plane = Plane {
        luma: picture.luma(),
        width: picture.picture.width() as usize,
        height: picture.picture.height() as usize,
    };
    let mut texture = Vec::with_capacity(TEXTURE_DIMS);
    for ring in &RINGS {
        let mut patterns = plane.patterns(ring);
        to_square_roots(&mut patterns);
        to_length(&mut patterns, 1.0);
        texture.extend(patterns);
    }
    let mut orientations = plane.orientations();
    to_square_roots(&mut orientations);
    to_length(&mut orientations, ORIENTATION_WEIGHT);
    texture.extend(orientations);
    to_unit(&mut texture);
    texture
}

/// Brightness, row by row.
struct Plane<'a> {
    luma: &'a [u8],
    width: usize,
    height: usize,
}

impl Plane<'_> {
    /// Sums the contrast of every pixel whose whole ring is inside the picture into the bin of its
    /// pattern.
    fn patterns(&self, ring: &[(isize, isize); 8]) -> [f32; PATTERNS] {
        let mut bins = [0.0; PATTERNS];
        let reach = ring[0].0 as usize;
        if self.width <= 2 * reach || self.height <= 2 * reach {
            return bins;
        }
        let across = self.width - 2 * reach;
        let mut codes = vec![0u8; across];
        let mut contrasts = vec![0u16; across];
        // At most 8 × 255 from each of 256 × 256 pixels fits in 32 bits; larger pictures are not of
        // working size, but must not wrap either. Neighbours in a row often have the same pattern: each adds to a
        // table of its own, so that none waits for another.
        let mut sums = [[0u64; 256]; TABLES];
        for y in reach..self.height - reach {
            let start = y * self.width + reach;
            Isa::best().run_loops(Compared {
                centres: &self.luma[start..start + across],
                neighbours: ring.map(|(right, down)| {
                    let shifted = start.wrapping_add_signed(down * self.width as isize + right);
                    &self.luma[shifted..shifted + across]
                }),
                codes: &mut codes,
                contrasts: &mut contrasts,
            });
            for (codes, contrasts) in codes.chunks(TABLES).zip(contrasts.chunks(TABLES)) {
                for ((&code, &contrast), sums) in codes.iter().zip(contrasts).zip(&mut sums) {
                    sums[usize::from(code)] += u64::from(contrast);
                }
            }
        }
        for sums in &sums {
            for (&bin, &sum) in PATTERN_BINS.iter().zip(sums) {
                bins[usize::from(bin)] += sum as f32;
            }
        }
        bins
    }

    /// Sums the gradients of all inner pixels by orientation.
    fn orientations(&self) -> [f32; ORIENTATIONS] {
        let mut sums = [[0.0; LANES]; ORIENTATIONS];
        if self.width > 2 {
            Isa::best().run_loops(Steered {
                plane: self,
                sums: &mut sums,
            });
        }
        sums.map(|lanes| lanes.iter().sum())
    }
}

/// Tables that patterns are summed in.
const TABLES: usize = 4;

/// A row of pixels compared with the eight rows of its neighbours.
struct Compared<'a> {
    centres: &'a [u8],
    neighbours: [&'a [u8]; 8],
    codes: &'a mut [u8],
    contrasts: &'a mut [u16],
}

impl Loops for Compared<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        self.codes.fill(0);
        self.contrasts.fill(0);
        for (bit, neighbours) in self.neighbours.iter().enumerate() {
            let pixels = self.centres.iter().zip(*neighbours);
            for ((code, contrast), (&centre, &neighbour)) in
                self.codes.iter_mut().zip(&mut *self.contrasts).zip(pixels)
            {
                *code |= u8::from(neighbour > centre.saturating_add(BRIGHTER_BY - 1)) << bit;
                *contrast += u16::from(neighbour.abs_diff(centre));
            }
        }
    }
}

/// Pixels that are looked at side by side, for the widest registers.
const LANES: usize = 16;

/// The gradients of all inner pixels, shared by the nearest orientations: what
/// [`Gradient::votes`](super::gradient::Gradient::votes) says, without a branch.
struct Steered<'a> {
    plane: &'a Plane<'a>,
    sums: &'a mut [[f32; LANES]; ORIENTATIONS],
}

impl Loops for Steered<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { plane, sums } = self;
        let inner = plane.width - 2;
        for y in 1..plane.height.saturating_sub(1) {
            let row = |y: usize| &plane.luma[y * plane.width..(y + 1) * plane.width];
            let (above, here, below) = (row(y - 1), row(y), row(y + 1));
            for start in (0..inner).step_by(LANES) {
                let number = LANES.min(inner - start);
                // What is missing in the last piece of a row is flat, which has no gradient.
                let piece = |row: &[u8], first: usize| {
                    let mut piece = [0; LANES];
                    match row[start + first..].first_chunk() {
                        Some(whole) if number == LANES => piece = *whole,
                        _ => piece[..number].copy_from_slice(&row[start + first..][..number]),
                    }
                    piece
                };
                let (left, right) = (piece(here, 0), piece(here, 2));
                let (up, down) = (piece(above, 1), piece(below, 1));
                let (mut magnitudes, mut positions) = ([0.0; LANES], [0.0; LANES]);
                for lane in 0..LANES {
                    let dx = f32::from(right[lane]) - f32::from(left[lane]);
                    let dy = f32::from(down[lane]) - f32::from(up[lane]);
                    magnitudes[lane] = (dx * dx + dy * dy).sqrt();
                    // Differences are whole numbers: what is below 1 is 0.
                    positions[lane] = orientation(dx, dy, 1.0) * ORIENTATIONS as f32;
                }
                for (bin, sums) in sums.iter_mut().enumerate() {
                    for ((sum, magnitude), position) in
                        sums.iter_mut().zip(&magnitudes).zip(&positions)
                    {
                        let apart = (position - bin as f32).abs();
                        // The circle's end is its start.
                        let turned = (position - (bin + ORIENTATIONS) as f32).abs();
                        let nearest = if apart < turned { apart } else { turned };
                        let share = 1.0 - nearest;
                        *sum += magnitude * if share > 0.0 { share } else { 0.0 };
                    }
                }
            }
        }
    }
}

/// Bin of each of the 256 patterns: uniform ones in ascending order, then all others in the last.
const PATTERN_BINS: [u8; 256] = {
    let mut bins = [0; 256];
    let mut next = 0;
    let mut pattern = 0;
    while pattern < 256 {
        let ring = pattern as u8;
        bins[pattern] = if (ring ^ ring.rotate_left(1)).count_ones() <= 2 {
            next += 1;
            next - 1
        } else {
            PATTERNS as u8 - 1
        };
        pattern += 1;
    }
    bins
};

#[cfg(test)]
mod tests;
