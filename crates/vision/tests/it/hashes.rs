//! The perceptual hashes against ImageHash's own (`scripts/reference/hashes.py`).

use crate::synthetic::picture;
use vision::{HashThumbs, Hashes, Rgb, hamming, orient};

#[test]
fn equals_imagehash_bit_for_bit() {
    let table = include_str!("../data/hashes.tsv");
    let mut compared = 0;
    for line in table.lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        let number = |at: usize| cells[at].parse::<u32>().unwrap();
        let hashes = Hashes::new(&picture(number(0), number(1), number(2)));
        let found = [hashes.ahash, hashes.dhash, hashes.phash];
        assert_eq!(
            found.map(|hash| format!("{hash:016x}")),
            cells[3..6],
            "{line}"
        );
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
        assert_eq!(Hashes::new(&picture).phash, expected, "{name}");
    }
}

#[test]
fn turning_the_thumbs_is_turning_the_picture() {
    for seed in 0..8 {
        let stored = picture(seed, 210, 140);
        let all = HashThumbs::new(&stored).all_hashes();
        for (orientation, turned) in (1_u8..).zip(all) {
            let upright = Hashes::new(&orient(stored.clone(), orientation));
            let apart = [
                hamming(turned.ahash, upright.ahash),
                hamming(turned.dhash, upright.dhash),
                hamming(turned.phash, upright.phash),
            ];
            assert!(
                apart.iter().all(|bits| *bits <= 2),
                "seed {seed}, orientation {orientation}: {apart:?}"
            );
        }
        let others = &all[1..];
        assert!(
            others
                .iter()
                .all(|other| hamming(other.phash, all[0].phash) > 12),
            "seed {seed}"
        );
    }
}

#[test]
fn hamming_counts_bits() {
    assert_eq!(hamming(0, 0), 0);
    assert_eq!(hamming(0, u64::MAX), 64);
    assert_eq!(hamming(0b1011, 0b0001), 2);
}
