//! Sums over the numbers of two vectors, each written once for all instruction sets.

use crate::Isa;
use crate::element::Element;
use crate::lanes::{Lanes, Task};

/// How many registers of sums are kept for each block, so that additions need not wait for another.
const CHAINS: usize = 4;

/// What is added up over the numbers of two vectors: N sums, whose terms are all 0 where both
/// numbers are 0.
pub(super) trait Terms<const N: usize>: Copy {
    /// Adds the terms of one register of each vector to the sums.
    fn add<L: Lanes>(
        self,
        lanes: L,
        sums: [L::Vector; N],
        a: L::Vector,
        b: L::Vector,
    ) -> [L::Vector; N];
}

/// The products.
#[derive(Clone, Copy, Default)]
pub(super) struct Dot;

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

/// The squared differences.
#[derive(Clone, Copy, Default)]
pub(super) struct L2Squared;

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

/// The absolute differences.
#[derive(Clone, Copy, Default)]
pub(super) struct L1;

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

/// The products, and the squares of the second vector.
#[derive(Clone, Copy, Default)]
pub(super) struct DotAndNorm;

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
struct Pair<'a, const N: usize, T, E> {
    a: &'a [f32],
    b: &'a [E],
    terms: T,
}

impl<const N: usize, T: Terms<N>, E: Element> Task for Pair<'_, N, T, E> {
    type Output = [f32; N];

    #[inline(always)]
    fn call<L: Lanes>(self, lanes: L) -> [f32; N] {
        sums(lanes, self.terms, self.a, self.b)
    }
}

/// Adds up the terms of one pair of vectors.
///
/// # Panics
/// If the lengths differ.
pub(super) fn pair<const N: usize, T: Terms<N> + Default, E: Element>(
    isa: Isa,
    a: &[f32],
    b: &[E],
) -> [f32; N] {
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
pub(super) struct Each<'a, const N: usize, T, R, F> {
    pub(super) terms: T,
    pub(super) query: &'a [f32],
    pub(super) rows: R,
    /// One place for each row.
    pub(super) out: &'a mut [f32],
    /// Turns the sums of a row into its similarity.
    pub(super) finish: F,
}

impl<'r, const N: usize, T, E, R, F> Task for Each<'_, N, T, R, F>
where
    T: Terms<N>,
    E: Element + 'r,
    R: Iterator<Item = &'r [E]>,
    F: Fn([f32; N]) -> f32,
{
    type Output = ();

    #[inline(always)]
    fn call<L: Lanes>(self, lanes: L) {
        for (similarity, row) in self.out.iter_mut().zip(self.rows) {
            *similarity = (self.finish)(sums(lanes, self.terms, self.query, row));
        }
    }
}

/// Adds up the terms of two vectors of the same length.
#[inline(always)]
fn sums<const N: usize, T: Terms<N>, E: Element, L: Lanes>(
    lanes: L,
    terms: T,
    a: &[f32],
    b: &[E],
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
                E::load(lanes, &b[part]),
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
            E::load_part(lanes, b_part),
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
