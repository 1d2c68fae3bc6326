//! Writing a batch.

use super::condition::version;
use super::update::{About, Scripted, merged, scripted};
use super::{Fault, Index, State};
use crate::error::Result;
use crate::truth::{Batch, Existing, MAX_SOURCE_BYTES, Truth};
use crate::values::{Plan, Prepared, Taken, take};
use document::{
    Cause, Condition, Document, Failure, ItemError, Limits, Mapping, Operation, Outcome,
    ShardCounts, Stored, Update, UpdateScript, Write, WriteAnswer, now_ms,
};
use std::sync::Arc;

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

type Answer = std::result::Result<WriteAnswer, ItemError>;

impl Index {
    /// Writes a batch. Each write is answered by itself; when this returns, what was not refused is on the disk.
    ///
    /// # Errors
    /// When the batch as a whole could not be made durable: then none of it is.
    pub(crate) fn bulk(&self, truth: &Truth, writes: Vec<Write>) -> Result<Vec<Answer>> {
        let mut state = self.lock();
        let mut writer = Writer {
            batch: truth.begin()?,
            index: self.id,
            name: &self.name,
            mapping: state.mapping.clone(),
            plan: state.plan.clone(),
            limits: Limits::of(&state.settings),
            copies: ShardCounts::of(&state.settings).copies(),
            next_seq_no: state.next_seq_no,
            changes: Vec::new(),
        };
        let mut answers = Vec::with_capacity(writes.len());
        for write in writes {
            answers.push(writer.write(write)?);
        }
        let Writer {
            mut batch,
            mapping,
            plan,
            next_seq_no,
            changes,
            ..
        } = writer;
        if changes.is_empty() {
            return Ok(answers);
        }
        let grew = !Arc::ptr_eq(&mapping, &state.mapping);
        if grew {
            let meta = self.meta(&state, (*mapping).clone());
            batch.put_index(&self.name, &meta)?;
        }
        batch.set_next_seq_no(self.id, next_seq_no)?;
        batch.commit()?;
        state.next_seq_no = next_seq_no;
        if grew {
            state.mapping = mapping;
            state.plan = plan;
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

/// A batch while it is written. Each write sees those before it.
struct Writer<'a> {
    batch: Batch<'a>,
    index: u32,
    name: &'a str,
    mapping: Arc<Mapping>,
    plan: Arc<Plan>,
    limits: Limits,
    copies: u64,
    next_seq_no: u64,
    changes: Vec<Change>,
}

/// What became of a write, before it is known by which number.
type Done = std::result::Result<WriteAnswer, Failure>;

impl Writer<'_> {
    /// Writes one document.
    fn write(&mut self, write: Write) -> Result<Answer> {
        let Write {
            id,
            operation,
            condition,
        } = write;
        let routing = match &operation {
            Operation::Index(document) => document.routing.as_deref(),
            Operation::Update(update) => update.routing.as_deref(),
            // Who deletes has looked for the document before.
            Operation::Delete => Some(""),
        };
        let routed = self.mapping.check_routing(self.name, &id, routing);
        let done = match check_id(&id).and(routed) {
            Err(failure) => Err(failure),
            Ok(()) => {
                let existing = self.batch.existing(self.index, &id)?;
                match operation {
                    Operation::Delete => self.delete(&id, condition, existing)?,
                    Operation::Update(update) => self.update(&id, update, condition, existing)?,
                    Operation::Index(document) => self.put(&id, document, condition, existing)?,
                }
            }
        };
        Ok(done.map_err(|failure| ItemError { id, failure }))
    }

    fn delete(
        &mut self,
        id: &str,
        condition: Condition,
        existing: Option<Existing>,
    ) -> Result<Done> {
        let version = match version(id, condition, existing) {
            Ok(version) => version,
            Err(failure) => return Ok(Err(failure)),
        };
        let seq_no = self.next_seq_no;
        self.batch
            .delete(self.index, id, (seq_no, version), existing)?;
        let outcome = match existing {
            Some(Existing { deleted: false, .. }) => Outcome::Deleted,
            _ => Outcome::NotFound,
        };
        self.next_seq_no += 1;
        self.changes.push(Change::Delete { id: id.to_owned() });
        Ok(Ok(WriteAnswer {
            id: id.to_owned(),
            outcome,
            seq_no,
            version,
            copies: self.copies,
            source: None,
        }))
    }

    fn put(
        &mut self,
        id: &str,
        document: Document,
        condition: Condition,
        existing: Option<Existing>,
    ) -> Result<Done> {
        // A document that cannot be is refused as such, whatever it would have replaced.
        let prepared = match self.prepare(id, &document) {
            Ok(prepared) => prepared,
            Err(failure) => return Ok(Err(failure)),
        };
        let version = match version(id, condition, existing) {
            Ok(version) => version,
            Err(failure) => return Ok(Err(failure)),
        };
        let seq_no = self.next_seq_no;
        self.batch
            .put(self.index, (id, &document), (seq_no, version), existing)?;
        let outcome = match existing {
            Some(Existing { deleted: false, .. }) => Outcome::Updated,
            _ => Outcome::Created,
        };
        self.next_seq_no += 1;
        self.changes.push(Change::Put {
            id: id.to_owned(),
            seq_no,
            prepared,
        });
        Ok(Ok(WriteAnswer {
            id: id.to_owned(),
            outcome,
            seq_no,
            version,
            copies: self.copies,
            source: None,
        }))
    }

    fn update(
        &mut self,
        id: &str,
        update: Update,
        condition: Condition,
        existing: Option<Existing>,
    ) -> Result<Done> {
        let stored = match existing {
            Some(Existing { deleted: false, .. }) => self.batch.get(self.index, id)?,
            _ => None,
        };
        if let Some(script) = &update.script {
            let about = (stored, condition, existing);
            return self.update_by_script(id, script, update.upsert, about);
        }
        let Some(stored) = stored else {
            let partial = update.partial_as_upsert.then_some(update.partial);
            let partial = partial.map(|source| Document {
                source,
                routing: update.routing,
                ..Document::default()
            });
            let Some(document) = partial.or(update.upsert) else {
                return Ok(Err(missing(id)));
            };
            return self.put_and_tell(id, document, condition, existing);
        };
        if let Err(failure) = version(id, condition, existing) {
            return Ok(Err(failure));
        }
        let source = &stored.document.source;
        match merged(source, &update.partial, update.write_unchanged) {
            Err(failure) => Ok(Err(failure)),
            Ok(None) => Ok(Ok(self.unchanged(stored))),
            Ok(Some(source)) => {
                let document = Document {
                    source,
                    vectors: stored.document.vectors,
                    routing: update.routing.or(stored.document.routing),
                };
                self.put_and_tell(id, document, condition, existing)
            }
        }
    }

    /// Does what a script says: to the document that has the id, or to the one that is to be stored where none has.
    fn update_by_script(
        &mut self,
        id: &str,
        script: &UpdateScript,
        upsert: Option<Document>,
        (stored, condition, existing): (Option<Stored>, Condition, Option<Existing>),
    ) -> Result<Done> {
        let document = match (&stored, upsert) {
            (Some(stored), _) => stored.document.clone(),
            (None, Some(upsert)) if script.makes_upsert => upsert,
            (None, Some(upsert)) => return self.put_and_tell(id, upsert, condition, existing),
            (None, None) => return Ok(Err(missing(id))),
        };
        if let Err(failure) = version(id, condition, existing) {
            return Ok(Err(failure));
        }
        let about = About {
            index: self.name,
            id,
            version: stored.as_ref().map(|stored| stored.version),
            now_ms: now_ms(),
        };
        let done = match scripted(&document.source, script, &about) {
            Ok(done) => done,
            Err(failure) => return Ok(Err(failure)),
        };
        match (done, stored) {
            (Scripted::Index(source), _) => {
                let document = Document { source, ..document };
                self.put_and_tell(id, document, condition, existing)
            }
            (Scripted::Delete, Some(_)) => self.delete(id, condition, existing),
            (Scripted::Nothing, Some(stored)) => Ok(Ok(self.unchanged(stored))),
            // There is nothing that could stay as it is.
            (Scripted::Delete | Scripted::Nothing, None) => Ok(Ok(WriteAnswer {
                id: id.to_owned(),
                outcome: Outcome::Noop,
                seq_no: 0,
                version: 0,
                copies: self.copies,
                source: None,
            })),
        }
    }

    /// The answer to a change that changes nothing.
    fn unchanged(&self, stored: Stored) -> WriteAnswer {
        WriteAnswer {
            id: stored.id,
            outcome: Outcome::Noop,
            seq_no: stored.seq_no,
            version: stored.version,
            copies: self.copies,
            source: Some(stored.document.source),
        }
    }

    /// Stores a document and answers its source.
    fn put_and_tell(
        &mut self,
        id: &str,
        document: Document,
        condition: Condition,
        existing: Option<Existing>,
    ) -> Result<Done> {
        let source = document.source.clone();
        let done = self.put(id, document, condition, existing)?;
        Ok(done.map(|answer| WriteAnswer {
            source: Some(source),
            ..answer
        }))
    }

    /// Takes a document apart, and lets the mapping grow by the fields that it brings.
    fn prepare(&mut self, id: &str, document: &Document) -> std::result::Result<Prepared, Failure> {
        if document.source.len() > MAX_SOURCE_BYTES {
            let length = document.source.len();
            let reason =
                format!("the document is {length} bytes long, at most {MAX_SOURCE_BYTES} fit");
            return Err(Failure::new(Cause::DocumentParsing, reason));
        }
        let added = match take(&self.plan, id, document)? {
            Taken::Whole(prepared) => return Ok(prepared),
            Taken::Grows(added) => added,
        };
        let mut mapping = (*self.mapping).clone();
        mapping
            .merge(added)
            .map_err(|error| Failure::illegal_argument(error.to_string()))?;
        let plan = Plan::new(&mapping, self.limits);
        match take(&plan, id, document)? {
            Taken::Whole(prepared) => {
                self.mapping = Arc::new(mapping);
                self.plan = Arc::new(plan);
                Ok(prepared)
            }
            Taken::Grows(_) => Err(Failure::new(
                Cause::Internal,
                format!("document {id} brings fields that no mapping can have"),
            )),
        }
    }
}

fn missing(id: &str) -> Failure {
    Failure::new(Cause::DocumentMissing, format!("[{id}]: document missing"))
}

fn check_id(id: &str) -> std::result::Result<(), Failure> {
    let reason = match id.len() {
        0 => "if _id is specified it must not be empty".to_owned(),
        length if length > MAX_ID_BYTES => format!(
            "id [{id}] is too long, must be no longer than {MAX_ID_BYTES} bytes but was: {length}"
        ),
        _ => return Ok(()),
    };
    Err(Failure::illegal_argument(reason))
}
