//! Fields with options that few mappings have.

use super::words::Vocabulary;
use crate::numbers::Numbers;
use serde_json::{Map, Value, json};

/// What [`Fields::put`] takes values from.
type Make = fn(&mut Numbers, &Vocabulary) -> Value;

/// The mapping of the fields.
pub(super) fn properties() -> Value {
    json!({
        "serial": {"type": "long"},
        "level": {"type": "keyword", "null_value": "unknown"},
        "stars": {"type": "integer", "null_value": 3},
        "loose": {"type": "integer", "ignore_malformed": true},
        "unindexed": {"type": "integer", "index": false},
        "searched": {"type": "keyword", "doc_values": false},
        "caption": {"type": "text", "copy_to": ["everything"]},
        "everything": {"type": "text"},
        "plain": {"type": "text", "norms": false},
        "moment": {"type": "date", "format": "epoch_millis||dd/MM/yyyy HH:mm"},
        "hidden": {"type": "object", "enabled": false},
        "links": {"type": "nested", "include_in_parent": true, "properties": {
            "to": {"type": "keyword"},
            "w": {"type": "integer"},
        }},
    })
}

/// The mapping of what lies in the nested parts, which is nested itself.
pub(super) fn marks() -> Value {
    json!({"type": "nested", "properties": {
        "label": {"type": "keyword"},
        "v": {"type": "float"},
        "said": {"type": "text"},
    }})
}

/// The marks of one part; none in most.
pub(super) fn marks_of_part(numbers: &mut Numbers, words: &Vocabulary) -> Option<Value> {
    let count = numbers.below(5).checked_sub(2)?;
    let mark = |numbers: &mut Numbers| {
        json!({
            "label": numbers.pick(&["good", "bad", "odd"]),
            "v": numbers.between(0, 40) as f64 / 8.0,
            "said": words.text(numbers, 3),
        })
    };
    Some((0..count).map(|_| mark(numbers)).collect())
}

/// Adds values of the fields to a document.
pub(super) fn fill(numbers: &mut Numbers, words: &Vocabulary, fields: &mut Map<String, Value>) {
    let makes: [(&str, usize, Make); 10] = [
        ("level", 80, |numbers, words| match numbers.below(6) {
            0 => Value::Null,
            1 => json!([null, "low"]),
            2 => json!(words.word(numbers)),
            _ => json!(numbers.pick(&["low", "high"])),
        }),
        ("stars", 80, |numbers, _| {
            let values = [
                json!(1),
                json!("4"),
                json!(2.9),
                json!("3.7"),
                Value::Null,
                json!([5, null]),
            ];
            numbers.pick(&values).clone()
        }),
        ("loose", 70, |numbers, _| match numbers.below(6) {
            0 => json!("bad"),
            1 => json!([numbers.between(0, 50), "worse"]),
            2 => json!({"no": "number"}),
            _ => json!(numbers.between(0, 50)),
        }),
        ("unindexed", 70, |numbers, _| json!(numbers.between(0, 90))),
        ("searched", 70, |numbers, words| json!(words.word(numbers))),
        ("caption", 60, |numbers, words| {
            json!(words.text(numbers, 4))
        }),
        ("everything", 20, |numbers, words| {
            json!(words.text(numbers, 2))
        }),
        ("plain", 60, |numbers, words| {
            let length = numbers.between(1, 20) as usize;
            json!(words.text(numbers, length))
        }),
        ("moment", 60, |numbers, _| match numbers.below(2) {
            0 => json!(numbers.between(1_514_764_800_000, 1_735_689_600_000)),
            _ => json!(format!(
                "{:02}/{:02}/{} 10:30",
                numbers.between(1, 28),
                numbers.between(1, 12),
                numbers.between(2018, 2024)
            )),
        }),
        ("hidden", 20, |numbers, words| {
            let values = [
                json!({"a": [1, {"b": words.word(numbers)}]}),
                json!("no object"),
                json!({"c": null}),
            ];
            numbers.pick(&values).clone()
        }),
    ];
    for (name, percent, make) in makes {
        let value = make(numbers, words);
        if numbers.chance(percent) {
            fields.insert(name.to_owned(), value);
        }
    }
    if numbers.chance(50) {
        let link =
            |numbers: &mut Numbers| json!({"to": words.word(numbers), "w": numbers.between(-3, 9)});
        let links = (0..numbers.between(0, 3)).map(|_| link(numbers)).collect();
        fields.insert("links".to_owned(), links);
    }
}
