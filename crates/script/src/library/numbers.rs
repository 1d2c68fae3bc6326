//! The classes of numbers and booleans, what every object does, and exceptions.

use std::sync::Arc;

use super::{Method, argument, int, null_pointer, text, wrong_type};
use crate::arithmetic::equal;
use crate::convert::{Cast, convert};
use crate::error::{Cause, CauseKind};
use crate::source::Raise;
use crate::types::{Class, Type};
use crate::value::{Value, Walk, java_double};

const DEF: Type = Type::Def;
const S: Type = Type::STRING;

pub(super) const METHODS: &[Method] = &[
    Method::of(
        Class::Object,
        "equals",
        &[DEF],
        Type::Boolean,
        |_, this, arguments| Ok(Value::Bool(this.equals(argument(arguments, 0)))),
    ),
    Method::of(Class::Object, "hashCode", &[], Type::Int, |_, this, _| {
        Ok(Value::Int(hash(this, &Walk::default(), 0)))
    }),
    Method::of(Class::Object, "toString", &[], S, |_, this, _| {
        Ok(Value::text(this.to_string()))
    }),
    Method::of(Class::Number, "byteValue", &[], Type::Byte, |_, this, _| {
        to(this, Type::Byte)
    }),
    Method::of(
        Class::Number,
        "shortValue",
        &[],
        Type::Short,
        |_, this, _| to(this, Type::Short),
    ),
    Method::of(Class::Number, "intValue", &[], Type::Int, |_, this, _| {
        to(this, Type::Int)
    }),
    Method::of(Class::Number, "longValue", &[], Type::Long, |_, this, _| {
        to(this, Type::Long)
    }),
    Method::of(
        Class::Number,
        "floatValue",
        &[],
        Type::Float,
        |_, this, _| to(this, Type::Float),
    ),
    Method::of(
        Class::Number,
        "doubleValue",
        &[],
        Type::Double,
        |_, this, _| to(this, Type::Double),
    ),
    Method::of(
        Class::Integer,
        "compareTo",
        &[Type::Class(Class::Integer)],
        Type::Int,
        order,
    ),
    Method::of(
        Class::Long,
        "compareTo",
        &[Type::Class(Class::Long)],
        Type::Int,
        order,
    ),
    Method::of(
        Class::Float,
        "compareTo",
        &[Type::Class(Class::Float)],
        Type::Int,
        order,
    ),
    Method::of(
        Class::Double,
        "compareTo",
        &[Type::Class(Class::Double)],
        Type::Int,
        order,
    ),
    Method::of(Class::Float, "isNaN", &[], Type::Boolean, |_, this, _| {
        Ok(is_nan(this))
    }),
    Method::of(Class::Double, "isNaN", &[], Type::Boolean, |_, this, _| {
        Ok(is_nan(this))
    }),
    Method::of(
        Class::Float,
        "isInfinite",
        &[],
        Type::Boolean,
        |_, this, _| Ok(is_infinite(this)),
    ),
    Method::of(
        Class::Double,
        "isInfinite",
        &[],
        Type::Boolean,
        |_, this, _| Ok(is_infinite(this)),
    ),
    Method::of(
        Class::Boolean,
        "booleanValue",
        &[],
        Type::Boolean,
        |_, this, _| Ok(this.clone()),
    ),
    Method::fixed(
        Class::Boolean,
        "parseBoolean",
        &[S],
        Type::Boolean,
        |_, arguments| {
            let is_true = text(argument(arguments, 0))?.eq_ignore_ascii_case("true");
            Ok(Value::Bool(is_true))
        },
    ),
    Method::fixed(
        Class::Integer,
        "parseInt",
        &[S],
        Type::Int,
        |_, arguments| whole(text(argument(arguments, 0))?).map(Value::Int),
    ),
    Method::fixed(
        Class::Integer,
        "toString",
        &[Type::Int],
        S,
        |_, arguments| print(arguments),
    ),
    Method::fixed(
        Class::Integer,
        "valueOf",
        &[Type::Int],
        Type::Class(Class::Integer),
        first,
    ),
    Method::fixed(
        Class::Integer,
        "compare",
        &[Type::Int, Type::Int],
        Type::Int,
        |_, arguments| Ok(Value::Int(int(arguments, 0).cmp(&int(arguments, 1)) as i32)),
    ),
    Method::fixed(
        Class::Long,
        "parseLong",
        &[S],
        Type::Long,
        |_, arguments| whole(text(argument(arguments, 0))?).map(Value::Long),
    ),
    Method::fixed(Class::Long, "toString", &[Type::Long], S, |_, arguments| {
        print(arguments)
    }),
    Method::fixed(
        Class::Long,
        "valueOf",
        &[Type::Long],
        Type::Class(Class::Long),
        first,
    ),
    Method::fixed(
        Class::Float,
        "parseFloat",
        &[S],
        Type::Float,
        |_, arguments| {
            let number = decimal(text(argument(arguments, 0))?)?;
            Ok(Value::Float(number as f32))
        },
    ),
    Method::fixed(
        Class::Float,
        "toString",
        &[Type::Float],
        S,
        |_, arguments| print(arguments),
    ),
    Method::fixed(
        Class::Double,
        "parseDouble",
        &[S],
        Type::Double,
        |_, arguments| decimal(text(argument(arguments, 0))?).map(Value::Double),
    ),
    Method::fixed(
        Class::Double,
        "toString",
        &[Type::Double],
        S,
        |_, arguments| print(arguments),
    ),
    Method::fixed(
        Class::Double,
        "valueOf",
        &[Type::Double],
        Type::Class(Class::Double),
        first,
    ),
    Method::fixed(
        Class::Double,
        "isNaN",
        &[Type::Double],
        Type::Boolean,
        |_, arguments| Ok(is_nan(argument(arguments, 0))),
    ),
    Method::fixed(
        Class::Double,
        "isInfinite",
        &[Type::Double],
        Type::Boolean,
        |_, arguments| Ok(is_infinite(argument(arguments, 0))),
    ),
    Method::fixed(
        Class::Double,
        "compare",
        &[Type::Double, Type::Double],
        Type::Int,
        |calls, arguments| {
            order(
                calls,
                argument(arguments, 0),
                arguments.get(1..).unwrap_or(&[]),
            )
        },
    ),
    Method::fixed(
        Class::Objects,
        "equals",
        &[DEF, DEF],
        Type::Boolean,
        |_, arguments| {
            Ok(Value::Bool(
                argument(arguments, 0).equals(argument(arguments, 1)),
            ))
        },
    ),
    Method::of(
        Class::Exception,
        "getMessage",
        &[],
        S,
        |_, this, _| match this {
            Value::Exception(cause) => Ok(cause.reason.as_deref().map_or(Value::Null, Value::text)),
            other => Err(wrong_type(other, "java.lang.Exception")),
        },
    ),
    thrown(Class::Exception, |_, arguments| {
        exception(CauseKind::Exception, arguments)
    }),
    thrown(Class::RuntimeException, |_, arguments| {
        exception(CauseKind::Runtime, arguments)
    }),
    thrown(Class::ArithmeticException, |_, arguments| {
        exception(CauseKind::Arithmetic, arguments)
    }),
    thrown(Class::ArrayIndexOutOfBoundsException, |_, arguments| {
        exception(CauseKind::ArrayIndexOutOfBounds, arguments)
    }),
    thrown(Class::ClassCastException, |_, arguments| {
        exception(CauseKind::ClassCast, arguments)
    }),
    thrown(Class::IllegalArgumentException, |_, arguments| {
        exception(CauseKind::IllegalArgument, arguments)
    }),
    thrown(Class::IllegalStateException, |_, arguments| {
        exception(CauseKind::IllegalState, arguments)
    }),
    thrown(Class::IndexOutOfBoundsException, |_, arguments| {
        exception(CauseKind::IndexOutOfBounds, arguments)
    }),
    thrown(Class::NullPointerException, |_, arguments| {
        exception(CauseKind::NullPointer, arguments)
    }),
    thrown(Class::NumberFormatException, |_, arguments| {
        exception(CauseKind::NumberFormat, arguments)
    }),
    thrown(Class::UnsupportedOperationException, |_, arguments| {
        exception(CauseKind::UnsupportedOperation, arguments)
    }),
];

const fn thrown(
    class: Class,
    run: fn(&mut dyn super::Calls, &[Value]) -> Result<Value, Raise>,
) -> Method {
    Method::fixed(class, "new", &[S], Type::Class(class), run)
}

fn exception(kind: CauseKind, arguments: &[Value]) -> Result<Value, Raise> {
    let reason = match argument(arguments, 0) {
        Value::Null => None,
        message => Some(message.to_string()),
    };
    Ok(Value::Exception(Arc::new(Cause { kind, reason })))
}

fn to(this: &Value, to: Type) -> Result<Value, Raise> {
    let cast = Cast {
        to,
        explicit: true,
        from_def: true,
    };
    Ok(convert(this.clone(), cast)?)
}

fn first(_: &mut dyn super::Calls, arguments: &[Value]) -> Result<Value, Raise> {
    Ok(argument(arguments, 0).clone())
}

fn print(arguments: &[Value]) -> Result<Value, Raise> {
    Ok(Value::text(argument(arguments, 0).to_string()))
}

fn is_nan(value: &Value) -> Value {
    Value::Bool(value.as_f64().is_some_and(f64::is_nan))
}

fn is_infinite(value: &Value) -> Value {
    Value::Bool(value.as_f64().is_some_and(f64::is_infinite))
}

/// Negative, zero or positive; NaN is greater than all, -0.0 less than 0.0.
fn order(_: &mut dyn super::Calls, this: &Value, arguments: &[Value]) -> Result<Value, Raise> {
    let other = argument(arguments, 0);
    if let (Some(left), Some(right)) = (this.as_i64(), other.as_i64()) {
        return Ok(Value::Int(left.cmp(&right) as i32));
    }
    match (this.as_f64(), other.as_f64()) {
        (Some(left), Some(right)) if left == right && equal(this, other) && left != 0.0 => {
            Ok(Value::Int(0))
        }
        (Some(left), Some(right)) => {
            let whole = |number: f64| if number.is_nan() { f64::NAN } else { number };
            Ok(Value::Int(whole(left).total_cmp(&whole(right)) as i32))
        }
        _ => Err(null_pointer()),
    }
}

fn whole<T: std::str::FromStr>(text: &str) -> Result<T, Raise> {
    text.parse().map_err(|_| not_a_number(text))
}

fn not_a_number(text: &str) -> Raise {
    Raise::from(Cause::new(
        CauseKind::NumberFormat,
        format!("For input string: \"{text}\""),
    ))
}

/// A decimal as Java reads it: blanks around it, and the letter of its type behind it.
fn decimal(text: &str) -> Result<f64, Raise> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Err(Raise::from(Cause::new(
            CauseKind::NumberFormat,
            "empty String",
        )));
    }
    let (sign, magnitude) = match trimmed.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, trimmed.strip_prefix('+').unwrap_or(trimmed)),
    };
    match magnitude {
        "NaN" => return Ok(f64::NAN),
        "Infinity" => return Ok(sign * f64::INFINITY),
        _ => {}
    }
    let digits = magnitude
        .strip_suffix(['d', 'D', 'f', 'F'])
        .unwrap_or(magnitude);
    let begins = digits.starts_with(|letter: char| letter.is_ascii_digit() || letter == '.');
    match digits.parse::<f64>() {
        Ok(number) if begins => Ok(sign * number),
        _ => Err(not_a_number(text)),
    }
}

/// Java's hash of a value.
fn hash(value: &Value, walk: &Walk, depth: usize) -> i32 {
    let long = |number: i64| (number ^ ((number as u64) >> 32) as i64) as i32;
    let Some(depth) = walk.deeper(depth) else {
        return 0;
    };
    match value {
        Value::Null => 0,
        Value::Bool(value) => {
            if *value {
                1231
            } else {
                1237
            }
        }
        Value::Byte(number) => i32::from(*number),
        Value::Short(number) => i32::from(*number),
        Value::Char(unit) => i32::from(*unit),
        Value::Int(number) => *number,
        Value::Long(number) => long(*number),
        Value::Float(number) => number.to_bits().cast_signed(),
        Value::Double(number) => long(number.to_bits().cast_signed()),
        Value::Str(text) => text.encode_utf16().fold(0, |sum: i32, unit| {
            sum.wrapping_mul(31).wrapping_add(i32::from(unit))
        }),
        Value::List(list) => list.to_vec().iter().fold(1, |sum: i32, element| {
            sum.wrapping_mul(31)
                .wrapping_add(hash(element, walk, depth))
        }),
        Value::Map(map) => map.entries().iter().fold(0, |sum: i32, (key, value)| {
            sum.wrapping_add(hash(key, walk, depth) ^ hash(value, walk, depth))
        }),
        Value::Set(set) => set.entries().iter().fold(0, |sum: i32, (key, _)| {
            sum.wrapping_add(hash(key, walk, depth))
        }),
        Value::Date(millis) | Value::Instant(millis) => long(*millis),
        Value::Point(latitude, longitude) => {
            let both = format!("{},{}", java_double(*latitude), java_double(*longitude));
            hash(&Value::text(both), walk, depth)
        }
        _ => 0,
    }
}
