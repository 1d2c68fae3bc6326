//! Metadata out of every container.

use super::files::{bytes, decoded};
use vision::{Limits, Metadata, Words, decode};

fn metadata(name: &str) -> Metadata {
    decoded(name).metadata
}

#[test]
fn exif_says_how_when_and_where() {
    for name in ["described.jpg", "described.png", "described.webp"] {
        let found = metadata(name);
        assert_eq!(found.orientation, 6, "{name}");
        assert_eq!(
            found.taken.as_deref(),
            Some("2024-02-29T13:45:07+02:00"),
            "{name}"
        );
        let camera = &found.camera;
        assert_eq!(camera.make.as_deref(), Some("Eidetic Works"));
        assert_eq!(camera.model.as_deref(), Some("Model One"));
        assert_eq!(camera.lens.as_deref(), Some("50mm f/1.8"));
        assert_eq!(camera.software.as_deref(), Some("painter 1.0"));
        assert_eq!(camera.artist.as_deref(), Some("Ada Example"));
        assert_eq!(camera.copyright.as_deref(), Some("(c) 2024 Ada"));
        assert_eq!(camera.iso, Some(400));
        assert_eq!(camera.focal_length_mm, Some(50.0));
        assert!((camera.f_number.unwrap() - 1.8).abs() < 1e-6);
        assert!((camera.exposure_time_s.unwrap() - 0.004).abs() < 1e-6);
        let place = found.location.unwrap();
        assert!((place.latitude + 33.857).abs() < 1e-4, "{place:?}");
        assert!((place.longitude - 151.215).abs() < 1e-4, "{place:?}");
        assert_eq!(place.altitude_m, Some(12.5));
        let decoded = decoded(name);
        assert_eq!((decoded.width, decoded.height), (20, 32), "{name}");
    }
}

fn words(title: &str, caption: Option<&str>, keywords: &[&str], rating: Option<f64>) -> Words {
    Words {
        title: Some(title.to_owned()),
        caption: caption.map(str::to_owned),
        keywords: keywords.iter().map(|k| (*k).to_owned()).collect(),
        rating,
    }
}

#[test]
fn words_come_from_xmp_elements_and_attributes() {
    let elements = words(
        "The harbour",
        Some("Boats & gulls"),
        &["boat", "gull"],
        Some(4.0),
    );
    for name in ["described.jpg", "described.webp", "described.tif"] {
        assert_eq!(metadata(name).words, elements, "{name}");
    }
    let attributes = words("By attribute", None, &[], Some(-1.0));
    assert_eq!(metadata("described.png").words, attributes);
}

#[test]
fn words_come_from_iptc_in_either_charset() {
    let expected = words("Zür", Some("Ein Café am See"), &["See", "Café"], None);
    assert_eq!(metadata("iptc_utf8.jpg").words, expected);
    assert_eq!(metadata("iptc_latin1.jpg").words, expected);
}

#[test]
fn a_tiff_falls_back_on_its_own_iptc() {
    let mut tiff = bytes("described.tif");
    let at = find(&tiff, b"<x:xmpmeta");
    tiff[at + 1] = b' ';
    let found = decode(&tiff, &Limits::default(), None).unwrap().metadata;
    assert_eq!(
        found.words,
        words("Tiff title", Some("Tiff caption"), &["one", "two"], None)
    );
}

fn find(bytes: &[u8], what: &[u8]) -> usize {
    bytes.windows(what.len()).position(|w| w == what).unwrap()
}

/// A JPEG with one more segment after its first marker.
fn with_segment(marker: u8, body: &[u8]) -> Vec<u8> {
    let jpeg = bytes("grey.jpg");
    let length = (body.len() as u16 + 2).to_be_bytes();
    [&jpeg[..2], &[0xFF, marker], &length, body, &jpeg[2..]].concat()
}

fn with_xmp(body: &str) -> Metadata {
    let packet = format!(
        "http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF \
         xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" \
         {body}</rdf:Description></rdf:RDF></x:xmpmeta>"
    );
    let jpeg = with_segment(0xE1, packet.as_bytes());
    decode(&jpeg, &Limits::default(), None).unwrap().metadata
}

#[test]
fn strings_and_keywords_are_capped_and_cleaned() {
    let long = "ä".repeat(12_000);
    let found = with_xmp(&format!("><dc:title> {long}</dc:title>"));
    assert_eq!(found.words.title.unwrap().chars().count(), 10_000);
    let items: String = (0..1500)
        .map(|i| format!("<rdf:li>k{i} </rdf:li>"))
        .collect();
    let found = with_xmp(&format!(
        "><dc:subject><rdf:Bag>{items}</rdf:Bag></dc:subject>"
    ));
    assert_eq!(found.words.keywords.len(), 1_000);
    assert_eq!(found.words.keywords[7], "k7");
}

#[test]
fn ratings_outside_their_range_are_ignored() {
    for (text, expected) in [
        ("5", Some(5.0)),
        ("-1", Some(-1.0)),
        ("6", None),
        ("NaN", None),
        ("x", None),
    ] {
        assert_eq!(
            with_xmp(&format!("xmp:Rating=\"{text}\">")).words.rating,
            expected,
            "{text}"
        );
    }
}

#[test]
fn hostile_xmp_costs_the_words_and_not_the_picture() {
    let deep = format!(">{}{}", "<a>".repeat(8_000), "</a>".repeat(8_000));
    let many = format!(">{}", "<a/>".repeat(14_000));
    for body in [&deep[..], &many, "><unclosed>", ">&undefined;"] {
        assert_eq!(with_xmp(body).words.title, None);
    }
    let laughs = b"http://ns.adobe.com/xap/1.0/\0<!DOCTYPE a [<!ENTITY b \"bbbb\">]><a>&b;</a>";
    let jpeg = with_segment(0xE1, laughs);
    assert_eq!(
        decode(&jpeg, &Limits::default(), None).unwrap().metadata,
        Metadata::default()
    );
}

/// A little TIFF header with one list of ASCII or SHORT entries in its EXIF list.
fn exif_with_time(time: &[u8], offset: &[u8]) -> Vec<u8> {
    let mut tiff = b"II*\0\x08\0\0\0".to_vec();
    let entry = |tag: u16, kind: u16, count: usize, value: u32| {
        let mut entry = tag.to_le_bytes().to_vec();
        entry.extend(kind.to_le_bytes());
        entry.extend((count as u32).to_le_bytes());
        entry.extend(value.to_le_bytes());
        entry
    };
    tiff.extend(1_u16.to_le_bytes());
    tiff.extend(entry(0x8769, 4, 1, 26));
    tiff.extend(0_u32.to_le_bytes());
    tiff.extend(2_u16.to_le_bytes());
    let texts = 26 + 2 + 24 + 4;
    tiff.extend(entry(0x9003, 2, time.len(), texts));
    tiff.extend(entry(0x9011, 2, offset.len(), texts + time.len() as u32));
    tiff.extend(0_u32.to_le_bytes());
    tiff.extend(time);
    tiff.extend(offset);
    [b"Exif\0\0", &tiff[..]].concat()
}

#[test]
fn times_that_cannot_be_are_ignored() {
    let taken = |time: &str, offset: &str| {
        let block = exif_with_time(
            format!("{time}\0").as_bytes(),
            format!("{offset}\0").as_bytes(),
        );
        let jpeg = with_segment(0xE1, &block);
        decode(&jpeg, &Limits::default(), None)
            .unwrap()
            .metadata
            .taken
    };
    let valid = "2023:12:31 23:59:59";
    assert_eq!(
        taken(valid, "-09:30").as_deref(),
        Some("2023-12-31T23:59:59-09:30")
    );
    for offset in ["+99:00", "Z....", "      ", "+1:000"] {
        assert_eq!(
            taken(valid, offset).as_deref(),
            Some("2023-12-31T23:59:59"),
            "{offset}"
        );
    }
    for time in [
        "0000:00:00 00:00:00",
        "2023:02:29 10:00:00",
        "2023:13:01 10:00:00",
        "2023:01:01 24:00:00",
        "    :  :     :  :  ",
        "2023:01:01",
        "2023:01:0é 10:00:0",
    ] {
        assert_eq!(taken(time, "+00:00"), None, "{time}");
    }
}
