//! Files that are cut, damaged or longer than they should be.

use super::files::{Numbers, bytes, heifs, inputs, picture};
use vision::{Limits, SeeError, decode, probe, sniff};

/// Damaged files that each reference file is made into.
const DAMAGED: usize = 300;

#[test]
fn damaged_files_never_panic_and_never_outgrow_their_header() {
    // Small limits, so that a damaged size costs no time.
    let limits = Limits {
        max_pixels: 300_000,
        ..Limits::default()
    };
    let mut numbers = Numbers(0x00C0_FFEE);
    for name in inputs()
        .into_iter()
        .chain(heifs())
        .filter(|name| !name.starts_with("large"))
    {
        let whole = bytes(&name);
        for _ in 0..DAMAGED {
            let mut damaged = whole.clone();
            for _ in 0..=numbers.below(8) {
                // Headers are hit more often than their length would have it.
                let reach = if numbers.below(2) == 0 {
                    whole.len()
                } else {
                    whole.len().min(200)
                };
                let at = numbers.below(reach);
                damaged[at] = match numbers.below(3) {
                    0 => numbers.below(256) as u8,
                    1 => damaged[at] ^ 1 << numbers.below(8),
                    _ => 0xFF,
                };
            }
            if numbers.below(4) == 0 {
                damaged.truncate(numbers.below(whole.len()));
            }
            let _ = sniff(&damaged);
            let header = probe(&damaged, &limits);
            let side = [None, Some(8)][numbers.below(2)];
            match (decode(&damaged, &limits, side), header) {
                (Ok(decoded), Ok(header)) => {
                    assert!(decoded.picture.width() <= header.width, "{name}");
                    assert!(decoded.picture.height() <= header.height, "{name}");
                }
                (Ok(_), Err(error)) => panic!("{name}: decoded in spite of {error}"),
                // The AV1 decoder panics, within the wall, where asked for colours of a number that means nothing.
                (Err(SeeError::Malformed { .. }), _) if name.ends_with(".avif") => {}
                (Err(SeeError::Malformed { reason, .. }), _) => {
                    assert_ne!(reason, "the decoder gave up", "{name}: a decoder panicked");
                }
                (Err(_), _) => {}
            }
        }
    }
}

#[test]
fn every_beginning_of_a_file_is_truncated_or_no_picture() {
    for name in [
        "baseline420.jpg",
        "restart.jpg",
        "grey.jpg",
        "cmyk.jpg",
        "progressive.jpg",
        "rgba.png",
        "palette.png",
        "lossy.webp",
        "lossless.webp",
        "alpha.webp",
        "still.gif",
        "rgb.bmp",
        "plain.tif",
        "lzw.tif",
    ] {
        let whole = bytes(name);
        // The last bytes end the container and hold no pixels.
        let spare = match &name[name.len() - 3..] {
            "jpg" => 3,
            "png" => 16,
            "gif" => 4,
            "tif" | "bmp" | "ebp" => 2,
            _ => 0,
        };
        for length in (1..whole.len() - spare).step_by(1 + whole.len() / 400) {
            match decode(&whole[..length], &Limits::default(), None) {
                Ok(_) => panic!(
                    "{name}: {length} of {} bytes were taken for a picture",
                    whole.len()
                ),
                Err(SeeError::Truncated { .. } | SeeError::NotAPicture) => {}
                Err(other) => panic!("{name}: {length} of {} bytes: {other}", whole.len()),
            }
        }
    }
}

/// The picture that programs without animation show is no answer when the frame that comes first is missing.
#[test]
fn an_animation_that_is_cut_before_its_first_frame_ends_is_truncated() {
    let whole = bytes("apart.png");
    let frame = whole.windows(4).position(|kind| kind == b"fdAT").unwrap();
    let length = u32::from_be_bytes(whole[frame - 4..frame].try_into().unwrap());
    let end = frame + 4 + length as usize;
    for length in 1..end {
        match decode(&whole[..length], &Limits::default(), None) {
            Err(SeeError::Truncated { .. } | SeeError::NotAPicture) => {}
            other => panic!("{length} of {} bytes: {other:?}", whole.len()),
        }
    }
    // Later frames are not looked at, but for the head that says that no more of this one follows.
    let got = decode(&whole[..end + 4 + 8], &Limits::default(), None).unwrap();
    assert_eq!(got.picture, picture("apart.png"));
}

#[test]
fn a_jpeg_that_only_lacks_its_end_is_whole() {
    for name in [
        "baseline420.jpg",
        "baseline422.jpg",
        "restart.jpg",
        "grey.jpg",
        "progressive.jpg",
        "strip.jpg",
    ] {
        let whole = bytes(name);
        let cut = &whole[..whole.len() - 2];
        let got = decode(cut, &Limits::default(), None).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(got.picture, picture(name), "{name}");
    }
}

#[test]
fn bytes_after_the_end_change_nothing() {
    for name in [
        "baseline420.jpg",
        "progressive.jpg",
        "rgba.png",
        "still.gif",
        "lossy.webp",
        "rgb.bmp",
    ] {
        let whole = bytes(name);
        for rest in [&b"\0\0\0\0"[..], &whole, b"\xFF\xFF\xFF\xD8\xFF\xE1"] {
            let longer = [&whole, rest].concat();
            let got =
                decode(&longer, &Limits::default(), None).unwrap_or_else(|e| panic!("{name}: {e}"));
            assert_eq!(got.picture, picture(name), "{name}");
        }
    }
}

#[test]
fn a_jpeg_that_was_cut_and_given_an_end_is_truncated() {
    for name in [
        "baseline420.jpg",
        "baseline444.jpg",
        "restart.jpg",
        "grey.jpg",
        "cmyk.jpg",
    ] {
        let whole = bytes(name);
        let scan = whole.windows(2).rposition(|w| w == [0xFF, 0xDA]).unwrap() + 20;
        for length in scan..whole.len() - 4 {
            let mended = [&whole[..length], &[0xFF, 0xD9]].concat();
            if whole[length - 1] == 0xFF {
                continue;
            }
            let got = decode(&mended, &Limits::default(), None);
            assert!(
                matches!(got, Err(SeeError::Truncated { .. })),
                "{name} at {length}: {got:?}"
            );
        }
    }
}

#[test]
fn a_progressive_jpeg_without_its_last_scans_is_truncated() {
    let whole = bytes("progressive.jpg");
    let scans: Vec<usize> = whole
        .windows(2)
        .enumerate()
        .filter(|(_, w)| *w == [0xFF, 0xDA])
        .map(|(i, _)| i)
        .collect();
    assert!(scans.len() > 3);
    for &scan in &scans[1..] {
        let mended = [&whole[..scan], &[0xFF, 0xD9]].concat();
        let got = decode(&mended, &Limits::default(), None);
        assert!(matches!(got, Err(SeeError::Truncated { .. })), "{got:?}");
    }
}

#[test]
fn malformed_metadata_never_cost_the_picture() {
    let mut numbers = Numbers(7);
    for name in ["described.jpg", "iptc_utf8.jpg"] {
        let whole = bytes(name);
        let end = whole.windows(2).position(|w| w == [0xFF, 0xDB]).unwrap();
        let segments: Vec<usize> = (2..end)
            .filter(|i| whole[*i] == 0xFF && whole[i + 1] >= 0xE0)
            .collect();
        for _ in 0..DAMAGED {
            let mut damaged = whole.clone();
            for _ in 0..20 {
                let at = 6 + numbers.below(end - 6);
                // Markers and lengths are the container's and stay.
                if segments.iter().all(|s| at < *s || at > s + 3) {
                    // Never FF, which could begin a marker that was not there.
                    damaged[at] = numbers.below(255) as u8;
                }
            }
            decode(&damaged, &Limits::default(), None).unwrap_or_else(|e| panic!("{name}: {e}"));
        }
    }
}
