//! Members and elements: reading them and changing them.

use super::{Machine, located, null_target, placed, raise};
use crate::arithmetic;
use crate::convert::{convert, convert_like};
use crate::error::{Cause, CauseKind};
use crate::ir::{Place, Store};
use crate::library::{Body, Method, method_of};
use crate::source::Raise;
use crate::value::{List, Value};

impl Machine<'_> {
    /// `target.name`.
    pub(super) fn member(
        &mut self,
        target: &Value,
        name: &str,
        getters: &[&'static Method],
    ) -> Result<Value, Raise> {
        match target {
            Value::Null => return Err(null_target().into()),
            Value::Field(field) => {
                if let Some(value) = self.field_property(*field, name)? {
                    return Ok(value);
                }
                return Err(no_list_member(name).into());
            }
            Value::Document => return Ok(self.field_named(name)?),
            Value::Array(array) if name == "length" => return Ok(Value::Int(array.len() as i32)),
            _ => {}
        }
        if let Some(method) = method_of(getters, target)
            && let Body::Instance(run) = method.body
        {
            return run(self, target, &[]);
        }
        match target {
            Value::Map(map) => Ok(map.get_str(name).unwrap_or(Value::Null)),
            Value::List(list) => match name.parse::<i64>() {
                Ok(at) => Ok(element_of(list, at)?),
                Err(_) => Err(no_list_member(name).into()),
            },
            other => Err(Cause::argument(format!(
                "dynamic getter [{}, {name}] not found",
                other.class_name()
            ))
            .into()),
        }
    }

    /// `target[index]`.
    pub(super) fn element(&mut self, target: &Value, index: &Value) -> Result<Value, Cause> {
        match target {
            Value::Null => Err(null_target()),
            Value::Map(map) => Ok(map.get(index).unwrap_or(Value::Null)),
            Value::Document => self.field_named(&index.to_string()),
            Value::List(list) => element_of(list, place(index)?),
            Value::Field(field) => self.field_element(*field, place(index)?),
            Value::Array(array) => {
                let at = counted(place(index)?, array.len());
                let found = usize::try_from(at).ok().and_then(|at| array.get(at));
                found.ok_or_else(|| outside_array(at, array.len()))
            }
            other => Err(no_array(other)),
        }
    }

    /// `target.name = value` and its like.
    pub(super) fn store(&mut self, store: &Store) -> Result<Value, Raise> {
        let target = self.eval(&store.target)?;
        let index = match &store.place {
            Place::Index(index) => Some(self.eval(index)?),
            Place::Member(_) => None,
        };
        let (new, result) = match store.operator {
            None => {
                let value = self.eval(&store.value)?;
                (value.clone(), value)
            }
            Some((operator, cast)) => {
                let old = match (&store.place, &index) {
                    (Place::Member(name), _) => placed(self.member(&target, name, &[]), store.at)?,
                    (_, Some(index)) => located(self.element(&target, index), store.at)?,
                    _ => Value::Null,
                };
                let value = self.eval(&store.value)?;
                let joined = match (&old, &value) {
                    (Value::Str(left), Value::Str(right)) => left.len() + right.len(),
                    (Value::Str(text), _) | (_, Value::Str(text)) => text.len(),
                    _ => 0,
                };
                located(self.make(joined), store.operator_at)?;
                let mut new = located(
                    arithmetic::binary(operator, &old, &value),
                    store.operator_at,
                )?;
                new = match cast {
                    Some(cast) => located(convert(new, cast), store.operator_at)?,
                    None => located(convert_like(new, &old), store.operator_at)?,
                };
                let result = if store.post { old } else { new.clone() };
                (new, result)
            }
        };
        let put = match (&store.place, index) {
            (Place::Member(name), _) => self.put_member(&target, name, new),
            (_, Some(index)) => self.put_element(&target, &index, new),
            _ => Ok(()),
        };
        match put {
            Ok(()) => Ok(result),
            Err(cause) => Err(raise(cause, store.at)),
        }
    }

    fn put_member(&mut self, target: &Value, name: &str, value: Value) -> Result<(), Cause> {
        match target {
            Value::Null => Err(null_target()),
            Value::Map(map) => {
                self.make(4 * size_of::<Value>() + name.len())?;
                map.insert(Value::text(name), value);
                Ok(())
            }
            Value::List(list) => match name.parse::<i64>() {
                Ok(at) => put(list, at, value),
                Err(_) => Err(no_list_member(name)),
            },
            Value::Field(_) => Err(no_list_member(name)),
            other => Err(Cause::argument(format!(
                "dynamic setter [{}, {name}] not found",
                other.class_name()
            ))),
        }
    }

    fn put_element(&mut self, target: &Value, index: &Value, value: Value) -> Result<(), Cause> {
        match target {
            Value::Null => Err(null_target()),
            Value::Map(map) => {
                self.make(4 * size_of::<Value>())?;
                map.insert(index.clone(), value);
                Ok(())
            }
            Value::List(list) => put(list, place(index)?, value),
            Value::Array(array) => {
                let at = counted(place(index)?, array.len());
                let held = usize::try_from(at).is_ok_and(|at| array.set(at, value));
                if held {
                    Ok(())
                } else {
                    Err(outside_array(at, array.len()))
                }
            }
            Value::Field(_) => Err(Cause::new(
                CauseKind::UnsupportedOperation,
                "doc values are unmodifiable",
            )),
            other => Err(no_array(other)),
        }
    }
}

/// A place in a list or an array.
fn place(index: &Value) -> Result<i64, Cause> {
    match index {
        Value::Byte(_) | Value::Short(_) | Value::Int(_) => Ok(index.as_i64().unwrap_or(-1)),
        Value::Char(unit) => Ok(i64::from(*unit)),
        Value::Null => Err(Cause {
            kind: CauseKind::NullPointer,
            reason: None,
        }),
        other => Err(Cause::new(
            CauseKind::WrongMethodType,
            format!(
                "cannot convert MethodHandle(List,int)int to (Object,{0}){0}",
                other.class_name().rsplit('.').next().unwrap_or("Object")
            ),
        )),
    }
}

/// A negative place counts from the end.
fn counted(at: i64, length: usize) -> i64 {
    if at < 0 { at + length as i64 } else { at }
}

fn element_of(list: &List, at: i64) -> Result<Value, Cause> {
    let length = list.len();
    let at = counted(at, length);
    let found = usize::try_from(at).ok().and_then(|at| list.get(at));
    found.ok_or_else(|| outside(at, length))
}

fn put(list: &List, at: i64, value: Value) -> Result<(), Cause> {
    let length = list.len();
    let at = counted(at, length);
    let place = usize::try_from(at).ok();
    match place.and_then(|at| list.set(at, value)) {
        Some(_) => Ok(()),
        None => Err(outside(at, length)),
    }
}

fn outside(at: i64, length: usize) -> Cause {
    Cause::new(
        CauseKind::IndexOutOfBounds,
        format!("Index {at} out of bounds for length {length}"),
    )
}

fn outside_array(at: i64, length: usize) -> Cause {
    Cause::new(
        CauseKind::ArrayIndexOutOfBounds,
        format!("Index {at} out of bounds for length {length}"),
    )
}

fn no_list_member(name: &str) -> Cause {
    Cause::argument(format!("Illegal list shortcut value [{name}]."))
}

fn no_array(value: &Value) -> Cause {
    Cause::argument(format!(
        "Attempting to address a non-array-like type [{}] as an array.",
        value.class_name()
    ))
}
