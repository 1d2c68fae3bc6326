//! The trees: queries, retrievers, aggregations, and the request that holds them. They name each other, so they are one
//! module.

mod aggregation;
mod minimum;
mod query;
mod request;
mod retriever;

pub use aggregation::{
    Aggregation, AggregationAnswer, AggregationKind, AggregationResult, Bounds, Bucket, BucketKey,
    BucketOrder, CalendarUnit, DateHistogram, Filters, Histogram, Interval, Key, Metric, Others,
    RangeBucket, Ranges, Stats, Terms, TermsFilter, TimeBound, ValueType, Values,
};
pub use minimum::{MinimumError, MinimumShouldMatch};
pub use query::{
    Bool, Bound, DateReading, Distance, Fuzziness, MatchOptions, MatchType, Operator, Query,
    ScoreMode, Script, ZeroTerms,
};
pub use request::{
    FailedIndex, Fetch, FieldFetch, InnerAnswer, InnerHit, InnerHits, Missing, NestedSort,
    NumericType, SearchAnswer, SearchHit, SearchRequest, Sort, SortKey, SortMode, SortValue,
    TrackTotal,
};
pub use retriever::{Knn, Retriever, WeightedRetriever};
