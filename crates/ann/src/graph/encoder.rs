//! What vectors are encoded by.

use super::axes;
use super::codes::{Codes, Scale, compared_bytes};
use super::gauge::{Gauge, Measure};
use super::links::DEGREE;
use crate::error::{Error, Result};
use kernels::{Isa, Metric, float32, int8, prefetch_slice};
use std::collections::HashSet;

#[cfg(test)]
mod tests;

/// Of so many vectors of a sample one may have numbers that codes by one scale for all clamp.
const CLAMPED_OF: usize = 100;

/// On how many axes vectors may be projected, where that makes codes shorter: with what is beside them they fill lines of memory.
const WIDTHS: [usize; 3] = [120, 184, 248];

/// Axes are learnt from every second vector of a sample, if there are as many.
const LEAST_SAMPLE: usize = 1024;

/// Codes of projections are good enough where of the nearest vectors of a sample so many
const NEAREST: usize = 10;
/// are among so many that the codes say are nearest,
const AMONG: usize = 15;
/// but for so small a share. In more vectors than the sample has, the nearest are nearer to each other than what a projection leaves out.
const MISSED: f64 = 0.01;

/// How much of what a projection leaves out of a vector counts as distance from others: all of it would if what is left out of near
/// vectors had nothing in common, nothing if it were the same.
const COUNTED: f32 = 0.5;

/// For how many vectors of a sample the nearest are looked for.
const JUDGED: usize = 128;

/// What share of their squared lengths two vectors are apart at least whose distance tells anything.
const SAME: f32 = 1e-4;

/// What makes codes of vectors: where the vectors are, how far they reach from there, and on which axes they differ most. It
/// changes no distance; the better it fits, the more precise and the shorter codes are.
#[derive(Debug, Clone, PartialEq)]
pub struct Encoder {
    pub(super) metric: Metric,
    /// What is taken from every vector before it is encoded.
    pub(super) point: Vec<f32>,
    /// What codes are multiplied by where that has to be the same for all vectors, above 0.
    pub(super) scale: f32,
    /// What vectors are projected on; all their numbers are encoded where there is nothing.
    pub(super) axes: Option<Axes>,
}

/// What vectors are projected on before they are encoded: principal axes, turned so that all have a part of the variance.
///
/// Projections are nearer to each other than their vectors, by what is at right angles to the axes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Axes {
    /// int8 codes, a row for each axis; what rounding turns them by is the same for all vectors.
    pub(super) rows: Vec<u8>,
    /// What the codes of each are multiplied by.
    pub(super) scales: Vec<f32>,
    pub(super) spread: Spread,
}

/// By how much squared distances differ from those of the codes of projections, beside what is the same for all: standard
/// deviations. Of dot products, both are shares of both lengths.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Spread {
    /// That of near vectors, as a share of the distance.
    pub(super) near: f32,
    /// That of any, which is less where they are far.
    pub(super) any: f32,
}

impl Axes {
    /// Takes axes of `dims` numbers each, row-major.
    fn new(axes: &[f32], dims: usize) -> Axes {
        let mut rows = vec![0; axes.len() / dims * int8::row_bytes(dims)];
        let codes = rows.chunks_exact_mut(int8::row_bytes(dims));
        let scales = axes
            .chunks_exact(dims)
            .zip(codes)
            .map(|(axis, codes)| int8::encode(axis, codes));
        Axes {
            scales: scales.collect(),
            rows,
            spread: Spread::default(),
        }
    }
}

/// The codes of all axes.
struct Rows<'a> {
    codes: &'a [u8],
    row: usize,
}

impl int8::Rows for Rows<'_> {
    #[inline(always)]
    fn row(&self, at: usize) -> &[u8] {
        &self.codes[at * self.row..][..self.row]
    }

    #[inline(always)]
    fn ask(&self, at: usize) {
        prefetch_slice(self.row(at));
    }
}

/// What is written while a vector is encoded.
#[derive(Debug)]
pub(super) struct Room {
    /// The vector less the middle.
    centered: Vec<f32>,
    /// Its codes, with which it is projected.
    codes: Vec<u8>,
    probe: int8::Probe,
    totals: Vec<i32>,
    /// The projection.
    onto: Vec<f32>,
}

/// What codes of a sample tell of it.
struct Judgement {
    /// Of the nearest, the share that is not among those that the codes say are nearest.
    missed: f64,
    spread: Spread,
}

impl Encoder {
    /// Learns from a sample what vectors like those are best encoded by: a few thousand tell it well enough. It is in the
    /// middle of them, each made 1 long for the cosine. Where nearly all that they differ in is on a few axes, vectors are
    /// projected on those: codes are a fraction as long then, and as good. For the sum of absolute differences, whose
    /// codes have one scale for all vectors and all dims, it knows how far the vectors reach. Without a sample they are taken to be
    /// from -1 to 1.
    ///
    /// From 4,096 vectors of 512 numbers it learns in a third of a second, of 4,096 numbers in some seconds; `stop` is asked on the way.
    ///
    /// # Errors
    /// [`Error::Stopped`] once `stop` says so; [`Error::Memory`] if there is none.
    pub fn learn<'a>(
        dims: usize,
        metric: Metric,
        sample: impl Iterator<Item = &'a [f32]>,
        stop: &dyn Fn() -> bool,
    ) -> Result<Encoder> {
        let sample: Vec<&[f32]> = sample.collect();
        let mut encoder = Encoder::middle_of(dims, metric, &sample);
        encoder.axes = encoder.axes_of(&distinct(&sample), stop)?;
        Ok(encoder)
    }

    /// Learns the same, but for axes: all numbers of a vector are encoded, so that codes tell as much of any vector.
    pub fn learn_whole<'a>(
        dims: usize,
        metric: Metric,
        sample: impl Iterator<Item = &'a [f32]>,
    ) -> Encoder {
        Encoder::middle_of(dims, metric, &sample.collect::<Vec<_>>())
    }

    fn middle_of(dims: usize, metric: Metric, sample: &[&[f32]]) -> Encoder {
        let mut sums = vec![0.0f64; dims];
        // The dot product changes when something is taken from the vectors.
        if metric != Metric::Dot {
            for vector in sample {
                let length = length(metric, vector);
                for (sum, number) in sums.iter_mut().zip(*vector) {
                    *sum += f64::from(number / length);
                }
            }
        }
        let count = f64::max(sample.len() as f64, 1.0);
        let point: Vec<f32> = sums.iter().map(|sum| (sum / count) as f32).collect();
        let scale = match metric {
            Metric::L1 => scale_of(&point, sample),
            _ => 1.0,
        };
        Encoder {
            metric,
            point,
            scale,
            axes: None,
        }
    }

    /// Finds the fewest axes that do; nothing where there are none.
    fn axes_of(&self, sample: &[&[f32]], stop: &dyn Fn() -> bool) -> Result<Option<Axes>> {
        let dims = self.dims();
        let bytes = |width| compared_bytes(width, false);
        let widths = WIDTHS
            .into_iter()
            .filter(|width| bytes(*width) < bytes(dims));
        let Some(most) = widths.clone().max() else {
            return Ok(None);
        };
        if self.metric == Metric::L1 || sample.len() < LEAST_SAMPLE {
            return Ok(None);
        }
        let mut rows = vec![0.0; sample.len().div_ceil(2) * dims];
        // What is judged by is not only what was learnt from.
        for (row, vector) in rows.chunks_exact_mut(dims).zip(sample.iter().step_by(2)) {
            self.center(vector, row);
        }
        let principal = axes::principal(&rows, dims, most, stop)?;
        for width in widths {
            let axes = axes::evened(&principal[..width * dims], dims);
            let trial = Encoder {
                axes: Some(Axes::new(&axes, dims)),
                ..self.clone()
            };
            let Judgement { missed, spread } = trial.judge(sample, stop)?;
            if missed <= MISSED {
                let axes = trial.axes.map(|axes| Axes { spread, ..axes });
                return Ok(axes);
            }
        }
        Ok(None)
    }

    /// Whether codes by this encoder tell vectors like those of a sample apart: if not, one that learns from them is better.
    /// What encodes all numbers of a vector does, and a small sample tells nothing.
    pub(super) fn suits(&self, sample: &[&[f32]], stop: &dyn Fn() -> bool) -> Result<bool> {
        let sample = distinct(sample);
        if self.axes.is_none() || sample.len() < LEAST_SAMPLE {
            return Ok(true);
        }
        // It may be a little worse for them than for those that it learnt from, before it is worth while to begin anew.
        let judgement = self.judge(&sample, stop)?;
        Ok(judgement.missed <= 2.0 * MISSED)
    }

    /// Looks at what codes tell of a sample.
    fn judge(&self, sample: &[&[f32]], stop: &dyn Fn() -> bool) -> Result<Judgement> {
        let metric = self.metric;
        let mut codes = self.codes();
        let grown = codes.grow(sample.len() as u64);
        grown.map_err(|source| Error::Memory { source })?;
        let (mut room, mut row) = (self.room(), codes.none().to_vec());
        for (slot, vector) in (0..).zip(sample) {
            let scale = self.encode(vector, &mut room, &mut row);
            codes.write(slot, &row, scale);
        }
        let measure = match metric {
            Metric::Dot => Measure::Dot,
            _ => Measure::L2,
        };
        let mut gauge = Gauge::new(self);
        let slots: Vec<u32> = (0..sample.len() as u32).collect();
        let (mut exact, mut by_codes) = (vec![0.0; sample.len()], vec![0.0; sample.len()]);
        let (mut missed, mut asked) = (0, 0);
        let (mut ratios, mut variances) = (Vec::new(), Vec::new());
        // Every second is one that was not learnt from.
        for own in (0..sample.len()).step_by((sample.len() / JUDGED) | 1) {
            if stop() {
                return Err(Error::Stopped);
            }
            let Some((of_own, scale)) = codes.get(own as u32) else {
                continue;
            };
            let probe = float32::Probe::new(Isa::best(), metric, sample[own]);
            probe.one_to_scattered(sample, &mut exact);
            gauge.set(of_own, scale, measure);
            for (slots, places) in slots.chunks(DEGREE).zip(by_codes.chunks_mut(DEGREE)) {
                gauge.compare(&codes, slots, places);
            }
            exact[own] = f32::NEG_INFINITY;
            by_codes[own] = f32::NEG_INFINITY;
            let nearest = greatest(&exact, NEAREST);
            let among = greatest(&by_codes, AMONG);
            asked += nearest.len();
            let least = among.iter().map(|one| by_codes[*one]);
            let least = least.fold(f32::INFINITY, f32::min);
            missed += nearest.iter().filter(|one| by_codes[**one] < least).count();
            let lengths = |other: usize| {
                let other = codes.scale(other as u32).map_or(0.0, |scale| scale.aside);
                (other * scale.aside).sqrt()
            };
            ratios.extend(nearest.iter().filter_map(|one| {
                if metric == Metric::Dot {
                    return finite((exact[*one] - by_codes[*one]) / lengths(*one));
                }
                let distance = gauge.distance(by_codes[*one]);
                // Vectors that are the same, but for rounding, tell nothing.
                let is_apart = distance > SAME * lengths(*one);
                finite(squared(metric, exact[*one]) / distance).filter(|_| is_apart)
            }));
            let off = (0..sample.len()).filter_map(|other| {
                finite(match metric {
                    Metric::Dot => (exact[other] - by_codes[other]) / lengths(other),
                    _ => squared(metric, exact[other]) - gauge.distance(by_codes[other]),
                })
            });
            variances.push(mean_and_variance(&off.collect::<Vec<_>>()).1);
        }
        let (mean, variance) = mean_and_variance(&ratios);
        let unit = if metric == Metric::Dot { 1.0 } else { mean };
        Ok(Judgement {
            missed: missed as f64 / asked.max(1) as f64,
            spread: Spread {
                near: finite((variance.sqrt() / unit) as f32)
                    .map_or(1.0, |near| near.min(1.0) as f32),
                any: mean_and_variance(&variances).0.sqrt() as f32,
            },
        })
    }

    /// Gives the numbers of a vector.
    pub(super) fn dims(&self) -> usize {
        self.point.len()
    }

    /// Gives how many numbers are encoded.
    pub(super) fn width(&self) -> usize {
        let dims = self.dims();
        self.axes.as_ref().map_or(dims, |axes| axes.scales.len())
    }

    /// Makes the room that encoding takes.
    pub(super) fn room(&self) -> Room {
        let dims = self.dims();
        let axes = self.axes.as_ref().map_or(0, |axes| axes.scales.len());
        let codes = if axes == 0 { 0 } else { int8::row_bytes(dims) };
        Room {
            centered: vec![0.0; dims],
            codes: vec![0; codes],
            probe: int8::Probe::new(Isa::best(), codes.min(dims), codes),
            totals: vec![0; axes],
            onto: vec![0.0; axes],
        }
    }

    fn are_subtracted(&self) -> bool {
        self.metric == Metric::L1
    }

    /// Makes codes for no slots yet.
    pub(super) fn codes(&self) -> Codes {
        Codes::new(self.width(), self.are_subtracted())
    }

    /// Gives the bytes of a row of codes as far as they are compared.
    pub(super) fn compared_bytes(&self) -> usize {
        compared_bytes(self.width(), self.are_subtracted())
    }

    /// Writes the numbers of a vector less the middle of all.
    fn center(&self, vector: &[f32], centered: &mut [f32]) {
        let length = length(self.metric, vector);
        for ((to, number), center) in centered.iter_mut().zip(vector).zip(&self.point) {
            *to = number / length - center;
        }
    }

    /// Gives the squared norm of a vector, less the middle, by which codes of it are compared.
    fn norm_squared(&self, centered: &[f32], encoded: &[f32]) -> f32 {
        let isa = Isa::best();
        let norm_squared = float32::dot(isa, encoded, encoded);
        // A dot product knows nothing of what is left out.
        if self.axes.is_none() || self.metric == Metric::Dot {
            return norm_squared;
        }
        let left_out = float32::dot(isa, centered, centered) - norm_squared;
        norm_squared + COUNTED * left_out.max(0.0)
    }

    /// Writes the codes of a vector, as nodes have them; `room` is overwritten.
    pub(super) fn encode(&self, vector: &[f32], room: &mut Room, codes: &mut [u8]) -> Scale {
        self.center(vector, &mut room.centered);
        let encoded = match &self.axes {
            Some(axes) => {
                let scale = int8::encode(&room.centered, &mut room.codes);
                room.probe.set(&room.codes, scale);
                let rows = Rows {
                    codes: &axes.rows,
                    row: room.codes.len(),
                };
                room.probe.dots(rows, &mut room.totals);
                let totals = room.totals.iter().zip(&axes.scales);
                for (to, (total, of_axis)) in room.onto.iter_mut().zip(totals) {
                    *to = *total as f32 * (scale * of_axis);
                }
                &room.onto
            }
            None => &room.centered,
        };
        match self.metric {
            Metric::L1 => Scale {
                scale: self.scale,
                aside: int8::encode_by(self.scale, encoded, codes),
            },
            Metric::Dot | Metric::L2Squared | Metric::Cosine => Scale {
                scale: int8::encode(encoded, codes),
                aside: self.norm_squared(&room.centered, encoded),
            },
        }
    }
}

/// Turns a similarity into the squared distance that codes tell: for the cosine, that of vectors 1 long.
fn squared(metric: Metric, similarity: f32) -> f32 {
    match metric {
        Metric::Cosine => 2.0 - 2.0 * similarity,
        _ => -similarity,
    }
}

fn finite(number: f32) -> Option<f64> {
    number.is_finite().then_some(f64::from(number))
}

/// Computes the mean of some numbers and their variance, both 0 of none.
fn mean_and_variance(numbers: &[f64]) -> (f64, f64) {
    let count = f64::max(numbers.len() as f64, 1.0);
    let mean = numbers.iter().sum::<f64>() / count;
    let squares = numbers.iter().map(|number| (number - mean).powi(2));
    (mean, squares.sum::<f64>() / count)
}

/// Gives vectors once that are there several times: they tell nothing of how far others are apart.
fn distinct<'a>(sample: &[&'a [f32]]) -> Vec<&'a [f32]> {
    let mut seen = HashSet::new();
    let bits =
        |vector: &[f32]| -> Vec<u32> { vector.iter().map(|number| number.to_bits()).collect() };
    sample
        .iter()
        .copied()
        .filter(|vector| seen.insert(bits(vector)))
        .collect()
}

/// Gives where the greatest numbers are, in any order.
fn greatest(numbers: &[f32], count: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..numbers.len()).collect();
    if count < order.len() {
        order.select_nth_unstable_by(count, |a, b| numbers[*b].total_cmp(&numbers[*a]));
        order.truncate(count);
    }
    order
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
