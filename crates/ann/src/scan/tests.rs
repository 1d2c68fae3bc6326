use super::*;
use crate::store::{Disk, RowStore, SystemDisk};
use proptest::prelude::*;
use std::cell::Cell;
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;

/// A disk that is not waited for.
#[derive(Debug)]
struct Hasty;

impl Disk for Hasty {
    fn write_at(&self, file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
        SystemDisk.write_at(file, bytes, offset)
    }

    fn set_len(&self, file: &File, len: u64) -> io::Result<()> {
        SystemDisk.set_len(file, len)
    }

    fn flush(&self, _file: &File) -> io::Result<()> {
        Ok(())
    }

    fn flush_folder(&self, _folder: &Path) -> io::Result<()> {
        Ok(())
    }
}

/// A snapshot of rows in a store of its own.
fn snapshot(rows: &[Vec<f32>], live: &BitSet) -> (TempDir, Arc<Rows>) {
    let folder = tempfile::tempdir().unwrap();
    let dims = rows.first().map_or(1, Vec::len);
    let mut store =
        RowStore::create_on(&folder.path().join("rows"), dims, Arc::new(Hasty)).unwrap();
    for (slot, row) in (0..).zip(rows) {
        store.write(slot, row).unwrap();
    }
    let rows = store.reader(live).unwrap();
    (folder, rows)
}

fn exact(metric: Metric, query: &[f32], row: &[f32]) -> f64 {
    let pairs = || {
        query
            .iter()
            .zip(row)
            .map(|(a, b)| (f64::from(*a), f64::from(*b)))
    };
    let dot: f64 = pairs().map(|(a, b)| a * b).sum();
    match metric {
        Metric::Dot => dot,
        Metric::L2Squared => -pairs().map(|(a, b)| (a - b).powi(2)).sum::<f64>(),
        Metric::L1 => -pairs().map(|(a, b)| (a - b).abs()).sum::<f64>(),
        Metric::Cosine => {
            let norms: f64 = [query, row]
                .map(|v| v.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>().sqrt())
                .iter()
                .product();
            if norms == 0.0 { 0.0 } else { dot / norms }
        }
    }
}

fn never() -> bool {
    false
}

/// Checks an answer against the naive one: the right number of hits, in order, each with its own
/// similarity, and nothing better left out.
fn check(hits: &[Hit], search: &Search<'_>, rows: &[Vec<f32>], candidates: &[u32]) {
    const TOLERANCE: f64 = 1e-5;
    let similarity = |slot: u32| exact(search.metric, search.query, &rows[slot as usize]);
    assert_eq!(hits.len(), search.k.min(candidates.len()));
    for hit in hits {
        assert!(
            candidates.contains(&hit.slot),
            "slot {} is no candidate",
            hit.slot
        );
        let error = (f64::from(hit.similarity) - similarity(hit.slot)).abs();
        assert!(
            error < TOLERANCE,
            "{hit:?}, expected {}",
            similarity(hit.slot)
        );
    }
    for pair in hits.windows(2) {
        assert!(
            pair[0].best_first(&pair[1]).is_lt(),
            "{pair:?} is out of order"
        );
    }
    let Some(worst) = hits.last() else {
        return;
    };
    for slot in candidates {
        if hits.iter().all(|hit| hit.slot != *slot) {
            let left_out = similarity(*slot);
            let worst_similarity = f64::from(worst.similarity);
            assert!(
                left_out <= worst_similarity + TOLERANCE,
                "slot {slot} was left out"
            );
            // The numbers are small integers, so all but the cosine are exact and ties are ties.
            if left_out == worst_similarity && search.metric != Metric::Cosine {
                assert!(
                    worst.slot < *slot,
                    "slot {slot} ties and comes before {}",
                    worst.slot
                );
            }
        }
    }
}

fn vector(dims: usize) -> impl Strategy<Value = Vec<f32>> {
    proptest::collection::vec((-3i8..=3).prop_map(f32::from), dims)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, rng_seed: proptest::test_runner::RngSeed::Fixed(6), ..ProptestConfig::default() })]

    #[test]
    fn agrees_with_the_naive_search(
        (rows, query) in (1usize..6).prop_flat_map(|dims| (proptest::collection::vec(vector(dims), 1..120), vector(dims))),
        dead in proptest::collection::vec(0u32..120, 0..30),
        filter in proptest::option::of((0u32..140, proptest::collection::vec(0u32..140, 0..140), any::<bool>())),
        k in prop_oneof![Just(0usize), 1usize..20, Just(1000usize)],
    ) {
        let count = rows.len() as u32;
        let mut live = BitSet::full(count);
        dead.iter().for_each(|slot| { live.remove(*slot); });
        let filter = filter.map(|(len, slots, dense)| {
            let mut filter = BitSet::from_slots(len, slots);
            if dense {
                let sparse = std::mem::replace(&mut filter, BitSet::full(len));
                filter.and_not(&sparse);
            }
            filter
        });
        let candidates: Vec<u32> = (0..count)
            .filter(|slot| !dead.contains(slot) && filter.as_ref().is_none_or(|filter| filter.contains(*slot)))
            .collect();
        let (_folder, snapshot) = snapshot(&rows, &live);
        for metric in Metric::ALL {
            let asked = Search { metric, query: &query, k, filter: filter.as_ref() };
            let hits = search(&snapshot, &asked, &never).unwrap();
            check(&hits, &asked, &rows, &candidates);
            // Scoring the hits again gives the same bits.
            let slots: Vec<u32> = hits.iter().map(|hit| hit.slot).collect();
            let again = similarity_of(&snapshot, metric, &query, &slots).unwrap();
            prop_assert_eq!(again, hits.iter().map(|hit| hit.similarity).collect::<Vec<_>>());
        }
    }
}

/// Rows over several extents and batches, in runs of all lengths.
#[test]
fn every_run_length_and_extent_is_searched() {
    let dims = 4096;
    let rows: Vec<Vec<f32>> = (0..700u32)
        .map(|slot| {
            let mut row = vec![0.0; dims];
            row[slot as usize] = 1.0 + (slot % 13) as f32;
            row
        })
        .collect();
    // Runs of 1, 2, 3, ... slots with gaps of one between them.
    let gaps: Vec<u32> = (1..40u32).map(|run| run * (run + 3) / 2 - 1).collect();
    let mut live = BitSet::full(700);
    gaps.iter().for_each(|gap| {
        live.remove(*gap);
    });
    let candidates: Vec<u32> = live.iter().collect();
    let (_folder, snapshot) = snapshot(&rows, &live);
    let query = vec![1.0; dims];
    for k in [1, 10, 1000] {
        let asked = Search {
            metric: Metric::Dot,
            query: &query,
            k,
            filter: None,
        };
        check(
            &search(&snapshot, &asked, &never).unwrap(),
            &asked,
            &rows,
            &candidates,
        );
    }
}

#[test]
fn equal_rows_come_by_ascending_slot() {
    let rows = vec![vec![1.0, 2.0, 3.0]; 50];
    let live = BitSet::full(50);
    let (_folder, snapshot) = snapshot(&rows, &live);
    for metric in Metric::ALL {
        // Slots 3, 9 and 20..40: a mix of lone rows and a run.
        let filter = BitSet::from_slots(50, [3, 9].into_iter().chain(20..40));
        let asked = Search {
            metric,
            query: &[1.0, 2.0, 3.0],
            k: 4,
            filter: Some(&filter),
        };
        let slots = search(&snapshot, &asked, &never).unwrap();
        let slots: Vec<u32> = slots.iter().map(|hit| hit.slot).collect();
        assert_eq!(slots, [3, 9, 20, 21], "{metric:?}");
    }
}

#[test]
fn a_search_stops_when_it_is_told_to() {
    let rows = vec![vec![1.0]; 20_000];
    let (_folder, snapshot) = snapshot(&rows, &BitSet::full(20_000));
    let asked = Search {
        metric: Metric::Dot,
        query: &[1.0],
        k: 5,
        filter: None,
    };
    let questions = Cell::new(0);
    let third_time = || {
        questions.set(questions.get() + 1);
        questions.get() == 3
    };
    assert!(matches!(
        search(&snapshot, &asked, &third_time),
        Err(Error::Stopped)
    ));
    assert_eq!(questions.get(), 3);
    questions.set(10);
    search(&snapshot, &asked, &third_time).unwrap();
    assert_eq!(
        questions.get(),
        15,
        "20,000 rows are five times 4,096, the last not full"
    );
}

#[test]
fn bad_queries_and_slots_are_named() {
    let rows = vec![vec![1.0, 0.0]; 4];
    let (_folder, snapshot) = snapshot(&rows, &BitSet::from_slots(4, [0, 1, 3]));
    let ask = |query: &[f32]| {
        let asked = Search {
            metric: Metric::Cosine,
            query,
            k: 1,
            filter: None,
        };
        search(&snapshot, &asked, &never).unwrap_err().to_string()
    };
    assert_eq!(ask(&[1.0]), "expected a vector of 2 numbers, got 1");
    assert_eq!(
        ask(&[1.0, f32::NAN]),
        "number 1 of the vector is NaN, which is not finite"
    );
    let of = |slots: &[u32]| similarity_of(&snapshot, Metric::L1, &[0.0, 0.0], slots);
    assert_eq!(of(&[3, 0]).unwrap(), [-1.0, -1.0]);
    assert!(matches!(
        of(&[0, 2]),
        Err(Error::SlotNotVisible { slot: 2, rows: 4 })
    ));
    assert!(of(&[4]).is_err());
    assert!(of(&[]).unwrap().is_empty());
}
