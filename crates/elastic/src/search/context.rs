//! What every part of a search's body is read with.

use crate::json::{Node, Place};
use crate::reading::{Fault, Read, Reader, illegal};
use document::{Cause, Failure};
use query::DateReading;
use std::cell::{Cell, RefCell};

/// How many queries may lie in each other.
const MAX_QUERY_DEPTH: usize = 30;

/// How many aggregations may lie in each other.
const MAX_AGGREGATION_DEPTH: usize = 100;

/// What every part of a search's body is read with.
#[derive(Debug)]
pub(super) struct Context<'a> {
    /// Reads values.
    pub(super) reader: Reader<'a>,
    /// The moment that `now` names, in milliseconds since 1970.
    pub(super) now_ms: i64,
    /// How many hits the search answers: as many neighbours a `knn` query without `k` finds.
    pub(super) size: usize,
    queries: Cell<usize>,
    aggregations: Cell<usize>,
    late: RefCell<Option<Failure>>,
    old: RefCell<Option<Failure>>,
}

impl<'a> Context<'a> {
    /// Makes one for a text.
    pub(super) fn new(text: &'a [u8], now_ms: i64) -> Self {
        Self {
            reader: Reader::new(text),
            now_ms,
            size: super::DEFAULT_SIZE,
            queries: Cell::new(0),
            aggregations: Cell::new(0),
            late: RefCell::new(None),
            old: RefCell::new(None),
        }
    }

    /// Reads a query that lies in another one.
    pub(super) fn deeper<T>(&self, at: Place, read: impl FnOnce() -> Read<T>) -> Read<T> {
        let depth = self.queries.get() + 1;
        if depth > MAX_QUERY_DEPTH {
            return Err(illegal(
                at,
                "The nested depth of the query exceeds the maximum nested depth for queries set in [indices.query.bool.max_nested_depth]",
            ));
        }
        self.queries.set(depth);
        let read = read();
        self.queries.set(depth - 1);
        read
    }

    /// Reads aggregations that lie in another one.
    pub(super) fn deeper_aggregations<T>(
        &self,
        node: &Node<'_>,
        read: impl FnOnce() -> Read<T>,
    ) -> Read<T> {
        let depth = self.aggregations.get() + 1;
        if depth > MAX_AGGREGATION_DEPTH {
            return Err(illegal(
                node.at,
                format!("more than [{MAX_AGGREGATION_DEPTH}] aggregations lie in each other"),
            ));
        }
        self.aggregations.set(depth);
        let read = read();
        self.aggregations.set(depth - 1);
        read
    }

    /// Notes what an index will refuse, once the whole body is read; the first of several counts.
    pub(super) fn refuse_later(&self, failure: Failure) {
        self.late.borrow_mut().get_or_insert(failure);
    }

    /// Notes what is refused to clients after 7; the first of several counts.
    pub(super) fn refuse_after_seven(&self, failure: Failure) {
        self.old.borrow_mut().get_or_insert(failure);
    }

    /// What an index will refuse, and what is refused to clients after 7.
    pub(super) fn into_refused(self) -> (Option<Failure>, Option<Failure>) {
        (self.late.into_inner(), self.old.into_inner())
    }

    /// How dates are read where nothing else is said.
    pub(super) fn dates(&self) -> DateReading {
        DateReading {
            now_ms: self.now_ms,
            ..DateReading::default()
        }
    }
}

/// Makes what an index says of a query that cannot be made for it.
pub(super) fn refused(at: Place, cause: Failure) -> Fault {
    let reason = format!("failed to create query: {}", cause.reason);
    Fault {
        failure: Failure::new(Cause::QueryShard, reason).caused_by(cause),
        at,
    }
}
