//! One value of the source as one value of a field.

use super::FieldValues;
use super::dates::DateFormat;
use super::ip::ip_key;
use super::json::Scalar;
use super::number;
use super::plan::date_format;
use document::{Cause, Failure, FieldKind, Leaf};
use jiff::tz::TimeZone;
use serde_json::Value;
use std::borrow::Cow;
use std::sync::Arc;

/// The longest keyword in bytes, as in Lucene.
const MAX_KEYWORD_BYTES: usize = 32_766;

/// What is worked out once for reading the values of a field.
pub(super) struct LeafReader {
    pub(super) leaf: Arc<Leaf>,
    format: Option<DateFormat>,
    /// What stands for an explicit null.
    null: Option<Null>,
}

/// A value that is kept for later.
enum Null {
    Bool(bool),
    Whole(String),
    Fraction(String),
    Text(String),
}

/// What became of a value.
#[derive(Debug, PartialEq)]
pub(super) enum Read {
    Value(One),
    /// There is nothing to index.
    Nothing,
    /// It is longer than the field indexes.
    TooLong,
}

/// A value as its field keeps it.
#[derive(Debug, PartialEq)]
pub(super) enum One {
    String(String),
    Long(i64),
    Unsigned(u64),
    Double(f64),
    Boolean(bool),
    Point((f64, f64)),
}

impl LeafReader {
    pub(super) fn new(leaf: Arc<Leaf>) -> Self {
        let format = (leaf.kind == FieldKind::Date).then(|| date_format(&leaf));
        let null = leaf
            .options
            .null_value
            .as_ref()
            .and_then(|null| match &null.0 {
                Value::Bool(value) => Some(Null::Bool(*value)),
                Value::Number(number) if number.is_f64() => {
                    Some(Null::Fraction(number.to_string()))
                }
                Value::Number(number) => Some(Null::Whole(number.to_string())),
                Value::String(text) => Some(Null::Text(text.clone())),
                _ => None,
            });
        Self { leaf, format, null }
    }

    /// Reads a value.
    ///
    /// # Errors
    /// What is wrong with it, without the field's name.
    pub(super) fn read(&self, scalar: &Scalar<'_>) -> Result<Read, Failure> {
        let coerced_away = self.leaf.options.coerce
            && is_number(&self.leaf.kind)
            && matches!(scalar, Scalar::Text(text) if text.is_empty());
        if !coerced_away && *scalar != Scalar::Null {
            return self.read_value(scalar);
        }
        let null = match &self.null {
            None => return Ok(Read::Nothing),
            Some(Null::Bool(value)) => Scalar::Bool(*value),
            Some(Null::Whole(text)) => Scalar::Whole(text),
            Some(Null::Fraction(text)) => Scalar::Fraction(text),
            Some(Null::Text(text)) => Scalar::Text(Cow::Borrowed(text)),
        };
        self.read_value(&null)
    }

    /// Answers the point that stands for an explicit null.
    pub(super) fn null_point(&self) -> Option<&Value> {
        self.leaf.options.null_value.as_ref().map(|null| &null.0)
    }

    fn read_value(&self, scalar: &Scalar<'_>) -> Result<Read, Failure> {
        let options = &self.leaf.options;
        let kind = &self.leaf.kind;
        let one = match kind {
            FieldKind::Text(_) => One::String(text(scalar)),
            FieldKind::Keyword { ignore_above } => {
                let value = text(scalar);
                let too_long =
                    ignore_above.is_some_and(|limit| value.encode_utf16().count() > limit as usize);
                if too_long {
                    return Ok(Read::TooLong);
                }
                self.check_keyword(&value)?;
                One::String(value)
            }
            FieldKind::Long | FieldKind::Integer | FieldKind::Short | FieldKind::Byte => {
                One::Long(number::whole(kind, scalar, options.coerce)?)
            }
            FieldKind::UnsignedLong => One::Unsigned(number::unsigned(scalar, options.coerce)?),
            FieldKind::Double
            | FieldKind::Float
            | FieldKind::HalfFloat
            | FieldKind::ScaledFloat => {
                let how = (options.coerce, options.scaling_factor);
                One::Double(number::fraction(kind, scalar, how)?)
            }
            FieldKind::Boolean => One::Boolean(boolean(scalar)?),
            FieldKind::Date => match &self.format {
                Some(format) => One::Long(format.read(&text(scalar), &TimeZone::UTC, false)?),
                None => return Ok(Read::Nothing),
            },
            FieldKind::Ip => One::String(ip_key(&text(scalar)).map_err(Failure::illegal_argument)?),
            FieldKind::GeoPoint
            | FieldKind::DenseVector(_)
            | FieldKind::Binary
            | FieldKind::RankFeatures
            | FieldKind::Image(_) => return Ok(Read::Nothing),
        };
        Ok(Read::Value(one))
    }

    fn check_keyword(&self, value: &str) -> Result<(), Failure> {
        if value.len() <= MAX_KEYWORD_BYTES || !self.leaf.options.index {
            return Ok(());
        }
        let prefix: Vec<String> = value
            .bytes()
            .take(30)
            .map(|byte| byte.cast_signed().to_string())
            .collect();
        Err(Failure::illegal_argument(format!(
            "Document contains at least one immense term in field=\"{}\" (whose UTF8 encoding is longer than the max length {MAX_KEYWORD_BYTES}), all of which were skipped. Please correct the analyzer to not produce such terms. The prefix of the first immense term is: '[{}]...'",
            self.leaf.path,
            prefix.join(", ")
        )))
    }
}

pub(super) fn is_number(kind: &FieldKind) -> bool {
    matches!(
        kind,
        FieldKind::Long
            | FieldKind::Integer
            | FieldKind::Short
            | FieldKind::Byte
            | FieldKind::UnsignedLong
            | FieldKind::Double
            | FieldKind::Float
            | FieldKind::HalfFloat
            | FieldKind::ScaledFloat
    )
}

fn text(scalar: &Scalar<'_>) -> String {
    match scalar {
        Scalar::Null => "null".to_owned(),
        Scalar::Bool(value) => value.to_string(),
        Scalar::Whole(text) | Scalar::Fraction(text) => (*text).to_owned(),
        Scalar::Text(text) => text.clone().into_owned(),
    }
}

fn boolean(scalar: &Scalar<'_>) -> Result<bool, Failure> {
    let token = match scalar {
        Scalar::Bool(value) => return Ok(*value),
        Scalar::Text(text) => {
            return match text.as_ref() {
                "true" => Ok(true),
                "false" | "" => Ok(false),
                text => Err(Failure::illegal_argument(format!(
                    "Failed to parse value [{text}] as only [true] or [false] are allowed."
                ))),
            };
        }
        Scalar::Whole(_) => "VALUE_NUMBER_INT",
        Scalar::Fraction(_) => "VALUE_NUMBER_FLOAT",
        Scalar::Null => "VALUE_NULL",
    };
    Err(Failure::new(
        Cause::Parsing,
        format!("Current token ({token}) not of boolean type"),
    ))
}

impl FieldValues {
    /// Adds a value of the field's type.
    pub(super) fn push(&mut self, one: &One) {
        match (self, one) {
            (Self::Strings(values), One::String(value)) => values.push(value.clone()),
            (Self::Longs(values), One::Long(value)) => values.push(*value),
            (Self::Unsigned(values), One::Unsigned(value)) => values.push(*value),
            (Self::Doubles(values), One::Double(value)) => values.push(*value),
            (Self::Booleans(values), One::Boolean(value)) => values.push(*value),
            (Self::Points(values), One::Point(value)) => values.push(*value),
            // A field has one type, and its values are all of it.
            (_, One::String(_) | One::Long(_) | One::Unsigned(_) | One::Double(_)) => {}
            (_, One::Boolean(_) | One::Point(_)) => {}
        }
    }

    pub(super) fn of(one: &One) -> Self {
        match one {
            One::String(value) => Self::Strings(vec![value.clone()]),
            One::Long(value) => Self::Longs(vec![*value]),
            One::Unsigned(value) => Self::Unsigned(vec![*value]),
            One::Double(value) => Self::Doubles(vec![*value]),
            One::Boolean(value) => Self::Booleans(vec![*value]),
            One::Point(value) => Self::Points(vec![*value]),
        }
    }

    /// Puts values into the order in which Lucene's columns keep them: ascending, and strings once each. The words of
    /// a text stay as they are written.
    pub(super) fn settle(&mut self, kind: &FieldKind) {
        match self {
            Self::Strings(_) if matches!(kind, FieldKind::Text(_)) => {}
            Self::Strings(values) => {
                values.sort_unstable();
                values.dedup();
            }
            Self::Longs(values) => values.sort_unstable(),
            Self::Unsigned(values) => values.sort_unstable(),
            Self::Doubles(values) => values.sort_unstable_by(f64::total_cmp),
            Self::Booleans(values) => values.sort_unstable(),
            Self::Points(values) => {
                values.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)))
            }
        }
    }
}
