//! What a file says of itself, out of EXIF, IPTC and XMP.
//!
//! Nothing here fails: a block, a field or a value that is malformed is left out, and the rest is kept.

mod exif;
mod iptc;
mod text;
mod xmp;

use crate::container::gif::Gif;
use crate::container::heif::Heif;
use crate::container::jpeg;
use crate::container::png::Png;
use crate::container::raw::{Cr3, Found, Layout, Raw};
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
    /// The list of EXIF by itself, from a TIFF header of its own on.
    exif_list: Option<&'a [u8]>,
    /// The list of places by itself, from a TIFF header of its own on.
    gps_list: Option<&'a [u8]>,
    xmp: Option<&'a [u8]>,
    /// IIM records.
    iptc: Option<Cow<'a, [u8]>>,
}

/// Reads the metadata of a file.
pub(crate) fn read(bytes: &[u8], format: Format) -> Metadata {
    let blocks = blocks(bytes, format);
    let mut metadata = exif::read(blocks.exif, blocks.exif_list, blocks.gps_list);
    if matches!(format, Format::Heic | Format::Avif) {
        let heif = Heif::walk(bytes);
        // What EXIF says of it is a note there, and turning twice would be wrong.
        metadata.orientation = heif.primary().map_or(1, |id| heif.orientation(id));
    } else if format == Format::Raw {
        // It is the preview that is turned; what it says of itself holds before what the raw says.
        metadata.orientation = preview_orientation(bytes).unwrap_or(1);
    }
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
                ..Blocks::default()
            }
        }
        Format::Png => {
            let png = Png::walk(bytes);
            Blocks {
                exif: png.exif,
                xmp: png.xmp,
                ..Blocks::default()
            }
        }
        Format::Webp => {
            let webp = Webp::walk(bytes);
            Blocks {
                exif: webp.exif,
                xmp: webp.xmp,
                ..Blocks::default()
            }
        }
        Format::Gif => Blocks {
            xmp: Gif::walk(bytes).xmp,
            ..Blocks::default()
        },
        Format::Heic | Format::Avif => {
            let heif = Heif::walk(bytes);
            Blocks {
                exif: heif.exif(),
                xmp: heif.xmp(),
                ..Blocks::default()
            }
        }
        Format::Tiff => in_tiff(bytes),
        Format::Raw => in_raw(bytes).unwrap_or_default(),
        Format::Bmp => Blocks::default(),
    }
}

fn in_tiff(bytes: &[u8]) -> Blocks<'_> {
    let value = |tag| Tiff::walk(bytes)?.value(tag);
    let photoshop = || iptc::in_photoshop(value(tag::PHOTOSHOP)?);
    Blocks {
        exif: Some(bytes),
        xmp: value(tag::XMP),
        iptc: value(tag::IPTC).or_else(photoshop).map(Cow::Borrowed),
        ..Blocks::default()
    }
}

fn in_raw(bytes: &[u8]) -> Option<Blocks<'_>> {
    let raw = Raw::told(bytes)?;
    Some(match raw.layout {
        Layout::Tiff => in_tiff(bytes),
        Layout::Cr3 => {
            let cr3 = Cr3::walk(bytes);
            Blocks {
                exif: cr3.main,
                exif_list: cr3.exif,
                gps_list: cr3.gps,
                xmp: cr3.xmp,
                iptc: None,
            }
        }
        // Fuji says everything in the JPEG.
        Layout::Raf => match raw.preview(bytes) {
            Found::Preview(preview) => blocks(preview.jpeg, Format::Jpeg),
            Found::Cut | Found::Nothing => return None,
        },
    })
}

fn preview_orientation(bytes: &[u8]) -> Option<u8> {
    match Raw::told(bytes)?.preview(bytes) {
        Found::Preview(preview) => preview.orientation,
        Found::Cut | Found::Nothing => None,
    }
}
