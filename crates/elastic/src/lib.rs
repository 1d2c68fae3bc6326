//! Elasticsearch's wire format to the trees of `query` and `document` and back: requests, answers, errors.
//!
//! The only crate that knows it. No HTTP and no engine: bytes and JSON in, trees out, and the reverse. What it follows
//! is Elasticsearch 8.19.

mod answer;
mod bulk;
mod cat;
mod documents;
mod errors;
mod filter_path;
mod json;
mod mapping;
mod media;
mod mget;
mod names;
mod params;
mod reading;
mod search;
mod settings;
mod source;
mod suggest;
mod time_value;

pub use answer::{AnswerForm, searched_shards};
pub use bulk::{Bulk, BulkDefaults, BulkItem, parse_bulk};
pub use cat::{CAT_PARAMS, Column, Printed, Table, bytes_text};
pub use documents::{
    Action, UpdateRequest, VersionType, Versions, id_fault, parse_update, print_document,
    print_refused, print_write, require_alias, validation,
};
pub use errors::{error_answer, error_members, error_object, search_error_object, status};
pub use filter_path::filter_path;
pub use mapping::{field_defaults, parse_mapping, print_field, print_mapping};
pub use media::MediaTypes;
pub use mget::{WantedDocument, parse_mget};
pub use names::{Expand, NAME_PARAMS, NameOptions, check_index_name, fits, missing, resolve};
pub use params::{ActiveShards, UrlParams};
pub use search::{
    COUNT_PARAMS, MULTI_SEARCH_PARAMS, MultiSearchItem, QueryBody, SEARCH_PARAMS, SearchBody,
    parse_json, parse_multi_search,
};
pub use settings::{parse_changed_settings, parse_settings, print_defaults, print_settings};
pub use source::SourceFilter;
