//! Scripts as requests bring them.

use super::context::refused;
use crate::json::{Kind, Node};
use crate::reading::{Read, Reader, fault, illegal, in_field, unknown_field, wrong_sort};
use document::{Cause, Failure};
use query::Script;
use serde_json::{Map, Value};

/// Reads a script: its source alone, or an object with source, language and parameters.
pub(super) fn script(reader: Reader<'_>, node: &Node<'_>) -> Read<Script> {
    let members = match &node.kind {
        Kind::Object(members) => members,
        Kind::String(source) => {
            return Ok(Script {
                source: source.to_string(),
                params: Value::Object(Map::new()).into(),
            });
        }
        _ => {
            return Err(illegal(node.at, "Script value should be a String or a Map"));
        }
    };
    let known = ["source", "id", "lang", "options", "params"];
    let (mut source, mut id, mut params) = (None, None, Value::Object(Map::new()));
    let mut lang = "painless".to_owned();
    for member in members {
        let value = &member.value;
        let name = member.name.as_ref();
        match name {
            "source" | "inline" | "id" | "stored" => {
                if source.is_some() || id.is_some() {
                    let reason = "must only use one of [source, id] when specifying a script";
                    return in_field("script", name, Err(illegal(value.at, reason)));
                }
                let text = reader.field_text("script", member)?;
                if matches!(name, "source" | "inline") {
                    source = Some(text);
                } else {
                    id = Some(text);
                }
            }
            "lang" => lang = reader.field_text("script", member)?,
            "params" | "options" if value.members().is_none() => {
                return Err(wrong_sort("script", name, value));
            }
            "params" => params = value.to_value(),
            // They concern languages that are not served.
            "options" => {}
            _ => return Err(unknown_field("script", member, &known)),
        }
    }
    if let Some(id) = id {
        let reason = format!("unable to find script [{id}] in cluster state");
        return Err(refused(
            node.end,
            Failure::new(Cause::ResourceNotFound, reason),
        ));
    }
    let Some(source) = source else {
        return Err(illegal(
            node.end,
            "must specify either [source] for an inline script or [id] for a stored script",
        ));
    };
    if lang != "painless" {
        let reason = format!("script_lang not supported [{lang}]");
        return Err(refused(node.end, Failure::illegal_argument(reason)));
    }
    if source.is_empty() {
        return Err(fault(
            node.end,
            Cause::IllegalArgument,
            "must specify either [source] for an inline script or [id] for a stored script",
        ));
    }
    Ok(Script {
        source,
        params: params.into(),
    })
}
