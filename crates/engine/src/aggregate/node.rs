//! The tree of aggregations while it counts, and its answers.

use super::FilterRunner;
use super::buckets::{Candidate, EVERYTHING, GAP};
use super::columns::Pairs;
use crate::error::Result;
use crate::snapshot::Snapshot;
use document::{Cause, Failure, Json, Phase};
use query::{AggregationAnswer, AggregationResult};
use tantivy::SegmentReader;

/// Documents that go through the tree at once: their columns' values stay in the processor's nearest cache.
const BLOCK: usize = 2048;

/// The most buckets that one answer has, as in Elasticsearch.
pub(super) const MAX_BUCKETS: usize = 65_536;
/// How many added intervals are counted a second time at once.
const COUNTED_AGAIN: usize = 10_000;

/// One segment of one of the indices.
pub(super) struct Segment<'a> {
    pub(super) snapshot: &'a Snapshot,
    /// Which of the indices it is.
    pub(super) number: usize,
    pub(super) reader: &'a SegmentReader,
    /// Which segment of the index.
    pub(super) ordinal: usize,
    pub(super) filter: &'a FilterRunner<'a>,
}

/// What buckets can be sorted by, of an aggregation inside of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Nothing.
    Buckets,
    /// Its documents, and what is inside of it.
    Single,
    /// Its only number.
    Value,
    /// One of its numbers.
    Stats { extended: bool },
}

/// One kind of aggregation: what it keeps, by the bucket around it.
pub(super) trait Collect {
    /// Begins a segment.
    fn open(&mut self, segment: &Segment<'_>) -> Result<()>;

    /// Takes a block of documents, and hands on which fall into which of its own buckets.
    fn collect(&mut self, pairs: &Pairs, inner: &mut Pairs) -> Result<()>;

    /// Is told that there are no more documents.
    fn finish(&mut self) {}

    /// Whether it reads segments in which nothing matches.
    fn reads_every_segment(&self) -> bool {
        false
    }

    /// Whether it takes every document there is rather than those that match.
    fn takes_every_document(&self) -> bool {
        false
    }

    /// What buckets can be sorted by.
    fn shape(&self) -> Shape;

    /// Answers a number over the documents of a bucket around it, by name where it has several. What has a single bucket
    /// answers its documents.
    fn number(&self, _owner: u32, _name: &str) -> f64 {
        f64::NAN
    }

    /// The name of the type of its answers.
    fn type_name(&self) -> &'static str;

    /// Answers what it found in a bucket around it.
    fn answer(
        &self,
        owner: u32,
        inside: &[Node],
        answers: &mut Answers<'_>,
    ) -> Result<AggregationResult>;
}

/// One aggregation of the tree.
pub(super) struct Node {
    pub(super) name: String,
    pub(super) meta: Option<Json>,
    pub(super) collect: Box<dyn Collect>,
    pub(super) inside: Vec<Node>,
    /// What is handed on; kept so that its memory is used again.
    pub(super) pairs: Pairs,
}

impl Node {
    fn open(&mut self, segment: &Segment<'_>) -> Result<()> {
        self.collect.open(segment)?;
        self.inside
            .iter_mut()
            .try_for_each(|node| node.open(segment))
    }

    fn collect(&mut self, pairs: &Pairs) -> Result<()> {
        self.pairs.clear();
        self.collect.collect(pairs, &mut self.pairs)?;
        for node in &mut self.inside {
            node.collect(&self.pairs)?;
        }
        Ok(())
    }

    pub(super) fn finish(&mut self) {
        self.collect.finish();
        self.inside.iter_mut().for_each(Self::finish);
    }

    pub(super) fn reads_every_segment(&self) -> bool {
        self.takes_every_document()
            || self.collect.reads_every_segment()
            || self.inside.iter().any(Self::reads_every_segment)
    }

    fn takes_every_document(&self) -> bool {
        self.collect.takes_every_document()
    }
}

/// Takes the documents of one segment: those that match, and all of them where an aggregation wants all.
pub(super) fn run(
    nodes: &mut [Node],
    segment: &Segment<'_>,
    documents: &[u32],
    stop: &(dyn Fn() -> bool + Sync),
) -> Result<()> {
    let mut wanting_all = Vec::new();
    let mut others = Vec::new();
    for node in &mut *nodes {
        node.open(segment)?;
        match node.takes_every_document() {
            true => wanting_all.push(node),
            false => others.push(node),
        }
    }
    if !wanting_all.is_empty() {
        let all = segment.snapshot.documents(segment.ordinal)?;
        feed(&mut wanting_all, &all, stop)?;
    }
    feed(&mut others, documents, stop)
}

fn feed(
    nodes: &mut [&mut Node],
    documents: &[u32],
    stop: &(dyn Fn() -> bool + Sync),
) -> Result<()> {
    let mut pairs = Pairs::default();
    for block in documents.chunks(BLOCK) {
        check(stop)?;
        pairs.clear();
        pairs.buckets = EVERYTHING + 1;
        pairs.docs.extend_from_slice(block);
        pairs.owners.resize(block.len(), EVERYTHING);
        for node in &mut *nodes {
            node.collect(&pairs)?;
        }
    }
    Ok(())
}

fn check(stop: &(dyn Fn() -> bool + Sync)) -> Result<()> {
    if stop() {
        let reason = "nobody waits for the answer any more";
        return Err(Failure::new(Cause::Stopped, reason).into());
    }
    Ok(())
}

/// Makes answers, and counts their buckets.
pub(super) struct Answers<'a> {
    buckets: usize,
    stop: &'a (dyn Fn() -> bool + Sync),
}

impl<'a> Answers<'a> {
    pub(super) fn new(stop: &'a (dyn Fn() -> bool + Sync)) -> Self {
        Self { buckets: 0, stop }
    }

    /// Answers what aggregations found in a bucket around them.
    pub(super) fn of(
        &mut self,
        nodes: &[Node],
        owner: u32,
    ) -> Result<Vec<(String, AggregationAnswer)>> {
        let mut answers = Vec::with_capacity(nodes.len());
        for node in nodes {
            let answer = AggregationAnswer {
                result: node.collect.answer(owner, &node.inside, self)?,
                meta: node.meta.clone(),
                type_name: node.collect.type_name().to_owned(),
            };
            answers.push((node.name.clone(), answer));
        }
        Ok(answers)
    }

    /// Allows for the intervals of a histogram. Elasticsearch counts those that it adds twice, the second time by ten
    /// thousands.
    pub(super) fn take_filled(&mut self, intervals: &[Candidate]) -> Result<()> {
        let added = intervals.iter().filter(|found| found.number == GAP).count();
        self.take(intervals.len() + added / COUNTED_AGAIN * COUNTED_AGAIN)
    }

    /// Allows for more buckets.
    ///
    /// # Errors
    /// When there are more than an answer may have, in Elasticsearch's words.
    pub(super) fn take(&mut self, buckets: usize) -> Result<()> {
        self.buckets = self.buckets.saturating_add(buckets);
        if self.buckets <= MAX_BUCKETS {
            return check(self.stop);
        }
        let reason = format!(
            "Trying to create too many buckets. Must be less than or equal to: [{MAX_BUCKETS}] but this number of \
             buckets was exceeded. This limit can be set by changing the [search.max_buckets] cluster level setting."
        );
        Err(Failure::new(Cause::TooManyBuckets, reason)
            .in_phase(Phase::Merge)
            .into())
    }
}
