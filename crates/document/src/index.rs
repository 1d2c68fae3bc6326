//! Indices: what they are made with, and what is said of them.

use crate::{Json, Mapping};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

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

/// The settings of an index.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct IndexSettings {
    /// A random name that no other index ever had; empty until the index is made.
    pub uuid: String,
    /// When it was made, in milliseconds since 1970; 0 until it is.
    pub created_ms: i64,
    /// What the client set, by full name without `index.` (`number_of_shards`), as given.
    pub given: BTreeMap<String, Json>,
}

impl IndexSettings {
    /// Answers a setting as the client gave it.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.given.get(name).map(|value| &value.0)
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
