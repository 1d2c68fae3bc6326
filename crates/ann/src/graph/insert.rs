//! Insertion of a node: its neighbours are found by a search, and it becomes theirs.

use super::codes::Codes;
use super::gauge::{Gauge, Measure};
use super::level::Level;
use super::links::DEGREE;
use super::pool::{Candidate, EXPANDED};
use super::prune::{ALPHA, Neighbour, choose, distances};
use super::walk::{Scratch, walk};
use super::{COARSER_SHIFT, Graph, State, coarser_levels};
use crate::error::{Error, Result};
use crate::vector;
use kernels::Metric;
use std::ops::ControlFlow;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

/// How many candidates a search keeps that looks for neighbours.
const EF: usize = 128;

/// How many it keeps in coarse levels that the node is not in.
const EF_ABOVE: usize = 8;

impl Graph {
    /// Adds a vector as the node of a slot. Threads may add and search at the same time.
    ///
    /// # Errors
    /// [`Error::VectorDims`], [`Error::NotFinite`] or [`Error::TooLarge`] for a vector that cannot be compared;
    /// [`Error::SlotInGraph`] if the slot is a node already; [`Error::SlotTooGreat`] for a slot of 2³¹ or more;
    /// [`Error::Memory`] if there is none.
    pub fn insert(&self, slot: u32, vector: &[f32]) -> Result<()> {
        vector::check(vector, self.dims)?;
        if slot >= EXPANDED {
            return Err(Error::SlotTooGreat {
                slot,
                most: EXPANDED - 1,
            });
        }
        self.make_room(slot)?;
        self.with_scratch(|scratch| {
            let own = self.encode(vector, &mut scratch.room, &mut scratch.codes);
            let state = self.read();
            if self.metric() == Metric::Dot {
                // Numbers that are not negative are ordered as their bits are.
                let bits = own.aside.to_bits();
                self.longest.fetch_max(bits, Ordering::Relaxed);
            }
            if !state.codes.write(slot, &scratch.codes, own) {
                return Err(Error::SlotInGraph { slot });
            }
            state.nodes.fetch_add(1, Ordering::Relaxed);
            if self.is_flat {
                return Ok(());
            }
            let measure = self.linked_by();
            scratch.gauge.set(&scratch.codes, own, measure);
            state.link(slot, measure, scratch);
            Ok(())
        })
    }

    /// Makes sure that there is memory for a slot's node.
    fn make_room(&self, slot: u32) -> Result<()> {
        let slots = u64::from(slot) + 1;
        let has_room = {
            let state = self.read();
            state.codes.slots() >= slots
                && state.levels.iter().enumerate().all(|(number, level)| {
                    self.is_flat
                        || level.has_room(slots, nodes_of(number, level, state.codes.slots()))
                })
        };
        if has_room {
            return Ok(());
        }
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        let memory = |source| Error::Memory { source };
        let State { codes, levels, .. } = &mut *state;
        codes.grow(slots).map_err(memory)?;
        let slots = codes.slots();
        for (number, level) in levels.iter_mut().enumerate().filter(|_| !self.is_flat) {
            let nodes = nodes_of(number, level, slots);
            level.grow(slots, nodes).map_err(memory)?;
        }
        Ok(())
    }
}

/// How many nodes a level may come to have in a graph of so many slots, with some to spare.
fn nodes_of(number: usize, level: &Level, slots: u64) -> u64 {
    match number {
        0 => slots,
        _ => {
            let expected = slots >> (COARSER_SHIFT as usize * number);
            expected.max(level.lists()) + expected / 8 + 1024
        }
    }
}

impl State {
    /// Links a node, whose codes are written and in the scratch's gauge, into all its levels: the finest first, so that
    /// whoever comes to it from a coarser level finds where to go on.
    fn link(&self, slot: u32, measure: Measure, scratch: &mut Scratch) {
        let own_levels = coarser_levels(slot);
        let mut found: Vec<Vec<Candidate>> = Vec::with_capacity(own_levels + 1);
        scratch.seeds.clear();
        for (number, level) in self.levels.iter().enumerate().rev() {
            let ef = if number <= own_levels { EF } else { EF_ABOVE };
            self.walk_to(level, ef, scratch);
            if number <= own_levels {
                found.push(scratch.seeds.clone());
            }
        }
        for (level, candidates) in self.levels.iter().zip(found.iter().rev()) {
            level.place(slot);
            if !candidates.is_empty() {
                self.link_in(level, slot, candidates, (measure, scratch));
            } else if !level.enter(slot) {
                // Another node came first in the meantime.
                scratch.seeds.clear();
                self.walk_to(level, EF, scratch);
                let candidates = std::mem::take(&mut scratch.seeds);
                self.link_in(level, slot, &candidates, (measure, scratch));
            }
        }
    }

    /// Searches a level from the scratch's seeds, and leaves what is found there.
    pub(super) fn walk_to(&self, level: &Level, ef: usize, scratch: &mut Scratch) {
        let _ = self.walk_unless(level, (ef, ef), scratch, &|| false);
    }

    /// Searches a level from the scratch's seeds, and leaves what is found there; breaks off when `stop` says so. The width
    /// is how many nodes are expanded, and how many kept.
    pub(super) fn walk_unless(
        &self,
        level: &Level,
        width: (usize, usize),
        scratch: &mut Scratch,
        stop: &dyn Fn() -> bool,
    ) -> ControlFlow<()> {
        let Scratch {
            gauge,
            seeds,
            pool,
            visited,
            ..
        } = scratch;
        walk(
            &self.codes,
            level,
            width,
            (gauge, seeds),
            (pool, visited),
            stop,
        )?;
        seeds.clear();
        seeds.extend(pool.candidates());
        ControlFlow::Continue(())
    }

    /// Links a node with the best of some candidates. Removed ones are as good as others, for edges lead through them, and
    /// a repair gives what they lead to; but while they are being taken out no edge may lead to them any more.
    pub(super) fn link_in(
        &self,
        level: &Level,
        slot: u32,
        candidates: &[Candidate],
        (measure, scratch): (Measure, &mut Scratch),
    ) {
        let Scratch { gauge, other, .. } = scratch;
        let candidates = candidates.iter().filter(|candidate| {
            let leaves = self.repairing && self.codes.is_removed(candidate.node());
            candidate.node() != slot && !leaves
        });
        let candidates = candidates.map(|candidate| Neighbour {
            node: candidate.node(),
            distance: gauge.distance(candidate.nearness()),
        });
        let chosen = choose(&self.codes, measure, other, candidates.collect(), DEGREE);
        if let Some(own) = level.lock(slot) {
            own.write(chosen.iter().map(|neighbour| neighbour.node));
        }
        for neighbour in &chosen {
            add_neighbour(
                &self.codes,
                level,
                (*neighbour, slot),
                measure,
                (gauge, other),
            );
        }
    }
}

/// Makes `slot`, whose codes `gauge` has, a neighbour of a node at a distance, if it belongs among its best.
fn add_neighbour(
    codes: &Codes,
    level: &Level,
    (node, slot): (Neighbour, u32),
    measure: Measure,
    (gauge, other): (&Gauge, &mut Gauge),
) {
    let Some(locked) = level.lock(node.node) else {
        return;
    };
    let mut neighbours: Vec<Neighbour> = Vec::with_capacity(DEGREE + 1);
    let mut nodes = [0; DEGREE];
    let count = locked.neighbours(&mut nodes);
    neighbours.extend(nodes[..count].iter().map(|node| Neighbour {
        node: *node,
        distance: 0.0,
    }));
    if neighbours.iter().any(|neighbour| neighbour.node == slot) {
        return;
    }
    let added = Neighbour {
        node: slot,
        distance: node.distance,
    };
    if neighbours.len() < DEGREE {
        let nodes = neighbours.iter().chain([&added]);
        return locked.write(nodes.map(|neighbour| neighbour.node));
    }
    let Some((own, scale)) = codes.get(node.node) else {
        return;
    };
    other.set(own, scale, measure);
    let from_node = distances(codes, other, &neighbours);
    for (neighbour, distance) in neighbours.iter_mut().zip(from_node) {
        neighbour.distance = distance;
    }
    // Most often the new one alone decides: it stands behind a nearer neighbour, or before farther ones.
    let from_added = distances(codes, gauge, &neighbours);
    let mut hidden = [false; DEGREE];
    for ((neighbour, apart), hidden) in neighbours.iter().zip(from_added).zip(&mut hidden) {
        if neighbour.distance <= added.distance {
            if ALPHA * apart <= added.distance {
                return;
            }
        } else {
            *hidden = ALPHA * apart <= neighbour.distance;
        }
    }
    if hidden.contains(&true) {
        let kept = neighbours.iter().zip(hidden).filter(|(_, hidden)| !hidden);
        let nodes = kept.map(|(neighbour, _)| neighbour.node).chain([slot]);
        return locked.write(nodes);
    }
    neighbours.push(added);
    neighbours.sort_unstable_by(|a, b| a.distance.total_cmp(&b.distance));
    let chosen = choose(codes, measure, other, neighbours, DEGREE);
    locked.write(chosen.iter().map(|neighbour| neighbour.node));
}
