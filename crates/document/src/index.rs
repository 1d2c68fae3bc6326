//! Indices: what they are made with, and what is said of them.

use crate::{IndexSettings, Mapping};
use serde::{Deserialize, Serialize};

/// What an index is made with.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct IndexDefinition {
    /// Its fields.
    pub mapping: Mapping,
    /// Its settings.
    pub settings: IndexSettings,
}

impl From<Mapping> for IndexDefinition {
    fn from(mapping: Mapping) -> Self {
        Self {
            mapping,
            settings: IndexSettings::default(),
        }
    }
}

/// What is said of an index in lists.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IndexStatus {
    /// Its name.
    pub name: String,
    /// Documents that searches see, nested ones not counted.
    pub documents: u64,
    /// Documents that searches see, each nested object counted as one.
    pub documents_and_nested: u64,
    /// Documents deleted or replaced whose space is not given back yet.
    pub deleted: u64,
    /// Bytes on the disk of what is derived from the documents.
    pub bytes: u64,
    /// Its mapping.
    pub mapping: Mapping,
    /// Its settings.
    pub settings: IndexSettings,
}
