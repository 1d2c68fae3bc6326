//! Answers that Elasticsearch 8.19 gave to the same requests over the same documents.

use super::asked::{aggregations, query};
use super::rendered::rendered;
use super::shelf::{Shelf, mapping};
use serde_json::Value;

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

/// Whether two answers are the same; the last digits of numbers may differ, and objects have no order.
fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .all(|(name, value)| right.get(name).is_some_and(|other| same(value, other)))
        }
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|(left, right)| same(left, right))
        }
        (Value::Number(left), Value::Number(right)) => {
            let (left, right) = (left.as_f64().unwrap(), right.as_f64().unwrap());
            (left - right).abs() <= 1e-9 * left.abs().max(right.abs())
        }
        // Booleans' texts are booleans on the wire, which is the wire's business.
        (Value::String(text), Value::Bool(boolean)) => *text == boolean.to_string(),
        (left, right) => left == right,
    }
}

#[test]
fn answers_are_those_of_elasticsearch() {
    let recorded: Value = serde_json::from_str(RECORDED).unwrap();
    let shelf = shelf(&recorded["indices"]);
    let mut wrong = Vec::new();
    let requests = recorded["requests"].as_array().unwrap();
    for request in requests {
        let indices: Vec<&str> = request["index"]
            .as_array()
            .unwrap()
            .iter()
            .map(|name| name.as_str().unwrap())
            .collect();
        let asked = aggregations(&request["aggs"]);
        let answer = shelf.ask(&indices, &query(&request["query"]), &asked);
        let (fits, got) = match (&answer, request["error"].as_str()) {
            (Ok(answer), None) => {
                let answer = rendered(answer);
                (same(&answer, &request["answer"]), answer.to_string())
            }
            (Err(error), Some(expected)) => {
                (error.to_string().contains(expected), error.to_string())
            }
            (Err(error), None) => (false, error.to_string()),
            (Ok(answer), Some(_)) => (false, rendered(answer).to_string()),
        };
        if !fits {
            let expected = request.get("answer").unwrap_or(&request["error"]);
            wrong.push(format!(
                "{} {:?}\n  expected {expected}\n  got      {got}",
                request["aggs"], request["index"]
            ));
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
