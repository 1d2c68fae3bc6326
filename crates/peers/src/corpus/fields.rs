//! The mapping, and documents that fit it or do not.

use super::rarer;
use super::words::{Vocabulary, unit_vector, vector};
use crate::numbers::Numbers;
use serde_json::{Map, Value, json};

pub(crate) const TEXTS: [&str; 10] = [
    "title",
    "body",
    "note",
    "body.simple",
    "camera.lens.name",
    "extra",
    "body.whole",
    "plain",
    "caption",
    "everything",
];
pub(crate) const KEYWORDS: [&str; 9] = [
    "tag",
    "place",
    "rare",
    "title.raw",
    "camera.make",
    "extra.keyword",
    "short_tag",
    "level",
    "searched",
];
pub(crate) const NUMBERS: [&str; 13] = [
    "count",
    "size",
    "rank",
    "tiny",
    "weight",
    "price",
    "half",
    "camera.iso",
    "camera.lens.mm",
    "extra_number",
    "stars",
    "loose",
    "unindexed",
];
pub(crate) const DATES: [&str; 4] = ["created", "day", "extra_date", "moment"];
/// Vector fields with their dims, and whether their elements are bytes.
pub(crate) const VECTORS: [(&str, usize, bool); 6] = [
    ("v_cosine", 16, false),
    ("v_l2", 16, false),
    ("v_dot", 16, false),
    ("v_mip", 16, false),
    ("v_byte_l2", 16, true),
    ("v_byte_cosine", 16, true),
];
/// Dims of the nested vectors.
pub(crate) const PART_DIMS: usize = 8;
const PLACES: [&str; 9] = [
    "Lisbon",
    "Oslo",
    "New York",
    "Kyōto",
    "lisbon",
    "Rio de Janeiro",
    "Ulm",
    "",
    "Aix-en-Provence",
];
const MAKES: [&str; 5] = ["Canon", "Nikon", "Leica", "FUJIFILM", "ACME & Söhne"];

pub(super) fn mapping(vectors: bool) -> Value {
    let mut mapping = json!({"properties": {
        "title": {"type": "text", "fields": {"raw": {"type": "keyword", "ignore_above": 40}}},
        "body": {"type": "text", "fields": {
            "simple": {"type": "text", "analyzer": "simple"},
            "whole": {"type": "text", "analyzer": "keyword"},
        }},
        "note": {"type": "text", "analyzer": "whitespace"},
        "tag": {"type": "keyword"},
        "place": {"type": "keyword"},
        "rare": {"type": "keyword"},
        "short_tag": {"type": "keyword", "ignore_above": 4},
        "count": {"type": "long"},
        "size": {"type": "integer"},
        "rank": {"type": "short"},
        "tiny": {"type": "byte"},
        "weight": {"type": "double"},
        "price": {"type": "float"},
        "half": {"type": "half_float"},
        "flag": {"type": "boolean"},
        "created": {"type": "date"},
        "day": {"type": "date", "format": "yyyy-MM-dd||epoch_second"},
        "spot": {"type": "geo_point"},
        "blob": {"type": "binary"},
        "camera": {"properties": {
            "make": {"type": "keyword"},
            "iso": {"type": "integer"},
            "lens": {"properties": {"name": {"type": "text"}, "mm": {"type": "float"}}},
        }},
        "parts": {"type": "nested", "properties": {
            "name": {"type": "text"},
            "kind": {"type": "keyword"},
            "x": {"type": "float"},
            "n": {"type": "integer"},
            "taken": {"type": "date"},
        }},
    }});
    if let (Some(known), Value::Object(rarer)) =
        (mapping["properties"].as_object_mut(), rarer::properties())
    {
        known.extend(rarer);
    }
    mapping["properties"]["parts"]["properties"]["marks"] = rarer::marks();
    if vectors {
        let similarities = [
            "cosine",
            "l2_norm",
            "dot_product",
            "max_inner_product",
            "l2_norm",
            "cosine",
        ];
        for ((name, dims, bytes), similarity) in VECTORS.iter().zip(similarities) {
            let element = if *bytes { "byte" } else { "float" };
            mapping["properties"][name] = json!({"type": "dense_vector", "dims": dims, "element_type": element,
                "similarity": similarity, "index": true, "index_options": {"type": "flat"}});
        }
        mapping["properties"]["parts"]["properties"]["vec"] = json!({"type": "dense_vector", "dims": PART_DIMS,
            "similarity": "cosine", "index": true, "index_options": {"type": "flat"}});
    }
    mapping
}

/// A value that a numeric field may have, and a request about it.
pub(crate) fn number(numbers: &mut Numbers, field: &str) -> Value {
    match field {
        "count" => json!((numbers.unit().powi(3) * 1000.0) as i64),
        "size" => json!(numbers.between(-50, 400) * 10),
        "rank" => json!(numbers.between(0, 25)),
        "tiny" => json!(numbers.between(-5, 5)),
        "weight" => json!((numbers.normal() * 20_000.0).round() / 1000.0),
        "price" => json!((numbers.unit() * 10_000.0).round() / 100.0),
        "half" => json!(numbers.between(0, 40) as f64 / 4.0),
        "camera.iso" | "iso" => json!(100 << numbers.below(7)),
        "stars" => json!(numbers.between(1, 5)),
        "loose" => json!(numbers.between(0, 50)),
        "camera.lens.mm" | "mm" => json!(*numbers.pick(&[24.0, 35.0, 50.0, 85.5, 200.0])),
        _ => json!(numbers.between(0, 90)),
    }
}

/// A date in one of the forms that a date field reads.
fn date(numbers: &mut Numbers) -> Value {
    let day = format!(
        "{}-{:02}-{:02}",
        numbers.between(2018, 2024),
        numbers.between(1, 12),
        numbers.between(1, 28)
    );
    let time = format!(
        "T{:02}:{:02}:{:02}",
        numbers.between(0, 23),
        numbers.between(0, 59),
        numbers.between(0, 59)
    );
    match numbers.below(6) {
        0 => json!(day),
        1 => json!(format!("{day}{time}.{:03}Z", numbers.between(0, 999))),
        2 => json!(format!("{day}{time}+02:00")),
        3 => json!(numbers.between(1_514_764_800_000, 1_735_689_600_000)),
        4 => json!(format!("{day}{time}")),
        _ => json!(format!("{day}{time}Z")),
    }
}

/// A value once, several times, not at all, or null.
fn several(numbers: &mut Numbers, mut value: impl FnMut(&mut Numbers) -> Value) -> Value {
    match numbers.below(20) {
        0 => Value::Null,
        1 => json!([]),
        2..5 => (0..numbers.between(1, 4)).map(|_| value(numbers)).collect(),
        5 => json!([value(numbers), null]),
        _ => value(numbers),
    }
}

pub(super) fn document(numbers: &mut Numbers, words: &Vocabulary, vectors: bool) -> Value {
    let mut fields = Map::new();
    let mut put = |numbers: &mut Numbers, percent: usize, name: &str, value: Value| {
        if numbers.chance(percent) {
            fields.insert(name.to_owned(), value);
        }
    };
    let (length, longer) = (
        numbers.between(1, 7) as usize,
        numbers.between(4, 90) as usize,
    );
    let title = several(numbers, |numbers| json!(words.text(numbers, length)));
    put(numbers, 95, "title", title);
    let body = several(numbers, |numbers| json!(words.text(numbers, longer)));
    put(numbers, 85, "body", body);
    let note = words.text(numbers, 6);
    put(numbers, 60, "note", json!(note));
    let tag = several(numbers, |numbers| json!(words.word(numbers)));
    put(numbers, 85, "tag", tag);
    let short = several(numbers, |numbers| json!(words.word(numbers)));
    put(numbers, 60, "short_tag", short);
    let place = json!(numbers.pick(&PLACES));
    put(numbers, 80, "place", place);
    let rare = json!(words.mistyped(numbers));
    put(numbers, 3, "rare", rare);
    for name in ["count", "size", "rank", "tiny", "weight", "price", "half"] {
        let value = several(numbers, |numbers| number(numbers, name));
        put(numbers, 85, name, value);
    }
    let flag = numbers
        .pick(&[json!(true), json!(false), json!("true"), json!("")])
        .clone();
    put(numbers, 80, "flag", flag);
    let created = several(numbers, date);
    put(numbers, 85, "created", created);
    let day = json!(format!(
        "{}-{:02}-01",
        numbers.between(1998, 2024),
        numbers.between(1, 12)
    ));
    put(numbers, 70, "day", day);
    let (lat, lon) = (numbers.between(-60, 60), numbers.between(-170, 170));
    let spot = numbers
        .pick(&[
            json!({"lat": lat, "lon": lon}),
            json!([lon, lat]),
            json!(format!("{lat},{lon}")),
        ])
        .clone();
    put(numbers, 50, "spot", spot);
    put(numbers, 20, "blob", json!("aGVsbG8="));
    let camera = several(numbers, |numbers| camera(numbers, words));
    put(numbers, 75, "camera", camera);
    let parts = parts(numbers, words, vectors);
    put(numbers, 70, "parts", parts);
    let extra = words.text(numbers, 3);
    put(numbers, 40, "extra", json!(extra));
    let extra_number = number(numbers, "extra_number");
    put(numbers, 50, "extra_number", extra_number);
    let extra_date = json!(format!("2020-0{}-11T10:00:00Z", numbers.between(1, 9)));
    put(numbers, 40, "extra_date", extra_date);
    if vectors {
        for (name, dims, bytes) in VECTORS {
            let value: Value = if bytes {
                (0..dims).map(|_| numbers.between(-128, 127)).collect()
            } else if name == "v_dot" {
                unit_vector(numbers, dims).into()
            } else {
                vector(numbers, dims).into()
            };
            put(numbers, 85, name, value);
        }
    }
    rarer::fill(numbers, words, &mut fields);
    Value::Object(fields)
}

fn camera(numbers: &mut Numbers, words: &Vocabulary) -> Value {
    json!({
        "make": numbers.pick(&MAKES),
        "iso": number(numbers, "iso"),
        "lens": {"name": words.text(numbers, 2), "mm": number(numbers, "mm")},
    })
}

fn parts(numbers: &mut Numbers, words: &Vocabulary, vectors: bool) -> Value {
    (0..numbers.between(0, 4))
        .map(|_| {
            let mut part = json!({
                "name": words.text(numbers, 4),
                "kind": numbers.pick(&["face", "sky", "tree", "hand"]),
                "x": (numbers.unit() * 1000.0).round() / 1000.0,
                "n": several(numbers, |numbers| json!(numbers.between(0, 9))),
                "taken": date(numbers),
            });
            if let Some(marks) = rarer::marks_of_part(numbers, words) {
                part["marks"] = marks;
            }
            if vectors && numbers.chance(90) {
                part["vec"] = vector(numbers, PART_DIMS).into();
            }
            part
        })
        .collect()
}

/// Puts a value into a document that its mapping refuses.
pub(super) fn spoiled(numbers: &mut Numbers, source: &mut Value, vectors: bool) {
    let of_vectors = [
        ("v_cosine", json!(vec![0.0; 16])),
        ("v_dot", json!(vec![1.0; 16])),
        ("v_l2", json!([1.0, 2.0])),
        ("v_byte_l2", json!(vec![300; 16])),
        ("v_byte_l2", json!(vec![0.5; 16])),
        ("v_l2", json!("no vector")),
        ("v_mip", json!({"a": 1})),
    ];
    let of_others = [
        ("count", json!("many")),
        ("count", json!(1e30)),
        ("size", json!(3_000_000_000_u64)),
        ("tiny", json!(300)),
        ("rank", json!({"a": 1})),
        ("price", json!(true)),
        ("half", json!(1e9)),
        ("flag", json!("perhaps")),
        ("flag", json!(1)),
        ("created", json!("yesterday")),
        ("day", json!("2020/01/01")),
        ("title", json!({"a": 1})),
        ("tag", json!([["nested", ["deep"]], {"a": 1}])),
        ("parts", json!("no object")),
        ("parts", json!({"n": "x"})),
        ("camera", json!("no object")),
        ("camera", json!({"lens": 5})),
        ("spot", json!("here")),
        ("spot", json!({"lat": 100, "lon": 0})),
        ("blob", json!("***")),
        ("extra_number", json!("text")),
        ("extra_date", json!("no date")),
    ];
    let of_vectors = if vectors { &of_vectors[..] } else { &[] };
    let all: Vec<_> = of_others.iter().chain(of_vectors).collect();
    let (name, value) = numbers.pick(&all);
    source[name] = value.clone();
}
