use super::*;
use serde_json::json;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use vision::{Camera, DominantColor, Format, Hashes, Location, Metadata, Words};

fn place(path: &str) -> Place {
    Place {
        path: PathBuf::from(path),
        root: PathBuf::from("/home/me/Pictures"),
        modified: "2026-01-02T03:04:05.000000006Z".to_owned(),
    }
}

fn features() -> Features {
    Features {
        width: 960,
        height: 640,
        format: Some(Format::Jpeg),
        hashes: Some(Hashes {
            ahash: 0xa,
            dhash: 0xd,
            phash: 0xc3a1,
        }),
        colors: vec![DominantColor {
            rgb: [0x10, 0x20, 0xf0],
            share: 0.41234,
        }],
        color: vec![0.6, 0.8],
        embedding: Some(vec![1.0]),
        metadata: Metadata {
            orientation: 6,
            taken: Some("2021-06-01T20:15:00".to_owned()),
            camera: Camera {
                make: Some("Canon".to_owned()),
                model: Some("Canon EOS R6".to_owned()),
                iso: Some(100),
                ..Camera::default()
            },
            location: Some(Location {
                latitude: 54.1,
                longitude: 8.9,
                altitude_m: Some(3.0),
            }),
            words: Words {
                title: Some("At the sea".to_owned()),
                keywords: vec!["sea".to_owned(), "海".to_owned()],
                rating: Some(4.0),
                ..Words::default()
            },
        },
        ..Features::default()
    }
}

#[test]
fn a_source_says_everything_that_was_seen() {
    let place = place("/home/me/Pictures/Sunsets/2021/a.jpg");
    let source = source_json(&place, "abc", 1234, &features());
    assert_eq!(
        source,
        json!({
            "path": "/home/me/Pictures/Sunsets/2021/a.jpg",
            "file": {
                "name": "a.jpg",
                "folders": ["Pictures", "Sunsets", "2021"],
                "root": "/home/me/Pictures",
                "modified": "2026-01-02T03:04:05.000000006Z",
            },
            "image": {
                "width": 960, "height": 640, "format": "jpeg", "animated": false, "bytes": 1234,
                "sha256": "abc", "ahash": "000000000000000a", "dhash": "000000000000000d", "phash": "000000000000c3a1", "taken": "2021-06-01T20:15:00",
                "camera": "Canon EOS R6", "location": {"lat": 54.1, "lon": 8.9},
                "title": "At the sea", "keywords": ["sea", "海"], "rating": 4.0,
                "colors": [{"hex": "#1020f0", "name": "blue", "share": 0.412}],
                "exif": {"make": "Canon", "model": "Canon EOS R6", "orientation": 6, "iso": 100, "altitude_m": 3.0},
            },
        })
    );
    let file = file_of(&source).unwrap();
    assert_eq!(file.path, place.path);
    assert_eq!(
        (file.bytes, file.sha256.as_str(), file.width),
        (1234, "abc", 960)
    );
    let vectors = vectors(&features());
    assert_eq!(
        vectors.keys().collect::<Vec<_>>(),
        ["image.color", "image.embedding"]
    );
}

#[test]
fn a_name_that_is_no_utf8_is_found_again() {
    let path = PathBuf::from(OsString::from_vec(
        b"/home/me/Pictures/caf\xe9.jpg".to_vec(),
    ));
    let place = Place {
        path: path.clone(),
        ..place("/")
    };
    let source = source_json(&place, "abc", 1, &features());
    assert_eq!(source["path"], "/home/me/Pictures/caf\u{fffd}.jpg");
    assert_eq!(file_of(&source).unwrap().path, path);
}

#[test]
fn a_moved_file_keeps_what_was_seen_and_its_date() {
    let source = source_json(&place("/home/me/Pictures/a.jpg"), "abc", 1, &features());
    let new = Place {
        modified: "2026-05-05T00:00:00.000000000Z".to_owned(),
        ..place("/home/me/Pictures/New/b.jpg")
    };
    let moved = with_place(source.clone(), &new);
    assert_eq!(moved["file"]["folders"], json!(["Pictures", "New"]));
    assert_eq!(moved["path"], "/home/me/Pictures/New/b.jpg");
    assert_eq!(moved["image"], source["image"]);

    let mut undated = features();
    undated.metadata.taken = None;
    let source = source_json(&place("/home/me/Pictures/a.jpg"), "abc", 1, &undated);
    assert_eq!(source["image"]["taken"], "2026-01-02T03:04:05.000000006Z");
    let moved = with_place(source, &new);
    assert_eq!(
        moved["image"]["taken"], new.modified,
        "a date that was the file's follows it"
    );
}

#[test]
fn the_mapping_has_every_field_of_a_source() {
    let mapping = mapping(&Extractor::default());
    let source = source_json(&place("/home/me/Pictures/a.jpg"), "abc", 1, &features());
    let mut rest: Vec<(String, &serde_json::Value)> = source
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, value)| (name.clone(), value))
        .collect();
    while let Some((path, value)) = rest.pop() {
        match value.as_object() {
            _ if mapping.get(&path).is_some() => {}
            Some(members) => rest.extend(
                members
                    .iter()
                    .map(|(name, value)| (format!("{path}.{name}"), value)),
            ),
            None => panic!("{path} is not mapped"),
        }
    }
    let known: Vec<String> = mapping
        .leaves()
        .into_iter()
        .map(|leaf| leaf.source)
        .collect();
    let image = source["image"].as_object().unwrap();
    for name in image
        .keys()
        .filter(|name| !["colors", "exif"].contains(&name.as_str()))
    {
        assert!(
            known.contains(&format!("image.{name}")),
            "{name} cannot be searched"
        );
    }
}
