use super::*;
use proptest::prelude::*;

/// The exact sums in 64-bit floats, each with the sum of the absolute values of its terms.
struct Exact {
    dot: (f64, f64),
    l2_squared: (f64, f64),
    l1: (f64, f64),
    norm_squared: (f64, f64),
}

fn exact(a: &[f32], b: &[f32]) -> Exact {
    let terms = |term: fn(f64, f64) -> f64| {
        let terms = a
            .iter()
            .zip(b)
            .map(|(a, b)| term(f64::from(*a), f64::from(*b)));
        terms.fold((0.0, 0.0), |(sum, size), term| {
            (sum + term, size + term.abs())
        })
    };
    Exact {
        dot: terms(|a, b| a * b),
        l2_squared: terms(|a, b| (a - b) * (a - b)),
        l1: terms(|a, b| (a - b).abs()),
        norm_squared: terms(|_, b| b * b),
    }
}

/// The tolerance that the module promises.
fn assert_close(got: f32, (want, size): (f64, f64), n: usize, what: &str) {
    let n = n as f64;
    let tolerance = (n / 16.0 + 16.0) * 2f64.powi(-23) * size + n * 2f64.powi(-126);
    let error = (f64::from(got) - want).abs();
    assert!(
        error <= tolerance,
        "{what}, {n} numbers: expected {want}, got {got}"
    );
}

fn check_pair(a: &[f32], b: &[f32]) {
    let exact = exact(a, b);
    let n = a.len();
    for isa in Isa::available() {
        let name = isa.name();
        assert_close(dot(isa, a, b), exact.dot, n, &format!("dot on {name}"));
        assert_close(
            l2_squared(isa, a, b),
            exact.l2_squared,
            n,
            &format!("l2 on {name}"),
        );
        assert_close(l1(isa, a, b), exact.l1, n, &format!("l1 on {name}"));
        let (dot, norm) = dot_and_norm(isa, a, b);
        assert_close(dot, exact.dot, n, &format!("dot with norm on {name}"));
        assert_close(norm, exact.norm_squared, n, &format!("norm on {name}"));
    }
}

/// Numbers from a small generator, so that a length alone names a case.
fn numbers(seed: u64, n: usize, scale: f32) -> Vec<f32> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 40) as f32 / (1u64 << 23) as f32 - 1.0
    };
    (0..n).map(|_| next() * scale).collect()
}

#[test]
fn every_length_agrees_with_the_exact_sums() {
    for n in (0..=300).chain([512, 1280, 4096]) {
        for scale in [1.0, 1e-3, 1e4] {
            check_pair(
                &numbers(n as u64 + 1, n, scale),
                &numbers(n as u64 + 7001, n, scale),
            );
        }
    }
}

#[test]
fn every_position_counts_once() {
    // Powers of two at one place: a lane that is skipped, doubled or mixed up shows exactly.
    for n in 1..=150 {
        for place in 0..n {
            let mut a = vec![0.0; n];
            let mut b = vec![0.0; n];
            a[place] = 4.0;
            b[place] = -2.0;
            for isa in Isa::available() {
                assert_eq!(dot(isa, &a, &b), -8.0);
                assert_eq!(l2_squared(isa, &a, &b), 36.0);
                assert_eq!(l1(isa, &a, &b), 6.0);
                assert_eq!(dot_and_norm(isa, &a, &b), (-8.0, 4.0));
            }
        }
    }
}

#[test]
fn denormal_zero_and_large_numbers() {
    for n in [1, 3, 17, 64, 300, 512] {
        let zero = vec![0.0; n];
        let tiny = numbers(3, n, 1e-39);
        let small = numbers(4, n, 1e-20);
        let large = numbers(5, n, 1e17);
        for a in [&zero, &tiny, &small, &large] {
            for b in [&zero, &tiny, &small, &large] {
                check_pair(a, b);
            }
        }
        for isa in Isa::available() {
            assert_eq!(l1(isa, &tiny, &tiny), 0.0);
            assert_eq!(dot(isa, &[1e30], &[1e30]), f32::INFINITY);
            for metric in Metric::ALL {
                let probe = Probe::new(isa, metric, &zero);
                assert_eq!(probe.one_to_one(&zero), 0.0, "{metric:?}");
            }
            // Infinity minus infinity inside a sum is not a number and ranks behind everything.
            let probe = Probe::new(isa, Metric::Dot, &[1e30, 1e30]);
            assert_eq!(probe.one_to_one(&[1e30, -1e30]), f32::NEG_INFINITY);
            // A direction is found as long as the squared norms are normal numbers.
            let probe = Probe::new(isa, Metric::Cosine, &[3e18, 4e18]);
            assert!((probe.one_to_one(&[6e-18, 8e-18]) - 1.0).abs() < 1e-6);
        }
    }
}

#[test]
fn unaligned_slices_are_read_right() {
    let a = numbers(11, 200, 1.0);
    let b = numbers(12, 200, 1.0);
    for start in 0..16 {
        check_pair(&a[start..start + 150], &b[16 - start..166 - start]);
    }
}

fn want_similarity(metric: Metric, query: &[f32], row: &[f32]) -> f64 {
    let exact = exact(query, row);
    match metric {
        Metric::Dot => exact.dot.0,
        Metric::L2Squared => -exact.l2_squared.0,
        Metric::L1 => -exact.l1.0,
        Metric::Cosine => {
            let query_norm = query.iter().map(|q| f64::from(*q).powi(2)).sum::<f64>();
            let product = query_norm.sqrt() * exact.norm_squared.0.sqrt();
            if product == 0.0 {
                0.0
            } else {
                exact.dot.0 / product
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: proptest::test_runner::RngSeed::Fixed(1), ..ProptestConfig::default() })]

    #[test]
    fn random_pairs_agree(pair in proptest::collection::vec((-100f32..100.0, -100f32..100.0), 1..600)) {
        let (a, b): (Vec<f32>, Vec<f32>) = pair.into_iter().unzip();
        check_pair(&a, &b);
    }

    #[test]
    fn many_rows_agree_with_one_and_with_the_exact(dims in 1usize..90, count in 0usize..20, seed in 0u64..1000) {
        let query = numbers(seed + 1, dims, 1.0);
        let mut rows = numbers(seed + 2, dims * count, 1.0);
        if let Some(first) = rows.get_mut(..dims) {
            first.fill(0.0);
        }
        let scattered: Vec<&[f32]> = rows.chunks_exact(dims).rev().collect();
        for isa in Isa::available() {
            for metric in Metric::ALL {
                let probe = Probe::new(isa, metric, &query);
                let mut many = vec![f32::NAN; count];
                probe.one_to_many(&rows, &mut many);
                let mut gathered = vec![f32::NAN; count];
                probe.one_to_scattered(&scattered, &mut gathered);
                gathered.reverse();
                // The same row gives the same bits wherever it lies, so that equal rows tie.
                prop_assert_eq!(&many, &gathered);
                for (row, similarity) in rows.chunks_exact(dims).zip(&many) {
                    prop_assert_eq!(probe.one_to_one(row), *similarity);
                    let want = want_similarity(metric, &query, row);
                    let error = (f64::from(*similarity) - want).abs();
                    prop_assert!(error < 1e-4, "{} {:?}: expected {want}, got {similarity}", isa.name(), metric);
                }
            }
        }
    }
}

#[test]
#[should_panic(expected = "same length")]
fn lengths_that_differ_panic() {
    dot(Isa::best(), &[1.0, 2.0], &[1.0]);
}

#[test]
#[should_panic(expected = "2 rows of 3 floats are expected, got 5 floats")]
fn rows_of_the_wrong_length_panic() {
    let query = [1.0, 2.0, 3.0];
    Probe::new(Isa::best(), Metric::Dot, &query).one_to_many(&[0.0; 5], &mut [0.0; 2]);
}

#[test]
#[should_panic(expected = "as long as the query")]
fn a_scattered_row_of_the_wrong_length_panics() {
    let query = [1.0, 2.0, 3.0];
    Probe::new(Isa::best(), Metric::Dot, &query)
        .one_to_scattered(&[&[0.0; 3], &[0.0; 2]], &mut [0.0; 2]);
}
