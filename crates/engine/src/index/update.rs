//! Changing a part of a document.

use document::{Cause, Failure};
use serde_json::{Map, Value};

/// Merges `partial` into `source`: objects member by member, anything else replaced. None when that changes nothing
/// and `write_unchanged` does not ask for it all the same.
///
/// # Errors
/// When one of them is no JSON object.
pub(super) fn merged(
    source: &[u8],
    partial: &[u8],
    write_unchanged: bool,
) -> Result<Option<Vec<u8>>, Failure> {
    let mut value = object(source)?;
    let changed = merge(&mut value, object(partial)?);
    if !changed && !write_unchanged {
        return Ok(None);
    }
    let written = serde_json::to_vec(&value);
    written
        .map(Some)
        .map_err(|error| Failure::new(Cause::Internal, error.to_string()))
}

fn object(bytes: &[u8]) -> Result<Map<String, Value>, Failure> {
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(Failure::new(
            Cause::Parsing,
            "a change must be a JSON object",
        )),
        Err(error) => Err(Failure::new(Cause::Parsing, error.to_string())),
    }
}

/// Answers whether anything changed. The parser bounds how deep objects are.
fn merge(into: &mut Map<String, Value>, changes: Map<String, Value>) -> bool {
    let mut changed = false;
    for (name, change) in changes {
        match (into.get_mut(&name), change) {
            (Some(Value::Object(inner)), Value::Object(changes)) => {
                changed |= merge(inner, changes);
            }
            (Some(there), change) => {
                changed |= *there != change;
                *there = change;
            }
            (None, change) => {
                into.insert(name, change);
                changed = true;
            }
        }
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_merged_and_anything_else_is_replaced() {
        let check = |source: &str, partial: &str, expected: Option<&str>| {
            let merged = merged(source.as_bytes(), partial.as_bytes(), false).unwrap();
            let merged = merged.map(|bytes| String::from_utf8(bytes).unwrap());
            assert_eq!(merged.as_deref(), expected, "{source} and {partial}");
        };
        check(
            r#"{"o":{"x":1,"y":[1,2]},"z":null}"#,
            r#"{"o":{"x":2,"w":{"q":1}},"z":5,"b":1.0}"#,
            Some(r#"{"o":{"x":2,"y":[1,2],"w":{"q":1}},"z":5,"b":1.0}"#),
        );
        check(
            r#"{"o":{"y":[1,2]}}"#,
            r#"{"o":{"y":[3]}}"#,
            Some(r#"{"o":{"y":[3]}}"#),
        );
        check(r#"{"b":1.0}"#, r#"{"b":1}"#, Some(r#"{"b":1}"#));
        check(r#"{"o":{"x":1}}"#, r#"{"o":{}}"#, None);
        check(r#"{"o":{"x":1}}"#, r#"{"o":null}"#, Some(r#"{"o":null}"#));
        check(r#"{"n":null}"#, r#"{"n":null}"#, None);
        check(r#"{}"#, r#"{"n":null}"#, Some(r#"{"n":null}"#));
        check(r#"{"a":{"x":1}}"#, r#"{"a":{"x":1}}"#, None);
        assert_eq!(merged(b"{}", b"{}", true).unwrap(), Some(b"{}".to_vec()));
        assert!(merged(b"{}", b"[1]", false).is_err());
        assert!(merged(b"{}", b"{", false).is_err());
    }
}
