//! The words of a text, in several fields.

use super::refusal::refused_value;
use super::words::forgiven;
use super::{Compiled, Compiler, boosted, fits};
use crate::error::Result;
use crate::text::{Columns, analyze};
use document::{Analyzer, FieldKind};
use query::{MatchOptions, MatchType};
use std::collections::BTreeMap;
use tantivy::Term;
use tantivy::query::{DisjunctionMaxQuery, EmptyQuery};

/// A field and its weight.
type Weighted<'a> = (&'a Columns, f32);

impl Compiler<'_> {
    pub(super) fn multi_match(
        &self,
        fields: &[(String, f32)],
        text: &str,
        options: &MatchOptions,
        (kind, tie_breaker): (MatchType, Option<f32>),
    ) -> Result<Compiled> {
        let mut options = options.clone();
        // A word that cannot be a number has no place among numbers.
        options.lenient |= fields.is_empty() || fields.iter().any(|(field, _)| field == "*");
        let fields = self.resolved(fields);
        let tie_breaker = tie_breaker.unwrap_or(match kind {
            MatchType::MostFields | MatchType::BoolPrefix => 1.0,
            _ => 0.0,
        });
        if kind == MatchType::CrossFields {
            return self.across(&fields, text, &options, tie_breaker);
        }
        let mut queries = Vec::with_capacity(fields.len());
        for (columns, weight) in fields {
            let query = match kind {
                MatchType::Phrase { slop } => self.phrase(columns, text, (slop, None), &options),
                MatchType::PhrasePrefix {
                    slop,
                    max_expansions,
                } => self.phrase(columns, text, (slop, Some(max_expansions)), &options),
                MatchType::BoolPrefix => self.bool_prefix(columns, text, &options),
                _ => self.words(columns, text, &options),
            };
            queries.push(boosted(query?, weight));
        }
        self.best_of(queries, tie_breaker)
    }

    /// Answers the fields that names and patterns stand for; the weights of a field that is met twice are multiplied.
    fn resolved(&self, fields: &[(String, f32)]) -> Vec<Weighted<'_>> {
        if fields.is_empty() {
            return self.every_field().map(|columns| (columns, 1.0)).collect();
        }
        let mut found: BTreeMap<&str, Weighted<'_>> = BTreeMap::new();
        for (field, weight) in fields {
            let fitting: Vec<&Columns> = match field.contains('*') {
                true => {
                    let every = self.every_field();
                    every.filter(|c| fits(field, &c.leaf.path)).collect()
                }
                false => self.snapshot.fields.get(field).into_iter().collect(),
            };
            for columns in fitting {
                found
                    .entry(&columns.leaf.path)
                    .and_modify(|known| known.1 *= weight)
                    .or_insert((columns, *weight));
            }
        }
        found.into_values().collect()
    }

    /// Each word in any of the fields, as if they were one. Fields that take texts apart in the same way belong
    /// together; the best group counts.
    fn across(
        &self,
        fields: &[Weighted<'_>],
        text: &str,
        options: &MatchOptions,
        tie_breaker: f32,
    ) -> Result<Compiled> {
        let mut groups: Vec<(Option<Analyzer>, Vec<Weighted<'_>>)> = Vec::new();
        for (columns, weight) in fields {
            let analyzer = match self.analyzer(columns, options) {
                Ok(analyzer) => analyzer,
                Err(_) if options.lenient => continue,
                Err(error) => return Err(error),
            };
            // A keyword's whole text is one word; so is that of a number, which is read by itself.
            let analyzer = match columns.leaf.kind {
                FieldKind::Keyword { .. } => Some(analyzer.unwrap_or(Analyzer::Keyword)),
                _ => analyzer,
            };
            match groups.iter_mut().find(|(known, _)| *known == analyzer) {
                Some((_, group)) => group.push((columns, *weight)),
                None => groups.push((analyzer, vec![(columns, *weight)])),
            }
        }
        let mut queries = Vec::new();
        for (analyzer, group) in groups {
            if let [(columns, weight)] = group.as_slice() {
                queries.push(boosted(self.words(columns, text, options)?, *weight));
                continue;
            }
            let words = match analyzer {
                Some(analyzer) => analyze(analyzer, [text])
                    .into_iter()
                    .map(|token| token.text)
                    .collect(),
                None => vec![text.to_owned()],
            };
            let mut clauses = Vec::with_capacity(words.len());
            for word in words {
                clauses.push(self.blended(&group, &word, options, tie_breaker)?);
            }
            queries.push(self.combined(clauses, options)?);
        }
        self.best_of(queries, tie_breaker)
    }

    /// One word in any of several fields, as often in each as in the field that has it most often.
    fn blended(
        &self,
        group: &[Weighted<'_>],
        word: &str,
        options: &MatchOptions,
        tie_breaker: f32,
    ) -> Result<Compiled> {
        let mut queries = Vec::new();
        let mut terms: Vec<(Weighted<'_>, Term, u64)> = Vec::new();
        let mut most = u64::MAX;
        for (columns, weight) in group {
            let leaf = &columns.leaf;
            let indexed = leaf.options.index;
            match leaf.kind {
                FieldKind::Text(_) | FieldKind::Keyword { .. } if indexed => {
                    let term = Term::from_field_text(columns.field, word);
                    let frequency = self.frequency(&term)?;
                    let statistics = match leaf.kind {
                        FieldKind::Text(_) => self.snapshot.text_statistics(columns)?,
                        _ => self.snapshot.value_statistics(columns)?,
                    };
                    if frequency > 0 {
                        most = most.min(statistics.terms);
                    }
                    terms.push(((columns, *weight), term, frequency));
                }
                _ => {
                    let query = forgiven(self.value(columns, word), options.lenient)?;
                    queries.push(boosted(query, *weight));
                }
            }
        }
        if !terms.is_empty() {
            let readers = self.snapshot.searcher.segment_readers().iter();
            let documents: u64 = readers.map(|segment| u64::from(segment.max_doc())).sum();
            let blended = blend(terms.iter().map(|term| term.2), documents.min(most));
            let mut fields = Vec::with_capacity(terms.len());
            for (((columns, weight), term, frequency), blended) in terms.into_iter().zip(blended) {
                if frequency == 0 {
                    continue;
                }
                let query = match columns.leaf.kind {
                    FieldKind::Text(_) => self.scored_as(columns, term, blended)?,
                    _ => {
                        let statistics = self.snapshot.value_statistics(columns)?;
                        let score = statistics.of_exact(blended);
                        super::constant(super::leaf::exactly(term), score)
                    }
                };
                fields.push(boosted(query, weight));
            }
            queries.push(self.best_of(fields, tie_breaker)?);
        }
        self.best_of(queries, 1.0)
    }

    /// The best of several scores, and a share of the others.
    pub(super) fn best_of(&self, mut queries: Vec<Compiled>, tie_breaker: f32) -> Result<Compiled> {
        Ok(match queries.len() {
            0 => Box::new(EmptyQuery),
            1 => queries.swap_remove(0),
            _ => {
                self.check_tie_breaker(tie_breaker)?;
                Box::new(DisjunctionMaxQuery::with_tie_breaker(queries, tie_breaker))
            }
        })
    }

    /// Refuses shares of the other scores that are none.
    pub(super) fn check_tie_breaker(&self, tie_breaker: f32) -> Result<()> {
        match (0.0..=1.0).contains(&tie_breaker) {
            true => Ok(()),
            false => {
                let reason = "tieBreakerMultiplier must be in [0, 1]";
                Err(refused_value(self.snapshot, reason))
            }
        }
    }
}

/// Answers in how many documents a word counts as occurring, field by field: in the field that has it most often as
/// often as there, in those that have it less often one document more for each step down.
fn blend(frequencies: impl Iterator<Item = u64>, most: u64) -> Vec<u64> {
    let frequencies: Vec<u64> = frequencies.collect();
    let mut order: Vec<usize> = (0..frequencies.len()).collect();
    order.sort_by_key(|place| std::cmp::Reverse(frequencies[*place]));
    let mut blended = vec![0; frequencies.len()];
    let mut before = order.first().map_or(0, |place| frequencies[*place]);
    let mut counted = before.min(most);
    for place in order {
        let current = frequencies[place];
        if current == 0 {
            break;
        }
        if before > current {
            counted += 1;
        }
        blended[place] = counted.min(most);
        before = current;
    }
    blended
}
