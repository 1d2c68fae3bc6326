//! Decoded pixels.

/// A picture of 8-bit sRGB pixels, row by row from the top left, three bytes a pixel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rgb {
    width: u32,
    height: u32,
    pixels: Vec<u8>,
}

impl Rgb {
    /// Makes a picture of `width` × `height` pixels; none when `pixels` is not `3 * width * height` bytes long or
    /// a side is 0.
    pub fn new(width: u32, height: u32, pixels: Vec<u8>) -> Option<Self> {
        let bytes = 3 * u64::from(width) * u64::from(height);
        (bytes > 0 && pixels.len() as u64 == bytes).then_some(Self {
            width,
            height,
            pixels,
        })
    }

    /// Pixels in a row.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Rows.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// The pixels, `[r, g, b, r, g, b, …]`, row by row.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// Brightness of each pixel as ITU-R 601 weighs it, rounded as Pillow's `convert("L")` does.
    pub fn luma(&self) -> Vec<u8> {
        self.pixels
            .chunks_exact(3)
            .map(|p| {
                let weighted =
                    19595 * u32::from(p[0]) + 38470 * u32::from(p[1]) + 7471 * u32::from(p[2]);
                ((weighted + 0x8000) >> 16) as u8
            })
            .collect()
    }
}
