//! Methods of lists and sets.

use super::collections::{copied, elements, list, size};
use super::sorting::sorted;
use super::{Calls, Method, argument, int, wrong_type};
use crate::error::{Cause, CauseKind};
use crate::source::Raise;
use crate::types::{Class, Type};
use crate::value::{List, Value};

const DEF: Type = Type::Def;
const B: Type = Type::Boolean;
const FUNCTION: Type = Type::Class(Class::Function);
const COLLECTION: Type = Type::Class(Class::Collection);

pub(super) const METHODS: &[Method] = &[
    Method::of(
        Class::Iterable,
        "iterator",
        &[],
        Type::Class(Class::Iterator),
        |calls, this, _| {
            let mut left = copied(calls, this)?;
            left.reverse();
            Ok(Value::Iterator(List::new(left)))
        },
    ),
    Method::of(
        Class::Iterable,
        "forEach",
        &[FUNCTION],
        Type::Void,
        |calls, this, arguments| {
            for element in copied(calls, this)? {
                calls.call(argument(arguments, 0), &[element])?;
            }
            Ok(Value::Null)
        },
    ),
    Method::of(
        Class::Iterable,
        "any",
        &[FUNCTION],
        B,
        |calls, this, arguments| {
            for element in copied(calls, this)? {
                if holds(calls, argument(arguments, 0), &element)? {
                    return Ok(Value::Bool(true));
                }
            }
            Ok(Value::Bool(false))
        },
    ),
    Method::of(
        Class::Iterable,
        "every",
        &[FUNCTION],
        B,
        |calls, this, arguments| {
            for element in copied(calls, this)? {
                if !holds(calls, argument(arguments, 0), &element)? {
                    return Ok(Value::Bool(false));
                }
            }
            Ok(Value::Bool(true))
        },
    ),
    Method::of(
        Class::Iterable,
        "join",
        &[Type::STRING],
        Type::STRING,
        |calls, this, arguments| {
            let between = argument(arguments, 0).to_string();
            let parts: Vec<String> = copied(calls, this)?
                .iter()
                .map(ToString::to_string)
                .collect();
            calls.charge(parts.iter().map(|part| part.len() + between.len()).sum())?;
            Ok(Value::text(parts.join(&between)))
        },
    ),
    Method::of(Class::Collection, "size", &[], Type::Int, |_, this, _| {
        Ok(Value::Int(size(this)? as i32))
    }),
    Method::of(Class::Collection, "isEmpty", &[], B, |_, this, _| {
        Ok(Value::Bool(size(this)? == 0))
    }),
    Method::of(
        Class::Collection,
        "contains",
        &[DEF],
        B,
        |_, this, arguments| {
            let wanted = argument(arguments, 0);
            Ok(Value::Bool(match this {
                Value::Set(set) => set.contains_key(wanted),
                _ => list(this)?
                    .position(|element| element.equals(wanted))
                    .is_some(),
            }))
        },
    ),
    Method::of(
        Class::Collection,
        "containsAll",
        &[COLLECTION],
        B,
        |_, this, arguments| {
            let (these, wanted) = (elements(this)?, elements(argument(arguments, 0))?);
            let all = wanted
                .iter()
                .all(|wanted| these.iter().any(|element| element.equals(wanted)));
            Ok(Value::Bool(all))
        },
    ),
    Method::of(
        Class::Collection,
        "add",
        &[DEF],
        B,
        |calls, this, arguments| add(calls, this, argument(arguments, 0).clone()).map(Value::Bool),
    ),
    Method::of(
        Class::Collection,
        "addAll",
        &[COLLECTION],
        B,
        |calls, this, arguments| {
            let mut changed = false;
            for element in copied(calls, argument(arguments, 0))? {
                changed |= add(calls, this, element)?;
            }
            Ok(Value::Bool(changed))
        },
    ),
    Method::of(
        Class::Collection,
        "removeAll",
        &[COLLECTION],
        B,
        |_, this, arguments| {
            let others = elements(argument(arguments, 0))?;
            keep(this, |element| {
                Ok(!others.iter().any(|other| other.equals(element)))
            })
        },
    ),
    Method::of(
        Class::Collection,
        "retainAll",
        &[COLLECTION],
        B,
        |_, this, arguments| {
            let others = elements(argument(arguments, 0))?;
            keep(this, |element| {
                Ok(others.iter().any(|other| other.equals(element)))
            })
        },
    ),
    Method::of(
        Class::Collection,
        "removeIf",
        &[FUNCTION],
        B,
        |calls, this, arguments| {
            keep(this, |element| {
                Ok(!holds(calls, argument(arguments, 0), element)?)
            })
        },
    ),
    Method::of(Class::Collection, "clear", &[], Type::Void, |_, this, _| {
        match this {
            Value::Set(set) => set.clear(),
            _ => list(this)?.replace(Vec::new()),
        }
        Ok(Value::Null)
    }),
    Method::of(
        Class::List,
        "get",
        &[Type::Int],
        DEF,
        |_, this, arguments| {
            let (list, at) = (list(this)?, int(arguments, 0));
            let found = usize::try_from(at).ok().and_then(|at| list.get(at));
            found.ok_or_else(|| outside(at, list.len()))
        },
    ),
    Method::of(
        Class::List,
        "set",
        &[Type::Int, DEF],
        DEF,
        |_, this, arguments| {
            let (list, at) = (list(this)?, int(arguments, 0));
            let value = argument(arguments, 1).clone();
            let length = list.len();
            let place = usize::try_from(at).ok();
            place
                .and_then(|at| list.set(at, value))
                .ok_or_else(|| outside(at, length))
        },
    ),
    Method::of(
        Class::List,
        "add",
        &[Type::Int, DEF],
        Type::Void,
        |calls, this, arguments| {
            let (list, at) = (list(this)?, int(arguments, 0));
            calls.charge(size_of::<Value>())?;
            let length = list.len();
            let value = argument(arguments, 1).clone();
            if !usize::try_from(at).is_ok_and(|at| list.insert(at, value)) {
                return Err(Raise::from(Cause::new(
                    CauseKind::IndexOutOfBounds,
                    format!("Index: {at}, Size: {length}"),
                )));
            }
            Ok(Value::Null)
        },
    ),
    Method::of(
        Class::List,
        "remove",
        &[Type::Int],
        DEF,
        |_, this, arguments| {
            let (list, at) = (list(this)?, int(arguments, 0));
            let length = list.len();
            let place = usize::try_from(at).ok();
            place
                .and_then(|at| list.remove(at))
                .ok_or_else(|| outside(at, length))
        },
    ),
    Method::of(
        Class::List,
        "indexOf",
        &[DEF],
        Type::Int,
        |_, this, arguments| {
            let wanted = argument(arguments, 0);
            let found = list(this)?.position(|element| element.equals(wanted));
            Ok(Value::Int(found.map_or(-1, |at| at as i32)))
        },
    ),
    Method::of(
        Class::List,
        "lastIndexOf",
        &[DEF],
        Type::Int,
        |_, this, arguments| {
            let wanted = argument(arguments, 0);
            let found = list(this)?
                .to_vec()
                .iter()
                .rposition(|element| element.equals(wanted));
            Ok(Value::Int(found.map_or(-1, |at| at as i32)))
        },
    ),
    Method::of(Class::List, "getLength", &[], Type::Int, |_, this, _| {
        Ok(Value::Int(size(this)? as i32))
    }),
    Method::of(
        Class::List,
        "subList",
        &[Type::Int, Type::Int],
        Type::LIST,
        |calls, this, arguments| {
            let (list, from, to) = (list(this)?, int(arguments, 0), int(arguments, 1));
            let range = usize::try_from(from).ok().zip(usize::try_from(to).ok());
            calls.charge(list.len() * size_of::<Value>())?;
            let part =
                range.and_then(|(from, to)| list.to_vec().get(from..to).map(<[Value]>::to_vec));
            match part {
                Some(part) => Ok(Value::List(List::new(part))),
                None => Err(outside(to, list.len())),
            }
        },
    ),
    Method::of(
        Class::List,
        "sort",
        &[FUNCTION],
        Type::Void,
        |calls, this, arguments| {
            let values = copied(calls, this)?;
            let sorted = sorted(calls, values, argument(arguments, 0))?;
            list(this)?.replace(sorted);
            Ok(Value::Null)
        },
    ),
    Method::fixed(
        Class::Collections,
        "sort",
        &[Type::LIST],
        Type::Void,
        |calls, arguments| {
            let this = argument(arguments, 0);
            let values = copied(calls, this)?;
            let sorted = sorted(calls, values, &Value::Null)?;
            list(this)?.replace(sorted);
            Ok(Value::Null)
        },
    ),
    Method::of(
        Class::Set,
        "remove",
        &[DEF],
        B,
        |_, this, arguments| match this {
            Value::Set(set) => Ok(Value::Bool(set.remove(argument(arguments, 0)).is_some())),
            other => Err(wrong_type(other, "java.util.Set")),
        },
    ),
];

/// Adds an element; returns whether that changed anything.
fn add(calls: &mut dyn Calls, this: &Value, value: Value) -> Result<bool, Raise> {
    calls.charge(4 * size_of::<Value>())?;
    match this {
        Value::Set(set) => {
            let new = !set.contains_key(&value);
            set.insert(value, Value::Null);
            Ok(new)
        }
        _ => {
            list(this)?.push(value);
            Ok(true)
        }
    }
}

/// Keeps the elements that pass; returns whether one did not.
fn keep(
    this: &Value,
    mut passes: impl FnMut(&Value) -> Result<bool, Raise>,
) -> Result<Value, Raise> {
    let before = elements(this)?;
    let mut kept = Vec::with_capacity(before.len());
    for element in &before {
        if passes(element)? {
            kept.push(element.clone());
        }
    }
    let changed = kept.len() < before.len();
    match this {
        Value::Set(set) => {
            set.clear();
            for element in kept {
                set.insert(element, Value::Null);
            }
        }
        _ => list(this)?.replace(kept),
    }
    Ok(Value::Bool(changed))
}

fn holds(calls: &mut dyn Calls, lambda: &Value, element: &Value) -> Result<bool, Raise> {
    match calls.call(lambda, std::slice::from_ref(element))? {
        Value::Bool(holds) => Ok(holds),
        other => Err(wrong_type(&other, "java.lang.Boolean")),
    }
}

fn outside(at: i32, length: usize) -> Raise {
    Raise::from(Cause::new(
        CauseKind::IndexOutOfBounds,
        format!("Index {at} out of bounds for length {length}"),
    ))
}
