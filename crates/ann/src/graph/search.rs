//! Searching the graph.
//!
//! How depends on how many rows can be hits. Few are all compared. Nearly all: the ordinary traversal finds them.
//! In between a traversal passes through what cannot be a hit and gathers what can; when that takes longer than to
//! compare all that can be hits, it is given up for doing so. Whatever is found by codes is compared exactly.

use super::gated::{Outcome, walk_gated};
use super::sweep::sweep;
use super::walk::Scratch;
use super::{Graph, State};
use crate::error::{Error, Result};
use crate::nearest::{Hit, Nearest};
use crate::scan;
use crate::search::Search;
use crate::store::Rows;
use crate::vector;
use kernels::prefetch;

/// How many rows are rather compared exactly, one and all, than by their codes first.
const FEW: u32 = 256;

/// How much of each row is asked for before the first is compared; the processor sees by itself that the rest follows.
const ROW_BYTES_AHEAD: usize = 1024;

/// How many nodes are compared, about, for each candidate that a traversal keeps.
const COMPARED_FOR_EACH: u64 = 12;

/// By how many standard deviations of what codes get wrong a candidate may be farther than the last of the `k` nearest, and
/// still be compared exactly.
const DEVIATIONS: f32 = 3.0;

/// The same where all codes were compared: of very many that are about as near, those that codes make the nearest are those
/// that they flatter most.
const SWEPT_DEVIATIONS: f32 = 6.0;

/// How many candidates are kept when all are compared by their codes: so many for each hit, and some more.
const SWEPT_FOR_EACH: usize = 4;
const SWEPT: usize = 1000;

/// The fewest dims whose codes tell near vectors apart; with fewer, more candidates are kept.
const FEW_DIMS: usize = 16;
const FEW_DIMS_EF: usize = 200;

/// A traversal is given up when it has compared one node for so many that can be hits: to compare those costs less each.
const GIVEN_UP_FOR: u32 = 4;

/// What share of the nodes can be hits, at least, where the ordinary traversal is used.
const NEARLY_ALL: f64 = 0.9;

impl Graph {
    /// Finds about the `k` nearest rows, best first; equal similarities come by ascending slot. There are `k` hits, or as
    /// many as can be hits if those are fewer. `ef` candidates are kept on the way, at least `k`: more find better and
    /// take longer.
    ///
    /// The rows that `rows` sees have to be nodes; others are not found, or only where few rows can be hits. `stop` is
    /// asked every few thousand rows.
    ///
    /// # Errors
    /// [`Error::OtherMetric`] for a metric that the graph was not made for; [`Error::VectorDims`],
    /// [`Error::NotFinite`] or [`Error::TooLarge`] for a query that cannot be compared; [`Error::Stopped`] once `stop` says so.
    pub fn search(
        &self,
        rows: &Rows,
        search: &Search<'_>,
        ef: usize,
        stop: &dyn Fn() -> bool,
    ) -> Result<Vec<Hit>> {
        if search.metric != self.metric {
            return Err(Error::OtherMetric {
                made_for: self.metric,
                asked: search.metric,
            });
        }
        vector::check(search.query, self.dims)?;
        let most = match search.filter {
            Some(filter) => filter.count(),
            None => rows.live().count(),
        };
        if most <= FEW || search.k == 0 {
            return scan::search(rows, search, stop);
        }
        let mut ef = ef.max(search.k);
        if self.dims < FEW_DIMS {
            ef = ef.max(FEW_DIMS_EF);
        }
        self.with_scratch(|scratch| {
            let own = self.encode(search.query, &mut scratch.centered, &mut scratch.codes);
            scratch.gauge.set(&scratch.codes, own, self.searched_by());
            let state = self.read();
            match state.candidates(rows, search, (ef, most), scratch, stop)? {
                Some(found) => rerank(rows, search, found),
                None => scan::search(rows, search, stop),
            }
        })
    }
}

impl State {
    /// Finds the rows that are nearest by their codes, the nearest first; `most` can be hits. Nothing where codes cannot tell.
    fn candidates(
        &self,
        rows: &Rows,
        search: &Search<'_>,
        (ef, most): (usize, u32),
        scratch: &mut Scratch,
        stop: &dyn Fn() -> bool,
    ) -> Result<Option<Vec<u32>>> {
        let nodes = f64::from(self.nodes().max(1));
        let share = f64::from(most) / nodes;
        let can_be = |slot: u32| {
            rows.live().contains(slot) && search.filter.is_none_or(|filter| filter.contains(slot))
        };
        self.descend(ef, scratch);
        if search.filter.is_none() && share >= NEARLY_ALL {
            let ef = (ef as f64 / share) as usize;
            self.walk_to(&self.levels[0], ef, scratch);
            let pool = &mut scratch.pool;
            pool.retain(can_be);
            if pool.candidates().len() >= search.k.min(most as usize) {
                return Ok(Some(self.to_compare(search.k, DEVIATIONS, scratch)));
            }
        } else if (ef as u64 * COMPARED_FOR_EACH) as f64 / share < f64::from(most) {
            let outcome = walk_gated(
                &self.codes,
                &self.levels[0],
                (ef, u64::from(most / GIVEN_UP_FOR)),
                &can_be,
                scratch,
                stop,
            );
            match outcome {
                Outcome::Stopped => return Err(Error::Stopped),
                Outcome::Done if scratch.pool.candidates().len() >= search.k => {
                    return Ok(Some(self.to_compare(search.k, DEVIATIONS, scratch)));
                }
                Outcome::Done | Outcome::TooLong => {}
            }
        }
        let mut slots = rows.live().clone();
        if let Some(filter) = search.filter {
            slots.and(filter);
        }
        let most = search
            .k
            .saturating_mul(SWEPT_FOR_EACH)
            .saturating_add(SWEPT);
        if !sweep(&self.codes, &slots, most, scratch, stop) {
            return Err(Error::Stopped);
        }
        let found = self.to_compare(search.k, SWEPT_DEVIATIONS, scratch);
        // Where so many rows are as near as codes can tell, some that may be nearer were forgotten.
        let is_sure = found.len() < most || slots.count() as usize <= most;
        Ok(is_sure.then_some(found))
    }

    /// Gives those of the pool that can be among the `k` nearest, though the codes rank them lower.
    fn to_compare(&self, k: usize, deviations: f32, scratch: &Scratch) -> Vec<u32> {
        let candidates = scratch.pool.candidates();
        let Some(last) = candidates.get(k - 1) else {
            return candidates
                .iter()
                .map(|candidate| candidate.node())
                .collect();
        };
        let deviation = match self.codes.get(last.node()) {
            Some((_, scale)) => scratch.gauge.deviation(scale),
            None => 0.0,
        };
        let least = last.nearness - deviations * deviation;
        let count = candidates.partition_point(|candidate| candidate.nearness >= least);
        let chosen = candidates.iter().take(count.max(k));
        chosen.map(|candidate| candidate.node()).collect()
    }

    /// Comes from the coarsest level to where the finest is searched with `ef`: leaves that in the seeds.
    pub(super) fn descend(&self, ef: usize, scratch: &mut Scratch) {
        scratch.seeds.clear();
        for (number, level) in self.levels.iter().enumerate().skip(1).rev() {
            // Several paths find the right cluster where one ends in another; they cost a part of what the finest does.
            let ef = match number {
                1 => (ef / 4).clamp(2, 16),
                _ => (ef / 16).clamp(1, 4),
            };
            self.walk_to(level, ef, scratch);
        }
    }
}

/// Compares candidates exactly, and answers the best.
fn rerank(rows: &Rows, search: &Search<'_>, slots: Vec<u32>) -> Result<Vec<Hit>> {
    for slot in &slots {
        if let Some(row) = rows.row(*slot) {
            prefetch(row.as_ptr(), ROW_BYTES_AHEAD.min(size_of_val(row)));
        }
    }
    let similarities = scan::similarity_of(rows, search.metric, search.query, &slots)?;
    let mut nearest = Nearest::new(search.k, slots.len());
    for (slot, similarity) in slots.into_iter().zip(similarities) {
        nearest.offer(Hit { slot, similarity });
    }
    Ok(nearest.into_hits())
}
