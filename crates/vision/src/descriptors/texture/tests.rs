use super::super::gradient::Gradient;
use super::*;

fn grey(width: usize, height: usize, value: impl Fn(usize, usize) -> u8) -> Rgb {
    let pixels = (0..height)
        .flat_map(|y| (0..width).map(move |x| (x, y)))
        .flat_map(|(x, y)| [value(x, y); 3])
        .collect();
    Rgb::new(width as u32, height as u32, pixels).unwrap()
}

fn noise(x: usize, y: usize) -> u8 {
    let v = (x as u32 * 73_856_093) ^ (y as u32 * 19_349_663);
    (v.wrapping_mul(2_654_435_761) >> 24) as u8
}

/// The patterns one pixel at a time, as the paper describes them.
fn naive_patterns(picture: &Rgb, ring: &[(isize, isize); 8]) -> Vec<f32> {
    let (width, height) = (picture.width() as isize, picture.height() as isize);
    let luma = picture.luma();
    let at = |x: isize, y: isize| {
        let inside = (0..width).contains(&x) && (0..height).contains(&y);
        inside.then(|| i32::from(luma[(y * width + x) as usize]))
    };
    let uniform: Vec<u32> = (0..256_u32)
        .filter(|pattern| {
            (0..8)
                .filter(|i| pattern >> i & 1 != pattern >> ((i + 1) % 8) & 1)
                .count()
                <= 2
        })
        .collect();
    assert_eq!(uniform.len(), PATTERNS - 1);
    let mut bins = vec![0.0; PATTERNS];
    for (x, y) in (0..height).flat_map(|y| (0..width).map(move |x| (x, y))) {
        let neighbours: Option<Vec<i32>> = ring
            .iter()
            .map(|&(right, down)| at(x + right, y + down))
            .collect();
        let (Some(centre), Some(neighbours)) = (at(x, y), neighbours) else {
            continue;
        };
        let mut pattern = 0;
        let mut contrast = 0;
        for (bit, neighbour) in neighbours.into_iter().enumerate() {
            pattern |= u32::from(neighbour - centre >= i32::from(BRIGHTER_BY)) << bit;
            contrast += (neighbour - centre).abs();
        }
        let bin = uniform
            .iter()
            .position(|&u| u == pattern)
            .unwrap_or(PATTERNS - 1);
        bins[bin] += contrast as f32;
    }
    bins
}

#[test]
fn patterns_agree_with_one_pixel_at_a_time() {
    for (width, height) in [(40, 30), (9, 9), (8, 40), (5, 5), (4, 4), (1, 50)] {
        let picture = grey(width, height, noise);
        let plane = Plane {
            luma: &picture.luma(),
            width,
            height,
        };
        for ring in &RINGS {
            assert_eq!(
                plane.patterns(ring).to_vec(),
                naive_patterns(&picture, ring),
                "{width} × {height}"
            );
        }
    }
}

#[test]
fn orientations_agree_with_one_pixel_at_a_time() {
    for (width, height) in [(40, 30), (18, 3), (19, 9), (3, 40), (2, 9), (9, 2), (1, 1)] {
        let picture = grey(width, height, noise);
        let luma = picture.luma();
        let at = |x: usize, y: usize| f32::from(luma[y * width + x]);
        let mut expected = [0.0; ORIENTATIONS];
        for y in 1..height.saturating_sub(1) {
            for x in 1..width.saturating_sub(1) {
                let (dx, dy) = (at(x + 1, y) - at(x - 1, y), at(x, y + 1) - at(x, y - 1));
                for (bin, share) in Gradient::new(dx, dy).votes(ORIENTATIONS) {
                    expected[bin] += share;
                }
            }
        }
        let plane = Plane {
            luma: &luma,
            width,
            height,
        };
        for (got, expected) in plane.orientations().iter().zip(expected) {
            assert!(
                (got - expected).abs() <= 1e-4 * expected,
                "{width} × {height}: {got}, not {expected}"
            );
        }
    }
}

#[test]
fn stripes_are_seen_by_their_orientation() {
    let upright = texture(&grey(64, 64, |x, _| if x / 4 % 2 == 0 { 200 } else { 50 }));
    let lying = texture(&grey(64, 64, |_, y| if y / 4 % 2 == 0 { 200 } else { 50 }));
    let orientations = |texture: &[f32]| {
        texture[2 * PATTERNS..]
            .iter()
            .enumerate()
            .max_by(|a, b| a.1.total_cmp(b.1))
            .map(|(bin, _)| bin)
    };
    // The gradient of upright stripes runs along the rows.
    assert_eq!(orientations(&upright), Some(0));
    assert_eq!(orientations(&lying), Some(ORIENTATIONS / 2));
}

#[test]
fn where_a_texture_is_does_not_matter() {
    let one = texture(&grey(96, 96, noise));
    let moved = texture(&grey(96, 96, |x, y| noise(x + 31, y + 17)));
    let cosine: f32 = one.iter().zip(&moved).map(|(a, b)| a * b).sum();
    assert!(cosine > 0.98, "{cosine}");
}

#[test]
fn faint_noise_is_darker_or_equal_everywhere() {
    let picture = grey(40, 40, |x, y| 100 + noise(x, y) % 3);
    let plane = Plane {
        luma: &picture.luma(),
        width: 40,
        height: 40,
    };
    let bins = plane.patterns(&RINGS[0]);
    assert!(bins[0] > 0.0);
    assert!(bins[1..].iter().all(|&v| v == 0.0));
}
