//! Planes of brightness and colour differences to red, green and blue (ITU-T H.273).

use crate::container::heif::Coding;

/// What of a coded picture is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Red, green and blue.
    Colors,
    /// Brightness as it is coded, which says how opaque another picture is.
    Alpha,
}

impl Part {
    /// Samples a pixel.
    pub(super) fn samples(self) -> usize {
        match self {
            Self::Colors => 3,
            Self::Alpha => 1,
        }
    }
}

/// What a decoder gives: one plane, or three.
#[derive(Debug)]
pub(super) struct Planes {
    /// Width and height.
    pub(super) size: (u32, u32),
    /// Bits in a sample, 8 to 16.
    pub(super) bits: u8,
    /// Brightness, row by row.
    pub(super) luma: Vec<u16>,
    /// Colour differences; none in a grey picture.
    pub(super) chroma: Option<Chroma>,
    /// How samples stand for colours, as the coded picture says.
    pub(super) coding: Coding,
}

/// Colour differences.
#[derive(Debug)]
pub(super) struct Chroma {
    /// Blue and red differences, row by row.
    pub(super) planes: [Vec<u16>; 2],
    /// Whether there is one for two columns, and for two rows.
    pub(super) halved: (bool, bool),
}

/// A picture that is painted piece by piece.
pub(super) struct Target<'a> {
    pub(super) pixels: &'a mut [u8],
    pub(super) size: (u32, u32),
    pub(super) part: Part,
}

impl Target<'_> {
    /// Paints the first `size` of planes at a place (left, top); what lies beyond the picture is left out. Answers
    /// whether the coding of colours is known.
    pub(super) fn paint(&mut self, planes: &Planes, place: (u32, u32), size: (u32, u32)) -> bool {
        let samples = self.part.samples();
        let Some(weights) = Weights::new(planes, self.part) else {
            return false;
        };
        let (left, top) = (place.0 as usize, place.1 as usize);
        let stride = self.size.0 as usize;
        let width = (size.0 as usize).min(stride.saturating_sub(left));
        let luma = planes.luma.chunks_exact(planes.size.0 as usize);
        let luma = luma.take(size.1 as usize);
        let rows = self.pixels.chunks_exact_mut(samples * stride).skip(top);
        let mut chroma = ChromaRows::new(planes);
        for ((y, luma), row) in luma.enumerate().zip(rows) {
            let row = &mut row[samples * left..samples * (left + width)];
            match (&mut chroma, self.part) {
                (Some(chroma), Part::Colors) => {
                    chroma.row(y);
                    let differences = chroma.blue.iter().zip(&chroma.red);
                    let pixels = row.as_chunks_mut::<3>().0.iter_mut();
                    for ((pixel, luma), (blue, red)) in pixels.zip(luma).zip(differences) {
                        *pixel = weights.colors(f32::from(*luma), *blue, *red);
                    }
                }
                (_, part) => {
                    for (pixel, luma) in row.chunks_exact_mut(part.samples()).zip(luma) {
                        pixel.fill(weights.grey(f32::from(*luma)));
                    }
                }
            }
        }
        true
    }
}

/// What each sample adds to red, green and blue of 0 to 255.
struct Weights {
    luma: [f32; 3],
    blue: [f32; 3],
    red: [f32; 3],
    /// What is added whatever the samples.
    rest: [f32; 3],
    /// Scale and black of brightness alone.
    grey: (f32, f32),
}

impl Weights {
    /// Weights for planes; none where the matrix is not known.
    fn new(planes: &Planes, part: Part) -> Option<Self> {
        let bits = u32::from(planes.bits);
        let most = ((1_u32 << bits) - 1) as f32;
        let step = (1_u32 << (bits - 8)) as f32;
        // Alpha takes all values, whatever is said of it.
        let full = planes.coding.full_range || part == Part::Alpha;
        let (black, luma, chroma) = match full {
            true => (0.0, 255.0 / most, 255.0 / most),
            false => (16.0 * step, 255.0 / (219.0 * step), 255.0 / (224.0 * step)),
        };
        let half = (1_u32 << (bits - 1)) as f32;
        // Shares of luma, blue and red differences in red, green and blue.
        let shares: [[f32; 3]; 3] = match planes.coding.matrix {
            _ if planes.chroma.is_none() => [[1.0; 3], [0.0; 3], [0.0; 3]],
            // Green, blue and red themselves.
            0 => [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]],
            8 => [[1.0; 3], [-1.0, 1.0, -1.0], [1.0, 0.0, -1.0]],
            matrix => {
                let (red, blue) = match matrix {
                    1 => (0.2126, 0.0722),
                    // What says nothing is taken for television of old, as others do.
                    2 | 5 | 6 => (0.299, 0.114),
                    4 => (0.30, 0.11),
                    7 => (0.212, 0.087),
                    9 => (0.2627, 0.0593),
                    _ => return None,
                };
                let green = 1.0 - red - blue;
                let (of_red, of_blue) = (2.0 - 2.0 * red, 2.0 - 2.0 * blue);
                [
                    [1.0; 3],
                    [0.0, -of_blue * blue / green, of_blue],
                    [of_red, -of_red * red / green, 0.0],
                ]
            }
        };
        let direct = planes.coding.matrix == 0;
        let (zero, scale) = if direct {
            (black, luma)
        } else {
            (half, chroma)
        };
        let scaled = |shares: [f32; 3], scale: f32| shares.map(|share| share * scale);
        let [of_luma, of_blue, of_red] = shares;
        let [of_luma, of_blue, of_red] = [
            scaled(of_luma, luma),
            scaled(of_blue, scale),
            scaled(of_red, scale),
        ];
        let rest = |n: usize| 0.5 - of_luma[n] * black - (of_blue[n] + of_red[n]) * zero;
        Some(Self {
            luma: of_luma,
            rest: [rest(0), rest(1), rest(2)],
            // Rows of differences come 16 times as large as they are.
            blue: scaled(of_blue, 1.0 / 16.0),
            red: scaled(of_red, 1.0 / 16.0),
            grey: (luma, 0.5 - black * luma),
        })
    }

    fn colors(&self, luma: f32, blue: f32, red: f32) -> [u8; 3] {
        // Conversion saturates at 0 and 255.
        std::array::from_fn(|n| {
            (luma * self.luma[n] + blue * self.blue[n] + red * self.red[n] + self.rest[n]) as u8
        })
    }

    fn grey(&self, luma: f32) -> u8 {
        (luma * self.grey.0 + self.grey.1) as u8
    }
}

/// Rows of colour differences, one for each pixel, 16 times as large as they are. Where there are fewer, the nearest is
/// taken three times and the next nearest once, along and down, as JPEG decoders do.
struct ChromaRows<'a> {
    chroma: &'a Chroma,
    columns: usize,
    blue: Vec<f32>,
    red: Vec<f32>,
    /// A row before it is widened.
    narrow: Vec<f32>,
}

impl<'a> ChromaRows<'a> {
    fn new(planes: &'a Planes) -> Option<Self> {
        let chroma = planes.chroma.as_ref()?;
        let width = planes.size.0 as usize;
        let columns = if chroma.halved.0 {
            width.div_ceil(2)
        } else {
            width
        };
        Some(Self {
            chroma,
            columns,
            blue: vec![0.0; width],
            red: vec![0.0; width],
            narrow: vec![0.0; columns],
        })
    }

    /// Makes the row that belongs to row `y` of pixels.
    fn row(&mut self, y: usize) {
        let [blue, red] = &self.chroma.planes;
        for (plane, wide) in [(blue, &mut self.blue), (red, &mut self.red)] {
            let rows = plane.len() / self.columns;
            let (near, far) = if self.chroma.halved.1 {
                neighbours(y, rows)
            } else {
                (y, y)
            };
            let row = |n: usize| &plane[n * self.columns..(n + 1) * self.columns];
            for ((narrow, near), far) in self.narrow.iter_mut().zip(row(near)).zip(row(far)) {
                *narrow = 3.0 * f32::from(*near) + f32::from(*far);
            }
            for (x, wide) in wide.iter_mut().enumerate() {
                let (near, far) = if self.chroma.halved.0 {
                    neighbours(x, self.columns)
                } else {
                    (x, x)
                };
                *wide = 3.0 * self.narrow[near] + self.narrow[far];
            }
        }
    }
}

/// The sample that is nearest to a pixel, and the next nearest, of `count` that stand each between two pixels.
fn neighbours(pixel: usize, count: usize) -> (usize, usize) {
    let near = pixel / 2;
    let far = if pixel.is_multiple_of(2) {
        near.saturating_sub(1)
    } else {
        near + 1
    };
    let last = count - 1;
    (near.min(last), far.min(last))
}
