//! The methods and constants of Java's classes that scripts may use.

mod collections;
mod lists;
mod maps;
mod math;
mod numbers;
mod scores;
mod sorting;
mod text;
mod times;

pub(crate) use scores::context_function;

use crate::error::{Cause, CauseKind};
use crate::source::Raise;
use crate::types::{Class, Type, class_of};
use crate::value::Value;

/// What methods ask of the interpreter.
pub(crate) trait Calls {
    /// Calls a lambda.
    fn call(&mut self, lambda: &Value, arguments: &[Value]) -> Result<Value, Raise>;

    /// Counts bytes that a method is about to make.
    fn charge(&mut self, bytes: usize) -> Result<(), Raise>;

    /// Returns a random number from 0, below 1.
    fn random(&mut self) -> f64;
}

/// What a method of an object does.
pub(crate) type Run = fn(&mut dyn Calls, &Value, &[Value]) -> Result<Value, Raise>;

/// What a method is and does.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Body {
    /// A method of an object.
    Instance(Run),
    /// A method of a class, or a constructor.
    Static(fn(&mut dyn Calls, &[Value]) -> Result<Value, Raise>),
    /// A function of one double.
    Math1(fn(f64) -> f64),
    /// A function of two doubles.
    Math2(fn(f64, f64) -> f64),
}

/// A method.
#[derive(Debug)]
pub(crate) struct Method {
    pub(crate) class: Class,
    /// `new` for a constructor.
    pub(crate) name: &'static str,
    pub(crate) parameters: &'static [Type],
    pub(crate) returns: Type,
    pub(crate) body: Body,
}

impl Method {
    const fn of(
        class: Class,
        name: &'static str,
        parameters: &'static [Type],
        returns: Type,
        run: Run,
    ) -> Self {
        Self {
            class,
            name,
            parameters,
            returns,
            body: Body::Instance(run),
        }
    }

    const fn fixed(
        class: Class,
        name: &'static str,
        parameters: &'static [Type],
        returns: Type,
        run: fn(&mut dyn Calls, &[Value]) -> Result<Value, Raise>,
    ) -> Self {
        Self {
            class,
            name,
            parameters,
            returns,
            body: Body::Static(run),
        }
    }

    fn is_instance(&self) -> bool {
        matches!(self.body, Body::Instance(_))
    }

    fn has(&self, name: &str, arity: usize) -> bool {
        self.name == name && self.parameters.len() == arity
    }
}

/// Every method, class by class.
fn methods() -> impl Iterator<Item = &'static Method> {
    [
        math::METHODS,
        numbers::METHODS,
        text::METHODS,
        collections::CONSTRUCTORS,
        lists::METHODS,
        maps::METHODS,
        times::METHODS,
    ]
    .into_iter()
    .flatten()
}

/// Finds the method of a class's objects, its own or one from above.
pub(crate) fn member_method(class: Class, name: &str, arity: usize) -> Option<&'static Method> {
    let mut found: Option<&'static Method> = None;
    for method in methods().filter(|method| method.is_instance() && method.has(name, arity)) {
        let nearer = found.is_none_or(|earlier| method.class.is_a(earlier.class));
        if class.is_a(method.class) && nearer {
            found = Some(method);
        }
    }
    found
}

/// Finds a method of a class.
pub(crate) fn static_method(class: Class, name: &str, arity: usize) -> Option<&'static Method> {
    methods()
        .find(|method| method.class == class && !method.is_instance() && method.has(name, arity))
}

/// Finds all methods of objects with a name and a number of arguments, those of narrower classes first.
pub(crate) fn methods_named(name: &str, arity: usize) -> Vec<&'static Method> {
    let mut found: Vec<&'static Method> = methods()
        .filter(|method| method.is_instance() && method.has(name, arity))
        .collect();
    // What stands below must come before what stands above, and the classes above are few.
    found.sort_by_key(|method| {
        Class::ALL
            .iter()
            .filter(|class| class.is_a(method.class))
            .count()
    });
    found
}

/// Finds the method that reads a property: `getName` or `isName`.
pub(crate) fn getter(class: Class, name: &str) -> Option<&'static Method> {
    let name = capitalized(name);
    member_method(class, &format!("get{name}"), 0)
        .or_else(|| member_method(class, &format!("is{name}"), 0))
}

/// Finds the methods of all classes that read a property.
pub(crate) fn getters(name: &str) -> Vec<&'static Method> {
    let name = capitalized(name);
    let mut found = methods_named(&format!("get{name}"), 0);
    found.extend(methods_named(&format!("is{name}"), 0));
    found
}

fn capitalized(name: &str) -> String {
    let mut letters = name.chars();
    match letters.next() {
        Some(first) => format!("{}{}", first.to_uppercase(), letters.as_str()),
        None => String::new(),
    }
}

/// Finds the method among several that a value has.
pub(crate) fn method_of(methods: &[&'static Method], value: &Value) -> Option<&'static Method> {
    let class = class_of(value)?;
    methods
        .iter()
        .copied()
        .find(|method| class.is_a(method.class))
}

/// Returns the value of a class's constant.
pub(crate) fn constant(class: Class, name: &str) -> Option<Value> {
    Some(match (class, name) {
        (Class::Math, "E") => Value::Double(std::f64::consts::E),
        (Class::Math, "PI") => Value::Double(std::f64::consts::PI),
        (Class::Byte, "MIN_VALUE") => Value::Byte(i8::MIN),
        (Class::Byte, "MAX_VALUE") => Value::Byte(i8::MAX),
        (Class::Short, "MIN_VALUE") => Value::Short(i16::MIN),
        (Class::Short, "MAX_VALUE") => Value::Short(i16::MAX),
        (Class::Integer, "MIN_VALUE") => Value::Int(i32::MIN),
        (Class::Integer, "MAX_VALUE") => Value::Int(i32::MAX),
        (Class::Long, "MIN_VALUE") => Value::Long(i64::MIN),
        (Class::Long, "MAX_VALUE") => Value::Long(i64::MAX),
        // Java's least float and double are the least above zero.
        (Class::Float, "MIN_VALUE") => Value::Float(f32::from_bits(1)),
        (Class::Float, "MAX_VALUE") => Value::Float(f32::MAX),
        (Class::Float, "NaN") => Value::Float(f32::NAN),
        (Class::Float, "POSITIVE_INFINITY") => Value::Float(f32::INFINITY),
        (Class::Float, "NEGATIVE_INFINITY") => Value::Float(f32::NEG_INFINITY),
        (Class::Double, "MIN_VALUE") => Value::Double(f64::from_bits(1)),
        (Class::Double, "MAX_VALUE") => Value::Double(f64::MAX),
        (Class::Double, "NaN") => Value::Double(f64::NAN),
        (Class::Double, "POSITIVE_INFINITY") => Value::Double(f64::INFINITY),
        (Class::Double, "NEGATIVE_INFINITY") => Value::Double(f64::NEG_INFINITY),
        (Class::Boolean, "TRUE") => Value::Bool(true),
        (Class::Boolean, "FALSE") => Value::Bool(false),
        _ => return None,
    })
}

/// What a method gets that is null and must not be.
fn null_pointer() -> Raise {
    Raise::from(Cause {
        kind: CauseKind::NullPointer,
        reason: None,
    })
}

/// What a method gets that it cannot work with.
fn wrong_type(value: &Value, wanted: &str) -> Raise {
    if matches!(value, Value::Null) {
        return null_pointer();
    }
    let found = value.class_name();
    Raise::from(Cause::cast(format!(
        "class {found} cannot be cast to class {wanted}"
    )))
}

/// An argument by its place; calls are checked to have as many as their method takes.
fn argument(arguments: &[Value], at: usize) -> &Value {
    arguments.get(at).unwrap_or(&Value::Null)
}

fn int(arguments: &[Value], at: usize) -> i32 {
    match argument(arguments, at) {
        Value::Int(number) => *number,
        other => other.as_i64().unwrap_or(0) as i32,
    }
}

fn double(arguments: &[Value], at: usize) -> f64 {
    argument(arguments, at).as_f64().unwrap_or(f64::NAN)
}

fn text(value: &Value) -> Result<&str, Raise> {
    match value {
        Value::Str(text) => Ok(text),
        other => Err(wrong_type(other, "java.lang.String")),
    }
}

#[cfg(test)]
mod tests;
