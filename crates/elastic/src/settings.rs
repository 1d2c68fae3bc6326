//! Settings of indices as clients write and read them.

mod defaults;

pub use defaults::print_defaults;

use document::{Cause, Failure, IndexSettings, Json};
use serde_json::{Map, Value};

/// The version of Elasticsearch whose indices ours are like, as `index.version.created` says it.
const VERSION_CREATED: &str = "8536000";

/// The most shards that an index may be said to have.
const MAX_SHARDS: i64 = 1024;

/// Settings that are accepted, by name or by the start of it (with a dot at the end). They change nothing here but
/// can be read back: there is one shard, without replicas.
const ACCEPTED: [&str; 40] = [
    "allocation.",
    "auto_expand_replicas",
    "blocks.",
    "codec",
    "compound_format",
    "fielddata.",
    "flush_after_merge",
    "force_memory_term_dictionary",
    "gc_deletes",
    "hidden",
    "highlight.",
    "indexing.",
    "knn",
    "knn.",
    "lifecycle.",
    "load_fixed_bitset_filters_eagerly",
    "mapper.dynamic",
    "mapping.",
    "max_adjacency_matrix_filters",
    "max_docvalue_fields_search",
    "max_inner_result_window",
    "max_ngram_diff",
    "max_refresh_listeners",
    "max_regex_length",
    "max_rescore_window",
    "max_result_window",
    "max_script_fields",
    "max_shingle_diff",
    "max_slices_per_scroll",
    "max_terms_count",
    "merge.",
    "number_of_routing_shards",
    "priority",
    "query.",
    "refresh_interval",
    "requests.cache.enable",
    "routing.",
    "search.",
    "translog.",
    "unassigned.",
];

/// Settings that only the making of an index decides.
const FIXED: [&str; 4] = [
    "number_of_shards",
    "number_of_routing_shards",
    "codec",
    "sort.field",
];

/// Reads the settings with which an index is made, nested or flat, with or without `index.` before their names.
///
/// # Errors
/// Names the setting that is not known or whose value is not allowed.
pub fn parse_settings(value: &Value) -> Result<IndexSettings, Failure> {
    let mut settings = IndexSettings::default();
    let mut flat = Vec::new();
    flatten("", value, &mut flat)?;
    for (name, value) in flat {
        let name = name.strip_prefix("index.").unwrap_or(&name).to_owned();
        check(&name, &value)?;
        if !value.is_null() {
            settings.given.insert(name, Json(value));
        }
    }
    Ok(settings)
}

/// Reads settings that change on a living index.
///
/// # Errors
/// As [`parse_settings`], and for what only the making of an index decides.
pub fn parse_changed_settings(
    value: &Value,
    index: &str,
    uuid: &str,
) -> Result<IndexSettings, Failure> {
    let value = match value {
        Value::Object(members) if members.len() == 1 => members.get("settings").unwrap_or(value),
        value => value,
    };
    let settings = parse_settings(value)?;
    let fixed: Vec<String> = settings
        .given
        .keys()
        .filter(|name| FIXED.contains(&name.as_str()))
        .map(|name| format!("index.{name}"))
        .collect();
    if fixed.is_empty() {
        return Ok(settings);
    }
    Err(Failure::illegal_argument(format!(
        "Can't update non dynamic settings [[{}]] for open indices [[{index}/{uuid}]] unless the `reopen` query parameter is set to true. Alternatively, close the indices, apply the settings changes, and reopen the indices",
        fixed.join(", ")
    )))
}

fn flatten(around: &str, value: &Value, out: &mut Vec<(String, Value)>) -> Result<(), Failure> {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let name = match around {
                    "" => name.clone(),
                    around => format!("{around}.{name}"),
                };
                flatten(&name, value, out)?;
            }
        }
        value if around.is_empty() => {
            return Err(Failure::new(
                Cause::Parsing,
                format!("settings must be an object, got [{value}]"),
            ));
        }
        Value::Null | Value::Array(_) => out.push((around.to_owned(), value.clone())),
        Value::String(_) => out.push((around.to_owned(), value.clone())),
        other => out.push((around.to_owned(), other.to_string().into())),
    }
    Ok(())
}

fn check(name: &str, value: &Value) -> Result<(), Failure> {
    match name {
        "number_of_shards" => whole(name, value, 1, MAX_SHARDS),
        "number_of_replicas" => whole(name, value, 0, i64::from(i32::MAX)),
        name if name.starts_with("analysis.") => Err(Failure::illegal_argument(format!(
            "setting [index.{name}] is not supported: analyzers of your own come later"
        ))),
        name => {
            let known = ACCEPTED.iter().any(|accepted| {
                name == *accepted || (accepted.ends_with('.') && name.starts_with(accepted))
            });
            if known {
                return Ok(());
            }
            Err(Failure::illegal_argument(format!(
                "unknown setting [index.{name}] please check that any required plugins are installed, or check the breaking changes documentation for removed settings"
            )))
        }
    }
}

fn whole(name: &str, value: &Value, least: i64, most: i64) -> Result<(), Failure> {
    let text = match value {
        Value::Null => return Ok(()),
        Value::String(text) => text.as_str(),
        _ => "",
    };
    let number: i64 = text.trim().parse().map_err(|_| {
        Failure::illegal_argument(format!(
            "Failed to parse value [{text}] for setting [index.{name}]"
        ))
        .caused_by(Failure::new(
            Cause::NumberFormat,
            format!("For input string: \"{text}\""),
        ))
    })?;
    let bound = match number {
        number if number < least => format!("must be >= {least}"),
        number if number > most => format!("must be <= {most}"),
        _ => return Ok(()),
    };
    Err(Failure::illegal_argument(format!(
        "Failed to parse value [{number}] for setting [index.{name}] {bound}"
    )))
}

/// Writes an index's settings as clients read them: strings, nested by the dots of their names unless `flat`.
/// `wanted` leaves only names that fit one of its patterns (with `index.` before them); none = all.
pub fn print_settings(
    index: &str,
    settings: &IndexSettings,
    flat: bool,
    wanted: Option<&[String]>,
) -> Value {
    let text = |value: &str| Value::String(value.to_owned());
    let mut all: Vec<(String, Value)> = vec![
        (
            "routing.allocation.include._tier_preference".to_owned(),
            text("data_content"),
        ),
        ("number_of_shards".to_owned(), text("1")),
        ("number_of_replicas".to_owned(), text("1")),
        ("provided_name".to_owned(), text(index)),
        (
            "creation_date".to_owned(),
            text(&settings.created_ms.to_string()),
        ),
        ("uuid".to_owned(), text(&settings.uuid)),
        ("version.created".to_owned(), text(VERSION_CREATED)),
    ];
    for (name, value) in &settings.given {
        match all.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => *known = value.0.clone(),
            None => all.push((name.clone(), value.0.clone())),
        }
    }
    let mut out = Map::new();
    for (name, value) in all {
        let name = format!("index.{name}");
        if wanted.is_some_and(|wanted| {
            !wanted
                .iter()
                .any(|pattern| crate::names::fits(pattern, &name))
        }) {
            continue;
        }
        if flat {
            out.insert(name, value);
        } else {
            nest(&mut out, &name, value);
        }
    }
    Value::Object(out)
}

fn nest(out: &mut Map<String, Value>, name: &str, value: Value) {
    match name.split_once('.') {
        None => {
            out.insert(name.to_owned(), value);
        }
        Some((first, rest)) => {
            let below = out
                .entry(first.to_owned())
                .or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(below) = below {
                nest(below, rest, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn settings_are_read_in_every_form_and_written_as_strings() {
        let forms = [
            json!({"index": {"number_of_shards": 2, "refresh_interval": "5s"}}),
            json!({"index.number_of_shards": "2", "index.refresh_interval": "5s"}),
            json!({"number_of_shards": 2, "refresh_interval": "5s"}),
        ];
        for form in forms {
            let settings = parse_settings(&form).unwrap();
            let printed = print_settings("a", &settings, false, None);
            assert_eq!(printed["index"]["number_of_shards"], "2");
            assert_eq!(printed["index"]["refresh_interval"], "5s");
            assert_eq!(printed["index"]["provided_name"], "a");
            let flat = print_settings("a", &settings, true, Some(&["index.number*".to_owned()]));
            assert_eq!(
                flat,
                json!({"index.number_of_shards": "2", "index.number_of_replicas": "1"})
            );
        }
    }

    #[test]
    fn what_is_not_known_or_not_allowed_is_named() {
        let check = |settings: Value, reason: &str| {
            let error = parse_settings(&settings).unwrap_err();
            assert!(error.reason.contains(reason), "{error}");
        };
        check(json!({"foo": 1}), "unknown setting [index.foo]");
        check(
            json!({"number_of_shards": "x"}),
            "Failed to parse value [x]",
        );
        check(json!({"number_of_shards": 0}), "must be >= 1");
        check(json!({"number_of_replicas": -1}), "must be >= 0");
        let error = parse_changed_settings(&json!({"number_of_shards": 3}), "a", "u").unwrap_err();
        assert!(error.reason.contains("non dynamic"), "{error}");
    }
}
