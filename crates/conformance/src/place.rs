//! Places in an answer.

use serde_json::Value;

/// Finds what is at a place such as `hits.hits.*._id`, or `None` where nothing is.
pub(crate) fn find(value: &Value, place: &str) -> Option<Value> {
    if place == "." {
        return Some(value.clone());
    }
    let keys: Vec<&str> = place.split('.').collect();
    descend(value, &keys)
}

fn descend(value: &Value, keys: &[&str]) -> Option<Value> {
    let Some((key, rest)) = keys.split_first() else {
        return Some(value.clone());
    };
    match value {
        Value::Array(items) if *key == "*" => Some(each(items.iter(), rest)),
        Value::Array(items) => descend(items.get(key.parse::<usize>().ok()?)?, rest),
        Value::Object(fields) if *key == "*" && !fields.contains_key("*") => {
            Some(each(fields.values(), rest))
        }
        // A key may contain dots itself, so each way of reading the next keys as one is tried, the shortest first.
        Value::Object(fields) => (1..=keys.len()).find_map(|length| {
            let (first, rest) = keys.split_at_checked(length)?;
            descend(fields.get(&first.join("."))?, rest)
        }),
        _ => None,
    }
}

fn each<'a>(items: impl Iterator<Item = &'a Value>, rest: &[&str]) -> Value {
    items
        .map(|item| descend(item, rest).unwrap_or(Value::Null))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn places_lead_through_objects_and_lists() {
        let answer = json!({"hits": [{"_id": "a", "f": {"x.y": [7]}}, {"_id": "b"}], "a.b": 1, "a": {"c": 2}});
        assert_eq!(find(&answer, "hits.1._id"), Some(json!("b")));
        assert_eq!(find(&answer, "hits.0.f.x.y.0"), Some(json!(7)));
        assert_eq!(find(&answer, "a.b"), Some(json!(1)));
        assert_eq!(find(&answer, "a.c"), Some(json!(2)));
        assert_eq!(find(&answer, "hits.*._id"), Some(json!(["a", "b"])));
        assert_eq!(find(&answer, "hits.*.f.x.y.0"), Some(json!([7, null])));
        assert_eq!(find(&answer, "a.*"), Some(json!([2])));
        assert_eq!(find(&answer, "."), Some(answer.clone()));
    }

    #[test]
    fn nothing_is_found_where_nothing_is() {
        let answer = json!({"hits": [1], "text": "x"});
        for place in ["hit", "hits.1", "hits.x", "hits.0.a", "text.0", "text.*"] {
            assert_eq!(find(&answer, place), None, "{place}");
        }
    }
}
