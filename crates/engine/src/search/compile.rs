//! From the trees of `query` to queries of the text index.

use super::term::{exact, range};
use crate::error::{EngineError, Result};
use crate::snapshot::{Snapshot, text_error};
use crate::text::{Columns, Token, WithStatistics, analyze, normalize};
use document::FieldKind;
use query::{Bool, Bound, Fuzziness, MatchType, Operator, Query};
use std::ops::Bound as Range;
use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, EmptyQuery,
    FuzzyTermQuery, Occur, PhraseQuery, Query as TextQuery, RangeQuery, RegexQuery, TermQuery,
    TermSetQuery,
};
use tantivy::schema::IndexRecordOption;

type Compiled = Box<dyn TextQuery>;

/// Up to so many ids are looked up one by one; an automaton is built for more.
const FEW_IDS: usize = 16;

/// Compiles queries for one snapshot. A field that is not mapped matches nothing, as in Elasticsearch.
pub(super) struct Compiler<'a> {
    snapshot: &'a Snapshot,
}

impl<'a> Compiler<'a> {
    pub(super) fn new(snapshot: &'a Snapshot) -> Self {
        Self { snapshot }
    }

    pub(super) fn compile(&self, query: &Query) -> Result<Compiled> {
        Ok(match query {
            Query::All => Box::new(AllQuery),
            Query::None => Box::new(EmptyQuery),
            Query::Ids(ids) => {
                let id = self.snapshot.fields.id;
                let terms: Vec<_> = ids.iter().map(|i| Term::from_field_text(id, i)).collect();
                if terms.len() <= FEW_IDS {
                    constant(Box::new(BooleanQuery::new_multiterms_query(terms)), 1.0)
                } else {
                    constant(Box::new(TermSetQuery::new(terms)), 1.0)
                }
            }
            Query::Term { field, value, .. } => {
                self.on(field, |columns| self.term(columns, value))?
            }
            Query::Match {
                field,
                text,
                options,
            } => self.on(field, |columns| self.words(columns, text, options.operator))?,
            Query::MatchPhrase {
                field, text, slop, ..
            } => self.on(field, |columns| self.phrase(columns, text, *slop))?,
            Query::MultiMatch {
                fields,
                text,
                options,
                kind,
                ..
            } => self.multi_match(fields, text, options.operator, *kind)?,
            Query::Range {
                field,
                lower,
                upper,
                ..
            } => self.on(field, |columns| between(columns, lower, upper))?,
            Query::Exists { field } => {
                let term = Term::from_field_text(self.snapshot.fields.names, field);
                constant(
                    Box::new(TermQuery::new(term, IndexRecordOption::Basic)),
                    1.0,
                )
            }
            Query::Prefix { field, value, .. } => self.on(field, |columns| {
                pattern(
                    columns,
                    &format!("{}{ANYTHING}", escaped(&folded(columns, value))),
                )
            })?,
            Query::Wildcard {
                field,
                pattern: text,
                ..
            } => self.on(field, |columns| {
                pattern(columns, &regex(&folded(columns, text)))
            })?,
            Query::Fuzzy {
                field,
                value,
                fuzziness,
            } => self.on(field, |columns| fuzzy(columns, value, fuzziness))?,
            Query::Bool(clauses) => self.boolean(clauses)?,
            Query::DisMax {
                queries,
                tie_breaker,
            } => {
                let queries = queries
                    .iter()
                    .map(|q| self.compile(q))
                    .collect::<Result<_>>()?;
                Box::new(DisjunctionMaxQuery::with_tie_breaker(queries, *tie_breaker))
            }
            Query::ConstantScore { query, score } => constant(self.compile(query)?, *score),
            Query::Boost { query, factor } => {
                Box::new(BoostQuery::new(self.compile(query)?, *factor))
            }
            Query::Named { query, .. } => self.compile(query)?,
            Query::Terms { .. }
            | Query::MatchBoolPrefix { .. }
            | Query::Nested { .. }
            | Query::Knn(_)
            | Query::ScriptScore { .. }
            | Query::Boosting { .. } => {
                return Err(EngineError::Query("it is not executed yet".to_owned()));
            }
        })
    }

    /// Makes the query for a field, or for every field that fits a pattern and can answer it.
    fn on(&self, field: &str, make: impl Fn(&Columns) -> Result<Compiled>) -> Result<Compiled> {
        if !field.contains('*') {
            return match self.snapshot.fields.get(field) {
                Some(columns) => make(columns),
                None => Ok(Box::new(EmptyQuery)),
            };
        }
        let fits = self
            .snapshot
            .fields
            .iter()
            .filter(|columns| fits(field, &columns.leaf.path));
        // A number among the fields has no answer to a word, and is left out.
        let queries: Vec<Compiled> = fits.filter_map(|columns| make(columns).ok()).collect();
        Ok(Box::new(DisjunctionMaxQuery::new(queries)))
    }

    /// Scores a query on one field by the statistics of that field.
    fn scored(&self, columns: &Columns, query: Compiled) -> Result<Compiled> {
        let snapshot = self.snapshot;
        let names = snapshot.fields.names;
        let scored = WithStatistics::new(query, &snapshot.searcher, names, &columns.leaf.path);
        Ok(Box::new(scored.map_err(text_error)?))
    }

    fn term(&self, columns: &Columns, value: &str) -> Result<Compiled> {
        match columns.leaf.kind {
            FieldKind::Text(_) | FieldKind::Keyword { .. } => {
                let term = Term::from_field_text(columns.field, value);
                self.scored(
                    columns,
                    Box::new(TermQuery::new(term, record_option(columns))),
                )
            }
            _ => {
                let (lower, upper) = exact(columns, value)?;
                Ok(Box::new(RangeQuery::new(lower, upper)))
            }
        }
    }

    fn words(&self, columns: &Columns, text: &str, operator: Operator) -> Result<Compiled> {
        let FieldKind::Text(analyzer) = columns.leaf.kind else {
            return self.term(columns, text);
        };
        let occur = match operator {
            Operator::Or => Occur::Should,
            Operator::And => Occur::Must,
        };
        let mut clauses = Vec::new();
        for token in analyze(analyzer, [text]) {
            clauses.push((occur, self.term(columns, &token.text)?));
        }
        Ok(match clauses.len() {
            0 => Box::new(EmptyQuery),
            1 => clauses.swap_remove(0).1,
            _ => Box::new(BooleanQuery::new(clauses)),
        })
    }

    fn phrase(&self, columns: &Columns, text: &str, slop: u32) -> Result<Compiled> {
        let FieldKind::Text(analyzer) = columns.leaf.kind else {
            return self.term(columns, text);
        };
        let tokens = analyze(analyzer, [text]);
        match tokens.as_slice() {
            [] => Ok(Box::new(EmptyQuery)),
            [token] => self.term(columns, &token.text),
            tokens => {
                let place = |token: &Token| {
                    (
                        token.position,
                        Term::from_field_text(columns.field, &token.text),
                    )
                };
                let terms = tokens.iter().map(place).collect();
                let phrase = PhraseQuery::new_with_offset_and_slop(terms, slop);
                self.scored(columns, Box::new(phrase))
            }
        }
    }

    fn multi_match(
        &self,
        fields: &[(String, f32)],
        text: &str,
        operator: Operator,
        kind: MatchType,
    ) -> Result<Compiled> {
        let every: Vec<(String, f32)>;
        let fields = if fields.is_empty() {
            every = self
                .searchable()
                .map(|path| (path.to_owned(), 1.0))
                .collect();
            &every
        } else {
            fields
        };
        let mut queries: Vec<Compiled> = Vec::new();
        for (field, weight) in fields {
            let query = self.on(field, |columns| match kind {
                MatchType::Phrase { slop } => self.phrase(columns, text, slop),
                _ => self.words(columns, text, operator),
            })?;
            queries.push(match *weight {
                1.0 => query,
                weight => Box::new(BoostQuery::new(query, weight)),
            });
        }
        Ok(match kind {
            MatchType::MostFields => {
                let clauses = queries.into_iter().map(|query| (Occur::Should, query));
                Box::new(BooleanQuery::new(clauses.collect()))
            }
            _ => Box::new(DisjunctionMaxQuery::new(queries)),
        })
    }

    /// The fields that hold words and exact strings.
    fn searchable(&self) -> impl Iterator<Item = &str> {
        self.snapshot
            .fields
            .iter()
            .filter_map(|columns| match columns.leaf.kind {
                FieldKind::Text(_) | FieldKind::Keyword { .. } => Some(columns.leaf.path.as_str()),
                _ => None,
            })
    }

    fn boolean(&self, clauses: &Bool) -> Result<Compiled> {
        let Bool {
            must,
            filter,
            should,
            must_not,
            minimum_should_match,
        } = clauses;
        let mut compiled: Vec<(Occur, Compiled)> = Vec::new();
        for query in must {
            compiled.push((Occur::Must, self.compile(query)?));
        }
        for query in filter {
            compiled.push((Occur::Must, constant(self.compile(query)?, 0.0)));
        }
        let required = match minimum_should_match {
            Some(minimum) => minimum.of(should.len()),
            None => usize::from(compiled.is_empty() && !should.is_empty()),
        };
        if compiled.is_empty() && required == 0 {
            // Nothing is asked for: everything matches that nothing excludes.
            let score = if should.is_empty() && must_not.is_empty() {
                1.0
            } else {
                0.0
            };
            compiled.push((Occur::Must, constant(Box::new(AllQuery), score)));
        }
        for query in should {
            compiled.push((Occur::Should, self.compile(query)?));
        }
        for query in must_not {
            compiled.push((Occur::MustNot, self.compile(query)?));
        }
        Ok(Box::new(BooleanQuery::with_minimum_required_clauses(
            compiled, required,
        )))
    }
}

/// Whether a name fits a pattern in which `*` stands for any letters.
fn fits(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((start, rest)) => match name.strip_prefix(start) {
            None => false,
            Some(name) => (0..=name.len())
                .filter(|at| name.is_char_boundary(*at))
                .any(|at| fits(rest, &name[at..])),
        },
    }
}

fn constant(query: Compiled, score: f32) -> Compiled {
    Box::new(ConstScoreQuery::new(query, score))
}

fn record_option(columns: &Columns) -> IndexRecordOption {
    match columns.leaf.kind {
        FieldKind::Text(_) => IndexRecordOption::WithFreqs,
        _ => IndexRecordOption::Basic,
    }
}

fn between(columns: &Columns, lower: &Bound, upper: &Bound) -> Result<Compiled> {
    match range(columns, lower, upper)? {
        (Range::Unbounded, Range::Unbounded) => Err(EngineError::Query(format!(
            "the range on field {} is open at both ends",
            columns.leaf.path
        ))),
        (lower, upper) => Ok(Box::new(RangeQuery::new(lower, upper))),
    }
}

/// Folds a term that is not taken apart as the field's terms were.
fn folded(columns: &Columns, value: &str) -> String {
    match columns.leaf.kind {
        FieldKind::Text(analyzer) => normalize(analyzer, value),
        _ => value.to_owned(),
    }
}

fn strings_only(columns: &Columns, what: &str) -> Result<()> {
    match columns.leaf.kind {
        FieldKind::Text(_) | FieldKind::Keyword { .. } => Ok(()),
        ref kind => Err(EngineError::Query(format!(
            "field {} is {}: {what} works on text and keyword fields",
            columns.leaf.path,
            kind.name()
        ))),
    }
}

fn fuzzy(columns: &Columns, value: &str, fuzziness: &Fuzziness) -> Result<Compiled> {
    strings_only(columns, "a fuzzy search")?;
    let value = folded(columns, value);
    let distance = fuzziness.distance.of(value.chars().count());
    if distance > 2 {
        return Err(EngineError::Query(format!(
            "a fuzzy search for {value:?} allows {distance} letters to differ, at most 2 work"
        )));
    }
    let term = Term::from_field_text(columns.field, &value);
    Ok(Box::new(FuzzyTermQuery::new(term, distance, true)))
}

/// Any characters, line ends among them.
const ANYTHING: &str = "(.|\n)*";

fn pattern(columns: &Columns, regex: &str) -> Result<Compiled> {
    strings_only(columns, "a pattern")?;
    let query = RegexQuery::from_pattern(regex, columns.field).map_err(|error| {
        EngineError::Query(format!(
            "the pattern on field {} does not work: {error}",
            columns.leaf.path
        ))
    })?;
    Ok(constant(Box::new(query), 1.0))
}

/// Turns `*` and `?` into a regular expression; `\` takes the next character as it is.
fn regex(pattern: &str) -> String {
    let mut out = String::new();
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '*' => out.push_str(ANYTHING),
            '?' => out.push_str("(.|\n)"),
            '\\' => escape(letters.next().unwrap_or('\\'), &mut out),
            letter => escape(letter, &mut out),
        }
    }
    out
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    text.chars().for_each(|letter| escape(letter, &mut out));
    out
}

fn escape(letter: char, out: &mut String) {
    if letter.is_ascii_punctuation() {
        out.push('\\');
    }
    out.push(letter);
}
