//! Scores that a script computes.

use super::Scripted;
use super::columns::Documents;
use super::failed;
use crate::search::shard::Faults;
use document::Failure;
use script::Runner;
use std::fmt;
use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED};

/// The matches of a query with the scores that a script computes.
pub(super) struct ScriptScore {
    query: Box<dyn Query>,
    scripted: Scripted,
    min_score: Option<f32>,
    faults: Faults,
}

impl ScriptScore {
    pub(super) fn new(
        query: Box<dyn Query>,
        scripted: Scripted,
        min_score: Option<f32>,
        faults: Faults,
    ) -> Self {
        Self {
            query,
            scripted,
            min_score,
            faults,
        }
    }
}

impl Clone for ScriptScore {
    fn clone(&self) -> Self {
        Self {
            query: self.query.box_clone(),
            scripted: self.scripted.clone(),
            min_score: self.min_score,
            faults: self.faults.clone(),
        }
    }
}

impl fmt::Debug for ScriptScore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ScriptScore({:?})", self.query)
    }
}

impl Query for ScriptScore {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let searcher = match (scoring, self.min_score) {
            // Nobody looks at the scores, and none keeps a match out.
            (disabled @ EnableScoring::Disabled { .. }, None) => {
                return self.query.weight(disabled);
            }
            (scoring, _) => match scoring {
                EnableScoring::Enabled { searcher, .. } => Some(searcher),
                EnableScoring::Disabled { searcher_opt, .. } => searcher_opt,
            },
        };
        let inner = match searcher {
            Some(searcher) if self.scripted.bound.uses_score() => {
                EnableScoring::enabled_from_searcher(searcher)
            }
            Some(searcher) => EnableScoring::disabled_from_searcher(searcher),
            None => scoring,
        };
        Ok(Box::new(ScriptWeight {
            matches: self.query.weight(inner)?,
            scripted: self.scripted.clone(),
            min_score: self.min_score,
            faults: self.faults.clone(),
        }))
    }
}

struct ScriptWeight {
    matches: Box<dyn Weight>,
    scripted: Scripted,
    min_score: Option<f32>,
    faults: Faults,
}

impl Weight for ScriptWeight {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let matches = self.matches.scorer(segment, 1.0)?;
        let dense = matches.size_hint() >= segment.max_doc() / 8;
        let mut scorer = ScriptScorer {
            matches,
            runner: self.scripted.bound.runner(),
            documents: Documents::new(&self.scripted, segment, dense)?,
            uses_score: self.scripted.bound.uses_score(),
            min_score: self.min_score,
            faults: self.faults.clone(),
            boost,
            found: None,
            ended: false,
        };
        scorer.settle();
        Ok(Box::new(scorer))
    }

    fn explain(&self, segment: &SegmentReader, document: DocId) -> tantivy::Result<Explanation> {
        crate::search::score::explained(self, segment, document)
    }
}

struct ScriptScorer {
    matches: Box<dyn Scorer>,
    runner: Runner,
    documents: Documents,
    uses_score: bool,
    min_score: Option<f32>,
    faults: Faults,
    boost: Score,
    /// The score of the current match, where it was needed to know that it is one.
    found: Option<Score>,
    /// Whether the script failed.
    ended: bool,
}

impl ScriptScorer {
    /// Goes on to a match whose score is not too small.
    fn settle(&mut self) {
        let Some(least) = self.min_score else {
            return;
        };
        while self.doc() != TERMINATED {
            let score = self.compute();
            if score >= least {
                self.found = Some(score);
                return;
            }
            self.matches.advance();
        }
    }

    /// Runs the script; a failure ends the search.
    fn compute(&mut self) -> Score {
        let document = self.matches.doc();
        let score = match self.uses_score {
            true => self.matches.score(),
            false => 0.0,
        };
        self.documents.stand_on(document, score);
        let failure = match self.runner.score(&mut self.documents) {
            Ok(score) => {
                let score = score as f32;
                if score >= 0.0 {
                    return score;
                }
                Failure::illegal_argument(format!(
                    "script_score script returned an invalid score [{}] for doc [{document}]. Must be a non-negative score!",
                    script::java_float(score)
                ))
            }
            Err(error) => failed(error),
        };
        self.faults.put(failure.into());
        self.ended = true;
        0.0
    }
}

impl DocSet for ScriptScorer {
    fn advance(&mut self) -> DocId {
        self.found = None;
        self.matches.advance();
        self.settle();
        self.doc()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc() < target {
            self.found = None;
            self.matches.seek(target);
            self.settle();
        }
        self.doc()
    }

    fn doc(&self) -> DocId {
        match self.ended {
            true => TERMINATED,
            false => self.matches.doc(),
        }
    }

    fn size_hint(&self) -> u32 {
        self.matches.size_hint()
    }
}

impl Scorer for ScriptScorer {
    fn score(&mut self) -> Score {
        let score = match self.found {
            Some(score) => score,
            None => self.compute(),
        };
        score * self.boost
    }
}
