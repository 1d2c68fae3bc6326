//! Pictures that are uploaded to search with.

use crate::site::{Answer, Part, Site, encode, form, keys, oriented_jpeg, picture};
use image::ImageFormat;
use serde_json::json;

/// The longest body that is taken.
const MAX_BODY_BYTES: usize = 100 << 20;

#[test]
fn an_upload_can_be_looked_at_and_searched_with() {
    let site = Site::new();
    let bytes = oriented_jpeg(&picture(400, 200, [215, 25, 25]), 8);
    let answer = site.post("/_images", "image/jpeg", &bytes);
    assert_eq!(answer.status, 201, "{answer:?}");
    let upload = answer.json();
    let names = [
        "image",
        "sha256",
        "width",
        "height",
        "format",
        "bytes",
        "thumbnail",
    ];
    assert_eq!(keys(&upload), names);
    let sha256 = upload["sha256"].as_str().unwrap();
    assert_eq!(sha256.len(), 64);
    assert_eq!(upload["image"], format!("_uploads/{sha256}"));
    assert_eq!(
        (&upload["width"], &upload["height"]),
        (&json!(200), &json!(400))
    );
    assert_eq!(
        (&upload["format"], &upload["bytes"]),
        (&json!("jpeg"), &json!(bytes.len()))
    );
    let address = format!("/_images/_uploads/{sha256}");
    assert_eq!(upload["thumbnail"], format!("{address}/thumbnail"));
    let original = site.get(&format!("{address}/original"));
    assert_eq!(
        (original.header("content-type"), &original.body),
        ("image/jpeg", &bytes)
    );
    let thumbnail = site.get(&format!("{address}/thumbnail?size=160"));
    let thumbnail = image::load_from_memory(&thumbnail.body).unwrap();
    assert_eq!((thumbnail.width(), thumbnail.height()), (80, 160));
    let document = site.get(&address).good();
    assert_eq!(document["source"]["image"]["sha256"], sha256);
    let found = site
        .get(&format!(
            "/_similar?image=_uploads/{sha256}&feature=color&size=2"
        ))
        .good();
    let mut names = [&found["hits"][0]["name"], &found["hits"][1]["name"]];
    names.sort_by_key(|name| name.to_string());
    assert_eq!(names, [&json!("red small.gif"), &json!("red wide.png")]);
    // The same picture is the same upload.
    let again = site.post("/_images", "image/jpeg", &bytes);
    assert_eq!((again.status, again.json()), (201, upload));
}

#[test]
fn a_form_uploads_its_first_file() {
    let site = Site::new();
    let png = encode(&picture(40, 30, [1, 2, 3]), ImageFormat::Png);
    let raw = site.post("/_images", "image/png", &png).json();
    let parts: [&[Part<'_>]; 3] = [
        &[("file", Some("a.png"), &png)],
        &[("words", None, b"hello"), ("file", Some("a.png"), &png)],
        &[("image", None, &png)],
    ];
    for parts in parts {
        let (media, body) = form(parts);
        let answer = site.post("/_images", &media, &body);
        assert_eq!((answer.status, answer.json()), (201, raw.clone()));
    }
    let (media, body) = form(&[("words", None, b"hello")]);
    site.post("/_images", &media, &body)
        .fails(400, "invalid_input", &["no file"]);
    let (media, body) = form(&[("file", Some("a.png"), b"")]);
    assert_eq!(site.post("/_images", &media, &body).status, 400);
    // A form that breaks off, and one that does not say where its parts end.
    let (media, body) = form(&[("file", Some("a.png"), &png)]);
    let cut = site.post("/_images", &media, &body[..body.len() / 2]);
    cut.fails(400, "invalid_input", &[]);
    site.post("/_images", "multipart/form-data", &body)
        .fails(400, "invalid_input", &["boundary"]);
}

#[test]
fn what_is_no_picture_is_not_kept() {
    let site = Site::new();
    let whole = encode(&picture(400, 300, [1, 200, 3]), ImageFormat::Jpeg);
    let refused = |body: &[u8], word: &str| {
        let answer = site.post("/_images", "image/jpeg", body);
        answer.fails(400, "invalid_input", &[word]);
    };
    refused(b"", "empty");
    refused(
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        "SVG is not supported",
    );
    refused(b"Dear Sir or Madam", "not a picture");
    refused(&whole[..whole.len() / 3], "truncated");
    refused(
        b"\0\0\0\x14ftypheic\0\0\0\0mif1 and more",
        "HEIC is not supported",
    );
}

#[test]
fn a_body_past_the_limit_is_refused() {
    let site = Site::with(&[]);
    let mut body = encode(&picture(40, 30, [1, 2, 3]), ImageFormat::Png);
    body.resize(MAX_BODY_BYTES + 1, 0);
    let refused = |answer: Answer| answer.fails(413, "invalid_input", &[]);
    refused(site.post("/_images", "image/png", &body));
    refused(site.post("/_similar", "image/png", &body));
    // What fits a body may be more than a picture may have.
    body.truncate(MAX_BODY_BYTES);
    let answer = site.post("/_images", "image/png", &body);
    answer.fails(400, "invalid_input", &["exceeds the limit"]);
    // A form is longer than its file.
    body.truncate(MAX_BODY_BYTES - 10);
    let (media, body) = form(&[("file", Some("a.png"), &body)]);
    refused(site.post("/_images", &media, &body));
}
