//! Removal of nodes: marked at once, taken out of the graph step by step.
//!
//! This is the consolidation of FreshDiskANN (Singh et al., 2021): a node that had a removed neighbour gets the
//! neighbours of that one to choose from. Until then removed nodes are passed through.

use super::codes::Codes;
use super::gauge::Measure;
use super::level::Level;
use super::links::DEGREE;
use super::prune::{Neighbour, choose, distances};
use super::walk::Scratch;
use super::{Graph, State, coarser_levels};
use crate::bitset::BitSet;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

/// A repair under way: which nodes are taken out, and how far it has come.
#[derive(Debug)]
pub struct Repair {
    removed: BitSet,
    /// The first node that was not looked at.
    next: u32,
    /// All nodes are below.
    end: u32,
}

impl Repair {
    /// Gives how far it has come, 0 to 1.
    pub fn progress(&self) -> f64 {
        f64::from(self.next) / f64::from(self.end.max(1))
    }
}

impl Graph {
    /// Marks a node as removed: it leaves the graph with the next repair. Answers false if the slot is no node, or is
    /// removed already.
    ///
    /// No snapshot that is searched may see its slot.
    pub fn remove(&self, slot: u32) -> bool {
        let state = self.read();
        let removed = state.codes.remove(slot);
        if removed {
            state.removed.fetch_add(1, Ordering::Relaxed);
        }
        removed
    }

    /// Counts the nodes that are removed and still in the graph.
    pub fn removed(&self) -> u32 {
        self.read().removed.load(Ordering::Relaxed)
    }

    /// Begins to take the removed nodes out; nothing where none is removed, or a repair is under way already. Insertions
    /// and searches that have begun are waited for.
    pub fn begin_repair(&self) -> Option<Repair> {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        if state.repairing || *state.removed.get_mut() == 0 {
            return None;
        }
        state.repairing = true;
        let end = state.codes.slots() as u32;
        let removed = (0..end).filter(|slot| state.codes.is_removed(*slot));
        let removed = BitSet::from_slots(end, removed);
        // A checkpoint that is opened knows only about how many there are.
        let nodes = (0..end).filter(|slot| state.codes.get(*slot).is_some());
        let nodes = nodes.count() as u32;
        *state.nodes.get_mut() = nodes;
        *state.removed.get_mut() = removed.count();
        Some(Repair {
            removed,
            next: 0,
            end,
        })
    }

    /// Looks at the next `nodes` nodes, and gives those new neighbours that had removed ones. Answers whether there are
    /// more to be looked at. Insertions and searches go on meanwhile; but what is inserted where nearly all are removed is
    /// linked well only by the end of the repair, so that insertions had better wait for it.
    pub fn repair_step(&self, repair: &mut Repair, nodes: u32) -> bool {
        if self.is_flat {
            repair.next = repair.end;
            return false;
        }
        let end = repair.next.saturating_add(nodes).min(repair.end);
        let measure = self.linked_by();
        self.with_scratch(|scratch| {
            let state = self.read();
            for node in repair.next..end {
                if state.codes.get(node).is_none() || repair.removed.contains(node) {
                    continue;
                }
                for level in &state.levels[..=coarser_levels(node)] {
                    mend(
                        &state.codes,
                        level,
                        node,
                        &repair.removed,
                        (measure, scratch),
                    );
                }
            }
        });
        repair.next = end;
        end < repair.end
    }

    /// Ends a repair: does what steps there are left, takes the removed nodes out, and links those to which no path leads
    /// any more ([`Graph::connect`]). Answers their slots, which may be
    /// inserted again. Insertions, searches and a checkpoint that have
    /// begun are waited for.
    pub fn end_repair(&self, mut repair: Repair) -> BitSet {
        while self.repair_step(&mut repair, u32::MAX) {}
        let removed = self.take_out(repair);
        self.connect();
        removed
    }

    fn take_out(&self, repair: Repair) -> BitSet {
        let _leaving = self.leaving.lock().unwrap_or_else(PoisonError::into_inner);
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        let State {
            codes,
            levels,
            nodes,
            removed,
            repairing,
        } = &mut *state;
        for (number, level) in levels.iter_mut().enumerate().filter(|_| !self.is_flat) {
            level.leave(number, codes, &repair.removed);
        }
        for slot in repair.removed.iter() {
            codes.vacate(slot);
        }
        let count = repair.removed.count();
        *nodes.get_mut() -= count;
        *removed.get_mut() -= count;
        *repairing = false;
        repair.removed
    }
}

/// Gives a node of a level new neighbours, if it has removed ones.
fn mend(
    codes: &Codes,
    level: &Level,
    node: u32,
    removed: &BitSet,
    (measure, scratch): (Measure, &mut Scratch),
) {
    let mut nodes = [0; DEGREE];
    let count = level.neighbours(node, &mut nodes);
    if !nodes[..count].iter().any(|node| removed.contains(*node)) {
        return;
    }
    let (Some(locked), Some((own, scale))) = (level.lock(node), codes.get(node)) else {
        return;
    };
    let count = locked.neighbours(&mut nodes);
    let Scratch {
        gauge,
        other,
        visited,
        ..
    } = scratch;
    visited.reset(codes.slots());
    visited.insert(&mut [node]);
    let mut candidates: Vec<Neighbour> = Vec::new();
    let mut add = |nodes: &mut [u32]| {
        let new = visited.insert(nodes);
        let kept = nodes[..new].iter().filter(|node| !codes.is_removed(**node));
        candidates.extend(kept.map(|node| Neighbour {
            node: *node,
            distance: 0.0,
        }));
    };
    for neighbour in &nodes[..count] {
        if removed.contains(*neighbour) {
            let mut beyond = [0; DEGREE];
            let count = level.neighbours(*neighbour, &mut beyond);
            add(&mut beyond[..count]);
        }
    }
    add(&mut nodes[..count]);
    gauge.set(own, scale, measure);
    for candidates in candidates.chunks_mut(DEGREE) {
        let distances = distances(codes, gauge, candidates);
        for (candidate, distance) in candidates.iter_mut().zip(distances) {
            candidate.distance = distance;
        }
    }
    candidates.sort_unstable_by(|a, b| a.distance.total_cmp(&b.distance));
    let chosen = choose(codes, measure, other, candidates, DEGREE);
    locked.write(chosen.iter().map(|neighbour| neighbour.node));
}

impl Level {
    /// Takes nodes out of a level, to which no edge leads any more.
    fn leave(&mut self, number: usize, codes: &Codes, removed: &BitSet) {
        if let Some(entry) = self.entry().filter(|entry| removed.contains(*entry)) {
            let stays = |slot: &u32| {
                number <= coarser_levels(*slot)
                    && codes.get(*slot).is_some()
                    && !removed.contains(*slot)
            };
            let mut near = [0; DEGREE];
            let count = self.neighbours(entry, &mut near);
            let next = near[..count].iter().copied().find(&stays);
            let next = next.or_else(|| (0..codes.slots() as u32).find(&stays));
            self.set_entry(next);
        }
        for slot in removed
            .iter()
            .filter(|slot| number <= coarser_levels(*slot))
        {
            if let Some(locked) = self.lock(slot) {
                locked.write([]);
            }
        }
    }
}

#[cfg(test)]
pub(super) mod tests;
