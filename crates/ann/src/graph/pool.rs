//! The nearest candidates of a traversal, in order.

/// A node that a traversal has compared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Candidate {
    /// How near it is by its codes, greater = nearer.
    pub(super) nearness: f32,
    /// The node, and in the highest bit whether it was expanded.
    node: u32,
}

/// The bit of a candidate that was expanded; nodes are below it.
pub(super) const EXPANDED: u32 = 1 << 31;

impl Candidate {
    #[inline(always)]
    pub(super) fn new(node: u32, nearness: f32) -> Candidate {
        debug_assert!(node < EXPANDED);
        Candidate { nearness, node }
    }

    #[inline(always)]
    pub(super) fn node(self) -> u32 {
        self.node & !EXPANDED
    }
}

/// At most so many candidates, the nearest first; the rest is forgotten. NSG (Fu et al., 2019) calls it the pool.
#[derive(Debug, Default)]
pub(super) struct Pool {
    most: usize,
    candidates: Vec<Candidate>,
    /// Everything before is expanded.
    next: usize,
}

impl Pool {
    /// Forgets all, and keeps at most so many from now on.
    pub(super) fn reset(&mut self, most: usize) {
        self.most = most;
        self.candidates.clear();
        self.next = 0;
    }

    /// Gives how near a candidate has to be to be kept.
    #[inline(always)]
    pub(super) fn least(&self) -> f32 {
        match self.candidates.last() {
            Some(last) if self.candidates.len() == self.most => last.nearness,
            _ => f32::NEG_INFINITY,
        }
    }

    /// Takes a candidate in, if it is among the nearest. Answers whether it is the next to be expanded.
    #[inline(always)]
    pub(super) fn offer(&mut self, candidate: Candidate) -> bool {
        if candidate.nearness <= self.least() {
            return false;
        }
        let at = self
            .candidates
            .partition_point(|other| other.nearness >= candidate.nearness);
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

    /// Gives the nearest that was not expanded.
    #[inline(always)]
    pub(super) fn next(&self) -> Option<Candidate> {
        self.candidates.get(self.next).copied()
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
