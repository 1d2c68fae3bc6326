//! Places in the source of a document.

use serde_json::Value;

/// How deep arrays may lie within each other.
const MAX_DEPTH: usize = 100;

/// Collects the values at a path, through arrays and through names that hold dots themselves.
pub(super) fn collect<'a>(value: &'a Value, path: &str, out: &mut Vec<&'a Value>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| collect(value, path, out)),
        Value::Object(members) => {
            for (name, value) in members {
                let rest = path.strip_prefix(name.as_str());
                match rest {
                    Some("") => out.push(value),
                    Some(rest) => {
                        if let Some(rest) = rest.strip_prefix('.') {
                            collect(value, rest, out);
                        }
                    }
                    None => {}
                }
            }
        }
        _ => {}
    }
}

/// Answers the values at a path, those of arrays one by one.
pub(in crate::search) fn values_at<'a>(source: &'a Value, path: &str) -> Vec<&'a Value> {
    let mut found = Vec::new();
    collect(source, path, &mut found);
    flattened(&found, false)
}

/// Answers the values of arrays, and of arrays within them; nulls are left out where asked.
pub(super) fn flattened<'a>(found: &[&'a Value], nulls: bool) -> Vec<&'a Value> {
    let mut out = Vec::new();
    found
        .iter()
        .for_each(|value| flatten(value, nulls, MAX_DEPTH, &mut out));
    out
}

fn flatten<'a>(value: &'a Value, nulls: bool, depth: usize, out: &mut Vec<&'a Value>) {
    match value {
        Value::Array(values) if depth > 0 => {
            let values = values.iter();
            values.for_each(|value| flatten(value, nulls, depth - 1, out));
        }
        Value::Null if !nulls => {}
        value => out.push(value),
    }
}

/// A path as seen from the object around it.
pub(super) fn below<'a>(path: &'a str, around: Option<&str>) -> &'a str {
    around
        .and_then(|around| path.strip_prefix(around)?.strip_prefix('.'))
        .unwrap_or(path)
}

/// Answers the object at some places, outermost first: the path of each array of objects, and the place in it.
pub(super) fn object_at<'a>(source: &'a Value, places: &[(String, usize)]) -> Option<&'a Value> {
    let mut around: Option<&str> = None;
    let mut object = source;
    for (path, place) in places {
        let mut found = Vec::new();
        collect(object, below(path, around), &mut found);
        object = flattened(&found, false).get(*place).copied()?;
        around = Some(path);
    }
    Some(object)
}

/// Collects the paths and values of what is neither an object nor an array of objects.
pub(super) fn leaves<'a>(value: &'a Value, path: &str, out: &mut Vec<(String, &'a Value)>) {
    leaves_within(value, path, MAX_DEPTH, out);
}

fn leaves_within<'a>(
    value: &'a Value,
    path: &str,
    depth: usize,
    out: &mut Vec<(String, &'a Value)>,
) {
    let Some(depth) = depth.checked_sub(1) else {
        return;
    };
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let path = match path {
                    "" => name.clone(),
                    path => format!("{path}.{name}"),
                };
                leaves_within(value, &path, depth, out);
            }
        }
        Value::Array(values) => {
            let values = values.iter();
            values.for_each(|value| leaves_within(value, path, depth, out));
        }
        Value::Null => {}
        value => out.push((path.to_owned(), value)),
    }
}
