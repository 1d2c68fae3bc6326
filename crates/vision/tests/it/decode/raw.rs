//! Camera raws, built here around reference JPEGs.

mod build;
mod wrong;

use super::files::{bytes, decoded, picture};
use build::{Builder, box_of, cr3, dng, long, raf, short, track, with_frame};
use vision::{Decoded, Format, Limits, SeeError, Sniffed, decode, probe, sniff, thumbnail};

fn see(raw: &[u8]) -> Decoded {
    assert_eq!(sniff(raw), Sniffed::Supported(Format::Raw));
    let decoded = decode(raw, &Limits::default(), None).unwrap();
    assert_eq!(decoded.format, Format::Raw);
    assert!(!decoded.animated);
    decoded
}

fn refused(raw: &[u8]) -> SeeError {
    decode(raw, &Limits::default(), None).unwrap_err()
}

#[test]
fn the_preview_of_a_dng_is_seen_in_either_order_of_bytes() {
    for name in ["baseline420.jpg", "progressive.jpg", "grey.jpg"] {
        for little in [true, false] {
            let raw = dng(little, &bytes(name), 1);
            assert_eq!(see(&raw).picture, picture(name), "{name}");
        }
    }
    assert_eq!(Format::Raw.name(), "raw");
    assert_eq!(Format::Raw.media_type(), "image/x-raw");
}

#[test]
fn the_largest_of_several_previews_is_seen_wherever_it_hangs() {
    let (small, large) = (bytes("tiny.jpg"), bytes("baseline444.jpg"));
    assert!(picture("tiny.jpg").width() < picture("baseline444.jpg").width());
    // In the chain, below the first list, as a strip, and first or last in the file.
    for place in 0..3 {
        for (in_first, other) in [(&small, &large), (&large, &small)] {
            let mut raw = Builder::new(true, b"*\0");
            let other_at = raw.put(other);
            let entries = if place == 2 {
                vec![
                    short(259, 7),
                    long(273, other_at),
                    long(279, other.len() as u32),
                ]
            } else {
                vec![long(513, other_at), long(514, other.len() as u32)]
            };
            let list = raw.list(&entries, 0);
            let first_at = raw.put(in_first);
            let mut entries = vec![
                long(513, first_at),
                long(514, in_first.len() as u32),
                (50706, 1, 4, [1, 4, 0, 0]),
            ];
            if place > 0 {
                entries.push(long(330, list));
            }
            let first = raw.list(&entries, if place == 0 { list } else { 0 });
            let raw = raw.ending_at(first);
            assert_eq!(see(&raw).picture, picture("baseline444.jpg"), "{place}");
        }
    }
}

#[test]
fn sensor_values_kept_as_jpeg_are_no_preview() {
    let small = bytes("tiny.jpg");
    for (marker, precision) in [(0xC3, 8), (0xC0, 12), (0xC9, 8)] {
        let sensor = with_frame(&bytes("baseline444.jpg"), marker, precision);
        let mut raw = Builder::new(true, b"*\0");
        let (small_at, sensor_at) = (raw.put(&small), raw.put(&sensor));
        let sensor_list = raw.list(
            &[
                short(259, 7),
                long(273, sensor_at),
                long(279, sensor.len() as u32),
            ],
            0,
        );
        let entries = [
            long(330, sensor_list),
            long(513, small_at),
            long(514, small.len() as u32),
            (50706, 1, 4, [1, 4, 0, 0]),
        ];
        let first = raw.list(&entries, 0);
        let raw = raw.ending_at(first);
        assert_eq!(see(&raw).picture, picture("tiny.jpg"), "{marker:X}");
        let alone = dng(true, &sensor, 1);
        assert_eq!(
            refused(&alone).to_string(),
            "camera raw (DNG) holds no preview that can be shown"
        );
    }
    let cmyk = dng(true, &bytes("cmyk.jpg"), 1);
    assert_eq!(refused(&cmyk), SeeError::NoPreview("camera raw (DNG)"));
}

#[test]
fn a_preview_is_turned_once() {
    let plain = "baseline420.jpg";
    let stored = picture(plain);
    for orientation in [1, 3, 6, 8] {
        let raw = dng(false, &bytes(plain), orientation);
        let seen = see(&raw);
        assert_eq!(seen.metadata.orientation, orientation as u8);
        assert_eq!(seen.picture, stored);
        let turned = if orientation > 4 {
            (stored.height(), stored.width())
        } else {
            (stored.width(), stored.height())
        };
        assert_eq!((seen.width, seen.height), turned);
        let small = thumbnail(&raw, &Limits::default(), 16).unwrap();
        assert_eq!(small.width() > small.height(), turned.0 > turned.1);
    }
    // What the JPEG says of itself holds, be it the same or not.
    for around in [1, 3, 6] {
        for own in [1, 6, 8] {
            let name = format!("orientation{own}.jpg");
            let seen = see(&dng(true, &bytes(&name), around));
            let expected = decoded(&name);
            assert_eq!(seen.metadata.orientation, own, "{around} around {own}");
            assert_eq!((seen.width, seen.height), (expected.width, expected.height));
        }
    }
}

#[test]
fn makers_with_headers_of_their_own_are_read() {
    let name = "baseline422.jpg";
    let jpeg = bytes(name);
    for (little, number) in [(true, b"RO"), (true, b"RS"), (false, b"OR"), (true, b"U\0")] {
        let mut raw = Builder::new(little, number);
        let at = raw.put(&jpeg);
        let make = raw.put(b"Maker of it\0");
        // Panasonic's own tag; Olympus's files have the pair.
        let entries = if number == b"U\0" {
            vec![raw.value(0x2E, 7, jpeg.len() as u32, at)]
        } else {
            vec![
                raw.entry(long(513, at)),
                raw.entry(long(514, jpeg.len() as u32)),
            ]
        };
        let entries = [
            &entries[..],
            &[raw.value(271, 2, 12, make), raw.entry(short(274, 6))],
        ]
        .concat();
        let first = raw.raw_list(&entries, 0);
        let seen = see(&raw.ending_at(first));
        assert_eq!(seen.picture, picture(name));
        assert_eq!(seen.metadata.orientation, 6);
        assert_eq!(seen.metadata.camera.make.as_deref(), Some("Maker of it"));
    }
}

#[test]
fn the_preview_in_the_notes_of_olympus_is_found() {
    let jpeg = bytes("restart.jpg");
    for (head, start) in [
        (&b"OLYMPUS\0II\x03\0"[..], 12),
        (&b"OM SYSTEM\0\0\0II\x04\0"[..], 16),
    ] {
        assert_eq!(head.len(), start);
        let mut raw = Builder::new(true, b"RS");
        // Places count from the notes' beginning: two lists of one and two entries, then the JPEG.
        let settings = start as u32 + 18;
        let jpeg_at = settings + 30;
        let mut notes = Builder::empty(true);
        notes.put(head);
        notes.list(&[(0x2020, 13, 1, settings.to_le_bytes())], 0);
        notes.list(&[long(0x101, jpeg_at), long(0x102, jpeg.len() as u32)], 0);
        notes.put(&jpeg);
        let notes = notes.into_bytes();
        let at = raw.put(&notes);
        // The notes' own length may end before the JPEG.
        let maker_note = raw.value(37500, 7, 60, at);
        let exif = raw.raw_list(&[maker_note], 0);
        let first = raw.list(&[long(34665, exif)], 0);
        assert_eq!(see(&raw.ending_at(first)).picture, picture("restart.jpg"));
    }
}

#[test]
fn a_raf_is_seen_and_described_by_its_jpeg() {
    let seen = see(&raf(&bytes("described.jpg")));
    let expected = decoded("described.jpg");
    assert_eq!(seen.metadata, expected.metadata);
    assert_eq!(seen.picture, expected.picture);
    assert_eq!((seen.width, seen.height), (expected.width, expected.height));
}

#[test]
fn a_cr3_is_seen_by_its_first_track_or_by_its_boxes() {
    let (thumb, middle, full) = (
        bytes("tiny.jpg"),
        bytes("orientation1.jpg"),
        bytes("baseline420.jpg"),
    );
    let whole = cr3(Some(&thumb), Some(&middle), Some(&full));
    let seen = see(&whole);
    assert_eq!(seen.picture, picture("baseline420.jpg"));
    assert_eq!(seen.metadata.orientation, 8);
    assert_eq!(seen.metadata.camera.make.as_deref(), Some("Canon"));
    assert_eq!(seen.metadata.taken.as_deref(), Some("2023-05-06T07:08:09"));
    let place = seen.metadata.location.unwrap();
    assert_eq!((place.latitude, place.longitude), (-33.5, 151.25));
    assert_eq!(
        seen.metadata.words.title.as_deref(),
        Some("Named by a program")
    );
    let large = see(&cr3(Some(&thumb), Some(&full), None));
    assert_eq!(large.picture, picture("baseline420.jpg"));
    let small = see(&cr3(Some(&thumb), None, None));
    assert_eq!(small.picture, picture("tiny.jpg"));
    // The track of sensor values is no JPEG for the eye.
    let sensor = with_frame(&full, 0xC3, 8);
    let small = see(&cr3(Some(&thumb), None, Some(&sensor)));
    assert_eq!(small.picture, picture("tiny.jpg"));
    let none = refused(&cr3(None, None, None));
    assert_eq!(
        none.to_string(),
        "camera raw (Canon CR3) holds no preview that can be shown"
    );
}

#[test]
fn tracks_of_one_length_and_places_of_32_bits_are_followed() {
    let jpeg = bytes("baseline420.jpg");
    let moov = |at| box_of(b"moov", &track(b"stco", at, jpeg.len() as u32, true));
    let head = box_of(b"ftyp", b"crx \0\0\0\x01");
    let at = (head.len() + moov(0).len() + 8) as u32;
    let raw = [head, moov(at), box_of(b"mdat", &jpeg)].concat();
    assert_eq!(see(&raw).picture, picture("baseline420.jpg"));
}

#[test]
fn the_lists_of_a_raw_describe_it() {
    let jpeg = bytes("baseline420.jpg");
    let mut raw = Builder::new(false, b"\0*");
    let at = raw.put(&jpeg);
    let make = raw.put(b"Maker\0");
    let taken = raw.put(b"2022:11:12 13:14:15\0");
    let exif = [
        raw.value(0x9003, 2, 20, taken),
        raw.entry(short(0x8827, 800)),
    ];
    let exif = raw.raw_list(&exif, 0);
    for apart in [true, false] {
        let mut raw = raw.clone();
        let mut entries = vec![
            raw.entry(long(513, at)),
            raw.entry(long(514, jpeg.len() as u32)),
            raw.value(271, 2, 6, make),
            raw.entry((50706, 1, 4, [1, 4, 0, 0])),
        ];
        if apart {
            entries.push(raw.entry(long(34665, exif)));
        } else {
            entries.push(raw.value(0x9003, 2, 20, taken));
            entries.push(raw.entry(short(0x8827, 800)));
        }
        let first = raw.raw_list(&entries, 0);
        let metadata = see(&raw.ending_at(first)).metadata;
        assert_eq!(metadata.camera.make.as_deref(), Some("Maker"));
        assert_eq!(metadata.camera.iso, Some(800));
        assert_eq!(metadata.taken.as_deref(), Some("2022-11-12T13:14:15"));
    }
}

#[test]
fn the_header_is_that_of_the_preview() {
    let name = "baseline444.jpg";
    let raw = dng(true, &bytes(name), 6);
    let header = probe(&raw, &Limits::default()).unwrap();
    let of_jpeg = probe(&bytes(name), &Limits::default()).unwrap();
    assert_eq!(
        (header.width, header.height),
        (of_jpeg.width, of_jpeg.height)
    );
    // The file is copied once, for EXIF.
    assert_eq!(header.memory_bytes, of_jpeg.memory_bytes + raw.len() as u64);
    let limits = Limits {
        max_pixels: 10,
        ..Limits::default()
    };
    assert!(matches!(
        probe(&raw, &limits),
        Err(SeeError::TooLarge { .. })
    ));
}
