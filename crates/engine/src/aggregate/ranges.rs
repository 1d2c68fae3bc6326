//! A bucket for each range of a number or of time.

use super::buckets::{Counts, inner_bucket};
use super::columns::{Column, Loaded, Pairs};
use super::decimal::java_double;
use super::field::Field;
use super::format::Format;
use super::node::{Answers, Collect, Node, Segment, Shape};
use crate::error::Result;
use document::Failure;
use query::{AggregationResult, Bounds, Bucket, Key, RangeBucket, Ranges};

/// Buckets by range, sorted by their bounds. The bucket of range r inside of bucket b has the number b x ranges + r.
pub(super) struct RangeBuckets {
    field: Field,
    ranges: Vec<Range>,
    keyed: bool,
    type_name: &'static str,
    missing: Option<f64>,
    column: Column,
    loaded: Loaded<f64>,
    counts: Counts,
}

struct Range {
    key: Option<String>,
    /// As they were given.
    from: f64,
    to: f64,
    /// As values are kept.
    first: f64,
    end: f64,
}

impl RangeBuckets {
    pub(super) fn new(
        name: &str,
        options: &Ranges,
        field: Field,
        type_name: &'static str,
    ) -> Result<Self> {
        if options.ranges.is_empty() {
            let reason = format!("No [ranges] specified for the [{name}] aggregation");
            return Err(Failure::illegal_argument(reason).into());
        }
        let read = |range: &RangeBucket| -> Result<Range> {
            let bound = |text: &Option<String>, open: f64| {
                text.as_deref()
                    .map_or(Ok(open), |text| field.format.read(text))
            };
            let from = bound(&range.from, f64::NEG_INFINITY)?;
            let to = bound(&range.to, f64::INFINITY)?;
            Ok(Range {
                key: range.key.clone(),
                from,
                to,
                first: field.precision.of(from),
                end: field.precision.of(to),
            })
        };
        let mut ranges: Vec<Range> = options.ranges.iter().map(read).collect::<Result<_>>()?;
        ranges.sort_by(|left, right| {
            left.from
                .total_cmp(&right.from)
                .then(left.to.total_cmp(&right.to))
        });
        Ok(Self {
            missing: field.missing_number()?,
            field,
            ranges,
            keyed: options.keyed,
            type_name,
            column: Column::Empty,
            loaded: Loaded::default(),
            counts: Counts::default(),
        })
    }
}

impl Collect for RangeBuckets {
    fn open(&mut self, segment: &Segment<'_>) -> Result<()> {
        self.column = self.field.open(segment)?.0;
        Ok(())
    }

    fn collect(&mut self, pairs: &Pairs, inner: &mut Pairs) -> Result<()> {
        let ranges = self.ranges.len() as u32;
        inner.buckets = pairs.buckets.saturating_mul(ranges);
        self.counts.grow(inner.buckets)?;
        self.column
            .doubles(&pairs.docs, self.missing, &mut self.loaded);
        for (place, values) in self.loaded.documents() {
            let (owner, doc) = (pairs.owners[place], pairs.docs[place]);
            let Some(greatest) = values.last() else {
                continue;
            };
            // Ranges are sorted by their first value, so those past the greatest value hold none.
            let reached = self
                .ranges
                .partition_point(|range| range.first <= *greatest || range.first.is_nan());
            for (number, range) in (0..).zip(&self.ranges[..reached]) {
                let holds = |value: &f64| !(*value < range.first || *value >= range.end);
                if values.iter().any(holds) {
                    let bucket = owner * ranges + number;
                    self.counts.count(bucket);
                    inner.push(bucket, doc);
                }
            }
        }
        Ok(())
    }

    fn shape(&self) -> Shape {
        Shape::Buckets
    }

    fn type_name(&self) -> &'static str {
        self.type_name
    }

    fn answer(
        &self,
        owner: u32,
        inside: &[Node],
        answers: &mut Answers<'_>,
    ) -> Result<AggregationResult> {
        answers.take(self.ranges.len())?;
        let mut buckets = Vec::with_capacity(self.ranges.len());
        for (number, range) in (0..).zip(&self.ranges) {
            let bucket = inner_bucket(owner, self.ranges.len() as u32, number);
            buckets.push(Bucket {
                key: Key::Text(range.name(&self.field.format)),
                text: None,
                bounds: Some(range.bounds(&self.field.format)),
                documents: self.counts.get(bucket),
                aggregations: answers.of(inside, bucket)?,
            });
        }
        Ok(AggregationResult::Buckets {
            buckets,
            keyed: self.keyed,
            others: None,
        })
    }
}

impl Range {
    fn name(&self, format: &Format) -> String {
        let bound = |bound: f64| match bound.is_infinite() {
            true => "*".to_owned(),
            false => format.text(bound).unwrap_or_else(|| java_double(bound)),
        };
        match &self.key {
            Some(key) => key.clone(),
            None => format!("{}-{}", bound(self.from), bound(self.to)),
        }
    }

    fn bounds(&self, format: &Format) -> Bounds {
        let finite = |bound: f64| (!bound.is_infinite()).then_some(bound);
        let (from, to) = (finite(self.from), finite(self.to));
        Bounds {
            from,
            to,
            from_text: from.and_then(|from| format.text(from)),
            to_text: to.and_then(|to| format.text(to)),
        }
    }
}
