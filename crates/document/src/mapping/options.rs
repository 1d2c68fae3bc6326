//! What a field's mapping says besides its type.

use super::{Analyzer, FieldKind};
use crate::{Changed, Json};
use serde::{Deserialize, Serialize};
use serde_json::Value;
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
    /// What is asked for and cannot change on a living field of this kind.
    pub(super) fn changed(&self, kind: &FieldKind, asked: &FieldOptions) -> Vec<Changed> {
        let json = |value: &Option<Json>| match value {
            Some(Json(Value::String(text))) => text.clone(),
            Some(Json(value)) => value.to_string(),
            None => "null".to_owned(),
        };
        let format = |value: &Option<String>| {
            let standard = "strict_date_optional_time||epoch_millis";
            value.clone().unwrap_or_else(|| standard.to_owned())
        };
        let factor = |value: Option<f64>| value.map_or("null".to_owned(), |f| f.to_string());
        let mut changed = Vec::new();
        let mut compare = |parameter, existing: String, asked: String| {
            if existing != asked {
                changed.push(Changed {
                    parameter,
                    existing,
                    asked,
                });
            }
        };
        compare("index", self.index.to_string(), asked.index.to_string());
        compare(
            "doc_values",
            self.doc_values.to_string(),
            asked.doc_values.to_string(),
        );
        compare(
            "null_value",
            json(&self.null_value),
            json(&asked.null_value),
        );
        if *kind == FieldKind::Date {
            compare("format", format(&self.format), format(&asked.format));
        }
        compare(
            "scaling_factor",
            factor(self.scaling_factor),
            factor(asked.scaling_factor),
        );
        if !self.norms && asked.norms {
            compare("norms", "false".to_owned(), "true".to_owned());
        }
        changed
    }
}
