//! Fields of a mapping.

use super::parse::shown;
use super::refused;
use super::vector::vector;
use document::{Analyzer, Cause, Failure, FieldKind, FieldMapping, FieldOptions, Json};
use serde_json::{Map, Value};
use std::net::IpAddr;

/// Parameters that are accepted on fields of every type.
const OF_ALL: [&str; 2] = ["meta", "store"];

/// The types of fields by name; dense_vector is read by itself.
fn kind(name: &str) -> Option<FieldKind> {
    Some(match name {
        "text" => FieldKind::Text(Analyzer::Standard),
        "keyword" => FieldKind::KEYWORD,
        "long" => FieldKind::Long,
        "integer" => FieldKind::Integer,
        "short" => FieldKind::Short,
        "byte" => FieldKind::Byte,
        "unsigned_long" => FieldKind::UnsignedLong,
        "double" => FieldKind::Double,
        "float" => FieldKind::Float,
        "half_float" => FieldKind::HalfFloat,
        "scaled_float" => FieldKind::ScaledFloat,
        "boolean" => FieldKind::Boolean,
        "date" => FieldKind::Date,
        "ip" => FieldKind::Ip,
        "geo_point" => FieldKind::GeoPoint,
        "binary" => FieldKind::Binary,
        _ => return None,
    })
}

fn is_number(kind: &FieldKind) -> bool {
    is_whole(kind)
        || matches!(
            kind,
            FieldKind::Double | FieldKind::Float | FieldKind::HalfFloat | FieldKind::ScaledFloat
        )
}

fn is_whole(kind: &FieldKind) -> bool {
    matches!(
        kind,
        FieldKind::Long
            | FieldKind::Integer
            | FieldKind::Short
            | FieldKind::Byte
            | FieldKind::UnsignedLong
    )
}

/// Parameters that change nothing here and can be read back, by the type of the field.
fn accepted(kind: &FieldKind, parameter: &str) -> bool {
    let of_kind: &[&str] = match kind {
        FieldKind::Text(_) => &[
            "eager_global_ordinals",
            "index_options",
            "term_vector",
            "index_phrases",
            "index_prefixes",
            "search_quote_analyzer",
            "fielddata_frequency_filter",
        ],
        FieldKind::Keyword { .. } => &[
            "eager_global_ordinals",
            "split_queries_on_whitespace",
            "time_series_dimension",
        ],
        FieldKind::Date => &["locale"],
        FieldKind::GeoPoint => &["ignore_z_value", "time_series_metric"],
        FieldKind::Boolean | FieldKind::Ip => &["time_series_dimension"],
        kind if is_number(kind) => &["time_series_dimension", "time_series_metric"],
        _ => &[],
    };
    OF_ALL.contains(&parameter) || of_kind.contains(&parameter)
}

/// Reads a field that is no object; `name` is its name for messages.
pub(super) fn field(
    name: &str,
    type_name: &str,
    definition: &Map<String, Value>,
) -> Result<FieldMapping, Failure> {
    if type_name == "dense_vector" {
        return vector(name, definition);
    }
    let Some(kind) = kind(type_name) else {
        return Err(unknown_type(type_name, name));
    };
    let mut field = FieldMapping::from(kind);
    for (parameter, value) in definition {
        match parameter.as_str() {
            "type" => {}
            "fields" => subfields(&mut field, name, value)?,
            parameter => apply(&mut field, (name, type_name), parameter, value)?,
        }
    }
    if matches!(field.kind, FieldKind::ScaledFloat) {
        match field.options.scaling_factor {
            Some(factor) if factor > 0.0 && factor.is_finite() => {}
            Some(_) => {
                return Err(Failure::illegal_argument(
                    "[scaling_factor] must be a positive number",
                ));
            }
            None => {
                return Err(Failure::illegal_argument(
                    "Field [scaling_factor] is required",
                ));
            }
        }
    }
    Ok(field)
}

/// Says that there is no type of a name.
pub(super) fn unknown_type(type_name: &str, name: &str) -> Failure {
    refused(format!(
        "The mapper type [{type_name}] declared on field [{name}] does not exist. It might have been created within a future version or requires a plugin to be installed. Check the documentation."
    ))
}

fn subfields(field: &mut FieldMapping, name: &str, value: &Value) -> Result<(), Failure> {
    let members = match value {
        Value::Object(members) => members,
        Value::Array(values) if values.is_empty() => return Ok(()),
        _ => {
            return Err(refused(format!(
                "expected map for property [fields] on field [{name}]"
            )));
        }
    };
    for (subname, value) in members {
        let definition = value.as_object().ok_or_else(|| {
            refused(format!(
                "expected map for multi-field [{subname}] of [{name}]"
            ))
        })?;
        let type_name = match definition.get("type") {
            Some(Value::String(type_name)) => type_name.as_str(),
            _ => {
                return Err(refused(format!(
                    "no type specified for property [{subname}]"
                )));
            }
        };
        if type_name == "dense_vector" {
            return Err(refused(format!(
                "Field [{subname}] of type [dense_vector] can't be used in multifields"
            )));
        }
        if matches!(type_name, "object" | "nested") {
            return Err(refused(format!(
                "Type [{type_name}] cannot be used in multi field"
            )));
        }
        if subname.contains('.') {
            return Err(refused(format!(
                "Field name [{subname}] which is a multi field of [{name}] cannot contain '.'"
            )));
        }
        let read = self::field(subname, type_name, definition)?;
        if !read.fields.is_empty() {
            return Err(refused(format!(
                "multi-field [{subname}] of [{name}] cannot have fields of its own"
            )));
        }
        field.fields.insert(subname.clone(), read);
    }
    Ok(())
}

fn apply(
    field: &mut FieldMapping,
    (name, type_name): (&str, &str),
    parameter: &str,
    value: &Value,
) -> Result<(), Failure> {
    let options = &mut field.options;
    let kind = field.kind.clone();
    let number = is_number(&kind);
    let is = |kinds: &[&str]| kinds.contains(&type_name);
    if value.is_null() && parameter != "null_value" {
        return Err(refused(format!(
            "[{parameter}] on mapper [{name}] of type [{type_name}] must not have a [null] value"
        )));
    }
    match parameter {
        "index" if !is(&["binary"]) => options.index = is_true_or_false(value)?,
        "doc_values" if !is(&["text"]) => options.doc_values = is_true_or_false(value)?,
        "ignore_malformed" if number || is(&["boolean", "date", "geo_point", "ip"]) => {
            options.ignore_malformed = is_true_or_false(value)?;
        }
        "coerce" if number => options.coerce = is_true_or_false(value)?,
        "null_value" if number || is(&["boolean", "date", "geo_point", "ip", "keyword"]) => {
            check_null_value(name, &kind, value)?;
            options.null_value = (!value.is_null()).then(|| Json(value.clone()));
        }
        "copy_to" => options.copy_to = strings(value)?,
        "ignore_above" if is(&["keyword"]) => {
            let limit = whole(value)?;
            let limit = u32::try_from(limit).map_err(|_| {
                Failure::illegal_argument(format!("[ignore_above] must be positive, got [{limit}]"))
            })?;
            // Elasticsearch's own default is not kept.
            field.kind = FieldKind::Keyword {
                ignore_above: (limit != i32::MAX as u32).then_some(limit),
            };
        }
        "format" if is(&["date"]) => options.format = Some(string(value)?),
        "scaling_factor" if is(&["scaled_float"]) => {
            options.scaling_factor = Some(fraction(value)?);
        }
        "norms" if is(&["text"]) => options.norms = is_true_or_false(value)?,
        "norms" | "index_options" if is(&["keyword"]) => keep(options, parameter, value),
        "analyzer" if is(&["text"]) => {
            field.kind = FieldKind::Text(analyzer(value)?);
            keep(&mut field.options, parameter, value);
        }
        "search_analyzer" if is(&["text"]) => options.search_analyzer = Some(analyzer(value)?),
        "similarity" if is(&["text", "keyword"]) => {
            only((name, parameter), value, &["BM25"], options)?
        }
        "fielddata" if is(&["text"]) => only((name, parameter), value, &["false"], options)?,
        "position_increment_gap" if is(&["text"]) => {
            only((name, parameter), value, &["100"], options)?;
        }
        "term_vector" if is(&["text"]) => keep(options, parameter, value),
        "normalizer" if is(&["keyword"]) => {
            return Err(refused(format!(
                "normalizer [{}] not found for field [{name}]",
                shown(value)
            )));
        }
        "boost" if value.as_f64() == Some(1.0) => {}
        parameter if accepted(&kind, parameter) => keep(options, parameter, value),
        parameter => {
            return Err(refused(format!(
                "unknown parameter [{parameter}] on mapper [{name}] of type [{type_name}]"
            )));
        }
    }
    Ok(())
}

/// Keeps a parameter that changes nothing here, so that it can be read back.
fn keep(options: &mut FieldOptions, parameter: &str, value: &Value) {
    options
        .accepted
        .insert(parameter.to_owned(), Json(value.clone()));
}

/// Accepts a parameter with the one value that is what happens here.
fn only(
    (name, parameter): (&str, &str),
    value: &Value,
    allowed: &[&str],
    options: &mut FieldOptions,
) -> Result<(), Failure> {
    let given = shown(value);
    if allowed.contains(&given.as_str()) {
        keep(options, parameter, value);
        return Ok(());
    }
    Err(refused(format!(
        "parameter [{parameter}] of field [{name}] can only be [{}] here, got [{given}]",
        allowed.join(", ")
    )))
}

fn analyzer(value: &Value) -> Result<Analyzer, Failure> {
    let name = string(value)?;
    match name.as_str() {
        "standard" | "default" => Ok(Analyzer::Standard),
        "simple" => Ok(Analyzer::Simple),
        "whitespace" => Ok(Analyzer::Whitespace),
        "keyword" => Ok(Analyzer::Keyword),
        "filename" => Ok(Analyzer::Filename),
        _ => Err(Failure::illegal_argument(format!(
            "analyzer [{name}] has not been configured in mappings"
        ))),
    }
}

fn check_null_value(name: &str, kind: &FieldKind, value: &Value) -> Result<(), Failure> {
    match (kind, value) {
        (_, Value::Null) => Ok(()),
        (FieldKind::Ip, value) if shown(value).parse::<IpAddr>().is_err() => {
            let reason = format!("'{}' is not an IP string literal.", shown(value));
            let beneath = Failure::illegal_argument(reason.clone());
            let reason = format!("Error parsing [null_value] on field [{name}]: {reason}");
            Err(refused(reason).caused_by(beneath))
        }
        (FieldKind::Ip, _) => Ok(()),
        (FieldKind::Boolean, value) => is_true_or_false(value).map(|_| ()),
        (FieldKind::Keyword { .. } | FieldKind::Date | FieldKind::GeoPoint, _) => Ok(()),
        (kind, value) if is_whole(kind) => fraction(value).map(|_| ()),
        (_, value) => fraction(value).map(|_| ()),
    }
}

/// Reads true or false, also as a string.
pub(super) fn is_true_or_false(value: &Value) -> Result<bool, Failure> {
    match value {
        Value::Bool(boolean) => Ok(*boolean),
        Value::String(text) if text == "true" => Ok(true),
        Value::String(text) if text == "false" => Ok(false),
        other => Err(Failure::illegal_argument(format!(
            "Failed to parse value [{}] as only [true] or [false] are allowed.",
            shown(other)
        ))),
    }
}

pub(super) fn whole(value: &Value) -> Result<i64, Failure> {
    let read = match value {
        Value::Number(number) => number
            .as_i64()
            .or_else(|| number.as_f64().map(|n| n as i64)),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    read.ok_or_else(|| no_number(value))
}

pub(super) fn fraction(value: &Value) -> Result<f64, Failure> {
    let read = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    read.ok_or_else(|| no_number(value))
}

fn no_number(value: &Value) -> Failure {
    Failure::new(
        Cause::NumberFormat,
        format!("For input string: \"{}\"", shown(value)),
    )
}

pub(super) fn string(value: &Value) -> Result<String, Failure> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Array(_) | Value::Object(_) | Value::Null => {
            Err(refused(format!("expected a string, got {}", shown(value))))
        }
        other => Ok(other.to_string()),
    }
}

fn strings(value: &Value) -> Result<Vec<String>, Failure> {
    match value {
        Value::Array(values) => values.iter().map(string).collect(),
        value => Ok(vec![string(value)?]),
    }
}
