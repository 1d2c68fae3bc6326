//! Queries made of queries.

use super::super::context::Context;
use super::super::script;
use super::common::{Common, minimum_should_match, seen, unsupported};
use super::query;
use crate::json::{Kind, Node};
use crate::reading::{Read, illegal, in_field, objects, parsing, unknown_field, wrong_sort};
use document::Cause;
use query::{Bool, Query};

/// Reads one query or a list of them.
pub(super) fn queries(context: &Context<'_>, node: &Node<'_>) -> Read<Vec<Query>> {
    match &node.kind {
        Kind::Array(items) => objects(items)?
            .into_iter()
            .map(|item| query(context, item))
            .collect(),
        _ => Ok(vec![query(context, node)?]),
    }
}

pub(super) fn bool_query(context: &Context<'_>, node: &Node<'_>) -> Read<Query> {
    let known = [
        "must",
        "must_not",
        "filter",
        "should",
        "minimum_should_match",
        "adjust_pure_negative",
        "boost",
        "_name",
    ];
    let nothing = [
        "must",
        "must_not",
        "filter",
        "should",
        "minimum_should_match",
    ];
    let mut common = Common::default();
    let mut read = Bool::default();
    let mut pure_negative = true;
    for member in node.members().unwrap_or_default() {
        let value = &member.value;
        let name = member.name.as_ref();
        if value.kind == Kind::Null && nothing.contains(&name) {
            continue;
        }
        let clauses = match name {
            "must" => &mut read.must,
            "must_not" | "mustNot" => &mut read.must_not,
            "filter" => &mut read.filter,
            "should" => &mut read.should,
            "minimum_should_match" if !value.is_scalar() => {
                return Err(wrong_sort("bool", name, value));
            }
            "minimum_should_match" => {
                read.minimum_should_match =
                    in_field("bool", name, minimum_should_match(context, value))?;
                continue;
            }
            "adjust_pure_negative" => {
                pure_negative = context.reader.field_bool("bool", member)?;
                continue;
            }
            _ if common.take_of(context, "bool", member)? => continue,
            _ => return Err(unknown_field("bool", member, &known)),
        };
        if !matches!(value.kind, Kind::Array(_) | Kind::Object(_)) {
            return Err(wrong_sort("bool", name, value));
        }
        clauses.extend(in_field("bool", name, queries(context, value))?);
    }
    let positive = !(read.must.is_empty() && read.filter.is_empty() && read.should.is_empty());
    let query = match (positive, read.must_not.is_empty()) {
        (false, true) => Query::All,
        (false, false) if !pure_negative => Query::None,
        _ => Query::Bool(read),
    };
    common.give("bool", node, query)
}

pub(super) fn constant_score(context: &Context<'_>, node: &Node<'_>) -> Read<Query> {
    let mut common = Common::default();
    let mut inner = None;
    for member in node.members().unwrap_or_default() {
        match (member.name.as_ref(), &member.value.kind) {
            (_, Kind::Array(_) | Kind::Null) => {
                let reason = format!("unexpected token [{}]", member.value.token());
                return Err(parsing(member.value.at, reason));
            }
            ("filter", Kind::Object(_)) => inner = Some(query(context, &member.value)?),
            (_, Kind::Object(_)) => return Err(unsupported("constant_score", member)),
            _ if common.take(context, member)? => {}
            _ => return Err(unsupported("constant_score", member)),
        }
    }
    let Some(inner) = inner else {
        return Err(parsing(
            node.end,
            "[constant_score] requires a 'filter' element",
        ));
    };
    let score = common.checked_boost("constant_score", node)?.unwrap_or(1.0);
    let query = Query::ConstantScore {
        query: Box::new(inner),
        score,
    };
    Ok(common.name(query))
}

pub(super) fn dis_max(context: &Context<'_>, node: &Node<'_>) -> Read<Query> {
    let mut common = Common::default();
    let mut found = None;
    let mut tie_breaker = 0.0;
    for member in node.members().unwrap_or_default() {
        let value = &member.value;
        match (member.name.as_ref(), &value.kind) {
            ("queries", Kind::Array(items))
                if items.first().is_none_or(|first| first.members().is_none()) =>
            {
                let at = items.first().map_or(value.end, |first| first.at);
                return Err(parsing(
                    at,
                    "[_na] query malformed, must start with start_object",
                ));
            }
            ("queries", Kind::Array(_) | Kind::Object(_)) => {
                // A list in the list is taken for another value of the member.
                found = Some(queries(context, value).map_err(
                    |fault| match fault.failure.cause {
                        Cause::IllegalState => unsupported("dis_max", member),
                        _ => fault,
                    },
                )?);
            }
            ("tie_breaker", _) if value.is_scalar() => {
                tie_breaker = context.reader.float(value)?;
            }
            _ if value.is_scalar() && common.take(context, member)? => {}
            _ => return Err(unsupported("dis_max", member)),
        }
    }
    let Some(queries) = found else {
        return Err(parsing(
            node.end,
            "[dis_max] requires 'queries' field with at least one clause",
        ));
    };
    let query = Query::DisMax {
        queries,
        tie_breaker,
    };
    common.give("dis_max", node, query)
}

pub(super) fn boosting(context: &Context<'_>, node: &Node<'_>) -> Read<Query> {
    let mut common = Common::default();
    let (mut positive, mut negative, mut negative_boost) = (None, None, None);
    for member in seen(node) {
        let member = member.as_ref();
        let value = &member.value;
        match (member.name.as_ref(), value.members().is_some()) {
            ("positive", true) => positive = Some(query(context, value)?),
            ("negative", true) => negative = Some(query(context, value)?),
            ("negative_boost", false) if value.is_scalar() => {
                negative_boost = Some(context.reader.float(value)?);
            }
            (_, false) if value.is_scalar() && common.take(context, member)? => {}
            _ => return Err(unsupported("boosting", member)),
        }
    }
    let required = |name: &str, more: &str| {
        parsing(
            node.end,
            format!("[boosting] query requires '{name}' {more}'"),
        )
    };
    let positive = positive.ok_or_else(|| required("positive", "query to be set"))?;
    let negative = negative.ok_or_else(|| required("negative", "query to be set"))?;
    let negative_boost = negative_boost
        .filter(|boost| *boost >= 0.0)
        .ok_or_else(|| required("negative_boost", "to be set to be a positive value"))?;
    let query = Query::Boosting {
        positive: Box::new(positive),
        negative: Box::new(negative),
        negative_boost,
    };
    common.give("boosting", node, query)
}

pub(super) fn script_score(context: &Context<'_>, node: &Node<'_>) -> Read<Query> {
    let known = ["query", "script", "min_score", "boost", "_name"];
    let mut common = Common::default();
    let (mut inner, mut script, mut min_score) = (None, None, None);
    for member in node.members().unwrap_or_default() {
        let value = &member.value;
        let name = member.name.as_ref();
        if matches!(name, "query" | "script") && value.members().is_none() {
            return Err(wrong_sort("script_score", name, value));
        }
        match name {
            "query" => inner = Some(in_field("script_score", name, query(context, value))?),
            "script" => {
                let read = script::script(context.reader, value);
                script = Some(in_field("script_score", name, read)?);
            }
            "min_score" => min_score = Some(context.reader.field_float("script_score", member)?),
            _ if common.take_of(context, "script_score", member)? => {}
            _ => return Err(unknown_field("script_score", member, &known)),
        }
    }
    match (inner, script) {
        (Some(inner), Some(script)) => {
            let query = Query::ScriptScore {
                query: Box::new(inner),
                script,
                min_score,
            };
            common.give("script_score", node, query)
        }
        (inner, script) => {
            let missing: Vec<&str> = [("query", inner.is_none()), ("script", script.is_none())]
                .into_iter()
                .filter_map(|(name, missing)| missing.then_some(name))
                .collect();
            let reason = format!("Required [{}]", missing.join(", "));
            Err(illegal(node.end, reason))
        }
    }
}
