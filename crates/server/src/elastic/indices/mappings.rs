//! Mappings of indices: reading and adding to them.

use super::{allow, named};
use crate::elastic::Answered;
use crate::elastic::call::Call;
use crate::elastic::reply::Reply;
use backends::IndexStatus;
use document::{Cause, Failure, FieldMapping, Mapping};
use elastic::{field_defaults, parse_mapping, print_field, print_mapping};
use serde_json::{Map, Value, json};

/// Prints a mapping, below the name of its type where that is asked for.
pub(super) fn print_typed(call: &Call, mapping: &Mapping) -> Value {
    let printed = print_mapping(mapping);
    let named = call.params.flag("include_type_name", false);
    let empty = printed.as_object().is_some_and(Map::is_empty);
    match (named, &mapping.kind) {
        (Ok(true), Some(kind)) => json!({ kind: printed }),
        (Ok(true), None) if !empty => json!({ "_doc": printed }),
        _ => printed,
    }
}

/// Refuses a type beside the one that an index has.
///
/// # Errors
/// When it has another.
fn check_kind(status: &IndexStatus, asked: Option<&str>) -> Result<(), Failure> {
    match (&status.mapping.kind, asked) {
        (Some(own), Some(asked)) if own != asked => Err(several_kinds(&status.name, own, asked)),
        _ => Ok(()),
    }
}

/// Says that an index would have more than one type.
pub(in crate::elastic) fn several_kinds(index: &str, own: &str, asked: &str) -> Failure {
    Failure::illegal_argument(format!(
        "Rejecting mapping update to [{index}] as the final mapping would have more than 1 type: [{own}, {asked}]"
    ))
}

/// The name of the type of an index, as clients read it that know types.
fn kind_of(status: &IndexStatus) -> &str {
    status.mapping.kind.as_deref().unwrap_or("_doc")
}

/// Whether a type is among those that an address names.
fn is_kind(asked: &str, kind: &str) -> bool {
    let mut parts = asked.split(',');
    parts.any(|part| part == "_all" || elastic::fits(part, kind))
}

/// Says which of the types that an address names no index has; none where each has one.
fn missing_kinds(asked: &str, found: &[IndexStatus]) -> Option<String> {
    let parts = asked.split(',');
    let mut missing: Vec<&str> = parts
        .filter(|part| !found.iter().any(|status| is_kind(part, kind_of(status))))
        .collect();
    missing.sort_unstable();
    let kinds = match missing.len() {
        0 => return None,
        1 => "type",
        _ => "types",
    };
    Some(format!("{kinds} [{}] missing", missing.join(",")))
}

/// `GET /{index}/_mapping`, and `/field/{fields}` below it.
pub(in crate::elastic) async fn mappings(
    call: &Call,
    index: &str,
    fields: Option<&str>,
) -> Answered {
    allow(call, &[])?;
    let mut found = named(call, index).await?;
    let mut missing = None;
    if let Some(asked) = &call.kind {
        missing = missing_kinds(asked, &found);
        found.retain(|status| is_kind(asked, kind_of(status)));
        if found.is_empty() && missing.is_some() {
            let reason = format!("type[[{asked}]] missing");
            return Err(Failure::new(Cause::TypeMissing, reason));
        }
    }
    let typed = call.params.flag("include_type_name", false)?;
    let defaults = call.params.flag("include_defaults", false)?;
    let found = found.into_iter().map(|status| {
        let body = match fields {
            None => print_typed(call, &status.mapping),
            Some(fields) => {
                let fields = single_fields(&status.mapping, fields, defaults);
                match typed {
                    true => json!({ kind_of(&status): fields }),
                    false => fields,
                }
            }
        };
        (status.name, json!({ "mappings": body }))
    });
    let mut body: Map<String, Value> = found.collect();
    if fields.is_some() && call.kind.is_some() {
        // Where a type is named, what has none of the fields is left out.
        let has_fields = |mappings: &Value| {
            let mut kinds = mappings["mappings"].as_object().into_iter().flatten();
            kinds.any(|(_, fields)| fields.as_object().is_none_or(|fields| !fields.is_empty()))
        };
        body.retain(|_, mappings| has_fields(mappings));
    }
    Ok(match missing.filter(|_| fields.is_none()) {
        None => Reply::ok(Value::Object(body)),
        Some(missing) => {
            body.insert("error".to_owned(), missing.into());
            body.insert("status".to_owned(), 404.into());
            Reply::error(404, Value::Object(body))
        }
    })
}

fn single_fields(mapping: &Mapping, wanted: &str, defaults: bool) -> Value {
    let patterns: Vec<&str> = wanted.split(',').collect();
    let mut out = Map::new();
    let mut add = |path: &str, field: &FieldMapping| {
        let (kind, printed) = (&field.kind, print_field(field));
        if patterns.iter().any(|pattern| elastic::fits(pattern, path)) {
            let name = path.rsplit('.').next().unwrap_or(path);
            let mut body = json!({ "full_name": path, "mapping": { name: printed } });
            if let (true, Value::Object(said)) = (defaults, &mut body["mapping"][name]) {
                for (parameter, value) in field_defaults(kind) {
                    said.entry(parameter).or_insert(value);
                }
            }
            out.insert(path.to_owned(), body);
        }
    };
    for (path, field) in mapping.fields() {
        add(path, field);
        for (name, subfield) in &field.fields {
            add(&format!("{path}.{name}"), subfield);
        }
    }
    Value::Object(out)
}

/// `PUT /{index}/_mapping`.
pub(in crate::elastic) async fn put_mapping(call: &Call, index: &str) -> Answered {
    allow(call, &["write_index_only"])?;
    let body = call.json()?;
    let body = body.ok_or_else(|| Failure::new(Cause::Parse, "request body is required"))?;
    let typed = call.typed || call.params.flag("include_type_name", false)?;
    if !typed && body.get("_doc").is_some() {
        let reason = "Types cannot be provided in put mapping requests";
        return Err(Failure::illegal_argument(reason));
    }
    let mut mapping = parse_mapping(&body, typed)?;
    mapping.kind = mapping.kind.or_else(|| call.kind.clone());
    mapping.kind.take_if(|_| !call.names_types());
    let found = named(call, index).await?;
    for status in &found {
        check_kind(status, mapping.kind.as_deref())?;
    }
    for status in found {
        let put = call
            .backend()
            .put_mapping(&status.name, mapping.clone())
            .await;
        put.map_err(|error| error.failure)?;
    }
    Ok(Reply::acknowledged())
}
