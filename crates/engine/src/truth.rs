//! The truth store: every document as it was acknowledged, and the log of which was written when.
//!
//! One `redb` file for the whole data folder. Everything else that the engine keeps is derived from it.
//!
//! | table | key | value |
//! |---|---|---|
//! | `indices` | name | [`IndexMeta`] as JSON |
//! | `documents` | index id, document id | [`record`] |
//! | `deleted` | index id, document id | seq_no and version of the deletion |
//! | `log` | index id, seq_no | 0 written or 1 deleted, then the document's id |
//! | `counters` | `index`, or `seq/` + index id | the next number |
//!
//! The log holds the last write of each document, and deletions until every derived index has passed them. `deleted`
//! remembers the deletions among the last writes, so that versions go on where a document comes back.

mod backend;
mod batch;
mod migrate;
mod record;
mod view;

pub(crate) use batch::{Batch, Existing};
pub(crate) use record::MAX_SOURCE_BYTES;
pub(crate) use view::View;

use crate::disk::Disk;
use crate::error::{EngineError, Result};
use document::{IndexSettings, Mapping};
use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

const INDICES: TableDefinition<&str, &[u8]> = TableDefinition::new("indices");
const DOCUMENTS: TableDefinition<(u32, &str), &[u8]> = TableDefinition::new("documents");
const DELETED: TableDefinition<(u32, &str), (u64, u64)> = TableDefinition::new("deleted");
const LOG: TableDefinition<(u32, u64), &[u8]> = TableDefinition::new("log");
const COUNTERS: TableDefinition<&str, u64> = TableDefinition::new("counters");

/// Pages that redb keeps in memory.
const CACHE_BYTES: usize = 64 << 20;

/// What is kept of an index besides its documents.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct IndexMeta {
    /// Names the index's folder and is part of its documents' keys.
    pub(crate) id: u32,
    pub(crate) mapping: Mapping,
    #[serde(default)]
    pub(crate) settings: IndexSettings,
}

#[derive(Debug)]
pub(crate) struct Truth {
    database: Database,
    path: PathBuf,
}

impl Truth {
    /// Opens the store, or makes an empty one. A store that was not closed is recovered first.
    pub(crate) fn open(path: &Path, disk: &Disk) -> Result<Self> {
        let fail = |source: redb::Error| store_error(path, source);
        let backend =
            backend::LimitedFile::open(path, disk.clone()).map_err(EngineError::io(path))?;
        let database = Database::builder()
            .set_cache_size(CACHE_BYTES)
            .create_with_backend(backend)
            .map_err(|error| fail(error.into()))?;
        let truth = Self {
            database,
            path: path.to_owned(),
        };
        let mut batch = truth.begin()?;
        batch.make_tables()?;
        batch.commit()?;
        Ok(truth)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Begins a batch of writes, which becomes durable as a whole. Waits for the batch before it.
    pub(crate) fn begin(&self) -> Result<Batch<'_>> {
        let mut transaction = self
            .database
            .begin_write()
            .map_err(|error| self.error(error.into()))?;
        // The allocator's state is saved with each commit, so that opening after a crash reads no more than it.
        transaction.set_quick_repair(true);
        Ok(Batch::new(self, transaction))
    }

    /// Pins the store as it is now.
    pub(crate) fn view(&self) -> Result<View> {
        let transaction = self
            .database
            .begin_read()
            .map_err(|error| self.error(error.into()))?;
        Ok(View::new(transaction, self.path.clone()))
    }

    /// Lists the indices, sorted by name.
    pub(crate) fn indices(&self) -> Result<Vec<(String, IndexMeta)>> {
        let transaction = self
            .database
            .begin_read()
            .map_err(|error| self.error(error.into()))?;
        let table = transaction
            .open_table(INDICES)
            .map_err(|error| self.error(error.into()))?;
        let mut indices = Vec::new();
        for entry in table.iter().map_err(|error| self.error(error.into()))? {
            let (name, meta) = entry.map_err(|error| self.error(error.into()))?;
            let meta = serde_json::from_slice(meta.value()).map_err(|error| {
                EngineError::corrupt(
                    &self.path,
                    format!(
                        "the mapping of index {} cannot be read: {error}",
                        name.value()
                    ),
                )
            })?;
            indices.push((name.value().to_owned(), meta));
        }
        Ok(indices)
    }

    fn error(&self, source: redb::Error) -> EngineError {
        store_error(&self.path, source)
    }
}

fn store_error(path: &Path, source: redb::Error) -> EngineError {
    match source {
        redb::Error::Io(source) => EngineError::Io {
            path: path.to_owned(),
            source,
        },
        source => EngineError::Truth {
            path: path.to_owned(),
            source: Box::new(source),
        },
    }
}

fn sequence_counter(index: u32) -> String {
    format!("seq/{index}")
}

#[cfg(test)]
mod tests;
