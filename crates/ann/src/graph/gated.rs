//! The traversal of the nodes that can be hits.

use super::codes::Codes;
use super::gauge::Gauge;
use super::level::Level;
use super::links::DEGREE;
use super::pool::{Candidate, Pool};
use super::visited::Visited;
use super::walk::{EXPANDED_BETWEEN_STOPS, Scratch};

/// How many nodes that can be hits are looked for around one that is expanded: as many as it may have neighbours.
const WANTED: usize = DEGREE;

/// Where the share of nodes that can be hits is so many times less around the query than elsewhere, the way to them is not
/// looked for there.
const FEWER_THERE: f64 = 4.0;

/// How many of the nodes that can be hits tell where they are, and of how many slots they are looked for.
const SAMPLE: usize = 256;
const SAMPLED_FROM: u32 = 1 << 14;

/// By how many standard deviations of a sample's nearness hits have to be nearer than its mean, to be taken for the nearest.
/// Others are about as far as all that can be hits, and any that is found is as good a place to begin as the next.
const DEVIATIONS: f32 = 4.0;

/// How a traversal ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Nothing that is left is nearer than what was gathered.
    Done,
    /// Nothing can be said: it compared as many nodes as it may, found fewer than are wanted, or found no nearest.
    InVain,
    /// The caller said stop.
    Stopped,
}

/// What a traversal looks for.
pub(super) struct Wanted<'a, F> {
    /// Which nodes can be hits.
    pub(super) can_be: &'a F,
    /// How many of all.
    pub(super) share: f64,
    /// How many hits are wanted.
    pub(super) k: usize,
    /// How many candidates are expanded, at least `k`, and how many kept.
    pub(super) width: (usize, usize),
    /// How many nodes may be compared.
    pub(super) budget: usize,
}

/// Finds the nearest nodes of a level that can be hits. They are left in the scratch's pool; the traversal begins at its
/// seeds.
///
/// Nodes that cannot be hits are never compared. Those around a node are stepped over, nearest first, to the neighbours of
/// theirs that can be (as in ACORN: Patel et al., 2024), until as many were met as a node may have neighbours. Where the
/// seeds' surroundings have few, the filter has to do with where the query is: then a sample of all that can be hits is
/// where it begins.
pub(super) fn walk_gated(
    codes: &Codes,
    level: &Level,
    wanted: &Wanted<'_, impl Fn(u32) -> bool>,
    scratch: &mut Scratch,
    stop: &dyn Fn() -> bool,
) -> Outcome {
    let Scratch {
        gauge,
        pool,
        seeds,
        visited,
        ..
    } = scratch;
    let (ef, kept) = wanted.width;
    pool.reset(ef, kept);
    visited.reset(codes.slots());
    let mut walk = Gated {
        codes,
        level,
        can_be: wanted.can_be,
        gauge,
        pool,
        visited,
        around: Vec::new(),
        beyond: Vec::new(),
        looked_at: 0,
        met: 0,
        compared: 0,
    };
    for seed in &*seeds {
        let seed = Candidate::new(seed.node(), seed.nearness());
        if walk.visited.insert(&mut [seed.node()]) == 1 && (wanted.can_be)(seed.node()) {
            walk.pool.offer(seed);
        }
    }
    for seed in &*seeds {
        walk.expand(seed.node());
    }
    let mut farthest = f32::NEG_INFINITY;
    if walk.met as f64 * FEWER_THERE <= walk.looked_at as f64 * wanted.share {
        let (mean, deviation) = walk.sample();
        farthest = mean + DEVIATIONS * deviation;
    }
    let mut until_stop = EXPANDED_BETWEEN_STOPS;
    while let Some(node) = walk.pool.expand() {
        until_stop -= 1;
        if until_stop == 0 {
            if stop() {
                return Outcome::Stopped;
            }
            until_stop = EXPANDED_BETWEEN_STOPS;
        }
        walk.expand(node);
        if walk.compared > wanted.budget {
            return Outcome::InVain;
        }
    }
    walk.pool.gather();
    match walk.pool.candidates().get(wanted.k - 1) {
        Some(last) if last.nearness() > farthest => Outcome::Done,
        _ => Outcome::InVain,
    }
}

/// A traversal under way.
struct Gated<'a, F> {
    codes: &'a Codes,
    level: &'a Level,
    can_be: &'a F,
    gauge: &'a Gauge,
    pool: &'a mut Pool,
    visited: &'a mut Visited,
    /// Nodes around one that can be hits; some may be there twice.
    around: Vec<u32>,
    /// Nodes around one that cannot.
    beyond: Vec<u32>,
    /// How many nodes it met, and how many of them can be hits.
    looked_at: usize,
    met: usize,
    compared: usize,
}

impl<F: Fn(u32) -> bool> Gated<'_, F> {
    /// Compares what lies around a node.
    fn expand(&mut self, node: u32) {
        self.look_around(node);
        if let Some(next) = self.pool.peek() {
            self.level.prefetch(next);
        }
        let new = self.visited.insert(&mut self.around);
        self.around.truncate(new);
        self.compare(|_| ());
    }

    /// Finds nodes around one that can be hits.
    fn look_around(&mut self, node: u32) {
        self.around.clear();
        self.beyond.clear();
        let mut nodes = [0; DEGREE];
        let count = self.level.neighbours(node, &mut nodes);
        self.looked_at += count;
        for node in &nodes[..count] {
            if (self.can_be)(*node) {
                self.around.push(*node);
            } else {
                self.beyond.push(*node);
                self.level.prefetch(*node);
            }
        }
        for node in &self.beyond {
            if self.around.len() >= WANTED {
                break;
            }
            let count = self.level.neighbours(*node, &mut nodes);
            self.looked_at += count;
            let can_be = nodes[..count].iter().filter(|node| (self.can_be)(**node));
            self.around.extend(can_be);
        }
        self.met += self.around.len();
    }

    /// Compares some of all nodes that can be hits; gives the mean of their nearness and its standard deviation.
    fn sample(&mut self) -> (f32, f32) {
        self.around.clear();
        let slots = self.codes.slots();
        for number in 0..SAMPLED_FROM {
            // Multiples of the golden ratio come to be everywhere, however many are taken.
            let place = u64::from(number.wrapping_mul(0x9e37_79b9));
            let slot = ((place * slots) >> 32) as u32;
            if (self.can_be)(slot) {
                self.around.push(slot);
                if self.around.len() == SAMPLE {
                    break;
                }
            }
        }
        let new = self.visited.insert(&mut self.around);
        self.around.truncate(new);
        let (mut sum, mut squares, mut count) = (0.0, 0.0, 0.0);
        self.compare(|nearness| {
            // What is no node yet is infinitely far.
            if !nearness.is_finite() {
                return;
            }
            sum += f64::from(nearness);
            squares += f64::from(nearness) * f64::from(nearness);
            count += 1.0;
        });
        let mean = sum / f64::max(count, 1.0);
        let variance = squares / f64::max(count, 1.0) - mean * mean;
        (mean as f32, variance.max(0.0).sqrt() as f32)
    }

    /// Compares the nodes around one, and tells how near they are.
    fn compare(&mut self, mut tell: impl FnMut(f32)) {
        let mut nearness = [0.0; DEGREE];
        self.compared += self.around.len();
        for nodes in self.around.chunks(DEGREE) {
            let nearness = &mut nearness[..nodes.len()];
            self.gauge.compare(self.codes, nodes, nearness);
            for (node, nearness) in nodes.iter().zip(nearness) {
                tell(*nearness);
                if self.pool.offer(Candidate::new(*node, *nearness)) {
                    self.level.prefetch(*node);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
