//! Fields of vectors.

use super::field::{is_true_or_false, string, whole};
use super::parse::shown;
use super::refused;
use document::{ElementType, Failure, FieldKind, FieldMapping, Json, Similarity, VectorField};
use serde_json::{Map, Value, json};

/// The most dims that Elasticsearch has.
const MAX_DIMS: i64 = 4096;
/// The most dims that are served here, beyond Elasticsearch, for exact search.
const MAX_EXACT_DIMS: i64 = 32_768;

/// The kinds of indices of vectors that clients may ask for; all are served by what the engine has.
const INDEX_TYPES: [&str; 8] = [
    "hnsw",
    "int8_hnsw",
    "int4_hnsw",
    "bbq_hnsw",
    "flat",
    "int8_flat",
    "int4_flat",
    "bbq_flat",
];

pub(super) fn vector(name: &str, definition: &Map<String, Value>) -> Result<FieldMapping, Failure> {
    let mut vector = VectorField::new(0, Similarity::Cosine);
    let mut similarity = None;
    let mut field_options = document::FieldOptions::default();
    for (parameter, value) in definition {
        match parameter.as_str() {
            "type" => {}
            "dims" => vector.dims = dims(value)?,
            "element_type" => vector.element = element(value)?,
            "index" => vector.index = is_true_or_false(value)?,
            "similarity" => similarity = Some(self::similarity(value)?),
            "index_options" => vector.index_options = Some(index_options(name, value)?),
            "meta" => {
                field_options
                    .accepted
                    .insert(parameter.clone(), Json(value.clone()));
            }
            other => {
                return Err(refused(format!(
                    "unknown parameter [{other}] on mapper [{name}] of type [dense_vector]"
                )));
            }
        }
    }
    if !vector.index {
        for (given, parameter) in [
            (similarity.is_some(), "similarity"),
            (vector.index_options.is_some(), "index_options"),
        ] {
            if given {
                return Err(Failure::illegal_argument(format!(
                    "Field [{parameter}] can only be specified for a field of type [dense_vector] when it is indexed"
                )));
            }
        }
    }
    vector.similarity = similarity.unwrap_or(Similarity::Cosine);
    if vector.index {
        let chosen = vector.index_options.take();
        vector.index_options = Some(chosen.unwrap_or_else(|| default_options(&vector)));
    }
    let mut field = FieldMapping::from(FieldKind::DenseVector(vector));
    field.options = field_options;
    Ok(field)
}

/// What Elasticsearch 8.19 chooses by itself.
fn default_options(vector: &VectorField) -> Json {
    let kind = match vector.element {
        ElementType::Float => "int8_hnsw",
        ElementType::Byte => "hnsw",
    };
    Json(json!({ "type": kind, "m": 16, "ef_construction": 100 }))
}

fn dims(value: &Value) -> Result<u32, Failure> {
    let dims = whole(value)?;
    match dims {
        1..=MAX_EXACT_DIMS => Ok(dims as u32),
        _ => Err(refused(format!(
            "The number of dimensions should be in the range [1, {MAX_DIMS}] but was [{dims}]"
        ))),
    }
}

fn element(value: &Value) -> Result<ElementType, Failure> {
    match value.as_str() {
        Some("float") => Ok(ElementType::Float),
        Some("byte") => Ok(ElementType::Byte),
        _ => Err(refused(format!(
            "invalid element_type [{}]; available types are [byte, float]",
            shown(value)
        ))),
    }
}

fn similarity(value: &Value) -> Result<Similarity, Failure> {
    match value.as_str() {
        Some("cosine") => Ok(Similarity::Cosine),
        Some("dot_product") => Ok(Similarity::DotProduct),
        Some("l2_norm") => Ok(Similarity::L2Norm),
        Some("max_inner_product") => Ok(Similarity::MaxInnerProduct),
        Some("l1_norm") => Ok(Similarity::L1Norm),
        _ => Err(refused(format!(
            "Unknown value [{}] for field [similarity] - accepted values are [l2_norm, cosine, dot_product, max_inner_product]",
            shown(value)
        ))),
    }
}

/// Reads `index_options` and fills in what Elasticsearch fills in.
fn index_options(name: &str, value: &Value) -> Result<Json, Failure> {
    let Value::Object(members) = value else {
        return Err(refused(format!(
            "[index_options] of field [{name}] must be an object, got {}",
            shown(value)
        )));
    };
    let Some(kind) = members.get("type") else {
        return Err(refused(format!(
            "[index_options] requires field [type] to be configured for field [{name}]"
        )));
    };
    let kind = string(kind)?;
    if !INDEX_TYPES.contains(&kind.as_str()) {
        return Err(refused(format!(
            "Unknown vector index options type [{kind}] for field [{name}]"
        )));
    }
    let mut out = Map::new();
    out.insert("type".to_owned(), Value::String(kind.clone()));
    if kind.ends_with("hnsw") {
        out.insert("m".to_owned(), json!(16));
        out.insert("ef_construction".to_owned(), json!(100));
    }
    for (parameter, value) in members {
        let known = match parameter.as_str() {
            "type" => continue,
            "m" | "ef_construction" => kind.ends_with("hnsw"),
            "confidence_interval" => kind.starts_with("int"),
            "rescore_vector" => kind != "hnsw" && kind != "flat",
            _ => false,
        };
        if !known {
            return Err(refused(format!(
                "Mapping definition for [{name}] has unsupported parameters:  [{parameter} : {}]",
                shown(value)
            )));
        }
        let value = match parameter.as_str() {
            "m" | "ef_construction" => json!(whole(value)?),
            _ => value.clone(),
        };
        out.insert(parameter.clone(), value);
    }
    Ok(Json(Value::Object(out)))
}
