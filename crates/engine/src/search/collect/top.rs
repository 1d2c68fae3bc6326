//! The best of the matches seen so far.

use super::segment::{Part, SegmentKeys};
use super::value::compare;
use super::{Ranked, Wanted};
use crate::error::Result;
use query::{Missing, Sort, SortKey, SortValue};
use std::cmp::Ordering;
use std::collections::BinaryHeap;
use tantivy::DocId;

/// What a match is sorted by, smaller = better: the first thing, and the others.
type Key = (u64, Box<[Part]>);

/// Keeps the best matches of one segment, which are offered in ascending order.
pub(super) struct Top {
    most: usize,
    keys: SegmentKeys,
    after: Option<Key>,
    /// The worst on top.
    kept: BinaryHeap<(Key, DocId, OrderedScore)>,
}

/// A score that travels with a match and never decides its place.
struct OrderedScore(f32);

impl PartialEq for OrderedScore {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for OrderedScore {}

impl PartialOrd for OrderedScore {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for OrderedScore {
    fn cmp(&self, _: &Self) -> Ordering {
        Ordering::Equal
    }
}

impl Top {
    pub(super) fn new(most: usize, keys: SegmentKeys) -> Self {
        let after = keys.after().map(|mut after| match after.first() {
            Some(Part::Place(first)) => {
                let first = *first;
                (first, after.split_off(1).into())
            }
            _ => (0, after.into()),
        });
        Self {
            most,
            keys,
            after,
            kept: BinaryHeap::new(),
        }
    }

    /// Takes a match in, if it is among the best so far.
    pub(super) fn offer(&mut self, document: DocId, score: f32) -> Result<()> {
        if self.most == 0 {
            return Ok(());
        }
        let first = self.keys.first(document, score)?;
        let is_full = self.kept.len() >= self.most;
        if is_full && let Some(((worst, rest), ..)) = self.kept.peek() {
            // Of equals the one that came first is kept.
            if first > *worst || (first == *worst && rest.is_empty()) {
                return Ok(());
            }
        }
        let key = (first, self.keys.rest(document, score)?);
        if self.after.as_ref().is_some_and(|after| key <= *after) {
            return Ok(());
        }
        let entry = (key, document, OrderedScore(score));
        if !is_full {
            self.kept.push(entry);
        } else if let Some(mut worst) = self.kept.peek_mut()
            && entry < *worst
        {
            *worst = entry;
        }
        Ok(())
    }

    /// Answers the best, best first, with what they are sorted by.
    pub(super) fn into_hits(self) -> Result<Vec<(DocId, f32, Vec<SortValue>)>> {
        let sorted = self.kept.into_sorted_vec();
        let hits = sorted.into_iter().map(|((first, rest), document, score)| {
            let values = self.keys.values(first, &rest)?;
            Ok((document, score.0, values))
        });
        hits.collect()
    }
}

/// Sorts the best of several segments, and cuts them off. Equals stay in the order in which they were found.
pub(super) fn sort(hits: &mut Vec<Ranked>, wanted: &Wanted<'_>) {
    let by_score = |a: &Ranked, b: &Ranked| b.score.total_cmp(&a.score);
    hits.sort_by(|a, b| match wanted.is_by_score() {
        true => by_score(a, b),
        false => by_values(wanted.sort, a, b),
    });
    hits.truncate(wanted.end);
}

fn by_values(sort: &[Sort], a: &Ranked, b: &Ranked) -> Ordering {
    for (sort, (a, b)) in sort.iter().zip(a.sort.iter().zip(&b.sort)) {
        let nulls_first = matches!(
            sort.key,
            SortKey::Field {
                missing: Missing::First,
                ..
            }
        );
        let ordering = match (a, b) {
            (SortValue::Null, SortValue::Null) => Ordering::Equal,
            (SortValue::Null, _) if nulls_first => Ordering::Less,
            (SortValue::Null, _) => Ordering::Greater,
            (_, SortValue::Null) if nulls_first => Ordering::Greater,
            (_, SortValue::Null) => Ordering::Less,
            (a, b) if sort.descending => compare(b, a),
            (a, b) => compare(a, b),
        };
        if ordering.is_ne() {
            return ordering;
        }
    }
    Ordering::Equal
}
