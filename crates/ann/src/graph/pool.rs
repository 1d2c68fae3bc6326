//! The nearest candidates of a traversal, in order.

use crate::nearest::turned;

/// A node that a traversal has compared; the nearer the greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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

/// From how many candidates on that are not expanded they are kept in no order. Fewer are faster kept with the others.
const MANY: usize = 32;

/// The nearest candidates, in order, the first of which are expanded; NSG (Fu et al., 2019) calls it the pool. Many that are
/// farther are kept beside it in no order, which costs a fraction of what keeping their order does.
#[derive(Debug, Default)]
pub(super) struct Pool {
    /// So many of the nearest are expanded.
    ef: usize,
    /// So many are kept in order.
    most: usize,
    candidates: Vec<Candidate>,
    /// Everything before is expanded.
    next: usize,
    /// The nearest that are not among the candidates: `beside` of them or more.
    rest: Vec<Candidate>,
    beside: usize,
    /// What the rest is nearer than.
    forgotten: i32,
}

impl Pool {
    /// Forgets all, and from now on expands the nearest `ef`, and keeps the nearest `kept`, which are as many or more.
    pub(super) fn reset(&mut self, ef: usize, kept: usize) {
        self.ef = ef;
        self.most = match kept < ef.saturating_add(MANY) {
            true => kept,
            false => ef,
        };
        self.candidates.clear();
        self.next = 0;
        self.rest.clear();
        self.beside = kept - self.most;
        self.forgotten = i32::MIN;
    }

    /// Gives how near a candidate has to be to be among those in order.
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
        let is_nearer = candidate.nearness() > self.least();
        if !is_nearer {
            // What is no number, as codes of a damaged file may give, is nearer than nothing.
            if candidate.nearness() > f32::NEG_INFINITY {
                self.set_aside(candidate);
            }
            return false;
        }
        let at = self
            .candidates
            .partition_point(|other| other.rank >= candidate.rank);
        if self.candidates.len() == self.most
            && let Some(last) = self.candidates.pop()
        {
            self.set_aside(last);
        }
        self.candidates.insert(at, candidate);
        let is_next = at <= self.next;
        self.next = self.next.min(at);
        is_next
    }

    #[inline(always)]
    fn set_aside(&mut self, candidate: Candidate) {
        if self.beside == 0 || candidate.rank <= self.forgotten {
            return;
        }
        self.rest.push(candidate);
        if self.rest.len() / 2 == self.beside {
            self.forget();
        }
    }

    /// Leaves no more in the rest than are to be kept.
    #[cold]
    fn forget(&mut self) {
        if self.rest.len() > self.beside {
            let by_nearness = |one: &Candidate| std::cmp::Reverse(one.rank);
            let (_, last, _) = self
                .rest
                .select_nth_unstable_by_key(self.beside - 1, by_nearness);
            self.forgotten = last.rank;
            self.rest.truncate(self.beside);
        }
    }

    /// Adds those that were kept beside the candidates to them, in no order; nothing is expanded after that.
    pub(super) fn gather(&mut self) {
        self.forget();
        self.candidates.append(&mut self.rest);
        self.next = self.candidates.len();
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

    /// Gives the candidates, the nearest first, but for what was gathered.
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
    fn many_that_are_not_expanded_are_gathered() {
        let (ef, kept) = (3, 3 + MANY);
        let mut pool = Pool::default();
        pool.reset(ef, kept);
        // Each number below 1,009 once, in an order that jumps about.
        for turn in 1..1009 {
            let number = turn * 389 % 1009;
            pool.offer(Candidate::new(number, number as f32));
        }
        let nearest: Vec<u32> = (1..1009).rev().take(kept).collect();
        let expanded: Vec<u32> = std::iter::from_fn(|| pool.expand()).collect();
        assert_eq!(expanded, nearest[..ef]);
        pool.gather();
        assert_eq!(pool.expand(), None);
        let mut gathered = nodes(&pool);
        gathered.sort_unstable_by_key(|node| std::cmp::Reverse(*node));
        assert_eq!(gathered, nearest);
    }

    #[test]
    fn what_is_no_number_is_not_kept() {
        for (ef, kept) in [(1, 1), (3, 3), (1, 1 + MANY)] {
            let mut pool = Pool::default();
            pool.reset(ef, kept);
            for nearness in [f32::NAN, 1.0, -f32::NAN, f32::NAN, f32::NEG_INFINITY] {
                pool.offer(Candidate::new(nearness as u32, nearness));
            }
            pool.gather();
            assert_eq!(nodes(&pool), [1]);
        }
    }
}
