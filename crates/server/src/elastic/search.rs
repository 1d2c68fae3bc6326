//! Searches.

use super::Answered;
use super::call::Call;
use super::indices::names;
use super::reply::Reply;
use document::Failure;
use elastic::{NAME_PARAMS, SEARCH_PARAMS, SearchBody};
use query::{Retriever, SearchAnswer, SearchRequest, TrackTotal};
use serde_json::{Value, json};
use std::time::Instant;

fn allow(call: &Call) -> Result<(), Failure> {
    let mut allowed = SEARCH_PARAMS.to_vec();
    allowed.extend(NAME_PARAMS);
    call.params.allow(&allowed)
}

/// Searches, and tells failures as Elasticsearch tells those of its shards.
async fn run(call: &Call, expression: &str, search: SearchBody) -> Result<(u16, Value), Failure> {
    let started = Instant::now();
    let mut search = search;
    search.form.typed = call.typed;
    let names = names(call, expression).await?;
    let answered = call.backend().search(&names, search.request).await;
    let answer: SearchAnswer = match answered {
        Ok(answer) => answer,
        Err(error) => {
            let failure = error.failure;
            let index = names.first().map_or("", String::as_str);
            let status = elastic::status(&failure);
            let error = elastic::search_error_object(&failure, index);
            return Ok((status, json!({ "error": error, "status": status })));
        }
    };
    let took = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok((200, search.form.print(&answer, took, names.len())?))
}

/// `/{index}/_search`.
pub(super) async fn search(call: &Call, index: &str) -> Answered {
    allow(call)?;
    let search = SearchBody::parse(&call.body, &call.params, call.now_ms)?;
    let (status, body) = run(call, index, search).await?;
    Ok(Reply::with_status(status, body))
}

/// `/{index}/_msearch`.
pub(super) async fn msearch(call: &Call, index: &str) -> Answered {
    let mut allowed = SEARCH_PARAMS.to_vec();
    allowed.extend(NAME_PARAMS);
    allowed.extend([
        "max_concurrent_searches",
        "max_concurrent_shard_requests",
        "type",
    ]);
    call.params.allow(&allowed)?;
    let started = Instant::now();
    let items = elastic::parse_msearch(&call.body, &call.params, call.now_ms)?;
    let mut responses = Vec::with_capacity(items.len());
    for item in items {
        let indices = item.indices.as_deref().unwrap_or(index);
        let answered = match item.search {
            Ok(search) => run(call, indices, search).await,
            Err(failure) => Err(failure),
        };
        responses.push(match answered {
            Ok((status, mut body)) => {
                if let Value::Object(members) = &mut body {
                    members.insert("status".to_owned(), status.into());
                }
                body
            }
            Err(failure) => elastic::error_answer(&failure),
        });
    }
    let took = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok(Reply::ok(json!({ "took": took, "responses": responses })))
}

/// `/{index}/_count`.
pub(super) async fn count(call: &Call, index: &str) -> Answered {
    allow(call)?;
    let query = elastic::parse_count(&call.body, &call.params, call.now_ms)?;
    let names = names(call, index).await?;
    let request = SearchRequest {
        size: 0,
        track_total: TrackTotal::All,
        ..SearchRequest::new(Retriever::Standard(query))
    };
    match call.backend().search(&names, request).await {
        Ok(answer) => {
            let shards = names.len();
            Ok(Reply::ok(json!({
                "count": answer.total,
                "_shards": { "total": shards, "successful": shards, "skipped": 0, "failed": 0 },
            })))
        }
        Err(error) => {
            let failure = error.failure;
            let index = names.first().map_or("", String::as_str);
            let status = elastic::status(&failure);
            let error = elastic::search_error_object(&failure, index);
            Ok(Reply::with_status(
                status,
                json!({ "error": error, "status": status }),
            ))
        }
    }
}
