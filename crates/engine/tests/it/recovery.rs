//! Opening folders that were damaged, are held, or come from elsewhere.

use crate::support::*;
use document::ErrorKind;
use engine::{Engine, EngineError};
use query::Retriever;
use serde_json::json;
use std::fs;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

fn filled(folder: &Path) -> Engine {
    let engine = Engine::open(folder).unwrap();
    engine.create_index("a", mapping()).unwrap();
    let writes = (0..200_u16).map(|n| {
        let vector = [f32::from(n), 1.0, -f32::from(n % 7)];
        put_with(
            &n.to_string(),
            json!({"name": format!("n{n} all"), "count": n}),
            Some(vector),
        )
    });
    write(&engine, writes.collect());
    engine
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path)
            } else {
                files.push(path)
            }
        }
    }
    files.sort();
    files
}

#[test]
fn each_derived_file_can_be_lost_or_damaged() {
    let count = {
        let folder = tempfile::tempdir().unwrap();
        filled(folder.path()).close().unwrap();
        files_below(&folder.path().join("indices")).len()
    };
    assert!(count > 3, "{count}");
    for (number, damage) in
        (0..count).flat_map(|n| ["lost", "cut", "flipped"].map(|damage| (n, damage)))
    {
        // Segments have names of their own each time they are made, so each case has a folder of its own.
        let folder = tempfile::tempdir().unwrap();
        filled(folder.path()).close().unwrap();
        let file = files_below(&folder.path().join("indices")).remove(number);
        let mut bytes = fs::read(&file).unwrap();
        match damage {
            "lost" => fs::remove_file(&file).unwrap(),
            "cut" => fs::write(&file, &bytes[..bytes.len() / 2]).unwrap(),
            _ => {
                (0..bytes.len())
                    .step_by(97)
                    .for_each(|at| bytes[at] ^= 0x40);
                fs::write(&file, bytes).unwrap();
            }
        }
        // Says that files were not synced, as after a loss of power.
        fs::write(folder.path().join("indices/0/text/not-synced"), "").unwrap();
        let what = format!("{} {damage}", file.display());
        let engine = Engine::open(folder.path()).unwrap_or_else(|e| panic!("{what}: {e}"));
        let problems = engine
            .check()
            .unwrap_or_else(|e| panic!("{what}: {e}"))
            .problems;
        assert_eq!(problems, Vec::<String>::new(), "{what}");
        let all = run(&engine, &ask(Retriever::Standard(parse("name:all")))).unwrap();
        assert_eq!(all.total, 200, "{what}");
        assert_eq!(
            run(&engine, &ask(knn([1.0, 1.0, 1.0], 100)))
                .unwrap()
                .hits
                .len(),
            100
        );
    }
}

#[test]
fn a_folder_that_was_closed_needs_no_verification_when_it_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    let marker = folder.path().join("indices/0/text/not-synced");
    let engine = filled(folder.path());
    engine.refresh("a").unwrap();
    assert!(
        marker.exists(),
        "segments are not synced before a checkpoint"
    );
    engine.close().unwrap();
    assert!(!marker.exists());
    let engine = Engine::open(folder.path()).unwrap();
    assert_eq!(found(&engine, "name:n7"), ["7"]);
    drop(engine);
    assert!(!marker.exists(), "opening and reading writes nothing");
}

/// What is damaged between a write and the checkpoint after it has no checksum that tells: the truth does.
#[test]
fn a_vector_that_is_not_that_of_its_document_is_told_by_check() {
    let folder = tempfile::tempdir().unwrap();
    let engine = filled(folder.path());
    engine.refresh("a").unwrap();
    let rows = folder.path().join("indices/0/v.rows");
    let first = 4096 + 3 * 4 + 1;
    let rows = fs::OpenOptions::new().write(true).open(rows).unwrap();
    rows.write_all_at(&[0x15], first).unwrap();
    let problems = engine.check().unwrap().problems;
    assert!(
        problems.iter().any(|p| p.contains("has another vector")),
        "{problems:?}"
    );
}

#[test]
fn a_folder_is_held_by_one() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::open(folder.path()).unwrap();
    let error = Engine::open(folder.path()).err().unwrap();
    assert!(matches!(error, EngineError::Held { .. }), "{error}");
    drop(engine);
    Engine::open(folder.path()).unwrap();
}

#[test]
fn a_folder_of_another_version_is_refused_by_both_versions() {
    let folder = tempfile::tempdir().unwrap();
    Engine::open(folder.path()).unwrap().close().unwrap();
    let format = folder.path().join("format");
    let line = "eidetic data folder 9";
    let checksum = crc32fast::hash(line.as_bytes());
    fs::write(&format, format!("{line} {checksum:08x}\n")).unwrap();
    let error = Engine::open(folder.path()).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Corrupt);
    assert!(error.to_string().contains("format version 9"), "{error}");
    assert!(error.to_string().contains("versions up to 2"), "{error}");
    for text in ["", "eidetic data folder 1 00000000\n", "\u{0}\u{1}"] {
        fs::write(&format, text).unwrap();
        let error = Engine::open(folder.path()).err().unwrap();
        assert!(error.to_string().contains("format"), "{error}");
    }
    fs::remove_file(&format).unwrap();
    let error = Engine::open(folder.path()).err().unwrap();
    assert!(
        error.to_string().contains("missing beside a truth store"),
        "{error}"
    );
}

#[test]
fn a_damaged_truth_is_an_error_that_names_the_file() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path()).close().unwrap();
    let truth = folder.path().join("truth.redb");
    fs::write(&truth, b"this is no store at all").unwrap();
    let error = Engine::open(folder.path()).err().unwrap();
    assert!(error.to_string().contains("truth.redb"), "{error}");
}

#[test]
fn indices_come_and_go() {
    let folder = tempfile::tempdir().unwrap();
    let engine = filled(folder.path());
    engine.create_index("b", mapping()).unwrap();
    assert_eq!(
        engine.create_index("b", mapping()).unwrap_err().kind(),
        ErrorKind::Conflict
    );
    for name in [
        "",
        ".",
        "..",
        "_a",
        "-a",
        "A",
        "a b",
        "a/b",
        "a*",
        "a\0",
        "a,b",
        &"x".repeat(256),
    ] {
        let error = engine.create_index(name, mapping()).unwrap_err();
        assert!(
            matches!(error, EngineError::IndexName { .. }),
            "{name}: {error}"
        );
    }
    engine.delete_index("a").unwrap();
    assert!(!folder.path().join("indices/0").exists());
    assert_eq!(
        engine.delete_index("a").unwrap_err().kind(),
        ErrorKind::NotFound
    );
    engine.create_index("a", mapping()).unwrap();
    assert_eq!(engine.get("a", "1").unwrap(), None);
    let names: Vec<_> = engine
        .indices()
        .into_iter()
        .map(|index| index.name)
        .collect();
    assert_eq!(names, ["a", "b"]);
}

#[test]
fn a_mapping_that_outgrows_the_text_index_makes_it_anew() {
    let folder = tempfile::tempdir().unwrap();
    let engine = filled(folder.path());
    engine.refresh("a").unwrap();
    for n in 0..70 {
        write(
            &engine,
            vec![put(
                &format!("grown{n}"),
                json!({format!("text{n}"): "a grown text"}),
            )],
        );
    }
    engine.refresh("a").unwrap();
    assert_eq!(found(&engine, "text69:grown"), ["grown69"]);
    assert_eq!(
        found(&engine, "text69.keyword:\"a grown text\""),
        ["grown69"]
    );
    assert_eq!(found(&engine, "name:n7"), ["7"]);
    assert_eq!(engine.check().unwrap().problems, Vec::<String>::new());
    engine.close().unwrap();
    let engine = Engine::open(folder.path()).unwrap();
    assert_eq!(found(&engine, "text3:grown"), ["grown3"]);
}

#[test]
fn one_bad_document_spares_its_batch() {
    let folder = tempfile::tempdir().unwrap();
    let engine = filled(folder.path());
    let mut no_json = put("no json", json!({}));
    if let document::Operation::Index(document) = &mut no_json.operation {
        document.source = b"{".to_vec();
    }
    let answers = engine
        .bulk(
            "a",
            vec![
                put("good", json!({"count": 1})),
                put("bad", json!({"count": "many"})),
                no_json,
                put("", json!({})),
                put(&"x".repeat(513), json!({})),
                put("list", json!([1])),
                put("dated", json!({"_id": 1})),
                put("also good", json!({"count": 2})),
            ],
        )
        .unwrap();
    let shown: Vec<_> = answers
        .iter()
        .map(|answer| {
            answer
                .as_ref()
                .map(|a| a.seq_no)
                .map_err(|e| e.failure.reason.as_str())
        })
        .collect();
    assert_eq!(shown[0], Ok(200));
    assert_eq!(
        shown[1],
        Err(
            "[1:10] failed to parse field [count] of type [long] in document with id 'bad'. Preview of field's value: 'many'"
        )
    );
    assert!(
        shown[2].unwrap_err().contains("Unexpected end of file"),
        "{shown:?}"
    );
    assert!(
        shown[3].unwrap_err().contains("must not be empty"),
        "{shown:?}"
    );
    assert!(
        shown[4].unwrap_err().contains("bytes but was: 513"),
        "{shown:?}"
    );
    assert!(
        shown[5].unwrap_err().contains("must start with an object"),
        "{shown:?}"
    );
    assert!(shown[6].unwrap_err().contains("of type [_id]"), "{shown:?}");
    assert_eq!(shown[7], Ok(201));
}

/// A program that is killed between writing a segment's deletes and the commit leaves a file whose name the next
/// one wants.
#[test]
fn what_no_commit_has_is_removed_when_a_folder_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path()).close().unwrap();
    let segment = files_below(&folder.path().join("indices"))
        .into_iter()
        .find(|file| file.extension().is_some_and(|ending| ending == "fast"))
        .unwrap();
    for stamp in 0..2_000 {
        let name = format!("{}.{stamp}.del", segment.file_stem().unwrap().display());
        fs::write(segment.with_file_name(name), b"half").unwrap();
    }
    let engine = Engine::open(folder.path()).unwrap();
    write(&engine, vec![delete("1")]);
    engine.refresh("a").unwrap();
    let answer = engine.search(
        &["a".to_owned()],
        &ask(Retriever::Standard(query::Query::All)),
        &|| false,
    );
    assert_eq!(answer.unwrap().total, 199);
}
