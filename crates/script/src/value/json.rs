//! Values from JSON and back.

use super::{List, MAX_DEPTH, Map, Value, Walk};
use crate::error::Cause;

impl Value {
    /// Makes a value of JSON: whole numbers become `int` or `long` by their size, others `double`.
    ///
    /// JSON that lies deeper than 200 levels becomes null below them; parsers of requests refuse it earlier.
    pub fn from_json(json: &serde_json::Value) -> Self {
        Self::from_json_within(json, MAX_DEPTH)
    }

    fn from_json_within(json: &serde_json::Value, depth: usize) -> Self {
        let Some(depth) = depth.checked_sub(1) else {
            return Self::Null;
        };
        match json {
            serde_json::Value::Null => Self::Null,
            serde_json::Value::Bool(value) => Self::Bool(*value),
            serde_json::Value::Number(number) => number_from_json(number),
            serde_json::Value::String(text) => Self::text(text.as_str()),
            serde_json::Value::Array(elements) => Self::List(List::new(
                elements
                    .iter()
                    .map(|element| Self::from_json_within(element, depth))
                    .collect(),
            )),
            serde_json::Value::Object(entries) => {
                let map = Map::new();
                for (key, value) in entries {
                    map.insert(
                        Self::text(key.as_str()),
                        Self::from_json_within(value, depth),
                    );
                }
                Self::Map(map)
            }
        }
    }

    /// Returns the value as JSON.
    ///
    /// # Errors
    ///
    /// When a list or map contains itself or has more than a million values, a number is not finite, or a value has no form in JSON.
    pub fn to_json(&self) -> Result<serde_json::Value, Cause> {
        self.to_json_within(&Walk::default(), 0)
    }

    fn to_json_within(&self, walk: &Walk, depth: usize) -> Result<serde_json::Value, Cause> {
        use serde_json::Value as Json;
        let depth = walk
            .deeper(depth)
            .ok_or_else(|| Cause::argument("Iterable object is self-referencing itself"))?;
        let all = |values: Vec<Self>| -> Result<Json, Cause> {
            let elements: Result<_, _> = values
                .iter()
                .map(|value| value.to_json_within(walk, depth))
                .collect();
            Ok(Json::Array(elements?))
        };
        Ok(match self {
            Self::Null => Json::Null,
            Self::Bool(value) => Json::from(*value),
            Self::Byte(number) => Json::from(*number),
            Self::Short(number) => Json::from(*number),
            Self::Int(number) => Json::from(*number),
            Self::Long(number) => Json::from(*number),
            // The shortest decimal that gives the float back, as Java prints it.
            Self::Float(number) if number.is_finite() => Json::from(
                number
                    .to_string()
                    .parse::<f64>()
                    .unwrap_or(f64::from(*number)),
            ),
            Self::Double(number) if number.is_finite() => Json::from(*number),
            Self::Char(_)
            | Self::Str(_)
            | Self::Date(_)
            | Self::Instant(_)
            | Self::Float(_)
            | Self::Double(_)
            | Self::Builder(_) => Json::from(self.to_string()),
            Self::List(list) => all(list.to_vec())?,
            Self::Array(array) => all(array.to_vec())?,
            Self::Set(set) => all(set.entries().into_iter().map(|(key, _)| key).collect())?,
            Self::Map(map) => {
                let mut object = serde_json::Map::new();
                for (key, value) in map.entries() {
                    object.insert(key.to_string(), value.to_json_within(walk, depth)?);
                }
                Json::Object(object)
            }
            Self::Point(latitude, longitude) => {
                serde_json::json!({"lat": latitude, "lon": longitude})
            }
            Self::Entry(_)
            | Self::Iterator(_)
            | Self::Exception(_)
            | Self::Lambda(_)
            | Self::Document
            | Self::Field(_) => {
                return Err(Cause::argument(format!(
                    "cannot write xcontent for unknown value of type class {}",
                    self.class_name()
                )));
            }
        })
    }
}

fn number_from_json(number: &serde_json::Number) -> Value {
    match number.as_i64() {
        Some(whole) => i32::try_from(whole).map_or(Value::Long(whole), Value::Int),
        None => Value::Double(number.as_f64().unwrap_or(f64::NAN)),
    }
}
