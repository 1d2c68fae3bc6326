//! Weights that are negative, refused in Elasticsearch's words: those show the query as it is printed.

use crate::json::{Kind, Member, Node};
use document::Failure;
use serde_json::{Map, Value, json};

/// How many queries that lie in each other are shown.
const MAX_SHOWN_DEPTH: usize = 30;

/// Makes the failure of a query whose weight is negative; `node` is what is said of it.
pub(super) fn negative_boost(query_name: &str, node: &Node<'_>) -> Failure {
    let mut out = String::new();
    print(&shown(query_name, node, MAX_SHOWN_DEPTH), 0, &mut out);
    Failure::illegal_argument(format!(
        "negative [boost] are not allowed in [{out}], use a value between 0 and 1 to deboost"
    ))
}

/// A query as it would be without its weight.
fn shown(query_name: &str, node: &Node<'_>, depth: usize) -> Value {
    let members = node.members().unwrap_or_default();
    let said = members
        .iter()
        .filter(|member| !["boost", "_name"].contains(&member.name.as_ref()));
    let mut out = Map::new();
    match query_name {
        "term"
        | "match"
        | "match_phrase"
        | "match_phrase_prefix"
        | "match_bool_prefix"
        | "prefix"
        | "wildcard"
        | "fuzzy"
        | "range" => {
            for member in said {
                out.insert(member.name.to_string(), of_field(query_name, member));
            }
        }
        _ => {
            for member in said {
                let shown = match member.name.as_ref() {
                    "query_vector" => numbers(&member.value),
                    _ => value(&member.value, depth),
                };
                out.insert(member.name.to_string(), shown);
            }
            // These alone say a weight of 1.
            let silent = ["knn", "multi_match", "query_string", "script_score"];
            if !silent.contains(&query_name) {
                out.insert("boost".to_owned(), json!(1.0));
            }
        }
    }
    json!({ query_name: out })
}

/// What a query says of its one field.
fn of_field(query_name: &str, field: &Member<'_>) -> Value {
    let mut out = Map::new();
    match field.value.members() {
        Some(members) => {
            for member in members {
                match member.name.as_ref() {
                    "boost" | "_name" | "rewrite" => {}
                    name => {
                        out.insert(name.to_owned(), member.value.to_value());
                    }
                }
            }
        }
        None => {
            let name = match query_name {
                "term" | "prefix" | "fuzzy" => "value",
                "wildcard" => "wildcard",
                _ => "query",
            };
            out.insert(name.to_owned(), field.value.to_value());
        }
    }
    if query_name == "wildcard"
        && let Some(pattern) = out.shift_remove("value")
    {
        out.insert("wildcard".to_owned(), pattern);
    }
    if query_name == "fuzzy" {
        let usual = [
            ("fuzziness", json!("AUTO")),
            ("prefix_length", json!(0)),
            ("max_expansions", json!(50)),
            ("transpositions", json!(true)),
        ];
        for (name, value) in usual {
            out.entry(name).or_insert(value);
        }
    }
    if ["prefix", "wildcard", "fuzzy", "range"].contains(&query_name) {
        out.insert("boost".to_owned(), json!(1.0));
    }
    Value::Object(out)
}

/// A vector, whose numbers all have a fraction.
fn numbers(node: &Node<'_>) -> Value {
    match node.to_value() {
        Value::Array(items) => {
            let number = |item: Value| item.as_f64().map_or(item, Value::from);
            items.into_iter().map(number).collect()
        }
        other => other,
    }
}

/// A value in which queries may lie.
fn value(node: &Node<'_>, depth: usize) -> Value {
    match &node.kind {
        Kind::Object(members) => match members.as_slice() {
            [only] if depth > 0 && only.value.members().is_some() => {
                shown(&only.name, &only.value, depth - 1)
            }
            _ => node.to_value(),
        },
        Kind::Array(items) => items.iter().map(|item| value(item, depth)).collect(),
        _ => node.to_value(),
    }
}

/// Prints a value over several lines, as Jackson does.
fn print(value: &Value, depth: usize, out: &mut String) {
    let line = |depth: usize, out: &mut String| {
        out.push('\n');
        out.push_str(&"  ".repeat(depth));
    };
    match value {
        Value::Object(members) if members.is_empty() => out.push_str("{ }"),
        Value::Object(members) => {
            out.push('{');
            for (number, (name, value)) in members.iter().enumerate() {
                if number > 0 {
                    out.push(',');
                }
                line(depth + 1, out);
                out.push_str(&json!(name).to_string());
                out.push_str(" : ");
                print(value, depth + 1, out);
            }
            line(depth, out);
            out.push('}');
        }
        Value::Array(items) if items.is_empty() => out.push_str("[ ]"),
        Value::Array(items) => {
            out.push('[');
            for (number, value) in items.iter().enumerate() {
                if number > 0 {
                    out.push(',');
                }
                line(depth + 1, out);
                print(value, depth + 1, out);
            }
            line(depth, out);
            out.push(']');
        }
        scalar => out.push_str(&scalar.to_string()),
    }
}
