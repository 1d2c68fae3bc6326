//! Elasticsearch's wire format to the trees of `query` and `document` and back: requests, answers, errors.
//!
//! The only crate that knows it. No HTTP and no engine: bytes and JSON in, trees out, and the reverse. What it follows
//! is Elasticsearch 8.19.

mod mapping;
mod params;

pub use mapping::{parse_mapping, print_field, print_mapping};
pub use params::UrlParams;
