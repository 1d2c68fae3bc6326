//! The body of `_bulk`: lines of actions and documents.

use crate::SourceFilter;
use crate::documents::{
    Action, VersionType, Versions, id_fault, parse_update, require_alias, validation,
};
use crate::json::{Kind, Member, Node, follows, parse_first};
use crate::reading::Reader;
use document::{Cause, Condition, Document, Failure, Operation};

/// What the address of a bulk says of the items that do not say it themselves.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BulkDefaults {
    /// The index that they go to.
    pub index: Option<String>,
    /// Their documents' routing.
    pub routing: Option<String>,
    /// Whether the names of indices have to be those of aliases.
    pub require_alias: bool,
    /// What updates answer of their sources; none = nothing.
    pub source: Option<SourceFilter>,
    /// Whether the client is of a generation that names types.
    pub typed: bool,
}

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
    /// What is answered of an update's source; none = nothing.
    pub source: Option<SourceFilter>,
    /// The type that is named for it, by clients of a generation that reads types.
    pub kind: Option<String>,
}

/// A bulk as it was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Bulk {
    /// Its items, in order.
    pub items: Vec<BulkItem>,
    /// What will not go on being possible, each told once.
    pub warnings: Vec<&'static str>,
}

/// Members of an action that change nothing here.
const ACCEPTED: [&str; 3] = [
    "retry_on_conflict",
    "list_executed_pipelines",
    "dynamic_templates",
];

const UNCLOSED: &str = "A bulk action wasn't closed properly with the closing brace. Malformed objects are currently accepted but will be rejected in a future version.";
const SEVERAL: &str = "A bulk action object contained multiple keys. Additional keys are currently ignored but will be rejected in a future version.";
const TRAILING: &str = "A bulk action contained trailing data after the closing brace. This is currently ignored but will be rejected in a future version.";
const TYPES: &str = "[types removal] Specifying types in bulk requests is deprecated.";

/// Reads a bulk.
///
/// A document that is no JSON is found by whoever stores it, and spoils nothing but its own item.
///
/// # Errors
/// When a line that should be an action is none: nobody could say what the lines after it are.
pub fn parse_bulk(body: &[u8], defaults: &BulkDefaults) -> Result<Bulk, Failure> {
    if body.is_empty() {
        return Err(Failure::new(Cause::Parse, "request body is required"));
    }
    let Some(body) = body.strip_suffix(b"\n") else {
        return Err(Failure::illegal_argument(
            "The bulk request must be terminated by a newline [\\n]",
        ));
    };
    let mut bulk = Bulk {
        items: Vec::new(),
        warnings: Vec::new(),
    };
    let mut wrong = Vec::new();
    let mut lines = (1_usize..).zip(body.split(|byte| *byte == b'\n'));
    while let Some((number, line)) = lines.next() {
        let line = trimmed(line);
        if line.is_empty() {
            continue;
        }
        let mut item = read_action(number, line, defaults, &mut bulk.warnings)?;
        if item.item.index.is_empty() {
            wrong.push("index is missing".to_owned());
        }
        let action = item.item.action;
        let needs_id = matches!(action, Action::Delete | Action::Update);
        if needs_id && item.item.id.as_deref().is_none_or(str::is_empty) {
            wrong.push("id is missing".to_owned());
        }
        if action == Action::Delete {
            item.item.write = Ok((Operation::Delete, Condition::Always));
        } else {
            wrong.extend(item.item.id.as_deref().and_then(id_fault));
            // An empty line is a document that is no JSON, which its item says.
            let Some((_, document)) = lines.next() else {
                if bulk.items.is_empty() {
                    wrong.push("no requests added".to_owned());
                } else {
                    wrong.push("source is missing".to_owned());
                }
                continue;
            };
            item.read_document(trimmed(document))?;
        }
        match item.versions.condition(item.item.action) {
            Ok(condition) => {
                if let Ok((_, slot)) = &mut item.item.write {
                    *slot = condition;
                }
            }
            Err(reasons) => wrong.extend(reasons),
        }
        if action != Action::Delete
            && let Err(failure) = require_alias(item.require_alias, &item.item.index)
        {
            item.item.write = Err(failure);
        }
        bulk.items.push(item.item);
    }
    if bulk.items.is_empty() && wrong.is_empty() {
        wrong.push("no requests added".to_owned());
    }
    if wrong.is_empty() {
        Ok(bulk)
    } else {
        Err(validation(&wrong))
    }
}

/// An item with what its action says besides.
struct Reading {
    item: BulkItem,
    versions: Versions,
    routing: Option<String>,
    require_alias: bool,
}

impl Reading {
    fn read_document(&mut self, line: &[u8]) -> Result<(), Failure> {
        let routing = self.routing.take();
        if self.item.action == Action::Update {
            let update = parse_update(line)?;
            self.versions.seq_no = self.versions.seq_no.or(update.seq_no);
            self.versions.primary_term = self.versions.primary_term.or(update.primary_term);
            // What the action or the address says goes before what the update says.
            self.item.source = self.item.source.take().or(update.source);
            let update = update.update.routed(routing);
            self.item.write = Ok((Operation::Update(update), Condition::Always));
            return Ok(());
        }
        let document = Document {
            source: line.to_vec(),
            routing,
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

/// Reads a line that says what is done. What follows the action in it is let pass, with a warning.
fn read_action(
    number: usize,
    line: &[u8],
    defaults: &BulkDefaults,
    warnings: &mut Vec<&'static str>,
) -> Result<Reading, Failure> {
    let mut warn = |warning| {
        if !warnings.contains(&warning) {
            warnings.push(warning);
        }
    };
    let closed = [line, b"}"].concat();
    let (line, node) = match parse_first(line) {
        Ok(Some((node, end))) => {
            if follows(line, end)? {
                warn(TRAILING);
            }
            (line, node)
        }
        Ok(None) => return Err(malformed(number, "START_OBJECT", "null")),
        Err(failure) => match parse_first(&closed) {
            Ok(Some((node, end))) if end == closed.len() => {
                warn(UNCLOSED);
                (closed.as_slice(), node)
            }
            _ => return Err(failure),
        },
    };
    let Kind::Object(members) = &node.kind else {
        return Err(malformed(number, "START_OBJECT", node.token()));
    };
    let Some((Member { name, value, .. }, others)) = members.split_first() else {
        return Err(malformed(number, "FIELD_NAME", "END_OBJECT"));
    };
    if !others.is_empty() {
        warn(SEVERAL);
    }
    let action = match name.as_ref() {
        "index" => Action::Index,
        "create" => Action::Create,
        "update" => Action::Update,
        "delete" => Action::Delete,
        _ => {
            let expected = "field [create], [delete], [index] or [update]";
            return Err(malformed(number, expected, name));
        }
    };
    let Kind::Object(meta) = &value.kind else {
        let expected = "START_OBJECT or END_OBJECT";
        return Err(malformed(number, expected, value.token()));
    };
    if defaults.typed && meta.iter().any(|member| member.name == "_type") {
        warn(TYPES);
    }
    read_meta((number, Reader::new(line)), action, meta, defaults)
}

fn read_meta(
    (number, reader): (usize, Reader<'_>),
    action: Action,
    meta: &[Member<'_>],
    defaults: &BulkDefaults,
) -> Result<Reading, Failure> {
    let mut reading = Reading {
        item: BulkItem {
            action,
            index: defaults.index.clone().unwrap_or_default(),
            id: None,
            write: Err(Failure::new(Cause::Internal, "the item was not read")),
            source: defaults.source.clone(),
            kind: None,
        },
        versions: Versions::default(),
        routing: defaults.routing.clone(),
        require_alias: defaults.require_alias,
    };
    for Member { name, value, .. } in meta {
        let is_source = name == "_source" && action == Action::Update;
        if matches!(value.kind, Kind::Array(_) | Kind::Object(_)) && !is_source {
            return Err(Failure::illegal_argument(format!(
                "Malformed action/metadata line [{number}], expected a simple value for field [{name}] but found [{}]",
                value.token()
            )));
        }
        let text = || value.raw_text().map(|text| text.into_owned());
        match name.as_ref() {
            "_index" => {
                if let Some(index) = text() {
                    reading.item.index = index;
                }
            }
            "_id" => reading.item.id = text(),
            "_type" if defaults.typed => reading.item.kind = text(),
            "routing" => reading.routing = text().filter(|routing| !routing.is_empty()),
            "require_alias" => reading.require_alias = reader.bool(value)?,
            "if_seq_no" => reading.versions.seq_no = whole(reader, value)?,
            "if_primary_term" => reading.versions.primary_term = whole(reader, value)?,
            "version" => reading.versions.version = whole(reader, value)?,
            "version_type" => {
                let kind = text().map(|name| VersionType::parse(&name)).transpose()?;
                reading.versions.version_type = kind.unwrap_or_default();
            }
            "op_type" if action == Action::Index => {
                if text().as_deref() == Some("create") {
                    reading.item.action = Action::Create;
                }
            }
            "_source" if is_source => {
                reading.item.source = Some(SourceFilter::read(reader, value)?);
            }
            "pipeline" => match text().as_deref() {
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

/// Reads a whole number, or null.
fn whole(reader: Reader<'_>, value: &Node<'_>) -> Result<Option<i64>, Failure> {
    match value.kind {
        Kind::Null => Ok(None),
        _ => {
            let read = reader.long(value);
            // It is told as something that is not allowed, whatever is wrong with it.
            let told = |fault: crate::reading::Fault| {
                Failure::new(Cause::IllegalArgument, fault.failure.reason)
            };
            read.map(Some).map_err(told)
        }
    }
}

#[cfg(test)]
mod tests;
