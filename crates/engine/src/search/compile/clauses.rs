//! Several queries in one.

use super::refusal::Refusal;
use super::{Compiled, Compiler, constant, everything, fits};
use crate::error::Result;
use query::{Bool, Query};
use std::cell::RefCell;
use tantivy::query::{BooleanQuery, EmptyQuery, Occur};

/// The most queries in one, as Elasticsearch counts them with a heap of half a gigabyte.
const MAX_CLAUSES: usize = 8192;

impl Compiler<'_> {
    pub(super) fn boolean(&self, clauses: &Bool) -> Result<Compiled> {
        if self.excludes_everything(clauses) {
            return Ok(Box::new(EmptyQuery));
        }
        let count = [
            &clauses.must,
            &clauses.filter,
            &clauses.should,
            &clauses.must_not,
        ];
        if count.iter().map(|queries| queries.len()).sum::<usize>() > MAX_CLAUSES {
            return self.refuse(Refusal::Clauses(MAX_CLAUSES));
        }
        let mut compiled: Vec<(Occur, Compiled)> = Vec::new();
        for query in &clauses.must {
            compiled.push((Occur::Must, self.compile(query)?));
        }
        for query in &clauses.filter {
            compiled.push((Occur::Must, constant(self.compile(query)?, 0.0)));
        }
        let should = clauses.should.len();
        let alone = compiled.is_empty() && should > 0;
        // One of the queries has to match when nothing else does.
        let required = self.required(clauses.minimum_should_match.as_ref(), should)?;
        // Of none, no number can match.
        if should == 0 && required > 0 && !compiled.is_empty() {
            return Ok(Box::new(EmptyQuery));
        }
        let required = match should {
            0 => 0,
            _ => required.max(usize::from(alone)),
        };
        if compiled.is_empty() && should == 0 {
            // Nothing is asked for: everything matches that nothing excludes.
            let score = match clauses.must_not.is_empty() {
                true => 1.0,
                false => 0.0,
            };
            compiled.push((Occur::Must, everything(score)));
        }
        for query in &clauses.should {
            compiled.push((Occur::Should, self.compile(query)?));
        }
        // No object of theirs is answered, for no document with one is.
        let unanswered = RefCell::default();
        let excluding = Compiler {
            inner: &unanswered,
            ..*self
        };
        for query in &clauses.must_not {
            compiled.push((Occur::MustNot, excluding.compile(query)?));
        }
        Ok(Box::new(BooleanQuery::with_minimum_required_clauses(
            compiled, required,
        )))
    }

    /// Whether no document can match, so that what else is asked for is not looked at: Elasticsearch finds no fault in it.
    fn excludes_everything(&self, clauses: &Bool) -> bool {
        let mut required = clauses.must.iter().chain(&clauses.filter);
        required.any(|query| self.is_nothing(query))
            || clauses
                .must_not
                .iter()
                .any(|query| matches!(query, Query::All))
            || (clauses.must.is_empty()
                && clauses.filter.is_empty()
                && !clauses.should.is_empty()
                && clauses.should.iter().all(|query| self.is_nothing(query)))
    }

    /// Whether a query matches nothing, whatever the documents hold.
    pub(super) fn is_nothing(&self, query: &Query) -> bool {
        let is_unmapped = |field: &str| {
            !field.contains('*')
                && !field.starts_with('_')
                && self.snapshot.fields.get(field).is_none()
        };
        match query {
            Query::None => true,
            Query::Ids(ids) => ids.is_empty(),
            Query::Terms { field, values } => values.is_empty() || is_unmapped(field),
            Query::Term { field, .. }
            | Query::Range { field, .. }
            | Query::Prefix { field, .. }
            | Query::Wildcard { field, .. }
            | Query::Fuzzy { field, .. } => is_unmapped(field),
            Query::Exists { field } if !field.starts_with('_') => {
                !self.snapshot.fields.iter().any(|columns| {
                    let path = columns.leaf.path.as_str();
                    fits(field, path)
                        || path
                            .strip_prefix(field.as_str())
                            .is_some_and(|inside| inside.starts_with('.'))
                })
            }
            Query::Bool(clauses) => self.excludes_everything(clauses),
            Query::ConstantScore { query, .. }
            | Query::Boost { query, .. }
            | Query::Named { query, .. }
            | Query::Boosting {
                positive: query, ..
            } => self.is_nothing(query),
            _ => false,
        }
    }
}
