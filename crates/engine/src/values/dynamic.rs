//! Fields that a document brings and the mapping does not have, with the types that their values suggest.

use super::dates::DateFormat;
use super::json::Scalar;
use super::number::java_parse;
use document::{
    Analyzer, DynamicTemplate, Failure, FieldKind, FieldMapping, FieldOptions, Json, Limits,
    Mapping, ObjectMapping, Similarity, TemplateTarget, ValueKind, VectorField,
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
    /// The formats of strings that are dates: what the mapping is to say, and how they are read.
    dates: Vec<(FieldOptions, DateFormat)>,
    /// What fields become whatever their values suggest, the first that fits.
    templates: Vec<DynamicTemplate>,
}

impl Detection {
    pub(super) fn new(mapping: &Mapping) -> Self {
        let said = |name: &str| mapping.top.get(name).map(|json: &Json| &json.0);
        let is = |name: &str, otherwise: bool| match said(name) {
            Some(Value::Bool(value)) => *value,
            Some(Value::String(text)) => text == "true",
            _ => otherwise,
        };
        let formatted = |format: &str, locale: Option<&str>| {
            let locale = locale.map(|locale| ("locale".to_owned(), Json(locale.into())));
            FieldOptions {
                format: Some(format.to_owned()),
                accepted: locale.into_iter().collect(),
                ..FieldOptions::default()
            }
        };
        let dates = match said("dynamic_date_formats") {
            _ if !is("date_detection", true) => Vec::new(),
            Some(Value::Array(formats)) => formats
                .iter()
                .filter_map(Value::as_str)
                .filter_map(|text| Some((formatted(text, None), DateFormat::parse(text).ok()?)))
                .collect(),
            _ => {
                // What a date is read with is tried first; the mapping adds milliseconds to it.
                const SLASHES: &str = "yyyy/MM/dd HH:mm:ss||yyyy/MM/dd";
                let iso = DateFormat::parse("strict_date_optional_time");
                let iso = iso.map(|form| (FieldOptions::default(), form));
                // Elasticsearch says of these, and of no others, that they belong to no country.
                let options = formatted(&format!("{SLASHES}||epoch_millis"), Some(""));
                let slashes = DateFormat::parse(SLASHES).map(|form| (options, form));
                iso.into_iter().chain(slashes).collect()
            }
        };
        Self {
            numbers: is("numeric_detection", false),
            dates,
            templates: mapping.templates.clone().unwrap_or_default(),
        }
    }

    /// Answers the field that a value at a full path suggests; none for null.
    pub(super) fn suggest(&self, path: &str, scalar: &Scalar<'_>) -> Option<FieldMapping> {
        let (kind, suggested) = match scalar {
            Scalar::Null => return None,
            Scalar::Bool(_) => (ValueKind::Boolean, FieldKind::Boolean.into()),
            Scalar::Whole(_) => (ValueKind::Long, FieldKind::Long.into()),
            Scalar::Fraction(_) => (ValueKind::Double, FieldKind::Float.into()),
            Scalar::Text(text) => self.suggest_for_text(text),
        };
        match self.target(path, kind) {
            Some(TemplateTarget::Field(field)) => Some(*field),
            _ => Some(suggested),
        }
    }

    /// Answers the object that a new object at a full path becomes.
    pub(super) fn object(&self, path: &str) -> ObjectMapping {
        match self.target(path, ValueKind::Object) {
            Some(TemplateTarget::Object(object)) => object,
            _ => ObjectMapping::default(),
        }
    }

    /// Whether a template says what a fraction at a full path becomes.
    pub(super) fn maps_fractions(&self, path: &str) -> bool {
        self.target(path, ValueKind::Double).is_some()
    }

    fn target(&self, path: &str, kind: ValueKind) -> Option<TemplateTarget> {
        let mut targets = self.templates.iter();
        targets.find_map(|template| template.target(path, kind))
    }

    fn suggest_for_text(&self, text: &str) -> (ValueKind, FieldMapping) {
        let is_whole = text.parse::<i64>().is_ok();
        let is_number = is_whole || java_parse(text).is_some();
        if is_number && self.numbers {
            return if is_whole {
                (ValueKind::Long, FieldKind::Long.into())
            } else {
                (ValueKind::Double, FieldKind::Float.into())
            };
        }
        let date = self
            .dates
            .iter()
            .find(|(_, format)| !is_number && format.read(text, &TimeZone::UTC, false).is_ok());
        if let Some((options, _)) = date {
            let field = FieldMapping {
                options: options.clone(),
                ..FieldKind::Date.into()
            };
            return (ValueKind::Date, field);
        }
        let field = FieldMapping::from(FieldKind::Text(Analyzer::Standard)).with(
            "keyword",
            FieldKind::Keyword {
                ignore_above: Some(IGNORE_ABOVE),
            },
        );
        (ValueKind::String, field)
    }
}

/// Answers the vector field that so many fractions suggest.
pub(super) fn vector(dims: usize) -> FieldMapping {
    let dims = u32::try_from(dims).unwrap_or(0);
    let mut vector = VectorField::new(dims, Similarity::Cosine);
    vector.index_options = vector.standard_options();
    FieldKind::DenseVector(vector).into()
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
    pub(super) fn object(&mut self, path: &str, object: ObjectMapping) -> Result<(), Failure> {
        if let Some(existing) = self.mapping.get(path) {
            return Err(cannot_change(path, &existing.kind, "ObjectMapper"));
        }
        if self.objects.insert(path.to_owned()) {
            self.count += 1;
            return self
                .mapping
                .insert_object(path, object)
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
