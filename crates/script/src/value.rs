//! The values that scripts work with, with Java's types.

mod json;
mod list;
mod map;
mod text;

use std::cell::Cell;
use std::sync::{Arc, Mutex, PoisonError};

pub use list::{Array, List};
pub use map::Map;
pub use text::{java_double, java_float, utf16_length};

use crate::error::Cause;

/// A value as a script sees it; lists, maps and arrays are shared, as Java's objects are.
#[derive(Debug, Clone)]
pub enum Value {
    /// Java's null.
    Null,
    /// A boolean.
    Bool(bool),
    /// 8 bits, signed.
    Byte(i8),
    /// 16 bits, signed.
    Short(i16),
    /// A UTF-16 unit.
    Char(u16),
    /// 32 bits, signed.
    Int(i32),
    /// 64 bits, signed.
    Long(i64),
    /// 32 bits, floating point.
    Float(f32),
    /// 64 bits, floating point.
    Double(f64),
    /// A text.
    Str(Arc<str>),
    /// An `ArrayList`.
    List(List),
    /// A `HashMap` that keeps the order of its keys.
    Map(Map),
    /// A `HashSet`: the keys of a map.
    Set(Map),
    /// A key and its value, out of a map.
    Entry(Arc<(Value, Value)>),
    /// An array.
    Array(Array),
    /// A `StringBuilder`.
    Builder(Arc<Mutex<String>>),
    /// An `Iterator`: what is left, last first.
    Iterator(List),
    /// An exception that a script made or caught.
    Exception(Arc<Cause>),
    /// A date in UTC: milliseconds since 1970.
    Date(i64),
    /// An instant: milliseconds since 1970.
    Instant(i64),
    /// A place: latitude and longitude in degrees.
    Point(f64, f64),
    /// `doc`: the fields of the current document.
    Document,
    /// `doc['f']`: the values of a field, by its number, in the current document.
    Field(usize),
    /// `x -> …`.
    Lambda(Arc<Closure>),
}

/// A function without a name, and the variables around it as they were when it was made.
#[derive(Debug)]
pub struct Closure {
    /// The number of its function in the program.
    pub(crate) function: usize,
    /// The variables that it took along: their slots in its own frame, and their values.
    pub(crate) captured: Vec<(usize, Value)>,
}

impl Value {
    /// Makes a text.
    pub fn text(text: impl Into<Arc<str>>) -> Self {
        Self::Str(text.into())
    }

    /// Returns the Java class of a value, as error messages name it.
    pub fn class_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "java.lang.Boolean",
            Self::Byte(_) => "java.lang.Byte",
            Self::Short(_) => "java.lang.Short",
            Self::Char(_) => "java.lang.Character",
            Self::Int(_) => "java.lang.Integer",
            Self::Long(_) => "java.lang.Long",
            Self::Float(_) => "java.lang.Float",
            Self::Double(_) => "java.lang.Double",
            Self::Str(_) => "java.lang.String",
            Self::List(_) => "java.util.ArrayList",
            Self::Map(_) => "java.util.HashMap",
            Self::Set(_) => "java.util.HashSet",
            Self::Entry(_) => "java.util.Map.Entry",
            Self::Array(array) => array.class_name(),
            Self::Builder(_) => "java.lang.StringBuilder",
            Self::Iterator(_) => "java.util.Iterator",
            Self::Exception(_) => "java.lang.Exception",
            Self::Date(_) => "java.time.ZonedDateTime",
            Self::Instant(_) => "java.time.Instant",
            Self::Point(..) => "org.elasticsearch.common.geo.GeoPoint",
            Self::Lambda(_) => "java.util.function.Function",
            Self::Document => "org.elasticsearch.search.lookup.LeafDocLookup",
            Self::Field(_) => "org.elasticsearch.index.fielddata.ScriptDocValues",
        }
    }

    /// Returns the value as a float of 64 bits if it is a number.
    pub fn as_f64(&self) -> Option<f64> {
        Some(match *self {
            Self::Byte(number) => f64::from(number),
            Self::Short(number) => f64::from(number),
            Self::Int(number) => f64::from(number),
            Self::Long(number) => number as f64,
            Self::Float(number) => f64::from(number),
            Self::Double(number) => number,
            _ => return None,
        })
    }

    /// Returns the value as an integer of 64 bits if it is a whole number's type.
    pub fn as_i64(&self) -> Option<i64> {
        Some(match *self {
            Self::Byte(number) => i64::from(number),
            Self::Short(number) => i64::from(number),
            Self::Int(number) => i64::from(number),
            Self::Long(number) => number,
            _ => return None,
        })
    }

    /// Returns whether Java's `equals` holds: the same type and the same content.
    pub fn equals(&self, other: &Self) -> bool {
        self.equals_within(other, &Walk::default(), 0)
    }

    fn equals_within(&self, other: &Self, walk: &Walk, depth: usize) -> bool {
        let Some(depth) = walk.deeper(depth) else {
            return false;
        };
        match (self, other) {
            (Self::Null, Self::Null) | (Self::Document, Self::Document) => true,
            (Self::Bool(left), Self::Bool(right)) => left == right,
            (Self::Byte(left), Self::Byte(right)) => left == right,
            (Self::Short(left), Self::Short(right)) => left == right,
            (Self::Char(left), Self::Char(right)) => left == right,
            (Self::Int(left), Self::Int(right)) => left == right,
            (Self::Long(left), Self::Long(right)) => left == right,
            // Java compares the bits, so that NaN equals itself and 0.0 differs from -0.0.
            (Self::Float(left), Self::Float(right)) => left.to_bits() == right.to_bits(),
            (Self::Double(left), Self::Double(right)) => left.to_bits() == right.to_bits(),
            (Self::Str(left), Self::Str(right)) => left == right,
            (Self::Date(left), Self::Date(right)) | (Self::Instant(left), Self::Instant(right)) => {
                left == right
            }
            (Self::Point(a, b), Self::Point(c, d)) => (a, b) == (c, d),
            (Self::Field(left), Self::Field(right)) => left == right,
            (Self::List(left), Self::List(right)) => {
                let (left, right) = (left.to_vec(), right.to_vec());
                left.len() == right.len()
                    && left
                        .iter()
                        .zip(&right)
                        .all(|(left, right)| left.equals_within(right, walk, depth))
            }
            (Self::Map(left), Self::Map(right)) => {
                left.len() == right.len()
                    && left.entries().iter().all(|(key, value)| {
                        right
                            .get(key)
                            .is_some_and(|other| value.equals_within(&other, walk, depth))
                    })
            }
            (Self::Set(left), Self::Set(right)) => {
                left.len() == right.len()
                    && left
                        .entries()
                        .iter()
                        .all(|(key, _)| right.contains_key(key))
            }
            (Self::Entry(left), Self::Entry(right)) => {
                left.0.equals_within(&right.0, walk, depth)
                    && left.1.equals_within(&right.1, walk, depth)
            }
            _ => self.same_object(other),
        }
    }

    /// Returns whether two values are one object, as `===` asks.
    pub(crate) fn same_object(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::List(left), Self::List(right))
            | (Self::Iterator(left), Self::Iterator(right)) => left.is(right),
            (Self::Map(left), Self::Map(right)) | (Self::Set(left), Self::Set(right)) => {
                left.is(right)
            }
            (Self::Array(left), Self::Array(right)) => left.is(right),
            (Self::Builder(left), Self::Builder(right)) => Arc::ptr_eq(left, right),

            (Self::Exception(left), Self::Exception(right)) => Arc::ptr_eq(left, right),
            (Self::Entry(left), Self::Entry(right)) => Arc::ptr_eq(left, right),
            _ => false,
        }
    }
}

/// Drops values without recursion: lists may hold one another a million deep.
fn drop_all(mut pending: Vec<Value>) {
    while let Some(value) = pending.pop() {
        match value {
            Value::List(list) | Value::Iterator(list) => pending.append(&mut list.into_last()),
            Value::Array(array) => pending.append(&mut array.into_last()),
            Value::Map(map) | Value::Set(map) => pending.append(&mut map.into_last()),
            Value::Entry(entry) => {
                if let Some((key, value)) = Arc::into_inner(entry) {
                    pending.extend([key, value]);
                }
            }
            _ => {}
        }
    }
}

/// Returns a builder's text as it is now.
pub(crate) fn built(builder: &Mutex<String>) -> String {
    builder
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clone()
}

/// Reads a vector of signed bytes out of hexadecimal digits, two for each; none where they are no such digits.
pub(crate) fn vector_of_hex(digits: &str) -> Option<Vec<f32>> {
    let digits = digits.as_bytes();
    let (pairs, rest) = digits.as_chunks::<2>();
    if !rest.is_empty() || pairs.is_empty() {
        return None;
    }
    let nibble = |digit: u8| char::from(digit).to_digit(16);
    pairs
        .iter()
        .map(|[high, low]| {
            let byte = u8::try_from(nibble(*high)? << 4 | nibble(*low)?).ok()?;
            Some(f32::from(byte.cast_signed()))
        })
        .collect()
}

/// How deep lists and maps may lie in one another before comparing, printing and writing stop.
const MAX_DEPTH: usize = 200;

/// How many values comparing, printing and writing look at: a list that holds another twice, which holds another
/// twice, has soon more of them than there is time.
const MAX_VALUES: usize = 1_000_000;

/// How many values were looked at, on the way through lists and maps.
#[derive(Debug, Default)]
pub(crate) struct Walk(Cell<usize>);

impl Walk {
    /// Counts a value, and returns the depth of what it holds; none where that is too deep, or too much.
    pub(crate) fn deeper(&self, depth: usize) -> Option<usize> {
        self.0.set(self.0.get() + 1);
        (depth < MAX_DEPTH && self.0.get() <= MAX_VALUES).then_some(depth + 1)
    }
}

#[cfg(test)]
mod tests;
