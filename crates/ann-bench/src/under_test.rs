//! The index that is measured.

use crate::set::{Matrix, Queries};
use ann::{BitSet, Encoder, Graph, Metric, Reach, RowStore, Rows, Search, scan};
use anyhow::{Context, Result, ensure};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use tempfile::TempDir;

/// From how many vectors is learnt how they are encoded, as in the engine.
const SAMPLE: usize = 4096;

/// What is asked.
pub(crate) struct Asked<'a> {
    pub(crate) by: By,
    /// How many neighbours.
    pub(crate) k: usize,
    /// How many of the queries, at most.
    pub(crate) queries: usize,
    /// The first query has the first filter, and so on; after the last comes the first again. Without any all is searched.
    pub(crate) filters: &'a [BitSet],
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum By {
    Graph { ef: usize },
    Scan,
}

pub(crate) struct UnderTest {
    pub(crate) graph: Graph,
    pub(crate) rows: Arc<Rows>,
    pub(crate) store: RowStore,
    pub(crate) folder: TempDir,
}

impl UnderTest {
    /// Stores vectors and links them, with so many threads; `is_flat` says that there are no edges.
    pub(crate) fn build(
        vectors: &Matrix<f32>,
        metric: Metric,
        (threads, is_flat): (usize, bool),
    ) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let dims = vectors.columns();
        let mut store = RowStore::create(&folder.path().join("rows"), dims)?;
        let count = u32::try_from(vectors.rows())?;
        for (slot, vector) in (0..).zip(vectors.iter()) {
            store.write(slot, vector)?;
        }
        let rows = store.reader(&BitSet::full(count))?;
        let every = vectors.rows().div_ceil(SAMPLE);
        let sample = vectors.iter().step_by(every);
        let graph = if is_flat {
            Graph::flat(Encoder::learn_whole(dims, metric, sample))?
        } else {
            Graph::new(Encoder::learn(dims, metric, sample, &|| false)?)?
        };
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
        graph.connect();
        Ok(Self {
            graph,
            rows,
            store,
            folder,
        })
    }

    pub(crate) fn reach(&self) -> Reach {
        self.graph.reach()
    }

    pub(crate) fn bytes_per_vector(&self) -> f64 {
        self.graph.memory_bytes() as f64 / f64::from(self.rows.stored())
    }

    pub(crate) fn vectors(&self) -> u32 {
        self.rows.stored()
    }

    /// Answers the slots that are found for the first queries.
    ///
    /// # Errors
    /// If a search fails, or answers fewer hits than there are.
    pub(crate) fn search_all(&self, queries: &Queries, asked: &Asked<'_>) -> Result<Vec<Vec<u32>>> {
        let mut filters = asked.filters.iter().cycle();
        let mut search_one = |query| -> Result<Vec<u32>> {
            let filter = filters.next();
            let search = Search {
                metric: queries.metric,
                query,
                k: asked.k,
                filter,
            };
            let hits = match asked.by {
                By::Graph { ef } => self.graph.search(&self.rows, &search, ef, &|| false)?,
                By::Scan => scan::search(&self.rows, &search, &|| false)?,
            };
            let most = filter.map_or(self.rows.stored(), BitSet::count);
            let wanted = asked.k.min(most as usize);
            ensure!(
                hits.len() == wanted,
                "expected {wanted} hits, got {}",
                hits.len()
            );
            Ok(hits.into_iter().map(|hit| hit.slot).collect())
        };
        let chosen = queries.vectors.iter().take(asked.queries);
        chosen.map(&mut search_one).collect()
    }
}
