//! What a thread in the background does for a graph: it inserts, repairs, and brings it to the disk.

use super::{FieldGraph, Linked, Pending, lock};
use crate::error::{EngineError, Result};
use ann::{BitSet, Encoder, Graph, GraphFile, MAX_SQUARED_NORM, Repair, Rows};
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError};
use std::thread;

/// How many vectors are inserted between two looks at what else there is to do.
const BATCH: usize = 4096;

/// The fewest vectors for which threads are started.
const FEW: usize = 64;

/// Of how many vectors a graph's encoder learns.
const SAMPLE: usize = 4096;

/// A repair begins when one of so many nodes is removed.
const REMOVED_SHARE: u32 = 20;

/// How many nodes a step of a repair looks at, and how many steps follow each other.
const REPAIRED: u32 = 2048;
const REPAIR_STEPS: usize = 8;

/// Nodes without a path to them are looked for when one of so many nodes is new.
const CONNECT_SHARE: u32 = 10;

/// A checkpoint is taken after so many changes at least, and when they are so large a share of the nodes: what a crash
/// forgets is inserted again.
const CHECKPOINT_CHANGES: u32 = 20_000;
const CHECKPOINT_SHARE: u32 = 2;

/// Whether a graph suits its vectors is looked at again when there are so many times as many.
const JUDGED_AGAIN: u32 = 4;

/// What only the thread knows that works on a graph.
#[derive(Default)]
pub(super) struct Work {
    file: Option<GraphFile>,
    /// Whether the file holds parts that were not read yet.
    is_mapped: bool,
    /// Nodes inserted and removed since the last checkpoint.
    changes: u32,
    /// Nodes inserted since all were connected.
    unconnected: u32,
    /// Nodes inserted since searches were made to see how much they find.
    unsampled: u32,
    /// Nodes when the graph was last found to suit them; 0 if it was opened since.
    judged: u32,
    repair: Option<Repair>,
    /// Slots that the last repair took out, and the disk still has.
    vacated: Option<BitSet>,
    /// Whether working on it panicked: there is no graph until the index is opened again.
    has_panicked: bool,
}

impl Work {
    /// What is known of a graph that was opened.
    pub(super) fn opened(file: GraphFile) -> Self {
        Self {
            file: Some(file),
            is_mapped: true,
            ..Self::default()
        }
    }

    /// Whether there are enough removed nodes. The slots of the repair before have to be free first.
    fn wants_repair(&self, graph: &Graph) -> bool {
        let removed = graph.removed();
        self.vacated.is_none() && removed > 0 && removed >= graph.nodes() / REMOVED_SHARE
    }

    /// Reads what the disk has, and lists what is not as it was written.
    pub(super) fn verify(&self) -> Vec<ann::Error> {
        self.file
            .as_ref()
            .map(GraphFile::verify)
            .unwrap_or_default()
    }
}

impl FieldGraph {
    /// Brings the graph closer to the vectors of a snapshot, for about a second. Answers whether there is more to do.
    ///
    /// # Errors
    /// When the disk fails, there is no memory, or the work panics: then the graph is given up until the index is opened
    /// again. Searches go on finding everything.
    pub(crate) fn tend(
        &self,
        rows: &Rows,
        pending: &Pending,
        stop: &(dyn Fn() -> bool + Sync),
    ) -> Result<bool> {
        let mut work = lock(&self.work);
        if work.has_panicked || self.is_closed.load(Ordering::Relaxed) {
            return Ok(false);
        }
        let stop = || self.is_closed.load(Ordering::Relaxed) || stop();
        // What is half done when it panics is thrown away.
        let step = AssertUnwindSafe(|| match stop() {
            true => Ok(false),
            false => self.step(&mut work, (rows, pending), &stop),
        });
        let tended = match catch_unwind(step) {
            Ok(Err(EngineError::Vectors(ann::Error::Stopped))) => Ok(false),
            Ok(tended) => tended,
            Err(panic) => self.abandon(&mut work, &*panic),
        };
        *lock(&self.problem) = tended.as_ref().err().map(ToString::to_string);
        tended
    }

    /// Gives up a graph that nobody knows the state of, since working on it panicked.
    fn abandon(&self, work: &mut Work, panic: &(dyn Any + Send)) -> Result<bool> {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
        let failure = EngineError::Panicked {
            path: self.place.with_added_extension("graph"),
            reason: text.unwrap_or("it said nothing").to_owned(),
        };
        // Its file goes before its slots are free.
        *work = Work::default();
        GraphFile::remove(&self.place, Arc::new(self.disk.clone()))?;
        self.put(None);
        work.has_panicked = true;
        Err(failure)
    }

    fn step(
        &self,
        work: &mut Work,
        (rows, pending): (&Rows, &Pending),
        stop: &(dyn Fn() -> bool + Sync),
    ) -> Result<bool> {
        if self.linked().is_none() {
            if rows.live().count() < self.least {
                return Ok(false);
            }
            self.begin(work, rows, stop)?;
        }
        if !self.load(work, stop)? {
            return Ok(!stop());
        }
        let Some(linked) = self.linked() else {
            return Ok(false);
        };
        // What is inserted during a repair is linked less well.
        let mut more = self.repair(work, &linked, stop);
        if !more && let Some(linked) = self.linked() {
            let wanted = pending.of(rows, &linked);
            let inserted = self.insert(work, &linked, (rows, &wanted), stop)?;
            more = inserted < wanted.count() || work.wants_repair(&linked.graph);
        }
        let nodes = linked.graph.nodes();
        if !more && self.has_outgrown(work, (&linked.graph, rows), stop)? {
            self.begin(work, rows, stop)?;
            return Ok(!stop());
        }
        if !more && work.unconnected > nodes / CONNECT_SHARE {
            linked.graph.connect();
            work.unconnected = 0;
        }
        let is_new = work.file.as_ref().is_none_or(|file| file.covered() == 0);
        let due = CHECKPOINT_CHANGES.max(nodes / CHECKPOINT_SHARE);
        if work.changes >= due || work.vacated.is_some() || (is_new && !more) {
            self.checkpoint(work, &linked.graph)?;
        }
        if !more && !stop() {
            let share = f64::from(work.unsampled) / f64::from(nodes.max(1));
            work.unsampled = 0;
            more = self.sample(rows, pending, share, stop)?;
        }
        Ok(more && !stop())
    }

    /// Makes a graph without nodes, in place of the one that is there.
    fn begin(&self, work: &mut Work, rows: &Rows, stop: &dyn Fn() -> bool) -> Result<()> {
        let sample = sample(rows);
        let graph = if self.is_flat {
            Graph::flat(Encoder::learn_whole(self.dims, self.metric, sample))?
        } else {
            Graph::new(Encoder::learn(self.dims, self.metric, sample, stop)?)?
        };
        // The lock of the file that is there goes first. Should there be no other, the next step tries again.
        work.file = None;
        let file = GraphFile::create(&self.place, Arc::new(self.disk.clone()))?;
        *work = Work {
            judged: rows.live().count(),
            file: Some(file),
            ..Work::default()
        };
        self.put(Some(Linked {
            graph: Arc::new(graph),
            nodes: Arc::default(),
        }));
        Ok(())
    }

    /// Whether there are many more vectors than when the graph was made, of another kind than those that it was made for: of
    /// one album after another, say. It is made anew then.
    fn has_outgrown(
        &self,
        work: &mut Work,
        (graph, rows): (&Graph, &Rows),
        stop: &dyn Fn() -> bool,
    ) -> Result<bool> {
        let nodes = graph.nodes();
        if nodes / JUDGED_AGAIN < work.judged {
            return Ok(false);
        }
        let suits = graph.suits(sample(rows), stop)?;
        if suits {
            work.judged = nodes;
        }
        Ok(!suits)
    }

    /// Puts another graph, or none, in place of this one. What left the old one is free.
    fn put(&self, other: Option<Linked>) {
        let mut linked = self.linked.write().unwrap_or_else(PoisonError::into_inner);
        *linked = other;
        let left = std::mem::take(&mut *lock(&self.left));
        lock(&self.free).extend(left.iter());
    }

    /// Brings what was opened into memory. Answers false if that is not done, or the graph was given up.
    fn load(&self, work: &mut Work, stop: &(dyn Fn() -> bool + Sync)) -> Result<bool> {
        while work.is_mapped {
            if stop() {
                return Ok(false);
            }
            let (Some(file), Some(linked)) = (&mut work.file, self.linked()) else {
                break;
            };
            match file.load_step(&linked.graph) {
                Ok(more) => work.is_mapped = more,
                Err(error) if error.calls_for_rebuild() => {
                    // Its file goes before its slots are free.
                    *work = Work::default();
                    self.give_up(&error.to_string())?;
                    self.put(None);
                    return Ok(false);
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(true)
    }

    /// Inserts a batch of what is no node yet, with all processors. Answers how many.
    fn insert(
        &self,
        work: &mut Work,
        linked: &Linked,
        (rows, wanted): (&Rows, &BitSet),
        stop: &(dyn Fn() -> bool + Sync),
    ) -> Result<u32> {
        let slots: Vec<u32> = wanted.iter().take(BATCH).collect();
        if slots.is_empty() {
            return Ok(0);
        }
        let next = AtomicUsize::new(0);
        let run = || -> (Vec<u32>, Result<()>) {
            let mut inserted = Vec::new();
            while let Some(slot) = slots.get(next.fetch_add(1, Ordering::Relaxed)) {
                if stop() {
                    break;
                }
                let Some(row) = rows.row(*slot) else {
                    continue;
                };
                if let Err(error) = linked.graph.insert(*slot, row) {
                    return (inserted, Err(error.into()));
                }
                inserted.push(*slot);
            }
            (inserted, Ok(()))
        };
        let threads = match slots.len() {
            ..FEW => 1,
            _ => thread::available_parallelism().map_or(1, usize::from),
        };
        let runs = thread::scope(|scope| {
            let others: Vec<_> = (1..threads).map(|_| scope.spawn(run)).collect();
            let mut runs = vec![run()];
            for other in others {
                match other.join() {
                    Ok(run) => runs.push(run),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
            runs
        });
        let mut nodes = (*linked.nodes).clone();
        nodes.grow(rows.live().len());
        let mut done = Ok(());
        let mut count = 0;
        for (inserted, outcome) in runs {
            count += inserted.len() as u32;
            for slot in inserted {
                nodes.insert(slot);
            }
            done = done.and(outcome);
        }
        // What was inserted is known before the snapshot goes that sees it.
        self.publish(nodes);
        work.changes += count;
        work.unconnected += count;
        work.unsampled += count;
        done.map(|()| count)
    }

    fn publish(&self, nodes: BitSet) {
        let mut linked = self.linked.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(linked) = &mut *linked {
            linked.nodes = Arc::new(nodes);
        }
    }

    /// Takes removed nodes out, some steps at a time, once there are enough. Answers whether there are more steps.
    fn repair(&self, work: &mut Work, linked: &Linked, stop: &(dyn Fn() -> bool + Sync)) -> bool {
        let graph = &linked.graph;
        if work.repair.is_none() && work.wants_repair(graph) {
            work.repair = graph.begin_repair();
        }
        let Some(mut repair) = work.repair.take() else {
            return false;
        };
        for _ in 0..REPAIR_STEPS {
            if stop() {
                break;
            }
            if !graph.repair_step(&mut repair, REPAIRED) {
                let vacated = graph.end_repair(repair);
                let mut nodes = (*linked.nodes).clone();
                nodes.and_not(&vacated);
                self.publish(nodes);
                work.changes += vacated.count();
                work.unconnected = 0;
                work.vacated = Some(vacated);
                return false;
            }
        }
        work.repair = Some(repair);
        true
    }

    /// Brings the graph to the disk; what was taken out is free then.
    fn checkpoint(&self, work: &mut Work, graph: &Graph) -> Result<()> {
        let file = match &mut work.file {
            Some(file) => file,
            none => none.insert(GraphFile::create(&self.place, Arc::new(self.disk.clone()))?),
        };
        if let Err(error) = file.checkpoint(graph, file.covered() + 1) {
            if error.calls_for_rebuild() {
                // Nobody knows what the file holds; the next checkpoint is in a new one.
                work.file = None;
            }
            return Err(error.into());
        }
        work.changes = 0;
        if let Some(vacated) = work.vacated.take() {
            lock(&self.left).and_not(&vacated);
            lock(&self.free).extend(vacated.iter());
        }
        Ok(())
    }

    /// Brings what changed to the disk, so that nothing is inserted again when it is opened.
    ///
    /// # Errors
    /// When the disk fails.
    pub(crate) fn save(&self) -> Result<()> {
        let mut work = lock(&self.work);
        match self.linked() {
            Some(linked) if work.changes > 0 => self.checkpoint(&mut work, &linked.graph),
            _ => Ok(()),
        }
    }
}

/// Some vectors of a snapshot, spread over all.
fn sample(rows: &Rows) -> impl Iterator<Item = &[f32]> {
    let step = (rows.live().count() as usize).div_ceil(SAMPLE).max(1);
    let sample = rows.live().iter().step_by(step);
    // One that is damaged on the disk can be so large that no code would be a number; to insert it is refused.
    sample
        .filter_map(|slot| rows.row(slot))
        .filter(|row| row.iter().map(|value| value * value).sum::<f32>() <= MAX_SQUARED_NORM)
}
