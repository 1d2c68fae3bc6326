//! `$names` in scenarios: indices of a scenario's own, and values that earlier answers gave.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::scenario::{Engine, Scenario};

/// What the names in a scenario stand for.
pub(crate) struct Names {
    engine: Engine,
    values: BTreeMap<String, Value>,
}

impl Names {
    /// Begins a scenario whose own index is called `index`.
    pub(crate) fn new(engine: Engine, index: &str) -> Self {
        Self {
            engine,
            values: BTreeMap::from([("i".to_owned(), json!(index))]),
        }
    }

    /// Gives a value a name.
    pub(crate) fn save(&mut self, name: &str, value: Value) {
        self.values.insert(name.to_owned(), value);
    }

    /// Writes a text with what its names stand for.
    ///
    /// # Errors
    ///
    /// Where a name stands for nothing: says which.
    pub(crate) fn text(&self, text: &str) -> Result<String, String> {
        let mut written = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find('$') {
            let (before, after) = rest.split_at(at);
            written.push_str(before);
            let name = name_at(after);
            if name.is_empty() {
                written.push('$');
            } else {
                match self.value(name)? {
                    Value::String(value) => written.push_str(value),
                    value => written.push_str(&value.to_string()),
                }
            }
            rest = after.get(1 + name.len()..).unwrap_or_default();
        }
        written.push_str(rest);
        Ok(written)
    }

    /// Writes a value with what the names in its texts and keys stand for. A text that is one name and nothing else
    /// becomes the value itself, a number for instance.
    ///
    /// # Errors
    ///
    /// Where a name stands for nothing: says which.
    pub(crate) fn json(&self, value: &Value) -> Result<Value, String> {
        match value {
            Value::String(text) => {
                if let Some(dims) = vector_dims(text) {
                    return Ok(self.vector_mapping(dims));
                }
                let name = name_at(text);
                if !name.is_empty() && name.len() + 1 == text.len() {
                    return self.value(name).cloned();
                }
                self.text(text).map(Value::String)
            }
            Value::Array(items) => items.iter().map(|item| self.json(item)).collect(),
            Value::Object(fields) => self.object(fields).map(Value::Object),
            _ => Ok(value.clone()),
        }
    }

    /// Writes the fields of an object, as [`Self::json`] does.
    ///
    /// # Errors
    ///
    /// Where a name stands for nothing: says which.
    pub(crate) fn object(&self, fields: &Map<String, Value>) -> Result<Map<String, Value>, String> {
        fields
            .iter()
            .map(|(key, value)| Ok((self.text(key)?, self.json(value)?)))
            .collect()
    }

    fn value(&self, name: &str) -> Result<&Value, String> {
        self.values
            .get(name)
            .ok_or_else(|| format!("nothing was saved as ${name}"))
    }

    fn vector_mapping(&self, dims: u32) -> Value {
        match self.engine {
            Engine::OpenSearch3 => json!({"type": "knn_vector", "dimension": dims}),
            Engine::Elasticsearch8 | Engine::Eidetic => {
                json!({"type": "dense_vector", "dims": dims})
            }
        }
    }
}

/// Every index of its own that a scenario mentions, as it is written: `$i`, `$i-other`.
pub(crate) fn indices(scenario: &Scenario) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for step in scenario.setup.iter().chain(&scenario.steps) {
        collect(&step.request, &mut found);
        if let Some(body) = &step.body {
            collect(&body.to_string(), &mut found);
        }
    }
    found
}

fn collect(text: &str, found: &mut BTreeSet<String>) {
    for (at, _) in text.match_indices("$i") {
        let rest = text.get(at..).unwrap_or_default();
        if name_at(rest) != "i" {
            continue;
        }
        let is_part =
            |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
        let end = rest.get(2..).unwrap_or_default();
        let length = end.find(|c| !is_part(c)).unwrap_or(end.len());
        let suffix = end.get(..length).unwrap_or_default();
        // A pattern such as `$i-*` mentions no index.
        if !end.get(length..).unwrap_or_default().starts_with('*') {
            found.insert(format!("$i{suffix}"));
        }
    }
}

/// The name that a text begins with after its `$`; empty where none is.
fn name_at(text: &str) -> &str {
    let Some(rest) = text.strip_prefix('$') else {
        return "";
    };
    if !rest.starts_with(|c: char| c.is_ascii_lowercase()) {
        return "";
    }
    let end = rest.find(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit()));
    rest.get(..end.unwrap_or(rest.len())).unwrap_or_default()
}

fn vector_dims(text: &str) -> Option<u32> {
    text.strip_prefix("<vector ")?
        .strip_suffix('>')?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_written_as_what_they_stand_for() {
        let mut names = Names::new(Engine::OpenSearch3, "x1");
        names.save("seq", json!(7));
        assert_eq!(
            names.text("/$i-b/_doc?s=$seq&$").unwrap(),
            "/x1-b/_doc?s=7&$"
        );
        assert_eq!(
            names.json(&json!({"$i": ["$seq", "a$seq", "^$"]})).unwrap(),
            json!({"x1": [7, "a7", "^$"]})
        );
        assert_eq!(
            names.text("$none").unwrap_err(),
            "nothing was saved as $none"
        );
        assert_eq!(
            names.json(&json!("<vector 3>")).unwrap(),
            json!({"type": "knn_vector", "dimension": 3})
        );
    }

    #[test]
    fn every_index_of_a_scenario_is_found() {
        let text =
            "name: a\nsteps:\n  - { request: 'GET /$i-1,$i-b_2/$id/$i-*', body: [{ a: $i }] }";
        let scenario = yaml_serde::from_str(text).unwrap();
        let found: Vec<String> = indices(&scenario).into_iter().collect();
        assert_eq!(found, ["$i", "$i-1", "$i-b_2"]);
    }
}
