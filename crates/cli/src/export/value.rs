//! What of a document is exported.

use anyhow::{Context, bail};
use document::{Leaf, Stored};
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// A document's vector: what was derived from it, or the array in its source.
pub(super) fn vector_of(
    stored: &Stored,
    leaf: &Leaf,
    dims: usize,
) -> anyhow::Result<Option<Vec<f64>>> {
    let vector = match stored.document.vectors.get(&leaf.path) {
        Some(vector) => vector.iter().copied().map(f64::from).collect(),
        None => match in_source(&stored.document.source, &leaf.source) {
            Some(found) if found.get() != "null" => numbers(found)
                .with_context(|| format!("field {} holds no array of numbers", leaf.path))?,
            _ => return Ok(None),
        },
    };
    if vector.len() != dims {
        let got = vector.len();
        bail!("field {} holds {got} numbers, expected {dims}", leaf.path);
    }
    Ok(Some(vector))
}

/// Numbers as they were written: JSON's reader may be off by the last bit, which `parse` is not.
fn numbers(value: &RawValue) -> anyhow::Result<Vec<f64>> {
    let members: Vec<&RawValue> = serde_json::from_str(value.get())?;
    members
        .into_iter()
        .map(|member| Ok(member.get().parse()?))
        .collect()
}

/// A document's name: the first text in the field, or its id.
pub(super) fn name_of(stored: &Stored, field: &str) -> String {
    let text = |found: &RawValue| -> Option<String> {
        match serde_json::from_str(found.get()).ok()? {
            serde_json::Value::String(text) => Some(text),
            serde_json::Value::Array(texts) => texts
                .into_iter()
                .find_map(|text| text.as_str().map(str::to_owned)),
            _ => None,
        }
    };
    in_source(&stored.document.source, field)
        .and_then(text)
        .unwrap_or_else(|| stored.id.clone())
}

/// The value at a path, through names that hold dots themselves.
fn in_source<'a>(source: &'a [u8], path: &str) -> Option<&'a RawValue> {
    let source: &RawValue = serde_json::from_slice(source).ok()?;
    at(source, path)
}

fn at<'a>(value: &'a RawValue, path: &str) -> Option<&'a RawValue> {
    let members: BTreeMap<String, &RawValue> = serde_json::from_str(value.get()).ok()?;
    members.into_iter().find_map(|(name, member)| {
        let rest = path.strip_prefix(&name)?;
        if rest.is_empty() {
            return Some(member);
        }
        at(member, rest.strip_prefix('.')?)
    })
}
