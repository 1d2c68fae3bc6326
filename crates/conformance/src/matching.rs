//! Whether what is in an answer is what must be there.

use regex::Regex;
use serde_json::{Map, Value};

/// How far a number may be from the one that is expected with `~`, relative to that.
const TOLERANCE: f64 = 1e-5;

/// Compares what is expected at a place with what was found there, and says how they differ.
pub(crate) fn difference(expected: &Value, found: Option<&Value>) -> Option<String> {
    let differs = || {
        let found = found.map_or_else(|| "nothing".to_owned(), Value::to_string);
        Some(format!("expected {expected}, got {found}"))
    };
    match Expectation::of(expected) {
        Ok(expectation) => {
            if expectation.holds(found) {
                None
            } else {
                differs()
            }
        }
        Err(reason) => {
            let found = found.map_or_else(|| "nothing".to_owned(), Value::to_string);
            Some(format!("{reason}, got {found}"))
        }
    }
}

/// What must be at a place.
enum Expectation<'a> {
    Exists,
    Absent,
    Near(f64),
    Length(usize),
    Has(&'a str),
    Pattern(Regex),
    Unordered(Vec<Self>),
    List(Vec<Self>),
    Object(Vec<(&'a str, Self)>),
    Exactly(&'a Value),
}

impl<'a> Expectation<'a> {
    fn of(written: &'a Value) -> Result<Self, String> {
        match written {
            Value::String(text) => Self::of_text(text, written),
            Value::Array(items) => Ok(Self::List(Self::of_items(items)?)),
            Value::Object(fields) => Self::of_object(fields),
            _ => Ok(Self::Exactly(written)),
        }
    }

    fn of_text(text: &'a str, written: &'a Value) -> Result<Self, String> {
        if let Some(number) = text.strip_prefix('~') {
            let number = number.parse();
            return number
                .map(Self::Near)
                .map_err(|_| format!("no number after ~: {text}"));
        }
        if let Some(inner) = text.strip_prefix('<').and_then(|t| t.strip_suffix('>')) {
            return match inner.split_once(' ').unwrap_or((inner, "")) {
                ("exists", "") => Ok(Self::Exists),
                ("absent", "") => Ok(Self::Absent),
                ("has", part) if !part.is_empty() => Ok(Self::Has(part)),
                ("length", length) if length.parse::<usize>().is_ok() => {
                    Ok(Self::Length(length.parse().unwrap_or_default()))
                }
                _ => Err(format!("no such matcher: {text}")),
            };
        }
        let pattern = text.strip_prefix('/').and_then(|t| t.strip_suffix('/'));
        match pattern {
            Some(pattern) if !pattern.is_empty() => Regex::new(pattern)
                .map(Self::Pattern)
                .map_err(|error| error.to_string()),
            _ => Ok(Self::Exactly(written)),
        }
    }

    fn of_items(items: &'a [Value]) -> Result<Vec<Self>, String> {
        items.iter().map(Self::of).collect()
    }

    fn of_object(fields: &'a Map<String, Value>) -> Result<Self, String> {
        if let Some(exact) = fields.get("<exactly>") {
            return Ok(Self::Exactly(exact));
        }
        if let Some(items) = fields.get("<unordered>") {
            let items = items.as_array().ok_or("<unordered> is no list")?;
            return Ok(Self::Unordered(Self::of_items(items)?));
        }
        let fields = fields
            .iter()
            .map(|(key, value)| Ok((key.as_str(), Self::of(value)?)));
        Ok(Self::Object(fields.collect::<Result<_, String>>()?))
    }

    fn holds(&self, found: Option<&Value>) -> bool {
        let Some(found) = found else {
            return matches!(self, Self::Absent);
        };
        match self {
            Self::Exists => true,
            Self::Absent => false,
            Self::Near(expected) => found
                .as_f64()
                .is_some_and(|found| (found - expected).abs() <= TOLERANCE * expected.abs()),
            Self::Length(length) => length_of(found) == Some(*length),
            Self::Has(part) => found.as_str().is_some_and(|text| text.contains(part)),
            Self::Pattern(pattern) => match found {
                Value::String(text) => pattern.is_match(text),
                Value::Number(number) => pattern.is_match(&number.to_string()),
                _ => false,
            },
            Self::Unordered(expected) => found
                .as_array()
                .is_some_and(|items| same_in_any_order(expected, items)),
            Self::List(expected) => found.as_array().is_some_and(|items| {
                items.len() == expected.len()
                    && expected
                        .iter()
                        .zip(items)
                        .all(|(e, item)| e.holds(Some(item)))
            }),
            Self::Object(expected) => found.as_object().is_some_and(|fields| {
                let known = |key: &str| expected.iter().any(|(name, _)| *name == key);
                expected.iter().all(|(key, e)| e.holds(fields.get(*key)))
                    && fields.keys().all(|key| known(key))
            }),
            Self::Exactly(expected) => equal(expected, found),
        }
    }
}

fn length_of(value: &Value) -> Option<usize> {
    match value {
        Value::Array(items) => Some(items.len()),
        Value::Object(fields) => Some(fields.len()),
        Value::String(text) => Some(text.chars().count()),
        _ => None,
    }
}

/// Whether each item meets an expectation of its own. Each takes the first that it meets, which is enough as long as no
/// two expectations hold for the same item.
fn same_in_any_order(expected: &[Expectation<'_>], items: &[Value]) -> bool {
    let mut left: Vec<&Value> = items.iter().collect();
    let all_met = expected.iter().all(|expectation| {
        let at = left.iter().position(|item| expectation.holds(Some(item)));
        at.map(|at| left.swap_remove(at)).is_some()
    });
    all_met && left.is_empty()
}

/// Whether two values are the same; numbers are by value, however they are written.
fn equal(expected: &Value, found: &Value) -> bool {
    match (expected, found) {
        (Value::Number(a), Value::Number(b)) => {
            a == b || a.as_f64() == b.as_f64() && !(a.is_i64() && b.is_i64())
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(key, a)| b.get(key).is_some_and(|b| equal(a, b)))
        }
        _ => expected == found,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn holds(expected: Value, found: Value) {
        assert_eq!(difference(&expected, Some(&found)), None);
    }

    #[track_caller]
    fn differs(expected: Value, found: Value) {
        assert!(
            difference(&expected, Some(&found)).is_some(),
            "{expected} {found}"
        );
    }

    #[test]
    fn plain_values_are_compared_exactly() {
        holds(json!(5), json!(5.0));
        differs(json!(5), json!(6));
        differs(
            json!(9_007_199_254_740_993_i64),
            json!(9_007_199_254_740_992_i64),
        );
        differs(json!("5"), json!(5));
        holds(json!({"a": 1, "b": [2]}), json!({"b": [2], "a": 1}));
        differs(json!({"a": 1}), json!({"a": 1, "b": 2}));
        differs(json!([1, 2]), json!([2, 1]));
        differs(json!([1]), json!([1, 2]));
        holds(json!(null), json!(null));
        assert!(difference(&json!(null), None).is_some());
    }

    #[test]
    fn near_numbers_are_within_the_tolerance() {
        holds(json!("~2.0"), json!(2.000_019));
        differs(json!("~2.0"), json!(2.000_021));
        differs(json!("~2.0"), json!(-2.0));
        differs(json!("~2.0"), json!("2.0"));
    }

    #[test]
    fn matchers_hold_where_they_say() {
        holds(json!("<exists>"), json!(null));
        assert_eq!(difference(&json!("<absent>"), None), None);
        assert!(difference(&json!("<exists>"), None).is_some());
        differs(json!("<absent>"), json!(1));
        holds(json!("<length 2>"), json!([1, 2]));
        differs(json!("<length 2>"), json!([1]));
        holds(json!("<has b c>"), json!("a b c d"));
        differs(json!("<has b c>"), json!("a b"));
        holds(json!("/^[0-9]+$/"), json!(17));
        differs(json!("/^[0-9]+$/"), json!("x17"));
        holds(json!({"<unordered>": ["a", "~1.0"]}), json!([1.0, "a"]));
        differs(json!({"<unordered>": [1, 1]}), json!([1, 2]));
        differs(json!({"<unordered>": [1]}), json!([1, 1]));
        holds(json!({"<exactly>": "~1"}), json!("~1"));
        differs(json!({"<exactly>": "~1"}), json!(1));
    }

    #[test]
    fn matchers_hold_within_lists_and_objects() {
        holds(json!({"a": ["<exists>", "~1.0"]}), json!({"a": [{}, 1.0]}));
        holds(json!({"a": 1, "b": "<absent>"}), json!({"a": 1}));
        differs(json!({"a": ["<absent>"]}), json!({"a": [1]}));
    }

    #[test]
    fn an_unknown_matcher_is_named() {
        let said = difference(&json!("<exist>"), Some(&json!(1))).unwrap();
        assert_eq!(said, "no such matcher: <exist>, got 1");
        assert!(difference(&json!("~x"), Some(&json!(1))).is_some());
        assert!(difference(&json!("/(/"), Some(&json!("("))).is_some());
    }
}
