//! Methods of maps, their entries, and iterators.

use std::sync::Arc;

use super::{Calls, Method, argument, wrong_type};
use crate::error::{Cause, CauseKind};
use crate::source::Raise;
use crate::types::{Class, Type};
use crate::value::{List, Map, Value};

const DEF: Type = Type::Def;
const B: Type = Type::Boolean;
const FUNCTION: Type = Type::Class(Class::Function);
const COLLECTION: Type = Type::Class(Class::Collection);

pub(super) const METHODS: &[Method] = &[
    Method::of(Class::Map, "size", &[], Type::Int, |_, this, _| {
        Ok(Value::Int(map(this)?.len() as i32))
    }),
    Method::of(Class::Map, "isEmpty", &[], B, |_, this, _| {
        Ok(Value::Bool(map(this)?.is_empty()))
    }),
    Method::of(Class::Map, "get", &[DEF], DEF, |_, this, arguments| {
        Ok(map(this)?
            .get(argument(arguments, 0))
            .unwrap_or(Value::Null))
    }),
    Method::of(
        Class::Map,
        "getOrDefault",
        &[DEF, DEF],
        DEF,
        |_, this, arguments| {
            let found = map(this)?.get(argument(arguments, 0));
            Ok(found.unwrap_or_else(|| argument(arguments, 1).clone()))
        },
    ),
    Method::of(
        Class::Map,
        "put",
        &[DEF, DEF],
        DEF,
        |calls, this, arguments| {
            calls.charge(4 * size_of::<Value>())?;
            let (key, value) = (
                argument(arguments, 0).clone(),
                argument(arguments, 1).clone(),
            );
            Ok(map(this)?.insert(key, value).unwrap_or(Value::Null))
        },
    ),
    Method::of(
        Class::Map,
        "putIfAbsent",
        &[DEF, DEF],
        DEF,
        |calls, this, arguments| {
            calls.charge(4 * size_of::<Value>())?;
            let (map, key) = (map(this)?, argument(arguments, 0));
            match map.get(key) {
                Some(found) if !matches!(found, Value::Null) => Ok(found),
                _ => {
                    map.insert(key.clone(), argument(arguments, 1).clone());
                    Ok(Value::Null)
                }
            }
        },
    ),
    Method::of(
        Class::Map,
        "putAll",
        &[Type::MAP],
        Type::Void,
        |calls, this, arguments| {
            let more = map(argument(arguments, 0))?.entries();
            calls.charge(more.len() * 4 * size_of::<Value>())?;
            for (key, value) in more {
                map(this)?.insert(key, value);
            }
            Ok(Value::Null)
        },
    ),
    Method::of(
        Class::Map,
        "computeIfAbsent",
        &[DEF, FUNCTION],
        DEF,
        |calls, this, arguments| {
            let (map, key) = (map(this)?, argument(arguments, 0));
            if let Some(found) = map.get(key).filter(|found| !matches!(found, Value::Null)) {
                return Ok(found);
            }
            let made = calls.call(argument(arguments, 1), std::slice::from_ref(key))?;
            calls.charge(4 * size_of::<Value>())?;
            map.insert(key.clone(), made.clone());
            Ok(made)
        },
    ),
    Method::of(
        Class::Map,
        "containsKey",
        &[DEF],
        B,
        |_, this, arguments| Ok(Value::Bool(map(this)?.contains_key(argument(arguments, 0)))),
    ),
    Method::of(
        Class::Map,
        "containsValue",
        &[DEF],
        B,
        |_, this, arguments| {
            let wanted = argument(arguments, 0);
            let found = map(this)?
                .entries()
                .iter()
                .any(|(_, value)| value.equals(wanted));
            Ok(Value::Bool(found))
        },
    ),
    Method::of(Class::Map, "remove", &[DEF], DEF, |_, this, arguments| {
        Ok(map(this)?
            .remove(argument(arguments, 0))
            .unwrap_or(Value::Null))
    }),
    Method::of(Class::Map, "clear", &[], Type::Void, |_, this, _| {
        map(this)?.clear();
        Ok(Value::Null)
    }),
    Method::of(
        Class::Map,
        "keySet",
        &[],
        Type::Class(Class::Set),
        |calls, this, _| {
            let keys = Map::new();
            for (key, _) in charged(calls, this)? {
                keys.insert(key, Value::Null);
            }
            Ok(Value::Set(keys))
        },
    ),
    Method::of(Class::Map, "values", &[], COLLECTION, |calls, this, _| {
        let values = charged(calls, this)?
            .into_iter()
            .map(|(_, value)| value)
            .collect();
        Ok(Value::List(List::new(values)))
    }),
    Method::of(Class::Map, "entrySet", &[], COLLECTION, |calls, this, _| {
        let entries = charged(calls, this)?
            .into_iter()
            .map(|entry| Value::Entry(Arc::new(entry)))
            .collect();
        Ok(Value::List(List::new(entries)))
    }),
    Method::of(
        Class::Map,
        "forEach",
        &[FUNCTION],
        Type::Void,
        |calls, this, arguments| {
            for (key, value) in charged(calls, this)? {
                calls.call(argument(arguments, 0), &[key, value])?;
            }
            Ok(Value::Null)
        },
    ),
    Method::of(Class::Entry, "getKey", &[], DEF, |_, this, _| {
        Ok(entry(this)?.0.clone())
    }),
    Method::of(Class::Entry, "getValue", &[], DEF, |_, this, _| {
        Ok(entry(this)?.1.clone())
    }),
    Method::of(Class::Iterator, "hasNext", &[], B, |_, this, _| {
        Ok(Value::Bool(!iterator(this)?.is_empty()))
    }),
    Method::of(Class::Iterator, "next", &[], DEF, |_, this, _| {
        let left = iterator(this)?;
        let next = left.remove(left.len().saturating_sub(1));
        next.ok_or_else(|| {
            Raise::from(Cause {
                kind: CauseKind::NoSuchElement,
                reason: None,
            })
        })
    }),
];

fn map(value: &Value) -> Result<&Map, Raise> {
    match value {
        Value::Map(map) => Ok(map),
        other => Err(wrong_type(other, "java.util.Map")),
    }
}

fn entry(value: &Value) -> Result<&(Value, Value), Raise> {
    match value {
        Value::Entry(entry) => Ok(entry),
        other => Err(wrong_type(other, "java.util.Map.Entry")),
    }
}

fn iterator(value: &Value) -> Result<&List, Raise> {
    match value {
        Value::Iterator(left) => Ok(left),
        other => Err(wrong_type(other, "java.util.Iterator")),
    }
}

/// The entries of a map, counted as memory.
pub(super) fn charged(calls: &mut dyn Calls, value: &Value) -> Result<Vec<(Value, Value)>, Raise> {
    let map = map(value)?;
    calls.charge(map.len().saturating_mul(4 * size_of::<Value>()))?;
    Ok(map.entries())
}
