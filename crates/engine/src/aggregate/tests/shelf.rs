//! Indices of a few documents, and queries on them.

use crate::aggregate::columns::{Class, Column};
use crate::aggregate::{Matches, aggregate};
use crate::disk::Disk;
use crate::error::{EngineError, Result};
use crate::index::Index;
use crate::snapshot::Snapshot;
use crate::truth::Truth;
use ann::BitSet;
use document::{
    Analyzer, Condition, Document, FieldKind, FieldMapping, Mapping, ObjectMapping, Operation,
    Similarity, VectorField, Vectors, Write,
};
use query::{Aggregation, AggregationAnswer, Bool, Bound, Query};
use serde_json::Value;
use std::sync::Arc;
use tempfile::TempDir;

/// Indices in a folder of their own.
pub(super) struct Shelf {
    folder: TempDir,
    truth: Truth,
    indices: Vec<Index>,
}

impl Shelf {
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let truth = Truth::open(&folder.path().join("truth"), &Disk::default()).unwrap();
        Self {
            folder,
            truth,
            indices: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, name: &str, mapping: Mapping) -> &Index {
        let mut batch = self.truth.begin().unwrap();
        let meta = batch
            .create_index(name, mapping, Default::default())
            .unwrap();
        batch.commit().unwrap();
        let path = self.folder.path().join(name);
        let index = Index::open(&self.truth, name, meta, path, Disk::default().into()).unwrap();
        self.indices.push(index);
        self.indices.last().unwrap()
    }

    /// Writes documents, or deletes those without a source, and makes a segment of them.
    pub(super) fn write(&self, index: &str, documents: &[(String, Option<Value>)]) {
        let operation = |source: &Option<Value>| match source {
            Some(source) => Operation::Index(Document::new(source, Vectors::new()).unwrap()),
            None => Operation::Delete,
        };
        let write = |(id, source): &(String, Option<Value>)| Write {
            id: id.clone(),
            operation: operation(source),
            condition: Condition::Always,
        };
        let index = self.index(index);
        for answer in index
            .bulk(&self.truth, documents.iter().map(write).collect())
            .unwrap()
        {
            answer.unwrap();
        }
        index.refresh(&self.truth).unwrap();
    }

    fn index(&self, name: &str) -> &Index {
        self.indices
            .iter()
            .find(|index| index.name == name)
            .unwrap()
    }

    pub(super) fn ask(
        &self,
        indices: &[&str],
        query: &Query,
        aggregations: &[(String, Aggregation)],
    ) -> Result<Vec<(String, AggregationAnswer)>> {
        let snapshots: Vec<Arc<Snapshot>> = indices
            .iter()
            .map(|name| self.index(name).snapshot())
            .collect();
        let matches = snapshots.iter().map(|snapshot| {
            let found = matching(snapshot, query, None).unwrap();
            let alive = snapshot.searcher.segment_readers();
            let of = |(reader, found): (&tantivy::SegmentReader, &BitSet)| {
                let scope = Column::open(reader, crate::text::NESTED, Class::Strings).unwrap();
                let documents = reader.doc_ids_alive().filter(|doc| found.contains(*doc));
                documents
                    .filter(|doc| text_is(&scope, *doc, crate::text::ITSELF))
                    .collect()
            };
            let segments = alive.iter().zip(&found).map(of).collect();
            Matches { snapshot, segments }
        });
        let matches: Vec<Matches<'_>> = matches.collect();
        aggregate(&matches, aggregations, &matching, &|| false)
    }
}

/// Reads a mapping as clients write it.
pub(super) fn mapping(wire: &Value) -> Mapping {
    let mut mapping = Mapping::new();
    add_fields("", &wire["properties"], &mut mapping);
    mapping
}

fn add_fields(around: &str, properties: &Value, mapping: &mut Mapping) {
    for (name, field) in properties.as_object().unwrap() {
        let path = format!("{around}{name}");
        let nested = field["type"] == "nested";
        if field.get("properties").is_some() {
            if nested {
                let object = ObjectMapping {
                    nested,
                    ..ObjectMapping::default()
                };
                mapping.insert_object(&path, object).unwrap();
            }
            add_fields(&format!("{path}."), &field["properties"], mapping);
            continue;
        }
        let kind = match field["type"].as_str().unwrap() {
            "keyword" => FieldKind::KEYWORD,
            "text" => FieldKind::Text(Analyzer::Standard),
            "long" => FieldKind::Long,
            "integer" => FieldKind::Integer,
            "double" => FieldKind::Double,
            "float" => FieldKind::Float,
            "half_float" => FieldKind::HalfFloat,
            "boolean" => FieldKind::Boolean,
            "date" => FieldKind::Date,
            "geo_point" => FieldKind::GeoPoint,
            "binary" => FieldKind::Binary,
            "dense_vector" => FieldKind::DenseVector(VectorField::new(2, Similarity::Cosine)),
            other => panic!("type {other}"),
        };
        let mut field_mapping = FieldMapping::from(kind);
        field_mapping.options.format = field["format"].as_str().map(str::to_owned);
        field_mapping.options.doc_values = field["doc_values"] != false;
        mapping.insert(&path, field_mapping).unwrap();
    }
}

/// Finds what matches a query, document by document.
fn matching(snapshot: &Snapshot, query: &Query, _scope: Option<&str>) -> Result<Vec<BitSet>> {
    let readers = snapshot.searcher.segment_readers();
    let found = readers.iter().map(|reader| {
        let end = reader.max_doc();
        let fits = condition(snapshot, reader, query)?;
        Ok(BitSet::from_slots(end, (0..end).filter(|doc| fits(*doc))))
    });
    found.collect()
}

type Fits = Box<dyn Fn(u32) -> bool>;

fn condition(snapshot: &Snapshot, reader: &tantivy::SegmentReader, query: &Query) -> Result<Fits> {
    let open = |path: &str, class| match snapshot.fields.get(path) {
        Some(columns) => Column::open(reader, &columns.name, class).unwrap(),
        None => Column::Empty,
    };
    Ok(match query {
        Query::All => Box::new(|_| true),
        Query::None => Box::new(|_| false),
        Query::Term { field, value, .. } => {
            let (column, value) = (open(field, Class::Strings), value.clone());
            Box::new(move |doc| text_is(&column, doc, &value))
        }
        Query::Range {
            field,
            lower,
            upper,
            ..
        } => {
            let class = match snapshot.fields.get(field).map(|columns| &columns.leaf.kind) {
                Some(FieldKind::Double) => Class::Doubles,
                _ => Class::Longs,
            };
            let column = open(field, class);
            let (lower, upper) = (lower.clone(), upper.clone());
            Box::new(move |doc| {
                let mut loaded = Default::default();
                column.doubles(&[doc], None, &mut loaded);
                let number = |text: &String| text.parse::<f64>().unwrap();
                loaded.values.iter().any(|value| {
                    let above = match &lower {
                        Bound::Open => true,
                        Bound::Including(bound) => *value >= number(bound),
                        Bound::Excluding(bound) => *value > number(bound),
                    };
                    let below = match &upper {
                        Bound::Open => true,
                        Bound::Including(bound) => *value <= number(bound),
                        Bound::Excluding(bound) => *value < number(bound),
                    };
                    above && below
                })
            })
        }
        Query::Bool(Bool { must_not, .. }) if must_not.len() == 1 => {
            let inner = condition(snapshot, reader, &must_not[0])?;
            Box::new(move |doc| !inner(doc))
        }
        query => return Err(EngineError::Query(format!("{query:?} is not tested with"))),
    })
}

fn text_is(column: &Column, doc: u32, text: &str) -> bool {
    let Column::Strings(column) = column else {
        return false;
    };
    let ordinal = column.dictionary().term_ord(text.as_bytes()).unwrap();
    ordinal.is_some_and(|ordinal| column.term_ords(doc).any(|own| own == ordinal))
}
