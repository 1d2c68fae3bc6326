//! A disk that fails, and what the store makes of it.

use super::*;

/// A disk whose n-th change fails, and every one after it until it is mended.
#[derive(Debug, Default)]
pub(super) struct FaultyDisk {
    /// Changes until the failures begin, plus one; 0 is never.
    countdown: AtomicU64,
}

impl FaultyDisk {
    /// Lets `changes` more succeed.
    pub(super) fn fail_after(&self, changes: u64) {
        self.countdown.store(changes + 1, Ordering::Relaxed);
    }

    pub(super) fn mend(&self) {
        self.countdown.store(0, Ordering::Relaxed);
    }

    fn change(&self) -> io::Result<()> {
        match self.countdown.load(Ordering::Relaxed) {
            0 => Ok(()),
            1 => Err(io::ErrorKind::StorageFull.into()),
            left => {
                self.countdown.store(left - 1, Ordering::Relaxed);
                Ok(())
            }
        }
    }
}

impl Disk for FaultyDisk {
    fn write_at(&self, file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
        match self.change() {
            Ok(()) => SystemDisk.write_at(file, bytes, offset),
            Err(error) => {
                // A write that fails may have done a part of its work.
                SystemDisk.write_at(file, &bytes[..bytes.len() / 2], offset)?;
                Err(error)
            }
        }
    }

    fn set_len(&self, file: &File, len: u64) -> io::Result<()> {
        self.change()?;
        SystemDisk.set_len(file, len)
    }

    fn flush(&self, _file: &File) -> io::Result<()> {
        // The process goes on living, so the real flush would cost minutes and show nothing.
        self.change()
    }

    fn flush_folder(&self, _folder: &Path) -> io::Result<()> {
        self.change()
    }
}

pub(super) fn faulty_store(folder: &TempDir, dims: u32) -> (RowStore, Arc<FaultyDisk>) {
    let disk = Arc::new(FaultyDisk::default());
    let path = folder.path().join("photo.embedding");
    let store = RowStore::create_shaped(&path, small(dims), disk.clone()).unwrap();
    (store, disk)
}

#[test]
fn a_full_disk_names_the_file_and_loses_nothing() {
    let folder = folder();
    let (mut store, disk) = faulty_store(&folder, 3);
    for slot in 0..5 {
        store.write(slot, &row(3, slot, 0)).unwrap();
    }
    let rows = store.reader(&live(0..5)).unwrap();

    disk.fail_after(0);
    for slot in [5, 8] {
        let error = store.write(slot, &row(3, slot, 0)).unwrap_err();
        assert!(
            error.is_disk_full() && !error.calls_for_rebuild(),
            "{error}"
        );
        let message = error.to_string();
        assert!(
            message.contains("photo.embedding.rows: no storage space"),
            "{message}"
        );
    }
    assert_eq!(store.rows(), 5);
    for slot in 0..5 {
        assert_eq!(rows.row(slot).unwrap(), row(3, slot, 0));
    }

    disk.mend();
    for slot in 5..20 {
        store.write(slot, &row(3, slot, 0)).unwrap();
    }
    store.checkpoint(3).unwrap();
    let rows = store.reader(&live(0..20)).unwrap();
    for slot in 0..20 {
        assert_eq!(rows.row(slot).unwrap(), row(3, slot, 0));
    }
    assert!(store.verify().is_empty());
}

#[test]
fn whichever_change_of_a_checkpoint_fails_the_one_before_or_the_new_one_stands() {
    for changes in 0..12 {
        let folder = folder();
        let (mut store, disk) = faulty_store(&folder, 3);
        for slot in 0..6 {
            store.write(slot, &row(3, slot, 0)).unwrap();
        }
        store.checkpoint(1).unwrap();
        store.write(2, &row(3, 2, 1)).unwrap();
        store.write(6, &row(3, 6, 1)).unwrap();
        disk.fail_after(changes);
        let failed = store.checkpoint(2).is_err();
        drop(store);
        let mut store = reopen(&folder, 3).unwrap();
        let (covered, rows) = (store.covered(), store.rows());
        assert!(
            (covered, rows) == (1, 6) || (covered, rows) == (2, 7),
            "{covered}, {rows}"
        );
        assert!(failed || covered == 2);
        assert!(store.verify().is_empty(), "after {changes} changes");
        let view = store.reader(&live(0..rows)).unwrap();
        assert_eq!(view.row(1).unwrap(), row(3, 1, 0));
        assert_eq!(view.row(2).unwrap(), row(3, 2, 1));
    }
}

#[test]
fn no_checkpoint_follows_a_failed_flush() {
    let folder = folder();
    let (mut store, disk) = faulty_store(&folder, 3);
    store.write(0, &row(3, 0, 0)).unwrap();
    disk.fail_after(0);
    assert!(matches!(
        store.checkpoint(1),
        Err(Error::Io {
            action: "flush",
            ..
        })
    ));
    disk.mend();
    let error = store.checkpoint(1).unwrap_err();
    assert!(matches!(error, Error::FlushFailed { .. }) && error.calls_for_rebuild());
    // What was written still reads.
    assert_eq!(
        store.reader(&live([0])).unwrap().row(0).unwrap(),
        row(3, 0, 0)
    );
}

#[test]
fn an_overwritten_row_is_marked_before_it_changes() {
    let folder = folder();
    let (mut store, disk) = faulty_store(&folder, 3);
    for slot in 0..8 {
        store.write(slot, &row(3, slot, 0)).unwrap();
    }
    store.checkpoint(1).unwrap();
    // The mark's own write fails: the row must not have been touched.
    disk.fail_after(0);
    let message = store.write(1, &row(3, 1, 1)).unwrap_err().to_string();
    assert!(message.contains("photo.embedding.marks"), "{message}");
    drop(store);
    let mut store = reopen(&folder, 3).unwrap();
    assert!(store.verify().is_empty());
    assert_eq!(
        store.reader(&live([1])).unwrap().row(1).unwrap(),
        row(3, 1, 0)
    );
    // Overwriting and crashing is no damage, and the next checkpoint makes the checksum good.
    store.write(1, &row(3, 1, 2)).unwrap();
    drop(store);
    let mut store = reopen(&folder, 3).unwrap();
    assert!(store.verify().is_empty());
    store.checkpoint(2).unwrap();
    drop(store);
    let store = reopen(&folder, 3).unwrap();
    assert!(store.verify().is_empty());
    assert!(!store.marks.contains(0));
}
