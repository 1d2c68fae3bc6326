//! TIFF 6.0 and BigTIFF: a header that names the place of a list of tagged values.

use super::part;
use super::read::{be16, be32, be64, le16, le32, le64};

/// Entries of a list that are looked at.
const MAX_ENTRIES: u64 = 4096;

/// Tags that are asked for.
pub(crate) mod tag {
    pub(crate) const WIDTH: u16 = 256;
    pub(crate) const HEIGHT: u16 = 257;
    pub(crate) const BITS: u16 = 258;
    pub(crate) const COMPRESSION: u16 = 259;
    pub(crate) const MAKE: u16 = 271;
    pub(crate) const SAMPLES: u16 = 277;
    pub(crate) const SUB_IFDS: u16 = 330;
    pub(crate) const XMP: u16 = 700;
    pub(crate) const IPTC: u16 = 33723;
    pub(crate) const PHOTOSHOP: u16 = 34377;
    pub(crate) const DNG_VERSION: u16 = 50706;
}

/// The first list of values, which describes the first page.
#[derive(Debug)]
pub(crate) struct Tiff<'a> {
    bytes: &'a [u8],
    little: bool,
    big: bool,
    entries: Vec<Entry>,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    tag: u16,
    kind: u16,
    count: u64,
    /// Where the value or the offset to it is kept.
    at: usize,
}

impl<'a> Tiff<'a> {
    /// Whether the bytes begin as a TIFF or a BigTIFF does.
    pub(crate) fn is(bytes: &[u8]) -> bool {
        [b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"]
            .iter()
            .any(|head| bytes.starts_with(*head))
    }

    /// Reads the first list; none when the bytes do not reach it.
    pub(crate) fn walk(bytes: &'a [u8]) -> Option<Self> {
        let little = bytes.starts_with(b"II");
        let mut tiff = Self {
            bytes,
            little,
            big: false,
            entries: Vec::new(),
        };
        tiff.big = tiff.u16(2)? == 43;
        let (list, count, first, step) = if tiff.big {
            let list = usize::try_from(tiff.u64(8)?).ok()?;
            (list, tiff.u64(list)?, 8, 20)
        } else {
            let list = usize::try_from(tiff.u32(4)?).ok()?;
            (list, u64::from(tiff.u16(list)?), 2, 12)
        };
        let mut at = list.checked_add(first)?;
        for _ in 0..count.min(MAX_ENTRIES) {
            let Some(entry) = tiff.entry(at) else {
                break;
            };
            tiff.entries.push(entry);
            at = at.checked_add(step)?;
        }
        Some(tiff)
    }

    fn entry(&self, at: usize) -> Option<Entry> {
        let (count, value) = if self.big {
            (self.u64(at.checked_add(4)?)?, at.checked_add(12)?)
        } else {
            (u64::from(self.u32(at.checked_add(4)?)?), at.checked_add(8)?)
        };
        Some(Entry {
            tag: self.u16(at)?,
            kind: self.u16(at.checked_add(2)?)?,
            count,
            at: value,
        })
    }

    /// Whether the list has a tag.
    pub(crate) fn has(&self, tag: u16) -> bool {
        self.find(tag).is_some()
    }

    /// The bytes of a tag's value.
    pub(crate) fn value(&self, tag: u16) -> Option<&'a [u8]> {
        let entry = self.find(tag)?;
        let unit: u64 = match entry.kind {
            1 | 2 | 6 | 7 => 1,
            3 | 8 => 2,
            4 | 9 | 11 | 13 => 4,
            5 | 10 | 12 | 16..=18 => 8,
            _ => return None,
        };
        let length = usize::try_from(entry.count.checked_mul(unit)?).ok()?;
        let inline = if self.big { 8 } else { 4 };
        let at = if length <= inline {
            entry.at
        } else if self.big {
            usize::try_from(self.u64(entry.at)?).ok()?
        } else {
            usize::try_from(self.u32(entry.at)?).ok()?
        };
        part(self.bytes, at, length)
    }

    /// The first number of a tag's value.
    pub(crate) fn number(&self, tag: u16) -> Option<u32> {
        let entry = self.find(tag)?;
        let value = self.value(tag)?;
        match entry.kind {
            1 => value.first().copied().map(u32::from),
            3 if self.little => le16(value, 0).map(u32::from),
            3 => be16(value, 0).map(u32::from),
            4 | 13 if self.little => le32(value, 0),
            4 | 13 => be32(value, 0),
            16 if self.little => le64(value, 0)?.try_into().ok(),
            16 => be64(value, 0)?.try_into().ok(),
            _ => None,
        }
    }

    fn find(&self, tag: u16) -> Option<Entry> {
        self.entries.iter().copied().find(|entry| entry.tag == tag)
    }

    fn u16(&self, at: usize) -> Option<u16> {
        if self.little {
            le16(self.bytes, at)
        } else {
            be16(self.bytes, at)
        }
    }

    fn u32(&self, at: usize) -> Option<u32> {
        if self.little {
            le32(self.bytes, at)
        } else {
            be32(self.bytes, at)
        }
    }

    fn u64(&self, at: usize) -> Option<u64> {
        if self.little {
            le64(self.bytes, at)
        } else {
            be64(self.bytes, at)
        }
    }
}
