//! What the address of a search says.

use super::body::{Parts, check_timeout, from, size_of, terminate_after, track_total};
use super::context::Context;
use super::query::{Language, analyzer_named, operator_named, typed};
use super::{fetch, sort};
use crate::reading::number_format;
use crate::{SourceFilter, UrlParams};
use document::Failure;
use query::{DateReading, Query, TrackTotal};

/// What the address of `_search` may say besides what every address may.
pub const SEARCH_PARAMS: [&str; 45] = [
    "_source",
    "_source_excludes",
    "_source_includes",
    "allow_no_indices",
    "allow_partial_search_results",
    "analyze_wildcard",
    "analyzer",
    "batched_reduce_size",
    "ccs_minimize_roundtrips",
    "default_operator",
    "df",
    "docvalue_fields",
    "expand_wildcards",
    "explain",
    "force_synthetic_source",
    "from",
    "ignore_throttled",
    "ignore_unavailable",
    "include_named_queries_score",
    "lenient",
    "max_concurrent_shard_requests",
    "min_compatible_shard_node",
    "pre_filter_shard_size",
    "preference",
    "q",
    "request_cache",
    "rest_total_hits_as_int",
    "routing",
    "scroll",
    "search_type",
    "seq_no_primary_term",
    "size",
    "sort",
    "stats",
    "stored_fields",
    "suggest_field",
    "suggest_mode",
    "suggest_size",
    "suggest_text",
    "terminate_after",
    "timeout",
    "track_scores",
    "track_total_hits",
    "typed_keys",
    "version",
];

/// What the address of `_msearch` may say besides what every address may.
pub const MULTI_SEARCH_PARAMS: [&str; 12] = [
    "allow_no_indices",
    "ccs_minimize_roundtrips",
    "expand_wildcards",
    "ignore_throttled",
    "ignore_unavailable",
    "include_named_queries_score",
    "max_concurrent_searches",
    "max_concurrent_shard_requests",
    "pre_filter_shard_size",
    "rest_total_hits_as_int",
    "search_type",
    "typed_keys",
];

/// What the address of `_count` may say besides what every address may.
pub const COUNT_PARAMS: [&str; 14] = [
    "allow_no_indices",
    "analyze_wildcard",
    "analyzer",
    "default_operator",
    "df",
    "expand_wildcards",
    "ignore_throttled",
    "ignore_unavailable",
    "lenient",
    "min_score",
    "preference",
    "q",
    "routing",
    "terminate_after",
];

/// What says how the text of `q` is read.
const OF_TYPED: [&str; 5] = [
    "df",
    "analyzer",
    "analyze_wildcard",
    "lenient",
    "default_operator",
];

/// The body, or what stands for it in the address.
pub(super) fn body<'b>(body: &'b [u8], params: &'b UrlParams) -> Result<&'b [u8], Failure> {
    if !body.is_empty() {
        return Ok(body);
    }
    Ok(params.source()?.map_or(body, str::as_bytes))
}

/// Reads the query in an address.
pub(super) fn typed_query(params: &UrlParams, now_ms: i64) -> Result<Option<Query>, Failure> {
    let Some(text) = params.get("q") else {
        let said: Vec<&str> = OF_TYPED
            .into_iter()
            .filter(|name| params.get(name).is_some())
            .collect();
        if said.is_empty() {
            return Ok(None);
        }
        return Err(Failure::illegal_argument(format!(
            "request [{}] contains parameters [{}] but missing query string parameter 'q'.",
            params.path(),
            said.join(", ")
        )));
    };
    let mut language = Language {
        lenient: match params.get("lenient") {
            Some(_) => Some(params.flag("lenient", false)?),
            None => None,
        },
        ..Language::default()
    };
    params.flag("analyze_wildcard", false)?;
    if let Some(field) = params.text("df") {
        language.read.default_fields = vec![(field.to_owned(), 1.0)];
    }
    if let Some(operator) = params.text("default_operator") {
        language.read.default_operator = operator_named(operator)?;
    }
    if let Some(name) = params.text("analyzer") {
        language.analyzer = Some(analyzer_named("query_string", name)?);
    }
    let dates = DateReading {
        now_ms,
        ..DateReading::default()
    };
    typed(&language, text, &dates).map(Some)
}

/// Reads a number of 32 bits.
pub(super) fn float(params: &UrlParams, name: &str) -> Result<Option<f32>, Failure> {
    let Some(text) = params.text(name) else {
        return Ok(None);
    };
    text.parse().map(Some).map_err(|_| {
        let reason = format!("Failed to parse float parameter [{name}] with value [{text}]");
        Failure::illegal_argument(reason).caused_by(number_format(text))
    })
}

fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
}

/// Adds what an address says to what the body says; the address counts where both say something.
pub(super) fn apply(
    parts: &mut Parts,
    params: &UrlParams,
    context: &Context<'_>,
) -> Result<(), Failure> {
    let wrong = |reason: String| Failure::illegal_argument(reason);
    if let Some(query) = typed_query(params, context.now_ms)? {
        parts.query = Some(query);
    }
    if let Some(number) = params.number("from")? {
        parts.request.from = from(number).map_err(wrong)?;
    }
    if let Some(number) = params.number("size")? {
        parts.request.size = size_of(number).map_err(wrong)?;
    }
    if let Some(number) = params.number("terminate_after")? {
        parts.request.terminate_after = terminate_after(number).map_err(wrong)?;
    }
    if let Some(text) = params.text("timeout") {
        check_timeout(text)?;
    }
    if let Some(filter) = SourceFilter::of_address(params)? {
        parts.source = Some(filter);
    }
    if let Some(names) = params.text("stored_fields") {
        parts.stored_fields = Some(list(names).map(str::to_owned).collect());
    }
    if let Some(names) = params.text("docvalue_fields") {
        let fields = list(names).map(fetch::named);
        parts.request.fetch.docvalue_fields.extend(fields);
    }
    if let Some(sorts) = params.text("sort") {
        parts.request.sort.extend(sort::sort_parameter(sorts));
    }
    match params.text("track_total_hits") {
        None => {}
        Some("true") => parts.track_total = Some(TrackTotal::All),
        Some("false") => parts.track_total = Some(TrackTotal::No),
        Some(_) => {
            let limit = params.number("track_total_hits")?.unwrap_or_default();
            parts.track_total = Some(track_total(limit).map_err(wrong)?);
        }
    }
    parts.version = params.flag("version", parts.version)?;
    parts.seq_no_primary_term = params.flag("seq_no_primary_term", parts.seq_no_primary_term)?;
    parts.request.track_scores = params.flag("track_scores", parts.request.track_scores)?;
    parts.request.partial = params.flag("allow_partial_search_results", true)?;
    check_others(params)
}

/// Checks what changes nothing, and refuses what is not served yet.
fn check_others(params: &UrlParams) -> Result<(), Failure> {
    for name in ["ccs_minimize_roundtrips", "request_cache"] {
        params.flag(name, true)?;
    }
    for name in [
        "explain",
        "include_named_queries_score",
        "force_synthetic_source",
    ] {
        if params.flag(name, false)? {
            return Err(Failure::illegal_argument(format!(
                "[{name}] is not supported"
            )));
        }
    }
    for name in ["scroll", "suggest_field", "suggest_text"] {
        if params.get(name).is_some() {
            return Err(Failure::illegal_argument(format!(
                "[{name}] is not supported"
            )));
        }
    }
    check_bounds(params)?;
    check_search_type(params.text("search_type"))
}

/// Checks how shards are asked, which changes nothing for one that is on this machine.
fn check_bounds(params: &UrlParams) -> Result<(), Failure> {
    for (name, shown, least) in [
        ("batched_reduce_size", "batchedReduceSize", 2),
        ("pre_filter_shard_size", "preFilterShardSize", 1),
        (
            "max_concurrent_shard_requests",
            "maxConcurrentShardRequests",
            1,
        ),
    ] {
        if params.number(name)?.is_some_and(|number| number < least) {
            return Err(Failure::illegal_argument(format!(
                "{shown} must be >= {least}"
            )));
        }
    }
    Ok(())
}

/// Checks how many of several searches run at the same time, which is one, and how each asks its shards.
pub(super) fn check_concurrency(params: &UrlParams) -> Result<(), Failure> {
    let searches = params.number("max_concurrent_searches")?;
    if searches.is_some_and(|searches| searches < 1) {
        return Err(Failure::illegal_argument(
            "maxConcurrentSearchRequests must be positive",
        ));
    }
    check_bounds(params)
}

/// Checks in which turns shards are asked; there is one.
pub(super) fn check_search_type(name: Option<&str>) -> Result<(), Failure> {
    match name {
        None | Some("query_then_fetch" | "dfs_query_then_fetch") => Ok(()),
        Some(other) => Err(Failure::illegal_argument(format!(
            "No search type for [{other}]"
        ))),
    }
}
