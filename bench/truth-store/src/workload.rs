//! The engine's work: documents, batches, and what must be there afterwards.

use crate::store::{Result, Write, seq_no_of};

pub const DOCUMENTS: usize = 20_000;
pub const BATCH: usize = 64;
const SOURCE_BYTES: usize = 1_200;
/// Random bytes that records are cut from; larger than any compressor's window.
const POOL_BYTES: usize = 16 << 20;

/// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }
}

fn mix(mut value: u64) -> u64 {
    value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

/// Makes writes and remembers which seq_no each document must have.
pub struct Workload {
    pool: Vec<u8>,
    record_bytes: usize,
    next_seq_no: u64,
    /// The seq_no of each document, none when it is not there.
    pub expected: Vec<Option<u64>>,
}

impl Workload {
    pub fn new(vector_bytes: usize) -> Self {
        let mut random = Random(1);
        let pool = (0..POOL_BYTES / 8)
            .flat_map(|_| random.next().to_le_bytes())
            .collect();
        let record_bytes = 16 + SOURCE_BYTES + vector_bytes;
        Self {
            pool,
            record_bytes,
            next_seq_no: 1,
            expected: vec![None; DOCUMENTS],
        }
    }

    /// An id of 20 characters in no order, as the engine draws them.
    pub fn id(document: usize) -> String {
        format!("{:016x}{:04x}", mix(document as u64 + 1), document % 65_536)
    }

    pub fn put(&mut self, document: usize) -> Write {
        let seq_no = self.take_seq_no();
        if let Some(expected) = self.expected.get_mut(document) {
            *expected = Some(seq_no);
        }
        Write::Put {
            id: Self::id(document),
            seq_no,
            record: self.record(seq_no),
        }
    }

    pub fn delete(&mut self, document: usize) -> Write {
        let seq_no = self.take_seq_no();
        if let Some(expected) = self.expected.get_mut(document) {
            *expected = None;
        }
        Write::Delete {
            id: Self::id(document),
            seq_no,
        }
    }

    /// Checks what a store answered for a document, to the last byte.
    pub fn check(&self, document: usize, found: Option<&[u8]>) -> Result<()> {
        let expected = self.expected.get(document).copied().flatten();
        match (expected, found) {
            (None, None) => Ok(()),
            (Some(seq_no), Some(record)) if record == self.record(seq_no) => Ok(()),
            (expected, found) => {
                let found = found.map(seq_no_of).transpose()?;
                Err(format!("document {document}: expected {expected:?}, got {found:?}").into())
            }
        }
    }

    fn take_seq_no(&mut self) -> u64 {
        let seq_no = self.next_seq_no;
        self.next_seq_no += 1;
        seq_no
    }

    fn record(&self, seq_no: u64) -> Vec<u8> {
        let start = Random(seq_no).below(self.pool.len() - self.record_bytes);
        let mut record = Vec::with_capacity(self.record_bytes);
        record.extend_from_slice(&seq_no.to_le_bytes());
        record.extend_from_slice(&seq_no.to_le_bytes());
        record.extend_from_slice(&self.pool[start..start + self.record_bytes - 16]);
        record
    }
}
