//! Aggregations with a single bucket inside of each bucket around them.

use super::buckets::Counts;
use super::columns::Pairs;
use super::node::{Answers, Collect, Node, Segment, Shape};
use crate::error::Result;
use query::AggregationResult;

/// What falls into a single bucket.
pub(super) trait Choose {
    /// Begins a segment.
    fn open(&mut self, segment: &Segment<'_>) -> Result<()>;

    /// Tells which parts a block of documents brings into the bucket, each with the bucket around it.
    fn choose(&mut self, pairs: &Pairs, take: impl FnMut(u32, u32));

    /// Whether it is given every document rather than those that match.
    fn takes_every_document(&self) -> bool {
        false
    }

    /// The name of the type of the answers.
    fn type_name(&self) -> &'static str;
}

/// A single bucket. It has the number of the bucket around it.
pub(super) struct Single<C> {
    chosen: C,
    counts: Counts,
}

impl<C> Single<C> {
    pub(super) fn new(chosen: C) -> Self {
        Self {
            chosen,
            counts: Counts::default(),
        }
    }
}

impl<C: Choose> Collect for Single<C> {
    fn open(&mut self, segment: &Segment<'_>) -> Result<()> {
        self.chosen.open(segment)
    }

    fn collect(&mut self, pairs: &Pairs, inner: &mut Pairs) -> Result<()> {
        inner.buckets = pairs.buckets;
        self.counts.grow(pairs.buckets)?;
        let counts = &mut self.counts;
        self.chosen.choose(pairs, |owner, part| {
            counts.count(owner);
            inner.push(owner, part);
        });
        Ok(())
    }

    fn takes_every_document(&self) -> bool {
        self.chosen.takes_every_document()
    }

    fn shape(&self) -> Shape {
        Shape::Single
    }

    fn number(&self, owner: u32, _: &str) -> f64 {
        self.counts.get(owner) as f64
    }

    fn type_name(&self) -> &'static str {
        self.chosen.type_name()
    }

    fn answer(
        &self,
        owner: u32,
        inside: &[Node],
        answers: &mut Answers<'_>,
    ) -> Result<AggregationResult> {
        Ok(AggregationResult::Single {
            documents: self.counts.get(owner),
            aggregations: answers.of(inside, owner)?,
        })
    }
}
