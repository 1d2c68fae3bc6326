//! Documents where their routing says that they are.
//!
//! There is one shard, and an id names one document. An index that says it has several answers as if it had them: who
//! looks for a document by another routing than it was written by, and would look in another shard, finds nothing.

use super::call::Call;
use document::{Cause, Failure, GetOptions, ShardCounts, Stored};

/// Whether a document that is there lies in another shard than the one in which it is looked for.
pub(super) async fn is_elsewhere(
    call: &Call,
    index: &str,
    found: &Stored,
    routing: Option<&str>,
) -> Result<bool, Failure> {
    let id = found.id.as_str();
    let written = found.document.routing.as_deref().unwrap_or(id);
    let asked = routing.unwrap_or(id);
    if written == asked {
        return Ok(false);
    }
    let settings = call.backend().settings(index).await;
    let shards = ShardCounts::of(&settings.map_err(|error| error.failure)?);
    Ok(shards.shard_of(written) != shards.shard_of(asked))
}

/// Whether a write to a document by an address's routing would go to another shard than the document lies in.
pub(super) async fn misses(
    call: &Call,
    index: &str,
    id: &str,
    routing: Option<&str>,
) -> Result<bool, Failure> {
    let options = GetOptions {
        routing: routing.map(str::to_owned),
        ..GetOptions::default()
    };
    match call.backend().get_with(index, id, &options).await {
        Ok(Some(found)) => is_elsewhere(call, index, &found.stored, routing).await,
        Ok(None) => Ok(false),
        // The write makes the index.
        Err(error) if error.failure.cause == Cause::IndexNotFound => Ok(false),
        Err(error) => Err(error.failure),
    }
}
