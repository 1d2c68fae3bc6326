//! Which colours a picture has, and where, told apart as people do.

use super::bins::{two_bins, two_cells};
use super::unit::{to_square_roots, to_unit};
use super::working::Working;
use crate::lab::{Lab, lab_of_bytes};
use crate::{ResizeFilter, resize_rgb};

/// Numbers in a Lab histogram: a fine palette for the whole picture, and a coarse one in each of 3 × 3 cells.
pub(super) const LAB_DIMS: usize = WHOLE.len() + CELLS * CELLS * CELL.len();

/// Side of the squashed picture, in pixels.
const SIDE: usize = 32;
/// Cells across and down.
const CELLS: usize = 3;
/// A pixel's weight in its cells, beside 1 in the whole picture.
const CELL_WEIGHT: f32 = 1.5;
/// Beyond this, a\* and b\* count as this: few pixels of photographs lie there.
const MOST_TINT: f32 = 60.0;

const WHOLE: Palette = Palette {
    lights: 5,
    tints: 5,
};
const CELL: Palette = Palette {
    lights: 4,
    tints: 3,
};

/// Describes the colours of a picture of [working size](super::working_size): [`LAB_DIMS`] numbers of unit length, the
/// whole picture first, then cell by cell from the top left, to be compared by cosine (greater is more alike).
///
/// Soft histograms over CIE L\*a\*b\* (Swain and Ballard, "Color indexing", IJCV 1991, in the colours of CIE 15), whose
/// distances are those that people see: what the hue of [`color`](super::color) tells apart among dark colours counts
/// little here. 52 Caltech-101 classes: P@10 / mAP 0.169 / 0.116.
pub(super) fn lab(picture: &Working<'_>) -> Vec<f32> {
    let places: Vec<[(usize, f32); 2]> = (0..SIDE).map(|at| two_cells(at, SIDE, CELLS)).collect();
    let small = resize_rgb(picture.picture, SIDE as u32, SIDE as u32, ResizeFilter::Box);
    let mut lab = vec![0.0; LAB_DIMS];
    let (whole, cells) = lab.split_at_mut(WHOLE.len());
    for (index, pixel) in small.pixels().as_chunks::<3>().0.iter().enumerate() {
        let color = lab_of_bytes(*pixel);
        for (bin, share) in WHOLE.bins(color) {
            whole[bin] += share;
        }
        let bins = CELL.bins(color);
        for (row, down) in places[index / SIDE] {
            for (column, across) in places[index % SIDE] {
                let start = (row * CELLS + column) * CELL.len();
                for (bin, share) in bins {
                    cells[start + bin] += CELL_WEIGHT * down * across * share;
                }
            }
        }
    }
    to_square_roots(&mut lab);
    to_unit(&mut lab);
    lab
}

/// How finely colours are told apart: bins of lightness, and of each of green to red and blue to yellow.
struct Palette {
    lights: usize,
    tints: usize,
}

impl Palette {
    const fn len(&self) -> usize {
        self.lights * self.tints * self.tints
    }

    /// The eight nearest bins, and the colour's share in each.
    fn bins(&self, [light, red, yellow]: Lab) -> [(usize, f32); 8] {
        let last_tint = (self.tints - 1) as f32;
        let tint = |v: f32| two_bins((v / MOST_TINT + 1.0) / 2.0 * last_tint, self.tints);
        let lights = two_bins(light / 100.0 * (self.lights - 1) as f32, self.lights);
        let (reds, yellows) = (tint(red), tint(yellow));
        std::array::from_fn(|corner| {
            let ((l, of_l), (a, of_a), (b, of_b)) = (
                lights[corner >> 2],
                reds[corner >> 1 & 1],
                yellows[corner & 1],
            );
            ((l * self.tints + a) * self.tints + b, of_l * of_a * of_b)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Rgb;

    #[test]
    fn a_color_is_shared_by_the_bins_around_it() {
        // Mid-grey lies on the middle bin of both tints, and between the lights 2 and 3 of 0 to 4.
        let bins = WHOLE.bins([60.0, 0.0, 0.0]);
        let at = |bin: usize| -> f32 {
            let of = bins.iter().filter(|(at, _)| *at == bin);
            of.map(|(_, share)| share).sum()
        };
        assert!((at(2 * 25 + 12) - 0.6).abs() < 1e-5 && (at(3 * 25 + 12) - 0.4).abs() < 1e-5);
        let shares: f32 = WHOLE.bins([12.0, -90.0, 33.0]).iter().map(|(_, s)| s).sum();
        assert!((shares - 1.0).abs() < 1e-5);
    }

    #[test]
    fn cells_say_where_a_color_is() {
        let halves: Vec<u8> = (0..16)
            .flat_map(|i| {
                if i % 4 < 2 {
                    [200, 30, 30]
                } else {
                    [30, 30, 200]
                }
            })
            .collect();
        let lab = lab(&Working::new(&Rgb::new(4, 4, halves).unwrap()));
        let cell = |column: usize| &lab[WHOLE.len() + column * CELL.len()..][..CELL.len()];
        let strongest = |cell: &[f32]| cell.iter().copied().fold(0.0, f32::max);
        let most = |cell: &[f32]| cell.iter().position(|v| *v == strongest(cell)).unwrap();
        let (left, right) = (most(cell(0)), most(cell(2)));
        // Red is towards a*, blue away from b*: the last and first bins of their axes.
        assert_eq!((left % 9 / 3, right % 3), (2, 0));
        assert_ne!(left, right);
    }
}
