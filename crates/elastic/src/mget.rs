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
    /// Patterns of the fields that are answered, of those that the mapping keeps by themselves.
    pub stored_fields: Vec<String>,
    /// The version that it must have.
    pub version: Option<i64>,
    /// The routing by which it was written; none = as the address says.
    pub routing: Option<String>,
    /// The type that is named for it, by clients of a generation that reads types.
    pub kind: Option<String>,
}

/// Reads the documents that an `_mget` asks for. `index` is the one in the address, `source` the address's filter,
/// `stored_fields` the fields that it asks for.
///
/// # Errors
/// When a document has no index or no id, or something is not known.
pub fn parse_mget(
    body: &Value,
    index: Option<&str>,
    source: &SourceFilter,
    stored_fields: &[String],
) -> Result<Vec<WantedDocument>, Failure> {
    let mut wanted: Vec<Reading> = Vec::new();
    let default = || Reading {
        index: index.map(str::to_owned),
        id: None,
        source: None,
        stored_fields: None,
        version: None,
        routing: None,
        kind: None,
    };
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
                    wanted.push(Reading {
                        id: Some(id),
                        ..default()
                    });
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
    for (place, read) in wanted.into_iter().enumerate() {
        if read.index.is_none() {
            wrong.push(format!("index is missing for doc {place}"));
        }
        if read.id.is_none() {
            wrong.push(format!("id is missing for doc {place}"));
        }
        let names = read.stored_fields.as_deref().unwrap_or(stored_fields);
        // Whoever asks for some fields wants no source, unless they say so.
        let source = match (read.source, &read.stored_fields) {
            (Some(source), _) => source,
            (None, Some(_)) => SourceFilter::beside_fields(names),
            (None, None) => source.clone(),
        };
        out.push(WantedDocument {
            index: read.index.unwrap_or_default(),
            id: read.id.unwrap_or_default(),
            source,
            stored_fields: names.to_vec(),
            version: read.version,
            routing: read.routing,
            kind: read.kind,
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

/// A document as a request names it; what it leaves out is as the address says.
struct Reading {
    index: Option<String>,
    id: Option<String>,
    source: Option<SourceFilter>,
    stored_fields: Option<Vec<String>>,
    version: Option<i64>,
    routing: Option<String>,
    kind: Option<String>,
}

fn read(members: &Map<String, Value>, mut reading: Reading) -> Result<Reading, Failure> {
    for (name, value) in members {
        match name.as_str() {
            "_index" => reading.index = text(value),
            "_id" => reading.id = text(value),
            "_source" => reading.source = Some(SourceFilter::parse(value)?),
            "stored_fields" => reading.stored_fields = Some(names(value)),
            "version" => reading.version = value.as_i64(),
            "routing" => reading.routing = text(value),
            "_type" => reading.kind = text(value),
            "version_type" => {}
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

/// Reads a name, or a list of them.
fn names(value: &Value) -> Vec<String> {
    match value {
        Value::Array(values) => values.iter().filter_map(text).collect(),
        value => text(value).into_iter().collect(),
    }
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
        let read = |body: Value| parse_mget(&body, Some("a"), &all, &[]).unwrap();
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
            assert_eq!(
                parse_mget(&body, None, &all, &[]).unwrap_err().reason,
                reason
            );
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
