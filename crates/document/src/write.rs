//! Writes and what is answered to them.

use crate::{Document, Failure, Json};
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
    /// Changes the document that has this id.
    Update(Update),
    /// Removes the document.
    Delete,
}

/// A change to a document.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Update {
    /// A JSON object that is merged into the source: objects member by member, anything else replaced.
    pub partial: Vec<u8>,
    /// The document that is stored where none has the id.
    pub upsert: Option<Document>,
    /// Whether `partial` itself is stored where no document has the id.
    pub partial_as_upsert: bool,
    /// Whether a change that changes nothing is written all the same.
    pub write_unchanged: bool,
    /// A script that changes the document, in place of `partial`.
    pub script: Option<UpdateScript>,
    /// The routing of the document where `partial` itself is stored; none = nothing was said.
    pub routing: Option<String>,
}

impl Update {
    /// Says the routing of the document that it makes; none leaves it as it is.
    #[must_use]
    pub fn routed(mut self, routing: Option<String>) -> Self {
        if let Some(upsert) = &mut self.upsert {
            upsert.routing.clone_from(&routing);
        }
        self.routing = routing;
        self
    }
}

/// A script that changes a document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UpdateScript {
    /// The source, in Painless. It changes `ctx._source`, and may set `ctx.op` to `index`, `delete`, `noop` or `none`.
    pub source: String,
    /// A JSON object, which it reads as `params`.
    pub params: Json,
    /// Whether it runs over `upsert` too where no document has the id.
    pub makes_upsert: bool,
}

/// What must hold for a write to happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Condition {
    /// Nothing.
    #[default]
    Always,
    /// No document has this id.
    Absent,
    /// The document was last written by this sequence number, in this term.
    SeqNo {
        /// The sequence number.
        seq_no: u64,
        /// The term; there is one term, 1.
        primary_term: u64,
    },
    /// The version given by the client is greater than the stored one, and becomes the document's.
    External {
        /// The version.
        version: u64,
        /// Whether an equal version is enough.
        or_equal: bool,
    },
}

/// The term that every write of the embedded engine belongs to.
pub const PRIMARY_TERM: u64 = 1;

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
    /// The change changed nothing, so nothing was written.
    Noop,
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
    /// How many times the document was written since it was created, 1 for the first, or what the client says; 0 also
    /// where there is none.
    pub version: u64,
    /// Into how many copies each shard is to be kept by the settings of the index, itself counted: 1 or more.
    pub copies: u64,
    /// The source after an update; none for other writes.
    pub source: Option<Vec<u8>>,
}

impl WriteAnswer {
    /// Whether there is, or was, a document: a change of nothing may change nothing.
    pub fn has_document(&self) -> bool {
        self.outcome != Outcome::Noop || self.version > 0
    }
}

/// The answer to a write that was refused. The other writes of its batch are not touched by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("document {id}: {failure}")]
pub struct ItemError {
    /// The document's id as given.
    pub id: String,
    /// What is wrong, naming the field.
    pub failure: Failure,
}
