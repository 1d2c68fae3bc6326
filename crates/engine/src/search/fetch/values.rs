//! Values of a source as their field reads and shows them.

use super::source::flattened;
use crate::search::collect::shortest;
use crate::search::compile::rounded;
use crate::values::{DateFormat, ip_key, ip_text, read_point};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use document::{Failure, FieldKind, Leaf};
use jiff::tz::TimeZone;
use serde_json::{Map, Number, Value, json};

/// How the values of a field are shown as they are in a source.
pub(super) struct Shown {
    leaf: Leaf,
    form: Form,
}

/// What the values become.
enum Form {
    Plain,
    Dates {
        /// How they are read.
        own: DateFormat,
        /// How they are shown.
        shown: DateFormat,
    },
    Points(PointForm),
}

/// How points are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PointForm {
    /// As objects of GeoJSON.
    Json,
    /// As well-known text.
    Text,
    /// As well-known bytes, in base64.
    Bytes,
}

/// The formats in which a field's own dates are read, and shown where none is given.
pub(super) fn own_format(leaf: &Leaf) -> &str {
    let own = leaf.options.format.as_deref();
    own.unwrap_or(DateFormat::DEFAULT)
}

impl Shown {
    /// Shows a field's values, dates and points in a format where one is given.
    ///
    /// # Errors
    /// When the format is none, or the field's type has none, in Elasticsearch's words.
    pub(super) fn new(leaf: Leaf, format: Option<&str>) -> std::result::Result<Self, Failure> {
        let form = match (&leaf.kind, format) {
            (FieldKind::Date, format) => {
                let own = own_format(&leaf);
                Form::Dates {
                    own: DateFormat::parse(own)?,
                    shown: DateFormat::parse(format.unwrap_or(own))?,
                }
            }
            (FieldKind::GeoPoint, format) => Form::Points(match format {
                None | Some("geojson") => PointForm::Json,
                Some("wkt") => PointForm::Text,
                Some("wkb") => PointForm::Bytes,
                Some(other) => {
                    let reason = format!("Unrecognized geometry format [{other}].");
                    return Err(Failure::illegal_argument(reason));
                }
            }),
            (_, None) => Form::Plain,
            (FieldKind::Text(_), Some(_)) => {
                let reason = format!("Field [{}] doesn't support formats.", leaf.path);
                return Err(Failure::illegal_argument(reason));
            }
            (kind, Some(_)) => {
                let kind = kind.name();
                return Err(Failure::illegal_argument(format!(
                    "Field [{}] of type [{kind}] doesn't support formats.",
                    leaf.path
                )));
            }
        };
        Ok(Self { leaf, form })
    }

    /// The field.
    pub(super) fn leaf(&self) -> &Leaf {
        &self.leaf
    }

    /// Shows the values at the field's place in a source. What the field could not hold is left out.
    pub(super) fn values(&self, found: &[&Value]) -> Vec<Value> {
        match self.leaf.kind {
            FieldKind::DenseVector(_) => {
                return flattened(found, false).into_iter().cloned().collect();
            }
            FieldKind::GeoPoint => return self.points(found),
            _ => {}
        }
        let null = self.leaf.options.null_value.as_ref();
        let values = flattened(found, null.is_some());
        let values = values.into_iter().map(|value| match (value, null) {
            (Value::Null, Some(null)) => &null.0,
            (value, _) => value,
        });
        values.filter_map(|value| self.value(value)).collect()
    }

    fn value(&self, value: &Value) -> Option<Value> {
        let text = || match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(value) => Some(value.to_string()),
            _ => None,
        };
        match &self.leaf.kind {
            FieldKind::Keyword {
                ignore_above: Some(most),
            } => text()
                .filter(|text| text.chars().count() <= *most as usize)
                .map(Value::String),
            FieldKind::RankFeatures => Some(value.clone()),
            FieldKind::Text(_) | FieldKind::Keyword { .. } | FieldKind::Binary => {
                text().map(Value::String)
            }
            FieldKind::Ip => {
                let key = ip_key(&text()?).ok()?;
                Some(Value::String(ip_text(&key)))
            }
            FieldKind::Boolean => match value {
                Value::Bool(value) => Some(Value::Bool(*value)),
                Value::String(text) => Some(Value::Bool(text == "true")),
                _ => None,
            },
            FieldKind::Date => {
                let text = match value {
                    Value::Number(number) => number.to_string(),
                    Value::String(text) => text.clone(),
                    _ => return None,
                };
                let Form::Dates { own, shown } = &self.form else {
                    return None;
                };
                let ms = own.read(&text, &TimeZone::UTC, false).ok()?;
                Some(Value::String(shown.print(ms, &TimeZone::UTC)))
            }
            FieldKind::Long
            | FieldKind::Integer
            | FieldKind::Short
            | FieldKind::Byte
            | FieldKind::UnsignedLong => whole(value),
            FieldKind::Float | FieldKind::HalfFloat => {
                let number = rounded(&self.leaf.kind, fraction(value)?);
                Some(json!(shortest(number as f32)))
            }
            FieldKind::Double => Some(json!(fraction(value)?)),
            FieldKind::ScaledFloat => {
                let factor = self.leaf.options.scaling_factor.unwrap_or(1.0);
                Some(json!((fraction(value)? * factor).round() / factor))
            }
            FieldKind::GeoPoint | FieldKind::DenseVector(_) | FieldKind::Image(_) => None,
        }
    }

    fn points(&self, found: &[&Value]) -> Vec<Value> {
        let Form::Points(form) = self.form else {
            return Vec::new();
        };
        let mut points = Vec::new();
        for value in found {
            match value {
                Value::Array(values) if !values.iter().all(Value::is_number) => {
                    points.extend(values.iter().filter_map(read_point));
                }
                value => points.extend(read_point(value)),
            }
        }
        points.into_iter().map(|point| form.write(point)).collect()
    }
}

impl PointForm {
    fn write(self, (latitude, longitude): (f64, f64)) -> Value {
        match self {
            Self::Json => {
                let mut shown = Map::new();
                shown.insert("coordinates".to_owned(), json!([longitude, latitude]));
                shown.insert("type".to_owned(), json!("Point"));
                Value::Object(shown)
            }
            Self::Text => json!(format!("POINT ({longitude:?} {latitude:?})")),
            Self::Bytes => {
                // The order of bytes (1 = the lowest first), the kind (1 = a point), and the two numbers.
                let mut bytes = vec![1, 1, 0, 0, 0];
                bytes.extend(longitude.to_le_bytes());
                bytes.extend(latitude.to_le_bytes());
                json!(STANDARD.encode(bytes))
            }
        }
    }
}

fn whole(value: &Value) -> Option<Value> {
    let number: Number = match value {
        Value::Number(number) if !number.is_f64() => number.clone(),
        Value::String(text) if text.trim().parse::<i64>().is_ok() => {
            text.trim().parse::<i64>().ok()?.into()
        }
        value => {
            let number = fraction(value)?.trunc();
            let is_held = number >= i64::MIN as f64 && number < i64::MAX as f64;
            is_held.then_some(number as i64)?.into()
        }
    };
    Some(Value::Number(number))
}

fn fraction(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}
