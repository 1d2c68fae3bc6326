//! Requests that are wrong on purpose.

use super::{Asker, Request};
use serde_json::{Value, json};

/// Queries that cannot be understood.
fn queries() -> Vec<Value> {
    vec![
        json!({"no_such_query": {}}),
        json!({"match": {}}),
        json!({"match": {"title": {"query": "x", "no_such_option": 1}}}),
        json!({"match": {"title": "a", "body": "b"}}),
        json!({"match": {"title": {"query": "x", "operator": "xor"}}}),
        json!({"match": {"title": {"query": "x", "fuzziness": "many"}}}),
        json!({"match": {"title": {"operator": "and"}}}),
        json!({"match": ["title"]}),
        json!({"match": {"count": "many"}}),
        json!({"match_phrase": {"title": {"query": "x", "slop": -1}}}),
        json!({"match_phrase": {"title": {"slop": 1}}}),
        json!({"multi_match": {"query": "x", "fields": ["title"], "type": "worst_fields"}}),
        json!({"multi_match": {"fields": ["title"]}}),
        json!({"multi_match": {"query": "x", "fields": ["title"], "type": "cross_fields", "fuzziness": 1}}),
        json!({"multi_match": {"query": "x", "fields": ["title^many"]}}),
        json!({"term": {"count": "x"}}),
        json!({"term": {"flag": "perhaps"}}),
        json!({"term": {"created": "yesterday"}}),
        json!({"term": {"tag": {"no_such_option": 1}}}),
        json!({"term": {"tag": ["a", "b"]}}),
        json!({"term": {"tag": "a", "place": "b"}}),
        json!({"term": {"tag": null}}),
        json!({"term": {}}),
        json!({"terms": {"tag": "a"}}),
        json!({"terms": {"tag": ["a"], "place": ["b"]}}),
        json!({"terms": {}}),
        json!({"terms": {"count": ["x"]}}),
        json!({"ids": {"values": {"a": 1}}}),
        json!({"ids": {"type": "x"}}),
        json!({"range": {"count": {"gte": "x"}}}),
        json!({"range": {"count": {"above": 1}}}),
        json!({"range": {"count": 5}}),
        json!({"range": {"created": {"gte": "2020-13-45"}}}),
        json!({"range": {"created": {"gte": "now-5x"}}}),
        json!({"range": {"created": {"gte": "2020", "time_zone": "Nowhere/Land"}}}),
        json!({"range": {"count": {"gte": 1, "relation": "beside"}}}),
        json!({"range": {"count": {"gte": 1}, "size": {"gte": 1}}}),
        json!({"exists": {}}),
        json!({"exists": {"field": ""}}),
        json!({"exists": {"name": "x"}}),
        json!({"prefix": {"count": "1"}}),
        json!({"prefix": {"tag": {"rewrite": "no_such_rewrite", "value": "a"}}}),
        json!({"wildcard": {"count": "1*"}}),
        json!({"wildcard": {"tag": {}}}),
        json!({"fuzzy": {"count": "1"}}),
        json!({"fuzzy": {"tag": {"value": "abc", "fuzziness": 5}}}),
        json!({"fuzzy": {"tag": {}}}),
        json!({"bool": {"may": []}}),
        json!({"bool": {"must": "x"}}),
        json!({"bool": {"must": [{}]}}),
        json!({"bool": {"must": [{"match_all": {}, "match_none": {}}]}}),
        json!({"bool": {"should": [{"match_all": {}}], "minimum_should_match": "x"}}),
        json!({"constant_score": {}}),
        json!({"constant_score": {"query": {"match_all": {}}}}),
        json!({"dis_max": {}}),
        json!({"dis_max": {"queries": [{"no_such_query": {}}]}}),
        json!({"boosting": {"positive": {"match_all": {}}, "negative": {"match_all": {}}}}),
        json!({"boosting": {"positive": {"match_all": {}}, "negative": {"match_all": {}}, "negative_boost": -1}}),
        json!({"boosting": {"negative": {"match_all": {}}, "negative_boost": 0.5}}),
        json!({"query_string": {"query": "title:("}}),
        json!({"query_string": {"query": "\"never ends"}}),
        json!({"query_string": {"query": "count:many"}}),
        json!({"query_string": {"query": "a AND"}}),
        json!({"query_string": {}}),
        json!({"query_string": {"query": "a", "no_such_option": 1}}),
        json!({"query_string": {"query": "a", "default_operator": "xor"}}),
        json!({"query_string": {"query": "[1 TO"}}),
        json!({"nested": {"path": "camera", "query": {"match_all": {}}}}),
        json!({"nested": {"path": "nowhere", "query": {"match_all": {}}}}),
        json!({"nested": {"query": {"match_all": {}}}}),
        json!({"nested": {"path": "parts"}}),
        json!({"nested": {"path": "parts", "query": {"match_all": {}}, "score_mode": "median"}}),
        json!({"nested": {"path": "parts", "query": {"match_all": {}}, "inner_hits": {"no_such_option": 1}}}),
        json!({"match_all": {"boost": "much"}}),
        json!({"match_all": {"no_such_option": 1}}),
        json!({"match_all": []}),
        json!({"match_all": {}, "match_none": {}}),
        json!([]),
        json!("x"),
        json!({"term": {"tag": {"value": "a", "boost": -1}}}),
    ]
}

/// Bodies of searches that cannot be understood, beside their queries.
fn bodies() -> Vec<Value> {
    vec![
        json!({"no_such_key": 1}),
        json!({"size": -1}),
        json!({"size": "many"}),
        json!({"size": 10_001}),
        json!({"from": -1}),
        json!({"from": 9_995, "size": 10}),
        json!({"from": {"a": 1}}),
        json!({"sort": [{"nowhere": "asc"}]}),
        json!({"sort": [{"title": "asc"}]}),
        json!({"sort": [{"count": "sideways"}]}),
        json!({"sort": [{"count": {"order": "asc", "no_such_option": 1}}]}),
        json!({"sort": [{"count": {"mode": "most"}}]}),
        json!({"sort": [{"tag": {"mode": "avg"}}]}),
        json!({"sort": [{"parts.n": {"nested": {"path": "nowhere"}}}]}),
        json!({"sort": [{"count": {"missing": "x"}}]}),
        json!({"sort": 5}),
        json!({"sort": ["count"], "search_after": [1, 2]}),
        json!({"sort": ["count"], "search_after": ["x"]}),
        json!({"search_after": [1]}),
        json!({"sort": ["count"], "search_after": []}),
        json!({"sort": ["count"], "search_after": [1], "from": 3}),
        json!({"sort": ["created"], "search_after": ["no date"]}),
        json!({"min_score": "high"}),
        json!({"track_total_hits": "x"}),
        json!({"track_total_hits": -5}),
        json!({"_source": 5}),
        json!({"_source": {"includes": [1, {}]}}),
        json!({"_source": {"no_such_option": []}}),
        json!({"fields": "count"}),
        json!({"fields": [{"name": "count"}]}),
        json!({"fields": [{"field": "count", "format": "yyyy"}]}),
        json!({"fields": ["count"], "query": 5}),
        json!({"post_filter": {"no_such_query": {}}}),
        json!({"aggs": {"a": {}}}),
        json!({"aggs": {"a": {"no_such_aggregation": {}}}}),
        json!({"aggs": {"a": {"terms": {"field": "title"}}}}),
        json!({"aggs": {"a": {"terms": {}}}}),
        json!({"aggs": {"a": {"terms": {"field": "tag", "size": 0}}}}),
        json!({"aggs": {"a": {"terms": {"field": "tag", "size": -1}}}}),
        json!({"aggs": {"a": {"terms": {"field": "tag", "order": {"nowhere": "asc"}}}}}),
        json!({"aggs": {"a": {"terms": {"field": "tag", "order": {"_key": "sideways"}}}}}),
        json!({"aggs": {"a": {"terms": {"field": "tag", "no_such_option": 1}}}}),
        json!({"aggs": {"a": {"terms": {"field": "tag"}, "avg": {"field": "count"}}}}),
        json!({"aggs": {"a": {"terms": {"field": "count", "missing": "x"}}}}),
        json!({"aggs": {"a[b]": {"terms": {"field": "tag"}}}}),
        json!({"aggs": {"a": {"histogram": {"field": "count"}}}}),
        json!({"aggs": {"a": {"histogram": {"field": "count", "interval": 0}}}}),
        json!({"aggs": {"a": {"histogram": {"field": "count", "interval": -5}}}}),
        json!({"aggs": {"a": {"histogram": {"field": "tag", "interval": 5}}}}),
        json!({"aggs": {"a": {"histogram": {"field": "weight", "interval": 0.0001}}}}),
        json!({"aggs": {"a": {"date_histogram": {"field": "created"}}}}),
        json!({"aggs": {"a": {"date_histogram": {"field": "created", "calendar_interval": "3M"}}}}),
        json!({"aggs": {"a": {"date_histogram": {"field": "created", "fixed_interval": "1M"}}}}),
        json!({"aggs": {"a": {"date_histogram": {"field": "created", "fixed_interval": "1d", "calendar_interval": "1d"}}}}),
        json!({"aggs": {"a": {"date_histogram": {"field": "created", "calendar_interval": "year", "time_zone": "Nowhere/Land"}}}}),
        json!({"aggs": {"a": {"date_histogram": {"field": "tag", "calendar_interval": "year"}}}}),
        json!({"aggs": {"a": {"range": {"field": "count"}}}}),
        json!({"aggs": {"a": {"range": {"field": "count", "ranges": []}}}}),
        json!({"aggs": {"a": {"range": {"field": "tag", "ranges": [{"to": 5}]}}}}),
        json!({"aggs": {"a": {"range": {"field": "count", "ranges": [{"to": "x"}]}}}}),
        json!({"aggs": {"a": {"filter": {"no_such_query": {}}}}}),
        json!({"aggs": {"a": {"filters": {}}}}),
        json!({"aggs": {"a": {"filters": {"filters": 5}}}}),
        json!({"aggs": {"a": {"missing": {}}}}),
        json!({"aggs": {"a": {"nested": {}}}}),
        json!({"aggs": {"a": {"reverse_nested": {}}}}),
        json!({"aggs": {"a": {"avg": {"field": "tag"}}}}),
        json!({"aggs": {"a": {"avg": {"field": "title"}}}}),
        json!({"aggs": {"a": {"avg": {}}}}),
        json!({"aggs": {"a": {"avg": {"field": "count"}, "aggs": {"b": {"avg": {"field": "count"}}}}}}),
        json!({"aggs": {"a": {"extended_stats": {"field": "count", "sigma": -1}}}}),
        json!({"aggs": {"a": {"cardinality": {"field": "title"}}}}),
        json!({"aggs": {"a": {"cardinality": {"field": "tag", "precision_threshold": -1}}}}),
        json!({"aggs": {"a": {"value_count": {"field": "title"}}}}),
        json!({"aggs": []}),
        json!({"version": "x"}),
    ]
}

/// Searches for nearest vectors that cannot be had.
fn nearest() -> Vec<Value> {
    let q = json!(vec![0.5; 16]);
    vec![
        json!({"field": "v_cosine", "query_vector": [1.0, 2.0], "k": 5, "num_candidates": 10}),
        json!({"field": "v_cosine", "query_vector": vec![0.0; 16], "k": 5, "num_candidates": 10}),
        json!({"field": "v_dot", "query_vector": vec![1.0; 16], "k": 5, "num_candidates": 10}),
        json!({"field": "v_byte_l2", "query_vector": q, "k": 5, "num_candidates": 10}),
        json!({"field": "v_byte_l2", "query_vector": vec![300; 16], "k": 5, "num_candidates": 10}),
        json!({"field": "v_l2", "query_vector": q, "k": 20, "num_candidates": 10}),
        json!({"field": "v_l2", "query_vector": q, "k": 0, "num_candidates": 10}),
        json!({"field": "v_l2", "query_vector": q, "k": 5, "num_candidates": 10_001}),
        json!({"field": "v_l2", "query_vector": q, "k": "x"}),
        json!({"field": "v_l2", "query_vector": "x", "k": 5}),
        json!({"field": "v_l2", "query_vector": [], "k": 5}),
        json!({"field": "v_l2", "k": 5, "num_candidates": 10}),
        json!({"query_vector": q, "k": 5, "num_candidates": 10}),
        json!({"field": "count", "query_vector": q, "k": 5, "num_candidates": 10}),
        json!({"field": "nowhere", "query_vector": q, "k": 5, "num_candidates": 10}),
        json!({"field": "v_l2", "query_vector": q, "k": 5, "num_candidates": 10, "no_such_option": 1}),
        json!({"field": "v_l2", "query_vector": q, "k": 5, "num_candidates": 10, "filter": {"no_such_query": {}}}),
        json!({"field": "v_l2", "query_vector": q, "k": 5, "num_candidates": 10, "similarity": "near"}),
        json!({"field": "v_l2", "query_vector": q, "k": 5, "num_candidates": 10, "boost": "x"}),
        json!({"field": "v_l2", "query_vector": ["a", "b"], "k": 5, "num_candidates": 10}),
    ]
}

impl Asker<'_> {
    pub(super) fn error(&mut self) -> Request {
        match self.numbers.below(20) {
            0..8 => {
                let mut query = self.numbers.pick(&queries()).clone();
                if query.is_object() && self.numbers.chance(25) {
                    query = json!({"bool": {"filter": [{"match_all": {}}, query]}});
                }
                let path = if self.numbers.chance(15) {
                    "/{index}/_count"
                } else {
                    "/{index}/_search"
                };
                Self::json("POST", path, json!({ "query": query }))
            }
            8..14 => {
                let mut body = self.numbers.pick(&bodies()).clone();
                self.option(30, &mut body, "query", |asker| asker.leaf());
                Self::search(body)
            }
            14..17 if self.vectors => {
                let knn = self.numbers.pick(&nearest()).clone();
                let as_query = self.numbers.chance(40);
                Self::search(if as_query {
                    json!({"query": {"knn": knn}})
                } else {
                    json!({ "knn": knn })
                })
            }
            _ => self.wrong_request(),
        }
    }

    fn wrong_request(&mut self) -> Request {
        let id = self.id();
        match self.numbers.below(16) {
            0 => Self::json(
                "POST",
                "/nowhere-at-all/_search",
                json!({"query": {"match_all": {}}}),
            ),
            1 => Self::json("GET", format!("/nowhere-at-all/_doc/{id}"), Value::Null),
            2 => Self::json("POST", "/{index}/_search?no_such_option=1", json!({})),
            3 => Self::json("POST", "/{index}/_search?size=many", json!({})),
            4 => Self::json("POST", "/{index}/_mget", json!({"ids": "x"})),
            5 => Self::json(
                "POST",
                "/{index}/_mget",
                json!({"docs": [{"no_such_key": 1}]}),
            ),
            6 => Self::json("POST", "/{index}/_mget", Value::Null),
            7 => Self::json("POST", "/{index}/_mget", json!({"ids": []})),
            8 => Self::json("POST", "/{index}/_count", json!({"size": 3})),
            9 => Self::json(
                "PUT",
                format!("/{{index}}/_doc/{id}?op_type=create&if_seq_no=1&if_primary_term=1"),
                json!({"count": 1}),
            ),
            10 => Self::json(
                "PUT",
                format!("/{{index}}/_doc/{id}?if_seq_no=1"),
                json!({"count": 1}),
            ),
            11 => Self::json(
                "PUT",
                format!("/{{index}}/_doc/{id}?version=5&version_type=nothing"),
                json!({"count": 1}),
            ),
            12 => Self::json(
                "PUT",
                format!("/{{index}}/_doc/{id}"),
                json!({"count": "many"}),
            ),
            13 => Self::json("PUT", "/{index}", json!({"mappings": {}})),
            14 => Self::json(
                "PUT",
                "/{index}/_mapping",
                json!({"properties": {"count": {"type": "keyword"}}}),
            ),
            _ => Self::json(
                "POST",
                format!("/{{index}}/_update/no-{id}"),
                json!({"doc": {"count": 1}}),
            ),
        }
    }
}
