//! Answers that Elasticsearch 8.19 gave to the same requests over the same documents.

use super::asked::{aggregations, query};
use super::rendered::rendered;
use super::shelf::{Shelf, mapping};
use serde_json::{Map, Value};

const RECORDED: &str = include_str!("elasticsearch.json");

fn shelf(indices: &Value) -> Shelf {
    let mut shelf = Shelf::new();
    for (name, index) in indices.as_object().unwrap() {
        shelf.add(name, mapping(&index["mappings"]));
        let documents: Vec<_> = index["docs"]
            .as_array()
            .unwrap()
            .iter()
            .enumerate()
            .map(|(id, source)| (id.to_string(), Some(source.clone())))
            .collect();
        // Two segments, one of which holds an older state of a document.
        let (first, rest) = documents.split_at(documents.len() / 2);
        shelf.write(name, first);
        shelf.write(name, rest);
        shelf.write(name, &first[..1]);
    }
    shelf
}

/// Says where two answers differ first; the last digits of numbers may, and objects have no order.
fn difference(path: &str, got: &Value, expected: &Value) -> Option<String> {
    let differ = || Some(format!("at {path}: got {got}, expected {expected}"));
    match (got, expected) {
        (Value::Object(got), Value::Object(expected)) => {
            let of = |object: &Map<String, Value>, name: &str| object.get(name).cloned();
            // How far off counts may be; here they are exact.
            let names = got.keys().chain(expected.keys());
            let mut names = names.filter(|name| *name != "doc_count_error_upper_bound");
            names.find_map(|name| {
                let (got, expected) = (of(got, name), of(expected, name));
                let path = format!("{path}/{name}");
                match got.is_some() == expected.is_some() {
                    true => difference(
                        &path,
                        &got.unwrap_or_default(),
                        &expected.unwrap_or_default(),
                    ),
                    false => Some(format!("at {path}: got {got:?}, expected {expected:?}")),
                }
            })
        }
        (Value::Array(left), Value::Array(right)) if left.len() != right.len() => differ(),
        (Value::Array(got), Value::Array(expected)) => {
            let mut pairs = got.iter().zip(expected).enumerate();
            pairs.find_map(|(at, (got, expected))| {
                difference(&format!("{path}/{at}"), got, expected)
            })
        }
        (Value::Number(left), Value::Number(right)) => {
            let (left, right) = (left.as_f64().unwrap(), right.as_f64().unwrap());
            let same = (left - right).abs() <= 1e-9 * left.abs().max(right.abs());
            if same { None } else { differ() }
        }
        // Booleans' texts are booleans on the wire, which is the wire's business.
        (Value::String(text), Value::Bool(boolean)) if *text == boolean.to_string() => None,
        (got, expected) if got == expected => None,
        _ => differ(),
    }
}

#[test]
fn answers_are_those_of_elasticsearch() {
    let recorded: Value = serde_json::from_str(RECORDED).unwrap();
    let shelf = shelf(&recorded["indices"]);
    let mut wrong = Vec::new();
    let requests = recorded["requests"].as_array().unwrap();
    for request in requests {
        let names = request["index"].as_array().unwrap().iter();
        let indices: Vec<&str> = names.map(|name| name.as_str().unwrap()).collect();
        let asked = aggregations(&request["aggs"]);
        let answer = shelf.ask(&indices, &query(&request["query"]), &asked);
        let different = match (&answer, request["error"].as_str()) {
            (Ok(answer), None) => difference("", &rendered(answer), &request["answer"]),
            (Err(error), Some(expected)) if error.to_string().contains(expected) => None,
            (Err(error), _) => Some(format!("got {error}, expected {}", request["error"])),
            (Ok(_), Some(expected)) => Some(format!("got an answer, expected {expected}")),
        };
        if let Some(different) = different {
            wrong.push(format!("{indices:?} {}\n  {different}", request["aggs"]));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        requests.len(),
        wrong.join("\n")
    );
}
