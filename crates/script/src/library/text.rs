//! Texts.

use std::sync::{Arc, Mutex, PoisonError};

use super::{Calls, Method, argument, int, text, wrong_type};
use crate::error::{Cause, CauseKind};
use crate::source::Raise;
use crate::types::{Class, Type};
use crate::value::{Array, Value, built, utf16_length};

const S: Type = Type::STRING;
const CHARS: Type = Type::Class(Class::CharSequence);
const BUILDER: Type = Type::Class(Class::StringBuilder);
const STRINGS: Type = Type::Array(crate::types::Element::Class(Class::String), 1);

pub(super) const METHODS: &[Method] = &[
    Method::of(
        Class::CharSequence,
        "length",
        &[],
        Type::Int,
        |_, this, _| Ok(Value::Int(utf16_length(&any(this)?) as i32)),
    ),
    Method::of(
        Class::CharSequence,
        "charAt",
        &[Type::Int],
        Type::Char,
        |_, this, arguments| {
            let units: Vec<u16> = any(this)?.encode_utf16().collect();
            let at = int(arguments, 0);
            let unit = usize::try_from(at).ok().and_then(|at| units.get(at));
            match unit {
                Some(unit) => Ok(Value::Char(*unit)),
                None => Err(outside(format!(
                    "Index {at} out of bounds for length {}",
                    units.len()
                ))),
            }
        },
    ),
    Method::of(
        Class::CharSequence,
        "isEmpty",
        &[],
        Type::Boolean,
        |_, this, _| Ok(Value::Bool(any(this)?.is_empty())),
    ),
    Method::of(
        Class::String,
        "substring",
        &[Type::Int],
        S,
        |_, this, arguments| cut(text(this)?, int(arguments, 0), None),
    ),
    Method::of(
        Class::String,
        "substring",
        &[Type::Int, Type::Int],
        S,
        |_, this, arguments| cut(text(this)?, int(arguments, 0), Some(int(arguments, 1))),
    ),
    Method::of(
        Class::String,
        "indexOf",
        &[S],
        Type::Int,
        |_, this, arguments| find(text(this)?, text(argument(arguments, 0))?, 0),
    ),
    Method::of(
        Class::String,
        "indexOf",
        &[S, Type::Int],
        Type::Int,
        |_, this, arguments| {
            find(
                text(this)?,
                text(argument(arguments, 0))?,
                int(arguments, 1),
            )
        },
    ),
    Method::of(
        Class::String,
        "lastIndexOf",
        &[S],
        Type::Int,
        |_, this, arguments| {
            let this = text(this)?;
            let found = this.rfind(text(argument(arguments, 0))?);
            Ok(Value::Int(found.map_or(-1, |at| units_before(this, at))))
        },
    ),
    Method::of(
        Class::String,
        "contains",
        &[CHARS],
        Type::Boolean,
        |_, this, arguments| {
            Ok(Value::Bool(
                text(this)?.contains(&any(argument(arguments, 0))?),
            ))
        },
    ),
    Method::of(
        Class::String,
        "startsWith",
        &[S],
        Type::Boolean,
        |_, this, arguments| {
            Ok(Value::Bool(
                text(this)?.starts_with(text(argument(arguments, 0))?),
            ))
        },
    ),
    Method::of(
        Class::String,
        "endsWith",
        &[S],
        Type::Boolean,
        |_, this, arguments| {
            Ok(Value::Bool(
                text(this)?.ends_with(text(argument(arguments, 0))?),
            ))
        },
    ),
    Method::of(
        Class::String,
        "equalsIgnoreCase",
        &[S],
        Type::Boolean,
        |_, this, arguments| {
            let other = match argument(arguments, 0) {
                Value::Null => return Ok(Value::Bool(false)),
                other => text(other)?,
            };
            Ok(Value::Bool(
                text(this)?.to_lowercase() == other.to_lowercase(),
            ))
        },
    ),
    Method::of(
        Class::String,
        "compareTo",
        &[S],
        Type::Int,
        |_, this, arguments| {
            Ok(Value::Int(order(
                text(this)?,
                text(argument(arguments, 0))?,
            )))
        },
    ),
    Method::of(Class::String, "toLowerCase", &[], S, |_, this, _| {
        Ok(Value::text(text(this)?.to_lowercase()))
    }),
    Method::of(Class::String, "toUpperCase", &[], S, |_, this, _| {
        Ok(Value::text(text(this)?.to_uppercase()))
    }),
    Method::of(Class::String, "trim", &[], S, |_, this, _| {
        Ok(Value::text(
            text(this)?.trim_matches(|letter: char| letter <= ' '),
        ))
    }),
    Method::of(
        Class::String,
        "concat",
        &[S],
        S,
        |calls, this, arguments| {
            let (this, other) = (text(this)?, text(argument(arguments, 0))?);
            calls.charge(this.len() + other.len())?;
            Ok(Value::text(format!("{this}{other}")))
        },
    ),
    Method::of(Class::String, "replace", &[CHARS, CHARS], S, replace),
    Method::of(
        Class::String,
        "splitOnToken",
        &[S],
        STRINGS,
        |calls, this, arguments| split(calls, text(this)?, text(argument(arguments, 0))?, None),
    ),
    Method::of(
        Class::String,
        "splitOnToken",
        &[S, Type::Int],
        STRINGS,
        |calls, this, arguments| {
            split(
                calls,
                text(this)?,
                text(argument(arguments, 0))?,
                Some(int(arguments, 1)),
            )
        },
    ),
    Method::fixed(Class::String, "valueOf", &[Type::Def], S, |_, arguments| {
        Ok(Value::text(argument(arguments, 0).to_string()))
    }),
    Method::fixed(
        Class::String,
        "join",
        &[CHARS, Type::Class(Class::Iterable)],
        S,
        |calls, arguments| {
            let parts = super::collections::elements(argument(arguments, 1))?;
            let between = any(argument(arguments, 0))?;
            let parts: Vec<String> = parts.iter().map(ToString::to_string).collect();
            let length: usize = parts.iter().map(|part| part.len() + between.len()).sum();
            calls.charge(length)?;
            Ok(Value::text(parts.join(&between)))
        },
    ),
    Method::fixed(Class::StringBuilder, "new", &[], BUILDER, |_, _| {
        Ok(Value::Builder(Arc::new(Mutex::new(String::new()))))
    }),
    Method::fixed(
        Class::StringBuilder,
        "new",
        &[CHARS],
        BUILDER,
        |_, arguments| {
            Ok(Value::Builder(Arc::new(Mutex::new(any(argument(
                arguments, 0,
            ))?))))
        },
    ),
    Method::of(
        Class::StringBuilder,
        "append",
        &[Type::Def],
        BUILDER,
        |calls, this, arguments| {
            let more = argument(arguments, 0).to_string();
            calls.charge(more.len())?;
            match this {
                Value::Builder(builder) => builder
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push_str(&more),
                other => return Err(wrong_type(other, "java.lang.StringBuilder")),
            }
            Ok(this.clone())
        },
    ),
];

/// The letters of anything that is made of letters.
fn any(value: &Value) -> Result<String, Raise> {
    match value {
        Value::Str(text) => Ok(text.to_string()),
        Value::Builder(text) => Ok(built(text)),
        other => Err(wrong_type(other, "java.lang.CharSequence")),
    }
}

fn outside(reason: String) -> Raise {
    Raise::from(Cause::new(CauseKind::StringIndexOutOfBounds, reason))
}

fn units_before(text: &str, at: usize) -> i32 {
    text.get(..at).map_or(0, utf16_length) as i32
}

/// Cuts by UTF-16 units; half of a pair becomes the replacement character.
fn cut(text: &str, from: i32, to: Option<i32>) -> Result<Value, Raise> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let length = units.len();
    let to = to.unwrap_or(length as i32);
    let range = usize::try_from(from).ok().zip(usize::try_from(to).ok());
    match range.and_then(|(from, to)| units.get(from..to)) {
        Some(part) => Ok(Value::text(String::from_utf16_lossy(part))),
        None => Err(outside(format!(
            "Range [{from}, {to}) out of bounds for length {length}"
        ))),
    }
}

fn find(text: &str, part: &str, from: i32) -> Result<Value, Raise> {
    let start = usize::try_from(from).unwrap_or(0);
    let mut units = 0;
    let start_byte = text
        .char_indices()
        .find(|(_, letter)| {
            let here = units;
            units += letter.len_utf16();
            here >= start
        })
        .map_or(text.len(), |(at, _)| at);
    let found = text.get(start_byte..).and_then(|rest| rest.find(part));
    Ok(Value::Int(
        found.map_or(-1, |at| units_before(text, start_byte + at)),
    ))
}

/// The difference of the first units that differ, or of the lengths.
fn order(left: &str, right: &str) -> i32 {
    let differ = left
        .encode_utf16()
        .zip(right.encode_utf16())
        .find(|(left, right)| left != right);
    match differ {
        Some((left, right)) => i32::from(left) - i32::from(right),
        None => utf16_length(left) as i32 - utf16_length(right) as i32,
    }
}

fn replace(calls: &mut dyn Calls, this: &Value, arguments: &[Value]) -> Result<Value, Raise> {
    let this = text(this)?;
    let (old, new) = (any(argument(arguments, 0))?, any(argument(arguments, 1))?);
    let times = this.matches(old.as_str()).count();
    calls.charge(this.len().saturating_add(times.saturating_mul(new.len())))?;
    Ok(Value::text(this.replace(old.as_str(), &new)))
}

/// Splits at a token; empty parts at the end are left out, as Java leaves them out, unless a limit is given.
fn split(
    calls: &mut dyn Calls,
    text: &str,
    token: &str,
    limit: Option<i32>,
) -> Result<Value, Raise> {
    if token.is_empty() {
        return Err(Raise::from(Cause::argument(
            "the token to split a text on may not be empty",
        )));
    }
    let mut parts: Vec<&str> = match limit.and_then(|limit| usize::try_from(limit).ok()) {
        Some(limit) if limit > 0 => text.splitn(limit, token).collect(),
        _ => text.split(token).collect(),
    };
    while limit.unwrap_or(0) == 0
        && parts.len() > 1
        && parts.last().is_some_and(|part| part.is_empty())
    {
        parts.pop();
    }
    calls.charge(parts.len() * size_of::<Value>() + text.len())?;
    let parts = parts.into_iter().map(Value::text).collect();
    Ok(Value::Array(Array::new("java.lang.String[]", parts)))
}
