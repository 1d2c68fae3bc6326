//! From a mapping's JSON to a [`Mapping`].

use super::field::{field, is_true_or_false};
use super::{refused, within_mapping};
use document::{Dynamic, Failure, Json, Mapping, ObjectMapping};
use serde_json::{Map, Value};

/// How deep objects may lie in each other, as `index.mapping.depth.limit` says by default.
const MAX_DEPTH: usize = 20;

/// What may stand at the top of a mapping besides fields and is kept to be read back.
const KEPT: [&str; 9] = [
    "_meta",
    "_routing",
    "date_detection",
    "numeric_detection",
    "dynamic_date_formats",
    "_data_stream_timestamp",
    "subobjects",
    "_size",
    "_field_names",
];

/// Reads a mapping, or what is added to one: `{"properties": {…}, "dynamic": …}`.
///
/// `typed` says that fields may lie below the name of a type, as clients before 7 write them.
///
/// # Errors
/// As Elasticsearch says them, naming the field.
pub fn parse_mapping(value: &Value, typed: bool) -> Result<Mapping, Failure> {
    let Value::Object(members) = untyped(value, typed)? else {
        return Err(within_mapping(refused("a mapping must be an object")));
    };
    read(members).map_err(within_mapping)
}

/// Takes the type's name off a mapping that has one.
fn untyped(value: &Value, typed: bool) -> Result<&Value, Failure> {
    let Value::Object(members) = value else {
        return Ok(value);
    };
    let mut entries = members.iter();
    let (Some((name, inner)), None) = (entries.next(), entries.next()) else {
        return Ok(value);
    };
    let is_type = name == "_doc" || (inner.get("properties").is_some() && name != "properties");
    if !is_type {
        return Ok(value);
    }
    if typed {
        return Ok(inner);
    }
    Err(Failure::illegal_argument(format!(
        "The mapping definition cannot be nested under a type [{name}] unless include_type_name is set to true."
    )))
}

fn read(members: &Map<String, Value>) -> Result<Mapping, Failure> {
    let mut mapping = Mapping::new();
    let mut top = ObjectMapping::default();
    let mut unknown = Vec::new();
    for (name, value) in members {
        match name.as_str() {
            "properties" => properties(&mut mapping, "", value, 1)?,
            "dynamic" => top.dynamic = Some(dynamic("dynamic", value)?),
            "_source" => {
                source(value)?;
                mapping.top.insert(name.clone(), Json(value.clone()));
            }
            "dynamic_templates" if value.as_array().is_some_and(Vec::is_empty) => {}
            "dynamic_templates" | "runtime" => {
                return Err(refused(format!("[{name}] in a mapping is not supported")));
            }
            kept if KEPT.contains(&kept) => {
                mapping.top.insert(name.clone(), Json(value.clone()));
            }
            _ => unknown.push(format!(" [{name} : {}]", shown(value))),
        }
    }
    if !unknown.is_empty() {
        return Err(refused(format!(
            "Root mapping definition has unsupported parameters: {}",
            unknown.concat()
        )));
    }
    if top != ObjectMapping::default() {
        insert_object(&mut mapping, "", top)?;
    }
    Ok(mapping)
}

/// Checks `_source`: sources are always kept whole, so nothing but the default can be asked.
fn source(value: &Value) -> Result<(), Failure> {
    let Value::Object(members) = value else {
        return Err(refused("[_source] must be an object"));
    };
    for (name, value) in members {
        match (name.as_str(), value) {
            ("enabled", Value::Bool(true)) => {}
            ("enabled", _) => {
                return Err(refused("[_source] cannot be disabled: documents are kept"));
            }
            ("mode", Value::String(mode)) if mode == "stored" => {}
            ("includes" | "excludes", Value::Array(paths)) if paths.is_empty() => {}
            _ => {
                return Err(refused(format!(
                    "[{name}] in [_source] is not supported: sources are kept whole"
                )));
            }
        }
    }
    Ok(())
}

fn properties(
    mapping: &mut Mapping,
    around: &str,
    value: &Value,
    depth: usize,
) -> Result<(), Failure> {
    if depth > MAX_DEPTH {
        return Err(Failure::illegal_argument(format!(
            "Limit of mapping depth [{MAX_DEPTH}] has been exceeded due to object field [{around}]"
        )));
    }
    let members = match value {
        Value::Object(members) => members,
        // Elasticsearch reads an empty list as no fields.
        Value::Array(values) if values.is_empty() => return Ok(()),
        _ => return Err(refused("Expected map for property [properties]")),
    };
    for (name, value) in members {
        if name.is_empty() {
            return Err(Failure::illegal_argument(
                "field name cannot be an empty string",
            ));
        }
        let path = match around {
            "" => name.clone(),
            around => format!("{around}.{name}"),
        };
        let Value::Object(definition) = value else {
            return Err(refused(format!(
                "Expected map for property [fields] on field [{name}] but got a class {}",
                java_class(value)
            )));
        };
        let kind = match definition.get("type") {
            Some(Value::String(kind)) => kind.as_str(),
            Some(other) => {
                return Err(refused(format!(
                    "The type of field [{name}] must be a string, got {}",
                    shown(other)
                )));
            }
            None if definition.contains_key("properties")
                || definition.contains_key("dynamic")
                || definition.contains_key("enabled") =>
            {
                "object"
            }
            None => return Err(refused(format!("No type specified for field [{name}]"))),
        };
        if matches!(kind, "object" | "nested") {
            object(mapping, (name, &path), definition, kind == "nested", depth)?;
        } else {
            let field = field(name, kind, definition)?;
            insert(mapping, &path, field)?;
        }
    }
    Ok(())
}

fn insert(mapping: &mut Mapping, path: &str, field: document::FieldMapping) -> Result<(), Failure> {
    if mapping.object(path).is_some() {
        return Err(Failure::illegal_argument(format!(
            "can't merge a non object mapping [{path}] with an object mapping"
        )));
    }
    mapping
        .insert(path, field)
        .map_err(|error| Failure::illegal_argument(error.to_string()))
}

fn insert_object(mapping: &mut Mapping, path: &str, object: ObjectMapping) -> Result<(), Failure> {
    mapping
        .insert_object(path, object)
        .map_err(|error| Failure::illegal_argument(error.to_string()))
}

fn object(
    mapping: &mut Mapping,
    (name, path): (&str, &str),
    definition: &Map<String, Value>,
    nested: bool,
    depth: usize,
) -> Result<(), Failure> {
    let mut object = ObjectMapping {
        nested,
        ..ObjectMapping::default()
    };
    let mut unknown = Vec::new();
    for (parameter, value) in definition {
        match parameter.as_str() {
            "type" | "properties" => {}
            "dynamic" => object.dynamic = Some(dynamic(name, value)?),
            "enabled" if !nested => object.enabled = is_true_or_false(value)?,
            "include_in_parent" if nested => object.include_in_parent = is_true_or_false(value)?,
            "include_in_root" if nested => object.include_in_root = is_true_or_false(value)?,
            "subobjects" if !nested && is_true_or_false(value).is_ok_and(|on| on) => {}
            other => unknown.push(format!(" [{other} : {}]", shown(value))),
        }
    }
    if !unknown.is_empty() {
        return Err(refused(format!(
            "Mapping definition for [{name}] has unsupported parameters: {}",
            unknown.concat()
        )));
    }
    insert_object(mapping, path, object)?;
    match definition.get("properties") {
        Some(value) => properties(mapping, path, value, depth + 1),
        None => Ok(()),
    }
}

fn dynamic(name: &str, value: &Value) -> Result<Dynamic, Failure> {
    let text = match value {
        Value::String(text) => text.as_str(),
        Value::Bool(true) => "true",
        Value::Bool(false) => "false",
        _ => "",
    };
    match text.to_ascii_lowercase().as_str() {
        "true" => Ok(Dynamic::True),
        "false" => Ok(Dynamic::False),
        "strict" => Ok(Dynamic::Strict),
        "runtime" => Ok(Dynamic::Runtime),
        _ => Err(Failure::illegal_argument(format!(
            "Could not convert [{name}.dynamic] to boolean"
        ))
        .caused_by(Failure::illegal_argument(format!(
            "Failed to parse value [{}] as only [true] or [false] are allowed.",
            shown(value)
        )))),
    }
}

/// A value as Java prints it inside of messages.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn java_class(value: &Value) -> &'static str {
    match value {
        Value::String(_) => "java.lang.String",
        Value::Bool(_) => "java.lang.Boolean",
        Value::Number(number) if number.is_f64() => "java.lang.Double",
        Value::Number(_) => "java.lang.Integer",
        Value::Array(_) => "java.util.ArrayList",
        Value::Object(_) => "java.util.LinkedHashMap",
        Value::Null => "null",
    }
}
