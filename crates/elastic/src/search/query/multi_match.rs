//! The words of a text in several fields.

use super::super::context::Context;
use super::common::{Common, is_null, unsupported};
use super::full_text::Words;
use crate::json::{Kind, Node};
use crate::reading::{Fault, Read, fault, number_format, parsing};
use document::Cause;
use query::{MatchType, Query};

pub(super) fn multi_match(context: &Context<'_>, node: &Node<'_>) -> Read<Query> {
    let mut common = Common::default();
    let mut words = Words::default();
    let mut fields = Vec::new();
    let mut text = None;
    let mut type_name = "best_fields".to_owned();
    let mut tie_breaker = None;
    for member in node.members().unwrap_or_default() {
        let value = &member.value;
        match (member.name.as_ref(), &value.kind) {
            ("fields", Kind::Array(items)) => {
                for item in items {
                    fields.push(weighted(context, item)?);
                }
            }
            _ if !value.is_scalar() || is_null(value) => {
                return Err(parsing(
                    value.at,
                    format!(
                        "[multi_match] unknown token [{}] after [{}]",
                        value.token(),
                        member.name
                    ),
                ));
            }
            ("fields", _) => fields.push(weighted(context, value)?),
            ("query", _) => text = value.value_text(),
            ("type", _) => type_name = context.reader.text(value)?.into_owned(),
            ("tie_breaker", _) => tie_breaker = Some(context.reader.float(value)?),
            _ if words.take(context, "multi_match", member)? => {}
            _ if common.take(context, member)? => {}
            _ => return Err(unsupported("multi_match", member)),
        }
    }
    let kind = match_type(&type_name, words.slop, words.max_expansions)
        .ok_or_else(|| unknown_type(node, &type_name))?;
    let Some(text) = text else {
        return Err(parsing(node.end, "No text specified for multi_match query"));
    };
    let not_for_fuzziness = matches!(
        kind,
        MatchType::CrossFields | MatchType::Phrase { .. } | MatchType::PhrasePrefix { .. }
    );
    if words.is_fuzzy() && not_for_fuzziness {
        let reason = format!("Fuzziness not allowed for type [{}]", canonical(&type_name));
        return Err(parsing(node.end, reason));
    }
    if words.slop.is_some() && kind == MatchType::BoolPrefix {
        return Err(parsing(
            node.end,
            "[slop] not allowed for type [bool_prefix]",
        ));
    }
    let query = Query::MultiMatch {
        fields,
        text,
        options: words.options(),
        kind,
        tie_breaker,
    };
    common.give("multi_match", node, query)
}

fn unknown_type(node: &Node<'_>, name: &str) -> Fault {
    fault(
        node.end,
        Cause::Parse,
        format!("failed to parse [multi_match] query type [{name}]. unknown type."),
    )
}

/// A type's name as Elasticsearch prints it.
fn canonical(name: &str) -> &str {
    match name {
        "boolean" => "best_fields",
        other => other,
    }
}

/// Finds out how the scores of several fields become one.
pub(super) fn match_type(
    name: &str,
    slop: Option<u32>,
    max_expansions: Option<u32>,
) -> Option<MatchType> {
    let slop = slop.unwrap_or(0);
    Some(match name {
        "best_fields" | "boolean" => MatchType::BestFields,
        "most_fields" => MatchType::MostFields,
        "cross_fields" => MatchType::CrossFields,
        "phrase" => MatchType::Phrase { slop },
        "phrase_prefix" => MatchType::PhrasePrefix {
            slop,
            max_expansions: max_expansions.unwrap_or(50),
        },
        "bool_prefix" => MatchType::BoolPrefix,
        _ => return None,
    })
}

/// Reads a field with its weight: `title^3`.
pub(super) fn weighted(context: &Context<'_>, node: &Node<'_>) -> Read<(String, f32)> {
    let text = context.reader.text(node)?;
    let Some((field, weight)) = text.split_once('^') else {
        return Ok((text.into_owned(), 1.0));
    };
    match weight.parse::<f32>() {
        Ok(weight) => Ok((field.to_owned(), weight)),
        Err(_) => Err(Fault {
            failure: number_format(weight),
            at: node.at,
        }),
    }
}
