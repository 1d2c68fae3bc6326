//! Settings of indices as clients write and read them.

mod defaults;
mod known;

pub use defaults::print_defaults;

use crate::documents::validation;
use crate::names::fits;
use document::{Cause, Failure, IndexSettings, Json, ShardCounts};
use known::{check, is_dynamic, is_final};
use serde_json::{Map, Value};

/// The version of Elasticsearch whose indices ours are like, as `index.version.created` says it.
const VERSION_CREATED: &str = "8536000";

/// Reads the settings with which an index is made, nested or flat, with or without `index.` before their names.
///
/// # Errors
/// Names the setting that is not known or whose value is not allowed.
pub fn parse_settings(value: &Value) -> Result<IndexSettings, Failure> {
    let mut settings = IndexSettings::default();
    for (name, value) in flat(value)? {
        check(&name, &value)?;
        if !value.is_null() {
            settings.given.insert(name, Json(value));
        }
    }
    Ok(settings)
}

/// Reads settings that change on living indices: names and settings of each. Null takes a setting back to its default,
/// a pattern all those that fit it. With `reopen` the indices may be closed meanwhile.
///
/// # Errors
/// As [`parse_settings`], and for what cannot change.
pub fn parse_changed_settings(
    value: &Value,
    indices: &[(&str, &IndexSettings)],
    reopen: bool,
) -> Result<IndexSettings, Failure> {
    let value = match value {
        Value::Object(members) => match members.get("settings") {
            Some(inner @ Value::Object(_)) if members.len() == 1 => inner,
            Some(Value::Object(_)) => {
                return Err(Failure::new(
                    Cause::Parse,
                    "mix of settings map and top-level properties",
                ));
            }
            _ => value,
        },
        value => value,
    };
    let given = match value {
        Value::Object(_) => flat(value)?,
        _ => Vec::new(),
    };
    if given.is_empty() {
        return Err(validation(&["no settings to update".to_owned()]));
    }
    let mut changed = IndexSettings::default();
    for (name, value) in given {
        if name.contains('*') && value.is_null() {
            let names = indices
                .iter()
                .flat_map(|(_, settings)| settings.given.keys());
            let fitting = names.filter(|known| fits(&name, known) && is_dynamic(known));
            changed
                .given
                .extend(fitting.map(|known| (known.clone(), Json(Value::Null))));
            continue;
        }
        check(&name, &value)?;
        changed.given.insert(name, Json(value));
    }
    let first = indices.first().map_or("", |(name, _)| *name);
    let mut names = changed.given.keys();
    if let Some(name) = names.find(|name| reopen && is_final(name)) {
        return Err(Failure::illegal_argument(format!(
            "final {first} setting [index.{name}], not updateable"
        )));
    }
    let fixed: Vec<String> = changed
        .given
        .keys()
        .filter(|name| !reopen && !is_dynamic(name))
        .map(|name| format!("index.{name}"))
        .collect();
    if fixed.is_empty() {
        return Ok(changed);
    }
    let open = indices
        .iter()
        .map(|(name, settings)| format!("{name}/{}", settings.uuid));
    Err(Failure::illegal_argument(format!(
        "Can't update non dynamic settings [[{}]] for open indices [[{}]] unless the `reopen` query parameter is set to true. Alternatively, close the indices, apply the settings changes, and reopen the indices",
        fixed.join(", "),
        open.collect::<Vec<_>>().join(", ")
    )))
}

/// Answers settings by their full names without `index.`, sorted.
fn flat(value: &Value) -> Result<Vec<(String, Value)>, Failure> {
    let mut out = Vec::new();
    flatten("", value, &mut out)?;
    for (name, _) in &mut out {
        if let Some(own) = name.strip_prefix("index.") {
            *name = own.to_owned();
        }
    }
    out.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(out)
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
        Value::Array(values) if values.iter().any(|v| v.is_object() || v.is_array()) => {
            return Err(Failure::illegal_argument(format!(
                "Failed to load settings from [{value}]: only value lists are allowed in serialized settings"
            )));
        }
        Value::Null | Value::Array(_) => out.push((around.to_owned(), value.clone())),
        Value::String(_) => out.push((around.to_owned(), value.clone())),
        other => out.push((around.to_owned(), other.to_string().into())),
    }
    Ok(())
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
    let counts = ShardCounts::of(settings);
    for (name, value) in &settings.given {
        match all.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => *known = value.0.clone(),
            None => all.push((name.clone(), value.0.clone())),
        }
    }
    let mut out = Map::new();
    for (name, mut value) in all {
        if name == "number_of_replicas" {
            value = text(&counts.replicas.to_string());
        }
        let name = format!("index.{name}");
        if wanted.is_some_and(|wanted| !wanted.iter().any(|pattern| fits(pattern, &name))) {
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
    use document::SearchLimits;
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
        check(json!({"refresh_interval": "soon"}), "as a time value");
        check(json!({"refresh_interval": "-5s"}), "negative durations");
        check(json!({"blocks.write": true}), "can only be [false]");
        check(
            json!({"codec": "foo"}),
            "must be one of [default, best_compression]",
        );
        check(json!({"auto_expand_replicas": "x"}), "at index -1");
        check(
            json!({"translog": {"flush_threshold_size": "5"}}),
            "size in bytes",
        );
        check(
            json!({"number_of_replica": 1}),
            "did you mean [index.number_of_replicas]?",
        );
        check(
            json!({"mapping": {"foo": 1}}),
            "did you mean [index.mapping.coerce]?",
        );
        check(json!({"version.created": 1}), "private index setting");
        check(
            json!({"analysis": {"analyzer": {"a": 1}}}),
            "is not supported",
        );
        check(json!({"a": [{"x": 1}]}), "only value lists");
        check(json!({"max_result_window": 0}), "must be >= 1");
    }

    #[test]
    fn living_indices_change_what_is_not_fixed() {
        let existing = IndexSettings {
            uuid: "u".to_owned(),
            given: [("priority".to_owned(), Json("5".into()))].into(),
            ..IndexSettings::default()
        };
        let indices = [("a", &existing)];
        let change = |body: Value, reopen| parse_changed_settings(&body, &indices, reopen);
        let changed = change(json!({"refresh_interval": null}), false).unwrap();
        assert_eq!(changed.get("refresh_interval"), Some(&Value::Null));
        let changed = change(json!({"settings": {"index.*": null}}), false).unwrap();
        assert_eq!(changed.given.keys().collect::<Vec<_>>(), ["priority"]);
        let refused = |body: Value, reopen, reason: &str| {
            let failure = change(body, reopen).unwrap_err();
            assert!(failure.reason.contains(reason), "{failure}");
        };
        let shards = json!({"number_of_shards": 3, "codec": "default"});
        refused(
            shards.clone(),
            false,
            "[[index.codec, index.number_of_shards]] for open indices [[a/u]]",
        );
        refused(shards, true, "final a setting [index.number_of_shards]");
        assert!(change(json!({"codec": "default"}), true).is_ok());
        refused(json!({}), false, "no settings to update");
        refused(
            json!({"settings": {}, "x": 1}),
            false,
            "mix of settings map",
        );
    }

    #[test]
    fn shards_are_counted_as_they_were_asked_for() {
        let check = |given: Value, expected: (u64, u64)| {
            let settings = parse_settings(&given).unwrap();
            let counts = ShardCounts::of(&settings);
            assert_eq!((counts.primaries, counts.all()), expected, "{given}");
        };
        check(json!({}), (1, 2));
        check(
            json!({"number_of_shards": 3, "number_of_replicas": 2}),
            (3, 9),
        );
        check(json!({"auto_expand_replicas": "0-all"}), (1, 1));
        check(json!({"auto_expand_replicas": "false"}), (1, 2));
        let window =
            |given: Value| SearchLimits::of(&parse_settings(&given).unwrap()).result_window;
        assert_eq!(window(json!({})), 10_000);
        assert_eq!(window(json!({"max_result_window": "7"})), 7);
    }
}
