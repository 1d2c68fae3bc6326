//! Execution of retrievers over a snapshot.

mod compile;
mod fuse;
mod knn;
mod term;

use crate::error::{EngineError, Result};
use crate::snapshot::{Snapshot, text_error};
use compile::Compiler;
use query::{Query, Retriever, SearchAnswer, SearchHit, SearchRequest};
use std::sync::Arc;
use tantivy::DocAddress;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{BooleanQuery, ConstScoreQuery, Occur};

/// How deep a search may reach: `from` + `size`, as in Elasticsearch.
const MAX_WINDOW: usize = 10_000;

/// A hit before its document is fetched.
#[derive(Debug, Clone, PartialEq)]
struct Candidate {
    address: DocAddress,
    score: f32,
    matched: Vec<String>,
}

/// Ranked hits, best first, and how many there were before they were cut.
#[derive(Debug, Default)]
struct Ranking {
    total: u64,
    hits: Vec<Candidate>,
}

/// What a retriever is run with.
struct Context<'a> {
    snapshot: &'a Snapshot,
    request: &'a SearchRequest,
    /// Says true when nobody waits for the answer any more.
    stop: &'a (dyn Fn() -> bool + Sync),
}

pub(crate) fn search(
    snapshots: &[Arc<Snapshot>],
    request: &SearchRequest,
    stop: &(dyn Fn() -> bool + Sync),
) -> Result<SearchAnswer> {
    let end = request.from.saturating_add(request.size);
    if end > MAX_WINDOW {
        return Err(EngineError::Query(format!(
            "from + size is {end}, a search reaches at most {MAX_WINDOW} hits deep"
        )));
    }
    let [snapshot] = snapshots else {
        return Err(EngineError::Query(
            "several indices are not searched at once yet".to_owned(),
        ));
    };
    let context = Context {
        snapshot,
        request,
        stop,
    };
    let ranking = context.retrieve(&request.retriever, end)?;
    let hits = ranking
        .hits
        .into_iter()
        .skip(request.from)
        .take(request.size);
    let fetch = |hit: Candidate| {
        let stored = snapshot.stored(hit.address)?;
        Ok(SearchHit {
            index: snapshot.name.clone(),
            stored,
            score: Some(hit.score),
            matched: hit.matched,
            sort: Vec::new(),
            fields: Vec::new(),
            inner: Vec::new(),
        })
    };
    Ok(SearchAnswer {
        total: ranking.total,
        hits: hits.map(fetch).collect::<Result<_>>()?,
        ..SearchAnswer::default()
    })
}

impl Context<'_> {
    /// Answers the best `limit` hits of a retriever.
    fn retrieve(&self, retriever: &Retriever, limit: usize) -> Result<Ranking> {
        match retriever {
            Retriever::Standard(query) => self.standard(query, limit),
            Retriever::Knn(knn) => self.knn(knn, limit),
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

    fn compile(&self, query: &Query) -> Result<Box<dyn tantivy::query::Query>> {
        Compiler::new(self.snapshot).compile(query)
    }

    fn standard(&self, query: &Query, limit: usize) -> Result<Ranking> {
        let mut compiled = self.compile(query)?;
        if let Some(filter) = &self.request.filter {
            let filter = Box::new(ConstScoreQuery::new(self.compile(filter)?, 0.0));
            compiled = Box::new(BooleanQuery::new(vec![
                (Occur::Must, compiled),
                (Occur::Must, filter),
            ]));
        }
        let searcher = &self.snapshot.searcher;
        if limit == 0 {
            let total = searcher.search(&compiled, &Count).map_err(text_error)? as u64;
            return Ok(Ranking {
                total,
                hits: Vec::new(),
            });
        }
        let top = TopDocs::with_limit(limit).order_by_score();
        let (total, top) = searcher
            .search(&compiled, &(Count, top))
            .map_err(text_error)?;
        // A search for everything has found nothing in particular.
        let matched = match query {
            Query::All => Vec::new(),
            _ => vec![self.request.query_name.clone()],
        };
        let hits = top
            .into_iter()
            .map(|(score, address)| Candidate {
                address,
                score,
                matched: matched.clone(),
            })
            .collect();
        Ok(Ranking {
            total: total as u64,
            hits,
        })
    }
}
