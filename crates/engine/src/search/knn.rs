//! Nearest vectors.

use super::{Candidate, Context, Ranking};
use crate::error::{EngineError, Result};
use crate::snapshot::{Snapshot, VectorView, text_error};
use ann::{BitSet, Metric};
use document::Similarity;
use query::{Knn, Query};
use std::sync::Arc;
use tantivy::DocAddress;
use tantivy::collector::DocSetCollector;

impl Context<'_> {
    pub(super) fn knn(&self, knn: &Knn, limit: usize) -> Result<Ranking> {
        let view = view(self.snapshot, knn)?;
        let filter = self.request.filter.as_ref();
        let filter = filter
            .map(|filter| self.slots_of(&knn.field, view, filter))
            .transpose()?;
        let search = ann::Search {
            metric: metric(view.field.similarity),
            query: &knn.vector,
            k: knn.k,
            filter: filter.as_deref(),
        };
        let found = ann::scan::search(&view.rows, &search, self.stop)?;
        let documents = self.snapshot.slot_map(&knn.field, view)?;
        let hits: Vec<Candidate> = found
            .into_iter()
            .filter_map(|hit| {
                Some(Candidate {
                    address: documents.document(hit.slot)?,
                    score: score(view.field.similarity, hit.similarity),
                    matched: vec![knn.name.clone()],
                })
            })
            .collect();
        let total = hits.len() as u64;
        let hits = hits.into_iter().take(limit).collect();
        Ok(Ranking { total, hits })
    }

    /// Answers the scores of given documents; none for a document without a vector.
    pub(super) fn knn_scores(
        &self,
        knn: &Knn,
        addresses: &[DocAddress],
    ) -> Result<Vec<Option<f32>>> {
        let view = view(self.snapshot, knn)?;
        let Some(columns) = self.snapshot.fields.get(&knn.field) else {
            return Ok(vec![None; addresses.len()]);
        };
        let segments = self.snapshot.searcher.segment_readers().iter();
        let slots = segments
            .map(|segment| segment.fast_fields().column_opt::<u64>(&columns.name))
            .collect::<tantivy::Result<Vec<_>>>()
            .map_err(text_error)?;
        let slot = |address: &DocAddress| {
            let column = slots.get(address.segment_ord as usize)?.as_ref()?;
            column.first(address.doc_id).map(|slot| slot as u32)
        };
        let found: Vec<Option<u32>> = addresses.iter().map(slot).collect();
        let present: Vec<u32> = found.iter().flatten().copied().collect();
        let similarity = view.field.similarity;
        let compared =
            ann::scan::similarity_of(&view.rows, metric(similarity), &knn.vector, &present)?;
        let mut compared = compared.into_iter();
        let scores = found.into_iter().map(|slot| {
            slot.and_then(|_| compared.next())
                .map(|raw| score(similarity, raw))
        });
        Ok(scores.collect())
    }

    fn slots_of(&self, path: &str, view: &VectorView, filter: &Query) -> Result<Arc<BitSet>> {
        let snapshot = self.snapshot;
        snapshot.filter(path, filter, || {
            let query = self.compile(filter)?;
            let passing = snapshot
                .searcher
                .search(&query, &DocSetCollector)
                .map_err(text_error)?;
            let mut slots = BitSet::new(view.rows.live().len());
            snapshot.each_slot(path, |slot, address| {
                if passing.contains(&address) {
                    slots.insert(slot);
                }
            })?;
            Ok(slots)
        })
    }
}

/// Finds the field of a search and makes sure that its vectors can be compared with the query's.
fn view<'a>(snapshot: &'a Snapshot, knn: &Knn) -> Result<&'a VectorView> {
    let view = snapshot.vectors.get(&knn.field).ok_or_else(|| {
        EngineError::Query(match snapshot.fields.get(&knn.field) {
            Some(columns) => {
                format!(
                    "field {} is {}, not dense_vector",
                    knn.field,
                    columns.leaf.kind.name()
                )
            }
            None => format!("no field is named {}", knn.field),
        })
    })?;
    let dims = view.field.dims as usize;
    if knn.vector.len() != dims {
        return Err(EngineError::Dims {
            field: knn.field.clone(),
            expected: dims,
            got: knn.vector.len(),
        });
    }
    if let Some(number) = knn.vector.iter().find(|number| !number.is_finite()) {
        return Err(EngineError::Query(format!(
            "the query vector holds {number}"
        )));
    }
    match (&view.field.extractor, &knn.fingerprint) {
        (Some(stored), Some(asked)) if stored.fingerprint != *asked => {
            Err(EngineError::Extractor {
                field: knn.field.clone(),
                stored: stored.to_string(),
                asked: asked.clone(),
            })
        }
        _ => Ok(view),
    }
}

fn metric(similarity: Similarity) -> Metric {
    match similarity {
        Similarity::Cosine => Metric::Cosine,
        Similarity::DotProduct | Similarity::MaxInnerProduct => Metric::Dot,
        Similarity::L2Norm => Metric::L2Squared,
        Similarity::L1Norm => Metric::L1,
    }
}

/// Turns a raw similarity (greater = nearer; of distances the negated distance) into a score, as Elasticsearch does.
fn score(similarity: Similarity, raw: f32) -> f32 {
    match similarity {
        Similarity::Cosine | Similarity::DotProduct => ((1.0 + raw) / 2.0).max(0.0),
        Similarity::MaxInnerProduct if raw < 0.0 => 1.0 / (1.0 - raw),
        Similarity::MaxInnerProduct => raw + 1.0,
        // The raw value is minus the distance, squared for L2.
        Similarity::L2Norm | Similarity::L1Norm => 1.0 / (1.0 - raw),
    }
}
