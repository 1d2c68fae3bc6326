//! Bodies of searches.

use crate::{AnswerForm, UrlParams};
use document::{Failure, Json};
use query::{Query, SearchRequest};

/// A search as it is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchBody {
    /// What is searched.
    pub request: SearchRequest,
    /// How the answer looks.
    pub form: AnswerForm,
}

impl SearchBody {
    /// Reads a search: its body, which may be empty, and what its address says. `now_ms` is the moment that `now` names.
    ///
    /// # Errors
    /// As Elasticsearch says them, with the place in the body.
    pub fn parse(body: &[u8], params: &UrlParams, now_ms: i64) -> Result<Self, Failure> {
        let _ = (body, params, now_ms, Json::default());
        Err(Failure::illegal_argument("searches are not read yet"))
    }
}

/// The parameters that [`SearchBody::parse`] reads from an address, and those that change nothing here.
pub const SEARCH_PARAMS: [&str; 0] = [];

/// Reads the body of a `_count`: a query, or nothing.
///
/// # Errors
/// As [`SearchBody::parse`].
pub fn parse_count(body: &[u8], params: &UrlParams, now_ms: i64) -> Result<Query, Failure> {
    let _ = (body, params, now_ms);
    Err(Failure::illegal_argument("searches are not read yet"))
}

/// One search of an `_msearch`.
#[derive(Debug, Clone, PartialEq)]
pub struct MultiSearchItem {
    /// The indices that its header names, separated by commas; none = those of the address.
    pub indices: Option<String>,
    /// The search, or why it cannot be read.
    pub search: Result<SearchBody, Failure>,
}

/// Reads the lines of an `_msearch`.
///
/// # Errors
/// When a header cannot be read, or a search cannot: as Elasticsearch, the whole request fails then.
pub fn parse_msearch(
    body: &[u8],
    params: &UrlParams,
    now_ms: i64,
) -> Result<Vec<MultiSearchItem>, Failure> {
    let _ = (body, params, now_ms);
    Err(Failure::illegal_argument("searches are not read yet"))
}

/// Reads JSON, with the words and places of Elasticsearch where it is none.
///
/// # Errors
/// When it is no JSON, ends too early, nests too deep or holds a name twice in one object.
pub fn parse_json(body: &[u8]) -> Result<serde_json::Value, Failure> {
    serde_json::from_slice(body)
        .map_err(|error| Failure::new(document::Cause::ContentParsing, error.to_string()))
}
