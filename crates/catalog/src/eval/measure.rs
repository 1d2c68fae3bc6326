//! Ranking every picture against every other.

use super::FeatureQuality;
use kernels::float32::Probe;
use kernels::{Isa, Metric};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// The depths at which recall is reported.
const RECALL_DEPTHS: [u32; 4] = [1, 5, 10, 100];
/// The depth of the precision that is reported.
const PRECISION_DEPTH: usize = 10;

/// Pictures and their labels.
pub(super) struct Group {
    labels: Vec<usize>,
    /// The pictures that have another one of their label.
    pub(super) queries: Vec<usize>,
}

impl Group {
    pub(super) fn new(labels: Vec<usize>) -> Self {
        let mut sizes: BTreeMap<usize, usize> = BTreeMap::new();
        for label in &labels {
            *sizes.entry(*label).or_default() += 1;
        }
        let queries = (0..labels.len())
            .filter(|at| sizes[&labels[*at]] > 1)
            .collect();
        Self { labels, queries }
    }

    pub(super) fn label_count(&self) -> usize {
        self.queries
            .iter()
            .map(|at| self.labels[*at])
            .collect::<BTreeSet<_>>()
            .len()
    }
}

/// What one query adds to the sums.
#[derive(Debug, Clone, PartialEq, Default)]
struct Quality {
    precision: f64,
    average_precision: f64,
    recalled: [f64; RECALL_DEPTHS.len()],
}

/// Measures a feature that is the weighted sum of the cosines of some vectors, one for each picture.
pub(super) fn measure(
    feature: &'static str,
    parts: &[(f32, Vec<&[f32]>)],
    group: &Group,
    threads: usize,
) -> FeatureQuality {
    let next = AtomicUsize::new(0);
    let total = Mutex::new(Quality::default());
    thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| {
                let mut own = Quality::default();
                while let Some(query) = group.queries.get(next.fetch_add(1, Ordering::Relaxed)) {
                    own.add(&quality(
                        &similarities(parts, *query),
                        *query,
                        &group.labels,
                    ));
                }
                total
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .add(&own);
            });
        }
    });
    let total = total.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mean = |sum: f64| sum / group.queries.len() as f64;
    FeatureQuality {
        feature,
        p_at_10: mean(total.precision),
        map: mean(total.average_precision),
        recall_at: RECALL_DEPTHS
            .into_iter()
            .zip(total.recalled.map(mean))
            .collect(),
    }
}

fn similarities(parts: &[(f32, Vec<&[f32]>)], query: usize) -> Vec<f32> {
    let pictures = parts.first().map_or(0, |(_, vectors)| vectors.len());
    let mut sums = vec![0.0; pictures];
    let mut part_of = vec![0.0; pictures];
    for (weight, vectors) in parts {
        let probe = Probe::new(Isa::best(), Metric::Cosine, vectors[query]);
        probe.one_to_scattered(vectors, &mut part_of);
        for (sum, part) in sums.iter_mut().zip(&part_of) {
            *sum += weight * part;
        }
    }
    sums
}

fn quality(similarities: &[f32], query: usize, labels: &[usize]) -> Quality {
    let mut ranking: Vec<usize> = (0..labels.len()).filter(|at| *at != query).collect();
    ranking.sort_unstable_by(|a, b| similarities[*b].total_cmp(&similarities[*a]).then(a.cmp(b)));
    let mut quality = Quality::default();
    let (mut right, mut first_right) = (0_u32, None);
    for (rank, at) in (1_u32..).zip(&ranking) {
        if labels[*at] != labels[query] {
            continue;
        }
        right += 1;
        first_right.get_or_insert(rank);
        quality.average_precision += f64::from(right) / f64::from(rank);
        if rank as usize <= PRECISION_DEPTH {
            quality.precision += 1.0 / PRECISION_DEPTH as f64;
        }
    }
    quality.average_precision /= f64::from(right.max(1));
    for (recalled, depth) in quality.recalled.iter_mut().zip(RECALL_DEPTHS) {
        *recalled = f64::from(u8::from(first_right.is_some_and(|rank| rank <= depth)));
    }
    quality
}

impl Quality {
    fn add(&mut self, other: &Self) {
        self.precision += other.precision;
        self.average_precision += other.average_precision;
        for (sum, recalled) in self.recalled.iter_mut().zip(other.recalled) {
            *sum += recalled;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ranking_worked_out_by_hand() {
        // Nearest to picture 0 are 2 (wrong), 1 (right), 4 (right), 3 (wrong).
        let quality = quality(&[9.0, 0.8, 0.9, 0.1, 0.5], 0, &[7, 7, 5, 5, 7]);
        assert!((quality.precision - 0.2).abs() < 1e-12);
        assert!((quality.average_precision - (1.0 / 2.0 + 2.0 / 3.0) / 2.0).abs() < 1e-12);
        assert_eq!(quality.recalled, [0.0, 1.0, 1.0, 1.0]);
    }

    #[test]
    fn a_picture_alone_in_its_folder_is_not_searched_with() {
        let group = Group::new(vec![1, 2, 2, 3]);
        assert_eq!(group.queries, [1, 2]);
        assert_eq!(group.label_count(), 1);
        let near = [[1.0, 0.0], [0.0, 1.0], [0.1, 1.0], [1.0, 0.2]];
        let vectors = near.iter().map(|vector| vector.as_slice()).collect();
        let found = measure("color", &[(1.0, vectors)], &group, 2);
        assert_eq!((found.map, found.recall_at[&1]), (1.0, 1.0));
        assert!((found.p_at_10 - 0.1).abs() < 1e-12);
    }
}
