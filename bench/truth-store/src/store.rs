//! What the engine asks of a truth store.

mod with_fjall;
mod with_fjall_by_seq_no;
mod with_redb;
mod with_redb_by_seq_no;

pub use with_fjall::FjallStore;
pub use with_fjall_by_seq_no::FjallBySeqNo;
pub use with_redb::RedbStore;
pub use with_redb_by_seq_no::RedbBySeqNo;

use std::path::Path;

/// Whatever goes wrong ends the measurement.
pub type Error = Box<dyn std::error::Error + Send + Sync>;
pub type Result<T> = std::result::Result<T, Error>;

/// How much memory each store may use as its cache, in bytes.
pub const CACHE_BYTES: usize = 64 << 20;

/// One write of a batch. A record starts with its seq_no, little-endian.
pub enum Write {
    Put {
        id: String,
        seq_no: u64,
        record: Vec<u8>,
    },
    Delete {
        id: String,
        seq_no: u64,
    },
}

/// Records by id, and ids by seq_no.
pub trait Store {
    /// Opens the store in a folder, or makes it.
    fn open(folder: &Path) -> Result<Self>
    where
        Self: Sized;

    /// Writes a batch: all of it or none of it, and on disk when this returns. What an id had before is replaced,
    /// its entry by seq_no included; a delete leaves an entry by seq_no that says so.
    fn write(&mut self, batch: &[Write]) -> Result<()>;

    /// Pins the present state.
    fn reader(&self) -> Result<Box<dyn Reader>>;

    /// Closes the store in good order.
    fn close(self: Box<Self>) -> Result<()>;
}

/// A pinned state.
pub trait Reader {
    fn get(&self, id: &str) -> Result<Option<Vec<u8>>>;

    /// Visits the records in the order of their seq_no.
    fn scan(&self, visit: &mut dyn FnMut(u64, Vec<u8>)) -> Result<()>;
}

/// What an entry by seq_no holds: one byte that tells a put from a delete, then the id.
fn entry(deleted: bool, id: &str) -> Vec<u8> {
    let mut entry = Vec::with_capacity(1 + id.len());
    entry.push(u8::from(deleted));
    entry.extend_from_slice(id.as_bytes());
    entry
}

/// Reads an entry: the id, unless it stands for a delete.
fn live_id(entry: &[u8]) -> Result<Option<&str>> {
    match entry.split_first() {
        Some((0, id)) => Ok(Some(std::str::from_utf8(id)?)),
        Some(_) => Ok(None),
        None => Err("an entry by seq_no is empty".into()),
    }
}

/// Reads the seq_no at the start of a record.
pub fn seq_no_of(record: &[u8]) -> Result<u64> {
    let bytes = record.first_chunk().ok_or("a record is too short")?;
    Ok(u64::from_le_bytes(*bytes))
}
