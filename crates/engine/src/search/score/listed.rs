//! Documents whose scores were computed before.

use super::explained;
use std::sync::Arc;
use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocAddress, DocId, DocSet, Score, SegmentReader, TERMINATED};

/// A document and its score.
pub(in crate::search) type Scored = (DocId, Score);

/// Documents with their scores, segment by segment, ascending.
#[derive(Debug, Clone)]
pub(in crate::search) struct Listed {
    segments: Arc<Vec<(tantivy::index::SegmentId, Arc<Vec<Scored>>)>>,
}

impl Listed {
    /// Lists documents of a searcher's segments, each once.
    pub(in crate::search) fn new(
        segments: &[SegmentReader],
        hits: impl IntoIterator<Item = (DocAddress, Score)>,
    ) -> Self {
        let mut lists: Vec<Vec<Scored>> = vec![Vec::new(); segments.len()];
        for (address, score) in hits {
            if let Some(list) = lists.get_mut(address.segment_ord as usize) {
                list.push((address.doc_id, score));
            }
        }
        let sorted = segments.iter().zip(lists).map(|(segment, mut list)| {
            list.sort_unstable_by_key(|(document, _)| *document);
            (segment.segment_id(), Arc::new(list))
        });
        Self {
            segments: Arc::new(sorted.collect()),
        }
    }
}

impl Query for Listed {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for Listed {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let id = segment.segment_id();
        let list = self.segments.iter().find(|(known, _)| *known == id);
        match list {
            Some((_, list)) if !list.is_empty() => Ok(Box::new(ListedScorer {
                list: list.clone(),
                at: 0,
                boost,
            })),
            _ => Ok(Box::new(EmptyScorer)),
        }
    }

    fn explain(&self, segment: &SegmentReader, document: DocId) -> tantivy::Result<Explanation> {
        explained(self, segment, document)
    }
}

struct ListedScorer {
    list: Arc<Vec<Scored>>,
    at: usize,
    boost: Score,
}

impl DocSet for ListedScorer {
    fn advance(&mut self) -> DocId {
        self.at = (self.at + 1).min(self.list.len());
        self.doc()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        let rest = self.list.get(self.at..).unwrap_or_default();
        self.at += rest.partition_point(|(document, _)| *document < target);
        self.doc()
    }

    fn doc(&self) -> DocId {
        self.list
            .get(self.at)
            .map_or(TERMINATED, |(document, _)| *document)
    }

    fn size_hint(&self) -> u32 {
        self.list.len() as u32
    }
}

impl Scorer for ListedScorer {
    fn score(&mut self) -> Score {
        self.list
            .get(self.at)
            .map_or(0.0, |(_, score)| score * self.boost)
    }
}
