//! Perceptual hashes: near-identical pictures have hashes with few different bits.

mod thumb;

use crate::Rgb;
use std::f64::consts::PI;
use thumb::Thumb;

/// Side of the picture of which the perceptual hash looks at the frequencies.
const SIDE: usize = 32;
/// Frequencies in each direction that the perceptual hash looks at.
const LOW: usize = 8;
/// Bits of a hash in a row, and rows.
const BITS: u32 = 8;

/// Numbers nearer to 0 than this are rounding: a cosine transform of 32 × 32 bytes that is not 0 is
/// larger by far in practice, and the rounding of one is below 1e-9.
const ROUNDING: f64 = 1e-7;

/// Perceptual hashes of a picture, 64 bits each: the numbers whose 16 hexadecimal digits Python's
/// ImageHash prints, the first bit of a hash being the highest. Hashes of one kind are compared by
/// [`hamming`], smaller = more alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hashes {
    /// `imagehash.average_hash`: whether each of 8 × 8 pixels is brighter than their mean
    /// (Krawetz, "Looks like it", 2011).
    pub ahash: u64,
    /// `imagehash.dhash`: whether each of 8 × 8 pixels is darker than the one to its right
    /// (Krawetz, "Kind of like that", 2013).
    pub dhash: u64,
    /// `imagehash.phash`: whether each of the lowest 8 × 8 frequencies of 32 × 32 pixels is above
    /// their median (Zauner, "Implementation and benchmarking of perceptual image hash functions",
    /// 2010). Where symmetry makes numbers exactly 0, ImageHash's bits hang on the rounding of its
    /// transform; here they are 0 > median.
    pub phash: u64,
}

impl Hashes {
    /// Hashes an upright picture.
    pub fn new(picture: &Rgb) -> Self {
        HashThumbs::new(picture).hashes(1)
    }
}

/// What the hashes of a picture are made of, however it is turned: its brightness
/// ([`Rgb::luma`]) at a few small sizes, resized by Lanczos with Pillow's arithmetic, byte for byte.
///
/// Turning these costs nothing, and Lanczos commutes with mirroring and quarter turns but for the
/// rounding of single bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HashThumbs {
    /// 8 × 8 pixels.
    square: Thumb,
    /// 9 × 8 pixels.
    wide: Thumb,
    /// 8 × 9 pixels: the wide one of a picture on its side.
    tall: Thumb,
    /// 32 × 32 pixels.
    fine: Thumb,
}

impl HashThumbs {
    /// Makes them of a picture as it is stored.
    pub fn new(picture: &Rgb) -> Self {
        let luma = picture.luma();
        let size = (picture.width() as usize, picture.height() as usize);
        let side = SIDE as u32;
        let sizes = [
            (BITS, BITS),
            (BITS + 1, BITS),
            (BITS, BITS + 1),
            (side, side),
        ];
        let [square, wide, tall, fine] = thumb::resize(&luma, size, sizes);
        Self {
            square,
            wide,
            tall,
            fine,
        }
    }

    /// Hashes the picture that is stored in an EXIF orientation (1 = upright) as it is upright.
    pub fn hashes(&self, orientation: u8) -> Hashes {
        let on_its_side = matches!(orientation, 5..=8);
        let wide = if on_its_side { &self.tall } else { &self.wide };
        Hashes {
            ahash: ahash(&self.square.turned(orientation)),
            dhash: dhash(&wide.turned(orientation)),
            phash: phash(&self.fine.turned(orientation)),
        }
    }

    /// Hashes the picture in all eight orientations, in the order of EXIF's: a copy that was turned
    /// or mirrored has a hash near one of them.
    pub fn all_hashes(&self) -> [Hashes; 8] {
        std::array::from_fn(|at| self.hashes(at as u8 + 1))
    }
}

/// Joins bits, the first one highest.
fn join(bits: impl Iterator<Item = bool>) -> u64 {
    bits.fold(0, |hash, bit| (hash << 1) | u64::from(bit))
}

fn ahash(square: &Thumb) -> u64 {
    let sum: u32 = square.pixels.iter().map(|&v| u32::from(v)).sum();
    let count = BITS * BITS;
    join(square.pixels.iter().map(|&v| u32::from(v) * count > sum))
}

fn dhash(wide: &Thumb) -> u64 {
    join(
        wide.rows()
            .flat_map(|row| row.windows(2).map(|pair| pair[1] > pair[0])),
    )
}

fn phash(fine: &Thumb) -> u64 {
    let low = low_frequencies(&fine.pixels);
    let mut sorted = low;
    sorted.sort_by(f64::total_cmp);
    let median = (sorted[LOW * LOW / 2 - 1] + sorted[LOW * LOW / 2]) / 2.0;
    join(low.iter().map(|&v| v > median))
}

/// Counts the bits in which two hashes differ, 0 to 64; up to about 10 the pictures are most likely
/// the same.
pub fn hamming(a: u64, b: u64) -> u32 {
    (a ^ b).count_ones()
}

/// The lowest 8 × 8 numbers of the two-dimensional DCT-II, without normalisation, row by row.
fn low_frequencies(thumb: &[u8]) -> [f64; LOW * LOW] {
    let cosines: [[f64; SIDE]; LOW] = std::array::from_fn(|k| {
        std::array::from_fn(|n| 2.0 * (PI * (k * (2 * n + 1)) as f64 / (2 * SIDE) as f64).cos())
    });
    // Columns first, as far as they are needed.
    let mut columns = [[0.0; SIDE]; LOW];
    for (column, cosines) in columns.iter_mut().zip(&cosines) {
        for (row, cosine) in thumb.chunks_exact(SIDE).zip(cosines) {
            for (sum, &pixel) in column.iter_mut().zip(row) {
                *sum += cosine * f64::from(pixel);
            }
        }
    }
    std::array::from_fn(|index| {
        let (row, wave) = (&columns[index / LOW], &cosines[index % LOW]);
        let sum: f64 = row.iter().zip(wave).map(|(v, cosine)| v * cosine).sum();
        if sum.abs() < ROUNDING { 0.0 } else { sum }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frequencies_are_sums_of_cosines() {
        let thumb: Vec<u8> = (0..SIDE * SIDE).map(|i| (i * i % 251) as u8).collect();
        let low = low_frequencies(&thumb);
        for (u, v) in [(0, 0), (0, 3), (5, 0), (7, 7), (2, 6)] {
            let wave = |k: usize, n: usize| (PI * (k * (2 * n + 1)) as f64 / 64.0).cos();
            let expected: f64 = (0..SIDE * SIDE)
                .map(|i| 4.0 * f64::from(thumb[i]) * wave(u, i / SIDE) * wave(v, i % SIDE))
                .sum();
            let got = low[u * LOW + v];
            assert!(
                (got - expected).abs() < 1e-6,
                "{u} {v}: {got}, not {expected}"
            );
        }
    }
}
