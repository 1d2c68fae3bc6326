//! Decoded pixels.

use kernels::{Isa, Loops};

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
        let mut luma = vec![0; self.pixels.len() / 3];
        Isa::best().run_loops(Luma {
            pixels: &self.pixels,
            luma: &mut luma,
        });
        luma
    }
}

/// Brightness of pixels.
struct Luma<'a> {
    pixels: &'a [u8],
    luma: &'a mut [u8],
}

impl Loops for Luma<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for (luma, p) in self.luma.iter_mut().zip(self.pixels.as_chunks::<3>().0) {
            let weighted =
                19595 * u32::from(p[0]) + 38470 * u32::from(p[1]) + 7471 * u32::from(p[2]);
            *luma = ((weighted + 0x8000) >> 16) as u8;
        }
    }
}
