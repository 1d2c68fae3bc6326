//! Elasticsearch's wire format to the trees of `query` and `document` and back: requests, answers, errors.
//!
//! The only crate that knows it. No HTTP and no engine: bytes and JSON in, trees out, and the reverse. What it follows
//! is Elasticsearch 8.19.

mod bulk;
mod documents;
mod errors;
mod mapping;
mod names;
mod params;
mod settings;

pub use bulk::{BulkItem, parse_bulk};
pub use documents::{
    Action, UpdateRequest, Versions, parse_update, print_document, print_refused, print_write,
    validation,
};
pub use errors::{error_answer, error_members, error_object, search_error_object, status};
pub use mapping::{parse_mapping, print_field, print_mapping};
pub use names::{NAME_PARAMS, NameOptions, check_index_name, missing, resolve};
pub use params::UrlParams;
pub use settings::{parse_changed_settings, parse_settings, print_settings};
