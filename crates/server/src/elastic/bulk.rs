//! Many writes in one request.

use super::Answered;
use super::call::Call;
use super::documents::{Refresh, located, random_id, routing};
use super::indices::with_index;
use super::reply::Reply;
use document::{Cause, Failure, Write, WriteAnswer};
use elastic::{BulkDefaults, BulkItem, SourceFilter, print_refused, print_write};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::time::Instant;

const PARAMS: [&str; 14] = [
    "refresh",
    "routing",
    "timeout",
    "wait_for_active_shards",
    "require_alias",
    "require_data_stream",
    "list_executed_pipelines",
    "include_source_on_error",
    "pipeline",
    "type",
    "_source",
    "_source_includes",
    "_source_excludes",
    "include_type_name",
];

/// An item on its way: what it was, and what became of it.
struct Item {
    asked: BulkItem,
    /// The id that was asked for, or one that was made up.
    id: String,
    /// Whether the id was made up.
    made_up: bool,
    outcome: Option<Result<WriteAnswer, Failure>>,
}

/// Writes a bulk. Items of one index are written in order; an item that is refused spoils no other.
pub(super) async fn bulk(call: &Call, index: Option<&str>) -> Answered {
    call.params.allow(&PARAMS)?;
    if let Some(pipeline) = call.params.text("pipeline").filter(|name| *name != "_none") {
        return Err(Failure::illegal_argument(format!(
            "pipeline with id [{pipeline}] does not exist"
        )));
    }
    let refresh = Refresh::parse(call)?;
    let started = Instant::now();
    call.params.time("timeout")?;
    call.params.active_shards()?;
    let defaults = BulkDefaults {
        index: index.map(str::to_owned),
        routing: routing(call),
        require_alias: call.params.flag("require_alias", false)?,
        source: SourceFilter::of_address(&call.params)?,
        typed: call.typed,
    };
    let asked = elastic::parse_bulk(&call.body, &defaults)?;
    let mut items: Vec<Item> = asked.items.into_iter().map(Item::of).collect();
    let mut indices: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (place, item) in items.iter().enumerate() {
        if item.outcome.is_none() {
            let places = indices.entry(item.asked.index.clone()).or_default();
            places.push(place);
        }
    }
    for (index, places) in &indices {
        write(call, index, places, &mut items).await;
    }
    if refresh != Refresh::Later {
        for index in indices.keys() {
            // An index that could not be made has nothing to show; its items say why.
            match call.backend().refresh(index).await {
                Err(error) if error.failure.cause != Cause::IndexNotFound => {
                    return Err(error.failure);
                }
                _ => {}
            }
        }
    }
    let mut errors = false;
    let mut printed = Vec::with_capacity(items.len());
    for item in items {
        let (failed, value) = item.print(call, refresh).await?;
        errors |= failed;
        printed.push(value);
    }
    let reply = Reply::ok(json!({
        "errors": errors,
        "took": u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        "items": printed,
    }));
    Ok(asked
        .warnings
        .iter()
        .fold(reply, |reply, warning| reply.warn(warning)))
}

/// Writes the items of one index.
async fn write(call: &Call, index: &str, places: &[usize], items: &mut [Item]) {
    let mut writes = Vec::with_capacity(places.len());
    for place in places {
        if let Some(item) = items.get_mut(*place)
            && let Ok((operation, condition)) = &mut item.asked.write
        {
            writes.push(Write {
                id: item.id.clone(),
                operation: std::mem::replace(operation, document::Operation::Delete),
                condition: *condition,
            });
        }
    }
    let deletes_only = writes
        .iter()
        .all(|write| write.operation == document::Operation::Delete);
    let answers = if deletes_only {
        let answers = call.backend().bulk(index, writes).await;
        answers.map_err(|error| error.failure)
    } else {
        // Copied, for they are written again where the index has to be made first.
        with_index(call, index, || call.backend().bulk(index, writes.clone())).await
    };
    match answers {
        Ok(answers) => {
            for (place, answer) in places.iter().zip(answers) {
                if let Some(item) = items.get_mut(*place) {
                    item.outcome = Some(answer.map_err(|error| error.failure));
                }
            }
        }
        Err(failure) => {
            for place in places {
                if let Some(item) = items.get_mut(*place) {
                    item.outcome = Some(Err(failure.clone()));
                }
            }
        }
    }
}

impl Item {
    fn of(mut asked: BulkItem) -> Self {
        let id = asked.id.take();
        let made_up = id.is_none();
        let outcome = match &asked.write {
            Ok(_) => None,
            Err(failure) => Some(Err(failure.clone())),
        };
        Self {
            id: id.unwrap_or_else(random_id),
            made_up,
            asked,
            outcome,
        }
    }

    /// Answers whether the item failed, and what is told of it.
    async fn print(self, call: &Call, refresh: Refresh) -> Result<(bool, Value), Failure> {
        let outcome = self.outcome.unwrap_or_else(|| {
            Err(Failure::new(
                Cause::Internal,
                "a write of the bulk has no answer",
            ))
        });
        let index = self.asked.index.as_str();
        let (failed, mut body) = match outcome {
            Ok(answer) => {
                let now = refresh == Refresh::Now;
                let (status, mut body) = print_write(index, &answer, now);
                body.insert("status".to_owned(), status.into());
                let wanted = self.asked.source.as_ref().filter(|source| source.enabled);
                if let (Some(filter), Some(bytes)) = (wanted, &answer.source) {
                    let source: Value = serde_json::from_slice(bytes)
                        .map_err(|error| Failure::new(Cause::Internal, error.to_string()))?;
                    let mut get = Map::new();
                    get.insert("_seq_no".to_owned(), answer.seq_no.into());
                    get.insert("_primary_term".to_owned(), document::PRIMARY_TERM.into());
                    get.insert("found".to_owned(), true.into());
                    if let Some(source) = filter.apply(source) {
                        get.insert("_source".to_owned(), source);
                    }
                    body.insert("get".to_owned(), Value::Object(get));
                }
                (false, body)
            }
            Err(failure) => {
                let failure = located(call, index, failure).await;
                let status = elastic::status(&failure);
                // Where no index can be, no id was made up.
                let nameless = self.made_up && failure.cause == Cause::IndexName;
                let id = (!nameless).then_some(self.id.as_str());
                (true, print_refused(index, id, &failure, status))
            }
        };
        super::documents::typed(call, self.asked.kind.as_deref(), &mut body);
        Ok((failed, json!({ self.asked.action.name(): body })))
    }
}
