//! Aggregations: summaries of what matches, computed over the columns.
//!
//! One executor serves every kind. Matching documents go through the tree of aggregations in blocks of pairs: a
//! document, and the bucket of the aggregation around that it falls into. Each aggregation reads its column for a whole
//! block, keeps its numbers in arrays by bucket, and hands pairs with its own buckets to those inside. What is kept is
//! kept by value, not by the ordinals of one segment, so segments and indices add up without a step that merges them.
//!
//! Counts are exact: terms see every bucket, cardinality every value, whatever thresholds a request names.

mod buckets;
mod cardinality;
mod columns;
mod date_histogram;
mod decimal;
mod field;
mod filters;
mod format;
mod histogram;
mod metric;
mod nested;
mod node;
mod order;
mod plan;
mod ranges;
mod regexp;
mod rounding;
mod single;
mod term_ids;
mod terms;
mod terms_filter;

pub(crate) use decimal::DecimalFormat;

use crate::error::Result;
use crate::snapshot::Snapshot;
use ann::BitSet;
use node::{Answers, Segment};
use plan::Planner;
use query::{Aggregation, AggregationAnswer, Query};

/// What matches in one index.
pub(crate) struct Matches<'a> {
    pub(crate) snapshot: &'a Snapshot,
    /// For each segment the documents that match, ascending, each once: parts that are documents themselves, no nested
    /// objects and nothing deleted.
    pub(crate) segments: Vec<Vec<u32>>,
}

/// Runs a query for the buckets of `filter` and `filters`: answers for each segment which parts match, as the nested
/// objects at a path (none = the documents themselves) see the query. Parts at other paths may be in it or not.
pub(crate) type FilterRunner<'a> =
    dyn Fn(&Snapshot, &Query, Option<&str>) -> Result<Vec<BitSet>> + 'a;

/// Computes aggregations over what matches in one or several indices.
///
/// # Errors
/// When an aggregation does not fit a field's type, a pattern, date or format cannot be read, there are more buckets
/// than are allowed, a filter's query fails, or nobody waits for the answer any more.
pub(crate) fn aggregate(
    matches: &[Matches<'_>],
    aggregations: &[(String, Aggregation)],
    filter: &FilterRunner<'_>,
    stop: &(dyn Fn() -> bool + Sync),
) -> Result<Vec<(String, AggregationAnswer)>> {
    let snapshots: Vec<&Snapshot> = matches.iter().map(|index| index.snapshot).collect();
    let is_whole = |index: &Matches<'_>| {
        let matching: u64 = index.segments.iter().map(|found| found.len() as u64).sum();
        !index.snapshot.has_nested() && matching > 0 && matching == index.snapshot.count()
    };
    let everything = matches.iter().all(is_whole);
    let mut nodes = Planner::new(&snapshots, everything).plan(aggregations)?;
    let whole = nodes.iter().any(node::Node::reads_every_segment);
    for (number, index) in matches.iter().enumerate() {
        let readers = index.snapshot.searcher.segment_readers();
        for (ordinal, (reader, documents)) in readers.iter().zip(&index.segments).enumerate() {
            if documents.is_empty() && !whole {
                continue;
            }
            let segment = Segment {
                snapshot: index.snapshot,
                number,
                reader,
                ordinal,
                filter,
            };
            node::run(&mut nodes, &segment, documents, stop)?;
        }
    }
    nodes.iter_mut().for_each(node::Node::finish);
    Answers::new(stop).of(&nodes, 0)
}

#[cfg(test)]
mod tests;
