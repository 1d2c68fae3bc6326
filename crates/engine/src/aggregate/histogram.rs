//! A bucket for each interval of a number.

use super::buckets::{Buckets, Candidate, GAP};
use super::columns::{Column, Loaded, Pairs};
use super::field::Field;
use super::node::{Answers, Collect, MAX_BUCKETS, Node, Segment, Shape};
use super::order::Order;
use crate::error::Result;
use document::Failure;
use query::{AggregationResult, Bucket, Histogram, Key};
use tantivy::columnar::MonotonicallyMappableToU64;

/// Buckets by interval. Their keys are the numbers of intervals from 0 on, both ways.
pub(super) struct Intervals {
    field: Field,
    order: Order,
    options: Histogram,
    missing: Option<f64>,
    column: Column,
    loaded: Loaded<f64>,
    buckets: Buckets,
}

impl Intervals {
    pub(super) fn new(options: &Histogram, field: Field, inside: &[Node]) -> Result<Self> {
        if let (Some(hard), Some(extended)) = (options.hard_bounds, options.extended_bounds) {
            let below = hard
                .0
                .zip(extended.0)
                .is_some_and(|(hard, extended)| extended < hard);
            let above = hard
                .1
                .zip(extended.1)
                .is_some_and(|(hard, extended)| extended > hard);
            if below || above {
                return Err(Failure::illegal_argument(format!(
                    "Extended bounds have to be inside hard bounds, hard bounds: [{}], extended bounds: [{}]",
                    shown(hard),
                    shown(extended)
                ))
                .into());
            }
        }
        if !(options.interval > 0.0 && options.interval.is_finite()) {
            return Err(Failure::illegal_argument(format!(
                "[interval] must be >0 for histogram aggregation, got {}",
                options.interval
            ))
            .into());
        }
        Ok(Self {
            order: Order::new(&options.order, inside)?,
            missing: field.missing_number()?,
            field,
            options: options.clone(),
            column: Column::Empty,
            loaded: Loaded::default(),
            buckets: Buckets::default(),
        })
    }

    /// The number of a value's interval.
    fn interval(&self, value: f64) -> f64 {
        // Adding 0 makes 0 of -0, which would be a bucket of its own.
        ((value - self.options.offset) / self.options.interval).floor() + 0.0
    }

    /// The intervals from the first to the last one, where gaps are filled.
    fn filled(&self, found: &[Candidate]) -> Option<(f64, f64)> {
        let (least, most) = self.options.extended_bounds.unwrap_or((None, None));
        let (least, most) = (
            least.map(|v| self.interval(v)),
            most.map(|v| self.interval(v)),
        );
        match (found.first(), found.last()) {
            (Some(first), Some(last)) => {
                let (first, last) = (f64::from_u64(first.key), f64::from_u64(last.key));
                Some((
                    least.map_or(first, |least| least.min(first)),
                    most.map_or(last, |most| most.max(last)),
                ))
            }
            _ => least.zip(most),
        }
    }
}

impl Collect for Intervals {
    fn open(&mut self, segment: &Segment<'_>) -> Result<()> {
        self.column = self.field.open(segment)?.0;
        Ok(())
    }

    fn collect(&mut self, pairs: &Pairs, inner: &mut Pairs) -> Result<()> {
        let mut loaded = std::mem::take(&mut self.loaded);
        self.column.doubles(&pairs.docs, self.missing, &mut loaded);
        let (least, most) = self.options.hard_bounds.unwrap_or((None, None));
        let mut last = None;
        for (place, value) in loaded.iter() {
            let interval = self.interval(value);
            let begin = interval * self.options.interval;
            let outside =
                least.is_some_and(|least| begin < least) || most.is_some_and(|most| begin > most);
            // A document with several values in an interval counts once.
            if outside || last == Some((place, interval)) {
                continue;
            }
            last = Some((place, interval));
            let number = self
                .buckets
                .number(pairs.owners[place], interval.to_u64())?;
            self.buckets.count(number);
            inner.push(number, pairs.docs[place]);
        }
        self.loaded = loaded;
        inner.buckets = self.buckets.len();
        Ok(())
    }

    fn finish(&mut self) {
        self.buckets.finish();
    }

    fn shape(&self) -> Shape {
        Shape::Buckets
    }

    fn type_name(&self) -> &'static str {
        "histogram"
    }

    fn answer(
        &self,
        owner: u32,
        inside: &[Node],
        answers: &mut Answers<'_>,
    ) -> Result<AggregationResult> {
        let mut candidates = self.buckets.candidates(owner);
        if self.options.min_doc_count > 0 {
            candidates.retain(|bucket| bucket.documents >= self.options.min_doc_count);
        } else if let Some((first, last)) = self.filled(&candidates) {
            let intervals = last - first + 1.0;
            if intervals > MAX_BUCKETS as f64 {
                answers.take(usize::MAX)?;
            }
            let mut found = candidates.into_iter().peekable();
            let mut all = Vec::new();
            for step in 0..intervals.max(0.0) as u64 {
                let key = (first + step as f64).to_u64();
                let empty = Candidate {
                    number: GAP,
                    key,
                    documents: 0,
                };
                all.push(found.next_if(|bucket| bucket.key == key).unwrap_or(empty));
            }
            candidates = all;
        }
        answers.take_filled(&candidates)?;
        let all = candidates.len();
        self.order
            .sort(&mut candidates, inside, all, |left, right| left.cmp(&right));
        let mut buckets = Vec::with_capacity(candidates.len());
        for candidate in candidates {
            let interval = f64::from_u64(candidate.key);
            let key = interval * self.options.interval + self.options.offset;
            buckets.push(Bucket {
                key: Key::Double(key),
                text: self.field.format.text(key),
                bounds: None,
                documents: candidate.documents,
                aggregations: answers.of(inside, candidate.number)?,
            });
        }
        Ok(AggregationResult::Buckets {
            buckets,
            keyed: self.options.keyed,
            others: None,
        })
    }
}

fn shown((least, most): (Option<f64>, Option<f64>)) -> String {
    let bound = |bound: Option<f64>| bound.map_or("null".to_owned(), super::decimal::java_double);
    format!("{}--{}", bound(least), bound(most))
}
