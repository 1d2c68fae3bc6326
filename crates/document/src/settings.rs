//! Settings of indices.

use crate::Json;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

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
    /// Answers a setting that is a whole number; none where it was not given, or is none.
    pub fn number(&self, name: &str) -> Option<u64> {
        match self.get(name)? {
            Value::Number(number) => number.as_u64(),
            Value::String(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// Answers a setting as the client gave it.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.given.get(name).map(|value| &value.0)
    }
}
