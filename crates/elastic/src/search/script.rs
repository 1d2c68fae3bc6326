//! Scripts as requests bring them.

use super::context::refused;
use crate::json::{Kind, Node};
use crate::reading::{Read, Reader, illegal, in_field, unknown_field, wrong_sort};
use document::{Cause, Failure};
use query::Script;
use serde_json::{Map, Value};

/// A script as it is asked for, which need not be one that is served.
pub(crate) struct Asked {
    source: String,
    /// The name of a stored script, in place of a source.
    id: Option<String>,
    lang: String,
    params: Value,
}

impl Asked {
    /// Answers the script.
    ///
    /// # Errors
    /// When it is in another language, or stored.
    pub(crate) fn served(self) -> Result<Script, Failure> {
        if let Some(id) = self.id {
            let reason = format!("unable to find script [{id}] in cluster state");
            return Err(Failure::new(Cause::ResourceNotFound, reason));
        }
        if self.lang != "painless" {
            let reason = format!("script_lang not supported [{}]", self.lang);
            return Err(Failure::illegal_argument(reason));
        }
        Ok(Script {
            source: self.source,
            params: self.params.into(),
        })
    }
}

/// Reads a script that is served.
pub(super) fn script(reader: Reader<'_>, node: &Node<'_>) -> Read<Script> {
    let asked = asked(reader, node)?;
    asked.served().map_err(|failure| refused(node.end, failure))
}

/// Reads a script: its source alone, or an object with source, language and parameters.
pub(crate) fn asked(reader: Reader<'_>, node: &Node<'_>) -> Read<Asked> {
    let members = match &node.kind {
        Kind::Object(members) => members,
        Kind::String(source) => {
            return Ok(Asked {
                source: source.to_string(),
                id: None,
                lang: "painless".to_owned(),
                params: Value::Object(Map::new()),
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
    let source = match (source, &id) {
        (Some(source), _) if !source.is_empty() => source,
        (None, Some(_)) => String::new(),
        _ => {
            return Err(illegal(
                node.end,
                "must specify either [source] for an inline script or [id] for a stored script",
            ));
        }
    };
    Ok(Asked {
        source,
        id,
        lang,
        params,
    })
}
