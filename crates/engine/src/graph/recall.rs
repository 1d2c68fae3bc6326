//! How much of what is nearest the graph finds: stored vectors are searched for, and compared with all.

use super::{FieldGraph, Pending, lock};
use crate::error::{EngineError, Result};
use ann::{Rows, Search};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// What searches for the stored vectors of a field found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FieldRecall {
    /// How many searches were made.
    pub searches: u64,
    /// How many nearest vectors each was to find; the vector itself does not count.
    pub k: u64,
    /// How many of the nearest were found, over all searches.
    pub found: u64,
    /// How many there were.
    pub of: u64,
}

impl FieldRecall {
    /// Gives the share of the nearest that were found, 0 to 1, greater = better.
    pub fn recall(&self) -> f64 {
        self.found as f64 / self.of.max(1) as f64
    }
}

/// How many nearest the running figure asks for.
const K: usize = 10;

/// Over how many searches the running figure is.
const WINDOW: usize = 64;

/// How many searches a graph is looked at with that was just opened.
const AT_FIRST: f64 = 8.0;

/// The running figure of a graph.
pub(crate) struct Recall {
    /// For each search, how many of the nearest were found, and how many there were.
    searches: VecDeque<(usize, usize)>,
    /// How many searches the changes since the last one are worth.
    owed: f64,
    /// How many were ever made.
    made: usize,
}

impl Default for Recall {
    fn default() -> Self {
        Self {
            searches: VecDeque::new(),
            owed: AT_FIRST,
            made: 0,
        }
    }
}

impl Recall {
    /// Answers the share of the nearest that were found, 0 to 1, greater = better; none before the first search.
    pub(crate) fn figure(&self) -> Option<f64> {
        let found: usize = self.searches.iter().map(|(found, _)| found).sum();
        let of: usize = self.searches.iter().map(|(_, of)| of).sum();
        (of > 0).then(|| found as f64 / of as f64)
    }

    fn add(&mut self, search: (usize, usize)) {
        self.searches.push_back(search);
        if self.searches.len() > WINDOW {
            self.searches.pop_front();
        }
        self.made += 1;
    }
}

impl FieldGraph {
    /// Searches for the `k` vectors that are nearest to those of `count` rows, spread over all. Answers how many were found;
    /// nothing where there is no graph.
    pub(crate) fn replay(
        &self,
        rows: &Rows,
        pending: &Pending,
        (k, count): (usize, usize),
        stop: &dyn Fn() -> bool,
    ) -> Result<Option<FieldRecall>> {
        if self.linked().is_none() {
            return Ok(None);
        }
        let step = (rows.live().count() as usize / count.max(1)).max(1);
        let mut sum = FieldRecall {
            k: k as u64,
            ..FieldRecall::default()
        };
        for slot in rows.live().iter().step_by(step).take(count) {
            let (found, of) = self.replay_one(rows, pending, (k, slot), stop)?;
            sum.searches += 1;
            sum.found += found as u64;
            sum.of += of as u64;
        }
        Ok(Some(sum))
    }

    /// Searches for the vector of a row, which itself does not count.
    fn replay_one(
        &self,
        rows: &Rows,
        pending: &Pending,
        (k, slot): (usize, u32),
        stop: &dyn Fn() -> bool,
    ) -> Result<(usize, usize)> {
        let Some(row) = rows.row(slot) else {
            return Ok((0, 0));
        };
        let search = Search {
            metric: self.metric,
            query: row,
            k: k + 1,
            filter: None,
        };
        let mut expected = ann::scan::search(rows, &search, stop)?;
        expected.retain(|hit| hit.slot != slot);
        expected.truncate(k);
        let found = self.search(rows, &search, 0, pending, stop)?;
        let Some(last) = expected.last() else {
            return Ok((0, 0));
        };
        // What is as near as the last of them is as good as it.
        let good = found
            .iter()
            .filter(|hit| hit.slot != slot && hit.similarity >= last.similarity);
        Ok((good.count().min(expected.len()), expected.len()))
    }

    /// Keeps the running figure: a graph of which the share `changed` is new is searched for so much of a window. Answers
    /// whether more searches are owed.
    pub(super) fn sample(
        &self,
        rows: &Rows,
        pending: &Pending,
        changed: f64,
        stop: &(dyn Fn() -> bool + Sync),
    ) -> Result<bool> {
        let live = rows.live().count();
        let made = {
            let mut recall = lock(&self.recall);
            recall.owed = (recall.owed + changed * WINDOW as f64).min(WINDOW as f64);
            if recall.owed < 1.0 || live == 0 {
                return Ok(false);
            }
            recall.made
        };
        // A stride that shares no factor with most numbers comes everywhere.
        let nth = (made as u64 * 2_654_435_761) % u64::from(live);
        let Some(slot) = rows.live().iter().nth(nth as usize) else {
            return Ok(false);
        };
        match self.replay_one(rows, pending, (K, slot), stop) {
            Ok(search) => {
                let mut recall = lock(&self.recall);
                recall.add(search);
                recall.owed -= 1.0;
                Ok(recall.owed >= 1.0)
            }
            Err(EngineError::Vectors(ann::Error::Stopped)) => Ok(false),
            Err(error) => Err(error),
        }
    }
}
