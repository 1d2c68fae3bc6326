use super::*;

fn flat(rgb: [u8; 3]) -> Rgb {
    Rgb::new(20, 10, rgb.repeat(200)).unwrap()
}

fn cosine(a: &Rgb, b: &Rgb) -> f32 {
    color(a).iter().zip(color(b)).map(|(a, b)| a * b).sum()
}

#[test]
fn every_vote_is_cast_once() {
    for palette in [WHOLE, CELL] {
        for rgb in [
            [0, 0, 0],
            [255, 255, 255],
            [255, 0, 0],
            [255, 0, 1],
            [13, 200, 100],
            [120, 118, 110],
            [90, 80, 70],
        ] {
            let mut bins = vec![0.0; palette.len()];
            palette.vote(Hsv::new(rgb), &mut bins);
            let sum: f32 = bins.iter().sum();
            assert!((sum - 1.0).abs() < 1e-5, "{rgb:?}: {sum}");
        }
    }
}

#[test]
fn hue_is_a_circle() {
    let (before, after) = (flat([255, 0, 8]), flat([255, 8, 0]));
    assert!(cosine(&before, &after) > 0.95);
    assert!(cosine(&before, &flat([0, 255, 8])) < 0.1);
}

#[test]
fn greys_have_no_hue() {
    assert!(cosine(&flat([121, 120, 120]), &flat([120, 120, 121])) > 0.99);
    assert!(cosine(&flat([120, 120, 120]), &flat([240, 0, 0])) < 0.05);
}

#[test]
fn where_a_color_is_matters() {
    let halves = |left: [u8; 3], right: [u8; 3]| {
        let row = [left.repeat(10), right.repeat(10)].concat();
        Rgb::new(20, 10, row.repeat(10)).unwrap()
    };
    let (red, blue) = ([220, 20, 20], [20, 20, 220]);
    let (one, mirrored) = (halves(red, blue), halves(blue, red));
    assert!(cosine(&one, &mirrored) < 0.7);
    assert!(cosine(&one, &mirrored) > cosine(&one, &halves([20, 220, 20], [240, 240, 240])));
}

#[test]
fn hsv_of_known_colors() {
    for (rgb, hue, saturation, value) in [
        ([255, 0, 0], 0.0, 1.0, 1.0),
        ([255, 255, 0], 1.0 / 6.0, 1.0, 1.0),
        ([0, 128, 0], 2.0 / 6.0, 1.0, 128.0 / 255.0),
        ([0, 0, 255], 4.0 / 6.0, 1.0, 1.0),
        ([255, 0, 255], 5.0 / 6.0, 1.0, 1.0),
        ([100, 50, 50], 0.0, 0.5, 100.0 / 255.0),
    ] {
        let hsv = Hsv::new(rgb);
        assert!((hsv.hue - hue).abs() < 1e-6, "{rgb:?}");
        assert!((hsv.saturation - saturation).abs() < 1e-6, "{rgb:?}");
        assert!((hsv.value - value).abs() < 1e-6, "{rgb:?}");
    }
}
