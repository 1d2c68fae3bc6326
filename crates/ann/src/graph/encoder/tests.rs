use super::super::tests::Random;
use super::*;
use std::cell::Cell;

#[test]
fn a_few_far_vectors_do_not_make_the_codes_of_all_others_coarse() {
    let mut vectors: Vec<Vec<f32>> = (0..1000)
        .map(|at| vec![3.0, (at % 21) as f32 - 10.0])
        .collect();
    vectors.extend((0..5).map(|_| vec![3.0, 1e6]));
    let near = learnt(Metric::L1, &vectors[..1000]);
    assert_eq!(near.point, [3.0, near.point[1]]);
    assert!((near.scale - 10.0 / 127.0).abs() < 0.01, "{near:?}");
    // The mean moves, and the scale with it, but not to the farthest.
    let center = learnt(Metric::L1, &vectors);
    assert!(center.scale * 127.0 < 6000.0, "{center:?}");
}

#[test]
fn without_a_sample_or_with_one_vector_there_is_a_scale() {
    let same = [[2.0, 2.0]; 3];
    for sample in [&same[..0], &same[..1], &same[..]] {
        let sample = sample.iter().map(|vector| &vector[..]);
        let center = Encoder::learn(2, Metric::L1, sample, &|| false).unwrap();
        assert_eq!(center.scale, 1.0 / 127.0);
    }
}

/// Vectors that differ in 30 directions and a little in all, or as much in all.
fn vectors(count: usize, dims: usize, is_spread: bool) -> Vec<Vec<f32>> {
    let mut random = Random(51);
    if is_spread {
        return (0..count).map(|_| random.vector(dims)).collect();
    }
    let mut vectors = random.vectors(count, dims);
    for number in vectors.iter_mut().flatten() {
        *number += 0.02 * random.number();
    }
    vectors
}

fn learnt(metric: Metric, vectors: &[Vec<f32>]) -> Encoder {
    let sample = vectors.iter().map(Vec::as_slice);
    Encoder::learn(vectors[0].len(), metric, sample, &|| false).unwrap()
}

#[test]
fn vectors_that_differ_in_few_directions_are_projected_and_others_not() {
    let near = vectors(2000, 300, false);
    for metric in [Metric::L2Squared, Metric::Cosine, Metric::Dot] {
        let encoder = learnt(metric, &near);
        assert_eq!(encoder.width(), 120, "{metric:?}");
        let spread = encoder.axes.as_ref().unwrap().spread;
        assert!(
            (0.0001..0.2).contains(&spread.near),
            "{metric:?}: {spread:?}"
        );
        assert!(spread.any > 0.0, "{metric:?}: {spread:?}");
    }
    assert_eq!(learnt(Metric::L1, &near).width(), 300);
    // A small sample tells nothing.
    assert_eq!(learnt(Metric::Cosine, &near[..1000]).width(), 300);
    let everywhere = vectors(1500, 300, true);
    assert_eq!(learnt(Metric::L2Squared, &everywhere).width(), 300);
    // Where codes would not be shorter, all numbers are encoded: 120 and 8 bytes beside them are two lines of memory.
    for (dims, width) in [(239, 120), (128, 120), (121, 120), (120, 120), (64, 64)] {
        let short: Vec<Vec<f32>> = near.iter().map(|vector| vector[..dims].to_vec()).collect();
        let encoder = learnt(Metric::L2Squared, &short);
        assert_eq!(
            (encoder.width(), encoder.axes.is_some()),
            (width, dims > 120)
        );
    }
    let whole = near.iter().map(Vec::as_slice);
    assert_eq!(
        Encoder::learn_whole(300, Metric::Cosine, whole).width(),
        300
    );
}

#[test]
fn an_encoder_suits_what_it_has_learnt_from_and_not_what_differs_elsewhere() {
    let near = vectors(4000, 300, false);
    let (some, others) = near.split_at(2000);
    let encoder = learnt(Metric::L2Squared, some);
    let slices = |vectors: &[Vec<f32>]| {
        let sample: Vec<&[f32]> = vectors.iter().map(Vec::as_slice).collect();
        encoder.suits(&sample, &|| false).unwrap()
    };
    assert!(slices(some));
    assert!(slices(others));
    let everywhere = vectors(2000, 300, true);
    assert!(!slices(&everywhere));
    // Too few tell nothing.
    assert!(slices(&everywhere[..1000]));
}

#[test]
fn learning_ends_whenever_it_is_stopped() {
    let near = vectors(2000, 300, false);
    let sample = || near.iter().map(Vec::as_slice);
    let encoder = learnt(Metric::L2Squared, &near);
    let all: Vec<&[f32]> = sample().collect();
    for asked_before in [0, 3, 40] {
        let ended = |run: &dyn Fn(&dyn Fn() -> bool) -> Result<()>| {
            let asked = Cell::new(0);
            let stop = || asked.replace(asked.get() + 1) == asked_before;
            assert!(matches!(run(&stop), Err(Error::Stopped)));
            assert_eq!(asked.get(), asked_before + 1);
        };
        ended(&|stop| Encoder::learn(300, Metric::L2Squared, sample(), stop).map(drop));
        ended(&|stop| encoder.suits(&all, stop).map(drop));
    }
}

#[test]
fn vectors_that_are_all_the_same_or_zero_have_codes() {
    for number in [0.0, 2.5] {
        for metric in Metric::ALL {
            let same = vec![vec![number; 260]; 1100];
            let encoder = learnt(metric, &same);
            let mut codes = vec![0; encoder.compared_bytes()];
            let scale = encoder.encode(&same[0], &mut encoder.room(), &mut codes);
            assert!(scale.scale.is_finite() && scale.aside.is_finite());
            // They tell nothing of what others differ in.
            assert_eq!(encoder.width(), 260);
        }
    }
}

#[test]
fn vectors_that_are_there_often_do_not_hide_what_others_differ_in() {
    let mut sample = vectors(3000, 300, false);
    sample.extend(vec![sample[0].clone(); 1000]);
    let encoder = learnt(Metric::L2Squared, &sample);
    assert_eq!(encoder.width(), WIDTHS[0]);
    let all: Vec<&[f32]> = sample.iter().map(Vec::as_slice).collect();
    assert!(encoder.suits(&all, &|| false).unwrap());
}
