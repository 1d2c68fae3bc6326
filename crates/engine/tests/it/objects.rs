//! Nested objects and nearest vectors scored as Elasticsearch 8.19 scores them.

use crate::scores::{check, term, words};
use crate::support::*;
use document::{Analyzer, FieldKind, Mapping, ObjectMapping, Similarity, VectorField};
use engine::Engine;
use query::{Bool, Knn, MatchOptions, Query, Retriever, ScoreMode};
use serde_json::json;
use tempfile::TempDir;

fn album() -> (TempDir, Engine) {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(folder.path()).unwrap();
    let nested = ObjectMapping {
        nested: true,
        ..ObjectMapping::default()
    };
    let vector = |similarity| FieldKind::DenseVector(VectorField::new(2, similarity));
    let mut mapping = Mapping::new()
        .with("t", FieldKind::Text(Analyzer::Standard))
        .with("o.n", FieldKind::Long)
        .with("o.t", FieldKind::Text(Analyzer::Standard))
        .with("o.v", vector(Similarity::L2Norm))
        .with("o.p.x", FieldKind::KEYWORD)
        .with("o.p.m", FieldKind::Long)
        .with("v", vector(Similarity::Cosine))
        .with("l2", vector(Similarity::L2Norm));
    mapping.insert_object("o", nested.clone()).unwrap();
    mapping.insert_object("o.p", nested).unwrap();
    engine.create_index("a", mapping).unwrap();
    write(
        &engine,
        vec![
            put(
                "1",
                json!({"t": "red", "v": [1, 0], "l2": [1, 2], "o": [
                {"n": 1, "t": "red car", "v": [1, 0], "p": [{"x": "a", "m": 1}, {"x": "b", "m": 2}]},
                {"n": 5, "t": "blue", "v": [0, 1], "p": {"x": "a", "m": 3}}]}),
            ),
            put(
                "2",
                json!({"t": "blue", "v": [0.5, 0.5], "l2": [3, 2], "o": {"n": 7, "t": "red red"}}),
            ),
            put("3", json!({"t": "none"})),
            put(
                "4",
                json!({"t": "red blue", "v": [-1, 0.1], "o": [{"n": 2, "v": [5, 5]}, {"n": 3, "v": [6, 5]}, {"n": 4}, {"n": 8}]}),
            ),
        ],
    );
    engine.refresh("a").unwrap();
    (folder, engine)
}

fn nested(path: &str, query: Query, score_mode: ScoreMode) -> Query {
    Query::Nested {
        path: path.to_owned(),
        query: Box::new(query),
        score_mode,
        ignore_unmapped: false,
        inner_hits: None,
    }
}

#[test]
fn nested_objects_score_as_in_elasticsearch() {
    let (_folder, engine) = album();
    let of = |mode| {
        let query = words("o.t", "red blue", MatchOptions::default());
        nested("o", query, mode)
    };
    let second = ("2", 0.611_839_06);
    check(&engine, of(ScoreMode::Avg), &[("1", 0.803_593_75), second]);
    check(&engine, of(ScoreMode::Max), &[("1", 1.172_730_4), second]);
    check(&engine, of(ScoreMode::Min), &[second, ("1", 0.434_457_12)]);
    check(&engine, of(ScoreMode::Sum), &[("1", 1.607_187_5), second]);
    check(&engine, of(ScoreMode::None), &[("1", 0.0), ("2", 0.0)]);
    // Objects are hidden from every other query.
    check(&engine, words("o.t", "red", MatchOptions::default()), &[]);
    let deep = nested("o.p", term("o.p.x", "a"), ScoreMode::Sum);
    check(
        &engine,
        nested("o", deep, ScoreMode::Sum),
        &[("1", 0.940_007_2)],
    );
    check(
        &engine,
        nested("o.p", term("o.p.x", "a"), ScoreMode::Avg),
        &[("1", 0.470_003_6)],
    );
    let not_one = Bool {
        must_not: vec![nested("o", term("o.n", "1"), ScoreMode::Avg)],
        ..Bool::default()
    };
    check(
        &engine,
        Query::Bool(not_one),
        &[("2", 0.0), ("3", 0.0), ("4", 0.0)],
    );
    let unknown = nested("nope", Query::All, ScoreMode::Avg);
    let error = run(&engine, &ask(Retriever::Standard(unknown))).unwrap_err();
    let failure = error.into_failure();
    let reason = "failed to create query: [nested] failed to find nested object under path [nope]";
    assert_eq!(failure.reason, reason);
}

#[test]
fn nearest_vectors_score_as_in_elasticsearch() {
    let (_folder, engine) = album();
    let knn = |field: &str, k| Knn::new(field, vec![1.0, 0.0], k);
    let of = |knn: Knn| Query::Knn(Box::new(knn));
    check(
        &engine,
        of(knn("v", 10)),
        &[("1", 1.0), ("2", 0.853_553_4), ("4", 0.002_481_430_8)],
    );
    check(&engine, of(knn("v", 2)), &[("1", 1.0), ("2", 0.853_553_4)]);
    let near = Knn {
        similarity: Some(2.1),
        ..knn("l2", 10)
    };
    check(&engine, of(near), &[("1", 0.2)]);
    let blue = Knn {
        filter: Some(Box::new(words("t", "blue", MatchOptions::default()))),
        boost: 2.0,
        ..knn("v", 1)
    };
    check(&engine, of(blue), &[("2", 1.707_106_8)]);
    // One hit for each document, with its best object.
    check(
        &engine,
        of(knn("o.v", 2)),
        &[("1", 1.0), ("4", 0.023_809_524)],
    );
    check(&engine, of(knn("nope", 2)), &[]);
    let zero = Knn {
        vector: vec![0.0, 0.0],
        ..knn("v", 1)
    };
    for (knn, reason) in [
        (
            zero,
            "failed to create query: The [cosine] similarity does not support vectors with zero magnitude. Preview of invalid vector: [0.0, 0.0]",
        ),
        (
            knn("t", 1),
            "failed to create query: [knn] queries are only supported on [dense_vector] fields",
        ),
    ] {
        let error = run(&engine, &ask(Retriever::Standard(of(knn)))).unwrap_err();
        assert_eq!(error.into_failure().reason, reason);
    }
}
