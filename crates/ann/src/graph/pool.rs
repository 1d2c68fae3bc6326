//! The nearest candidates of a traversal, in order.

/// A node that a traversal has compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Candidate {
    /// How near it is, as a number that is ordered as the nearness is: whole numbers are compared sooner.
    rank: i32,
    /// The node, and in the highest bit whether it was expanded.
    node: u32,
}

/// The bit of a candidate that was expanded; nodes are below it.
pub(super) const EXPANDED: u32 = 1 << 31;

impl Candidate {
    #[inline(always)]
    pub(super) fn new(node: u32, nearness: f32) -> Candidate {
        debug_assert!(node < EXPANDED);
        let rank = turned(nearness.to_bits() as i32);
        Candidate { rank, node }
    }

    #[inline(always)]
    pub(super) fn node(self) -> u32 {
        self.node & !EXPANDED
    }

    /// Gives how near it is by its codes, greater = nearer.
    #[inline(always)]
    pub(super) fn nearness(self) -> f32 {
        f32::from_bits(turned(self.rank) as u32)
    }
}

/// Turns the bits of a float into a number that is ordered as floats are, and back: the bits of negative ones run the other way.
#[inline(always)]
fn turned(bits: i32) -> i32 {
    bits ^ ((bits >> 31) & i32::MAX)
}

/// At most so many candidates, the nearest first; the rest is forgotten. NSG (Fu et al., 2019) calls it the pool.
#[derive(Debug, Default)]
pub(super) struct Pool {
    /// So many of the nearest are expanded.
    ef: usize,
    most: usize,
    candidates: Vec<Candidate>,
    /// Everything before is expanded.
    next: usize,
}

impl Pool {
    /// Forgets all, and from now on keeps at most `most`, the nearest `ef` of which are expanded.
    pub(super) fn reset(&mut self, ef: usize, most: usize) {
        self.ef = ef;
        self.most = most;
        self.candidates.clear();
        self.next = 0;
    }

    /// Gives how near a candidate has to be to be kept.
    #[inline(always)]
    pub(super) fn least(&self) -> f32 {
        match self.candidates.last() {
            Some(last) if self.candidates.len() == self.most => last.nearness(),
            _ => f32::NEG_INFINITY,
        }
    }

    /// Takes a candidate in, if it is among the nearest. Answers whether it is the next to be expanded.
    #[inline(always)]
    pub(super) fn offer(&mut self, candidate: Candidate) -> bool {
        // What is no number, as codes of a damaged file may give, is nearer than nothing.
        let is_nearer = candidate.nearness() > self.least();
        if !is_nearer {
            return false;
        }
        let at = self
            .candidates
            .partition_point(|other| other.rank >= candidate.rank);
        if self.candidates.len() == self.most {
            self.candidates.pop();
        }
        self.candidates.insert(at, candidate);
        let is_next = at <= self.next;
        self.next = self.next.min(at);
        is_next
    }

    /// Gives the nearest that was not expanded, and marks it.
    #[inline(always)]
    pub(super) fn expand(&mut self) -> Option<u32> {
        if self.next >= self.ef {
            return None;
        }
        let candidate = self.candidates.get_mut(self.next)?;
        let node = candidate.node;
        candidate.node |= EXPANDED;
        self.skip_expanded();
        Some(node)
    }

    /// Gives what [`Pool::expand`] would.
    #[inline(always)]
    pub(super) fn peek(&self) -> Option<u32> {
        self.next().map(|next| next.node)
    }

    /// Gives the nearest that was not expanded, if it is to be.
    #[inline(always)]
    pub(super) fn next(&self) -> Option<Candidate> {
        let next = self.candidates.get(self.next).copied();
        next.filter(|_| self.next < self.ef)
    }

    #[inline(always)]
    fn skip_expanded(&mut self) {
        while self.next < self.candidates.len() && self.candidates[self.next].node >= EXPANDED {
            self.next += 1;
        }
    }

    /// Forgets the candidates that are not wanted; nothing is expanded after that.
    pub(super) fn retain(&mut self, wanted: impl Fn(u32) -> bool) {
        self.candidates.retain(|candidate| wanted(candidate.node()));
        self.next = self.candidates.len();
    }

    /// Gives the candidates, the nearest first.
    pub(super) fn candidates(&self) -> &[Candidate] {
        &self.candidates
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nodes(pool: &Pool) -> Vec<u32> {
        let candidates = pool.candidates().iter();
        candidates.map(|candidate| candidate.node()).collect()
    }

    #[test]
    fn the_nearest_are_kept_in_order_and_as_many_expanded_as_are_to_be() {
        let mut pool = Pool::default();
        pool.reset(2, 4);
        for (node, nearness) in [-1.5, 2.0, -0.0, f32::MIN, 7.5, -1e-40]
            .into_iter()
            .enumerate()
        {
            pool.offer(Candidate::new(node as u32, nearness));
        }
        assert_eq!(nodes(&pool), [4, 1, 2, 5]);
        assert_eq!(
            pool.candidates()[2].nearness().to_bits(),
            (-0.0f32).to_bits()
        );
        assert_eq!(
            [pool.expand(), pool.expand(), pool.expand()],
            [Some(4), Some(1), None]
        );
        assert!(pool.offer(Candidate::new(9, 3.0)));
        assert_eq!([pool.expand(), pool.expand()], [Some(9), None]);
        assert_eq!(nodes(&pool), [4, 9, 1, 2]);
    }

    #[test]
    fn what_is_no_number_is_not_kept() {
        for most in [1, 3] {
            let mut pool = Pool::default();
            pool.reset(3, most);
            for nearness in [f32::NAN, 1.0, -f32::NAN, f32::NAN, f32::NEG_INFINITY] {
                pool.offer(Candidate::new(nearness as u32, nearness));
            }
            assert_eq!(nodes(&pool), [1]);
        }
    }
}
