//! What the matches of one segment are sorted by.

use super::value::{Scale, Summary, shortest};
use crate::error::Result;
use crate::search::script::Documents;
use crate::search::shard::column_error;
use document::{Cause, Failure};
use query::SortValue;
use std::cell::RefCell;
use std::cmp::Reverse;
use std::ops::Range;
use tantivy::DocId;
use tantivy::columnar::{Column, StrColumn};

/// The nested objects of a segment that count, and its documents.
pub(super) struct Objects {
    pub(super) found: Vec<DocId>,
    pub(super) documents: Vec<DocId>,
}

impl Objects {
    /// The objects of a document, which lie right before it.
    fn of(&self, document: DocId) -> &[DocId] {
        let at = self.documents.partition_point(|other| *other < document);
        let start = match at
            .checked_sub(1)
            .and_then(|before| self.documents.get(before))
        {
            Some(before) => before + 1,
            None => 0,
        };
        let within: Range<usize> = self.found.partition_point(|object| *object < start)
            ..self.found.partition_point(|object| *object < document);
        self.found.get(within).unwrap_or_default()
    }
}

/// What one segment's matches are sorted by.
pub(super) struct SegmentKeys {
    pub(super) by: Vec<SegmentBy>,
    /// The place after which the hits begin.
    pub(super) after: Option<Vec<Part>>,
}

pub(super) struct SegmentBy {
    pub(super) values: Values,
    pub(super) descending: bool,
}

pub(super) enum Values {
    Score,
    Doc {
        base: u64,
    },
    Same(SortValue),
    /// What a script computes; texts are told apart from numbers by their script.
    Script {
        computed: Box<RefCell<Computed>>,
        number: bool,
    },
    Numbers {
        column: Option<Column<u64>>,
        scale: Scale,
        /// How the column holds the numbers, where that is another way.
        stored: Scale,
        missing: u64,
        greatest: bool,
        summary: Option<Summary>,
        objects: Option<Objects>,
    },
    Strings {
        column: Option<StrColumn>,
        /// The place of documents without a value, turned round already.
        missing: u64,
        given: Option<String>,
        greatest: bool,
        objects: Option<Objects>,
    },
}

/// A part of what a match is sorted by, smaller = better.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    Place(u64),
    /// A text that a script computed.
    Text(String),
    /// The same where the greatest comes first.
    Turned(Reverse<String>),
}

/// A script over the documents of a segment.
pub(super) struct Computed {
    pub(super) runner: script::Runner,
    pub(super) documents: Documents,
}

impl Computed {
    fn value(&mut self, document: DocId, score: f32) -> Result<script::Value> {
        self.documents.stand_on(document, score);
        let value = self.runner.value(&mut self.documents);
        value.map_err(|error| crate::search::script::failed(error).into())
    }
}

impl SegmentKeys {
    pub(super) fn after(&self) -> Option<Vec<Part>> {
        self.after.clone()
    }

    /// The first thing that a match is sorted by, smaller = better; 0 where it is no number.
    pub(super) fn first(&self, document: DocId, score: f32) -> Result<u64> {
        match self.by.first() {
            Some(by) if !by.is_text() => by.place(document, score),
            _ => Ok(0),
        }
    }

    /// What a match is sorted by besides the first, smaller = better.
    pub(super) fn rest(&self, document: DocId, score: f32) -> Result<Box<[Part]>> {
        let by = self.by.iter().enumerate();
        let rest = by.filter(|(at, by)| *at > 0 || by.is_text());
        rest.map(|(_, by)| by.part(document, score)).collect()
    }

    /// Answers the values behind what a match is sorted by.
    pub(super) fn values(&self, first: u64, rest: &[Part]) -> Result<Vec<SortValue>> {
        let is_text = self.by.first().is_some_and(SegmentBy::is_text);
        let first = (!is_text).then_some(Part::Place(first));
        let parts = first.iter().chain(rest);
        let values = self.by.iter().zip(parts);
        values
            .map(|(by, part)| match part {
                Part::Place(place) => by.value(*place),
                Part::Text(text) | Part::Turned(Reverse(text)) => Ok(SortValue::Text(text.clone())),
            })
            .collect()
    }
}

impl SegmentBy {
    /// Whether it is a text that no column holds.
    fn is_text(&self) -> bool {
        matches!(self.values, Values::Script { number: false, .. })
    }

    fn text_part(&self, text: String) -> Part {
        match self.descending {
            true => Part::Turned(Reverse(text)),
            false => Part::Text(text),
        }
    }

    fn part(&self, document: DocId, score: f32) -> Result<Part> {
        match &self.values {
            Values::Script {
                computed,
                number: false,
            } => {
                let value = computed.borrow_mut().value(document, score)?;
                Ok(self.text_part(value.to_string()))
            }
            _ => self.place(document, score).map(Part::Place),
        }
    }

    fn place(&self, document: DocId, score: f32) -> Result<u64> {
        let place = match &self.values {
            Values::Score => score_place(score),
            Values::Doc { base } => base + u64::from(document),
            Values::Same(_) => return Ok(1),
            Values::Script { computed, .. } => {
                let value = computed.borrow_mut().value(document, score)?;
                tantivy::f64_to_u64(value.as_f64().unwrap_or(f64::NAN))
            }
            Values::Numbers {
                column,
                scale,
                stored,
                missing,
                greatest,
                summary,
                objects,
            } => {
                let found = match (column, summary) {
                    (_, Some(Summary::Median)) if objects.is_some() => {
                        let reason = "Unsupported sort mode: MEDIAN";
                        return Err(Failure::illegal_argument(reason).into());
                    }
                    (None, _) => None,
                    (Some(column), None) => one_of(column, document, objects.as_ref(), *greatest),
                    (Some(column), Some(summary)) => {
                        let mut all = Vec::new();
                        each(column, document, objects.as_ref(), |place| all.push(place));
                        (!all.is_empty()).then(|| stored.summed(&mut all, *summary))
                    }
                };
                found.map_or(*missing, |place| stored.turned(place, *scale))
            }
            Values::Strings {
                column,
                missing,
                greatest,
                objects,
                ..
            } => {
                let ords = column.as_ref().map(|column| column.ords());
                let found =
                    ords.and_then(|ords| one_of(ords, document, objects.as_ref(), *greatest));
                match found {
                    Some(ord) => ord_place(ord),
                    None => return Ok(*missing),
                }
            }
        };
        Ok(turned(place, self.descending))
    }

    fn value(&self, place: u64) -> Result<SortValue> {
        Ok(match &self.values {
            Values::Score => {
                let bits = turned(place, self.descending);
                SortValue::Double(shortest(score_of(bits)))
            }
            Values::Doc { .. } => SortValue::Long(turned(place, self.descending) as i64),
            Values::Same(value) => value.clone(),
            Values::Script { .. } => Scale::Double.value(turned(place, self.descending)),
            Values::Numbers { scale, .. } => scale.value(turned(place, self.descending)),
            Values::Strings {
                column,
                missing,
                given,
                ..
            } => {
                let place_of_ord = turned(place, self.descending);
                let is_missing = place == *missing && (given.is_none() || place_of_ord % 2 == 1);
                match (column, given) {
                    _ if is_missing => match given {
                        Some(text) => SortValue::Text(text.clone()),
                        None => SortValue::Null,
                    },
                    (Some(column), _) => {
                        let mut text = String::new();
                        let ord = place_of_ord / 2 - 1;
                        column.ord_to_str(ord, &mut text).map_err(column_error)?;
                        SortValue::Text(text)
                    }
                    (None, Some(text)) => SortValue::Text(text.clone()),
                    (None, None) => SortValue::Null,
                }
            }
        })
    }

    /// Answers the place of a value that a client gave back.
    pub(super) fn part_of(&self, value: &SortValue, field: &str) -> Result<Part> {
        match value {
            SortValue::Text(text) if self.is_text() => Ok(self.text_part(text.clone())),
            value => self.place_of(value, field).map(Part::Place),
        }
    }

    fn place_of(&self, value: &SortValue, field: &str) -> Result<u64> {
        let wrong = || {
            let reason = format!("Failed to parse search_after value for field [{field}].");
            let beneath = match value {
                SortValue::Text(text) => not_a_number(text),
                _ => Failure::new(Cause::NullPointer, "the value is null"),
            };
            Failure::illegal_argument(reason).caused_by(beneath)
        };
        let place = match &self.values {
            Values::Score => {
                let place = Scale::Float.place(value).ok_or_else(wrong)?;
                score_place(tantivy::u64_to_f64(place) as f32)
            }
            Values::Doc { .. } => match value {
                SortValue::Long(number) => u64::try_from(*number).map_err(|_| wrong())?,
                _ => return Err(wrong().into()),
            },
            Values::Same(SortValue::Text(own)) => {
                let SortValue::Text(given) = value else {
                    return Err(wrong().into());
                };
                let ordering = match self.descending {
                    false => given.cmp(own),
                    true => own.cmp(given),
                };
                return Ok(match ordering {
                    std::cmp::Ordering::Less => 0,
                    std::cmp::Ordering::Equal => 1,
                    std::cmp::Ordering::Greater => 2,
                });
            }
            Values::Same(_) => return Err(wrong().into()),
            Values::Script { .. } => Scale::Double.place(value).ok_or_else(wrong)?,
            Values::Numbers { scale, .. } => scale.place(value).ok_or_else(wrong)?,
            Values::Strings {
                column, missing, ..
            } => {
                let text = match value {
                    SortValue::Null => return Ok(*missing),
                    SortValue::Text(text) => text.clone(),
                    SortValue::Long(number) => number.to_string(),
                    SortValue::UnsignedLong(number) => number.to_string(),
                    SortValue::Double(number) => number.to_string(),
                    SortValue::Boolean(value) => value.to_string(),
                };
                text_place(column.as_ref(), &text)?
            }
        };
        Ok(turned(place, self.descending))
    }
}

pub(super) fn turned(place: u64, descending: bool) -> u64 {
    if descending { !place } else { place }
}

/// Strings have even places, so that others fit between them.
fn ord_place(ord: u64) -> u64 {
    (ord + 1) * 2
}

/// Answers the place of a string, which need not be in the column.
pub(super) fn text_place(column: Option<&StrColumn>, text: &str) -> Result<u64> {
    let Some(column) = column else {
        return Ok(1);
    };
    let dictionary = column.dictionary();
    let found = dictionary.term_ord(text).map_err(column_error)?;
    if let Some(ord) = found {
        return Ok(ord_place(ord));
    }
    // Strings are found by halving.
    let (mut low, mut high) = (0, dictionary.num_terms() as u64);
    let mut term = Vec::new();
    while low < high {
        let middle = low + (high - low) / 2;
        dictionary
            .ord_to_term(middle, &mut term)
            .map_err(column_error)?;
        if term.as_slice() < text.as_bytes() {
            low = middle + 1;
        } else {
            high = middle;
        }
        term.clear();
    }
    Ok(low * 2 + 1)
}

fn score_place(score: f32) -> u64 {
    tantivy::f64_to_u64(f64::from(score))
}

fn score_of(place: u64) -> f32 {
    tantivy::u64_to_f64(place) as f32
}

fn each(
    column: &Column<u64>,
    document: DocId,
    objects: Option<&Objects>,
    mut see: impl FnMut(u64),
) {
    match objects {
        None => column.values_for_doc(document).for_each(see),
        Some(objects) => {
            for object in objects.of(document) {
                column.values_for_doc(*object).for_each(&mut see);
            }
        }
    }
}

fn one_of(
    column: &Column<u64>,
    document: DocId,
    objects: Option<&Objects>,
    greatest: bool,
) -> Option<u64> {
    let mut best: Option<u64> = None;
    each(column, document, objects, |place| {
        best = Some(match best {
            None => place,
            Some(known) if greatest => known.max(place),
            Some(known) => known.min(place),
        });
    });
    best
}

pub(super) fn not_a_number(text: &str) -> Failure {
    Failure::new(Cause::NumberFormat, format!("For input string: \"{text}\""))
}
