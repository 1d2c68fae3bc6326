//! What is stored: documents, mappings, writes and their answers.
//!
//! This crate knows JSON as a document's value and nothing of wire formats, files or engines. Every other
//! crate that speaks of a field, a mapping or a write uses the types of this one.

mod clock;
mod error;
mod failure;
mod get;
mod index;
mod json;
mod mapping;
mod pattern;
mod record;
mod search_limits;
mod settings;
mod shards;
mod write;
mod zone;

pub use clock::now_ms;
pub use error::{Changed, ErrorKind, MappingError};
pub use failure::{Cause, Failure, Phase, ScriptTrace};
pub use get::{GetOptions, Got};
pub use index::{GraphStatus, IndexDefinition, IndexStatus};
pub use json::Json;
pub use mapping::{
    Analyzer, Dynamic, DynamicTemplate, ElementType, Extractor, FieldKind, FieldMapping,
    FieldOptions, ImageField, Leaf, Limits, Mapping, ObjectMapping, OnError, Similarity,
    TemplateTarget, ValueKind, VectorField,
};
pub use pattern::fits;
pub use record::{Document, Stored, Vectors};
pub use search_limits::SearchLimits;
pub use settings::IndexSettings;
pub use shards::ShardCounts;
pub use write::{
    Condition, ItemError, Operation, Outcome, PRIMARY_TERM, Update, UpdateScript, Write,
    WriteAnswer,
};
pub use zone::{take_time_zone, time_zone};
