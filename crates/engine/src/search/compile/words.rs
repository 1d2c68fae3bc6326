//! The words of a text, in one field.

use super::refusal::Refusal;
use super::{Compiled, Compiler, everything};
use crate::error::{EngineError, Result};
use crate::text::{Columns, Token, analyze};
use document::{Analyzer, Cause, FieldKind};
use query::{MatchOptions, Operator, ZeroTerms};
use tantivy::query::{BooleanQuery, EmptyQuery, Occur};

impl Compiler<'_> {
    /// Documents whose field holds the words of a text.
    pub(super) fn words(
        &self,
        columns: &Columns,
        text: &str,
        options: &MatchOptions,
    ) -> Result<Compiled> {
        let answer = self.words_strictly(columns, text, options);
        forgiven(answer, options.lenient)
    }

    fn words_strictly(
        &self,
        columns: &Columns,
        text: &str,
        options: &MatchOptions,
    ) -> Result<Compiled> {
        let analyzer = match self.analyzer(columns, options)? {
            Some(analyzer) => analyzer,
            None => return self.one_term(columns, text, options),
        };
        self.searchable(columns)?;
        let mut clauses = Vec::new();
        for token in analyze(analyzer, [text]) {
            clauses.push(self.one_term(columns, &token.text, options)?);
        }
        Ok(combined(clauses, options))
    }

    /// Answers what takes a text apart for a field; none for a field that holds exact values.
    pub(super) fn analyzer(
        &self,
        columns: &Columns,
        options: &MatchOptions,
    ) -> Result<Option<Analyzer>> {
        let leaf = &columns.leaf;
        Ok(match &leaf.kind {
            FieldKind::Text(analyzer) => Some(
                options
                    .analyzer
                    .or(leaf.options.search_analyzer)
                    .unwrap_or(*analyzer),
            ),
            FieldKind::Keyword { .. } => options.analyzer,
            FieldKind::DenseVector(_) | FieldKind::GeoPoint => {
                return self.refuse(Refusal::Value(format!(
                    "Field [{}] of type [{}] does not support match queries",
                    leaf.path,
                    leaf.kind.name()
                )));
            }
            _ => None,
        })
    }

    /// One word of a text, with typing errors where they are allowed.
    pub(super) fn one_term(
        &self,
        columns: &Columns,
        word: &str,
        options: &MatchOptions,
    ) -> Result<Compiled> {
        match (&options.fuzziness, &columns.leaf.kind) {
            (None, _) => self.value(columns, word),
            (Some(fuzziness), FieldKind::Text(_) | FieldKind::Keyword { .. }) => {
                self.searchable(columns)?;
                self.similar(columns, word, fuzziness)
            }
            (Some(fuzziness), _) => self.fuzzy(columns, word, fuzziness),
        }
    }

    /// The words of a text, the last of which may be the start of one.
    pub(super) fn bool_prefix(
        &self,
        columns: &Columns,
        text: &str,
        options: &MatchOptions,
    ) -> Result<Compiled> {
        let make = || -> Result<Compiled> {
            let tokens: Vec<Token> = match self.analyzer(columns, options)? {
                Some(analyzer) => analyze(analyzer, [text]),
                None => match columns.leaf.kind {
                    FieldKind::Keyword { .. } => analyze(Analyzer::Keyword, [text]),
                    _ => return self.value(columns, text),
                },
            };
            self.searchable(columns)?;
            let mut clauses = Vec::new();
            if let Some((last, before)) = tokens.split_last() {
                for token in before {
                    clauses.push(self.one_term(columns, &token.text, options)?);
                }
                let start = super::expand::literal(&last.text, false);
                clauses
                    .push(self.pattern(columns, &format!("{start}{}", super::expand::ANYTHING))?);
            }
            Ok(combined(clauses, options))
        };
        forgiven(make(), options.lenient)
    }
}

/// One query of the queries for the words of a text.
pub(super) fn combined(mut clauses: Vec<Compiled>, options: &MatchOptions) -> Compiled {
    match clauses.len() {
        0 => without_words(options),
        1 => clauses.swap_remove(0),
        _ if options.operator == Operator::And => {
            let clauses = clauses.into_iter().map(|query| (Occur::Must, query));
            Box::new(BooleanQuery::new(clauses.collect()))
        }
        count => {
            let minimum = options.minimum_should_match.as_ref();
            let required = minimum.map_or(1, |minimum| minimum.of(count).max(1));
            let clauses = clauses.into_iter().map(|query| (Occur::Should, query));
            Box::new(BooleanQuery::with_minimum_required_clauses(
                clauses.collect(),
                required,
            ))
        }
    }
}

/// What a text without any word matches.
pub(super) fn without_words(options: &MatchOptions) -> Compiled {
    match options.zero_terms {
        ZeroTerms::None => Box::new(EmptyQuery),
        ZeroTerms::All => everything(1.0),
    }
}

/// Matches nothing instead of refusing a value, where that is asked for.
pub(super) fn forgiven(answer: Result<Compiled>, lenient: bool) -> Result<Compiled> {
    match answer {
        // The dates of a range are refused as such.
        Err(EngineError::Failed(failure))
            if lenient && matches!(failure.cause, Cause::QueryShard | Cause::Parse) =>
        {
            Ok(Box::new(EmptyQuery))
        }
        answer => answer,
    }
}
