//! The perceptual hash against ImageHash's own (`scripts/reference/phash.py`).

use crate::synthetic::picture;
use vision::{PHASH_SIDE, Rgb, hamming, phash, phash_of_thumb, phash_thumb};

#[test]
fn equals_imagehash_bit_for_bit() {
    let table = include_str!("../data/phash.tsv");
    let mut compared = 0;
    for line in table.lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        let number = |at: usize| cells[at].parse::<u32>().unwrap();
        let hash = phash(&picture(number(0), number(1), number(2)));
        assert_eq!(format!("{hash:016x}"), cells[3], "{line}");
        compared += 1;
    }
    assert_eq!(compared, 60);
}

/// What `imagehash.phash` gives for pictures whose transforms are mostly exact zeros.
#[test]
fn equals_imagehash_where_most_frequencies_are_zero() {
    let grey = |width: u32, height: u32, value: fn(u32, u32) -> u32| {
        let pixels = (0..height)
            .flat_map(|y| (0..width).flat_map(move |x| [value(x, y) as u8; 3]))
            .collect();
        Rgb::new(width, height, pixels).unwrap()
    };
    let checks = |x: u32, y: u32| (x / 8 + y / 8) % 2 * 255;
    for (name, picture, expected) in [
        ("flat", grey(60, 50, |_, _| 100), 0x8000_0000_0000_0000),
        ("black", grey(60, 50, |_, _| 0), 0),
        ("one pixel", grey(1, 1, |_, _| 9), 0x8000_0000_0000_0000),
        ("across", grey(256, 100, |x, _| x), 0xaa00_0000_0000_0000),
        ("down", grey(100, 256, |_, y| y), 0x8000_8000_8000_8000),
        ("checks", grey(64, 64, checks), 0x8000_0000_0000_0000),
    ] {
        assert_eq!(
            phash(&picture),
            expected,
            "{name}: {:016x}",
            phash(&picture)
        );
    }
}

#[test]
fn turning_the_thumbnail_is_turning_the_picture() {
    let side = PHASH_SIDE as usize;
    for seed in 0..8 {
        let upright = picture(seed, 210, 140);
        let (width, height) = (upright.width() as usize, upright.height() as usize);
        // A quarter turn: what a camera held upright stores.
        let stored: Vec<u8> = (0..width)
            .flat_map(|y| (0..height).map(move |x| (width - 1 - y, x)))
            .flat_map(|(x, y)| upright.pixels()[3 * (y * width + x)..][..3].to_vec())
            .collect();
        let stored = Rgb::new(height as u32, width as u32, stored).unwrap();
        let small = phash_thumb(&stored.luma(), (stored.width(), stored.height()));
        let thumb: Vec<u8> = (0..side * side)
            .map(|i| small[(side - 1 - i % side) * side + i / side])
            .collect();
        let turned = phash_of_thumb(&thumb.try_into().unwrap());
        assert!(hamming(turned, phash(&upright)) <= 2, "seed {seed}");
        assert!(hamming(phash(&stored), phash(&upright)) > 12, "seed {seed}");
    }
}

#[test]
fn hamming_counts_bits() {
    assert_eq!(hamming(0, 0), 0);
    assert_eq!(hamming(0, u64::MAX), 64);
    assert_eq!(hamming(0b1011, 0b0001), 2);
}
