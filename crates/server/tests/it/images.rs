//! Documents, their pictures and thumbnails.

use crate::site::{Site, keys};
use image::{ImageFormat, RgbImage};
use serde_json::json;

/// The thumbnail of a picture in a size.
fn thumbnail(site: &Site, name: &str, size: &str) -> RgbImage {
    let answer = site.get(&format!("{}/thumbnail{size}", site.at(name)));
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, "image/jpeg"),
        "{answer:?}"
    );
    assert_eq!(answer.header("cache-control"), "private, max-age=3600");
    image::load_from_memory_with_format(&answer.body, ImageFormat::Jpeg)
        .unwrap()
        .into_rgb8()
}

#[test]
fn a_document_is_what_was_stored_with_its_version() {
    let site = Site::new();
    let document = site.get(&site.at("turned.jpg")).good();
    assert_eq!(
        keys(&document),
        ["index", "id", "version", "seq_no", "source"]
    );
    assert_eq!(document["index"], "pictures");
    assert_eq!(document["id"], *site.ids["turned.jpg"]);
    assert_eq!(document["version"], 1);
    assert!(document["seq_no"].as_u64().unwrap() < 4);
    let source = &document["source"];
    assert_eq!(source["file"]["name"], "turned.jpg");
    assert_eq!(source["file"]["folders"], json!(["pictures"]));
    let image = &source["image"];
    assert_eq!(
        (&image["width"], &image["height"]),
        (&json!(300), &json!(600))
    );
    assert_eq!(image["format"], "jpeg");
    assert_eq!(image["exif"]["orientation"], 6);
    assert_eq!(
        image["bytes"],
        std::fs::metadata(site.file("turned.jpg")).unwrap().len()
    );
}

#[test]
fn thumbnails_have_three_sizes_and_are_never_larger_than_the_picture() {
    let site = Site::new();
    for (asked, side) in [
        ("", 320),
        ("?size=0", 160),
        ("?size=1", 160),
        ("?size=160", 160),
        ("?size=161", 320),
        ("?size=320", 320),
        ("?size=600", 640),
        ("?size=4294967295", 640),
    ] {
        let (width, height) = thumbnail(&site, "red wide.png", asked).dimensions();
        assert_eq!((width, height), (side, side / 2), "{asked}");
    }
    assert_eq!(
        thumbnail(&site, "red small.gif", "?size=640").dimensions(),
        (64, 48)
    );
}

#[test]
fn thumbnails_are_upright() {
    let site = Site::new();
    let small = thumbnail(&site, "turned.jpg", "?size=160");
    assert_eq!(small.dimensions(), (80, 160));
    // Stored lying with the bright corner at the top left; turned to the right, it is at the top right.
    let bright = |x: u32, y: u32| small.get_pixel(x, y).0.iter().all(|value| *value > 200);
    assert!(bright(72, 8));
    assert!(!bright(8, 8) && !bright(8, 152) && !bright(72, 152));
}

#[test]
fn a_thumbnail_outlives_its_file_and_the_original_does_not() {
    let site = Site::new();
    let address = site.at("green.png");
    let before = site.get(&format!("{address}/thumbnail"));
    let original = site.get(&format!("{address}/original"));
    assert_eq!(
        original.body,
        std::fs::read(site.file("green.png")).unwrap()
    );
    std::fs::remove_file(site.file("green.png")).unwrap();
    assert_eq!(site.get(&format!("{address}/thumbnail")).body, before.body);
    site.get(&format!("{address}/original"))
        .fails(404, "not_found", &["green.png"]);
    site.get(&format!("{address}/thumbnail?size=640"))
        .fails(404, "not_found", &["green.png"]);
    assert_eq!(site.get(&address).status, 200);
}

#[test]
fn originals_are_sent_by_what_they_are() {
    let site = Site::new();
    for (name, media) in [
        ("red wide.png", "image/png"),
        ("red small.gif", "image/gif"),
        ("turned.jpg", "image/jpeg"),
    ] {
        let answer = site.get(&format!("{}/original", site.at(name)));
        assert_eq!((answer.status, answer.header("content-type")), (200, media));
        assert_eq!(answer.body, std::fs::read(site.file(name)).unwrap());
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
    }
    // A file that became a page is none to a browser.
    std::fs::write(
        site.file("turned.jpg"),
        "<!doctype html><script>alert(1)</script>",
    )
    .unwrap();
    let answer = site.get(&format!("{}/original", site.at("turned.jpg")));
    assert_eq!(answer.header("content-type"), "application/octet-stream");
    assert!(
        answer
            .header("content-security-policy")
            .contains("default-src 'self'")
    );
}

#[test]
fn what_is_not_there_is_named() {
    let site = Site::new();
    for tail in ["", "/thumbnail", "/original"] {
        let nobody = site.get(&format!("/_images/pictures/nobody{tail}"));
        nobody.fails(404, "not_found", &["nobody"]);
        let other = site.get(&format!("/_images/other/nobody{tail}"));
        other.fails(404, "not_found", &["other"]);
        let upload = site.get(&format!("/_images/_uploads/{}{tail}", "f".repeat(64)));
        upload.fails(404, "not_found", &["upload"]);
        let outside = site.get(&format!("/_images/_uploads/..%2Fformat{tail}"));
        outside.fails(404, "not_found", &["upload"]);
    }
    let address = site.at("green.png");
    let bad = |query: &str, word: &str| {
        let answer = site.get(&format!("{address}/thumbnail?{query}"));
        answer.fails(400, "invalid_input", &[word]);
    };
    bad("size=big", "size");
    bad("size=-1", "size");
    bad("height=10", "height");
    // An address that is no text is an error like any other.
    for tail in ["", "/thumbnail", "/original"] {
        let answer = site.get(&format!("/_images/pictures/%ff%fe{tail}"));
        answer.fails(400, "invalid_input", &["UTF-8"]);
    }
}
