//! The settings that indices can have, and what each may be.

use crate::params::ActiveShards;
use crate::reading::number_format;
use crate::suggest;
use crate::time_value::time_value;
use document::{Cause, Failure};
use serde_json::Value;

/// What a setting may be.
#[derive(Debug, Clone, Copy)]
enum Kind {
    /// A whole number, at least this.
    Least(i64),
    /// A whole number between these two, both allowed.
    Between(i64, i64),
    /// True or false.
    Flag,
    /// True or false, of which only the one that is so here can be asked for.
    Only(bool),
    /// A length of time; -1 stands for never.
    Time,
    /// A number of bytes with its unit.
    Bytes,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A number of copies that have to work, or `all`.
    ActiveShards,
    /// How many replicas there are at least and at most, `0-1` or `0-all`, or false.
    Range,
    /// Anything: it is kept and can be read back.
    Any,
}

/// A setting.
#[derive(Debug, Clone, Copy)]
struct Setting {
    /// Its name without `index.`; one that ends in a dot is the beginning of many.
    name: &'static str,
    kind: Kind,
    change: Change,
}

/// Whether a setting of a living index can change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    Always,
    /// Only while the index is closed.
    Closed,
    Never,
}

const fn dynamic(name: &'static str, kind: Kind) -> Setting {
    Setting {
        name,
        kind,
        change: Change::Always,
    }
}

const fn closed(name: &'static str, kind: Kind) -> Setting {
    Setting {
        name,
        kind,
        change: Change::Closed,
    }
}

const fn fixed(name: &'static str, kind: Kind) -> Setting {
    Setting {
        name,
        kind,
        change: Change::Never,
    }
}

/// The most shards that an index may be said to have.
const MAX_SHARDS: i64 = 1024;

const KNOWN: [Setting; 67] = [
    dynamic("allocation.max_retries", Kind::Least(0)),
    dynamic("auto_expand_replicas", Kind::Range),
    dynamic("blocks.metadata", Kind::Only(false)),
    dynamic("blocks.read", Kind::Only(false)),
    dynamic("blocks.read_only", Kind::Only(false)),
    dynamic("blocks.read_only_allow_delete", Kind::Only(false)),
    dynamic("blocks.write", Kind::Only(false)),
    closed("codec", Kind::Word(&["default", "best_compression"])),
    dynamic("compound_format", Kind::Any),
    dynamic("default_pipeline", Kind::Word(&["_none"])),
    closed("fielddata.", Kind::Any),
    dynamic("final_pipeline", Kind::Word(&["_none"])),
    dynamic("flush_after_merge", Kind::Any),
    closed("force_memory_term_dictionary", Kind::Flag),
    dynamic("gc_deletes", Kind::Time),
    dynamic("hidden", Kind::Flag),
    dynamic("highlight.max_analyzed_offset", Kind::Least(1)),
    dynamic("indexing.slowlog.", Kind::Any),
    closed("knn", Kind::Flag),
    dynamic("knn.", Kind::Any),
    dynamic("lifecycle.", Kind::Any),
    closed("load_fixed_bitset_filters_eagerly", Kind::Flag),
    closed("mapping.coerce", Kind::Only(true)),
    dynamic("mapping.depth.limit", Kind::Least(1)),
    dynamic("mapping.dimension_fields.limit", Kind::Least(0)),
    dynamic("mapping.field_name_length.limit", Kind::Least(1)),
    closed("mapping.ignore_malformed", Kind::Only(false)),
    dynamic("mapping.nested_fields.limit", Kind::Least(0)),
    dynamic("mapping.nested_objects.limit", Kind::Least(0)),
    dynamic(
        "mapping.total_fields.ignore_dynamic_beyond_limit",
        Kind::Only(false),
    ),
    dynamic("mapping.total_fields.limit", Kind::Least(0)),
    dynamic("max_adjacency_matrix_filters", Kind::Least(2)),
    dynamic("max_docvalue_fields_search", Kind::Least(0)),
    dynamic("max_inner_result_window", Kind::Least(1)),
    dynamic("max_ngram_diff", Kind::Least(0)),
    dynamic("max_refresh_listeners", Kind::Least(0)),
    dynamic("max_regex_length", Kind::Least(1)),
    dynamic("max_rescore_window", Kind::Least(1)),
    dynamic("max_result_window", Kind::Least(1)),
    dynamic("max_script_fields", Kind::Least(0)),
    dynamic("max_shingle_diff", Kind::Least(0)),
    dynamic("max_slices_per_scroll", Kind::Least(1)),
    dynamic("max_terms_count", Kind::Least(1)),
    dynamic("merge.policy.", Kind::Any),
    dynamic("merge.scheduler.", Kind::Any),
    closed("mode", Kind::Word(&["standard"])),
    dynamic("number_of_replicas", Kind::Least(0)),
    fixed("number_of_routing_shards", Kind::Least(1)),
    fixed("number_of_shards", Kind::Between(1, MAX_SHARDS)),
    dynamic("priority", Kind::Least(0)),
    dynamic("query.default_field", Kind::Any),
    closed("query_string.lenient", Kind::Flag),
    dynamic("refresh_interval", Kind::Time),
    dynamic("requests.cache.enable", Kind::Flag),
    dynamic("routing.", Kind::Any),
    fixed("routing_partition_size", Kind::Least(1)),
    dynamic("search.idle.after", Kind::Time),
    dynamic("search.slowlog.", Kind::Any),
    closed(
        "shard.check_on_startup",
        Kind::Word(&["false", "true", "checksum"]),
    ),
    dynamic("soft_deletes.retention_lease.period", Kind::Time),
    closed("store.type", Kind::Any),
    dynamic("translog.durability", Kind::Word(&["request", "async"])),
    dynamic("translog.flush_threshold_size", Kind::Bytes),
    dynamic("translog.generation_threshold_size", Kind::Bytes),
    dynamic("translog.sync_interval", Kind::Time),
    dynamic("unassigned.node_left.delayed_timeout", Kind::Time),
    dynamic("write.wait_for_active_shards", Kind::ActiveShards),
];

/// Settings that Elasticsearch has and this program does not serve, by the beginnings of their names.
const NOT_SERVED: [&str; 3] = ["analysis.", "similarity.", "sort."];

fn find(name: &str) -> Option<&'static Setting> {
    KNOWN.iter().find(|setting| {
        name == setting.name || (setting.name.ends_with('.') && name.starts_with(setting.name))
    })
}

/// Whether a setting can change while its index is open.
pub(super) fn is_dynamic(name: &str) -> bool {
    find(name).is_none_or(|setting| setting.change == Change::Always)
}

/// Whether a setting stays as it is for as long as its index lives.
pub(super) fn is_final(name: &str) -> bool {
    find(name).is_some_and(|setting| setting.change == Change::Never)
}

/// Checks a setting's name and value; null stands for the default.
pub(super) fn check(name: &str, value: &Value) -> Result<(), Failure> {
    let Some(setting) = find(name) else {
        return Err(unknown(name));
    };
    let text = match value {
        Value::Null => return Ok(()),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    match setting.kind {
        Kind::Any => Ok(()),
        Kind::Least(least) => whole(name, &text, least, i64::from(i32::MAX)),
        Kind::Between(least, most) => whole(name, &text, least, most),
        Kind::Flag => flag(&text).map(drop),
        Kind::Only(only) if flag(&text)? == only => Ok(()),
        Kind::Only(only) => Err(Failure::illegal_argument(format!(
            "setting [index.{name}] can only be [{only}] here, got [{text}]"
        ))),
        Kind::Time => time(name, &text),
        Kind::Bytes => bytes(name, &text),
        Kind::Word(words) if words.contains(&text.to_ascii_lowercase().as_str()) => Ok(()),
        Kind::Word(words) => Err(Failure::illegal_argument(format!(
            "unknown value for [index.{name}] must be one of [{}] but was: {text}",
            words.join(", ")
        ))),
        Kind::ActiveShards => ActiveShards::parse(&text).map(drop),
        Kind::Range => range(name, &text),
    }
}

fn unknown(name: &str) -> Failure {
    if NOT_SERVED.iter().any(|start| name.starts_with(start)) {
        let reason = format!("setting [index.{name}] is not supported");
        return Failure::illegal_argument(reason);
    }
    if matches!(name, "version.created" | "version.upgraded") {
        let reason = format!(
            "Validation Failed: 1: private index setting [index.{name}] can not be set explicitly;"
        );
        return Failure::new(Cause::Parameters, reason);
    }
    let full = format!("index.{name}");
    let known = KNOWN.iter().filter(|setting| !setting.name.ends_with('.'));
    let known: Vec<String> = known
        .map(|setting| format!("index.{}", setting.name))
        .collect();
    // The names have their beginning in common, so that they must be more alike than others.
    const ALIKE: f64 = 0.7;
    let meant = match suggest::meant(&full, known.iter().map(String::as_str), ALIKE) {
        meant if meant.is_empty() => " please check that any required plugins are installed, or check the breaking changes documentation for removed settings".to_owned(),
        meant => meant,
    };
    Failure::illegal_argument(format!("unknown setting [{full}]{meant}"))
}

fn whole(name: &str, text: &str, least: i64, most: i64) -> Result<(), Failure> {
    let wrong = |end: String| {
        Failure::illegal_argument(format!(
            "Failed to parse value [{text}] for setting [index.{name}]{end}"
        ))
    };
    let number: i64 = text
        .trim()
        .parse()
        .map_err(|_| wrong(String::new()).caused_by(number_format(text)))?;
    match number {
        number if number < least => Err(wrong(format!(" must be >= {least}"))),
        number if number > most => Err(wrong(format!(" must be <= {most}"))),
        _ => Ok(()),
    }
}

fn flag(text: &str) -> Result<bool, Failure> {
    match text {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(Failure::illegal_argument(format!(
            "Failed to parse value [{text}] as only [true] or [false] are allowed."
        ))),
    }
}

fn time(name: &str, text: &str) -> Result<(), Failure> {
    let setting = format!("index.{name}");
    let ms = time_value(&setting, text)?;
    if ms < 0 && text.trim() != "-1" {
        return Err(Failure::illegal_argument(format!(
            "failed to parse setting [{setting}] with value [{text}] as a time value: negative durations are not supported"
        )));
    }
    Ok(())
}

fn bytes(name: &str, text: &str) -> Result<(), Failure> {
    let lower = text.trim().to_ascii_lowercase();
    let units = ["kb", "mb", "gb", "tb", "pb", "k", "m", "g", "t", "p", "b"];
    let number = units.iter().find_map(|unit| lower.strip_suffix(unit));
    let is_number = |number: &str| number.trim().parse::<f64>().is_ok();
    if number.is_some_and(is_number) || matches!(lower.as_str(), "-1" | "0") {
        return Ok(());
    }
    let reason = format!(
        "failed to parse setting [index.{name}] with value [{text}] as a size in bytes: unit is missing or unrecognized"
    );
    Err(Failure::illegal_argument(reason.as_str()).caused_by(Failure::new(Cause::Parse, reason)))
}

fn range(name: &str, text: &str) -> Result<(), Failure> {
    if text == "false" {
        return Ok(());
    }
    let is_number = |text: &str| text.parse::<u32>().is_ok();
    match text.split_once('-') {
        Some((least, most)) if is_number(least) && (most == "all" || is_number(most)) => Ok(()),
        _ => Err(Failure::illegal_argument(format!(
            "failed to parse [index.{name}] from value: [{text}] at index {}",
            text.find('-').map_or("-1".to_owned(), |at| at.to_string())
        ))),
    }
}
