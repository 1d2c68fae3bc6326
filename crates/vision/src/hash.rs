//! Perceptual hashes: near-identical pictures have hashes with few different bits.

mod thumb;

use crate::Rgb;
use std::f64::consts::PI;

/// Side of the [`phash_thumb`], in pixels.
pub const PHASH_SIDE: u32 = 32;

const SIDE: usize = PHASH_SIDE as usize;
/// Frequencies in each direction that the hash looks at.
const LOW: usize = 8;

/// Numbers nearer to 0 than this are rounding: a cosine transform of 32 × 32 bytes that is not 0 is
/// larger by far in practice, and the rounding of one is below 1e-9.
const ROUNDING: f64 = 1e-7;

/// Gives the perceptual hash of an upright picture: the number whose 16 hexadecimal digits
/// `imagehash.phash` of Python's ImageHash prints, the first bit of the hash being the highest.
///
/// The method is Zauner's ("Implementation and Benchmarking of Perceptual Image Hash Functions",
/// 2010) as ImageHash does it: brightness, 32 × 32 pixels by Lanczos, a cosine transform, and
/// whether each of its lowest 8 × 8 numbers is above their median. Where symmetry makes numbers
/// exactly 0, ImageHash's bits hang on the rounding of its transform; here they are 0 > median.
pub fn phash(picture: &Rgb) -> u64 {
    phash_of_thumb(&phash_thumb(
        &picture.luma(),
        (picture.width(), picture.height()),
    ))
}

/// Gives the 32 × 32 bytes of brightness, row by row, that a perceptual hash is made of: brightness
/// ([`Rgb::luma`]) of `size` (width, height) resized by Lanczos with Pillow's arithmetic, byte for
/// byte.
///
/// # Panics
/// When a side is 0 or `luma` is not as long as `size` says.
pub fn phash_thumb(luma: &[u8], size: (u32, u32)) -> [u8; SIDE * SIDE] {
    let (width, height) = (size.0 as usize, size.1 as usize);
    assert!(
        width > 0 && width.checked_mul(height) == Some(luma.len()),
        "{} bytes are not {width} × {height} pixels",
        luma.len()
    );
    thumb::resize(luma, (width, height))
}

/// Gives the perceptual hash of an upright picture by its [`phash_thumb`].
///
/// For callers that turn pictures upright after resizing: Lanczos commutes with mirroring and
/// quarter turns but for the rounding of single bytes, and turning 1,024 bytes costs nothing.
pub fn phash_of_thumb(thumb: &[u8; SIDE * SIDE]) -> u64 {
    let low = low_frequencies(thumb);
    let mut sorted = low;
    sorted.sort_by(f64::total_cmp);
    let median = (sorted[LOW * LOW / 2 - 1] + sorted[LOW * LOW / 2]) / 2.0;
    low.iter()
        .fold(0, |hash, &v| (hash << 1) | u64::from(v > median))
}

/// Counts the bits in which two hashes differ, 0 to 64; up to about 10 the pictures are most likely
/// the same.
pub fn hamming(a: u64, b: u64) -> u32 {
    (a ^ b).count_ones()
}

/// The lowest 8 × 8 numbers of the two-dimensional DCT-II, without normalisation, row by row.
fn low_frequencies(thumb: &[u8; SIDE * SIDE]) -> [f64; LOW * LOW] {
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
        let thumb: [u8; SIDE * SIDE] = std::array::from_fn(|i| (i * i % 251) as u8);
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
