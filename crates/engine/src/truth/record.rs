//! How one document is stored.
//!
//! `version: u8 · crc32 of the rest: u32 · seq_no: u64 · version: u64 · length of the source: u32 · body`, all
//! little-endian. The body is postcard: the source compressed by LZ4, and the derived vectors; in version 2, which is
//! written where there is one, the routing before them.

use document::{Document, Stored, Vectors};
use serde::{Deserialize, Serialize};

/// The version of a record without a routing. Every version ever written stays readable.
const PLAIN: u8 = 1;
/// The version of a record with a routing.
const ROUTED: u8 = 2;
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
    record[0] = match document.routing {
        None => PLAIN,
        Some(_) => ROUTED,
    };
    record[5..13].copy_from_slice(&seq_no.to_le_bytes());
    record[13..21].copy_from_slice(&version.to_le_bytes());
    record[21..25].copy_from_slice(&(document.source.len() as u32).to_le_bytes());
    let body = BodyRef {
        source: &source,
        vectors: &document.vectors,
    };
    if let Some(routing) = &document.routing {
        record = postcard::to_extend(routing, record).expect("a vector of bytes takes any text");
    }
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
    if ![PLAIN, ROUTED].contains(&header[0]) {
        return Err(format!(
            "a record has format {}, expected {PLAIN} or {ROUTED}",
            header[0]
        ));
    }
    Ok((u64_at(header, 5), u64_at(header, 13)))
}

/// Reads a record's routing, and answers what follows it.
fn routing<'r>(id: &str, record: &'r [u8]) -> Result<(Option<String>, &'r [u8]), String> {
    let (start, rest) = record.split_at(HEADER_BYTES);
    if start.first() != Some(&ROUTED) {
        return Ok((None, rest));
    }
    postcard::take_from_bytes(rest)
        .map(|(routing, rest)| (Some(routing), rest))
        .map_err(|error| format!("document {id} cannot be read: {error}"))
}

/// Reads what a record says of its document, without the document itself and without its checksum.
pub(super) fn without_document(id: &str, record: &[u8]) -> Result<Stored, String> {
    let (seq_no, version) = header(record)?;
    let (routing, _) = routing(id, record)?;
    Ok(Stored {
        id: id.to_owned(),
        seq_no,
        version,
        document: Document {
            routing,
            ..Document::default()
        },
    })
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
    let (routing, body) = routing(id, record)?;
    let body: Body<'_> = postcard::from_bytes(body)
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
        routing,
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
