//! Writes that become durable together.

use super::{
    COUNTERS, DELETED, DOCUMENTS, INDICES, IndexMeta, LOG, Truth, record, sequence_counter,
};
use crate::error::{EngineError, Result};
use document::{Document, IndexSettings, Mapping, Stored};
use redb::{ReadableTable, WriteTransaction};

/// Deletions among so many last writes keep their versions.
const REMEMBERED_WRITES: u64 = 65_536;

/// What is known of a document, or of its deletion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Existing {
    pub(crate) seq_no: u64,
    pub(crate) version: u64,
    /// Whether the document was deleted.
    pub(crate) deleted: bool,
}

/// Writes that become durable together, or not at all when it is dropped.
pub(crate) struct Batch<'a> {
    truth: &'a Truth,
    transaction: WriteTransaction,
}

impl<'a> Batch<'a> {
    pub(super) fn new(truth: &'a Truth, transaction: WriteTransaction) -> Self {
        Self { truth, transaction }
    }

    pub(super) fn make_tables(&mut self) -> Result<()> {
        let open = || -> std::result::Result<(), redb::Error> {
            self.transaction.open_table(INDICES)?;
            self.transaction.open_table(DOCUMENTS)?;
            self.transaction.open_table(DELETED)?;
            self.transaction.open_table(LOG)?;
            self.transaction.open_table(COUNTERS)?;
            Ok(())
        };
        open().map_err(|error| self.truth.error(error))
    }

    /// Makes everything durable.
    pub(crate) fn commit(self) -> Result<()> {
        self.transaction
            .commit()
            .map_err(|error| self.truth.error(error.into()))
    }

    pub(super) fn with<T>(
        &self,
        work: impl FnOnce(&WriteTransaction) -> std::result::Result<T, redb::Error>,
    ) -> Result<T> {
        work(&self.transaction).map_err(|error| self.truth.error(error))
    }

    /// Adds an index and gives it an id.
    pub(crate) fn create_index(
        &mut self,
        name: &str,
        mapping: Mapping,
        settings: IndexSettings,
    ) -> Result<IndexMeta> {
        let next = self.counter("index")?;
        let id = u32::try_from(next).map_err(|_| {
            EngineError::corrupt(self.truth.path(), format!("the index counter is at {next}"))
        })?;
        self.set_counter("index", next + 1)?;
        let meta = IndexMeta {
            id,
            mapping,
            settings,
        };
        self.put_index(name, &meta)?;
        Ok(meta)
    }

    pub(crate) fn put_index(&mut self, name: &str, meta: &IndexMeta) -> Result<()> {
        let json = serde_json::to_vec(meta).expect("a mapping is JSON");
        self.put_raw_index(name, &json)
    }

    /// Stores what is kept of an index as it is written.
    pub(super) fn put_raw_index(&self, name: &str, json: &[u8]) -> Result<()> {
        self.with(|transaction| {
            transaction.open_table(INDICES)?.insert(name, json)?;
            Ok(())
        })
    }

    /// Removes an index with all its documents.
    pub(crate) fn delete_index(&mut self, name: &str, id: u32) -> Result<()> {
        self.with(|transaction| {
            transaction.open_table(INDICES)?.remove(name)?;
            transaction
                .open_table(COUNTERS)?
                .remove(sequence_counter(id).as_str())?;
            let mut log = transaction.open_table(LOG)?;
            log.retain_in((id, 0)..=(id, u64::MAX), |_, _| false)?;
            let mut documents = transaction.open_table(DOCUMENTS)?;
            documents.retain_in((id, "")..(id + 1, ""), |_, _| false)?;
            let mut deleted = transaction.open_table(DELETED)?;
            deleted.retain_in((id, "")..(id + 1, ""), |_, _| false)?;
            Ok(())
        })
    }

    /// Sets the seq_no that the index's next write gets.
    pub(crate) fn set_next_seq_no(&mut self, index: u32, next: u64) -> Result<()> {
        self.set_counter(&sequence_counter(index), next)
    }

    /// Answers what is known of a document, or of its deletion.
    pub(crate) fn existing(&self, index: u32, id: &str) -> Result<Option<Existing>> {
        let header = self.with(|transaction| {
            let table = transaction.open_table(DOCUMENTS)?;
            let record = table.get((index, id))?;
            Ok(record.map(|record| record::header(record.value())))
        })?;
        let header = header
            .transpose()
            .map_err(|reason| EngineError::corrupt(self.truth.path(), reason))?;
        if let Some((seq_no, version)) = header {
            return Ok(Some(Existing {
                seq_no,
                version,
                deleted: false,
            }));
        }
        self.with(|transaction| {
            let table = transaction.open_table(DELETED)?;
            let deletion = table.get((index, id))?;
            Ok(deletion.map(|deletion| {
                let (seq_no, version) = deletion.value();
                Existing {
                    seq_no,
                    version,
                    deleted: true,
                }
            }))
        })
    }

    /// Answers a document as the batch sees it.
    pub(crate) fn get(&self, index: u32, id: &str) -> Result<Option<Stored>> {
        let stored = self.with(|transaction| {
            let table = transaction.open_table(DOCUMENTS)?;
            let record = table.get((index, id))?;
            Ok(record.map(|record| record::decode(id, record.value())))
        })?;
        stored
            .transpose()
            .map_err(|reason| EngineError::corrupt(self.truth.path(), reason))
    }

    /// Stores a document in place of what exists.
    pub(crate) fn put(
        &mut self,
        index: u32,
        (id, document): (&str, &Document),
        (seq_no, version): (u64, u64),
        existing: Option<Existing>,
    ) -> Result<()> {
        let record = record::encode(seq_no, version, document);
        self.with(|transaction| {
            transaction
                .open_table(DOCUMENTS)?
                .insert((index, id), record.as_slice())?;
            if existing.is_some_and(|existing| existing.deleted) {
                transaction.open_table(DELETED)?.remove((index, id))?;
            }
            Ok(())
        })?;
        self.log(index, id, seq_no, existing, false)
    }

    /// Removes a document, whether it exists or not, and remembers that.
    pub(crate) fn delete(
        &mut self,
        index: u32,
        id: &str,
        (seq_no, version): (u64, u64),
        existing: Option<Existing>,
    ) -> Result<()> {
        self.with(|transaction| {
            transaction.open_table(DOCUMENTS)?.remove((index, id))?;
            let mut deleted = transaction.open_table(DELETED)?;
            deleted.insert((index, id), (seq_no, version))?;
            Ok(())
        })?;
        self.log(index, id, seq_no, existing, true)
    }

    fn log(
        &mut self,
        index: u32,
        id: &str,
        seq_no: u64,
        existing: Option<Existing>,
        deleted: bool,
    ) -> Result<()> {
        let mut entry = vec![u8::from(deleted)];
        entry.extend_from_slice(id.as_bytes());
        self.with(|transaction| {
            let mut log = transaction.open_table(LOG)?;
            if let Some(existing) = existing {
                log.remove((index, existing.seq_no))?;
            }
            log.insert((index, seq_no), entry.as_slice())?;
            Ok(())
        })
    }

    /// Forgets deletions before `seq_no`, which every derived index has passed; the versions of those that are not
    /// long past stay.
    pub(crate) fn forget_deletions(&mut self, index: u32, seq_no: u64) -> Result<()> {
        let long_past = seq_no.saturating_sub(REMEMBERED_WRITES);
        self.with(|transaction| {
            let mut deleted = transaction.open_table(DELETED)?;
            deleted.retain_in((index, "")..(index + 1, ""), |_, (seq_no, _)| {
                seq_no >= long_past
            })?;
            let mut log = transaction.open_table(LOG)?;
            log.retain_in((index, 0)..(index, seq_no), |_, entry| {
                entry.first() != Some(&1)
            })?;
            Ok(())
        })
    }

    fn counter(&self, name: &str) -> Result<u64> {
        self.with(|transaction| {
            let table = transaction.open_table(COUNTERS)?;
            let number = table.get(name)?.map_or(0, |number| number.value());
            Ok(number)
        })
    }

    fn set_counter(&mut self, name: &str, number: u64) -> Result<()> {
        self.with(|transaction| {
            transaction.open_table(COUNTERS)?.insert(name, number)?;
            Ok(())
        })
    }
}
