//! TIFF 6.0 and BigTIFF: a header that names the place of a list of tagged values.

use super::part;
use super::read::{be16, be32, be64, le16, le32, le64};

/// Entries of a list that are looked at.
const MAX_ENTRIES: u64 = 4096;
/// Numbers of one value that are looked at.
const MAX_NUMBERS: usize = 64;

/// Tags that are asked for.
pub(crate) mod tag {
    pub(crate) const WIDTH: u16 = 256;
    pub(crate) const HEIGHT: u16 = 257;
    pub(crate) const BITS: u16 = 258;
    pub(crate) const COMPRESSION: u16 = 259;
    pub(crate) const MAKE: u16 = 271;
    pub(crate) const STRIP_OFFSETS: u16 = 273;
    pub(crate) const ORIENTATION: u16 = 274;
    pub(crate) const SAMPLES: u16 = 277;
    pub(crate) const STRIP_BYTES: u16 = 279;
    pub(crate) const SUB_IFDS: u16 = 330;
    pub(crate) const JPEG_TABLES: u16 = 347;
    pub(crate) const JPEG_OFFSET: u16 = 513;
    pub(crate) const JPEG_BYTES: u16 = 514;
    pub(crate) const XMP: u16 = 700;
    pub(crate) const IPTC: u16 = 33723;
    pub(crate) const PHOTOSHOP: u16 = 34377;
    pub(crate) const EXIF: u16 = 34665;
    pub(crate) const MAKER_NOTE: u16 = 37500;
    pub(crate) const DNG_VERSION: u16 = 50706;
}

/// A list of values: the first, which describes the first page, or one that another names.
#[derive(Debug)]
pub(crate) struct Tiff<'a> {
    bytes: &'a [u8],
    little: bool,
    big: bool,
    place: u64,
    next: u64,
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

impl Entry {
    /// Bytes of one number, or whatever it is, of the value.
    fn unit(self) -> Option<usize> {
        match self.kind {
            1 | 2 | 6 | 7 => Some(1),
            3 | 8 => Some(2),
            4 | 9 | 11 | 13 => Some(4),
            5 | 10 | 12 | 16..=18 => Some(8),
            _ => None,
        }
    }
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
        let mut header = Self::without_header(bytes, bytes.starts_with(b"II"));
        header.big = header.u16(2)? == 43;
        let first = if header.big {
            header.u64(8)?
        } else {
            u64::from(header.u32(4)?)
        };
        header.list(first)
    }

    /// Lists in bytes that have no header, by which others are read; it has no entries itself.
    pub(crate) fn without_header(bytes: &'a [u8], little: bool) -> Self {
        Self {
            bytes,
            little,
            big: false,
            place: 0,
            next: 0,
            entries: Vec::new(),
        }
    }

    /// Reads the list at a place of the same bytes; none when they do not reach it.
    pub(crate) fn list(&self, place: u64) -> Option<Self> {
        let mut tiff = Self {
            big: self.big,
            place,
            ..Self::without_header(self.bytes, self.little)
        };
        let list = usize::try_from(place).ok()?;
        let (count, first, step) = if tiff.big {
            (tiff.u64(list)?, 8, 20)
        } else {
            (u64::from(tiff.u16(list)?), 2, 12)
        };
        let mut at = list.checked_add(first)?;
        for _ in 0..count.min(MAX_ENTRIES) {
            let Some(entry) = tiff.entry(at) else {
                return Some(tiff);
            };
            tiff.entries.push(entry);
            at = at.checked_add(step)?;
        }
        if count <= MAX_ENTRIES {
            let next = if tiff.big {
                tiff.u64(at)
            } else {
                tiff.u32(at).map(u64::from)
            };
            tiff.next = next.unwrap_or_default();
        }
        Some(tiff)
    }

    /// Where the list stands.
    pub(crate) fn place(&self) -> u64 {
        self.place
    }

    /// Where the list after this one stands; 0 after the last.
    pub(crate) fn next(&self) -> u64 {
        self.next
    }

    /// How the picture has to be turned, as EXIF numbers it; none where the list does not say so.
    pub(crate) fn orientation(&self) -> Option<u8> {
        u8::try_from(self.number(tag::ORIENTATION)?)
            .ok()
            .filter(|orientation| (1..=8).contains(orientation))
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
        let (at, length) = self.place_of(tag)?;
        part(self.bytes, at, length)
    }

    /// Where the bytes of a tag's value stand and how many they are, whether or not they are there.
    pub(crate) fn place_of(&self, tag: u16) -> Option<(usize, usize)> {
        let entry = self.find(tag)?;
        let length = usize::try_from(entry.count.checked_mul(entry.unit()? as u64)?).ok()?;
        let inline = if self.big { 8 } else { 4 };
        let at = if length <= inline {
            entry.at
        } else if self.big {
            usize::try_from(self.u64(entry.at)?).ok()?
        } else {
            usize::try_from(self.u32(entry.at)?).ok()?
        };
        Some((at, length))
    }

    /// The first number of a tag's value.
    pub(crate) fn number(&self, tag: u16) -> Option<u32> {
        self.numbers(tag).next()?.try_into().ok()
    }

    /// The only number of a tag's value; none where there are more.
    pub(crate) fn only_number(&self, tag: u16) -> Option<u64> {
        let mut numbers = self.numbers(tag);
        numbers.next().filter(|_| numbers.next().is_none())
    }

    /// The numbers of a tag's value, the first of them where they are very many.
    pub(crate) fn numbers(&self, tag: u16) -> impl Iterator<Item = u64> {
        let entry = self.find(tag);
        let kind = entry.map_or(0, |entry| entry.kind);
        let unit = entry.and_then(Entry::unit).unwrap_or(1);
        let little = self.little;
        self.value(tag)
            .unwrap_or_default()
            .chunks_exact(unit)
            .take(MAX_NUMBERS)
            .map_while(move |value| match kind {
                1 => value.first().copied().map(u64::from),
                3 if little => le16(value, 0).map(u64::from),
                3 => be16(value, 0).map(u64::from),
                4 | 13 if little => le32(value, 0).map(u64::from),
                4 | 13 => be32(value, 0).map(u64::from),
                16 | 18 if little => le64(value, 0),
                16 | 18 => be64(value, 0),
                _ => None,
            })
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
