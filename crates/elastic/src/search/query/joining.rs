//! Queries on nested objects, and which of the objects are answered.

use super::super::context::Context;
use super::super::{fetch, sort};
use super::common::{Common, seen, unsupported};
use super::query;
use crate::SourceFilter;
use crate::json::{Kind, Member, Node};
use crate::reading::{Read, illegal, in_field, not_served, unknown_field, wrong_sort};
use document::{Failure, Json};
use query::{InnerHits, Query, ScoreMode};

/// How many nested objects of a document may be answered.
const MAX_INNER_WINDOW: usize = 100;

pub(super) fn nested(context: &Context<'_>, node: &Node<'_>) -> Read<Query> {
    let mut common = Common::default();
    let (mut path, mut inner, mut hits) = (None, None, None);
    let mut score_mode = ScoreMode::Avg;
    let mut ignore_unmapped = false;
    for member in seen(node) {
        let member = member.as_ref();
        let value = &member.value;
        match (member.name.as_ref(), &value.kind) {
            ("query", Kind::Object(_)) => inner = Some(query(context, value)?),
            ("inner_hits", Kind::Object(_)) => hits = Some(value.clone()),
            _ if !value.is_scalar() => return Err(unsupported("nested", member)),
            ("path", _) => path = Some(context.reader.text(value)?.into_owned()),
            ("ignore_unmapped", _) => ignore_unmapped = context.reader.bool(value)?,
            ("score_mode", _) => {
                let text = context.reader.text(value)?;
                score_mode = match text.as_ref() {
                    "avg" => ScoreMode::Avg,
                    "max" => ScoreMode::Max,
                    "min" => ScoreMode::Min,
                    "sum" => ScoreMode::Sum,
                    "none" => ScoreMode::None,
                    _ => {
                        return Err(illegal(
                            value.at,
                            format!("No score mode for child query [{text}] found"),
                        ));
                    }
                };
            }
            _ if common.take(context, member)? => {}
            _ => return Err(unsupported("nested", member)),
        }
    }
    let Some(path) = path else {
        return Err(illegal(node.end, "[nested] requires 'path' field"));
    };
    let Some(inner) = inner else {
        return Err(illegal(node.end, "[nested] requires 'query' field"));
    };
    let hits = match hits {
        Some(hits) => Some(Box::new(inner_hits(context, &hits, &path)?)),
        None => None,
    };
    let query = Query::Nested {
        path,
        query: Box::new(inner),
        score_mode,
        ignore_unmapped,
        inner_hits: hits,
    };
    common.give("nested", node, query)
}

/// Reads which nested objects are answered; they are called after the path where they have no name of their own.
pub(in super::super) fn inner_hits(
    context: &Context<'_>,
    node: &Node<'_>,
    path: &str,
) -> Read<InnerHits> {
    let mut read = InnerHits {
        name: String::new(),
        from: 0,
        size: 3,
        sort: Vec::new(),
        fetch: query::Fetch::default(),
        source: Json::default(),
        version: false,
    };
    for member in node.members().unwrap_or_default() {
        let name = member.name.as_ref();
        in_inner_hits(name, inner_hits_member(context, member, &mut read))?;
    }
    let window = read.from.saturating_add(read.size);
    if window > MAX_INNER_WINDOW {
        let name = if read.name.is_empty() {
            "null"
        } else {
            &read.name
        };
        let failure = Failure::illegal_argument(format!(
            "Inner result window is too large, the inner hit definition's [{name}]'s from + size must be less than or equal to: [{MAX_INNER_WINDOW}] but was [{window}]. This limit can be set by changing the [index.max_inner_result_window] index level setting."
        ));
        context.refuse_later(failure);
    }
    if read.name.is_empty() {
        path.clone_into(&mut read.name);
    }
    Ok(read)
}

/// What a parser says of its own members is said as it is; what is wrong with their values, as a part of them.
fn in_inner_hits<T>(name: &str, read: Result<T, Wrong>) -> Read<T> {
    match read {
        Ok(read) => Ok(read),
        Err(Wrong::Member(fault)) => Err(fault),
        Err(Wrong::Value(fault)) => in_field("inner_hits", name, Err(fault)),
    }
}

/// Whether a member or its value is wrong.
enum Wrong {
    Member(crate::reading::Fault),
    Value(crate::reading::Fault),
}

impl From<crate::reading::Fault> for Wrong {
    fn from(fault: crate::reading::Fault) -> Self {
        Self::Value(fault)
    }
}

fn inner_hits_member(
    context: &Context<'_>,
    member: &Member<'_>,
    read: &mut InnerHits,
) -> Result<(), Wrong> {
    let known = [
        "name",
        "ignore_unmapped",
        "from",
        "size",
        "explain",
        "version",
        "seq_no_primary_term",
        "track_scores",
        "stored_fields",
        "docvalue_fields",
        "fields",
        "script_fields",
        "sort",
        "_source",
        "highlight",
        "collapse",
    ];
    let reader = context.reader;
    let value = &member.value;
    let window = |name: &str| -> Read<usize> {
        let number = reader.int(value)?;
        usize::try_from(number).map_err(|_| {
            illegal(
                value.at,
                format!("illegal {name} value, at least 0 or higher"),
            )
        })
    };
    let list = |value: &Node<'_>| match &value.kind {
        Kind::Array(_) => Ok(()),
        _ => Err(Wrong::Member(wrong_sort("inner_hits", &member.name, value))),
    };
    match member.name.as_ref() {
        "name" => {
            read.name = reader
                .field_text("inner_hits", member)
                .map_err(Wrong::Member)?
        }
        "from" => read.from = window("from")?,
        "size" => read.size = window("size")?,
        "sort" => read.sort = sort::sort(context, value)?,
        "_source" if matches!(value.kind, Kind::Number(_) | Kind::Null) => {
            return Err(Wrong::Member(wrong_sort("inner_hits", "_source", value)));
        }
        "_source" => {
            SourceFilter::read(reader, value)?;
            read.source = value.to_value().into();
        }
        "fields" => {
            list(value)?;
            read.fetch.fields = fetch::fields(reader, value)?;
        }
        "docvalue_fields" => {
            list(value)?;
            read.fetch.docvalue_fields = fetch::fields(reader, value)?;
        }
        "script_fields" => {
            for script_field in value.members().unwrap_or_default() {
                let read_script = fetch::script_field(reader, script_field)?;
                read.fetch.script_fields.push(read_script);
            }
        }
        "ignore_unmapped" | "track_scores" => {
            reader.bool(value)?;
        }
        "version" => read.version = reader.bool(value)?,
        name @ ("explain" | "seq_no_primary_term") => {
            if reader.bool(value)? {
                let what = format!("[{name}] of [inner_hits]");
                return Err(not_served(value.at, &what).into());
            }
        }
        name @ ("stored_fields" | "highlight" | "collapse") => {
            let what = format!("[{name}] of [inner_hits]");
            return Err(not_served(value.at, &what).into());
        }
        _ => return Err(Wrong::Member(unknown_field("inner_hits", member, &known))),
    }
    Ok(())
}
