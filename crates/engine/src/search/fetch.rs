//! From places of hits to what is answered of them.

use super::Context;
use super::collect::Ranked;
use super::shard::Place;
use crate::error::Result;
use crate::snapshot::text_error;
use query::{Retriever, SearchHit};
use std::collections::HashMap;

impl Context<'_> {
    /// Answers the hits with their documents.
    pub(super) fn fetch(
        &self,
        hits: Vec<Ranked>,
        names: Option<HashMap<Place, Vec<String>>>,
    ) -> Result<Vec<SearchHit>> {
        let mut named = self.named_matches(&hits)?;
        let mut fetched = Vec::with_capacity(hits.len());
        for hit in hits {
            let snapshot = self.shards[hit.place.shard].snapshot;
            let mut matched = match (&names, &self.request.retriever) {
                (Some(names), _) => names.get(&hit.place).cloned().unwrap_or_default(),
                (None, Retriever::Standard(query)) => self.name_of(query),
                (None, _) => Vec::new(),
            };
            matched.extend(named.remove(&hit.place).unwrap_or_default());
            fetched.push(SearchHit {
                index: snapshot.name.clone(),
                stored: snapshot.stored(hit.place.address)?,
                score: hit.is_scored.then_some(hit.score),
                matched,
                sort: hit.sort,
                fields: Vec::new(),
                inner: Vec::new(),
            });
        }
        Ok(fetched)
    }

    /// Answers which of the queries that have a name match each hit.
    fn named_matches(&self, hits: &[Ranked]) -> Result<HashMap<Place, Vec<String>>> {
        let mut found: HashMap<Place, Vec<String>> = HashMap::new();
        let mut places: Vec<Place> = hits.iter().map(|hit| hit.place).collect();
        places.sort_unstable();
        for (ordinal, shard) in self.shards.iter().enumerate() {
            let own: Vec<Place> = places
                .iter()
                .filter(|place| place.shard == ordinal)
                .copied()
                .collect();
            if own.is_empty() {
                continue;
            }
            for (name, query) in shard.named.borrow().iter() {
                let weight = shard.weight(query, false)?;
                for of_segment in
                    own.chunk_by(|a, b| a.address.segment_ord == b.address.segment_ord)
                {
                    let Some(first) = of_segment.first() else {
                        continue;
                    };
                    let segment = shard
                        .snapshot
                        .searcher
                        .segment_reader(first.address.segment_ord);
                    let mut scorer = weight.scorer(segment, 1.0).map_err(text_error)?;
                    for place in of_segment {
                        let document = place.address.doc_id;
                        if scorer.doc() < document {
                            scorer.seek(document);
                        }
                        if scorer.doc() == document {
                            found.entry(*place).or_default().push(name.clone());
                        }
                    }
                }
            }
        }
        Ok(found)
    }
}
