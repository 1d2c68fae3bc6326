//! From nested objects to what is around them.

use super::explained;
use query::ScoreMode;
use std::fmt;
use std::sync::Arc;
use tantivy::index::SegmentId;
use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED};

/// Places of parts, segment by segment, ascending.
#[derive(Clone)]
pub(in crate::search) struct Parts {
    segments: Arc<Vec<SegmentId>>,
    places: Arc<Vec<Vec<DocId>>>,
}

impl Parts {
    /// Keeps places with the segments that they are in.
    pub(in crate::search) fn new(segments: &[SegmentReader], places: Arc<Vec<Vec<DocId>>>) -> Self {
        let segments = segments.iter().map(SegmentReader::segment_id).collect();
        Self {
            segments: Arc::new(segments),
            places,
        }
    }

    fn number(&self, segment: &SegmentReader) -> Option<usize> {
        let id = segment.segment_id();
        self.segments.iter().position(|known| *known == id)
    }
}

/// Documents, or objects, around nested objects that match a query. An object lies before what is around it, and after
/// whatever comes before that.
#[derive(Clone)]
pub(in crate::search) struct Join {
    objects: Arc<dyn Query>,
    around: Parts,
    mode: ScoreMode,
}

impl Join {
    pub(in crate::search) fn new(objects: Box<dyn Query>, around: Parts, mode: ScoreMode) -> Self {
        Self {
            objects: objects.into(),
            around,
            mode,
        }
    }
}

impl fmt::Debug for Join {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Join({:?}, {:?})", self.objects, self.mode)
    }
}

impl Query for Join {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let scoring = match scoring {
            EnableScoring::Enabled { searcher, .. } if self.mode == ScoreMode::None => {
                EnableScoring::disabled_from_searcher(searcher)
            }
            scoring => scoring,
        };
        Ok(Box::new(JoinWeight {
            objects: self.objects.weight(scoring)?,
            around: self.around.clone(),
            mode: match scoring.is_scoring_enabled() {
                true => self.mode,
                false => ScoreMode::None,
            },
        }))
    }
}

struct JoinWeight {
    objects: Box<dyn Weight>,
    around: Parts,
    mode: ScoreMode,
}

impl Weight for JoinWeight {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let Some(number) = self.around.number(segment) else {
            return Ok(Box::new(EmptyScorer));
        };
        let mut scorer = JoinScorer {
            objects: self.objects.scorer(segment, boost)?,
            around: self.around.places.clone(),
            number,
            mode: self.mode,
            document: 0,
            score: 0.0,
        };
        scorer.next();
        Ok(Box::new(scorer))
    }

    fn explain(&self, segment: &SegmentReader, document: DocId) -> tantivy::Result<Explanation> {
        explained(self, segment, document)
    }
}

struct JoinScorer {
    /// At the first object after what is around the current ones.
    objects: Box<dyn Scorer>,
    around: Arc<Vec<Vec<DocId>>>,
    number: usize,
    mode: ScoreMode,
    document: DocId,
    score: Score,
}

impl JoinScorer {
    fn around(&self) -> &[DocId] {
        self.around.get(self.number).map_or(&[], Vec::as_slice)
    }

    /// Goes to what is around the object where `objects` stands, and past all objects in it.
    fn next(&mut self) -> DocId {
        let object = self.objects.doc();
        let places = self.around();
        let at = places.partition_point(|place| *place <= object);
        self.document = match places.get(at) {
            Some(place) if object != TERMINATED => *place,
            _ => TERMINATED,
        };
        if self.document == TERMINATED {
            return TERMINATED;
        }
        let (mut count, mut sum) = (0_u32, 0.0_f64);
        let (mut least, mut most) = (Score::INFINITY, Score::NEG_INFINITY);
        while self.objects.doc() < self.document {
            if self.mode != ScoreMode::None {
                let score = self.objects.score();
                count += 1;
                sum += f64::from(score);
                least = least.min(score);
                most = most.max(score);
            }
            self.objects.advance();
        }
        self.score = match self.mode {
            ScoreMode::None => 0.0,
            ScoreMode::Avg => (sum / f64::from(count)) as Score,
            ScoreMode::Sum => sum as Score,
            ScoreMode::Min => least,
            ScoreMode::Max => most,
        };
        self.document
    }
}

impl DocSet for JoinScorer {
    fn advance(&mut self) -> DocId {
        match self.document {
            TERMINATED => TERMINATED,
            _ => self.next(),
        }
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.document >= target {
            return self.document;
        }
        let places = self.around();
        let at = places.partition_point(|place| *place < target);
        // Objects of the target begin after whatever comes before it.
        let start = match at.checked_sub(1).and_then(|before| places.get(before)) {
            Some(before) => before + 1,
            None => 0,
        };
        if self.objects.doc() < start {
            self.objects.seek(start);
        }
        self.next()
    }

    fn doc(&self) -> DocId {
        self.document
    }

    fn size_hint(&self) -> u32 {
        self.objects.size_hint()
    }
}

impl Scorer for JoinScorer {
    fn score(&mut self) -> Score {
        self.score
    }
}
