//! The traversal that passes through nodes that cannot be hits, for filters that many nodes pass.

use super::codes::Codes;
use super::gated::Outcome;
use super::level::Level;
use super::links::DEGREE;
use super::pool::Candidate;
use super::walk::{EXPANDED_BETWEEN_STOPS, Scratch};

/// Finds the nearest nodes of a level that can be hits. They are left in the scratch's pool, which keeps `ef`; the
/// traversal begins at its seeds. `most` nodes are expanded, whether they can be hits or not: where that is not enough, most of
/// those near the query cannot be hits, and it was in vain.
pub(super) fn walk_through(
    codes: &Codes,
    level: &Level,
    (ef, most): (usize, usize),
    can_be: &impl Fn(u32) -> bool,
    scratch: &mut Scratch,
    stop: &dyn Fn() -> bool,
) -> Outcome {
    let Scratch {
        gauge,
        pool,
        open,
        seeds,
        visited,
        ..
    } = scratch;
    pool.reset(ef, ef);
    open.clear();
    visited.reset(codes.slots());
    let mut nodes = [0; DEGREE];
    let mut nearness = [0.0; DEGREE];
    for seed in &*seeds {
        let seed = Candidate::new(seed.node(), seed.nearness());
        if visited.insert(&mut [seed.node()]) == 1 {
            open.push(seed);
            if can_be(seed.node()) {
                pool.offer(seed);
            }
        }
    }
    let mut expanded = 0;
    while let Some(next) = open.pop() {
        if next.nearness() < pool.least() {
            return Outcome::Done;
        }
        if expanded == most {
            return Outcome::InVain;
        }
        expanded += 1;
        if expanded.is_multiple_of(EXPANDED_BETWEEN_STOPS as usize) && stop() {
            return Outcome::Stopped;
        }
        let count = level.visit_around(next.node(), visited, &mut nodes);
        if let Some(next) = open.peek() {
            level.prefetch(next.node());
        }
        let nodes = &nodes[..count];
        gauge.compare(codes, nodes, &mut nearness[..count]);
        for (node, nearness) in nodes.iter().zip(&nearness[..count]) {
            // What is no number, as codes of a damaged file may give, is nearer than nothing.
            let is_nearer = *nearness > pool.least();
            if !is_nearer {
                continue;
            }
            let candidate = Candidate::new(*node, *nearness);
            if open.peek().is_none_or(|next| *next < candidate) {
                level.prefetch(*node);
            }
            open.push(candidate);
            if can_be(*node) {
                pool.offer(candidate);
            }
        }
    }
    // Everything that can be reached and is nearer was seen.
    match pool.candidates().len() == ef {
        true => Outcome::Done,
        false => Outcome::InVain,
    }
}
