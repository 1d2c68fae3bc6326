//! From the trees of `query` to queries of the text index.

mod bounds;
mod clauses;
mod dates;
mod expand;
mod feature;
mod fields;
mod leaf;
mod nested;
mod phrase;
mod refusal;
mod several;
mod spread;
mod words;

pub(super) use bounds::rounded;
pub(super) use fields::fits;
pub(super) use nested::Inner;
pub(super) use refusal::{Refusal, refused};

use super::score::Boosting;
use super::shard::Faults;
use crate::error::{EngineError, Result};
use crate::snapshot::Snapshot;
use expand::folded;
use query::Query;
use std::cell::RefCell;
use std::sync::Arc;
use tantivy::query::{AllQuery, BoostQuery, ConstScoreQuery, EmptyQuery, Query as TextQuery};
use words::forgiven;

pub(super) type Compiled = Box<dyn TextQuery>;

/// Compiles queries for one snapshot. A field that is not mapped matches nothing, as in Elasticsearch.
pub(super) struct Compiler<'a> {
    pub(super) snapshot: &'a Arc<Snapshot>,
    /// Says true when nobody waits for the answer any more.
    pub(super) stop: &'a (dyn Fn() -> bool + Sync),
    /// Queries that have a name, in the order in which they were met.
    pub(super) named: &'a RefCell<Vec<(String, Compiled)>>,
    /// Objects that are answered with what is around them.
    pub(super) inner: &'a RefCell<Vec<Inner>>,
    /// Where scripts in queries leave their failures.
    pub(super) faults: &'a Faults,
    /// The nested objects that the query is on; none = documents.
    pub(super) scope: Option<&'a str>,
    /// Whether the nearest objects are all that are near enough, as where they are answered with what is around them.
    pub(super) every: bool,
}

impl Compiler<'_> {
    pub(super) fn compile(&self, query: &Query) -> Result<Compiled> {
        Ok(match query {
            Query::All => everything(1.0),
            Query::None => Box::new(EmptyQuery),
            Query::Ids(ids) => self.ids(ids),
            Query::Term {
                field,
                value,
                case_insensitive,
            } => self.term(field, value, *case_insensitive)?,
            Query::Terms { field, values } => self.terms(field, values)?,
            Query::TermsOf { .. } => {
                let reason = "values of a document were not looked up before the search";
                return Err(EngineError::Query(reason.to_owned()));
            }
            Query::Match {
                field,
                text,
                options,
            } => self.on(field, |columns| self.words(columns, text, options))?,
            Query::MatchPhrase {
                field,
                text,
                slop,
                prefix,
                options,
            } => self.on(field, |columns| {
                self.phrase(columns, text, (*slop, *prefix), options)
            })?,
            Query::MatchBoolPrefix {
                field,
                text,
                options,
            } => self.on(field, |columns| self.bool_prefix(columns, text, options))?,
            Query::MultiMatch {
                fields,
                text,
                options,
                kind,
                tie_breaker,
            } => self.multi_match(fields, text, options, (*kind, *tie_breaker))?,
            Query::Range {
                field,
                lower,
                upper,
                dates,
            } => self.on(field, |columns| self.range(columns, (lower, upper), dates))?,
            Query::Exists { field } => self.exists(field)?,
            Query::Feature { field, name } => {
                self.on(field, |columns| self.feature(columns, name))?
            }
            Query::Prefix {
                field,
                value,
                case_insensitive,
                normalized,
            } => self.on(field, |columns| {
                let value = folded(columns, value, *normalized);
                self.prefix(columns, &value, *case_insensitive)
            })?,
            Query::Wildcard {
                field,
                pattern,
                case_insensitive,
                normalized,
            } => self.on(field, |columns| {
                let pattern = folded(columns, pattern, *normalized);
                self.wildcard(columns, &pattern, *case_insensitive)
            })?,
            Query::Fuzzy {
                field,
                value,
                fuzziness,
                normalized,
            } => self.on(field, |columns| {
                let value = folded(columns, value, *normalized);
                self.fuzzy(columns, &value, fuzziness)
            })?,
            Query::Lenient { query } => forgiven(self.compile(query), true)?,
            Query::Bool(clauses) => self.boolean(clauses)?,
            Query::DisMax {
                queries,
                tie_breaker,
            } => {
                let spread = self.spread(queries);
                let queries = spread.as_deref().unwrap_or(queries).iter();
                let queries: Vec<_> = queries
                    .map(|query| self.compile(query))
                    .collect::<Result<_>>()?;
                if !queries.is_empty() {
                    self.check_tie_breaker(*tie_breaker)?;
                }
                self.best_of(queries, *tie_breaker)?
            }
            Query::ConstantScore { query, score } => constant(self.compile(query)?, *score),
            Query::Boost { query, factor } => boosted(self.compile(query)?, *factor),
            Query::Boosting { positive, .. } if self.is_nothing(positive) => Box::new(EmptyQuery),
            Query::Boosting {
                positive,
                negative,
                negative_boost,
            } => Box::new(Boosting {
                positive: self.compile(positive)?,
                negative: self.compile(negative)?,
                factor: *negative_boost,
            }),
            Query::Named { name, query } => {
                let compiled = self.compile(query)?;
                self.named
                    .borrow_mut()
                    .push((name.clone(), compiled.box_clone()));
                compiled
            }
            Query::Nested {
                path,
                query,
                score_mode,
                ignore_unmapped,
                inner_hits,
            } => {
                let how = (*score_mode, *ignore_unmapped);
                self.nested(path, query, how, inner_hits.as_deref())?
            }
            Query::Knn(knn) => self.nearest(knn, None)?,
            Query::ScriptScore {
                query,
                script,
                min_score,
            } => {
                let matches = self.compile(query)?;
                self.script_score(matches, script, *min_score)?
            }
        })
    }
}

/// Everything, with the same score.
fn everything(score: f32) -> Compiled {
    // As such, the text index would leave it out of a score that is a sum.
    constant(Box::new(AllQuery), score)
}

fn constant(query: Compiled, score: f32) -> Compiled {
    Box::new(ConstScoreQuery::new(query, score))
}

fn boosted(query: Compiled, factor: f32) -> Compiled {
    match factor {
        1.0 => query,
        factor => Box::new(BoostQuery::new(query, factor)),
    }
}
