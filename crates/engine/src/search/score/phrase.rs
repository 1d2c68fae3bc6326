//! Phrases, scored as Lucene does: the sum of the terms' idf, and how near to each other the terms stand.

use super::explained;
use super::place::{Place, exact, sloppy};
use crate::text::{FieldStatistics, saturated};
use std::fmt;
use std::sync::Arc;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, Term};

/// One place of a phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::search) struct PhraseTerm {
    /// Where it stands in the phrase.
    pub(in crate::search) offset: usize,
    /// The terms, any of which may stand there.
    pub(in crate::search) terms: Vec<Term>,
}

/// Terms of a text field that stand near each other.
#[derive(Clone)]
pub(in crate::search) struct Phrase {
    field: Field,
    terms: Arc<Vec<PhraseTerm>>,
    slop: u32,
    idf: f32,
    norms: Arc<[f32; 256]>,
    lengths: bool,
}

impl Phrase {
    /// Seeks terms at most `slop` moves away from their places; `idf` is the sum of the terms' inverse document
    /// frequencies.
    pub(in crate::search) fn new(
        field: Field,
        terms: Vec<PhraseTerm>,
        slop: u32,
        (idf, statistics, lengths): (f32, FieldStatistics, bool),
    ) -> Self {
        Self {
            field,
            terms: Arc::new(terms),
            slop,
            idf,
            norms: statistics.norms(lengths),
            lengths,
        }
    }
}

impl fmt::Debug for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Phrase({:?}, slop {})", self.terms, self.slop)
    }
}

impl Query for Phrase {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for Phrase {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let index = segment.inverted_index(self.field)?;
        let mut lists = Vec::with_capacity(self.terms.len());
        let mut places = Vec::with_capacity(self.terms.len());
        for (number, place) in self.terms.iter().enumerate() {
            let mut any = Vec::new();
            for term in &place.terms {
                let option = IndexRecordOption::WithFreqsAndPositions;
                any.extend(index.read_postings(term, option)?);
            }
            if any.is_empty() {
                return Ok(Box::new(EmptyScorer));
            }
            lists.push(any);
            let same = |other: &PhraseTerm| other.terms.iter().any(|t| place.terms.contains(t));
            let first = self.terms.iter().position(same);
            let repeated = self.terms.iter().filter(|other| same(other)).count() > 1;
            places.push(Place {
                offset: place.offset as i64,
                group: first.filter(|_| repeated),
                positions: Vec::new(),
            });
            debug_assert_eq!(places.len(), number + 1);
        }
        let lengths = match self.lengths {
            true => segment.fieldnorms_readers().get_field(self.field)?,
            false => None,
        };
        let mut scorer = PhraseScorer {
            lists,
            places,
            slop: self.slop,
            document: 0,
            occurrences: 0.0,
            lengths: lengths.unwrap_or_else(|| FieldNormReader::constant(segment.max_doc(), 1)),
            norms: self.norms.clone(),
            weight: boost * self.idf,
            buffer: Vec::new(),
        };
        scorer.find_from(0);
        Ok(Box::new(scorer))
    }

    fn explain(&self, segment: &SegmentReader, document: DocId) -> tantivy::Result<Explanation> {
        explained(self, segment, document)
    }
}

struct PhraseScorer {
    /// For each place the postings of its terms.
    lists: Vec<Vec<SegmentPostings>>,
    places: Vec<Place>,
    slop: u32,
    document: DocId,
    occurrences: f32,
    lengths: FieldNormReader,
    norms: Arc<[f32; 256]>,
    weight: f32,
    buffer: Vec<u32>,
}

impl PhraseScorer {
    /// Goes to the first match at or after a document.
    fn find_from(&mut self, target: DocId) -> DocId {
        let mut candidate = target;
        loop {
            candidate = self.common_from(candidate);
            self.document = candidate;
            if candidate == TERMINATED {
                return TERMINATED;
            }
            self.read_positions();
            self.occurrences = match self.slop {
                0 => exact(&self.places),
                slop => sloppy(&self.places, slop),
            };
            if self.occurrences > 0.0 {
                return candidate;
            }
            candidate += 1;
        }
    }

    /// The first document at or after another one that has a term for every place.
    fn common_from(&mut self, target: DocId) -> DocId {
        let mut candidate = target;
        'candidates: loop {
            for list in &mut self.lists {
                let mut nearest = TERMINATED;
                for postings in list.iter_mut() {
                    if postings.doc() < candidate {
                        postings.seek(candidate);
                    }
                    nearest = nearest.min(postings.doc());
                }
                if nearest == TERMINATED {
                    return TERMINATED;
                }
                if nearest > candidate {
                    candidate = nearest;
                    continue 'candidates;
                }
            }
            return candidate;
        }
    }

    fn read_positions(&mut self) {
        for (list, place) in self.lists.iter_mut().zip(&mut self.places) {
            place.positions.clear();
            for postings in list.iter_mut() {
                if postings.doc() == self.document {
                    postings.positions(&mut self.buffer);
                    place.positions.append(&mut self.buffer);
                }
            }
            if list.len() > 1 {
                place.positions.sort_unstable();
            }
        }
    }
}

impl DocSet for PhraseScorer {
    fn advance(&mut self) -> DocId {
        match self.document {
            TERMINATED => TERMINATED,
            document => self.find_from(document + 1),
        }
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.document >= target {
            return self.document;
        }
        match target {
            TERMINATED => {
                self.document = TERMINATED;
                TERMINATED
            }
            target => self.find_from(target),
        }
    }

    fn doc(&self) -> DocId {
        self.document
    }

    fn size_hint(&self) -> u32 {
        let lists = self.lists.iter();
        let sizes = lists.map(|list| list.iter().map(DocSet::size_hint).sum());
        sizes.min().unwrap_or(0)
    }
}

impl Scorer for PhraseScorer {
    fn score(&mut self) -> Score {
        let stored = self.lengths.fieldnorm_id(self.document);
        self.weight * saturated(self.occurrences, self.norms[usize::from(stored)])
    }
}
