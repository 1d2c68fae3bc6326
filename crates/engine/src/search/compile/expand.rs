//! Queries for many terms: starts, patterns and words with typing errors.

use super::refusal::Refusal;
use super::{Compiled, Compiler, constant};
use crate::error::Result;
use crate::snapshot::text_error;
use crate::text::{Columns, Token, normalize};
use document::FieldKind;
use query::Fuzziness;
use std::collections::BTreeMap;
use tantivy::Term;
use tantivy::query::{BooleanQuery, EmptyQuery, Occur, RegexQuery};

/// Any characters, line ends among them.
pub(super) const ANYTHING: &str = "(.|\n)*";

impl Compiler<'_> {
    pub(super) fn prefix(
        &self,
        columns: &Columns,
        value: &str,
        any_case: bool,
    ) -> Result<Compiled> {
        self.patterns_only(columns, "prefix")?;
        let start = literal(value, any_case);
        self.pattern(columns, &format!("{start}{ANYTHING}"))
    }

    pub(super) fn wildcard(
        &self,
        columns: &Columns,
        pattern: &str,
        any_case: bool,
    ) -> Result<Compiled> {
        self.patterns_only(columns, "wildcard")?;
        // Lucene finds nothing by no letters at all, not even empty texts.
        if pattern.is_empty() {
            return Ok(Box::new(EmptyQuery));
        }
        self.pattern(columns, &wildcards(pattern, any_case))
    }

    fn patterns_only(&self, columns: &Columns, what: &str) -> Result<()> {
        self.strings_only(columns, || {
            format!(
                "Can only use {what} queries on keyword, text and wildcard fields - not on [{}] which is of type [{}]",
                columns.leaf.path,
                columns.leaf.kind.name()
            )
        })?;
        self.searchable(columns)
    }

    /// Documents with a term that fits a regular expression of the text index; score 1.
    pub(super) fn pattern(&self, columns: &Columns, regex: &str) -> Result<Compiled> {
        match RegexQuery::from_pattern(regex, columns.field) {
            Ok(query) => Ok(constant(Box::new(query), 1.0)),
            Err(error) => self.refuse(Refusal::Value(format!(
                "the pattern on field [{}] does not work: {error}",
                columns.leaf.path
            ))),
        }
    }

    pub(super) fn fuzzy(
        &self,
        columns: &Columns,
        value: &str,
        fuzziness: &Fuzziness,
    ) -> Result<Compiled> {
        let leaf = &columns.leaf;
        let (FieldKind::Text(_) | FieldKind::Keyword { .. }) = leaf.kind else {
            return self.refuse(Refusal::Value(format!(
                "Can only use fuzzy queries on keyword and text fields - not on [{}] which is of type [{}]",
                leaf.path,
                leaf.kind.name()
            )));
        };
        self.searchable(columns)?;
        self.similar(columns, value, fuzziness)
    }

    /// Documents with a term that differs in few letters. As Lucene scores them: the best terms count, each by how
    /// near it is, all as often as the most frequent of them.
    pub(super) fn similar(
        &self,
        columns: &Columns,
        value: &str,
        fuzziness: &Fuzziness,
    ) -> Result<Compiled> {
        let Some(near) = self.similar_terms(columns, value, fuzziness)? else {
            return self.value(columns, value);
        };
        let mut clauses = Vec::with_capacity(near.len());
        for Near {
            term,
            closeness,
            frequency,
        } in near
        {
            let scored = match columns.leaf.kind {
                FieldKind::Text(_) => self.scored_as(columns, term, frequency)?,
                _ => {
                    let statistics = self.snapshot.value_statistics(columns)?;
                    constant(super::leaf::exactly(term), statistics.of_exact(frequency))
                }
            };
            clauses.push((Occur::Should, super::boosted(scored, closeness)));
        }
        Ok(match clauses.len() {
            0 => Box::new(EmptyQuery),
            1 => clauses.swap_remove(0).1,
            _ => Box::new(BooleanQuery::new(clauses)),
        })
    }

    /// Documents of a text field with any term that differs from one of several words in few letters. Lucene makes one
    /// query of a term that is near two of the words: with the weights of both, as often as it is taken for the first.
    pub(super) fn similar_to_any(
        &self,
        columns: &Columns,
        words: &[Token],
        fuzziness: &Fuzziness,
    ) -> Result<Vec<Compiled>> {
        let mut near: Vec<Near> = Vec::new();
        for word in words {
            let found = match self.similar_terms(columns, &word.text, fuzziness)? {
                Some(found) => found,
                None => {
                    let term = Term::from_field_text(columns.field, &word.text);
                    vec![Near {
                        frequency: self.frequency(&term)?,
                        term,
                        closeness: 1.0,
                    }]
                }
            };
            for one in found {
                match near.iter_mut().find(|known| known.term == one.term) {
                    Some(known) => known.closeness += one.closeness,
                    None => near.push(one),
                }
            }
        }
        let scored = near.into_iter().map(|near| {
            let scored = self.scored_as(columns, near.term, near.frequency)?;
            Ok(super::boosted(scored, near.closeness))
        });
        scored.collect()
    }

    /// The terms that differ from a word in few letters; none where only the word itself is sought.
    fn similar_terms(
        &self,
        columns: &Columns,
        value: &str,
        fuzziness: &Fuzziness,
    ) -> Result<Option<Vec<Near>>> {
        let letters: Vec<char> = value.chars().collect();
        let most = usize::from(fuzziness.distance.of(letters.len()));
        if most == 0 {
            return Ok(None);
        }
        let mut near = self.near(columns, &letters, most, fuzziness)?;
        // Lucene keeps the nearest, and of those as near the first in order.
        near.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        near.truncate(fuzziness.max_expansions as usize);
        let mut frequency = 0;
        let mut terms = Vec::with_capacity(near.len());
        for (text, closeness) in near {
            let term = Term::from_field_text(columns.field, &text);
            frequency = self.frequency(&term)?.max(frequency);
            terms.push((term, closeness));
        }
        let near = terms.into_iter().map(|(term, closeness)| Near {
            term,
            closeness: closeness.max(0.0),
            frequency,
        });
        Ok(Some(near.collect()))
    }

    /// The terms of a field that are near a word, each with 1 for the same and less for what is further away, below 0 for what is as far
    /// away as it has letters.
    fn near(
        &self,
        columns: &Columns,
        letters: &[char],
        most: usize,
        fuzziness: &Fuzziness,
    ) -> Result<Vec<(String, f32)>> {
        let same = (fuzziness.prefix_length as usize).min(letters.len());
        let start: String = letters.iter().take(same).collect();
        let mut found: BTreeMap<String, f32> = BTreeMap::new();
        let mut candidate: Vec<char> = Vec::new();
        let mut rows = Rows::default();
        for segment in self.snapshot.searcher.segment_readers() {
            let index = segment.inverted_index(columns.field).map_err(text_error)?;
            let terms = index.terms().range().ge(start.as_bytes());
            let mut terms = terms
                .into_stream()
                .map_err(|error| text_error(error.into()))?;
            while terms.advance() {
                let Ok(text) = std::str::from_utf8(terms.key()) else {
                    continue;
                };
                if !text.starts_with(&start) {
                    break;
                }
                candidate.clear();
                candidate.extend(text.chars());
                let distance = rows.distance(letters, &candidate, most, fuzziness.transpositions);
                if let Some(distance) = distance {
                    let shorter = candidate.len().min(letters.len());
                    // As far away as it is long, a term still matches.
                    let closeness = match distance {
                        0 => 1.0,
                        _ => 1.0 - distance as f32 / shorter as f32,
                    };
                    found.insert(text.to_owned(), closeness);
                }
            }
        }
        Ok(found.into_iter().collect())
    }

    /// Up to `most` terms of a field that start so, in order.
    pub(super) fn starting_with(
        &self,
        columns: &Columns,
        start: &str,
        most: usize,
    ) -> Result<Vec<Term>> {
        let mut found: BTreeMap<String, ()> = BTreeMap::new();
        for segment in self.snapshot.searcher.segment_readers() {
            let index = segment.inverted_index(columns.field).map_err(text_error)?;
            let terms = index.terms().range().ge(start.as_bytes());
            let mut terms = terms
                .into_stream()
                .map_err(|error| text_error(error.into()))?;
            let mut taken = 0;
            while taken < most && terms.advance() && terms.key().starts_with(start.as_bytes()) {
                if let Ok(text) = std::str::from_utf8(terms.key()) {
                    found.insert(text.to_owned(), ());
                    taken += 1;
                }
            }
        }
        let terms = found.into_keys().take(most);
        Ok(terms
            .map(|text| Term::from_field_text(columns.field, &text))
            .collect())
    }
}

/// A term that differs from a word in few letters.
struct Near {
    term: Term,
    /// Its weight: 1 for the word itself, less for what is further away.
    closeness: f32,
    /// In how many documents it counts as occurring.
    frequency: u64,
}

/// Rows of the table in which two words are compared, kept from one word to the next.
#[derive(Default)]
struct Rows {
    before: Vec<usize>,
    last: Vec<usize>,
    this: Vec<usize>,
}

impl Rows {
    /// Answers in how many letters two words differ, if in at most `most`; with `transpositions`, two neighbours in
    /// the wrong order are one difference.
    fn distance(
        &mut self,
        a: &[char],
        b: &[char],
        most: usize,
        transpositions: bool,
    ) -> Option<usize> {
        if a.len().abs_diff(b.len()) > most {
            return None;
        }
        self.last.clear();
        self.last.extend(0..=a.len());
        for (row, letter) in b.iter().enumerate() {
            self.this.clear();
            self.this.push(row + 1);
            let mut least = row + 1;
            for (column, other) in a.iter().enumerate() {
                let replaced = self.last[column] + usize::from(letter != other);
                let mut cost = replaced
                    .min(self.last[column + 1] + 1)
                    .min(self.this[column] + 1);
                let swapped = transpositions
                    && row > 0
                    && column > 0
                    && *letter == a[column - 1]
                    && b[row - 1] == *other;
                if swapped {
                    cost = cost.min(self.before[column - 1] + 1);
                }
                least = least.min(cost);
                self.this.push(cost);
            }
            if least > most {
                return None;
            }
            std::mem::swap(&mut self.before, &mut self.last);
            std::mem::swap(&mut self.last, &mut self.this);
        }
        let distance = *self.last.last()?;
        (distance <= most).then_some(distance)
    }
}

/// Folds a term that is not taken apart as the field's terms were, where that is wanted.
pub(super) fn folded(columns: &Columns, value: &str, wanted: bool) -> String {
    match columns.leaf.kind {
        FieldKind::Text(analyzer) if wanted => normalize(analyzer, value),
        _ => value.to_owned(),
    }
}

/// Turns `*` and `?` into a regular expression; `\` takes the next character as it is.
fn wildcards(pattern: &str, any_case: bool) -> String {
    let mut out = String::new();
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '*' => out.push_str(ANYTHING),
            '?' => out.push_str("(.|\n)"),
            '\\' => escape(letters.next().unwrap_or('\\'), any_case, &mut out),
            letter => escape(letter, any_case, &mut out),
        }
    }
    out
}

/// The regular expression of a text; ASCII letters in any case where asked.
pub(super) fn literal(text: &str, any_case: bool) -> String {
    let mut out = String::new();
    let letters = text.chars();
    letters.for_each(|letter| escape(letter, any_case, &mut out));
    out
}

fn escape(letter: char, any_case: bool, out: &mut String) {
    if any_case && letter.is_ascii_alphabetic() {
        out.extend([
            '[',
            letter.to_ascii_lowercase(),
            letter.to_ascii_uppercase(),
            ']',
        ]);
        return;
    }
    if letter.is_ascii_punctuation() {
        out.push('\\');
    }
    out.push(letter);
}
