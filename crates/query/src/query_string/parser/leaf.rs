//! Words, phrases and ranges, with what may follow them.

use super::build::{EXISTS, boosted};
use super::{CLAUSE, Parser};
use crate::query_string::error::QueryStringError;
use crate::query_string::lexer::{Token, TokenKind, Word};
use crate::{Bound, Query};
use std::str::FromStr;

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
        let slop = match tilde {
            None => 0,
            Some(tilde) => whole_number(&tilde)
                .ok_or_else(|| tilde.unexpected("a whole number of places after the phrase's ~"))?,
        };
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
            (Some(_), Some(tilde)) => {
                return Err(tilde.unexpected("no ~ after a word with wildcards"));
            }
            (Some(pattern), None) => self.leaves.wildcard(field, pattern),
            (None, Some(tilde)) => match whole_number(&tilde) {
                Some(distance @ 0..=2) => self.leaves.fuzzy(field, &word.text, Some(distance)),
                None if tilde.kind == TokenKind::Tilde(String::new()) => {
                    self.leaves.fuzzy(field, &word.text, None)
                }
                _ => return Err(tilde.unexpected("0, 1 or 2 typing errors after ~")),
            },
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

/// Reads what follows a `~` as a whole number; none when it is something else or too large.
fn whole_number<T: FromStr>(tilde: &Token) -> Option<T> {
    match &tilde.kind {
        // `parse` would take a sign as well.
        TokenKind::Tilde(digits) if digits.bytes().all(|b| b.is_ascii_digit()) => {
            digits.parse().ok()
        }
        _ => None,
    }
}
