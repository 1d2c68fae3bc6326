//! The graph over the vectors of one field, and who may use which of its slots.
//!
//! A graph follows the snapshots: [`FieldGraph::tend`], on a thread of its own, takes the vectors of the newest one and
//! inserts those that are no nodes yet, a batch at a time. Searches compare what is no node yet one by one, so that they
//! see every vector of their snapshot, however far the graph has come.
//!
//! **Slots.** A slot that no snapshot sees any more leaves the graph before it is handed out again
//! ([`FieldGraph::leave`]): its node is removed, a repair takes it out, and a checkpoint says so on the disk. So a node
//! that a graph has when it is opened again stands for the vector of its slot, or for one that nobody asks for any more.

mod recall;
mod tend;

use crate::disk::Disk;
use crate::error::Result;
use crate::options::Options;
use ann::{BitSet, Graph, GraphFile, Hit, MAX_GRAPH_DIMS, Metric, Rows, Search};
use document::{GraphStatus, Similarity, VectorField};
pub use recall::FieldRecall;
use recall::Recall;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use tend::Work;

/// The fewest candidates that a search keeps, whatever it was asked for: they cost little, and recall is .99 and more.
pub(crate) const LEAST_CANDIDATES: usize = 128;

/// The graph of one vector field.
pub(crate) struct FieldGraph {
    /// Where its files are, without their endings.
    place: PathBuf,
    disk: Disk,
    dims: usize,
    metric: Metric,
    is_flat: bool,
    /// From how many vectors on there is a graph.
    least: u32,
    linked: RwLock<Option<Linked>>,
    /// Slots that no snapshot sees, and the graph still knows, here or on the disk.
    left: Mutex<BitSet>,
    /// Slots that it knows no more, neither here nor on the disk.
    free: Mutex<Vec<u32>>,
    work: Mutex<Work>,
    is_closed: AtomicBool,
    /// Why it could not be brought further when that was tried last.
    problem: Mutex<Option<String>>,
    /// What was found to be damaged and made again, until somebody asks.
    mended: Mutex<Vec<String>>,
    recall: Mutex<Recall>,
}

/// A graph as searches use it.
#[derive(Clone)]
pub(crate) struct Linked {
    pub(crate) graph: Arc<Graph>,
    /// Its nodes, as far as they are known to be linked in full.
    pub(crate) nodes: Arc<BitSet>,
}

/// What compares the vectors of a field.
pub(crate) fn metric_of(similarity: Similarity) -> Metric {
    match similarity {
        Similarity::Cosine => Metric::Cosine,
        Similarity::DotProduct | Similarity::MaxInnerProduct => Metric::Dot,
        Similarity::L2Norm => Metric::L2Squared,
        Similarity::L1Norm => Metric::L1,
    }
}

/// Whether a field's vectors are to have a graph: they are searched, and neither their length nor what was asked for
/// speaks against it.
pub(crate) fn wants_graph(field: &VectorField) -> bool {
    field.index && field.dims as usize <= MAX_GRAPH_DIMS && kind_of(field) != Some("flat")
}

/// Whether that graph has no edges: of the types that scan, all but `flat` compare codes.
fn wants_flat(field: &VectorField) -> bool {
    kind_of(field).is_some_and(|kind| kind.ends_with("_flat"))
}

/// The type of index that clients asked for.
fn kind_of(field: &VectorField) -> Option<&str> {
    field.index_options.as_ref()?.0.get("type")?.as_str()
}

impl FieldGraph {
    /// Opens the graph of a field at a place, if it has one there. One that is damaged is given up, and made again from
    /// the vectors.
    pub(crate) fn open(place: &Path, field: &VectorField, options: &Options) -> Result<Self> {
        let (dims, metric) = (field.dims as usize, metric_of(field.similarity));
        let mut made = Self::none(place, field, options);
        let opened = match GraphFile::open(place, Arc::new(options.disk.clone())) {
            Ok((file, graph))
                if (graph.dims(), graph.metric(), graph.is_flat())
                    == (dims, metric, made.is_flat) =>
            {
                Some((file, graph))
            }
            Ok(_) => {
                let what = "the graph is not of the field's vectors, or of another kind";
                made.give_up(&format!("{}: {what}", place.display()))?;
                None
            }
            Err(ann::Error::Missing { .. }) if !GraphFile::is_at(place) => None,
            Err(error) if error.calls_for_rebuild() => {
                made.give_up(&error.to_string())?;
                None
            }
            Err(error) => return Err(error.into()),
        };
        if let Some((file, graph)) = opened {
            let nodes = Arc::new(graph.occupied());
            made.work = Mutex::new(Work::opened(file));
            made.linked = RwLock::new(Some(Linked {
                graph: Arc::new(graph),
                nodes,
            }));
        }
        Ok(made)
    }

    /// The graph of a field that has none yet.
    pub(crate) fn none(place: &Path, field: &VectorField, options: &Options) -> Self {
        Self {
            place: place.to_owned(),
            disk: options.disk.clone(),
            dims: field.dims as usize,
            metric: metric_of(field.similarity),
            is_flat: wants_flat(field),
            least: options.graphs_from,
            linked: RwLock::default(),
            left: Mutex::default(),
            free: Mutex::default(),
            work: Mutex::default(),
            is_closed: AtomicBool::new(false),
            problem: Mutex::default(),
            mended: Mutex::default(),
            recall: Mutex::default(),
        }
    }

    /// Removes the graph's files, so that it is made again.
    fn give_up(&self, why: &str) -> Result<()> {
        lock(&self.mended).push(format!("{why}; the graph is made again"));
        Ok(GraphFile::remove(&self.place, Arc::new(self.disk.clone()))?)
    }

    /// Answers the graph as it is now; none before there is one.
    pub(crate) fn linked(&self) -> Option<Linked> {
        let linked = self.linked.read().unwrap_or_else(PoisonError::into_inner);
        linked.clone()
    }

    /// Learns which slots are in use after it was opened: other nodes leave. Answers all nodes, which are known to it.
    pub(crate) fn restore(&self, live: &BitSet) -> BitSet {
        let Some(linked) = self.linked() else {
            return BitSet::default();
        };
        let mut left = (*linked.nodes).clone();
        left.and_not(live);
        for slot in left.iter() {
            linked.graph.remove(slot);
        }
        *lock(&self.left) = left;
        (*linked.nodes).clone()
    }

    /// Learns that no snapshot sees some slots any more, nor ever will as what they are now. Answers those that can be
    /// handed out again at once, and those that left the graph since it was asked last.
    pub(crate) fn leave(&self, slots: Vec<u32>) -> Vec<u32> {
        let mut free = std::mem::take(&mut *lock(&self.free));
        // While this is held no other graph takes its place.
        let linked = self.linked.read().unwrap_or_else(PoisonError::into_inner);
        match &*linked {
            None => free.extend(slots),
            Some(linked) => {
                let mut left = lock(&self.left);
                left.grow(linked.nodes.len());
                for slot in slots {
                    if linked.nodes.contains(slot) {
                        linked.graph.remove(slot);
                        left.insert(slot);
                    } else {
                        // Whoever inserts it holds the snapshot that sees it.
                        free.push(slot);
                    }
                }
            }
        }
        free
    }

    /// Finds the `k` nearest rows, best first, or as many as can be hits: through the graph, and one by one where there is
    /// none, or few rows are its nodes, or nearly all are asked for. `pending` remembers what is no node yet.
    pub(crate) fn search(
        &self,
        rows: &Rows,
        search: &Search<'_>,
        candidates: usize,
        pending: &Pending,
        stop: &dyn Fn() -> bool,
    ) -> Result<Vec<Hit>> {
        let live = rows.live().count();
        let Some(linked) = self.linked().filter(|_| search.k < live as usize / 4) else {
            return Ok(ann::scan::search(rows, search, stop)?);
        };
        let pending = pending.of(rows, &linked);
        if pending.count() > live / 2 {
            return Ok(ann::scan::search(rows, search, stop)?);
        }
        let candidates = candidates.max(LEAST_CANDIDATES);
        let mut hits = linked.graph.search(rows, search, candidates, stop)?;
        if !pending.is_empty() {
            let mut wanted = (*pending).clone();
            if let Some(filter) = search.filter {
                wanted.and(filter);
            }
            let unlinked = Search {
                filter: Some(&wanted),
                ..*search
            };
            hits.extend(ann::scan::search(rows, &unlinked, stop)?);
            // What was linked meanwhile, or passes a narrow filter, may have been found both ways, and sums in another order
            // may differ in their last bit.
            hits.sort_unstable_by_key(|hit| hit.slot);
            hits.dedup_by_key(|hit| hit.slot);
            hits.sort_unstable_by(Hit::best_first);
            hits.truncate(search.k);
        }
        Ok(hits)
    }

    /// Says how far the graph is with the vectors of a snapshot.
    pub(crate) fn status(&self, rows: &Rows) -> GraphStatus {
        let mut status = GraphStatus {
            vectors: u64::from(rows.live().count()),
            problem: lock(&self.problem).clone(),
            ..GraphStatus::default()
        };
        if status.vectors >= u64::from(self.least) {
            status.pending = status.vectors;
        }
        if let Some(linked) = self.linked() {
            status.is_built = true;
            status.pending = u64::from(Pending::compute(rows, &linked).count());
            status.linked = status.vectors - status.pending;
            status.removed = u64::from(linked.graph.removed());
            status.bytes = linked.graph.memory_bytes();
            status.recall = lock(&self.recall).figure();
        }
        status
    }

    /// Answers, once, what was found to be damaged and was given up.
    pub(crate) fn take_mended(&self) -> Vec<String> {
        std::mem::take(&mut *lock(&self.mended))
    }

    /// Names what is not as it was written on the disk, or does not fit together.
    pub(crate) fn damage(&self, rows: &Rows) -> Vec<String> {
        let work = lock(&self.work);
        let mut found: Vec<String> = lock(&self.problem).iter().cloned().collect();
        found.extend(work.verify().iter().map(ToString::to_string));
        if let Some(linked) = self.linked() {
            let place = self.place.display();
            let mut nodes = (*linked.nodes).clone();
            nodes.and(rows.live());
            let differ = |slot: &u32| {
                let held = rows.row(*slot).map(|row| linked.graph.holds(*slot, row));
                !held.is_some_and(|held| held.unwrap_or(false))
            };
            let wrong = nodes.iter().filter(differ).count();
            if wrong > 0 {
                found.push(format!(
                    "{place}.graph: {wrong} nodes stand for other vectors than those of their slots"
                ));
            }
            let dangling = linked.graph.reach().dangling;
            if dangling > 0 {
                found.push(format!("{place}.graph: {dangling} edges lead to no node"));
            }
        }
        found
    }

    /// Stops what is under way; nothing is written to the folder afterwards.
    pub(crate) fn close(&self) {
        self.is_closed.store(true, Ordering::Relaxed);
        drop(lock(&self.work));
    }
}

/// Which vectors of a snapshot were no nodes when it was asked last.
#[derive(Default)]
pub(crate) struct Pending(Mutex<Option<(Arc<BitSet>, Arc<BitSet>)>>);

impl Pending {
    /// Answers the vectors of the snapshot that are no nodes of a graph.
    fn of(&self, rows: &Rows, linked: &Linked) -> Arc<BitSet> {
        let mut known = lock(&self.0);
        if let Some((nodes, pending)) = &*known
            && Arc::ptr_eq(nodes, &linked.nodes)
        {
            return pending.clone();
        }
        let pending = Arc::new(Self::compute(rows, linked));
        *known = Some((linked.nodes.clone(), pending.clone()));
        pending
    }

    fn compute(rows: &Rows, linked: &Linked) -> BitSet {
        let mut pending = rows.live().clone();
        pending.and_not(&linked.nodes);
        pending
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
