//! Documents and searches for tests.

use document::{
    Analyzer, Condition, Document, Extractor, FieldKind, FieldMapping, Mapping, Operation,
    Similarity, VectorField, Vectors, Write,
};
use engine::{Engine, Result};
use query::{Knn, Query, QueryString, Retriever, SearchAnswer, SearchRequest};
use serde_json::Value;

/// An index of words, numbers and vectors of three dims.
pub(crate) fn mapping() -> Mapping {
    let name =
        FieldMapping::from(FieldKind::Text(Analyzer::Standard)).with("keyword", FieldKind::KEYWORD);
    Mapping::new()
        .with("name", name)
        .with("count", FieldKind::Long)
        .with("price", FieldKind::Double)
        .with("on", FieldKind::Boolean)
        .with("when", FieldKind::Date)
        .with("where", FieldKind::GeoPoint)
        .with("v", vector(Similarity::Cosine))
}

pub(crate) fn vector(similarity: Similarity) -> FieldKind {
    let extractor = Some(Extractor {
        name: "net".to_owned(),
        fingerprint: "one".to_owned(),
    });
    FieldKind::DenseVector(VectorField {
        extractor,
        ..VectorField::new(3, similarity)
    })
}

pub(crate) fn put(id: &str, source: Value) -> Write {
    put_with(id, source, None)
}

pub(crate) fn put_with(id: &str, source: Value, vector: Option<[f32; 3]>) -> Write {
    let vectors: Vectors = vector
        .into_iter()
        .map(|v| ("v".to_owned(), v.to_vec()))
        .collect();
    let operation = Operation::Index(Document::new(&source, vectors).unwrap());
    Write {
        id: id.to_owned(),
        operation,
        condition: Condition::Always,
    }
}

pub(crate) fn delete(id: &str) -> Write {
    Write {
        id: id.to_owned(),
        operation: Operation::Delete,
        condition: Condition::Always,
    }
}

/// Writes and makes sure that nothing was refused.
pub(crate) fn write(engine: &Engine, writes: Vec<Write>) {
    for answer in engine.bulk("a", writes).unwrap() {
        answer.unwrap();
    }
}

pub(crate) fn ask(retriever: Retriever) -> SearchRequest {
    SearchRequest {
        query_name: "words".to_owned(),
        size: 100,
        ..SearchRequest::new(retriever)
    }
}

pub(crate) fn knn(vector: [f32; 3], k: usize) -> Retriever {
    Retriever::Knn(Knn {
        fingerprint: Some("one".to_owned()),
        name: "near".to_owned(),
        ..Knn::new("v", vector.to_vec(), k)
    })
}

pub(crate) fn run(engine: &Engine, request: &SearchRequest) -> Result<SearchAnswer> {
    engine.search(&["a".to_owned()], request, &|| false)
}

pub(crate) fn ids(answer: &SearchAnswer) -> Vec<&str> {
    answer
        .hits
        .iter()
        .map(|hit| hit.stored.id.as_str())
        .collect()
}

pub(crate) fn parse(text: &str) -> Query {
    QueryString::default().parse(text).unwrap()
}

/// The ids that a query_string finds, sorted.
pub(crate) fn found(engine: &Engine, text: &str) -> Vec<String> {
    let answer = run(engine, &ask(Retriever::Standard(parse(text)))).unwrap();
    let mut ids: Vec<String> = ids(&answer).into_iter().map(str::to_owned).collect();
    ids.sort();
    ids
}
