//! Describes pictures for `training/looks.py`: takes length (32 bits, little-endian) and bytes of one file after another
//! on the standard input, writes the numbers of all descriptors of each as 32-bit floats.

use std::io::{self, ErrorKind, Read, Write};
use vision::{Described, Limits, ResizeFilter, WORKING_SIDE, decode, resize_rgb, working_size};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (mut input, mut output) = (io::stdin().lock(), io::stdout().lock());
    loop {
        let mut length = [0; 4];
        match input.read_exact(&mut length) {
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(()),
            read => read?,
        }
        let mut bytes = vec![0; u32::from_le_bytes(length) as usize];
        input.read_exact(&mut bytes)?;
        let picture = decode(&bytes, &Limits::default(), Some(WORKING_SIDE))?.picture;
        let (width, height) = working_size(picture.width(), picture.height());
        let working = resize_rgb(&picture, width, height, ResizeFilter::Bilinear);
        for number in Described::new(&working).numbers() {
            output.write_all(&number.to_le_bytes())?;
        }
        output.flush()?;
    }
}
