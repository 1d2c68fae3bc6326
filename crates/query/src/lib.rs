//! What is asked: query, retrieval, sort and aggregation trees, and the query_string language.
//!
//! Pure data and one parser. No wire format, no engine: whoever executes a tree coerces its values by the mapping.

mod query_string;
mod tree;

pub use query_string::{QueryString, QueryStringError};
pub use tree::*;
