//! fjall: log-structured merge trees and a journal, in a folder.

use super::{CACHE_BYTES, Reader, Result, Store, Write, entry, live_id, seq_no_of};
use fjall::{Database, Keyspace, KeyspaceCreateOptions, PersistMode, Readable, Snapshot};
use std::collections::HashMap;
use std::path::Path;

/// fjall. Large values in files of their own (its key-value separation) made no difference here.
pub struct FjallStore {
    database: Database,
    records: Keyspace,
    by_seq_no: Keyspace,
}

impl Store for FjallStore {
    fn open(folder: &Path) -> Result<Self> {
        let database = Database::builder(folder.join("truth.fjall"))
            .cache_size(CACHE_BYTES as u64)
            .open()?;
        let records = database.keyspace("records", KeyspaceCreateOptions::default)?;
        let by_seq_no = database.keyspace("by_seq_no", KeyspaceCreateOptions::default)?;
        Ok(Self {
            database,
            records,
            by_seq_no,
        })
    }

    fn write(&mut self, batch: &[Write]) -> Result<()> {
        let mut writes = self.database.batch().durability(Some(PersistMode::SyncAll));
        let mut pending = HashMap::new();
        for write in batch {
            let (id, seq_no, deleted) = match write {
                Write::Put { id, seq_no, .. } => (id.as_str(), *seq_no, false),
                Write::Delete { id, seq_no } => (id.as_str(), *seq_no, true),
            };
            // A batch does not see its own writes, so what it has done to an id is remembered beside it.
            let before = match pending.insert(id, (!deleted).then_some(seq_no)) {
                Some(before) => before,
                None => match self.records.get(id)? {
                    Some(record) => Some(seq_no_of(&record)?),
                    None => None,
                },
            };
            if let Some(before) = before {
                writes.remove(&self.by_seq_no, before.to_be_bytes());
            }
            match write {
                Write::Put { record, .. } => writes.insert(&self.records, id, record.as_slice()),
                Write::Delete { .. } => writes.remove(&self.records, id),
            }
            writes.insert(&self.by_seq_no, seq_no.to_be_bytes(), entry(deleted, id));
        }
        writes.commit()?;
        Ok(())
    }

    fn reader(&self) -> Result<Box<dyn Reader>> {
        Ok(Box::new(FjallReader {
            snapshot: self.database.snapshot(),
            records: self.records.clone(),
            by_seq_no: self.by_seq_no.clone(),
        }))
    }

    fn close(self: Box<Self>) -> Result<()> {
        Ok(())
    }
}

struct FjallReader {
    snapshot: Snapshot,
    records: Keyspace,
    by_seq_no: Keyspace,
}

impl Reader for FjallReader {
    fn get(&self, id: &str) -> Result<Option<Vec<u8>>> {
        Ok(self
            .snapshot
            .get(&self.records, id)?
            .map(|record| record.to_vec()))
    }

    fn scan(&self, visit: &mut dyn FnMut(u64, Vec<u8>)) -> Result<()> {
        for item in self.snapshot.iter(&self.by_seq_no) {
            let (seq_no, entry) = item.into_inner()?;
            let seq_no = seq_no.first_chunk().ok_or("a seq_no is too short")?;
            if let Some(id) = live_id(&entry)? {
                let record = self.get(id)?.ok_or("an entry by seq_no has no record")?;
                visit(u64::from_be_bytes(*seq_no), record);
            }
        }
        Ok(())
    }
}
