//! Fields that a document brings and the mapping does not have yet.

use super::{Analyzer, FieldKind, FieldMapping, Mapping};
use serde_json::Value;

/// Strings longer than this many characters are not indexed as keywords, as in Elasticsearch.
const IGNORE_ABOVE: u32 = 256;

impl Mapping {
    /// Answers the fields that a source brings and this mapping does not have, with the types that their values
    /// suggest: strings become text with a `.keyword`, whole numbers long, others double. What lies below an
    /// image field is derived and never mapped from a source; nulls and empty arrays say nothing.
    ///
    /// Names that cannot be mapped come back in the second list.
    pub fn unmapped(&self, source: &Value) -> (Mapping, Vec<String>) {
        let mut found = Mapping::new();
        let mut refused = Vec::new();
        self.walk("", source, &mut found, &mut refused);
        (found, refused)
    }

    fn walk(&self, path: &str, value: &Value, found: &mut Mapping, refused: &mut Vec<String>) {
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    let path = if path.is_empty() {
                        name.clone()
                    } else {
                        format!("{path}.{name}")
                    };
                    let known = self.get(&path).is_some() || found.get(&path).is_some();
                    if !known {
                        self.walk(&path, value, found, refused);
                    }
                }
            }
            Value::Array(values) => {
                if let Some(value) = values.iter().find(|value| !value.is_null()) {
                    self.walk(path, value, found, refused);
                }
            }
            value => {
                if let Some(field) = suggested(value)
                    && found.insert(path, field).is_err()
                {
                    refused.push(path.to_owned());
                }
            }
        }
    }
}

fn suggested(value: &Value) -> Option<FieldMapping> {
    match value {
        Value::Bool(_) => Some(FieldKind::Boolean.into()),
        Value::Number(number) if number.is_f64() => Some(FieldKind::Double.into()),
        Value::Number(_) => Some(FieldKind::Long.into()),
        Value::String(_) => Some(
            FieldMapping::from(FieldKind::Text(Analyzer::Standard)).with(
                "keyword",
                FieldKind::Keyword {
                    ignore_above: Some(IGNORE_ABOVE),
                },
            ),
        ),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
