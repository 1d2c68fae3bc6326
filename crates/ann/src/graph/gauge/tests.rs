use super::super::Encoder;
use super::super::tests::Random;
use super::*;
use kernels::{Metric, float32};

const DIMS: usize = 70;

/// Codes of vectors, by an encoder; the first is the gauge's.
struct Coded {
    codes: Codes,
    gauge: Gauge,
}

fn coded(encoder: &Encoder, measure: Measure, vectors: &[Vec<f32>]) -> Coded {
    let mut codes = encoder.codes();
    codes.grow(vectors.len() as u64).unwrap();
    let mut gauge = Gauge::new(encoder);
    let (mut room, mut row) = (encoder.room(), codes.none().to_vec());
    for (slot, vector) in (0..).zip(vectors) {
        let scale = encoder.encode(vector, &mut room, &mut row);
        codes.write(slot, &row, scale);
        if slot == 0 {
            gauge.set(&row, scale, measure);
        }
    }
    Coded { codes, gauge }
}

impl Coded {
    /// How much nearer a node is by its codes than another, and the deviation of that.
    fn apart(&self, nodes: [u32; 2]) -> (f32, f32) {
        let mut nearness = [0.0; 2];
        self.gauge.compare(&self.codes, &nodes, &mut nearness);
        let deviation = |node, nearness| {
            let scale = self.codes.scale(node).unwrap();
            self.gauge.deviation(scale, nearness)
        };
        let [a, b] = [0, 1].map(|at| deviation(nodes[at], nearness[at]));
        (nearness[0] - nearness[1], (a * a + b * b).sqrt())
    }
}

fn measure_of(metric: Metric) -> Measure {
    match metric {
        Metric::Dot => Measure::Dot,
        Metric::L1 => Measure::L1,
        Metric::L2Squared | Metric::Cosine => Measure::L2,
    }
}

/// The exact similarity, in the unit of a nearness.
fn exact(metric: Metric, a: &[f32], b: &[f32]) -> f32 {
    let similarity = float32::Probe::new(Isa::portable(), metric, a).one_to_one(b);
    match metric {
        // Of vectors that are 1 long.
        Metric::Cosine => 2.0 * similarity,
        _ => similarity,
    }
}

#[test]
fn nearness_is_off_by_as_much_as_its_deviation_says() {
    for metric in Metric::ALL {
        let vectors = Random(41).vectors(800, DIMS);
        let slices = vectors.iter().map(Vec::as_slice);
        let encoder = Encoder::learn(DIMS, metric, slices, &|| false).unwrap();
        let coded = coded(&encoder, measure_of(metric), &vectors);
        let mut squares = 0.0;
        for other in 2..800 {
            let (got, deviation) = coded.apart([1, other]);
            let [a, b] = [1, other as usize].map(|node| exact(metric, &vectors[0], &vectors[node]));
            let off = (got - (a - b)) / deviation;
            assert!(off.abs() <= 5.0, "{metric:?}: {off} deviations");
            squares += off * off / 798.0;
        }
        // They are told neither too small nor far too great.
        assert!((0.2..1.7).contains(&squares), "{metric:?}: {squares}");
    }
}

#[test]
fn numbers_that_are_clamped_leave_no_doubt_that_is_not_told() {
    let mut random = Random(42);
    let vectors = random.vectors(300, DIMS);
    let slices = vectors.iter().map(Vec::as_slice);
    let encoder = Encoder::learn(DIMS, Metric::L1, slices, &|| false).unwrap();
    let mut far = vectors.clone();
    for (at, vector) in far.iter_mut().enumerate() {
        for number in vector.iter_mut().skip(at % 7).step_by(1 + at % 5) {
            *number *= 1.0 + (random.next() % 20) as f32;
        }
    }
    for first in [vectors[0].clone(), far[1].clone()] {
        let mut all = vec![first.clone()];
        all.extend(far.iter().cloned());
        all.push(first.clone());
        let coded = coded(&encoder, Measure::L1, &all);
        let own = coded.codes.get(0).unwrap().1;
        for node in 1..all.len() as u32 {
            let (_, scale) = coded.codes.get(node).unwrap();
            let mut nearness = [0.0];
            coded.gauge.compare(&coded.codes, &[node], &mut nearness);
            let off = nearness[0] - exact(Metric::L1, &first, &all[node as usize]);
            let rounding = encoder.scale * DIMS as f32;
            // What is clamped in both may be in the same numbers, and makes them look nearer at most.
            let clamped = 2.0 * own.aside.min(scale.aside);
            assert!((-rounding..=rounding + clamped).contains(&off), "{off}");
            assert!(off <= rounding + 3.0 * coded.gauge.deviation(scale, nearness[0]));
        }
        let mut itself = [0.0];
        coded
            .gauge
            .compare(&coded.codes, &[all.len() as u32 - 1], &mut itself);
        assert_eq!(itself, [0.0]);
    }
}

#[test]
fn the_nearest_are_within_the_deviation_of_projections_and_few_others() {
    const K: usize = 10;
    const QUERIES_OF: usize = 17;
    let mut random = Random(43);
    let mut vectors = random.vectors(3000, 300);
    for number in vectors.iter_mut().flatten() {
        *number += 0.07 * random.number();
    }
    for metric in [Metric::L2Squared, Metric::Cosine, Metric::Dot] {
        let slices = vectors.iter().map(Vec::as_slice);
        let encoder = Encoder::learn(300, metric, slices, &|| false).unwrap();
        assert!(encoder.axes.is_some(), "{metric:?}");
        let nodes: Vec<u32> = (0..vectors.len() as u32).collect();
        let Coded { codes, mut gauge } = coded(&encoder, measure_of(metric), &vectors);
        let (mut beyond_none, mut beyond, mut within) = (0, 0, 0);
        for own in (0..vectors.len()).step_by(QUERIES_OF) {
            let (row, scale) = codes.get(own as u32).unwrap();
            gauge.set(row, scale, measure_of(metric));
            let mut by_codes = vec![0.0; nodes.len()];
            for (nodes, places) in nodes.chunks(DEGREE).zip(by_codes.chunks_mut(DEGREE)) {
                gauge.compare(&codes, nodes, places);
            }
            let exact: Vec<f32> = vectors
                .iter()
                .map(|other| exact(metric, &vectors[own], other))
                .collect();
            let mut nearest = nodes.clone();
            nearest.sort_by(|a, b| exact[*b as usize].total_cmp(&exact[*a as usize]));
            let mut sorted = by_codes.clone();
            sorted.sort_by(|a, b| b.total_cmp(a));
            let last = sorted[K - 1];
            let node = by_codes.iter().position(|one| *one == last).unwrap();
            let scale = codes.scale(node as u32).unwrap();
            let least = last - 5.0 * gauge.deviation(scale, last);
            let nearest = nearest[..K].iter().map(|node| by_codes[*node as usize]);
            beyond_none += nearest.clone().filter(|one| *one < last).count();
            beyond += nearest.filter(|one| *one < least).count();
            within += sorted.partition_point(|one| *one >= least);
        }
        let mean = within / vectors.len().div_ceil(QUERIES_OF);
        assert!(beyond_none > 0, "{metric:?}: codes alone miss none");
        assert_eq!(beyond, 0, "{metric:?}");
        assert!((K..30).contains(&mean), "{metric:?}: {mean} are compared");
    }
}
