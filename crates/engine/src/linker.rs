//! The thread that brings the graphs closer to what was written.

mod scrub;

use crate::error::{EngineError, Result};
use crate::index::Index;
use crate::truth::Truth;
pub(crate) use scrub::Round;
use scrub::Scrub;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// How often it is looked whether there is something to do, and how long after a failure it is tried again.
const INTERVAL: Duration = Duration::from_millis(250);

/// The thread; it stops when this is dropped.
pub(crate) struct Linker {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Linker {
    /// Starts it. `indices` lists what there is to work on, `truth` has what they are derived from.
    pub(crate) fn start(
        indices: impl Fn() -> Vec<Arc<Index>> + Send + 'static,
        truth: Arc<Truth>,
    ) -> Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let stopping = stop.clone();
        let run = move || {
            let stop = || stopping.load(Ordering::Relaxed);
            let mut scrub = Scrub::default();
            while !stop() {
                let indices = indices();
                // A failure is kept by the graph, and told to whoever asks for its status.
                if turn(&indices, &stop).unwrap_or(false) {
                    continue;
                }
                if !stop() {
                    // A failure is kept by the index, and told to whoever refreshes it.
                    drop(scrub.turn(&indices, &truth, Instant::now()));
                }
                thread::park_timeout(INTERVAL);
            }
        };
        let thread = thread::Builder::new().name("linker".to_owned()).spawn(run);
        let thread = thread.map_err(EngineError::io(Path::new("thread")))?;
        Ok(Self {
            stop,
            thread: Some(thread),
        })
    }

    /// Stops it, and waits until it has.
    pub(crate) fn stop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            // A thread that panicked has been reported by its panic.
            drop(thread.join());
        }
    }
}

impl Drop for Linker {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Does a batch of work on every graph. Answers whether there is more.
///
/// # Errors
/// The first failure; what comes after it is done all the same.
pub(crate) fn turn(indices: &[Arc<Index>], stop: &(dyn Fn() -> bool + Sync)) -> Result<bool> {
    let mut more = false;
    let mut failed = Ok(());
    for index in indices {
        for view in index.snapshot().vectors.values() {
            let Some(graph) = &view.graph else {
                continue;
            };
            match graph.tend(&view.rows, &view.pending, stop) {
                Ok(yes) => more |= yes,
                Err(error) => failed = failed.and(Err(error)),
            }
        }
    }
    failed.map(|()| more)
}
