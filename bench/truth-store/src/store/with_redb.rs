//! redb: copy-on-write B+trees in one file.

use super::{CACHE_BYTES, Reader, Result, Store, Write, entry, live_id, seq_no_of};
use redb::{
    Database, ReadOnlyTable, ReadableDatabase, ReadableTable, TableDefinition, WriteTransaction,
};
use std::path::Path;

const RECORDS: TableDefinition<&str, &[u8]> = TableDefinition::new("records");
const BY_SEQ_NO: TableDefinition<u64, &[u8]> = TableDefinition::new("by_seq_no");

/// redb; with `QUICK_REPAIR` each commit saves the allocator's state, so that opening after a crash walks no tree.
pub struct RedbStore<const QUICK_REPAIR: bool> {
    database: Database,
}

impl<const QUICK_REPAIR: bool> RedbStore<QUICK_REPAIR> {
    fn begin(&self) -> Result<WriteTransaction> {
        let mut transaction = self.database.begin_write()?;
        transaction.set_quick_repair(QUICK_REPAIR);
        Ok(transaction)
    }
}

impl<const QUICK_REPAIR: bool> Store for RedbStore<QUICK_REPAIR> {
    fn open(folder: &Path) -> Result<Self> {
        let file = folder.join("truth.redb");
        let is_new = !file.exists();
        let database = Database::builder()
            .set_cache_size(CACHE_BYTES)
            .create(file)?;
        let store = Self { database };
        if is_new {
            let transaction = store.begin()?;
            transaction.open_table(RECORDS)?;
            transaction.open_table(BY_SEQ_NO)?;
            transaction.commit()?;
        }
        Ok(store)
    }

    fn write(&mut self, batch: &[Write]) -> Result<()> {
        let transaction = self.begin()?;
        {
            let mut records = transaction.open_table(RECORDS)?;
            let mut by_seq_no = transaction.open_table(BY_SEQ_NO)?;
            for write in batch {
                let (id, seq_no, deleted) = match write {
                    Write::Put { id, seq_no, .. } => (id.as_str(), *seq_no, false),
                    Write::Delete { id, seq_no } => (id.as_str(), *seq_no, true),
                };
                let before = match write {
                    Write::Put { record, .. } => records.insert(id, record.as_slice())?,
                    Write::Delete { .. } => records.remove(id)?,
                };
                if let Some(before) = before {
                    by_seq_no.remove(seq_no_of(before.value())?)?;
                }
                by_seq_no.insert(seq_no, entry(deleted, id).as_slice())?;
            }
        }
        transaction.commit()?;
        Ok(())
    }

    fn reader(&self) -> Result<Box<dyn Reader>> {
        let transaction = self.database.begin_read()?;
        Ok(Box::new(RedbReader {
            records: transaction.open_table(RECORDS)?,
            by_seq_no: transaction.open_table(BY_SEQ_NO)?,
        }))
    }

    fn close(self: Box<Self>) -> Result<()> {
        Ok(())
    }
}

struct RedbReader {
    records: ReadOnlyTable<&'static str, &'static [u8]>,
    by_seq_no: ReadOnlyTable<u64, &'static [u8]>,
}

impl Reader for RedbReader {
    fn get(&self, id: &str) -> Result<Option<Vec<u8>>> {
        Ok(self.records.get(id)?.map(|record| record.value().to_vec()))
    }

    fn scan(&self, visit: &mut dyn FnMut(u64, Vec<u8>)) -> Result<()> {
        for item in self.by_seq_no.iter()? {
            let (seq_no, entry) = item?;
            if let Some(id) = live_id(entry.value())? {
                let record = self.get(id)?.ok_or("an entry by seq_no has no record")?;
                visit(seq_no.value(), record);
            }
        }
        Ok(())
    }
}
