//! Queries for exact values.

use super::refusal::Refusal;
use super::{Compiled, Compiler, constant, everything};
use crate::error::Result;
use crate::search::score::ScoredTerm;
use crate::snapshot::text_error;
use crate::text::Columns;
use crate::values::ip_network;
use document::FieldKind;
use std::ops::Bound;
use tantivy::Term;
use tantivy::query::{BooleanQuery, EmptyQuery, RangeQuery, TermQuery, TermSetQuery};
use tantivy::schema::IndexRecordOption;

/// Up to so many terms are looked up one by one; an automaton is built for more.
const FEW_TERMS: usize = 16;

impl Compiler<'_> {
    pub(super) fn ids(&self, ids: &[String]) -> Compiled {
        let id = self.snapshot.fields.id;
        any_of(
            ids.iter()
                .map(|text| Term::from_field_text(id, text))
                .collect(),
        )
    }

    pub(super) fn term(
        &self,
        field: &str,
        value: &str,
        case_insensitive: bool,
    ) -> Result<Compiled> {
        match field {
            "_id" => Ok(self.ids(&[value.to_owned()])),
            "_ignored" => self.left_out(value),
            "_index" if super::fits(value, &self.snapshot.name) => Ok(everything(1.0)),
            "_index" => Ok(Box::new(EmptyQuery)),
            field if self.is_binary(field) => self.refuse_binary(),
            field => self.on(field, |columns| match case_insensitive {
                true if !value.is_empty() => self.in_any_case(columns, value),
                _ => self.value(columns, value),
            }),
        }
    }

    pub(super) fn terms(&self, field: &str, values: &[String]) -> Result<Compiled> {
        let most = self.snapshot.settings.limits().terms;
        let is_own = matches!(field, "_id" | "_index" | "_ignored");
        if values.len() > most && (is_own || self.snapshot.fields.get(field).is_some()) {
            let given = values.len();
            return self.refuse(Refusal::Value(format!(
                "The number of terms [{given}] used in the Terms Query request has exceeded the allowed maximum of [{most}]. This maximum can be set by changing the [index.max_terms_count] index level setting."
            )));
        }
        match field {
            "_ignored" => {
                let ignored = self.snapshot.fields.ignored;
                let terms = values
                    .iter()
                    .map(|path| Term::from_field_text(ignored, path));
                Ok(any_of(terms.collect()))
            }
            "_id" => Ok(self.ids(values)),
            "_index" => {
                let found = values.contains(&self.snapshot.name);
                Ok(match found {
                    true => everything(1.0),
                    false => Box::new(EmptyQuery),
                })
            }
            field if self.is_binary(field) => self.refuse_binary(),
            field => self.on(field, |columns| self.any_value(columns, values)),
        }
    }

    /// Documents that have a field of which a value was left out, scored by how rare that is.
    fn left_out(&self, path: &str) -> Result<Compiled> {
        let term = Term::from_field_text(self.snapshot.fields.ignored, path);
        let statistics = self.snapshot.left_out_statistics()?;
        let score = statistics.of_exact(self.frequency(&term)?);
        Ok(constant(exactly(term), score))
    }

    /// Whether a field holds bytes, of which nothing is indexed.
    fn is_binary(&self, field: &str) -> bool {
        let mapped = self.snapshot.mapping.get(field);
        mapped.is_some_and(|field| field.kind == FieldKind::Binary)
    }

    fn refuse_binary<T>(&self) -> Result<T> {
        let reason = "Binary fields do not support searching";
        self.refuse(Refusal::Value(reason.to_owned()))
    }

    /// Documents whose field holds exactly a value.
    pub(super) fn value(&self, columns: &Columns, value: &str) -> Result<Compiled> {
        self.searchable(columns)?;
        match columns.leaf.kind {
            FieldKind::Text(_) => {
                let term = Term::from_field_text(columns.field, value);
                self.scored(columns, term)
            }
            FieldKind::Keyword { .. } => {
                let term = Term::from_field_text(columns.field, value);
                let score = match columns.leaf.options.index {
                    true => {
                        let statistics = self.snapshot.value_statistics(columns)?;
                        statistics.of_exact(self.frequency(&term)?)
                    }
                    // Elasticsearch looks into the column, which has no statistics.
                    false => 1.0,
                };
                Ok(constant(exactly(term), score))
            }
            FieldKind::Boolean => self.boolean_value(columns, value),
            FieldKind::Ip => {
                let (low, high) = ip_network(value).or_else(|reason| self.refuse_value(reason))?;
                Ok(constant(self.between(columns, low, high), 1.0))
            }
            // A date names all of its milliseconds.
            FieldKind::Date => {
                let bound = query::Bound::Including(value.to_owned());
                self.range(columns, (&bound, &bound), &query::DateReading::default())
            }
            _ => match self.one_value(columns, value)? {
                Some(term) => Ok(constant(equal_to(term), 1.0)),
                None => Ok(Box::new(EmptyQuery)),
            },
        }
    }

    /// Elasticsearch keeps true and false as terms, which score by how rare they are.
    fn boolean_value(&self, columns: &Columns, value: &str) -> Result<Compiled> {
        let Some(term) = self.one_value(columns, value)? else {
            return Ok(Box::new(EmptyQuery));
        };
        let score = match columns.leaf.options.index {
            true => {
                let statistics = self.snapshot.value_statistics(columns)?;
                let frequency = self.snapshot.value_frequency(columns, value == "true")?;
                statistics.of_exact(frequency)
            }
            false => 1.0,
        };
        Ok(constant(equal_to(term), score))
    }

    /// Documents that have a string of a column between two.
    fn between(&self, columns: &Columns, low: String, high: String) -> Compiled {
        let term = |text: &str| Term::from_field_text(columns.field, text);
        match low == high {
            true => exactly(term(&low)),
            false => Box::new(RangeQuery::new(
                Bound::Included(term(&low)),
                Bound::Included(term(&high)),
            )),
        }
    }

    fn refuse_value<T>(&self, reason: String) -> Result<T> {
        self.refuse(Refusal::Value(reason))
    }

    fn any_value(&self, columns: &Columns, values: &[String]) -> Result<Compiled> {
        self.searchable(columns)?;
        if let FieldKind::Text(_) | FieldKind::Keyword { .. } = columns.leaf.kind {
            let term = |value: &String| Term::from_field_text(columns.field, value);
            return Ok(any_of(values.iter().map(term).collect()));
        }
        let any = values.iter().map(|value| match columns.leaf.kind {
            FieldKind::Date | FieldKind::Ip => self.value(columns, value),
            _ => Ok(match self.one_value(columns, value)? {
                Some(term) => equal_to(term),
                None => Box::new(EmptyQuery),
            }),
        });
        let any = BooleanQuery::union(any.collect::<Result<_>>()?);
        Ok(constant(Box::new(any), 1.0))
    }

    fn in_any_case(&self, columns: &Columns, value: &str) -> Result<Compiled> {
        self.strings_only(columns, || {
            format!(
                "[{}] field which is of type [{}], does not support case insensitive term queries",
                columns.leaf.path,
                columns.leaf.kind.name()
            )
        })?;
        self.searchable(columns)?;
        self.pattern(columns, &super::expand::literal(value, true))
    }

    /// A term of a text field with its score.
    pub(super) fn scored(&self, columns: &Columns, term: Term) -> Result<Compiled> {
        let frequency = self.frequency(&term)?;
        self.scored_as(columns, term, frequency)
    }

    /// A term of a text field with the score that it has when so many documents have it.
    pub(super) fn scored_as(
        &self,
        columns: &Columns,
        term: Term,
        frequency: u64,
    ) -> Result<Compiled> {
        let statistics = self.snapshot.text_statistics(columns)?;
        let lengths = columns.leaf.options.norms;
        Ok(Box::new(ScoredTerm::new(
            term, statistics, frequency, lengths,
        )))
    }

    /// In how many documents a term occurs, deleted ones among them.
    pub(super) fn frequency(&self, term: &Term) -> Result<u64> {
        self.snapshot.searcher.doc_freq(term).map_err(text_error)
    }

    pub(super) fn exists(&self, field: &str) -> Result<Compiled> {
        let names = self.snapshot.fields.names;
        match field {
            "_id" | "_index" | "_seq_no" | "_version" => return Ok(everything(1.0)),
            "_source" | "_*" => {
                let reason = "The _source field is not searchable".to_owned();
                return self.refuse(Refusal::Kind(reason));
            }
            "_ignored" => {
                let least = Term::from_field_text(self.snapshot.fields.ignored, "");
                let any = RangeQuery::new(Bound::Included(least), Bound::Unbounded);
                return Ok(constant(Box::new(any), 1.0));
            }
            // Among all fields is one of Elasticsearch's own that cannot be asked.
            "*" | "_field_names" => {
                let reason = "Cannot run exists query on _field_names".to_owned();
                return self.refuse(Refusal::Value(reason));
            }
            _ => {}
        }
        if !field.contains('*') {
            let unsearched = self.snapshot.fields.get(field).is_some_and(|columns| {
                let options = &columns.leaf.options;
                !options.index && !options.doc_values
            });
            if unsearched {
                return Ok(Box::new(EmptyQuery));
            }
            return Ok(constant(exactly(Term::from_field_text(names, field)), 1.0));
        }
        self.on(field, |columns| {
            let term = Term::from_field_text(names, &columns.leaf.path);
            Ok(constant(exactly(term), 1.0))
        })
    }

    /// Makes sure that a field holds strings.
    pub(super) fn strings_only(
        &self,
        columns: &Columns,
        reason: impl FnOnce() -> String,
    ) -> Result<()> {
        match columns.leaf.kind {
            FieldKind::Text(_) | FieldKind::Keyword { .. } => Ok(()),
            _ => self.refuse(Refusal::Kind(reason())),
        }
    }
}

/// Documents that have a term, without a score.
pub(super) fn exactly(term: Term) -> Compiled {
    Box::new(TermQuery::new(term, IndexRecordOption::Basic))
}

/// Documents that have a number.
fn equal_to(term: Term) -> Compiled {
    Box::new(RangeQuery::new(
        Bound::Included(term.clone()),
        Bound::Included(term),
    ))
}

/// Documents that have one of some terms of a field; score 1.
fn any_of(terms: Vec<Term>) -> Compiled {
    let any: Compiled = match terms.len() {
        0 => return Box::new(EmptyQuery),
        1..=FEW_TERMS => Box::new(BooleanQuery::union(
            terms.into_iter().map(exactly).collect(),
        )),
        _ => Box::new(TermSetQuery::new(terms)),
    };
    constant(any, 1.0)
}
