use super::{Depth, compare, differences};
use crate::client::Answer;
use serde_json::{Value, json};

fn answer(status: u16, body: &Value) -> Answer {
    Answer {
        status,
        body: body.to_string().into_bytes(),
        closes: false,
    }
}

fn of(left: &Value, right: &Value, depth: Depth) -> Vec<String> {
    differences(&answer(200, left), &answer(200, right), depth).unwrap()
}

fn hits(ids: &[(&str, f64)]) -> Value {
    let hits: Vec<Value> = ids
        .iter()
        .map(|(id, score)| json!({"_id": id, "_score": score}))
        .collect();
    json!({"hits": {"total": {"value": 9, "relation": "eq"}, "max_score": ids[0].1, "hits": hits}})
}

#[test]
fn order_matters_but_for_ties() {
    let all = Depth::All { open_end: false };
    let left = hits(&[("a", 3.0), ("b", 2.0), ("c", 2.0), ("d", 1.0)]);
    assert_eq!(of(&left, &left, all), [""; 0]);
    let swapped = hits(&[("a", 3.0), ("c", 2.000_01), ("b", 2.0), ("d", 1.0)]);
    assert_eq!(of(&left, &swapped, Depth::Page), [""; 0]);
    for wrong in [
        hits(&[("b", 3.0), ("a", 2.0), ("c", 2.0), ("d", 1.0)]),
        hits(&[("a", 3.0), ("b", 2.0), ("c", 2.0), ("d", 1.1)]),
        hits(&[("a", 3.0), ("x", 2.0), ("c", 2.0), ("d", 1.0)]),
        hits(&[("a", 3.0), ("b", 2.0), ("c", 2.0)]),
    ] {
        assert!(!of(&left, &wrong, Depth::Page).is_empty(), "{wrong}");
    }
}

#[test]
fn those_that_tie_at_an_edge_are_told_apart_only_where_all_are_known() {
    let (left, right) = (
        hits(&[("a", 3.0), ("b", 2.0)]),
        hits(&[("a", 3.0), ("c", 2.0)]),
    );
    let found = compare(&answer(200, &left), &answer(200, &right), Depth::Page).unwrap();
    assert!(found.ties_differ && found.differences.is_empty());
    assert_eq!(of(&left, &right, Depth::All { open_end: true }), [""; 0]);
    assert_eq!(of(&left, &right, Depth::All { open_end: false }).len(), 1);
}

#[test]
fn sort_values_are_compared_by_all_their_keys() {
    let sorted = |keys: [[i64; 2]; 2]| {
        let hit = |id: &str, key: [i64; 2]| json!({"_id": id, "_score": null, "sort": key});
        json!({"hits": {"total": {"value": 2, "relation": "eq"}, "max_score": null,
            "hits": [hit("a", keys[0]), hit("b", keys[1])]}})
    };
    assert_eq!(
        of(
            &sorted([[1, 2], [1, 3]]),
            &sorted([[1, 2], [1, 3]]),
            Depth::Page
        ),
        [""; 0]
    );
    assert_eq!(
        of(
            &sorted([[1, 2], [1, 3]]),
            &sorted([[1, 2], [1, 4]]),
            Depth::Page
        )
        .len(),
        1
    );
}

#[test]
fn buckets_and_metrics_are_compared_with_their_names() {
    let buckets = |first: Value, second: Value| json!({"hits": {"hits": []}, "aggregations": {"a": {"buckets": [first, second]}}});
    let (a, b) = (
        json!({"key": "a", "doc_count": 2}),
        json!({"key": "b", "doc_count": 2}),
    );
    let left = buckets(a.clone(), b.clone());
    assert_eq!(of(&left, &left, Depth::Page), [""; 0]);
    assert_eq!(
        of(&left, &buckets(b.clone(), a.clone()), Depth::Page),
        [""; 0]
    );
    let other = json!({"key": "b", "doc_count": 3});
    assert!(!of(&left, &buckets(a.clone(), other.clone()), Depth::Page).is_empty());
    assert!(
        !of(
            &buckets(a.clone(), other.clone()),
            &buckets(other, a),
            Depth::Page
        )
        .is_empty()
    );
    let metric =
        |value: f64| json!({"hits": {"hits": []}, "aggregations": {"m": {"value": value}}});
    assert_eq!(of(&metric(1.0), &metric(1.000_000_1), Depth::Page), [""; 0]);
    assert_eq!(of(&metric(1.0), &metric(1.000_01), Depth::Page).len(), 1);
}

#[test]
fn errors_are_compared_by_status_and_types() {
    let error = |kind: &str, root: &str, reason: &str| json!({"status": 400, "error": {"type": kind, "reason": reason, "root_cause": [{"type": root, "reason": reason}]}});
    let compared = |status: u16, right: &Value| {
        differences(
            &answer(400, &error("a", "b", "words")),
            &answer(status, right),
            Depth::Page,
        )
        .unwrap()
        .len()
    };
    assert_eq!(compared(400, &error("a", "b", "other words")), 0);
    assert_eq!(compared(400, &error("a", "c", "words")), 1);
    assert_eq!(compared(400, &error("c", "b", "words")), 1);
    assert_eq!(compared(404, &error("a", "b", "words")), 1);
    assert_eq!(compared(400, &json!({"hits": {"hits": []}})), 1);
}

#[test]
fn items_of_a_bulk_and_documents_are_compared() {
    let items = |seq_no: u64| json!({"errors": false, "items": [{"index": {"_id": "a", "status": 201, "_version": 1, "_seq_no": seq_no}}]});
    assert_eq!(of(&items(4), &items(4), Depth::Page), [""; 0]);
    assert_eq!(of(&items(4), &items(5), Depth::Page).len(), 1);
    let document =
        |title: &str| json!({"docs": [{"_id": "a", "found": true, "_source": {"title": title}}]});
    assert_eq!(of(&document("x"), &document("y"), Depth::Page).len(), 1);
    assert_eq!(
        of(&json!({"title": "x"}), &json!({"title": "y"}), Depth::Page).len(),
        1
    );
}
