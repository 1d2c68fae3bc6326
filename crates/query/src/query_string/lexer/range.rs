//! Ranges: two bounds with TO between them. Only spaces and the closing brackets end a bound, so that dates need no
//! backslash.

use super::{Lexer, TokenKind};
use crate::Bound;
use crate::query_string::error::QueryStringError;

impl Lexer {
    /// Takes a range; `lower_belongs` tells its opening bracket.
    pub(super) fn range(&mut self, lower_belongs: bool) -> Result<TokenKind, QueryStringError> {
        let start = self.next;
        self.next += 1;
        let lower = self.range_value(start, "the lower bound of the range, or *")?;
        let separator = self.next_in_range(start)?;
        let separator_start = self.next;
        let text = if ends_value(separator) {
            String::new()
        } else {
            self.run_until(ends_value)
        };
        if text != "TO" {
            let end = self.next.max(separator_start + 1);
            return Err(self.unexpected(
                separator_start,
                end,
                "TO between the bounds of the range",
            ));
        }
        let upper = self.range_value(start, "the upper bound of the range, or *")?;
        let close = self.next_in_range(start)?;
        if close != ']' && close != '}' {
            return Err(self.unexpected(
                self.next,
                self.next + 1,
                "] or } at the end of the range",
            ));
        }
        self.next += 1;
        Ok(TokenKind::Range {
            lower: bound(lower, lower_belongs),
            upper: bound(upper, close == ']'),
        })
    }

    /// Looks at the next character inside the range that starts at `start`.
    fn next_in_range(&mut self, start: usize) -> Result<char, QueryStringError> {
        self.skip_whitespace();
        self.peek().ok_or(QueryStringError::Unclosed {
            position: start + 1,
            what: "the range",
            expected: "two bounds with TO between them, then ] or }",
        })
    }

    /// Takes one bound; none = `*`.
    fn range_value(
        &mut self,
        start: usize,
        expected: &'static str,
    ) -> Result<Option<String>, QueryStringError> {
        let first = self.next_in_range(start)?;
        if first == '"' {
            return self.quoted().map(Some);
        }
        if ends_value(first) {
            return Err(self.unexpected(self.next, self.next + 1, expected));
        }
        let from = self.next;
        let mut text = String::new();
        while let Some(character) = self.peek().filter(|&c| !ends_value(c)) {
            if character == '\\' {
                text.push(self.escaped()?);
            } else {
                text.push(character);
                self.next += 1;
            }
        }
        let open = self.next == from + 1 && text == "*";
        Ok((!open).then_some(text))
    }
}

fn ends_value(character: char) -> bool {
    character.is_whitespace() || matches!(character, ']' | '}')
}

fn bound(value: Option<String>, belongs: bool) -> Bound {
    match value {
        None => Bound::Open,
        Some(value) if belongs => Bound::Including(value),
        Some(value) => Bound::Excluding(value),
    }
}
