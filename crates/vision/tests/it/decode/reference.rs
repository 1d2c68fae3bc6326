//! What Pillow makes of the same bytes and pixels.

use super::files::{bytes, decoded, difference, inputs, picture, scene};
use vision::{Limits, ResizeFilter, decode, orient, oriented_size, resize_luma, resize_rgb};

#[test]
fn the_formula_makes_the_picture_that_was_resized() {
    assert_eq!(picture("scene.png"), scene(160, 120));
}

#[test]
fn resizing_agrees_with_pillow() {
    let source = scene(160, 120);
    let filters = [
        ("box", ResizeFilter::Box),
        ("bilinear", ResizeFilter::Bilinear),
        ("bicubic", ResizeFilter::Bicubic),
        ("lanczos", ResizeFilter::Lanczos),
    ];
    for (name, filter) in filters {
        for (width, height) in [(64, 48), (37, 90), (224, 224)] {
            let want = picture(&format!("scene.{name}.{width}x{height}.png"));
            let got = resize_rgb(&source, width, height, filter);
            let (mean, most) = difference(got.pixels(), want.pixels());
            eprintln!("{name} {width}x{height}: mean {mean:.4}, greatest {most}");
            assert!(
                // Single pixels beside an edge differ by more: an overshoot is clipped between the two passes,
                // whose order is not Pillow's.
                mean < 0.3 && most <= 64,
                "{name} {width}x{height}: {mean}, {most}"
            );
        }
    }
}

#[test]
fn luma_and_its_resizing_agree_with_pillow() {
    let luma = scene(160, 120).luma();
    let grey = |name| {
        let picture = picture(name);
        picture
            .pixels()
            .iter()
            .copied()
            .step_by(3)
            .collect::<Vec<u8>>()
    };
    assert_eq!(luma, grey("scene.luma.png"));
    let small = resize_luma(&luma, (160, 120), (32, 32), ResizeFilter::Lanczos);
    let (mean, most) = difference(&small, &grey("scene.luma.lanczos.32x32.png"));
    assert!(mean < 0.3 && most <= 2, "{mean}, {most}");
}

#[test]
fn decoding_agrees_with_pillow() {
    let mut seen = 0;
    for name in inputs() {
        if name.starts_with("orientation") || !has_want(&name) {
            continue;
        }
        seen += 1;
        let (got, want) = (decoded(&name), picture(&format!("{name}.want.png")));
        let picture = &got.picture;
        assert_eq!(
            (picture.width(), picture.height()),
            (want.width(), want.height()),
            "{name}"
        );
        let (mean, most) = difference(picture.pixels(), want.pixels());
        eprintln!("{name}: mean {mean:.4}, greatest {most}");
        // Inverse transforms and the upsampling of chroma round otherwise; everything else is exact.
        let (mean_allowed, most_allowed) = match &name[..] {
            "baseline420.jpg" | "baseline422.jpg" | "progressive.jpg" | "restart.jpg" => (0.4, 4),
            "baseline444.jpg" | "grey.jpg" | "strip.jpg" => (0.05, 2),
            "ycck.jpg" => (0.4, 4),
            _ => (0.0, 0),
        };
        assert!(
            mean <= mean_allowed && most <= most_allowed,
            "{name}: {mean}, {most}"
        );
    }
    assert!(seen >= 46, "only {seen} files were compared");
}

fn has_want(name: &str) -> bool {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    folder.join(format!("{name}.want.png")).exists()
}

#[test]
fn all_eight_orientations_are_turned_as_pillow_turns_them() {
    for orientation in 1..=8 {
        let name = format!("orientation{orientation}.jpg");
        let (got, want) = (decoded(&name), picture(&format!("{name}.want.png")));
        assert_eq!(got.metadata.orientation, orientation);
        assert_eq!((got.picture.width(), got.picture.height()), (40, 24));
        assert_eq!((got.width, got.height), oriented_size(40, 24, orientation));
        let upright = orient(got.picture, orientation);
        assert_eq!((upright.width(), upright.height()), (got.width, got.height));
        assert_eq!(
            (upright.width(), upright.height()),
            (want.width(), want.height())
        );
        let (mean, most) = difference(upright.pixels(), want.pixels());
        assert!(mean < 0.5 && most <= 3, "{name}: {mean}, {most}");
    }
}

#[test]
fn an_orientation_that_does_not_exist_changes_nothing() {
    for orientation in [0, 9, 255] {
        assert_eq!(orient(scene(5, 3), orientation), scene(5, 3));
        assert_eq!(oriented_size(5, 3, orientation), (5, 3));
    }
}

#[test]
fn animations_are_told_from_pages_and_stills() {
    for name in [
        "animated.gif",
        "animated.png",
        "animated.webp",
        "apart.png",
        "clear.webp",
        "offset.gif",
    ] {
        assert!(decoded(name).animated, "{name}");
    }
    for name in [
        "still.gif",
        "rgba.png",
        "lossless.webp",
        "pages.tif",
        "rgb.bmp",
        "grey.jpg",
    ] {
        assert!(!decoded(name).animated, "{name}");
    }
}

/// A JPEG of 2400 × 1800 pixels.
fn large_jpeg() -> Vec<u8> {
    let large = resize_rgb(&scene(160, 120), 2400, 1800, ResizeFilter::Bicubic);
    let mut jpeg = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut jpeg, 90)
        .encode(large.pixels(), 2400, 1800, image::ExtendedColorType::Rgb8)
        .unwrap();
    jpeg
}

#[test]
fn scaled_decoding_keeps_twice_the_side_that_is_wanted() {
    let jpeg = large_jpeg();
    for (side, width, height) in [
        (None, 2400, 1800),
        (Some(0), 600, 450),
        (Some(225), 600, 450),
        (Some(226), 2400, 1800),
        (Some(u32::MAX), 2400, 1800),
    ] {
        let decoded = decode(&jpeg, &Limits::default(), side).unwrap();
        let picture = &decoded.picture;
        assert_eq!(
            (picture.width(), picture.height()),
            (width, height),
            "{side:?}"
        );
        assert_eq!((decoded.width, decoded.height), (2400, 1800));
    }
}

#[test]
fn inks_and_grey_are_scaled_as_colours_are() {
    let (width, height) = (2800, 1600);
    let luma = scene(160, 120).luma();
    let grey = resize_luma(&luma, (160, 120), (width, height), ResizeFilter::Bicubic);
    let mut grey_jpeg = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut grey_jpeg, 90)
        .encode(&grey, width, height, image::ExtendedColorType::L8)
        .unwrap();
    for jpeg in [bytes("large_cmyk.jpg"), grey_jpeg] {
        let full = decode(&jpeg, &Limits::default(), None).unwrap().picture;
        let scaled = decode(&jpeg, &Limits::default(), Some(100))
            .unwrap()
            .picture;
        assert_eq!((scaled.width(), scaled.height()), (700, 400));
        let expected = resize_rgb(&full, 700, 400, ResizeFilter::Box);
        let (mean, _) = difference(scaled.pixels(), expected.pixels());
        assert!(mean < 1.0, "{mean}");
    }
}

#[test]
fn what_is_resized_from_a_scaled_picture_looks_as_from_a_full_one() {
    let jpeg = large_jpeg();
    let full = decode(&jpeg, &Limits::default(), None).unwrap().picture;
    let scaled = decode(&jpeg, &Limits::default(), Some(224))
        .unwrap()
        .picture;
    assert!(scaled.width() < full.width());
    let from_full = resize_rgb(&full, 299, 224, ResizeFilter::Bicubic);
    let from_scaled = resize_rgb(&scaled, 299, 224, ResizeFilter::Bicubic);
    let (mean, _) = difference(from_full.pixels(), from_scaled.pixels());
    eprintln!("scaled against full: mean {mean:.4}");
    assert!(mean < 1.0, "{mean}");
}

#[test]
fn a_small_jpeg_is_never_scaled() {
    let decoded = decode(&bytes("baseline420.jpg"), &Limits::default(), Some(4)).unwrap();
    assert_eq!(
        (decoded.picture.width(), decoded.picture.height()),
        (97, 61)
    );
}
