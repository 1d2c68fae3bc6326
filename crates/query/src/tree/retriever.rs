//! Retrievers: where ranked hits come from, and how several rankings become one.

use super::{InnerHits, Query};
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
    /// How many hits, at most 10,000.
    pub k: usize,
    /// How many candidates a graph index looks at, `k` to 10,000; an exact scan looks at all.
    pub num_candidates: usize,
    /// What the hits must match; applied before the nearest are taken.
    pub filter: Option<Box<Query>>,
    /// The least raw similarity of a hit (a greatest distance where the metric is one), in the field's own measure.
    pub similarity: Option<f32>,
    /// The factor of the scores.
    pub boost: f32,
    /// Which objects of a nested vector field are answered with the document.
    pub inner_hits: Option<Box<InnerHits>>,
    /// Fingerprint of the extractor that made the vector; none for a vector brought by a client.
    pub fingerprint: Option<String>,
    /// The name under which a hit says that it was found by this search; empty = it does not say.
    pub name: String,
}

impl Retriever {
    pub(super) fn each_query_mut<E>(
        &mut self,
        see: &mut impl FnMut(&mut Query) -> Result<(), E>,
    ) -> Result<(), E> {
        match self {
            Self::Standard(query) => query.each_mut(see),
            Self::Knn(knn) => knn.each_query_mut(see),
            Self::Rrf { retrievers, .. } | Self::Linear { retrievers, .. } => {
                let mut all = retrievers.iter_mut();
                all.try_for_each(|weighted| weighted.retriever.each_query_mut(see))
            }
        }
    }
}

impl Knn {
    pub(super) fn each_query_mut<E>(
        &mut self,
        see: &mut impl FnMut(&mut Query) -> Result<(), E>,
    ) -> Result<(), E> {
        match &mut self.filter {
            Some(filter) => filter.each_mut(see),
            None => Ok(()),
        }
    }

    /// Makes a search for the `k` vectors of `field` that are nearest to `vector`.
    pub fn new(field: &str, vector: Vec<f32>, k: usize) -> Self {
        Self {
            field: field.to_owned(),
            vector,
            k,
            num_candidates: k,
            filter: None,
            similarity: None,
            boost: 1.0,
            inner_hits: None,
            fingerprint: None,
            name: String::new(),
        }
    }
}
