//! HEIC and AVIF against libheif and libavif (`scripts/reference/heif.py`).

use super::files::{bytes, decoded, difference, heifs, picture};
use vision::{Limits, SeeError, decode, orient, probe};

#[test]
fn decoding_agrees_with_libheif_and_libavif() {
    for name in heifs() {
        let (got, want) = (decoded(&name), picture(&format!("{name}.want.png")));
        let upright = orient(got.picture, got.metadata.orientation);
        assert_eq!(
            (upright.width(), upright.height()),
            (want.width(), want.height()),
            "{name}"
        );
        assert_eq!((got.width, got.height), (want.width(), want.height()));
        let (mean, most) = difference(upright.pixels(), want.pixels());
        eprintln!("{name}: mean {mean:.4}, greatest {most}");
        let (mean_allowed, most_allowed) = match &name[..] {
            // libheif takes the nearest colour difference.
            "heif/420.heic" => (1.4, 4),
            "heif/422.heic" => (0.9, 2),
            // The wanted ones are the pictures before they were coded.
            "heif/deep.heic" | "heif/deep.avif" => (0.3, 2),
            // Transparency of half the size.
            "heif/premultiplied.heic" | "heif/premultiplied.avif" => (0.8, 6),
            name if name.ends_with(".heic") => (0.01, 1),
            "heif/tiny.avif" => (0.4, 1),
            "heif/strip.avif" => (0.3, 1),
            "heif/420.avif" | "heif/422.avif" => (0.5, 2),
            _ => (0.15, 1),
        };
        assert!(
            mean <= mean_allowed && most <= most_allowed,
            "{name}: {mean}, {most}"
        );
    }
}

#[test]
fn the_container_says_how_to_turn_and_exif_does_not() {
    for name in heifs() {
        let orientation = match &name[5..] {
            "turned.heic" | "turned.avif" => 7,
            "grid.heic" | "grid.avif" => 8,
            _ => 1,
        };
        let metadata = decoded(&name).metadata;
        assert_eq!(metadata.orientation, orientation, "{name}");
        let described = name.starts_with("heif/described");
        let make = metadata.camera.make.as_deref();
        assert_eq!(make, described.then_some("Eidetic Works"), "{name}");
        let title = metadata.words.title.as_deref();
        assert_eq!(title, described.then_some("By attribute"), "{name}");
    }
}

#[test]
fn sequences_are_told_from_stills() {
    for name in heifs() {
        let moves = matches!(&name[..], "heif/animated.avif" | "heif/track.avif");
        assert_eq!(decoded(&name).animated, moves, "{name}");
    }
}

#[test]
fn headers_say_the_shown_size_and_more_memory_than_the_pixels() {
    for name in heifs() {
        let bytes = bytes(&name);
        let header = probe(&bytes, &Limits::default()).unwrap();
        let picture = decoded(&name).picture;
        assert_eq!(
            (picture.width(), picture.height()),
            (header.width, header.height)
        );
        assert!(header.memory_bytes > 8 * u64::from(header.width) * u64::from(header.height));
    }
}

/// A file in which every box that says a size says another one.
fn resized(name: &str, width: u32, height: u32) -> Vec<u8> {
    let mut file = bytes(name);
    let places: Vec<usize> = file
        .windows(4)
        .enumerate()
        .filter(|(_, kind)| kind == b"ispe")
        .map(|(at, _)| at + 8)
        .collect();
    assert!(!places.is_empty());
    for at in places {
        file[at..at + 4].copy_from_slice(&width.to_be_bytes());
        file[at + 4..at + 8].copy_from_slice(&height.to_be_bytes());
    }
    file
}

#[test]
fn a_picture_beyond_the_limit_is_refused_by_its_container() {
    for name in heifs().iter().filter(|name| name.contains("turned")) {
        let error = decode(&resized(name, 30_000, 30_000), &Limits::default(), None).unwrap_err();
        let expected = "picture of 30000 × 30000 pixels exceeds the limit of 100000000 pixels";
        assert_eq!(error.to_string(), expected, "{name}");
        // Cropping makes it no smaller to decode.
        let name = name.replace("turned", "cropped");
        let error = decode(&resized(&name, 30_000, 30_000), &Limits::default(), None).unwrap_err();
        assert_eq!(error.to_string(), expected, "{name}");
    }
}

/// Blocks make much of a thin picture, and one tile may be larger than all that is shown of it.
#[test]
fn what_is_coded_beyond_the_limit_is_refused_before_it_is_decoded() {
    for name in heifs() {
        let stem = name[5..].split('.').next().unwrap();
        let (width, height, expected) = match stem {
            "turned" => (50_000_000, 1, "picture of 50000000 × 64 pixels"),
            "described" => (1, 99_999_999, "picture of 64 × 100000000 pixels"),
            _ => continue,
        };
        let file = resized(&name, width, height);
        let error = decode(&file, &Limits::default(), None).unwrap_err();
        let expected = format!("{expected} exceeds the limit of 100000000 pixels");
        assert_eq!(error.to_string(), expected, "{name}");
    }
    for name in heifs().iter().filter(|name| name.contains("grid")) {
        let mut file = bytes(name);
        let places: Vec<usize> = file
            .windows(4)
            .enumerate()
            .filter(|(_, kind)| kind == b"ispe")
            .map(|(at, _)| at + 8)
            .collect();
        // The first is that of the whole.
        file[places[1]..places[1] + 8].copy_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0]);
        let error = decode(&file, &Limits::default(), None).unwrap_err();
        let expected = "picture of 65536 × 65536 pixels exceeds the limit of 100000000 pixels";
        assert_eq!(error.to_string(), expected, "{name}");
    }
}

#[test]
fn a_coded_picture_that_is_not_as_large_as_its_container_says_is_refused() {
    for name in heifs() {
        let stem = name[5..].split('.').next().unwrap();
        // Larger than it is, and so small that what is coded goes beyond what was said before decoding.
        let sizes: &[(u32, u32)] = match stem {
            "grey" | "turned" => &[(400, 400)],
            "strip" => &[(2, 2), (301, 3)],
            _ => continue,
        };
        for (width, height) in sizes {
            let file = resized(&name, *width, *height);
            let got = decode(&file, &Limits::default(), None);
            assert!(
                matches!(
                    got,
                    Err(SeeError::Malformed { .. } | SeeError::Unsupported(_))
                ),
                "{name} as {width} × {height}: {got:?}"
            );
        }
    }
}

#[test]
fn every_beginning_of_a_file_is_truncated_or_no_picture() {
    for name in heifs() {
        let whole = bytes(&name);
        // What describes the picture lies behind it, and of a sequence the later frames do.
        if ["described", "animated", "track"]
            .iter()
            .any(|stem| name.contains(stem))
        {
            continue;
        }
        for length in 1..whole.len() - 1 {
            match decode(&whole[..length], &Limits::default(), None) {
                Ok(_) => panic!("{name}: {length} of {} bytes were taken", whole.len()),
                Err(SeeError::Truncated { .. } | SeeError::NotAPicture) => {}
                Err(other) => panic!("{name}: {length} of {} bytes: {other}", whole.len()),
            }
        }
    }
}
