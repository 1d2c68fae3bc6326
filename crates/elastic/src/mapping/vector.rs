//! Fields of vectors.

use super::field::{fraction, is_true_or_false, string, whole};
use super::parse::{java_class, shown};
use super::refused;
use document::{
    Cause, ElementType, Failure, FieldKind, FieldMapping, Json, Similarity, VectorField,
};
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
            "dims" => vector.dims = dims(name, value)?,
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
        if let Some(options) = &vector.index_options {
            check_options(&vector, &options.0)?;
        }
        let chosen = vector.index_options.take();
        vector.index_options = chosen.or_else(|| vector.standard_options());
    }
    let mut field = FieldMapping::from(FieldKind::DenseVector(vector));
    field.options = field_options;
    Ok(field)
}

/// Makes sure that an index of vectors can hold those of the field. The length is checked where it is known.
fn check_options(vector: &VectorField, options: &Value) -> Result<(), Failure> {
    /// Vectors of single bits need as many dims at least.
    const MIN_BIT_DIMS: u32 = 64;
    let kind = options.get("type").and_then(Value::as_str).unwrap_or("");
    let dims = vector.dims;
    let reason = if kind.starts_with("bbq") && dims != 0 && dims < MIN_BIT_DIMS {
        format!("{kind} does not support dimensions fewer than {MIN_BIT_DIMS}; provided={dims}")
    } else if kind.starts_with("int4") && !dims.is_multiple_of(2) {
        format!("{kind} only supports even dimensions; provided={dims}")
    } else if vector.element == ElementType::Byte && !matches!(kind, "hnsw" | "flat") {
        format!("[element_type] cannot be [byte] when using index type [{kind}]")
    } else {
        return Ok(());
    };
    Err(Failure::illegal_argument(reason))
}

fn dims(name: &str, value: &Value) -> Result<u32, Failure> {
    let Some(dims) = value.as_i64() else {
        return Err(refused(format!(
            "Property [dims] on field [{name}] must be an integer but got [{}]",
            shown(value)
        )));
    };
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
        return Err(refused(
            "[index_options] requires field [type] to be configured",
        ));
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
    if kind.starts_with("int4") {
        out.insert("confidence_interval".to_owned(), json!(0.0));
    }
    if kind.starts_with("bbq") {
        out.insert("rescore_vector".to_owned(), json!({ "oversample": 3.0 }));
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
            "confidence_interval" => json!(fraction(value)?),
            _ => rescore_vector(value)?,
        };
        out.insert(parameter.clone(), value);
    }
    Ok(Json(Value::Object(out)))
}

/// Reads how many vectors are looked at again with all their digits.
fn rescore_vector(value: &Value) -> Result<Value, Failure> {
    let Value::Object(members) = value else {
        return Err(Failure::new(
            Cause::Parse,
            format!(
                "rescore_vector should be a map but was of type: {}",
                java_class(value)
            ),
        ));
    };
    let mut unknown = members.iter().filter(|(name, _)| *name != "oversample");
    if let Some((name, value)) = unknown.next() {
        return Err(refused(format!(
            "[rescore_vector] has unsupported parameters:  [{name} : {}]",
            shown(value)
        )));
    }
    let oversample = members.get("oversample").ok_or_else(|| {
        Failure::illegal_argument("Invalid rescore_vector value. Missing required field oversample")
    })?;
    let oversample = fraction(oversample)?;
    let reason = if oversample != 0.0 && oversample < 1.0 {
        "oversample must be greater than 1 or exactly 0"
    } else if oversample > 10.0 {
        "oversample must be less than or equal to 10"
    } else {
        return Ok(json!({ "oversample": oversample }));
    };
    Err(Failure::illegal_argument(reason))
}
