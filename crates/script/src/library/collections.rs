//! Constructors of lists, sets and maps, and what their methods share.

use super::maps::charged;
use super::{Calls, Method, argument, null_pointer, wrong_type};
use crate::source::Raise;
use crate::types::{Class, Type};
use crate::value::{List, Map, Value};

const COLLECTION: Type = Type::Class(Class::Collection);

pub(super) const CONSTRUCTORS: &[Method] = &[
    Method::fixed(
        Class::ArrayList,
        "new",
        &[],
        Type::Class(Class::ArrayList),
        |_, _| Ok(Value::List(List::default())),
    ),
    Method::fixed(
        Class::ArrayList,
        "new",
        &[COLLECTION],
        Type::Class(Class::ArrayList),
        |calls, arguments| {
            Ok(Value::List(List::new(copied(
                calls,
                argument(arguments, 0),
            )?)))
        },
    ),
    Method::fixed(
        Class::HashSet,
        "new",
        &[],
        Type::Class(Class::HashSet),
        |_, _| Ok(Value::Set(Map::new())),
    ),
    Method::fixed(
        Class::HashSet,
        "new",
        &[COLLECTION],
        Type::Class(Class::HashSet),
        |calls, arguments| {
            let set = Map::new();
            for element in copied(calls, argument(arguments, 0))? {
                set.insert(element, Value::Null);
            }
            Ok(Value::Set(set))
        },
    ),
    Method::fixed(
        Class::HashMap,
        "new",
        &[],
        Type::Class(Class::HashMap),
        |_, _| Ok(Value::Map(Map::new())),
    ),
    Method::fixed(
        Class::HashMap,
        "new",
        &[Type::MAP],
        Type::Class(Class::HashMap),
        |calls, arguments| {
            let copy = Map::new();
            for (key, value) in charged(calls, argument(arguments, 0))? {
                copy.insert(key, value);
            }
            Ok(Value::Map(copy))
        },
    ),
];

pub(super) fn list(value: &Value) -> Result<&List, Raise> {
    match value {
        Value::List(list) => Ok(list),
        other => Err(wrong_type(other, "java.util.List")),
    }
}

/// The elements of a list or a set as they are now.
pub(super) fn elements(value: &Value) -> Result<Vec<Value>, Raise> {
    match value {
        Value::List(list) => Ok(list.to_vec()),
        Value::Set(set) => Ok(set.entries().into_iter().map(|(key, _)| key).collect()),
        Value::Null => Err(null_pointer()),
        other => Err(wrong_type(other, "java.lang.Iterable")),
    }
}

/// The elements of a list or a set, counted as memory.
pub(super) fn copied(calls: &mut dyn Calls, value: &Value) -> Result<Vec<Value>, Raise> {
    calls.charge(size(value).unwrap_or(0).saturating_mul(size_of::<Value>()))?;
    elements(value)
}

pub(super) fn size(value: &Value) -> Result<usize, Raise> {
    match value {
        Value::Set(set) => Ok(set.len()),
        _ => Ok(list(value)?.len()),
    }
}
