use super::*;
use proptest::prelude::*;

fn codes_of(vector: &[f32]) -> (Vec<u8>, f32) {
    let mut codes = vec![0; row_bytes(vector.len())];
    let scale = encode(vector, &mut codes);
    (codes, scale)
}

fn differences(a: &[u8], b: &[u8]) -> i32 {
    let pairs = a.iter().zip(b);
    pairs.map(|(a, b)| i32::from(a.abs_diff(*b))).sum()
}

fn exact(a: &[u8], b: &[u8]) -> i32 {
    let number = |code: &u8| i32::from(*code) - i32::from(ZERO);
    a.iter().zip(b).map(|(a, b)| number(a) * number(b)).sum()
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: proptest::test_runner::RngSeed::Fixed(5), ..ProptestConfig::default() })]

    #[test]
    fn a_number_is_its_code_times_the_scale(vector in proptest::collection::vec(-1e3f32..1e3, 1..200), power in -36i32..30) {
        let vector: Vec<f32> = vector.iter().map(|number| number * 10f32.powi(power)).collect();
        let (codes, scale) = codes_of(&vector);
        for (code, number) in codes.iter().zip(&vector) {
            let decoded = (f32::from(*code) - f32::from(ZERO)) * scale;
            prop_assert!((decoded - number).abs() <= 0.501 * scale.max(f32::MIN_POSITIVE * 127.0), "{number} became {decoded}");
        }
        prop_assert!(codes[vector.len()..].iter().all(|code| *code == ZERO));
    }

    #[test]
    fn a_scale_that_is_given_clamps_what_is_beyond(vector in proptest::collection::vec(-1e3f32..1e3, 1..200), scale in 0.01f32..20.0) {
        let mut codes = vec![0; row_bytes(vector.len())];
        let beyond = encode_by(scale, &vector, &mut codes);
        let most = 127.0 * scale;
        let mut expected = 0.0;
        for (code, number) in codes.iter().zip(&vector) {
            let decoded = (f32::from(*code) - f32::from(ZERO)) * scale;
            prop_assert!((decoded - number.clamp(-most, most)).abs() <= 0.501 * scale, "{number} became {decoded}");
            expected += (number.abs() - most).max(0.0);
        }
        prop_assert!((beyond - expected).abs() <= 1e-3 * expected, "{beyond}, expected {expected}");
        prop_assert!(codes[vector.len()..].iter().all(|code| *code == ZERO));
    }

    #[test]
    fn every_instruction_set_agrees_with_the_exact_totals(
        bytes in proptest::collection::vec(any::<u8>(), 1..700),
        count in 0usize..40,
    ) {
        let length = row_bytes(bytes.len());
        let row = |seed: usize| -> Vec<u8> {
            (0..length).map(|i| bytes[(i * (seed + 1) + seed) % bytes.len()].wrapping_mul(seed as u8 + 1).max(1)).collect()
        };
        let (query, rows): (_, Vec<_>) = (row(0), (1..=count).map(row).collect());
        let rows: Vec<&[u8]> = rows.iter().map(Vec::as_slice).collect();
        let dims = bytes.len();
        let wanted: Vec<i32> = rows.iter().map(|row| exact(&query[..dims], &row[..dims])).collect();
        let apart: Vec<i32> = rows.iter().map(|row| differences(&query, row)).collect();
        for isa in Isa::available() {
            // Rows are longer than the vector, and hold anything there.
            let mut probe = Probe::new(isa, dims, length);
            probe.set(&query, 1.0);
            let mut got = vec![0; count];
            probe.dots(&rows[..], &mut got);
            prop_assert_eq!(&got, &wanted, "{}", isa.name());
            let mut probe = Probe::new(isa, length, length);
            probe.set(&query, 1.0);
            probe.differences(&rows[..], &mut got);
            prop_assert_eq!(&got, &apart, "{}", isa.name());
        }
    }
}

#[test]
fn the_greatest_codes_do_not_saturate() {
    for dims in [64, 128, 4096, 65_536] {
        let (most, least) = (vec![255; dims], vec![1; dims]);
        for isa in Isa::available() {
            let mut probe = Probe::new(isa, dims, row_bytes(dims));
            for query in [&most, &least] {
                probe.set(query, 1.0);
                let mut got = [0; 2];
                probe.dots(&[&most[..], &least[..]][..], &mut got);
                assert_eq!(
                    got,
                    [exact(query, &most), exact(query, &least)],
                    "{} of {dims}",
                    isa.name()
                );
                probe.differences(&[&most[..], &least[..]][..], &mut got);
                let apart = [differences(query, &most), differences(query, &least)];
                assert_eq!(got, apart, "{} of {dims}", isa.name());
            }
        }
    }
}

#[test]
fn zeros_and_the_smallest_vectors_have_no_scale() {
    for vector in [vec![0.0; 3], vec![1e-44, -1e-44], vec![-0.0]] {
        let (codes, scale) = codes_of(&vector);
        assert_eq!(scale, 0.0);
        assert!(codes.iter().all(|code| *code == ZERO));
    }
    assert_eq!(codes_of(&[3.0, -6.0, 0.0]).0[..3], [192, 1, 128]);
}

#[test]
#[should_panic(expected = "a row of codes is padded")]
fn a_row_of_another_length_is_refused() {
    Probe::new(Isa::portable(), 100, 128).dots(&[&[0; 100][..]][..], &mut [0]);
}
