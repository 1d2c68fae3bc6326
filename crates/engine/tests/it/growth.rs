//! Mappings that documents make grow.

use crate::support::*;
use document::{FieldKind, Mapping, Similarity, VectorField};
use engine::Engine;
use query::{Knn, Query, Retriever};
use serde_json::{Value, json};

fn kinds(engine: &Engine) -> Vec<(String, String)> {
    let mapping = engine.mapping("a").unwrap();
    let kinds = mapping.fields().map(|(path, field)| {
        let kind = match &field.kind {
            FieldKind::DenseVector(vector) => format!("dense_vector {}", vector.dims),
            kind => kind.name().to_owned(),
        };
        (path.to_owned(), kind)
    });
    kinds.collect()
}

fn nearest(engine: &Engine, field: &str, vector: Vec<f32>) -> Vec<String> {
    let knn = Retriever::Knn(Knn::new(field, vector, 1));
    let answer = run(engine, &ask(knn)).unwrap();
    ids(&answer).into_iter().map(str::to_owned).collect()
}

#[test]
fn vectors_decide_their_length_and_survive_a_crash() {
    let folder = tempfile::tempdir().unwrap();
    let mut engine = Engine::open(folder.path()).unwrap();
    let undecided = FieldKind::DenseVector(VectorField::new(0, Similarity::L2Norm));
    engine
        .create_index("a", Mapping::new().with("v", undecided))
        .unwrap();
    write(&engine, vec![put("0", json!({}))]);
    engine.checkpoint().unwrap();
    drop(engine);
    engine = Engine::open(folder.path()).unwrap();
    let spread = |n: u8| -> Value {
        let numbers: Vec<f64> = (0..128)
            .map(|at| f64::from(n) + f64::from(at) / 8.0 + 0.5)
            .collect();
        json!({"v": [n, 1, 2], "o": {"found": numbers}})
    };
    write(
        &engine,
        (1..9).map(|n| put(&n.to_string(), spread(n))).collect(),
    );
    let expected = [
        ("o.found".to_owned(), "dense_vector 128".to_owned()),
        ("v".to_owned(), "dense_vector 3".to_owned()),
    ];
    for round in 0..3 {
        assert_eq!(kinds(&engine), expected);
        engine.refresh("a").unwrap();
        assert_eq!(engine.check().unwrap().problems, Vec::<String>::new());
        assert_eq!(nearest(&engine, "v", vec![7.0, 1.0, 2.0]), ["7"]);
        drop(engine);
        if round == 1 {
            std::fs::remove_dir_all(folder.path().join("indices")).unwrap();
        }
        engine = Engine::open(folder.path()).unwrap();
    }
    let other = engine
        .bulk("a", vec![put("x", json!({"v": [1, 2]}))])
        .unwrap();
    let reason = &other[0].as_ref().unwrap_err().failure.reason;
    assert!(
        reason.contains("different number of dimensions [2]"),
        "{reason}"
    );
}

#[test]
fn a_refused_document_leaves_the_mapping_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(folder.path()).unwrap();
    engine
        .create_index("a", Mapping::new().with("count", FieldKind::Long))
        .unwrap();
    let answers = engine
        .bulk(
            "a",
            vec![
                put("1", json!({"new": 1, "count": "x"})),
                put("2", json!({"new": "text"})),
                put("3", json!({"new": 5})),
                put("4", json!({"other": {"a": 1}})),
                put("5", json!({"other": 1})),
            ],
        )
        .unwrap();
    let accepted: Vec<bool> = answers.iter().map(Result::is_ok).collect();
    assert_eq!(accepted, [false, true, true, true, false]);
    let names: Vec<String> = kinds(&engine).into_iter().map(|(path, _)| path).collect();
    assert_eq!(names, ["count", "new", "other.a"]);
    engine.refresh("a").unwrap();
    assert_eq!(found(&engine, "new:5"), ["3"]);
}

#[test]
fn a_field_mapped_later_takes_what_fits_when_everything_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(folder.path()).unwrap();
    let mut mapping = Mapping::new();
    let closed = document::ObjectMapping {
        dynamic: Some(document::Dynamic::False),
        ..document::ObjectMapping::default()
    };
    mapping.insert_object("", closed).unwrap();
    engine.create_index("a", mapping).unwrap();
    write(
        &engine,
        vec![
            put("1", json!({"n": "no number"})),
            put("2", json!({"n": 5})),
        ],
    );
    let number = Mapping::new().with("n", FieldKind::Long);
    engine.put_mapping("a", number).unwrap();
    engine.close().unwrap();
    std::fs::remove_dir_all(folder.path().join("indices")).unwrap();
    let engine = Engine::open(folder.path()).unwrap();
    assert_eq!(found(&engine, "n:5"), ["2"]);
    let all = run(&engine, &ask(Retriever::Standard(Query::All))).unwrap();
    assert_eq!(all.total, 2);
    assert_eq!(engine.check().unwrap().problems, Vec::<String>::new());
}
