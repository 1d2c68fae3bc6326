//! Pictures that the lists of a TIFF name.

use super::preview::Previews;
use crate::container::tiff::{Tiff, tag};
use std::collections::VecDeque;

/// Lists of one file that are looked at. Cameras write ten at most.
const MAX_LISTS: usize = 64;
/// How far below the first list another may hang.
const MAX_DEPTH: u32 = 3;
/// JPEG as TIFF 6.0 and as its later note have it.
const JPEG_COMPRESSIONS: [u32; 2] = [6, 7];
/// Panasonic's: the bytes of a JPEG as a value of the first list.
const JPG_FROM_RAW: u16 = 0x2E;

/// Offers the pictures of every list: the chain of the first, what hangs below, and Olympus's own.
pub(super) fn offer<'a>(bytes: &'a [u8], previews: &mut Previews<'a>) {
    let Some(first) = Tiff::walk(bytes) else {
        previews.cut();
        return;
    };
    let orientation = first.orientation();
    if let Some((at, length)) = first.place_of(JPG_FROM_RAW) {
        previews.offer(bytes, at as u64, length as u64, orientation);
    }
    olympus(bytes, &first, previews);
    let mut known = vec![first.place()];
    let mut waiting = VecDeque::from([(first.place(), 0)]);
    while let Some((place, depth)) = waiting.pop_front() {
        let Some(list) = first.list(place) else {
            previews.cut();
            continue;
        };
        in_list(bytes, &list, list.orientation().or(orientation), previews);
        let below = list.numbers(tag::SUB_IFDS).map(|place| (place, depth + 1));
        for (place, depth) in below.chain([(list.next(), depth)]) {
            // A list that was met before is not met again, so that no circle is walked.
            if place > 0 && depth <= MAX_DEPTH && known.len() < MAX_LISTS && !known.contains(&place)
            {
                known.push(place);
                waiting.push_back((place, depth));
            }
        }
    }
}

/// Offers the pictures that one list describes: a JPEG by its place, and the only strip of a page.
fn in_list<'a>(
    bytes: &'a [u8],
    list: &Tiff<'a>,
    orientation: Option<u8>,
    previews: &mut Previews<'a>,
) {
    let pair = |at, length| list.only_number(at).zip(list.only_number(length));
    if let Some((at, length)) = pair(tag::JPEG_OFFSET, tag::JPEG_BYTES) {
        previews.offer(bytes, at, length, orientation);
    }
    let compression = list.number(tag::COMPRESSION);
    let is_jpeg = compression.is_some_and(|number| JPEG_COMPRESSIONS.contains(&number));
    // With its tables elsewhere, a strip is no JPEG by itself.
    if is_jpeg
        && !list.has(tag::JPEG_TABLES)
        && let Some((at, length)) = pair(tag::STRIP_OFFSETS, tag::STRIP_BYTES)
    {
        previews.offer(bytes, at, length, orientation);
    }
}

/// Offers the picture of which Olympus and OM System say in the maker's notes alone. Places count from the notes'
/// beginning there.
fn olympus<'a>(bytes: &'a [u8], first: &Tiff<'a>, previews: &mut Previews<'a>) -> Option<()> {
    const CAMERA_SETTINGS: u16 = 0x2020;
    const PREVIEW_AT: u16 = 0x101;
    const PREVIEW_BYTES: u16 = 0x102;
    let exif = first.list(first.only_number(tag::EXIF)?)?;
    let (at, _) = exif.place_of(tag::MAKER_NOTE)?;
    let notes = bytes.get(at..)?;
    let start: usize = if notes.starts_with(b"OLYMPUS\0") {
        12
    } else if notes.starts_with(b"OM SYSTEM\0") {
        16
    } else {
        return None;
    };
    // The order of bytes stands before the list, with a number after it.
    let little = notes.get(start - 4..)?.starts_with(b"II");
    let notes_list = Tiff::without_header(notes, little).list(start as u64)?;
    let settings = notes_list.list(notes_list.only_number(CAMERA_SETTINGS)?)?;
    previews.offer(
        notes,
        settings.only_number(PREVIEW_AT)?,
        settings.only_number(PREVIEW_BYTES)?,
        first.orientation(),
    );
    Some(())
}
