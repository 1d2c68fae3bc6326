//! From a [`Mapping`] to the JSON that clients read.

use document::{
    Analyzer, Dynamic, ElementType, FieldKind, FieldMapping, FieldOptions, Mapping, ObjectMapping,
    VectorField,
};
use serde_json::{Map, Value, json};

/// Writes a mapping as clients read it: what was said, without what is so by default.
pub fn print_mapping(mapping: &Mapping) -> Value {
    let mut out = Map::new();
    for (name, value) in &mapping.top {
        out.insert(name.clone(), value.0.clone());
    }
    if let Some(dynamic) = mapping.object("").and_then(|object| object.dynamic) {
        out.insert("dynamic".to_owned(), dynamic_name(dynamic).into());
    }
    let mut root = Map::new();
    for (path, object) in mapping.objects().filter(|(path, _)| !path.is_empty()) {
        place(&mut root, path, print_object(object));
    }
    for (path, field) in mapping.fields() {
        place(&mut root, path, print_members(field));
    }
    mark_empty(&mut root);
    if let Some(templates) = &mapping.templates {
        let given = templates
            .iter()
            .map(|template| json!({ &template.name: template.given.0 }));
        out.insert("dynamic_templates".to_owned(), given.collect());
    }
    if !root.is_empty() {
        out.insert("properties".to_owned(), Value::Object(root));
    }
    Value::Object(out)
}

/// Says of objects without fields that they are objects, which nothing else would.
fn mark_empty(properties: &mut Map<String, Value>) {
    for definition in properties.values_mut() {
        let Value::Object(members) = definition else {
            continue;
        };
        if let Some(Value::Object(inner)) = members.get_mut("properties") {
            mark_empty(inner);
        } else if !members.contains_key("type") {
            let mut typed = Map::new();
            typed.insert("type".to_owned(), "object".into());
            typed.append(members);
            *members = typed;
        }
    }
}

/// Puts a definition to its place among objects, merging what is there.
fn place(properties: &mut Map<String, Value>, path: &str, definition: Map<String, Value>) {
    match path.split_once('.') {
        None => {
            let entry = properties
                .entry(path.to_owned())
                .or_insert_with(|| json!({}));
            if let Value::Object(members) = entry {
                members.extend(definition);
            }
        }
        Some((name, rest)) => {
            let object = properties
                .entry(name.to_owned())
                .or_insert_with(|| json!({}));
            if let Value::Object(members) = object {
                let below = members
                    .entry("properties".to_owned())
                    .or_insert_with(|| json!({}));
                if let Value::Object(below) = below {
                    place(below, rest, definition);
                }
            }
        }
    }
}

fn print_object(object: &ObjectMapping) -> Map<String, Value> {
    let mut out = Map::new();
    if object.nested {
        out.insert("type".to_owned(), "nested".into());
    } else if !object.enabled {
        out.insert("type".to_owned(), "object".into());
        out.insert("enabled".to_owned(), false.into());
    }
    if let Some(dynamic) = object.dynamic {
        out.insert("dynamic".to_owned(), dynamic_name(dynamic).into());
    }
    for (name, on) in [
        ("include_in_parent", object.include_in_parent),
        ("include_in_root", object.include_in_root),
    ] {
        if on {
            out.insert(name.to_owned(), true.into());
        }
    }
    out
}

fn dynamic_name(dynamic: Dynamic) -> &'static str {
    match dynamic {
        Dynamic::True => "true",
        Dynamic::False => "false",
        Dynamic::Strict => "strict",
        Dynamic::Runtime => "runtime",
    }
}

/// Writes one field.
pub fn print_field(field: &FieldMapping) -> Value {
    Value::Object(print_members(field))
}

fn print_members(field: &FieldMapping) -> Map<String, Value> {
    let mut out = Map::new();
    out.insert("type".to_owned(), field.kind.name().into());
    match &field.kind {
        FieldKind::Text(analyzer) if *analyzer != Analyzer::Standard => {
            out.insert("analyzer".to_owned(), analyzer.name().into());
        }
        FieldKind::Keyword {
            ignore_above: Some(limit),
        } => {
            out.insert("ignore_above".to_owned(), (*limit).into());
        }
        FieldKind::DenseVector(vector) => print_vector(vector, &mut out),
        FieldKind::Image(image) => {
            let vectors = image.vectors.iter().map(|(name, vector)| {
                let mut members = Map::new();
                members.insert("type".to_owned(), "dense_vector".into());
                print_vector(vector, &mut members);
                (name.clone(), Value::Object(members))
            });
            out.insert("derived".to_owned(), Value::Object(vectors.collect()));
        }
        _ => {}
    }
    print_options(&field.options, &mut out);
    if !field.fields.is_empty() {
        let fields = field
            .fields
            .iter()
            .map(|(name, field)| (name.clone(), print_field(field)));
        out.insert("fields".to_owned(), Value::Object(fields.collect()));
    }
    out
}

fn print_options(options: &FieldOptions, out: &mut Map<String, Value>) {
    let mut flag = |name: &str, differs: bool, value: bool| {
        if differs {
            out.insert(name.to_owned(), value.into());
        }
    };
    flag("index", !options.index, false);
    flag("doc_values", !options.doc_values, false);
    flag("ignore_malformed", options.ignore_malformed, true);
    flag("coerce", !options.coerce, false);
    flag("norms", !options.norms, false);
    if let Some(format) = &options.format {
        out.insert("format".to_owned(), format.as_str().into());
    }
    if let Some(value) = &options.null_value {
        out.insert("null_value".to_owned(), value.0.clone());
    }
    if !options.copy_to.is_empty() {
        out.insert("copy_to".to_owned(), json!(options.copy_to));
    }
    if let Some(factor) = options.scaling_factor {
        out.insert("scaling_factor".to_owned(), factor.into());
    }
    if let Some(analyzer) = options.search_analyzer {
        out.insert("search_analyzer".to_owned(), analyzer.name().into());
    }
    for (name, value) in &options.accepted {
        out.insert(name.clone(), value.0.clone());
    }
}

fn print_vector(vector: &VectorField, out: &mut Map<String, Value>) {
    if vector.dims > 0 {
        out.insert("dims".to_owned(), vector.dims.into());
    }
    if vector.element == ElementType::Byte {
        out.insert("element_type".to_owned(), "byte".into());
    }
    out.insert("index".to_owned(), vector.index.into());
    if vector.index {
        out.insert("similarity".to_owned(), vector.similarity.name().into());
    }
    if let Some(options) = &vector.index_options {
        out.insert("index_options".to_owned(), options.0.clone());
    }
}
