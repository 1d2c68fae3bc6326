//! A bucket for each value of a field.

mod texts;
mod values;

use super::buckets::{Buckets, Candidate, EMPTY, GAP};
use super::columns::{Class, Column, Loaded, Pairs};
use super::field::Field;
use super::format::Format;
use super::node::{Answers, Collect, Node, Segment, Shape};
use super::order::Order;
use super::terms_filter::{Keys, TermsChoice};
use crate::error::Result;
use query::{AggregationResult, Bucket, Key, Others, Terms};
use std::collections::BTreeSet;
use tantivy::columnar::MonotonicallyMappableToU64;
use texts::TextTerms;
use values::{Value, each_value};

/// Buckets by value.
pub(super) struct TermsBuckets {
    field: Field,
    order: Order,
    size: usize,
    shard_size: Option<usize>,
    min_doc_count: u64,
    shard_min_doc_count: u64,
    show_error: bool,
    kind: Kind,
    column: Column,
    buckets: Buckets,
    /// Keys of buckets that are answered though nothing is in them.
    all: BTreeSet<u64>,
}

/// What the values are; keys of buckets sort as the values do, but those of texts.
enum Kind {
    Texts(Box<TextTerms>),
    Longs {
        choice: TermsChoice<Keys>,
        missing: Option<i64>,
        loaded: Loaded<i64>,
    },
    Unsigned {
        choice: TermsChoice<Keys>,
        missing: Option<u64>,
        loaded: Loaded<u64>,
    },
    Doubles {
        choice: TermsChoice<Keys>,
        missing: Option<f64>,
        loaded: Loaded<f64>,
    },
}

impl TermsBuckets {
    pub(super) fn new(name: &str, terms: &Terms, field: Field, order: Order) -> Result<Self> {
        let filters = (terms.include.as_ref(), terms.exclude.as_ref());
        let missing = field.missing.as_deref();
        let kind = match field.class {
            None | Some(Class::Strings) => {
                let choice = TermsChoice::texts(name, filters, &field.format)?;
                let missing = missing.map(|text| field.format.read_text(text));
                let texts = TextTerms::new(choice, missing.transpose()?.as_deref())?;
                Kind::Texts(Box::new(texts))
            }
            Some(class) => {
                // A missing value with a fraction makes numbers with a fraction of all others.
                let number = field.missing_number()?;
                let fraction = number.is_some_and(|number| number.fract() != 0.0);
                let whole = || {
                    missing
                        .map(|text| field.format.read_whole(text))
                        .transpose()
                };
                match class {
                    Class::Longs if !fraction => Kind::Longs {
                        choice: TermsChoice::keys(name, filters, &field.format, |format, text| {
                            Ok(format.read_whole(text)?.to_u64())
                        })?,
                        missing: whole()?,
                        loaded: Loaded::default(),
                    },
                    Class::Unsigned if !fraction => Kind::Unsigned {
                        choice: TermsChoice::keys(name, filters, &field.format, read_unsigned)?,
                        missing: missing
                            .map(|text| read_unsigned(&field.format, text))
                            .transpose()?,
                        loaded: Loaded::default(),
                    },
                    _ => Kind::Doubles {
                        choice: TermsChoice::keys(name, filters, &field.format, |format, text| {
                            Ok(format.read(text)?.to_u64())
                        })?,
                        missing: number,
                        loaded: Loaded::default(),
                    },
                }
            }
        };
        Ok(Self {
            order,
            field,
            size: terms.size,
            shard_size: terms.shard_size,
            min_doc_count: terms.min_doc_count,
            shard_min_doc_count: terms.shard_min_doc_count.min(terms.min_doc_count),
            show_error: terms.show_error,
            kind,
            column: Column::Empty,
            buckets: Buckets::default(),
            all: BTreeSet::new(),
        })
    }

    /// Answers how many of the first buckets Elasticsearch's shard would have sent on. What it keeps back is counted
    /// among the others though it may have too few documents, and where keys decide it may keep back what has enough.
    fn shard_size(&self) -> usize {
        match (self.shard_size, self.order.is_by_key()) {
            (Some(size), _) => size.max(self.size),
            (None, true) => self.size,
            (None, false) => self.size.saturating_add(self.size / 2).saturating_add(10),
        }
    }

    fn candidates(&self, owner: u32) -> Vec<Candidate> {
        let own = self.buckets.of(owner);
        let mut candidates = self.buckets.candidates(owner);
        let is_own = |key: u64| {
            own.binary_search_by_key(&key, |number| self.buckets.key(*number))
                .is_ok()
        };
        if owner == GAP {
            return candidates;
        }
        let empty = self.all.iter().filter(|key| !is_own(**key));
        candidates.extend(empty.map(|key| Candidate {
            number: EMPTY,
            key: *key,
            documents: 0,
        }));
        candidates
    }

    /// The keys of buckets, and what they are as text.
    fn keys(&self, candidates: &[Candidate]) -> Result<Vec<(Key, Option<String>)>> {
        let format = &self.field.format;
        let keys = candidates.iter().map(|candidate| candidate.key);
        let number = |key: u64| match &self.kind {
            Kind::Unsigned { .. } => match i64::try_from(key) {
                Ok(value) => (Key::Long(value), format.whole(value)),
                Err(_) => (Key::UnsignedLong(key), format.text(key as f64)),
            },
            Kind::Doubles { .. } => {
                let value = f64::from_u64(key);
                (Key::Double(value), format.text(value))
            }
            _ => {
                let value = i64::from_u64(key);
                (Key::Long(value), format.whole(value))
            }
        };
        Ok(match &self.kind {
            Kind::Texts(texts) => {
                let texts = texts.texts(keys)?.into_iter();
                texts
                    .map(|text| (Key::Text(format.show_text(text)), None))
                    .collect()
            }
            _ => keys.map(number).collect(),
        })
    }
}

impl Collect for TermsBuckets {
    fn open(&mut self, segment: &Segment<'_>) -> Result<()> {
        let (column, constant) = self.field.open(segment)?;
        if let Kind::Texts(texts) = &mut self.kind {
            texts.open(&column, constant)?;
        }
        self.column = column;
        if self.min_doc_count == 0 {
            self.add_all(segment.reader.max_doc())?;
        }
        Ok(())
    }

    fn collect(&mut self, pairs: &Pairs, inner: &mut Pairs) -> Result<()> {
        let buckets = &mut self.buckets;
        let mut add = |place: usize, key: u64| -> Result<()> {
            let number = buckets.number(pairs.owners[place], key)?;
            buckets.count(number);
            inner.push(number, pairs.docs[place]);
            Ok(())
        };
        match &mut self.kind {
            Kind::Texts(texts) => texts.collect(&self.column, pairs, &mut add)?,
            Kind::Longs {
                choice,
                missing,
                loaded,
            } => {
                self.column.longs(&pairs.docs, *missing, loaded);
                each_once(loaded, |place, value| {
                    match choice.is_open() || choice.accepts(value.to_u64(), value) {
                        true => add(place, value.to_u64()),
                        false => Ok(()),
                    }
                })?;
            }
            Kind::Unsigned {
                choice,
                missing,
                loaded,
            } => {
                self.column.unsigned(&pairs.docs, *missing, loaded);
                each_once(loaded, |place, value| {
                    match choice.is_open() || choice.accepts(value, value as i64) {
                        true => add(place, value),
                        false => Ok(()),
                    }
                })?;
            }
            Kind::Doubles {
                choice,
                missing,
                loaded,
            } => {
                self.column.doubles(&pairs.docs, *missing, loaded);
                each_once(loaded, |place, value| {
                    let key = value.to_u64();
                    match choice.is_open() || choice.accepts(key, sortable_bits(key)) {
                        true => add(place, key),
                        false => Ok(()),
                    }
                })?;
            }
        }
        inner.buckets = buckets.len();
        Ok(())
    }

    fn finish(&mut self) {
        self.buckets.finish();
    }

    fn reads_every_segment(&self) -> bool {
        self.min_doc_count == 0
    }

    fn shape(&self) -> Shape {
        Shape::Buckets
    }

    fn type_name(&self) -> &'static str {
        match self.kind {
            Kind::Texts(_) => "sterms",
            Kind::Longs { .. } => "lterms",
            Kind::Unsigned { .. } => "ulterms",
            Kind::Doubles { .. } => "dterms",
        }
    }

    fn answer(
        &self,
        owner: u32,
        inside: &[Node],
        answers: &mut Answers<'_>,
    ) -> Result<AggregationResult> {
        let mut candidates = self.candidates(owner);
        let documents = |candidates: &[Candidate]| -> u64 {
            candidates.iter().map(|candidate| candidate.documents).sum()
        };
        let mut others = documents(&candidates);
        if candidates.len() > 1 {
            self.order.check()?;
        }
        candidates.retain(|candidate| candidate.documents >= self.shard_min_doc_count);
        let shard_size = self.shard_size();
        let kept_back = candidates.len() >= shard_size;
        self.order.sort(
            &mut candidates,
            inside,
            shard_size,
            |left, right| match &self.kind {
                Kind::Texts(texts) => texts.compare(left, right),
                _ => left.cmp(&right),
            },
        );
        others -= documents(&candidates);
        candidates.retain(|candidate| candidate.documents >= self.min_doc_count);
        if candidates.len() > self.size {
            others += documents(&candidates[self.size..]);
            candidates.truncate(self.size);
        }
        answers.take(candidates.len())?;
        let mut buckets = Vec::with_capacity(candidates.len());
        let keys = self.keys(&candidates)?;
        for (candidate, (key, text)) in candidates.into_iter().zip(keys) {
            buckets.push(Bucket {
                key,
                text,
                bounds: None,
                documents: candidate.documents,
                aggregations: answers.of(inside, candidate.number)?,
            });
        }
        Ok(AggregationResult::Buckets {
            buckets,
            keyed: false,
            others: Some(Others {
                documents: others,
                error: match kept_back && !self.order.is_by_key() && !self.order.is_most_first() {
                    true => -1,
                    false => 0,
                },
                in_buckets: self.show_error,
            }),
        })
    }
}

impl TermsBuckets {
    /// Notes every value of the open segment's parts, matched or not.
    fn add_all(&mut self, parts: u32) -> Result<()> {
        let column = &self.column;
        let lacking = || (0..parts).any(|part| !column.has(part));
        let all = &mut self.all;
        match &mut self.kind {
            Kind::Texts(texts) => all.extend(texts.all(column)?),
            Kind::Longs {
                choice, missing, ..
            } => {
                let mut add = |value: i64| {
                    if choice.accepts(value.to_u64(), value) {
                        all.insert(value.to_u64());
                    }
                };
                each_value(column, |value: Value| add(value.long()));
                missing.filter(|_| lacking()).into_iter().for_each(add);
            }
            Kind::Unsigned {
                choice, missing, ..
            } => {
                let mut add = |value: u64| {
                    if choice.accepts(value, value as i64) {
                        all.insert(value);
                    }
                };
                each_value(column, |value: Value| add(value.unsigned()));
                missing.filter(|_| lacking()).into_iter().for_each(add);
            }
            Kind::Doubles {
                choice, missing, ..
            } => {
                let mut add = |value: f64| {
                    let key = value.to_u64();
                    if choice.accepts(key, sortable_bits(key)) {
                        all.insert(key);
                    }
                };
                each_value(column, |value: Value| add(value.double()));
                missing.filter(|_| lacking()).into_iter().for_each(add);
            }
        }
        Ok(())
    }
}

/// The bits of Lucene's sortable numbers, which partitions are made of.
fn sortable_bits(key: u64) -> i64 {
    (key ^ 1 << 63) as i64
}

/// Goes through values, each once for a document.
fn each_once<T: Copy + PartialEq>(
    loaded: &Loaded<T>,
    mut see: impl FnMut(usize, T) -> Result<()>,
) -> Result<()> {
    let mut last = None;
    for (place, value) in loaded.iter() {
        if last != Some((place, value)) {
            see(place, value)?;
        }
        last = Some((place, value));
    }
    Ok(())
}

fn read_unsigned(format: &Format, text: &str) -> Result<u64> {
    match text.parse() {
        Ok(number) => Ok(number),
        Err(_) => Ok(format.read(text)? as u64),
    }
}
