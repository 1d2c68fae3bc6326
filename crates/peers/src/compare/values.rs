//! Values of answers, where numbers are equal when they are near.

use super::Found;
use serde_json::{Map, Value};

/// How far metric values may lie from each other, of the greater.
const NEAR: f64 = 1e-6;
/// How long a value may be in what is said of it.
const LONGEST: usize = 240;

/// A value in few letters.
pub(crate) fn short(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

/// Whether two numbers are as near as `share` of the greater, or as `least`.
pub(crate) fn near(left: f64, right: f64, share: f64, least: f64) -> bool {
    left == right || (left - right).abs() <= share * left.abs().max(right.abs()) + least
}

/// Compares values by their shape; what is missing is not null.
pub(crate) fn compare_values(
    place: &str,
    left: Option<&Value>,
    right: Option<&Value>,
    found: &mut Found,
) {
    match (left, right) {
        (None, None) => {}
        (Some(left), Some(right)) => compare_both(place, left, right, 1e-9, found),
        (left, right) => {
            let said = |value: Option<&Value>| value.map_or("nothing".to_owned(), short);
            found.differences.push(format!(
                "{place}: left {}, right {}",
                said(left),
                said(right)
            ));
        }
    }
}

fn compare_both(place: &str, left: &Value, right: &Value, least: f64, found: &mut Found) {
    match (left, right) {
        (Value::Number(l), Value::Number(r)) => {
            let equal = match (l.as_i64(), r.as_i64()) {
                (Some(l), Some(r)) => l == r,
                _ => l
                    .as_f64()
                    .zip(r.as_f64())
                    .is_some_and(|(l, r)| near(l, r, NEAR, least)),
            };
            if !equal {
                found.say(place, left, right);
            }
        }
        (Value::Object(l), Value::Object(r)) => compare_objects(place, l, r, least, found),
        (Value::Array(l), Value::Array(r)) if l.len() == r.len() => {
            let moved = place.ends_with("buckets").then(|| order_of(l, r)).flatten();
            for (at, l) in l.iter().enumerate() {
                let other = moved.as_ref().map_or(Some(&at), |moved| moved.get(at));
                if let Some(r) = other.and_then(|at| r.get(*at)) {
                    compare_both(&format!("{place}[{at}]"), l, r, least, found);
                }
            }
        }
        _ if left == right => {}
        _ => found.say(place, left, right),
    }
}

fn compare_objects(
    place: &str,
    left: &Map<String, Value>,
    right: &Map<String, Value>,
    least: f64,
    found: &mut Found,
) {
    let least = noise(left).map_or(least, |noise| noise.max(least));
    for (name, value) in left {
        // Deviations are roots of variances, and so is their noise.
        let least = if name.starts_with("std_") {
            least.sqrt()
        } else {
            least
        };
        match right.get(name) {
            Some(other) => compare_both(&format!("{place}.{name}"), value, other, least, found),
            None => compare_values(&format!("{place}.{name}"), Some(value), None, found),
        }
    }
    for (name, value) in right {
        if !left.contains_key(name) {
            compare_values(&format!("{place}.{name}"), None, Some(value), found);
        }
    }
}

/// How far extended statistics may be off because they are differences of great sums.
fn noise(statistics: &Map<String, Value>) -> Option<f64> {
    let squares = statistics.get("sum_of_squares")?.as_f64()?;
    let count = statistics.get("count")?.as_f64()?;
    Some(1e-11 * squares / count.max(1.0))
}

/// Where the right side has the left's buckets, if they tie in every number that may have ordered them.
fn order_of(left: &[Value], right: &[Value]) -> Option<Vec<usize>> {
    let mut order = Vec::new();
    for (at, bucket) in left.iter().enumerate() {
        // Buckets without keys, and those that share one, stand where they were asked for.
        let key = bucket.get("key")?;
        let mut others = (0..right.len())
            .filter(|at| right.get(*at).and_then(|other| other.get("key")) == Some(key));
        let (other, None) = (others.next()?, others.next()) else {
            return None;
        };
        let opposite = right.get(at)?;
        let ties = bucket["doc_count"] == opposite["doc_count"]
            && metrics(bucket)
                .zip(metrics(opposite))
                .all(|(l, r)| near(l, r, NEAR, 1e-9));
        if other != at && !ties {
            return None;
        }
        order.push(other);
    }
    Some(order)
}

fn metrics(bucket: &Value) -> impl Iterator<Item = f64> {
    let fields = bucket.as_object().into_iter().flatten();
    fields.filter_map(|(_, value)| value.get("value")?.as_f64())
}
