//! What of a document is exported.

use anyhow::{Context, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use document::{ElementType, Leaf, Stored, VectorField};
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// A document's vector: what was derived from it, or the array or the text in its source.
pub(super) fn vector_of(
    stored: &Stored,
    leaf: &Leaf,
    field: &VectorField,
) -> anyhow::Result<Option<Vec<f64>>> {
    let vector = match stored.document.vectors.get(&leaf.path) {
        Some(vector) => vector.iter().copied().map(f64::from).collect(),
        None => match in_source(&stored.document.source, &leaf.source) {
            Some(found) if found.get() != "null" => in_json(found, field.element)
                .with_context(|| format!("field {} holds no vector", leaf.path))?,
            _ => return Ok(None),
        },
    };
    let dims = field.dims as usize;
    if vector.len() != dims {
        let got = vector.len();
        bail!("field {} holds {got} numbers, expected {dims}", leaf.path);
    }
    Ok(Some(vector))
}

/// A vector as clients write it: numbers, or the base64 of floats in network order, or hexadecimal digits of bytes.
fn in_json(value: &RawValue, element: ElementType) -> anyhow::Result<Vec<f64>> {
    if !value.get().starts_with('"') {
        return numbers(value);
    }
    let text: String = serde_json::from_str(value.get())?;
    match element {
        ElementType::Float => {
            let bytes = STANDARD.decode(text)?;
            let (floats, rest) = bytes.as_chunks();
            if !rest.is_empty() {
                bail!("{} bytes are no floats of 4", bytes.len());
            }
            let floats = floats.iter().copied().map(f32::from_be_bytes);
            Ok(floats.map(f64::from).collect())
        }
        ElementType::Byte => {
            let (pairs, rest) = text.as_bytes().as_chunks::<2>();
            if !rest.is_empty() {
                bail!("{} digits are no bytes of two", text.len());
            }
            let byte = |pair: &[u8; 2]| {
                let digits = std::str::from_utf8(pair)?;
                Ok(f64::from(u8::from_str_radix(digits, 16)?.cast_signed()))
            };
            pairs.iter().map(byte).collect()
        }
    }
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
