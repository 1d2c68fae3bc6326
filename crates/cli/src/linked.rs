//! Waiting for the graphs over an index's vectors, which searches do without until they are there.

use crate::progress::Progress;
use backends::{Backend, GraphStatus};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How often it is asked how far the graphs are.
const INTERVAL: Duration = Duration::from_millis(200);

/// Waits until all vectors of an index are in their graphs, and shows how far that is. When it is stopped, whoever opens the
/// folder next goes on with it.
pub(crate) async fn wait(
    backend: &dyn Backend,
    index: &str,
    quiet: bool,
    stop: &AtomicBool,
) -> anyhow::Result<()> {
    let mut shown = None;
    while !stop.load(Ordering::Relaxed) {
        let graphs = graphs(backend, index).await?;
        if let Some(problem) = graphs.iter().find_map(|graph| graph.problem.as_ref()) {
            eprintln!("the vectors of {index} are searched without a graph for now: {problem}");
            break;
        }
        let sum = |number: fn(&GraphStatus) -> u64| graphs.iter().map(number).sum::<u64>();
        let (linked, pending) = (sum(|graph| graph.linked), sum(|graph| graph.pending));
        if pending == 0 {
            break;
        }
        let (progress, before) = shown.get_or_insert_with(|| {
            let progress = Progress::of("vectors in the graph", quiet);
            progress.begin_at(linked);
            (progress, linked)
        });
        let linked = linked.max(*before);
        progress.moved(linked + pending, linked - *before, 0);
        *before = linked;
        tokio::time::sleep(INTERVAL).await;
    }
    if let Some((progress, _)) = shown {
        progress.finish();
    }
    Ok(())
}

async fn graphs(backend: &dyn Backend, index: &str) -> anyhow::Result<Vec<GraphStatus>> {
    let indices = backend.indices().await?;
    let found = indices.into_iter().find(|status| status.name == index);
    Ok(found.map_or_else(Vec::new, |status| status.graphs.into_values().collect()))
}
