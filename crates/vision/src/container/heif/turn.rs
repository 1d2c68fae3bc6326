//! Turning and mirroring of an item.

/// The EXIF orientation that does what an item's properties say, one after another.
pub(super) fn orientation<'a>(properties: impl Iterator<Item = ([u8; 4], &'a [u8])>) -> u8 {
    /// By whether left and right are swapped first, and by the quarters that are then turned clockwise.
    const ORIENTATIONS: [[u8; 4]; 2] = [[1, 6, 3, 8], [2, 7, 4, 5]];
    let (mut mirrored, mut quarters) = (0, 0);
    for (kind, body) in properties {
        let value = body.first().copied().unwrap_or_default();
        match &kind {
            // Quarters against the clock.
            b"irot" => quarters += 4 - usize::from(value & 3),
            // Swaps top and bottom, or left and right; the first is the second and half a turn.
            b"imir" => {
                mirrored = 1 - mirrored;
                quarters = 4 - quarters % 4 + if value & 1 == 0 { 2 } else { 0 };
            }
            _ => {}
        }
    }
    ORIENTATIONS[mirrored][quarters % 4]
}

#[cfg(test)]
mod tests {
    use super::orientation;
    use crate::orient::{orient, oriented_size};
    use crate::rgb::Rgb;

    /// What turning and mirroring pixel by pixel gives, held against the orientation that stands for it.
    #[test]
    fn every_turn_and_mirroring_is_one_orientation() {
        let grey = |values: [u8; 6], width, height| {
            let pixels = values.iter().flat_map(|v| [*v; 3]).collect();
            Rgb::new(width, height, pixels).expect("three bytes a pixel were made")
        };
        let stored = grey([1, 2, 3, 4, 5, 6], 3, 2);
        let quarter = |picture: &Rgb| turned(picture, |x, y, width, _| (width - 1 - y, x), true);
        let mirror = |picture: &Rgb, axis: u8| {
            let place = |x, y, width, height| match axis {
                0 => (x, height - 1 - y),
                _ => (width - 1 - x, y),
            };
            turned(picture, place, false)
        };
        for first in 0..4_u8 {
            for axis in [None, Some(0_u8), Some(1)] {
                for second in 0..4_u8 {
                    let mut expected = stored.clone();
                    let mut properties = vec![(*b"irot", vec![first])];
                    for _ in 0..first {
                        expected = quarter(&expected);
                    }
                    if let Some(axis) = axis {
                        properties.push((*b"imir", vec![axis]));
                        expected = mirror(&expected, axis);
                    }
                    properties.push((*b"irot", vec![second]));
                    for _ in 0..second {
                        expected = quarter(&expected);
                    }
                    let said = properties.iter().map(|(kind, body)| (*kind, &body[..]));
                    let found = orientation(said);
                    assert_eq!(orient(stored.clone(), found), expected, "{properties:?}");
                    let size = (expected.width(), expected.height());
                    assert_eq!(oriented_size(3, 2, found), size);
                }
            }
        }
    }

    /// The picture each of whose pixels, at (x, y), stood where `place` says, of width and height as stored. A quarter
    /// against the clock has the right column of the stored picture as its first row.
    fn turned(
        picture: &Rgb,
        place: impl Fn(u32, u32, u32, u32) -> (u32, u32),
        swapped: bool,
    ) -> Rgb {
        let (width, height) = (picture.width(), picture.height());
        let (across, down) = if swapped {
            (height, width)
        } else {
            (width, height)
        };
        let mut pixels = Vec::new();
        for y in 0..down {
            for x in 0..across {
                let (from_x, from_y) = place(x, y, width, height);
                let at = 3 * (from_y * width + from_x) as usize;
                pixels.extend_from_slice(&picture.pixels()[at..at + 3]);
            }
        }
        Rgb::new(across, down, pixels).expect("as many pixels as before")
    }
}
