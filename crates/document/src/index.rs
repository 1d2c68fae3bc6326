//! Indices: what they are made with, and what is said of them.

use crate::{IndexSettings, Mapping};
use serde::{Deserialize, Serialize};
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

/// How far the graph over the vectors of a field is. Searches find all vectors meanwhile.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct GraphStatus {
    /// Whether there is a graph: few vectors have none.
    pub is_built: bool,
    /// Vectors that searches see.
    pub vectors: u64,
    /// Those of them that are in the graph; the others are compared one by one.
    pub linked: u64,
    /// Those that are to be inserted; none where there are too few for a graph.
    pub pending: u64,
    /// Vectors that searches see no more and that are still in the graph.
    pub removed: u64,
    /// Bytes of memory for codes and edges.
    pub bytes: u64,
    /// How many of the 10 nearest vectors searches found lately, 0 to 1, greater = better; none before it was tried.
    pub recall: Option<f64>,
    /// Why the graph could not be brought further when that was tried last.
    pub problem: Option<String>,
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
    /// How far the graphs of its vector fields are, by path; fields that are always scanned have none.
    pub graphs: BTreeMap<String, GraphStatus>,
}
