//! The nearest of the rows seen so far.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// A row that a search found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    /// Where the row lies.
    pub slot: u32,
    /// How near it is, greater = nearer; never NaN.
    pub similarity: f32,
}

impl Hit {
    /// Orders hits, the best first: greater similarity, then lower slot.
    #[inline]
    pub fn best_first(&self, other: &Hit) -> Ordering {
        self.place().cmp(&other.place())
    }

    /// Gives a number that is less for what comes before: one comparison instead of two, of which nobody could guess the first.
    #[inline(always)]
    fn place(&self) -> u64 {
        let descending = !turned(self.similarity.to_bits() as i32);
        // As a number without sign, what is negative would be the greatest.
        u64::from(descending as u32 ^ (1 << 31)) << 32 | u64::from(self.slot)
    }
}

/// Turns the bits of a float into a number that is ordered as floats are, and back: the bits of negative ones run the other way.
#[inline(always)]
pub(crate) fn turned(bits: i32) -> i32 {
    bits ^ ((bits >> 31) & i32::MAX)
}

/// Keeps the best of the hits that it is offered, in any order.
pub(crate) struct Nearest {
    most: usize,
    /// The worst on top.
    kept: BinaryHeap<BestFirst>,
}

impl Nearest {
    /// Keeps at most `k` of at most `candidates` hits.
    pub(crate) fn new(k: usize, candidates: usize) -> Nearest {
        let most = k.min(candidates);
        Nearest {
            most,
            kept: BinaryHeap::with_capacity(most),
        }
    }

    /// Takes a hit in, if it is among the best so far.
    #[inline]
    pub(crate) fn offer(&mut self, hit: Hit) {
        if self.kept.len() < self.most {
            self.kept.push(BestFirst(hit));
        } else if let Some(mut worst) = self.kept.peek_mut()
            && hit.best_first(&worst.0).is_lt()
        {
            *worst = BestFirst(hit);
        }
    }

    /// Gives the hits, the best first.
    pub(crate) fn into_hits(self) -> Vec<Hit> {
        self.kept
            .into_sorted_vec()
            .into_iter()
            .map(|BestFirst(hit)| hit)
            .collect()
    }
}

/// A hit in a heap, whose top is the worst.
struct BestFirst(Hit);

impl Ord for BestFirst {
    fn cmp(&self, other: &BestFirst) -> Ordering {
        self.0.best_first(&other.0)
    }
}

impl PartialOrd for BestFirst {
    fn partial_cmp(&self, other: &BestFirst) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for BestFirst {
    fn eq(&self, other: &BestFirst) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for BestFirst {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig { rng_seed: proptest::test_runner::RngSeed::Fixed(4), ..ProptestConfig::default() })]

        #[test]
        fn agrees_with_sorting(similarities in proptest::collection::vec(-3i8..3, 0..60), k in 0usize..70) {
            let hits = (0..).zip(&similarities).map(|(slot, similarity)| Hit { slot, similarity: f32::from(*similarity) });
            let mut all: Vec<Hit> = hits.collect();
            let mut nearest = Nearest::new(k, all.len());
            for hit in all.iter().rev() {
                nearest.offer(*hit);
            }
            all.sort_by(|a, b| b.similarity.partial_cmp(&a.similarity).unwrap().then(a.slot.cmp(&b.slot)));
            all.truncate(k);
            prop_assert_eq!(nearest.into_hits(), all);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { rng_seed: proptest::test_runner::RngSeed::Fixed(5), ..ProptestConfig::default() })]

        #[test]
        fn the_best_comes_first_whatever_bits_there_are(bits: [u32; 2], slots: [u32; 2]) {
            let [a, b] = [0, 1].map(|i| Hit { slot: slots[i], similarity: f32::from_bits(bits[i]) });
            let same = Hit { slot: b.slot, similarity: a.similarity };
            for (a, b) in [(a, b), (a, same), (a, a)] {
                let by_similarity = b.similarity.total_cmp(&a.similarity);
                prop_assert_eq!(a.best_first(&b), by_similarity.then(a.slot.cmp(&b.slot)));
            }
        }
    }

    #[test]
    fn a_huge_k_takes_no_memory() {
        assert!(Nearest::new(usize::MAX, 3).into_hits().is_empty());
    }
}
