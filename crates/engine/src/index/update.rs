//! Changing a part of a document.

mod script;

pub(super) use script::{About, Scripted, scripted};

use document::{Cause, Failure};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// How deep objects are looked into; what lies deeper is replaced as a whole.
const MAX_DEPTH: usize = 1000;

/// The members of an object in their order, each value as it is written.
struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Members<'de>;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some((name, value)) = map.next_entry::<Name<'de>, &'de RawValue>()? {
                    members.push((name.0, value));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

/// A name, borrowed where it is written without escapes.
#[derive(serde::Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

/// Merges `partial` into `source`: objects member by member, anything else replaced. What is not changed stays as it is
/// written, and so does what replaces it: numbers keep their digits. None when that changes nothing and
/// `write_unchanged` does not ask for it all the same.
///
/// # Errors
/// When one of them is no JSON object.
pub(super) fn merged(
    source: &[u8],
    partial: &[u8],
    write_unchanged: bool,
) -> Result<Option<Vec<u8>>, Failure> {
    let mut out = Vec::with_capacity(source.len() + partial.len());
    let changed = merge(object(source)?, object(partial)?, 1, &mut out)?;
    Ok((changed || write_unchanged).then_some(out))
}

fn object(bytes: &[u8]) -> Result<Members<'_>, Failure> {
    serde_json::from_slice(bytes).map_err(|error| Failure::new(Cause::Parsing, error.to_string()))
}

/// Writes the object that two objects become, and answers whether it is another than the first.
fn merge(
    there: Members<'_>,
    changes: Members<'_>,
    depth: usize,
    out: &mut Vec<u8>,
) -> Result<bool, Failure> {
    let mut changed = false;
    let mut changes: Vec<Option<(Cow<'_, str>, &RawValue)>> =
        changes.0.into_iter().map(Some).collect();
    out.push(b'{');
    let mut first = true;
    let mut begin = |name: &str, out: &mut Vec<u8>| -> Result<(), Failure> {
        if !std::mem::take(&mut first) {
            out.push(b',');
        }
        serde_json::to_writer(&mut *out, name)
            .map_err(|error| Failure::new(Cause::Internal, error.to_string()))?;
        out.push(b':');
        Ok(())
    };
    for (name, value) in there.0 {
        begin(&name, out)?;
        let change = changes
            .iter_mut()
            .find(|change| change.as_ref().is_some_and(|(known, _)| *known == name));
        let Some((_, change)) = change.and_then(Option::take) else {
            out.extend_from_slice(value.get().as_bytes());
            continue;
        };
        let are_objects = value.get().starts_with('{') && change.get().starts_with('{');
        if are_objects && depth < MAX_DEPTH {
            let (inner, change) = (value.get().as_bytes(), change.get().as_bytes());
            changed |= merge(object(inner)?, object(change)?, depth + 1, out)?;
        } else {
            changed |= !same(value.get(), change.get());
            out.extend_from_slice(change.get().as_bytes());
        }
    }
    for (name, value) in changes.into_iter().flatten() {
        begin(&name, out)?;
        out.extend_from_slice(value.get().as_bytes());
        changed = true;
    }
    out.push(b'}');
    Ok(changed)
}

/// Whether two texts say the same value. Those with numbers that 64 bits cannot tell apart are compared as they are written.
fn same(a: &str, b: &str) -> bool {
    /// So many digits in a row may be more than 64 bits hold.
    const MANY: usize = 18;
    let is_long = |text: &str| {
        let mut runs = text.split(|letter: char| !letter.is_ascii_digit());
        runs.any(|run| run.len() > MANY)
    };
    if a == b {
        return true;
    }
    if is_long(a) || is_long(b) {
        return false;
    }
    let value = |text: &str| serde_json::from_str::<Value>(text).ok();
    value(a) == value(b)
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
        let big = r#"{"n":123456789012345678901234567890,"f": 1.50}"#;
        check(
            big,
            r#"{"x":18446744073709551616}"#,
            Some(r#"{"n":123456789012345678901234567890,"f":1.50,"x":18446744073709551616}"#),
        );
        check(
            big,
            r#"{"n":123456789012345678901234567891}"#,
            Some(r#"{"n":123456789012345678901234567891,"f":1.50}"#),
        );
        check(big, r#"{"f":1.5}"#, None);
        check(
            r#"{"\u00e9":1}"#,
            r#"{"é":2,"a\"b":[ 1 ]}"#,
            Some(r#"{"é":2,"a\"b":[ 1 ]}"#),
        );
        assert_eq!(merged(b"{}", b"{}", true).unwrap(), Some(b"{}".to_vec()));
        assert!(merged(b"{}", b"[1]", false).is_err());
        assert!(merged(b"{}", b"{", false).is_err());
    }
}
