//! The body of `_bulk`: lines of actions and documents.

use crate::SourceFilter;
use crate::documents::{Action, Versions, parse_update, validation, version_type};
use crate::source::token;
use document::{Cause, Condition, Document, Failure, Operation};
use serde_json::{Map, Value};

/// One action of a bulk.
#[derive(Debug, Clone, PartialEq)]
pub struct BulkItem {
    /// What it is called.
    pub action: Action,
    /// The index that it goes to.
    pub index: String,
    /// The document's id; none = one is made up.
    pub id: Option<String>,
    /// What is written, or why it cannot be.
    pub write: Result<(Operation, Condition), Failure>,
    /// What is answered of the source after an update; none = nothing.
    pub source: Option<SourceFilter>,
}

/// Members of an action that change nothing here.
const ACCEPTED: [&str; 5] = [
    "routing",
    "retry_on_conflict",
    "require_alias",
    "list_executed_pipelines",
    "dynamic_templates",
];

/// Reads a bulk. `default_index` is the one in the address; `typed` says that the client is of a generation that names
/// types; `source` is what the address wants of the sources of updated documents, where an action says nothing.
///
/// A document that is no JSON is found by whoever stores it, and spoils nothing but its own item.
///
/// # Errors
/// When a line that should be an action is none: nobody could say what the lines after it are.
pub fn parse_bulk(
    body: &[u8],
    default_index: Option<&str>,
    typed: bool,
    source: Option<&SourceFilter>,
) -> Result<Vec<BulkItem>, Failure> {
    if body.is_empty() {
        return Err(Failure::new(Cause::Parse, "request body is required"));
    }
    let Some(body) = body.strip_suffix(b"\n") else {
        return Err(Failure::illegal_argument(
            "The bulk request must be terminated by a newline [\\n]",
        ));
    };
    let mut items = Vec::new();
    let mut wrong = Vec::new();
    let mut lines = (1_usize..).zip(body.split(|byte| *byte == b'\n'));
    while let Some((number, line)) = lines.next() {
        let line = trimmed(line);
        if line.is_empty() {
            continue;
        }
        let (action, meta) = action(number, line)?;
        let mut item = read_meta(number, action, &meta, default_index, typed)?;
        if item.item.index.is_empty() {
            wrong.push("index is missing".to_owned());
        }
        if action == Action::Delete {
            item.item.write = Ok((Operation::Delete, Condition::Always));
            if item.item.id.is_none() {
                wrong.push("id is missing".to_owned());
            }
        } else {
            // An empty line is a document that is no JSON, which its item says.
            let Some((_, document)) = lines.next() else {
                if items.is_empty() {
                    wrong.push("no requests added".to_owned());
                } else {
                    wrong.push("source is missing".to_owned());
                }
                continue;
            };
            item.read_document(trimmed(document), source)?;
        }
        match item.versions.condition(item.item.action) {
            Ok(condition) => {
                if let Ok((_, slot)) = &mut item.item.write {
                    *slot = condition;
                }
            }
            Err(reasons) => wrong.extend(reasons),
        }
        items.push(item.item);
    }
    if items.is_empty() && wrong.is_empty() {
        wrong.push("no requests added".to_owned());
    }
    if wrong.is_empty() {
        Ok(items)
    } else {
        Err(validation(&wrong))
    }
}

/// An item with what its action says of versions.
struct Reading {
    item: BulkItem,
    versions: Versions,
}

impl Reading {
    fn read_document(
        &mut self,
        line: &[u8],
        of_address: Option<&SourceFilter>,
    ) -> Result<(), Failure> {
        if self.item.action == Action::Update {
            let update = parse_update(line)?;
            self.versions.seq_no = self.versions.seq_no.or(update.seq_no);
            self.versions.primary_term = self.versions.primary_term.or(update.primary_term);
            self.item.source = match (self.item.source.take(), of_address) {
                (Some(source), _) => Some(source),
                (None, Some(source)) => Some(source.clone()),
                (None, None) => update
                    .source
                    .as_ref()
                    .map(SourceFilter::parse)
                    .transpose()?,
            };
            self.item.write = Ok((Operation::Update(update.update), Condition::Always));
            return Ok(());
        }
        let document = Document {
            source: line.to_vec(),
            ..Document::default()
        };
        self.item.write = match self.item.id.as_deref() {
            Some("") => Err(Failure::illegal_argument(
                "if _id is specified it must not be empty",
            )),
            _ => Ok((Operation::Index(document), Condition::Always)),
        };
        Ok(())
    }
}

fn trimmed(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

fn malformed(number: usize, expected: &str, found: &str) -> Failure {
    Failure::illegal_argument(format!(
        "Malformed action/metadata line [{number}], expected {expected} but found [{found}]"
    ))
}

fn action(number: usize, line: &[u8]) -> Result<(Action, Map<String, Value>), Failure> {
    let value: Value = serde_json::from_slice(line).map_err(|error| {
        Failure::new(
            Cause::ContentParsing,
            format!("Malformed action/metadata line [{number}]: {error}"),
        )
    })?;
    let Value::Object(members) = value else {
        return Err(malformed(number, "START_OBJECT", token(&value)));
    };
    let Some((name, meta)) = members.into_iter().next() else {
        return Err(malformed(number, "FIELD_NAME", "END_OBJECT"));
    };
    let action = match name.as_str() {
        "index" => Action::Index,
        "create" => Action::Create,
        "update" => Action::Update,
        "delete" => Action::Delete,
        _ => {
            let expected = "field [create], [delete], [index] or [update]";
            return Err(malformed(number, expected, &name));
        }
    };
    match meta {
        Value::Object(meta) => Ok((action, meta)),
        other => Err(malformed(
            number,
            "START_OBJECT or END_OBJECT",
            token(&other),
        )),
    }
}

fn read_meta(
    number: usize,
    action: Action,
    meta: &Map<String, Value>,
    default_index: Option<&str>,
    typed: bool,
) -> Result<Reading, Failure> {
    let mut reading = Reading {
        item: BulkItem {
            action,
            index: default_index.unwrap_or_default().to_owned(),
            id: None,
            write: Err(Failure::new(Cause::Internal, "the item was not read")),
            source: None,
        },
        versions: Versions::default(),
    };
    for (name, value) in meta {
        let wrong = || {
            Failure::illegal_argument(format!(
                "Malformed action/metadata line [{number}], expected a simple value for field [{name}] but found [{}]",
                token(value)
            ))
        };
        let text = || match value {
            Value::Null => Ok(None),
            Value::String(text) => Ok(Some(text.clone())),
            Value::Number(_) | Value::Bool(_) => Ok(Some(value.to_string())),
            _ => Err(wrong()),
        };
        let whole = || match value {
            Value::Number(number) => number.as_i64().map(Some).ok_or_else(wrong),
            Value::String(text) => text.parse().map(Some).map_err(|_| wrong()),
            Value::Null => Ok(None),
            _ => Err(wrong()),
        };
        match name.as_str() {
            "_index" => {
                if let Some(index) = text()? {
                    reading.item.index = index;
                }
            }
            "_id" => reading.item.id = text()?,
            "_type" if typed => {}
            "if_seq_no" => reading.versions.seq_no = whole()?,
            "if_primary_term" => reading.versions.primary_term = whole()?,
            "version" => reading.versions.version = whole()?,
            "version_type" => {
                let named = text()?.as_deref().map(version_type).transpose();
                reading.versions.version_type = named?;
            }
            "op_type" if action == Action::Index => {
                if text()?.as_deref() == Some("create") {
                    reading.item.action = Action::Create;
                }
            }
            "_source" if action == Action::Update => {
                reading.item.source = Some(SourceFilter::parse(value)?);
            }
            "pipeline" => match text()?.as_deref() {
                None | Some("_none") => {}
                Some(pipeline) => {
                    return Err(Failure::illegal_argument(format!(
                        "pipeline with id [{pipeline}] does not exist"
                    )));
                }
            },
            accepted if ACCEPTED.contains(&accepted) => {}
            unknown => {
                return Err(Failure::illegal_argument(format!(
                    "Action/metadata line [{number}] contains an unknown parameter [{unknown}]"
                )));
            }
        }
    }
    Ok(reading)
}

#[cfg(test)]
mod tests;
