//! Which nodes a traversal has seen.

use super::links::DEGREE;

/// A set of nodes that is emptied in the time that it took to fill.
#[derive(Debug, Default)]
pub(super) struct Visited {
    words: Vec<u64>,
    /// The nodes that were added.
    nodes: Vec<u32>,
}

impl Visited {
    /// Empties the set, and makes it large enough for nodes below `nodes`.
    pub(super) fn reset(&mut self, nodes: u64) {
        for node in self.nodes.drain(..) {
            self.words[node as usize / 64] = 0;
        }
        self.grow(nodes);
    }

    /// Makes the set large enough for nodes below `nodes`.
    pub(super) fn grow(&mut self, nodes: u64) {
        let words = nodes.div_ceil(64) as usize;
        if self.words.len() < words {
            self.words.resize(words, 0);
        }
    }

    /// Adds nodes, and keeps of them those that were new, in order; answers how many.
    pub(super) fn insert(&mut self, nodes: &mut [u32]) -> usize {
        let mut new = 0;
        for at in 0..nodes.len() {
            let node = nodes[at];
            // Without a branch, because nobody could guess it.
            nodes[new] = node;
            new += usize::from(self.mark(node));
        }
        self.nodes.extend_from_slice(&nodes[..new]);
        new
    }

    /// Adds nodes, and copies those of them that were new, in order; answers how many.
    ///
    /// # Panics
    /// If there are more nodes than places for them.
    #[inline(always)]
    pub(super) fn insert_each(
        &mut self,
        nodes: impl Iterator<Item = u32>,
        to: &mut [u32; DEGREE],
    ) -> usize {
        let mut new = 0;
        for node in nodes {
            to[new] = node;
            new += usize::from(self.mark(node));
        }
        self.nodes.extend_from_slice(&to[..new]);
        new
    }

    /// Answers whether a node was new.
    #[inline(always)]
    fn mark(&mut self, node: u32) -> bool {
        let word = &mut self.words[node as usize / 64];
        let bit = 1 << (node % 64);
        let is_new = *word & bit == 0;
        *word |= bit;
        is_new
    }

    /// Whether a node is in the set.
    pub(super) fn contains(&self, node: u32) -> bool {
        let word = self.words.get(node as usize / 64);
        word.is_some_and(|word| word & (1 << (node % 64)) != 0)
    }

    /// Gives the nodes of the set, in the order in which they came.
    pub(super) fn nodes(&self) -> &[u32] {
        &self.nodes
    }
}
