//! From a source to the values of its fields, as the mapping reads them.

mod dates;
mod read;

#[cfg(test)]
pub(crate) use dates::DateRange;
pub(crate) use dates::parse_date;

use document::{Document, FieldKind, Leaf, VectorField, Vectors};
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

/// A document taken apart: all that is derived from it.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Prepared {
    pub(crate) values: BTreeMap<String, FieldValues>,
    pub(crate) vectors: Vectors,
}

/// Takes a document apart.
///
/// # Errors
/// The reason, naming the field, when a value does not fit the field's type.
pub(crate) fn prepare(
    leaves: &[Leaf],
    document: &Document,
    source: &Value,
) -> Result<Prepared, String> {
    let mut prepared = Prepared::default();
    for leaf in leaves {
        let mut found = Vec::new();
        collect(source, &leaf.source, &mut found);
        if let FieldKind::DenseVector(field) = &leaf.kind {
            let vector = match document.vectors.get(&leaf.path) {
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
    let stray = document
        .vectors
        .keys()
        .find(|path| !prepared.vectors.contains_key(*path));
    match stray {
        Some(path) => Err(format!(
            "field {path} is given a vector and is not mapped as dense_vector"
        )),
        None => Ok(prepared),
    }
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

#[cfg(test)]
mod tests;
