//! From places of hits to what is answered of them.

use super::script::{Scripted, computed};
mod columns;
mod fields;
mod inner;
mod source;
mod values;

pub(super) use source::values_at;

use super::collect::Ranked;
use super::compile::Compiled;
use super::shard::{Place, Shard};
use crate::error::{EngineError, Result};
use crate::snapshot::{Snapshot, text_error};
use columns::{column_values, ignored};
use document::{Json, Mapping, Stored};
use fields::FieldReader;
use inner::inner_hits;
use query::{InnerAnswer, Retriever, SearchHit};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;
use tantivy::DocAddress;

/// Values of fields by name.
type Fields = Vec<(String, Vec<Json>)>;
/// Objects that matched, by the name of their inner hits.
type Inners = Vec<(String, InnerAnswer)>;

/// What is answered of the hits of one index besides their documents.
struct Besides<'a> {
    fields: FieldReader<'a>,
    /// What the mapping keeps by itself.
    stored: FieldReader<'a>,
    /// By the names of the fields that they compute.
    scripts: Vec<(String, Scripted)>,
}

/// Answers the values of a document's fields that the mapping keeps by themselves, of those that fit a pattern.
///
/// # Errors
/// When the document is damaged.
pub(crate) fn stored_fields(
    mapping: &Mapping,
    stored: &Stored,
    patterns: &[String],
) -> Result<Fields> {
    let reader = FieldReader::stored(mapping, patterns)?;
    match reader.is_empty() {
        true => Ok(Vec::new()),
        false => Ok(reader.read(&source_of(stored)?)),
    }
}

fn source_of(stored: &Stored) -> Result<Value> {
    stored
        .document
        .value()
        .map_err(|error| EngineError::corrupt("truth".as_ref(), format!("{}: {error}", stored.id)))
}

impl super::Context<'_> {
    /// Answers the hits with their documents.
    pub(super) fn fetch(
        &self,
        hits: Vec<Ranked>,
        names: Option<HashMap<Place, Vec<String>>>,
    ) -> Result<Vec<SearchHit>> {
        if hits.is_empty() {
            return Ok(Vec::new());
        }
        let mut named = self.named_matches(&hits)?;
        let mut fetched = Vec::with_capacity(hits.len());
        let besides = self.shards.iter().map(|shard| self.besides(shard.snapshot));
        let besides = besides.collect::<Result<Vec<_>>>()?;
        for hit in hits {
            let snapshot = self.shards[hit.place.shard].snapshot;
            let mut matched = match (&names, &self.request.retriever) {
                (Some(names), _) => names.get(&hit.place).cloned().unwrap_or_default(),
                (None, Retriever::Standard(query)) => self.name_of(query),
                (None, _) => Vec::new(),
            };
            matched.extend(named.remove(&hit.place).unwrap_or_default());
            let besides = &besides[hit.place.shard];
            let stored = match self.needs_document(hit.place, besides) {
                true => snapshot.stored(hit.place.address)?,
                false => snapshot.without_document(hit.place.address)?,
            };
            let (fields, inner) = self.with_document(&hit, &stored, besides)?;
            fetched.push(SearchHit {
                index: snapshot.name.clone(),
                stored,
                score: hit.is_scored.then_some(hit.score),
                matched,
                sort: hit.sort,
                ignored: ignored(snapshot, hit.place.address)?,
                fields,
                inner,
            });
        }
        Ok(fetched)
    }

    fn needs_document(&self, place: Place, besides: &Besides<'_>) -> bool {
        let has_inner = !self.shards[place.shard].inner.borrow().is_empty();
        !self.request.fetch.without_documents
            || !besides.fields.is_empty()
            || !besides.stored.is_empty()
            || has_inner
    }

    fn besides<'a>(&'a self, snapshot: &'a Arc<Snapshot>) -> Result<Besides<'a>> {
        let fetch = &self.request.fetch;
        let scripts = fetch.script_fields.iter().map(|(name, script)| {
            let scripted = Scripted::new(snapshot, script, script::Context::Field)?;
            Ok((name.clone(), scripted))
        });
        Ok(Besides {
            fields: FieldReader::new(snapshot, &fetch.fields)?,
            stored: FieldReader::stored(&snapshot.mapping, &fetch.stored_fields)?,
            scripts: scripts.collect::<Result<_>>()?,
        })
    }

    /// Answers what is answered of a hit besides its document: fields, and objects in it that matched.
    fn with_document(
        &self,
        hit: &Ranked,
        stored: &Stored,
        besides: &Besides<'_>,
    ) -> Result<(Fields, Inners)> {
        let place = hit.place;
        let shard = &self.shards[place.shard];
        let fetch = &self.request.fetch;
        let mut fields = column_values(shard.snapshot, &fetch.docvalue_fields, place.address)?;
        for (name, scripted) in &besides.scripts {
            fields.push((name.clone(), computed(scripted, place.address, hit.score)?));
        }
        for asked in &fetch.fields {
            // What is no field of the mapping is answered by its name alone, and fits no pattern.
            let value = match asked.field.as_str() {
                "_id" => &stored.id,
                "_index" => &shard.snapshot.name,
                _ => continue,
            };
            fields.push((asked.field.clone(), vec![Json(value.as_str().into())]));
        }
        let inner = shard.inner.borrow();
        let readers = [&besides.stored, &besides.fields];
        if readers.iter().all(|reader| reader.is_empty()) && inner.is_empty() {
            return Ok((fields, Vec::new()));
        }
        let source = source_of(stored)?;
        for reader in readers {
            for (name, values) in reader.read(&source) {
                // What the mapping reads counts where both are asked for.
                fields.retain(|(known, _)| *known != name);
                fields.push((name, values));
            }
        }
        let inner = inner_hits(shard, &inner, (place.address, None), &source)?;
        Ok((fields, inner))
    }

    /// Answers which of the queries that have a name match each hit.
    fn named_matches(&self, hits: &[Ranked]) -> Result<HashMap<Place, Vec<String>>> {
        let mut found: HashMap<Place, Vec<String>> = HashMap::new();
        for (ordinal, shard) in self.shards.iter().enumerate() {
            let own = hits.iter().filter(|hit| hit.place.shard == ordinal);
            let own = own.map(|hit| hit.place.address).collect();
            for (address, names) in named_in(shard, &shard.named.borrow(), own)? {
                let place = Place {
                    shard: ordinal,
                    address,
                };
                found.insert(place, names);
            }
        }
        Ok(found)
    }
}

/// Answers which of the queries that have a name match each of some documents or objects of an index.
fn named_in(
    shard: &Shard<'_>,
    named: &[(String, Compiled)],
    mut addresses: Vec<DocAddress>,
) -> Result<HashMap<DocAddress, Vec<String>>> {
    let mut found: HashMap<DocAddress, Vec<String>> = HashMap::new();
    if addresses.is_empty() {
        return Ok(found);
    }
    addresses.sort_unstable();
    for (name, query) in named {
        let weight = shard.weight(query, false)?;
        for of_segment in addresses.chunk_by(|a, b| a.segment_ord == b.segment_ord) {
            let Some(first) = of_segment.first() else {
                continue;
            };
            let searcher = &shard.snapshot.searcher;
            let segment = searcher.segment_reader(first.segment_ord);
            let mut scorer = weight.scorer(segment, 1.0).map_err(text_error)?;
            for address in of_segment {
                if scorer.doc() < address.doc_id {
                    scorer.seek(address.doc_id);
                }
                if scorer.doc() == address.doc_id {
                    found.entry(*address).or_default().push(name.clone());
                }
            }
        }
    }
    Ok(found)
}
