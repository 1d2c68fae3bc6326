//! From a source to the values of its fields, as the mapping reads them.

mod dates;
mod read;

pub(crate) use dates::{DateFormat, date_math, time_zone};

use document::{Document, FieldKind, Leaf, Mapping, VectorField, Vectors};
use read::{collect, read_values};
use serde_json::Value;
use std::collections::BTreeMap;

/// The values of one field.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum FieldValues {
    Strings(Vec<String>),
    /// Also dates, as milliseconds since 1970.
    Longs(Vec<i64>),
    Doubles(Vec<f64>),
    Booleans(Vec<bool>),
    /// Latitude and longitude.
    Points(Vec<(f64, f64)>),
}

impl FieldValues {
    fn is_empty(&self) -> bool {
        match self {
            Self::Strings(values) => values.is_empty(),
            Self::Longs(values) => values.is_empty(),
            Self::Doubles(values) => values.is_empty(),
            Self::Booleans(values) => values.is_empty(),
            Self::Points(values) => values.is_empty(),
        }
    }
}

/// What is derived of a document itself or of one of its nested objects.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Part {
    /// The nested object: its full path, and its place in its array from 0. None for the document itself.
    pub(crate) nested: Option<(String, u32)>,
    /// By the full path of the field.
    pub(crate) values: BTreeMap<String, FieldValues>,
    pub(crate) vectors: Vectors,
}

/// A document taken apart: all that is derived from it.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Prepared {
    /// The document's parts in the order in which they are indexed: each nested object after those within it, the
    /// document itself last.
    pub(crate) parts: Vec<Part>,
}

/// How documents are taken apart, worked out from a mapping once.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Plan {
    pub(crate) leaves: Vec<Leaf>,
    /// The nested objects: full path, and the path of the nested object around it.
    nested: Vec<(String, Option<String>)>,
}

impl Plan {
    pub(crate) fn new(mapping: &Mapping) -> Self {
        let nested = mapping.objects().filter(|(_, object)| object.nested);
        Self {
            leaves: mapping.leaves(),
            nested: nested
                .map(|(path, _)| {
                    (
                        path.to_owned(),
                        mapping.nested_path(path).map(str::to_owned),
                    )
                })
                .collect(),
        }
    }
}

/// Takes a document apart.
///
/// # Errors
/// The reason, naming the field, when a value does not fit the field's type.
pub(crate) fn prepare(
    plan: &Plan,
    document: &Document,
    source: &Value,
) -> Result<Prepared, String> {
    let mut prepared = Prepared::default();
    add_parts(plan, document, source, None, &mut prepared)?;
    let own = prepared.parts.last();
    let is_known = |path: &String| own.is_some_and(|part| part.vectors.contains_key(path));
    match document.vectors.keys().find(|path| !is_known(path)) {
        Some(path) => Err(format!(
            "field {path} is given a vector and is not mapped as dense_vector"
        )),
        None => Ok(prepared),
    }
}

/// Adds the nested objects below a value, and the value itself.
fn add_parts(
    plan: &Plan,
    document: &Document,
    value: &Value,
    nested: Option<(&str, u32)>,
    prepared: &mut Prepared,
) -> Result<(), String> {
    let around = nested.map(|(path, _)| path);
    for (path, outer) in &plan.nested {
        if outer.as_deref() != around {
            continue;
        }
        let mut found = Vec::new();
        collect(value, below(path, around), &mut found);
        let mut objects = Vec::new();
        found
            .into_iter()
            .for_each(|value| flatten(value, &mut objects));
        for (place, object) in (0..).zip(objects) {
            add_parts(plan, document, object, Some((path, place)), prepared)?;
        }
    }
    let mut part = read_part(plan, document, value, around)?;
    part.nested = nested.map(|(path, place)| (path.to_owned(), place));
    prepared.parts.push(part);
    Ok(())
}

/// The objects of an array, through arrays within it.
fn flatten<'a>(value: &'a Value, out: &mut Vec<&'a Value>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| flatten(value, out)),
        Value::Null => {}
        value => out.push(value),
    }
}

/// A path as seen from the nested object around it.
fn below<'a>(path: &'a str, around: Option<&str>) -> &'a str {
    around
        .and_then(|around| path.strip_prefix(around)?.strip_prefix('.'))
        .unwrap_or(path)
}

fn read_part(
    plan: &Plan,
    document: &Document,
    source: &Value,
    nested: Option<&str>,
) -> Result<Part, String> {
    let mut prepared = Part::default();
    for leaf in &plan.leaves {
        if leaf.nested.as_deref() != nested {
            continue;
        }
        let mut found = Vec::new();
        collect(source, below(&leaf.source, nested), &mut found);
        if let FieldKind::DenseVector(field) = &leaf.kind {
            let brought = document
                .vectors
                .get(&leaf.path)
                .filter(|_| nested.is_none());
            let vector = match brought {
                Some(vector) => Some(vector.clone()),
                None => read::vector(&found).map_err(|reason| refuse(leaf, &reason))?,
            };
            if let Some(vector) = vector {
                check_vector(field, &vector).map_err(|reason| refuse(leaf, &reason))?;
                prepared.vectors.insert(leaf.path.clone(), vector);
            }
            continue;
        }
        if found.is_empty() {
            continue;
        }
        let values = read_values(&leaf.kind, &found).map_err(|reason| refuse(leaf, &reason))?;
        if let Some(values) = values.filter(|values| !values.is_empty()) {
            prepared.values.insert(leaf.path.clone(), values);
        }
    }
    Ok(prepared)
}

fn refuse(leaf: &Leaf, reason: &str) -> String {
    format!("field {} of type {}: {reason}", leaf.path, leaf.kind.name())
}

fn check_vector(field: &VectorField, vector: &[f32]) -> Result<(), String> {
    if vector.len() != field.dims as usize {
        return Err(format!(
            "expected {} dims, got {}",
            field.dims,
            vector.len()
        ));
    }
    if let Some(at) = vector.iter().position(|number| !number.is_finite()) {
        return Err(format!("number {at} of the vector is {}", vector[at]));
    }
    let zero = vector.iter().all(|number| *number == 0.0);
    if zero && field.similarity == document::Similarity::Cosine {
        return Err("a vector of zeros has no direction, which cosine compares".to_owned());
    }
    Ok(())
}

// Searches and aggregations read and print dates by these.
const _: fn(&DateFormat, i64, &jiff::tz::TimeZone) -> String = DateFormat::print;
const _: fn(&str) -> std::result::Result<jiff::tz::TimeZone, document::Failure> = time_zone;
const _: fn(
    &DateFormat,
    &str,
    i64,
    &jiff::tz::TimeZone,
    bool,
) -> std::result::Result<i64, document::Failure> = date_math;

#[cfg(test)]
mod tests;
