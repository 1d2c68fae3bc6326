//! Answers of searches.

mod aggregations;
mod hits;
#[cfg(test)]
mod tests;

use crate::errors::failed_shard;
use crate::json::JsonWriter;
use crate::{SourceFilter, UrlParams};
use document::Failure;
use query::SearchAnswer;
use serde_json::{Value, json};

/// What an answer shows besides what was found.
#[derive(Debug, Clone, PartialEq)]
pub struct AnswerForm {
    /// What is answered of each source.
    pub source: SourceFilter,
    /// Whether hits say which document they are; a client may want none of their own data.
    pub identity: bool,
    /// Whether versions are told.
    pub version: bool,
    /// Whether sequence numbers and terms are told.
    pub seq_no_primary_term: bool,
    /// Whether the total is a plain number, as before version 7.
    pub total_as_int: bool,
    /// Whether the total is told at all; as a plain number it is -1 where it is not.
    pub total: bool,
    /// Whether the names of aggregations begin with their types.
    pub typed_keys: bool,
    /// Whether hits name a type, for clients before 8.
    pub typed: bool,
    /// How many answers of shards Elasticsearch would put together at a time: 2 or more.
    pub batch: u64,
}

/// How many answers of shards Elasticsearch puts together at a time where nobody says it.
pub(crate) const STANDARD_BATCH: u64 = 512;

impl AnswerForm {
    /// The form of an answer about which nothing was said.
    pub fn plain() -> Self {
        Self {
            source: SourceFilter::everything(),
            identity: true,
            version: false,
            seq_no_primary_term: false,
            total_as_int: false,
            total: true,
            typed_keys: false,
            typed: false,
            batch: STANDARD_BATCH,
        }
    }

    /// Reads what an address says of the form of an answer.
    ///
    /// # Errors
    /// When a parameter is neither true nor false.
    pub fn of_address(&mut self, params: &UrlParams) -> Result<(), Failure> {
        self.total_as_int = params.flag("rest_total_hits_as_int", self.total_as_int)?;
        self.typed_keys = params.flag("typed_keys", self.typed_keys)?;
        self.version = params.flag("version", self.version)?;
        self.seq_no_primary_term = params.flag("seq_no_primary_term", self.seq_no_primary_term)?;
        if let Some(source) = SourceFilter::of_address(params)? {
            self.source = source;
        }
        Ok(())
    }

    /// Writes the answer of a search as JSON, sources byte for byte where nothing is left out
    /// of them. With a `status`, as an item of several searches carries it, the answer says it.
    ///
    /// # Errors
    /// When a stored source is no JSON.
    pub fn print(
        &self,
        answer: &SearchAnswer,
        took_ms: u64,
        status: Option<u16>,
    ) -> Result<Vec<u8>, Failure> {
        let shards = answer.shards;
        let mut out = JsonWriter::new();
        let mut done = Ok(());
        out.object(|out| {
            out.name("took").whole(took_ms);
            out.name("timed_out").bool(false);
            if let Some(early) = answer.terminated_early {
                out.name("terminated_early").bool(early);
            }
            let phases = phases(shards, self.batch);
            if phases > 1 {
                out.name("num_reduce_phases").whole(phases);
            }
            out.name("_shards").value(&searched_shards(answer));
            out.name("hits").object(|out| done = self.hits(answer, out));
            if !answer.aggregations.is_empty() {
                out.name("aggregations").object(|out| {
                    aggregations::aggregations(&answer.aggregations, self.typed_keys, out);
                });
            }
            if let Some(status) = status {
                out.name("status").whole(status);
            }
        });
        done.map(|()| out.finish())
    }
}

/// Writes how many shards were searched, and which could not be.
pub fn searched_shards(answer: &SearchAnswer) -> Value {
    let total = answer.shards;
    let failed: u64 = answer.failed.iter().map(|index| index.shards).sum();
    let successful = total.saturating_sub(failed);
    let mut shards =
        json!({ "total": total, "successful": successful, "skipped": 0, "failed": failed });
    if !answer.failed.is_empty() {
        let failures = answer.failed.iter();
        shards["failures"] = failures
            .map(|index| failed_shard(&index.index, &index.failure))
            .collect();
    }
    shards
}

/// In how many turns Elasticsearch puts the answers of so many shards together: once a batch is full, it becomes one
/// answer of the next; what is left at the end is a turn of its own.
fn phases(shards: u64, batch: u64) -> u64 {
    match shards.checked_sub(batch.saturating_add(1)) {
        None => 1,
        Some(rest) => 2 + rest / batch.saturating_sub(1).max(1),
    }
}
