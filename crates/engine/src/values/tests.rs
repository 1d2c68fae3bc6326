use super::*;
use document::{Analyzer, FieldMapping, Mapping, Similarity};
use serde_json::json;

fn mapping() -> Mapping {
    let vector = VectorField::new(2, Similarity::Cosine);
    let name = FieldMapping::from(FieldKind::Text(Analyzer::Standard)).with(
        "keyword",
        FieldKind::Keyword {
            ignore_above: Some(5),
        },
    );
    Mapping::new()
        .with("name", name)
        .with("count", FieldKind::Long)
        .with("price", FieldKind::Double)
        .with("on", FieldKind::Boolean)
        .with("when", FieldKind::Date)
        .with("where", FieldKind::GeoPoint)
        .with("a.b.c", FieldKind::Long)
        .with("v", FieldKind::DenseVector(vector))
}

fn prepared(source: Value) -> Result<Part, String> {
    let document = Document::new(&source, Vectors::new()).unwrap();
    let mut prepared = prepare(&Plan::new(&mapping()), &document, &source)?;
    Ok(prepared.parts.pop().unwrap())
}

fn check(source: Value, path: &str, expected: FieldValues) {
    let shown = source.to_string();
    let prepared = prepared(source).unwrap_or_else(|reason| panic!("{shown}: {reason}"));
    assert_eq!(prepared.values.get(path), Some(&expected), "{shown}");
}

fn refused(source: Value, part: &str) {
    let shown = source.to_string();
    let reason = prepared(source).expect_err(&shown);
    assert!(reason.contains(part), "{shown}: {reason}");
}

#[test]
fn values_are_read_as_the_mapping_says() {
    check(
        json!({"name": ["a b", null, 5]}),
        "name",
        FieldValues::Strings(vec!["a b".into(), "5".into()]),
    );
    check(
        json!({"name": ["longer", "short"]}),
        "name.keyword",
        FieldValues::Strings(vec!["short".into()]),
    );
    check(
        json!({"count": [1, "2", 3.9, [-4]]}),
        "count",
        FieldValues::Longs(vec![1, 2, 3, -4]),
    );
    check(
        json!({"price": ["1.5", 2]}),
        "price",
        FieldValues::Doubles(vec![1.5, 2.0]),
    );
    check(
        json!({"on": ["true", false, ""]}),
        "on",
        FieldValues::Booleans(vec![true, false, false]),
    );
    check(
        json!({"when": "1970-01-01T00:00:01Z"}),
        "when",
        FieldValues::Longs(vec![1000]),
    );
    check(
        json!({"where": [{"lat": 1, "lon": 2}, "3,4", [6, 5]]}),
        "where",
        FieldValues::Points(vec![(1.0, 2.0), (3.0, 4.0), (5.0, 6.0)]),
    );
    check(
        json!({"where": [6, 5]}),
        "where",
        FieldValues::Points(vec![(5.0, 6.0)]),
    );
    for source in [
        json!({"a": {"b": {"c": 1}}}),
        json!({"a.b.c": 1}),
        json!({"a": [{"b.c": 1}]}),
        json!({"a.b": {"c": [1]}}),
    ] {
        check(source, "a.b.c", FieldValues::Longs(vec![1]));
    }
}

#[test]
fn values_that_do_not_fit_are_refused_by_the_name_of_their_field() {
    refused(
        json!({"count": "many"}),
        "field count of type long: expected a whole number, got \"many\"",
    );
    refused(json!({"count": 1e300}), "count");
    refused(json!({"price": {"a": 1}}), "price");
    refused(json!({"on": 1}), "on");
    refused(json!({"when": "yesterday"}), "yesterday");
    refused(json!({"where": {"lat": 91, "lon": 0}}), "latitude 91");
    refused(json!({"where": "here"}), "where");
    refused(json!({"v": [1, 2, 3]}), "expected 2 dims, got 3");
    refused(json!({"v": [0, 0]}), "zeros");
    refused(json!({"v": [1, "a"]}), "expected an array of numbers");
    refused(json!({"v": [1e300, 0]}), "number 0 of the vector is inf");
}

#[test]
fn vectors_come_from_the_source_or_beside_it() {
    assert_eq!(
        prepared(json!({"v": [3, 4]})).unwrap().vectors["v"],
        [3.0, 4.0]
    );
    let vectors: Vectors = [("w".to_owned(), vec![1.0])].into();
    let document = Document::new(&json!({}), vectors).unwrap();
    let reason = prepare(&Plan::new(&mapping()), &document, &json!({})).unwrap_err();
    assert!(reason.contains("field w"), "{reason}");
}
