//! Dynamic templates as clients write them.

use super::field::field;
use super::parse::{object_of, shown};
use super::refused;
use document::{DynamicTemplate, Failure, Json, TemplateTarget, ValueKind};
use serde_json::{Map, Value};

/// Kinds of values by the names that templates give them, and the types that fields of them have.
const KINDS: [(&str, ValueKind, &str); 7] = [
    ("object", ValueKind::Object, "object"),
    ("string", ValueKind::String, "text"),
    ("long", ValueKind::Long, "long"),
    ("double", ValueKind::Double, "float"),
    ("boolean", ValueKind::Boolean, "boolean"),
    ("date", ValueKind::Date, "date"),
    ("binary", ValueKind::Binary, "binary"),
];

/// Reads `dynamic_templates`: a list of objects, each with the one name of a template.
pub(super) fn templates(value: &Value) -> Result<Vec<DynamicTemplate>, Failure> {
    let Value::Array(list) = value else {
        return Err(refused(
            "Dynamic template syntax error. An array of named objects is expected.",
        ));
    };
    let named = list.iter().map(|entry| match entry {
        Value::Object(members) if members.len() == 1 => {
            let mut members = members.iter();
            let named = members.next().and_then(|(name, value)| {
                let members = value.as_object()?;
                Some((name, members, value))
            });
            named.ok_or_else(|| refused("A dynamic template must be defined with an object"))
        }
        _ => Err(refused("A dynamic template must be defined with a name")),
    });
    named
        .map(|named| {
            let (name, members, value) = named?;
            template(name, members, value)
        })
        .collect()
}

fn template(
    name: &str,
    members: &Map<String, Value>,
    value: &Value,
) -> Result<DynamicTemplate, Failure> {
    let mut template = DynamicTemplate {
        name: name.to_owned(),
        given: Json(value.clone()),
        ..DynamicTemplate::default()
    };
    let mut mapping = None;
    let mut kinds = Vec::new();
    let mut unwanted = Vec::new();
    let mut has_condition = false;
    for (parameter, value) in members {
        match parameter.as_str() {
            "match" => template.names = patterns(parameter, value)?,
            "unmatch" => template.other_names = patterns(parameter, value)?,
            "path_match" => template.paths = patterns(parameter, value)?,
            "path_unmatch" => template.other_paths = patterns(parameter, value)?,
            "match_mapping_type" => kinds = patterns(parameter, value)?,
            "unmatch_mapping_type" => unwanted = patterns(parameter, value)?,
            "match_pattern" if shown(value) == "simple" => {}
            "match_pattern" => {
                return Err(Failure::illegal_argument(format!(
                    "[match_pattern] of dynamic template [{name}] can only be [simple] here, got [{}]",
                    shown(value)
                )));
            }
            "mapping" => mapping = value.as_object(),
            "runtime" => {
                return Err(refused(format!(
                    "[runtime] of dynamic template [{name}] is not supported"
                )));
            }
            other => {
                return Err(Failure::illegal_argument(format!(
                    "Illegal dynamic template parameter: [{other}]"
                )));
            }
        }
        has_condition |= parameter.contains("match") && parameter != "match_pattern";
    }
    let mapping = mapping.ok_or_else(|| {
        refused(format!(
            "template [{name}] must have either mapping or runtime set"
        ))
    })?;
    if !has_condition {
        return Err(refused(format!(
            "template must have match, path_match or match_mapping_type set {}",
            shown(value)
        )));
    }
    for kind in kinds.iter().chain(&unwanted).filter(|kind| *kind != "*") {
        if !KINDS.iter().any(|(known, ..)| known == kind) {
            let known: Vec<&str> = KINDS.iter().map(|(known, ..)| *known).collect();
            return Err(Failure::illegal_argument(format!(
                "No field type matched on [{kind}], possible values are [{}]",
                known.join(", ")
            )));
        }
    }
    let everything = kinds.is_empty() || kinds.iter().any(|kind| kind == "*");
    let is_wanted = |kind: &str| {
        let named = |list: &[String]| list.iter().any(|name| name == kind);
        (everything || named(&kinds)) && !named(&unwanted)
    };
    let mut wrong = None;
    for (kind_name, kind, standard) in KINDS.into_iter().filter(|(kind, ..)| is_wanted(kind)) {
        match target(kind, standard, mapping) {
            Ok(Some(target)) => {
                template.targets.insert(kind, target);
            }
            Ok(None) => {}
            Err(failure) => wrong = Some((kind_name, failure)),
        }
    }
    match wrong {
        // What fits one kind of values need not fit all of them.
        Some((kind, failure)) if template.targets.is_empty() => {
            let reason = format!(
                "dynamic template [{name}] has invalid content [{}], attempted to validate it with the following match_mapping_type: [{kind}]",
                shown(value)
            );
            Err(refused(reason).caused_by(failure))
        }
        _ => Ok(template),
    }
}

/// Reads one pattern, or a list of them.
fn patterns(parameter: &str, value: &Value) -> Result<Vec<String>, Failure> {
    match value {
        Value::String(pattern) => Ok(vec![pattern.clone()]),
        Value::Array(values) if values.iter().all(Value::is_string) => {
            Ok(values.iter().map(shown).collect())
        }
        other => Err(refused(format!(
            "[{parameter}] values must either be a string or list of strings, but was [{}]",
            shown(other)
        ))),
    }
}

/// Reads what fields become whose values are of a kind; none where the template is not for such values.
fn target(
    kind: ValueKind,
    standard: &str,
    mapping: &Map<String, Value>,
) -> Result<Option<TemplateTarget>, Failure> {
    let mut definition = Value::Object(mapping.clone());
    replace(&mut definition, standard);
    let Value::Object(definition) = &definition else {
        return Ok(None);
    };
    let type_name = match definition.get("type") {
        Some(type_name) => shown(type_name),
        None => standard.to_owned(),
    };
    let is_object = matches!(type_name.as_str(), "object" | "nested");
    if is_object != (kind == ValueKind::Object) {
        return Ok(None);
    }
    let name = "__dynamic__template";
    if is_object {
        let object = object_of(name, definition, type_name == "nested")?;
        return Ok(Some(TemplateTarget::Object(object)));
    }
    let field = field(name, &type_name, definition)?;
    Ok(Some(TemplateTarget::Field(Box::new(field))))
}

/// Puts the type of values where `{dynamic_type}` stands for it.
fn replace(value: &mut Value, type_name: &str) {
    const PLACE: &str = "{dynamic_type}";
    match value {
        Value::String(text) if text.contains(PLACE) => *text = text.replace(PLACE, type_name),
        Value::Array(values) => values
            .iter_mut()
            .for_each(|value| replace(value, type_name)),
        Value::Object(members) => members
            .values_mut()
            .for_each(|value| replace(value, type_name)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use document::FieldKind;
    use serde_json::json;

    #[test]
    fn templates_say_what_values_become() {
        let read = templates(&json!([
            {"ids": {"match": ["*_id", "id"], "mapping": {"type": "keyword"}}},
            {"plain": {"match_mapping_type": "*", "unmatch_mapping_type": "boolean",
                "mapping": {"type": "{dynamic_type}", "index": false}}},
            {"parts": {"path_match": "x.*", "match_mapping_type": "object", "mapping": {"type": "nested"}}},
        ]))
        .unwrap();
        let kind = |place: usize, path: &str, kind| match read[place].target(path, kind) {
            Some(TemplateTarget::Field(field)) => Some((field.kind, field.options.index)),
            Some(TemplateTarget::Object(object)) => {
                assert!(object.nested);
                None
            }
            None => None,
        };
        let keyword = Some((FieldKind::KEYWORD, true));
        assert_eq!(kind(0, "user_id", ValueKind::String), keyword);
        assert_eq!(kind(0, "user_id", ValueKind::Long), keyword);
        assert_eq!(kind(0, "name", ValueKind::Long), None);
        assert_eq!(
            kind(1, "a", ValueKind::Double),
            Some((FieldKind::Float, false))
        );
        assert_eq!(kind(1, "a", ValueKind::Boolean), None);
        assert!(read[2].target("x.y", ValueKind::Object).is_some());
        assert!(read[2].target("y", ValueKind::Object).is_none());
    }

    #[test]
    fn templates_that_are_none_are_refused() {
        let check = |template: Value, reason: &str| {
            let failure = templates(&json!([{ "a": template }])).unwrap_err();
            assert!(failure.to_string().contains(reason), "{failure}");
        };
        check(json!({"match": "x"}), "must have either mapping or runtime");
        check(json!({"mapping": {}}), "must have match, path_match");
        check(
            json!({"match_mapping_type": "text", "mapping": {}}),
            "No field type matched on [text]",
        );
        check(
            json!({"match": "x", "foo": 1, "mapping": {}}),
            "Illegal dynamic template parameter: [foo]",
        );
        check(
            json!({"match": "x", "match_pattern": "regex", "mapping": {}}),
            "can only be [simple]",
        );
        check(
            json!({"match": "x", "mapping": {"type": "picture"}}),
            "has invalid content",
        );
        assert!(templates(&json!({})).is_err());
        assert!(templates(&json!([5])).is_err());
    }
}
