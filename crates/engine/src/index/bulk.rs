//! Writing a batch.

use super::{Fault, Index, State};
use crate::error::{EngineError, Result};
use crate::truth::{Batch, MAX_SOURCE_BYTES, Truth};
use crate::values::{Plan, Prepared, prepare};
use document::{
    Cause, Condition, Failure, ItemError, Mapping, Operation, Outcome, Write, WriteAnswer,
};
use serde_json::Value;

/// The longest id in bytes, as in Elasticsearch.
const MAX_ID_BYTES: usize = 512;

/// What a write does to what is derived.
enum Change {
    Put {
        id: String,
        seq_no: u64,
        prepared: Prepared,
    },
    Delete {
        id: String,
    },
}

impl Index {
    /// Writes a batch. Each write is answered by itself; when this returns, what was not refused is on the disk.
    ///
    /// # Errors
    /// When the batch as a whole could not be made durable: then none of it is.
    pub(crate) fn bulk(
        &self,
        truth: &Truth,
        writes: Vec<Write>,
    ) -> Result<Vec<std::result::Result<WriteAnswer, ItemError>>> {
        let mut state = self.lock();
        let mut batch = truth.begin()?;
        let mut grown = (*state.mapping).clone();
        let mut next_seq_no = state.next_seq_no;
        let mut answers = Vec::with_capacity(writes.len());
        let mut changes = Vec::new();
        for write in writes {
            let written = write_one(&mut batch, self.id, &mut grown, &state, next_seq_no, write)?;
            answers.push(written.map(|(answer, change)| {
                if let Some(change) = change {
                    next_seq_no += 1;
                    changes.push(change);
                }
                answer
            }));
        }
        if changes.is_empty() {
            return Ok(answers);
        }
        let grew = grown != *state.mapping;
        if grew {
            let meta = self.meta(&state, grown.clone());
            batch.put_index(&self.name, &meta)?;
        }
        batch.set_next_seq_no(self.id, next_seq_no)?;
        batch.commit()?;
        state.next_seq_no = next_seq_no;
        if grew {
            state.set_mapping(grown);
            self.grow(&mut state, truth);
        }
        apply(&mut state, changes);
        Ok(answers)
    }

    /// Gives the fields of a grown mapping their place, making what is derived anew where there is no room.
    ///
    /// A failure is kept in the state: the truth has the mapping, and what is derived is mended by the next refresh.
    pub(super) fn grow(&self, state: &mut State, truth: &Truth) {
        if state.fault.is_some() {
            state.fault = Some(Fault::Unmade("the mapping grew after a failure".to_owned()));
            return;
        }
        let grown = match state.derived.grow(&state.plan.leaves) {
            Ok(true) => Ok(()),
            Ok(false) => self.rebuild(state, truth),
            Err(error) => Err(error),
        };
        state.fault = grown.err().map(|error| Fault::Unmade(error.to_string()));
    }
}

/// Feeds changes that are durable to what is derived. A failure is kept in the state and mended by the next refresh:
/// the writes are on the disk and stay acknowledged.
fn apply(state: &mut State, changes: Vec<Change>) {
    if state.fault.is_some() {
        return;
    }
    for change in changes {
        let applied = match change {
            Change::Put {
                id,
                seq_no,
                prepared,
            } => state.derived.put(&id, seq_no, &prepared),
            Change::Delete { id } => state.derived.delete(&id),
        };
        if let Err(error) = applied {
            state.fault = Some(Fault::Behind(error.to_string()));
            return;
        }
    }
}

type Written = std::result::Result<(WriteAnswer, Option<Change>), ItemError>;

fn write_one(
    batch: &mut Batch<'_>,
    index: u32,
    mapping: &mut Mapping,
    state: &State,
    seq_no: u64,
    write: Write,
) -> Result<Written> {
    let Write {
        id,
        operation,
        condition,
    } = write;
    let refuse = |cause, reason: String| {
        Ok(Err(ItemError {
            id: id.clone(),
            failure: Failure::new(cause, reason),
        }))
    };
    if id.is_empty() || id.len() > MAX_ID_BYTES {
        return refuse(
            Cause::IllegalArgument,
            format!(
                "its id is {} bytes long, expected 1 to {MAX_ID_BYTES}",
                id.len()
            ),
        );
    }
    let existing = batch.header(index, &id)?;
    if let Some(reason) = conflict(condition, existing) {
        return refuse(Cause::VersionConflict, reason);
    }
    let replaced = existing.map(|(seq_no, _)| seq_no);
    let version = existing.map_or(1, |(_, version)| version + 1);
    match operation {
        Operation::Delete => {
            let Some(replaced) = replaced else {
                let answer = WriteAnswer {
                    id,
                    outcome: Outcome::NotFound,
                    seq_no,
                    version,
                    source: None,
                };
                return Ok(Ok((answer, None)));
            };
            batch.delete(index, &id, seq_no, replaced)?;
            let answer = WriteAnswer {
                id: id.clone(),
                outcome: Outcome::Deleted,
                seq_no,
                version,
                source: None,
            };
            Ok(Ok((answer, Some(Change::Delete { id }))))
        }
        Operation::Update(_) => refuse(
            Cause::IllegalArgument,
            "updates are not executed yet".to_owned(),
        ),
        Operation::Index(document) => {
            if document.source.len() > MAX_SOURCE_BYTES {
                let length = document.source.len();
                let reason = format!("it is {length} bytes long, at most {MAX_SOURCE_BYTES} fit");
                return refuse(Cause::DocumentParsing, reason);
            }
            let source = match document.value() {
                Ok(source @ Value::Object(_)) => source,
                Ok(_) => return refuse(Cause::DocumentParsing, "it is no JSON object".to_owned()),
                Err(error) => {
                    return refuse(Cause::DocumentParsing, format!("it is no JSON: {error}"));
                }
            };
            let grown = match grow(mapping, &source) {
                Ok(grown) => grown,
                Err(reason) => return refuse(Cause::DocumentParsing, reason),
            };
            let prepared = match &grown {
                Some((_, plan)) => prepare(plan, &document, &source),
                None if *mapping == *state.mapping => prepare(&state.plan, &document, &source),
                None => prepare(&Plan::new(mapping), &document, &source),
            };
            let prepared = match prepared {
                Ok(prepared) => prepared,
                Err(reason) => return refuse(Cause::DocumentParsing, reason),
            };
            if let Some((grown, _)) = grown {
                *mapping = grown;
            }
            batch.put(index, (&id, &document), (seq_no, version), replaced)?;
            let outcome = if replaced.is_some() {
                Outcome::Updated
            } else {
                Outcome::Created
            };
            let answer = WriteAnswer {
                id: id.clone(),
                outcome,
                seq_no,
                version,
                source: None,
            };
            Ok(Ok((
                answer,
                Some(Change::Put {
                    id,
                    seq_no,
                    prepared,
                }),
            )))
        }
    }
}

fn conflict(condition: Condition, existing: Option<(u64, u64)>) -> Option<String> {
    match (condition, existing) {
        (Condition::Always, _) | (Condition::Absent, None) => None,
        (Condition::SeqNo { seq_no, .. }, Some((found, _))) if seq_no == found => None,
        (Condition::Absent, Some((found, _))) => {
            Some(format!("it exists already, last written by seq_no {found}"))
        }
        (Condition::SeqNo { seq_no, .. }, Some((found, _))) => {
            Some(format!("expected seq_no {seq_no}, got {found}"))
        }
        (Condition::SeqNo { seq_no, .. }, None) => {
            Some(format!("expected seq_no {seq_no}, but it does not exist"))
        }
        (Condition::External { .. }, _) => Some("external versions are not kept yet".to_owned()),
    }
}

type Grown = Option<(Mapping, Plan)>;

/// Answers the mapping with the fields that a source brings, when it brings any.
fn grow(mapping: &Mapping, source: &Value) -> std::result::Result<Grown, String> {
    let (found, refused) = mapping.unmapped(source);
    if let Some(name) = refused.first() {
        return Err(format!("field name {name:?} is not valid"));
    }
    if found.fields().next().is_none() {
        return Ok(None);
    }
    let mut grown = mapping.clone();
    grown
        .merge(found)
        .map_err(|error| EngineError::from(error).to_string())?;
    let plan = Plan::new(&grown);
    Ok(Some((grown, plan)))
}
