//! Kernels over 32-bit floats, the rows of which may be stored in 16 bits a number.
//!
//! Sums are kept in 32-bit floats, in at least 16 independent chains. Against the exact result, with
//! T the sum of the absolute values of the n terms that are added up, the error of [`dot`],
//! [`l2_squared`], [`l1`] and [`dot_and_norm`] is at most (n / 16 + 16) · 2⁻²³ · T + n · 2⁻¹²⁶ as long
//! as T is below the largest float; the tests hold every instruction set to that.

use crate::{Element, Isa, Metric, metric, prefetch};

/// How many rows that lie anywhere are asked for ahead of the one that is compared.
const AHEAD: usize = 4;

/// How much of each. The processor sees by itself that the rest follows, and brings it sooner than by being asked for it.
const BYTES_AHEAD: usize = 512;

mod sums;
#[cfg(test)]
mod tests;

use sums::{Dot, DotAndNorm, Each, L1, L2Squared, pair};

/// Computes the dot product of two vectors.
///
/// # Panics
/// If the lengths differ.
pub fn dot<E: Element>(isa: Isa, a: &[f32], b: &[E]) -> f32 {
    let [dot] = pair::<1, Dot, _>(isa, a, b);
    dot
}

/// Computes the dot products of a vector with rows that lie one behind the other, `out.len()` rows as long as it.
///
/// # Panics
/// If `rows` is not as long as that.
pub fn dots<E: Element>(isa: Isa, query: &[f32], rows: &[E], out: &mut [f32]) {
    assert_eq!(
        rows.len(),
        query.len() * out.len(),
        "rows are as long as the vector"
    );
    isa.run(Each::<1, _, _, _> {
        terms: Dot,
        query,
        rows: rows.chunks_exact(query.len().max(1)),
        out,
        finish: |[dot]: [f32; 1]| dot,
    });
}

/// Computes the squared Euclidean distance of two vectors, smaller = nearer.
///
/// # Panics
/// If the lengths differ.
pub fn l2_squared<E: Element>(isa: Isa, a: &[f32], b: &[E]) -> f32 {
    let [distance] = pair::<1, L2Squared, _>(isa, a, b);
    distance
}

/// Computes the sum of the absolute differences of two vectors, smaller = nearer.
///
/// # Panics
/// If the lengths differ.
pub fn l1<E: Element>(isa: Isa, a: &[f32], b: &[E]) -> f32 {
    let [distance] = pair::<1, L1, _>(isa, a, b);
    distance
}

/// Computes in one pass what the cosine is made of: the dot product of a query with a row, and the
/// row's squared norm.
///
/// # Panics
/// If the lengths differ.
pub fn dot_and_norm<E: Element>(isa: Isa, query: &[f32], row: &[E]) -> (f32, f32) {
    let [dot, norm_squared] = pair::<2, DotAndNorm, _>(isa, query, row);
    (dot, norm_squared)
}

/// A query vector made ready to be compared with many rows.
#[derive(Debug, Clone, Copy)]
pub struct Probe<'a> {
    isa: Isa,
    metric: Metric,
    query: &'a [f32],
    /// 1 / norm of the query, 0 where it has no direction; used by the cosine alone.
    inverse_norm: f32,
}

impl<'a> Probe<'a> {
    /// Makes a query ready.
    ///
    /// # Panics
    /// If the query is empty.
    pub fn new(isa: Isa, metric: Metric, query: &'a [f32]) -> Probe<'a> {
        assert!(!query.is_empty(), "a query vector has at least one number");
        let inverse_norm = metric::inverse_norm(dot(isa, query, query));
        Probe {
            isa,
            metric,
            query,
            inverse_norm,
        }
    }

    /// Gives the length of the query and of every row.
    pub fn dims(&self) -> usize {
        self.query.len()
    }

    /// Computes the similarity of one row, greater = nearer.
    ///
    /// # Panics
    /// If the row is not as long as the query.
    pub fn one_to_one<E: Element>(&self, row: &[E]) -> f32 {
        let mut similarity = [0.0];
        self.one_to_many(row, &mut similarity);
        similarity[0]
    }

    /// Computes the similarities, greater = nearer, of rows that lie one behind the other.
    ///
    /// `rows` is row-major, `out.len()` rows of [`Probe::dims`] numbers.
    ///
    /// # Panics
    /// If `rows` is not as long as that.
    pub fn one_to_many<E: Element>(&self, rows: &[E], out: &mut [f32]) {
        let dims = self.dims();
        assert!(
            rows.len().is_multiple_of(dims) && rows.len() / dims == out.len(),
            "{} rows of {dims} floats are expected, got {} floats",
            out.len(),
            rows.len()
        );
        self.each(rows.chunks_exact(dims), out);
    }

    /// Computes the similarities, greater = nearer, of rows that lie anywhere.
    ///
    /// # Panics
    /// If there are not as many rows as places in `out`, or a row is not as long as the query.
    pub fn one_to_scattered<E: Element>(&self, rows: &[&[E]], out: &mut [f32]) {
        assert_eq!(rows.len(), out.len(), "there is one place for each row");
        for row in rows {
            assert_eq!(row.len(), self.dims(), "a row is as long as the query");
        }
        let ask = |row: &&[E]| prefetch(row.as_ptr(), size_of_val(*row).min(BYTES_AHEAD));
        rows.iter().take(AHEAD).for_each(ask);
        let mut ahead = rows.iter().skip(AHEAD);
        let rows = rows.iter().inspect(|_| {
            ahead.next().into_iter().for_each(ask);
        });
        self.each(rows.copied(), out);
    }

    fn each<'r, E: Element + 'r>(&self, rows: impl Iterator<Item = &'r [E]>, out: &mut [f32]) {
        let Probe {
            isa,
            query,
            inverse_norm,
            ..
        } = *self;
        match self.metric {
            Metric::Dot => isa.run(Each::<1, _, _, _> {
                terms: Dot,
                query,
                rows,
                out,
                finish: |[dot]: [f32; 1]| metric::of_dot(dot),
            }),
            Metric::L2Squared => isa.run(Each::<1, _, _, _> {
                terms: L2Squared,
                query,
                rows,
                out,
                finish: |[distance]: [f32; 1]| metric::of_distance(distance),
            }),
            Metric::L1 => isa.run(Each::<1, _, _, _> {
                terms: L1,
                query,
                rows,
                out,
                finish: |[distance]: [f32; 1]| metric::of_distance(distance),
            }),
            Metric::Cosine => isa.run(Each::<2, _, _, _> {
                terms: DotAndNorm,
                query,
                rows,
                out,
                finish: |[dot, norm_squared]: [f32; 2]| {
                    metric::of_cosine_parts(dot, inverse_norm, norm_squared)
                },
            }),
        }
    }
}
