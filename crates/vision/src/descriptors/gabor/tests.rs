use super::*;

fn grating(turn: f32) -> Vec<f32> {
    let at = |i: usize| ((i % 32) as f32, (i / 32) as f32);
    let phase = |(x, y): (f32, f32)| FREQUENCY * (x * turn.cos() + y * turn.sin());
    (0..32 * 32)
        .map(|i| 0.5 + 0.4 * phase(at(i)).cos())
        .collect()
}

#[test]
fn a_grating_answers_to_the_waves_of_its_direction() {
    for orientation in 0..ORIENTATIONS {
        let turn = orientation as f32 * PI / ORIENTATIONS as f32;
        let plane = Plane::new(&grating(turn), 32);
        let answer = |other: usize| -> f32 { plane.magnitudes(&waves()[other]).iter().sum() };
        let answers: Vec<f32> = (0..ORIENTATIONS).map(answer).collect();
        let best = answers.iter().copied().fold(0.0, f32::max);
        assert_eq!(answers[orientation], best, "{orientation}: {answers:?}");
        let across = answers[(orientation + ORIENTATIONS / 2) % ORIENTATIONS];
        assert!(across < 0.2 * best, "{orientation}: {answers:?}");
    }
}

#[test]
fn even_brightness_has_no_waves() {
    let magnitudes = Plane::new(&[0.8; 256], 16).magnitudes(&Waves::new(0.4));
    assert!(magnitudes.iter().all(|v| *v < 1e-4), "{magnitudes:?}");
}

#[test]
fn cells_share_what_lies_between_them() {
    let even = averages(&[2.0; 32 * 32], 32);
    assert!(
        (even.iter().sum::<f32>() / 16.0 - 2.0).abs() < 1e-4,
        "{even:?}"
    );
    let mut corner = vec![0.0; 16 * 16];
    corner[0] = 16.0;
    assert_eq!(averages(&corner, 16)[..2], [1.0, 0.0]);
}

#[test]
fn waves_are_those_of_scikit_image() {
    let of = |i: usize| {
        let (x, y) = (i % 32, i / 32);
        (((5 * x + 3 * y * y) % 17) as f32 / 16.0).sqrt()
    };
    let plane = Plane::new(&(0..32 * 32).map(of).collect::<Vec<f32>>(), 32);
    let mut waves = 0;
    for (orientation, expected) in crate::descriptors::reference("gabor") {
        let magnitudes = plane.magnitudes(&super::waves()[orientation[0] as usize]);
        for (cell, expected) in expected.iter().enumerate() {
            let (top, left) = (cell / 4 * 8, cell % 4 * 8);
            let rows = (top..top + 8).map(|y| &magnitudes[y * 32 + left..][..8]);
            let mean = rows.flatten().map(|v| f64::from(*v)).sum::<f64>() / 64.0;
            assert!(
                (mean - expected).abs() < 1e-4,
                "{orientation:?} {cell}: {mean}, not {expected}"
            );
        }
        waves += 1;
    }
    assert_eq!(waves, ORIENTATIONS);
}
