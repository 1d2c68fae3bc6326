//! Strings: UTF-8 and what stands behind backslashes.

use super::Parser;
use document::Failure;
use std::borrow::Cow;

impl<'a> Parser<'a> {
    /// Takes a string with its quotes.
    pub(super) fn string(&mut self, what: &str) -> Result<Cow<'a, str>, Failure> {
        self.at += 1;
        let start = self.at;
        let mut owned: Option<String> = None;
        let mut run = start;
        loop {
            match self.peek() {
                None => return Err(self.end_of(&format!(" in {what}"))),
                Some(b'"') => {
                    let rest = self.utf8(run)?;
                    self.at += 1;
                    return Ok(match owned {
                        None => Cow::Borrowed(rest),
                        Some(text) => Cow::Owned(text + rest),
                    });
                }
                Some(b'\\') => {
                    let before = self.utf8(run)?;
                    let text = owned.get_or_insert_default();
                    text.push_str(before);
                    self.at += 1;
                    let escaped = self.escape(what)?;
                    owned.get_or_insert_default().push(escaped);
                    run = self.at;
                }
                Some(byte) if byte < 0x20 => {
                    return Err(self.wrong(&format!(
                        "Illegal unquoted character ((CTRL-CHAR, code {byte})): has to be escaped using backslash to be included in {}",
                        if what == "field name" { "name" } else { "string value" }
                    )));
                }
                Some(_) => self.at += 1,
            }
        }
    }

    /// The text from a place to here.
    fn utf8(&mut self, from: usize) -> Result<&'a str, Failure> {
        let text = self.text;
        let bytes = text.get(from..self.at).unwrap_or_default();
        str::from_utf8(bytes).map_err(|error| {
            let bad = from + error.valid_up_to();
            let byte = text.get(bad).copied().unwrap_or_default();
            self.at = bad + 1;
            self.wrong(&format!("Invalid UTF-8 start byte 0x{byte:x}"))
        })
    }

    /// Takes what follows a backslash.
    fn escape(&mut self, what: &str) -> Result<char, Failure> {
        let Some(byte) = self.peek() else {
            return Err(self.end_of(&format!(" in {what}")));
        };
        let simple = match byte {
            b'"' | b'\\' | b'/' => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                self.at += 1;
                return self.unicode();
            }
            _ => {
                let shown = char::from(byte);
                return Err(self.wrong(&format!(
                    "Unrecognized character escape '{shown}' (code {byte})"
                )));
            }
        };
        self.at += 1;
        Ok(simple)
    }

    /// Takes four digits, and a second surrogate after a first one. Half of a pair becomes U+FFFD.
    fn unicode(&mut self) -> Result<char, Failure> {
        let first = self.four_digits()?;
        if !(0xD800..0xDC00).contains(&first) {
            return Ok(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        let before = self.at;
        if self.text.get(self.at..self.at + 2) == Some(b"\\u") {
            self.at += 2;
            let second = self.four_digits()?;
            if (0xDC00..0xE000).contains(&second) {
                let both = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
                return Ok(char::from_u32(both).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.at = before;
        }
        Ok(char::REPLACEMENT_CHARACTER)
    }

    fn four_digits(&mut self) -> Result<u32, Failure> {
        let mut value = 0;
        for _ in 0..4 {
            let Some(byte) = self.peek() else {
                return Err(self.end_of(" in character escape sequence"));
            };
            let Some(digit) = char::from(byte).to_digit(16) else {
                return Err(
                    self.unexpected(byte, ": expected a hex-digit for character escape sequence")
                );
            };
            value = value * 16 + digit;
            self.at += 1;
        }
        Ok(value)
    }
}
