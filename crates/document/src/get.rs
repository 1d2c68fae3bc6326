//! What is asked of a document by its id, and what is answered besides it.

use crate::{Json, Stored};
use serde::{Deserialize, Serialize};

/// What is asked of a document by its id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GetOptions {
    /// Whether the document is answered as it was last written, rather than as searches see it.
    pub realtime: bool,
    /// Patterns of the fields whose values are answered, of those that the mapping keeps by themselves (`store`).
    pub stored_fields: Vec<String>,
    /// The routing by which it is looked for; an index may demand one.
    pub routing: Option<String>,
}

impl Default for GetOptions {
    fn default() -> Self {
        Self {
            realtime: true,
            stored_fields: Vec::new(),
            routing: None,
        }
    }
}

/// A document that was got by its id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Got {
    /// The document.
    pub stored: Stored,
    /// The values of the fields that were asked for, by their full path.
    pub fields: Vec<(String, Vec<Json>)>,
}
