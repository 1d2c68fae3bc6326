//! A data folder, held by this process or by another.

use crate::backend::{Backend, BulkAnswer};
use crate::embedded::Embedded;
use crate::error::{BackendError, Result};
use crate::holder::{Client, Server};
use async_trait::async_trait;
use document::{
    Condition, GetOptions, Got, IndexDefinition, IndexSettings, IndexStatus, Mapping, Operation,
    Stored, Write,
};
use engine::{CheckReport, Engine, EngineError, RecallReport};
use query::{SearchAnswer, SearchRequest};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, RwLock};
use tokio::time::{Instant, sleep};

/// How long a folder is tried whose holder neither answers nor lets go: it may be closing, which writes to the disk.
const PATIENCE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(50);

/// A data folder. Whoever opens it first holds it and serves the others; when the holder goes away, one of them takes
/// its place. Calls that can be repeated without harm are repeated then.
pub struct Folder {
    path: PathBuf,
    connection: RwLock<Connection>,
    /// Held while the folder is opened again, so that callers do it once.
    reopening: Mutex<()>,
}

enum Connection {
    Held {
        engine: Arc<Embedded>,
        server: Server,
    },
    Client(Arc<Client>),
    Closed,
}

impl Folder {
    /// Opens a folder, which is made when it is not there, or connects to its holder.
    ///
    /// # Errors
    /// When the folder cannot be opened, or its holder does not answer in 30 s.
    pub async fn open(path: &Path) -> Result<Self> {
        let connection = connect(path).await?;
        Ok(Self {
            path: path.to_owned(),
            connection: RwLock::new(connection),
            reopening: Mutex::new(()),
        })
    }

    /// The folder's path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Brings everything to the disk and lets the folder go.
    ///
    /// # Errors
    /// When the disk fails; nothing acknowledged is lost then.
    pub async fn close(&self) -> Result<()> {
        let connection = std::mem::replace(&mut *self.connection.write().await, Connection::Closed);
        let Connection::Held { engine, server } = connection else {
            return Ok(());
        };
        server.close().await;
        match Arc::try_unwrap(engine) {
            Ok(engine) => engine.close().await,
            Err(_) => Err(BackendError::internal("the data folder is still in use")),
        }
    }

    async fn current(&self) -> Result<Arc<dyn Backend>> {
        match &*self.connection.read().await {
            Connection::Held { engine, .. } => Ok(engine.clone()),
            Connection::Client(client) => Ok(client.clone()),
            Connection::Closed => Err(BackendError::unavailable("the data folder was closed")),
        }
    }

    /// Opens the folder again after its holder went away.
    async fn reopened(&self, lost: &Arc<dyn Backend>) -> Result<Arc<dyn Backend>> {
        let _reopening = self.reopening.lock().await;
        let current = self.current().await?;
        if !Arc::ptr_eq(&current, lost) {
            return Ok(current);
        }
        let connection = connect(&self.path).await?;
        *self.connection.write().await = connection;
        self.current().await
    }
}

async fn connect(path: &Path) -> Result<Connection> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let folder = path.to_owned();
        let opened = tokio::task::spawn_blocking(move || Engine::open(&folder)).await;
        match opened {
            Ok(Ok(engine)) => {
                let engine = Arc::new(Embedded::new(engine));
                let server = Server::start(path, engine.clone())?;
                return Ok(Connection::Held { engine, server });
            }
            Ok(Err(EngineError::Held { .. })) => {}
            Ok(Err(error)) => return Err(error.into()),
            Err(error) => {
                return Err(BackendError::internal(format!(
                    "opening broke off: {error}"
                )));
            }
        }
        match Client::connect(path).await {
            Ok(client) => return Ok(Connection::Client(Arc::new(client))),
            Err(error) if !error.lost || Instant::now() > deadline => return Err(error),
            Err(_) => sleep(PAUSE).await,
        }
    }
}

/// Runs a call, and once more when the holder went away before it came there, or in the middle of it and it may be
/// repeated.
macro_rules! through {
    ($folder:ident, repeat: $repeat:expr, $backend:ident => $call:expr) => {{
        let repeat = $repeat;
        let $backend = $folder.current().await?;
        match $call.await {
            Err(error) if error.lost && (repeat || error.unsent) => {
                let $backend = $folder.reopened(&$backend).await?;
                $call.await
            }
            answer => answer,
        }
    }};
}

#[async_trait]
impl Backend for Folder {
    async fn indices(&self) -> Result<Vec<IndexStatus>> {
        through!(self, repeat: true, backend => backend.indices())
    }

    async fn create_index(&self, name: &str, definition: IndexDefinition) -> Result<()> {
        through!(self, repeat: false, backend => backend.create_index(name, definition.clone()))
    }

    async fn delete_index(&self, name: &str) -> Result<()> {
        through!(self, repeat: false, backend => backend.delete_index(name))
    }

    async fn mapping(&self, index: &str) -> Result<Mapping> {
        through!(self, repeat: true, backend => backend.mapping(index))
    }

    async fn put_mapping(&self, index: &str, mapping: Mapping) -> Result<()> {
        through!(self, repeat: true, backend => backend.put_mapping(index, mapping.clone()))
    }

    async fn settings(&self, index: &str) -> Result<IndexSettings> {
        through!(self, repeat: true, backend => backend.settings(index))
    }

    async fn put_settings(&self, index: &str, settings: IndexSettings) -> Result<()> {
        through!(self, repeat: true, backend => backend.put_settings(index, settings.clone()))
    }

    async fn flush(&self, index: &str) -> Result<()> {
        through!(self, repeat: true, backend => backend.flush(index))
    }

    async fn force_merge(&self, index: &str, max_segments: usize) -> Result<()> {
        through!(self, repeat: true, backend => backend.force_merge(index, max_segments))
    }

    async fn bulk(&self, index: &str, writes: Vec<Write>) -> Result<BulkAnswer> {
        // A write that was done already is done once more, which only counts its version up; under a condition it
        // would be answered with a conflict that there was none of, and a script would change what it changed before.
        let repeat = writes.iter().all(|write| {
            let scripted =
                matches!(&write.operation, Operation::Update(update) if update.script.is_some());
            write.condition == Condition::Always && !scripted
        });
        through!(self, repeat: repeat, backend => backend.bulk(index, writes.clone()))
    }

    async fn get_with(&self, index: &str, id: &str, options: &GetOptions) -> Result<Option<Got>> {
        through!(self, repeat: true, backend => backend.get_with(index, id, options))
    }

    async fn scan(&self, index: &str, after: Option<&str>, limit: usize) -> Result<Vec<Stored>> {
        through!(self, repeat: true, backend => backend.scan(index, after, limit))
    }

    async fn refresh(&self, index: &str) -> Result<()> {
        through!(self, repeat: true, backend => backend.refresh(index))
    }

    async fn search(&self, indices: &[String], request: SearchRequest) -> Result<SearchAnswer> {
        through!(self, repeat: true, backend => backend.search(indices, request.clone()))
    }

    async fn check(&self) -> Result<CheckReport> {
        through!(self, repeat: true, backend => backend.check())
    }

    async fn recall(&self, k: usize) -> Result<RecallReport> {
        through!(self, repeat: true, backend => backend.recall(k))
    }
}
