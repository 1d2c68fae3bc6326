//! Files that are damaged, cut off, of another version or from elsewhere.

use super::*;
use std::fs;
use std::path::PathBuf;

/// Ten rows of three numbers in extents of four, closed after a checkpoint.
fn closed_store() -> TempDir {
    let folder = folder();
    let mut store = store_in(&folder, 3);
    for slot in 0..10 {
        store.write(slot, &row(3, slot, 0)).unwrap();
    }
    store.checkpoint(0x0102_0304_0506).unwrap();
    folder
}

fn file(folder: &TempDir, ending: &str) -> PathBuf {
    folder.path().join(format!("photo.embedding.{ending}"))
}

fn damaged_at(result: Result<RowStore>, ending: &str) -> u64 {
    match result {
        Err(Error::Damaged { path, offset, .. }) => {
            assert!(
                path.to_string_lossy().ends_with(ending),
                "{}",
                path.display()
            );
            offset
        }
        other => panic!("expected damage in {ending}, got {other:?}"),
    }
}

#[test]
fn the_format_is_what_is_documented() {
    let folder = closed_store();
    let data = fs::read(file(&folder, "rows")).unwrap();
    assert_eq!(data[..20], *b"EIDROWS\0\x01\0\0\0\x03\0\0\0\x04\0\0\0");
    assert_eq!(data[20..24], crc32fast::hash(&data[..20]).to_le_bytes());
    assert!(data[24..4096].iter().all(|byte| *byte == 0));
    assert_eq!(data.len(), 4096 + 3 * 4 * 3 * 4);
    assert_eq!(data[4096 + 5 * 12..][..4], 500f32.to_le_bytes());

    let manifest = fs::read(file(&folder, "manifest")).unwrap();
    assert_eq!(manifest[..16], *b"EIDMANI\0\x01\0\0\0\x03\0\0\0");
    assert_eq!(manifest[16..24], 52u64.to_le_bytes());
    assert_eq!(manifest[24..32], *b"\x06\x05\x04\x03\x02\x01\0\0");
    assert_eq!(manifest[32..36], *b"\x0a\0\0\0");
    assert_eq!(
        manifest[36..40],
        crc32fast::hash(&data[4096..4096 + 48]).to_le_bytes()
    );
    assert_eq!(
        manifest[44..48],
        crc32fast::hash(&data[4192..4192 + 24]).to_le_bytes()
    );
    assert_eq!(
        manifest[48..],
        crc32fast::hash(&manifest[..48]).to_le_bytes()
    );
}

#[test]
fn a_damaged_byte_of_the_header_or_manifest_is_found() {
    let folder = closed_store();
    for (ending, len) in [("rows", 24), ("manifest", 52)] {
        let path = file(&folder, ending);
        let good = fs::read(&path).unwrap();
        for at in 0..len {
            for flip in [1, 0x80] {
                let mut bytes = good.clone();
                bytes[at] ^= flip;
                fs::write(&path, bytes).unwrap();
                let error = reopen(&folder, 3).unwrap_err();
                assert!(error.calls_for_rebuild(), "byte {at} of {ending}: {error}");
                if !(8..12).contains(&at) {
                    assert!(matches!(error, Error::Damaged { .. }), "byte {at}: {error}");
                }
            }
        }
        fs::write(&path, good).unwrap();
        reopen(&folder, 3).unwrap();
    }
}

#[test]
fn a_manifest_of_the_wrong_length_is_found() {
    let folder = closed_store();
    let path = file(&folder, "manifest");
    let good = fs::read(&path).unwrap();
    for len in 0..good.len() {
        fs::write(&path, &good[..len]).unwrap();
        assert!(damaged_at(reopen(&folder, 3), ".manifest") <= len as u64 + 16);
    }
    fs::write(&path, [good.as_slice(), &[0]].concat()).unwrap();
    assert_eq!(damaged_at(reopen(&folder, 3), ".manifest"), 16);
    // A claim of four billion rows is refused before memory is taken for it.
    let mut claim = good.clone();
    claim[32..36].copy_from_slice(&u32::MAX.to_le_bytes());
    fs::write(&path, claim).unwrap();
    assert_eq!(damaged_at(reopen(&folder, 3), ".manifest"), 16);
}

#[test]
fn a_data_file_that_is_too_short_is_found_and_named() {
    for len in [0, 10, 4095, 4096, 4096 + 143] {
        let folder = closed_store();
        let data = fs::OpenOptions::new()
            .write(true)
            .open(file(&folder, "rows"))
            .unwrap();
        data.set_len(len).unwrap();
        drop(data);
        assert_eq!(damaged_at(reopen(&folder, 3), "photo.embedding.rows"), len);
    }
}

#[test]
fn missing_files_and_other_versions_call_for_a_rebuild() {
    for ending in ["rows", "manifest"] {
        let folder = closed_store();
        fs::remove_file(file(&folder, ending)).unwrap();
        let error = reopen(&folder, 3).unwrap_err();
        assert!(matches!(&error, Error::Missing { path } if *path == file(&folder, ending)));
        assert!(error.calls_for_rebuild());

        let folder = closed_store();
        let mut bytes = fs::read(file(&folder, ending)).unwrap();
        bytes[8] = 2;
        fs::write(file(&folder, ending), bytes).unwrap();
        let error = reopen(&folder, 3).unwrap_err();
        assert!(matches!(
            error,
            Error::Version {
                expected: 1,
                got: 2,
                ..
            }
        ));
        assert!(error.calls_for_rebuild());
    }
    // Without its marks a store that was closed after a checkpoint is whole.
    let folder = closed_store();
    fs::remove_file(file(&folder, "marks")).unwrap();
    reopen(&folder, 3).unwrap();
}

#[test]
fn other_dims_are_an_error_of_their_own() {
    let folder = closed_store();
    let error = reopen(&folder, 4).unwrap_err();
    assert!(matches!(
        error,
        Error::Dims {
            expected: 4,
            got: 3,
            ..
        }
    ));
    assert!(
        error
            .to_string()
            .ends_with("holds vectors of 3 numbers, expected 4")
    );
    // A manifest that came from a store of other dims does not pass either.
    let other = super::folder();
    store_in(&other, 5).checkpoint(1).unwrap();
    fs::copy(file(&other, "manifest"), file(&folder, "manifest")).unwrap();
    assert_eq!(damaged_at(reopen(&folder, 3), ".manifest"), 12);
}

#[test]
fn a_damaged_row_is_found_by_reading_everything() {
    // Rows 8 and 9 are the last extent; what lies behind them is not counted.
    for (at, extent) in [(4096, 0), (4096 + 47, 0), (4096 + 48, 1), (4096 + 119, 2)] {
        let folder = closed_store();
        let mut bytes = fs::read(file(&folder, "rows")).unwrap();
        bytes[at] ^= 4;
        fs::write(file(&folder, "rows"), bytes).unwrap();
        let problems = reopen(&folder, 3).unwrap().verify();
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].slots, extent * 4..(extent * 4 + 4).min(10));
        let message = problems[0].error.to_string();
        let offset = format!("rows is damaged at offset {}: checksum", 4096 + extent * 48);
        assert!(message.contains(&offset), "{message}");
    }
    let folder = closed_store();
    let mut bytes = fs::read(file(&folder, "rows")).unwrap();
    bytes[4096 + 120] ^= 4;
    fs::write(file(&folder, "rows"), bytes).unwrap();
    assert!(reopen(&folder, 3).unwrap().verify().is_empty());
}

#[test]
fn each_extent_is_verified_by_itself() {
    let folder = closed_store();
    let good = fs::read(file(&folder, "rows")).unwrap();
    for damaged in 0..3 {
        let mut bytes = good.clone();
        bytes[4096 + damaged * 48 + 7] ^= 4;
        fs::write(file(&folder, "rows"), bytes).unwrap();
        let mut store = reopen(&folder, 3).unwrap();
        assert_eq!(store.verifiable(), 3);
        let found: Vec<usize> = (0..5)
            .filter(|extent| store.verify_extent(*extent as u32).is_some())
            .collect();
        assert_eq!(found, [damaged]);
        let problem = store.verify_extent(damaged as u32).unwrap();
        let [listed] = store.verify().try_into().unwrap();
        assert_eq!(problem.slots, listed.slots);
        assert_eq!(problem.error.to_string(), listed.error.to_string());
        // A row that is overwritten is marked on the disk as well; one that is added is not.
        for slot in [damaged as u32 * 4, 10] {
            store.write(slot, &row(3, slot, 1)).unwrap();
            assert!(store.verify_extent(damaged as u32).is_none());
        }
        drop(store);
        let store = reopen(&folder, 3).unwrap();
        assert!(store.verify_extent(damaged as u32).is_none());
        drop(store);
        fs::remove_file(file(&folder, "marks")).unwrap();
    }
}

#[test]
fn an_open_store_judges_what_it_did_not_write_since_its_checkpoint() {
    let folder = folder();
    let mut store = store_in(&folder, 3);
    for slot in 0..8 {
        store.write(slot, &row(3, slot, 0)).unwrap();
    }
    store.checkpoint(1).unwrap();
    store.write(4, &row(3, 4, 1)).unwrap();
    let data = fs::OpenOptions::new()
        .write(true)
        .open(file(&folder, "rows"))
        .unwrap();
    for slot in [1, 5] {
        SystemDisk
            .write_at(&data, &[0xee], 4096 + slot * 12)
            .unwrap();
    }
    // The second extent was overwritten and cannot be judged.
    let problems = store.verify();
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].slots, 0..4);
}

#[test]
fn marks_that_make_no_sense_are_passed_over() {
    let folder = closed_store();
    let mut marks = vec![0xff; 8];
    marks.extend(9u32.to_le_bytes());
    marks.extend(crc32fast::hash(&9u32.to_le_bytes()).to_le_bytes());
    marks.extend(1u32.to_le_bytes());
    marks.extend(crc32fast::hash(&1u32.to_le_bytes()).to_le_bytes());
    marks.extend([1, 2, 3]);
    fs::write(file(&folder, "marks"), marks).unwrap();
    let store = reopen(&folder, 3).unwrap();
    let marked: Vec<u32> = (0..20)
        .filter(|extent| store.marks.contains(*extent))
        .collect();
    assert_eq!(marked, [1]);
}
