//! Searches and health.

use crate::site::{Site, encode, form, keys, picture};
use image::ImageFormat;
use serde_json::{Value, json};

/// The names of the hits, in order.
fn names(answer: &Value) -> Vec<&str> {
    let hits = answer["hits"].as_array().unwrap();
    hits.iter()
        .map(|hit| hit["name"].as_str().unwrap())
        .collect()
}

#[test]
fn health_lists_the_indices_and_what_they_can_compare() {
    let site = Site::new();
    let health = site.get("/_health").good();
    assert_eq!(keys(&health), ["status", "version", "indices"]);
    assert_eq!(health["status"], "green");
    // Four vectors are too few for a graph.
    let graph = json!({"is_built": false, "vectors": 4, "linked": 0, "pending": 0, "removed": 0, "bytes": 0, "recall": null, "problem": null});
    let graphs = health["indices"][0]["graphs"].clone();
    assert_eq!(graphs["image.looks"], graph);
    let index = json!({"index": "pictures", "pictures": 4, "features": ["looks", "color", "texture", "shape"], "graphs": graphs});
    assert_eq!(health["indices"], json!([index]));
    assert_eq!(Site::with(&[]).get("/_health").good()["indices"], json!([]));
}

#[test]
fn a_hit_says_what_the_page_needs() {
    let site = Site::new();
    let answer = site.get("/_similar?q=wide").good();
    assert_eq!(keys(&answer), ["took_ms", "total", "hits"]);
    assert!(answer["took_ms"].is_u64());
    assert_eq!(answer["total"], 1);
    let mut hit = answer["hits"][0].clone();
    assert!(hit["score"].as_f64().unwrap() > 0.0);
    hit.as_object_mut().unwrap().remove("score");
    let id = &site.ids["red wide.png"];
    let expected = json!({
        "rank": 1,
        "index": "pictures",
        "id": id,
        "matched": ["words"],
        "name": "red wide.png",
        "path": site.file("red wide.png").canonicalize().unwrap(),
        "width": 1000,
        "height": 500,
        "thumbnail": format!("/_images/pictures/{id}/thumbnail"),
    });
    assert_eq!(hit, expected);
    assert_eq!(
        site.get(expected["thumbnail"].as_str().unwrap()).status,
        200
    );
    // Upright, as it is seen.
    let turned = &site.get("/_similar?q=turned").good()["hits"][0];
    assert_eq!(
        (&turned["width"], &turned["height"]),
        (&json!(300), &json!(600))
    );
}

#[test]
fn without_a_question_everything_is_found() {
    let site = Site::new();
    let answer = site.get("/_similar").good();
    assert_eq!(answer["total"], 4);
    assert_eq!(names(&answer).len(), 4);
    // Parameters that a form leaves empty ask nothing.
    let empty = site.get("/_similar?q=&image=&feature=&filter=").good();
    assert_eq!(empty["hits"], answer["hits"]);
}

#[test]
fn more_like_a_document_leaves_it_out() {
    let site = Site::new();
    let image = format!("pictures/{}", site.ids["red wide.png"]);
    let answer = site
        .get(&format!("/_similar?image={image}&feature=color"))
        .good();
    let found = names(&answer);
    assert_eq!((found.len(), found[0]), (3, "red small.gif"));
    assert!(!found.contains(&"red wide.png"));
    assert_eq!(answer["hits"][0]["matched"], json!(["color"]));
    // The slash may be written as a browser writes it.
    let encoded = image.replace('/', "%2F");
    let same = site
        .get(&format!("/_similar?image={encoded}&feature=color"))
        .good();
    assert_eq!(same["hits"], answer["hits"]);
}

#[test]
fn a_picture_may_be_posted_as_it_is_or_in_a_form() {
    let site = Site::new();
    let query = encode(&picture(80, 60, [30, 210, 30]), ImageFormat::Jpeg);
    let raw = site
        .post("/_similar?feature=color&size=1", "image/jpeg", &query)
        .good();
    assert_eq!(names(&raw), ["green.png"]);
    // Whatever the type says, the content tells.
    let nameless = site.post(
        "/_similar?feature=color&size=1",
        "application/octet-stream",
        &query,
    );
    assert_eq!(nameless.good()["hits"], raw["hits"]);
    let (media, body) = form(&[("note", None, b"hello"), ("picture", Some("a.jpg"), &query)]);
    let formed = site
        .post("/_similar?feature=color&size=1", &media, &body)
        .good();
    assert_eq!(formed["hits"], raw["hits"]);
    let both = site
        .post("/_similar?q=turned&feature=color", "image/jpeg", &query)
        .good();
    assert!(names(&both)[..2].contains(&"turned.jpg"));
    // Without a body it is a search like any other.
    assert_eq!(
        site.post("/_similar?q=turned", "image/jpeg", b"").good()["total"],
        1
    );
}

#[test]
fn pages_of_hits_follow_each_other() {
    let site = Site::new();
    let image = format!("pictures/{}", site.ids["green.png"]);
    let all = site.get(&format!("/_similar?image={image}")).good();
    for from in 0..4 {
        let page = site
            .get(&format!("/_similar?image={image}&from={from}&size=1"))
            .good();
        let expected: Vec<Value> = all["hits"]
            .as_array()
            .unwrap()
            .iter()
            .skip(from)
            .take(1)
            .cloned()
            .collect();
        assert_eq!(page["hits"], json!(expected));
        assert_eq!(page["total"], all["total"]);
    }
    assert_eq!(site.get("/_similar?size=0").good()["hits"], json!([]));
    site.get("/_similar?size=1001")
        .fails(400, "invalid_input", &["1001", "1000"]);
    site.get("/_similar?from=9999&size=100")
        .fails(400, "invalid_input", &["10099", "10000"]);
    let far = format!("/_similar?from={}&size=1", u64::MAX);
    assert_eq!(site.get(&far).status, 400);
}

#[test]
fn filters_narrow_and_say_where_they_cannot_be_read() {
    let site = Site::new();
    let found = site
        .get("/_similar?filter=image.format%3Agif+OR+image.width%3A%3E%3D1000")
        .good();
    let mut found = names(&found);
    found.sort_unstable();
    assert_eq!(found, ["red small.gif", "red wide.png"]);
    let answer = site.get("/_similar?filter=image.width:(1");
    answer.fails(
        400,
        "invalid_input",
        &["cannot be read", "image.width:(1\n", "^"],
    );
    site.get("/_similar?filter=width:1")
        .fails(400, "invalid_input", &["width", "image.width"]);
}

#[test]
fn questions_that_cannot_be_answered_say_why() {
    let site = Site::new();
    let bad = |target: &str, words: &[&str]| site.get(target).fails(400, "invalid_input", words);
    bad("/_similar?colour=red", &["colour"]);
    bad("/_similar?size=many", &["size", "invalid digit"]);
    bad("/_similar?size=-1", &["size"]);
    bad("/_similar?q=a&q=b", &["q"]);
    bad("/_similar?feature=smell", &["smell", "color"]);
    bad(
        "/_similar?feature=embedding&image=pictures/x",
        &["no embedding"],
    );
    bad(
        "/_similar?image=nonsense",
        &["nonsense", "an index, a / and an id"],
    );
    bad("/_similar?image=/x", &["/x"]);
    let gone = |target: &str, words: &[&str]| site.get(target).fails(404, "not_found", words);
    gone("/_similar?image=pictures/nobody", &["nobody"]);
    gone("/_similar?image=other/nobody", &["other"]);
    gone("/_similar?index=other", &["other"]);
    gone(
        &format!("/_similar?image=_uploads/{}", "0".repeat(64)),
        &["not kept"],
    );
    gone(
        "/_similar?image=_uploads/..%2f..%2fetc%2fpasswd",
        &["not kept"],
    );
    let query = encode(&picture(8, 8, [1, 2, 3]), ImageFormat::Png);
    let image = format!("/_similar?image=pictures/{}", site.ids["green.png"]);
    site.post(&image, "image/png", &query)
        .fails(400, "invalid_input", &["expected one"]);
    site.post("/_similar", "image/png", b"no picture").fails(
        400,
        "invalid_input",
        &["not a picture"],
    );
    Site::with(&[])
        .get("/_similar")
        .fails(404, "not_found", &["eidetic index"]);
}
