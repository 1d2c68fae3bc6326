//! What can be told of a graph's health.

use super::links::DEGREE;
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
        let State { codes, levels, .. } = &*state;
        let mut reach = Reach {
            nodes: u64::from(state.nodes()),
            reached: 0,
            edges: 0,
            dangling: 0,
        };
        let mut visited = super::visited::Visited::default();
        visited.reset(codes.slots());
        let mut open = Vec::new();
        for level in levels.iter().rev() {
            // What the coarser levels reach is where this one begins.
            let mut next: Vec<u32> = visited.nodes().to_vec();
            next.extend(level.entry());
            visited.insert(&mut next.clone());
            open.extend(next);
            reach.edges = 0;
            while let Some(node) = open.pop() {
                let mut neighbours = [0; DEGREE];
                let count = level.neighbours(node, &mut neighbours);
                reach.edges += count as u64;
                let vacant = |node: &&u32| codes.get(**node).is_none();
                reach.dangling += neighbours[..count].iter().filter(vacant).count() as u64;
                let new = visited.insert(&mut neighbours[..count]);
                open.extend(&neighbours[..new]);
            }
        }
        reach.reached = visited.nodes().len() as u64;
        reach
    }
}
