//! A bucket for each interval of time.

use super::buckets::{Buckets, Candidate, GAP};
use super::columns::{Column, Loaded, Pairs};
use super::field::Field;
use super::format::Format;
use super::node::{Answers, Collect, MAX_BUCKETS, Node, Segment, Shape};
use super::order::Order;
use super::rounding::Rounding;
use crate::error::Result;
use crate::values::time_zone;
use document::Failure;
use jiff::tz::TimeZone;
use query::{AggregationResult, Bucket, DateHistogram, Key, TimeBound};
use tantivy::columnar::MonotonicallyMappableToU64;

/// Buckets by interval of time. Their keys are their begins.
pub(super) struct Times {
    field: Field,
    order: Order,
    options: DateHistogram,
    rounding: Rounding,
    extended: Bounds,
    hard: Bounds,
    missing: Option<i64>,
    column: Column,
    loaded: Loaded<i64>,
    buckets: Buckets,
}

/// Begins of intervals.
type Bounds = (Option<i64>, Option<i64>);

impl Times {
    pub(super) fn new(
        name: &str,
        options: &DateHistogram,
        field: Field,
        inside: &[Node],
    ) -> Result<Self> {
        let zone = match &options.time_zone {
            None => TimeZone::UTC,
            Some(zone) => time_zone(zone)?,
        };
        let rounding = Rounding::new(options.interval, zone);
        let read = |kind, bounds: &Option<_>| {
            read_bounds((name, kind), bounds.as_ref(), &field.format, &rounding)
        };
        let extended = read("extended_bounds", &options.extended_bounds)?;
        let hard = read("hard_bounds", &options.hard_bounds)?;
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
                shown(options.hard_bounds.as_ref()),
                shown(options.extended_bounds.as_ref())
            ))
            .into());
        }
        let missing = field.missing.as_deref();
        Ok(Self {
            order: Order::new(&options.order, inside)?,
            missing: missing
                .map(|text| field.format.read_whole(text))
                .transpose()?,
            field,
            options: options.clone(),
            rounding,
            extended,
            hard,
            column: Column::Empty,
            loaded: Loaded::default(),
            buckets: Buckets::default(),
        })
    }

    fn next(&self, begin: i64) -> i64 {
        let offset = self.options.offset_ms;
        let next = self.rounding.next(begin.saturating_sub(offset));
        next.saturating_add(offset)
    }

    /// Adds the intervals in which nothing is.
    fn fill(&self, found: Vec<Candidate>) -> Option<Vec<Candidate>> {
        let shift =
            |bound: Option<i64>| bound.map(|bound| bound.saturating_add(self.options.offset_ms));
        let (least, most) = (shift(self.extended.0), shift(self.extended.1));
        let mut all: Vec<Candidate> = Vec::new();
        let empty = |key: i64| Candidate {
            number: GAP,
            key: key.to_u64(),
            documents: 0,
        };
        // Adds intervals from one on while they are wanted; answers false when there are too many.
        let add = |all: &mut Vec<Candidate>, begin: i64, wanted: &dyn Fn(i64) -> bool| {
            let mut begin = begin;
            while wanted(begin) && all.len() <= MAX_BUCKETS {
                all.push(empty(begin));
                let next = self.next(begin);
                if next <= begin {
                    break;
                }
                begin = next;
            }
            all.len() <= MAX_BUCKETS
        };
        let first = found.first().map(|bucket| i64::from_u64(bucket.key));
        let mut fits = match (first, least, most) {
            (None, Some(least), Some(most)) => add(&mut all, least, &|begin| begin <= most),
            (Some(first), Some(least), _) => add(&mut all, least, &|begin| begin < first),
            _ => true,
        };
        let mut last = None;
        for bucket in found {
            let key = i64::from_u64(bucket.key);
            if let Some(last) = last {
                fits = fits && add(&mut all, self.next(last), &|begin| begin < key);
            }
            all.push(bucket);
            last = Some(key);
        }
        if let (Some(last), Some(most)) = (last, most) {
            fits = fits && add(&mut all, self.next(last), &|begin| begin <= most);
        }
        fits.then_some(all)
    }
}

impl Collect for Times {
    fn open(&mut self, segment: &Segment<'_>) -> Result<()> {
        self.column = self.field.open(segment)?.0;
        if let Column::Longs(column) = &self.column {
            let offset = self.options.offset_ms;
            let shift = |ms: i64| ms.saturating_sub(offset);
            self.rounding
                .prepare(shift(column.min_value()), shift(column.max_value()));
        }
        Ok(())
    }

    fn collect(&mut self, pairs: &Pairs, inner: &mut Pairs) -> Result<()> {
        let mut loaded = std::mem::take(&mut self.loaded);
        self.column.longs(&pairs.docs, self.missing, &mut loaded);
        let offset = self.options.offset_ms;
        let mut last = None;
        for (place, value) in loaded.iter() {
            let begin = self
                .rounding
                .round(value.saturating_sub(offset))
                .saturating_add(offset);
            let outside = self.hard.0.is_some_and(|least| begin < least)
                || self.hard.1.is_some_and(|most| begin >= most);
            // A document with several values in an interval counts once.
            if outside || last == Some((place, begin)) {
                continue;
            }
            last = Some((place, begin));
            let number = self.buckets.number(pairs.owners[place], begin.to_u64())?;
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
        "date_histogram"
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
        } else {
            match self.fill(candidates) {
                Some(filled) => candidates = filled,
                None => {
                    candidates = Vec::new();
                    answers.take(usize::MAX)?;
                }
            }
        }
        answers.take_filled(&candidates)?;
        let all = candidates.len();
        self.order
            .sort(&mut candidates, inside, all, |left, right| left.cmp(&right));
        let mut buckets = Vec::with_capacity(candidates.len());
        for candidate in candidates {
            let begin = i64::from_u64(candidate.key);
            buckets.push(Bucket {
                key: Key::Long(begin),
                text: self.field.format.whole(begin),
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

fn read_bounds(
    (name, kind): (&str, &str),
    bounds: Option<&(Option<TimeBound>, Option<TimeBound>)>,
    format: &Format,
    rounding: &Rounding,
) -> Result<Bounds> {
    let Some((least, most)) = bounds else {
        return Ok((None, None));
    };
    let read = |bound: &Option<TimeBound>| -> Result<Option<i64>> {
        bound
            .as_ref()
            .map(|bound| match bound {
                TimeBound::Ms(ms) => Ok(*ms),
                TimeBound::Text(text) => format.read_whole(text),
            })
            .transpose()
    };
    let (least, most) = (read(least)?, read(most)?);
    if let (Some(least), Some(most)) = (least, most)
        && least > most
    {
        return Err(Failure::illegal_argument(format!(
            "[{kind}.min][{least}] cannot be greater than [{kind}.max][{most}] for histogram aggregation [{name}]"
        ))
        .into());
    }
    let round = |ms: Option<i64>| ms.map(|ms| rounding.round(ms));
    Ok((round(least), round(most)))
}

fn shown(bounds: Option<&(Option<TimeBound>, Option<TimeBound>)>) -> String {
    let one =
        |bound: Option<&TimeBound>| bound.map_or_else(|| "null".to_owned(), ToString::to_string);
    let (least, most) = bounds.map_or((None, None), |(least, most)| {
        (least.as_ref(), most.as_ref())
    });
    format!("{}--{}", one(least), one(most))
}
