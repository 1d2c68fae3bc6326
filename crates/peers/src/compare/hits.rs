//! Hits: the same ids in the same order, but for those that tie.

use super::values::{compare_values, near};
use super::{Depth, Found};
use serde_json::Value;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// How far scores may lie from each other, of the greater.
const NEAR: f64 = 1e-4;

/// A hit as it is compared.
struct Hit<'a> {
    id: String,
    key: Vec<&'a Value>,
    json: &'a Value,
}

/// Compares `hits` of two answers.
pub(super) fn compare_hits(
    place: &str,
    left: &Value,
    right: &Value,
    depth: Depth,
    found: &mut Found,
) {
    let (left, right) = (&left["hits"], &right["hits"]);
    compare_values(
        &format!("{place}total"),
        left.get("total"),
        right.get("total"),
        found,
    );
    if !same_number(&left["max_score"], &right["max_score"]) {
        found.say(
            &format!("{place}max_score"),
            &left["max_score"],
            &right["max_score"],
        );
    }
    let (left, right) = (hits(left), hits(right));
    if left.len() != right.len() {
        found.differences.push(format!(
            "{place}hits: left {}, right {}",
            left.len(),
            right.len()
        ));
        return;
    }
    let same_order = left.iter().zip(&right).all(|(l, r)| l.id == r.id);
    if !same_order {
        compare_order(place, &left, &right, depth, found);
    }
    let by_id: BTreeMap<&str, &Hit> = right.iter().map(|hit| (hit.id.as_str(), hit)).collect();
    for hit in &left {
        if let Some(other) = by_id.get(hit.id.as_str()) {
            compare_hit(&format!("{place}{} ", hit.id), hit, other, found);
        }
    }
}

fn hits(hits: &Value) -> Vec<Hit<'_>> {
    let hits = hits["hits"].as_array().into_iter().flatten();
    hits.map(|json| Hit {
        // Inner hits of one document differ by their place in it.
        id: match json.get("_nested") {
            Some(nested) => format!("{}{}", json["_id"].as_str().unwrap_or_default(), nested),
            None => json["_id"].as_str().unwrap_or_default().to_owned(),
        },
        key: match json["sort"].as_array() {
            Some(sort) => sort.iter().collect(),
            None => vec![&json["_score"]],
        },
        json,
    })
    .collect()
}

fn compare_order(place: &str, left: &[Hit], right: &[Hit], depth: Depth, found: &mut Found) {
    let mut start = 0;
    while start < left.len() {
        let ties = left
            .windows(2)
            .skip(start)
            .take_while(|pair| matches!(pair, [l, r] if tie(&l.key, &r.key)));
        let end = start + 1 + ties.count();
        let (some, others) = (
            left.get(start..end).unwrap_or(&[]),
            right.get(start..end).unwrap_or(&[]),
        );
        for (at, (l, r)) in some.iter().zip(others).enumerate() {
            if !tie(&l.key, &r.key) {
                let said = |hit: &Hit| {
                    format!(
                        "{} {:?}",
                        hit.id,
                        hit.key
                            .iter()
                            .map(|key| key.to_string())
                            .collect::<Vec<_>>()
                    )
                };
                found.differences.push(format!(
                    "{place}hit {}: left {}, right {}",
                    start + at,
                    said(l),
                    said(r)
                ));
                return;
            }
        }
        let ids = |hits: &[Hit]| {
            let mut ids: Vec<String> = hits.iter().map(|hit| hit.id.clone()).collect();
            ids.sort();
            ids
        };
        let (some, others) = (ids(some), ids(others));
        if some != others {
            match depth {
                Depth::Page if start == 0 || end == left.len() => found.ties_differ = true,
                Depth::All { open_end: true } if end == left.len() => {}
                _ => {
                    let only = |ids: &[String], others: &[String]| {
                        let ids: Vec<&str> = ids
                            .iter()
                            .filter(|id| !others.contains(id))
                            .map(String::as_str)
                            .take(5)
                            .collect();
                        ids.join(" ")
                    };
                    found.differences.push(format!(
                        "{place}hits {start} to {end} tie: only left {}; only right {}",
                        only(&some, &others),
                        only(&others, &some)
                    ));
                    return;
                }
            }
        }
        start = end;
    }
}

fn compare_hit(place: &str, left: &Hit, right: &Hit, found: &mut Found) {
    let (l, r) = (left.json, right.json);
    if !same_number(&l["_score"], &r["_score"]) {
        found.say(&format!("{place}_score"), &l["_score"], &r["_score"]);
    }
    let is_same = left.key.len() == right.key.len()
        && left
            .key
            .iter()
            .zip(&right.key)
            .all(|(l, r)| same_number(l, r));
    if !is_same && l.get("sort").or(r.get("sort")).is_some() {
        found.say(&format!("{place}sort"), &l["sort"], &r["sort"]);
    }
    for name in [
        "_source",
        "fields",
        "_version",
        "_seq_no",
        "_primary_term",
        "_type",
        "_nested",
        "_ignored",
        "_routing",
    ] {
        compare_values(&format!("{place}{name}"), l.get(name), r.get(name), found);
    }
    let (l_named, r_named) = (
        sorted(l.get("matched_queries")),
        sorted(r.get("matched_queries")),
    );
    compare_values(
        &format!("{place}matched_queries"),
        l_named.as_ref(),
        r_named.as_ref(),
        found,
    );
    let (inner, other) = (l["inner_hits"].as_object(), r["inner_hits"].as_object());
    let names = |hits: Option<&serde_json::Map<String, Value>>| {
        hits.map(|hits| hits.keys().cloned().collect::<Vec<_>>())
    };
    if names(inner) != names(other) {
        found.say(
            &format!("{place}inner_hits"),
            &l["inner_hits"],
            &r["inner_hits"],
        );
    }
    for (name, hits) in inner.into_iter().flatten() {
        let other = other
            .and_then(|other| other.get(name))
            .unwrap_or(&Value::Null);
        let depth = Depth::All { open_end: true };
        compare_hits(&format!("{place}inner {name} "), hits, other, depth, found);
    }
}

/// Names of queries in an order of their own.
fn sorted(names: Option<&Value>) -> Option<Value> {
    let mut names = names?.clone();
    if let Some(names) = names.as_array_mut() {
        names.sort_by_key(Value::to_string);
    }
    Some(names)
}

/// Whether two scores or sort values are one, by the precision that single floats have.
fn same_number(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(l), Value::Number(r)) => match (l.as_i64(), r.as_i64()) {
            (Some(l), Some(r)) => l == r,
            _ => l
                .as_f64()
                .zip(r.as_f64())
                .is_some_and(|(l, r)| near(l, r, NEAR, 1e-12)),
        },
        _ => left == right,
    }
}

/// Whether either of two hits may come first: their keys are one, or near before anything differs.
fn tie(left: &[&Value], right: &[&Value]) -> bool {
    let order = left
        .iter()
        .zip(right)
        .find_map(|(l, r)| match (*l == *r, same_number(l, r)) {
            (true, _) => None,
            (false, true) => Some(Ordering::Equal),
            (false, false) => Some(Ordering::Less),
        });
    order.is_none_or(Ordering::is_eq)
}
