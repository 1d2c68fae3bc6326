//! Requests of other families with one thing in them made wrong.

use super::{Asker, MAKERS, Request};
use serde_json::{Value, json};

/// Families whose bodies are not made wrong: their answers are of documents, or they have no body.
const WHOLE: [&str; 5] = ["mutated", "get", "mget", "msearch", "count"];

impl Asker<'_> {
    /// A search in which one value is replaced, one member renamed, removed or added.
    pub(super) fn mutated(&mut self) -> Request {
        let vectors = self.vectors;
        let makers: Vec<_> = MAKERS
            .iter()
            .filter(|(name, _)| !WHOLE.contains(name) && (vectors || !name.starts_with("knn")))
            .collect();
        let (_, make) = *self.numbers.pick(&makers);
        let mut request = make(self);
        if let Some(body) = request.lines.first_mut() {
            self.mutate(body);
        }
        request
    }

    fn mutate(&mut self, body: &mut Value) {
        let mut places = Vec::new();
        collect(body, &mut Vec::new(), &mut places);
        let place = self.numbers.pick(&places).clone();
        let Some(node) = place.iter().try_fold(body, |node, step| match step {
            Step::Member(name) => node.get_mut(name),
            Step::Item(at) => node.get_mut(*at),
        }) else {
            return;
        };
        let kind = self.numbers.below(6);
        match node {
            Value::Object(members) if kind == 0 => {
                members.insert("no_such_option".to_owned(), json!(1));
            }
            Value::Object(members) if kind < 3 && !members.is_empty() => {
                let names: Vec<String> = members.keys().cloned().collect();
                let name = self.numbers.pick(&names).clone();
                let removed = members.remove(&name);
                if let (Some(value), 1) = (removed, kind) {
                    members.insert(format!("{name}x"), value);
                }
            }
            _ => {
                *node = self
                    .numbers
                    .pick(&[
                        json!(5),
                        json!(-1),
                        json!(1.5),
                        json!("x"),
                        json!(""),
                        json!(true),
                        json!(null),
                        json!([]),
                        json!({}),
                        json!(["x"]),
                        json!({"x": 1}),
                    ])
                    .clone();
            }
        }
    }
}

/// A step from a value into it.
#[derive(Debug, Clone)]
enum Step {
    Member(String),
    Item(usize),
}

/// Every place in a body but those in long lists of numbers, of which the first is enough.
fn collect(node: &Value, path: &mut Vec<Step>, places: &mut Vec<Vec<Step>>) {
    places.push(path.clone());
    match node {
        Value::Object(members) => {
            for (name, value) in members {
                path.push(Step::Member(name.clone()));
                collect(value, path, places);
                path.pop();
            }
        }
        Value::Array(items) => {
            let many = items.first().is_some_and(Value::is_number);
            for (at, item) in items.iter().enumerate().take(if many { 1 } else { 8 }) {
                path.push(Step::Item(at));
                collect(item, path, places);
                path.pop();
            }
        }
        _ => {}
    }
}
