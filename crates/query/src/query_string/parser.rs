//! From tokens to a query.

mod build;
mod leaf;

use super::QueryString;
use super::error::QueryStringError;
use super::lexer::{Token, TokenKind};
use crate::{Operator, Query};
use build::{Clauses, Leaves, Occurrence, boosted};

/// How many parentheses may be nested.
const MAX_DEPTH: usize = 100;

/// How many words, phrases and ranges there may be.
const MAX_CLAUSES: usize = 1024;

/// What a message says was expected where a clause has to stand.
const CLAUSE: &str = "a word, a phrase, a range or (";

/// Parses tokens, of which the last is the end.
pub(super) fn parse(tokens: Vec<Token>, language: &QueryString) -> Result<Query, QueryStringError> {
    let mut rest = tokens.into_iter();
    let Some(current) = rest.next().filter(|token| token.kind != TokenKind::End) else {
        return Ok(Query::None);
    };
    let leaves = Leaves {
        fields: &language.default_fields,
        operator: language.default_operator,
    };
    let mut parser = Parser {
        current,
        rest,
        leaves,
        whole_texts: language.whole_texts,
        depth: 0,
        clauses: 0,
    };
    let query = parser.group(None)?;
    match parser.current.kind {
        TokenKind::End => Ok(query.unwrap_or(Query::None)),
        _ => Err(parser
            .current
            .unexpected("the end of the text, for no ( is open")),
    }
}

struct Parser<'a> {
    /// The next token to be taken.
    current: Token,
    /// Those after it.
    rest: std::vec::IntoIter<Token>,
    leaves: Leaves<'a>,
    whole_texts: bool,
    depth: usize,
    clauses: usize,
}

impl Parser<'_> {
    /// Parses clauses up to the end or a `)`; none when nothing but lone operators was there.
    fn group(&mut self, field: Option<&str>) -> Result<Option<Query>, QueryStringError> {
        let mut clauses = Clauses::new(self.leaves.operator);
        let mut conjunction = None;
        loop {
            let modifier = match self.current.kind {
                TokenKind::Plus => Some(Occurrence::Must),
                TokenKind::Minus | TokenKind::Not => Some(Occurrence::MustNot),
                _ => None,
            };
            if modifier.is_some() {
                self.advance();
            }
            let words = match (conjunction, modifier) {
                (None, None) if self.whole_texts => self.run(),
                _ => 0,
            };
            if words > 1 {
                self.words(field, words, &mut clauses)?;
            } else {
                let clause = self.clause(field)?;
                clauses.add(conjunction, modifier, clause);
            }

            conjunction = match self.current.kind {
                TokenKind::End | TokenKind::Close => return Ok(clauses.into_query()),
                TokenKind::And => Some(Operator::And),
                TokenKind::Or => Some(Operator::Or),
                _ => None,
            };
            if conjunction.is_some() {
                self.advance();
            }
        }
    }

    /// Counts the plain words that begin here, side by side and with nothing behind them: they are one text.
    fn run(&self) -> usize {
        let next = |token: &Token| match &token.kind {
            TokenKind::Word(word) => word.pattern.is_none(),
            _ => false,
        };
        let rest = self.rest.as_slice();
        let tokens = std::iter::once(&self.current).chain(rest);
        // What is named by a word, or said of one, is none of the others'.
        let ends = |token: Option<&Token>| {
            token.is_some_and(|token| {
                matches!(
                    token.kind,
                    TokenKind::Colon | TokenKind::Tilde(_) | TokenKind::Boost(_)
                )
            })
        };
        let words = tokens.enumerate();
        words
            .take_while(|(place, token)| next(token) && !ends(rest.get(*place)))
            .count()
    }

    /// Takes words that are one text: together where fields are asked for it as a whole, one by one where others stand
    /// beside them, for then Lucene makes a clause of each.
    fn words(
        &mut self,
        field: Option<&str>,
        count: usize,
        clauses: &mut Clauses,
    ) -> Result<(), QueryStringError> {
        let mut texts = Vec::with_capacity(count);
        for _ in 0..count {
            self.count_clause()?;
            if let TokenKind::Word(word) = self.advance().kind {
                texts.push(word.text);
            }
        }
        let alone =
            clauses.is_empty() && matches!(self.current.kind, TokenKind::End | TokenKind::Close);
        if alone || !self.leaves.is_in_one_field(field) {
            clauses.add(None, None, Some(self.leaves.words(field, &texts.join(" "))));
            return Ok(());
        }
        for text in texts {
            clauses.add(None, None, Some(self.leaves.words(field, &text)));
        }
        Ok(())
    }

    /// Parses one clause, which may be in another field than its group.
    fn clause(&mut self, field: Option<&str>) -> Result<Option<Query>, QueryStringError> {
        let own = self.field_name();
        let field = own.as_deref().or(field);
        match &self.current.kind {
            TokenKind::Open => self.parenthesized(field),
            TokenKind::LoneOperator => {
                self.advance();
                Ok(None)
            }
            TokenKind::Word(_) | TokenKind::Quoted(_) | TokenKind::Range { .. } => {
                self.count_clause()?;
                self.leaf(field).map(Some)
            }
            _ if own.is_some() => Err(self
                .current
                .unexpected("a value after the field and its colon")),
            TokenKind::Colon => Err(self
                .current
                .unexpected("a field before the colon, or \\: for the colon itself")),
            _ => Err(self.current.unexpected(CLAUSE)),
        }
    }

    /// Takes a word and a colon.
    fn field_name(&mut self) -> Option<String> {
        let colon_follows = self.rest.as_slice().first()?.kind == TokenKind::Colon;
        let TokenKind::Word(word) = &mut self.current.kind else {
            return None;
        };
        if !colon_follows {
            return None;
        }
        let name = std::mem::take(&mut word.text);
        self.advance();
        self.advance();
        Some(name)
    }

    fn parenthesized(&mut self, field: Option<&str>) -> Result<Option<Query>, QueryStringError> {
        let opened_at = self.current.position;
        if self.depth == MAX_DEPTH {
            return Err(QueryStringError::TooDeep {
                position: opened_at,
                limit: MAX_DEPTH,
            });
        }
        self.depth += 1;
        self.advance();
        let query = self.group(field)?;
        self.depth -= 1;
        if self.current.kind != TokenKind::Close {
            return Err(QueryStringError::Unclosed {
                position: opened_at,
                what: "the group",
                expected: ")",
            });
        }
        self.advance();
        let boost = self.boost();
        Ok(query.map(|query| boosted(query, boost)))
    }

    fn count_clause(&mut self) -> Result<(), QueryStringError> {
        if self.clauses == MAX_CLAUSES {
            let position = self.current.position;
            return Err(QueryStringError::TooManyClauses {
                position,
                limit: MAX_CLAUSES,
            });
        }
        self.clauses += 1;
        Ok(())
    }

    /// Takes a token; the last one can be taken again and again.
    fn advance(&mut self) -> Token {
        match self.rest.next() {
            Some(next) => std::mem::replace(&mut self.current, next),
            None => self.current.clone(),
        }
    }
}
