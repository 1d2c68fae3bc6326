//! Several queries in one.

use super::{Compiled, Compiler, constant, everything};
use crate::error::Result;
use query::Bool;
use tantivy::query::{BooleanQuery, Occur};

impl Compiler<'_> {
    pub(super) fn boolean(&self, clauses: &Bool) -> Result<Compiled> {
        let mut compiled: Vec<(Occur, Compiled)> = Vec::new();
        for query in &clauses.must {
            compiled.push((Occur::Must, self.compile(query)?));
        }
        for query in &clauses.filter {
            compiled.push((Occur::Must, constant(self.compile(query)?, 0.0)));
        }
        let should = clauses.should.len();
        let alone = compiled.is_empty() && should > 0;
        let required = match &clauses.minimum_should_match {
            // One of the queries has to match when nothing else does.
            Some(minimum) => minimum.of(should).max(usize::from(alone)),
            None => usize::from(alone),
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
        for query in &clauses.must_not {
            compiled.push((Occur::MustNot, self.compile(query)?));
        }
        Ok(Box::new(BooleanQuery::with_minimum_required_clauses(
            compiled, required,
        )))
    }
}
