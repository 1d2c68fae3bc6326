//! `_cat`.

use super::Answered;
use super::call::Call;
use super::cluster::color;
use super::indices::{named, named_with};
use super::reply::Reply;
use document::Failure;
use elastic::{CAT_PARAMS, Column, NAME_PARAMS, NameOptions, Printed, Table, bytes_text};
use jiff::Timestamp;
use serde_json::Value;

fn column(name: &'static str, aliases: &'static [&'static str], number: bool) -> Column {
    Column {
        name,
        aliases,
        shown: true,
        number,
    }
}

fn allow(call: &Call) -> Result<(), Failure> {
    let mut allowed = CAT_PARAMS.to_vec();
    allowed.extend(NAME_PARAMS);
    allowed.extend([
        "health",
        "pri",
        "master_timeout",
        "include_unloaded_segments",
        "ts",
    ]);
    call.params.allow(&allowed)
}

fn printed(call: &Call, table: Table) -> Answered {
    Ok(match table.print(&call.params, call.accepts_json)? {
        Printed::Text(text) => Reply::text(text),
        Printed::Json(value) => Reply::ok(value),
    })
}

/// `GET /_cat`.
pub(super) fn list(call: &Call) -> Answered {
    call.params.allow(&[])?;
    let paths = [
        "indices",
        "indices/{index}",
        "count",
        "count/{index}",
        "health",
    ];
    let lines = paths.iter().map(|path| format!("/_cat/{path}\n"));
    Ok(Reply::text(format!("=^.^=\n{}", lines.collect::<String>())))
}

/// `GET /_cat/indices`.
pub(super) async fn indices(call: &Call, index: &str) -> Answered {
    allow(call)?;
    let wanted = call.params.text("health").map(str::to_ascii_lowercase);
    if let Some(unknown) = &wanted
        && !["green", "yellow", "red"].contains(&unknown.as_str())
    {
        let reason = format!("unknown cluster health status [{unknown}]");
        return Err(Failure::illegal_argument(reason));
    }
    let unit = call.params.text("bytes");
    let mut rows = Vec::new();
    for status in named(call, index).await? {
        let health = color(std::slice::from_ref(&status));
        if wanted.as_ref().is_some_and(|wanted| wanted != health) {
            continue;
        }
        let setting = |name: &str| {
            let given = status.settings.get(name).and_then(Value::as_str);
            given.unwrap_or("1").to_owned()
        };
        let size = size(status.bytes, unit)?;
        rows.push(vec![
            health.to_owned(),
            "open".to_owned(),
            status.name.clone(),
            status.settings.uuid.clone(),
            setting("number_of_shards"),
            setting("number_of_replicas"),
            status.documents_and_nested.to_string(),
            status.deleted.to_string(),
            size.clone(),
            size.clone(),
            size,
            status.settings.created_ms.to_string(),
            time(status.settings.created_ms),
        ]);
    }
    let mut columns = vec![
        column("health", &["h"], false),
        column("status", &["s"], false),
        column("index", &["i", "idx"], false),
        column("uuid", &["id"], false),
        column("pri", &["p", "shards.primary", "shardsPrimary"], true),
        column("rep", &["r", "shards.replica", "shardsReplica"], true),
        column("docs.count", &["dc", "docsCount"], true),
        column("docs.deleted", &["dd", "docsDeleted"], true),
        column("store.size", &["ss", "storeSize"], true),
        column("pri.store.size", &[], true),
        column("dataset.size", &[], true),
        column("creation.date", &["cd"], true),
        column("creation.date.string", &["cds"], false),
    ];
    for column in &mut columns {
        // Answers as 7.x gave them have no sizes of datasets.
        let later = call.typed && column.name == "dataset.size";
        if later || column.name.starts_with("creation.date") {
            column.shown = false;
        }
    }
    printed(call, Table { columns, rows })
}

fn size(bytes: u64, unit: Option<&str>) -> Result<String, Failure> {
    let divisor = match unit {
        None => return Ok(bytes_text(bytes)),
        Some("b") => 1,
        Some("kb" | "k") => 1 << 10,
        Some("mb" | "m") => 1 << 20,
        Some("gb" | "g") => 1 << 30,
        Some(other) => {
            return Err(Failure::illegal_argument(format!(
                "unknown unit of bytes [{other}], expected b, kb, mb or gb"
            )));
        }
    };
    Ok((bytes / divisor).to_string())
}

fn time(ms: i64) -> String {
    let stamp = Timestamp::from_millisecond(ms);
    stamp.map_or_else(|_| String::new(), |stamp| format!("{stamp:.3}"))
}

fn clock(ms: i64) -> (String, String) {
    let stamp = Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH);
    (
        stamp.as_second().to_string(),
        stamp.strftime("%H:%M:%S").to_string(),
    )
}

/// `GET /_cat/count`.
pub(super) async fn count(call: &Call, index: &str) -> Answered {
    allow(call)?;
    let documents: u64 = named(call, index)
        .await?
        .iter()
        .map(|status| status.documents)
        .sum();
    let (epoch, clock) = clock(call.now_ms);
    let columns = vec![
        column("epoch", &["t", "time"], false),
        column("timestamp", &["ts", "hms", "hhmmss"], false),
        column("count", &["dc", "docs.count", "docsCount"], false),
    ];
    let rows = vec![vec![epoch, clock, documents.to_string()]];
    printed(call, Table { columns, rows })
}

/// `GET /_cat/health`.
pub(super) async fn health(call: &Call) -> Answered {
    allow(call)?;
    let options = NameOptions {
        expand: elastic::Expand::Everything,
        ..NameOptions::parse(&call.params)?
    };
    let found = named_with(call, "", options).await?;
    let (epoch, clock) = clock(call.now_ms);
    let shards = found.len().to_string();
    let columns = vec![
        column("epoch", &["t", "time"], false),
        column("timestamp", &["ts", "hms", "hhmmss"], false),
        column("cluster", &["cl"], false),
        column("status", &["st"], false),
        column("node.total", &["nt", "nodeTotal"], true),
        column("node.data", &["nd", "nodeData"], true),
        column("shards", &["t", "sh", "shards.total", "shardsTotal"], true),
        column("pri", &["p", "shards.primary", "shardsPrimary"], true),
        column("relo", &["r", "shards.relocating"], true),
        column("init", &["i", "shards.initializing"], true),
        column("unassign", &["u", "shards.unassigned"], true),
        column("unassign.pri", &["up"], true),
        column("pending_tasks", &["pt"], true),
        column("max_task_wait_time", &["mtwt"], false),
        column("active_shards_percent", &["asp"], true),
    ];
    let none = || "0".to_owned();
    let rows = vec![vec![
        epoch,
        clock,
        "eidetic".to_owned(),
        color(&found).to_owned(),
        "1".to_owned(),
        "1".to_owned(),
        shards.clone(),
        shards,
        none(),
        none(),
        none(),
        none(),
        none(),
        "-".to_owned(),
        "100.0%".to_owned(),
    ]];
    printed(call, Table { columns, rows })
}
