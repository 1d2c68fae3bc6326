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
        }}})
    );
}

#[test]
fn indices_of_vectors_say_what_was_left_out() {
    let check = |options: Value, expected: Value| {
        let vector = json!({"type": "dense_vector", "dims": 64, "index_options": options});
        let mapping = parse_mapping(&json!({"properties": {"v": vector}}), false).unwrap();
        let printed = print_mapping(&mapping);
        assert_eq!(printed["properties"]["v"]["index_options"], expected);
    };
    check(json!({"type": "flat"}), json!({"type": "flat"}));
    check(
        json!({"type": "int4_hnsw", "m": 4}),
        json!({"type": "int4_hnsw", "m": 4, "ef_construction": 100, "confidence_interval": 0.0}),
    );
    check(
        json!({"type": "bbq_flat"}),
        json!({"type": "bbq_flat", "rescore_vector": {"oversample": 3.0}}),
    );
    check(
        json!({"type": "int8_flat", "rescore_vector": {"oversample": 2}}),
        json!({"type": "int8_flat", "rescore_vector": {"oversample": 2.0}}),
    );
}

#[test]
fn objects_without_fields_say_that_they_are_objects() {
    let said =
        json!({"properties": {"o": {"properties": {"q": {"dynamic": false, "properties": {}}}}}});
    let mapping = parse_mapping(&said, false).unwrap();
    assert_eq!(
        print_mapping(&mapping),
        json!({"properties": {"o": {"properties": {"q": {"type": "object", "dynamic": "false"}}}}})
    );
}

#[test]
fn templates_are_read_back_as_they_were_said() {
    let said = json!({"dynamic_templates": [
        {"ids": {"match": "*_id", "mapping": {"type": "keyword"}}},
        {"words": {"match_mapping_type": "string", "mapping": {"type": "text"}}},
    ]});
    let mapping = parse_mapping(&said, false).unwrap();
    assert_eq!(print_mapping(&mapping), said);
}

#[test]
fn clients_before_7_name_a_type() {
    let said = json!({"_doc": {"properties": {"k": {"type": "keyword"}}}});
    let mapping = parse_mapping(&said, true).unwrap();
    assert_eq!(print_mapping(&mapping), said["_doc"]);
    assert_eq!(mapping.kind.as_deref(), Some("_doc"));
    let mapping = parse_mapping(&json!({"picture": {}}), true).unwrap();
    assert_eq!(mapping.kind.as_deref(), Some("picture"));
    let mapping = parse_mapping(&json!({"_source": {"enabled": true}}), true).unwrap();
    assert_eq!(mapping.kind, None);
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
        json!({"type": "dense_vector", "dims": "4"}),
        "Property [dims] on field [a] must be an integer but got [4]",
    );
    let vector = |dims: u32, element: &str, options: Value| json!({"type": "dense_vector", "dims": dims, "element_type": element, "index_options": options});
    check(
        vector(4, "float", json!({"type": "bbq_hnsw"})),
        "bbq_hnsw does not support dimensions fewer than 64; provided=4",
    );
    check(
        vector(63, "float", json!({"type": "int4_flat"})),
        "int4_flat only supports even dimensions; provided=63",
    );
    check(
        vector(4, "byte", json!({"type": "int8_hnsw"})),
        "[element_type] cannot be [byte] when using index type [int8_hnsw]",
    );
    let oversample = |oversample: f64| json!({"type": "int8_hnsw", "rescore_vector": {"oversample": oversample}});
    check(
        vector(4, "float", oversample(0.5)),
        "oversample must be greater than 1 or exactly 0",
    );
    check(
        vector(4, "float", oversample(11.0)),
        "oversample must be less than or equal to 10",
    );
    check(
        json!({"type": "date", "format": null}),
        "[format] on mapper [a] of type [date] must not have a [null] value",
    );
    check(json!({"dynamic": false}), "No type specified for field [a]");
    check(
        json!({"type": "object", "dynamic": "maybe"}),
        "Could not convert [dynamic.dynamic] to boolean",
    );
    check(
        json!({"type": "nested", "foo": 1}),
        "Mapping definition for [a] has unsupported parameters:  [foo : 1]",
    );
    let error = parse_mapping(&json!({"foo": {"properties": {"a": [1, "x"]}}}), false).unwrap_err();
    assert_eq!(
        error.reason,
        "Failed to parse mapping: Root mapping definition has unsupported parameters:  [foo : {properties={a=[1, x]}}]"
    );
}
