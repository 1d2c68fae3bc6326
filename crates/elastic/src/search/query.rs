//! Queries as the Query DSL writes them.

mod boost;
mod common;
mod compound;
mod full_text;
mod joining;
mod knn;
mod language;
mod multi_match;
mod pattern;
mod range;
mod term;

use super::context::Context;
use crate::json::{Kind, Member, Node};
use crate::reading::{Fault, Read, after, illegal, not_served, parsing};
use crate::suggest::did_you_mean;
use document::{Cause, Failure};
use query::Query;

pub(super) use common::{analyzer_named, operator_named};
pub(super) use joining::inner_hits;
pub(super) use knn::top_level;
pub(super) use language::{Language, typed};

/// Queries that Elasticsearch has and that are not served yet.
const LATER: [&str; 32] = [
    "combined_fields",
    "distance_feature",
    "field_masking_span",
    "function_score",
    "geo_bounding_box",
    "geo_distance",
    "geo_polygon",
    "geo_shape",
    "has_child",
    "has_parent",
    "intervals",
    "more_like_this",
    "parent_id",
    "percolate",
    "pinned",
    "rank_feature",
    "regexp",
    "rule",
    "script",
    "semantic",
    "simple_query_string",
    "span_containing",
    "span_first",
    "span_multi",
    "span_near",
    "span_not",
    "span_or",
    "span_term",
    "span_within",
    "sparse_vector",
    "terms_set",
    "wrapper",
];

/// Queries that are served.
const SERVED: [&str; 23] = [
    "bool",
    "boosting",
    "constant_score",
    "dis_max",
    "exists",
    "fuzzy",
    "ids",
    "knn",
    "match",
    "match_all",
    "match_bool_prefix",
    "match_none",
    "match_phrase",
    "match_phrase_prefix",
    "multi_match",
    "nested",
    "prefix",
    "query_string",
    "range",
    "script_score",
    "term",
    "terms",
    "wildcard",
];

/// Reads a query: an object with one member, whose name says which.
pub(super) fn query(context: &Context<'_>, node: &Node<'_>) -> Read<Query> {
    let Kind::Object(members) = &node.kind else {
        // The parser has gone on when it finds that there is no object.
        return Err(parsing(
            after(node),
            "[_na] query malformed, must start with start_object",
        ));
    };
    let Some(first) = members.first() else {
        let (line, column) = node.end;
        return Err(illegal(
            node.end,
            format!("query malformed, empty clause found at [{line}:{column}]"),
        ));
    };
    if first.value.members().is_none() {
        return Err(parsing(
            first.value.at,
            format!(
                "[{}] query malformed, no start_object after query name",
                first.name
            ),
        ));
    }
    let query = context.deeper(first.value.at, || named(context, first))?;
    match members.get(1) {
        None => Ok(query),
        Some(second) => Err(parsing(
            second.at,
            format!(
                "[{}] malformed query, expected [END_OBJECT] but found [FIELD_NAME]",
                first.name
            ),
        )),
    }
}

fn named(context: &Context<'_>, member: &Member<'_>) -> Read<Query> {
    let node = &member.value;
    match member.name.as_ref() {
        "match_all" => term::all(context, node),
        "match_none" => term::none(context, node),
        "ids" => term::ids(context, node),
        "term" => term::term(context, node),
        "terms" => term::terms(context, node),
        "exists" => term::exists(context, node),
        "range" => range::range(context, node),
        "prefix" => pattern::prefix(context, node),
        "wildcard" => pattern::wildcard(context, node),
        "fuzzy" => pattern::fuzzy(context, node),
        "match" => full_text::match_query(context, node),
        "match_phrase" => full_text::match_phrase(context, node),
        "match_phrase_prefix" => full_text::match_phrase_prefix(context, node),
        "match_bool_prefix" => full_text::match_bool_prefix(context, node),
        "multi_match" => multi_match::multi_match(context, node),
        "query_string" => language::query_string(context, node),
        "bool" => compound::bool_query(context, node),
        "constant_score" => compound::constant_score(context, node),
        "dis_max" => compound::dis_max(context, node),
        "boosting" => compound::boosting(context, node),
        "script_score" => compound::script_score(context, node),
        "nested" => joining::nested(context, node),
        "knn" => knn::knn(context, node),
        name if LATER.contains(&name) => Err(not_served(node.at, &format!("query [{name}]"))),
        name => {
            let (line, column) = node.at;
            let known = SERVED.iter().chain(&LATER).copied();
            let suggestion = did_you_mean(name, known);
            let fault = parsing(node.at, format!("unknown query [{name}]{suggestion}"));
            let cause = Failure::new(
                Cause::NamedObjectNotFound,
                format!("[{line}:{column}] unknown field [{name}]"),
            );
            Err(Fault {
                failure: fault.failure.caused_by(cause),
                ..fault
            })
        }
    }
}
