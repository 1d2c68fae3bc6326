//! Queries for values that are alike: prefix, wildcard, fuzzy.

use super::super::context::{Context, refused};
use super::common::{Common, distance, is_null, no_field, one_field, rewrite, unsupported};
use crate::json::{Kind, Member, Node};
use crate::reading::{Read, illegal, parsing};
use document::Failure;
use query::{Fuzziness, Query};

/// What a prefix or a wildcard query says.
struct Pattern {
    field: String,
    text: String,
    case_insensitive: bool,
    common: Common,
}

fn pattern(context: &Context<'_>, name: &str, texts: &[&str], node: &Node<'_>) -> Read<Pattern> {
    let Some(field) = one_field(name, node)? else {
        return Err(no_field(node));
    };
    let mut read = Pattern {
        field: field.name.to_string(),
        text: String::new(),
        case_insensitive: false,
        common: Common::default(),
    };
    let mut text = None;
    if let Kind::Object(members) = &field.value.kind {
        for member in members {
            let value = &member.value;
            match member.name.as_ref() {
                known if texts.contains(&known) => {
                    text = context
                        .reader
                        .text_or_null(value)?
                        .map(|text| text.into_owned());
                }
                "case_insensitive" => read.case_insensitive = context.reader.bool(value)?,
                "rewrite" => rewrite(context, name, value)?,
                _ if read.common.take(context, member)? => {}
                _ => return Err(unsupported(name, member)),
            }
        }
    } else {
        text = context
            .reader
            .text_or_null(&field.value)?
            .map(|text| text.into_owned());
    }
    if read.field.is_empty() {
        return Err(no_field(node));
    }
    read.text = text.ok_or_else(|| illegal(node.end, "value cannot be null"))?;
    Ok(read)
}

pub(super) fn prefix(context: &Context<'_>, node: &Node<'_>) -> Read<Query> {
    let read = pattern(context, "prefix", &["value"], node)?;
    let query = Query::Prefix {
        field: read.field,
        value: read.text,
        case_insensitive: read.case_insensitive,
        normalized: false,
    };
    read.common.give("prefix", node, query)
}

pub(super) fn wildcard(context: &Context<'_>, node: &Node<'_>) -> Read<Query> {
    let read = pattern(context, "wildcard", &["value", "wildcard"], node)?;
    let query = Query::Wildcard {
        field: read.field,
        pattern: read.text,
        case_insensitive: read.case_insensitive,
        normalized: false,
    };
    read.common.give("wildcard", node, query)
}

pub(super) fn fuzzy(context: &Context<'_>, node: &Node<'_>) -> Read<Query> {
    let Some(field) = one_field("fuzzy", node)? else {
        return Err(illegal(node.end, "field name cannot be null or empty"));
    };
    let mut common = Common::default();
    let mut fuzziness = Fuzziness::default();
    let mut value = field.value.value_text();
    match &field.value.kind {
        Kind::Array(items) => {
            let at = items.first().map_or(field.value.end, |item| item.at);
            return Err(parsing(
                at,
                format!(
                    "[fuzzy] query doesn't support multiple fields, found [{}] and [null]",
                    field.name
                ),
            ));
        }
        Kind::Object(members) => {
            for member in members {
                if !member.value.is_scalar() || is_null(&member.value) {
                    let (token, name) = (member.value.token(), &member.name);
                    let reason = format!("[fuzzy] unexpected token [{token}] after [{name}]");
                    return Err(parsing(member.value.at, reason));
                }
                if member.name == "value" || member.name == "term" {
                    value = member.value.value_text();
                } else {
                    fuzzy_member(context, member, &mut fuzziness, &mut common)?;
                }
            }
        }
        _ => {}
    }
    if is_null(&field.value) || value.is_none() {
        return Err(illegal(node.end, "query value cannot be null"));
    }
    if field.name.is_empty() {
        return Err(illegal(node.end, "field name cannot be null or empty"));
    }
    let query = Query::Fuzzy {
        field: field.name.to_string(),
        value: value.unwrap_or_default(),
        fuzziness,
        normalized: false,
    };
    common.give("fuzzy", node, query)
}

fn fuzzy_member(
    context: &Context<'_>,
    member: &Member<'_>,
    fuzziness: &mut Fuzziness,
    common: &mut Common,
) -> Read<()> {
    let value = &member.value;
    match member.name.as_ref() {
        "fuzziness" => fuzziness.distance = distance(context, value)?,
        "prefix_length" => {
            fuzziness.prefix_length = whole(context, value, "prefixLength cannot be negative.")?;
        }
        "max_expansions" => {
            fuzziness.max_expansions = whole(context, value, "maxExpansions must be positive.")?;
        }
        "transpositions" => fuzziness.transpositions = context.reader.bool(value)?,
        "rewrite" => rewrite(context, "fuzzy", value)?,
        _ if common.take(context, member)? => {}
        _ => return Err(unsupported("fuzzy", member)),
    }
    Ok(())
}

/// Reads a whole number which an index refuses when it is negative.
fn whole(context: &Context<'_>, node: &Node<'_>, reason: &str) -> Read<u32> {
    let number = context.reader.int(node)?;
    u32::try_from(number).map_err(|_| refused(node.at, Failure::illegal_argument(reason)))
}
