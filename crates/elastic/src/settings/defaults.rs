//! Settings that nobody gave, as an index answers them to whoever asks for defaults too.

use document::IndexSettings;
use serde_json::{Map, Value};

/// What Elasticsearch's settings of an index are where nothing is said, of those that an index here accepts.
const DEFAULTS: [(&str, &str); 44] = [
    ("auto_expand_replicas", "false"),
    ("blocks.metadata", "false"),
    ("blocks.read", "false"),
    ("blocks.read_only", "false"),
    ("blocks.read_only_allow_delete", "false"),
    ("blocks.write", "false"),
    ("codec", "default"),
    ("compound_format", "1gb"),
    ("fielddata.cache", "node"),
    ("flush_after_merge", "512mb"),
    ("force_memory_term_dictionary", "false"),
    ("gc_deletes", "60s"),
    ("hidden", "false"),
    ("highlight.max_analyzed_offset", "1000000"),
    ("load_fixed_bitset_filters_eagerly", "true"),
    ("mapping.coerce", "false"),
    ("mapping.depth.limit", "20"),
    ("mapping.field_name_length.limit", "9223372036854775807"),
    ("mapping.ignore_malformed", "false"),
    ("mapping.nested_fields.limit", "50"),
    ("mapping.nested_objects.limit", "10000"),
    ("mapping.total_fields.limit", "1000"),
    ("max_adjacency_matrix_filters", "100"),
    ("max_docvalue_fields_search", "100"),
    ("max_inner_result_window", "100"),
    ("max_ngram_diff", "1"),
    ("max_refresh_listeners", "1000"),
    ("max_regex_length", "1000"),
    ("max_rescore_window", "10000"),
    ("max_result_window", "10000"),
    ("max_script_fields", "32"),
    ("max_shingle_diff", "3"),
    ("max_slices_per_scroll", "1024"),
    ("max_terms_count", "65536"),
    ("priority", "1"),
    ("refresh_interval", "1s"),
    ("requests.cache.enable", "true"),
    ("routing.allocation.enable", "all"),
    ("routing.rebalance.enable", "all"),
    ("search.idle.after", "30s"),
    ("translog.durability", "REQUEST"),
    ("translog.flush_threshold_size", "10gb"),
    ("translog.sync_interval", "5s"),
    ("unassigned.node_left.delayed_timeout", "1m"),
];

/// Writes the defaults of what nobody gave, nested by the dots of their names unless `flat`. `wanted` leaves only names
/// that fit one of its patterns (with `index.` before them); none = all.
pub fn print_defaults(settings: &IndexSettings, flat: bool, wanted: Option<&[String]>) -> Value {
    let mut out = Map::new();
    for (name, value) in DEFAULTS {
        let full = format!("index.{name}");
        let is_wanted = wanted.is_none_or(|wanted| {
            wanted
                .iter()
                .any(|pattern| crate::names::fits(pattern, &full))
        });
        if !is_wanted || settings.get(name).is_some() {
            continue;
        }
        if flat {
            out.insert(full, value.into());
        } else {
            super::nest(&mut out, &full, value.into());
        }
    }
    Value::Object(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse_settings;
    use serde_json::json;

    #[test]
    fn what_was_given_has_no_default() {
        let settings = parse_settings(&json!({"refresh_interval": "5s"})).unwrap();
        let defaults = print_defaults(&settings, false, None);
        assert_eq!(defaults["index"]["refresh_interval"], Value::Null);
        assert_eq!(defaults["index"]["max_result_window"], "10000");
        let wanted = ["index.max_r*_window".to_owned()];
        assert_eq!(
            print_defaults(&settings, true, Some(&wanted)),
            json!({"index.max_rescore_window": "10000", "index.max_result_window": "10000"})
        );
    }
}
