//! Linking nodes to which no path leads.
//!
//! The choice of neighbours lets go of edges one by one, so that a few nodes lose the last that led to them; and what is
//! inserted during a repair, where all are removed, finds no neighbours.

use super::links::DEGREE;
use super::visited::Visited;
use super::{Graph, State};

/// How many candidates a search keeps for the node that is to lead to another.
const EF: usize = 128;

impl Graph {
    /// Finds the nodes to which no path leads from where searches begin, and links them as if they were new.
    /// Answers how many there were. It takes time and memory in proportion to the graph; insertions and searches go on meanwhile.
    pub fn connect(&self) -> u32 {
        if self.is_flat {
            return 0;
        }
        let lost: Vec<u32> = {
            let state = self.read();
            let reached = state.reached(|_, _| ());
            let slots = 0..state.codes.slots() as u32;
            let is_lost = |slot: &u32| {
                let is_node = state.codes.get(*slot).is_some() && !state.codes.is_removed(*slot);
                is_node && !reached.contains(*slot)
            };
            slots.filter(is_lost).collect()
        };
        let measure = self.linked_by();
        let mut found = Visited::default();
        let mut count = 0;
        self.with_scratch(|scratch| {
            for slot in lost {
                let state = self.read();
                // Others may have inserted since.
                found.grow(state.codes.slots());
                // One that was linked before may lead here.
                let Some((codes, scale)) = state.codes.get(slot).filter(|_| !found.contains(slot))
                else {
                    continue;
                };
                scratch.gauge.set(codes, scale, measure);
                state.descend(EF, scratch);
                state.walk_to(&state.levels[0], EF, scratch);
                let candidates = std::mem::take(&mut scratch.seeds);
                let mut near = candidates.iter().map(|candidate| candidate.node());
                let nearest = near.find(|node| *node != slot && !state.codes.is_removed(*node));
                if let Some(near) = nearest {
                    state.link_in(&state.levels[0], slot, &candidates, (measure, scratch));
                    state.lead(near, slot);
                    count += 1;
                }
                state.add_reached(slot, &mut found);
            }
        });
        count
    }
}

impl State {
    /// Makes a node a neighbour of one near it. What has to make room for it becomes its own neighbour, so that what that
    /// leads to stays within reach.
    fn lead(&self, near: u32, to: u32) {
        let level = &self.levels[0];
        let mut moved = None;
        if let Some(locked) = level.lock(near) {
            let mut nodes = [0; DEGREE];
            let mut count = locked.neighbours(&mut nodes);
            if nodes[..count].contains(&to) {
                return;
            }
            if count == DEGREE {
                count -= 1;
                moved = Some(nodes[count]);
            }
            locked.write(nodes[..count].iter().copied().chain([to]));
        }
        let Some((moved, locked)) = moved.zip(level.lock(to)) else {
            return;
        };
        let mut nodes = [0; DEGREE];
        let count = locked.neighbours(&mut nodes);
        if moved != to && !nodes[..count].contains(&moved) {
            let kept = &nodes[..count.min(DEGREE - 1)];
            locked.write(kept.iter().copied().chain([moved]));
        }
    }

    /// Adds a node, and all to which it leads, to those that are found: in all, every node is followed once.
    fn add_reached(&self, slot: u32, found: &mut Visited) {
        let mut open = vec![slot];
        found.insert(&mut [slot]);
        while let Some(node) = open.pop() {
            let mut neighbours = [0; DEGREE];
            let new = self.levels[0].visit_around(node, found, &mut neighbours);
            open.extend(&neighbours[..new]);
        }
    }
}
