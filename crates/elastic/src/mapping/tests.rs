use super::*;
use serde_json::{Value, json};

/// What comes out is what went in, with what Elasticsearch fills in.
#[test]
fn a_mapping_is_read_back_as_it_was_said() {
    let said = json!({
        "dynamic": "strict",
        "_meta": {"made": "by hand"},
        "properties": {
            "k": {"type": "keyword", "ignore_above": 256, "null_value": "x"},
            "t": {"type": "text", "analyzer": "whitespace", "fields": {"raw": {"type": "keyword"}}},
            "n": {"type": "integer", "coerce": false, "index": false},
            "d": {"type": "date", "format": "yyyy-MM-dd||epoch_millis"},
            "s": {"type": "scaled_float", "scaling_factor": 100.0},
            "o": {"properties": {"a": {"type": "keyword"}, "b": {"properties": {"c": {"type": "long"}}}}},
            "off": {"type": "object", "enabled": false},
            "ne": {"type": "nested", "dynamic": "false", "properties": {"x": {"type": "float"}}},
            "v": {
                "type": "dense_vector", "dims": 4, "index": true, "similarity": "l2_norm",
                "index_options": {"type": "hnsw", "m": 8, "ef_construction": 50},
            },
            "exact": {"type": "dense_vector", "dims": 25_088, "index": false},
        },
    });
    let mapping = parse_mapping(&said, false).unwrap();
    assert_eq!(print_mapping(&mapping), said);
}

#[test]
fn vectors_say_what_was_chosen() {
    let said = json!({"properties": {"v": {"type": "dense_vector", "element_type": "byte"}}});
    let mapping = parse_mapping(&said, false).unwrap();
    assert_eq!(
        print_mapping(&mapping),
        json!({"properties": {"v": {
            "type": "dense_vector", "element_type": "byte", "index": true, "similarity": "cosine",
            "index_options": {"type": "hnsw", "m": 16, "ef_construction": 100},
        }}})
    );
}

#[test]
fn clients_before_7_name_a_type() {
    let said = json!({"_doc": {"properties": {"k": {"type": "keyword"}}}});
    let mapping = parse_mapping(&said, true).unwrap();
    assert_eq!(print_mapping(&mapping), said["_doc"]);
    let error = parse_mapping(&said, false).unwrap_err();
    assert!(error.reason.contains("include_type_name"), "{error}");
}

#[test]
fn bad_mappings_are_refused_in_elasticsearch_s_words() {
    let check = |field: Value, reason: &str| {
        let error = parse_mapping(&json!({"properties": {"a": field}}), false).unwrap_err();
        assert_eq!(error.reason, format!("Failed to parse mapping: {reason}"));
    };
    check(
        json!({"type": "keyword", "foo": 1}),
        "unknown parameter [foo] on mapper [a] of type [keyword]",
    );
    check(json!({"foo": 1}), "No type specified for field [a]");
    check(
        json!("keyword"),
        "Expected map for property [fields] on field [a] but got a class java.lang.String",
    );
    check(
        json!({"type": "keyword", "ignore_above": "x"}),
        "For input string: \"x\"",
    );
    check(
        json!({"type": "integer", "null_value": "foo"}),
        "For input string: \"foo\"",
    );
    check(
        json!({"type": "byte", "index": "x"}),
        "Failed to parse value [x] as only [true] or [false] are allowed.",
    );
    check(
        json!({"type": "text", "analyzer": "klingon"}),
        "analyzer [klingon] has not been configured in mappings",
    );
    check(
        json!({"type": "dense_vector", "dims": 0}),
        "The number of dimensions should be in the range [1, 4096] but was [0]",
    );
    check(
        json!({"type": "dense_vector", "dims": 3, "index": false, "similarity": "cosine"}),
        "Field [similarity] can only be specified for a field of type [dense_vector] when it is indexed",
    );
    check(
        json!({"type": "dense_vector", "dims": 3, "index_options": {"type": "foo"}}),
        "Unknown vector index options type [foo] for field [a]",
    );
    check(
        json!({"type": "nested", "foo": 1}),
        "Mapping definition for [a] has unsupported parameters:  [foo : 1]",
    );
    let error = parse_mapping(&json!({"foo": 1}), false).unwrap_err();
    assert_eq!(
        error.reason,
        "Failed to parse mapping: Root mapping definition has unsupported parameters:  [foo : 1]"
    );
}
