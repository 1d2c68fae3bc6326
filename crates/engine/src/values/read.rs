//! JSON values as the mapping's types.

use super::FieldValues;
use super::dates::parse_date;
use document::FieldKind;
use serde_json::Value;

/// The longest keyword in bytes, as in Lucene.
const MAX_KEYWORD_BYTES: usize = 32_766;

/// Collects the values at a path, through arrays and through names that hold dots themselves.
pub(super) fn collect<'a>(value: &'a Value, path: &str, out: &mut Vec<&'a Value>) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| collect(value, path, out)),
        Value::Object(members) => {
            for (name, value) in members {
                if name == path {
                    out.push(value);
                } else if let Some(rest) = path
                    .strip_prefix(name.as_str())
                    .and_then(|rest| rest.strip_prefix('.'))
                {
                    collect(value, rest, out);
                }
            }
        }
        _ => {}
    }
}

/// Reads the values of a field; nulls are left out. None for types that are not searched.
pub(super) fn read_values(
    kind: &FieldKind,
    found: &[&Value],
) -> Result<Option<FieldValues>, String> {
    let values = match kind {
        FieldKind::Text(_) => FieldValues::Strings(each(found, string)?),
        FieldKind::Keyword { ignore_above } => {
            let mut strings = each(found, string)?;
            if let Some(limit) = ignore_above {
                strings.retain(|string| string.chars().count() <= *limit as usize);
            }
            if let Some(long) = strings
                .iter()
                .find(|string| string.len() > MAX_KEYWORD_BYTES)
            {
                return Err(format!(
                    "a value is {} bytes long, at most {MAX_KEYWORD_BYTES} can be indexed",
                    long.len()
                ));
            }
            FieldValues::Strings(strings)
        }
        FieldKind::Long
        | FieldKind::Integer
        | FieldKind::Short
        | FieldKind::Byte
        | FieldKind::UnsignedLong => FieldValues::Longs(each(found, long)?),
        FieldKind::Double | FieldKind::Float | FieldKind::HalfFloat | FieldKind::ScaledFloat => {
            FieldValues::Doubles(each(found, double)?)
        }
        FieldKind::Boolean => FieldValues::Booleans(each(found, boolean)?),
        FieldKind::Date => FieldValues::Longs(each(found, date)?),
        FieldKind::GeoPoint => FieldValues::Points(points(found)?),
        FieldKind::DenseVector(_) | FieldKind::Binary | FieldKind::Image(_) => return Ok(None),
    };
    Ok(Some(values))
}

/// Reads a vector that a client brought.
pub(super) fn vector(found: &[&Value]) -> Result<Option<Vec<f32>>, String> {
    match found {
        [] | [Value::Null] => Ok(None),
        [Value::Array(numbers)] => numbers
            .iter()
            .map(|number| match number.as_f64() {
                Some(number) => Ok(number as f32),
                None => Err(format!(
                    "expected an array of numbers, got {}",
                    shown(number)
                )),
            })
            .collect::<Result<Vec<_>, _>>()
            .map(Some),
        [value] => Err(format!(
            "expected an array of numbers, got {}",
            shown(value)
        )),
        _ => Err("got several vectors, expected one".to_owned()),
    }
}

/// Reads every value that is no null, through arrays.
fn each<T>(
    found: &[&Value],
    read: impl Fn(&Value) -> Result<T, String> + Copy,
) -> Result<Vec<T>, String> {
    let mut out = Vec::new();
    let mut rest: Vec<&Value> = found.iter().rev().copied().collect();
    while let Some(value) = rest.pop() {
        match value {
            Value::Null => {}
            Value::Array(values) => rest.extend(values.iter().rev()),
            value => out.push(read(value)?),
        }
    }
    Ok(out)
}

fn string(value: &Value) -> Result<String, String> {
    match value {
        Value::String(string) => Ok(string.clone()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(boolean) => Ok(boolean.to_string()),
        value => Err(format!("expected a string, got {}", shown(value))),
    }
}

fn long(value: &Value) -> Result<i64, String> {
    let fail = || format!("expected a whole number, got {}", shown(value));
    match value {
        Value::Number(number) => match number.as_i64() {
            Some(whole) => Ok(whole),
            None => truncated(number.as_f64().ok_or_else(fail)?).ok_or_else(fail),
        },
        Value::String(string) => match string.trim().parse::<i64>() {
            Ok(whole) => Ok(whole),
            Err(_) => string
                .trim()
                .parse()
                .ok()
                .and_then(truncated)
                .ok_or_else(fail),
        },
        _ => Err(fail()),
    }
}

fn truncated(number: f64) -> Option<i64> {
    let whole = number.trunc();
    // 2^63 as a float is the first number past the range.
    (whole >= i64::MIN as f64 && whole < i64::MAX as f64).then_some(whole as i64)
}

fn double(value: &Value) -> Result<f64, String> {
    let number = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(string) => string.trim().parse().ok(),
        _ => None,
    };
    number
        .filter(|number| number.is_finite())
        .ok_or_else(|| format!("expected a number, got {}", shown(value)))
}

fn boolean(value: &Value) -> Result<bool, String> {
    match value {
        Value::Bool(boolean) => Ok(*boolean),
        Value::String(string) if string == "true" => Ok(true),
        Value::String(string) if string == "false" || string.is_empty() => Ok(false),
        value => Err(format!("expected true or false, got {}", shown(value))),
    }
}

fn date(value: &Value) -> Result<i64, String> {
    match value {
        Value::Number(number) => number
            .as_i64()
            .ok_or_else(|| format!("expected whole milliseconds, got {number}")),
        Value::String(string) => match parse_date(string) {
            Some(range) => Ok(range.first_ms),
            None => Err(format!(
                "expected a date such as 2024-05-17T20:15:00Z, got {string:?}"
            )),
        },
        value => Err(format!("expected a date, got {}", shown(value))),
    }
}

fn points(found: &[&Value]) -> Result<Vec<(f64, f64)>, String> {
    let mut points = Vec::new();
    let mut rest: Vec<&Value> = found.iter().rev().copied().collect();
    while let Some(value) = rest.pop() {
        match value {
            Value::Null => {}
            Value::Array(values) if !values.iter().all(Value::is_number) => {
                rest.extend(values.iter().rev());
            }
            value => points.push(point(value)?),
        }
    }
    Ok(points)
}

fn point(value: &Value) -> Result<(f64, f64), String> {
    let read = match value {
        Value::Object(members) => {
            let number = |name: &str| members.get(name).and_then(|value| double(value).ok());
            number("lat").zip(number("lon"))
        }
        // As GeoJSON has it: longitude first.
        Value::Array(values) => match values.as_slice() {
            [longitude, latitude] => double(latitude).ok().zip(double(longitude).ok()),
            _ => None,
        },
        Value::String(string) => string.split_once(',').and_then(|(latitude, longitude)| {
            latitude
                .trim()
                .parse()
                .ok()
                .zip(longitude.trim().parse().ok())
        }),
        _ => None,
    };
    let (latitude, longitude) =
        read.ok_or_else(|| format!("expected {{\"lat\": …, \"lon\": …}}, got {}", shown(value)))?;
    if !(-90.0..=90.0).contains(&latitude) {
        return Err(format!("latitude {latitude} is not within -90 and 90"));
    }
    if !(-180.0..=180.0).contains(&longitude) {
        return Err(format!("longitude {longitude} is not within -180 and 180"));
    }
    Ok((latitude, longitude))
}

/// A value for an error message, cut to a length that people read.
fn shown(value: &Value) -> String {
    const LENGTH: usize = 60;
    let text = value.to_string();
    match text.char_indices().nth(LENGTH) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
