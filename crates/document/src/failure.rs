//! Failures as their receiver needs them: what sort, why, and from what.

use crate::ErrorKind;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What exactly went wrong; the wire layer has a name for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Cause {
    /// The request's text breaks the rules of its language.
    Parsing,
    /// A request cannot be read at all.
    Parse,
    /// A member of a request's JSON is not known or of the wrong sort.
    ContentParsing,
    /// A request's JSON ends too early.
    ContentEnd,
    /// A request is no JSON.
    JsonParsing,
    /// A number of a request is too great for its place.
    NumberRange,
    /// A request is the beginning of JSON.
    JsonEnd,
    /// A name for a kind of thing that nobody knows.
    NamedObjectNotFound,
    /// A value of the request is not allowed.
    IllegalArgument,
    /// A text that should be a number is none.
    NumberFormat,
    /// A text that should be a date is none.
    DateFormat,
    /// A text that should name a time zone names none.
    TimeZone,
    /// A request lacks something or contradicts itself.
    Validation,
    /// Parameters of an address do not belong together.
    Parameters,
    /// A header names a type of content that is none, or that cannot be served.
    MediaType,
    /// Something has to be answered by a status of its own.
    Status,
    /// The definition of a field cannot be accepted.
    MapperParsing,
    /// A document has a value that its field cannot hold.
    DocumentParsing,
    /// A document brings a field where the mapping allows no new ones.
    StrictDynamicMapping,
    /// The index does not exist.
    IndexNotFound,
    /// An alias was demanded, and the name is none.
    NoAlias,
    /// The index demands a routing for each document, and none was given.
    RoutingMissing,
    /// The index exists already.
    IndexExists,
    /// The name cannot be an index's.
    IndexName,
    /// The document does not exist.
    DocumentMissing,
    /// A type of documents that no index has.
    TypeMissing,
    /// Something that was asked for by its name does not exist.
    ResourceNotFound,
    /// The document changed since the caller looked, or exists already.
    VersionConflict,
    /// A query does not fit the index's mapping.
    QueryShard,
    /// A text breaks the rules of the language in which queries are typed.
    QuerySyntax,
    /// What buckets are to be sorted by is no number of theirs.
    AggregationPath,
    /// A query grew past the limit of clauses.
    TooManyClauses,
    /// An aggregation made more buckets than are allowed.
    TooManyBuckets,
    /// A script cannot be compiled or failed while it ran.
    Script,
    /// A null where a value was needed.
    NullPointer,
    /// Something is in the wrong state for what was asked.
    IllegalState,
    /// A script divided by zero or the like.
    Arithmetic,
    /// A value was of another type than it was used as.
    ClassCast,
    /// A place outside of a list or text.
    IndexOutOfBounds,
    /// Nobody waits for the answer any more.
    Stopped,
    /// Stored bytes fail their checksum or make no sense.
    Corrupt,
    /// Another process, a full disk or a stop stands in the way.
    Unavailable,
    /// A defect of this program.
    Internal,
}

impl Cause {
    /// The sort of failure that it is.
    pub fn kind(self) -> ErrorKind {
        match self {
            Self::IndexNotFound
            | Self::NoAlias
            | Self::DocumentMissing
            | Self::TypeMissing
            | Self::ResourceNotFound => ErrorKind::NotFound,
            Self::VersionConflict | Self::IndexExists => ErrorKind::Conflict,
            Self::Corrupt => ErrorKind::Corrupt,
            Self::Unavailable | Self::Stopped => ErrorKind::Unavailable,
            Self::Internal => ErrorKind::Internal,
            _ => ErrorKind::InvalidInput,
        }
    }
}

/// A failure that travels to whoever asked, so it holds words and data, no types of the layer that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// What went wrong.
    pub cause: Cause,
    /// What is wrong, naming the thing.
    pub reason: String,
    /// The line and the character in it, both from 1, of the request's text where it was found.
    pub at: Option<(u32, u32)>,
    /// The index that it happened in.
    pub index: Option<String>,
    /// The index's random name.
    pub index_uuid: Option<String>,
    /// What lies beneath.
    pub caused_by: Option<Box<Failure>>,
    /// Where in a script it happened.
    pub script: Option<Box<ScriptTrace>>,
    /// Which part of a search failed.
    #[serde(default)]
    pub phase: Phase,
}

/// The parts of a search, each of which clients are told of in another way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Phase {
    /// Reading the request, before any index is asked.
    Request,
    /// Finding and fetching hits in an index.
    #[default]
    Index,
    /// Finding the nearest vectors before the hits.
    Nearest,
    /// Making one answer of what the indices found.
    Merge,
}

/// Where in a script a failure happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScriptTrace {
    /// The script's source.
    pub script: String,
    /// The lines around the place, the last one with a caret below it.
    pub stack: Vec<String>,
    /// The place in characters from 0, and the first and past the last character of `stack`'s excerpt.
    pub position: Option<(usize, usize, usize)>,
}

impl Failure {
    /// Makes a failure of a cause and a reason.
    pub fn new(cause: Cause, reason: impl Into<String>) -> Self {
        Self {
            cause,
            reason: reason.into(),
            at: None,
            index: None,
            index_uuid: None,
            caused_by: None,
            script: None,
            phase: Phase::default(),
        }
    }

    /// Makes a failure of a value that is not allowed.
    pub fn illegal_argument(reason: impl Into<String>) -> Self {
        Self::new(Cause::IllegalArgument, reason)
    }

    /// Says what lies beneath.
    #[must_use]
    pub fn caused_by(mut self, cause: Failure) -> Self {
        self.caused_by = Some(Box::new(cause));
        self
    }

    /// Says in which index it happened.
    #[must_use]
    pub fn in_index(mut self, index: &str) -> Self {
        self.index = Some(index.to_owned());
        self
    }

    /// Says which part of a search failed.
    #[must_use]
    pub fn in_phase(mut self, phase: Phase) -> Self {
        self.phase = phase;
        self
    }

    /// Says where in a script it happened.
    #[must_use]
    pub fn in_script(mut self, trace: ScriptTrace) -> Self {
        self.script = Some(Box::new(trace));
        self
    }

    /// The sort of failure.
    pub fn kind(&self) -> ErrorKind {
        self.cause.kind()
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)?;
        match &self.caused_by {
            Some(cause) => write!(f, ": {cause}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Failure {}
