//! The text index: words, exact values, numbers and slots of documents, in `tantivy`.

mod analysis;
mod convert;
mod directory;
mod fields;
mod index;
mod statistics;

pub(crate) use analysis::{Token, analyze, normalize};
pub(crate) use fields::{Columns, Fields, ID, IGNORED, ITSELF, NESTED, Pools, SEQ_NO};
pub(crate) use index::TextIndex;
pub(crate) use statistics::{FieldStatistics, saturated};
