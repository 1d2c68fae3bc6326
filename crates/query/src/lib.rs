//! What is asked: query, retrieval, sort and aggregation trees, and the query_string language.
//!
//! Pure data and one parser. No wire format, no engine: whoever executes a tree coerces its values by the mapping.

mod aggregation;
mod minimum;
mod query_string;
mod request;
mod retriever;
mod tree;

pub use aggregation::{
    Aggregation, AggregationAnswer, AggregationKind, AggregationResult, Bounds, Bucket, BucketKey,
    BucketOrder, CalendarUnit, DateHistogram, Filters, Histogram, Interval, Key, Metric,
    RangeBucket, Ranges, Stats, Terms, TermsFilter, Values,
};
pub use minimum::MinimumShouldMatch;
pub use query_string::{QueryString, QueryStringError};
pub use request::{
    Fetch, FieldFetch, InnerAnswer, InnerHit, InnerHits, Missing, NestedSort, SearchAnswer,
    SearchHit, SearchRequest, Sort, SortKey, SortMode, SortValue, TrackTotal,
};
pub use retriever::{Knn, Retriever, WeightedRetriever};
pub use tree::{
    Bool, Bound, DateReading, Distance, Fuzziness, MatchOptions, MatchType, Operator, Query,
    ScoreMode, Script, ZeroTerms,
};
