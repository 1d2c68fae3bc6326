//! Documents, and documents as they are stored.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Vectors that the program derived, by the full path of their field. They are kept beside the source, in binary.
pub type Vectors = BTreeMap<String, Vec<f32>>;

/// A document as it is written: its source and the vectors derived from it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Document {
    /// The JSON object as the client gave it, byte for byte.
    pub source: Vec<u8>,
    /// Vectors derived from it.
    pub vectors: Vectors,
    /// What the client said where it should go, which is kept and answered; none = nothing.
    pub routing: Option<String>,
}

impl Document {
    /// Makes a document of a JSON value and derived vectors.
    ///
    /// # Errors
    /// When the value cannot be written as JSON (a map whose keys are no strings).
    pub fn new<T: Serialize>(source: &T, vectors: Vectors) -> Result<Self, serde_json::Error> {
        Ok(Self {
            source: serde_json::to_vec(source)?,
            vectors,
            routing: None,
        })
    }

    /// Parses the source.
    ///
    /// # Errors
    /// When the source is no JSON.
    pub fn value(&self) -> Result<Value, serde_json::Error> {
        serde_json::from_slice(&self.source)
    }
}

/// A document as it is stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stored {
    /// The document's id, unique in its index.
    pub id: String,
    /// The number of the write that made it, greater = later.
    pub seq_no: u64,
    /// How many times it was written since it was created: 1 for the first.
    pub version: u64,
    /// What was written.
    pub document: Document,
}
