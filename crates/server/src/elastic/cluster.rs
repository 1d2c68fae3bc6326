//! Who answers, and how it is.

use super::Answered;
use super::call::Call;
use super::indices::named;
use super::reply::Reply;
use backends::IndexStatus;
use document::Failure;
use serde_json::{Value, json};

/// The version of Elasticsearch whose API this is.
const VERSION: &str = "8.19.7";
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

/// The shards that indices have, with and without copies that there is no second node for.
fn shards(indices: &[IndexStatus]) -> (u64, u64) {
    let number = |status: &IndexStatus, name: &str| -> u64 {
        let given = status.settings.get(name).and_then(Value::as_str);
        given.and_then(|text| text.parse().ok()).unwrap_or(1)
    };
    indices.iter().fold((0, 0), |(primaries, copies), status| {
        let shards = number(status, "number_of_shards");
        let replicas = number(status, "number_of_replicas");
        (
            primaries + shards,
            copies.saturating_add(shards.saturating_mul(replicas)),
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
    let found = named(call, index).await?;
    let (primaries, copies) = shards(&found);
    let color = color(&found);
    let met = match call.params.text("wait_for_status") {
        None | Some("red" | "yellow" | "RED" | "YELLOW") => true,
        Some("green" | "GREEN") => color == "green",
        Some(other) => {
            return Err(Failure::illegal_argument(format!(
                "unknown cluster health status [{other}]"
            )));
        }
    };
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
    if matches!(call.params.text("level"), Some("indices" | "shards")) {
        let indices = found.iter().map(|status| {
            let (primaries, copies) = shards(std::slice::from_ref(status));
            let body = json!({
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
