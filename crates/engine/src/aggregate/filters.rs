//! Buckets of what matches a query, of what has no value, and of everything.

use super::buckets::{Counts, inner_bucket};
use super::columns::{Column, Pairs};
use super::field::Field;
use super::node::{Answers, Collect, Node, Segment, Shape};
use super::single::Choose;
use crate::error::{EngineError, Result};
use ann::BitSet;
use query::{AggregationResult, Bucket, Filters, Key, Query};

/// A query and what matches it in the open index.
struct Matching {
    query: Query,
    /// The path of the nested objects that are asked; none = the documents themselves.
    scope: Option<String>,
    /// Of which index, and what matches in each of its segments.
    found: Option<(usize, Vec<BitSet>)>,
    segment: usize,
}

impl Matching {
    fn new(query: Query, scope: Option<&str>) -> Self {
        Self {
            query,
            scope: scope.map(str::to_owned),
            found: None,
            segment: 0,
        }
    }

    fn open(&mut self, segment: &Segment<'_>) -> Result<()> {
        let is_known = self
            .found
            .as_ref()
            .is_some_and(|(index, _)| *index == segment.number);
        if !is_known {
            let found = (segment.filter)(segment.snapshot, &self.query, self.scope.as_deref())?;
            if found.len() != segment.snapshot.searcher.segment_readers().len() {
                let reason = "a filter was not answered for every segment";
                return Err(EngineError::Query(reason.to_owned()));
            }
            self.found = Some((segment.number, found));
        }
        self.segment = segment.ordinal;
        Ok(())
    }

    #[inline]
    fn has(&self, doc: u32) -> bool {
        let found = self
            .found
            .as_ref()
            .and_then(|(_, found)| found.get(self.segment));
        found.is_some_and(|found| doc < found.len() && found.contains(doc))
    }
}

/// Chooses what matches a query.
pub(super) struct Filtered(Matching);

impl Filtered {
    pub(super) fn new(query: Query, scope: Option<&str>) -> Self {
        Self(Matching::new(query, scope))
    }
}

impl Choose for Filtered {
    fn open(&mut self, segment: &Segment<'_>) -> Result<()> {
        self.0.open(segment)
    }

    fn choose(&mut self, pairs: &Pairs, mut take: impl FnMut(u32, u32)) {
        let fitting = pairs.iter().filter(|(_, doc)| self.0.has(*doc));
        fitting.for_each(|(owner, doc)| take(owner, doc));
    }

    fn type_name(&self) -> &'static str {
        "filter"
    }
}

/// Chooses everything there is, whatever the search asks for.
pub(super) struct Everything;

impl Choose for Everything {
    fn open(&mut self, _: &Segment<'_>) -> Result<()> {
        Ok(())
    }

    fn choose(&mut self, pairs: &Pairs, mut take: impl FnMut(u32, u32)) {
        pairs.iter().for_each(|(owner, doc)| take(owner, doc));
    }

    fn takes_every_document(&self) -> bool {
        true
    }

    fn type_name(&self) -> &'static str {
        "global"
    }
}

/// Chooses what has no value.
pub(super) struct Missing {
    field: Field,
    column: Column,
    /// Whether every document of the segment has the same one value.
    constant: bool,
}

impl Missing {
    pub(super) fn new(field: Field) -> Self {
        Self {
            field,
            column: Column::Empty,
            constant: false,
        }
    }
}

impl Choose for Missing {
    fn open(&mut self, segment: &Segment<'_>) -> Result<()> {
        let (column, constant) = self.field.open(segment)?;
        self.constant = constant.is_some();
        self.column = column;
        Ok(())
    }

    fn choose(&mut self, pairs: &Pairs, mut take: impl FnMut(u32, u32)) {
        // Where a value stands for none, nothing lacks one.
        if self.constant || self.field.missing.is_some() {
            return;
        }
        let lacking = pairs.iter().filter(|(_, doc)| !self.column.has(*doc));
        lacking.for_each(|(owner, doc)| take(owner, doc));
    }

    fn type_name(&self) -> &'static str {
        "missing"
    }
}

/// A bucket for each query. The bucket of query q inside of bucket b has the number b x buckets + q.
pub(super) struct FilterBuckets {
    filters: Vec<(String, Matching)>,
    named: bool,
    other: Option<String>,
    counts: Counts,
}

impl FilterBuckets {
    pub(super) fn new(options: &Filters, scope: Option<&str>) -> Self {
        let filter =
            |(name, query): &(String, Query)| (name.clone(), Matching::new(query.clone(), scope));
        let mut filters: Vec<_> = options.filters.iter().map(filter).collect();
        // Elasticsearch answers them by name, not in the order of the request.
        filters.sort_by(|left, right| left.0.cmp(&right.0));
        Self {
            filters,
            named: options.named,
            other: options.other.clone(),
            counts: Counts::default(),
        }
    }

    /// How many buckets there are inside of each one.
    fn width(&self) -> u32 {
        self.filters.len() as u32 + u32::from(self.other.is_some())
    }
}

impl Collect for FilterBuckets {
    fn open(&mut self, segment: &Segment<'_>) -> Result<()> {
        self.filters
            .iter_mut()
            .try_for_each(|(_, matching)| matching.open(segment))
    }

    fn collect(&mut self, pairs: &Pairs, inner: &mut Pairs) -> Result<()> {
        let width = self.width();
        inner.buckets = pairs.buckets.saturating_mul(width);
        self.counts.grow(inner.buckets)?;
        for (owner, doc) in pairs.iter() {
            let mut fits = false;
            for (number, (_, matching)) in (0..).zip(&self.filters) {
                if matching.has(doc) {
                    fits = true;
                    self.counts.count(owner * width + number);
                    inner.push(owner * width + number, doc);
                }
            }
            if !fits && self.other.is_some() {
                self.counts.count(owner * width + width - 1);
                inner.push(owner * width + width - 1, doc);
            }
        }
        Ok(())
    }

    fn shape(&self) -> Shape {
        Shape::Buckets
    }

    fn type_name(&self) -> &'static str {
        "filters"
    }

    fn answer(
        &self,
        owner: u32,
        inside: &[Node],
        answers: &mut Answers<'_>,
    ) -> Result<AggregationResult> {
        answers.take(self.width() as usize)?;
        let has_names = self.filters.iter().any(|(name, _)| !name.is_empty());
        let names = self.filters.iter().map(|(name, _)| name).chain(&self.other);
        let mut buckets = Vec::with_capacity(self.width() as usize);
        for (number, name) in (0..).zip(names) {
            let bucket = inner_bucket(owner, self.width(), number);
            buckets.push(Bucket {
                key: if has_names {
                    Key::Text(name.clone())
                } else {
                    Key::None
                },
                text: None,
                bounds: None,
                documents: self.counts.get(bucket),
                aggregations: answers.of(inside, bucket)?,
            });
        }
        Ok(AggregationResult::Buckets {
            buckets,
            keyed: self.named,
            others: None,
        })
    }
}
