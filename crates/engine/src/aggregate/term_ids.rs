//! Numbers for texts, the same in every segment and index.

use super::buckets::Mixed;
use crate::error::{EngineError, Result};
use crate::snapshot::text_error;
use std::collections::HashMap;
use std::sync::Arc;
use tantivy::columnar::StrColumn;

/// A text that has no number yet.
const UNKNOWN: u32 = u32::MAX;

/// Numbers for texts, from 0 in the order in which they were met.
#[derive(Default)]
pub(super) struct TermIds {
    numbers: HashMap<Arc<str>, u32, Mixed>,
    terms: Vec<Arc<str>>,
    /// Numbers by the ordinals of the open segment.
    segment: Vec<u32>,
}

impl TermIds {
    /// Begins a segment whose dictionary has so many terms.
    pub(super) fn open(&mut self, terms: usize) {
        self.segment.clear();
        self.segment.resize(terms, UNKNOWN);
    }

    /// Answers the number of a text.
    pub(super) fn number(&mut self, term: &str) -> u32 {
        if let Some(number) = self.numbers.get(term) {
            return *number;
        }
        let number = self.terms.len() as u32;
        let term: Arc<str> = term.into();
        self.terms.push(term.clone());
        self.numbers.insert(term, number);
        number
    }

    /// Makes the numbers of ordinals of the open segment known to [`Self::of`].
    pub(super) fn resolve(&mut self, column: &StrColumn, ordinals: &[u64]) -> Result<()> {
        let segment = &self.segment;
        let unknown = |ordinal: &u64| segment.get(*ordinal as usize) == Some(&UNKNOWN);
        let mut unknown: Vec<u64> = ordinals.iter().copied().filter(unknown).collect();
        if unknown.is_empty() {
            return Ok(());
        }
        unknown.sort_unstable();
        unknown.dedup();
        let mut found = Vec::with_capacity(unknown.len());
        let mut damaged = false;
        column
            .dictionary()
            .sorted_ords_to_term_cb(&unknown, |term| match std::str::from_utf8(term) {
                Ok(term) => found.push(self.number(term)),
                Err(_) => damaged = true,
            })
            .map_err(|error| text_error(error.into()))?;
        if damaged || found.len() != unknown.len() {
            let reason = "a column names terms that its dictionary does not have";
            return Err(EngineError::corrupt("text".as_ref(), reason));
        }
        for (ordinal, number) in unknown.into_iter().zip(found) {
            self.segment[ordinal as usize] = number;
        }
        Ok(())
    }

    /// The number of an ordinal that was resolved.
    #[inline]
    pub(super) fn of(&self, ordinal: u64) -> u32 {
        self.segment[ordinal as usize]
    }

    /// How many texts have numbers.
    pub(super) fn len(&self) -> u32 {
        self.terms.len() as u32
    }

    /// The text with a number.
    pub(super) fn term(&self, number: u32) -> &str {
        &self.terms[number as usize]
    }
}
