//! JSON read once from front to back, with the place of everything that is read.
//!
//! A tree of values would cost more than all the rest of a write when a document holds vectors of hundreds of
//! numbers; errors name lines and columns, which a tree does not have.

use std::borrow::Cow;

/// Arrays and objects within each other; deeper text is refused before it is followed.
pub(super) const MAX_DEPTH: usize = 1000;

/// What a text breaks the rules of JSON with, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Malformed {
    pub(super) at: usize,
    pub(super) reason: String,
    /// Whether the text ends where something should stand.
    pub(super) is_end: bool,
}

type Result<T> = std::result::Result<T, Malformed>;

/// What begins at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Object,
    Array,
    String,
    Number,
    Bool,
    Null,
}

/// A value that holds no others.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Scalar<'a> {
    Null,
    Bool(bool),
    /// A number as it is written, without a point or exponent.
    Whole(&'a str),
    /// A number as it is written, with a point or exponent.
    Fraction(&'a str),
    Text(Cow<'a, str>),
}

#[derive(Debug, Clone)]
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    depth: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            at: 0,
            depth: 0,
        }
    }

    /// The place that is read next, in bytes.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// The bytes between two places.
    pub(super) fn slice(&self, start: usize, end: usize) -> &'a [u8] {
        self.bytes.get(start..end).unwrap_or_default()
    }

    fn fail<T>(&self, reason: impl Into<String>) -> Result<T> {
        Err(Malformed {
            at: self.at,
            reason: reason.into(),
            is_end: false,
        })
    }

    fn ended<T>(&self) -> Result<T> {
        Err(Malformed {
            at: self.at,
            reason: "Unexpected end of file".to_owned(),
            is_end: true,
        })
    }

    fn unexpected<T>(&self, expected: &str) -> Result<T> {
        match self.bytes.get(self.at) {
            None => self.ended(),
            Some(byte) if byte.is_ascii_graphic() => self.fail(format!(
                "Unexpected character ('{}' (code {byte})): expected {expected}",
                char::from(*byte)
            )),
            Some(byte) => self.fail(format!(
                "Unexpected character (code {byte}): expected {expected}"
            )),
        }
    }

    fn space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.bytes.get(self.at) {
            self.at += 1;
        }
    }

    /// Whether the next byte is this one, which is then passed.
    fn pass(&mut self, byte: u8) -> bool {
        let there = self.bytes.get(self.at) == Some(&byte);
        self.at += usize::from(there);
        there
    }

    /// Answers what begins next.
    pub(super) fn peek(&mut self) -> Result<Kind> {
        self.space();
        match self.bytes.get(self.at) {
            Some(b'{') => Ok(Kind::Object),
            Some(b'[') => Ok(Kind::Array),
            Some(b'"') => Ok(Kind::String),
            Some(b'-' | b'0'..=b'9') => Ok(Kind::Number),
            Some(b't' | b'f') => Ok(Kind::Bool),
            Some(b'n') => Ok(Kind::Null),
            _ => self.unexpected("a value"),
        }
    }

    /// Passes the bracket that opens an object or array.
    pub(super) fn open(&mut self) -> Result<()> {
        self.at += 1;
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return self.fail(format!(
                "Document nesting depth ({}) exceeds the maximum allowed ({MAX_DEPTH})",
                self.depth
            ));
        }
        Ok(())
    }

    /// Goes on to the next element of an array that was opened; false, and past its end, when there is none.
    pub(super) fn next_element(&mut self, first: bool) -> Result<bool> {
        self.space();
        if self.pass(b']') {
            self.depth -= 1;
            return Ok(false);
        }
        if !first {
            if !self.pass(b',') {
                return self.unexpected("a comma or the end of the array");
            }
            self.space();
        }
        Ok(true)
    }

    /// Goes on to the next member of an object that was opened: the place of its name, and the name. None, and past
    /// its end, when there is none.
    pub(super) fn next_member(&mut self, first: bool) -> Result<Option<(usize, Cow<'a, str>)>> {
        self.space();
        if self.pass(b'}') {
            self.depth -= 1;
            return Ok(None);
        }
        if !first {
            if !self.pass(b',') {
                return self.unexpected("a comma or the end of the object");
            }
            self.space();
            if self.at == self.bytes.len() {
                // Elasticsearch tells this end apart from others: a name was promised.
                return self.fail("Unexpected end-of-input within/between Object entries");
            }
        }
        let at = self.at;
        if self.bytes.get(self.at) != Some(&b'"') {
            return self.unexpected("the name of a field in quotes");
        }
        let name = self.string()?;
        self.space();
        if !self.pass(b':') {
            return self.unexpected("a colon");
        }
        Ok(Some((at, name)))
    }

    /// Reads a value that holds no others.
    pub(super) fn scalar(&mut self) -> Result<Scalar<'a>> {
        match self.peek()? {
            Kind::String => Ok(Scalar::Text(self.string()?)),
            Kind::Number => {
                let (text, whole) = self.number()?;
                Ok(if whole {
                    Scalar::Whole(text)
                } else {
                    Scalar::Fraction(text)
                })
            }
            Kind::Bool if self.word(b"true") => Ok(Scalar::Bool(true)),
            Kind::Bool if self.word(b"false") => Ok(Scalar::Bool(false)),
            Kind::Null if self.word(b"null") => Ok(Scalar::Null),
            _ => self.unexpected("a value"),
        }
    }

    /// The token that begins next, as Elasticsearch names it, behind a comma where there is one.
    pub(super) fn token_ahead(&self) -> &'static str {
        let mut ahead = self.clone();
        ahead.space();
        let follows = ahead.pass(b',');
        ahead.space();
        match ahead.bytes.get(ahead.at) {
            Some(b'}') => "END_OBJECT",
            Some(b']') => "END_ARRAY",
            Some(b'{') => "START_OBJECT",
            Some(b'[') => "START_ARRAY",
            Some(b'"') if follows => "FIELD_NAME",
            Some(b'"') => "VALUE_STRING",
            Some(b't' | b'f') => "VALUE_BOOLEAN",
            Some(b'n') => "VALUE_NULL",
            Some(_) => "VALUE_NUMBER",
            None => "null",
        }
    }

    /// Passes space, and answers the place of what follows.
    pub(super) fn next_place(&mut self) -> usize {
        self.space();
        self.at
    }

    fn word(&mut self, word: &[u8]) -> bool {
        let there = self
            .bytes
            .get(self.at..)
            .is_some_and(|rest| rest.starts_with(word));
        self.at += if there { word.len() } else { 0 };
        there
    }

    /// Reads a number as it is written, and whether it has neither point nor exponent.
    pub(super) fn number(&mut self) -> Result<(&'a str, bool)> {
        let start = self.at;
        self.pass(b'-');
        let zero = self.bytes.get(self.at) == Some(&b'0');
        let whole_digits = self.digits();
        if whole_digits == 0 || (zero && whole_digits > 1) {
            return self.unexpected("a number");
        }
        let mut whole = true;
        if self.pass(b'.') {
            whole = false;
            if self.digits() == 0 {
                return self.unexpected("a digit");
            }
        }
        if self.pass(b'e') || self.pass(b'E') {
            whole = false;
            let _ = self.pass(b'+') || self.pass(b'-');
            if self.digits() == 0 {
                return self.unexpected("a digit");
            }
        }
        match std::str::from_utf8(self.slice(start, self.at)) {
            Ok(text) => Ok((text, whole)),
            Err(_) => self.unexpected("a number"),
        }
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
        self.at - start
    }

    fn string(&mut self) -> Result<Cow<'a, str>> {
        let start = self.at;
        let end = self.pass_string()?;
        let inner = self.slice(start + 1, end);
        if !inner.contains(&b'\\') {
            return match std::str::from_utf8(inner) {
                Ok(text) => Ok(Cow::Borrowed(text)),
                Err(error) => Err(Malformed {
                    at: start + 1 + error.valid_up_to(),
                    reason: "Invalid UTF-8".to_owned(),
                    is_end: false,
                }),
            };
        }
        serde_json::from_slice(self.slice(start, self.at))
            .map(Cow::Owned)
            .map_err(|_| Malformed {
                at: start,
                reason: "Unrecognized character escape".to_owned(),
                is_end: false,
            })
    }

    /// Passes a string and answers the place of its closing quote.
    fn pass_string(&mut self) -> Result<usize> {
        self.at += 1;
        loop {
            match self.bytes.get(self.at) {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(self.at - 1);
                }
                Some(b'\\') => self.at += 2,
                Some(byte) if *byte < 0x20 => {
                    return self.fail(format!(
                        "Illegal unquoted character ((CTRL-CHAR, code {byte})): has to be escaped using backslash to be included in string value"
                    ));
                }
                Some(_) => self.at += 1,
                None => {
                    self.at = self.bytes.len();
                    return self.ended();
                }
            }
        }
    }

    /// Passes a value whatever it is, and answers where it begins and ends.
    pub(super) fn skip(&mut self) -> Result<(usize, usize)> {
        let kind = self.peek()?;
        let start = self.at;
        match kind {
            Kind::Object | Kind::Array => self.skip_nested()?,
            _ => drop(self.scalar()?),
        }
        Ok((start, self.at))
    }

    fn skip_nested(&mut self) -> Result<()> {
        // What is open: true for an object. No recursion, since the text decides how deep it goes.
        let mut open: Vec<bool> = Vec::new();
        let mut first = true;
        loop {
            let inside = match open.last() {
                None => true,
                Some(true) => self.next_member(first)?.is_some(),
                Some(false) => self.next_element(first)?,
            };
            if !inside {
                open.pop();
                if open.is_empty() {
                    return Ok(());
                }
                first = false;
                continue;
            }
            match self.peek()? {
                kind @ (Kind::Object | Kind::Array) => {
                    self.open()?;
                    open.push(kind == Kind::Object);
                    first = true;
                }
                _ => {
                    self.scalar()?;
                    first = false;
                }
            }
        }
    }

    /// Makes sure that nothing but space is left.
    pub(super) fn end(&mut self) -> Result<()> {
        self.space();
        if self.at == self.bytes.len() {
            return Ok(());
        }
        self.unexpected("the end of the document")
    }

    /// The line and column of a place, as Elasticsearch counts them: from 1, in bytes.
    pub(super) fn place(&self, at: usize) -> (usize, usize) {
        let before = self.slice(0, at.min(self.bytes.len()));
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let start = before
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |n| n + 1);
        (line, before.len() - start + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    /// Reads a value through the reader's own functions.
    fn read(reader: &mut Reader<'_>) -> Result<Value> {
        Ok(match reader.peek()? {
            Kind::Object => {
                reader.open()?;
                let mut members = serde_json::Map::new();
                while let Some((_, name)) = reader.next_member(members.is_empty())? {
                    members.insert(name.into_owned(), read(reader)?);
                }
                Value::Object(members)
            }
            Kind::Array => {
                reader.open()?;
                let mut values = Vec::new();
                while reader.next_element(values.is_empty())? {
                    values.push(read(reader)?);
                }
                Value::Array(values)
            }
            _ => match reader.scalar()? {
                Scalar::Null => Value::Null,
                Scalar::Bool(value) => Value::Bool(value),
                Scalar::Whole(text) | Scalar::Fraction(text) => serde_json::from_str(text).unwrap(),
                Scalar::Text(text) => Value::String(text.into_owned()),
            },
        })
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Bool),
            any::<i64>().prop_map(Value::from),
            (-1e9..1e9_f64).prop_map(Value::from),
            "\\PC{0,8}".prop_map(Value::String),
            Just(Value::String("a\"\\\n\u{e9}\u{1f600}".to_owned())),
        ];
        leaf.prop_recursive(4, 40, 5, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::Array),
                proptest::collection::btree_map("[a-c.]{0,3}", inner, 0..5)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(11), ..ProptestConfig::default() })]

        #[test]
        fn what_is_written_is_read_back_and_passed(value in value(), pretty in any::<bool>()) {
            let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
            let mut reader = Reader::new(text.as_bytes());
            prop_assert_eq!(read(&mut reader).unwrap(), value);
            reader.end().unwrap();
            let mut reader = Reader::new(text.as_bytes());
            prop_assert_eq!(reader.skip().unwrap(), (0, text.len()));
        }

        #[test]
        fn what_serde_refuses_is_refused(text in "[\\[\\]{},:\"\\\\a0-9.eE+\\-tfnrul ]{0,12}") {
            let mut reader = Reader::new(text.as_bytes());
            let skipped = reader.skip().and_then(|_| reader.end()).is_ok();
            let known = serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok();
            // Escapes are looked at when a string is asked for.
            prop_assert!(skipped == known || text.contains('\\'), "{}: {} {}", text, skipped, known);
        }
    }

    #[test]
    fn places_are_counted_by_line_and_column() {
        let reader = Reader::new(b"{\n \"a\": 1}");
        assert_eq!(reader.place(0), (1, 1));
        assert_eq!(reader.place(3), (2, 2));
        assert_eq!(reader.place(99), (2, 9));
    }

    #[test]
    fn depth_is_bounded() {
        let text = "[".repeat(100_000);
        let error = Reader::new(text.as_bytes()).skip().unwrap_err();
        assert!(error.reason.contains("(1001)"), "{}", error.reason);
    }
}
