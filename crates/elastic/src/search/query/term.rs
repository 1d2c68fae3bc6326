//! Queries for whole values: all, none, ids, term, terms, exists.

use super::super::context::{Context, refused};
use super::common::{Common, is_null, no_field, one_field, unknown_token, unsupported};
use crate::json::{Kind, Member, Node, Place};
use crate::reading::{
    Fault, Read, fault, illegal, in_field, not_served, parsing, unknown_field, wrong_sort,
};
use document::{Cause, Failure};
use query::Query;

/// How many values a query may seek at once.
const MAX_TERMS: usize = 65_536;

/// Says a fault once more as the parsers of these queries do: with the place at which they stood.
fn told_again(fault: Fault) -> Fault {
    Fault {
        failure: parsing(fault.at, fault.failure.reason.clone())
            .failure
            .caused_by(fault.failure),
        at: fault.at,
    }
}

pub(super) fn all(context: &Context<'_>, node: &Node<'_>) -> Read<Query> {
    let mut common = Common::default();
    for member in node.members().unwrap_or_default() {
        let taken = common.take_of(context, "match_all", member);
        if !taken.map_err(told_again)? {
            let unknown = unknown_field("match_all", member, &["boost", "_name"]);
            return Err(told_again(unknown));
        }
    }
    common.give("match_all", node, Query::All)
}

pub(super) fn none(context: &Context<'_>, node: &Node<'_>) -> Read<Query> {
    let mut common = Common::default();
    for member in node.members().unwrap_or_default() {
        if !common.take(context, member)? {
            return Err(unsupported("match_none", member));
        }
    }
    common.give("match_none", node, Query::None)
}

pub(super) fn ids(context: &Context<'_>, node: &Node<'_>) -> Read<Query> {
    let mut common = Common::default();
    let mut ids = Vec::new();
    for member in node.members().unwrap_or_default() {
        match member.name.as_ref() {
            "values" => {
                ids = match &member.value.kind {
                    Kind::Array(items) => strings(items).map_err(told_again)?,
                    _ if member.value.is_scalar() => {
                        vec![context.reader.text(&member.value)?.into_owned()]
                    }
                    _ => return Err(told_again(wrong_sort("ids", "values", &member.value))),
                };
            }
            _ if common.take_of(context, "ids", member).map_err(told_again)? => {}
            _ => {
                let known = ["values", "boost", "_name"];
                return Err(told_again(unknown_field("ids", member, &known)));
            }
        }
    }
    common.give("ids", node, Query::Ids(ids))
}

/// Reads ids, of which none is an object, a list or null.
fn strings(items: &[Node<'_>]) -> Read<Vec<String>> {
    let id = |item: &Node<'_>| {
        let wrong = || {
            let reason = format!("expected value but got [{}]", item.token());
            fault(item.at, Cause::IllegalState, reason)
        };
        item.raw_text().map(|id| id.into_owned()).ok_or_else(wrong)
    };
    in_field("ids", "values", items.iter().map(id).collect())
}

pub(super) fn term(context: &Context<'_>, node: &Node<'_>) -> Read<Query> {
    let field = one_field("term", node)?;
    let Some(Member { name, value, .. }) = field.filter(|field| !is_null(&field.value)) else {
        return Err(no_field(node));
    };
    let mut common = Common::default();
    let mut case_insensitive = false;
    let mut text = value.value_text();
    match &value.kind {
        Kind::Array(_) => {
            return Err(parsing(
                value.at,
                "[term] query does not support array of values",
            ));
        }
        Kind::Object(members) => {
            for member in members {
                match (member.name.as_ref(), &member.value.kind) {
                    (_, Kind::Array(_)) => {
                        return Err(parsing(
                            member.value.at,
                            "[term] query does not support arrays for value - use a bool query with multiple term clauses in the should section or use a Terms query if scoring is not required",
                        ));
                    }
                    (_, Kind::Object(inner)) => {
                        return Err(unsupported("term", inner.first().unwrap_or(member)));
                    }
                    ("value" | "term", _) => text = member.value.value_text(),
                    ("case_insensitive", _) => {
                        case_insensitive = context.reader.bool(&member.value)?;
                    }
                    _ if common.take(context, member)? => {}
                    _ => return Err(unsupported("term", member)),
                }
            }
        }
        _ => {}
    }
    if name.is_empty() {
        return Err(no_field(node));
    }
    let Some(value) = text else {
        return Err(illegal(node.end, "value cannot be null"));
    };
    let query = Query::Term {
        field: name.to_string(),
        value,
        case_insensitive,
    };
    common.give("term", node, query)
}

pub(super) fn terms(context: &Context<'_>, node: &Node<'_>) -> Read<Query> {
    let mut common = Common::default();
    let mut found: Option<(String, Vec<String>)> = None;
    for member in node.members().unwrap_or_default() {
        let value = &member.value;
        match &value.kind {
            Kind::Array(_) | Kind::Object(_) if found.is_some() => {
                return Err(parsing(
                    value.at,
                    "[terms] query does not support multiple fields",
                ));
            }
            Kind::Array(items) => {
                found = Some((member.name.to_string(), values(member, items, value.end)?));
            }
            Kind::Object(members) => return Err(lookup(context, value, members)?),
            _ if value.is_scalar() && common.take(context, member)? => {}
            _ => return Err(unsupported("terms", member)),
        }
    }
    let Some((field, values)) = found else {
        return Err(parsing(
            node.end,
            "[terms] query requires a field name, followed by array of terms or a document lookup specification",
        ));
    };
    if values.len() > MAX_TERMS {
        let failure = Failure::illegal_argument(format!(
            "The number of terms [{}] used in the Terms Query request has exceeded the allowed maximum of [{MAX_TERMS}]. This maximum can be set by changing the [index.max_terms_count] index level setting.",
            values.len()
        ));
        return Err(refused(node.end, failure));
    }
    common.give("terms", node, Query::Terms { field, values })
}

fn values(member: &Member<'_>, items: &[Node<'_>], end: Place) -> Read<Vec<String>> {
    let value = |item: &Node<'_>| {
        item.value_text().ok_or_else(|| {
            if is_null(item) {
                parsing(item.at, "No value specified for terms query")
            } else {
                let reason = format!("[terms] unknown token [END_ARRAY] after [{}]", member.name);
                parsing(end, reason)
            }
        })
    };
    items.iter().map(value).collect()
}

/// What is wrong with values that come from another document; whole ones are not served yet.
fn lookup(context: &Context<'_>, node: &Node<'_>, members: &[Member<'_>]) -> Read<Fault> {
    let known = ["index", "id", "path", "routing"];
    let mut missing = vec!["index", "id", "path"];
    for member in members {
        if !known.contains(&member.name.as_ref()) {
            return Err(unknown_field("terms_lookup", member, &known));
        }
        context.reader.text(&member.value)?;
        missing.retain(|name| *name != member.name);
    }
    if !missing.is_empty() {
        let reason = format!("Required [{}]", missing.join(", "));
        return Err(illegal(node.end, reason));
    }
    Ok(not_served(
        node.at,
        "[terms] query with values of another document",
    ))
}

pub(super) fn exists(context: &Context<'_>, node: &Node<'_>) -> Read<Query> {
    let mut common = Common::default();
    let mut field = None;
    for member in node.members().unwrap_or_default() {
        if !member.value.is_scalar() {
            return Err(unknown_token("exists", member));
        }
        match member.name.as_ref() {
            "field" => field = Some(context.reader.text(&member.value)?.into_owned()),
            _ if common.take(context, member)? => {}
            _ => return Err(unsupported("exists", member)),
        }
    }
    match field {
        None => Err(parsing(
            node.end,
            "[exists] must be provided with a [field]",
        )),
        Some(field) if field.is_empty() => Err(no_field(node)),
        Some(field) => common.give("exists", node, Query::Exists { field }),
    }
}
