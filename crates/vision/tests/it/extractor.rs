//! Everything that is seen, out of one decode.

use crate::decode::files::{heifs, inputs};
use image::{DynamicImage, GrayImage, ImageFormat, Rgb, RgbImage, RgbaImage};
use std::io::Cursor;
use std::path::PathBuf;
use vision::{Extractor, Limits, Model, SeeError, Want, decode, orient, thumbnail};

fn stored(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/data/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// One picture, stored in such a way that the orientation turns it upright again.
fn turned(orientation: u8) -> Vec<u8> {
    let upright = decode(&stored("scene.png"), &Limits::default(), None)
        .unwrap()
        .picture;
    let inverse = match orientation {
        6 => 8,
        8 => 6,
        own => own,
    };
    let lying = orient(upright, inverse);
    let mut jpeg = Vec::new();
    let (width, height) = (lying.width(), lying.height());
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut jpeg, 95)
        .encode(
            lying.pixels(),
            width,
            height,
            image::ExtendedColorType::Rgb8,
        )
        .unwrap();
    // After the start of the file: an EXIF block with the orientation alone.
    let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.extend_from_slice(&[orientation, 0, 0, 0, 0, 0, 0]);
    let length = (exif.len() as u16 + 2).to_be_bytes();
    let block = [&[0xff, 0xe1][..], &length, &exif].concat();
    jpeg.splice(2..2, block);
    jpeg
}

fn cosine(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[test]
fn a_picture_is_seen_upright_however_it_is_stored() {
    let extractor = Extractor::default();
    let upright = extractor.see(&turned(1), Want::ALL).unwrap();
    assert_eq!(upright.color.len(), vision::COLOR_DIMS);
    assert!(upright.embedding.is_none());
    for orientation in 2..=8 {
        let seen = extractor.see(&turned(orientation), Want::ALL).unwrap();
        assert_eq!(
            (seen.width, seen.height),
            (upright.width, upright.height),
            "{orientation}"
        );
        assert_eq!(seen.metadata.orientation, orientation);
        let differing = vision::hamming(seen.hashes.unwrap().phash, upright.hashes.unwrap().phash);
        // JPEG loses other pixels in each way of storing; two unrelated pictures differ in 32 bits.
        assert!(
            differing <= 6,
            "orientation {orientation}: {differing} bits differ"
        );
        for (a, b) in [
            (&seen.color, &upright.color),
            (&seen.texture, &upright.texture),
            (&seen.shape, &upright.shape),
        ] {
            assert!(
                cosine(a, b) > 0.98,
                "orientation {orientation}: {}",
                cosine(a, b)
            );
        }
        let small = thumbnail(&turned(orientation), &Limits::default(), 20).unwrap();
        assert_eq!(small.width().max(small.height()), 20);
        assert_eq!(
            small.width() > small.height(),
            upright.width > upright.height
        );
    }
}

#[test]
fn what_is_not_wanted_is_left_empty() {
    let nothing = Want {
        hashes: false,
        descriptors: false,
        embedding: false,
    };
    let seen = Extractor::default().see(&turned(1), nothing).unwrap();
    assert!(seen.hashes.is_none() && seen.color.is_empty() && seen.colors.is_empty());
    assert!(seen.width > 0);
}

#[test]
fn a_thumbnail_never_grows_and_never_vanishes() {
    let limits = Limits::default();
    let small = thumbnail(&turned(1), &limits, 4000).unwrap();
    let seen = Extractor::default().see(&turned(1), Want::VECTORS).unwrap();
    assert_eq!((small.width(), small.height()), (seen.width, seen.height));
    assert!(matches!(
        thumbnail(b"no picture", &limits, 10),
        Err(SeeError::NotAPicture)
    ));
}

fn sees_sensibly(name: &str, file: &[u8]) {
    let seen = Extractor::default().see(file, Want::ALL);
    let seen = seen.unwrap_or_else(|error| panic!("{name}: {error}"));
    for (what, vector) in [
        ("color", &seen.color),
        ("texture", &seen.texture),
        ("shape", &seen.shape),
    ] {
        let length = cosine(vector, vector);
        assert!((length - 1.0).abs() < 1e-4, "{name}: {what} of {length}");
    }
    let shares: f32 = seen.colors.iter().map(|color| color.share).sum();
    assert!(
        !seen.colors.is_empty() && shares <= 1.001,
        "{name}: {shares}"
    );
    assert!(seen.hashes.is_some(), "{name}");
    let small = thumbnail(file, &Limits::default(), 64).unwrap();
    assert!(small.width() <= 64 && small.height() <= 64, "{name}");
}

#[test]
fn every_kind_of_file_is_seen() {
    for name in inputs().into_iter().chain(heifs()) {
        // The one kind of TIFF among them that is not decoded.
        if name != "palette.tif" {
            sees_sensibly(&name, &stored(&name));
        }
    }
}

#[test]
fn extreme_and_empty_pictures_are_seen() {
    let png = |picture: DynamicImage| {
        let mut file = Cursor::new(Vec::new());
        picture.write_to(&mut file, ImageFormat::Png).unwrap();
        file.into_inner()
    };
    for (width, height) in [(1, 1), (1, 20_000), (20_000, 1), (2, 3), (5_000, 7)] {
        let slope = RgbImage::from_fn(width, height, |x, y| Rgb([x, y, x + y].map(|v| v as u8)));
        let flat = GrayImage::new(width, height);
        let clear = RgbaImage::new(width, height);
        let name = |kind: &str| format!("{kind} of {width} × {height}");
        sees_sensibly(&name("slope"), &png(slope.into()));
        sees_sensibly(&name("black"), &png(flat.into()));
        sees_sensibly(&name("clear"), &png(clear.into()));
    }
}

pub(crate) fn test_data() -> PathBuf {
    match std::env::var_os("EIDETIC_TEST_DATA") {
        Some(folder) => folder.into(),
        None => PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
    }
}

#[test]
fn a_network_embeds_alike_from_every_orientation_and_thread() {
    let folder = test_data().join("models/mobilenet_v2");
    if !folder.is_dir() {
        eprintln!(
            "skipped: a_network_embeds_alike_from_every_orientation_and_thread: test data not found"
        );
        return;
    }
    let extractor = Extractor::new(Some(Model::load(&folder).unwrap()), Limits::default());
    assert_eq!(
        extractor.vectors().last().map(|vector| vector.dims),
        Some(1280)
    );
    let embed = |orientation| {
        extractor
            .see(&turned(orientation), Want::VECTORS)
            .unwrap()
            .embedding
            .unwrap()
    };
    let upright = embed(1);
    assert!((cosine(&upright, &upright) - 1.0).abs() < 1e-5);
    std::thread::scope(|scope| {
        let threads: Vec<_> = (2..=8).map(|o| scope.spawn(move || embed(o))).collect();
        for thread in threads {
            assert!(cosine(&upright, &thread.join().unwrap()) > 0.99);
        }
    });
}
