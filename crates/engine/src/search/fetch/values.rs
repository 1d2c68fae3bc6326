//! Values of a source as their field reads and shows them.

use super::source::flattened;
use crate::error::Result;
use crate::search::collect::shortest;
use crate::search::compile::rounded;
use crate::values::DateFormat;
use document::{FieldKind, Leaf};
use jiff::tz::TimeZone;
use serde_json::{Map, Number, Value, json};

/// How the values of a field are shown.
pub(super) struct Shown<'a> {
    leaf: &'a Leaf,
    /// How dates are read.
    dates: Option<DateFormat>,
    /// How dates are shown.
    format: Option<DateFormat>,
}

impl<'a> Shown<'a> {
    /// Shows a field's values, dates and numbers in a format where one is given.
    ///
    /// # Errors
    /// When the format is none.
    pub(super) fn new(leaf: &'a Leaf, format: Option<&str>) -> Result<Self> {
        let (mut dates, mut shown) = (None, None);
        if leaf.kind == FieldKind::Date {
            let own = leaf.options.format.as_deref();
            let own = own.unwrap_or(DateFormat::DEFAULT);
            shown = Some(DateFormat::parse(format.unwrap_or(own))?);
            dates = Some(DateFormat::parse(own)?);
        }
        Ok(Self {
            leaf,
            dates,
            format: shown,
        })
    }

    /// Shows milliseconds since 1970.
    pub(super) fn date(&self, ms: i64) -> Value {
        match &self.format {
            Some(format) => Value::String(format.print(ms, &TimeZone::UTC)),
            None => Value::from(ms),
        }
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
            FieldKind::Text(_) | FieldKind::Keyword { .. } | FieldKind::Binary => {
                text().map(Value::String)
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
                let ms = self.dates.as_ref()?.read(&text, &TimeZone::UTC, false);
                Some(self.date(ms.ok()?))
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
        let mut points = Vec::new();
        for value in found {
            match value {
                Value::Array(values) if !values.iter().all(Value::is_number) => {
                    points.extend(values.iter().filter_map(point));
                }
                value => points.extend(point(value)),
            }
        }
        let shown = points.into_iter().map(|(latitude, longitude)| {
            let mut shown = Map::new();
            shown.insert("coordinates".to_owned(), json!([longitude, latitude]));
            shown.insert("type".to_owned(), json!("Point"));
            Value::Object(shown)
        });
        shown.collect()
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

/// Reads latitude and longitude in each of the forms in which they can be written.
fn point(value: &Value) -> Option<(f64, f64)> {
    match value {
        Value::Object(members) => match members.get("coordinates") {
            Some(coordinates) => point(coordinates),
            None => fraction(members.get("lat")?).zip(fraction(members.get("lon")?)),
        },
        Value::Array(values) => match values.as_slice() {
            [longitude, latitude, ..] => fraction(latitude).zip(fraction(longitude)),
            _ => None,
        },
        Value::String(text) => {
            let (latitude, longitude) = text.split_once(',')?;
            latitude
                .trim()
                .parse()
                .ok()
                .zip(longitude.trim().parse().ok())
        }
        _ => None,
    }
}
