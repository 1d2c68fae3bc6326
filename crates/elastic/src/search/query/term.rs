//! Queries for whole values: all, none, ids, term, terms, exists.

use super::super::context::{Context, refused};
use super::common::{Common, is_null, no_field, one_field, told_again, unknown_token, unsupported};
use crate::json::{Kind, Member, Node, Place};
use crate::reading::{Read, fault, illegal, in_field, parsing, unknown_field, wrong_sort};
use document::{Cause, Failure};
use query::Query;

/// How many values a query may seek at once.
const MAX_TERMS: usize = 65_536;

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
                    Kind::String(id) => vec![id.to_string()],
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
    if ids.iter().any(String::is_empty) {
        let reason = Failure::illegal_argument("Ids can't be empty");
        return Err(refused(node.end, reason));
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
                    ("boost" | "_name", _) => {
                        common.take(context, member)?;
                    }
                    ("case_insensitive", _) => {
                        case_insensitive = context.reader.bool(&member.value)?;
                    }
                    ("value" | "term", Kind::Array(_)) => {
                        return Err(parsing(
                            member.value.at,
                            "[term] query does not support arrays for value - use a bool query with multiple term clauses in the should section or use a Terms query if scoring is not required",
                        ));
                    }
                    (_, Kind::Object(inner)) => {
                        return Err(unsupported("term", inner.first().unwrap_or(member)));
                    }
                    ("value" | "term", _) => text = member.value.value_text(),
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
    let mut found: Option<Query> = None;
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
                found = Some(Query::Terms {
                    field: member.name.to_string(),
                    values: values(member, items, value.end)?,
                });
            }
            Kind::Object(members) => found = Some(lookup(context, member, members)?),
            _ if value.is_scalar() && common.take(context, member)? => {}
            _ => return Err(unsupported("terms", member)),
        }
    }
    let Some(query) = found else {
        return Err(parsing(
            node.end,
            "[terms] query requires a field name, followed by array of terms or a document lookup specification",
        ));
    };
    if let Query::Terms { values, .. } = &query
        && values.len() > MAX_TERMS
    {
        let failure = Failure::illegal_argument(format!(
            "The number of terms [{}] used in the Terms Query request has exceeded the allowed maximum of [{MAX_TERMS}]. This maximum can be set by changing the [index.max_terms_count] index level setting.",
            values.len()
        ));
        return Err(refused(node.end, failure));
    }
    common.give("terms", node, query)
}

fn values(member: &Member<'_>, items: &[Node<'_>], end: Place) -> Read<Vec<String>> {
    let mut values = Vec::with_capacity(items.len());
    for item in items {
        token_values((member, end), item, &mut values)?;
    }
    Ok(values)
}

/// Reads the tokens of a value, of which each is sought: those of an object are its brackets, its names and its values.
fn token_values(
    (member, end): (&Member<'_>, Place),
    node: &Node<'_>,
    values: &mut Vec<String>,
) -> Read<()> {
    match &node.kind {
        Kind::Null => Err(parsing(node.at, "No value specified for terms query")),
        // The list ends with the first that does.
        Kind::Array(items) => Err(match items.iter().any(is_null) {
            true => parsing(node.at, "No value specified for terms query"),
            false => {
                let reason = format!("[terms] unknown token [END_ARRAY] after [{}]", member.name);
                parsing(end, reason)
            }
        }),
        Kind::Object(members) => {
            values.push("{".to_owned());
            for inner in members {
                values.push(inner.name.to_string());
                token_values((member, end), &inner.value, values)?;
            }
            values.push("}".to_owned());
            Ok(())
        }
        _ => {
            values.extend(node.value_text());
            Ok(())
        }
    }
}

/// Reads which document holds the values.
fn lookup(context: &Context<'_>, field: &Member<'_>, members: &[Member<'_>]) -> Read<Query> {
    let known = ["index", "id", "path", "routing"];
    let node = &field.value;
    let [mut index, mut id, mut path] = [const { None }; 3];
    for member in members {
        let slot = match member.name.as_ref() {
            "index" => &mut index,
            "id" => &mut id,
            "path" => &mut path,
            // There is one shard, so that a document is found without it.
            "routing" => {
                context.reader.text(&member.value)?;
                continue;
            }
            _ => return Err(unknown_field("terms_lookup", member, &known)),
        };
        *slot = Some(context.reader.field_text("terms_lookup", member)?);
    }
    let missing: Vec<&str> = [("index", &index), ("id", &id), ("path", &path)]
        .into_iter()
        .filter_map(|(name, given)| given.is_none().then_some(name))
        .collect();
    match (index, id, path) {
        (Some(index), Some(id), Some(path)) => Ok(Query::TermsOf {
            field: field.name.to_string(),
            index,
            id,
            path,
        }),
        _ => {
            let reason = format!("Required [{}]", missing.join(", "));
            Err(illegal(node.end, reason))
        }
    }
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
