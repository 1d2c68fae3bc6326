//! Graphs that are made anew: where there was none for a while, and where vectors have become others.

use super::{DIMS, agrees, all, filled, graph_files, link, open, put, recall, status, write};
use document::{
    Condition, Document, FieldKind, Json, Mapping, Operation, Similarity, VectorField, Write,
};
use engine::Engine;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};

#[test]
fn a_graph_that_was_switched_off_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let mut engine = filled(folder.path(), Similarity::L2Norm);
    link(&engine);
    let mut now = all(0);
    for (round, kind) in [(1, "flat"), (2, "int8_hnsw"), (3, "int8_flat"), (4, "hnsw")] {
        let field = VectorField {
            index_options: Some(Json(json!({"type": kind}))),
            ..VectorField::new(DIMS as u32, Similarity::L2Norm)
        };
        let mapping = Mapping::new().with("v", FieldKind::DenseVector(field));
        engine.put_mapping("a", mapping).unwrap();
        // It counts from the next opening on.
        engine.close().unwrap();
        engine = open(folder.path());
        // One that stayed would be opened again when slots stand for other vectors.
        let files = graph_files(folder.path());
        assert!(kind != "flat" || files.iter().all(|file| !file.exists()));
        for part in 0..3 {
            let round = round * 10 + part;
            write(&engine, (0..700).map(|id| put(id * 2, round)).collect());
            now.extend((0..700).map(|id| (id * 2, round)));
            engine.refresh("a").unwrap();
        }
        link(&engine);
        let graphs = engine.indices().remove(0).graphs;
        assert_eq!(graphs.contains_key("v"), kind != "flat");
        assert!(recall(&engine, &now) > 0.97, "{kind}");
        agrees(&engine);
    }
}

#[test]
fn a_graph_whose_linking_panics_is_given_up_and_made_again_at_the_next_opening() {
    let folder = tempfile::tempdir().unwrap();
    let engine = filled(folder.path(), Similarity::L2Norm);
    link(&engine);
    let error = engine
        .link(&panic_in_second_look())
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("v.graph") && error.contains("no reason"),
        "{error}"
    );
    // It is told, not tried again, and searches find everything.
    link(&engine);
    assert_eq!(status(&engine).problem, Some(error));
    assert!(!status(&engine).is_built);
    write(&engine, vec![put(0, 1)]);
    engine.refresh("a").unwrap();
    let mut now = all(0);
    now.insert(0, 1);
    assert_eq!(recall(&engine, &now), 1.0);
    engine.close().unwrap();
    let engine = open(folder.path());
    link(&engine);
    assert_eq!(
        (status(&engine).linked, status(&engine).problem),
        (now.len() as u64, None)
    );
    assert!(recall(&engine, &now) > 0.97);
    agrees(&engine);
}

/// What says stop, and panics when it is asked in the middle of the work.
fn panic_in_second_look() -> impl Fn() -> bool + Sync {
    let looks = AtomicU32::new(0);
    move || {
        assert!(looks.fetch_add(1, Ordering::Relaxed) == 0, "no reason");
        false
    }
}

/// A vector that differs from others in 20 directions, or in all.
fn long_vector(id: u32, is_spread: bool) -> Vec<f32> {
    let mut state = u64::from(id) << 1 | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 40) as f32 / (1 << 24) as f32 - 0.5
    };
    (0..10).for_each(|_| {
        next();
    });
    if is_spread {
        return (0..256).map(|_| next()).collect();
    }
    let weights: Vec<f32> = (0..20).map(|_| next()).collect();
    (0..256)
        .map(|dim| weights[dim % 20] * (1.0 + (dim * 7 % 5) as f32))
        .collect()
}

#[test]
fn a_graph_whose_vectors_become_others_is_made_anew() {
    made_anew(false);
}

#[test]
fn a_graph_whose_vectors_have_become_others_is_made_anew_when_it_is_opened() {
    made_anew(true);
}

fn made_anew(is_opened: bool) {
    let folder = tempfile::tempdir().unwrap();
    let mut engine = open(folder.path());
    let field = FieldKind::DenseVector(VectorField::new(256, Similarity::L2Norm));
    engine
        .create_index("a", Mapping::new().with("v", field))
        .unwrap();
    let put = |engine: &Engine, ids: std::ops::Range<u32>, is_spread| {
        let put = |id: u32| {
            let source = json!({"v": long_vector(id, is_spread)});
            Write {
                id: id.to_string(),
                operation: Operation::Index(Document::new(&source, BTreeMap::new()).unwrap()),
                condition: Condition::Always,
            }
        };
        write(engine, ids.map(put).collect());
        engine.refresh("a").unwrap();
        link(engine);
        status(engine)
    };
    let before = put(&engine, 0..1_200, false);
    assert!(before.recall.unwrap() > 0.97, "{before:?}");
    // Codes of those are of a few directions, which tell nothing of these.
    let some = put(&engine, 1_200..2_000, true);
    assert!(some.recall.unwrap() < before.recall.unwrap(), "{some:?}");
    let (after, vectors) = if is_opened {
        drop(engine);
        engine = open(folder.path());
        link(&engine);
        (status(&engine), 2_000)
    } else {
        (put(&engine, 2_000..6_000, true), 6_000)
    };
    assert_eq!((after.linked, after.vectors), (vectors, vectors));
    assert!(after.recall.unwrap() > 0.9, "{after:?}");
    agrees(&engine);
}
