//! The traversal: best first, from node to neighbours.

use super::codes::Codes;
use super::gauge::Gauge;
use super::level::Level;
use super::links::DEGREE;
use super::pool::{Candidate, Pool};
use super::visited::Visited;
use std::ops::ControlFlow;

/// How many nodes are expanded between two questions whether to stop.
pub(super) const EXPANDED_BETWEEN_STOPS: u32 = 256;

/// What traversals keep between each other, so that they need no memory of their own.
#[derive(Debug)]
pub(super) struct Scratch {
    pub(super) gauge: Gauge,
    /// Compares from other nodes while `gauge` is in use.
    pub(super) other: Gauge,
    /// A vector less the center.
    pub(super) centered: Vec<f32>,
    /// A row of codes.
    pub(super) codes: Vec<u8>,
    pub(super) pool: Pool,
    pub(super) other_pool: Pool,
    pub(super) seeds: Vec<Candidate>,
    pub(super) visited: Visited,
}

/// Finds the nodes of a level that are nearest to a gauge's vector. They are left in the pool, which keeps `ef`.
///
/// Candidates of a coarser level are where it begins, or the level's entry where there are none. It breaks off when the
/// caller says stop.
pub(super) fn walk(
    codes: &Codes,
    level: &Level,
    ef: usize,
    (gauge, seeds): (&Gauge, &[Candidate]),
    (pool, visited): (&mut Pool, &mut Visited),
    stop: &dyn Fn() -> bool,
) -> ControlFlow<()> {
    pool.reset(ef);
    visited.reset(codes.slots());
    let mut nodes = [0; DEGREE];
    let mut nearness = [0.0; DEGREE];
    if seeds.is_empty() {
        let Some(entry) = level.entry() else {
            return ControlFlow::Continue(());
        };
        visited.insert(&mut [entry]);
        gauge.compare(codes, &[entry], &mut nearness[..1]);
        pool.offer(Candidate::new(entry, nearness[0]));
    }
    for seed in seeds {
        if visited.insert(&mut [seed.node()]) == 1 {
            pool.offer(Candidate::new(seed.node(), seed.nearness));
        }
    }
    let mut until_stop = EXPANDED_BETWEEN_STOPS;
    while let Some(node) = pool.expand() {
        until_stop -= 1;
        if until_stop == 0 {
            if stop() {
                return ControlFlow::Break(());
            }
            until_stop = EXPANDED_BETWEEN_STOPS;
        }
        let count = level.neighbours(node, &mut nodes);
        let count = visited.insert(&mut nodes[..count]);
        // Known before the hop is over: the next to be expanded, unless something nearer is found now.
        if let Some(next) = pool.peek() {
            level.prefetch(next);
        }
        let nodes = &nodes[..count];
        gauge.compare(codes, nodes, &mut nearness[..count]);
        for (node, nearness) in nodes.iter().zip(&nearness[..count]) {
            if pool.offer(Candidate::new(*node, *nearness)) {
                level.prefetch(*node);
            }
        }
    }
    ControlFlow::Continue(())
}
