//! What a file says of itself, out of EXIF, IPTC and XMP.
//!
//! Nothing here fails: a block, a field or a value that is malformed is left out, and the rest is kept.

mod exif;
mod iptc;
mod text;
mod xmp;

use crate::container::gif::Gif;
use crate::container::jpeg;
use crate::container::png::Png;
use crate::container::tiff::{Tiff, tag};
use crate::container::webp::Webp;
use crate::features::{Metadata, Words};
use crate::format::Format;
use std::borrow::Cow;

/// Blocks of metadata in a file.
#[derive(Default)]
struct Blocks<'a> {
    /// From its TIFF header on.
    exif: Option<&'a [u8]>,
    xmp: Option<&'a [u8]>,
    /// IIM records.
    iptc: Option<Cow<'a, [u8]>>,
}

/// Reads the metadata of a file.
pub(crate) fn read(bytes: &[u8], format: Format) -> Metadata {
    let blocks = blocks(bytes, format);
    let mut metadata = blocks.exif.map(exif::read).unwrap_or_default();
    let xmp = blocks.xmp.map(xmp::read).unwrap_or_default();
    let iptc = blocks.iptc.as_deref().map(iptc::read).unwrap_or_default();
    metadata.words = Words {
        title: xmp.title.or(iptc.title),
        caption: xmp.caption.or(iptc.caption),
        keywords: if xmp.keywords.is_empty() {
            iptc.keywords
        } else {
            xmp.keywords
        },
        rating: xmp.rating,
    };
    metadata
}

fn blocks(bytes: &[u8], format: Format) -> Blocks<'_> {
    match format {
        Format::Jpeg => {
            let head = jpeg::Head::walk(bytes);
            let iptc = iptc::in_photoshop(&head.photoshop).map(|iim| Cow::Owned(iim.to_vec()));
            Blocks {
                exif: head.exif,
                xmp: head.xmp,
                iptc,
            }
        }
        Format::Png => {
            let png = Png::walk(bytes);
            Blocks {
                exif: png.exif,
                xmp: png.xmp,
                iptc: None,
            }
        }
        Format::Webp => {
            let webp = Webp::walk(bytes);
            Blocks {
                exif: webp.exif,
                xmp: webp.xmp,
                iptc: None,
            }
        }
        Format::Gif => Blocks {
            xmp: Gif::walk(bytes).xmp,
            ..Blocks::default()
        },
        Format::Tiff => {
            let value = |tag| Tiff::walk(bytes)?.value(tag);
            let photoshop = || iptc::in_photoshop(value(tag::PHOTOSHOP)?);
            Blocks {
                exif: Some(bytes),
                xmp: value(tag::XMP),
                iptc: value(tag::IPTC).or_else(photoshop).map(Cow::Borrowed),
            }
        }
        Format::Bmp => Blocks::default(),
    }
}
