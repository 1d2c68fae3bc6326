//! Queries of our own for the text index, where its own score otherwise than Lucene does.

mod boosting;
mod join;
mod listed;
mod phrase;
mod place;
mod term;

pub(super) use boosting::Boosting;
pub(super) use join::{Join, Parts};
pub(super) use listed::Listed;
pub(super) use phrase::{Phrase, PhraseTerm};
pub(super) use term::ScoredTerm;

use tantivy::query::{Explanation, Weight};
use tantivy::{DocId, SegmentReader, TantivyError};

/// Explains a score by itself: nobody asks this engine for more.
pub(super) fn explained(
    weight: &dyn Weight,
    segment: &SegmentReader,
    document: DocId,
) -> tantivy::Result<Explanation> {
    let mut scorer = weight.scorer(segment, 1.0)?;
    if scorer.doc() > document || scorer.seek(document) != document {
        let reason = format!("document {document} does not match");
        return Err(TantivyError::InvalidArgument(reason));
    }
    Ok(Explanation::new("score", scorer.score()))
}
