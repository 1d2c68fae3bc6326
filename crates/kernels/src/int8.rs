//! Kernels over int8 codes: vectors of whole numbers from -127 to 127 times a scale of their own.
//!
//! This is scalar quantization with a scale for each vector (LVQ without its mean: Aguerrebere et al., 2023). A code is
//! kept with 128 added, as a byte without sign, because the instructions that multiply bytes (VNNI) take one operand of
//! each kind. Rows of codes are padded to whole registers: [`row_bytes`] says how long one is at least. What is beyond the
//! vector's end is [`ZERO`], or for dot products anything: it is multiplied by 0.
//!
//! The sum of absolute differences needs one scale for all vectors; numbers beyond what codes can say are clamped.
//!
//! Dot products and differences are exact sums of whole numbers, equal on every instruction set.

use crate::{Isa, prefetch_slice};

#[cfg(test)]
mod tests;
mod totals;

use totals::{Differences, Products, Terms, Totals};

/// The code of the number 0.
pub const ZERO: u8 = 128;

/// The greatest code, without what is added.
pub const MOST: f32 = 127.0;

/// The widest registers, in bytes.
const REGISTER_BYTES: usize = 64;

/// Gives the bytes of the shortest row of so many codes, a multiple of 64. Longer rows are multiples of 64 as well.
pub fn row_bytes(dims: usize) -> usize {
    dims.next_multiple_of(REGISTER_BYTES)
}

/// Writes the codes of a vector and gives its scale: a number is its code, less [`ZERO`], times the scale, to within
/// half a scale. The scale of a vector of zeros is 0.
///
/// # Panics
/// If `codes` is shorter than the vector. Numbers that are not finite give codes without sense.
pub fn encode(vector: &[f32], codes: &mut [u8]) -> f32 {
    let greatest = vector
        .iter()
        .fold(0.0f32, |most, number| most.max(number.abs()));
    let scale = greatest / MOST;
    // The scale of the smallest vectors is below what can be inverted.
    let inverse = if scale < f32::MIN_POSITIVE {
        0.0
    } else {
        MOST / greatest
    };
    let (own, padding) = codes.split_at_mut(vector.len());
    for (code, number) in own.iter_mut().zip(vector) {
        // All of 1.5 to 255.5, so that leaving out the fraction rounds to the nearest.
        *code = (number * inverse + (f32::from(ZERO) + 0.5)) as u8;
    }
    padding.fill(ZERO);
    if inverse == 0.0 { 0.0 } else { scale }
}

/// Writes the codes of a vector by a scale that is given: a number is its code, less [`ZERO`], times the scale, to within half
/// a scale, where it is at most 127 scales. What is beyond is clamped; gives by how much in all.
///
/// # Panics
/// If `codes` is shorter than the vector. A scale that is not above 0, and numbers that are not finite, give codes without
/// sense.
pub fn encode_by(scale: f32, vector: &[f32], codes: &mut [u8]) -> f32 {
    let (own, padding) = codes.split_at_mut(vector.len());
    let most = MOST * scale;
    let mut beyond = 0.0;
    for (code, number) in own.iter_mut().zip(vector) {
        let clamped = number.clamp(-most, most);
        beyond += (number - clamped).abs();
        *code = (clamped / scale + (f32::from(ZERO) + 0.5)) as u8;
    }
    padding.fill(ZERO);
    beyond
}

/// Rows of codes that lie anywhere. What it does is compiled for the instruction set that compares them, if it is
/// `#[inline(always)]`.
pub trait Rows {
    /// Gives a row.
    ///
    /// # Panics
    /// If there are not as many.
    fn row(&self, at: usize) -> &[u8];

    /// Asks for a row to be brought near, some time before it is read.
    fn ask(&self, at: usize);
}

impl Rows for &[&[u8]] {
    #[inline(always)]
    fn row(&self, at: usize) -> &[u8] {
        self[at]
    }

    #[inline(always)]
    fn ask(&self, at: usize) {
        prefetch_slice(self[at]);
    }
}

/// A vector of codes made ready to be compared with many rows.
#[derive(Debug, Clone)]
pub struct Probe {
    isa: Isa,
    /// As long as a row; zeros beyond the vector's end.
    query: Vec<i8>,
    dims: usize,
    scale: f32,
    /// What the 128 that is added to every code of a row adds to its dot product.
    excess: i32,
}

impl Probe {
    /// Makes a probe for vectors of so many dims that has none yet; every dot product with it is 0.
    ///
    /// # Panics
    /// If a row is shorter than [`row_bytes`] says, or no multiple of 64.
    pub fn new(isa: Isa, dims: usize, row: usize) -> Probe {
        assert!(
            row >= row_bytes(dims) && row.is_multiple_of(REGISTER_BYTES),
            "a row of {dims} codes is padded to whole registers, got {row} bytes"
        );
        Probe {
            isa,
            query: vec![0; row],
            dims,
            scale: 0.0,
            excess: 0,
        }
    }

    /// Takes a row of codes, with its scale, as the vector to compare with.
    ///
    /// # Panics
    /// If the row is not as long as those of this probe.
    pub fn set(&mut self, codes: &[u8], scale: f32) {
        assert_eq!(codes.len(), self.query.len(), "a row of codes is padded");
        let mut sum = 0;
        for (number, code) in self.query[..self.dims].iter_mut().zip(codes) {
            *number = code.wrapping_sub(ZERO) as i8;
            sum += i32::from(*number);
        }
        self.scale = scale;
        self.excess = sum * i32::from(ZERO);
    }

    /// Gives the scale of the vector.
    pub fn scale(&self) -> f32 {
        self.scale
    }

    /// Computes the dot products of the codes, of as many rows as there are places in `out`: times both scales they are
    /// those of the vectors. While some rows are read, those that come a little later are asked for.
    ///
    /// # Panics
    /// If there are fewer rows than places, or a row is not as long as those of this probe.
    #[inline]
    pub fn dots(&self, rows: impl Rows, out: &mut [i32]) {
        self.totals(Products, self.excess, rows, out);
    }

    /// Computes the sums of the absolute differences of the codes: times the scale, which has to be the same for all, they
    /// are those of the vectors if what is beyond the ends of the rows' vectors is [`ZERO`]. For all else as [`Probe::dots`].
    ///
    /// # Panics
    /// As [`Probe::dots`].
    #[inline]
    pub fn differences(&self, rows: impl Rows, out: &mut [i32]) {
        self.totals(Differences, 0, rows, out);
    }

    #[inline]
    fn totals(&self, terms: impl Terms, excess: i32, rows: impl Rows, out: &mut [i32]) {
        self.isa.run_bytes(Totals {
            terms,
            query: &self.query,
            excess,
            rows,
            out,
        });
    }
}
