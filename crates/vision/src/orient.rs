//! Turning a picture upright, as its EXIF orientation says (CIPA DC-008, tag 0x0112).

use crate::rgb::Rgb;

/// Width and height after turning a picture of `width` × `height` upright; orientations 5 to 8 swap them.
pub fn oriented_size(width: u32, height: u32, orientation: u8) -> (u32, u32) {
    if matches!(orientation, 5..=8) {
        (height, width)
    } else {
        (width, height)
    }
}

/// Turns a picture upright. An orientation outside 1 to 8 is taken for 1, which is upright already.
pub fn orient(picture: Rgb, orientation: u8) -> Rgb {
    if !matches!(orientation, 2..=8) {
        return picture;
    }
    let size = (picture.width(), picture.height());
    let (width, height) = oriented_size(size.0, size.1, orientation);
    let pixels = turn::<3>(picture.pixels(), size, orientation);
    Rgb::new(width, height, pixels).unwrap_or(picture)
}

/// Turns pixels of `N` bytes, rows of a picture of `size` (width, height), upright.
pub(crate) fn turn<const N: usize>(stored: &[u8], size: (u32, u32), orientation: u8) -> Vec<u8> {
    let (width, height) = (size.0 as usize, size.1 as usize);
    // Where the first pixel stands, and the steps in pixels along a row and a column of the upright picture.
    let (first, along, down) = match orientation {
        2 => (width - 1, -1, width as isize),
        3 => (width * height - 1, -1, -(width as isize)),
        4 => (width * (height - 1), 1, -(width as isize)),
        5 => (0, width as isize, 1),
        6 => (width * (height - 1), -(width as isize), 1),
        7 => (width * height - 1, -(width as isize), -1),
        8 => (width - 1, width as isize, -1),
        _ => return stored.to_vec(),
    };
    let (turned_width, turned_height) = oriented_size(size.0, size.1, orientation);
    let mut pixels = Vec::with_capacity(stored.len());
    for row in 0..turned_height as usize {
        let start = first.wrapping_add_signed(row.cast_signed() * down);
        for column in 0..turned_width as usize {
            let at = N * start.wrapping_add_signed(column.cast_signed() * along);
            pixels.extend_from_slice(&stored[at..at + N]);
        }
    }
    pixels
}
