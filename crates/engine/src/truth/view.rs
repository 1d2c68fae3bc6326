//! The truth as it was at one moment.

use super::{COUNTERS, DOCUMENTS, LOG, record, sequence_counter, store_error};
use crate::error::{EngineError, Result};
use document::Stored;
use redb::ReadTransaction;
use std::ops::Bound;
use std::path::{Path, PathBuf};

/// The truth as it was at one moment. Pages that it sees are not used again while it lives.
pub(crate) struct View {
    transaction: ReadTransaction,
    path: PathBuf,
}

/// One entry of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LogEntry {
    pub(crate) seq_no: u64,
    pub(crate) id: String,
    pub(crate) deleted: bool,
}

impl View {
    pub(super) fn new(transaction: ReadTransaction, path: PathBuf) -> Self {
        Self { transaction, path }
    }

    fn with<T>(
        &self,
        work: impl FnOnce(&ReadTransaction) -> std::result::Result<T, redb::Error>,
    ) -> Result<T> {
        work(&self.transaction).map_err(|error| store_error(&self.path, error))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    fn corrupt(&self, reason: String) -> EngineError {
        EngineError::corrupt(&self.path, reason)
    }

    /// Answers a document.
    pub(crate) fn get(&self, index: u32, id: &str) -> Result<Option<Stored>> {
        let stored = self.with(|transaction| {
            let table = transaction.open_table(DOCUMENTS)?;
            let record = table.get((index, id))?;
            Ok(record.map(|record| record::decode(id, record.value())))
        })?;
        stored.transpose().map_err(|reason| self.corrupt(reason))
    }

    /// Answers what is known of a document, without the document itself.
    pub(crate) fn without_document(&self, index: u32, id: &str) -> Result<Option<Stored>> {
        let stored = self.with(|transaction| {
            let table = transaction.open_table(DOCUMENTS)?;
            let record = table.get((index, id))?;
            Ok(record.map(|record| record::without_document(id, record.value())))
        })?;
        stored.transpose().map_err(|reason| self.corrupt(reason))
    }

    /// Answers up to `limit` documents whose ids come after `after`, sorted by id. Each that cannot be read is its
    /// reason.
    pub(crate) fn scan(
        &self,
        index: u32,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<(String, std::result::Result<Stored, String>)>> {
        let start = match after {
            Some(id) => Bound::Excluded((index, id)),
            None => Bound::Included((index, "")),
        };
        self.with(|transaction| {
            let table = transaction.open_table(DOCUMENTS)?;
            let mut found = Vec::new();
            for entry in table
                .range((start, Bound::Excluded((index + 1, ""))))?
                .take(limit)
            {
                let (key, record) = entry?;
                let id = key.value().1.to_owned();
                let stored = record::decode(&id, record.value());
                found.push((id, stored));
            }
            Ok(found)
        })
    }

    /// Answers up to `limit` entries of the log from `seq_no` on.
    pub(crate) fn log(&self, index: u32, seq_no: u64, limit: usize) -> Result<Vec<LogEntry>> {
        let entries = self.with(|transaction| {
            let table = transaction.open_table(LOG)?;
            let mut entries = Vec::new();
            for entry in table
                .range((index, seq_no)..=(index, u64::MAX))?
                .take(limit)
            {
                let (key, value) = entry?;
                entries.push((key.value().1, value.value().to_vec()));
            }
            Ok(entries)
        })?;
        entries
            .into_iter()
            .map(|(seq_no, entry)| {
                let read = entry.split_first().and_then(|(deleted, id)| {
                    let id = String::from_utf8(id.to_vec()).ok()?;
                    Some(LogEntry {
                        seq_no,
                        id,
                        deleted: *deleted == 1,
                    })
                });
                read.ok_or_else(|| self.corrupt(format!("log entry {seq_no} cannot be read")))
            })
            .collect()
    }

    /// Answers the seq_no that the index's next write gets.
    pub(crate) fn next_seq_no(&self, index: u32) -> Result<u64> {
        self.with(|transaction| {
            let table = transaction.open_table(COUNTERS)?;
            Ok(table
                .get(sequence_counter(index).as_str())?
                .map_or(0, |number| number.value()))
        })
    }
}
