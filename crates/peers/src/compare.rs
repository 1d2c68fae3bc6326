//! Whether two answers say the same.

mod hits;
mod values;

use crate::client::Answer;
use anyhow::Result;
use serde_json::Value;
use values::{compare_values, short};

/// How much of an answer's hits is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// A page: of those that tie at its edges, either side may show others.
    Page,
    /// Every hit, or the k nearest of which some tie at the end.
    All {
        /// Whether those that tie at the end may be others.
        open_end: bool,
    },
}

/// What differs, and whether pages show others of those that tie.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// What differs, a line for each.
    pub(crate) differences: Vec<String>,
    /// Whether documents that tie at an edge differ: all hits have to be compared.
    pub(crate) ties_differ: bool,
}

impl Found {
    fn say(&mut self, place: &str, left: &Value, right: &Value) {
        self.differences.push(format!(
            "{place}: left {}, right {}",
            short(left),
            short(right)
        ));
    }
}

/// Compares two answers; the lines say what differs, none where they agree.
///
/// # Errors
/// Where an answer is no JSON.
pub fn differences(left: &Answer, right: &Answer, depth: Depth) -> Result<Vec<String>> {
    Ok(compare(left, right, depth)?.differences)
}

pub(crate) fn compare(left: &Answer, right: &Answer, depth: Depth) -> Result<Found> {
    let mut found = Found::default();
    let (left_body, right_body) = (left.json()?, right.json()?);
    if left.status != right.status {
        let said = |answer: &Answer, body: &Value| {
            let error = body.get("error").map_or(body, |error| error);
            format!("{} {}", answer.status, short(error))
        };
        found.differences.push(format!(
            "status: left {}, right {}",
            said(left, &left_body),
            said(right, &right_body)
        ));
        return Ok(found);
    }
    compare_bodies("", &left_body, &right_body, depth, &mut found);
    Ok(found)
}

/// Compares the bodies of answers, or those of several in one.
pub(crate) fn compare_bodies(
    place: &str,
    left: &Value,
    right: &Value,
    depth: Depth,
    found: &mut Found,
) {
    if left.get("error").is_some() || right.get("error").is_some() {
        return compare_errors(place, left, right, found);
    }
    if let (Some(left), Some(right)) = (many(left), many(right)) {
        if left.len() != right.len() {
            found.differences.push(format!(
                "{place}answers: left {}, right {}",
                left.len(),
                right.len()
            ));
        }
        for (at, (left, right)) in left.iter().zip(right).enumerate() {
            compare_bodies(&format!("{place}[{at}] "), left, right, depth, found);
        }
        return;
    }
    if left.get("hits").is_some() && right.get("hits").is_some() {
        hits::compare_hits(place, left, right, depth, found);
        let name = "aggregations";
        return compare_values(
            &format!("{place}{name}"),
            left.get(name),
            right.get(name),
            found,
        );
    }
    for name in [
        "count",
        "found",
        "_id",
        "_version",
        "_seq_no",
        "_primary_term",
        "_source",
        "status",
        "result",
        "fields",
        "errors",
        "_type",
    ] {
        compare_values(
            &format!("{place}{name}"),
            left.get(name),
            right.get(name),
            found,
        );
    }
    // What `_source` alone answers is a document, and has none of those names.
    if !["count", "found", "_id", "status", "errors"]
        .iter()
        .any(|name| left.get(name).is_some())
    {
        compare_values(place, Some(left), Some(right), found);
    }
}

/// The answers of a request that asked several things.
fn many(body: &Value) -> Option<Vec<&Value>> {
    if let Some(items) = body.get("items") {
        let items = items.as_array()?.iter();
        return Some(
            items
                .filter_map(|item| item.as_object()?.values().next())
                .collect(),
        );
    }
    let answers = body.get("responses").or_else(|| body.get("docs"))?;
    Some(answers.as_array()?.iter().collect())
}

fn compare_errors(place: &str, left: &Value, right: &Value, found: &mut Found) {
    let types = |body: &Value| {
        let error = body.get("error").unwrap_or(&Value::Null);
        let roots = error.get("root_cause").and_then(Value::as_array);
        let mut types = vec![body["status"].to_string(), kind(error)];
        types.extend(roots.into_iter().flatten().map(kind));
        types
    };
    if types(left) != types(right) {
        let said = |body: &Value| {
            let error = body.get("error").unwrap_or(body);
            let reason = error.get("root_cause").map_or(error, |causes| causes);
            format!("{:?} {}", types(body), short(reason))
        };
        found.differences.push(format!(
            "{place}error: left {}, right {}",
            said(left),
            said(right)
        ));
    }
}

fn kind(error: &Value) -> String {
    error["type"].as_str().unwrap_or("none").to_owned()
}

#[cfg(test)]
mod tests;
