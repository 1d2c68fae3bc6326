//! Indices: making, reading, changing, upkeep.

mod mappings;

pub(super) use mappings::{mappings, put_mapping, several_kinds};

use super::Answered;
use super::call::Call;
use super::reply::Reply;
use backends::{BackendError, IndexStatus};
use document::{Cause, Failure, IndexDefinition, IndexSettings, Mapping, ShardCounts};
use elastic::{
    NAME_PARAMS, NameOptions, check_index_name, parse_changed_settings, parse_mapping,
    parse_settings, print_defaults, print_settings,
};
use serde_json::{Map, Value, json};
use std::future::Future;

/// Parameters of requests that read or change indices.
const INDEX_PARAMS: [&str; 9] = [
    "master_timeout",
    "timeout",
    "local",
    "flat_settings",
    "include_defaults",
    "include_type_name",
    "features",
    "wait_for_active_shards",
    "preserve_existing",
];

fn allow(call: &Call, more: &[&str]) -> Result<(), Failure> {
    let mut allowed = INDEX_PARAMS.to_vec();
    allowed.extend(NAME_PARAMS);
    allowed.extend(more);
    call.params.allow(&allowed)
}

/// Answers the indices that an expression names.
pub(super) async fn named(call: &Call, expression: &str) -> Result<Vec<IndexStatus>, Failure> {
    named_with(call, expression, NameOptions::parse(&call.params)?).await
}

/// Answers the indices that an expression names, with what is said of each.
pub(super) async fn named_with(
    call: &Call,
    expression: &str,
    options: NameOptions,
) -> Result<Vec<IndexStatus>, Failure> {
    let all = call.backend().indices().await;
    let mut all = all.map_err(|error| error.failure)?;
    let known: Vec<String> = all.iter().map(|status| status.name.clone()).collect();
    let hidden = all.iter().filter(|status| {
        let setting = status.settings.get("hidden");
        setting.is_some_and(|hidden| *hidden == "true" || *hidden == true)
    });
    let hidden: Vec<String> = hidden.map(|status| status.name.clone()).collect();
    let names = elastic::resolve(expression, (&known, &hidden), options)?;
    all.retain(|status| names.contains(&status.name));
    Ok(all)
}

/// Answers the names of the indices that an expression names. A plain name is not looked up: whoever uses it finds out.
pub(super) async fn names_with(
    call: &Call,
    expression: &str,
    options: NameOptions,
) -> Result<Vec<String>, Failure> {
    let plain = !expression.is_empty()
        && !expression.contains(['*', ','])
        && !expression.starts_with('_')
        && !options.ignore_unavailable;
    if plain {
        return Ok(vec![expression.to_owned()]);
    }
    checked_names(call, expression, options).await
}

/// The indices that an expression names, all of which are there.
pub(super) async fn checked_names(
    call: &Call,
    expression: &str,
    options: NameOptions,
) -> Result<Vec<String>, Failure> {
    let found = named_with(call, expression, options).await?;
    Ok(found.into_iter().map(|status| status.name).collect())
}

/// Does something to an index, which is made when it is not there.
pub(super) async fn with_index<T, F>(
    call: &Call,
    index: &str,
    work: impl Fn() -> F,
) -> Result<T, Failure>
where
    F: Future<Output = Result<T, BackendError>>,
{
    match work().await {
        Err(error) if error.failure.cause == Cause::IndexNotFound => {}
        done => return done.map_err(|error| error.failure),
    }
    check_index_name(index)?;
    let kind = call.kind.clone().filter(|_| call.names_types());
    let mut mapping = Mapping::new();
    mapping.kind = kind;
    match make(call, index, mapping.into()).await {
        // Somebody else made it meanwhile.
        Err(failure) if failure.cause == Cause::IndexExists => {}
        made => made?,
    }
    work().await.map_err(|error| error.failure)
}

async fn make(call: &Call, index: &str, definition: IndexDefinition) -> Result<(), Failure> {
    let made = call.backend().create_index(index, definition).await;
    made.map_err(|error| error.failure)
}

/// `PUT /{index}`.
pub(super) async fn create(call: &Call, index: &str) -> Answered {
    allow(call, &[])?;
    check_index_name(index)?;
    let typed = call.typed || call.params.flag("include_type_name", false)?;
    let definition = match call.json()? {
        Some(body) => {
            let mut definition = definition(&body, typed)?;
            definition.mapping.kind.take_if(|_| !call.names_types());
            definition
        }
        None => IndexDefinition::default(),
    };
    match make(call, index, definition).await {
        Err(failure) if failure.cause == Cause::IndexExists => {
            let status = named(call, index).await?.pop();
            let uuid = status.map_or_else(String::new, |status| status.settings.uuid);
            let reason = format!("index [{index}/{uuid}] already exists");
            let mut failure = Failure::new(Cause::IndexExists, reason).in_index(index);
            failure.index_uuid = Some(uuid);
            return Err(failure);
        }
        made => made?,
    }
    Ok(Reply::ok(json!({
        "acknowledged": true,
        "shards_acknowledged": true,
        "index": index,
    })))
}

fn definition(body: &Value, typed: bool) -> Result<IndexDefinition, Failure> {
    let mut definition = IndexDefinition::default();
    let Value::Object(members) = body else {
        return Ok(definition);
    };
    for (name, value) in members {
        if !value.is_object() && name != "settings" {
            let reason = format!("key [{name}] must be an object");
            return Err(Failure::new(Cause::Parse, reason));
        }
        match name.as_str() {
            "mappings" => definition.mapping = parse_mapping(value, typed)?,
            "settings" => definition.settings = parse_settings(value)?,
            "aliases" if value.as_object().is_some_and(Map::is_empty) => {}
            "aliases" => {
                return Err(Failure::illegal_argument("[aliases] are not supported yet"));
            }
            other => {
                return Err(Failure::new(
                    Cause::Parse,
                    format!("unknown key [{other}] for create index"),
                ));
            }
        }
    }
    Ok(definition)
}

/// `HEAD /{index}`.
pub(super) async fn exists(call: &Call, index: &str) -> Answered {
    allow(call, &[])?;
    let found = named(call, index).await;
    Ok(Reply::empty(match found {
        Ok(found) if !found.is_empty() || index.contains('*') => 200,
        _ => 404,
    }))
}

/// `DELETE /{index}`.
pub(super) async fn delete(call: &Call, index: &str) -> Answered {
    allow(call, &[])?;
    let options = NameOptions {
        // Before 8 patterns were allowed unless the cluster forbade them.
        allow_patterns: call.before_eight,
        ..NameOptions::parse(&call.params)?
    };
    for status in named_with(call, index, options).await? {
        let deleted = call.backend().delete_index(&status.name).await;
        deleted.map_err(|error| error.failure)?;
    }
    Ok(Reply::acknowledged())
}

/// `GET /{index}`.
pub(super) async fn get(call: &Call, index: &str) -> Answered {
    allow(call, &[])?;
    let flat = call.params.flag("flat_settings", false)?;
    let defaults = call.params.flag("include_defaults", false)?;
    let found = named(call, index).await?.into_iter().map(|status| {
        let mut body = json!({
            "aliases": {},
            "mappings": mappings::print_typed(call, &status.mapping),
        });
        if let Value::Object(members) = &mut body {
            members.extend(printed_settings(&status, flat, defaults, None));
        }
        (status.name, body)
    });
    Ok(Reply::ok(Value::Object(found.collect())))
}

/// `GET /{index}/_settings`, and `/{names}` below it.
pub(super) async fn settings(call: &Call, index: &str, wanted: Option<&str>) -> Answered {
    allow(call, &[])?;
    let flat = call.params.flag("flat_settings", false)?;
    let defaults = call.params.flag("include_defaults", false)?;
    let wanted = wanted.filter(|wanted| *wanted != "_all");
    let wanted: Option<Vec<String>> =
        wanted.map(|wanted| wanted.split(',').map(str::to_owned).collect());
    let found = named(call, index).await?.into_iter().map(|status| {
        let printed = printed_settings(&status, flat, defaults, wanted.as_deref());
        (status.name, Value::Object(printed))
    });
    Ok(Reply::ok(Value::Object(found.collect())))
}

/// The settings of an index, and what they are where nobody said anything if `defaults` are wanted too.
fn printed_settings(
    status: &IndexStatus,
    flat: bool,
    defaults: bool,
    wanted: Option<&[String]>,
) -> Map<String, Value> {
    let mut out = Map::new();
    let given = print_settings(&status.name, &status.settings, flat, wanted);
    out.insert("settings".to_owned(), given);
    if defaults {
        let rest = print_defaults(&status.settings, flat, wanted);
        out.insert("defaults".to_owned(), rest);
    }
    out
}

/// `PUT /{index}/_settings`.
pub(super) async fn put_settings(call: &Call, index: &str) -> Answered {
    allow(call, &["reopen"])?;
    let reopen = call.params.flag("reopen", false)?;
    let preserve = call.params.flag("preserve_existing", false)?;
    let body = call.json()?;
    let body = body.ok_or_else(|| Failure::new(Cause::Parse, "request body is required"))?;
    let found = named(call, index).await?;
    let known: Vec<(&str, &IndexSettings)> = found
        .iter()
        .map(|status| (status.name.as_str(), &status.settings))
        .collect();
    let changed = parse_changed_settings(&body, &known, reopen)?;
    for status in &found {
        let mut changed = changed.clone();
        if preserve {
            let existing = &status.settings.given;
            changed.given.retain(|name, _| !existing.contains_key(name));
        }
        let put = call.backend().put_settings(&status.name, changed).await;
        put.map_err(|error| error.failure)?;
    }
    Ok(Reply::acknowledged())
}

/// What became of the shards of indices: each has one copy on this node, and as many replicas without a place as its
/// settings say.
fn shards(indices: &[IndexStatus]) -> Value {
    let (total, successful) = indices
        .iter()
        .fold((0_u64, 0_u64), |(total, successful), status| {
            let shards = ShardCounts::of(&status.settings);
            (
                total.saturating_add(shards.all()),
                successful.saturating_add(shards.primaries),
            )
        });
    json!({ "_shards": { "total": total, "successful": successful, "failed": 0 } })
}

/// `POST /{index}/_refresh`.
pub(super) async fn refresh(call: &Call, index: &str) -> Answered {
    allow(call, &["force"])?;
    let found = named(call, index).await?;
    for status in &found {
        let refreshed = call.backend().refresh(&status.name).await;
        refreshed.map_err(|error| error.failure)?;
    }
    Ok(Reply::ok(shards(&found)))
}

/// `POST /{index}/_flush`.
pub(super) async fn flush(call: &Call, index: &str) -> Answered {
    allow(call, &["force", "wait_if_ongoing"])?;
    if call.params.flag("force", false)? && !call.params.flag("wait_if_ongoing", true)? {
        let wrong = "wait_if_ongoing must be true for a force flush".to_owned();
        return Err(elastic::validation(&[wrong]));
    }
    let found = named(call, index).await?;
    for status in &found {
        let flushed = call.backend().flush(&status.name).await;
        flushed.map_err(|error| error.failure)?;
    }
    Ok(Reply::ok(shards(&found)))
}

/// `POST /{index}/_forcemerge`.
pub(super) async fn force_merge(call: &Call, index: &str) -> Answered {
    allow(
        call,
        &[
            "max_num_segments",
            "only_expunge_deletes",
            "flush",
            "wait_for_completion",
        ],
    )?;
    let expunges = call.params.flag("only_expunge_deletes", false)?;
    // Before 8 the first of the two was not heeded.
    if expunges && call.params.text("max_num_segments").is_some() && !call.before_eight {
        let wrong = "cannot set only_expunge_deletes and max_num_segments at the same time, those two parameters are mutually exclusive".to_owned();
        return Err(elastic::validation(&[wrong]));
    }
    let segments = match call.params.number("max_num_segments")? {
        None => 1,
        Some(number) => usize::try_from(number)
            .ok()
            .filter(|number| *number > 0)
            .ok_or_else(|| {
                Failure::illegal_argument(format!(
                    "max_num_segments must be greater than 0, got [{number}]"
                ))
            })?,
    };
    let found = named(call, index).await?;
    for status in &found {
        let merged = call.backend().force_merge(&status.name, segments).await;
        merged.map_err(|error| error.failure)?;
    }
    Ok(Reply::ok(shards(&found)))
}
