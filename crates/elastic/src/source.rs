//! `_source`: which parts of a document's source a client wants.

use crate::UrlParams;
use crate::names::fits;
use document::{Cause, Failure};
use serde_json::{Map, Value};

/// Which parts of a source are answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFilter {
    /// Whether the source is answered at all.
    pub enabled: bool,
    /// Paths, or patterns of paths, that are answered with all that is below them; none = all.
    pub includes: Vec<String>,
    /// Paths, or patterns of paths, that are left out with all that is below them.
    pub excludes: Vec<String>,
}

impl SourceFilter {
    /// The whole source.
    pub fn everything() -> Self {
        Self {
            enabled: true,
            includes: Vec::new(),
            excludes: Vec::new(),
        }
    }

    /// No source.
    pub fn nothing() -> Self {
        Self {
            enabled: false,
            ..Self::everything()
        }
    }

    /// Reads `_source` of a body: true or false, a path, a list of paths, or an object with `includes` and `excludes`.
    ///
    /// # Errors
    /// When it is something else.
    pub fn parse(value: &Value) -> Result<Self, Failure> {
        let mut filter = Self::everything();
        match value {
            Value::Bool(enabled) => filter.enabled = *enabled,
            Value::String(_) | Value::Array(_) => filter.includes = paths(value)?,
            Value::Object(members) => {
                for (name, value) in members {
                    match name.as_str() {
                        "includes" | "include" => filter.includes = paths(value)?,
                        "excludes" | "exclude" => filter.excludes = paths(value)?,
                        // Vectors are left out by whoever knows which fields hold them.
                        "exclude_vectors" if value.is_boolean() => {}
                        other => {
                            return Err(Failure::new(
                                Cause::Parsing,
                                format!("Unknown key for a {} in [{other}].", token(value)),
                            ));
                        }
                    }
                }
            }
            other => {
                return Err(Failure::new(
                    Cause::Parsing,
                    format!(
                        "Expected one of [VALUE_BOOLEAN, VALUE_STRING, START_ARRAY, START_OBJECT] but found [{}]",
                        token(other)
                    ),
                ));
            }
        }
        Ok(filter)
    }

    /// Reads `_source`, `_source_includes` and `_source_excludes` of an address; none when it has none of them.
    ///
    /// # Errors
    /// None so far: every text is a path.
    pub fn of_address(params: &UrlParams) -> Result<Option<Self>, Failure> {
        let list = |name: &str| -> Option<Vec<String>> {
            let given = params.text(name)?;
            Some(given.split(',').map(str::to_owned).collect())
        };
        let whole = params.text("_source");
        let includes = list("_source_includes");
        let excludes = list("_source_excludes");
        if whole.is_none() && includes.is_none() && excludes.is_none() {
            return Ok(None);
        }
        let mut filter = Self::everything();
        match whole {
            Some("false") => filter.enabled = false,
            Some("true") | None => {}
            Some(_) => filter.includes = list("_source").unwrap_or_default(),
        }
        filter.includes.extend(includes.unwrap_or_default());
        filter.excludes = excludes.unwrap_or_default();
        Ok(Some(filter))
    }

    /// Answers what is left of a source; none when nothing is asked for.
    pub fn apply(&self, source: Value) -> Option<Value> {
        if !self.enabled {
            return None;
        }
        if self.includes.is_empty() && self.excludes.is_empty() {
            return Some(source);
        }
        Some(match source {
            Value::Object(members) => Value::Object(self.members("", members)),
            other => other,
        })
    }

    fn members(&self, around: &str, members: Map<String, Value>) -> Map<String, Value> {
        let mut kept = Map::new();
        for (name, value) in members {
            let path = match around {
                "" => name.clone(),
                around => format!("{around}.{name}"),
            };
            if let Some(value) = self.value(&path, value) {
                kept.insert(name, value);
            }
        }
        kept
    }

    fn value(&self, path: &str, value: Value) -> Option<Value> {
        if names(&self.excludes, path) {
            return None;
        }
        let included = self.includes.is_empty() || names(&self.includes, path);
        match value {
            Value::Object(members) => {
                let kept = self.members(path, members);
                (included || !kept.is_empty()).then_some(Value::Object(kept))
            }
            Value::Array(values) => {
                let had = !values.is_empty();
                let kept: Vec<Value> = values
                    .into_iter()
                    .filter_map(|value| match value {
                        // An element of which nothing is left goes with it.
                        Value::Object(members) => {
                            let empty = members.is_empty();
                            let kept = self.members(path, members);
                            (!kept.is_empty() || (empty && included)).then_some(Value::Object(kept))
                        }
                        other => self.value(path, other),
                    })
                    .collect();
                (!kept.is_empty() || (included && !had)).then_some(Value::Array(kept))
            }
            plain => included.then_some(plain),
        }
    }
}

/// Whether one of the patterns names a path or something around it.
fn names(patterns: &[String], path: &str) -> bool {
    let around = path.match_indices('.').map(|(end, _)| &path[..end]);
    let mut around = around.chain([path]);
    around.any(|part| patterns.iter().any(|pattern| fits(pattern, part)))
}

fn paths(value: &Value) -> Result<Vec<String>, Failure> {
    let path = |value: &Value| match value {
        Value::String(path) => Ok(path.clone()),
        other => Err(Failure::new(
            Cause::Parsing,
            format!("Unknown key for a {} in [_source].", token(other)),
        )),
    };
    match value {
        Value::Array(values) => values.iter().map(path).collect(),
        Value::Null => Ok(Vec::new()),
        value => Ok(vec![path(value)?]),
    }
}

/// What a JSON value begins with, as Elasticsearch names it.
pub(crate) fn token(value: &Value) -> &'static str {
    match value {
        Value::Object(_) => "START_OBJECT",
        Value::Array(_) => "START_ARRAY",
        Value::String(_) => "VALUE_STRING",
        Value::Number(_) => "VALUE_NUMBER",
        Value::Bool(_) => "VALUE_BOOLEAN",
        Value::Null => "VALUE_NULL",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Each row was answered so by Elasticsearch 8.19.
    #[test]
    fn sources_are_cut_as_elasticsearch_cuts_them() {
        let source = json!({
            "a": 1, "ab": 2, "o": {"x": 1, "y": {"z": 2, "w": []}},
            "l": [{"x": 1, "y": 2}, {"y": 3}, [{"x": 7}]], "e": {}, "n": null, "d.ot": 3, "d": {"q": 4},
        });
        let check = |filter: Value, expected: Value| {
            let cut = SourceFilter::parse(&filter).unwrap().apply(source.clone());
            assert_eq!(cut, Some(expected), "{filter}");
        };
        let without = |name: &str, value: Option<Value>| {
            let mut rest = source.clone();
            match value {
                Some(value) => rest[name] = value,
                None => drop(rest.as_object_mut().unwrap().remove(name)),
            }
            rest
        };
        check(json!(["a"]), json!({"a": 1}));
        check(json!(["o"]), json!({"o": {"x": 1, "y": {"z": 2, "w": []}}}));
        check(json!("o.x"), json!({"o": {"x": 1}}));
        check(json!(["o.q"]), json!({}));
        check(json!(["l.x"]), json!({"l": [{"x": 1}, [{"x": 7}]]}));
        check(
            json!(["*.x"]),
            json!({"o": {"x": 1}, "l": [{"x": 1}, [{"x": 7}]]}),
        );
        check(
            json!(["o.*"]),
            json!({"o": {"x": 1, "y": {"z": 2, "w": []}}}),
        );
        check(json!(["e"]), json!({"e": {}}));
        check(json!(["n"]), json!({"n": null}));
        check(json!(["d.ot"]), json!({"d.ot": 3}));
        check(json!(["d.*"]), json!({"d.ot": 3, "d": {"q": 4}}));
        check(json!(["a*"]), json!({"a": 1, "ab": 2}));
        check(json!({"excludes": ["o.*"]}), without("o", Some(json!({}))));
        check(
            json!({"excludes": ["o.x"]}),
            without("o", Some(json!({"y": {"z": 2, "w": []}}))),
        );
        check(
            json!({"excludes": ["l.x"]}),
            without("l", Some(json!([{"y": 2}, {"y": 3}]))),
        );
        check(json!({"excludes": ["l.x", "l.y"]}), without("l", None));
        check(
            json!({"includes": ["o"], "excludes": ["o.y"]}),
            json!({"o": {"x": 1}}),
        );
        check(json!({"includes": []}), source.clone());
        assert_eq!(SourceFilter::nothing().apply(source.clone()), None);
        assert!(SourceFilter::parse(&json!(5)).is_err());
        assert!(SourceFilter::parse(&json!({"foo": 1})).is_err());
    }
}
