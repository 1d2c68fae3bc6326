//! The traversal that passes through nodes that cannot be hits.

use super::codes::Codes;
use super::level::Level;
use super::links::DEGREE;
use super::pool::Candidate;
use super::walk::Scratch;
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// How many nodes are expanded between two questions whether to stop.
const EXPANDED_BETWEEN_STOPS: usize = 256;

/// How a traversal ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Nothing that is left is nearer than what was gathered.
    Done,
    /// It compared as many nodes as it may.
    TooLong,
    /// The caller said stop.
    Stopped,
}

/// Finds the nearest nodes of a level that can be hits. They are left in the scratch's pool, which keeps `ef`; the
/// traversal begins at its seeds. It is given up when more than `budget` nodes were compared.
pub(super) fn walk_gated(
    codes: &Codes,
    level: &Level,
    (ef, budget): (usize, u64),
    can_be: &impl Fn(u32) -> bool,
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
    pool.reset(ef);
    visited.reset(codes.slots());
    let mut open = BinaryHeap::new();
    for seed in &*seeds {
        if visited.insert(&mut [seed.node()]) == 1 {
            open.push(Open(*seed));
            if can_be(seed.node()) {
                pool.offer(*seed);
            }
        }
    }
    let mut compared = 0;
    let mut until_stop = EXPANDED_BETWEEN_STOPS;
    let mut nodes = [0; DEGREE];
    let mut nearness = [0.0; DEGREE];
    while let Some(Open(nearest)) = open.pop() {
        // The pool's least is that of the last of a full pool only.
        if nearest.nearness < pool.least() {
            break;
        }
        until_stop -= 1;
        if until_stop == 0 {
            if stop() {
                return Outcome::Stopped;
            }
            until_stop = EXPANDED_BETWEEN_STOPS;
        }
        let count = level.neighbours(nearest.node(), &mut nodes);
        let count = visited.insert(&mut nodes[..count]);
        compared += count as u64;
        if compared > budget {
            return Outcome::TooLong;
        }
        gauge.compare(codes, &nodes[..count], &mut nearness[..count]);
        for (node, nearness) in nodes[..count].iter().zip(nearness) {
            if nearness > pool.least() {
                let candidate = Candidate::new(*node, nearness);
                open.push(Open(candidate));
                if can_be(*node) {
                    pool.offer(candidate);
                }
            }
        }
        if let Some(Open(next)) = open.peek() {
            level.prefetch(next.node());
        }
    }
    Outcome::Done
}

/// A node to be expanded; the nearest is the greatest.
struct Open(Candidate);

impl Ord for Open {
    fn cmp(&self, other: &Open) -> Ordering {
        self.0.nearness.total_cmp(&other.0.nearness)
    }
}

impl PartialOrd for Open {
    fn partial_cmp(&self, other: &Open) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Open {
    fn eq(&self, other: &Open) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Open {}
