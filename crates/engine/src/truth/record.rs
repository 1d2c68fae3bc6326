//! How one document is stored.
//!
//! `version: u8 = 1 · crc32 of the rest: u32 · seq_no: u64 · version: u64 · length of the source: u32 · body`, all
//! little-endian. The body is postcard: the source compressed by LZ4, and the derived vectors.

use document::{Document, Stored, Vectors};
use serde::{Deserialize, Serialize};

/// The record format that is written. Every version ever written stays readable.
const VERSION: u8 = 1;
const HEADER_BYTES: usize = 1 + 4 + 8 + 8 + 4;
/// The longest source that is read back; longer ones are never written.
pub(crate) const MAX_SOURCE_BYTES: usize = 256 << 20;

#[derive(Serialize)]
struct BodyRef<'a> {
    source: &'a [u8],
    vectors: &'a Vectors,
}

#[derive(Deserialize)]
struct Body<'a> {
    #[serde(borrow)]
    source: &'a [u8],
    vectors: Vectors,
}

pub(super) fn encode(seq_no: u64, version: u64, document: &Document) -> Vec<u8> {
    let source = lz4_flex::block::compress(&document.source);
    let mut record = vec![0; HEADER_BYTES];
    record[0] = VERSION;
    record[5..13].copy_from_slice(&seq_no.to_le_bytes());
    record[13..21].copy_from_slice(&version.to_le_bytes());
    record[21..25].copy_from_slice(&(document.source.len() as u32).to_le_bytes());
    let body = BodyRef {
        source: &source,
        vectors: &document.vectors,
    };
    let mut record = postcard::to_extend(&body, record).expect("a vector of bytes takes any body");
    let checksum = crc32fast::hash(&record[5..]);
    record[1..5].copy_from_slice(&checksum.to_le_bytes());
    record
}

/// Reads the seq_no and version of a record, without its checksum.
pub(super) fn header(record: &[u8]) -> Result<(u64, u64), String> {
    let header = record
        .get(..HEADER_BYTES)
        .ok_or("a record is shorter than its header")?;
    if header[0] != VERSION {
        return Err(format!(
            "a record has format {}, expected {VERSION}",
            header[0]
        ));
    }
    Ok((u64_at(header, 5), u64_at(header, 13)))
}

pub(super) fn decode(id: &str, record: &[u8]) -> Result<Stored, String> {
    let (seq_no, version) = header(record)?;
    let expected = u32_at(record, 1);
    let found = crc32fast::hash(&record[5..]);
    if expected != found {
        return Err(format!(
            "document {id} has checksum {found:08x}, expected {expected:08x}"
        ));
    }
    let body: Body<'_> = postcard::from_bytes(&record[HEADER_BYTES..])
        .map_err(|error| format!("document {id} cannot be read: {error}"))?;
    let length = u32_at(record, 21) as usize;
    if length > MAX_SOURCE_BYTES {
        return Err(format!("document {id} says that it is {length} bytes long"));
    }
    let source = lz4_flex::block::decompress(body.source, length)
        .map_err(|error| format!("document {id} cannot be decompressed: {error}"))?;
    let document = Document {
        source,
        vectors: body.vectors,
    };
    Ok(Stored {
        id: id.to_owned(),
        seq_no,
        version,
        document,
    })
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    let mut number = [0; 8];
    number.copy_from_slice(&bytes[at..at + 8]);
    u64::from_le_bytes(number)
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    let mut number = [0; 4];
    number.copy_from_slice(&bytes[at..at + 4]);
    u32::from_le_bytes(number)
}
