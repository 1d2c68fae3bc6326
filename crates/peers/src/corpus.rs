//! The documents that both sides hold: every mapped type, several and missing values, updates and deletes.

mod fields;
mod rarer;
mod words;

use crate::numbers::Numbers;
pub(crate) use fields::{DATES, KEYWORDS, NUMBERS, PART_DIMS, TEXTS, VECTORS, number};
use fields::{document, mapping, spoiled};
use serde_json::{Value, json};
pub(crate) use words::{Vocabulary, unit_vector, vector};

/// Operations of one bulk request.
const BATCH: usize = 500;

/// What kind of corpus is made.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// How many documents are written at first.
    pub documents: usize,
    /// Whether they have `dense_vector` fields, which not every engine knows.
    pub vectors: bool,
}

/// An index's settings and mappings, and all that is written into it.
#[derive(Debug)]
pub struct Corpus {
    /// The body that makes the index.
    pub index: Value,
    /// The bodies of the bulk requests, one after the other.
    pub batches: Vec<Vec<u8>>,
    /// The vocabulary of the text fields.
    pub(crate) words: Vocabulary,
    pub(crate) shape: Shape,
}

impl Corpus {
    /// Makes the corpus of a seed. Some of its operations are wrong on purpose: their errors are compared as well.
    #[must_use]
    pub fn new(seed: u64, shape: Shape) -> Self {
        let mut numbers = Numbers::new(seed);
        let words = Vocabulary::new(&mut numbers);
        let mut lines: Vec<Vec<Value>> = Vec::new();
        for at in 0..shape.documents {
            let mut source = document(&mut numbers, &words, shape.vectors);
            if numbers.chance(2) {
                spoiled(&mut numbers, &mut source, shape.vectors);
            }
            source["serial"] = json!(at);
            lines.push(vec![json!({"index": {"_id": id(at)}}), source]);
        }
        for _ in 0..shape.documents / 6 {
            let at = numbers.below(shape.documents + 3);
            let target = json!({"_id": id(at)});
            lines.push(match numbers.below(20) {
                0..6 => vec![json!({ "delete": target })],
                6..9 => {
                    let mut source = document(&mut numbers, &words, shape.vectors);
                    source["serial"] = json!(at);
                    vec![json!({ "index": target }), source]
                }
                9 => {
                    let source = document(&mut numbers, &words, shape.vectors);
                    vec![json!({ "create": target }), source]
                }
                kind => {
                    let mut update =
                        json!({"doc": part_of_document(&mut numbers, &words, shape.vectors)});
                    match kind {
                        10 => update["doc_as_upsert"] = json!(true),
                        11 => update["detect_noop"] = json!(false),
                        12 => update["doc"] = json!({}),
                        _ => {}
                    }
                    vec![json!({ "update": target }), update]
                }
            });
        }
        let batches = lines
            .chunks(BATCH)
            .map(|operations| {
                let mut body = String::new();
                for line in operations.iter().flatten() {
                    body += &line.to_string();
                    body.push('\n');
                }
                body.into_bytes()
            })
            .collect();
        Self {
            index: json!({
                "settings": {"number_of_shards": 1, "number_of_replicas": 0},
                "mappings": mapping(shape.vectors),
            }),
            batches,
            words,
            shape,
        }
    }
}

/// The id of a document by its number.
pub(crate) fn id(at: usize) -> String {
    format!("d{at}")
}

/// Some of a document's fields, as an update sends them.
fn part_of_document(numbers: &mut Numbers, words: &Vocabulary, vectors: bool) -> Value {
    let mut source = document(numbers, words, vectors);
    if let Some(fields) = source.as_object_mut() {
        let names: Vec<String> = fields.keys().cloned().collect();
        for name in names {
            if !numbers.chance(25) {
                fields.remove(&name);
            }
        }
    }
    source
}

#[cfg(test)]
mod tests;
