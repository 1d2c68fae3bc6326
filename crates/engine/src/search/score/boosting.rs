//! Matches whose scores are lowered where something else matches as well.

use super::explained;
use std::fmt;
use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader};

/// The matches of one query; the scores of those that another one matches are multiplied.
pub(in crate::search) struct Boosting {
    pub(in crate::search) positive: Box<dyn Query>,
    pub(in crate::search) negative: Box<dyn Query>,
    pub(in crate::search) factor: Score,
}

impl Clone for Boosting {
    fn clone(&self) -> Self {
        Self {
            positive: self.positive.box_clone(),
            negative: self.negative.box_clone(),
            factor: self.factor,
        }
    }
}

impl fmt::Debug for Boosting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Boosting({:?}, {:?})", self.positive, self.negative)
    }
}

impl Query for Boosting {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let unscored = match scoring {
            EnableScoring::Enabled { searcher, .. } => {
                EnableScoring::disabled_from_searcher(searcher)
            }
            disabled @ EnableScoring::Disabled { .. } => return self.positive.weight(disabled),
        };
        Ok(Box::new(BoostingWeight {
            positive: self.positive.weight(scoring)?,
            negative: self.negative.weight(unscored)?,
            factor: self.factor,
        }))
    }
}

struct BoostingWeight {
    positive: Box<dyn Weight>,
    negative: Box<dyn Weight>,
    factor: Score,
}

impl Weight for BoostingWeight {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        Ok(Box::new(BoostingScorer {
            positive: self.positive.scorer(segment, boost)?,
            negative: self.negative.scorer(segment, 1.0)?,
            factor: self.factor,
        }))
    }

    fn explain(&self, segment: &SegmentReader, document: DocId) -> tantivy::Result<Explanation> {
        explained(self, segment, document)
    }
}

struct BoostingScorer {
    positive: Box<dyn Scorer>,
    negative: Box<dyn Scorer>,
    factor: Score,
}

impl DocSet for BoostingScorer {
    fn advance(&mut self) -> DocId {
        self.positive.advance()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.positive.seek(target)
    }

    fn doc(&self) -> DocId {
        self.positive.doc()
    }

    fn size_hint(&self) -> u32 {
        self.positive.size_hint()
    }
}

impl Scorer for BoostingScorer {
    fn score(&mut self) -> Score {
        let document = self.positive.doc();
        if self.negative.doc() < document {
            self.negative.seek(document);
        }
        let lowered = self.negative.doc() == document;
        self.positive.score() * if lowered { self.factor } else { 1.0 }
    }
}
