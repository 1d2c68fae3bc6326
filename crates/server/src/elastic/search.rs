//! Searches.

use super::Answered;
use super::call::Call;
use super::indices::{checked_names, named_with, names_with};
use super::reply::Reply;
use document::{Cause, Failure, FieldKind};
use elastic::{
    COUNT_PARAMS, MULTI_SEARCH_PARAMS, NAME_PARAMS, NameOptions, QueryBody, SEARCH_PARAMS,
    SearchBody,
};
use query::{Retriever, SearchRequest, TrackTotal};
use serde_json::json;
use std::time::Instant;

fn allow(call: &Call, own: &[&str]) -> Result<(), Failure> {
    let mut allowed = own.to_vec();
    allowed.extend(NAME_PARAMS);
    call.allow_source(&allowed)
}

/// What is answered to a search that failed in its indices.
fn failed(failure: &Failure, names: &[String]) -> (u16, Vec<u8>) {
    let index = names.first().map_or("", String::as_str);
    let status = elastic::status(failure);
    let error = elastic::search_error_object(failure, index);
    let body = json!({ "error": error, "status": status });
    (status, body.to_string().into_bytes())
}

/// Searches, and tells failures as Elasticsearch tells those of its shards. The answer to one of several says its
/// status.
async fn run(
    call: &Call,
    expression: &str,
    options: NameOptions,
    search: Result<SearchBody, Failure>,
    one_of_several: bool,
) -> Result<(u16, Vec<u8>), Failure> {
    let started = Instant::now();
    let mut search = match search {
        Ok(search) => search.understood(call.typed)?,
        // It is an index that refuses, so there must be one.
        Err(failure) => {
            let names = checked_names(call, expression, options).await?;
            return Ok(failed(&failure, &names));
        }
    };
    if let Err(failure) = search.check() {
        let names = checked_names(call, expression, options).await?;
        // What is wrong with the query is found before.
        let first = call.backend().search(&names, search.looked_at_first());
        return Ok(match first.await {
            Ok(_) => failed(&failure, &names),
            Err(error) => failed(&error.failure, &names),
        });
    }
    search.form.typed = call.typed;
    if search.form.source.exclude_vectors {
        let vectors = vector_fields(call, expression, options).await?;
        search.form.source.excludes.extend(vectors);
    }
    let names = names_with(call, expression, options).await?;
    let mut answer = match call.backend().search(&names, search.request).await {
        Ok(answer) => answer,
        Err(error) => return Ok(failed(&error.failure, &names)),
    };
    if names.is_empty() {
        // Where nobody was asked Elasticsearch has a score all the same.
        answer.max_score = Some(0.0);
    }
    let took = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let status = one_of_several.then_some(200);
    let body = search.form.print(&answer, took, status)?;
    Ok((200, body))
}

/// Answers the paths in sources at which vectors lie.
async fn vector_fields(
    call: &Call,
    expression: &str,
    options: NameOptions,
) -> Result<Vec<String>, Failure> {
    let found = named_with(call, expression, options).await?;
    let leaves = found.iter().flat_map(|status| status.mapping.leaves());
    let vectors = leaves.filter(|leaf| matches!(leaf.kind, FieldKind::DenseVector(_)));
    Ok(vectors.map(|leaf| leaf.source).collect())
}

/// Passes on what an index refuses; what is wrong with the request itself is the whole answer.
fn refused<T>(read: Result<T, Failure>) -> Result<Result<T, Failure>, Failure> {
    match read {
        Err(failure) if failure.cause != Cause::QueryShard => Err(failure),
        read => Ok(read),
    }
}

/// `/{index}/_search`.
pub(super) async fn search(call: &Call, index: &str) -> Answered {
    allow(call, &SEARCH_PARAMS)?;
    let search = refused(SearchBody::parse(&call.body, &call.params, call.now_ms))?;
    let options = NameOptions::parse(&call.params)?;
    let (status, body) = run(call, index, options, search, false).await?;
    Ok(Reply::raw(status, body))
}

/// `/{index}/_msearch`.
pub(super) async fn msearch(call: &Call, index: &str) -> Answered {
    allow(call, &MULTI_SEARCH_PARAMS)?;
    let started = Instant::now();
    let options = NameOptions::parse(&call.params)?;
    let items = elastic::parse_multi_search(&call.body, &call.params, options, call.now_ms)?;
    let mut responses: Vec<u8> = Vec::new();
    for item in items {
        let indices = item.indices.as_deref().unwrap_or(index);
        if !responses.is_empty() {
            responses.push(b',');
        }
        match run(call, indices, item.names, item.search, true).await {
            Ok((_, body)) => responses.extend(body),
            Err(failure) => {
                let said = elastic::error_answer(&failure);
                responses.extend(said.to_string().into_bytes());
            }
        }
    }
    let took = started.elapsed().as_millis();
    let mut body = format!("{{\"took\":{took},\"responses\":[").into_bytes();
    body.extend(responses);
    body.extend(b"]}");
    Ok(Reply::raw(200, body))
}

/// `/{index}/_count`.
pub(super) async fn count(call: &Call, index: &str) -> Answered {
    allow(call, &COUNT_PARAMS)?;
    let options = NameOptions::parse(&call.params)?;
    let asked = match refused(QueryBody::parse(&call.body, &call.params, call.now_ms))? {
        Ok(asked) => asked,
        Err(failure) => {
            let names = checked_names(call, index, options).await?;
            let (status, body) = failed(&failure, &names);
            return Ok(Reply::raw(status, body));
        }
    };
    let names = names_with(call, index, options).await?;
    let request = SearchRequest {
        size: 0,
        track_total: TrackTotal::All,
        min_score: asked.min_score,
        terminate_after: asked.terminate_after,
        partial: true,
        ..SearchRequest::new(Retriever::Standard(asked.query))
    };
    match call.backend().search(&names, request).await {
        Ok(answer) => {
            let mut said = json!({
                "count": answer.total,
                "_shards": elastic::searched_shards(&answer),
            });
            if let (Some(early), Some(said)) = (answer.terminated_early, said.as_object_mut()) {
                said.shift_insert(0, "terminated_early".to_owned(), early.into());
            }
            Ok(Reply::ok(said))
        }
        Err(error) => {
            let (status, body) = failed(&error.failure, &names);
            Ok(Reply::raw(status, body))
        }
    }
}
