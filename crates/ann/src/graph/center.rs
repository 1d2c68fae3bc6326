//! What vectors are encoded by.

use super::codes::Scale;
use kernels::{Isa, Metric, float32, int8};

/// Of so many vectors of a sample one may have numbers that codes by one scale for all clamp.
const CLAMPED_OF: usize = 100;

/// Where the vectors of a graph are, and how far they reach from there: what their codes are relative to. It changes no
/// distance; the better it fits, the more precise codes are. [`Graph::center_of`](super::Graph::center_of) finds it.
#[derive(Debug, Clone, PartialEq)]
pub struct Center {
    /// What is taken from every vector before it is encoded.
    pub(super) point: Vec<f32>,
    /// What codes are multiplied by where that has to be the same for all vectors, above 0.
    pub(super) scale: f32,
}

impl Center {
    /// Computes the center of a sample.
    pub(super) fn of<'a>(
        dims: usize,
        metric: Metric,
        sample: impl Iterator<Item = &'a [f32]>,
    ) -> Center {
        let sample: Vec<&[f32]> = sample.collect();
        let mut sums = vec![0.0f64; dims];
        // The dot product changes when something is taken from the vectors.
        if metric != Metric::Dot {
            for vector in &sample {
                let length = length(metric, vector);
                for (sum, number) in sums.iter_mut().zip(*vector) {
                    *sum += f64::from(number / length);
                }
            }
        }
        let count = f64::max(sample.len() as f64, 1.0);
        let point: Vec<f32> = sums.iter().map(|sum| (sum / count) as f32).collect();
        let scale = match metric {
            Metric::L1 => scale_of(&point, &sample),
            _ => 1.0,
        };
        Center { point, scale }
    }

    /// Writes the codes of a vector, as nodes have them; `centered` is overwritten.
    pub(super) fn encode(
        &self,
        metric: Metric,
        vector: &[f32],
        centered: &mut [f32],
        codes: &mut [u8],
    ) -> Scale {
        let length = length(metric, vector);
        for ((to, number), center) in centered.iter_mut().zip(vector).zip(&self.point) {
            *to = number / length - center;
        }
        match metric {
            Metric::L1 => Scale {
                scale: self.scale,
                aside: int8::encode_by(self.scale, centered, codes),
            },
            Metric::Dot | Metric::L2Squared | Metric::Cosine => Scale {
                scale: int8::encode(centered, codes),
                aside: float32::dot(Isa::best(), centered, centered),
            },
        }
    }
}

/// Gives the scale with which all but a few vectors of a sample have codes that are not clamped.
fn scale_of(point: &[f32], sample: &[&[f32]]) -> f32 {
    let reach = |vector: &&[f32]| {
        let apart = vector.iter().zip(point).map(|(a, b)| (a - b).abs());
        apart.fold(0.0, f32::max)
    };
    let mut reaches: Vec<f32> = sample.iter().map(reach).collect();
    reaches.sort_unstable_by(f32::total_cmp);
    let last = reaches.len().saturating_sub(1 + reaches.len() / CLAMPED_OF);
    let reach = reaches.get(last).copied().unwrap_or(0.0);
    // Vectors that are all the same tell nothing.
    let reach = if reach > f32::MIN_POSITIVE * int8::MOST {
        reach
    } else {
        1.0
    };
    reach / int8::MOST
}

/// What a vector is divided by: its length for the cosine, 1 where it has no direction.
fn length(metric: Metric, vector: &[f32]) -> f32 {
    let norm_squared = float32::dot(Isa::best(), vector, vector);
    match metric {
        Metric::Cosine if norm_squared >= f32::MIN_POSITIVE => norm_squared.sqrt(),
        _ => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_far_vectors_do_not_make_the_codes_of_all_others_coarse() {
        let mut vectors: Vec<Vec<f32>> = (0..1000)
            .map(|at| vec![3.0, (at % 21) as f32 - 10.0])
            .collect();
        vectors.extend((0..5).map(|_| vec![3.0, 1e6]));
        let slices = || vectors.iter().map(Vec::as_slice);
        let near = Center::of(2, Metric::L1, slices().take(1000));
        assert_eq!(near.point, [3.0, near.point[1]]);
        assert!((near.scale - 10.0 / 127.0).abs() < 0.01, "{near:?}");
        // The mean moves, and the scale with it, but not to the farthest.
        let center = Center::of(2, Metric::L1, slices());
        assert!(center.scale * 127.0 < 6000.0, "{center:?}");
    }

    #[test]
    fn without_a_sample_or_with_one_vector_there_is_a_scale() {
        let same = [[2.0, 2.0]; 3];
        for sample in [&same[..0], &same[..1], &same[..]] {
            let center = Center::of(2, Metric::L1, sample.iter().map(|vector| &vector[..]));
            assert_eq!(center.scale, 1.0 / 127.0);
        }
    }
}
