//! Random operations against a model that is obviously right.

use crate::support::*;
use document::{Condition, ErrorKind, Operation, Outcome, Update, Write};
use engine::Engine;
use proptest::prelude::*;
use serde_json::json;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

#[derive(Debug, Clone)]
enum Op {
    Put {
        id: u8,
        text: u8,
        vector: Option<u8>,
    },
    Delete {
        id: u8,
    },
    PutIfAbsent {
        id: u8,
        text: u8,
    },
    /// Writes with a version of the client's.
    PutAt {
        id: u8,
        text: u8,
        version: u8,
    },
    /// Changes the text and leaves the vector as it is.
    Update {
        id: u8,
        text: u8,
    },
    Refresh,
    Checkpoint,
    /// Closes the folder as it should be and opens it again.
    Reopen,
    /// Lets the folder go with nothing brought to the disk but what was acknowledged.
    Crash,
    /// Removes what is derived, in a crash.
    CrashAndLoseDerived,
    /// Adds a field.
    Grow {
        field: u8,
    },
}

fn op() -> impl Strategy<Value = Op> {
    let id = || 0..12_u8;
    prop_oneof![
        8 => (id(), 0..6_u8, proptest::option::of(0..20_u8)).prop_map(|(id, text, vector)| Op::Put { id, text, vector }),
        3 => id().prop_map(|id| Op::Delete { id }),
        2 => (id(), 0..6_u8).prop_map(|(id, text)| Op::PutIfAbsent { id, text }),
        2 => (id(), 0..6_u8, 0..12_u8).prop_map(|(id, text, version)| Op::PutAt { id, text, version }),
        3 => (id(), 0..6_u8).prop_map(|(id, text)| Op::Update { id, text }),
        3 => Just(Op::Refresh),
        1 => Just(Op::Checkpoint),
        1 => Just(Op::Reopen),
        1 => Just(Op::Crash),
        1 => Just(Op::CrashAndLoseDerived),
        1 => (0..40_u8).prop_map(|field| Op::Grow { field }),
    ]
}

#[derive(Debug, Clone, PartialEq)]
struct Doc {
    text: u8,
    vector: Option<u8>,
    version: u64,
    seq_no: u64,
}

fn vector_of(number: u8) -> [f32; 3] {
    let angle = f32::from(number) * 0.3;
    [angle.cos(), angle.sin(), 0.5]
}

/// As many nested objects as the number of the text says.
fn source(text: u8) -> serde_json::Value {
    let faces: Vec<_> = (0..text).map(|n| json!({"x": n})).collect();
    json!({"name": format!("word{text} shared"), "count": text, "faces": faces})
}

fn nested_mapping() -> document::Mapping {
    let nested = document::ObjectMapping {
        nested: true,
        ..document::ObjectMapping::default()
    };
    let mut mapping = mapping().with("faces.x", document::FieldKind::Long);
    mapping.insert_object("faces", nested).unwrap();
    mapping
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(7), ..ProptestConfig::default() })]

    #[test]
    fn the_engine_agrees_with_a_map(ops in proptest::collection::vec(op(), 1..60)) {
        let folder = tempfile::tempdir().unwrap();
        let mut engine = Engine::open(folder.path()).unwrap();
        engine.create_index("a", nested_mapping()).unwrap();
        let mut now: BTreeMap<String, Doc> = BTreeMap::new();
        let mut versions: BTreeMap<String, u64> = BTreeMap::new();
        let mut next_seq_no = 0;
        for op in ops {
            match op {
                Op::Put { id, text, vector } => {
                    let id = id.to_string();
                    let answer = one(&engine, put_with(&id, source(text), vector.map(vector_of)));
                    let version = versions.get(&id).map_or(1, |version| version + 1);
                    let outcome = if now.contains_key(&id) { Outcome::Updated } else { Outcome::Created };
                    prop_assert_eq!((answer.outcome, answer.version, answer.seq_no), (outcome, version, next_seq_no));
                    versions.insert(id.clone(), version);
                    now.insert(id, Doc { text, vector, version, seq_no: next_seq_no });
                    next_seq_no += 1;
                }
                Op::Delete { id } => {
                    let id = id.to_string();
                    let answer = one(&engine, delete(&id));
                    let outcome = if now.remove(&id).is_some() { Outcome::Deleted } else { Outcome::NotFound };
                    let version = versions.get(&id).map_or(1, |version| version + 1);
                    prop_assert_eq!((answer.outcome, answer.version, answer.seq_no), (outcome, version, next_seq_no));
                    versions.insert(id, version);
                    next_seq_no += 1;
                }
                Op::PutIfAbsent { id, text } => {
                    let id = id.to_string();
                    let write = Write { condition: Condition::Absent, ..put(&id, source(text)) };
                    let answer = engine.bulk("a", vec![write]).unwrap().remove(0);
                    let version = versions.get(&id).map_or(1, |version| version + 1);
                    let doc = Doc { text, vector: None, version, seq_no: next_seq_no };
                    if let Entry::Vacant(entry) = now.entry(id) {
                        prop_assert_eq!(answer.unwrap().seq_no, next_seq_no);
                        versions.insert(entry.key().clone(), version);
                        entry.insert(doc);
                        next_seq_no += 1;
                    } else {
                        prop_assert_eq!(answer.unwrap_err().failure.kind(), ErrorKind::Conflict);
                    }
                }
                Op::PutAt { id, text, version } => {
                    let id = id.to_string();
                    let version = u64::from(version);
                    let condition = Condition::External { version, or_equal: false };
                    let answer = engine.bulk("a", vec![Write { condition, ..put(&id, source(text)) }]).unwrap().remove(0);
                    if versions.get(&id).is_some_and(|known| *known >= version) {
                        prop_assert_eq!(answer.unwrap_err().failure.kind(), ErrorKind::Conflict);
                    } else {
                        let answer = answer.unwrap();
                        prop_assert_eq!((answer.version, answer.seq_no), (version, next_seq_no));
                        now.insert(id.clone(), Doc { text, vector: None, version, seq_no: next_seq_no });
                        versions.insert(id, version);
                        next_seq_no += 1;
                    }
                }
                Op::Update { id, text } => {
                    let id = id.to_string();
                    let update = Update { partial: source(text).to_string().into_bytes(), ..Update::default() };
                    let write = Write { operation: Operation::Update(update), ..delete(&id) };
                    let answer = engine.bulk("a", vec![write]).unwrap().remove(0);
                    match now.get_mut(&id) {
                        None => prop_assert_eq!(answer.unwrap_err().failure.kind(), ErrorKind::NotFound),
                        Some(doc) if doc.text == text => prop_assert_eq!(answer.unwrap().outcome, Outcome::Noop),
                        Some(doc) => {
                            let answer = answer.unwrap();
                            prop_assert_eq!((answer.version, answer.seq_no), (doc.version + 1, next_seq_no));
                            (doc.text, doc.version, doc.seq_no) = (text, doc.version + 1, next_seq_no);
                            versions.insert(id, doc.version);
                            next_seq_no += 1;
                        }
                    }
                }
                Op::Refresh => {
                    engine.refresh("a").unwrap();
                    agree(&engine, &now)?;
                }
                Op::Checkpoint => engine.checkpoint().unwrap(),
                Op::Reopen => {
                    engine.close().unwrap();
                    engine = Engine::open(folder.path()).unwrap();
                    agree(&engine, &now)?;
                }
                Op::Crash => {
                    drop(engine);
                    engine = Engine::open(folder.path()).unwrap();
                    agree(&engine, &now)?;
                }
                Op::CrashAndLoseDerived => {
                    drop(engine);
                    std::fs::remove_dir_all(folder.path().join("indices")).unwrap();
                    engine = Engine::open(folder.path()).unwrap();
                    agree(&engine, &now)?;
                }
                Op::Grow { field } => {
                    let id = format!("grown{field}");
                    let mut value = source(1);
                    value[format!("field{field}")] = json!(["a text", "b"]);
                    let answer = one(&engine, put(&id, value));
                    versions.insert(id.clone(), answer.version);
                    now.insert(id, Doc { text: 1, vector: None, version: answer.version, seq_no: answer.seq_no });
                    next_seq_no += 1;
                }
            }
            for (id, doc) in &now {
                let stored = engine.get("a", id).unwrap().unwrap();
                prop_assert_eq!((stored.version, stored.seq_no), (doc.version, doc.seq_no));
            }
        }
        engine.refresh("a").unwrap();
        agree(&engine, &now)?;
        let report = engine.check().unwrap();
        prop_assert_eq!(&report.problems, &Vec::<String>::new());
        prop_assert_eq!(report.counts["a"].documents, now.len() as u64);
    }
}

fn one(engine: &Engine, write: Write) -> document::WriteAnswer {
    engine.bulk("a", vec![write]).unwrap().remove(0).unwrap()
}

/// Holds what searches find against the model.
fn agree(engine: &Engine, now: &BTreeMap<String, Doc>) -> Result<(), TestCaseError> {
    let status = engine.indices().remove(0);
    let nested: u64 = now.values().map(|doc| u64::from(doc.text)).sum();
    let documents = now.len() as u64;
    prop_assert_eq!(
        (status.documents, status.documents_and_nested),
        (documents, documents + nested)
    );
    for text in 0..6_u8 {
        let expected: Vec<&String> = now
            .iter()
            .filter(|(_, doc)| doc.text == text)
            .map(|(id, _)| id)
            .collect();
        let by_word = found(engine, &format!("name:word{text}"));
        prop_assert_eq!(by_word.iter().collect::<Vec<_>>(), expected.clone());
        let by_number = found(engine, &format!("count:{text}"));
        prop_assert_eq!(by_number.iter().collect::<Vec<_>>(), expected);
    }
    let query = vector_of(4);
    let answer = run(engine, &ask(knn(query, 100))).unwrap();
    let mut expected: Vec<(f32, &String)> = now
        .iter()
        .filter_map(|(id, doc)| Some((cosine(query, vector_of(doc.vector?)), id)))
        .collect();
    expected.sort_by(|a, b| b.0.total_cmp(&a.0));
    prop_assert_eq!(answer.hits.len(), expected.len());
    for (hit, (cosine, _)) in answer.hits.iter().zip(&expected) {
        prop_assert!((hit.score.unwrap() - (1.0 + cosine) / 2.0).abs() < 1e-5);
        let doc = &now[&hit.stored.id];
        prop_assert_eq!(
            (hit.stored.seq_no, hit.stored.version),
            (doc.seq_no, doc.version)
        );
    }
    Ok(())
}

fn cosine(a: [f32; 3], b: [f32; 3]) -> f32 {
    let dot = |a: [f32; 3], b: [f32; 3]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
    dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
}
