//! Folders that earlier versions of the program wrote.

use crate::support::*;
use document::{Condition, FieldKind, Operation, Update, Write};
use engine::Engine;
use query::{Knn, Retriever, SearchRequest};
use std::fs;
use std::path::Path;

/// A folder of format 1, as the program wrote it and closed it: each file's path and bytes with their lengths before
/// them, all of it compressed.
const FIRST: &[u8] = include_bytes!("../data/v1-folder.lz4");

fn unpacked(folder: &Path) {
    let packed = lz4_flex::decompress_size_prepended(FIRST).unwrap();
    let mut rest = packed.as_slice();
    let mut take = || -> Option<Vec<u8>> {
        let (length, after) = rest.split_first_chunk::<4>()?;
        let (bytes, after) = after.split_at(u32::from_le_bytes(*length) as usize);
        rest = after;
        Some(bytes.to_vec())
    };
    while let Some(path) = take() {
        let path = folder.join(String::from_utf8(path).unwrap());
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, take().unwrap()).unwrap();
    }
}

fn ask_pictures(engine: &Engine, request: SearchRequest) -> Vec<String> {
    let answer = engine
        .search(&["pictures".to_owned()], &request, &|| false)
        .unwrap();
    let mut ids: Vec<String> = ids(&answer).into_iter().map(str::to_owned).collect();
    ids.sort();
    ids
}

fn words(engine: &Engine, text: &str) -> Vec<String> {
    ask_pictures(engine, ask(Retriever::Standard(parse(text))))
}

fn check_pictures(engine: &Engine) {
    let all = ["0", "1", "2", "3", "4"];
    assert_eq!(words(engine, "name:picture"), all);
    assert_eq!(words(engine, "name.keyword:\"picture 7\""), ["3"]);
    assert_eq!(words(engine, "count:7"), ["3"]);
    assert_eq!(words(engine, "price:0.25"), ["1"]);
    assert_eq!(words(engine, "when:2020-05-17"), all);
    assert_eq!(words(engine, "image.width:20"), ["2"]);
    assert_eq!(words(engine, "image.camera:camera"), all);
    assert_eq!(words(engine, "grown:words"), all);
    let knn = Knn {
        fingerprint: Some("one".to_owned()),
        ..Knn::new("image.embedding", vec![7.0, 1.0, 0.0], 1)
    };
    assert_eq!(ask_pictures(engine, ask(Retriever::Knn(knn))), ["3"]);
    let stored = engine.get("pictures", "3").unwrap().unwrap();
    assert_eq!((stored.seq_no, stored.version), (6, 2));
    assert_eq!(engine.get("pictures", "5").unwrap(), None);
    assert_eq!(engine.check().unwrap().problems, Vec::<String>::new());
}

#[test]
fn a_folder_of_format_1_is_migrated() {
    let folder = tempfile::tempdir().unwrap();
    unpacked(folder.path());
    let format = folder.path().join("format");
    assert!(
        fs::read_to_string(&format)
            .unwrap()
            .starts_with("eidetic data folder 1 ")
    );
    let engine = Engine::open(folder.path()).unwrap();
    assert!(
        fs::read_to_string(&format)
            .unwrap()
            .starts_with("eidetic data folder 2 ")
    );
    check_pictures(&engine);
    let mapping = engine.mapping("pictures").unwrap();
    let name = mapping.get("name").unwrap();
    assert!(matches!(
        name.fields["keyword"].kind,
        FieldKind::Keyword {
            ignore_above: Some(256)
        }
    ));
    let status = engine.indices();
    let uuids: Vec<String> = status
        .iter()
        .map(|index| index.settings.uuid.clone())
        .collect();
    assert_eq!(uuids.iter().map(String::len).collect::<Vec<_>>(), [22, 22]);
    assert_ne!(uuids[0], uuids[1]);
    assert!(status[0].settings.created_ms > 0);
    engine.close().unwrap();

    // What was migrated is as good as what is written anew.
    let engine = Engine::open(folder.path()).unwrap();
    check_pictures(&engine);
    let kept: Vec<String> = engine
        .indices()
        .into_iter()
        .map(|index| index.settings.uuid)
        .collect();
    assert_eq!(kept, uuids);
    let update = Update {
        partial: br#"{"count": 70}"#.to_vec(),
        ..Update::default()
    };
    let write = Write {
        id: "3".to_owned(),
        operation: Operation::Update(update),
        condition: Condition::SeqNo {
            seq_no: 6,
            primary_term: 1,
        },
    };
    let answer = engine
        .bulk("pictures", vec![write])
        .unwrap()
        .remove(0)
        .unwrap();
    assert_eq!((answer.seq_no, answer.version), (8, 3));
    engine.refresh("pictures").unwrap();
    assert_eq!(words(&engine, "count:70"), ["3"]);
}

#[test]
fn a_migration_that_broke_off_is_done_again() {
    let folder = tempfile::tempdir().unwrap();
    unpacked(folder.path());
    let format = folder.path().join("format");
    let old = fs::read(&format).unwrap();
    Engine::open(folder.path()).unwrap().close().unwrap();
    // As if the power had gone after the truth was migrated.
    fs::write(&format, old).unwrap();
    let engine = Engine::open(folder.path()).unwrap();
    check_pictures(&engine);
}

#[test]
fn a_damaged_truth_of_format_1_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    unpacked(folder.path());
    let truth = folder.path().join("truth.redb");
    let mut bytes = fs::read(&truth).unwrap();
    let places: Vec<usize> = bytes
        .windows(10)
        .enumerate()
        .filter(|(_, window)| window == b"\"mapping\":")
        .map(|(at, _)| at)
        .collect();
    assert!(!places.is_empty());
    for at in places {
        bytes[at + 1] = b'M';
    }
    fs::write(&truth, bytes).unwrap();
    let error = Engine::open(folder.path()).err().unwrap().to_string();
    assert!(error.contains("truth.redb"), "{error}");
}
