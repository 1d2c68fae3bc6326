//! What hits are sorted by, and after which values they begin.

use super::context::Context;
use super::script;
use crate::json::{Kind, Member, Node};
use crate::reading::{
    Fault, Read, content, illegal, in_field, not_served, parsing, unknown_field, wrong_sort,
};
use document::Failure;
use query::{Missing, NestedSort, NumericType, Sort, SortKey, SortMode, SortValue};

/// Reads a sort in any of its forms: a field, an object of fields, or a list of them.
pub(super) fn sort(context: &Context<'_>, node: &Node<'_>) -> Read<Vec<Sort>> {
    match &node.kind {
        Kind::Array(items) => {
            let mut sorts = Vec::new();
            for item in items {
                match &item.kind {
                    Kind::Object(members) => object(context, members, &mut sorts)?,
                    Kind::String(field) => sorts.push(plain(field)),
                    _ => {
                        return Err(illegal(
                            item.at,
                            "malformed sort format, within the sort array, an object, or an actual string are allowed",
                        ));
                    }
                }
            }
            Ok(sorts)
        }
        Kind::Object(members) => {
            let mut sorts = Vec::new();
            object(context, members, &mut sorts)?;
            Ok(sorts)
        }
        _ => Ok(vec![plain(&context.reader.text(node)?)]),
    }
}

/// Reads the parameter `sort` of an address: fields separated by commas, each with `:asc` or `:desc` or without.
pub(super) fn sort_parameter(text: &str) -> Vec<Sort> {
    text.split(',')
        .map(|part| match part.rsplit_once(':') {
            Some((field, order)) => Sort {
                descending: match order {
                    "asc" => false,
                    "desc" => true,
                    _ => plain(field).descending,
                },
                ..plain(field)
            },
            None => plain(part),
        })
        .collect()
}

/// A sort of which nothing is said but the field.
fn plain(field: &str) -> Sort {
    let key = match field {
        "_score" => SortKey::Score,
        "_doc" => SortKey::Doc,
        _ => SortKey::Field {
            field: field.to_owned(),
            missing: Missing::Last,
            mode: None,
            unmapped_type: None,
            format: None,
            nested: None,
            numeric_type: None,
        },
    };
    Sort {
        key,
        descending: field == "_score",
    }
}

fn object(context: &Context<'_>, members: &[Member<'_>], sorts: &mut Vec<Sort>) -> Read<()> {
    for member in members {
        let value = &member.value;
        let name = member.name.as_ref();
        let sort = match (name, &value.kind) {
            (_, Kind::String(text)) => Sort {
                descending: descending(value, text)?,
                ..plain(name)
            },
            ("_geo_distance", _) => return Err(not_served(value.at, "sort [_geo_distance]")),
            ("_script", Kind::Object(members)) => by_script(context, value, members)?,
            ("_score", Kind::Object(members)) => by_score(members)?,
            (_, Kind::Object(members)) => by_field(context, name, members)?,
            (_, Kind::Array(items)) => {
                let first = items.first().unwrap_or(value);
                return Err(no_object(name, first.at, first.token()));
            }
            // The parser has gone on when it finds that there is no object.
            _ => return Err(no_object(name, value.at, "END_OBJECT")),
        };
        sorts.push(sort);
    }
    Ok(())
}

fn no_object(name: &str, at: crate::json::Place, token: &str) -> Fault {
    let parser = match name {
        "_score" | "_script" => name,
        _ => "field_sort",
    };
    content(
        at,
        &format!("[{parser}] Expected START_OBJECT but was: {token}"),
    )
}

fn descending(node: &Node<'_>, text: &str) -> Read<bool> {
    match text.to_uppercase().as_str() {
        "ASC" => Ok(false),
        "DESC" => Ok(true),
        other => Err(illegal(
            node.at,
            format!("No enum constant org.elasticsearch.search.sort.SortOrder.{other}"),
        )),
    }
}

fn order(parser: &str, value: &Node<'_>) -> Read<bool> {
    let Kind::String(text) = &value.kind else {
        return Err(wrong_sort(parser, "order", value));
    };
    in_field(parser, "order", descending(value, text))
}

fn by_score(members: &[Member<'_>]) -> Read<Sort> {
    let mut sort = plain("_score");
    for member in members {
        match member.name.as_ref() {
            "order" => sort.descending = order("_score", &member.value)?,
            _ => return Err(unknown_field("_score", member, &["order"])),
        }
    }
    Ok(sort)
}

fn by_script(context: &Context<'_>, node: &Node<'_>, members: &[Member<'_>]) -> Read<Sort> {
    let known = ["script", "type", "order", "mode", "nested"];
    let (mut script, mut number, mut descending) = (None, None, false);
    for member in members {
        let value = &member.value;
        let name = member.name.as_ref();
        match name {
            "script" => {
                let read = script::script(context.reader, value);
                script = Some(in_field("_script", name, read)?);
            }
            "type" => {
                let text = context.reader.text(value)?;
                let read = match text.to_lowercase().as_str() {
                    "number" => Ok(true),
                    "string" => Ok(false),
                    _ => Err(illegal(
                        value.at,
                        format!("Unknown ScriptSortType [{text}]"),
                    )),
                };
                number = Some(in_field("_script", name, read)?);
            }
            "order" => descending = order("_script", value)?,
            "mode" | "nested" => {
                return Err(not_served(value.at, &format!("[{name}] of sort [_script]")));
            }
            _ => return Err(unknown_field("_script", member, &known)),
        }
    }
    match (script, number) {
        (None, None) => Err(illegal(node.end, "Required [script, type]")),
        (None, _) => Err(illegal(node.end, "Required [script]")),
        (_, None) => Err(illegal(node.end, "Required [type]")),
        (Some(script), Some(number)) => Ok(Sort {
            key: SortKey::Script { script, number },
            descending,
        }),
    }
}

fn by_field(context: &Context<'_>, field: &str, members: &[Member<'_>]) -> Read<Sort> {
    let known = [
        "missing",
        "unmapped_type",
        "order",
        "mode",
        "nested",
        "numeric_type",
        "format",
    ];
    let reader = context.reader;
    let mut sort = plain(field);
    for member in members {
        let value = &member.value;
        let name = member.name.as_ref();
        if name == "order" {
            sort.descending = order("field_sort", value)?;
            continue;
        }
        // What says how values of a field are taken means nothing for the order in which documents lie.
        let SortKey::Field {
            missing,
            mode,
            unmapped_type,
            format,
            nested,
            numeric_type,
            ..
        } = &mut sort.key
        else {
            if known.contains(&name) {
                continue;
            }
            return Err(unknown_field("field_sort", member, &known));
        };
        match name {
            "missing" if matches!(value.kind, Kind::Array(_) | Kind::Object(_)) => {
                return Err(wrong_sort("field_sort", name, value));
            }
            "missing" => {
                *missing = match value.value_text().as_deref() {
                    Some("_first") => Missing::First,
                    Some("_last") | None => Missing::Last,
                    Some(text) => Missing::Value(text.to_owned()),
                };
            }
            "unmapped_type" => {
                *unmapped_type = reader.text_or_null(value)?.map(|text| text.into_owned());
            }
            "format" => *format = Some(reader.text(value)?.into_owned()),
            "mode" => *mode = Some(in_field("field_sort", name, sort_mode(context, value))?),
            "numeric_type" => {
                *numeric_type = Some(in_field("field_sort", name, number_type(context, value))?);
            }
            "nested" => {
                if value.members().is_none() {
                    return Err(wrong_sort("field_sort", name, value));
                }
                *nested = Some(in_field("field_sort", name, nested_sort(context, value))?);
            }
            _ => return Err(unknown_field("field_sort", member, &known)),
        }
    }
    Ok(sort)
}

fn sort_mode(context: &Context<'_>, node: &Node<'_>) -> Read<SortMode> {
    let text = context.reader.text(node)?;
    match text.to_lowercase().as_str() {
        "min" => Ok(SortMode::Min),
        "max" => Ok(SortMode::Max),
        "sum" => Ok(SortMode::Sum),
        "avg" => Ok(SortMode::Avg),
        "median" => Ok(SortMode::Median),
        _ => Err(illegal(node.at, format!("Unknown SortMode [{text}]"))),
    }
}

/// As which type numbers of several indices are compared.
fn number_type(context: &Context<'_>, node: &Node<'_>) -> Read<NumericType> {
    let text = context.reader.text(node)?;
    match text.to_lowercase().as_str() {
        "long" => Ok(NumericType::Long),
        "double" => Ok(NumericType::Double),
        "date" => Ok(NumericType::Date),
        "date_nanos" => Err(not_served(node.at, &format!("numeric_type [{text}]"))),
        _ => Err(illegal(
            node.at,
            format!(
                "invalid value for [numeric_type], must be [long, double, date, date_nanos], got {text}"
            ),
        )),
    }
}

fn nested_sort(context: &Context<'_>, node: &Node<'_>) -> Read<NestedSort> {
    let mut path = None;
    let (mut filter, mut nested) = (None, None);
    for member in node.members().unwrap_or_default() {
        let value = &member.value;
        match member.name.as_ref() {
            "path" => path = Some(context.reader.text(value)?.into_owned()),
            "filter" => filter = Some(Box::new(super::query::query(context, value)?)),
            "nested" => {
                let inner = context.deeper(value.at, || nested_sort(context, value))?;
                nested = Some(Box::new(inner));
            }
            "max_children" => {
                return Err(not_served(value.at, "[max_children] of a nested sort"));
            }
            other => {
                return Err(illegal(
                    value.at,
                    format!("malformed nested sort format, unknown field name [{other}]"),
                ));
            }
        }
    }
    match path {
        Some(path) => Ok(NestedSort {
            path,
            filter,
            nested,
        }),
        None => Err(illegal(
            node.end,
            "malformed nested sort format, must contain a path",
        )),
    }
}

/// Reads the sort values after which hits begin.
pub(super) fn search_after(items: &[Node<'_>], node: &Node<'_>) -> Read<Vec<SortValue>> {
    if items.is_empty() {
        return Err(illegal(
            node.end,
            "Values must contains at least one value.",
        ));
    }
    let value = |item: &Node<'_>| {
        Ok(match &item.kind {
            Kind::Null => SortValue::Null,
            Kind::Bool(value) => SortValue::Boolean(*value),
            Kind::String(text) => SortValue::Text(text.to_string()),
            Kind::Number(text) => number(text),
            Kind::Array(_) | Kind::Object(_) => {
                return Err(parsing(
                    item.at,
                    format!(
                        "Expected [VALUE_STRING] or [VALUE_NUMBER] or [VALUE_BOOLEAN] or [VALUE_NULL] but found [{}] inside search_after.",
                        item.token()
                    ),
                ));
            }
        })
    };
    items.iter().map(value).collect()
}

fn number(text: &str) -> SortValue {
    if let Ok(whole) = text.parse() {
        return SortValue::Long(whole);
    }
    if let Ok(whole) = text.parse() {
        return SortValue::UnsignedLong(whole);
    }
    SortValue::Double(text.parse().unwrap_or(f64::NAN))
}

/// Checks that there are as many values as the sort has entries.
///
/// # Errors
/// As an index says it.
pub(super) fn check_search_after(sorts: &[Sort], after: &[SortValue]) -> Result<(), Failure> {
    if sorts.is_empty() {
        return Err(Failure::illegal_argument(
            "Sort must contain at least one field.",
        ));
    }
    if sorts.len() == after.len() {
        return Ok(());
    }
    Err(Failure::illegal_argument(format!(
        "search_after has {} value(s) but sort has {}.",
        after.len(),
        sorts.len()
    )))
}
