//! What is stored: documents, mappings, writes and their answers.
//!
//! This crate knows JSON as a document's value and nothing of wire formats, files or engines. Every other
//! crate that speaks of a field, a mapping or a write uses the types of this one.

mod error;
mod mapping;
mod record;
mod write;

pub use error::{ErrorKind, MappingError};
pub use mapping::{
    Analyzer, Extractor, FieldKind, FieldMapping, ImageField, Leaf, Mapping, OnError, Similarity,
    VectorField,
};
pub use record::{Document, Stored, Vectors};
pub use write::{Condition, ItemError, Operation, Outcome, Write, WriteAnswer};
