//! JSON as requests bring it: every value with its place in the text, no name twice in an object.
//!
//! Numbers keep the digits with which they came, so that nothing is lost on the way back out, and every failure has
//! the words of the parser that Elasticsearch uses.

mod number;
mod parser;
#[cfg(test)]
mod tests;
mod writer;

pub(crate) use number::{double_text, float_text};
pub(crate) use parser::{follows, json_failure, parse, parse_first};
pub(crate) use writer::JsonWriter;

use std::borrow::Cow;

/// A line and the byte in it, both from 1.
pub(crate) type Place = (u32, u32);

/// A value with its place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node<'a> {
    /// Where it starts.
    pub(crate) at: Place,
    /// Where its closing bracket stands; where it starts, for what has none.
    pub(crate) end: Place,
    /// What it is.
    pub(crate) kind: Kind<'a>,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind<'a> {
    Null,
    Bool(bool),
    /// A number as it is written.
    Number(&'a str),
    String(Cow<'a, str>),
    Array(Vec<Node<'a>>),
    Object(Vec<Member<'a>>),
}

/// A member of an object.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Member<'a> {
    pub(crate) name: Cow<'a, str>,
    /// Where the name starts.
    pub(crate) at: Place,
    pub(crate) value: Node<'a>,
}

impl<'a> Node<'a> {
    /// The name of the token with which the value starts.
    pub(crate) fn token(&self) -> &'static str {
        match &self.kind {
            Kind::Null => "VALUE_NULL",
            Kind::Bool(_) => "VALUE_BOOLEAN",
            Kind::Number(_) => "VALUE_NUMBER",
            Kind::String(_) => "VALUE_STRING",
            Kind::Array(_) => "START_ARRAY",
            Kind::Object(_) => "START_OBJECT",
        }
    }

    /// Whether it is neither an object nor an array nor null.
    pub(crate) fn is_scalar(&self) -> bool {
        matches!(self.kind, Kind::Bool(_) | Kind::Number(_) | Kind::String(_))
    }

    /// Its members, if it is an object.
    pub(crate) fn members(&self) -> Option<&[Member<'a>]> {
        match &self.kind {
            Kind::Object(members) => Some(members),
            _ => None,
        }
    }

    /// A scalar as text: numbers as they are written.
    pub(crate) fn raw_text(&self) -> Option<Cow<'_, str>> {
        match &self.kind {
            Kind::String(text) => Some(Cow::Borrowed(text)),
            Kind::Number(text) => Some(Cow::Borrowed(text)),
            Kind::Bool(value) => Some(Cow::Borrowed(if *value { "true" } else { "false" })),
            _ => None,
        }
    }

    /// A scalar as the text of the value that Java makes of it: `1.50` becomes `1.5`, `1e3` becomes `1000.0`.
    pub(crate) fn value_text(&self) -> Option<String> {
        match &self.kind {
            Kind::Number(text) => Some(number::java_text(text)),
            _ => self.raw_text().map(Cow::into_owned),
        }
    }

    /// The value for crates that know no places. Whole numbers past 64 bits lose digits.
    pub(crate) fn to_value(&self) -> serde_json::Value {
        use serde_json::Value;
        match &self.kind {
            Kind::Null => Value::Null,
            Kind::Bool(value) => Value::Bool(*value),
            Kind::Number(text) => number::value(text),
            Kind::String(text) => Value::String(text.to_string()),
            Kind::Array(items) => items.iter().map(Node::to_value).collect(),
            Kind::Object(members) => members
                .iter()
                .map(|member| (member.name.to_string(), member.value.to_value()))
                .collect(),
        }
    }
}
