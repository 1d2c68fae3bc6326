//! Which fields a name or a pattern stands for.

use super::refusal::Refusal;
use super::{Compiled, Compiler};
use crate::error::Result;
use crate::text::Columns;
use document::FieldKind;
use tantivy::query::EmptyQuery;

impl Compiler<'_> {
    /// Makes the query for a field, or for every field that fits a pattern and can answer it.
    pub(super) fn on(
        &self,
        field: &str,
        make: impl Fn(&Columns) -> Result<Compiled>,
    ) -> Result<Compiled> {
        if !field.contains('*') {
            return match self.snapshot.fields.get(field) {
                Some(columns) => make(columns),
                None => Ok(Box::new(EmptyQuery)),
            };
        }
        let fields = self.snapshot.fields.iter();
        let fitting = fields.filter(|columns| fits(field, &columns.leaf.path));
        // A number among the fields has no answer to a word, and is left out.
        let queries = fitting.filter_map(|columns| make(columns).ok());
        self.best_of(queries.collect(), 0.0)
    }

    pub(in crate::search) fn refuse<T>(&self, refusal: Refusal) -> Result<T> {
        Err(refusal.failure(self.snapshot))
    }

    /// Makes sure that a field can be searched at all.
    pub(super) fn searchable(&self, columns: &Columns) -> Result<()> {
        let leaf = &columns.leaf;
        let is_text = matches!(leaf.kind, FieldKind::Text(_));
        let path = &leaf.path;
        if leaf.options.index || (leaf.options.doc_values && !is_text) {
            return Ok(());
        }
        let why = match is_text {
            true => "since it is not indexed.",
            false => "since it is not indexed nor has doc values.",
        };
        self.refuse(Refusal::Value(format!(
            "Cannot search on field [{path}] {why}"
        )))
    }

    /// The fields that a search for words looks into when it names none.
    pub(super) fn every_field(&self) -> impl Iterator<Item = &Columns> {
        let fields = self.snapshot.fields.iter();
        fields.filter(|columns| {
            let options = &columns.leaf.options;
            match columns.leaf.kind {
                FieldKind::Text(_) => options.index,
                FieldKind::GeoPoint
                | FieldKind::DenseVector(_)
                | FieldKind::Binary
                | FieldKind::RankFeatures
                | FieldKind::Image(_) => false,
                _ => options.index || options.doc_values,
            }
        })
    }
}

/// Whether a name fits a pattern in which `*` stands for any letters.
pub(in crate::search) fn fits(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.as_bytes(), name.as_bytes());
    let (mut at, mut read) = (0, 0);
    // Where to go on when a star has to take one letter more.
    let mut star: Option<(usize, usize)> = None;
    while read < name.len() {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at, read));
                at += 1;
            }
            Some(letter) if *letter == name[read] => {
                at += 1;
                read += 1;
            }
            _ => match &mut star {
                Some((place, taken)) => {
                    *taken += 1;
                    (at, read) = (*place + 1, *taken);
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(|letter| *letter == b'*')
}
