//! Words, phrases and ranges, with what may follow them.

use super::build::{EXISTS, boosted};
use super::{CLAUSE, Parser};
use crate::query_string::error::QueryStringError;
use crate::query_string::lexer::{Token, TokenKind, Word};
use crate::{Bound, Query};

impl Parser<'_> {
    /// Takes a word, a phrase or a range and what belongs to it.
    pub(super) fn leaf(&mut self, field: Option<&str>) -> Result<Query, QueryStringError> {
        let token = self.advance();
        match &token.kind {
            TokenKind::Word(word) => self.word(field, word, &token),
            TokenKind::Quoted(text) => self.phrase(field, text),
            TokenKind::Range { lower, upper } => {
                let query = self.leaves.range(field, lower, upper);
                Ok(boosted(query, self.boost()))
            }
            _ => Err(token.unexpected(CLAUSE)),
        }
    }

    fn phrase(&mut self, field: Option<&str>, text: &str) -> Result<Query, QueryStringError> {
        if field == Some(EXISTS) {
            return Ok(Query::Exists {
                field: text.to_owned(),
            });
        }
        let (tilde, boost) = self.suffixes();
        // What is behind a point is cut off; no number is no slop.
        let slop = tilde
            .as_ref()
            .and_then(number)
            .map_or(0, |slop| slop as u32);
        Ok(boosted(self.leaves.phrase(field, text, slop), boost))
    }

    fn word(
        &mut self,
        field: Option<&str>,
        word: &Word,
        token: &Token,
    ) -> Result<Query, QueryStringError> {
        if field == Some(EXISTS) {
            return Ok(Query::Exists {
                field: word.text.clone(),
            });
        }
        if field.is_some()
            && !word.starts_escaped
            && let Some((comparison, value)) = split_comparison(&word.text)
        {
            let value = self.compared(value, word, token)?;
            let (lower, upper) = match comparison {
                ">" => (Bound::Excluding(value), Bound::Open),
                ">=" => (Bound::Including(value), Bound::Open),
                "<" => (Bound::Open, Bound::Excluding(value)),
                _ => (Bound::Open, Bound::Including(value)),
            };
            let query = self.leaves.range(field, &lower, &upper);
            return Ok(boosted(query, self.boost()));
        }
        let (tilde, boost) = self.suffixes();
        let query = match (&word.pattern, tilde) {
            // A word with wildcards has no typing errors, whatever follows it.
            (Some(pattern), _) => self.leaves.wildcard(field, pattern),
            (None, Some(tilde)) => {
                let distance = fuzziness(&tilde)?;
                self.leaves.fuzzy(field, &word.text, distance)
            }
            (None, None) => self.leaves.words(field, &word.text),
        };
        Ok(boosted(query, boost))
    }

    /// Gives the value after `>`, `>=`, `<` or `<=`: the rest of the word, or the quoted text that touches it.
    fn compared(
        &mut self,
        rest: &str,
        word: &Word,
        token: &Token,
    ) -> Result<String, QueryStringError> {
        if !rest.is_empty() && word.pattern.is_none() {
            return Ok(rest.to_owned());
        }
        let touches = self.current.position == token.end;
        match &mut self.current.kind {
            TokenKind::Quoted(text) if rest.is_empty() && touches => {
                let text = std::mem::take(text);
                self.advance();
                Ok(text)
            }
            _ => Err(token.unexpected("a value without wildcards right after the comparison")),
        }
    }

    /// Takes the `~` and the `^` that may follow a word or a phrase, in either order.
    fn suffixes(&mut self) -> (Option<Token>, Option<f32>) {
        let (mut tilde, mut boost) = (None, None);
        loop {
            match &self.current.kind {
                TokenKind::Tilde(_) if tilde.is_none() => tilde = Some(self.advance()),
                TokenKind::Boost(_) if boost.is_none() => boost = self.boost(),
                _ => return (tilde, boost),
            }
        }
    }

    pub(super) fn boost(&mut self) -> Option<f32> {
        let TokenKind::Boost(factor) = self.current.kind else {
            return None;
        };
        self.advance();
        Some(factor)
    }
}

/// Takes `>`, `>=`, `<` or `<=` off the start of a word.
fn split_comparison(text: &str) -> Option<(&str, &str)> {
    let length = match text.as_bytes() {
        [b'<' | b'>', b'=', ..] => 2,
        [b'<' | b'>', ..] => 1,
        _ => return None,
    };
    text.split_at_checked(length)
}

/// Reads the number that follows a `~`; none when there is none.
fn number(tilde: &Token) -> Option<f32> {
    match &tilde.kind {
        TokenKind::Tilde(digits) => digits.parse().ok(),
        _ => None,
    }
}

/// Reads how many typing errors a `~` allows; none = as many as the word is long for.
fn fuzziness(tilde: &Token) -> Result<Option<u8>, QueryStringError> {
    let TokenKind::Tilde(digits) = &tilde.kind else {
        return Ok(None);
    };
    match (digits.as_str(), number(tilde)) {
        ("", _) => Ok(None),
        (_, Some(0.0)) => Ok(Some(0)),
        (_, Some(1.0)) => Ok(Some(1)),
        (_, Some(2.0)) => Ok(Some(2)),
        (got, _) => Err(QueryStringError::Fuzziness {
            position: tilde.position,
            got: got.to_owned(),
        }),
    }
}
