//! From text to values with places.

mod string;

use super::{Kind, Member, Node, Place};
use document::{Cause, Failure};
use std::collections::HashSet;

/// How deep objects and arrays may lie in each other.
const MAX_DEPTH: usize = 1000;

/// How many bytes of the text a message shows.
const EXCERPT: usize = 500;

/// Objects with more members are searched for names that stand twice with a set.
const FEW_MEMBERS: usize = 16;

/// Parses a text that holds one value; none when it holds nothing but white space.
///
/// # Errors
/// When it is no JSON, with the place; when an object has a name twice; when it is nested too deep.
pub(crate) fn parse(text: &[u8]) -> Result<Option<Node<'_>>, Failure> {
    let mut parser = Parser::new(text);
    parser.white();
    if parser.at == text.len() {
        return Ok(None);
    }
    let node = parser.value()?;
    parser.white();
    if parser.at < text.len() {
        let place = parser.place();
        let token = parser.value().map_err(|failure| match failure.cause {
            // A second value that is cut off is found by its first token.
            Cause::ContentEnd => parser.after_main("START_OBJECT", place),
            _ => failure,
        })?;
        return Err(parser.after_main(token.token(), place));
    }
    Ok(Some(node))
}

/// Parses the first value of a text, and answers where it ends; none when the text holds nothing but white space.
///
/// # Errors
/// As [`parse`], of what lies before the value's end.
pub(crate) fn parse_first(text: &[u8]) -> Result<Option<(Node<'_>, usize)>, Failure> {
    let mut parser = Parser::new(text);
    parser.white();
    if parser.at == text.len() {
        return Ok(None);
    }
    let node = parser.value()?;
    Ok(Some((node, parser.at)))
}

/// Parses what follows the value that ends at a place, as the parser of Elasticsearch sees it when it goes on: whether
/// there is anything.
///
/// # Errors
/// When what begins there is no JSON.
pub(crate) fn follows(text: &[u8], end: usize) -> Result<bool, Failure> {
    let mut parser = Parser::new(text);
    parser.white();
    while parser.at < end {
        parser.at += 1;
        parser.white();
    }
    match parser.peek() {
        None => Ok(false),
        Some(b'{' | b'[') => Ok(true),
        Some(bracket @ (b'}' | b']')) => {
            let opened = source(text, (1, 0));
            Err(parser.wrong(&format!(
                "Unexpected close marker '{}': expected '{}' (for root starting at {opened})",
                char::from(bracket),
                if bracket == b'}' { ']' } else { '}' }
            )))
        }
        Some(_) => parser.value().map(|_| true),
    }
}

/// Says what the JSON parser of Elasticsearch says of a value (`cause` is what it calls it), with the beginning of the text.
pub(crate) fn json_failure(
    text: &[u8],
    cause: Cause,
    reason: &str,
    (line, column): Place,
) -> Failure {
    let reason = format!("{reason}\n at {}", source(text, (line, column)));
    Failure::new(Cause::ContentParsing, format!("[{line}:{column}] {reason}"))
        .caused_by(Failure::new(cause, reason))
}

fn source(text: &[u8], (line, column): Place) -> String {
    let shown = text.get(..EXCERPT).unwrap_or(text);
    let more = text.len() - shown.len();
    let truncated = if more > 0 {
        format!("[truncated {more} bytes]")
    } else {
        String::new()
    };
    let shown = String::from_utf8_lossy(shown);
    format!("[Source: (byte[])\"{shown}\"{truncated}; line: {line}, column: {column}]")
}

struct Parser<'a> {
    text: &'a [u8],
    at: usize,
    line: u32,
    line_start: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn new(text: &'a [u8]) -> Self {
        Self {
            text,
            at: 0,
            line: 1,
            line_start: 0,
            depth: 0,
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn place(&self) -> Place {
        self.place_of(self.at)
    }

    fn place_of(&self, at: usize) -> Place {
        let column = u32::try_from(at - self.line_start).unwrap_or(u32::MAX - 1) + 1;
        (self.line, column)
    }

    fn white(&mut self) {
        while let Some(byte) = self.peek() {
            match byte {
                b'\n' => {
                    self.line += 1;
                    self.line_start = self.at + 1;
                }
                b' ' | b'\t' | b'\r' => {}
                _ => return,
            }
            self.at += 1;
        }
    }

    fn wrong(&self, reason: &str) -> Failure {
        json_failure(self.text, Cause::JsonParsing, reason, self.place())
    }

    fn after_main(&self, token: &str, (line, column): Place) -> Failure {
        let reason = format!("Unexpected token [{token}] found after the main object.");
        Failure {
            at: Some((line, column)),
            ..Failure::new(Cause::Parsing, reason)
        }
    }

    /// The text ends where something should stand.
    fn end_of(&self, reason: &str) -> Failure {
        let (line, column) = self.place();
        let reason = format!(
            "Unexpected end-of-input{reason}\n at {}",
            source(self.text, (line, column))
        );
        Failure::new(
            Cause::ContentEnd,
            format!("[{line}:{column}] Unexpected end of file"),
        )
        .caused_by(Failure::new(Cause::JsonEnd, reason))
    }

    fn unexpected(&self, byte: u8, expected: &str) -> Failure {
        let shown = match byte {
            b'!'..=b'~' | b' ' => char::from(byte).to_string(),
            _ => char::REPLACEMENT_CHARACTER.to_string(),
        };
        self.wrong(&format!(
            "Unexpected character ('{shown}' (code {byte})){expected}"
        ))
    }

    fn value(&mut self) -> Result<Node<'a>, Failure> {
        self.white();
        let at = self.place();
        let kind = match self.peek() {
            None => return Err(self.end_of(" within/between Object entries")),
            Some(b'{') => return self.object(at),
            Some(b'[') => return self.array(at),
            Some(b'"') => Kind::String(self.string("VALUE_STRING")?),
            Some(b'-' | b'0'..=b'9') => Kind::Number(self.number()?),
            Some(_) => self.word()?,
        };
        Ok(Node { at, end: at, kind })
    }

    fn enter(&mut self) -> Result<(), Failure> {
        self.depth += 1;
        self.at += 1;
        if self.depth <= MAX_DEPTH {
            return Ok(());
        }
        Err(self.wrong(&format!(
            "Document nesting depth ({}) exceeds the maximum allowed ({MAX_DEPTH}, from `StreamReadConstraints.getMaxNestingDepth()`)",
            self.depth
        )))
    }

    fn array(&mut self, at: Place) -> Result<Node<'a>, Failure> {
        self.enter()?;
        let mut items = Vec::new();
        loop {
            self.white();
            match self.peek() {
                Some(b']') if items.is_empty() => break,
                None => return Err(self.unclosed("Array", at)),
                Some(_) => items.push(self.value()?),
            }
            self.white();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => break,
                None => return Err(self.unclosed("Array", at)),
                Some(byte) => {
                    return Err(
                        self.unexpected(byte, ": was expecting comma to separate Array entries")
                    );
                }
            }
        }
        let kind = Kind::Array(items);
        Ok(self.close(at, kind))
    }

    fn object(&mut self, at: Place) -> Result<Node<'a>, Failure> {
        self.enter()?;
        let mut members: Vec<Member<'a>> = Vec::new();
        let mut seen = HashSet::new();
        loop {
            self.white();
            let name_at = self.place();
            match self.peek() {
                Some(b'}') if members.is_empty() => break,
                Some(b'"') => {}
                None => return Err(self.unclosed("Object", at)),
                Some(byte) => {
                    return Err(
                        self.unexpected(byte, ": was expecting double-quote to start field name")
                    );
                }
            }
            let name = self.string("field name")?;
            let twice = if members.len() < FEW_MEMBERS {
                members.iter().any(|member| member.name == name)
            } else {
                if seen.is_empty() {
                    seen.extend(members.iter().map(|member| member.name.clone()));
                }
                !seen.insert(name.clone())
            };
            if twice {
                return Err(self.wrong(&format!("Duplicate field '{name}'")));
            }
            self.white();
            match self.peek() {
                Some(b':') => self.at += 1,
                None => return Err(self.end_of(" within/between Object entries")),
                Some(byte) => {
                    let expected = ": was expecting a colon to separate field name and value";
                    return Err(self.unexpected(byte, expected));
                }
            }
            let value = self.value()?;
            members.push(Member {
                name,
                at: name_at,
                value,
            });
            self.white();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => break,
                None => return Err(self.unclosed("Object", at)),
                Some(byte) => {
                    return Err(
                        self.unexpected(byte, ": was expecting comma to separate Object entries")
                    );
                }
            }
        }
        let kind = Kind::Object(members);
        Ok(self.close(at, kind))
    }

    fn close(&mut self, at: Place, kind: Kind<'a>) -> Node<'a> {
        let end = self.place();
        self.at += 1;
        self.depth -= 1;
        Node { at, end, kind }
    }

    fn unclosed(&self, what: &str, start: Place) -> Failure {
        self.end_of(&format!(
            ": expected close marker for {what} (start marker at {})",
            source(self.text, start)
        ))
    }

    /// Takes a number and answers it as it is written.
    fn number(&mut self) -> Result<&'a str, Failure> {
        const LIMIT: usize = 1000;
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        let whole = self.digits(
            " in numeric value: expected digit (0-9) to follow minus sign, for valid numeric value",
        )?;
        if whole > 1 && self.text.get(self.at - whole) == Some(&b'0') {
            self.at -= whole - 1;
            return Err(self.wrong("Invalid numeric value: Leading zeroes not allowed"));
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits(" in numeric value: Decimal point not followed by a digit")?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits(" in numeric value: Exponent indicator not followed by a digit")?;
        }
        match self.peek() {
            None | Some(b',' | b'}' | b']' | b' ' | b'\t' | b'\r' | b'\n') => {}
            Some(byte) => {
                let expected =
                    ": Expected space separating root-level values or a comma or a close marker";
                return Err(self.unexpected(byte, expected));
            }
        }
        let length = self.at - start;
        if length > LIMIT {
            return Err(self.wrong(&format!(
                "Number value length ({length}) exceeds the maximum allowed ({LIMIT}, from `StreamReadConstraints.getMaxNumberLength()`)"
            )));
        }
        let digits = self.text.get(start..self.at).unwrap_or_default();
        str::from_utf8(digits).map_err(|_| self.wrong("Malformed numeric value"))
    }

    /// Takes digits, at least one, and answers how many.
    fn digits(&mut self, expected: &str) -> Result<usize, Failure> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        match (self.at - start, self.peek()) {
            (0, None) => Err(self.end_of(" in a numeric value")),
            (0, Some(byte)) => Err(self.unexpected(byte, expected)),
            (count, _) => Ok(count),
        }
    }

    /// Takes `true`, `false` or `null`.
    fn word(&mut self) -> Result<Kind<'a>, Failure> {
        let start = self.at;
        let first = self.peek().unwrap_or_default();
        let of_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$';
        while self.peek().is_some_and(of_word) {
            self.at += 1;
        }
        match self.text.get(start..self.at).unwrap_or_default() {
            b"true" => Ok(Kind::Bool(true)),
            b"false" => Ok(Kind::Bool(false)),
            b"null" => Ok(Kind::Null),
            b"NaN" => Err(self.wrong(
                "Non-standard token 'NaN': enable `JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS` to allow",
            )),
            b"" => Err(self.unexpected(
                first,
                ": expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
            )),
            other => {
                let token = String::from_utf8_lossy(other).into_owned();
                // The parser has looked at what ended the word.
                self.at += usize::from(self.at < self.text.len());
                Err(self.wrong(&format!(
                    "Unrecognized token '{token}': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
                )))
            }
        }
    }
}
