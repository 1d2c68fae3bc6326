//! Tests of the kinds and of whole runs.

use std::collections::HashSet;

use crate::canvas::Canvas;
use crate::file;
use crate::kind::Kind;
use crate::noise::Rng;
use crate::plan::{self, Format, Picture};
use crate::scenes::KINDS;

fn pixels(kind: &Kind, look: usize, seed: u64) -> Vec<u8> {
    let mut canvas = Canvas::new(120, 90);
    (kind.draw)(&mut canvas, &mut Rng::new(seed), look);
    canvas.to_rgb8()
}

/// Draws one look at two seeds and again at the first.
fn check_look(kind: &Kind, look: usize) {
    let name = format!("{} {look}", kind.folder);
    let first = pixels(kind, look, 5);
    assert_eq!(
        first,
        pixels(kind, look, 5),
        "{name}: the same seed draws the same picture"
    );
    assert_ne!(
        first,
        pixels(kind, look, 6),
        "{name}: another seed draws another picture"
    );

    let mean = first.iter().map(|&v| f64::from(v)).sum::<f64>() / first.len() as f64;
    let spread = first
        .iter()
        .map(|&v| (f64::from(v) - mean).abs())
        .sum::<f64>()
        / first.len() as f64;
    assert!(
        (12.0..243.0).contains(&mean),
        "{name}: mean brightness {mean}"
    );
    assert!(spread > 8.0, "{name}: nearly one colour, spread {spread}");
}

#[test]
fn every_look_draws_differs_by_seed_and_repeats() {
    for kind in KINDS {
        for look in 0..kind.looks.len() {
            check_look(kind, look);
        }
    }
}

#[test]
fn odd_sizes_draw_without_panicking() {
    for kind in KINDS {
        for look in 0..kind.looks.len() {
            for (width, height) in [(31, 90), (150, 40)] {
                let mut canvas = Canvas::new(width, height);
                (kind.draw)(&mut canvas, &mut Rng::new(1), look);
                assert_eq!(canvas.to_rgb8().len(), width * height * 3);
            }
        }
    }
}

#[test]
fn the_plan_has_unique_paths_every_format_and_turned_pictures() {
    let pictures = plan::pictures(KINDS);
    assert_eq!(pictures.len(), 120);
    let paths: HashSet<_> = pictures.iter().map(|p| p.path.clone()).collect();
    assert_eq!(paths.len(), pictures.len());
    for format in [
        Format::Jpeg,
        Format::Png,
        Format::WebP,
        Format::Gif,
        Format::Tiff,
        Format::Bmp,
    ] {
        assert!(
            pictures.iter().any(|p| p.format == format),
            "{format:?} is planned"
        );
    }
    for orientation in [3, 6, 8] {
        let turned =
            |p: &&Picture| p.metadata.orientation == orientation && p.format == Format::Jpeg;
        assert!(
            pictures.iter().any(|p| turned(&p)),
            "orientation {orientation} is planned"
        );
    }
}

/// Returns a small picture of the plan with the first kind's first look.
fn small(number: usize) -> Picture {
    let mut picture = plan::pictures(KINDS).swap_remove(number);
    (picture.width, picture.height) = (96, 64);
    picture
}

#[test]
fn the_same_picture_gives_the_same_bytes() {
    for number in [0, 3, 18] {
        let picture = small(number);
        assert_eq!(
            file::encode(&picture).unwrap(),
            file::encode(&picture).unwrap()
        );
    }
}

#[test]
fn a_turned_picture_is_upright_again_when_its_orientation_is_obeyed() {
    let kind = KINDS[0];
    let picture = |orientation| {
        let mut picture = small(0);
        picture.metadata.orientation = orientation;
        let bytes = file::encode(&picture).unwrap();
        image::load_from_memory(&bytes).unwrap().to_rgb8()
    };
    let upright = picture(1);
    assert_eq!(upright.dimensions(), (96, 64), "{}", kind.folder);
    let turned = [
        image::imageops::rotate180(&picture(3)),
        image::imageops::rotate90(&picture(6)),
        image::imageops::rotate270(&picture(8)),
    ];
    for image in turned {
        assert_eq!(image.dimensions(), upright.dimensions());
        // JPEG blocks fall elsewhere, so the pixels are near but not equal.
        let difference: f64 = image
            .iter()
            .zip(upright.iter())
            .map(|(a, b)| f64::from(a.abs_diff(*b)))
            .sum();
        assert!(difference / (upright.len() as f64) < 6.0);
    }
}

#[test]
fn a_picture_that_is_there_is_left_alone_and_a_missing_one_is_drawn() {
    let folder = tempfile::tempdir().unwrap();
    let picture = small(0);
    assert!(file::write(folder.path(), &picture).unwrap());
    let path = folder.path().join(&picture.path);
    let drawn = std::fs::read(&path).unwrap();

    std::fs::write(&path, "kept").unwrap();
    assert!(!file::write(folder.path(), &picture).unwrap());
    assert_eq!(std::fs::read(&path).unwrap(), b"kept");

    std::fs::remove_file(&path).unwrap();
    assert!(file::write(folder.path(), &picture).unwrap());
    assert_eq!(std::fs::read(&path).unwrap(), drawn);
    let names = std::fs::read_dir(path.parent().unwrap()).unwrap().count();
    assert_eq!(names, 1, "no half-written file is left");
}

#[test]
fn a_complete_folder_is_not_drawn_again() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(crate::COMPLETE), "").unwrap();
    let message = crate::fill(folder.path()).unwrap();
    assert!(message.contains("already"), "{message}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}
