//! Columns, read for many documents at once.

use crate::error::Result;
use crate::snapshot::text_error;
use std::fmt::Debug;
use tantivy::SegmentReader;
use tantivy::columnar::{Column as Stored, ColumnIndex, StrColumn};

/// Documents, each with the bucket that it falls into, document by document.
#[derive(Default)]
pub(super) struct Pairs {
    pub(super) owners: Vec<u32>,
    pub(super) docs: Vec<u32>,
    /// How many buckets there are: every owner is below.
    pub(super) buckets: u32,
}

impl Pairs {
    #[inline]
    pub(super) fn push(&mut self, owner: u32, doc: u32) {
        self.owners.push(owner);
        self.docs.push(doc);
    }

    pub(super) fn clear(&mut self) {
        self.owners.clear();
        self.docs.clear();
        self.buckets = 0;
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        self.owners.iter().copied().zip(self.docs.iter().copied())
    }
}

/// Values of documents, each with the place of its document. Those of one document lie together, ascending.
#[derive(Default)]
pub(super) struct Loaded<T> {
    pub(super) places: Vec<u32>,
    pub(super) values: Vec<T>,
    rows: Vec<u32>,
}

impl<T: Copy> Loaded<T> {
    fn clear(&mut self) {
        self.places.clear();
        self.values.clear();
        self.rows.clear();
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, T)> + '_ {
        let places = self.places.iter().map(|place| *place as usize);
        places.zip(self.values.iter().copied())
    }

    /// Goes through the values document by document.
    pub(super) fn documents(&self) -> impl Iterator<Item = (usize, &[T])> + '_ {
        let runs = self.places.chunk_by(|left, right| left == right);
        let mut start = 0;
        runs.map(move |run| {
            let end = start + run.len();
            let values = &self.values[start..end];
            start = end;
            (run[0] as usize, values)
        })
    }
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Strings,
    /// Whole numbers, dates as milliseconds since 1970, booleans as 0 and 1.
    Longs,
    Unsigned,
    Doubles,
}

/// A field's column in one segment.
#[derive(Default)]
pub(super) enum Column {
    /// No document of the segment has a value.
    #[default]
    Empty,
    Strings(StrColumn),
    Longs(Stored<i64>),
    Unsigned(Stored<u64>),
    Doubles(Stored<f64>),
}

impl Column {
    pub(super) fn open(reader: &SegmentReader, name: &str, class: Class) -> Result<Self> {
        let columns = reader.fast_fields();
        let open = || -> tantivy::Result<Option<Self>> {
            Ok(match class {
                Class::Strings => columns.str(name)?.map(Self::Strings),
                Class::Longs => columns.column_opt(name)?.map(Self::Longs),
                Class::Unsigned => match columns.column_opt(name)? {
                    Some(column) => Some(Self::Unsigned(column)),
                    None => columns.column_opt(name)?.map(Self::Longs),
                },
                Class::Doubles => columns.column_opt(name)?.map(Self::Doubles),
            })
        };
        Ok(open().map_err(text_error)?.unwrap_or_default())
    }

    /// Whether a document has a value.
    #[inline]
    pub(super) fn has(&self, doc: u32) -> bool {
        match self {
            Self::Empty => false,
            Self::Strings(column) => column.ords().index.has_value(doc),
            Self::Longs(column) => column.index.has_value(doc),
            Self::Unsigned(column) => column.index.has_value(doc),
            Self::Doubles(column) => column.index.has_value(doc),
        }
    }

    /// Reads numbers; `missing` stands for those of documents without any.
    pub(super) fn doubles(&self, docs: &[u32], missing: Option<f64>, out: &mut Loaded<f64>) {
        match self {
            Self::Empty | Self::Strings(_) => absent(docs, missing, out),
            Self::Longs(column) => gather(column, docs, missing, |value| value as f64, out),
            Self::Unsigned(column) => gather(column, docs, missing, |value| value as f64, out),
            Self::Doubles(column) => gather(column, docs, missing, |value| value, out),
        }
    }

    /// Reads whole numbers; fractions are cut off.
    pub(super) fn longs(&self, docs: &[u32], missing: Option<i64>, out: &mut Loaded<i64>) {
        match self {
            Self::Empty | Self::Strings(_) => absent(docs, missing, out),
            Self::Longs(column) => gather(column, docs, missing, |value| value, out),
            Self::Unsigned(column) => gather(column, docs, missing, |value| value as i64, out),
            Self::Doubles(column) => gather(column, docs, missing, |value| value as i64, out),
        }
    }

    /// Reads whole numbers without a sign.
    pub(super) fn unsigned(&self, docs: &[u32], missing: Option<u64>, out: &mut Loaded<u64>) {
        match self {
            Self::Empty | Self::Strings(_) => absent(docs, missing, out),
            Self::Longs(column) => gather(column, docs, missing, |value| value as u64, out),
            Self::Unsigned(column) => gather(column, docs, missing, |value| value, out),
            Self::Doubles(column) => gather(column, docs, missing, |value| value as u64, out),
        }
    }

    /// Reads ordinals of texts, each once for a document.
    pub(super) fn ordinals(&self, docs: &[u32], missing: Option<u64>, out: &mut Loaded<u64>) {
        match self {
            Self::Strings(column) => {
                gather(column.ords(), docs, missing, |value| value, out);
                if matches!(column.ords().index, ColumnIndex::Multivalued(_)) {
                    once(out);
                }
            }
            _ => absent(docs, missing, out),
        }
    }
}

fn absent<T: Copy>(docs: &[u32], missing: Option<T>, out: &mut Loaded<T>) {
    out.clear();
    if let Some(missing) = missing {
        out.places.extend(0..docs.len() as u32);
        out.values.resize(docs.len(), missing);
    }
}

fn gather<S, T>(
    column: &Stored<S>,
    docs: &[u32],
    missing: Option<T>,
    convert: impl Fn(S) -> T,
    out: &mut Loaded<T>,
) where
    S: PartialOrd + Copy + Debug + Send + Sync + Default + 'static,
    T: PartialOrd + Copy,
{
    if column.values.num_vals() == 0 {
        return absent(docs, missing, out);
    }
    out.clear();
    // Documents without a value read row 0 first, and get their own value after.
    let mut without = Vec::new();
    let places = 0..docs.len() as u32;
    match &column.index {
        ColumnIndex::Empty { .. } => return absent(docs, missing, out),
        ColumnIndex::Full => {
            out.places.extend(places);
            out.rows.extend_from_slice(docs);
        }
        ColumnIndex::Optional(_) | ColumnIndex::Multivalued(_) => {
            for (place, doc) in places.zip(docs) {
                let rows = column.index.value_row_ids(*doc);
                if rows.is_empty() && missing.is_some() {
                    without.push(out.rows.len());
                    out.places.push(place);
                    out.rows.push(0);
                }
                for row in rows {
                    out.places.push(place);
                    out.rows.push(row);
                }
            }
        }
    }
    let mut values = vec![S::default(); out.rows.len()];
    column.values.get_vals(&out.rows, &mut values);
    out.values.extend(values.into_iter().map(convert));
    if let Some(missing) = missing {
        without.iter().for_each(|at| out.values[*at] = missing);
    }
    if matches!(column.index, ColumnIndex::Multivalued(_)) {
        sort_runs(out);
    }
}

/// Sorts the values of each document.
fn sort_runs<T: PartialOrd>(out: &mut Loaded<T>) {
    let mut start = 0;
    for run in out.places.chunk_by(|left, right| left == right) {
        let end = start + run.len();
        if run.len() > 1 {
            out.values[start..end].sort_by(|left, right| {
                left.partial_cmp(right).unwrap_or(std::cmp::Ordering::Equal)
            });
        }
        start = end;
    }
}

/// Leaves out values that a document has twice.
fn once(out: &mut Loaded<u64>) {
    let mut kept = 0;
    for at in 0..out.places.len() {
        let again = kept > 0
            && out.places[kept - 1] == out.places[at]
            && out.values[kept - 1] == out.values[at];
        if !again {
            out.places[kept] = out.places[at];
            out.values[kept] = out.values[at];
            kept += 1;
        }
    }
    out.places.truncate(kept);
    out.values.truncate(kept);
}
