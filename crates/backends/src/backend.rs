//! What every backend can do.

use crate::error::Result;
use async_trait::async_trait;
use document::{
    GetOptions, Got, IndexDefinition, IndexSettings, IndexStatus, ItemError, Mapping, Stored,
    Write, WriteAnswer,
};
use engine::{CheckReport, RecallReport};
use query::{SearchAnswer, SearchRequest};

/// The answers to a batch, one for each write, in order.
pub type BulkAnswer = Vec<std::result::Result<WriteAnswer, ItemError>>;

/// A store of documents that can be searched. Dropping the future of a call cancels it.
///
/// Every function fails with `NotFound` when the index does not exist, and with `Unavailable` when the disk or the
/// connection does.
#[async_trait]
pub trait Backend: Send + Sync {
    /// Lists the indices, sorted by name.
    async fn indices(&self) -> Result<Vec<IndexStatus>>;

    /// Adds an index; fails with `Conflict` when it exists and with `InvalidInput` when its name is not valid.
    async fn create_index(&self, name: &str, definition: IndexDefinition) -> Result<()>;

    /// Removes an index and all its documents.
    async fn delete_index(&self, name: &str) -> Result<()>;

    /// Answers an index's mapping.
    async fn mapping(&self, index: &str) -> Result<Mapping>;

    /// Adds fields to an index's mapping; fails with `InvalidInput` when one contradicts it.
    async fn put_mapping(&self, index: &str, mapping: Mapping) -> Result<()>;

    /// Answers an index's settings.
    async fn settings(&self, index: &str) -> Result<IndexSettings>;

    /// Changes an index's settings: those given replace those of the same name, and null takes one back to its default.
    async fn put_settings(&self, index: &str, settings: IndexSettings) -> Result<()>;

    /// Brings everything written to an index to where opening finds it at once.
    async fn flush(&self, index: &str) -> Result<()>;

    /// Merges the index's segments until at most `max_segments` (1 or more) are left.
    async fn force_merge(&self, index: &str, max_segments: usize) -> Result<()>;

    /// Writes a batch. When this returns, every write that was not refused is on the disk.
    async fn bulk(&self, index: &str, writes: Vec<Write>) -> Result<BulkAnswer>;

    /// Answers a document, and the values of fields that the mapping keeps by themselves.
    async fn get_with(&self, index: &str, id: &str, options: &GetOptions) -> Result<Option<Got>>;

    /// Answers a document as it was last written.
    async fn get(&self, index: &str, id: &str) -> Result<Option<Stored>> {
        let got = self.get_with(index, id, &GetOptions::default()).await?;
        Ok(got.map(|got| got.stored))
    }

    /// Answers up to `limit` documents whose ids come after `after`, sorted by id.
    async fn scan(&self, index: &str, after: Option<&str>, limit: usize) -> Result<Vec<Stored>>;

    /// Publishes everything written, so that searches see it.
    async fn refresh(&self, index: &str) -> Result<()>;

    /// Searches all of the indices; fails with `InvalidInput` when the query does not fit a mapping.
    async fn search(&self, indices: &[String], request: SearchRequest) -> Result<SearchAnswer>;

    /// Compares everything stored with everything derived from it.
    async fn check(&self) -> Result<CheckReport>;

    /// Searches for stored vectors, each vector's `k` nearest, through graphs and exactly.
    async fn recall(&self, k: usize) -> Result<RecallReport>;
}
