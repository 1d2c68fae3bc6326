//! Casts: from one of Java's types to another.

use crate::error::{Cause, CauseKind};
use crate::types::{Class, Type, class_of, is_instance};
use crate::value::Value;

/// A change of type.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Cast {
    pub(crate) to: Type,
    pub(crate) explicit: bool,
    /// Whether what it is was not known before.
    pub(crate) from_def: bool,
}

/// Changes a value's type.
///
/// # Errors
///
/// When the value's own type does not allow it, in Painless' words.
pub(crate) fn convert(value: Value, cast: Cast) -> Result<Value, Cause> {
    match (cast.to, &value) {
        (Type::Double, Value::Double(_))
        | (Type::Int, Value::Int(_))
        | (Type::Long, Value::Long(_))
        | (Type::Boolean, Value::Bool(_))
        | (Type::Def | Type::Void, _) => return Ok(value),
        (Type::Boolean, Value::Null) => {
            return Err(Cause::new(
                CauseKind::NullPointer,
                "Cannot invoke \"Object.getClass()\" because \"value\" is null",
            ));
        }
        (to, Value::Null) if to.is_primitive() => {
            return Err(Cause {
                kind: CauseKind::NullPointer,
                reason: None,
            });
        }
        (_, Value::Null) => return Ok(value),
        _ => {}
    }
    let from = Type::primitive_of(&value);
    if let Some(from) = from
        && cast.to.number_rank().is_some()
        && from.may_become(cast.to, cast.explicit || !cast.from_def)
        && let Some(number) = number_as(&value, cast.to)
    {
        return Ok(number);
    }
    match (cast.to, &value) {
        (Type::Char, Value::Str(text)) if cast.explicit => {
            let mut units = text.encode_utf16();
            match (units.next(), units.next()) {
                (Some(unit), None) => Ok(Value::Char(unit)),
                _ => Err(Cause::cast(
                    "cannot cast java.lang.String with length not equal to one to char",
                )),
            }
        }
        (Type::Class(Class::String), Value::Char(_)) if cast.explicit => {
            Ok(Value::text(value.to_string()))
        }
        (Type::Class(class), _) if is_instance(&value, class) => Ok(value),
        (Type::Array(..), Value::Array(array)) if array.class_name() == array_name(cast.to) => {
            Ok(value)
        }
        _ => Err(refused(&value, cast)),
    }
}

/// Brings the result of `+=` and its like to the type that the number had before.
///
/// # Errors
///
/// When there was a number before, and the result is none.
pub(crate) fn convert_like(value: Value, old: &Value) -> Result<Value, Cause> {
    let to = match Type::primitive_of(old) {
        Some(to) if to != Type::Boolean => to,
        _ => return Ok(value),
    };
    match number_as(&value, to) {
        Some(number) => Ok(number),
        None => {
            let from = value.class_name();
            Err(Cause::cast(format!(
                "class {from} cannot be cast to class java.lang.Number ({from} and java.lang.Number are in module \
                 java.base of loader 'bootstrap')"
            )))
        }
    }
}

fn refused(value: &Value, cast: Cast) -> Cause {
    let from = Type::primitive_of(value).map_or_else(
        || value.class_name().to_owned(),
        |primitive| primitive.to_string(),
    );
    match cast.to {
        Type::Boolean => Cause::cast(format!("cannot cast def [{from}] to boolean")),
        Type::Class(class) if class != Class::String => {
            let (from, to) = (value.class_name(), class.full_name());
            Cause::cast(format!(
                "class {from} cannot be cast to class {to} ({from} and {to} are in module java.base of loader \
                 'bootstrap')"
            ))
        }
        to => {
            let how = if cast.explicit {
                "explicitly"
            } else {
                "implicitly"
            };
            Cause::cast(format!("cannot {how} cast def [{from}] to {to}"))
        }
    }
}

/// Brings a number to a type as Java narrows and widens.
fn number_as(value: &Value, to: Type) -> Option<Value> {
    let whole = match value {
        Value::Char(unit) => Some(i64::from(*unit)),
        other => other.as_i64(),
    };
    if let Some(number) = whole {
        return Some(match to {
            Type::Byte => Value::Byte(number as i8),
            Type::Short => Value::Short(number as i16),
            Type::Char => Value::Char(number as u16),
            Type::Int => Value::Int(number as i32),
            Type::Long => Value::Long(number),
            Type::Float => Value::Float(number as f32),
            Type::Double => Value::Double(number as f64),
            _ => return None,
        });
    }
    let number = value.as_f64()?;
    Some(match to {
        // Narrower integers are made by way of an int, which holds the number at its limits.
        Type::Byte => Value::Byte(number as i32 as i8),
        Type::Short => Value::Short(number as i32 as i16),
        Type::Char => Value::Char(number as i32 as u16),
        Type::Int => Value::Int(number as i32),
        Type::Long => Value::Long(number as i64),
        Type::Float => Value::Float(number as f32),
        Type::Double => Value::Double(number),
        _ => return None,
    })
}

/// Returns whether a value is of a type, as `instanceof` asks.
pub(crate) fn is_of(value: &Value, of: Type) -> bool {
    match of {
        Type::Def => !matches!(value, Value::Null),
        Type::Class(class) => is_instance(value, class),
        Type::Array(..) => {
            matches!(value, Value::Array(array) if array.class_name() == array_name(of))
        }
        primitive => primitive.boxed().is_some() && class_of(value) == primitive.boxed(),
    }
}

/// Returns the name of an array's class.
pub(crate) fn array_name(of: Type) -> &'static str {
    match of {
        Type::Array(_, 2..) => "java.lang.Object[][]",
        Type::Array(element, _) => match element.as_type() {
            Type::Boolean => "boolean[]",
            Type::Byte => "byte[]",
            Type::Short => "short[]",
            Type::Char => "char[]",
            Type::Int => "int[]",
            Type::Long => "long[]",
            Type::Float => "float[]",
            Type::Double => "double[]",
            Type::Class(Class::String) => "java.lang.String[]",
            _ => "java.lang.Object[]",
        },
        _ => "java.lang.Object[]",
    }
}
