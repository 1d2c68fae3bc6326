//! Texts that make buckets.

use crate::aggregate::columns::{Column, Loaded, Pairs};
use crate::aggregate::term_ids::TermIds;
use crate::aggregate::terms_filter::{TermsChoice, Texts};
use crate::error::Result;
use std::cmp::Ordering;
use tantivy::columnar::StrColumn;

/// An ordinal that stands for the value of documents without one.
const WITHOUT: u64 = u64::MAX;

/// Which texts make buckets, and their keys: numbers that are the same in every segment.
pub(super) struct TextTerms {
    choice: TermsChoice<Texts>,
    ids: TermIds,
    /// By the number of a text, whether it makes buckets.
    accepted: Vec<bool>,
    missing: Option<u32>,
    /// The text that every document of the segment has.
    constant: Option<u32>,
    loaded: Loaded<u64>,
}

impl TextTerms {
    pub(super) fn new(choice: TermsChoice<Texts>, missing: Option<&str>) -> Result<Self> {
        let ids = match choice.is_open() {
            true => TermIds::default(),
            false => TermIds::read_at_once(),
        };
        let mut texts = Self {
            choice,
            ids,
            accepted: Vec::new(),
            missing: None,
            constant: None,
            loaded: Loaded::default(),
        };
        texts.missing = missing.map(|term| texts.number(term)).transpose()?;
        Ok(texts)
    }

    /// Begins a segment; `constant` is the text that every document of it has.
    pub(super) fn open(&mut self, column: &Column, constant: Option<&str>) -> Result<()> {
        self.constant = constant.map(|term| self.number(term)).transpose()?;
        if let Column::Strings(column) = column {
            self.ids.open(column)?;
        }
        Ok(())
    }

    /// Answers the texts of keys.
    pub(super) fn texts(&self, keys: impl Iterator<Item = u64>) -> Result<Vec<String>> {
        let numbers: Vec<u32> = keys.map(|key| key as u32).collect();
        self.ids.texts(&numbers)
    }

    /// Whether the text of a number makes buckets.
    #[inline]
    fn accepts(&self, number: u32) -> bool {
        self.choice.is_open() || self.accepted[number as usize]
    }

    /// Answers the keys of all texts of a column that make buckets, and of the one that stands for none.
    pub(super) fn all(&mut self, column: &Column) -> Result<Vec<u64>> {
        let mut numbers: Vec<u32> = self.missing.into_iter().chain(self.constant).collect();
        if let Column::Strings(column) = column {
            let ordinals: Vec<u64> = (0..column.num_terms() as u64).collect();
            self.resolve(column, &ordinals)?;
            numbers.extend(ordinals.into_iter().map(|ordinal| self.ids.of(ordinal)));
        }
        numbers.retain(|number| self.accepts(*number));
        Ok(numbers.into_iter().map(u64::from).collect())
    }

    /// Answers the number of a text.
    fn number(&mut self, term: &str) -> Result<u32> {
        let number = self.ids.number(term)?;
        self.accept_new()?;
        Ok(number)
    }

    fn resolve(&mut self, column: &StrColumn, ordinals: &[u64]) -> Result<()> {
        self.ids.resolve(column, ordinals)?;
        self.accept_new()
    }

    /// Decides whether texts that were met for the first time make buckets.
    fn accept_new(&mut self) -> Result<()> {
        if self.choice.is_open() {
            return Ok(());
        }
        for number in self.accepted.len() as u32..self.ids.len() {
            self.accepted
                .push(self.choice.accepts(self.ids.term(number))?);
        }
        Ok(())
    }

    /// Compares the texts of two keys.
    pub(super) fn compare(&self, left: u64, right: u64) -> Ordering {
        self.ids.compare(left as u32, right as u32)
    }

    /// Takes a block of documents; `add` is given the place of each and the key of its bucket.
    pub(super) fn collect(
        &mut self,
        column: &Column,
        pairs: &Pairs,
        add: &mut impl FnMut(usize, u64) -> Result<()>,
    ) -> Result<()> {
        let Column::Strings(texts) = column else {
            let Some(number) = self.constant.or(self.missing) else {
                return Ok(());
            };
            return match self.accepts(number) {
                true => (0..pairs.docs.len()).try_for_each(|place| add(place, u64::from(number))),
                false => Ok(()),
            };
        };
        let mut loaded = std::mem::take(&mut self.loaded);
        column.ordinals(&pairs.docs, self.missing.map(|_| WITHOUT), &mut loaded);
        self.resolve(texts, &loaded.values)?;
        for (place, ordinal) in loaded.iter() {
            let number = match (ordinal, self.missing) {
                (WITHOUT, Some(missing)) => missing,
                (ordinal, _) => self.ids.of(ordinal),
            };
            if self.accepts(number) {
                add(place, u64::from(number))?;
            }
        }
        self.loaded = loaded;
        Ok(())
    }
}
