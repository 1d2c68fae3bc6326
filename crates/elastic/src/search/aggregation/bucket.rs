//! Buckets of everything, of what matches a query, lacks a value, or is nested.

use super::super::context::Context;
use super::super::query::query;
use super::values::{KNOWN, Said};
use crate::json::{Kind, Node};
use crate::reading::{Read, illegal, parsing, unknown_field};
use query::{AggregationKind, Filters, Query};

/// The name of the bucket for what matches no query, where no other is given.
const OTHER: &str = "_other_";

pub(super) fn filter(context: &Context<'_>, node: &Node<'_>) -> Read<AggregationKind> {
    Ok(AggregationKind::Filter(query(context, node)?))
}

pub(super) fn global(name: &str, node: &Node<'_>) -> Read<AggregationKind> {
    match node.members().unwrap_or_default() {
        [] => Ok(AggregationKind::Global),
        [member, ..] => Err(parsing(
            member.value.at,
            format!(
                "Expected [FIELD_NAME] under a [START_OBJECT], but got a [{}] in [{name}]",
                member.value.token()
            ),
        )),
    }
}

pub(super) fn filters(context: &Context<'_>, name: &str, node: &Node<'_>) -> Read<AggregationKind> {
    let mut read: Vec<(String, Query)> = Vec::new();
    let mut named = false;
    let mut keyed = true;
    let mut other = None;
    for member in node.members().unwrap_or_default() {
        let value = &member.value;
        match (member.name.as_ref(), &value.kind) {
            ("filters", Kind::Object(filters)) => {
                named = true;
                for filter in filters {
                    read.push((filter.name.to_string(), query(context, &filter.value)?));
                }
                // Buckets with names come in the order of these.
                read.sort_by(|a, b| a.0.cmp(&b.0));
            }
            ("filters", Kind::Array(filters)) => {
                for filter in filters {
                    read.push((String::new(), query(context, filter)?));
                }
            }
            ("other_bucket", Kind::Bool(wanted)) => {
                other = wanted.then(|| other.unwrap_or_else(|| OTHER.to_owned()));
            }
            ("other_bucket_key", Kind::String(key)) => other = Some(key.to_string()),
            ("keyed", Kind::Bool(by_name)) => keyed = *by_name,
            (key, _) => {
                return Err(parsing(
                    value.at,
                    format!("Unknown key for a {} in [{name}]: [{key}].", value.token()),
                ));
            }
        }
    }
    if read.is_empty() {
        return Err(illegal(node.end, "[filters] cannot be empty."));
    }
    Ok(AggregationKind::Filters(Filters {
        filters: read,
        named: named && keyed,
        other,
    }))
}

pub(super) fn missing(context: &Context<'_>, node: &Node<'_>) -> Read<AggregationKind> {
    let mut said = Said::default();
    for member in node.members().unwrap_or_default() {
        if !said.take(context, "missing", member)? {
            return Err(unknown_field("missing", member, &KNOWN));
        }
    }
    let values = said.values(node)?;
    Ok(AggregationKind::Missing {
        field: values.field,
        missing: values.missing,
    })
}

pub(super) fn nested(name: &str, node: &Node<'_>) -> Read<AggregationKind> {
    match path(name, node)? {
        Some(path) => Ok(AggregationKind::Nested { path }),
        None => Err(parsing(
            node.end,
            format!("Missing [path] field for nested aggregation [{name}]"),
        )),
    }
}

pub(super) fn reverse_nested(name: &str, node: &Node<'_>) -> Read<AggregationKind> {
    let path = path(name, node)?;
    Ok(AggregationKind::ReverseNested { path })
}

fn path(name: &str, node: &Node<'_>) -> Read<Option<String>> {
    let mut path = None;
    for member in node.members().unwrap_or_default() {
        let value = &member.value;
        match (member.name.as_ref(), &value.kind) {
            ("path", Kind::String(text)) => path = Some(text.to_string()),
            (key, Kind::String(_)) => {
                return Err(parsing(
                    value.at,
                    format!("Unknown key for a VALUE_STRING in [{name}]: [{key}]."),
                ));
            }
            _ => {
                return Err(parsing(
                    value.at,
                    format!("Unexpected token {} in [{name}].", value.token()),
                ));
            }
        }
    }
    Ok(path)
}
