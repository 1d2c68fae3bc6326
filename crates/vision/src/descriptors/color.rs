//! Which colours a picture has, and where.

use super::bins::{two_bins, two_cells};
use super::unit::{to_square_roots, to_unit};
use super::working::{SQUARE_SIDE as SIDE, Working};
use crate::Rgb;

/// Numbers in a colour descriptor: a fine palette for the whole picture and a coarse one in each of
/// 4 × 4 cells.
pub const COLOR_DIMS: usize = WHOLE.len() + CELLS * CELLS * CELL.len();

/// Fingerprint of the colour descriptor; vectors of different fingerprints are never compared.
pub const COLOR_EXTRACTOR: &str = "color/1";

/// Cells across and down.
const CELLS: usize = 4;
/// A pixel's weight in its cells, beside 1 in the whole picture.
const CELL_WEIGHT: f32 = 2.0;

/// Up to this chroma (saturation × value) a pixel is grey; from the other on it is coloured;
/// between, it is both.
const GREY_TO_COLORED: (f32, f32) = (0.05, 0.25);

const WHOLE: Palette = Palette {
    greys: 6,
    hues: 12,
    saturations: 2,
    values: 2,
};
const CELL: Palette = Palette {
    greys: 6,
    hues: 6,
    saturations: 1,
    values: 1,
};

/// Describes the colours of a picture of [working size](super::working_size): [`COLOR_DIMS`]
/// numbers of unit length, the whole picture first, then cell by cell from the top left, to be
/// compared by cosine (greater is more alike).
///
/// Soft histograms over hue, saturation and value (Swain and Ballard, "Color indexing", IJCV 1991;
/// the layout as Stricker and Dimai, 1997): a pixel votes for the nearest bins of every axis and
/// for the nearest cells, and a pixel with little chroma for the greys, where its hue means
/// nothing. Square roots make the cosine Bhattacharyya's coefficient. Caltech-101: P@10 0.115;
/// without the cells 0.092, a hard histogram of 72 bins 0.086.
pub fn color(picture: &Rgb) -> Vec<f32> {
    of(&Working::new(picture))
}

/// What [`color`] says of a picture.
pub(super) fn of(picture: &Working<'_>) -> Vec<f32> {
    let places: Vec<[(usize, f32); 2]> = (0..SIDE).map(|at| two_cells(at, SIDE, CELLS)).collect();
    let mut color = vec![0.0; COLOR_DIMS];
    let (whole, cells) = color.split_at_mut(WHOLE.len());
    let (cells, _) = cells.as_chunks_mut::<{ CELL.len() }>();
    for (index, pixel) in picture
        .square()
        .pixels()
        .as_chunks::<3>()
        .0
        .iter()
        .enumerate()
    {
        let hsv = Hsv::new(*pixel);
        WHOLE.vote(hsv, whole);
        let mut votes = [0.0; CELL.len()];
        CELL.vote(hsv, &mut votes);
        for (row, down) in places[index / SIDE] {
            for (column, across) in places[index % SIDE] {
                let weight = CELL_WEIGHT * down * across;
                for (bin, vote) in cells[row * CELLS + column].iter_mut().zip(votes) {
                    *bin += weight * vote;
                }
            }
        }
    }
    to_square_roots(&mut color);
    to_unit(&mut color);
    color
}

/// A colour as hue, saturation and value, each 0 to 1; the hue is a circle.
#[derive(Clone, Copy)]
struct Hsv {
    hue: f32,
    saturation: f32,
    value: f32,
}

impl Hsv {
    fn new(rgb: [u8; 3]) -> Self {
        let [r, g, b] = rgb.map(|v| f32::from(v) / 255.0);
        let value = r.max(g).max(b);
        let chroma = value - r.min(g).min(b);
        if chroma <= 0.0 {
            return Self {
                hue: 0.0,
                saturation: 0.0,
                value,
            };
        }
        let sixth = if value == r {
            let from_red = (g - b) / chroma;
            if from_red < 0.0 {
                from_red + 6.0
            } else {
                from_red
            }
        } else if value == g {
            (b - r) / chroma + 2.0
        } else {
            (r - g) / chroma + 4.0
        };
        Self {
            hue: sixth / 6.0,
            saturation: chroma / value,
            value,
        }
    }
}

/// How finely colours are told apart: greys by value, all others by hue × saturation × value.
struct Palette {
    greys: usize,
    hues: usize,
    saturations: usize,
    values: usize,
}

impl Palette {
    const fn len(&self) -> usize {
        self.greys + self.hues * self.saturations * self.values
    }

    /// Adds 1 in all to the bins nearest to `hsv`.
    #[inline(always)]
    fn vote(&self, hsv: Hsv, bins: &mut [f32]) {
        let (grey, colored) = GREY_TO_COLORED;
        let chroma = hsv.saturation * hsv.value;
        let between = ((chroma - grey) / (colored - grey)).clamp(0.0, 1.0);
        let share = between * between * (3.0 - 2.0 * between);
        if share < 1.0 {
            for (bin, part) in two_bins(hsv.value * (self.greys - 1) as f32, self.greys) {
                bins[bin] += (1.0 - share) * part;
            }
        }
        if share == 0.0 {
            return;
        }
        let hue = hsv.hue * self.hues as f32;
        let low = (hue as usize).min(self.hues - 1);
        let beyond = hue - low as f32;
        let axis = |at: f32, bins: usize| {
            let two = two_bins(at * (bins - 1) as f32, bins);
            // Where there is one bin alone, the second is the first again, with no share.
            two.into_iter().take(bins)
        };
        for (h, of_hue) in [(low, 1.0 - beyond), ((low + 1) % self.hues, beyond)] {
            for (s, of_saturation) in axis(hsv.saturation, self.saturations) {
                for (v, of_value) in axis(hsv.value, self.values) {
                    let bin = self.greys + (h * self.saturations + s) * self.values + v;
                    bins[bin] += share * of_hue * of_saturation * of_value;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
