//! Values of the document's fields.

use super::{Machine, located};
use crate::convert::array_name;
use crate::error::{Cause, CauseKind};
use crate::host::Values;
use crate::ir::At;
use crate::source::Raise;
use crate::types::{Element, Type};
use crate::value::{Array, Value};

/// What Elasticsearch says of a vector that is read like other values.
const NOT_LIKE_THAT: &str = "accessing a vector field's value through 'get' or 'value' is not supported, use \
                             'vectorValue' or 'magnitude' instead.";

impl Machine<'_> {
    /// `doc['f']`: the field, if it is mapped.
    pub(super) fn field(&mut self, field: usize, at: At) -> Result<Value, Raise> {
        located(self.mapped(field), at)?;
        Ok(Value::Field(field))
    }

    fn mapped(&mut self, field: usize) -> Result<(), Cause> {
        if self.state.mapped.get(field) == Some(&true) {
            return Ok(());
        }
        self.host.values(field)?;
        if let Some(mapped) = self.state.mapped.get_mut(field) {
            *mapped = true;
        }
        Ok(())
    }

    /// `doc[name]` for a name that the script made.
    pub(super) fn field_named(&mut self, name: &str) -> Result<Value, Cause> {
        let number = self.number_of(name).ok_or_else(|| Cause::no_field(name))?;
        self.mapped(number)?;
        Ok(Value::Field(number))
    }

    /// The number of a field, if it is mapped.
    pub(super) fn number_of(&mut self, name: &str) -> Option<usize> {
        if let Some(known) = self.state.names.get(name) {
            return *known;
        }
        let number = self.host.find(name);
        // A script can make any number of names.
        if self.state.names.len() < 1000 {
            self.state.names.insert(name.to_owned(), number);
        }
        number
    }

    /// `doc['f'].value`.
    pub(super) fn field_value(
        &mut self,
        field: usize,
        field_at: At,
        at: At,
    ) -> Result<Value, Raise> {
        let values = located(self.host.values(field), field_at)?;
        let value = match first(values) {
            Ok(value) => value,
            Err(cause) => return located(Err(cause), at),
        };
        Ok(value)
    }

    pub(super) fn field_size(&mut self, field: usize) -> Result<usize, Cause> {
        Ok(match self.host.values(field)? {
            Values::Longs(values) | Values::Dates(values) => values.len(),
            Values::Doubles(values) => values.len(),
            Values::Booleans(values) => values.len(),
            Values::Strings(values) => values.len(),
            Values::Points(values) => values.len(),
            Values::Vector(values) => usize::from(!values.is_empty()),
        })
    }

    /// All values, as elements of a list.
    pub(super) fn field_values(&mut self, field: usize) -> Result<Vec<Value>, Cause> {
        let values: Vec<Value> = match self.host.values(field)? {
            Values::Longs(values) => values.iter().copied().map(Value::Long).collect(),
            Values::Dates(values) => values.iter().copied().map(Value::Date).collect(),
            Values::Doubles(values) => values.iter().copied().map(Value::Double).collect(),
            Values::Booleans(values) => values.iter().copied().map(Value::Bool).collect(),
            Values::Strings(values) => values
                .iter()
                .map(|text| Value::text(text.as_str()))
                .collect(),
            Values::Points(values) => values
                .iter()
                .map(|(latitude, longitude)| Value::Point(*latitude, *longitude))
                .collect(),
            Values::Vector(_) => {
                return Err(Cause::new(CauseKind::UnsupportedOperation, NOT_LIKE_THAT));
            }
        };
        self.make(values.len().saturating_mul(size_of::<Value>()))?;
        Ok(values)
    }

    /// `doc['f'][at]`.
    pub(super) fn field_element(&mut self, field: usize, at: i64) -> Result<Value, Cause> {
        let values = self.host.values(field)?;
        if at == 0 {
            return first(values);
        }
        let place = usize::try_from(at).unwrap_or(usize::MAX);
        let (found, length) = match values {
            Values::Longs(values) => (values.get(place).copied().map(Value::Long), values.len()),
            Values::Dates(values) => (values.get(place).copied().map(Value::Date), values.len()),
            Values::Doubles(values) => {
                (values.get(place).copied().map(Value::Double), values.len())
            }
            Values::Booleans(values) => (values.get(place).copied().map(Value::Bool), values.len()),
            Values::Strings(values) => {
                let text = values.get(place).map(|text| Value::text(text.as_str()));
                (text, values.len())
            }
            Values::Points(values) => {
                let point = values
                    .get(place)
                    .map(|(latitude, longitude)| Value::Point(*latitude, *longitude));
                (point, values.len())
            }
            Values::Vector(_) => {
                return Err(Cause::new(CauseKind::UnsupportedOperation, NOT_LIKE_THAT));
            }
        };
        match found {
            Some(value) => Ok(value),
            None if length == 0 => Err(Cause::no_value()),
            None => Err(Cause::new(
                CauseKind::ArrayIndexOutOfBounds,
                format!("Index {at} out of bounds for length {length}"),
            )),
        }
    }

    /// A property of a field; none where it has none by that name.
    pub(super) fn field_property(
        &mut self,
        field: usize,
        name: &str,
    ) -> Result<Option<Value>, Cause> {
        Ok(Some(match name {
            "value" => first(self.host.values(field)?)?,
            "length" => Value::Int(self.field_size(field)? as i32),
            "empty" => Value::Bool(self.field_size(field)? == 0),
            _ => {
                return match self.host.values(field)? {
                    Values::Vector(vector) => vector_property(vector, name),
                    Values::Points(points) => Ok(points.first().and_then(|point| match name {
                        "lat" => Some(Value::Double(point.0)),
                        "lon" => Some(Value::Double(point.1)),
                        _ => None,
                    })),
                    _ => Ok(None),
                };
            }
        }))
    }

    /// The class of a field's values, as messages name it.
    pub(super) fn field_class(&mut self, field: usize) -> &'static str {
        match self.host.values(field) {
            Ok(Values::Longs(_)) => "org.elasticsearch.index.fielddata.ScriptDocValues.Longs",
            Ok(Values::Dates(_)) => "org.elasticsearch.index.fielddata.ScriptDocValues.Dates",
            Ok(Values::Doubles(_)) => "org.elasticsearch.index.fielddata.ScriptDocValues.Doubles",
            Ok(Values::Booleans(_)) => "org.elasticsearch.index.fielddata.ScriptDocValues.Booleans",
            Ok(Values::Strings(_)) => "org.elasticsearch.index.fielddata.ScriptDocValues.Strings",
            Ok(Values::Points(_)) => "org.elasticsearch.index.fielddata.ScriptDocValues.GeoPoints",
            Ok(Values::Vector(_)) => {
                "org.elasticsearch.script.field.vectors.DenseVectorScriptDocValues"
            }
            Err(_) => "org.elasticsearch.index.fielddata.ScriptDocValues",
        }
    }
}

/// The first of a field's values.
fn first(values: Values<'_>) -> Result<Value, Cause> {
    let value = match values {
        Values::Longs(values) => values.first().copied().map(Value::Long),
        Values::Dates(values) => values.first().copied().map(Value::Date),
        Values::Doubles(values) => values.first().copied().map(Value::Double),
        Values::Booleans(values) => values.first().copied().map(Value::Bool),
        Values::Strings(values) => values.first().map(|text| Value::text(text.as_str())),
        Values::Points(values) => values
            .first()
            .map(|(latitude, longitude)| Value::Point(*latitude, *longitude)),
        Values::Vector(_) => {
            return Err(Cause::new(CauseKind::UnsupportedOperation, NOT_LIKE_THAT));
        }
    };
    value.ok_or_else(Cause::no_value)
}

fn vector_property(vector: &[f32], name: &str) -> Result<Option<Value>, Cause> {
    if !matches!(name, "vectorValue" | "magnitude") {
        return Ok(None);
    }
    if vector.is_empty() {
        return Err(Cause::no_vector());
    }
    if name == "magnitude" {
        let squares: f64 = vector.iter().map(|number| f64::from(*number).powi(2)).sum();
        return Ok(Some(Value::Float(squares.sqrt() as f32)));
    }
    let numbers = vector.iter().copied().map(Value::Float).collect();
    let class = array_name(Type::Array(Element::Float, 1));
    Ok(Some(Value::Array(Array::new(class, numbers))))
}
