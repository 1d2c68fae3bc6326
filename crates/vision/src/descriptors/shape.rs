//! Where edges run, and which way.

use super::gradient::Gradient;
use super::unit::to_unit;
use super::working::{SQUARE_SIDE as SIDE, Working};
use crate::Rgb;

/// Numbers in a shape descriptor: nine orientations in each of 6 × 6 cells.
pub const SHAPE_DIMS: usize = CELLS * CELLS * ORIENTATIONS;

/// Fingerprint of the shape descriptor; vectors of different fingerprints are never compared.
pub const SHAPE_EXTRACTOR: &str = "shape/1";

/// Cells across and down.
const CELLS: usize = 6;
const ORIENTATIONS: usize = 9;
/// No orientation of a cell counts for more than this share of its block's length.
const MOST: f32 = 0.3;
/// Length that every block has before its gradients: what is fainter than this, brightness being 0
/// to 1, fades.
const FLOOR: f32 = 2.0;

/// Describes the layout of edges of a picture of [working size](super::working_size):
/// [`SHAPE_DIMS`] numbers of unit length, cell by cell from the top left, to be compared by cosine
/// (greater is more alike).
///
/// Histograms of oriented gradients (Dalal and Triggs, "Histograms of oriented gradients for human
/// detection", CVPR 2005) of the picture squashed to a square: gradients of the square root of
/// brightness vote into the nearest cells and orientations; each cell is normalised in the four
/// blocks of 2 × 2 cells around it, and the four results are summed rather than listed, as
/// Felzenszwalb et al. do (PAMI 2010). Last, the mean of all numbers is subtracted, which makes the
/// cosine a correlation: P@10 0.22 on Caltech-101, where the same without it gives 0.19. Finer
/// cells measured worse (8 × 8: 0.206).
pub fn shape(picture: &Rgb) -> Vec<f32> {
    of(&Working::new(picture))
}

/// What [`shape`] says of a picture.
pub(super) fn of(picture: &Working<'_>) -> Vec<f32> {
    let cells = vote(&brightness(picture.luma_square()));
    let mut shape = normalise(&cells);
    let mean = shape.iter().sum::<f32>() / shape.len() as f32;
    shape.iter_mut().for_each(|v| *v -= mean);
    // What is left of equal numbers is rounding, which must not be blown up to a direction.
    if shape.iter().all(|v| v.abs() < 1e-6) {
        shape.fill(0.0);
    }
    to_unit(&mut shape);
    shape
}

/// Square roots of the brightness of the squashed picture, 0 to 1, row by row.
fn brightness(luma: &[u8]) -> Vec<f32> {
    luma.iter()
        .map(|v| (f32::from(*v) / 255.0).sqrt())
        .collect()
}

/// Orientation histograms of all cells.
fn vote(brightness: &[f32]) -> Vec<f32> {
    let at = |x: usize, y: usize| brightness[y * SIDE + x];
    let places: Vec<[(Option<usize>, f32); 2]> = (0..SIDE).map(nearest_cells).collect();
    let mut cells = vec![0.0; SHAPE_DIMS];
    for y in 0..SIDE {
        let (above, below) = (y.saturating_sub(1), (y + 1).min(SIDE - 1));
        for x in 0..SIDE {
            let (left, right) = (x.saturating_sub(1), (x + 1).min(SIDE - 1));
            let gradient = Gradient::new(at(right, y) - at(left, y), at(x, below) - at(x, above));
            if gradient.magnitude == 0.0 {
                continue;
            }
            let votes = gradient.votes(ORIENTATIONS);
            for (row, down) in places[y] {
                for (column, across) in places[x] {
                    let (Some(row), Some(column)) = (row, column) else {
                        continue;
                    };
                    let cell = (row * CELLS + column) * ORIENTATIONS;
                    for (orientation, magnitude) in votes {
                        cells[cell + orientation] += magnitude * down * across;
                    }
                }
            }
        }
    }
    cells
}

/// The two cells whose centres are on either side of a pixel, with the pixel's share in each; none
/// beyond the border.
fn nearest_cells(pixel: usize) -> [(Option<usize>, f32); 2] {
    let position = (pixel as f32 + 0.5) * CELLS as f32 / SIDE as f32 - 0.5;
    let low = position.floor();
    let beyond = position - low;
    let cell = |at: f32| (at >= 0.0 && at < CELLS as f32).then_some(at as usize);
    [(cell(low), 1.0 - beyond), (cell(low + 1.0), beyond)]
}

/// Sums each cell as the four blocks around it normalise it; cells beyond the border repeat those
/// at it.
fn normalise(cells: &[f32]) -> Vec<f32> {
    let energies: Vec<f32> = cells
        .chunks_exact(ORIENTATIONS)
        .map(|cell| cell.iter().map(|v| v * v).sum())
        .collect();
    let energy = |x: usize, y: usize| {
        let inside = |at: usize| at.clamp(1, CELLS) - 1;
        energies[inside(y) * CELLS + inside(x)]
    };
    // The block at (x, y) has the cell (x, y) at its bottom right.
    let mut factors = [[0.0; CELLS + 1]; CELLS + 1];
    for (y, row) in factors.iter_mut().enumerate() {
        for (x, factor) in row.iter_mut().enumerate() {
            let block = energy(x, y) + energy(x + 1, y) + energy(x, y + 1) + energy(x + 1, y + 1);
            *factor = 1.0 / (block + FLOOR * FLOOR).sqrt();
        }
    }
    let mut normalised = Vec::with_capacity(cells.len());
    for (index, cell) in cells.chunks_exact(ORIENTATIONS).enumerate() {
        let (x, y) = (index % CELLS, index / CELLS);
        let around = [
            factors[y][x],
            factors[y][x + 1],
            factors[y + 1][x],
            factors[y + 1][x + 1],
        ];
        normalised.extend(
            cell.iter()
                .map(|v| around.iter().map(|f| (v * f).min(MOST)).sum::<f32>()),
        );
    }
    normalised
}

#[cfg(test)]
mod tests;
