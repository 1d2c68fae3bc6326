//! What is asked: query and retrieval trees, and the query_string language.
//!
//! Pure data and one parser. No wire format, no engine: whoever executes a tree coerces its values by the mapping.

mod query_string;
mod retriever;
mod tree;

pub use query_string::{QueryString, QueryStringError};
pub use retriever::{Knn, Retriever, SearchAnswer, SearchHit, SearchRequest, WeightedRetriever};
pub use tree::{Bool, Bound, MatchType, Operator, Query};
