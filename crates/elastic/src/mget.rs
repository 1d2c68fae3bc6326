//! The body of `_mget`.

use crate::SourceFilter;
use crate::documents::validation;
use crate::source::token;
use document::{Cause, Failure};
use serde_json::{Map, Value};

/// One document that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedDocument {
    /// Its index.
    pub index: String,
    /// Its id.
    pub id: String,
    /// What is answered of its source.
    pub source: SourceFilter,
}

/// Reads the documents that an `_mget` asks for. `index` is the one in the address, `source` the address's filter.
///
/// # Errors
/// When a document has no index or no id, or something is not known.
pub fn parse_mget(
    body: &Value,
    index: Option<&str>,
    source: &SourceFilter,
) -> Result<Vec<WantedDocument>, Failure> {
    let mut wanted: Vec<(Option<String>, Option<String>, SourceFilter)> = Vec::new();
    let default = || (index.map(str::to_owned), None, source.clone());
    let empty = Map::new();
    for (name, value) in body.as_object().unwrap_or(&empty) {
        match (name.as_str(), value) {
            ("docs", Value::Array(documents)) => {
                for document in documents {
                    let Value::Object(members) = document else {
                        return Err(Failure::new(
                            Cause::IllegalArgument,
                            "docs array element should include an object",
                        ));
                    };
                    wanted.push(read(members, default())?);
                }
            }
            ("ids", Value::Array(ids)) => {
                for id in ids {
                    let id = text(id).ok_or_else(|| {
                        Failure::illegal_argument("ids array element should only contain ids")
                    })?;
                    wanted.push((default().0, Some(id), source.clone()));
                }
            }
            (name, value) => {
                return Err(Failure::new(
                    Cause::Parsing,
                    format!(
                        "unknown key [{name}] for a {}, expected [docs] or [ids]",
                        token(value)
                    ),
                ));
            }
        }
    }
    let mut wrong = Vec::new();
    let mut out = Vec::with_capacity(wanted.len());
    for (place, (index, id, source)) in wanted.into_iter().enumerate() {
        if index.is_none() {
            wrong.push(format!("index is missing for doc {place}"));
        }
        if id.is_none() {
            wrong.push(format!("id is missing for doc {place}"));
        }
        out.push(WantedDocument {
            index: index.unwrap_or_default(),
            id: id.unwrap_or_default(),
            source,
        });
    }
    if out.is_empty() {
        wrong.push("no documents to get".to_owned());
    }
    if wrong.is_empty() {
        Ok(out)
    } else {
        Err(validation(&wrong))
    }
}

type Reading = (Option<String>, Option<String>, SourceFilter);

fn read(members: &Map<String, Value>, mut reading: Reading) -> Result<Reading, Failure> {
    for (name, value) in members {
        match name.as_str() {
            "_index" => reading.0 = text(value),
            "_id" => reading.1 = text(value),
            "_source" => reading.2 = SourceFilter::parse(value)?,
            "_type" | "routing" | "version" | "version_type" | "stored_fields" => {}
            other => {
                return Err(Failure::new(
                    Cause::Parse,
                    format!("failed to parse multi get request. unknown field [{other}]"),
                ));
            }
        }
    }
    Ok(reading)
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn both_forms_are_read() {
        let all = SourceFilter::everything();
        let read = |body: Value| parse_mget(&body, Some("a"), &all).unwrap();
        let wanted = read(json!({"ids": ["1", 2]}));
        assert_eq!(wanted[1].id, "2");
        let wanted = read(json!({"docs": [{"_id": "1", "_index": "b", "_source": false}]}));
        assert_eq!(
            (wanted[0].index.as_str(), wanted[0].source.enabled),
            ("b", false)
        );
    }

    #[test]
    fn what_is_missing_is_counted() {
        let all = SourceFilter::everything();
        let check = |body: Value, reason: &str| {
            assert_eq!(parse_mget(&body, None, &all).unwrap_err().reason, reason);
        };
        check(json!({}), "Validation Failed: 1: no documents to get;");
        check(
            json!({"ids": ["1"]}),
            "Validation Failed: 1: index is missing for doc 0;",
        );
        check(
            json!({"foo": []}),
            "unknown key [foo] for a START_ARRAY, expected [docs] or [ids]",
        );
        check(
            json!({"docs": [{"_id": "1", "foo": 1}]}),
            "failed to parse multi get request. unknown field [foo]",
        );
    }
}
