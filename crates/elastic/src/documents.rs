//! Writes of single documents: conditions in addresses, updates, answers.

mod update;

pub use update::{UpdateRequest, parse_update};

use crate::{UrlParams, errors::error_members};
use document::{Cause, Condition, Failure, Got, Outcome, PRIMARY_TERM, WriteAnswer};
use serde_json::{Map, Value, json};

/// What a write is called on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Stores a document.
    Index,
    /// Stores a document that must not exist.
    Create,
    /// Changes a document.
    Update,
    /// Removes a document.
    Delete,
}

impl Action {
    /// The action's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Index => "index",
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }
}

/// The longest id in bytes.
const MAX_ID_BYTES: usize = 512;

/// Says what is wrong with the id of a document that is stored; none when it can have it.
pub fn id_fault(id: &str) -> Option<String> {
    let length = id.len();
    (length > MAX_ID_BYTES).then(|| {
        format!(
            "id [{id}] is too long, must be no longer than {MAX_ID_BYTES} bytes but was: {length}"
        )
    })
}

/// Who counts the versions of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum VersionType {
    /// The index.
    #[default]
    Internal,
    /// The client: each is greater than the one before.
    External,
    /// The client: each is greater than the one before, or the same.
    ExternalGte,
}

impl VersionType {
    /// Reads the type's name.
    ///
    /// # Errors
    /// When there is none of this name.
    pub fn parse(name: &str) -> Result<Self, Failure> {
        match name.to_ascii_lowercase().as_str() {
            "internal" => Ok(Self::Internal),
            "external" | "external_gt" => Ok(Self::External),
            "external_gte" => Ok(Self::ExternalGte),
            _ => Err(Failure::illegal_argument(format!(
                "No version type match [{name}]"
            ))),
        }
    }
}

/// What a client says of versions: each as given, none where it says nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Versions {
    /// `if_seq_no`.
    pub seq_no: Option<i64>,
    /// `if_primary_term`.
    pub primary_term: Option<i64>,
    /// `version`.
    pub version: Option<i64>,
    /// `version_type`.
    pub version_type: VersionType,
}

impl Versions {
    /// Reads them from an address.
    ///
    /// # Errors
    /// When one is no number, or the type of versions is not known.
    pub fn parse(params: &UrlParams) -> Result<Self, Failure> {
        let version_type = params.text("version_type").map(VersionType::parse);
        Ok(Self {
            seq_no: params.long("if_seq_no")?,
            primary_term: params.long("if_primary_term")?,
            version: params.long("version")?,
            version_type: version_type.transpose()?.unwrap_or_default(),
        })
    }

    /// Makes the condition of a write.
    ///
    /// # Errors
    /// Each thing that is wrong, as Elasticsearch numbers them in a validation error.
    pub fn condition(&self, action: Action) -> Result<Condition, Vec<String>> {
        let external = match self.version_type {
            VersionType::Internal => None,
            VersionType::External => Some(false),
            VersionType::ExternalGte => Some(true),
        };
        if action == Action::Create && external.is_some() {
            let wrong = "create operations only support internal versioning. use index instead";
            return Err(vec![wrong.to_owned()]);
        }
        let mut wrong = Vec::new();
        let number = |number: i64, name: &str, wrong: &mut Vec<String>| {
            u64::try_from(number).unwrap_or_else(|_| {
                wrong.push(format!("{name} must be non negative. got [{number}]"));
                0
            })
        };
        let condition = match (self.version, external) {
            (Some(version), Some(or_equal)) => Condition::External {
                version: number(version, "version", &mut wrong),
                or_equal,
            },
            (Some(_), None) => {
                wrong.push("internal versioning can not be used for optimistic concurrency control. Please use `if_seq_no` and `if_primary_term` instead".to_owned());
                Condition::Always
            }
            (None, Some(_)) => {
                wrong.push("version type [EXTERNAL] may not be used without a version".to_owned());
                Condition::Always
            }
            (None, None) => match (self.seq_no, self.primary_term.filter(|term| *term != 0)) {
                (Some(seq_no), Some(term)) => Condition::SeqNo {
                    seq_no: number(seq_no, "sequence numbers", &mut wrong),
                    primary_term: number(term, "primary term", &mut wrong),
                },
                (Some(_), None) => {
                    wrong.push("ifSeqNo is set, but primary term is [0]".to_owned());
                    Condition::Always
                }
                (None, Some(term)) => {
                    wrong.push(format!(
                        "ifSeqNo is unassigned, but primary term is [{term}]"
                    ));
                    Condition::Always
                }
                (None, None) => Condition::Always,
            },
        };
        if self.seq_no.is_some() && external.is_some() {
            wrong.push("compare and write operations can not use versioning".to_owned());
        }
        if action == Action::Create {
            if self.seq_no.is_some() {
                wrong.push("compare and write operations can not be used for create operations. use if_seq_no and if_primary_term with index operations only".to_owned());
            }
            if !wrong.is_empty() {
                return Err(wrong);
            }
            return Ok(match condition {
                Condition::Always => Condition::Absent,
                other => other,
            });
        }
        if action == Action::Update && matches!(condition, Condition::External { .. }) {
            wrong.push("update requests can not be used with external versions".to_owned());
        }
        if wrong.is_empty() {
            Ok(condition)
        } else {
            Err(wrong)
        }
    }
}

/// Says what is wrong with a request, numbered as Elasticsearch does.
pub fn validation(wrong: &[String]) -> Failure {
    let mut reason = "Validation Failed: ".to_owned();
    for (number, what) in (1..).zip(wrong) {
        reason.push_str(&format!("{number}: {what};"));
    }
    Failure::new(Cause::Validation, reason)
}

/// Demands an alias where a request says that it has to be one. There are none, so that no name is one.
///
/// # Errors
/// When one is demanded.
pub fn require_alias(required: bool, index: &str) -> Result<(), Failure> {
    if !required {
        return Ok(());
    }
    let reason = format!(
        "no such index [{index}] and [require_alias] request flag is [true] and [{index}] is not an alias"
    );
    Err(Failure::new(Cause::NoAlias, reason).in_index(index))
}

/// Writes the answer to a write; the status that belongs to it comes with it.
pub fn print_write(
    index: &str,
    answer: &WriteAnswer,
    refreshed: bool,
) -> (u16, Map<String, Value>) {
    let (result, status) = match answer.outcome {
        Outcome::Created => ("created", 201),
        Outcome::Updated => ("updated", 200),
        Outcome::Deleted => ("deleted", 200),
        Outcome::NotFound => ("not_found", 404),
        Outcome::Noop => ("noop", 200),
    };
    let noop = answer.outcome == Outcome::Noop;
    let mut out = Map::new();
    out.insert("_index".to_owned(), index.into());
    out.insert("_id".to_owned(), answer.id.as_str().into());
    let is_there = answer.has_document();
    let version: Value = match is_there {
        true => answer.version.into(),
        false => (-1).into(),
    };
    out.insert("_version".to_owned(), version);
    out.insert("result".to_owned(), result.into());
    if refreshed && !noop {
        out.insert("forced_refresh".to_owned(), true.into());
    }
    out.insert(
        "_shards".to_owned(),
        // Other copies than the first have no place on a single node.
        json!({ "total": answer.copies, "successful": 1, "failed": 0 }),
    );
    if is_there {
        out.insert("_seq_no".to_owned(), answer.seq_no.into());
        out.insert("_primary_term".to_owned(), PRIMARY_TERM.into());
    }
    (status, out)
}

/// Writes a document as it is got by its id; none = there is none. `source` is what is left of its source, none when
/// it is not asked for.
pub fn print_document(
    index: &str,
    id: &str,
    got: Option<&Got>,
    source: Option<Value>,
) -> Map<String, Value> {
    let stored = got.map(|got| &got.stored);
    let mut out = Map::new();
    out.insert("_index".to_owned(), index.into());
    out.insert("_id".to_owned(), id.into());
    if let Some(stored) = stored {
        out.insert("_version".to_owned(), stored.version.into());
        out.insert("_seq_no".to_owned(), stored.seq_no.into());
        out.insert("_primary_term".to_owned(), PRIMARY_TERM.into());
        if let Some(routing) = &stored.document.routing {
            out.insert("_routing".to_owned(), routing.as_str().into());
        }
    }
    out.insert("found".to_owned(), stored.is_some().into());
    if let Some(source) = source {
        out.insert("_source".to_owned(), source);
    }
    if let Some(got) = got.filter(|got| !got.fields.is_empty()) {
        let fields = got.fields.iter().map(|(name, values)| {
            let values = values.iter().map(|value| value.0.clone());
            (name.clone(), Value::Array(values.collect()))
        });
        out.insert("fields".to_owned(), Value::Object(fields.collect()));
    }
    out
}

/// Writes an item of a bulk that was refused.
pub fn print_refused(
    index: &str,
    id: Option<&str>,
    failure: &Failure,
    status: u16,
) -> Map<String, Value> {
    let mut out = Map::new();
    out.insert("_index".to_owned(), index.into());
    out.insert("_id".to_owned(), id.map_or(Value::Null, Value::from));
    out.insert("status".to_owned(), status.into());
    out.insert("error".to_owned(), Value::Object(error_members(failure)));
    out
}
