//! The embedded engine as a backend.

use crate::backend::{Backend, BulkAnswer};
use crate::error::{BackendError, Result};
use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use document::{
    GetOptions, Got, IndexDefinition, IndexSettings, IndexStatus, Mapping, Stored, Write, now_ms,
};
use engine::{CheckReport, Engine, EngineError, RecallReport};
use query::{SearchAnswer, SearchRequest};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The embedded engine as a backend: its calls, which wait for the disk, run on threads of their own.
pub struct Embedded {
    engine: Arc<Engine>,
}

impl Embedded {
    /// Stands before an open engine.
    pub fn new(engine: Engine) -> Self {
        Self {
            engine: Arc::new(engine),
        }
    }

    /// Brings everything to the disk and closes the engine.
    ///
    /// # Errors
    /// When the disk fails, or calls are still running.
    pub async fn close(self) -> Result<()> {
        let engine = Arc::try_unwrap(self.engine)
            .map_err(|_| BackendError::internal("the engine is still in use"))?;
        blocking(move || engine.close()).await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Engine) -> std::result::Result<T, EngineError> + Send + 'static,
    ) -> Result<T> {
        let engine = self.engine.clone();
        blocking(move || work(&engine)).await
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> std::result::Result<T, EngineError> + Send + 'static,
) -> Result<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(answer) => Ok(answer?),
        Err(error) => Err(BackendError::internal(format!(
            "the engine broke off: {error}"
        ))),
    }
}

/// Says stop when it is dropped: when the caller no longer waits.
struct StopOnDrop(Arc<AtomicBool>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[async_trait]
impl Backend for Embedded {
    async fn indices(&self) -> Result<Vec<IndexStatus>> {
        self.run(|engine| Ok(engine.indices())).await
    }

    async fn create_index(&self, name: &str, mut definition: IndexDefinition) -> Result<()> {
        let name = name.to_owned();
        if definition.settings.uuid.is_empty() {
            definition.settings.uuid = random_uuid();
            definition.settings.created_ms = now_ms();
        }
        self.run(move |engine| engine.create_index(&name, definition))
            .await
    }

    async fn delete_index(&self, name: &str) -> Result<()> {
        let name = name.to_owned();
        self.run(move |engine| engine.delete_index(&name)).await
    }

    async fn mapping(&self, index: &str) -> Result<Mapping> {
        let index = index.to_owned();
        self.run(move |engine| engine.mapping(&index)).await
    }

    async fn put_mapping(&self, index: &str, mapping: Mapping) -> Result<()> {
        let index = index.to_owned();
        self.run(move |engine| engine.put_mapping(&index, mapping))
            .await
    }

    async fn settings(&self, index: &str) -> Result<IndexSettings> {
        let index = index.to_owned();
        self.run(move |engine| engine.settings(&index)).await
    }

    async fn put_settings(&self, index: &str, settings: IndexSettings) -> Result<()> {
        let index = index.to_owned();
        self.run(move |engine| engine.put_settings(&index, settings))
            .await
    }

    async fn flush(&self, index: &str) -> Result<()> {
        let index = index.to_owned();
        self.run(move |engine| engine.flush(&index)).await
    }

    async fn force_merge(&self, index: &str, max_segments: usize) -> Result<()> {
        let index = index.to_owned();
        self.run(move |engine| engine.force_merge(&index, max_segments))
            .await
    }

    async fn bulk(&self, index: &str, writes: Vec<Write>) -> Result<BulkAnswer> {
        let index = index.to_owned();
        self.run(move |engine| engine.bulk(&index, writes)).await
    }

    async fn get_with(&self, index: &str, id: &str, options: &GetOptions) -> Result<Option<Got>> {
        let (index, id, options) = (index.to_owned(), id.to_owned(), options.clone());
        self.run(move |engine| engine.get_with(&index, &id, &options))
            .await
    }

    async fn scan(&self, index: &str, after: Option<&str>, limit: usize) -> Result<Vec<Stored>> {
        let (index, after) = (index.to_owned(), after.map(str::to_owned));
        self.run(move |engine| engine.scan(&index, after.as_deref(), limit))
            .await
    }

    async fn refresh(&self, index: &str) -> Result<()> {
        let index = index.to_owned();
        self.run(move |engine| engine.refresh(&index)).await
    }

    async fn search(&self, indices: &[String], request: SearchRequest) -> Result<SearchAnswer> {
        let indices = indices.to_vec();
        let stopped = Arc::new(AtomicBool::new(false));
        let _stop = StopOnDrop(stopped.clone());
        self.run(move |engine| {
            engine.search(&indices, &request, &|| stopped.load(Ordering::Relaxed))
        })
        .await
    }

    async fn check(&self) -> Result<CheckReport> {
        self.run(|engine| engine.check()).await
    }

    async fn recall(&self, k: usize) -> Result<RecallReport> {
        let stopped = Arc::new(AtomicBool::new(false));
        let _stop = StopOnDrop(stopped.clone());
        self.run(move |engine| engine.recall(k, &|| stopped.load(Ordering::Relaxed)))
            .await
    }
}

/// A random name that no other index ever had: 22 letters.
fn random_uuid() -> String {
    let mut bits = [0; 16];
    getrandom::fill(&mut bits).expect("the system gives random numbers");
    URL_SAFE_NO_PAD.encode(bits)
}
