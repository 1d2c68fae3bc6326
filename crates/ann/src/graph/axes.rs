//! Principal axes: the directions in which vectors differ most.

use crate::error::{Error, Result};
use kernels::{Isa, float32};

/// How often axes are turned towards the principal ones. What they leave open after that lies between axes of nearly the same
/// variance, and does not matter.
const TURNS: usize = 5;

/// How many rows are multiplied at a time, so that they stay near the processor.
const ROWS_AT_ONCE: usize = 64;

/// Finds the `count` principal axes of some rows of `dims` numbers, whose mean is 0 or which differ from 0 as they are meant
/// to: row-major, each 1 long and at right angles to the others, about the greatest variance first.
///
/// By subspace iteration (Halko, Martinsson and Tropp, 2011, section 4.5): random axes are multiplied by the covariance, and
/// made orthonormal again. `stop` is asked in between.
///
/// # Errors
/// [`Error::Stopped`] once `stop` says so.
pub(super) fn principal(
    rows: &[f32],
    dims: usize,
    count: usize,
    stop: &dyn Fn() -> bool,
) -> Result<Vec<f32>> {
    let unless_stopped = || match stop() {
        true => Err(Error::Stopped),
        false => Ok(()),
    };
    unless_stopped()?;
    let (columns, number) = (transposed(rows, dims), rows.len() / dims);
    // Once known, the covariance takes less each time than the rows do, if they are many.
    let by_covariance = dims * (number + TURNS * count) < 2 * TURNS * count * number;
    let covariance = by_covariance.then(|| products(&columns, &columns, number));
    let mut axes = random(count * dims);
    for _ in 0..TURNS {
        unless_stopped()?;
        orthonormalize(&mut axes, dims);
        unless_stopped()?;
        axes = match &covariance {
            Some(covariance) => products(&axes, covariance, dims),
            None => products(&products(&axes, rows, dims), &columns, number),
        };
    }
    orthonormalize(&mut axes, dims);
    Ok(axes)
}

/// Turns axes within the space that they span, so that each has a part of the variance of all: codes that have one scale
/// for all their numbers say most then.
pub(super) fn evened(axes: &[f32], dims: usize) -> Vec<f32> {
    let count = axes.len() / dims;
    let mut turn = random(count * count);
    orthonormalize(&mut turn, count);
    products(&turn, &transposed(axes, dims), count)
}

/// Numbers spread evenly around 0, always the same.
fn random(count: usize) -> Vec<f32> {
    // The numbers of Knuth's MMIX.
    let mut state = 1u64;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f32 / (1u64 << 24) as f32 - 0.5
    };
    (0..count).map(|_| next()).collect()
}

/// Makes rows 1 long and at right angles to each other, by Gram and Schmidt, twice for what the first leaves. A row that
/// the ones before it span becomes zeros.
fn orthonormalize(rows: &mut [f32], dims: usize) {
    let isa = Isa::best();
    for at in 0..rows.len() / dims {
        let (before, rest) = rows.split_at_mut(at * dims);
        let own = &mut rest[..dims];
        let length = float32::dot(isa, own, own).sqrt();
        for _ in 0..2 {
            for other in before.chunks_exact(dims) {
                let dot = float32::dot(isa, own, other);
                for (number, other) in own.iter_mut().zip(other) {
                    *number -= dot * other;
                }
            }
        }
        let rest = float32::dot(isa, own, own).sqrt();
        let is_spanned = rest <= length * 1e-5 || rest < f32::MIN_POSITIVE;
        let inverse = if is_spanned { 0.0 } else { 1.0 / rest };
        own.iter_mut().for_each(|number| *number *= inverse);
    }
}

/// Makes rows of columns.
fn transposed(rows: &[f32], dims: usize) -> Vec<f32> {
    let count = rows.len() / dims;
    let mut columns = vec![0.0; rows.len()];
    for (at, row) in rows.chunks_exact(dims).enumerate() {
        for (column, number) in columns.chunks_exact_mut(count).zip(row) {
            column[at] = *number;
        }
    }
    columns
}

/// Computes the dot product of each row of `a`, of `dims` numbers, with each of `b`: row-major.
fn products(a: &[f32], b: &[f32], dims: usize) -> Vec<f32> {
    let columns = b.len() / dims;
    let mut products = vec![0.0; a.len() / dims * columns];
    for (first, b) in b.chunks(ROWS_AT_ONCE * dims).enumerate() {
        let start = first * ROWS_AT_ONCE;
        let rows = products.chunks_exact_mut(columns);
        for (row, a) in rows.zip(a.chunks_exact(dims)) {
            let part = &mut row[start..start + b.len() / dims];
            float32::dots(Isa::best(), a, b, part);
        }
    }
    products
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows that lie, but for a little, in a space of 3 dims.
    fn rows(dims: usize) -> Vec<f32> {
        let spanned = random(3 * dims);
        let weights = random(3 * 200);
        let noise = random(200 * dims);
        let mut rows = Vec::new();
        for (weights, noise) in weights.chunks_exact(3).zip(noise.chunks_exact(dims)) {
            for at in 0..dims {
                let parts = weights.iter().enumerate();
                let sum: f32 = parts
                    .map(|(which, weight)| {
                        weight * spanned[which * dims + at] * (9.0 - 4.0 * which as f32)
                    })
                    .sum();
                rows.push(sum + 0.01 * noise[at]);
            }
        }
        rows
    }

    fn lengths_squared(rows: &[f32], dims: usize) -> f32 {
        rows.chunks_exact(dims)
            .map(|row| float32::dot(Isa::best(), row, row))
            .sum()
    }

    #[test]
    fn axes_are_orthonormal_and_hold_what_varies_most() {
        for dims in [5, 64, 150] {
            let rows = rows(dims);
            let axes = principal(&rows, dims, 4, &|| false).unwrap();
            let cross = products(&axes, &axes, dims);
            for (at, dot) in cross.iter().enumerate() {
                let expected = if at % 5 == 0 { 1.0 } else { 0.0 };
                assert!((dot - expected).abs() < 1e-4, "{dims} dims: {cross:?}");
            }
            let onto = products(&rows, &axes[..3 * dims], dims);
            let kept = lengths_squared(&onto, 3) / lengths_squared(&rows, dims);
            assert!(kept > 0.999, "{dims} dims: {kept}");
            let onto = transposed(&products(&rows, &axes, dims), 4);
            let variances: Vec<f32> = onto
                .chunks_exact(200)
                .map(|onto| lengths_squared(onto, 200))
                .collect();
            assert!(variances.is_sorted_by(|a, b| a >= b), "{variances:?}");
        }
    }

    #[test]
    fn evened_axes_span_the_same_and_share_what_varies() {
        let rows = rows(64);
        let axes = principal(&rows, 64, 3, &|| false).unwrap();
        let evened = evened(&axes, 64);
        let [before, after] = [&axes, &evened].map(|axes| products(&rows, axes, 64));
        let [total, same] = [&before, &after].map(|onto| lengths_squared(onto, 3));
        assert!((total - same).abs() < 1e-3 * total, "{total} {same}");
        let greatest = |onto: &[f32]| {
            let columns = transposed(onto, 3);
            let variances = columns
                .chunks_exact(200)
                .map(|onto| lengths_squared(onto, 200));
            variances.fold(0.0, f32::max)
        };
        assert!(greatest(&after) < greatest(&before));
    }

    #[test]
    fn rows_that_are_all_zero_or_few_have_axes_of_zeros() {
        let axes = principal(&[0.0; 40], 10, 3, &|| false).unwrap();
        assert_eq!(axes, [0.0; 30]);
        let one: Vec<f32> = (0..10).map(|at| at as f32).collect();
        let axes = principal(&one, 10, 2, &|| false).unwrap();
        assert!((float32::dot(Isa::best(), &axes[..10], &axes[..10]) - 1.0).abs() < 1e-5);
        assert_eq!(axes[10..], [0.0; 10]);
    }
}
