//! Documents, indices and mappings.

use super::cases::{Case, deep};
use serde_json::{Value, json};

pub(super) fn cases() -> Vec<Case> {
    let sources = [
        json!([]),
        json!("text"),
        json!({"count": "many"}),
        json!({"count": 1e40}),
        json!({"count": {"a": 1}}),
        json!({"tiny": 128}),
        json!({"price": "1e999"}),
        json!({"price": "NaN"}),
        json!({"flag": "perhaps"}),
        json!({"created": "yesterday"}),
        json!({"created": {"a": 1}}),
        json!({"spot": {"lat": 91, "lon": 0}}),
        json!({"spot": "nowhere"}),
        json!({"camera": "no object"}),
        json!({"camera": {"iso": "fast"}}),
        json!({"parts": "no object"}),
        json!({"parts": [{"n": 1}, 5]}),
        json!({"title": {"a": 1}}),
        json!({"v": [1, 2]}),
        json!({"v": [1, 2, 3, 4]}),
        json!({"v": [0, 0, 0]}),
        json!({"v": ["a", "b", "c"]}),
        json!({"v": [1, 2, 1e300]}),
        json!({"v": [[1, 2, 3]]}),
        json!({"v": {"a": 1}}),
        json!({"v_dot": [5, 5, 5]}),
        json!({"v_byte": [1, 2, 128]}),
        json!({"v_byte": [1, 2, 0.5]}),
        json!({".": 1}),
        json!({"a..b": 1}),
        json!({"": 1}),
    ];
    let mut cases: Vec<Case> = sources
        .iter()
        .map(|source| Case::json("PUT", "/{index}/_doc/bad", source))
        .collect();
    let many: serde_json::Map<String, Value> =
        (0..1_500).map(|at| (format!("f{at}"), json!(at))).collect();
    let long_id = "i".repeat(513);
    for (name, method, path, body) in [
        (
            "1,500 new fields",
            "PUT",
            "/{index}/_doc/bad",
            Value::Object(many).to_string(),
        ),
        (
            "30 objects in each other",
            "PUT",
            "/{index}/_doc/bad",
            deep(r#"{"a":"#, "1", "}", 30),
        ),
        (
            "5,000 objects in each other",
            "PUT",
            "/{index}/_doc/bad",
            deep(r#"{"a":"#, "1", "}", 5_000),
        ),
        (
            "50,000 arrays in each other",
            "PUT",
            "/{index}/_doc/bad",
            format!(r#"{{"tag":{}}}"#, deep("[", "1", "]", 50_000)),
        ),
        (
            "NaN in a vector",
            "PUT",
            "/{index}/_doc/bad",
            r#"{"v":[NaN,1,2]}"#.to_owned(),
        ),
        (
            "a number of 10,000 digits",
            "PUT",
            "/{index}/_doc/bad",
            format!(r#"{{"count":{}}}"#, "9".repeat(10_000)),
        ),
        (
            "an exponent without end",
            "PUT",
            "/{index}/_doc/bad",
            r#"{"price":1e99999999999}"#.to_owned(),
        ),
        (
            "a term of 40,000 letters",
            "PUT",
            "/{index}/_doc/bad",
            json!({"tag": "x".repeat(40_000)}).to_string(),
        ),
        (
            "half a document",
            "PUT",
            "/{index}/_doc/bad",
            r#"{"count":1,"#.to_owned(),
        ),
        (
            "a key twice",
            "PUT",
            "/{index}/_doc/bad",
            r#"{"count":1,"count":2}"#.to_owned(),
        ),
        ("no document", "PUT", "/{index}/_doc/bad", String::new()),
        (
            "an unknown field where that is strict",
            "PUT",
            "/{index}-strict/_doc/bad",
            r#"{"unknown":1}"#.to_owned(),
        ),
        (
            "an id of 513 bytes",
            "PUT",
            &format!("/{{index}}/_doc/{long_id}"),
            "{}".to_owned(),
        ),
        (
            "an update without anything",
            "POST",
            "/{index}/_update/1",
            "{}".to_owned(),
        ),
        (
            "an update with an unknown key",
            "POST",
            "/{index}/_update/1",
            r#"{"dac":{}}"#.to_owned(),
        ),
        (
            "an update by text",
            "POST",
            "/{index}/_update/1",
            r#"{"doc":"text"}"#.to_owned(),
        ),
        (
            "an update of nothing",
            "POST",
            "/{index}/_update/none",
            r#"{"doc":{}}"#.to_owned(),
        ),
    ] {
        cases.push(Case::new(&format!("document: {name}"), method, path, body));
    }
    cases.push(Case::new(
        "a document that is no UTF-8",
        "PUT",
        "/{index}/_doc/bad",
        &b"{\"title\":\"\xc3\x28\"}"[..],
    ));
    for (method, path, body) in [
        (
            "PUT",
            "/{index}/_doc/1?if_seq_no=x&if_primary_term=1",
            json!({}),
        ),
        ("PUT", "/{index}/_doc/1?if_seq_no=5", json!({})),
        (
            "PUT",
            "/{index}/_doc/1?if_seq_no=99&if_primary_term=1",
            json!({}),
        ),
        (
            "PUT",
            "/{index}/_doc/1?version=-1&version_type=external",
            json!({}),
        ),
        (
            "PUT",
            "/{index}/_doc/1?version=1&version_type=inward",
            json!({}),
        ),
        ("PUT", "/{index}/_doc/1?op_type=destroy", json!({})),
        ("PUT", "/{index}/_doc/1?refresh=perhaps", json!({})),
        ("PUT", "/{index}/_doc/1?no_such_option=1", json!({})),
        ("PUT", "/{index}/_create/1", json!({})),
        ("GET", "/peers-nowhere/_doc/1", Value::Null),
        ("PUT", "/{index}", json!({})),
        ("PUT", "/peers-Upper", json!({})),
        ("PUT", "/_peers", json!({})),
        ("PUT", "/peers%20space", json!({})),
        ("PUT", "/peers-malformed-new", json!({"mapings": {}})),
        (
            "PUT",
            "/peers-malformed-new",
            json!({"mappings": {"properties": {"a": {"type": "no_such_type"}}}}),
        ),
        (
            "PUT",
            "/peers-malformed-new",
            json!({"mappings": {"properties": {"a": {}}, "more": 1}}),
        ),
        (
            "PUT",
            "/peers-malformed-new",
            json!({"mappings": {"properties": {"a": {"type": "keyword", "colour": 1}}}}),
        ),
        (
            "PUT",
            "/peers-malformed-new",
            json!({"mappings": {"properties": {"v": {"type": "dense_vector", "dims": -1}}}}),
        ),
        (
            "PUT",
            "/peers-malformed-new",
            json!({"mappings": {"properties": {"v": {"type": "dense_vector", "dims": 3, "similarity": "looks"}}}}),
        ),
        (
            "PUT",
            "/peers-malformed-new",
            json!({"settings": {"number_of_shards": 0}}),
        ),
        (
            "PUT",
            "/peers-malformed-new",
            json!({"settings": {"no_such_setting": 1}}),
        ),
        (
            "PUT",
            "/{index}/_mapping",
            json!({"properties": {"count": {"type": "keyword"}}}),
        ),
        ("PUT", "/{index}/_mapping", json!({"properties": 5})),
        ("PUT", "/{index}/_mapping", Value::Null),
        (
            "PUT",
            "/{index}/_settings",
            json!({"index": {"number_of_shards": 3}}),
        ),
        ("DELETE", "/peers-nowhere", Value::Null),
        ("GET", "/peers-nowhere/_mapping", Value::Null),
        ("POST", "/peers-nowhere/_refresh", Value::Null),
    ] {
        cases.push(Case::json(method, path, &body));
    }
    cases
}
