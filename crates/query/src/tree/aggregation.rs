//! Aggregations: summaries of everything that matches.

use super::Query;
use document::Json;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A summary of the documents that match, or of each bucket of another one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Aggregation {
    /// What is computed.
    pub kind: AggregationKind,
    /// Summaries of each bucket, by name, in the order in which they are answered.
    pub aggregations: Vec<(String, Aggregation)>,
    /// What the client wants to read back.
    pub meta: Option<Json>,
}

impl Aggregation {
    pub(super) fn each_query_mut<E>(
        &mut self,
        see: &mut impl FnMut(&mut Query) -> Result<(), E>,
    ) -> Result<(), E> {
        match &mut self.kind {
            AggregationKind::Filter(query) => query.each_mut(see)?,
            AggregationKind::Filters(filters) => {
                let mut queries = filters.filters.iter_mut();
                queries.try_for_each(|(_, query)| query.each_mut(see))?;
            }
            _ => {}
        }
        let mut inside = self.aggregations.iter_mut();
        inside.try_for_each(|(_, aggregation)| aggregation.each_query_mut(see))
    }
}

/// What an aggregation computes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum AggregationKind {
    /// A bucket for each value of a field.
    Terms(Terms),
    /// A bucket for each interval of a number.
    Histogram(Histogram),
    /// A bucket for each interval of time.
    DateHistogram(DateHistogram),
    /// A bucket for each range of a number.
    Range(Ranges),
    /// A bucket for each range of time; bounds are dates, with date math.
    DateRange(Ranges),
    /// One bucket: every document, whatever the search asks for. It lies in no other aggregation.
    Global,
    /// One bucket: what matches a query.
    Filter(Query),
    /// A bucket for each query.
    Filters(Filters),
    /// One bucket: documents without a value in the field.
    Missing {
        /// Full path of the field.
        field: String,
        /// What stands for a value where there is none, so that nothing lacks one; none = nothing does.
        missing: Option<String>,
    },
    /// One bucket: the nested objects of the documents.
    Nested {
        /// Full path of the nested field.
        path: String,
    },
    /// One bucket: the documents around nested objects.
    ReverseNested {
        /// Full path of the nested field to go back to; none = the document itself.
        path: Option<String>,
    },
    /// A number, or several, over the values of a field.
    Metric {
        /// Which.
        metric: Metric,
        /// The values.
        values: Values,
    },
}

/// The values that an aggregation works on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Values {
    /// Full path of the field.
    pub field: String,
    /// The value of documents without one; none = they are left out.
    pub missing: Option<String>,
    /// The format in which numbers and dates are answered as text, and dates are read.
    pub format: Option<String>,
    /// What the values are taken to be where no index has the field; none = numbers.
    pub value_type: Option<ValueType>,
}

/// What the values of a field are that no index has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ValueType {
    /// Texts.
    Text,
    /// Whole numbers.
    Long,
    /// Numbers with a fraction.
    Double,
    /// Moments.
    Date,
    /// True or false.
    Boolean,
}

/// A number over the values of a field.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Metric {
    /// The smallest.
    Min,
    /// The greatest.
    Max,
    /// The mean.
    Avg,
    /// The sum.
    Sum,
    /// How many values.
    ValueCount,
    /// Count, smallest, greatest, mean and sum.
    Stats,
    /// The same with sum of squares, variances and standard deviations.
    ExtendedStats {
        /// How many standard deviations the bounds are away from the mean.
        sigma: f64,
    },
    /// How many different values.
    Cardinality {
        /// Up to so many are counted exactly.
        precision_threshold: u32,
    },
}

/// A bucket for each value of a field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Terms {
    /// The values.
    pub values: Values,
    /// How many buckets at most.
    pub size: usize,
    /// How many buckets an index brings at most, which may be fewer than `size`; none = some more than that.
    pub shard_size: Option<usize>,
    /// Buckets with fewer documents are left out; 0 = values that no match has are answered as well.
    pub min_doc_count: u64,
    /// Buckets of an index with fewer documents are left out before any is chosen.
    pub shard_min_doc_count: u64,
    /// Whether every bucket says how far its count may be off.
    pub show_error: bool,
    /// What the buckets are sorted by, first to last.
    pub order: Vec<BucketOrder>,
    /// Values that make buckets.
    pub include: Option<TermsFilter>,
    /// Values that make no buckets.
    pub exclude: Option<TermsFilter>,
}

/// Which values make buckets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum TermsFilter {
    /// These.
    Values(Vec<String>),
    /// Those that fit a regular expression of Lucene as a whole.
    Pattern(String),
    /// Those of one part of several, told apart by a hash.
    Partition {
        /// Which part, from 0.
        partition: u32,
        /// How many parts.
        partitions: u32,
    },
}

/// What buckets are sorted by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BucketOrder {
    /// What.
    pub key: BucketKey,
    /// Whether the greatest comes first.
    pub descending: bool,
}

/// What buckets are sorted by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum BucketKey {
    /// The number of documents.
    Count,
    /// The bucket's key.
    Key,
    /// A number of a summary of the bucket: names of summaries from outside in, and which number of the last one
    /// (`avg` of a stats), empty for the only one.
    Metric {
        /// Names of summaries, outermost first.
        path: Vec<String>,
        /// Which number of the last one.
        value: String,
    },
}

/// A bucket for each interval of a number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Histogram {
    /// The values.
    pub values: Values,
    /// How wide a bucket is, greater than 0.
    pub interval: f64,
    /// How far the beginnings of buckets are moved, in either direction. Bounds are compared with where a bucket would
    /// begin without it.
    pub offset: f64,
    /// Buckets with fewer documents are left out; 0 = gaps are filled.
    pub min_doc_count: u64,
    /// What the buckets are sorted by.
    pub order: Vec<BucketOrder>,
    /// Empty buckets reach from the first to the second at least.
    pub extended_bounds: Option<(Option<f64>, Option<f64>)>,
    /// No bucket lies outside of these.
    pub hard_bounds: Option<(Option<f64>, Option<f64>)>,
    /// Whether buckets are answered by name.
    pub keyed: bool,
}

/// A bucket for each interval of time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DateHistogram {
    /// The values.
    pub values: Values,
    /// How wide a bucket is.
    pub interval: Interval,
    /// How far a bucket's begin is moved, in milliseconds.
    pub offset_ms: i64,
    /// The zone in which days begin: an offset (`+02:00`) or a name (`Europe/Paris`); none = UTC.
    pub time_zone: Option<String>,
    /// Buckets with fewer documents are left out; 0 = gaps are filled.
    pub min_doc_count: u64,
    /// What the buckets are sorted by.
    pub order: Vec<BucketOrder>,
    /// Empty buckets reach from the first to the second at least: dates, with date math.
    pub extended_bounds: Option<(Option<TimeBound>, Option<TimeBound>)>,
    /// No bucket lies outside of these.
    pub hard_bounds: Option<(Option<TimeBound>, Option<TimeBound>)>,
    /// Whether buckets are answered by name.
    pub keyed: bool,
    /// The moment that `now` names, in milliseconds since 1970.
    pub now_ms: i64,
}

/// A length of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Interval {
    /// So many milliseconds.
    Fixed(i64),
    /// One of the calendar's.
    Calendar(CalendarUnit),
}

/// A length of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CalendarUnit {
    /// 60 seconds.
    Minute,
    /// 60 minutes.
    Hour,
    /// From midnight to midnight.
    Day,
    /// From Monday to Monday.
    Week,
    /// From the first to the first.
    Month,
    /// Three months.
    Quarter,
    /// From New Year to New Year.
    Year,
    /// One second.
    Second,
}

/// A bucket for each range.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ranges {
    /// The values.
    pub values: Values,
    /// The ranges; they may overlap.
    pub ranges: Vec<RangeBucket>,
    /// Whether buckets are answered by name.
    pub keyed: bool,
    /// The zone of dates without one.
    pub time_zone: Option<String>,
    /// The moment that `now` names, in milliseconds since 1970.
    pub now_ms: i64,
}

/// One range, `from` belonging to it and `to` not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RangeBucket {
    /// The bucket's name; none = made of its bounds.
    pub key: Option<String>,
    /// The lower bound: a number, or a date with date math.
    pub from: Option<String>,
    /// The upper bound.
    pub to: Option<String>,
}

/// A bucket for each query.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Filters {
    /// The queries with the names of their buckets, by which the buckets are sorted; all names are empty when the client
    /// gave none, and the buckets have no keys then.
    pub filters: Vec<(String, Query)>,
    /// Whether buckets are answered by name.
    pub named: bool,
    /// The name of a bucket for what matches none of the queries.
    pub other: Option<String>,
}

/// What an aggregation found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AggregationAnswer {
    /// What was computed.
    pub result: AggregationResult,
    /// What the client wanted to read back.
    pub meta: Option<Json>,
    /// The name of the type with which typed answers begin (`sterms`, `lterms`, `avg`, …).
    pub type_name: String,
}

/// What a bucket for each value says of values that have none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Others {
    /// Documents in buckets that were cut off.
    pub documents: u64,
    /// How far a count may be off; -1 = unknown, as Elasticsearch has it when an index kept buckets back that were not
    /// chosen by their counts. Nothing is kept back here that could change a count.
    pub error: i64,
    /// Whether every bucket says so.
    pub in_buckets: bool,
}

/// What an aggregation computed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum AggregationResult {
    /// Several buckets.
    Buckets {
        /// The buckets in order.
        buckets: Vec<Bucket>,
        /// Whether they are answered by name.
        keyed: bool,
        /// Of terms: what is not in the buckets. None for what is not terms.
        others: Option<Others>,
    },
    /// One bucket.
    Single {
        /// Documents in it.
        documents: u64,
        /// Its summaries.
        aggregations: Vec<(String, AggregationAnswer)>,
    },
    /// A number; none without values.
    Value {
        /// The number.
        value: Option<f64>,
        /// The number as text, where a format says so.
        text: Option<String>,
    },
    /// A count.
    Count(u64),
    /// Several numbers.
    Stats {
        /// The numbers.
        stats: Stats,
        /// How many standard deviations the bounds are away from the mean; none = plain stats.
        sigma: Option<f64>,
        /// Numbers as text, where a format says so: by name (`min`, `std_deviation_bounds.upper`).
        texts: Vec<(String, String)>,
    },
}

/// Numbers over the values of a field.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Stats {
    /// How many values.
    pub count: u64,
    /// The smallest; infinity without values.
    pub min: f64,
    /// The greatest; minus infinity without values.
    pub max: f64,
    /// The sum.
    pub sum: f64,
    /// The sum of squares.
    pub sum_of_squares: f64,
}

/// One bucket.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bucket {
    /// What it holds.
    pub key: Key,
    /// The key as text, where the field's type or a format says so; also the name of a keyed bucket. A keyed bucket
    /// without one is named by its key as Java writes it (`10.0`, `1.0E7`).
    pub text: Option<String>,
    /// Of ranges: the bounds, and the bounds as text.
    pub bounds: Option<Bounds>,
    /// Documents in it.
    pub documents: u64,
    /// Its summaries.
    pub aggregations: Vec<(String, AggregationAnswer)>,
}

/// A moment at which buckets of dates begin or end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum TimeBound {
    /// Milliseconds since 1970.
    Ms(i64),
    /// A date in the form of the aggregation, with date math.
    Text(String),
}

impl fmt::Display for TimeBound {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ms(ms) => write!(out, "{ms}"),
            Self::Text(text) => out.write_str(text),
        }
    }
}

/// The bounds of a range's bucket.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Bounds {
    /// The lower one.
    pub from: Option<f64>,
    /// The upper one.
    pub to: Option<f64>,
    /// The lower one as text.
    pub from_text: Option<String>,
    /// The upper one as text.
    pub to_text: Option<String>,
}

/// What a bucket holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Key {
    /// A text.
    Text(String),
    /// A whole number; of a date, milliseconds since 1970; of a boolean, 0 or 1.
    Long(i64),
    /// A whole number past the range of `Long`.
    UnsignedLong(u64),
    /// A number with a fraction.
    Double(f64),
    /// No key: a query's bucket that is answered without a name.
    None,
}
