//! What is so of a field where its mapping does not say it.

use document::FieldKind;
use serde_json::{Value, json};

/// Answers the parameters of fields of a type and what they are where nobody said anything, as Elasticsearch 8.19 tells
/// them; none for types of which it tells none.
pub fn field_defaults(kind: &FieldKind) -> Vec<(String, Value)> {
    let of_columns = json!({ "index": true, "doc_values": true, "store": false, "null_value": null, "meta": {} });
    let own = match kind {
        FieldKind::Text(_) => json!({
            "index": true,
            "store": false,
            "meta": {},
            "index_options": "positions",
            "term_vector": "no",
            "norms": true,
            "analyzer": "default",
            "search_analyzer": "default",
            "search_quote_analyzer": "default",
            "similarity": null,
            "eager_global_ordinals": false,
            "position_increment_gap": 100,
            "fielddata": false,
            "fielddata_frequency_filter": { "min": 0.0, "max": 2.147483647E9, "min_segment_size": 0 },
            "index_prefixes": null,
            "index_phrases": false,
        }),
        FieldKind::Keyword { .. } => json!({
            "eager_global_ordinals": false,
            "ignore_above": i32::MAX,
            "index_options": "docs",
            "norms": false,
            "similarity": null,
            "normalizer": null,
            "split_queries_on_whitespace": false,
        }),
        FieldKind::Date => json!({
            "format": "strict_date_optional_time||epoch_millis",
            "locale": "en",
            "ignore_malformed": false,
        }),
        FieldKind::Boolean | FieldKind::Ip => json!({ "ignore_malformed": false }),
        FieldKind::GeoPoint => json!({ "ignore_malformed": false, "ignore_z_value": true }),
        FieldKind::Long
        | FieldKind::Integer
        | FieldKind::Short
        | FieldKind::Byte
        | FieldKind::UnsignedLong
        | FieldKind::Double
        | FieldKind::Float
        | FieldKind::HalfFloat
        | FieldKind::ScaledFloat => json!({ "ignore_malformed": false, "coerce": true }),
        FieldKind::Binary => json!({ "store": false, "doc_values": false, "meta": {} }),
        FieldKind::DenseVector(_) | FieldKind::RankFeatures | FieldKind::Image(_) => {
            return Vec::new();
        }
    };
    let shared = match kind {
        FieldKind::Text(_) | FieldKind::Binary => Value::Null,
        _ => of_columns,
    };
    let members = [own, shared].into_iter().filter_map(|value| match value {
        Value::Object(members) => Some(members),
        _ => None,
    });
    members.flatten().collect()
}
