//! Kernels over 32-bit floats.
//!
//! Sums are kept in 32-bit floats, in at least 16 independent chains. Against the exact result, with
//! T the sum of the absolute values of the n terms that are added up, the error of [`dot`],
//! [`l2_squared`], [`l1`] and [`dot_and_norm`] is at most (n / 16 + 16) · 2⁻²³ · T + n · 2⁻¹²⁶ as long
//! as T is below the largest float; the tests hold every instruction set to that.

use crate::lanes::{Lanes, Task};
use crate::{Isa, Metric, metric};

#[cfg(test)]
mod tests;

/// How many registers of sums are kept for each block, so that additions need not wait for another.
const CHAINS: usize = 4;

/// How many rows ahead of the one being read a scattered row's start is asked for.
const PREFETCH_ROWS: usize = 4;

/// How many floats one line of the cache holds on nearly all processors.
const LINE: usize = 16;

/// How many lines of a scattered row are asked for; the processor's own prefetcher sees the rest.
const PREFETCH_LINES: usize = 8;

/// Computes the dot product of two vectors.
///
/// # Panics
/// If the lengths differ.
pub fn dot(isa: Isa, a: &[f32], b: &[f32]) -> f32 {
    let [dot] = pair::<1, Dot>(isa, a, b);
    dot
}

/// Computes the squared Euclidean distance of two vectors, smaller = nearer.
///
/// # Panics
/// If the lengths differ.
pub fn l2_squared(isa: Isa, a: &[f32], b: &[f32]) -> f32 {
    let [distance] = pair::<1, L2Squared>(isa, a, b);
    distance
}

/// Computes the sum of the absolute differences of two vectors, smaller = nearer.
///
/// # Panics
/// If the lengths differ.
pub fn l1(isa: Isa, a: &[f32], b: &[f32]) -> f32 {
    let [distance] = pair::<1, L1>(isa, a, b);
    distance
}

/// Computes in one pass what the cosine is made of: the dot product of a query with a row, and the
/// row's squared norm.
///
/// # Panics
/// If the lengths differ.
pub fn dot_and_norm(isa: Isa, query: &[f32], row: &[f32]) -> (f32, f32) {
    let [dot, norm_squared] = pair::<2, DotAndNorm>(isa, query, row);
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
    pub fn one_to_one(&self, row: &[f32]) -> f32 {
        let mut similarity = [0.0];
        self.one_to_many(row, &mut similarity);
        similarity[0]
    }

    /// Computes the similarities, greater = nearer, of rows that lie one behind the other.
    ///
    /// `rows` is row-major, `out.len()` rows of [`Probe::dims`] floats.
    ///
    /// # Panics
    /// If `rows` is not as long as that.
    pub fn one_to_many(&self, rows: &[f32], out: &mut [f32]) {
        let dims = self.dims();
        assert!(
            rows.len().is_multiple_of(dims) && rows.len() / dims == out.len(),
            "{} rows of {dims} floats are expected, got {} floats",
            out.len(),
            rows.len()
        );
        self.each(Contiguous { rows, dims }, out);
    }

    /// Computes the similarities, greater = nearer, of rows that lie anywhere.
    ///
    /// # Panics
    /// If there are not as many rows as places in `out`, or a row is not as long as the query.
    pub fn one_to_scattered(&self, rows: &[&[f32]], out: &mut [f32]) {
        assert_eq!(rows.len(), out.len(), "there is one place for each row");
        for row in rows {
            assert_eq!(row.len(), self.dims(), "a row is as long as the query");
        }
        self.each(Scattered { rows }, out);
    }

    fn each<R: Rows>(&self, rows: R, out: &mut [f32]) {
        let Probe {
            isa,
            query,
            inverse_norm,
            ..
        } = *self;
        match self.metric {
            Metric::Dot => isa.run(Each::<1, Dot, _, _> {
                query,
                rows,
                out,
                finish: |[dot]: [f32; 1]| metric::of_dot(dot),
                terms: Dot,
            }),
            Metric::L2Squared => isa.run(Each::<1, L2Squared, _, _> {
                query,
                rows,
                out,
                finish: |[distance]: [f32; 1]| metric::of_distance(distance),
                terms: L2Squared,
            }),
            Metric::L1 => isa.run(Each::<1, L1, _, _> {
                query,
                rows,
                out,
                finish: |[distance]: [f32; 1]| metric::of_distance(distance),
                terms: L1,
            }),
            Metric::Cosine => isa.run(Each::<2, DotAndNorm, _, _> {
                query,
                rows,
                out,
                finish: |[dot, norm_squared]: [f32; 2]| {
                    metric::of_cosine_parts(dot, inverse_norm, norm_squared)
                },
                terms: DotAndNorm,
            }),
        }
    }
}

/// Where the rows lie.
trait Rows: Copy {
    /// Gives a row that is known to exist.
    fn row(&self, index: usize) -> &[f32];
    /// Asks for rows that will be read soon, where the processor cannot guess them.
    fn ahead<L: Lanes>(&self, lanes: L, index: usize);
}

#[derive(Clone, Copy)]
struct Contiguous<'a> {
    rows: &'a [f32],
    dims: usize,
}

impl Rows for Contiguous<'_> {
    #[inline(always)]
    fn row(&self, index: usize) -> &[f32] {
        &self.rows[index * self.dims..][..self.dims]
    }

    #[inline(always)]
    fn ahead<L: Lanes>(&self, _lanes: L, _index: usize) {}
}

#[derive(Clone, Copy)]
struct Scattered<'a> {
    rows: &'a [&'a [f32]],
}

impl Rows for Scattered<'_> {
    #[inline(always)]
    fn row(&self, index: usize) -> &[f32] {
        self.rows[index]
    }

    #[inline(always)]
    fn ahead<L: Lanes>(&self, lanes: L, index: usize) {
        if let Some(row) = self.rows.get(index + PREFETCH_ROWS) {
            for line in row.chunks(LINE).take(PREFETCH_LINES) {
                lanes.prefetch(line);
            }
        }
    }
}

/// What is added up over the numbers of two vectors: N sums, whose terms are all 0 where both
/// numbers are 0.
trait Terms<const N: usize>: Copy {
    /// Adds the terms of one register of each vector to the sums.
    fn add<L: Lanes>(
        self,
        lanes: L,
        sums: [L::Vector; N],
        a: L::Vector,
        b: L::Vector,
    ) -> [L::Vector; N];
}

#[derive(Clone, Copy, Default)]
struct Dot;

impl Terms<1> for Dot {
    #[inline(always)]
    fn add<L: Lanes>(
        self,
        lanes: L,
        [sum]: [L::Vector; 1],
        a: L::Vector,
        b: L::Vector,
    ) -> [L::Vector; 1] {
        [lanes.mul_add(a, b, sum)]
    }
}

#[derive(Clone, Copy, Default)]
struct L2Squared;

impl Terms<1> for L2Squared {
    #[inline(always)]
    fn add<L: Lanes>(
        self,
        lanes: L,
        [sum]: [L::Vector; 1],
        a: L::Vector,
        b: L::Vector,
    ) -> [L::Vector; 1] {
        let difference = lanes.sub(a, b);
        [lanes.mul_add(difference, difference, sum)]
    }
}

#[derive(Clone, Copy, Default)]
struct L1;

impl Terms<1> for L1 {
    #[inline(always)]
    fn add<L: Lanes>(
        self,
        lanes: L,
        [sum]: [L::Vector; 1],
        a: L::Vector,
        b: L::Vector,
    ) -> [L::Vector; 1] {
        [lanes.add(sum, lanes.abs(lanes.sub(a, b)))]
    }
}

#[derive(Clone, Copy, Default)]
struct DotAndNorm;

impl Terms<2> for DotAndNorm {
    #[inline(always)]
    fn add<L: Lanes>(
        self,
        lanes: L,
        [dot, norm]: [L::Vector; 2],
        a: L::Vector,
        b: L::Vector,
    ) -> [L::Vector; 2] {
        [lanes.mul_add(a, b, dot), lanes.mul_add(b, b, norm)]
    }
}

/// The sums of one pair of vectors.
struct Pair<'a, const N: usize, T> {
    a: &'a [f32],
    b: &'a [f32],
    terms: T,
}

impl<const N: usize, T: Terms<N>> Task for Pair<'_, N, T> {
    type Output = [f32; N];

    #[inline(always)]
    fn call<L: Lanes>(self, lanes: L) -> [f32; N] {
        sums(lanes, self.terms, self.a, self.b)
    }
}

fn pair<const N: usize, T: Terms<N> + Default>(isa: Isa, a: &[f32], b: &[f32]) -> [f32; N] {
    assert_eq!(
        a.len(),
        b.len(),
        "two vectors of the same length are compared"
    );
    isa.run(Pair {
        a,
        b,
        terms: T::default(),
    })
}

/// The similarities of one query with many rows, each as long as the query.
struct Each<'a, const N: usize, T, R, F> {
    query: &'a [f32],
    rows: R,
    out: &'a mut [f32],
    terms: T,
    finish: F,
}

impl<const N: usize, T, R, F> Task for Each<'_, N, T, R, F>
where
    T: Terms<N>,
    R: Rows,
    F: Fn([f32; N]) -> f32,
{
    type Output = ();

    #[inline(always)]
    fn call<L: Lanes>(self, lanes: L) {
        for (index, similarity) in self.out.iter_mut().enumerate() {
            self.rows.ahead(lanes, index);
            let sums = sums(lanes, self.terms, self.query, self.rows.row(index));
            *similarity = (self.finish)(sums);
        }
    }
}

/// Adds up the terms of two vectors of the same length.
#[inline(always)]
fn sums<const N: usize, T: Terms<N>, L: Lanes>(
    lanes: L,
    terms: T,
    a: &[f32],
    b: &[f32],
) -> [f32; N] {
    let mut chains = [[lanes.zero(); N]; CHAINS];
    let mut a_blocks = a.chunks_exact(CHAINS * L::WIDTH);
    let mut b_blocks = b.chunks_exact(CHAINS * L::WIDTH);
    for (a, b) in a_blocks.by_ref().zip(b_blocks.by_ref()) {
        for (i, chain) in chains.iter_mut().enumerate() {
            let part = i * L::WIDTH..(i + 1) * L::WIDTH;
            *chain = terms.add(
                lanes,
                *chain,
                lanes.load(&a[part.clone()]),
                lanes.load(&b[part]),
            );
        }
    }
    let (mut a, mut b) = (a_blocks.remainder(), b_blocks.remainder());
    for chain in &mut chains {
        let width = L::WIDTH.min(a.len()).min(b.len());
        if width == 0 {
            break;
        }
        let (a_part, a_rest) = a.split_at(width);
        let (b_part, b_rest) = b.split_at(width);
        // What a part does not fill is 0 on both sides and adds nothing.
        *chain = terms.add(
            lanes,
            *chain,
            lanes.load_part(a_part),
            lanes.load_part(b_part),
        );
        (a, b) = (a_rest, b_rest);
    }
    std::array::from_fn(|n| {
        let [first, second, third, fourth] = chains;
        let low = lanes.add(first[n], second[n]);
        let high = lanes.add(third[n], fourth[n]);
        lanes.sum(lanes.add(low, high))
    })
}
