//! Which nodes a traversal has seen.

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
    #[inline(always)]
    pub(super) fn insert(&mut self, nodes: &mut [u32]) -> usize {
        let mut new = 0;
        for at in 0..nodes.len() {
            let node = nodes[at];
            let word = &mut self.words[node as usize / 64];
            let bit = 1 << (node % 64);
            // Without a branch, because nobody could guess it.
            nodes[new] = node;
            new += usize::from(*word & bit == 0);
            *word |= bit;
        }
        self.nodes.extend_from_slice(&nodes[..new]);
        new
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
