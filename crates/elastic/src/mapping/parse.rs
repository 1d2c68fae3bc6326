//! From a mapping's JSON to a [`Mapping`].

use super::field::{field, is_true_or_false, unknown_type};
use super::template::templates;
use super::{refused, within_mapping};
use document::{Cause, Dynamic, Failure, Json, Mapping, ObjectMapping};
use serde_json::{Map, Value};

/// How deep objects may lie in each other, as `index.mapping.depth.limit` says by default.
const MAX_DEPTH: usize = 20;

/// What may stand at the top of a mapping besides fields and is kept to be read back.
const KEPT: [&str; 6] = [
    "_meta",
    "_routing",
    "_data_stream_timestamp",
    "subobjects",
    "_size",
    "_field_names",
];

/// What may stand at the top of a mapping and is read.
const OWN: [&str; 8] = [
    "properties",
    "dynamic",
    "date_detection",
    "numeric_detection",
    "dynamic_date_formats",
    "_source",
    "dynamic_templates",
    "runtime",
];

/// Reads a mapping, or what is added to one: `{"properties": {…}, "dynamic": …}`.
///
/// `typed` says that fields may lie below the name of a type, as clients before 7 write them.
///
/// # Errors
/// As Elasticsearch says them, naming the field.
pub fn parse_mapping(value: &Value, typed: bool) -> Result<Mapping, Failure> {
    let (kind, value) = untyped(value, typed)?;
    let Value::Object(members) = value else {
        return Err(within_mapping(refused("a mapping must be an object")));
    };
    let mut mapping = read(members).map_err(within_mapping)?;
    mapping.kind = kind.map(str::to_owned);
    Ok(mapping)
}

/// Takes the type's name off a mapping that has one.
fn untyped(value: &Value, typed: bool) -> Result<(Option<&str>, &Value), Failure> {
    let Value::Object(members) = value else {
        return Ok((None, value));
    };
    let mut entries = members.iter();
    let (Some((name, inner)), None) = (entries.next(), entries.next()) else {
        return Ok((None, value));
    };
    let own = OWN.contains(&name.as_str()) || KEPT.contains(&name.as_str());
    if typed && inner.is_object() && !own {
        if name.is_empty() {
            let reason = "name cannot be empty string";
            return Err(Failure::illegal_argument(reason));
        }
        return Ok((Some(name), inner));
    }
    if name != "_doc" {
        return Ok((None, value));
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
            "dynamic" => top.dynamic = Some(dynamic(value)?),
            "date_detection" | "numeric_detection" => {
                boolean(name, value)?;
                mapping.top.insert(name.clone(), Json(value.clone()));
            }
            "dynamic_date_formats" => {
                let formats = value.as_array().map(|formats| formats.iter());
                let wrong = match formats {
                    None => Some(value),
                    Some(mut formats) => formats.find(|format| !format.is_string()),
                };
                if let Some(wrong) = wrong {
                    return Err(Failure::illegal_argument(format!(
                        "Invalid format: [{}]: expected string value",
                        shown(wrong)
                    )));
                }
                mapping.top.insert(name.clone(), Json(value.clone()));
            }
            "_source" => {
                source(value)?;
                mapping.top.insert(name.clone(), Json(value.clone()));
            }
            "dynamic_templates" => mapping.templates = Some(templates(value)?),
            "runtime" => {
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
        _ => return Err(Failure::new(Cause::Parse, "properties must be a map type")),
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
        if value.as_array().is_some_and(Vec::is_empty) {
            continue;
        }
        let Value::Object(definition) = value else {
            return Err(refused(format!(
                "Expected map for property [fields] on field [{name}] but got a {}",
                java_class(value)
            )));
        };
        let kind = match definition.get("type") {
            Some(Value::String(kind)) => kind.as_str(),
            Some(other) if !other.is_null() => return Err(unknown_type(&shown(other), name)),
            None if definition.contains_key("properties")
                || definition.len() == 1 && definition.contains_key("enabled") =>
            {
                "object"
            }
            _ => return Err(refused(format!("No type specified for field [{name}]"))),
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
    insert_object(mapping, path, object_of(name, definition, nested)?)?;
    match definition.get("properties") {
        Some(value) => properties(mapping, path, value, depth + 1),
        None => Ok(()),
    }
}

/// Reads what is said of an object, without its fields.
pub(super) fn object_of(
    name: &str,
    definition: &Map<String, Value>,
    nested: bool,
) -> Result<ObjectMapping, Failure> {
    let mut object = ObjectMapping {
        nested,
        ..ObjectMapping::default()
    };
    let mut unknown = Vec::new();
    for (parameter, value) in definition {
        match parameter.as_str() {
            "type" | "properties" => {}
            "dynamic" => object.dynamic = Some(dynamic(value)?),
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
    Ok(object)
}

/// Reads true or false, of what is said at the top of a mapping.
fn boolean(name: &str, value: &Value) -> Result<bool, Failure> {
    is_true_or_false(value).map_err(|failure| {
        let reason = format!("Could not convert [{name}] to boolean");
        Failure::illegal_argument(reason).caused_by(failure)
    })
}

pub(super) fn dynamic(value: &Value) -> Result<Dynamic, Failure> {
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
        _ => Err(
            Failure::illegal_argument("Could not convert [dynamic.dynamic] to boolean").caused_by(
                Failure::illegal_argument(format!(
                    "Failed to parse value [{}] as only [true] or [false] are allowed.",
                    shown(value)
                )),
            ),
        ),
    }
}

/// A value as Java prints it inside of messages.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => {
            let values: Vec<String> = values.iter().map(shown).collect();
            format!("[{}]", values.join(", "))
        }
        Value::Object(members) => {
            let members: Vec<String> = members
                .iter()
                .map(|(name, value)| format!("{name}={}", shown(value)))
                .collect();
            format!("{{{}}}", members.join(", "))
        }
        other => other.to_string(),
    }
}

pub(super) fn java_class(value: &Value) -> &'static str {
    match value {
        Value::String(_) => "class java.lang.String",
        Value::Bool(_) => "class java.lang.Boolean",
        Value::Number(number) if number.is_f64() => "class java.lang.Double",
        Value::Number(_) => "class java.lang.Integer",
        Value::Array(_) => "class java.util.ArrayList",
        Value::Object(_) => "class java.util.LinkedHashMap",
        Value::Null => "null",
    }
}
