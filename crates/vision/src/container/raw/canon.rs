//! Canon CR3: ISO base media (ISO/IEC 14496-12), in which boxes of Canon's hold lists of a TIFF and JPEGs.

use super::preview::Previews;
use crate::container::iso::{boxes, first_sample};
use crate::container::tiff::Tiff;
use crate::container::{be32, part};

/// Tracks that are looked at. Canon writes one of a JPEG and four at most of other things.
const MAX_TRACKS: usize = 16;
/// Where the JPEG begins in a box of a preview or a thumbnail.
const JPEG_IN_BOX: u64 = 16;

const CANON: &[u8] = b"\x85\xC0\xB6\x87\x82\x0F\x11\xE0\x81\x11\xF4\xCE\x46\x2B\x6A\x48";
const PREVIEW: &[u8] = b"\xEA\xF4\x2B\x5E\x1C\x98\x4B\x88\xB9\xFB\xB7\xDC\x40\x6E\x4D\x16";
const XMP: &[u8] = b"\xBE\x7A\xCF\xCB\x97\xA9\x42\xE8\x9C\x71\x99\x94\x91\xE3\xAF\xAC";

/// Whether a file begins as a CR3 does.
pub(super) fn is_cr3(head: &[u8]) -> bool {
    part(head, 4, 8) == Some(b"ftypcrx ")
}

/// What a CR3 holds. Each list begins with a TIFF header of its own.
#[derive(Debug, Default)]
pub(crate) struct Cr3<'a> {
    /// The first list of a TIFF: maker, model, orientation.
    pub(crate) main: Option<&'a [u8]>,
    /// The list of EXIF.
    pub(crate) exif: Option<&'a [u8]>,
    /// The list of places.
    pub(crate) gps: Option<&'a [u8]>,
    /// XMP packet.
    pub(crate) xmp: Option<&'a [u8]>,
    /// Boxes with a JPEG, and where in them its length stands.
    pictures: Vec<(&'a [u8], usize)>,
    /// Place and length of the first sample of each track.
    tracks: Vec<(u64, u64)>,
    /// Whether the box that says where everything is, and those of previews as far as they are met, are all there.
    whole: bool,
}

impl<'a> Cr3<'a> {
    /// Walks the boxes of a file, whole or cut short.
    pub(crate) fn walk(bytes: &'a [u8]) -> Self {
        let mut found = Self::default();
        for one in boxes(bytes) {
            match &one.kind {
                b"moov" => {
                    found.whole = one.whole;
                    found.movie(one.body);
                }
                b"uuid" => {
                    found.whole &= one.whole;
                    found.own(one.body);
                }
                _ => {}
            }
        }
        found
    }

    fn movie(&mut self, body: &'a [u8]) {
        for one in boxes(body) {
            match &one.kind {
                b"uuid" => self.own(one.body),
                b"trak" if self.tracks.len() < MAX_TRACKS => {
                    self.tracks.extend(first_sample(one.body));
                }
                _ => {}
            }
        }
    }

    /// Takes a box of Canon's or Adobe's own kinds.
    fn own(&mut self, body: &'a [u8]) {
        if let Some(rest) = body.strip_prefix(CANON) {
            self.boxes_of_canon(rest);
        } else if let Some(rest) = body.strip_prefix(PREVIEW) {
            // Eight bytes that count the one box.
            self.boxes_of_canon(rest.get(8..).unwrap_or_default());
        } else if let Some(rest) = body.strip_prefix(XMP) {
            self.xmp.get_or_insert(rest);
        }
    }

    fn boxes_of_canon(&mut self, bytes: &'a [u8]) {
        for one in boxes(bytes) {
            match &one.kind {
                b"CMT1" => self.main = Some(one.body),
                b"CMT2" => self.exif = Some(one.body),
                b"CMT4" => self.gps = Some(one.body),
                b"PRVW" => self.pictures.push((one.body, 12)),
                b"THMB" => self.pictures.push((one.body, 8)),
                _ => {}
            }
        }
    }

    /// Offers the JPEGs: one of the sensor's full size as the first track, a smaller one and a thumbnail in boxes.
    pub(super) fn offer(&self, bytes: &'a [u8], previews: &mut Previews<'a>) {
        if !self.whole {
            previews.larger_cut();
        }
        let orientation = self
            .main
            .and_then(Tiff::walk)
            .and_then(|list| list.orientation());
        for (at, length) in &self.tracks {
            previews.offer(bytes, *at, *length, orientation);
        }
        for (body, length_at) in &self.pictures {
            match be32(body, *length_at) {
                Some(length) => previews.offer(body, JPEG_IN_BOX, length.into(), orientation),
                None => previews.cut(),
            }
        }
    }
}
