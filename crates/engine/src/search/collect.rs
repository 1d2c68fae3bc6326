//! Going through the matches of a query: the best of them, how many there are, and which.

mod field;
mod key;
mod segment;
mod top;
mod value;

use super::compile::Compiled;
use super::shard::{Place, Shard};
use super::{Context, stopped};
use crate::error::Result;
use crate::snapshot::text_error;
pub(super) use value::shortest;

use key::Keys;
use query::{Query, Sort, SortKey, SortValue, TrackTotal};
use std::ops::Range;
use tantivy::query::Scorer;
use tantivy::{DocAddress, DocId, SegmentReader, TERMINATED};
use top::Top;

/// How many matches are looked at between two questions whether to stop.
const MATCHES_BETWEEN_STOPS: u64 = 8192;

/// What is wanted of the matches.
pub(super) struct Wanted<'a> {
    /// How many of the best, those left out at the start among them.
    pub(super) end: usize,
    /// Whether any hit is answered at all.
    pub(super) any: bool,
    pub(super) sort: &'a [Sort],
    pub(super) search_after: Option<&'a [SortValue]>,
    pub(super) min_score: Option<f32>,
    pub(super) track_scores: bool,
    pub(super) track_total: TrackTotal,
    pub(super) terminate_after: Option<u64>,
    pub(super) post_filter: Option<&'a Query>,
    /// Whether every match is kept, for aggregations.
    pub(super) every_match: bool,
    /// The nested objects that the matches are; none = documents.
    pub(super) scope: Option<&'a str>,
}

impl Wanted<'_> {
    fn is_by_score(&self) -> bool {
        match self.sort {
            [] => true,
            [only] => matches!(only.key, SortKey::Score) && only.descending,
            _ => false,
        }
    }

    fn shows_scores(&self) -> bool {
        let mut keys = self.sort.iter().map(|sort| &sort.key);
        let sorted = keys.any(|key| matches!(key, SortKey::Score));
        self.any && (self.sort.is_empty() || self.track_scores || sorted)
    }

    fn needs_scores(&self) -> bool {
        self.shows_scores() || self.min_score.is_some()
    }
}

/// A hit with what it is sorted by.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Ranked {
    pub(super) place: Place,
    pub(super) score: f32,
    pub(super) is_scored: bool,
    /// Empty when sorted by score alone.
    pub(super) sort: Vec<SortValue>,
}

/// What going through the matches found.
#[derive(Debug, Default)]
pub(super) struct Collection {
    /// How many documents match.
    pub(super) total: u64,
    pub(super) max_score: Option<f32>,
    /// The best, best first.
    pub(super) hits: Vec<Ranked>,
    /// Whether an index was not searched to the end.
    pub(super) terminated_early: bool,
    /// Every match before `post_filter`, by index and segment, ascending; empty where nobody wants them.
    pub(super) matches: Vec<Vec<Vec<DocId>>>,
}

/// Goes through the matches of one query for each index.
pub(super) fn collect(
    context: &Context<'_>,
    queries: &[Compiled],
    wanted: &Wanted<'_>,
) -> Result<Collection> {
    let mut collection = Collection::default();
    let keys = context.shards.iter().map(|shard| Keys::new(shard, wanted));
    let keys = keys.collect::<Result<Vec<_>>>()?;
    for (first, next) in keys.iter().zip(keys.iter().skip(1)) {
        first.check(next)?;
    }
    let shards = context.shards.iter().zip(&keys).enumerate();
    for ((ordinal, (shard, keys)), query) in shards.zip(queries) {
        let shard = (ordinal, shard, keys);
        let matches = in_shard(context, shard, query, wanted, &mut collection)?;
        if wanted.every_match {
            collection.matches.push(matches);
        }
    }
    top::sort(&mut collection.hits, wanted);
    for hit in &mut collection.hits {
        if let Some(keys) = keys.get(hit.place.shard) {
            keys.show(&mut hit.sort);
        }
    }
    // Sorted by something else, the best score is known only where it was asked for.
    if !wanted.any || !(wanted.is_by_score() || wanted.track_scores) {
        collection.max_score = None;
    }
    if wanted.is_by_score() && wanted.search_after.is_none() {
        for hit in &mut collection.hits {
            hit.sort.clear();
        }
    }
    Ok(collection)
}

fn in_shard(
    context: &Context<'_>,
    (ordinal, shard, keys): (usize, &Shard<'_>, &Keys<'_>),
    query: &Compiled,
    wanted: &Wanted<'_>,
    collection: &mut Collection,
) -> Result<Vec<Vec<DocId>>> {
    let weight = shard.weight(query, wanted.needs_scores())?;
    let post_filter = wanted
        .post_filter
        .map(|filter| shard.weight(&shard.compile(filter)?, false))
        .transpose()?;
    let counts_only =
        !wanted.any && wanted.min_score.is_none() && post_filter.is_none() && !wanted.every_match;
    let segments = shard.segments();
    let mut matches = vec![Vec::new(); segments.len()];
    let mut base = 0;
    // Elasticsearch looks at everything where it answers no hits.
    let mut left = wanted.terminate_after.filter(|_| wanted.any);
    for number in shard.snapshot.by_age()? {
        let number = *number;
        let Some(segment) = segments.get(number as usize) else {
            continue;
        };
        if (context.stop)() {
            return Err(stopped());
        }
        if counts_only && wanted.track_total == TrackTotal::No {
            break;
        }
        if counts_only {
            collection.total += u64::from(weight.count(segment).map_err(text_error)?);
            shard.faults.check()?;
            continue;
        }
        let scorer = weight.scorer(segment, 1.0).map_err(text_error)?;
        let passing = post_filter
            .as_ref()
            .map(|weight| weight.scorer(segment, 1.0));
        let passing = passing.transpose().map_err(text_error)?;
        let keys = keys.of_segment(segment, (number, base))?;
        let mut walk = Walk {
            context,
            segment,
            wanted,
            scored: wanted.needs_scores(),
            passing,
            top: Top::new(wanted.end, keys),
            total: 0,
            max_score: None,
            matches: Vec::new(),
            left,
            stopped: false,
        };
        walk.run(scorer)?;
        left = walk.left;
        collection.terminated_early |= walk.stopped;
        shard.faults.check()?;
        collection.total += walk.total;
        collection.max_score = greater(collection.max_score, walk.max_score);
        if let Some(matches) = matches.get_mut(number as usize) {
            *matches = walk.matches;
        }
        let address = |document| DocAddress::new(number, document);
        for (document, score, sort) in walk.top.into_hits()? {
            collection.hits.push(Ranked {
                place: Place {
                    shard: ordinal,
                    address: address(document),
                },
                score,
                is_scored: wanted.shows_scores(),
                sort,
            });
        }
        base += u64::from(segment.max_doc());
    }
    Ok(matches)
}

/// Goes through the matches of a query in a part of one segment.
pub(super) fn best_of_range(
    shard: &Shard<'_>,
    query: &Compiled,
    wanted: &Wanted<'_>,
    (number, range): (u32, Range<DocId>),
) -> Result<Collection> {
    let weight = shard.weight(query, wanted.needs_scores())?;
    let segment = shard.snapshot.searcher.segment_reader(number);
    let keys = Keys::new(shard, wanted)?;
    let mut top = Top::new(wanted.end, keys.of_segment(segment, (number, 0))?);
    let mut scorer = weight.scorer(segment, 1.0).map_err(text_error)?;
    let mut collection = Collection::default();
    if scorer.doc() < range.start {
        scorer.seek(range.start);
    }
    while scorer.doc() < range.end {
        let score = match wanted.needs_scores() {
            true => scorer.score(),
            false => 0.0,
        };
        collection.total += 1;
        collection.max_score = greater(collection.max_score, Some(score));
        top.offer(scorer.doc(), score)?;
        scorer.advance();
    }
    shard.faults.check()?;
    for (document, score, mut sort) in top.into_hits()? {
        keys.show(&mut sort);
        collection.hits.push(Ranked {
            place: Place {
                shard: 0,
                address: DocAddress::new(number, document),
            },
            score,
            is_scored: wanted.shows_scores(),
            sort: match wanted.is_by_score() {
                true => Vec::new(),
                false => sort,
            },
        });
    }
    if !wanted.is_by_score() {
        collection.max_score = None;
    }
    Ok(collection)
}

fn greater(a: Option<f32>, b: Option<f32>) -> Option<f32> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.max(b)),
        (a, b) => a.or(b),
    }
}

/// One segment's matches under way.
struct Walk<'a> {
    context: &'a Context<'a>,
    segment: &'a SegmentReader,
    wanted: &'a Wanted<'a>,
    scored: bool,
    passing: Option<Box<dyn Scorer>>,
    top: Top,
    total: u64,
    max_score: Option<f32>,
    matches: Vec<DocId>,
    /// How many more matches are looked at; none = all.
    left: Option<u64>,
    /// Whether there were more.
    stopped: bool,
}

impl Walk<'_> {
    fn run(&mut self, mut scorer: Box<dyn Scorer>) -> Result<()> {
        let alive = self.segment.alive_bitset();
        let mut until_stop = MATCHES_BETWEEN_STOPS;
        let mut document = scorer.doc();
        while document != TERMINATED {
            until_stop -= 1;
            if until_stop == 0 {
                if (self.context.stop)() {
                    return Err(stopped());
                }
                until_stop = MATCHES_BETWEEN_STOPS;
            }
            if alive.is_none_or(|alive| alive.is_alive(document)) {
                if let Some(left) = &mut self.left {
                    if *left == 0 {
                        self.stopped = true;
                        return Ok(());
                    }
                    *left -= 1;
                }
                let score = if self.scored { scorer.score() } else { 0.0 };
                self.see(document, score)?;
            }
            document = scorer.advance();
        }
        Ok(())
    }

    fn see(&mut self, document: DocId, score: f32) -> Result<()> {
        if self.wanted.min_score.is_some_and(|least| score < least) {
            return Ok(());
        }
        if self.wanted.every_match {
            self.matches.push(document);
        }
        if let Some(passing) = &mut self.passing {
            if passing.doc() < document {
                passing.seek(document);
            }
            if passing.doc() != document {
                return Ok(());
            }
        }
        self.total += 1;
        if self.scored {
            self.max_score = greater(self.max_score, Some(score));
        }
        self.top.offer(document, score)
    }
}
