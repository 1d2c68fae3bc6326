//! What can be told of a graph's health.

use super::links::DEGREE;
use super::visited::Visited;
use super::{Graph, State};
use crate::bitset::BitSet;
use crate::error::Result;
use crate::vector;

/// By how much what codes stand for may differ between processors, which add numbers in different orders. That may change a code by
/// one, and where the vector's own codes are projected, their scale by as much.
const ROUNDING: f32 = 1e-3;
const ROUNDING_PROJECTED: f32 = 0.02;

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
    /// Gives the slots that are nodes, with those that are removed and still in the graph.
    pub fn occupied(&self) -> BitSet {
        let state = self.read();
        let end = state.codes.slots() as u32;
        BitSet::from_slots(
            end,
            (0..end).filter(|slot| state.codes.get(*slot).is_some()),
        )
    }

    /// Whether a slot is the node of a vector, as far as its codes tell.
    ///
    /// # Errors
    /// [`Error::VectorDims`](crate::Error::VectorDims) and the like for a vector that no node can have.
    pub fn holds(&self, slot: u32, vector: &[f32]) -> Result<bool> {
        vector::check(vector, self.dims)?;
        Ok(self.with_scratch(|scratch| {
            let own = self.encode(vector, &mut scratch.room, &mut scratch.codes);
            let state = self.read();
            if u64::from(slot) >= state.codes.slots() {
                return false;
            }
            let Some((codes, scale)) = state.codes.get(slot) else {
                return false;
            };
            let rounding = match self.encoder.axes {
                None => ROUNDING,
                Some(_) => ROUNDING_PROJECTED,
            };
            let is_near = |a: f32, b: f32| {
                (a - b).abs() <= rounding * a.abs().max(b.abs()).max(f32::MIN_POSITIVE)
            };
            is_near(own.scale.max(f32::MIN_POSITIVE), scale.scale)
                && is_near(own.aside, scale.aside)
                && codes
                    .iter()
                    .zip(&scratch.codes[..self.encoder.width()])
                    .all(|(a, b)| a.abs_diff(*b) <= 1)
        }))
    }

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

#[cfg(test)]
mod tests;
