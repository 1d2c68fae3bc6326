//! redb with the records in the order of their seq_no: they are appended, and only the small table of ids is written
//! all over the place.

use super::{CACHE_BYTES, Reader, Result, Store, Write};
use redb::{Database, ReadOnlyTable, ReadableDatabase, ReadableTable, TableDefinition};
use std::path::Path;

const RECORDS: TableDefinition<u64, &[u8]> = TableDefinition::new("records");
const DELETES: TableDefinition<u64, &str> = TableDefinition::new("deletes");
const SEQ_NOS: TableDefinition<&str, u64> = TableDefinition::new("seq_nos");

/// redb with quick repair and records by seq_no.
pub struct RedbBySeqNo {
    database: Database,
}

impl Store for RedbBySeqNo {
    fn open(folder: &Path) -> Result<Self> {
        let file = folder.join("truth.redb");
        let is_new = !file.exists();
        let database = Database::builder()
            .set_cache_size(CACHE_BYTES)
            .create(file)?;
        if is_new {
            let transaction = database.begin_write()?;
            transaction.open_table(RECORDS)?;
            transaction.open_table(DELETES)?;
            transaction.open_table(SEQ_NOS)?;
            transaction.commit()?;
        }
        Ok(Self { database })
    }

    fn write(&mut self, batch: &[Write]) -> Result<()> {
        let mut transaction = self.database.begin_write()?;
        transaction.set_quick_repair(true);
        {
            let mut records = transaction.open_table(RECORDS)?;
            let mut deletes = transaction.open_table(DELETES)?;
            let mut seq_nos = transaction.open_table(SEQ_NOS)?;
            for write in batch {
                let before = match write {
                    Write::Put { id, seq_no, record } => {
                        records.insert(seq_no, record.as_slice())?;
                        seq_nos
                            .insert(id.as_str(), seq_no)?
                            .map(|before| before.value())
                    }
                    Write::Delete { id, seq_no } => {
                        deletes.insert(seq_no, id.as_str())?;
                        seq_nos.remove(id.as_str())?.map(|before| before.value())
                    }
                };
                if let Some(before) = before {
                    records.remove(before)?;
                }
            }
        }
        transaction.commit()?;
        Ok(())
    }

    fn reader(&self) -> Result<Box<dyn Reader>> {
        let transaction = self.database.begin_read()?;
        Ok(Box::new(BySeqNoReader {
            records: transaction.open_table(RECORDS)?,
            seq_nos: transaction.open_table(SEQ_NOS)?,
        }))
    }

    fn close(self: Box<Self>) -> Result<()> {
        Ok(())
    }
}

struct BySeqNoReader {
    records: ReadOnlyTable<u64, &'static [u8]>,
    seq_nos: ReadOnlyTable<&'static str, u64>,
}

impl Reader for BySeqNoReader {
    fn get(&self, id: &str) -> Result<Option<Vec<u8>>> {
        let Some(seq_no) = self.seq_nos.get(id)? else {
            return Ok(None);
        };
        let record = self.records.get(seq_no.value())?;
        Ok(record.map(|record| record.value().to_vec()))
    }

    fn scan(&self, visit: &mut dyn FnMut(u64, Vec<u8>)) -> Result<()> {
        for item in self.records.iter()? {
            let (seq_no, record) = item?;
            visit(seq_no.value(), record.value().to_vec());
        }
        Ok(())
    }
}
