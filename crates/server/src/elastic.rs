//! Elasticsearch's API.
//!
//! | route | what |
//! |---|---|
//! | `GET\|HEAD /` | who answers |
//! | `PUT\|GET\|HEAD\|DELETE /{index}` | indices |
//! | `PUT\|POST\|GET /{index}/_mapping`, `PUT\|GET /{index}/_settings` | mappings and settings |
//! | `PUT\|POST\|GET\|HEAD\|DELETE /{index}/_doc/{id}`, `_create`, `_source`, `_update` | documents |
//! | `POST\|PUT /_bulk`, `GET\|POST /_mget` | many documents |
//! | `GET\|POST /_search`, `_msearch`, `_count` | searches |
//! | `GET\|POST /_refresh`, `_flush`, `POST /_forcemerge` | upkeep |
//! | `GET /_cat/…`, `GET /_cluster/health` | tables and health |
//!
//! Each is also served below an index where Elasticsearch has it there. Whatever is not served answers 400 or 405.

mod bulk;
mod call;
mod cat;
mod cluster;
mod documents;
mod indices;
mod methods;
mod reply;
mod routed;
mod search;
mod typed;

pub(crate) use call::Clients;
pub use call::Generation;

use crate::Shared;
use axum::extract::{Request, State};
use axum::http::Method;
use axum::response::Response;
use call::Call;
use document::Failure;
use reply::Reply;
use std::sync::Arc;

/// What the routes of Elasticsearch's API need.
#[derive(Clone)]
pub(crate) struct Served {
    pub(crate) catalog: Shared,
    pub(crate) clients: Arc<Clients>,
}

type Answered = Result<Reply, Failure>;

/// Answers whatever no other route takes.
pub(crate) async fn handle(State(served): State<Served>, request: Request) -> Response {
    let form = reply::Form::of(&request);
    let reply = match Call::read(request, &served).await {
        Ok(call) => answer(call).await,
        Err(reply) => *reply,
    };
    reply.into_response(&form)
}

async fn answer(mut call: Call) -> Reply {
    let parts = call.segments.clone();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let (segments, warning) = match typed::untyped(&call, &parts) {
        Some(untyped) => {
            // Whoever names a type is of a generation that reads it.
            call.before_eight |= !call.typed;
            call.typed = true;
            call.kind = Some(untyped.kind.to_owned());
            (untyped.segments, Some(untyped.warning))
        }
        None => (parts, None),
    };
    let call = &call;
    let answered = match route(call, &segments).await {
        Some(answered) => answered,
        None => return methods::not_served(call),
    };
    let reply = answered.unwrap_or_else(|failure| Reply::failed(&failure));
    match warning {
        Some(warning) => reply.warn(warning),
        None => reply,
    }
}

/// Finds what answers a request; none = nothing is served there.
async fn route(call: &Call, segments: &[&str]) -> Option<Answered> {
    let read = matches!(call.method, Method::GET | Method::HEAD);
    let get = call.method == Method::GET;
    let put = call.method == Method::PUT;
    let post = call.method == Method::POST;
    let write = put || post;
    let ask = get || post;
    let delete = call.method == Method::DELETE;
    Some(match segments {
        [] if read => cluster::root(call),
        ["_cluster", "health"] if get => cluster::health(call, "").await,
        ["_cluster", "health", index] if get => cluster::health(call, index).await,
        ["_cat"] if get => cat::list(call),
        ["_cat", "indices"] if get => cat::indices(call, "").await,
        ["_cat", "indices", index] if get => cat::indices(call, index).await,
        ["_cat", "count"] if get => cat::count(call, "").await,
        ["_cat", "count", index] if get => cat::count(call, index).await,
        ["_cat", "health"] if get => cat::health(call).await,
        ["_bulk"] if write => bulk::bulk(call, None).await,
        ["_mget"] if ask => documents::mget(call, None).await,
        ["_search"] if ask => search::search(call, "").await,
        ["_msearch"] if ask => search::msearch(call, "").await,
        ["_count"] if ask => search::count(call, "").await,
        ["_refresh"] if ask => indices::refresh(call, "").await,
        ["_flush"] if ask => indices::flush(call, "").await,
        ["_forcemerge"] if post => indices::force_merge(call, "").await,
        ["_mapping"] | ["_mappings"] if get => indices::mappings(call, "", None).await,
        ["_settings"] if get => indices::settings(call, "", None).await,
        ["_settings"] if put => indices::put_settings(call, "").await,
        ["_settings", names] if get => indices::settings(call, "", Some(names)).await,
        ["_mapping", "field", fields] if get => indices::mappings(call, "", Some(fields)).await,
        // A flush that marked what was flushed, before 8.
        ["_flush", "synced"] if ask && call.typed => indices::flush(call, "").await,
        [index, "_flush", "synced"] if ask && call.typed => indices::flush(call, index).await,
        [name, ..] if name.starts_with('_') && !is_expression(name) => {
            match segments {
                // As Elasticsearch, a name that no index can have is told so.
                [name] if put => return Some(indices::create(call, name).await),
                _ => return None,
            }
        }
        [index] if put => indices::create(call, index).await,
        [index] if call.method == Method::HEAD => indices::exists(call, index).await,
        [index] if get => indices::get(call, index).await,
        [index] if delete => indices::delete(call, index).await,
        [index, "_bulk"] if write => bulk::bulk(call, Some(index)).await,
        [index, "_mget"] if ask => documents::mget(call, Some(index)).await,
        [index, "_search"] if ask => search::search(call, index).await,
        [index, "_msearch"] if ask => search::msearch(call, index).await,
        [index, "_count"] if ask => search::count(call, index).await,
        [index, "_refresh"] if ask => indices::refresh(call, index).await,
        [index, "_flush"] if ask => indices::flush(call, index).await,
        [index, "_forcemerge"] if post => indices::force_merge(call, index).await,
        [index, "_mapping" | "_mappings"] if write => indices::put_mapping(call, index).await,
        [index, "_mapping" | "_mappings"] if get => indices::mappings(call, index, None).await,
        [index, "_mapping", "field", fields] if get => {
            indices::mappings(call, index, Some(fields)).await
        }
        [index, "_settings"] if put => indices::put_settings(call, index).await,
        [index, "_settings"] if get => indices::settings(call, index, None).await,
        [index, "_settings", names] if get => indices::settings(call, index, Some(names)).await,
        [index, "_doc"] if post => documents::index(call, index, None, false).await,
        [index, "_doc", id] if write => documents::index(call, index, Some(id), false).await,
        [index, "_create", id] if write => documents::index(call, index, Some(id), true).await,
        [index, "_doc", id] if read => documents::get(call, index, id).await,
        [index, "_doc", id] if delete => documents::delete(call, index, id).await,
        [index, "_source", id] if read => documents::source(call, index, id).await,
        [index, "_update", id] if post => documents::update(call, index, id).await,
        _ => return None,
    })
}

/// Whether a name that starts with `_` names indices.
fn is_expression(name: &str) -> bool {
    name == "_all"
}
