//! Queries that do not fit a field, in Elasticsearch's words.

use crate::error::EngineError;
use crate::snapshot::Snapshot;
use document::{Cause, Failure};

/// Why a query does not fit a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::search) enum Refusal {
    /// A text that should be a number.
    Number(String),
    /// A text that should be a date, as the reader of dates refused it.
    Date(Box<Failure>),
    /// Any other value that is not allowed.
    Value(String),
    /// Something that the mapping does not have.
    State(String),
    /// A kind of query that the field cannot answer; nothing lies beneath.
    Kind(String),
    /// A place where nothing is.
    Place(String),
    /// More queries in one than this.
    Clauses(usize),
}

impl Refusal {
    /// Tells the failure, naming the index.
    pub(in crate::search) fn failure(self, snapshot: &Snapshot) -> EngineError {
        let in_index = |failure: Failure| -> EngineError {
            let mut failure = failure.in_index(&snapshot.name);
            failure.index_uuid = Some(snapshot.settings.uuid().to_owned());
            failure.into()
        };
        let beneath = match self {
            Self::Kind(reason) => return in_index(Failure::new(Cause::QueryShard, reason)),
            Self::Number(reason) => Failure::new(Cause::NumberFormat, reason),
            Self::Value(reason) => Failure::new(Cause::IllegalArgument, reason),
            Self::State(reason) => Failure::new(Cause::IllegalState, reason),
            Self::Place(reason) => Failure::new(Cause::IndexOutOfBounds, reason),
            Self::Date(failure) => *failure,
            Self::Clauses(most) => {
                let reason = format!("maxClauseCount is set to {most}");
                Failure::new(Cause::TooManyClauses, reason)
            }
        };
        let reason = format!("failed to create query: {}", beneath.reason);
        in_index(Failure::new(Cause::QueryShard, reason).caused_by(beneath))
    }
}

/// Refuses a query for a reason beneath which nothing lies.
pub(in crate::search) fn refused(snapshot: &Snapshot, reason: impl Into<String>) -> EngineError {
    Refusal::Kind(reason.into()).failure(snapshot)
}

/// Refuses a query for a value that it cannot have.
pub(super) fn refused_value(snapshot: &Snapshot, reason: impl Into<String>) -> EngineError {
    Refusal::Value(reason.into()).failure(snapshot)
}
