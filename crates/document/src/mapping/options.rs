//! What a field's mapping says besides its type.

use super::Analyzer;
use crate::{Json, MappingError};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a field's mapping says besides its type; the default is what Elasticsearch assumes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FieldOptions {
    /// Whether the field can be searched.
    pub index: bool,
    /// Whether its values are kept in a column, for sorting, aggregations and scripts.
    pub doc_values: bool,
    /// The formats of a date, separated by `||`.
    pub format: Option<String>,
    /// The value that stands for an explicit null.
    pub null_value: Option<Json>,
    /// Whether a value that does not fit is left out rather than refusing the document.
    pub ignore_malformed: bool,
    /// Whether strings are read as numbers and fractions cut off.
    pub coerce: bool,
    /// Full paths of the fields into which the values go as well.
    pub copy_to: Vec<String>,
    /// The factor of a scaled_float.
    pub scaling_factor: Option<f64>,
    /// The analyzer of queries, where it is not the field's.
    pub search_analyzer: Option<Analyzer>,
    /// Whether a text's length counts in its score.
    pub norms: bool,
    /// Parameters that are accepted, change nothing here and can be read back, by name.
    pub accepted: BTreeMap<String, Json>,
}

impl Default for FieldOptions {
    fn default() -> Self {
        Self {
            index: true,
            doc_values: true,
            format: None,
            null_value: None,
            ignore_malformed: false,
            coerce: true,
            copy_to: Vec::new(),
            scaling_factor: None,
            search_analyzer: None,
            norms: true,
            accepted: BTreeMap::new(),
        }
    }
}

impl FieldOptions {
    /// Takes over what may change on a living field, and refuses what may not.
    pub(super) fn merge(&mut self, path: &str, asked: FieldOptions) -> Result<(), MappingError> {
        let fixed = [
            ("index", self.index != asked.index),
            ("doc_values", self.doc_values != asked.doc_values),
            ("format", self.format != asked.format),
            ("null_value", self.null_value != asked.null_value),
            (
                "scaling_factor",
                self.scaling_factor != asked.scaling_factor,
            ),
            ("norms", !self.norms && asked.norms),
        ];
        if let Some((parameter, _)) = fixed.into_iter().find(|(_, differs)| *differs) {
            return Err(MappingError::OptionConflict {
                field: path.to_owned(),
                parameter,
            });
        }
        *self = asked;
        Ok(())
    }
}
