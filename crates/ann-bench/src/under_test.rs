//! The index that is measured.

use crate::set::Set;
use ann::{BitSet, Graph, Reach, RowStore, Rows, Search};
use anyhow::{Context, Result};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use tempfile::TempDir;

/// How many vectors tell their center.
const SAMPLE: usize = 10_000;

pub(crate) struct UnderTest {
    graph: Graph,
    rows: Arc<Rows>,
    _store: RowStore,
    _folder: TempDir,
}

impl UnderTest {
    /// Stores a set's vectors and links them, with so many threads.
    pub(crate) fn build(set: &Set, threads: usize) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let dims = set.vectors.columns();
        let mut store = RowStore::create(&folder.path().join("rows"), dims)?;
        let count = u32::try_from(set.vectors.rows())?;
        for (slot, vector) in (0..).zip(set.vectors.iter()) {
            store.write(slot, vector)?;
        }
        let rows = store.reader(&BitSet::full(count))?;
        let every = set.vectors.rows().div_ceil(SAMPLE);
        let sample = set.vectors.iter().step_by(every);
        let graph = Graph::new(Graph::center_of(dims, set.metric, sample), set.metric)?;
        let next = AtomicU32::new(0);
        let insert = || -> Result<()> {
            loop {
                let slot = next.fetch_add(1, Ordering::Relaxed);
                if slot >= count {
                    return Ok(());
                }
                let row = rows.row(slot).context("a row is missing")?;
                graph.insert(slot, row)?;
            }
        };
        thread::scope(|scope| {
            let others: Vec<_> = (1..threads).map(|_| scope.spawn(insert)).collect();
            insert()?;
            others.into_iter().try_for_each(|other| match other.join() {
                Ok(ended) => ended,
                Err(panic) => std::panic::resume_unwind(panic),
            })
        })?;
        Ok(Self {
            graph,
            rows,
            _store: store,
            _folder: folder,
        })
    }

    pub(crate) fn reach(&self) -> Reach {
        self.graph.reach()
    }

    pub(crate) fn bytes_per_vector(&self) -> f64 {
        self.graph.memory_bytes() as f64 / f64::from(self.rows.stored())
    }

    /// Searches every query, and answers the slots found.
    pub(crate) fn search_all(&self, set: &Set, k: usize, ef: usize) -> Result<Vec<Vec<u32>>> {
        let search = |query| -> Result<Vec<u32>> {
            let search = Search {
                metric: set.metric,
                query,
                k,
                filter: None,
            };
            let hits = self.graph.search(&self.rows, &search, ef, &|| false)?;
            Ok(hits.into_iter().map(|hit| hit.slot).collect())
        };
        set.queries.iter().map(search).collect()
    }

    /// Answers how many of the `k` nearest are found, 0 to 1.
    pub(crate) fn recall(&self, set: &Set, k: usize, ef: usize) -> Result<f64> {
        let found = self.search_all(set, k, ef)?;
        let right = found
            .iter()
            .zip(set.nearest.iter())
            .map(|(found, nearest)| {
                let nearest = nearest.get(..k).unwrap_or(nearest);
                nearest.iter().filter(|slot| found.contains(slot)).count()
            });
        Ok(right.sum::<usize>() as f64 / (k * found.len()) as f64)
    }
}
