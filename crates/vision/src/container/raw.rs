//! Camera raw: values of a sensor, with the pictures that the camera made of them beside.
//!
//! Makers put at least one JPEG into such a file, most of them one of the sensor's full size. It is what the camera's
//! screen shows, and what is seen here. Sensor values are not developed.

mod canon;
mod lists;
mod preview;

use super::tiff::{Tiff, tag};
use super::{be32, part};
pub(crate) use canon::Cr3;
use preview::Previews;
pub(crate) use preview::{Found, Preview};

/// Where RAF keeps the place of its JPEG; its length follows.
const RAF_JPEG: usize = 84;

/// A kind of camera raw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Raw {
    /// What people call it.
    pub(crate) name: &'static str,
    /// How the file is built.
    pub(crate) layout: Layout,
}

/// How the file of a camera raw is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// As a TIFF, of one maker or another with another number in its header.
    Tiff,
    /// Fuji's: the places of its parts stand at the beginning.
    Raf,
    /// Canon's later one: ISO base media.
    Cr3,
}

impl Raw {
    /// The camera raw that a file is, as far as its bytes reach; none where it is another thing, or a raw whose
    /// pictures are not looked for.
    pub(crate) fn told(head: &[u8]) -> Option<Self> {
        /// Other numbers than TIFF's after the order of bytes, the lists the same.
        const HEADS: [(&[u8], &str); 4] = [
            (b"IIRO", "camera raw (Olympus ORF)"),
            (b"IIRS", "camera raw (Olympus ORF)"),
            (b"MMOR", "camera raw (Olympus ORF)"),
            (b"IIU\0", "camera raw (Panasonic RW2)"),
        ];
        let told = |name, layout| Some(Self { name, layout });
        if head.starts_with(b"FUJIFILMCCD-RAW") {
            return told("camera raw (Fuji RAF)", Layout::Raf);
        }
        if canon::is_cr3(head) {
            return told("camera raw (Canon CR3)", Layout::Cr3);
        }
        let by_head = HEADS.iter().find(|(start, _)| head.starts_with(start));
        let name = by_head.map(|(_, name)| *name);
        told(name.or_else(|| in_tiff(head))?, Layout::Tiff)
    }

    /// Finds the largest picture that can be shown.
    pub(crate) fn preview(self, bytes: &[u8]) -> Found<'_> {
        let mut previews = Previews::default();
        match self.layout {
            Layout::Tiff => lists::offer(bytes, &mut previews),
            Layout::Cr3 => Cr3::walk(bytes).offer(bytes, &mut previews),
            Layout::Raf => match be32(bytes, RAF_JPEG).zip(be32(bytes, RAF_JPEG + 4)) {
                Some((at, length)) => previews.offer(bytes, at.into(), length.into(), None),
                None => previews.cut(),
            },
        }
        previews.largest()
    }
}

/// The camera raw that a TIFF is, as far as the bytes reach. Its first page is then a preview at best, and more often
/// sensor values that would decode to noise.
fn in_tiff(bytes: &[u8]) -> Option<&'static str> {
    /// Compression 34713: Nikon NEF; 65000: Sony's and others' own; 32767: Sony ARW; 65535: Pentax PEF.
    const RAW_COMPRESSIONS: [u32; 4] = [34713, 32767, 65000, 65535];
    if !Tiff::is(bytes) {
        return None;
    }
    if part(bytes, 8, 2) == Some(b"CR") {
        return Some("camera raw (Canon CR2)");
    }
    let tiff = Tiff::walk(bytes)?;
    if tiff.has(tag::DNG_VERSION) {
        return Some("camera raw (DNG)");
    }
    let make = tiff.value(tag::MAKE).unwrap_or_default();
    let compression = tiff.number(tag::COMPRESSION);
    // The sensor's picture hangs below the first list, which no plain TIFF of these makers' programs has.
    let nested = tiff.has(tag::SUB_IFDS);
    let own = compression.is_some_and(|c| RAW_COMPRESSIONS.contains(&c));
    if !nested && !own {
        return None;
    }
    let maker = |name: &[u8]| make.to_ascii_uppercase().starts_with(name);
    if maker(b"NIKON") {
        Some("camera raw (Nikon NEF)")
    } else if maker(b"SONY") {
        Some("camera raw (Sony ARW)")
    } else if maker(b"PENTAX") || maker(b"RICOH") {
        Some("camera raw (Pentax PEF)")
    } else if maker(b"SAMSUNG") {
        Some("camera raw (Samsung SRW)")
    } else if maker(b"HASSELBLAD") {
        Some("camera raw (Hasselblad 3FR)")
    } else if own {
        Some("camera raw")
    } else {
        None
    }
}
