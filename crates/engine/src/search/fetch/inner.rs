//! Nested objects that are answered with the document around them.

use super::columns::column_values;
use super::fields::FieldReader;
use super::named_in;
use super::source::object_at;
use crate::error::Result;
use crate::search::collect::{Wanted, best_of_range};
use crate::search::compile::Inner;
use crate::search::shard::Shard;
use crate::text::ITSELF;
use document::Json;
use query::{FieldFetch, InnerAnswer, InnerHit, TrackTotal};
use serde_json::Value;
use tantivy::{DocAddress, DocId};

/// Answers the objects of a document, or of an object of the nested field `around`, that matched.
pub(super) fn inner_hits(
    shard: &Shard<'_>,
    inner: &[Inner],
    (address, around): (DocAddress, Option<&str>),
    source: &Value,
) -> Result<Vec<(String, InnerAnswer)>> {
    let mut answers = Vec::with_capacity(inner.len());
    for inner in inner {
        let asked = &inner.asked;
        let kind = around.unwrap_or(ITSELF);
        let start = start_of(shard, kind, address)?;
        let wanted = Wanted {
            end: asked.from.saturating_add(asked.size),
            any: true,
            sort: &asked.sort,
            search_after: None,
            min_score: None,
            track_scores: false,
            track_total: TrackTotal::All,
            terminate_after: None,
            post_filter: None,
            every_match: false,
            scope: Some(&inner.path),
        };
        let range = start..address.doc_id;
        let found = best_of_range(shard, &inner.query, &wanted, (address.segment_ord, range))?;
        let snapshot = shard.snapshot;
        let reader = FieldReader::new(snapshot, &asked.fetch.fields)?;
        let mut hits = Vec::new();
        let addresses = found.hits.iter().map(|hit| hit.place.address).collect();
        let mut named = named_in(shard, &inner.named, addresses)?;
        for hit in found.hits.into_iter().skip(asked.from).take(asked.size) {
            let places = places_of(shard, &inner.path, hit.place.address)?;
            let object = object_at(source, &places).cloned().unwrap_or(Value::Null);
            let columns = &asked.fetch.docvalue_fields;
            let mut fields = column_values(snapshot, columns, hit.place.address)?;
            // The number of the write is the document's.
            let of_document: Vec<FieldFetch> = columns
                .iter()
                .filter(|asked| asked.field == "_seq_no")
                .cloned()
                .collect();
            if !of_document.is_empty() {
                let document = document_of(shard, hit.place.address)?;
                fields.extend(column_values(snapshot, &of_document, document)?);
            }
            if !reader.is_empty() {
                fields.extend(reader.read_object(&object, &places));
            }
            let at = (hit.place.address, Some(inner.path.as_str()));
            hits.push(InnerHit {
                inner: inner_hits(shard, &inner.inner, at, source)?,
                places,
                // Sorted, they have no score, even where it is what they are sorted by.
                score: asked.sort.is_empty().then_some(hit.score),
                source: Json(object),
                matched: named.remove(&hit.place.address).unwrap_or_default(),
                sort: hit.sort,
                fields,
            });
        }
        let answer = InnerAnswer {
            // By score, Elasticsearch knows nothing of those before the page when none is in it.
            total: match asked.sort.is_empty() && asked.size > 0 && found.total <= asked.from as u64
            {
                true => 0,
                false => found.total,
            },
            max_score: found.max_score,
            hits,
            source_filter: asked.source.clone(),
            version: asked.version,
        };
        answers.push((asked.name.clone(), answer));
    }
    Ok(answers)
}

/// Answers where the parts within a document or object begin.
fn start_of(shard: &Shard<'_>, kind: &str, address: DocAddress) -> Result<DocId> {
    let parts = shard.snapshot.parts(kind)?;
    let places = parts.get(address.segment_ord as usize);
    let before = places.and_then(|places| {
        let at = places.partition_point(|place| *place < address.doc_id);
        places.get(at.checked_sub(1)?)
    });
    let own = before.map_or(0, |before| before + 1);
    // The first object in a document comes after the document before it.
    match kind {
        ITSELF => Ok(own),
        _ => {
            let documents = shard.snapshot.parts(ITSELF)?;
            let documents = documents.get(address.segment_ord as usize);
            let before = documents.and_then(|places| {
                let at = places.partition_point(|place| *place < address.doc_id);
                places.get(at.checked_sub(1)?)
            });
            Ok(own.max(before.map_or(0, |before| before + 1)))
        }
    }
}

/// Answers the document to which an object belongs.
fn document_of(shard: &Shard<'_>, object: DocAddress) -> Result<DocAddress> {
    let documents = shard.snapshot.parts(ITSELF)?;
    let places = documents.get(object.segment_ord as usize);
    let document = places.and_then(|places| {
        let next = places.partition_point(|place| *place < object.doc_id);
        places.get(next).copied()
    });
    Ok(DocAddress::new(
        object.segment_ord,
        document.unwrap_or(object.doc_id),
    ))
}

/// Answers the paths of the nested fields around an object and its place in each, outermost first.
fn places_of(shard: &Shard<'_>, path: &str, address: DocAddress) -> Result<Vec<(String, usize)>> {
    let snapshot = shard.snapshot;
    let mut places = Vec::new();
    let (mut path, mut at) = (path, address);
    loop {
        let around = snapshot.mapping.nested_path(path);
        let kind = around.unwrap_or(ITSELF);
        let outer = snapshot.parts(kind)?;
        let outer = outer.get(at.segment_ord as usize);
        let next = outer.and_then(|places| {
            let next = places.partition_point(|place| *place < at.doc_id);
            places.get(next).copied()
        });
        let Some(next) = next else {
            break;
        };
        let next = DocAddress::new(at.segment_ord, next);
        let start = start_of(shard, kind, next)?;
        let own = snapshot.parts(path)?;
        let place = own.get(at.segment_ord as usize).map_or(0, |own| {
            let before = own.partition_point(|place| *place < at.doc_id);
            before - own.partition_point(|place| *place < start)
        });
        places.push((path.to_owned(), place));
        match around {
            Some(around) => (path, at) = (around, next),
            None => break,
        }
    }
    places.reverse();
    Ok(places)
}
