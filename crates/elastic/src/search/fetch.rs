//! Which fields are answered with each hit.

use super::script;
use crate::json::{Kind, Member, Node};
use crate::reading::{
    Read, Reader, after, content, in_field, not_served, parsing, unknown_field, wrong_sort,
};
use query::{FieldFetch, Script};

/// Reads a list of fields: names, or objects with a name and a format.
pub(super) fn fields(reader: Reader<'_>, node: &Node<'_>) -> Read<Vec<FieldFetch>> {
    let Kind::Array(items) = &node.kind else {
        return Ok(vec![field(reader, node)?]);
    };
    let mut fields = Vec::with_capacity(items.len());
    let mut items = items.iter();
    while let Some(item) = items.next() {
        // The parser goes on to the next item where it finds null.
        let item = match item.kind {
            Kind::Null => items.next().filter(|next| next.members().is_some()),
            _ => None,
        }
        .unwrap_or(item);
        fields.push(field(reader, item)?);
    }
    Ok(fields)
}

/// A field of which nothing is said but its name.
pub(super) fn named(name: &str) -> FieldFetch {
    FieldFetch {
        field: name.to_owned(),
        format: None,
        include_unmapped: false,
    }
}

fn field(reader: Reader<'_>, node: &Node<'_>) -> Read<FieldFetch> {
    const PARSER: &str = "fetch_field_and_format";
    let Some(members) = node.members() else {
        if node.is_scalar() {
            return Ok(named(&reader.text(node)?));
        }
        return Err(content(
            after(node),
            &format!("[{PARSER}] Expected START_OBJECT but was: END_ARRAY"),
        ));
    };
    let known = ["field", "format", "include_unmapped"];
    let mut read = named("");
    let mut given = false;
    for member in members {
        let value = &member.value;
        let name = member.name.as_ref();
        match name {
            "field" => {
                read.field = reader.field_text(PARSER, member)?;
                given = true;
            }
            "format" if !matches!(value.kind, Kind::String(_) | Kind::Null) => {
                return Err(wrong_sort(PARSER, name, value));
            }
            "format" => {
                let format = in_field(PARSER, name, reader.text_or_null(value))?;
                read.format = format.map(|format| format.into_owned());
            }
            "include_unmapped" => {
                read.include_unmapped = reader.field_bool(PARSER, member)?;
            }
            _ => return Err(unknown_field(PARSER, member, &known)),
        }
    }
    if given {
        return Ok(read);
    }
    Err(crate::reading::illegal(node.end, "Required [field]"))
}

/// Reads one of the scripts whose results are answered.
pub(super) fn script_field(reader: Reader<'_>, member: &Member<'_>) -> Read<(String, Script)> {
    let Some(members) = member.value.members() else {
        return Err(parsing(
            member.value.at,
            format!(
                "Expected [START_OBJECT] in [{}] but found [{}]",
                member.name,
                member.value.token()
            ),
        ));
    };
    let mut read = None;
    for inner in members {
        let value = &inner.value;
        match (inner.name.as_ref(), &value.kind) {
            ("script", Kind::String(_) | Kind::Object(_)) => {
                read = Some(script::script(reader, value)?)
            }
            ("ignore_failure", Kind::Bool(true)) => {
                return Err(not_served(value.at, "[ignore_failure] of a script field"));
            }
            ("ignore_failure", Kind::Bool(false)) => {}
            (name, _) => {
                return Err(parsing(
                    value.at,
                    format!("Unknown key for a {} in [{name}].", value.token()),
                ));
            }
        }
    }
    match read {
        Some(script) => Ok((member.name.to_string(), script)),
        None => Err(parsing(
            member.value.end,
            format!("Script field [{}] must have a [script]", member.name),
        )),
    }
}
