//! How many different values a field has.

use super::buckets::{Counts, Mixed, too_many_kept};
use super::columns::{Class, Column, Loaded, Pairs};
use super::field::Field;
use super::node::{Answers, Collect, Node, Segment, Shape};
use super::term_ids::TermIds;
use crate::error::Result;
use query::AggregationResult;
use std::collections::HashSet;

/// How many different values there are, exactly.
///
/// Elasticsearch tells a whole number of one index from the same number with a fraction of another, and so does this.
pub(super) struct Cardinality {
    field: Field,
    column: Column,
    missing: Missing,
    constant: Option<u32>,
    terms: TermIds,
    ordinals: Loaded<u64>,
    longs: Loaded<i64>,
    doubles: Loaded<f64>,
    /// Bucket and class, and the value.
    seen: HashSet<(u64, u64), Mixed>,
    counts: Counts,
}

#[derive(Default)]
struct Missing {
    term: Option<u32>,
    number: Option<f64>,
}

/// The most values that are kept apart; about 20 bytes each.
const MAX_VALUES: usize = 32 << 20;

impl Cardinality {
    pub(super) fn new(field: Field) -> Result<Self> {
        let mut terms = TermIds::default();
        let missing = match field.class {
            None | Some(Class::Strings) => Missing {
                term: field
                    .missing
                    .as_deref()
                    .map(|term| terms.number(term))
                    .transpose()?,
                number: None,
            },
            Some(_) => Missing {
                term: None,
                number: field.missing_number()?,
            },
        };
        Ok(Self {
            field,
            column: Column::Empty,
            missing,
            constant: None,
            terms,
            ordinals: Loaded::default(),
            longs: Loaded::default(),
            doubles: Loaded::default(),
            seen: HashSet::default(),
            counts: Counts::default(),
        })
    }

    #[inline]
    fn see(&mut self, owner: u32, class: u64, value: u64) {
        if self.seen.insert((u64::from(owner) << 2 | class, value)) {
            self.counts.count(owner);
        }
    }
}

const TEXT: u64 = 0;
const LONG: u64 = 1;
const DOUBLE: u64 = 2;

impl Collect for Cardinality {
    fn open(&mut self, segment: &Segment<'_>) -> Result<()> {
        let (column, constant) = self.field.open(segment)?;
        self.constant = constant.map(|term| self.terms.number(term)).transpose()?;
        if let Column::Strings(column) = &column {
            self.terms.open(column)?;
        }
        self.column = column;
        Ok(())
    }

    fn collect(&mut self, pairs: &Pairs, _inner: &mut Pairs) -> Result<()> {
        self.counts.grow(pairs.buckets)?;
        if self.seen.len() > MAX_VALUES {
            return Err(too_many_kept(MAX_VALUES));
        }
        let whole = self.missing.number.filter(|number| number.fract() == 0.0);
        match &self.column {
            Column::Empty => {
                let value = match (self.constant.or(self.missing.term), self.missing.number) {
                    (Some(term), _) => (TEXT, u64::from(term)),
                    (None, Some(number)) => match whole {
                        Some(whole) => (LONG, whole as i64 as u64),
                        None => (DOUBLE, number.to_bits()),
                    },
                    (None, None) => return Ok(()),
                };
                pairs
                    .owners
                    .iter()
                    .for_each(|owner| self.see(*owner, value.0, value.1));
            }
            Column::Strings(column) => {
                self.column.ordinals(
                    &pairs.docs,
                    self.missing.term.map(|_| u64::MAX),
                    &mut self.ordinals,
                );
                self.terms.resolve(column, &self.ordinals.values)?;
                let loaded = std::mem::take(&mut self.ordinals);
                for (place, ordinal) in loaded.iter() {
                    let term = match (ordinal, self.missing.term) {
                        (u64::MAX, Some(term)) => term,
                        (ordinal, _) => self.terms.of(ordinal),
                    };
                    self.see(pairs.owners[place], TEXT, u64::from(term));
                }
                self.ordinals = loaded;
            }
            Column::Longs(_) | Column::Unsigned(_)
                if self.missing.number.is_none() || whole.is_some() =>
            {
                self.column.longs(
                    &pairs.docs,
                    whole.map(|whole| whole as i64),
                    &mut self.longs,
                );
                let loaded = std::mem::take(&mut self.longs);
                loaded
                    .iter()
                    .for_each(|(place, value)| self.see(pairs.owners[place], LONG, value as u64));
                self.longs = loaded;
            }
            column => {
                column.doubles(&pairs.docs, self.missing.number, &mut self.doubles);
                let loaded = std::mem::take(&mut self.doubles);
                loaded.iter().for_each(|(place, value)| {
                    self.see(pairs.owners[place], DOUBLE, value.to_bits())
                });
                self.doubles = loaded;
            }
        }
        Ok(())
    }

    fn finish(&mut self) {
        self.seen = HashSet::default();
    }

    fn shape(&self) -> Shape {
        Shape::Value
    }

    fn number(&self, owner: u32, _: &str) -> f64 {
        self.counts.get(owner) as f64
    }

    fn type_name(&self) -> &'static str {
        "cardinality"
    }

    fn answer(&self, owner: u32, _: &[Node], _: &mut Answers<'_>) -> Result<AggregationResult> {
        Ok(AggregationResult::Count(self.counts.get(owner)))
    }
}
