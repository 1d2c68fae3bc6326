//! Numbers for texts, the same in every segment and index.

use super::buckets::Mixed;
use crate::error::{EngineError, Result};
use crate::snapshot::text_error;
use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;
use tantivy::columnar::StrColumn;

/// A text that has no number yet.
const UNKNOWN: u32 = u32::MAX;
/// A text that is about to be given its number.
const ASKED: u32 = u32::MAX - 1;

/// Numbers for texts.
///
/// The texts of the first segment have their ordinals as numbers, and nobody looks at the texts themselves before there
/// is a second segment or an answer: after a merge, most requests never do.
#[derive(Default)]
pub(super) struct TermIds {
    /// Whether texts are read at once.
    reads_at_once: bool,
    /// The column whose ordinals are numbers, as long as there are no others.
    only: Option<StrColumn>,
    /// Which ordinals of it were met.
    met: Vec<bool>,
    numbers: HashMap<Arc<str>, u32, Mixed>,
    terms: Vec<Arc<str>>,
    /// Numbers by the ordinals of the open segment.
    segment: Vec<u32>,
}

impl TermIds {
    /// Makes numbers for texts that are read as soon as they are met, so that [`Self::term`] answers them.
    pub(super) fn read_at_once() -> Self {
        Self {
            reads_at_once: true,
            ..Self::default()
        }
    }

    /// Begins a segment.
    pub(super) fn open(&mut self, column: &StrColumn) -> Result<()> {
        if self.only.is_none() && self.terms.is_empty() && !self.reads_at_once {
            self.met = vec![false; column.num_terms()];
            self.segment = (0..column.num_terms() as u32).collect();
            self.only = Some(column.clone());
            return Ok(());
        }
        self.read_first()?;
        self.segment.clear();
        self.segment.resize(column.num_terms(), UNKNOWN);
        Ok(())
    }

    /// Reads the texts of the first segment that were met.
    fn read_first(&mut self) -> Result<()> {
        let Some(column) = self.only.take() else {
            return Ok(());
        };
        self.terms = vec![Arc::from(""); column.num_terms()];
        let ordinals = (0..).zip(&self.met).filter(|(_, met)| **met);
        let ordinals: Vec<u64> = ordinals.map(|(ordinal, _)| ordinal).collect();
        for (ordinal, term) in ordinals.iter().zip(read(&column, &ordinals)?) {
            let term: Arc<str> = term.into();
            self.terms[*ordinal as usize] = term.clone();
            self.numbers.insert(term, *ordinal as u32);
        }
        // An ordinal that is met later has no text yet.
        for (ordinal, number) in self.segment.iter_mut().enumerate() {
            if !self.met[ordinal] {
                *number = UNKNOWN;
            }
        }
        Ok(())
    }

    /// Answers the number of a text.
    pub(super) fn number(&mut self, term: &str) -> Result<u32> {
        self.read_first()?;
        if let Some(number) = self.numbers.get(term) {
            return Ok(*number);
        }
        let number = self.terms.len() as u32;
        let term: Arc<str> = term.into();
        self.terms.push(term.clone());
        self.numbers.insert(term, number);
        Ok(number)
    }

    /// Makes the numbers of ordinals of the open segment known to [`Self::of`]; what is past its dictionary is not.
    pub(super) fn resolve(&mut self, column: &StrColumn, ordinals: &[u64]) -> Result<()> {
        if self.only.is_some() {
            for ordinal in ordinals {
                if let Some(met) = self.met.get_mut(*ordinal as usize) {
                    *met = true;
                }
            }
            return Ok(());
        }
        let mut unknown = Vec::new();
        for ordinal in ordinals {
            if let Some(number) = self.segment.get_mut(*ordinal as usize)
                && *number == UNKNOWN
            {
                *number = ASKED;
                unknown.push(*ordinal);
            }
        }
        if unknown.is_empty() {
            return Ok(());
        }
        unknown.sort_unstable();
        for (ordinal, term) in unknown.iter().zip(read(column, &unknown)?) {
            self.segment[*ordinal as usize] = self.number(&term)?;
        }
        Ok(())
    }

    /// The number of an ordinal that was resolved.
    #[inline]
    pub(super) fn of(&self, ordinal: u64) -> u32 {
        self.segment[ordinal as usize]
    }

    /// How many numbers there are.
    pub(super) fn len(&self) -> u32 {
        match &self.only {
            Some(column) => column.num_terms() as u32,
            None => self.terms.len() as u32,
        }
    }

    /// Compares the texts of two numbers.
    pub(super) fn compare(&self, left: u32, right: u32) -> Ordering {
        match self.only {
            Some(_) => left.cmp(&right),
            None => self.terms[left as usize].cmp(&self.terms[right as usize]),
        }
    }

    /// The text of a number, where texts are read at once.
    pub(super) fn term(&self, number: u32) -> &str {
        self.terms.get(number as usize).map_or("", |term| term)
    }

    /// Answers the texts of numbers.
    pub(super) fn texts(&self, numbers: &[u32]) -> Result<Vec<String>> {
        let Some(column) = &self.only else {
            return Ok(numbers
                .iter()
                .map(|number| self.term(*number).to_owned())
                .collect());
        };
        let mut ordinals: Vec<u64> = numbers.iter().map(|number| u64::from(*number)).collect();
        ordinals.sort_unstable();
        ordinals.dedup();
        let read = read(column, &ordinals)?;
        let place =
            |number: &u32| ordinals.partition_point(|ordinal| *ordinal < u64::from(*number));
        Ok(numbers
            .iter()
            .map(|number| read[place(number)].clone())
            .collect())
    }
}

/// Reads the texts of ordinals, ascending and each once.
fn read(column: &StrColumn, ordinals: &[u64]) -> Result<Vec<String>> {
    let mut found = Vec::with_capacity(ordinals.len());
    column
        .dictionary()
        .sorted_ords_to_term_cb(ordinals, |term| {
            found.extend(std::str::from_utf8(term).map(str::to_owned));
        })
        .map_err(|error| text_error(error.into()))?;
    if found.len() != ordinals.len() {
        let reason = "a column names terms that its dictionary does not have";
        return Err(EngineError::corrupt("text".as_ref(), reason));
    }
    Ok(found)
}
