//! Fields that a document brings and the mapping does not have, with the types that their values suggest.

use super::dates::DateFormat;
use super::json::Scalar;
use super::number::java_parse;
use document::{
    Analyzer, Failure, FieldKind, FieldMapping, FieldOptions, Json, Limits, Mapping, ObjectMapping,
    Similarity, VectorField,
};
use jiff::tz::TimeZone;
use serde_json::Value;
use std::collections::BTreeSet;

/// Strings longer than this many characters are not indexed as keywords.
const IGNORE_ABOVE: u32 = 256;
/// An array of so many fractions is a vector.
pub(super) const VECTOR_DIMS: std::ops::RangeInclusive<usize> = 128..=4096;

/// What strings may turn out to be.
pub(super) struct Detection {
    numbers: bool,
    /// The formats of strings that are dates: what the mapping is to say, none for the default; and how they are read.
    dates: Vec<(Option<String>, DateFormat)>,
}

impl Detection {
    pub(super) fn new(mapping: &Mapping) -> Self {
        let said = |name: &str| mapping.top.get(name).map(|json: &Json| &json.0);
        let is = |name: &str, otherwise: bool| match said(name) {
            Some(Value::Bool(value)) => *value,
            Some(Value::String(text)) => text == "true",
            _ => otherwise,
        };
        let dates = match said("dynamic_date_formats") {
            _ if !is("date_detection", true) => Vec::new(),
            Some(Value::Array(formats)) => formats
                .iter()
                .filter_map(Value::as_str)
                .filter_map(|text| Some((Some(text.to_owned()), DateFormat::parse(text).ok()?)))
                .collect(),
            _ => {
                // What a date is read with is tried first; the mapping adds milliseconds to it.
                const SLASHES: &str = "yyyy/MM/dd HH:mm:ss||yyyy/MM/dd";
                let iso = DateFormat::parse("strict_date_optional_time").map(|form| (None, form));
                let slashes = DateFormat::parse(SLASHES)
                    .map(|form| (Some(format!("{SLASHES}||epoch_millis")), form));
                iso.into_iter().chain(slashes).collect()
            }
        };
        Self {
            numbers: is("numeric_detection", false),
            dates,
        }
    }

    /// Answers the field that a value suggests; none for null.
    pub(super) fn suggest(&self, scalar: &Scalar<'_>) -> Option<FieldMapping> {
        match scalar {
            Scalar::Null => None,
            Scalar::Bool(_) => Some(FieldKind::Boolean.into()),
            Scalar::Whole(_) => Some(FieldKind::Long.into()),
            Scalar::Fraction(_) => Some(FieldKind::Float.into()),
            Scalar::Text(text) => Some(self.suggest_for_text(text)),
        }
    }

    fn suggest_for_text(&self, text: &str) -> FieldMapping {
        let is_whole = text.parse::<i64>().is_ok();
        let is_number = is_whole || java_parse(text).is_some();
        if is_number && self.numbers {
            let kind = if is_whole {
                FieldKind::Long
            } else {
                FieldKind::Float
            };
            return kind.into();
        }
        let date = self
            .dates
            .iter()
            .find(|(_, format)| !is_number && format.read(text, &TimeZone::UTC, false).is_ok());
        if let Some((format, _)) = date {
            return FieldMapping {
                options: FieldOptions {
                    format: format.clone(),
                    ..FieldOptions::default()
                },
                ..FieldKind::Date.into()
            };
        }
        FieldMapping::from(FieldKind::Text(Analyzer::Standard)).with(
            "keyword",
            FieldKind::Keyword {
                ignore_above: Some(IGNORE_ABOVE),
            },
        )
    }
}

/// Answers the vector field that so many fractions suggest.
pub(super) fn vector(dims: usize) -> FieldMapping {
    let dims = u32::try_from(dims).unwrap_or(0);
    FieldKind::DenseVector(VectorField::new(dims, Similarity::Cosine)).into()
}

/// What one document adds to the mapping.
#[derive(Default)]
pub(super) struct Additions {
    pub(super) mapping: Mapping,
    objects: BTreeSet<String>,
    /// How many fields, multi-fields and objects are new.
    count: usize,
    /// Whether the length of a vector field's vectors was decided.
    decided: bool,
}

impl Additions {
    pub(super) fn is_empty(&self) -> bool {
        self.count == 0 && !self.decided
    }

    /// Adds a field.
    ///
    /// # Errors
    /// When another value of the same document suggested another type.
    pub(super) fn field(&mut self, path: &str, field: FieldMapping) -> Result<(), Failure> {
        if self.objects.contains(path) {
            return Err(Failure::illegal_argument(format!(
                "can't merge a non object mapping [{path}] with an object mapping"
            )));
        }
        match self.mapping.get(path) {
            Some(existing) if existing.kind.name() == field.kind.name() => Ok(()),
            Some(existing) => Err(cannot_change(path, &existing.kind, field.kind.name())),
            None => {
                self.count += 1 + field.fields.len();
                self.mapping
                    .insert(path, field)
                    .map_err(|error| Failure::illegal_argument(error.to_string()))
            }
        }
    }

    /// Adds an object.
    ///
    /// # Errors
    /// When another value of the same document made it a field.
    pub(super) fn object(&mut self, path: &str) -> Result<(), Failure> {
        if let Some(existing) = self.mapping.get(path) {
            return Err(cannot_change(path, &existing.kind, "ObjectMapper"));
        }
        if self.objects.insert(path.to_owned()) {
            self.count += 1;
            return self
                .mapping
                .insert_object(path, ObjectMapping::default())
                .map_err(|error| Failure::illegal_argument(error.to_string()));
        }
        Ok(())
    }

    /// Decides the length of a vector field's vectors.
    pub(super) fn dims(&mut self, path: &str, field: FieldMapping) -> Result<(), Failure> {
        self.decided = true;
        self.mapping
            .insert(path, field)
            .map_err(|error| Failure::illegal_argument(error.to_string()))
    }

    /// Makes sure that there is room for what was added to `existing` fields.
    pub(super) fn check(&self, existing: usize, limits: &Limits) -> Result<(), Failure> {
        if existing + self.count <= limits.total_fields {
            return Ok(());
        }
        Err(Failure::illegal_argument(format!(
            "Limit of total fields [{}] has been exceeded while adding new fields [{}]",
            limits.total_fields, self.count
        )))
    }
}

fn cannot_change(path: &str, existing: &FieldKind, asked: &str) -> Failure {
    Failure::illegal_argument(format!(
        "mapper [{path}] cannot be changed from type [{}] to [{asked}]",
        existing.name()
    ))
}
