//! From a source to the values of its fields, as the mapping reads them.

mod check;
mod dates;
mod dynamic;
mod feature;
mod ip;
mod json;
mod leaf;
mod number;
mod plan;
mod point;
mod vector;
mod walk;

pub(crate) use check::check_dates;
pub(crate) use dates::{DateFormat, date_math, plain_date, time_zone};
pub(crate) use feature::feature_weight;
pub(crate) use ip::{ip_key, ip_network, ip_text};
pub(crate) use number::{half, java_float};
pub(crate) use plan::Plan;
pub(crate) use point::read as read_point;
pub(crate) use vector::is_unit;

use document::{Document, Failure, Leaf, Mapping, Vectors};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The values of one field.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum FieldValues {
    Strings(Vec<String>),
    /// Also dates, as milliseconds since 1970.
    Longs(Vec<i64>),
    Unsigned(Vec<u64>),
    Doubles(Vec<f64>),
    Booleans(Vec<bool>),
    /// Latitude and longitude.
    Points(Vec<(f64, f64)>),
}

/// What is derived of a document itself or of one of its nested objects.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Part {
    /// The nested object: its full path, and its place in its array from 0. None for the document itself.
    pub(crate) nested: Option<(String, u32)>,
    pub(crate) values: Vec<(Arc<Leaf>, FieldValues)>,
    /// By the full path of the field.
    pub(crate) vectors: Vectors,
    /// The fields that had values which were left out.
    pub(crate) ignored: BTreeSet<String>,
}

/// A document taken apart: all that is derived from it.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Prepared {
    /// The document's parts in the order in which they are indexed: each nested object after those within it, the
    /// document itself last.
    pub(crate) parts: Vec<Part>,
}

/// What a document is to its mapping.
pub(crate) enum Taken {
    /// Every field of it is mapped.
    Whole(Prepared),
    /// It brings fields that have to be mapped first.
    Grows(Mapping),
}

/// Takes a document apart.
///
/// # Errors
/// What does not fit its field or the mapping, in Elasticsearch's words.
pub(crate) fn take(plan: &Plan, id: &str, document: &Document) -> Result<Taken, Failure> {
    let walked = walk::walk(plan, id, document, false)?;
    Ok(match walked.added {
        Some(added) => Taken::Grows(added),
        None => Taken::Whole(walked.prepared),
    })
}

/// Takes a document apart that was accepted before. What does not fit the mapping as it is now is left out.
///
/// # Errors
/// When its source is no JSON object.
pub(crate) fn retake(plan: &Plan, id: &str, document: &Document) -> Result<Prepared, Failure> {
    Ok(walk::walk(plan, id, document, true)?.prepared)
}

#[cfg(test)]
mod tests;
