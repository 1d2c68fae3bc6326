//! Versions, sequence numbers, conditions and updates, as Elasticsearch 8.19 answers them.

use crate::support::*;
use document::{
    Cause, Condition, Document, ItemError, Mapping, Operation, Outcome, Update, Write, WriteAnswer,
};
use engine::Engine;
use serde_json::{Value, json};
use tempfile::TempDir;

fn empty() -> (TempDir, Engine) {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(folder.path()).unwrap();
    engine.create_index("a", Mapping::new()).unwrap();
    (folder, engine)
}

fn one(engine: &Engine, write: Write) -> Result<WriteAnswer, Box<ItemError>> {
    let answer = engine.bulk("a", vec![write]).unwrap().remove(0);
    answer.map_err(Box::new)
}

/// What is answered: what became of it, the seq_no and the version.
fn done(engine: &Engine, write: Write) -> (Outcome, u64, u64) {
    let answer = one(engine, write).unwrap();
    (answer.outcome, answer.seq_no, answer.version)
}

fn reason(engine: &Engine, write: Write) -> (Cause, String) {
    let failure = one(engine, write).unwrap_err().failure;
    (failure.cause, failure.reason)
}

fn when(condition: Condition, write: Write) -> Write {
    Write { condition, ..write }
}

fn external(version: u64, or_equal: bool) -> Condition {
    Condition::External { version, or_equal }
}

fn seq_no(seq_no: u64, primary_term: u64) -> Condition {
    Condition::SeqNo {
        seq_no,
        primary_term,
    }
}

fn update(id: &str, update: Update) -> Write {
    Write {
        id: id.to_owned(),
        operation: Operation::Update(update),
        condition: Condition::Always,
    }
}

fn partial(value: Value) -> Update {
    Update {
        partial: value.to_string().into_bytes(),
        ..Update::default()
    }
}

fn conflict(text: &str) -> (Cause, String) {
    (Cause::VersionConflict, text.to_owned())
}

#[test]
fn versions_go_on_after_deletions_and_seq_nos_never_go_back() {
    use Outcome::{Created, Deleted, NotFound, Updated};
    let (folder, mut engine) = empty();
    assert_eq!(done(&engine, delete("1")), (NotFound, 0, 1));
    assert_eq!(done(&engine, delete("1")), (NotFound, 1, 2));
    assert_eq!(done(&engine, put("1", json!({"a": 1}))), (Created, 2, 3));
    assert_eq!(done(&engine, put("1", json!({"a": 2}))), (Updated, 3, 4));
    assert_eq!(done(&engine, delete("1")), (Deleted, 4, 5));
    engine.checkpoint().unwrap();
    drop(engine);
    engine = Engine::open(folder.path()).unwrap();
    assert_eq!(done(&engine, put("1", json!({"a": 3}))), (Created, 5, 6));
    assert_eq!(
        reason(&engine, when(Condition::Absent, put("1", json!({})))),
        conflict("[1]: version conflict, document already exists (current version [6])")
    );
    let required = |wanted: Condition, id: &str| reason(&engine, when(wanted, put(id, json!({}))));
    assert_eq!(
        required(seq_no(1, 1), "1"),
        conflict(
            "[1]: version conflict, required seqNo [1], primary term [1]. current document has seqNo [5] and primary term [1]"
        )
    );
    assert_eq!(
        required(seq_no(5, 2), "1"),
        conflict(
            "[1]: version conflict, required seqNo [5], primary term [2]. current document has seqNo [5] and primary term [1]"
        )
    );
    assert_eq!(
        required(seq_no(5, 1), "2"),
        conflict(
            "[2]: version conflict, required seqNo [5], primary term [1]. but no document was found"
        )
    );
    assert_eq!(
        done(&engine, when(seq_no(5, 1), delete("1"))),
        (Deleted, 6, 7)
    );
    // A document that was deleted is absent.
    assert_eq!(
        done(&engine, when(Condition::Absent, put("1", json!({})))),
        (Created, 7, 8)
    );
}

#[test]
fn versions_of_clients_are_kept_and_compared() {
    use Outcome::{Created, Deleted, NotFound, Updated};
    let (_folder, engine) = empty();
    let put_at = |version, or_equal, id| when(external(version, or_equal), put(id, json!({})));
    assert_eq!(done(&engine, put_at(5, false, "3")), (Created, 0, 5));
    assert_eq!(
        reason(&engine, put_at(5, false, "3")),
        conflict(
            "[3]: version conflict, current version [5] is higher or equal to the one provided [5]"
        )
    );
    assert_eq!(done(&engine, put_at(5, true, "3")), (Updated, 1, 5));
    assert_eq!(
        reason(&engine, put_at(4, true, "3")),
        conflict("[3]: version conflict, current version [5] is higher than the one provided [4]")
    );
    let delete_at = |version, id| when(external(version, false), delete(id));
    assert_eq!(
        reason(&engine, delete_at(3, "3")),
        conflict(
            "[3]: version conflict, current version [5] is higher or equal to the one provided [3]"
        )
    );
    assert_eq!(done(&engine, delete_at(7, "3")), (Deleted, 2, 7));
    assert_eq!(
        reason(&engine, put_at(6, false, "3")),
        conflict(
            "[3]: version conflict, current version [7] is higher or equal to the one provided [6]"
        )
    );
    assert_eq!(done(&engine, put("3", json!({}))), (Created, 3, 8));
    assert_eq!(done(&engine, delete_at(7, "4")), (NotFound, 4, 7));
    assert_eq!(done(&engine, put_at(0, false, "5")), (Created, 5, 0));
}

#[test]
fn updates_merge_into_what_is_stored() {
    use Outcome::{Created, Noop, Updated};
    let (_folder, engine) = empty();
    assert_eq!(
        reason(&engine, update("9", partial(json!({"a": 1})))),
        (Cause::DocumentMissing, "[9]: document missing".to_owned())
    );
    let with_upsert = || Update {
        upsert: Some(Document::new(&json!({"b": 1}), document::Vectors::new()).unwrap()),
        ..partial(json!({"a": 1}))
    };
    assert_eq!(done(&engine, update("9", with_upsert())), (Created, 0, 1));
    let answer = one(&engine, update("9", with_upsert())).unwrap();
    assert_eq!(
        (answer.outcome, answer.seq_no, answer.version),
        (Updated, 1, 2)
    );
    assert_eq!(
        answer.source.as_deref(),
        Some(br#"{"b":1,"a":1}"#.as_slice())
    );
    let answer = one(&engine, update("9", partial(json!({"a": 1})))).unwrap();
    assert_eq!(
        (answer.outcome, answer.seq_no, answer.version),
        (Noop, 1, 2)
    );
    assert_eq!(
        answer.source.as_deref(),
        Some(br#"{"b":1,"a":1}"#.as_slice())
    );
    let unchanged = Update {
        write_unchanged: true,
        ..partial(json!({"a": 1}))
    };
    assert_eq!(done(&engine, update("9", unchanged)), (Updated, 2, 3));
    assert_eq!(
        reason(
            &engine,
            when(seq_no(1, 1), update("9", partial(json!({"a": 7}))))
        ),
        conflict(
            "[9]: version conflict, required seqNo [1], primary term [1]. current document has seqNo [2] and primary term [1]"
        )
    );
    let upserted = Update {
        partial_as_upsert: true,
        ..partial(json!({"o": {"x": 1}}))
    };
    let answer = one(&engine, update("10", upserted)).unwrap();
    assert_eq!(answer.outcome, Created);
    assert_eq!(
        answer.source.as_deref(),
        Some(br#"{"o":{"x":1}}"#.as_slice())
    );
    let (cause, text) = reason(&engine, update("9", partial(json!({"b": {"x": 1}}))));
    assert_eq!(cause, Cause::DocumentParsing);
    assert!(
        text.ends_with("Preview of field's value: '{x=1}'"),
        "{text}"
    );
}

#[test]
fn each_write_of_a_batch_sees_those_before_it() {
    let (_folder, engine) = empty();
    let writes = vec![
        put("1", json!({"n": 1})),
        update("1", partial(json!({"m": 2}))),
        delete("1"),
        update("1", partial(json!({"m": 2}))),
        put("1", json!({"n": "text"})),
        put("1", json!({"k": "first", "n": 5})),
        update("1", partial(json!({"k": "first"}))),
    ];
    let answers = engine.bulk("a", writes).unwrap();
    let shown: Vec<_> = answers
        .iter()
        .map(|answer| match answer {
            Ok(answer) => (Some(answer.outcome), answer.seq_no, answer.version),
            Err(_) => (None, 0, 0),
        })
        .collect();
    use Outcome::{Created, Deleted, Noop, Updated};
    assert_eq!(
        shown,
        [
            (Some(Created), 0, 1),
            (Some(Updated), 1, 2),
            (Some(Deleted), 2, 3),
            (None, 0, 0),
            (None, 0, 0),
            (Some(Created), 3, 4),
            (Some(Noop), 3, 4),
        ]
    );
    engine.refresh("a").unwrap();
    assert_eq!(engine.check().unwrap().problems, Vec::<String>::new());
    assert_eq!(found(&engine, "k:first"), ["1"]);
}

#[test]
fn derived_vectors_survive_updates() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(folder.path()).unwrap();
    engine.create_index("a", mapping()).unwrap();
    write(
        &engine,
        vec![put_with("1", json!({"count": 1}), Some([1.0, 0.0, 0.0]))],
    );
    write(&engine, vec![update("1", partial(json!({"count": 2})))]);
    engine.refresh("a").unwrap();
    assert_eq!(
        ids(&run(&engine, &ask(knn([1.0, 0.0, 0.0], 1))).unwrap()),
        ["1"]
    );
    assert_eq!(found(&engine, "count:2"), ["1"]);
    assert_eq!(engine.check().unwrap().problems, Vec::<String>::new());
}

#[test]
fn limits_of_the_index_are_its_settings() {
    let (_folder, engine) = empty();
    let mut settings = document::IndexSettings::default();
    settings.given.insert(
        "mapping.total_fields.limit".to_owned(),
        document::Json(json!(2)),
    );
    engine.put_settings("a", settings).unwrap();
    let (_, text) = reason(&engine, put("1", json!({"a": 1, "b": 2, "c": 3})));
    assert!(text.contains("Limit of total fields [2]"), "{text}");
    let three = Mapping::new()
        .with("a", document::FieldKind::Long)
        .with("b", document::FieldKind::Long)
        .with("c", document::FieldKind::Long);
    let error = engine.put_mapping("a", three).unwrap_err();
    assert_eq!(
        error.to_string(),
        "Limit of total fields [2] has been exceeded"
    );
}
