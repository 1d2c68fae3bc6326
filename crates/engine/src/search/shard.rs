//! One of the indices that a search looks into.

use super::compile::{Compiled, Compiler, Inner};
use crate::error::{EngineError, Result};
use crate::snapshot::{Snapshot, text_error};
use ann::BitSet;
use document::Cause;
use query::Query;
use std::cell::RefCell;
use std::sync::{Arc, Mutex, PoisonError};
use tantivy::query::{BooleanQuery, ConstScoreQuery, EnableScoring, Occur, Weight};
use tantivy::{DocAddress, SegmentReader};

/// Where a document is: which of the searched indices, and where in it. The order is the one in which ties are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Place {
    pub(super) shard: usize,
    pub(super) address: DocAddress,
}

/// The first failure of what runs where only documents are asked for: a script in the middle of a query.
#[derive(Clone, Default)]
pub(super) struct Faults(Arc<Mutex<Option<EngineError>>>);

impl Faults {
    /// Keeps a failure, if it is the first.
    pub(super) fn put(&self, failure: EngineError) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get_or_insert(failure);
    }

    /// Answers the failure, if there was any.
    pub(super) fn check(&self) -> Result<()> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.take().map_or(Ok(()), Err)
    }
}

/// One index, and what compiling queries for it left behind.
pub(super) struct Shard<'a> {
    pub(super) snapshot: &'a Arc<Snapshot>,
    stop: &'a (dyn Fn() -> bool + Sync),
    /// Queries that have a name.
    pub(super) named: RefCell<Vec<(String, Compiled)>>,
    /// Objects that are answered with their document.
    pub(super) inner: RefCell<Vec<Inner>>,
    /// What went wrong where nothing can be answered but documents.
    pub(super) faults: Faults,
}

impl<'a> Shard<'a> {
    pub(super) fn new(snapshot: &'a Arc<Snapshot>, stop: &'a (dyn Fn() -> bool + Sync)) -> Self {
        Self {
            snapshot,
            stop,
            named: RefCell::default(),
            inner: RefCell::default(),
            faults: Faults::default(),
        }
    }

    pub(super) fn compiler(&self) -> Compiler<'_> {
        Compiler {
            snapshot: self.snapshot,
            stop: self.stop,
            named: &self.named,
            inner: &self.inner,
            faults: &self.faults,
            scope: None,
            every: false,
        }
    }

    pub(super) fn compile(&self, query: &Query) -> Result<Compiled> {
        let compiler = self.compiler();
        compiler.check_dates(query)?;
        compiler.compile_within(query)
    }

    /// Answers which documents match a query, or which objects of a nested field, segment by segment.
    pub(super) fn passing(&self, query: &Query, path: Option<&str>) -> Result<Vec<BitSet>> {
        // What has a name or inner hits here is none of the hits'.
        let (named, inner) = (RefCell::default(), RefCell::default());
        let documents = Compiler {
            named: &named,
            inner: &inner,
            ..self.compiler()
        };
        let compiler = match path {
            Some(path) => documents.within(path),
            None => documents,
        };
        compiler.check_dates(query)?;
        let query = compiler.compile_within(query).map_err(unwrapped)?;
        let passing = compiler.passing(&query, false)?;
        self.faults.check()?;
        Ok(passing)
    }

    pub(super) fn segments(&self) -> &[SegmentReader] {
        self.snapshot.searcher.segment_readers()
    }

    /// Makes a query ready to be run, with scores or without.
    pub(super) fn weight(&self, query: &Compiled, scored: bool) -> Result<Box<dyn Weight>> {
        let searcher = &self.snapshot.searcher;
        let scoring = match scored {
            true => EnableScoring::enabled_from_searcher(searcher),
            false => EnableScoring::disabled_from_searcher(searcher),
        };
        query.weight(scoring).map_err(text_error)
    }
}

/// A failure of a query as Elasticsearch tells that of a part of an aggregation: without what is around it.
fn unwrapped(error: EngineError) -> EngineError {
    match error {
        EngineError::Failed(mut failure) if failure.cause == Cause::QueryShard => {
            match failure.caused_by.take() {
                Some(beneath) => (*beneath).into(),
                None => EngineError::Failed(failure),
            }
        }
        error => error,
    }
}

/// A query whose matches must match a filter as well, which does not score.
pub(super) fn filtered(query: Compiled, filter: Option<Compiled>) -> Compiled {
    match filter {
        None => query,
        Some(filter) => Box::new(BooleanQuery::new(vec![
            (Occur::Must, query),
            (Occur::Must, Box::new(ConstScoreQuery::new(filter, 0.0))),
        ])),
    }
}

/// A failure of a column that cannot be read.
pub(super) fn column_error(error: std::io::Error) -> EngineError {
    text_error(error.into())
}
