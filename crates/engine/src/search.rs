//! Execution of searches over the snapshots of one or several indices.

mod collect;
mod compile;
mod fetch;
mod fuse;
mod knn;
mod lookup;
mod rank;
mod score;
mod script;
mod shard;

pub(crate) use fetch::stored_fields;
pub(crate) use lookup::resolve;

use crate::error::{EngineError, Result};
use crate::snapshot::Snapshot;
use document::{Cause, Failure, Phase};
use query::{FailedIndex, Fetch, SearchAnswer, SearchRequest, TrackTotal};
use shard::Shard;
use std::sync::Arc;

/// What a search is run with.
struct Context<'a> {
    shards: Vec<Shard<'a>>,
    request: &'a SearchRequest,
    /// Says true when nobody waits for the answer any more.
    stop: &'a (dyn Fn() -> bool + Sync),
}

pub(crate) fn search(
    snapshots: &[Arc<Snapshot>],
    request: &SearchRequest,
    stop: &(dyn Fn() -> bool + Sync),
) -> Result<SearchAnswer> {
    let whole = search_all(snapshots, request, stop);
    match &whole {
        Err(EngineError::Failed(failure))
            if request.partial && snapshots.len() > 1 && failure.phase == Phase::Index => {}
        _ => return whole,
    }
    // Asked one by one, each index says for itself whether it can be searched like that.
    let (mut able, mut failed) = (Vec::new(), Vec::new());
    for snapshot in snapshots {
        match search_all(std::slice::from_ref(snapshot), request, stop) {
            Ok(_) => able.push(Arc::clone(snapshot)),
            Err(EngineError::Failed(failure)) => failed.push(FailedIndex {
                index: snapshot.name.clone(),
                shards: snapshot.settings.shards(),
                failure: *failure,
            }),
            Err(other) => return Err(other),
        }
    }
    if able.is_empty() || failed.is_empty() {
        return whole;
    }
    let mut answer = search_all(&able, request, stop)?;
    answer.shards += failed.iter().map(|index| index.shards).sum::<u64>();
    answer.failed = failed;
    Ok(answer)
}

fn search_all(
    snapshots: &[Arc<Snapshot>],
    request: &SearchRequest,
    stop: &(dyn Fn() -> bool + Sync),
) -> Result<SearchAnswer> {
    let run = |request| {
        let shards = snapshots.iter().map(|snapshot| Shard::new(snapshot, stop));
        let context = Context {
            shards: shards.collect(),
            request,
            stop,
        };
        context.search()
    };
    if let Err(refusal) = check(snapshots, request) {
        // What is wrong with the query or the sort is found before.
        run(&SearchRequest {
            from: 0,
            size: 0,
            search_after: None,
            track_total: TrackTotal::No,
            aggregations: Vec::new(),
            fetch: Fetch::default(),
            ..request.clone()
        })?;
        return Err(refusal);
    }
    run(request)
}

fn check(snapshots: &[Arc<Snapshot>], request: &SearchRequest) -> Result<()> {
    let end = request.from.saturating_add(request.size);
    let fetch = &request.fetch;
    let (columns, scripts) = (fetch.docvalue_fields.len(), fetch.script_fields.len());
    for snapshot in snapshots {
        snapshot.settings.limits().check(end, columns, scripts)?;
    }
    let Some(after) = &request.search_after else {
        return Ok(());
    };
    if request.sort.is_empty() {
        return Err(Failure::illegal_argument("Sort must contain at least one field.").into());
    }
    if request.from > 0 {
        let reason = "[from] parameter must be set to 0 when [search_after] is used";
        return Err(Failure::new(Cause::Validation, reason).into());
    }
    let (values, keys) = (after.len(), request.sort.len());
    if values != keys {
        let reason = format!("search_after has {values} value(s) but sort has {keys}.");
        return Err(Failure::illegal_argument(reason).into());
    }
    Ok(())
}

fn stopped() -> EngineError {
    EngineError::Vectors(ann::Error::Stopped)
}
