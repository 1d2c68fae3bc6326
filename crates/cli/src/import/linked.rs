//! Waiting for the graph over a field's vectors, which searches do without until it is there.

use crate::progress::Progress;
use backends::{Backend, GraphStatus};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How often it is asked how far the graph is.
const INTERVAL: Duration = Duration::from_millis(200);

/// Waits until all vectors of a field are in its graph, and shows how far that is. When it is stopped, whoever opens the
/// folder next goes on with it.
pub(super) async fn wait(
    backend: &dyn Backend,
    (index, field): (&str, &str),
    quiet: bool,
    stop: &AtomicBool,
) -> anyhow::Result<()> {
    let progress = Progress::of("vectors in the graph", quiet);
    let mut shown = None;
    while !stop.load(Ordering::Relaxed) {
        let Some(graph) = status(backend, index, field).await? else {
            break;
        };
        if let Some(problem) = graph.problem {
            eprintln!("the graph over {field} waits: {problem}");
            break;
        }
        if graph.pending == 0 {
            break;
        }
        let before = *shown.get_or_insert_with(|| {
            progress.begin_at(graph.linked);
            graph.linked
        });
        let linked = graph.linked.max(before);
        progress.moved(graph.vectors, linked - before, 0);
        shown = Some(linked);
        tokio::time::sleep(INTERVAL).await;
    }
    progress.finish();
    Ok(())
}

async fn status(
    backend: &dyn Backend,
    index: &str,
    field: &str,
) -> anyhow::Result<Option<GraphStatus>> {
    let indices = backend.indices().await?;
    let found = indices.into_iter().find(|status| status.name == index);
    Ok(found.and_then(|mut status| status.graphs.remove(field)))
}
