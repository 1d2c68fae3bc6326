//! The traversal: best first, from node to neighbours.

use super::codes::Codes;
use super::encoder::Room;
use super::gauge::Gauge;
use super::level::Level;
use super::links::DEGREE;
use super::pool::{Candidate, Pool};
use super::visited::Visited;
use std::collections::BinaryHeap;
use std::ops::ControlFlow;

/// How many nodes are expanded between two questions whether to stop.
pub(super) const EXPANDED_BETWEEN_STOPS: u32 = 256;

/// From how many candidates on hops overlap: while the nodes around one are compared, those around the next are on their way from
/// memory, and where those around the one after lie as well. What is found is looked at two hops later then, which matters little where
/// many are expanded anyhow.
const OVERLAPPED: usize = 16;

/// What traversals keep between each other, so that they need no memory of their own.
#[derive(Debug)]
pub(super) struct Scratch {
    pub(super) gauge: Gauge,
    /// Compares from other nodes while `gauge` is in use.
    pub(super) other: Gauge,
    /// What the encoder writes meanwhile.
    pub(super) room: Room,
    /// A row of codes.
    pub(super) codes: Vec<u8>,
    pub(super) pool: Pool,
    /// Nodes that may yet be expanded, the nearest first.
    pub(super) open: BinaryHeap<Candidate>,
    pub(super) seeds: Vec<Candidate>,
    pub(super) visited: Visited,
}

/// Finds the nodes of a level that are nearest to a gauge's vector. `ef` of them are expanded, and `kept`, which is as many or
/// more, left in the pool.
///
/// Candidates of a coarser level are where it begins, or the level's entry where there are none. It breaks off when the
/// caller says stop.
pub(super) fn walk(
    codes: &Codes,
    level: &Level,
    (ef, kept): (usize, usize),
    (gauge, seeds): (&Gauge, &[Candidate]),
    (pool, visited): (&mut Pool, &mut Visited),
    stop: &dyn Fn() -> bool,
) -> ControlFlow<()> {
    pool.reset(ef, kept);
    visited.reset(codes.slots());
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
            pool.offer(Candidate::new(seed.node(), seed.nearness()));
        }
    }
    let overlaps = ef >= OVERLAPPED;
    // So many requests at once would keep the processor waiting; a few at a time, between comparisons, do not. Of longer rows the
    // rest has to be asked for there.
    let asks_between = overlaps && codes.are_short();
    let mut chosen = None;
    let (mut coming, mut here) = (&mut Hop::default(), &mut Hop::default());
    let mut until_stop = EXPANDED_BETWEEN_STOPS;
    loop {
        let node = chosen.take().or_else(|| pool.expand());
        if overlaps {
            chosen = pool.expand();
            if let Some(next) = chosen {
                level.prefetch(next);
            }
        }
        match node {
            Some(node) => {
                until_stop -= 1;
                if until_stop == 0 {
                    if stop() {
                        return ControlFlow::Break(());
                    }
                    until_stop = EXPANDED_BETWEEN_STOPS;
                }
                coming.look_around(node, level, visited);
                if !asks_between {
                    for node in coming.nodes() {
                        codes.prefetch(*node);
                    }
                }
                // Known before the hop is over: the next to be chosen, unless something nearer is found now.
                if let Some(next) = pool.peek() {
                    level.prefetch(next);
                }
            }
            None if here.count == 0 => {
                pool.gather();
                return ControlFlow::Continue(());
            }
            None => {}
        }
        if !overlaps {
            std::mem::swap(&mut coming, &mut here);
        }
        let nearness = &mut nearness[..here.count];
        let asked = match asks_between {
            true => coming.nodes(),
            false => here.nodes(),
        };
        gauge.compare_asking::<DEGREE>(codes, here.nodes(), asked, nearness);
        for (node, nearness) in here.nodes().iter().zip(nearness) {
            if pool.offer(Candidate::new(*node, *nearness)) {
                level.prefetch(*node);
            }
        }
        here.count = 0;
        if overlaps {
            std::mem::swap(&mut coming, &mut here);
        }
    }
}

/// The nodes around one that were not seen before.
#[derive(Default)]
struct Hop {
    nodes: [u32; DEGREE],
    count: usize,
}

impl Hop {
    #[inline(always)]
    fn look_around(&mut self, node: u32, level: &Level, visited: &mut Visited) {
        self.count = level.visit_around(node, visited, &mut self.nodes);
    }

    #[inline(always)]
    fn nodes(&self) -> &[u32] {
        &self.nodes[..self.count]
    }
}
