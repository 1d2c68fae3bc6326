//! The words of a text, in one field.

use super::refusal::Refusal;
use super::{Compiled, Compiler, everything};
use crate::error::{EngineError, Result};
use crate::text::{Columns, Token, analyze};
use document::{Analyzer, Cause, FieldKind};
use query::{MatchOptions, MinimumError, MinimumShouldMatch, Operator, ZeroTerms};
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
        let tokens = analyze(analyzer, [text]);
        if let (Some(fuzziness), FieldKind::Text(_), Operator::Or, 2..) = (
            &options.fuzziness,
            &columns.leaf.kind,
            options.operator,
            tokens.len(),
        ) && self.required(options.minimum_should_match.as_ref(), tokens.len())? <= 1
        {
            let near = self.similar_to_any(columns, &tokens, fuzziness)?;
            let near = near.into_iter().map(|query| (Occur::Should, query));
            return Ok(Box::new(BooleanQuery::new(near.collect())));
        }
        let mut clauses = Vec::new();
        for token in tokens {
            clauses.push(self.one_term(columns, &token.text, options)?);
        }
        self.combined(clauses, options)
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
            self.combined(clauses, options)
        };
        forgiven(make(), options.lenient)
    }

    /// One query of the queries for the words of a text.
    pub(super) fn combined(
        &self,
        mut clauses: Vec<Compiled>,
        options: &MatchOptions,
    ) -> Result<Compiled> {
        let minimum = options.minimum_should_match.as_ref();
        Ok(match clauses.len() {
            0 => without_words(options),
            1 => clauses.swap_remove(0),
            // None of the words may be missing, and none is there of which some would be enough.
            _ if options.operator == Operator::And && self.required(minimum, 0)? > 0 => {
                Box::new(EmptyQuery)
            }
            _ if options.operator == Operator::And => {
                let clauses = clauses.into_iter().map(|query| (Occur::Must, query));
                Box::new(BooleanQuery::new(clauses.collect()))
            }
            count => {
                let required = self.required(minimum, count)?.max(1);
                let clauses = clauses.into_iter().map(|query| (Occur::Should, query));
                Box::new(BooleanQuery::with_minimum_required_clauses(
                    clauses.collect(),
                    required,
                ))
            }
        })
    }

    /// How many of several queries must match, where something says it; otherwise 0.
    pub(super) fn required(
        &self,
        minimum: Option<&MinimumShouldMatch>,
        count: usize,
    ) -> Result<usize> {
        let required = minimum.map_or(Ok(0), |minimum| minimum.of(count));
        required.or_else(|error| {
            self.refuse(match error {
                MinimumError::Number(text) => {
                    Refusal::Number(format!("For input string: \"{text}\""))
                }
                MinimumError::Missing { place, parts } => {
                    Refusal::Place(format!("Index {place} out of bounds for length {parts}"))
                }
            })
        })
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
