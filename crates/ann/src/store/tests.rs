use super::*;
use std::sync::atomic::{AtomicBool, AtomicU64};
use tempfile::TempDir;

mod damage;
mod faults;
mod model;

/// A small shape, so that few rows fill several extents.
fn small(dims: u32) -> Shape {
    Shape::from_file(dims, 4).unwrap()
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn store_in(folder: &TempDir, dims: u32) -> RowStore {
    faults::faulty_store(folder, dims).0
}

fn reopen(folder: &TempDir, dims: usize) -> Result<RowStore> {
    RowStore::open(&folder.path().join("photo.embedding"), dims)
}

fn live(slots: impl IntoIterator<Item = u32>) -> BitSet {
    BitSet::from_slots(1000, slots)
}

/// A row that tells its slot and its version.
fn row(dims: usize, slot: u32, version: u32) -> Vec<f32> {
    (0..dims)
        .map(|i| slot as f32 * 100.0 + version as f32 + i as f32 / 16.0)
        .collect()
}

#[test]
fn rows_come_back_after_a_checkpoint_and_only_those() {
    let folder = folder();
    let mut store = store_in(&folder, 3);
    for slot in 0..10 {
        store.write(slot, &row(3, slot, 0)).unwrap();
    }
    store.checkpoint(77).unwrap();
    store.write(10, &row(3, 10, 0)).unwrap();
    assert_eq!(store.rows(), 11);
    drop(store);

    let mut store = reopen(&folder, 3).unwrap();
    assert_eq!((store.rows(), store.covered(), store.dims()), (10, 77, 3));
    assert!(store.verify().is_empty());
    let rows = store.reader(&live(0..10)).unwrap();
    for slot in 0..10 {
        assert_eq!(rows.row(slot).unwrap(), row(3, slot, 0));
    }
    assert_eq!(rows.row(10), None);
    assert_eq!(rows.row(u32::MAX), None);
    let message = store.reader(&live([10])).unwrap_err().to_string();
    assert_eq!(
        message,
        "slot 10 is asked for but the snapshot of 10 rows does not see it"
    );
}

#[test]
fn a_run_ends_with_its_extent_and_holds_only_what_is_visible() {
    let folder = folder();
    let mut store = store_in(&folder, 2);
    for slot in 0..12 {
        store.write(slot, &row(2, slot, 0)).unwrap();
    }
    let rows = store
        .reader(&live((0..12).filter(|slot| *slot != 9)))
        .unwrap();
    let wanted: Vec<f32> = (1..4).flat_map(|slot| row(2, slot, 0)).collect();
    assert_eq!(rows.run(1..9).unwrap(), wanted);
    assert_eq!(rows.run(4..6).unwrap().len(), 4);
    assert_eq!(rows.run(8..10), None);
    assert_eq!(rows.run(3..3), None);
    assert_eq!(rows.run(11..13), None);
}

#[test]
fn a_slot_that_a_view_sees_is_not_written() {
    let folder = folder();
    let mut store = store_in(&folder, 2);
    store.write(0, &row(2, 0, 0)).unwrap();
    store.write(1, &row(2, 1, 0)).unwrap();
    let old = store.reader(&live([0, 1])).unwrap();
    let new = store.reader(&live([1])).unwrap();
    let error = store.write(0, &row(2, 0, 1)).unwrap_err();
    assert!(matches!(error, Error::SlotVisible { slot: 0 }));
    let another = old.clone();
    drop(old);
    assert!(store.write(0, &row(2, 0, 1)).is_err());
    assert_eq!(another.row(0).unwrap(), row(2, 0, 0));
    drop(another);
    store.write(0, &row(2, 0, 1)).unwrap();
    assert!(store.write(1, &row(2, 1, 1)).is_err());
    assert_eq!(new.row(1).unwrap(), row(2, 1, 0));
    assert_eq!(new.row(0), None);
}

#[test]
fn views_read_on_while_the_store_grows() {
    let folder = folder();
    let mut store = store_in(&folder, 8);
    store.write(0, &row(8, 0, 0)).unwrap();
    let rows = store.reader(&live([0])).unwrap();
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let wanted = row(8, 0, 0);
            while !stop.load(Ordering::Relaxed) {
                assert_eq!(rows.row(0).unwrap(), wanted);
            }
        });
        for slot in 1..500 {
            store.write(slot, &row(8, slot, 0)).unwrap();
        }
        store.checkpoint(1).unwrap();
        stop.store(true, Ordering::Relaxed);
    });
    assert!(store.verify().is_empty());
}

#[test]
fn vectors_that_cannot_be_stored_are_refused() {
    let folder = folder();
    let mut store = store_in(&folder, 2);
    assert!(matches!(
        store.write(0, &[1.0]),
        Err(Error::VectorDims {
            expected: 2,
            got: 1
        })
    ));
    assert!(matches!(
        store.write(0, &[1.0, f32::INFINITY]),
        Err(Error::NotFinite { position: 1, .. })
    ));
    assert!(matches!(
        store.write(0, &[1e25, 0.0]),
        Err(Error::TooLarge { .. })
    ));
    assert!(matches!(
        store.write(u32::MAX, &[1.0, 0.0]),
        Err(Error::NoSlotLeft { .. })
    ));
    assert_eq!(store.rows(), 0);
    let path = folder.path().join("none");
    assert!(matches!(
        RowStore::create(&path, 0),
        Err(Error::BadDims { got: 0, .. })
    ));
}

#[test]
fn a_store_is_opened_once_and_not_under_its_readers() {
    let folder = folder();
    let mut store = store_in(&folder, 2);
    store.write(0, &row(2, 0, 0)).unwrap();
    store.checkpoint(1).unwrap();
    let rows = store.reader(&live([0])).unwrap();
    assert!(matches!(reopen(&folder, 2), Err(Error::InUse { .. })));
    drop(store);
    assert!(matches!(reopen(&folder, 2), Err(Error::InUse { .. })));
    drop(rows);
    reopen(&folder, 2).unwrap();
}

#[test]
fn a_store_can_be_made_anew_under_the_readers_of_the_old_one() {
    let folder = folder();
    let mut store = store_in(&folder, 2);
    for slot in 0..9 {
        store.write(slot, &row(2, slot, 0)).unwrap();
    }
    store.checkpoint(5).unwrap();
    let rows = store.reader(&live(0..9)).unwrap();
    drop(store);
    let mut store = store_in(&folder, 3);
    assert_eq!((store.rows(), store.covered()), (0, 0));
    store.write(0, &row(3, 7, 7)).unwrap();
    assert_eq!(rows.row(8).unwrap(), row(2, 8, 0));
    drop(store);
    assert_eq!(reopen(&folder, 3).unwrap().rows(), 0);
}

#[test]
fn the_size_of_real_extents_is_mapped_and_grown() {
    let folder = folder();
    let path = folder.path().join("large");
    let mut store = RowStore::create(&path, 4096).unwrap();
    for slot in [0, 255, 256, 600] {
        store.write(slot, &row(4096, slot, 0)).unwrap();
    }
    store.checkpoint(1).unwrap();
    drop(store);
    let mut store = RowStore::open(&path, 4096).unwrap();
    assert_eq!(store.rows(), 601);
    assert!(store.verify().is_empty());
    let rows = store.reader(&live([0, 255, 256, 600])).unwrap();
    for slot in [0, 255, 256, 600] {
        assert_eq!(rows.row(slot).unwrap(), row(4096, slot, 0));
    }
}
