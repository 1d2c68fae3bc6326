//! The words of a text one after the other, in one field.

use super::refusal::Refusal;
use super::words::{forgiven, without_words};
use super::{Compiled, Compiler};
use crate::error::Result;
use crate::search::score::{Phrase, PhraseTerm};
use crate::text::{Columns, Token, analyze};
use document::FieldKind;
use query::MatchOptions;
use tantivy::Term;
use tantivy::query::{BooleanQuery, EmptyQuery};

impl Compiler<'_> {
    /// Documents whose field holds the words of a text one after the other: moved at most `slop` places, and the
    /// last one the start of one of at most `prefix` words where that is asked for.
    pub(super) fn phrase(
        &self,
        columns: &Columns,
        text: &str,
        (slop, prefix): (u32, Option<u32>),
        options: &MatchOptions,
    ) -> Result<Compiled> {
        let make = || -> Result<Compiled> {
            let leaf = &columns.leaf;
            if prefix.is_some() && !matches!(leaf.kind, FieldKind::Text(_)) {
                return self.refuse(Refusal::Value(format!(
                    "Can only use phrase prefix queries on text fields - not on [{}] which is of type [{}]",
                    leaf.path,
                    leaf.kind.name()
                )));
            }
            let analyzer = self.analyzer(columns, options)?;
            let Some(analyzer) = analyzer.filter(|_| matches!(leaf.kind, FieldKind::Text(_)))
            else {
                return self.value(columns, text);
            };
            self.searchable(columns)?;
            let tokens = analyze(analyzer, [text]);
            let Some((last, before)) = tokens.split_last() else {
                return Ok(without_words(options));
            };
            let ends = match prefix {
                Some(most) => self.starting_with(columns, &last.text, most as usize)?,
                None => vec![Term::from_field_text(columns.field, &last.text)],
            };
            if before.is_empty() {
                let ends = ends.into_iter().map(|term| self.scored(columns, term));
                let mut ends = ends.collect::<Result<Vec<_>>>()?;
                return Ok(match ends.len() {
                    0 => Box::new(EmptyQuery),
                    1 => ends.swap_remove(0),
                    _ => Box::new(BooleanQuery::union(ends)),
                });
            }
            self.in_places(columns, (before, last, ends), slop)
        };
        forgiven(make(), options.lenient)
    }

    fn in_places(
        &self,
        columns: &Columns,
        (before, last, ends): (&[Token], &Token, Vec<Term>),
        slop: u32,
    ) -> Result<Compiled> {
        let mut terms: Vec<PhraseTerm> = before
            .iter()
            .map(|token| PhraseTerm {
                offset: token.position,
                terms: vec![Term::from_field_text(columns.field, &token.text)],
            })
            .collect();
        terms.push(PhraseTerm {
            offset: last.position,
            terms: ends,
        });
        let statistics = self.snapshot.text_statistics(columns)?;
        let mut idf = 0.0;
        for term in terms.iter().flat_map(|place| &place.terms) {
            let frequency = self.frequency(term)?;
            // A term that no document has says nothing, and there is no match without it.
            if frequency > 0 {
                idf += statistics.idf(frequency);
            }
        }
        let lengths = columns.leaf.options.norms;
        let scored = (idf, statistics, lengths);
        Ok(Box::new(Phrase::new(columns.field, terms, slop, scored)))
    }
}
