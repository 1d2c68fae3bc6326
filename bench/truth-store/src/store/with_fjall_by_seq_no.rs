//! fjall with the records in the order of their seq_no.

use super::{CACHE_BYTES, Reader, Result, Store, Write};
use fjall::{Database, Keyspace, KeyspaceCreateOptions, PersistMode, Readable, Snapshot};
use std::collections::HashMap;
use std::path::Path;

/// fjall with records by seq_no.
pub struct FjallBySeqNo {
    database: Database,
    records: Keyspace,
    deletes: Keyspace,
    seq_nos: Keyspace,
}

impl Store for FjallBySeqNo {
    fn open(folder: &Path) -> Result<Self> {
        let database = Database::builder(folder.join("truth.fjall"))
            .cache_size(CACHE_BYTES as u64)
            .open()?;
        let records = database.keyspace("records", KeyspaceCreateOptions::default)?;
        let deletes = database.keyspace("deletes", KeyspaceCreateOptions::default)?;
        let seq_nos = database.keyspace("seq_nos", KeyspaceCreateOptions::default)?;
        Ok(Self {
            database,
            records,
            deletes,
            seq_nos,
        })
    }

    fn write(&mut self, batch: &[Write]) -> Result<()> {
        let mut writes = self.database.batch().durability(Some(PersistMode::SyncAll));
        let mut pending = HashMap::new();
        for write in batch {
            let (id, seq_no, put) = match write {
                Write::Put { id, seq_no, .. } => (id.as_str(), seq_no.to_be_bytes(), true),
                Write::Delete { id, seq_no } => (id.as_str(), seq_no.to_be_bytes(), false),
            };
            let before = match pending.insert(id, put.then_some(seq_no)) {
                Some(before) => before,
                None => match self.seq_nos.get(id)? {
                    Some(before) => before.first_chunk().copied(),
                    None => None,
                },
            };
            if let Some(before) = before {
                writes.remove(&self.records, before);
            }
            match write {
                Write::Put { record, .. } => {
                    writes.insert(&self.records, seq_no, record.as_slice());
                    writes.insert(&self.seq_nos, id, seq_no);
                }
                Write::Delete { .. } => {
                    writes.insert(&self.deletes, seq_no, id);
                    writes.remove(&self.seq_nos, id);
                }
            }
        }
        writes.commit()?;
        Ok(())
    }

    fn reader(&self) -> Result<Box<dyn Reader>> {
        Ok(Box::new(BySeqNoReader {
            snapshot: self.database.snapshot(),
            records: self.records.clone(),
            seq_nos: self.seq_nos.clone(),
        }))
    }

    fn close(self: Box<Self>) -> Result<()> {
        Ok(())
    }
}

struct BySeqNoReader {
    snapshot: Snapshot,
    records: Keyspace,
    seq_nos: Keyspace,
}

impl Reader for BySeqNoReader {
    fn get(&self, id: &str) -> Result<Option<Vec<u8>>> {
        let Some(seq_no) = self.snapshot.get(&self.seq_nos, id)? else {
            return Ok(None);
        };
        let record = self.snapshot.get(&self.records, &seq_no)?;
        Ok(record.map(|record| record.to_vec()))
    }

    fn scan(&self, visit: &mut dyn FnMut(u64, Vec<u8>)) -> Result<()> {
        for item in self.snapshot.iter(&self.records) {
            let (seq_no, record) = item.into_inner()?;
            let seq_no = seq_no.first_chunk().ok_or("a seq_no is too short")?;
            visit(u64::from_be_bytes(*seq_no), record.to_vec());
        }
        Ok(())
    }
}
