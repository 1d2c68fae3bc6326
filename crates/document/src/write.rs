//! Writes and what is answered to them.

use crate::{Document, ErrorKind};
use serde::{Deserialize, Serialize};

/// One write to one document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Write {
    /// The document's id: 1 to 512 bytes.
    pub id: String,
    /// What to do.
    pub operation: Operation,
    /// What must hold for the write to happen.
    pub condition: Condition,
}

/// What a write does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Operation {
    /// Stores the document, replacing what has this id.
    Index(Document),
    /// Removes the document.
    Delete,
}

/// What must hold for a write to happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Condition {
    /// Nothing.
    #[default]
    Always,
    /// No document has this id.
    Absent,
    /// The document was last written by this sequence number.
    SeqNo(u64),
}

/// What became of a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// No document had this id.
    Created,
    /// A document was replaced.
    Updated,
    /// A document was removed.
    Deleted,
    /// There was nothing to remove.
    NotFound,
}

/// The answer to a write that is on disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WriteAnswer {
    /// The document's id.
    pub id: String,
    /// What became of it.
    pub outcome: Outcome,
    /// The number of this write in its index: 0 for the first, greater = later.
    pub seq_no: u64,
    /// How many times the document was written since it was created: 1 for the first.
    pub version: u64,
}

/// The answer to a write that was refused. The other writes of its batch are not touched by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("document {id}: {reason}")]
pub struct ItemError {
    /// The document's id as given.
    pub id: String,
    /// The sort of failure.
    pub kind: ErrorKind,
    /// What is wrong, naming the field.
    pub reason: String,
}
