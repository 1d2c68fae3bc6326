//! Stopping by a signal.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::signal::unix::{SignalKind, signal};

/// Waits for Ctrl-C or a request to end.
pub(crate) async fn asked() {
    let terminate = async {
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => signal.recv().await,
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate => {}
    }
}

/// A flag that is set by the first Ctrl-C; the second ends the program at once.
pub(crate) fn flag() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let set = stop.clone();
    tokio::spawn(async move {
        asked().await;
        set.store(true, Ordering::Relaxed);
        eprintln!("stopping: what was seen is being written (again to end at once)");
        asked().await;
        std::process::exit(130);
    });
    stop
}
