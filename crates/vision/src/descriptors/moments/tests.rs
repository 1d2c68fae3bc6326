use super::*;
use crate::Rgb;

/// A lopsided thing of three bars, in a square of 40.
fn thing(place: impl Fn(usize, usize) -> (usize, usize)) -> Vec<f64> {
    let mut mass = vec![0.0; 40 * 40];
    for (from, to, weight) in [
        ((4, 5), (15, 7), 1.0),
        ((4, 5), (6, 13), 2.0),
        ((12, 10), (15, 11), 0.5),
    ] {
        for y in from.1..to.1 {
            for x in from.0..to.0 {
                let (x, y) = place(x, y);
                mass[y * 40 + x] += weight;
            }
        }
    }
    mass
}

#[test]
fn moving_and_turning_change_nothing() {
    let expected = invariants(&thing(|x, y| (x, y)), 40);
    let moved = thing(|x, y| (x + 9, y + 17));
    let turned = thing(|x, y| (39 - y, x));
    for mass in [moved, turned] {
        for (got, expected) in invariants(&mass, 40).iter().zip(expected) {
            assert!(
                (got - expected).abs() <= 1e-9 * expected.abs().max(1e-6),
                "{got}, not {expected}"
            );
        }
    }
    // A mirrored thing differs in the sign of the last invariant alone.
    let mirrored = invariants(&thing(|x, y| (39 - x, y)), 40);
    assert!((mirrored[6] + expected[6]).abs() < 1e-9 * expected[6].abs());
    assert!((mirrored[5] - expected[5]).abs() < 1e-9 * expected[5].abs());
}

#[test]
fn nothing_has_no_moments() {
    assert_eq!(invariants(&[0.0; 64], 8), [0.0; MOMENTS_DIMS]);
    let flat = Rgb::new(3, 2, vec![90; 18]).unwrap();
    assert!(moments(&Working::new(&flat)).iter().all(|v| v.is_finite()));
}

#[test]
fn invariants_are_those_of_opencv() {
    let of = |i: usize| {
        let (x, y) = (i % 24, i / 24);
        ((7 * x * x + 13 * y * y + x * y * 3) % 11) as f64
    };
    let mass: Vec<f64> = (0..24 * 24).map(of).collect();
    let (_, expected) = crate::descriptors::reference("hu").next().unwrap();
    for (got, expected) in invariants(&mass, 24).iter().zip(expected) {
        assert!(
            (got - expected).abs() < 1e-6 * expected.abs(),
            "{got}, not {expected}"
        );
    }
}
