use super::*;
use document::{Document, IndexSettings, Mapping};

fn document(text: &str) -> Document {
    Document {
        source: format!("{{\"text\":\"{text}\"}}").into_bytes(),
        vectors: [("v".to_owned(), vec![1.0, -2.5])].into(),
        routing: None,
    }
}

fn existing(seq_no: u64, version: u64, deleted: bool) -> Option<Existing> {
    Some(Existing {
        seq_no,
        version,
        deleted,
    })
}

fn store() -> (tempfile::TempDir, Truth) {
    let folder = tempfile::tempdir().unwrap();
    let truth = Truth::open(&folder.path().join("truth.redb"), &Disk::default()).unwrap();
    (folder, truth)
}

#[test]
fn what_is_committed_is_read_back_and_the_rest_is_not() {
    let (folder, truth) = store();
    let mut batch = truth.begin().unwrap();
    let index = batch
        .create_index("a", Mapping::new(), IndexSettings::default())
        .unwrap()
        .id;
    batch
        .put(index, ("1", &document("one")), (0, 1), None)
        .unwrap();
    batch
        .put(index, ("2", &document("two")), (1, 1), None)
        .unwrap();
    batch
        .put(
            index,
            ("1", &document("uno")),
            (2, 2),
            existing(0, 1, false),
        )
        .unwrap();
    batch
        .delete(index, "2", (3, 2), existing(1, 1, false))
        .unwrap();
    assert_eq!(batch.existing(index, "2").unwrap(), existing(3, 2, true));
    assert_eq!(batch.existing(index, "1").unwrap(), existing(2, 2, false));
    batch.set_next_seq_no(index, 4).unwrap();
    batch.commit().unwrap();
    let mut lost = truth.begin().unwrap();
    lost.put(index, ("9", &document("lost")), (4, 1), None)
        .unwrap();
    drop(lost);
    drop(truth);

    let truth = Truth::open(&folder.path().join("truth.redb"), &Disk::default()).unwrap();
    let view = truth.view().unwrap();
    let stored = view.get(index, "1").unwrap().unwrap();
    assert_eq!((stored.seq_no, stored.version), (2, 2));
    assert_eq!(stored.document, document("uno"));
    assert_eq!(view.get(index, "2").unwrap(), None);
    assert_eq!(view.get(index, "9").unwrap(), None);
    assert_eq!(view.next_seq_no(index).unwrap(), 4);
    let log: Vec<_> = view
        .log(index, 0, 10)
        .unwrap()
        .into_iter()
        .map(|entry| (entry.seq_no, entry.id, entry.deleted))
        .collect();
    assert_eq!(log, [(2, "1".to_owned(), false), (3, "2".to_owned(), true)]);

    let mut batch = truth.begin().unwrap();
    batch.forget_deletions(index, 4).unwrap();
    assert_eq!(batch.existing(index, "2").unwrap(), existing(3, 2, true));
    batch.forget_deletions(index, 65_540).unwrap();
    assert_eq!(batch.existing(index, "2").unwrap(), None);
    batch.commit().unwrap();
    assert_eq!(truth.view().unwrap().log(index, 0, 10).unwrap().len(), 1);
    assert_eq!(
        view.log(index, 0, 10).unwrap().len(),
        2,
        "a view does not move"
    );
}

#[test]
fn a_routing_is_kept_with_its_document() {
    let (_folder, truth) = store();
    let mut batch = truth.begin().unwrap();
    let index = batch
        .create_index("a", Mapping::new(), IndexSettings::default())
        .unwrap()
        .id;
    let routed = Document {
        routing: Some("käse".to_owned()),
        ..document("one")
    };
    batch.put(index, ("1", &routed), (0, 1), None).unwrap();
    batch.commit().unwrap();
    let view = truth.view().unwrap();
    assert_eq!(view.get(index, "1").unwrap().unwrap().document, routed);
    let header = view.without_document(index, "1").unwrap().unwrap();
    assert_eq!((header.seq_no, header.version), (0, 1));
    assert_eq!(header.document.routing, routed.routing);
    assert_eq!(header.document.source, b"");
}

#[test]
fn deleting_an_index_leaves_its_neighbours() {
    let (_folder, truth) = store();
    let mut batch = truth.begin().unwrap();
    let ids: Vec<_> = ["a", "b", "c"]
        .iter()
        .map(|name| {
            let made = batch.create_index(name, Mapping::new(), IndexSettings::default());
            made.unwrap().id
        })
        .collect();
    for index in &ids {
        batch
            .put(*index, ("x", &document("x")), (0, 1), None)
            .unwrap();
    }
    batch.delete_index("b", ids[1]).unwrap();
    batch.commit().unwrap();
    let view = truth.view().unwrap();
    let counts: Vec<_> = ids
        .iter()
        .map(|index| view.scan(*index, None, 9).unwrap().len())
        .collect();
    assert_eq!(counts, [1, 0, 1]);
    let names: Vec<_> = truth
        .indices()
        .unwrap()
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(names, ["a", "c"]);
}

#[test]
fn every_flipped_bit_of_a_record_is_noticed() {
    let record = record::encode(
        7,
        3,
        &document("some words that compress compress compress"),
    );
    assert_eq!(record::decode("a", &record).unwrap().seq_no, 7);
    for byte in 0..record.len() {
        for bit in 0..8 {
            let mut damaged = record.clone();
            damaged[byte] ^= 1 << bit;
            assert!(
                record::decode("a", &damaged).is_err(),
                "byte {byte}, bit {bit}"
            );
        }
    }
    for length in 0..record.len() {
        assert!(
            record::decode("a", &record[..length]).is_err(),
            "cut to {length}"
        );
    }
}

#[test]
fn a_full_disk_is_an_error_that_names_the_file_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (disk, free) = Disk::with_free_bytes(64 << 20);
    let path = folder.path().join("truth.redb");
    let truth = Truth::open(&path, &disk).unwrap();
    let mut batch = truth.begin().unwrap();
    let index = batch
        .create_index("a", Mapping::new(), IndexSettings::default())
        .unwrap()
        .id;
    batch
        .put(index, ("1", &document("kept")), (0, 1), None)
        .unwrap();
    batch.commit().unwrap();
    free.store(0, std::sync::atomic::Ordering::SeqCst);
    let failed = (|| {
        let mut batch = truth.begin()?;
        batch.put(index, ("2", &document("lost")), (1, 1), None)?;
        batch.commit()
    })();
    let message = failed.unwrap_err().to_string();
    assert!(message.contains("truth.redb"), "{message}");
    free.store(64 << 20, std::sync::atomic::Ordering::SeqCst);
    drop(truth);
    let truth = Truth::open(&path, &disk).unwrap();
    let view = truth.view().unwrap();
    assert!(view.get(index, "1").unwrap().is_some());
    assert!(view.get(index, "2").unwrap().is_none());
}
