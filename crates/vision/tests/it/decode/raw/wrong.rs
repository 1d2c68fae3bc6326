//! Camera raws that are cut, damaged or made to mislead.

use super::build::{Builder, cr3, dng, long, raf, short};
use super::{refused, see};
use crate::decode::files::{Numbers, bytes, picture};
use vision::{Limits, SeeError, decode, probe, sniff};

const TRUNCATED: SeeError = SeeError::Truncated { format: "raw" };

/// One raw of each layout, and the bytes after the last that its preview needs.
fn whole() -> [Vec<u8>; 4] {
    let (small, large) = (bytes("tiny.jpg"), bytes("baseline420.jpg"));
    [
        dng(true, &large, 6),
        dng(false, &large, 1),
        raf(&large),
        cr3(Some(&small), None, Some(&large)),
    ]
}

#[test]
fn every_beginning_of_a_raw_is_truncated_or_no_picture_or_no_raw() {
    for raw in whole() {
        let mut lengths: Vec<usize> = (1..raw.len() - 3).step_by(64).collect();
        lengths.extend(1..raw.len().min(300));
        for length in lengths {
            match decode(&raw[..length], &Limits::default(), None) {
                Ok(_) => panic!("{length} of {} bytes were taken for a raw", raw.len()),
                Err(SeeError::Truncated { .. } | SeeError::NotAPicture) => {}
                Err(other) => panic!("{length} of {} bytes: {other}", raw.len()),
            }
        }
    }
}

#[test]
fn a_larger_preview_that_is_cut_is_not_passed_over_for_a_thumbnail() {
    let (small, large) = (bytes("tiny.jpg"), bytes("baseline420.jpg"));
    let whole = cr3(Some(&small), None, Some(&large));
    assert_eq!(see(&whole).picture, picture("baseline420.jpg"));
    assert_eq!(refused(&whole[..whole.len() - 1]), TRUNCATED);
    assert_eq!(refused(&whole[..whole.len() - large.len()]), TRUNCATED);
}

#[test]
fn places_and_lengths_beyond_the_file_are_truncated() {
    for (at, length) in [
        (u32::MAX, 100),
        (62, u32::MAX),
        (u32::MAX, u32::MAX),
        (100_000, 4),
    ] {
        for strip in [false, true] {
            let mut raw = Builder::new(true, b"*\0");
            let pair = if strip {
                [long(273, at), long(279, length)]
            } else {
                [long(513, at), long(514, length)]
            };
            let entries = [short(259, 6), pair[0], pair[1], (50706, 1, 4, [1, 4, 0, 0])];
            let first = raw.list(&entries, 0);
            raw.put(&bytes("tiny.jpg"));
            assert_eq!(refused(&raw.ending_at(first)), TRUNCATED);
        }
    }
    for (at, length) in [(u32::MAX, 9), (160, u32::MAX), (u32::MAX, u32::MAX)] {
        let mut raw = raf(&bytes("tiny.jpg"));
        raw[84..88].copy_from_slice(&at.to_be_bytes());
        raw[88..92].copy_from_slice(&length.to_be_bytes());
        assert_eq!(refused(&raw), TRUNCATED);
    }
    // Lists beyond the file cost nothing where a preview is known.
    let mut raw = Builder::new(true, b"*\0");
    let at = raw.put(&bytes("grey.jpg"));
    let entries = [
        long(330, u32::MAX - 1),
        long(513, at),
        long(514, bytes("grey.jpg").len() as u32),
        (50706, 1, 4, [1, 4, 0, 0]),
    ];
    let first = raw.list(&entries, u32::MAX);
    assert_eq!(see(&raw.ending_at(first)).picture, picture("grey.jpg"));
}

#[test]
fn lists_in_a_circle_and_in_great_number_end() {
    let none = SeeError::NoPreview("camera raw (DNG)");
    let dng_version = (50706, 1, 4, [1, 4, 0, 0]);
    // The first list after and below itself.
    let mut raw = Builder::new(true, b"*\0");
    let first = raw.list(&[long(330, 8), dng_version], 8);
    assert_eq!(refused(&raw.ending_at(first)), none);
    // Two lists that name each other, the second with a preview.
    let jpeg = bytes("tiny.jpg");
    let mut raw = Builder::new(true, b"*\0");
    let at = raw.put(&jpeg);
    let second_at = at + jpeg.len() as u32 + 18 + 12;
    let first = raw.list(&[long(330, second_at), dng_version], second_at);
    let pair = [long(513, at), long(514, jpeg.len() as u32)];
    assert_eq!(raw.list(&pair, first), second_at);
    assert_eq!(see(&raw.ending_at(first)).picture, picture("tiny.jpg"));
    // A chain of thousands.
    let mut raw = Builder::new(true, b"*\0");
    let mut next = 0;
    for _ in 0..10_000 {
        next = raw.list(&[long(330, next)], next);
    }
    let first = raw.list(&[dng_version], next);
    assert_eq!(refused(&raw.ending_at(first)), none);
}

#[test]
fn huge_counts_take_neither_time_nor_memory() {
    let huge = |tag, kind| (tag, kind, u32::MAX, [8, 0, 0, 0]);
    let mut raw = Builder::new(true, b"*\0");
    let entries = [
        huge(259, 3),
        huge(273, 4),
        huge(279, 4),
        huge(330, 4),
        huge(513, 4),
        huge(514, 16),
        huge(34665, 13),
        (50706, 1, 4, [1, 4, 0, 0]),
    ];
    let first = raw.list(&entries, 0);
    let none = SeeError::NoPreview("camera raw (DNG)");
    assert_eq!(refused(&raw.ending_at(first)), none);
    // A list that says 65,535 entries and has few.
    let mut raw = dng(true, &bytes("tiny.jpg"), 1);
    raw[8..10].copy_from_slice(&[0xFF, 0xFF]);
    let _ = decode(&raw, &Limits::default(), None);
    // Samples and boxes without end.
    let mut raw = cr3(None, None, Some(&bytes("tiny.jpg")));
    for kind in [b"stsz", b"co64"] {
        let at = raw.windows(4).position(|w| w == kind).unwrap();
        raw[at + 4..at + 20].fill(0xFF);
    }
    assert_eq!(refused(&raw), TRUNCATED);
}

#[test]
fn strips_that_are_no_jpeg_by_themselves_are_passed_over() {
    let jpeg = bytes("tiny.jpg");
    let length = jpeg.len() as u32;
    let none = SeeError::NoPreview("camera raw (DNG)");
    // Tables elsewhere; another compression; two strips; not a JPEG at all.
    for case in 0..4 {
        let mut raw = Builder::new(true, b"*\0");
        let at = raw.put(if case == 3 { b"no jpeg at all" } else { &jpeg });
        let twice = raw.put(&[at, at].map(u32::to_le_bytes).concat());
        let compression = if case == 1 { 1 } else { 7 };
        let mut entries = vec![raw.entry(short(259, compression))];
        entries.push(if case == 2 {
            raw.value(273, 4, 2, twice)
        } else {
            raw.entry(long(273, at))
        });
        entries.push(raw.entry(long(279, if case == 3 { 14 } else { length })));
        if case == 0 {
            entries.push(raw.value(347, 7, 30, at));
        }
        entries.push(raw.entry((50706, 1, 4, [1, 4, 0, 0])));
        let first = raw.raw_list(&entries, 0);
        assert_eq!(refused(&raw.ending_at(first)), none, "{case}");
    }
}

#[test]
fn damaged_raws_never_panic_and_never_outgrow_their_header() {
    let limits = Limits {
        max_pixels: 300_000,
        ..Limits::default()
    };
    let mut numbers = Numbers(0x0BAD_CAFE);
    for whole in whole() {
        for _ in 0..500 {
            let mut damaged = whole.clone();
            for _ in 0..=numbers.below(6) {
                // Headers and lists are hit more often than their length would have it.
                let reach = [400, whole.len()][numbers.below(2)];
                let at = numbers.below(whole.len().min(reach));
                damaged[at] = [0, 1, 0xFF, numbers.below(256) as u8][numbers.below(4)];
            }
            let _ = sniff(&damaged);
            let header = probe(&damaged, &limits);
            match (decode(&damaged, &limits, None), header) {
                (Ok(decoded), Ok(header)) => {
                    let picture = &decoded.picture;
                    let size = (picture.width(), picture.height());
                    assert_eq!(size, (header.width, header.height));
                }
                (Ok(_), Err(error)) => panic!("decoded in spite of {error}"),
                (Err(SeeError::Malformed { reason, .. }), _) => {
                    assert_ne!(reason, "the decoder gave up", "a decoder panicked");
                }
                (Err(_), _) => {}
            }
        }
    }
}

#[test]
fn raws_of_a_few_bytes_are_told_by_name_or_cut() {
    let mut raw = Builder::new(true, b"*\0");
    let make = raw.put(b"NIKON CORPORATION\0");
    let entries = [raw.value(271, 2, 18, make), raw.entry(long(330, 8))];
    let first = raw.raw_list(&entries, 0);
    let mut nef = raw.ending_at(first);
    nef.resize(600, 0);
    assert_eq!(
        refused(&nef).to_string(),
        "camera raw (Nikon NEF) holds no preview that can be shown"
    );
    let cut: [&[u8]; 4] = [
        b"FUJIFILMCCD-RAW 0201",
        b"II*\0\x10\0\0\0CR\x02\0",
        b"\0\0\0\x14ftypcrx \0\0\0\0mif1\0\0\x10\0moov and so on",
        b"IIU\0\x18\0\0\0",
    ];
    for raw in cut {
        assert_eq!(refused(raw), TRUNCATED);
    }
}
