//! WebP (RFC 9649): a RIFF file whose chunks are a lossy or lossless picture, or an extended header and more.

use super::part;
use super::read::{le16, le24, le32};

/// What the chunks say.
#[derive(Debug, Default)]
pub(crate) struct Webp<'a> {
    /// Size of the canvas.
    pub(crate) size: Option<(u32, u32)>,
    /// Whether a picture is lossless, which takes more memory to decode.
    pub(crate) lossless: bool,
    /// Whether the extended header announces transparency.
    pub(crate) alpha: bool,
    /// Frames of an animation; 0 without one.
    pub(crate) frames: u32,
    /// EXIF block, from its TIFF header on.
    pub(crate) exif: Option<&'a [u8]>,
    /// XMP packet.
    pub(crate) xmp: Option<&'a [u8]>,
    /// Whether the file is as long as it says.
    pub(crate) ended: bool,
    /// Whether the first picture is as long as it says.
    pub(crate) picture_ended: bool,
}

impl<'a> Webp<'a> {
    /// Walks the chunks from the start.
    pub(crate) fn walk(bytes: &'a [u8]) -> Self {
        let mut webp = Self::default();
        let announced = le32(bytes, 4).and_then(|n| usize::try_from(n).ok());
        webp.ended = announced.is_some_and(|n| n <= bytes.len().saturating_sub(8));
        let mut at = 12;
        while let (Some(kind), Some(length)) = (part(bytes, at, 4), le32(bytes, at + 4)) {
            let rest = bytes.get(at + 8..).unwrap_or_default();
            let Ok(length) = usize::try_from(length) else {
                break;
            };
            // A picture's head is also read where its chunk is cut short.
            let whole = rest.get(..length);
            let is_picture = matches!(kind, b"VP8 " | b"VP8L" | b"ANMF");
            webp.picture_ended |= is_picture && whole.is_some();
            webp.take(kind, whole.unwrap_or(rest));
            let Some(next) = at.checked_add(8 + length + length % 2) else {
                break;
            };
            at = next;
        }
        webp
    }

    fn take(&mut self, kind: &[u8], data: &'a [u8]) {
        match kind {
            b"VP8X" => {
                self.alpha = data.first().is_some_and(|flags| flags & 0x10 != 0);
                let less_one = le24(data, 4).zip(le24(data, 7));
                self.size = less_one.map(|(width, height)| (width + 1, height + 1));
            }
            b"VP8 " => {
                self.size = self.size.or_else(|| lossy_size(data));
            }
            b"VP8L" => {
                self.lossless = true;
                self.size = self.size.or_else(|| lossless_size(data));
            }
            b"ANMF" => self.frames = self.frames.saturating_add(1),
            b"EXIF" => {
                let tiff = data.strip_prefix(b"Exif\0\0").unwrap_or(data);
                self.exif.get_or_insert(tiff);
            }
            b"XMP " => {
                self.xmp.get_or_insert(data);
            }
            _ => {}
        }
    }
}

/// Size in a key frame's header (RFC 6386, section 9.1): 14 bits each, under two bits of scale.
fn lossy_size(data: &[u8]) -> Option<(u32, u32)> {
    let signature = part(data, 3, 3)?;
    (signature == [0x9D, 0x01, 0x2A]).then_some(())?;
    let side = |at| le16(data, at).map(|side| u32::from(side & 0x3FFF));
    side(6).zip(side(8))
}

/// Size in a lossless header: two numbers of 14 bits, each one less than it means.
fn lossless_size(data: &[u8]) -> Option<(u32, u32)> {
    (*data.first()? == 0x2F).then_some(())?;
    let bits = le32(data, 1)?;
    Some(((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1))
}
