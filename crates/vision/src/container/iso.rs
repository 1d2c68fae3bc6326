//! ISO base media (ISO/IEC 14496-12): boxes of a length, a kind and a body, inside one another.

use super::read::{be64, part};
use super::{be16, be32};

/// Boxes beside one another that are looked at.
const MAX_BOXES: usize = 4096;

/// A box.
#[derive(Debug, Clone, Copy)]
pub(super) struct IsoBox<'a> {
    pub(super) kind: [u8; 4],
    /// What follows its length and kind, as far as it is there.
    pub(super) body: &'a [u8],
    /// Whether all of it is there.
    pub(super) whole: bool,
}

/// The boxes beside one another.
pub(super) fn boxes(bytes: &[u8]) -> impl Iterator<Item = IsoBox<'_>> {
    let mut rest = bytes;
    let next = move || {
        let kind = *rest.get(4..8)?.first_chunk()?;
        let (length, head) = match be32(rest, 0)? {
            0 => (rest.len() as u64, 8),
            1 => (be64(rest, 8)?, 16),
            length => (u64::from(length), 8),
        };
        let there = usize::try_from(length)
            .unwrap_or(usize::MAX)
            .min(rest.len());
        let body = rest.get(head..there)?;
        let whole = there as u64 == length;
        rest = rest.get(there..)?;
        Some(IsoBox { kind, body, whole })
    };
    std::iter::from_fn(next).take(MAX_BOXES)
}

/// Follows boxes, each in the one before, to the last.
pub(super) fn inside<'a>(bytes: &'a [u8], path: &[&[u8; 4]]) -> Option<&'a [u8]> {
    path.iter().try_fold(bytes, |bytes, kind| {
        Some(boxes(bytes).find(|one| one.kind == **kind)?.body)
    })
}

/// Place and length of the first sample of a track.
pub(super) fn first_sample(track: &[u8]) -> Option<(u64, u64)> {
    let table = inside(track, &[b"mdia", b"minf", b"stbl"])?;
    let sizes = inside(table, &[b"stsz"])?;
    // A length for all samples, or 0 and one for each.
    let length = match be32(sizes, 4)? {
        0 => be32(sizes, 12)?,
        length => length,
    };
    let at = match inside(table, &[b"co64"]) {
        Some(places) => be64(places, 8)?,
        None => u64::from(be32(inside(table, &[b"stco"])?, 8)?),
    };
    Some((at, length.into()))
}

/// Numbers of several lengths, one after another, the most significant byte first.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    /// Reads from the start of `bytes`.
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// What was not read yet.
    pub(super) fn rest(self) -> &'a [u8] {
        self.rest
    }

    pub(super) fn bytes(&mut self, length: usize) -> Option<&'a [u8]> {
        let bytes = part(self.rest, 0, length)?;
        self.rest = self.rest.get(length..)?;
        Some(bytes)
    }

    pub(super) fn u8(&mut self) -> Option<u8> {
        self.bytes(1)?.first().copied()
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        be16(self.bytes(2)?, 0)
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        be32(self.bytes(4)?, 0)
    }

    /// A number of 0, 4 or 8 bytes; one of none is 0.
    pub(super) fn sized(&mut self, length: u8) -> Option<u64> {
        match length {
            0 => Some(0),
            4 => self.u32().map(u64::from),
            8 => be64(self.bytes(8)?, 0),
            _ => None,
        }
    }

    /// A number of 16 bits, or of 32 where it is `wide`.
    pub(super) fn id(&mut self, wide: bool) -> Option<u32> {
        if wide {
            self.u32()
        } else {
            self.u16().map(u32::from)
        }
    }
}
