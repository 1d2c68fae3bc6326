//! A term of a text field, scored by BM25 as Lucene computes it.

use super::explained;
use crate::text::{FieldStatistics, saturated};
use std::fmt;
use std::sync::Arc;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, TermQuery, Weight};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, Score, SegmentReader, Term};

/// A term of a text field.
#[derive(Clone)]
pub(in crate::search) struct ScoredTerm {
    term: Term,
    idf: f32,
    norms: Arc<[f32; 256]>,
    lengths: bool,
}

impl ScoredTerm {
    /// Scores a term that counts as occurring in `frequency` documents; `lengths` says whether the length of a
    /// document counts.
    pub(in crate::search) fn new(
        term: Term,
        statistics: FieldStatistics,
        frequency: u64,
        lengths: bool,
    ) -> Self {
        Self {
            term,
            idf: statistics.idf(frequency),
            norms: statistics.norms(lengths),
            lengths,
        }
    }
}

impl fmt::Debug for ScoredTerm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ScoredTerm({:?}, idf {})", self.term, self.idf)
    }
}

impl Query for ScoredTerm {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        match scoring {
            EnableScoring::Enabled { .. } => Ok(Box::new(self.clone())),
            disabled @ EnableScoring::Disabled { .. } => {
                TermQuery::new(self.term.clone(), IndexRecordOption::Basic).weight(disabled)
            }
        }
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        visitor(&self.term, false);
    }
}

impl Weight for ScoredTerm {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let field = self.term.field();
        let index = segment.inverted_index(field)?;
        let Some(postings) = index.read_postings(&self.term, IndexRecordOption::WithFreqs)? else {
            return Ok(Box::new(EmptyScorer));
        };
        let lengths = match self.lengths {
            true => segment.fieldnorms_readers().get_field(field)?,
            false => None,
        };
        Ok(Box::new(TermScorer {
            postings,
            lengths: lengths.unwrap_or_else(|| FieldNormReader::constant(segment.max_doc(), 1)),
            norms: self.norms.clone(),
            weight: boost * self.idf,
        }))
    }

    fn explain(&self, segment: &SegmentReader, document: DocId) -> tantivy::Result<Explanation> {
        explained(self, segment, document)
    }
}

struct TermScorer {
    postings: SegmentPostings,
    lengths: FieldNormReader,
    norms: Arc<[f32; 256]>,
    weight: f32,
}

impl DocSet for TermScorer {
    fn advance(&mut self) -> DocId {
        self.postings.advance()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.postings.seek(target)
    }

    fn doc(&self) -> DocId {
        self.postings.doc()
    }

    fn size_hint(&self) -> u32 {
        self.postings.size_hint()
    }
}

impl Scorer for TermScorer {
    fn score(&mut self) -> Score {
        let stored = self.lengths.fieldnorm_id(self.postings.doc());
        let norm = self.norms[usize::from(stored)];
        self.weight * saturated(self.postings.term_freq() as f32, norm)
    }
}
