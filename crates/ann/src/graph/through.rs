//! The traversal that passes through nodes that cannot be hits, for filters that many nodes pass.

use super::codes::Codes;
use super::level::Level;
use super::links::DEGREE;
use super::pool::Candidate;
use super::walk::Scratch;

/// Finds the nearest nodes of a level that can be hits. They are left in the scratch's pool, which keeps `ef`; the
/// traversal begins at its seeds. `open` nodes are kept on the way, whether they can be hits or not. Answers false where
/// that was not enough: then most of those near the query cannot be hits.
pub(super) fn walk_through(
    codes: &Codes,
    level: &Level,
    (ef, open): (usize, usize),
    can_be: &impl Fn(u32) -> bool,
    scratch: &mut Scratch,
) -> bool {
    let Scratch {
        gauge,
        pool,
        other_pool,
        seeds,
        visited,
        ..
    } = scratch;
    pool.reset(ef, ef);
    other_pool.reset(open, open);
    visited.reset(codes.slots());
    let mut nodes = [0; DEGREE];
    let mut nearness = [0.0; DEGREE];
    for seed in &*seeds {
        let seed = Candidate::new(seed.node(), seed.nearness());
        if visited.insert(&mut [seed.node()]) == 1 {
            other_pool.offer(seed);
            if can_be(seed.node()) {
                pool.offer(seed);
            }
        }
    }
    while let Some(next) = other_pool.next() {
        if next.nearness() < pool.least() {
            return true;
        }
        other_pool.expand();
        let count = level.neighbours(next.node(), &mut nodes);
        let count = visited.insert(&mut nodes[..count]);
        if let Some(next) = other_pool.peek() {
            level.prefetch(next);
        }
        let nodes = &nodes[..count];
        gauge.compare(codes, nodes, &mut nearness[..count]);
        for (node, nearness) in nodes.iter().zip(&nearness[..count]) {
            if *nearness <= pool.least() {
                continue;
            }
            let candidate = Candidate::new(*node, *nearness);
            if other_pool.offer(candidate) {
                level.prefetch(*node);
            }
            if can_be(*node) {
                pool.offer(candidate);
            }
        }
    }
    false
}
