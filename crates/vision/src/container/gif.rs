//! GIF89a: a screen, then images and extensions whose data come in blocks of at most 255 bytes.

use super::part;
use super::read::le16;

/// Blocks are no longer followed after so many images: more than one is all that is asked.
const MAX_FRAMES: u32 = 2;

/// What the blocks say.
#[derive(Debug, Default)]
pub(crate) struct Gif<'a> {
    /// Size of the screen.
    pub(crate) size: Option<(u32, u32)>,
    /// Images, counted to two.
    pub(crate) frames: u32,
    /// XMP packet, with the bytes that Adobe's trick puts after it left out.
    pub(crate) xmp: Option<&'a [u8]>,
    /// Whether the blocks could be followed to the second image or to the end.
    pub(crate) ended: bool,
}

impl<'a> Gif<'a> {
    /// Walks the blocks from the start.
    pub(crate) fn walk(bytes: &'a [u8]) -> Self {
        let mut gif = Self::default();
        let side = |at| le16(bytes, at).map(u32::from);
        gif.size = side(6).zip(side(8));
        let _ = gif.blocks(bytes);
        gif
    }

    fn blocks(&mut self, bytes: &'a [u8]) -> Option<()> {
        let mut at = 13 + color_table_length(*bytes.get(10)?);
        loop {
            match *bytes.get(at)? {
                0x2C => {
                    let table = color_table_length(*bytes.get(at + 9)?);
                    // The table of colours is followed by the least code length.
                    at = blocks_end(bytes, at + 10 + table + 1)?;
                    self.frames += 1;
                    if self.frames == MAX_FRAMES {
                        self.ended = true;
                        return Some(());
                    }
                }
                0x21 => {
                    if bytes.get(at + 1) == Some(&0xFF)
                        && part(bytes, at + 2, 12) == Some(b"\x0BXMP DataXMP")
                    {
                        at = self.xmp_block(bytes, at + 14)?;
                    } else {
                        at = blocks_end(bytes, at + 2)?;
                    }
                }
                0x3B => {
                    self.ended = true;
                    return Some(());
                }
                _ => return None,
            }
        }
    }

    /// Takes the packet at `at` and returns the place after its block. The packet is not cut into blocks; 258 bytes
    /// after it lead a reader that takes it for blocks to the end (XMP specification, part 3, section 1.1.2).
    fn xmp_block(&mut self, bytes: &'a [u8], at: usize) -> Option<usize> {
        let end = blocks_end(bytes, at)?;
        self.xmp = part(bytes, at, end.checked_sub(at + 258)?);
        Some(end)
    }
}

fn color_table_length(flags: u8) -> usize {
    if flags & 0x80 == 0 {
        return 0;
    }
    3 << ((flags & 7) + 1)
}

/// The place after the empty block that ends the blocks from `at` on.
fn blocks_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let length = usize::from(*bytes.get(at)?);
        at += 1 + length;
        if length == 0 {
            return Some(at);
        }
    }
}
