//! The few colours that a picture mostly consists of.

use super::working::{SQUARE_SIDE, Working};
use crate::lab::{Lab, lab_of, squared_distance};
use crate::{DominantColor, Rgb};

/// The most colours that [`dominant_colors`] gives.
pub const MAX_DOMINANT_COLORS: usize = 5;

/// Colours that are sought before like ones are merged.
const CENTERS: usize = 10;
/// Rounds of k-means; by then centres hardly move.
const ROUNDS: usize = 12;
/// Colours nearer than this in Lab are one colour with light and shade on it.
const SAME: f32 = 14.0;
/// The least share that is told.
const LEAST_SHARE: f32 = 0.02;

/// Gives up to [`MAX_DOMINANT_COLORS`] main colours of a picture, largest share first. The shares
/// are of the whole picture: they add up to less than 1 where there are other colours.
///
/// K-means (Lloyd, 1982) in CIE Lab over a histogram of the squashed picture. The first centre is
/// the commonest colour and each next one the colour with the greatest count × squared distance to
/// the centres so far, so that the same picture always gives the same colours.
pub fn dominant_colors(picture: &Rgb) -> Vec<DominantColor> {
    of(&Working::new(picture))
}

/// What [`dominant_colors`] says of a picture.
pub(super) fn of(picture: &Working<'_>) -> Vec<DominantColor> {
    let swatches = swatches(picture.square());
    let mut clusters = cluster(&swatches);
    merge_like(&mut clusters);
    clusters.sort_by(|a, b| b.count.total_cmp(&a.count));
    let total = (SQUARE_SIDE * SQUARE_SIDE) as f32;
    clusters
        .into_iter()
        .map(|cluster| DominantColor {
            rgb: cluster.rgb().map(|v| v.round() as u8),
            share: cluster.count / total,
        })
        .filter(|color| color.share >= LEAST_SHARE)
        .take(MAX_DOMINANT_COLORS)
        .collect()
}

/// Pixels of like colour.
#[derive(Clone, Copy, Default)]
struct Swatch {
    count: f32,
    rgb_sum: [f32; 3],
    lab: Lab,
}

impl Swatch {
    fn add(&mut self, other: &Self) {
        self.count += other.count;
        for (sum, value) in self.rgb_sum.iter_mut().zip(other.rgb_sum) {
            *sum += value;
        }
    }

    fn rgb(&self) -> [f32; 3] {
        self.rgb_sum.map(|sum| sum / self.count)
    }

    fn with_lab(mut self) -> Self {
        self.lab = lab_of(self.rgb());
        self
    }
}

/// Gathers pixels whose four highest bits agree.
fn swatches(picture: &Rgb) -> Vec<Swatch> {
    let mut bins = vec![Swatch::default(); 1 << 12];
    for pixel in picture.pixels().chunks_exact(3) {
        let high = |v: u8| usize::from(v >> 4);
        let bin = high(pixel[0]) << 8 | high(pixel[1]) << 4 | high(pixel[2]);
        bins[bin].add(&Swatch {
            count: 1.0,
            rgb_sum: [pixel[0], pixel[1], pixel[2]].map(f32::from),
            lab: Lab::default(),
        });
    }
    bins.retain(|bin| bin.count > 0.0);
    bins.into_iter().map(Swatch::with_lab).collect()
}

fn cluster(swatches: &[Swatch]) -> Vec<Swatch> {
    let mut centers = first_centers(swatches);
    let mut clusters = Vec::new();
    for _ in 0..ROUNDS {
        clusters = vec![Swatch::default(); centers.len()];
        for swatch in swatches {
            let mut nearest = (f32::INFINITY, 0);
            for (index, &center) in centers.iter().enumerate() {
                let distance = squared_distance(swatch.lab, center);
                if distance < nearest.0 {
                    nearest = (distance, index);
                }
            }
            clusters[nearest.1].add(swatch);
        }
        clusters.retain(|cluster| cluster.count > 0.0);
        clusters = clusters.into_iter().map(Swatch::with_lab).collect();
        let moved: Vec<Lab> = clusters.iter().map(|cluster| cluster.lab).collect();
        if moved == centers {
            break;
        }
        centers = moved;
    }
    clusters
}

fn first_centers(swatches: &[Swatch]) -> Vec<Lab> {
    let mut centers: Vec<Lab> = Vec::with_capacity(CENTERS);
    let mut apart = vec![1.0_f32; swatches.len()];
    while centers.len() < CENTERS {
        let mut best = (0.0, None);
        for (swatch, &apart) in swatches.iter().zip(&apart) {
            let weight = swatch.count * apart;
            if weight > best.0 {
                best = (weight, Some(swatch.lab));
            }
        }
        let Some(center) = best.1 else { break };
        for (swatch, apart) in swatches.iter().zip(&mut apart) {
            let distance = squared_distance(swatch.lab, center);
            *apart = if centers.is_empty() {
                distance
            } else {
                apart.min(distance)
            };
        }
        centers.push(center);
    }
    centers
}

/// Joins the two nearest clusters until no two look the same.
fn merge_like(clusters: &mut Vec<Swatch>) {
    loop {
        let mut nearest = (SAME * SAME, None);
        for (index, a) in clusters.iter().enumerate() {
            for (other, b) in clusters.iter().enumerate().skip(index + 1) {
                let distance = squared_distance(a.lab, b.lab);
                if distance < nearest.0 {
                    nearest = (distance, Some((index, other)));
                }
            }
        }
        let Some((index, other)) = nearest.1 else {
            return;
        };
        let gone = clusters.swap_remove(other);
        clusters[index].add(&gone);
        clusters[index] = clusters[index].with_lab();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Columns of the colours, as wide as their shares of 100 say.
    fn stripes(colors: &[([u8; 3], usize)]) -> Rgb {
        let row: Vec<u8> = colors
            .iter()
            .flat_map(|&(rgb, share)| rgb.repeat(share))
            .collect();
        Rgb::new(100, 50, row.repeat(50)).unwrap()
    }

    #[test]
    fn stripes_give_their_colors_and_shares() {
        let found = dominant_colors(&stripes(&[
            ([200, 30, 30], 50),
            ([20, 40, 200], 30),
            ([240, 240, 240], 20),
        ]));
        assert_eq!(found.len(), 3, "{found:?}");
        let expected = [
            ([200.0, 30.0, 30.0], 0.5),
            ([20.0, 40.0, 200.0], 0.3),
            ([240.0, 240.0, 240.0], 0.2),
        ];
        for (found, (rgb, share)) in found.iter().zip(expected) {
            let apart = squared_distance(lab_of(found.rgb.map(f32::from)), lab_of(rgb));
            assert!(apart < 25.0, "{found:?}, not {rgb:?}");
            assert!((found.share - share).abs() < 0.03, "{found:?}, not {share}");
        }
    }

    #[test]
    fn near_colors_are_one() {
        let found = dominant_colors(&stripes(&[([100, 150, 100], 60), ([108, 156, 104], 40)]));
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].share, 1.0);
        assert_eq!(found[0].rgb, [103, 152, 102]);
    }

    #[test]
    fn one_pixel_has_one_color() {
        let found = dominant_colors(&Rgb::new(1, 1, vec![7, 8, 9]).unwrap());
        assert_eq!(
            found,
            [DominantColor {
                rgb: [7, 8, 9],
                share: 1.0
            }]
        );
    }

    #[test]
    fn many_colors_are_the_largest_few() {
        let colors: Vec<([u8; 3], usize)> = [
            [255, 0, 0],
            [0, 255, 0],
            [0, 0, 255],
            [255, 255, 0],
            [0, 255, 255],
            [255, 0, 255],
            [0, 0, 0],
            [255, 255, 255],
        ]
        .into_iter()
        .zip([22, 18, 16, 13, 11, 9, 7, 4])
        .collect();
        let found = dominant_colors(&stripes(&colors));
        assert_eq!(found.len(), MAX_DOMINANT_COLORS);
        assert!(found.windows(2).all(|pair| pair[0].share >= pair[1].share));
        assert!(found.iter().map(|color| color.share).sum::<f32>() <= 1.0);
        assert_eq!(found[0].rgb, [255, 0, 0]);
    }
}
