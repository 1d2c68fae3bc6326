//! Retrievers: where ranked hits come from, and how several rankings become one.

use crate::Query;
use document::Stored;
use serde::{Deserialize, Serialize};

/// A source of ranked hits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Retriever {
    /// Documents that match a query, by its score.
    Standard(Query),
    /// The nearest vectors.
    Knn(Knn),
    /// Several rankings fused by reciprocal rank (Cormack, Clarke and Büttcher, SIGIR 2009): a hit's score is the
    /// sum of weight / (`rank_constant` + rank), rank counted from 1.
    Rrf {
        /// The rankings.
        retrievers: Vec<WeightedRetriever>,
        /// How much lower ranks count; 60 is usual.
        rank_constant: u32,
        /// How many hits of each ranking take part.
        window: usize,
    },
    /// The weighted sum of several scores. A hit found by one [`Knn`] gets its exact score from every other.
    Linear {
        /// The rankings.
        retrievers: Vec<WeightedRetriever>,
        /// How many hits of each ranking take part.
        window: usize,
    },
}

/// A retriever with its weight and the name under which a hit says that it came from it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WeightedRetriever {
    /// The retriever.
    pub retriever: Retriever,
    /// Its weight, 0 or more.
    pub weight: f32,
}

/// A search for the nearest vectors.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Knn {
    /// Full path of the vector field.
    pub field: String,
    /// The vector to compare with, as long as the field's.
    pub vector: Vec<f32>,
    /// How many hits.
    pub k: usize,
    /// Fingerprint of the extractor that made the vector; none for a vector brought by a client.
    pub fingerprint: Option<String>,
    /// The name under which a hit says that it was found by this search.
    pub name: String,
}

/// What is asked of an index.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SearchRequest {
    /// Where the hits come from.
    pub retriever: Retriever,
    /// The name under which a hit says that it was found by the words of the query.
    pub query_name: String,
    /// What every hit must match; applied before the nearest are taken.
    pub filter: Option<Query>,
    /// How many hits are left out at the start.
    pub from: usize,
    /// How many hits are answered.
    pub size: usize,
}

/// What a search found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SearchAnswer {
    /// How many documents match; for a nearest-vector search, how many were found.
    pub total: u64,
    /// The hits asked for, best first.
    pub hits: Vec<SearchHit>,
}

/// One hit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SearchHit {
    /// The document as the search saw it.
    pub stored: Stored,
    /// How well it matches, greater = better.
    pub score: f32,
    /// The names of the searches that found it.
    pub matched: Vec<String>,
}
