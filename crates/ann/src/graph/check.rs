//! What can be told of a graph's health.

use super::links::DEGREE;
use super::visited::Visited;
use super::{Graph, State};

/// What [`Graph::reach`] counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// Nodes of the graph.
    pub nodes: u64,
    /// Those that some path leads to, from where searches begin.
    pub reached: u64,
    /// Edges of the finest level.
    pub edges: u64,
    /// Edges of all levels that lead to no node; there are none in a sound graph.
    pub dangling: u64,
}

impl Graph {
    /// Follows every edge, and counts the nodes and those that can be reached. It takes time and memory in proportion
    /// to the graph.
    pub fn reach(&self) -> Reach {
        let state = self.read();
        let codes = &state.codes;
        let mut reach = Reach {
            nodes: u64::from(state.nodes()),
            reached: 0,
            edges: 0,
            dangling: 0,
        };
        let reached = state.reached(|neighbours, is_finest| {
            reach.edges += if is_finest {
                neighbours.len() as u64
            } else {
                0
            };
            let vacant = |node: &&u32| codes.get(**node).is_none();
            reach.dangling += neighbours.iter().filter(vacant).count() as u64;
        });
        reach.reached = reached.nodes().len() as u64;
        reach
    }
}

impl State {
    /// Follows every edge from where searches begin, and gives the nodes to which they lead. The neighbours of
    /// each are shown, and whether they are those of the finest level.
    pub(super) fn reached(&self, mut show: impl FnMut(&[u32], bool)) -> Visited {
        let mut visited = Visited::default();
        visited.reset(self.codes.slots());
        for (number, level) in self.levels.iter().enumerate().rev() {
            // What the coarser levels reach is where this one begins.
            if let Some(entry) = level.entry() {
                visited.insert(&mut [entry]);
            }
            let mut open = visited.nodes().to_vec();
            while let Some(node) = open.pop() {
                let mut neighbours = [0; DEGREE];
                let count = level.neighbours(node, &mut neighbours);
                show(&neighbours[..count], number == 0);
                let new = visited.insert(&mut neighbours[..count]);
                open.extend(&neighbours[..new]);
            }
        }
        visited
    }
}
