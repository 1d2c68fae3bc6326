//! Queries for the words of a text in one field: match and its kind.

use super::super::context::Context;
use super::common::{
    Common, analyzer, distance, minimum_should_match, natural, one_field, operator, rewrite,
    unknown_token, unsupported,
};
use crate::json::{Kind, Member, Node};
use crate::reading::{Fault, Read, illegal, parsing};
use query::{Fuzziness, MatchOptions, Query, ZeroTerms};

/// What is said of the words of a text, for all queries that take them.
#[derive(Default)]
pub(super) struct Words {
    pub(super) options: MatchOptions,
    /// What is said of fuzziness, which counts only where a distance is given.
    fuzziness: Fuzziness,
    fuzzy: bool,
    pub(super) max_expansions: Option<u32>,
    pub(super) slop: Option<u32>,
}

impl Words {
    /// Takes a member that says something of words; answers whether it did.
    pub(super) fn take(
        &mut self,
        context: &Context<'_>,
        query_name: &str,
        member: &Member<'_>,
    ) -> Read<bool> {
        let value = &member.value;
        match member.name.as_ref() {
            "analyzer" => self.options.analyzer = analyzer(context, query_name, value)?,
            "operator" => self.options.operator = operator(context, value)?,
            "minimum_should_match" => {
                self.options.minimum_should_match = minimum_should_match(context, value)?;
            }
            "fuzziness" => {
                self.fuzziness.distance = distance(context, value)?;
                self.fuzzy = true;
            }
            "prefix_length" => {
                let refuse = |_| non_negative(query_name);
                self.fuzziness.prefix_length = natural(context, value, refuse)?;
            }
            "max_expansions" => {
                let refuse = |_| positive(query_name);
                let most = natural(context, value, refuse)?;
                // One word is looked at before it is asked whether there are enough.
                if most == 0 && query_name != "match_phrase_prefix" {
                    return Err(illegal(value.at, positive(query_name)));
                }
                self.fuzziness.max_expansions = most;
                self.max_expansions = Some(most);
            }
            "fuzzy_transpositions" => {
                self.fuzziness.transpositions = context.reader.bool(value)?;
            }
            "fuzzy_rewrite" => rewrite(context, "fuzzy", value)?,
            "lenient" => self.options.lenient = context.reader.bool(value)?,
            "zero_terms_query" => self.options.zero_terms = zero_terms(context, value)?,
            // There are no synonyms of several words.
            "auto_generate_synonyms_phrase_query" => {
                context.reader.bool(value)?;
            }
            "slop" => {
                let refuse = |_| "No negative slop allowed.".to_owned();
                self.slop = Some(natural(context, value, refuse)?);
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    pub(super) fn is_fuzzy(&self) -> bool {
        self.fuzzy
    }

    pub(super) fn options(self) -> MatchOptions {
        MatchOptions {
            fuzziness: self.fuzzy.then_some(self.fuzziness),
            ..self.options
        }
    }
}

fn non_negative(query_name: &str) -> String {
    match query_name {
        "multi_match" => "No negative prefix length allowed.".to_owned(),
        _ => format!("[{query_name}] requires prefix length to be non-negative."),
    }
}

fn positive(query_name: &str) -> String {
    match query_name {
        "multi_match" => "Max expansions must be strictly great than zero.".to_owned(),
        "match_phrase_prefix" => "No negative maxExpansions allowed.".to_owned(),
        _ => format!("[{query_name}] requires maxExpansions to be positive."),
    }
}

fn zero_terms(context: &Context<'_>, node: &Node<'_>) -> Read<ZeroTerms> {
    let text = context.reader.text(node)?;
    match text.to_lowercase().as_str() {
        "none" => Ok(ZeroTerms::None),
        "all" => Ok(ZeroTerms::All),
        _ => Err(parsing(
            node.at,
            format!("Unsupported zero_terms_query value [{text}]"),
        )),
    }
}

/// A text in one field.
struct InField {
    field: String,
    text: String,
    words: Words,
    common: Common,
}

/// What of [`Words`] each query knows.
fn knows(query_name: &str, member: &str) -> bool {
    match query_name {
        "match" => member != "slop",
        "match_phrase" => ["analyzer", "slop", "zero_terms_query"].contains(&member),
        "match_phrase_prefix" => {
            ["analyzer", "slop", "zero_terms_query", "max_expansions"].contains(&member)
        }
        _ => [
            "analyzer",
            "operator",
            "minimum_should_match",
            "fuzziness",
            "prefix_length",
            "max_expansions",
            "fuzzy_transpositions",
            "fuzzy_rewrite",
        ]
        .contains(&member),
    }
}

fn in_field(context: &Context<'_>, query_name: &str, node: &Node<'_>) -> Read<InField> {
    let Some(field) = one_field(query_name, node)? else {
        return Err(no_field(query_name, node));
    };
    let mut words = Words::default();
    let mut common = Common::default();
    let mut text = None;
    match &field.value.kind {
        Kind::Object(members) => {
            for member in members {
                let value = &member.value;
                if !value.is_scalar() {
                    return Err(unknown_token(query_name, member));
                }
                match member.name.as_ref() {
                    "query" => text = value.value_text(),
                    known
                        if knows(query_name, known)
                            && words.take(context, query_name, member)? => {}
                    _ if common.take(context, member)? => {}
                    _ => return Err(unsupported(query_name, member)),
                }
            }
        }
        Kind::Null => {}
        _ => {
            context.reader.text(&field.value)?;
            text = field.value.value_text();
        }
    }
    match text {
        Some(text) => Ok(InField {
            field: field.name.to_string(),
            text,
            words,
            common,
        }),
        None if query_name == "match" => Err(parsing(node.end, "No text specified for text query")),
        None => Err(illegal(
            node.end,
            format!("[{query_name}] requires query value"),
        )),
    }
}

fn no_field(query_name: &str, node: &Node<'_>) -> Fault {
    match query_name {
        "match" => parsing(node.end, "No text specified for text query"),
        _ => illegal(node.end, format!("[{query_name}] requires fieldName")),
    }
}

pub(super) fn match_query(context: &Context<'_>, node: &Node<'_>) -> Read<Query> {
    let read = in_field(context, "match", node)?;
    let query = Query::Match {
        field: read.field,
        text: read.text,
        options: read.words.options(),
    };
    read.common.give("match", node, query)
}

pub(super) fn match_phrase(context: &Context<'_>, node: &Node<'_>) -> Read<Query> {
    let read = in_field(context, "match_phrase", node)?;
    let query = Query::MatchPhrase {
        field: read.field,
        text: read.text,
        slop: read.words.slop.unwrap_or(0),
        prefix: None,
        options: read.words.options(),
    };
    read.common.give("match_phrase", node, query)
}

pub(super) fn match_phrase_prefix(context: &Context<'_>, node: &Node<'_>) -> Read<Query> {
    let read = in_field(context, "match_phrase_prefix", node)?;
    let query = Query::MatchPhrase {
        field: read.field,
        text: read.text,
        slop: read.words.slop.unwrap_or(0),
        prefix: Some(read.words.max_expansions.map_or(50, |most| most.max(1))),
        options: read.words.options(),
    };
    read.common.give("match_phrase_prefix", node, query)
}

pub(super) fn match_bool_prefix(context: &Context<'_>, node: &Node<'_>) -> Read<Query> {
    let read = in_field(context, "match_bool_prefix", node)?;
    let query = Query::MatchBoolPrefix {
        field: read.field,
        text: read.text,
        options: read.words.options(),
    };
    read.common.give("match_bool_prefix", node, query)
}
