//! `filter_path`: which parts of an answer a client wants.

use crate::names::fits;
use serde_json::{Map, Value};

/// Leaves of an answer only what one of the patterns names: names separated by dots, `*` any part of a name, `**` any
/// number of names, a `-` before a pattern leaves what it names out. Separated by commas.
pub fn filter_path(answer: Value, patterns: &str) -> Value {
    let (mut wanted, mut unwanted) = (Vec::new(), Vec::new());
    for pattern in patterns.split(',').map(str::trim) {
        let (list, pattern) = match pattern.strip_prefix('-') {
            Some(pattern) => (&mut unwanted, pattern),
            None => (&mut wanted, pattern),
        };
        if !pattern.is_empty() {
            list.push(pattern.split('.').collect::<Vec<_>>());
        }
    }
    let mut answer = answer;
    if !unwanted.is_empty() {
        let states: Vec<&[&str]> = unwanted.iter().map(Vec::as_slice).collect();
        answer = without(answer, &states).unwrap_or_else(|| Value::Object(Map::new()));
    }
    if !wanted.is_empty() {
        let states: Vec<&[&str]> = wanted.iter().map(Vec::as_slice).collect();
        answer = only(answer, &states).unwrap_or_else(|| Value::Object(Map::new()));
    }
    answer
}

/// What is left of the patterns below a member; a pattern with nothing left names the member itself.
fn below<'a>(states: &[&'a [&'a str]], name: &str) -> Vec<&'a [&'a str]> {
    let mut next = Vec::new();
    for state in states {
        let Some((first, rest)) = state.split_first() else {
            continue;
        };
        if *first == "**" {
            next.push(*state);
            // Any number of names may also be none.
            next.extend(below(&[rest], name));
        } else if fits(first, name) {
            next.push(rest);
        }
    }
    next
}

fn names_it(states: &[&[&str]]) -> bool {
    states
        .iter()
        .any(|state| state.is_empty() || *state == ["**"])
}

fn only(value: Value, states: &[&[&str]]) -> Option<Value> {
    match value {
        Value::Object(members) => {
            let mut kept = Map::new();
            for (name, value) in members {
                let next = below(states, &name);
                if names_it(&next) {
                    kept.insert(name, value);
                } else if !next.is_empty()
                    && let Some(value) = only(value, &next)
                {
                    kept.insert(name, value);
                }
            }
            (!kept.is_empty()).then_some(Value::Object(kept))
        }
        Value::Array(values) => {
            let kept: Vec<Value> = values
                .into_iter()
                .filter_map(|value| only(value, states))
                .collect();
            (!kept.is_empty()).then_some(Value::Array(kept))
        }
        _ => None,
    }
}

fn without(value: Value, states: &[&[&str]]) -> Option<Value> {
    match value {
        Value::Object(members) => {
            let mut kept = Map::new();
            for (name, value) in members {
                let next = below(states, &name);
                if names_it(&next) {
                    continue;
                }
                if next.is_empty() {
                    kept.insert(name, value);
                } else if let Some(value) = without(value, &next) {
                    kept.insert(name, value);
                }
            }
            (!kept.is_empty()).then_some(Value::Object(kept))
        }
        Value::Array(values) => {
            let kept: Vec<Value> = values
                .into_iter()
                .filter_map(|value| without(value, states))
                .collect();
            (!kept.is_empty()).then_some(Value::Array(kept))
        }
        plain => Some(plain),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn answers_are_cut_to_what_is_asked() {
        let answer = json!({
            "took": 3,
            "hits": {"total": {"value": 1}, "hits": [{"_id": "1", "_source": {"a": 1}}, {"_id": "2"}]},
        });
        let check = |patterns: &str, expected: Value| {
            assert_eq!(
                filter_path(answer.clone(), patterns),
                expected,
                "{patterns}"
            );
        };
        check("took", json!({"took": 3}));
        check(
            "hits.hits._id",
            json!({"hits": {"hits": [{"_id": "1"}, {"_id": "2"}]}}),
        );
        check(
            "hits.hits._source.a,t*",
            json!({"took": 3, "hits": {"hits": [{"_source": {"a": 1}}]}}),
        );
        check(
            "**._id",
            json!({"hits": {"hits": [{"_id": "1"}, {"_id": "2"}]}}),
        );
        check("hits.*.value", json!({"hits": {"total": {"value": 1}}}));
        check("-hits", json!({"took": 3}));
        check("-hits.hits,-took", json!({"hits": {"total": {"value": 1}}}));
        check("nothing", json!({}));
    }
}
