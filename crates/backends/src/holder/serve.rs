//! The holder's side.

use super::socket::SocketPath;
use super::wire::{Answer, Hello, Request, receive, send};
use crate::backend::Backend;
use crate::error::{BackendError, Result};
use std::path::Path;
use std::sync::Arc;
use tokio::io::AsyncReadExt;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Listens on the folder's socket until it is closed.
pub(crate) struct Server {
    stop: watch::Sender<bool>,
    task: tokio::task::JoinHandle<()>,
}

impl Server {
    /// Starts to listen. The caller holds the folder, so a socket that is there was left behind.
    pub(crate) fn start(folder: &Path, backend: Arc<dyn Backend>) -> Result<Self> {
        let fail = |error: std::io::Error| {
            BackendError::unavailable(format!("the socket in {}: {error}", folder.display()))
        };
        let socket = SocketPath::of(folder).map_err(fail)?;
        match std::fs::remove_file(&socket.path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(fail(error)),
            _ => {}
        }
        let listener = UnixListener::bind(&socket.path).map_err(fail)?;
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(accept(listener, socket, backend, stopped));
        Ok(Self { stop, task })
    }

    /// Stops listening, answers what was asked already, and removes the socket.
    pub(crate) async fn close(self) {
        self.stop.send_replace(true);
        // A task that panicked has been reported by its panic.
        drop(self.task.await);
    }
}

async fn accept(
    listener: UnixListener,
    socket: SocketPath,
    backend: Arc<dyn Backend>,
    mut stopped: watch::Receiver<bool>,
) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    let (backend, stopped) = (backend.clone(), stopped.clone());
                    // What ends a connection is told to the client, where it can still be reached.
                    connections.spawn(async move { drop(converse(stream, backend, stopped).await) });
                }
                // Too many open files, most likely: the client tries again.
                Err(_) => tokio::task::yield_now().await,
            },
            _ = connections.join_next(), if !connections.is_empty() => {}
            _ = stopped.changed() => break,
        }
    }
    drop(listener);
    // The next holder removes it as well.
    drop(std::fs::remove_file(&socket.path));
    while connections.join_next().await.is_some() {}
}

async fn converse(
    mut stream: UnixStream,
    backend: Arc<dyn Backend>,
    mut stopped: watch::Receiver<bool>,
) -> Result<()> {
    send(&mut stream, &Hello::ours()).await?;
    let Some(hello) = receive::<Hello>(&mut stream).await? else {
        return Ok(());
    };
    hello.check()?;
    loop {
        let request = tokio::select! {
            request = receive::<Request>(&mut stream) => request?,
            _ = stopped.changed() => return Ok(()),
        };
        let Some(request) = request else {
            return Ok(());
        };
        let (mut reading, mut writing) = stream.split();
        let mut byte = [0];
        let answer = tokio::select! {
            answer = answer(&*backend, request) => answer,
            // A client sends nothing while it waits: whatever can be read is the end of the connection.
            _ = reading.read(&mut byte) => return Ok(()),
        };
        send(&mut writing, &answer).await?;
        if *stopped.borrow() {
            return Ok(());
        }
    }
}

async fn answer(backend: &dyn Backend, request: Request) -> Answer {
    let answered = match request {
        Request::Indices => backend.indices().await.map(Answer::Indices),
        Request::CreateIndex { name, definition } => backend
            .create_index(&name, definition)
            .await
            .map(|()| Answer::Done),
        Request::DeleteIndex { name } => backend.delete_index(&name).await.map(|()| Answer::Done),
        Request::Mapping { index } => backend.mapping(&index).await.map(Answer::Mapping),
        Request::PutMapping { index, mapping } => backend
            .put_mapping(&index, mapping)
            .await
            .map(|()| Answer::Done),
        Request::Settings { index } => backend.settings(&index).await.map(Answer::Settings),
        Request::PutSettings { index, settings } => backend
            .put_settings(&index, settings)
            .await
            .map(|()| Answer::Done),
        Request::Flush { index } => backend.flush(&index).await.map(|()| Answer::Done),
        Request::ForceMerge {
            index,
            max_segments,
        } => backend
            .force_merge(&index, max_segments)
            .await
            .map(|()| Answer::Done),
        Request::Bulk { index, writes } => backend.bulk(&index, writes).await.map(Answer::Bulk),
        Request::Get { index, id, options } => backend
            .get_with(&index, &id, &options)
            .await
            .map(Answer::Document),
        Request::Scan {
            index,
            after,
            limit,
        } => backend
            .scan(&index, after.as_deref(), limit)
            .await
            .map(Answer::Documents),
        Request::Refresh { index } => backend.refresh(&index).await.map(|()| Answer::Done),
        Request::Search { indices, request } => {
            backend.search(&indices, *request).await.map(Answer::Search)
        }
        Request::Check => backend.check().await.map(Answer::Check),
        Request::Recall { k } => backend.recall(k).await.map(Answer::Recall),
    };
    answered.unwrap_or_else(Answer::Failed)
}
