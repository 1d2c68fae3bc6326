//! Random operations against a naive model, with crashes, full disks and held views among them.

use super::faults::FaultyDisk;
use super::*;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const DIMS: usize = 3;

#[derive(Debug, Clone)]
enum Step {
    /// Writes a slot, known or new.
    Write(u32),
    /// Takes a view of some of the slots that hold something.
    Hold(u64),
    Drop(usize),
    Checkpoint,
    /// Closes and opens the store without a checkpoint.
    Crash,
    /// Lets the disk fail after some changes.
    Fail(u64),
    Mend,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => (0u32..26).prop_map(Step::Write),
        3 => any::<u64>().prop_map(Step::Hold),
        3 => any::<usize>().prop_map(Step::Drop),
        3 => Just(Step::Checkpoint),
        2 => Just(Step::Crash),
        1 => (0u64..5).prop_map(Step::Fail),
        2 => Just(Step::Mend),
    ]
}

type Contents = BTreeMap<u32, Vec<f32>>;

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, rng_seed: proptest::test_runner::RngSeed::Fixed(5), ..ProptestConfig::default() })]

    #[test]
    fn rows_are_what_was_written_last(steps in proptest::collection::vec(step(), 1..80)) {
        let folder = folder();
        let path = folder.path().join("photo.embedding");
        let disk = Arc::new(FaultyDisk::default());
        let mut store = RowStore::create_shaped(&path, small(DIMS as u32), disk.clone()).unwrap();
        let mut contents = Contents::new();
        let mut views: Vec<(Arc<Rows>, Contents)> = Vec::new();
        // What each checkpoint that may stand says: rows and covered.
        let mut checkpoints = BTreeSet::from([(0, 0)]);
        for (version, step) in (1u32..).zip(steps) {
            match step {
                Step::Write(slot) => {
                    let seen = views.iter().any(|(_, contents)| contents.contains_key(&slot));
                    let values = row(DIMS, slot, version);
                    match store.write(slot, &values) {
                        Ok(()) => {
                            prop_assert!(!seen, "slot {} is seen and was written", slot);
                            contents.insert(slot, values);
                        }
                        Err(Error::SlotVisible { .. }) => prop_assert!(seen),
                        Err(error) => {
                            prop_assert!(error.is_disk_full(), "{}", error);
                            contents.remove(&slot);
                        }
                    }
                }
                Step::Hold(choice) => {
                    let mut chosen = contents.clone();
                    chosen.retain(|slot, _| choice >> slot & 1 == 1);
                    let rows = store.reader(&live(chosen.keys().copied())).unwrap();
                    views.push((rows, chosen));
                }
                Step::Drop(n) => {
                    if !views.is_empty() {
                        views.swap_remove(n % views.len());
                    }
                }
                Step::Checkpoint => {
                    let taken = (store.rows(), u64::from(version));
                    if store.checkpoint(taken.1).is_ok() {
                        checkpoints.clear();
                    }
                    checkpoints.insert(taken);
                }
                Step::Crash => {
                    views.clear();
                    disk.mend();
                    drop(store);
                    store = RowStore::open_on(&path, DIMS, disk.clone()).unwrap();
                    let taken = (store.rows(), store.covered());
                    prop_assert!(checkpoints.contains(&taken), "{:?} of {:?}", taken, checkpoints);
                    checkpoints = BTreeSet::from([taken]);
                    contents.retain(|slot, _| *slot < taken.0);
                }
                Step::Fail(changes) => disk.fail_after(changes),
                Step::Mend => disk.mend(),
            }
            let problems = store.verify();
            prop_assert!(problems.is_empty(), "{:?}", problems);
            for (rows, contents) in &views {
                for slot in 0..30 {
                    prop_assert_eq!(rows.row(slot), contents.get(&slot).map(Vec::as_slice));
                }
            }
        }
        views.clear();
        let rows = store.reader(&live(contents.keys().copied())).unwrap();
        for (slot, values) in &contents {
            prop_assert_eq!(rows.row(*slot).unwrap(), values);
        }
    }
}
