//! Sequences: the first picture of a track.

use super::items::{Alone, Item, Kind};
use crate::container::iso::{IsoBox, boxes, first_sample, inside};
use crate::container::{be16, be32};

/// Where the boxes begin in the description of pictures.
const BOXES_IN_ENTRY: usize = 78;

/// Pictures of the first track of pictures, and its first one where it can be found.
pub(super) fn first_picture(movie: &[u8]) -> Option<(u32, Option<Alone<'_>>)> {
    let mut tracks = boxes(movie).filter(|one| one.kind == *b"trak");
    let track = tracks.find(|one| {
        let handler = inside(one.body, &[b"mdia", b"hdlr"]);
        handler.and_then(|body| body.get(8..12)) == Some(b"pict")
    })?;
    let frames = be32(
        inside(track.body, &[b"mdia", b"minf", b"stbl", b"stsz"])?,
        8,
    )?;
    Some((frames, item(track.body)))
}

fn item(track: &[u8]) -> Option<Alone<'_>> {
    let descriptions = inside(track, &[b"mdia", b"minf", b"stbl", b"stsd"])?;
    let entry = boxes(descriptions.get(8..)?).next()?;
    let side = |at| be16(entry.body, at).map(u32::from);
    let properties: Vec<IsoBox<'_>> = boxes(entry.body.get(BOXES_IN_ENTRY..)?).collect();
    let item = Item {
        kind: Kind::of(&entry.kind),
        size: side(24).zip(side(26)),
        extents: vec![first_sample(track)?],
        construction: 0,
        properties: (0..properties.len()).collect(),
    };
    Some((item, properties))
}
