//! Who answers, and how it is.

use super::Answered;
use super::call::Call;
use super::indices::named_with;
use super::reply::Reply;
use backends::IndexStatus;
use document::{Cause, Failure, ShardCounts};
use elastic::{ActiveShards, NameOptions, UrlParams};
use serde_json::{Value, json};

/// The version of Elasticsearch whose API this is.
pub(super) const VERSION: &str = "8.19.7";
/// The version of Lucene in it, which some clients read.
const LUCENE_VERSION: &str = "9.12.2";

/// `GET /`.
pub(super) fn root(call: &Call) -> Answered {
    call.params.allow(&[])?;
    Ok(Reply::ok(json!({
        "name": "eidetic",
        "cluster_name": "eidetic",
        "cluster_uuid": "_na_",
        "version": {
            "number": VERSION,
            "build_flavor": "default",
            "build_type": "tar",
            "build_hash": "unknown",
            "build_date": "2025-01-01T00:00:00.000000000Z",
            "build_snapshot": false,
            "lucene_version": LUCENE_VERSION,
            "minimum_wire_compatibility_version": "7.17.0",
            "minimum_index_compatibility_version": "7.0.0",
        },
        "tagline": "You Know, for Search",
        "product": { "name": "eidetic", "version": env!("CARGO_PKG_VERSION") },
    })))
}

/// The shards that indices have, and their copies that there is no second node for.
fn shards(indices: &[IndexStatus]) -> (u64, u64) {
    indices.iter().fold((0, 0), |(primaries, copies), status| {
        let shards = ShardCounts::of(&status.settings);
        let unplaced = shards.primaries.saturating_mul(shards.replicas);
        (
            primaries + shards.primaries,
            u64::saturating_add(copies, unplaced),
        )
    })
}

/// What the colour says: green when every copy has its place, which copies of one node's shards never have.
pub(super) fn color(indices: &[IndexStatus]) -> &'static str {
    match shards(indices) {
        (_, 0) => "green",
        _ => "yellow",
    }
}

/// `GET /_cluster/health`.
pub(super) async fn health(call: &Call, index: &str) -> Answered {
    call.params.allow(&[
        "level",
        "local",
        "master_timeout",
        "timeout",
        "wait_for_active_shards",
        "wait_for_events",
        "wait_for_no_initializing_shards",
        "wait_for_no_relocating_shards",
        "wait_for_nodes",
        "wait_for_status",
        "expand_wildcards",
        "return_200_for_cluster_health_timeout",
    ])?;
    let level = call.params.text("level").unwrap_or("cluster");
    if !["cluster", "indices", "shards"].contains(&level) {
        return Err(Failure::illegal_argument(format!(
            "level parameter must be one of [cluster] or [indices] or [shards] but was [{level}]"
        )));
    }
    for name in ["timeout", "master_timeout"] {
        call.params.time(name)?;
    }
    // An index that is not there may still come; until then its health is red.
    let options = NameOptions {
        ignore_unavailable: true,
        // Hidden indices count unless they are not to.
        expand: match call.params.text("expand_wildcards") {
            None => elastic::Expand::Everything,
            Some(_) => NameOptions::parse(&call.params)?.expand,
        },
        ..NameOptions::parse(&call.params)?
    };
    let found = named_with(call, index, options).await?;
    let is_there = |name: &str| found.iter().any(|status| status.name == name);
    let plain = |name: &&str| !name.is_empty() && !name.contains('*') && *name != "_all";
    let missing = index.split(',').filter(plain).any(|name| !is_there(name));
    let (primaries, copies) = shards(&found);
    let color = if missing { "red" } else { color(&found) };
    let wanted = call.params.text("wait_for_status").unwrap_or("red");
    let met = match wanted.to_ascii_lowercase().as_str() {
        "red" => true,
        "yellow" => color != "red",
        "green" => color == "green",
        _ => {
            return Err(Failure::illegal_argument(format!(
                "No enum constant org.elasticsearch.cluster.health.ClusterHealthStatus.{}",
                wanted.to_ascii_uppercase()
            )));
        }
    };
    let met = met
        && !missing
        && has_nodes(&call.params)?
        && has_active_shards(&call.params, primaries, copies)?;
    let all = primaries.saturating_add(copies);
    let percent = if all == 0 {
        100.0
    } else {
        primaries as f64 * 100.0 / all as f64
    };
    let mut body = json!({
        "cluster_name": "eidetic",
        "status": color,
        "timed_out": !met,
        "number_of_nodes": 1,
        "number_of_data_nodes": 1,
        "active_primary_shards": primaries,
        "active_shards": primaries,
        "relocating_shards": 0,
        "initializing_shards": 0,
        "unassigned_shards": copies,
        "unassigned_primary_shards": 0,
        "delayed_unassigned_shards": 0,
        "number_of_pending_tasks": 0,
        "number_of_in_flight_fetch": 0,
        "task_max_waiting_in_queue_millis": 0,
        "active_shards_percent_as_number": percent,
    });
    if level != "cluster" {
        let indices = found.iter().map(|status| {
            let (primaries, copies) = shards(std::slice::from_ref(status));
            let mut body = json!({
                "status": self::color(std::slice::from_ref(status)),
                "number_of_shards": primaries,
                "number_of_replicas": copies.checked_div(primaries).unwrap_or(0),
                "active_primary_shards": primaries,
                "active_shards": primaries,
                "relocating_shards": 0,
                "initializing_shards": 0,
                "unassigned_shards": copies,
                "unassigned_primary_shards": 0,
            });
            if let (Value::Object(members), "shards") = (&mut body, level) {
                members.insert("shards".to_owned(), each_shard(primaries, copies));
            }
            (status.name.clone(), body)
        });
        let indices: serde_json::Map<String, Value> = indices.collect();
        if let Value::Object(members) = &mut body {
            members.insert("indices".to_owned(), Value::Object(indices));
        }
    }
    let status = if met { 200 } else { 408 };
    Ok(Reply::with_status(status, body))
}

/// What is said of each shard of an index.
fn each_shard(primaries: u64, copies: u64) -> Value {
    let unplaced = copies.checked_div(primaries).unwrap_or(0);
    let shards = (0..primaries).map(|number| {
        let body = json!({
            "status": if unplaced == 0 { "green" } else { "yellow" },
            "primary_active": true,
            "active_shards": 1,
            "relocating_shards": 0,
            "initializing_shards": 0,
            "unassigned_shards": unplaced,
            "unassigned_primary_shards": 0,
        });
        (number.to_string(), body)
    });
    Value::Object(shards.collect())
}

type Compare = fn(&i64, &i64) -> bool;

/// How numbers are compared: by a sign, or by a name with brackets.
const COMPARISONS: [(&str, &str, Compare); 4] = [
    (">=", "ge(", i64::ge),
    ("<=", "le(", i64::le),
    (">", "gt(", i64::gt),
    ("<", "lt(", i64::lt),
];

/// Whether there are as many nodes as are waited for: there is one.
fn has_nodes(params: &UrlParams) -> Result<bool, Failure> {
    const NODES: i64 = 1;
    let Some(wanted) = params.text("wait_for_nodes") else {
        return Ok(true);
    };
    let compared = COMPARISONS.iter().find_map(|(sign, name, compare)| {
        let named = wanted.strip_prefix(name);
        let named = named.and_then(|number| number.strip_suffix(')'));
        Some((wanted.strip_prefix(sign).or(named)?, *compare))
    });
    let (number, compare) = compared.unwrap_or((wanted, i64::eq));
    let number: i64 = number.trim().parse().map_err(|_| {
        Failure::new(
            Cause::NumberFormat,
            format!("For input string: \"{number}\""),
        )
    })?;
    Ok(compare(&NODES, &number))
}

/// Whether as many copies of shards work as are waited for.
fn has_active_shards(params: &UrlParams, primaries: u64, copies: u64) -> Result<bool, Failure> {
    Ok(match params.active_shards()? {
        None => true,
        Some(ActiveShards::All) => copies == 0,
        Some(ActiveShards::Least(wanted)) => primaries >= wanted,
    })
}
