//! Reading again what is stored: damaged vectors are found, named and made again from the truth.

use crate::support::{ask, ids};
use document::{
    Condition, Document, FieldKind, Mapping, Operation, Similarity, VectorField, Write,
};
use engine::{Disk, Engine, Options};
use query::{Knn, Query, Retriever};
use serde_json::json;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Numbers of a vector: 512 of them fill an extent.
const DIMS: u32 = 2048;
const EXTENT_BYTES: usize = 4 << 20;
const HEADER_BYTES: usize = 4096;

/// Three extents, the last of them not full.
const DOCUMENTS: u32 = 1_200;

fn options() -> Options {
    Options {
        graphs_from: 300,
        ..Options::default()
    }
}

fn open(folder: &Path) -> Engine {
    Engine::open_with(folder, options()).unwrap()
}

/// The vector of a document's `round`-th version.
fn vector(id: u32, round: u32) -> Vec<f32> {
    let mut state = u64::from(id) << 20 | u64::from(round) << 1 | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 40) as f32 / (1 << 24) as f32 - 0.5
    };
    (0..DIMS).map(|_| next()).collect()
}

fn put(id: u32, round: u32) -> Write {
    let vectors = BTreeMap::from([("v".to_owned(), vector(id, round))]);
    Write {
        id: id.to_string(),
        operation: Operation::Index(Document::new(&json!({}), vectors).unwrap()),
        condition: Condition::Always,
    }
}

fn write(engine: &Engine, ids: impl IntoIterator<Item = u32>, round: u32) {
    let writes = ids.into_iter().map(|id| put(id, round)).collect();
    for answer in engine.bulk("a", writes).unwrap() {
        answer.unwrap();
    }
    engine.refresh("a").unwrap();
}

fn filled(folder: &Path) -> Engine {
    let engine = open(folder);
    let field = VectorField::new(DIMS, Similarity::L2Norm);
    let mapping = Mapping::new().with("v", FieldKind::DenseVector(field));
    engine.create_index("a", mapping).unwrap();
    write(&engine, 0..DOCUMENTS, 0);
    engine
}

fn rows_file(folder: &Path) -> PathBuf {
    folder.join("indices/0/v.rows")
}

/// Changes a byte in the middle of an extent of a folder that is closed, and says what is to be told of it.
fn damage(folder: &Path, extent: usize) -> [String; 2] {
    let path = rows_file(folder);
    let mut bytes = fs::read(&path).unwrap();
    let offset = HEADER_BYTES + extent * EXTENT_BYTES;
    // The last extent is not full.
    let at = offset + EXTENT_BYTES / 8 + 3;
    let checksum = |bytes: &[u8]| {
        let end = offset + EXTENT_BYTES;
        let end = end.min(HEADER_BYTES + (DOCUMENTS * DIMS * 4) as usize);
        format!("{:08x}", crc32fast::hash(&bytes[offset..end]))
    };
    let expected = checksum(&bytes);
    bytes[at] ^= 0x40;
    let got = checksum(&bytes);
    fs::write(&path, bytes).unwrap();
    let place = format!("v.rows is damaged at offset {offset}: checksum of an extent");
    [place, format!("expected {expected}, got {got}")]
}

/// Makes sure that each vector asked for is found, as it was written.
fn finds(engine: &Engine, ids_asked: impl IntoIterator<Item = u32>) {
    for id in ids_asked {
        let query = vector(id, 0);
        let answer = engine
            .search(
                &["a".to_owned()],
                &ask(Retriever::Knn(Knn::new("v", query, 3))),
                &|| false,
            )
            .unwrap();
        assert_eq!(ids(&answer)[0], id.to_string());
        assert_eq!(
            answer.hits[0].score,
            Some(1.0),
            "{id} is at no distance of itself"
        );
    }
}

#[test]
fn damaged_vectors_are_named_and_made_again() {
    for extent in [0, 2] {
        let folder = tempfile::tempdir().unwrap();
        let engine = filled(folder.path());
        engine.link(&|| false).unwrap();
        engine.close().unwrap();
        let words = damage(folder.path(), extent);
        let engine = open(folder.path());
        engine.scrub(&|| false).unwrap();
        finds(&engine, (0..DOCUMENTS).step_by(61));
        engine.link(&|| false).unwrap();
        finds(&engine, (0..DOCUMENTS).step_by(61));
        let report = engine.check().unwrap();
        // This compares each stored vector with the truth, and with the node of the graph that stands for it.
        assert_eq!(report.problems, Vec::<String>::new());
        let counts = &report.counts["a"];
        assert_eq!(counts.vectors["v"], u64::from(DOCUMENTS));
        assert_eq!(counts.linked["v"], u64::from(DOCUMENTS));
        let [told] = report.mended.try_into().unwrap();
        for word in words {
            assert!(told.contains(&word), "{word} is not in {told}");
        }
        engine.close().unwrap();
        // It is on the disk, and not told again.
        let made = fs::metadata(rows_file(folder.path())).unwrap().ino();
        let engine = open(folder.path());
        let report = engine.check().unwrap();
        assert_eq!((report.problems, report.mended), (vec![], vec![]));
        assert_eq!(fs::metadata(rows_file(folder.path())).unwrap().ino(), made);
    }
}

#[test]
fn nobody_has_to_ask_for_it() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path()).close().unwrap();
    let [place, _] = damage(folder.path(), 1);
    let rows = rows_file(folder.path());
    let damaged = fs::File::open(&rows).unwrap();
    let engine = open(folder.path());
    // Until the file is another one, with all vectors in it.
    let is_made = || {
        let made = fs::metadata(&rows).map(|made| made.ino());
        made.is_ok_and(|made| made != damaged.metadata().unwrap().ino())
    };
    // Only so that a thread that is dead fails the test, and does not stop all others.
    let given_up = Instant::now() + Duration::from_secs(600);
    while !is_made() {
        assert!(Instant::now() < given_up, "nothing was made anew");
        std::thread::yield_now();
    }
    let [told] = engine.check().unwrap().mended.try_into().unwrap();
    assert!(told.contains(&place), "{told}");
    finds(&engine, (0..DOCUMENTS).step_by(61));
}

#[test]
fn what_is_whole_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path()).close().unwrap();
    let before = fs::metadata(rows_file(folder.path())).unwrap();
    let engine = open(folder.path());
    engine.create_index("without", Mapping::new()).unwrap();
    for _ in 0..3 {
        engine.scrub(&|| false).unwrap();
    }
    let report = engine.check().unwrap();
    assert_eq!((report.problems, report.mended), (vec![], vec![]));
    let after = fs::metadata(rows_file(folder.path())).unwrap();
    assert_eq!(
        (before.ino(), before.mtime(), before.mtime_nsec()),
        (after.ino(), after.mtime(), after.mtime_nsec())
    );
}

#[test]
fn what_is_written_meanwhile_is_no_damage() {
    let folder = tempfile::tempdir().unwrap();
    let engine = filled(folder.path());
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                engine.scrub(&|| false).unwrap();
            }
        });
        for round in 1..25 {
            // Slots of the last round are used again, and some are added.
            write(&engine, (round * 31..).step_by(97).take(12), round);
            engine.scrub(&|| false).unwrap();
            if round % 3 == 0 {
                engine.flush("a").unwrap();
            }
        }
        done.store(true, Ordering::Relaxed);
    });
    let report = engine.check().unwrap();
    assert_eq!((report.problems, report.mended), (vec![], vec![]));
}

#[test]
fn what_a_full_disk_does_not_let_be_made_again_is_made_later() {
    let folder = tempfile::tempdir().unwrap();
    filled(folder.path()).close().unwrap();
    let [place, _] = damage(folder.path(), 1);
    // Enough for opening, too little for the vectors.
    let (disk, free) = Disk::with_free_bytes(1 << 20);
    let engine = Engine::open_with(folder.path(), Options { disk, ..options() }).unwrap();
    // The thread in the background may have tried it before.
    drop(engine.scrub(&|| false));
    let error = engine.check().unwrap_err().to_string();
    assert!(error.contains(&place), "{error}");
    let all = engine.search(
        &["a".to_owned()],
        &ask(Retriever::Standard(Query::All)),
        &|| false,
    );
    assert_eq!(all.unwrap().total, u64::from(DOCUMENTS));
    free.store(1 << 30, Ordering::SeqCst);
    engine.refresh("a").unwrap();
    finds(&engine, (0..DOCUMENTS).step_by(61));
    let report = engine.check().unwrap();
    assert_eq!(report.problems, Vec::<String>::new());
    let [told] = report.mended.try_into().unwrap();
    assert!(told.contains(&place), "{told}");
}
