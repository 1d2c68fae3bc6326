//! BMP: a file header of 14 bytes and an information header, whose length says its version.

use super::read::{le16, le32};

/// Lengths of the information headers that exist.
const HEADERS: [u32; 7] = [12, 40, 52, 56, 64, 108, 124];

/// What the headers say.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Bmp {
    /// Size as stored; rows may be stored from the bottom up.
    pub(crate) size: (u32, u32),
}

impl Bmp {
    /// Whether the bytes begin as a BMP does. Its two letters alone would take any text that begins with them.
    pub(crate) fn is(bytes: &[u8]) -> bool {
        bytes.starts_with(b"BM") && le32(bytes, 14).is_some_and(|header| HEADERS.contains(&header))
    }

    /// Reads the headers.
    pub(crate) fn walk(bytes: &[u8]) -> Option<Self> {
        let size = if le32(bytes, 14)? == 12 {
            (u32::from(le16(bytes, 18)?), u32::from(le16(bytes, 20)?))
        } else {
            // Sides are signed; a negative height means rows from the top down.
            let side = |at| le32(bytes, at).map(|side| side.cast_signed().unsigned_abs());
            (side(18)?, side(22)?)
        };
        Some(Self { size })
    }
}
