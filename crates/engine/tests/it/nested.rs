//! Nested objects: blocks of parts that are written, replaced, merged and lost together.

use crate::support::*;
use document::{FieldKind, Mapping, ObjectMapping, Similarity, VectorField};
use engine::Engine;
use query::{Query, Retriever};
use serde_json::{Value, json};
use std::path::Path;

fn nested_mapping() -> Mapping {
    let nested = ObjectMapping {
        nested: true,
        ..ObjectMapping::default()
    };
    let mut mapping = Mapping::new()
        .with("faces.name", FieldKind::KEYWORD)
        .with("faces.marks.x", FieldKind::Double)
        .with(
            "faces.v",
            FieldKind::DenseVector(VectorField::new(2, Similarity::L2Norm)),
        );
    mapping.insert_object("faces", nested.clone()).unwrap();
    mapping.insert_object("faces.marks", nested).unwrap();
    mapping
}

/// A document of `faces` faces with two marks each.
fn album(number: u32, faces: u32) -> Value {
    let faces: Vec<Value> = (0..faces)
        .map(|face| {
            json!({"name": format!("face{face}"), "v": [number, face], "marks": [{"x": 1}, {"x": 2}]})
        })
        .collect();
    json!({"faces": faces})
}

fn opened(folder: &Path) -> Engine {
    let engine = Engine::open(folder).unwrap();
    if engine.indices().is_empty() {
        engine.create_index("a", nested_mapping()).unwrap();
    }
    engine
}

fn agree(engine: &Engine, faces: &[u32]) {
    engine.refresh("a").unwrap();
    let report = engine.check().unwrap();
    assert_eq!(report.problems, Vec::<String>::new());
    let status = engine.indices().remove(0);
    let documents = faces.iter().filter(|faces| **faces != u32::MAX).count() as u64;
    let parts: u64 = faces
        .iter()
        .filter(|faces| **faces != u32::MAX)
        .map(|faces| 1 + 3 * u64::from(*faces))
        .sum();
    assert_eq!(
        (status.documents, status.documents_and_nested),
        (documents, parts)
    );
    assert_eq!(report.counts["a"].text, documents);
    assert_eq!(
        report.counts["a"].vectors["faces.v"],
        (parts - documents) / 3
    );
}

#[test]
fn blocks_stay_whole_through_replacements_merges_and_crashes() {
    let folder = tempfile::tempdir().unwrap();
    let mut engine = opened(folder.path());
    let mut faces: Vec<u32> = Vec::new();
    for round in 0..12_u32 {
        let mut writes = Vec::new();
        for n in 0..30_u32 {
            let count = (n * 7 + round * 3) % 5;
            faces.resize(faces.len().max(n as usize + 1), u32::MAX);
            if (n + round) % 9 == 0 {
                writes.push(delete(&n.to_string()));
                faces[n as usize] = u32::MAX;
            } else {
                writes.push(put(&n.to_string(), album(n, count)));
                faces[n as usize] = count;
            }
        }
        write(&engine, writes);
        match round % 4 {
            0 => agree(&engine, &faces),
            1 => engine.force_merge("a", 1).unwrap(),
            2 => engine.refresh("a").unwrap(),
            _ => {
                drop(engine);
                engine = opened(folder.path());
            }
        }
        agree(&engine, &faces);
    }
    write(&engine, vec![delete("1")]);
    faces[1] = u32::MAX;
    agree(&engine, &faces);
    engine.force_merge("a", 1).unwrap();
    assert_eq!(engine.indices()[0].deleted, 0);
    agree(&engine, &faces);
    drop(engine);
    std::fs::remove_dir_all(folder.path().join("indices")).unwrap();
    agree(&opened(folder.path()), &faces);
}

#[test]
fn a_document_without_nested_objects_is_one_part() {
    let folder = tempfile::tempdir().unwrap();
    let engine = opened(folder.path());
    write(
        &engine,
        vec![
            put("1", json!({"faces": []})),
            put("2", json!({"faces": null})),
        ],
    );
    agree(&engine, &[0, 0]);
    let all = run(&engine, &ask(Retriever::Standard(Query::All))).unwrap();
    assert_eq!(all.total, 2);
}
