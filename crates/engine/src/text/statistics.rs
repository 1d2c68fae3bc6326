//! Term statistics as Lucene counts them.

use std::sync::Arc;
use tantivy::Searcher;
use tantivy::columnar::{Cardinality, Column, ColumnIndex};
use tantivy::fieldnorm::FieldNormReader;
use tantivy::schema::Field;

/// What the scores of one field are made of. Deleted documents count until their segment is merged, as in Lucene.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct FieldStatistics {
    /// Documents with at least one term.
    pub(crate) documents: u64,
    /// Terms of all documents; of a field without frequencies, each different one of a document once.
    pub(crate) terms: u64,
}

/// BM25's k1, which says how much further occurrences of a term count.
const K1: f32 = 1.2;
/// BM25's b, which says how much the length of a document counts.
const B: f32 = 0.75;

impl FieldStatistics {
    /// Counts the documents and terms of a text field by the column of its lengths. `tantivy`'s own count is an
    /// estimate once a segment with deleted documents was merged.
    pub(crate) fn of_text(searcher: &Searcher, lengths: Field) -> tantivy::Result<Self> {
        let mut counted = Self::default();
        let name = searcher.schema().get_field_name(lengths);
        for segment in searcher.segment_readers() {
            let Some(lengths) = segment.fast_fields().column_opt::<u64>(name)? else {
                continue;
            };
            for terms in lengths.values.iter() {
                counted.documents += u64::from(terms > 0);
                counted.terms += terms;
            }
        }
        Ok(counted)
    }

    /// Counts the documents and different values of a column of strings or whole numbers.
    pub(crate) fn of_values(searcher: &Searcher, column: &str) -> tantivy::Result<Self> {
        let mut counted = Self::default();
        for segment in searcher.segment_readers() {
            // Strings are their places in the segment's dictionary.
            if let Some((column, _)) = segment.fast_fields().u64_lenient(column)? {
                counted.add(&column, segment.max_doc());
            }
        }
        Ok(counted)
    }

    fn add(&mut self, column: &Column<u64>, end: u32) {
        if column.get_cardinality() != Cardinality::Multivalued {
            let values = match &column.index {
                ColumnIndex::Empty { .. } => 0,
                _ => u64::from(column.values.num_vals()),
            };
            self.documents += values;
            self.terms += values;
            return;
        }
        let mut different: Vec<u64> = Vec::new();
        for document in 0..end {
            different.clear();
            different.extend(column.values_for_doc(document));
            different.sort_unstable();
            different.dedup();
            self.documents += u64::from(!different.is_empty());
            self.terms += different.len() as u64;
        }
    }

    /// Answers the inverse document frequency of a term that `frequency` documents have.
    pub(crate) fn idf(self, frequency: u64) -> f32 {
        // Counted among several fields, there may be more than this one has.
        let frequency = frequency.min(self.documents);
        let (documents, frequency) = (self.documents as f64, frequency as f64);
        (1.0 + (documents - frequency + 0.5) / (frequency + 0.5)).ln() as f32
    }

    /// Answers the score of a term that a document without norms and frequencies has.
    pub(crate) fn of_exact(self, frequency: u64) -> f32 {
        let norm = K1 * (1.0 - B + B / self.average());
        self.idf(frequency) * (1.0 + K1) / (1.0 + norm)
    }

    fn average(self) -> f32 {
        self.terms as f32 / self.documents.max(1) as f32
    }

    /// Answers what a term's occurrences are weighed against, by how a document's length is stored; `lengths` says
    /// whether the length counts.
    pub(crate) fn norms(self, lengths: bool) -> Arc<[f32; 256]> {
        let average = self.average();
        let mut norms = [0.0; 256];
        for (stored, norm) in (0..=u8::MAX).zip(norms.iter_mut()) {
            // Without norms every document counts as one term long.
            let length = match lengths {
                true => FieldNormReader::id_to_fieldnorm(stored),
                false => 1,
            };
            *norm = K1 * (1.0 - B + B * length as f32 / average);
        }
        Arc::new(norms)
    }
}

/// How often a term counts in a document that has it `occurrences` times, 0 to k1 + 1.
pub(crate) fn saturated(occurrences: f32, norm: f32) -> f32 {
    (1.0 + K1) * occurrences / (occurrences + norm)
}
