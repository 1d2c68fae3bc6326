//! Searching the graph.
//!
//! How depends on how many rows can be hits. Few are all compared; more, but not many, by their codes. Nearly all: the
//! ordinary traversal finds them. In between a traversal gathers what can be a hit: it passes through what cannot, or steps
//! over it where that is most. Where it finds no way to the nearest, all that can be hits are compared by their codes. What
//! is found by codes is compared exactly.

use super::gated::{Outcome, Wanted, walk_gated};
use super::pool::Candidate;
use super::sweep::sweep;
use super::through::walk_through;
use super::walk::Scratch;
use super::{Graph, State};
use crate::bitset::BitSet;
use crate::error::{Error, Result};
use crate::nearest::Hit;
use crate::scan;
use crate::search::Search;
use crate::store::Rows;
use crate::vector;

/// How many rows are rather compared exactly, one and all, than by their codes first.
const FEW: u32 = 256;

/// How many rows are compared exactly between two questions whether to stop.
const ROWS_BETWEEN_STOPS: usize = 4096;

/// For so many candidates one is kept, at most, where a traversal is used. It takes as long for each that it keeps as comparing
/// a hundred codes one after another, which leaves none out.
const SWEPT_FOR: u64 = 256;

/// By how many standard deviations of what codes get wrong a candidate may be farther than the last of the `k` nearest, and
/// still be compared exactly.
const DEVIATIONS: f32 = 3.0;

/// The same where codes are of projections, at most and for each time that as many nodes are expanded as hits are wanted: what
/// projections leave out is not spread as evenly as what rounding does, but where few are expanded, more is missed by that.
const PROJECTED_DEVIATIONS: f32 = 5.0;
const PROJECTED_DEVIATIONS_FOR_EACH: f32 = 2.5;

/// The same where all codes were compared: of very many that are about as near, those that codes make the nearest are those
/// that they flatter most.
const SWEPT_DEVIATIONS: f32 = 6.0;

/// How many candidates are kept when all are compared by their codes: so many for each hit, and some more.
const SWEPT_FOR_EACH: usize = 4;
const SWEPT: usize = 1000;

/// Of so many slots one more is kept where codes are of projections, which leave more open. If all had to be compared exactly, that would
/// take one to two times as long as the codes of all; mostly few have to be.
const SWEPT_SHARE: u32 = 8;

/// The fewest dims whose codes tell near vectors apart; with fewer, more candidates are kept.
const FEW_DIMS: usize = 16;
const FEW_DIMS_EF: usize = 200;

/// A traversal is given up when it has compared one node for so many that can be hits: to compare those costs less each.
const GIVEN_UP_FOR: u32 = 4;

/// What share of the nodes can be hits, at least, where a traversal compares the others as well: they show it the way.
const MANY: f64 = 0.4;

/// How many nodes such a traversal expands at most, for each that it expects to; or, if that is more, one of so many that can be
/// hits: that takes as long as comparing the codes of them all, which is what comes after.
const EXPANDED_FOR_EACH: f64 = 4.0;
const EXPANDED_OF: u32 = 16;

/// What share of the nodes can be hits, at least, where the ordinary traversal is used.
const NEARLY_ALL: f64 = 0.9;

impl Graph {
    /// Finds about the `k` nearest rows, best first; equal similarities come by ascending slot. There are `k` hits, or as
    /// many as can be hits if those are fewer. The nearest `ef` nodes are expanded on the way: more find better and take
    /// longer. Fewer than `k` may do; where a filter leaves out many, it is taken to be `k` at least.
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
        if search.metric != self.metric() {
            return Err(Error::OtherMetric {
                made_for: self.metric(),
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
        let mut ef = ef.max(1);
        if self.dims < FEW_DIMS {
            ef = ef.max(FEW_DIMS_EF);
        }
        self.with_scratch(|scratch| {
            let own = self.encode(search.query, &mut scratch.room, &mut scratch.codes);
            scratch.gauge.set(&scratch.codes, own, self.searched_by());
            let state = self.read();
            let asked = Asked {
                rows,
                search,
                ef,
                most,
                stop,
            };
            let found = match self.is_flat {
                true => None,
                false => state.traverse(&asked, scratch)?,
            };
            let found = match found {
                Some(found) => {
                    let deviations = match scratch.gauge.is_of_projections() {
                        true => (PROJECTED_DEVIATIONS_FOR_EACH * ef as f32 / search.k as f32)
                            .clamp(DEVIATIONS, PROJECTED_DEVIATIONS),
                        false => DEVIATIONS,
                    };
                    state.to_compare(search.k, deviations, scratch, found)
                }
                None => state.sweep(&asked, scratch)?,
            };
            match found {
                Some(found) => rerank(rows, search, found, stop),
                None => scan::search(rows, search, stop),
            }
        })
    }
}

/// A search under way.
struct Asked<'a> {
    rows: &'a Rows,
    search: &'a Search<'a>,
    /// How many nodes are expanded.
    ef: usize,
    /// How many rows can be hits, at most.
    most: u32,
    stop: &'a dyn Fn() -> bool,
}

impl Asked<'_> {
    /// Whether a slot can be a hit.
    #[inline(always)]
    fn can_be(&self, slot: u32) -> bool {
        let passes = |filter: &BitSet| filter.contains(slot);
        self.rows.live().contains(slot) && self.search.filter.is_none_or(passes)
    }
}

impl State {
    /// Finds, by a traversal, rows that are near by their codes; nothing where none is worth it or leads to enough.
    fn traverse(&self, asked: &Asked<'_>, scratch: &mut Scratch) -> Result<Option<Vec<Candidate>>> {
        let &Asked {
            search,
            ef,
            most,
            stop,
            ..
        } = asked;
        let share = f64::from(most) / f64::from(self.nodes().max(1));
        let can_be = |slot| asked.can_be(slot);
        let finest = &self.levels[0];
        let found = |scratch: &Scratch| Ok(Some(scratch.pool.candidates().to_vec()));
        if search.filter.is_none() && share >= NEARLY_ALL {
            self.descend(ef, scratch);
            let widened = |count: usize| (count as f64 / share) as usize;
            let width = (widened(ef), widened(scratch.gauge.kept(ef.max(search.k))));
            if self.walk_unless(finest, width, scratch, stop).is_break() {
                return Err(Error::Stopped);
            }
            scratch.pool.retain(can_be);
            if scratch.pool.candidates().len() >= search.k.min(most as usize) {
                return found(scratch);
            }
        }
        let ef = ef.max(search.k);
        let kept = scratch.gauge.kept(ef);
        if (kept as u64).saturating_mul(SWEPT_FOR) >= u64::from(most) {
            return Ok(None);
        }
        self.descend(ef, scratch);
        if share >= MANY {
            // Here, what is kept has to be among what decides where it ends.
            let ef = ef.max(scratch.gauge.kept(search.k));
            let expected = (ef as f64 / share * EXPANDED_FOR_EACH) as usize;
            let most_expanded = expected.max((most / EXPANDED_OF) as usize);
            match walk_through(
                &self.codes,
                finest,
                (ef, most_expanded),
                &can_be,
                scratch,
                stop,
            ) {
                Outcome::Stopped => return Err(Error::Stopped),
                Outcome::Done => return found(scratch),
                Outcome::InVain => {}
            }
        }
        let wanted = Wanted {
            can_be: &can_be,
            share,
            k: search.k,
            width: (ef, kept),
            budget: (most / GIVEN_UP_FOR) as usize,
        };
        match walk_gated(&self.codes, finest, &wanted, scratch, stop) {
            Outcome::Stopped => Err(Error::Stopped),
            Outcome::Done => found(scratch),
            Outcome::InVain => Ok(None),
        }
    }

    /// Finds the rows that can be the nearest, by all codes that can be hits. Nothing where codes cannot tell.
    fn sweep(&self, asked: &Asked<'_>, scratch: &Scratch) -> Result<Option<Vec<u32>>> {
        let Asked {
            rows, search, stop, ..
        } = asked;
        let mut slots = rows.live().clone();
        if let Some(filter) = search.filter {
            slots.and(filter);
        }
        let count = slots.count();
        let kept = search.k.saturating_mul(SWEPT_FOR_EACH);
        let mut kept = kept.saturating_add(SWEPT);
        if scratch.gauge.is_of_projections() {
            kept = kept.saturating_add((count / SWEPT_SHARE) as usize);
        }
        let Some(found) = sweep(&self.codes, &slots, kept, scratch, stop) else {
            return Err(Error::Stopped);
        };
        let found = self.to_compare(search.k, SWEPT_DEVIATIONS, scratch, found);
        // Where so many rows are as near as codes can tell, some that may be nearer were forgotten.
        let are_all = count as usize <= kept;
        Ok(found.filter(|found| found.len() < kept || are_all))
    }

    /// Gives those candidates that can be among the `k` nearest, though the codes rank them lower; nothing where codes cannot
    /// tell.
    fn to_compare(
        &self,
        k: usize,
        deviations: f32,
        scratch: &Scratch,
        mut candidates: Vec<Candidate>,
    ) -> Option<Vec<u32>> {
        let by_nearness = |a: &Candidate, b: &Candidate| b.nearness().total_cmp(&a.nearness());
        if candidates.len() >= k {
            let (_, last, _) = candidates.select_nth_unstable_by(k - 1, by_nearness);
            let last = *last;
            if let Some((_, scale)) = self.codes.get(last.node()) {
                if scratch.gauge.is_blind(scale) {
                    return None;
                }
                let deviation = scratch.gauge.deviation(scale, last.nearness());
                let least = last.nearness() - deviations * deviation;
                let least = match least.is_nan() {
                    // Of infinities, as codes of a damaged file may give, there is none.
                    true => f32::NEG_INFINITY,
                    false => least,
                };
                candidates.retain(|candidate| candidate.nearness() >= least);
            }
        }
        Some(candidates.iter().map(|one| one.node()).collect())
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
fn rerank(
    rows: &Rows,
    search: &Search<'_>,
    slots: Vec<u32>,
    stop: &dyn Fn() -> bool,
) -> Result<Vec<Hit>> {
    let mut hits = Vec::with_capacity(slots.len());
    for (number, slots) in slots.chunks(ROWS_BETWEEN_STOPS).enumerate() {
        if number > 0 && stop() {
            return Err(Error::Stopped);
        }
        let similarities = scan::similarity_of(rows, search.metric, search.query, slots)?;
        let compared = slots.iter().zip(similarities);
        hits.extend(compared.map(|(slot, similarity)| Hit {
            slot: *slot,
            similarity,
        }));
    }
    if search.k < hits.len() {
        hits.select_nth_unstable_by(search.k, Hit::best_first);
        hits.truncate(search.k);
    }
    hits.sort_unstable_by(Hit::best_first);
    Ok(hits)
}
