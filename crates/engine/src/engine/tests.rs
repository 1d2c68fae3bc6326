use super::*;
use document::{Condition, Document, FieldKind, Operation, Similarity, VectorField};
use serde_json::json;

fn write(engine: &Engine, round: u32) {
    let writes = (0..20).map(|id: u32| Write {
        id: id.to_string(),
        operation: Operation::Index(
            Document::new(
                &json!({"v": [1.0, f64::from(id), f64::from(round)]}),
                Default::default(),
            )
            .unwrap(),
        ),
        condition: Condition::Always,
    });
    for answer in engine.bulk("a", writes.collect()).unwrap() {
        answer.unwrap();
    }
}

#[test]
fn rows_that_somebody_reads_are_not_written_though_their_snapshot_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(folder.path()).unwrap();
    let field = FieldKind::DenseVector(VectorField::new(3, Similarity::L2Norm));
    engine
        .create_index("a", Mapping::new().with("v", field))
        .unwrap();
    write(&engine, 0);
    engine.refresh("a").unwrap();
    // As in the middle of a snapshot's end: it is gone, its rows are not yet.
    let index = engine.shared.index("a").unwrap();
    let rows = index.snapshot().vectors["v"].rows.clone();
    for round in 1..6 {
        write(&engine, round);
        engine.refresh("a").unwrap();
    }
    assert_eq!(rows.row(0), Some([1.0, 0.0, 0.0].as_slice()));
    drop(rows);
    for round in 6..9 {
        write(&engine, round);
        engine.refresh("a").unwrap();
    }
}
