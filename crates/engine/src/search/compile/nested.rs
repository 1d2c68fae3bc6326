//! Queries on nested objects.

use super::leaf::exactly;
use super::refusal::Refusal;
use super::{Compiled, Compiler};
use crate::error::Result;
use crate::search::score::{Join, Parts};
use crate::search::shard::filtered;
use crate::text::ITSELF;
use document::Failure;
use query::{InnerHits, Query, ScoreMode};
use std::cell::RefCell;
use tantivy::Term;
use tantivy::query::{AllQuery, EmptyQuery};

/// Nested objects that are answered with what is around them.
pub(in crate::search) struct Inner {
    pub(in crate::search) path: String,
    pub(in crate::search) asked: InnerHits,
    /// The objects that match.
    pub(in crate::search) query: Compiled,
    /// The queries among them that have a name.
    pub(in crate::search) named: Vec<(String, Compiled)>,
    /// Objects that are answered with these objects.
    pub(in crate::search) inner: Vec<Inner>,
}

impl Compiler<'_> {
    pub(super) fn nested(
        &self,
        path: &str,
        query: &Query,
        (mode, ignore_unmapped): (ScoreMode, bool),
        inner_hits: Option<&InnerHits>,
    ) -> Result<Compiled> {
        if !self.is_nested(path) {
            if ignore_unmapped {
                return Ok(Box::new(EmptyQuery));
            }
            return self.refuse(Refusal::State(no_objects(path)));
        }
        let within = RefCell::default();
        let compiler = Compiler {
            scope: Some(path),
            inner: &within,
            ..*self
        };
        let objects = compiler.compile_within(query)?;
        // Objects within these are answered with these alone.
        if let Some(asked) = inner_hits {
            let (named, none) = (RefCell::default(), RefCell::default());
            let all = Compiler {
                every: true,
                inner: &none,
                named: &named,
                ..compiler
            };
            let query = all.compile_within(query)?;
            self.answer_inner(Inner {
                path: path.to_owned(),
                asked: asked.clone(),
                query,
                named: named.into_inner(),
                inner: within.into_inner(),
            })?;
        }
        self.around(objects, mode)
    }

    /// Remembers to answer objects with what is around them.
    ///
    /// # Errors
    /// When others are answered under the same name.
    pub(in crate::search) fn answer_inner(&self, inner: Inner) -> Result<()> {
        let name = &inner.asked.name;
        let mut known = self.inner.borrow_mut();
        if known.iter().any(|other| other.asked.name == *name) {
            let reason = format!("[inner_hits] already contains an entry for key [{name}]");
            return Err(Failure::illegal_argument(reason).into());
        }
        known.push(inner);
        Ok(())
    }

    /// Documents, or objects of the scope, around objects that match.
    pub(in crate::search) fn around(&self, objects: Compiled, mode: ScoreMode) -> Result<Compiled> {
        let kind = self.scope.unwrap_or(ITSELF);
        let segments = self.snapshot.searcher.segment_readers();
        let around = Parts::new(segments, self.snapshot.parts(kind)?);
        Ok(Box::new(Join::new(objects, around, mode)))
    }

    fn is_nested(&self, path: &str) -> bool {
        let object = self.snapshot.mapping.object(path);
        object.is_some_and(|object| object.nested)
    }

    /// A compiler for queries on the objects of a nested field.
    pub(in crate::search) fn within<'b>(&'b self, path: &'b str) -> Compiler<'b> {
        Compiler {
            snapshot: self.snapshot,
            stop: self.stop,
            named: self.named,
            faults: self.faults,
            inner: self.inner,
            scope: Some(path),
            every: self.every,
        }
    }

    /// Compiles a query whose matches are parts of one kind alone: the objects of the scope, or documents.
    pub(in crate::search) fn compile_within(&self, query: &Query) -> Result<Compiled> {
        let compiled = self.compile(query)?;
        if !self.snapshot.has_nested() {
            return Ok(compiled);
        }
        let kind = self.scope.unwrap_or(ITSELF);
        let own = exactly(Term::from_field_text(self.snapshot.fields.nested, kind));
        Ok(filtered(compiled, Some(own)))
    }

    /// The objects of a nested field that match a filter.
    pub(in crate::search) fn objects(
        &self,
        path: &str,
        filter: Option<&Query>,
    ) -> Result<Compiled> {
        if !self.is_nested(path) {
            return self.refuse(Refusal::Kind(no_objects(path)));
        }
        match filter {
            Some(filter) => self.within(path).compile_within(filter),
            None => {
                let nested = self.snapshot.fields.nested;
                let own = exactly(Term::from_field_text(nested, path));
                Ok(filtered(Box::new(AllQuery), Some(own)))
            }
        }
    }
}

fn no_objects(path: &str) -> String {
    format!("[nested] failed to find nested object under path [{path}]")
}
