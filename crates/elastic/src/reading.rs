//! Reading values of requests as Elasticsearch's parsers do, with their words where something is wrong.

use crate::json::{Kind, Member, Node, Place, json_failure};
use crate::suggest::did_you_mean;
use document::{Cause, Failure};
use std::borrow::Cow;

/// What is wrong, and the place at which the parser stood: those around name it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Fault {
    pub(crate) failure: Failure,
    pub(crate) at: Place,
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        fault.failure
    }
}

/// What reading gives.
pub(crate) type Read<T> = Result<T, Fault>;

/// Makes what breaks the rules of a request's language.
pub(crate) fn parsing(at: Place, reason: impl Into<String>) -> Fault {
    let failure = Failure {
        at: Some(at),
        ..Failure::new(Cause::Parsing, reason)
    };
    Fault { failure, at }
}

/// Makes a value that is not allowed, found while the parser stood at a place.
pub(crate) fn illegal(at: Place, reason: impl Into<String>) -> Fault {
    fault(at, Cause::IllegalArgument, reason)
}

/// Makes a fault of any cause that says no place.
pub(crate) fn fault(at: Place, cause: Cause, reason: impl Into<String>) -> Fault {
    let failure = Failure::new(cause, reason);
    Fault { failure, at }
}

/// Makes a fault that says its place in its words.
pub(crate) fn content(place: Place, reason: &str) -> Fault {
    let (line, column) = place;
    let reason = format!("[{line}:{column}] {reason}");
    fault(place, Cause::ContentParsing, reason)
}

/// Makes the fault of something that Elasticsearch knows and this program does not serve.
pub(crate) fn not_served(at: Place, what: &str) -> Fault {
    illegal(at, format!("{what} is not supported"))
}

/// Makes the failure of a text that is no number.
pub(crate) fn number_format(text: &str) -> Failure {
    let reason = if text.trim().is_empty() {
        "empty String".to_owned()
    } else {
        format!("For input string: \"{text}\"")
    };
    Failure::new(Cause::NumberFormat, reason)
}

/// Wraps what is wrong with a member's value: `[parser] failed to parse field [name]`. What an index refuses is no
/// fault of the value, and stays as it is.
pub(crate) fn in_field<T>(parser: &str, name: &str, read: Read<T>) -> Read<T> {
    read.map_err(|inner| {
        if inner.failure.cause == Cause::QueryShard {
            return inner;
        }
        let outer = content(
            inner.at,
            &format!("[{parser}] failed to parse field [{name}]"),
        );
        Fault {
            failure: outer.failure.caused_by(inner.failure),
            at: inner.at,
        }
    })
}

/// Makes the fault of a member that a parser does not know.
pub(crate) fn unknown_field(parser: &str, member: &Member<'_>, known: &[&str]) -> Fault {
    let suggestion = did_you_mean(&member.name, known.iter().copied());
    let name = &member.name;
    let unknown = content(
        member.at,
        &format!("[{parser}] unknown field [{name}]{suggestion}"),
    );
    // The parser has gone on to the value when it finds that nobody knows the name.
    Fault {
        at: member.value.at,
        ..unknown
    }
}

/// Makes the fault of a member whose value is of a sort that a parser does not take.
pub(crate) fn wrong_sort(parser: &str, name: &str, value: &Node<'_>) -> Fault {
    let token = value.token();
    content(
        value.at,
        &format!("[{parser}] {name} doesn't support values of type: {token}"),
    )
}

/// Checks that a member has a number, or a string that may say one.
pub(crate) fn expect_number(parser: &str, member: &Member<'_>) -> Read<()> {
    match member.value.kind {
        Kind::Number(_) | Kind::String(_) => Ok(()),
        _ => Err(wrong_sort(parser, &member.name, &member.value)),
    }
}

/// Answers the objects of a list as parsers find them that go on to the next item where they need an object: what stands
/// right before an object is stepped over. What is still none is answered for those to refuse who read objects.
pub(crate) fn objects<'n, 'a>(items: &'n [Node<'a>]) -> Read<Vec<&'n Node<'a>>> {
    let mut found = Vec::with_capacity(items.len());
    let mut items = items.iter();
    while let Some(item) = items.next() {
        if let Kind::Array(_) = item.kind {
            let reason = format!("expected value but got [{}]", item.token());
            return Err(fault(item.at, Cause::IllegalState, reason));
        }
        found.push(match item.members() {
            Some(_) => item,
            None => items.next().unwrap_or(item),
        });
    }
    Ok(found)
}

/// Where a scalar ends, which is where Jackson says that it stands, and where the next token begins when nothing lies
/// between; of anything else, where it is open.
pub(crate) fn after(node: &Node<'_>) -> Place {
    let (line, column) = node.at;
    let length = match &node.kind {
        Kind::Null | Kind::Bool(true) => 4,
        Kind::Bool(false) => 5,
        Kind::Number(text) => text.len(),
        Kind::String(text) => text.len() + 2,
        Kind::Array(_) | Kind::Object(_) => 1,
    };
    (line, column + u32::try_from(length).unwrap_or(0))
}

/// The name of a token as Jackson says it.
fn jackson_token(node: &Node<'_>) -> &'static str {
    match &node.kind {
        Kind::Bool(true) => "VALUE_TRUE",
        Kind::Bool(false) => "VALUE_FALSE",
        Kind::Number(text) if text.contains(['.', 'e', 'E']) => "VALUE_NUMBER_FLOAT",
        Kind::Number(_) => "VALUE_NUMBER_INT",
        _ => node.token(),
    }
}

/// Reads the values of one text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader<'a> {
    text: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Makes one of the text that the values come from.
    pub(crate) fn new(text: &'a [u8]) -> Self {
        Self { text }
    }

    fn jackson(&self, node: &Node<'_>, cause: Cause, reason: &str) -> Fault {
        Fault {
            failure: json_failure(self.text, cause, reason, after(node)),
            at: node.at,
        }
    }

    /// Reads a text: numbers and truth values as they are written.
    pub(crate) fn text<'n>(&self, node: &'n Node<'_>) -> Read<Cow<'n, str>> {
        node.raw_text().ok_or_else(|| {
            let (line, column) = node.at;
            let token = node.token();
            illegal(
                node.at,
                format!("Expected text at {line}:{column} but found {token}"),
            )
        })
    }

    /// Reads a text or null.
    pub(crate) fn text_or_null<'n>(&self, node: &'n Node<'_>) -> Read<Option<Cow<'n, str>>> {
        match node.kind {
            Kind::Null => Ok(None),
            _ => self.text(node).map(Some),
        }
    }

    /// Reads a truth value, or a string that says one.
    pub(crate) fn bool(&self, node: &Node<'_>) -> Read<bool> {
        match &node.kind {
            Kind::Bool(value) => Ok(*value),
            Kind::String(text) if text == "true" => Ok(true),
            Kind::String(text) if text.is_empty() || text == "false" => Ok(false),
            Kind::String(text) => Err(illegal(
                node.at,
                format!("Failed to parse value [{text}] as only [true] or [false] are allowed."),
            )),
            _ => Err(self.jackson(
                node,
                Cause::JsonParsing,
                &format!(
                    "Current token ({}) not of boolean type",
                    jackson_token(node)
                ),
            )),
        }
    }

    fn numeric(&self, node: &Node<'_>) -> Read<f64> {
        match &node.kind {
            Kind::Number(text) => Ok(text.parse().unwrap_or(f64::NAN)),
            Kind::String(text) => text.trim().parse().map_err(|_| Fault {
                failure: number_format(text),
                at: node.at,
            }),
            _ => Err(self.jackson(
                node,
                Cause::JsonParsing,
                &format!(
                    "Current token ({}) not numeric, can not use numeric value accessors",
                    jackson_token(node)
                ),
            )),
        }
    }

    /// Reads a number of 64 bits, or a string that says one.
    pub(crate) fn double(&self, node: &Node<'_>) -> Read<f64> {
        self.numeric(node)
    }

    /// Reads a number of 32 bits, or a string that says one.
    pub(crate) fn float(&self, node: &Node<'_>) -> Read<f32> {
        // Read from its text, for a number that is rounded twice may come out wrong.
        match &node.kind {
            Kind::Number(text) => Ok(text.parse().unwrap_or(f32::NAN)),
            _ => self.numeric(node).map(|value| value as f32),
        }
    }

    /// Reads a whole number of 32 bits, or a string that says one; what is behind a point is cut off.
    pub(crate) fn int(&self, node: &Node<'_>) -> Read<i32> {
        let value = self.numeric(node)?;
        if value >= f64::from(i32::MIN) && value < f64::from(i32::MAX) + 1.0 {
            return Ok(value as i32);
        }
        match &node.kind {
            Kind::Number(text) => Err(self.jackson(
                node,
                Cause::NumberRange,
                &format!("Numeric value ({text}) out of range of int (-2147483648 - 2147483647)"),
            )),
            _ => Err(illegal(
                node.at,
                format!(
                    "Value [{}] is out of range for an integer",
                    node.raw_text().unwrap_or_default()
                ),
            )),
        }
    }

    /// Reads a whole number of 64 bits as [`Reader::int`] does.
    pub(crate) fn long(&self, node: &Node<'_>) -> Read<i64> {
        if let Some(Ok(whole)) = node.raw_text().map(|text| text.parse()) {
            return Ok(whole);
        }
        let value = self.numeric(node)?;
        // 2^63 is the first number that does not fit.
        if (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&value) {
            return Ok(value as i64);
        }
        Err(self.jackson(node, Cause::NumberRange, &format!("Numeric value ({}) out of range of long (-9223372036854775808 - 9223372036854775807)",
                node.raw_text().unwrap_or_default()
            ),
        ))
    }

    /// Reads a member of a parser that takes nothing but numbers for it, with what reads the number.
    fn field<T>(
        &self,
        parser: &str,
        member: &Member<'_>,
        read: impl FnOnce(&Self, &Node<'_>) -> Read<T>,
    ) -> Read<T> {
        expect_number(parser, member)?;
        in_field(parser, &member.name, read(self, &member.value))
    }

    /// Reads a member that is a whole number of 32 bits.
    pub(crate) fn field_int(&self, parser: &str, member: &Member<'_>) -> Read<i32> {
        self.field(parser, member, Self::int)
    }

    /// Reads a member that is a whole number of 64 bits.
    pub(crate) fn field_long(&self, parser: &str, member: &Member<'_>) -> Read<i64> {
        self.field(parser, member, Self::long)
    }

    /// Reads a member that is a number of 32 bits.
    pub(crate) fn field_float(&self, parser: &str, member: &Member<'_>) -> Read<f32> {
        self.field(parser, member, Self::float)
    }

    /// Reads a member that is a number of 64 bits.
    pub(crate) fn field_double(&self, parser: &str, member: &Member<'_>) -> Read<f64> {
        self.field(parser, member, Self::double)
    }

    /// Reads a member that is true or false.
    pub(crate) fn field_bool(&self, parser: &str, member: &Member<'_>) -> Read<bool> {
        match member.value.kind {
            Kind::Bool(_) | Kind::String(_) => {
                in_field(parser, &member.name, self.bool(&member.value))
            }
            _ => Err(wrong_sort(parser, &member.name, &member.value)),
        }
    }

    /// Reads a member that is a string.
    pub(crate) fn field_text(&self, parser: &str, member: &Member<'_>) -> Read<String> {
        match &member.value.kind {
            Kind::String(text) => Ok(text.to_string()),
            _ => Err(wrong_sort(parser, &member.name, &member.value)),
        }
    }

    /// Reads an array of texts.
    pub(crate) fn texts(&self, items: &[Node<'_>]) -> Read<Vec<String>> {
        items
            .iter()
            .map(|item| self.text(item).map(Cow::into_owned))
            .collect()
    }
}
