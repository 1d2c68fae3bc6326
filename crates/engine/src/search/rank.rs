//! From retrievers to ranked hits.

use super::Context;
use super::collect::{Collection, Wanted, collect};
use super::compile::Compiled;
use super::score::Listed;
use super::shard::{Place, filtered};
use crate::aggregate::{Matches, aggregate};
use crate::error::{EngineError, Result};
use crate::snapshot::Snapshot;
use document::{Cause, Phase};
use query::{AggregationAnswer, Query, Retriever, SearchAnswer, TrackTotal};
use std::collections::HashMap;
use tantivy::DocId;
use tantivy::query::BooleanQuery;

/// A hit of one ranking.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Candidate {
    pub(super) place: Place,
    pub(super) score: f32,
    /// The names of the searches that found it.
    pub(super) matched: Vec<String>,
}

impl Context<'_> {
    pub(super) fn search(&self) -> Result<SearchAnswer> {
        let request = self.request;
        let (queries, names) = match &request.retriever {
            Retriever::Standard(query) => {
                let queries = self.compiled(query)?;
                (self.with_nearest(queries)?, None)
            }
            other => {
                let end = request.from.saturating_add(request.size);
                let candidates = self.retrieve(other, end)?;
                let (queries, names) = self.listed(candidates);
                (queries, Some(names))
            }
        };
        let collection = collect(self, &queries, &self.wanted())?;
        self.answer(collection, names)
    }

    fn wanted(&self) -> Wanted<'_> {
        let request = self.request;
        Wanted {
            end: request.from.saturating_add(request.size),
            any: request.size > 0,
            sort: &request.sort,
            search_after: request.search_after.as_deref(),
            min_score: request.min_score,
            track_scores: request.track_scores,
            track_total: request.track_total,
            terminate_after: request.terminate_after,
            post_filter: request.post_filter.as_ref(),
            every_match: !request.aggregations.is_empty(),
            scope: None,
        }
    }

    /// Compiles a query and the request's filter for every index.
    fn compiled(&self, query: &Query) -> Result<Vec<Compiled>> {
        let compile = |shard: &super::Shard<'_>| {
            let filter = self.request.filter.as_ref();
            let filter = filter.map(|filter| shard.compile(filter)).transpose()?;
            Ok(filtered(shard.compile(query)?, filter))
        };
        self.shards.iter().map(compile).collect()
    }

    /// Adds the hits of the searches for the nearest, each found in all indices together.
    fn with_nearest(&self, queries: Vec<Compiled>) -> Result<Vec<Compiled>> {
        let request = self.request;
        if request.nearest.is_empty() {
            return Ok(queries);
        }
        let mut any: Vec<Vec<Compiled>> = queries.into_iter().map(|query| vec![query]).collect();
        for knn in &request.nearest {
            let found = self.nearest(knn, request.filter.as_ref());
            let found = found.map_err(|error| match error {
                EngineError::Failed(failure) => failure.in_phase(Phase::Nearest).into(),
                other => other,
            })?;
            let (listed, _) = self.listed(found);
            for ((any, listed), shard) in any.iter_mut().zip(listed).zip(&self.shards) {
                if !knn.name.is_empty() {
                    let named = (knn.name.clone(), listed.box_clone());
                    shard.named.borrow_mut().push(named);
                }
                any.push(listed);
            }
        }
        let joined = any
            .into_iter()
            .map(|any| -> Compiled { Box::new(BooleanQuery::union(any)) });
        Ok(joined.collect())
    }

    /// Answers the best hits of a retriever, best first: at least `limit` where there are so many.
    pub(super) fn retrieve(&self, retriever: &Retriever, limit: usize) -> Result<Vec<Candidate>> {
        match retriever {
            Retriever::Standard(query) => self.standard(query, limit),
            Retriever::Knn(knn) => self.nearest(knn, self.request.filter.as_ref()),
            Retriever::Rrf {
                retrievers,
                rank_constant,
                window,
            } => self.reciprocal_ranks(retrievers, *rank_constant, limit.max(*window)),
            Retriever::Linear { retrievers, window } => {
                self.weighted_sum(retrievers, limit.max(*window))
            }
        }
    }

    fn standard(&self, query: &Query, limit: usize) -> Result<Vec<Candidate>> {
        let wanted = Wanted {
            end: limit,
            any: limit > 0,
            sort: &[],
            search_after: None,
            min_score: None,
            track_scores: false,
            track_total: TrackTotal::No,
            terminate_after: None,
            post_filter: None,
            every_match: false,
            scope: None,
        };
        let found = collect(self, &self.compiled(query)?, &wanted)?;
        let matched = self.name_of(query);
        let hits = found.hits.into_iter().map(|hit| Candidate {
            place: hit.place,
            score: hit.score,
            matched: matched.clone(),
        });
        Ok(hits.collect())
    }

    /// A search for everything has found nothing in particular.
    pub(super) fn name_of(&self, query: &Query) -> Vec<String> {
        match query {
            Query::All => Vec::new(),
            _ if self.request.query_name.is_empty() => Vec::new(),
            _ => vec![self.request.query_name.clone()],
        }
    }

    /// Makes queries of hits that were found before, and keeps what found them.
    fn listed(&self, candidates: Vec<Candidate>) -> (Vec<Compiled>, HashMap<Place, Vec<String>>) {
        let make = |(ordinal, shard): (usize, &super::Shard<'_>)| -> Compiled {
            let own = candidates.iter().filter(|hit| hit.place.shard == ordinal);
            let scored = own.map(|hit| (hit.place.address, hit.score));
            Box::new(Listed::new(shard.segments(), scored))
        };
        let queries = self.shards.iter().enumerate().map(make).collect();
        let names = candidates.into_iter().map(|hit| (hit.place, hit.matched));
        (queries, names.collect())
    }

    /// Summarizes everything that matches.
    fn aggregated(
        &self,
        matches: Vec<Vec<Vec<DocId>>>,
    ) -> Result<Vec<(String, AggregationAnswer)>> {
        let aggregations = &self.request.aggregations;
        if aggregations.is_empty() {
            return Ok(Vec::new());
        }
        let shards = self.shards.iter().zip(matches);
        let matches: Vec<Matches<'_>> = shards
            .map(|(shard, segments)| Matches {
                snapshot: shard.snapshot,
                segments,
            })
            .collect();
        let filter = |snapshot: &Snapshot, query: &Query, path: Option<&str>| {
            let mut shards = self.shards.iter();
            let shard = shards.find(|shard| std::ptr::eq(&raw const **shard.snapshot, snapshot));
            match shard {
                Some(shard) => shard.passing(query, path).map_err(unwrapped),
                None => Ok(Vec::new()),
            }
        };
        aggregate(&matches, aggregations, &filter, self.stop)
    }

    fn answer(
        &self,
        collection: Collection,
        names: Option<HashMap<Place, Vec<String>>>,
    ) -> Result<SearchAnswer> {
        let request = self.request;
        let Collection {
            total,
            max_score,
            hits,
            matches,
            terminated_early,
        } = collection;
        let (total, total_is_least) = match request.track_total {
            TrackTotal::All => (total, false),
            TrackTotal::UpTo(most) => (total.min(most), total > most),
            TrackTotal::No => (0, true),
        };
        let hits = hits.into_iter().skip(request.from).take(request.size);
        Ok(SearchAnswer {
            total,
            total_is_least,
            max_score,
            hits: self.fetch(hits.collect(), names)?,
            aggregations: self.aggregated(matches)?,
            terminated_early: request.terminate_after.map(|_| terminated_early),
            shards: self
                .shards
                .iter()
                .map(|shard| shard.snapshot.settings.shards())
                .sum(),
            failed: Vec::new(),
        })
    }
}

/// What lies beneath a query that cannot be made: among aggregations Elasticsearch does not say more.
fn unwrapped(error: EngineError) -> EngineError {
    match error {
        EngineError::Failed(failure) if failure.cause == Cause::QueryShard => {
            EngineError::Failed(failure.caused_by.clone().unwrap_or(failure))
        }
        other => other,
    }
}
