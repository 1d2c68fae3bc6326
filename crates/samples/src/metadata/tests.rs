//! Reads back what was written, with readers that know nothing of the writer.

use std::io::Cursor;

use exif::{Exif, In, Reader, Tag, Value};

use super::{Date, Metadata, degrees};

fn metadata(place: Option<(f64, f64)>) -> Metadata {
    Metadata {
        title: "Cats & dogs",
        description: "A <test> with \"quotes\" & more.".to_owned(),
        keywords: vec!["sea", "Wüste", "沙漠", "a<b"],
        rating: 4,
        taken: Date {
            year: 2019,
            month: 3,
            day: 7,
            hour: 18,
            minute: 5,
            second: 9,
        },
        model: "Sample Camera 2",
        iso: 200,
        f_number_tenths: 28,
        exposure_denominator: 250,
        focal_length_mm: 35,
        place,
        orientation: 6,
    }
}

/// Puts the payloads into a JPEG as the program does and reads them from there.
fn read_back(metadata: &Metadata) -> Exif {
    let mut jpeg = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut jpeg, 80);
    encoder.add_app_segment(1, metadata.exif(8, 8)).unwrap();
    encoder.add_app_segment(1, metadata.xmp()).unwrap();
    encoder
        .encode(&[90; 8 * 8 * 3], 8, 8, jpeg_encoder::ColorType::Rgb)
        .unwrap();
    Reader::new()
        .read_from_container(&mut Cursor::new(jpeg))
        .unwrap()
}

fn text(exif: &Exif, tag: Tag) -> String {
    match &exif.get_field(tag, In::PRIMARY).unwrap().value {
        Value::Ascii(lines) => String::from_utf8(lines.concat()).unwrap(),
        other => panic!("{tag}: expected text, got {other:?}"),
    }
}

fn number(exif: &Exif, tag: Tag) -> f64 {
    match &exif.get_field(tag, In::PRIMARY).unwrap().value {
        Value::Rational(values) => values[0].to_f64(),
        value => f64::from(value.get_uint(0).unwrap()),
    }
}

/// Adds up degrees, minutes and seconds.
fn angle(exif: &Exif, tag: Tag) -> f64 {
    match &exif.get_field(tag, In::PRIMARY).unwrap().value {
        Value::Rational(v) => v[0].to_f64() + v[1].to_f64() / 60.0 + v[2].to_f64() / 3600.0,
        other => panic!("{tag}: expected rationals, got {other:?}"),
    }
}

#[test]
fn exif_reads_back() {
    let exif = read_back(&metadata(Some((-24.733, 15.292))));
    assert_eq!(text(&exif, Tag::Make), "Eidetic");
    assert_eq!(text(&exif, Tag::Model), "Sample Camera 2");
    assert_eq!(text(&exif, Tag::ImageDescription), "Cats & dogs");
    assert_eq!(text(&exif, Tag::DateTimeOriginal), "2019:03:07 18:05:09");
    assert_eq!(number(&exif, Tag::Orientation), 6.0);
    assert_eq!(number(&exif, Tag::PhotographicSensitivity), 200.0);
    assert_eq!(number(&exif, Tag::FNumber), 2.8);
    assert_eq!(number(&exif, Tag::ExposureTime), 1.0 / 250.0);
    assert_eq!(number(&exif, Tag::FocalLength), 35.0);
    assert_eq!(text(&exif, Tag::GPSLatitudeRef), "S");
    assert_eq!(text(&exif, Tag::GPSLongitudeRef), "E");
    assert!((angle(&exif, Tag::GPSLatitude) - 24.733).abs() < 1e-5);
    assert!((angle(&exif, Tag::GPSLongitude) - 15.292).abs() < 1e-5);
}

#[test]
fn without_a_place_there_is_no_position() {
    let exif = read_back(&metadata(None));
    assert!(exif.get_field(Tag::GPSLatitude, In::PRIMARY).is_none());
    assert_eq!(text(&exif, Tag::DateTimeOriginal), "2019:03:07 18:05:09");
}

#[test]
fn xmp_is_well_formed_and_keeps_every_word() {
    let payload = metadata(None).xmp();
    let packet = payload
        .strip_prefix(b"http://ns.adobe.com/xap/1.0/\0".as_slice())
        .unwrap();
    let packet = std::str::from_utf8(packet).unwrap();
    let document = roxmltree::Document::parse(packet).unwrap();
    let dc = "http://purl.org/dc/elements/1.1/";
    let words_of = |name: &str| -> Vec<String> {
        let node = document
            .descendants()
            .find(|n| n.has_tag_name((dc, name)))
            .unwrap();
        let items = node.descendants().filter(|n| n.tag_name().name() == "li");
        items.filter_map(|n| n.text().map(str::to_owned)).collect()
    };
    assert_eq!(words_of("title"), ["Cats & dogs"]);
    assert_eq!(
        words_of("description"),
        ["A <test> with \"quotes\" & more."]
    );
    assert_eq!(words_of("subject"), ["sea", "Wüste", "沙漠", "a<b"]);
    let rating = document
        .descendants()
        .find_map(|n| n.attribute(("http://ns.adobe.com/xap/1.0/", "Rating")));
    assert_eq!(rating, Some("4"));
}

#[test]
fn degrees_carry_into_minutes_and_never_reach_sixty() {
    assert_eq!(degrees(10.999_999_9), [(11, 1), (0, 1), (0, 100)]);
    assert_eq!(degrees(-0.5), [(0, 1), (30, 1), (0, 100)]);
    assert_eq!(
        degrees(1.0 + 1.0 / 60.0 + 2.25 / 3600.0),
        [(1, 1), (1, 1), (225, 100)]
    );
}
