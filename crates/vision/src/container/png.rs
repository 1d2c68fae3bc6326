//! PNG (W3C, third edition): chunks of length, type, data and checksum after an eight-byte signature.

use super::{be32, part};

/// What the chunks say.
#[derive(Debug, Default)]
pub(crate) struct Png<'a> {
    /// Size as stored.
    pub(crate) size: Option<(u32, u32)>,
    /// Bits in a sample.
    pub(crate) depth: u8,
    /// Colour type: 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha.
    pub(crate) color: u8,
    /// Whether a chunk gives a colour or palette entries as transparent.
    pub(crate) transparency: bool,
    /// Frames of an animation; 0 or 1 without one.
    pub(crate) frames: u32,
    /// Whether the picture that programs without animation show is none of its frames.
    pub(crate) apart: bool,
    /// Whether the data of a frame were met, other than those of that picture.
    pub(crate) frame_met: bool,
    /// Whether the first frame was announced.
    frame_announced: bool,
    /// EXIF block, from its TIFF header on.
    pub(crate) exif: Option<&'a [u8]>,
    /// XMP packet, where it is not compressed.
    pub(crate) xmp: Option<&'a [u8]>,
    /// Whether the last chunk is there.
    pub(crate) ended: bool,
}

impl<'a> Png<'a> {
    /// Walks the chunks from the start.
    pub(crate) fn walk(bytes: &'a [u8]) -> Self {
        let mut png = Self::default();
        let mut at = 8;
        while let (Some(length), Some(kind)) = (be32(bytes, at), part(bytes, at + 4, 4)) {
            let Ok(length) = usize::try_from(length) else {
                break;
            };
            let Some(data) = part(bytes, at + 8, length) else {
                break;
            };
            png.take(kind, data);
            at += 12 + length;
            if kind == b"IEND" {
                png.ended = true;
                break;
            }
        }
        png
    }

    fn take(&mut self, kind: &[u8], data: &'a [u8]) {
        match kind {
            b"IHDR" if self.size.is_none() => {
                self.size = be32(data, 0).zip(be32(data, 4));
                self.depth = data.get(8).copied().unwrap_or_default();
                self.color = data.get(9).copied().unwrap_or_default();
            }
            b"acTL" => self.frames = be32(data, 0).unwrap_or_default(),
            b"fcTL" => self.frame_announced = true,
            b"fdAT" => self.frame_met = true,
            b"IDAT" => self.apart |= self.frames > 0 && !self.frame_announced,
            b"tRNS" => self.transparency = true,
            b"eXIf" => {
                // Some writers keep JPEG's prefix, which the PNG specification leaves out.
                let tiff = data.strip_prefix(b"Exif\0\0").unwrap_or(data);
                self.exif.get_or_insert(tiff);
            }
            b"iTXt" => {
                if let Some(packet) = xmp(data) {
                    self.xmp.get_or_insert(packet);
                }
            }
            _ => {}
        }
    }
}

/// The text of an `iTXt` chunk that holds XMP. The XMP specification forbids compressing it.
fn xmp(data: &[u8]) -> Option<&[u8]> {
    let rest = data.strip_prefix(b"XML:com.adobe.xmp\0")?;
    let (compression, rest) = rest.split_first()?;
    // The method, the language and the translated keyword come before the text.
    let mut fields = rest.get(1..)?.splitn(3, |b| *b == 0);
    let (_language, _keyword) = (fields.next()?, fields.next()?);
    (*compression == 0).then(|| fields.next()).flatten()
}
