//! Nearest vectors.

use super::Context;
use super::compile::{Compiled, Compiler, Inner, Refusal};
use super::rank::Candidate;
use super::score::Listed;
use super::shard::Place;
use crate::error::{EngineError, Result};
use crate::graph::metric_of;
use crate::snapshot::{Snapshot, VectorView, text_error};
use crate::values::{is_unit, java_float};
use ann::BitSet;
use document::{ElementType, Similarity, VectorField};
use query::{Knn, Query};
use std::collections::HashMap;
use std::sync::Arc;
use tantivy::query::{EmptyQuery, EnableScoring};
use tantivy::{DocAddress, TERMINATED};

impl Context<'_> {
    /// Answers the `k` nearest of all indices, best first.
    pub(super) fn nearest(&self, knn: &Knn, filter: Option<&Query>) -> Result<Vec<Candidate>> {
        let mut found = Vec::new();
        let mut is_mapped = false;
        for (ordinal, shard) in self.shards.iter().enumerate() {
            let compiler = shard.compiler();
            is_mapped |= shard.snapshot.fields.get(&knn.field).is_some();
            let hits = compiler.nearest_documents(knn, filter)?;
            compiler.answer_objects(knn, !hits.is_empty())?;
            let matched: Vec<String> = match knn.name.is_empty() {
                true => Vec::new(),
                false => vec![knn.name.clone()],
            };
            found.extend(hits.into_iter().map(|(address, score)| Candidate {
                place: Place {
                    shard: ordinal,
                    address,
                },
                score: score * knn.boost,
                matched: matched.clone(),
            }));
        }
        // Vectors of an extractor belong to the program itself, which knows its fields.
        if !is_mapped && knn.fingerprint.is_some() {
            let reason = format!("no field is named {}", knn.field);
            return Err(EngineError::Query(reason));
        }
        if self.shards.len() > 1 {
            let best_first = |a: &Candidate, b: &Candidate| {
                b.score.total_cmp(&a.score).then(a.place.cmp(&b.place))
            };
            found.sort_by(best_first);
            found.truncate(knn.k);
        }
        Ok(found)
    }

    /// Answers the scores of given documents; none for a document without a vector.
    pub(super) fn knn_scores(&self, knn: &Knn, places: &[Place]) -> Result<Vec<Option<f32>>> {
        let mut scores = vec![None; places.len()];
        for (ordinal, shard) in self.shards.iter().enumerate() {
            let Some((columns, view)) = shard.compiler().vectors(knn)? else {
                continue;
            };
            let segments = shard.segments().iter();
            let slots = segments
                .map(|segment| segment.fast_fields().column_opt::<u64>(&columns))
                .collect::<tantivy::Result<Vec<_>>>()
                .map_err(text_error)?;
            let mut present = Vec::new();
            for (number, place) in places.iter().enumerate() {
                let column = slots.get(place.address.segment_ord as usize);
                let column = column.and_then(Option::as_ref);
                if place.shard == ordinal
                    && let Some(slot) = column.and_then(|column| column.first(place.address.doc_id))
                {
                    present.push((number, slot as u32));
                }
            }
            let wanted: Vec<u32> = present.iter().map(|(_, slot)| *slot).collect();
            let metric = metric_of(view.field.similarity);
            let raw = ann::scan::similarity_of(&view.rows, metric, &knn.vector, &wanted)?;
            for ((number, _), raw) in present.into_iter().zip(raw) {
                if let Some(score) = scores.get_mut(number) {
                    *score = Some(scored(&view.field, raw) * knn.boost);
                }
            }
        }
        Ok(scores)
    }
}

impl<'a> Compiler<'a> {
    /// The nearest vectors as a query. In nested objects those are its matches; outside of them the documents around.
    pub(super) fn nearest(&self, knn: &Knn, filter: Option<&Query>) -> Result<Compiled> {
        let vectors = match self.every {
            true => self.vectors(knn)?,
            false => None,
        };
        let hits = match vectors {
            Some((_, view)) => self.every_near(knn, view)?,
            None => self.nearest_documents(knn, filter)?,
        };
        self.answer_objects(knn, !hits.is_empty())?;
        if hits.is_empty() {
            return Ok(Box::new(EmptyQuery));
        }
        let hits = hits.into_iter().map(|(at, score)| (at, score * knn.boost));
        let segments = self.snapshot.searcher.segment_readers();
        let listed: Compiled = Box::new(Listed::new(segments, hits));
        if !knn.name.is_empty() {
            let mut named = self.named.borrow_mut();
            named.push((knn.name.clone(), listed.box_clone()));
        }
        Ok(listed)
    }

    /// Remembers to answer the objects of a nested vector field with their documents, each with its own score; none where
    /// the search itself found nothing.
    fn answer_objects(&self, knn: &Knn, found: bool) -> Result<()> {
        let path = self.snapshot.mapping.nested_path(&knn.field);
        let (Some(asked), Some(path), None) = (&knn.inner_hits, path, self.scope) else {
            return Ok(());
        };
        let Some((_, view)) = self.vectors(knn)? else {
            return Ok(());
        };
        let scores = match found {
            true => self.every_near(knn, view)?,
            false => Vec::new(),
        };
        let segments = self.snapshot.searcher.segment_readers();
        let mut asked = (**asked).clone();
        if asked.name.is_empty() {
            path.clone_into(&mut asked.name);
        }
        self.answer_inner(Inner {
            path: path.to_owned(),
            asked,
            query: Box::new(Listed::new(segments, scores)),
            named: Vec::new(),
            inner: Vec::new(),
        })
    }

    /// Answers every object that is near enough, whether its document passes the filter or not.
    fn every_near(&self, knn: &Knn, view: &VectorView) -> Result<Vec<(DocAddress, f32)>> {
        let search = ann::Search {
            metric: metric_of(view.field.similarity),
            query: &knn.vector,
            k: usize::MAX,
            filter: None,
        };
        let every = ann::scan::search(&view.rows, &search, self.stop)?;
        let documents = self.snapshot.slot_map(&knn.field, view)?;
        let near = every
            .into_iter()
            .filter(|hit| is_near(knn, view.field.similarity, hit.similarity));
        let scores = near.filter_map(|hit| {
            let score = scored(&view.field, hit.similarity) * knn.boost;
            Some((documents.document(hit.slot)?, score))
        });
        Ok(scores.collect())
    }

    /// Answers the nearest that pass the filters, best first, each with its score.
    fn nearest_documents(
        &self,
        knn: &Knn,
        filter: Option<&Query>,
    ) -> Result<Vec<(DocAddress, f32)>> {
        let Some((_, view)) = self.vectors(knn)? else {
            return Ok(Vec::new());
        };
        let nested = self.snapshot.mapping.nested_path(&knn.field);
        if nested.is_none() && self.scope.is_some() {
            // A document's own vector is none of its objects'.
            return Ok(Vec::new());
        }
        if knn.k == 0 {
            return Ok(Vec::new());
        }
        let both: Query;
        let filter = match (knn.filter.as_deref(), filter) {
            (Some(own), Some(filter)) => {
                both = Query::Bool(query::Bool {
                    filter: vec![own.clone(), filter.clone()],
                    ..query::Bool::default()
                });
                Some(&both)
            }
            (own, filter) => own.or(filter),
        };
        let slots = filter.map(|filter| self.slots_of(&knn.field, view, nested, filter));
        let slots = slots.transpose()?;
        let documents = self.snapshot.slot_map(&knn.field, view)?;
        let around = match nested {
            Some(_) => Some(self.snapshot.parts(crate::text::ITSELF)?),
            None => None,
        };
        let objects = self.scope.is_some();
        let mut most = knn.k;
        loop {
            let search = ann::Search {
                metric: metric_of(view.field.similarity),
                query: &knn.vector,
                k: most,
                filter: slots.as_deref(),
            };
            let found = view.search(&search, knn.num_candidates, self.stop)?;
            let count = found.len();
            let near = found
                .into_iter()
                .filter(|hit| is_near(knn, view.field.similarity, hit.similarity));
            let hits = near.filter_map(|hit| {
                let address = documents.document(hit.slot)?;
                Some((address, scored(&view.field, hit.similarity)))
            });
            let Some(around) = &around else {
                return Ok(hits.collect());
            };
            let hits = best_of_each(hits, around, (knn.k, objects));
            if hits.len() >= knn.k || count < most {
                return Ok(hits);
            }
            // Several objects of the same documents were among the nearest.
            most = most.saturating_mul(4);
        }
    }

    /// Finds the vectors of a search, and makes sure that they can be compared with the query's. None for a field that
    /// the mapping does not have.
    fn vectors(&self, knn: &Knn) -> Result<Option<(String, &'a VectorView)>> {
        let snapshot: &'a Snapshot = self.snapshot.as_ref();
        let Some(columns) = snapshot.fields.get(&knn.field) else {
            return Ok(None);
        };
        let document::FieldKind::DenseVector(field) = &columns.leaf.kind else {
            let reason = "[knn] queries are only supported on [dense_vector] fields".to_owned();
            return self.refuse(Refusal::Value(reason));
        };
        if !field.index {
            let reason = format!(
                "to perform knn search on field [{}], its mapping must have [index] set to [true]",
                knn.field
            );
            return self.refuse(Refusal::Value(reason));
        }
        let Some(view) = snapshot.vectors.get(&knn.field) else {
            return Ok(None);
        };
        if let (Some(stored), Some(asked)) = (&view.field.extractor, &knn.fingerprint)
            && stored.fingerprint != *asked
        {
            return Err(EngineError::Extractor {
                field: knn.field.clone(),
                stored: stored.to_string(),
                asked: asked.clone(),
            });
        }
        match check(&view.field, &knn.vector) {
            Ok(()) => Ok(Some((columns.name.clone(), view))),
            Err(reason) => self.refuse(Refusal::Value(reason)),
        }
    }

    fn slots_of(
        &self,
        path: &str,
        view: &VectorView,
        nested: Option<&str>,
        filter: &Query,
    ) -> Result<Arc<BitSet>> {
        let snapshot = self.snapshot;
        snapshot.filter(path, filter, || {
            // The filter is on documents, whose objects pass with them.
            let documents = Compiler {
                scope: None,
                ..*self
            };
            let query = documents.compile_within(filter)?;
            let passing = self.passing(&query, nested.is_some())?;
            let mut slots = BitSet::new(view.rows.live().len());
            snapshot.each_slot(path, |slot, address| {
                let segment = passing.get(address.segment_ord as usize);
                if segment.is_some_and(|segment| segment.contains(address.doc_id)) {
                    slots.insert(slot);
                }
            })?;
            Ok(slots)
        })
    }

    /// Answers the documents that a query matches, segment by segment; with the objects in them where asked.
    pub(super) fn passing(&self, query: &Compiled, objects: bool) -> Result<Vec<BitSet>> {
        let searcher = &self.snapshot.searcher;
        let scoring = EnableScoring::disabled_from_searcher(searcher);
        let weight = query.weight(scoring).map_err(text_error)?;
        let documents = match objects {
            true => Some(self.snapshot.parts(crate::text::ITSELF)?),
            false => None,
        };
        let mut passing = Vec::new();
        for (number, segment) in searcher.segment_readers().iter().enumerate() {
            let mut found = BitSet::new(segment.max_doc());
            let mut scorer = weight.scorer(segment, 1.0).map_err(text_error)?;
            let own = documents.as_ref().and_then(|places| places.get(number));
            while scorer.doc() != TERMINATED {
                let document = scorer.doc();
                // The objects in a document lie between the document before and itself.
                let start = own.map_or(document, |places| {
                    let at = places.partition_point(|place| *place < document);
                    let before = at.checked_sub(1).and_then(|before| places.get(before));
                    before.map_or(0, |before| before + 1)
                });
                for part in start..=document {
                    found.insert(part);
                }
                scorer.advance();
            }
            passing.push(found);
        }
        Ok(passing)
    }
}

/// Keeps for each document its best object, and at most `most` of them: the documents, or the objects where asked.
fn best_of_each(
    hits: impl Iterator<Item = (DocAddress, f32)>,
    documents: &[Vec<u32>],
    (most, objects): (usize, bool),
) -> Vec<(DocAddress, f32)> {
    let mut best: Vec<(DocAddress, f32)> = Vec::new();
    let mut known: HashMap<DocAddress, ()> = HashMap::new();
    for (object, score) in hits {
        let places = documents.get(object.segment_ord as usize);
        let document = places.and_then(|places| {
            let at = places.partition_point(|place| *place < object.doc_id);
            places.get(at)
        });
        let Some(document) = document else {
            continue;
        };
        let address = DocAddress::new(object.segment_ord, *document);
        // The nearest come first.
        if best.len() < most && known.insert(address, ()).is_none() {
            best.push((if objects { object } else { address }, score));
        }
    }
    best
}

/// Says why a vector cannot be compared with a field's.
fn check(field: &VectorField, vector: &[f32]) -> std::result::Result<(), String> {
    let dims = field.dims as usize;
    if vector.len() != dims {
        return Err(format!(
            "The query vector has a different number of dimensions [{}] than the document vectors [{dims}].",
            vector.len()
        ));
    }
    for (at, number) in vector.iter().enumerate() {
        let wrong = match field.element {
            _ if !number.is_finite() => {
                let name = if number.is_nan() { "NaN" } else { "infinite" };
                let number = java_float(*number);
                format!(
                    "element_type [float] vectors do not support {name} values but found [{number}] at dim [{at}]"
                )
            }
            ElementType::Byte if number.fract() != 0.0 => format!(
                "element_type [byte] vectors only support non-decimal values but found decimal value [{number:?}] at dim [{at}]"
            ),
            ElementType::Byte if !(-128.0..=127.0).contains(number) => format!(
                "element_type [byte] vectors only support integers between [-128, 127] but found [{number:?}] at dim [{at}]"
            ),
            _ => continue,
        };
        return Err(format!("{wrong}; {}", preview(vector)));
    }
    let is_zero = vector.iter().all(|number| *number == 0.0);
    if is_zero && field.similarity == Similarity::Cosine {
        return Err(format!(
            "The [cosine] similarity does not support vectors with zero magnitude. {}",
            preview(vector)
        ));
    }
    // What an extractor made need not be as long as 1, for its scores are never answered as such.
    let wants_unit = field.similarity == Similarity::DotProduct
        && field.element == ElementType::Float
        && field.extractor.is_none();
    if wants_unit && !is_unit(vector) {
        return Err(format!(
            "The [dot_product] similarity can only be used with unit-length vectors. {}",
            preview(vector)
        ));
    }
    Ok(())
}

/// The first numbers of a vector, for an error message.
fn preview(vector: &[f32]) -> String {
    let first: Vec<String> = vector
        .iter()
        .take(5)
        .map(|number| java_float(*number))
        .collect();
    let rest = if vector.len() > 5 { ", ..." } else { "" };
    format!("Preview of invalid vector: [{}{rest}]", first.join(", "))
}

/// Whether a vector is as near as was asked for. Distances are asked for as such, and kept negated.
fn is_near(knn: &Knn, similarity: Similarity, raw: f32) -> bool {
    match (knn.similarity, similarity) {
        (None, _) => true,
        (Some(most), Similarity::L2Norm) => (-raw).max(0.0).sqrt() <= most,
        (Some(most), Similarity::L1Norm) => -raw <= most,
        (Some(least), _) => raw >= least,
    }
}

/// Turns a raw similarity (greater = nearer; of distances the negated distance) into a score, as Elasticsearch does.
fn scored(field: &VectorField, raw: f32) -> f32 {
    match field.similarity {
        Similarity::DotProduct if field.element == ElementType::Byte => {
            0.5 + raw / (32_768.0 * field.dims as f32)
        }
        Similarity::Cosine | Similarity::DotProduct => ((1.0 + raw) / 2.0).max(0.0),
        Similarity::MaxInnerProduct if raw < 0.0 => 1.0 / (1.0 - raw),
        Similarity::MaxInnerProduct => raw + 1.0,
        // The raw value is minus the distance, squared for L2.
        Similarity::L2Norm | Similarity::L1Norm => 1.0 / (1.0 - raw),
    }
}
