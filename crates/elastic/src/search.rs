//! Searches as bodies and addresses ask for them.

mod aggregation;
mod body;
mod context;
mod fetch;
mod multi;
mod params;
mod query;
mod script;
mod sort;
#[cfg(test)]
mod tests;

pub use body::{QueryBody, SearchBody};
pub use multi::{MultiSearchItem, parse_multi_search};
pub use params::{COUNT_PARAMS, MULTI_SEARCH_PARAMS, SEARCH_PARAMS};
pub(crate) use script::asked as asked_script;

/// How many hits are answered where nothing else is said.
const DEFAULT_SIZE: usize = 10;

/// Reads JSON, with the words and places of Elasticsearch where it is none. Whole numbers past 64 bits lose digits.
///
/// # Errors
/// When it is no JSON, ends too early, nests too deep or holds a name twice in one object.
pub fn parse_json(body: &[u8]) -> Result<serde_json::Value, document::Failure> {
    let node = crate::json::parse(body)?;
    Ok(node.map_or(serde_json::Value::Null, |node| node.to_value()))
}
