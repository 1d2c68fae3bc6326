//! Searches, counts and the like.

use super::cases::{Case, Expected, deep};
use serde_json::{Value, json};

/// Bodies of searches.
fn bodies() -> Vec<Value> {
    let knn = |knn: Value| json!({ "knn": knn });
    let query = |query: Value| json!({ "query": query });
    vec![
        json!([]),
        json!("text"),
        json!(5),
        json!({"quary": {"match_all": {}}}),
        query(json!({"no_such_query": {}})),
        query(json!([])),
        query(json!("text")),
        query(json!({"match_all": {}, "match_none": {}})),
        query(json!({"match": "title"})),
        query(json!({"match": {"title": {"query": {"a": 1}}}})),
        query(json!({"match": {"title": {"query": "a", "operatr": "and"}}})),
        query(json!({"match_phrase": {"title": {"query": "a", "slop": -3}}})),
        query(json!({"multi_match": {"query": "a", "fields": "title", "type": "every"}})),
        query(json!({"term": {"count": "many"}})),
        query(json!({"term": {"count": {"value": [1, 2]}}})),
        query(json!({"term": {"flag": "perhaps"}})),
        query(json!({"terms": {"tag": "a"}})),
        query(json!({"terms": {"count": [1, "b"]}})),
        query(json!({"ids": {"values": 5.5, "more": 1}})),
        query(json!({"range": {"count": {"gte": "b"}}})),
        query(json!({"range": {"count": {"gte": 1, "between": 5}}})),
        query(json!({"range": {"created": {"gte": "once upon a time"}}})),
        query(json!({"range": {"created": {"gte": "now-"}}})),
        query(json!({"exists": {}})),
        query(json!({"exists": {"field": ["a"]}})),
        query(json!({"prefix": {"count": "1"}})),
        query(json!({"wildcard": {"count": "1*"}})),
        query(json!({"fuzzy": {"title": {"value": "abc", "fuzziness": 77}}})),
        query(json!({"bool": {"must": 5}})),
        query(json!({"bool": {"mast": []}})),
        query(json!({"bool": {"filter": [{"bool": {"filter": [{"nothing": {}}]}}]}})),
        query(json!({"constant_score": {}})),
        query(json!({"dis_max": {"queries": "a"}})),
        query(json!({"boosting": {"positive": {"match_all": {}}}})),
        query(json!({"query_string": {"query": "title:(a"}})),
        query(json!({"query_string": {"query": "count:[1 TO"}})),
        query(json!({"query_string": {"query": 5, "fields": 5}})),
        query(json!({"nested": {"path": "nowhere", "query": {"match_all": {}}}})),
        query(json!({"nested": {"path": "camera", "query": {"match_all": {}}}})),
        query(
            json!({"nested": {"path": "parts", "score_mode": "most", "query": {"match_all": {}}}}),
        ),
        query(json!({"script_score": {"query": {"match_all": {}}}})),
        query(json!({"script_score": {"query": {"match_all": {}}, "script": {"source": "1 +"}}})),
        query(
            json!({"script_score": {"query": {"match_all": {}}, "script": {"source": "nothing + 1"}}}),
        ),
        query(
            json!({"script_score": {"query": {"match_all": {}}, "script": {"source": "1", "lang": "cobol"}}}),
        ),
        query(json!({"knn": {"field": "v", "query_vector": [1, 2]}})),
        knn(json!({"field": "v", "query_vector": [1, 2], "k": 1, "num_candidates": 5})),
        knn(json!({"field": "v", "query_vector": [1, 2, 3, 4], "k": 1, "num_candidates": 5})),
        knn(json!({"field": "v", "query_vector": [0, 0, 0], "k": 1, "num_candidates": 5})),
        knn(json!({"field": "v_dot", "query_vector": [3, 3, 3], "k": 1, "num_candidates": 5})),
        knn(json!({"field": "v_byte", "query_vector": [1, 2, 500], "k": 1, "num_candidates": 5})),
        knn(json!({"field": "v", "query_vector": [1, 2, 1e300], "k": 1, "num_candidates": 5})),
        knn(json!({"field": "v", "query_vector": ["NaN", 2, 3], "k": 1, "num_candidates": 5})),
        knn(json!({"field": "v", "query_vector": "not hex", "k": 1, "num_candidates": 5})),
        knn(json!({"field": "v", "query_vector": [1, 2, 3], "k": -1, "num_candidates": 5})),
        knn(json!({"field": "v", "query_vector": [1, 2, 3], "k": 50, "num_candidates": 5})),
        knn(json!({"field": "v", "query_vector": [1, 2, 3], "k": 1, "num_candidates": 99_999})),
        knn(json!({"field": "title", "query_vector": [1, 2, 3], "k": 1, "num_candidates": 5})),
        knn(json!({"query_vector": [1, 2, 3], "k": 1, "num_candidates": 5})),
        json!({"size": -1}),
        json!({"size": 10_001}),
        json!({"size": 1e18}),
        json!({"size": 99_999_999_999_999_999_999_999.0}),
        json!({"from": -7}),
        json!({"from": 10_000, "size": 1}),
        json!({"sort": [{"nowhere": "asc"}]}),
        json!({"sort": [{"title": "asc"}]}),
        json!({"sort": [{"count": {"order": "round"}}]}),
        json!({"sort": ["count"], "search_after": ["x"]}),
        json!({"sort": ["count"], "search_after": [1, 2, 3]}),
        json!({"search_after": {"a": 1}, "sort": ["count"]}),
        json!({"min_score": []}),
        json!({"track_total_hits": {}}),
        json!({"_source": 7}),
        json!({"fields": [{"fild": "count"}]}),
        json!({"aggs": {"a": {"mean": {"field": "count"}}}}),
        json!({"aggs": {"a": {"terms": {"field": "title"}}}}),
        json!({"aggs": {"a": {"terms": {"field": "tag", "size": -5}}}}),
        json!({"aggs": {"a": {"histogram": {"field": "count", "interval": 0}}}}),
        json!({"aggs": {"a": {"date_histogram": {"field": "created", "calendar_interval": "blue moon"}}}}),
        json!({"aggs": {"a": {"range": {"field": "count", "ranges": "all"}}}}),
        json!({"aggs": {"a": {"filter": {"nothing": {}}}}}),
        json!({"aggs": {"a": {"avg": {"field": "tag"}}}}),
        json!({"aggs": {"a": {"cardinality": {"field": "tag", "precision_threshold": -5}}}}),
        json!({"aggs": "all"}),
        json!({"aggs": {"a": "avg"}}),
    ]
}

pub(super) fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = bodies()
        .iter()
        .map(|body| Case::search(body.to_string()))
        .collect();
    let in_bools = deep(r#"{"bool":{"must":["#, r#"{"match_all":{}}"#, "]}}", 400);
    let in_aggregations = deep(
        r#"{"a":{"filter":{"match_all":{}},"aggs":"#,
        r#"{"a":{"avg":{}}}"#,
        "}}",
        300,
    );
    let many_clauses = vec![r#"{"term":{"tag":"a"}}"#; 40_000].join(",");
    for (name, body) in [
        (
            "400 queries in each other",
            format!(r#"{{"query":{in_bools}}}"#),
        ),
        (
            "300 aggregations in each other",
            format!(r#"{{"aggs":{in_aggregations}}}"#),
        ),
        (
            "40,000 clauses",
            format!(r#"{{"query":{{"bool":{{"should":[{many_clauses}]}}}}}}"#),
        ),
        ("100,000 brackets", "[".repeat(100_000)),
        ("100,000 braces", deep(r#"{"a":"#, "1", "}", 100_000)),
        (
            "deep query_string",
            format!(
                r#"{{"query":{{"query_string":{{"query":"{}a"}}}}}}"#,
                "(".repeat(5_000)
            ),
        ),
        ("no end", r#"{"query":{"match_all":{}"#.to_owned()),
        (
            "rest after the end",
            r#"{"query":{"match_all":{}}} and more"#.to_owned(),
        ),
        ("single quotes", "{'query':{'match_all':{}}}".to_owned()),
        ("a key twice", r#"{"size":1,"size":2}"#.to_owned()),
        (
            "NaN as a number",
            r#"{"knn":{"field":"v","query_vector":[NaN,1,2],"k":1,"num_candidates":5}}"#.to_owned(),
        ),
        ("infinity", r#"{"size":1e999}"#.to_owned()),
        ("a comma too many", r#"{"size":1,}"#.to_owned()),
        (
            "a control character",
            "{\"query\":{\"term\":{\"tag\":\"a\u{1}b\"}}}".to_owned(),
        ),
        (
            "half a surrogate, and no end",
            r#"{"query":{"term":{"tag":"\ud83d"#.to_owned(),
        ),
        ("XML", "<query/>".to_owned()),
    ] {
        let mut case = Case::new(&format!("search: {name}"), "POST", "/{index}/_search", body);
        // Elasticsearch 8.19 overflows its stack and exits.
        case.ends_real_engines = name == "deep query_string";
        cases.push(case);
    }
    cases.push(Case::search(
        &b"{\"query\":{\"term\":{\"tag\":\"\xff\xfe\"}}}"[..],
    ));
    cases.push(Case::search(&b"\x00\x01\x02"[..]));
    for (method, path, body) in [
        ("POST", "/{index}/_search?size=many", json!({})),
        ("POST", "/{index}/_search?from=-4", json!({})),
        ("POST", "/{index}/_search?no_such_option=1", json!({})),
        (
            "POST",
            "/{index}/_search?track_total_hits=perhaps",
            json!({}),
        ),
        ("POST", "/{index}/_count", json!({"size": 5})),
        ("POST", "/{index}/_count", json!({"query": {"nothing": {}}})),
        ("POST", "/{index}/_count?no_such_option=1", json!({})),
        ("POST", "/peers-nowhere/_search", json!({})),
        ("POST", "/peers-nowhere/_count", json!({})),
        ("POST", "/{index}/_mget", json!({"docs": "all"})),
        (
            "POST",
            "/{index}/_mget",
            json!({"docs": [{"_id": "1", "more": 1}]}),
        ),
        ("POST", "/{index}/_mget", json!({"ids": [{"a": 1}]})),
        ("POST", "/{index}/_mget", Value::Null),
        ("POST", "/_msearch", Value::Null),
        ("POST", "/_msearch", json!({"index": "x"})),
    ] {
        cases.push(Case::json(method, path, &body));
    }
    for (method, path) in [
        ("POST", "/{index}/_no_such_endpoint"),
        ("GET", "/_cat/no_such_table"),
        ("DELETE", "/{index}/_search"),
        ("PUT", "/{index}/_search"),
        ("PATCH", "/{index}/_doc/1"),
    ] {
        cases.push(Case::json(method, path, &Value::Null).expecting(Expected::RefusedShortly));
    }
    cases.push(
        Case::new(
            "msearch without a line's end",
            "POST",
            "/_msearch",
            "{}\n{\"query\":{\"match_all\":{}}}",
        )
        .with("content-type", "application/x-ndjson"),
    );
    cases.push(
        Case::new(
            "msearch with a header that is no object",
            "POST",
            "/_msearch",
            "[1]\n{}\n",
        )
        .with("content-type", "application/x-ndjson"),
    );
    cases
}
