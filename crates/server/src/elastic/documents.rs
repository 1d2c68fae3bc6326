//! Single documents, and several by their ids.

mod get;
mod mget;

pub(super) use get::{get, source};
pub(super) use mget::mget;

use super::Answered;
use super::call::Call;
use super::indices::{several_kinds, with_index};
use super::reply::Reply;
use super::routed::misses;
use axum::http::header;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use document::{
    Cause, Condition, Document, Failure, ItemError, Operation, Outcome, ShardCounts, Write,
    WriteAnswer,
};
use elastic::{Action, SourceFilter, Versions, print_write};
use serde_json::{Map, Value, json};

/// Parameters of every write.
const WRITE_PARAMS: [&str; 12] = [
    "refresh",
    "routing",
    "timeout",
    "version",
    "version_type",
    "if_seq_no",
    "if_primary_term",
    "wait_for_active_shards",
    "require_alias",
    "require_data_stream",
    "include_type_name",
    "type",
];

/// When a write is to be found by searches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refresh {
    /// Within a second.
    Later,
    /// Before it is answered.
    Now,
    /// Before it is answered, without being the reason for a refresh: here the same.
    Wait,
}

impl Refresh {
    pub(super) fn parse(call: &Call) -> Result<Self, Failure> {
        match call.params.get("refresh") {
            None | Some("false") => Ok(Self::Later),
            Some("" | "true") => Ok(Self::Now),
            Some("wait_for") => Ok(Self::Wait),
            Some(other) => Err(Failure::illegal_argument(format!(
                "Unknown value for refresh: [{other}]."
            ))),
        }
    }
}

/// A random id, as Elasticsearch makes them: 20 letters.
pub(super) fn random_id() -> String {
    let mut bits = [0; 15];
    getrandom::fill(&mut bits).expect("the system gives random numbers");
    URL_SAFE_NO_PAD.encode(bits)
}

/// Stores a document.
pub(super) async fn index(call: &Call, index: &str, id: Option<&str>, create: bool) -> Answered {
    let mut allowed = WRITE_PARAMS.to_vec();
    allowed.extend(["op_type", "pipeline", "include_source_on_error"]);
    call.params.allow(&allowed)?;
    pipeline(call)?;
    let refresh = Refresh::parse(call)?;
    let action = match (create, call.params.text("op_type")) {
        (true, _) | (_, Some("create")) => Action::Create,
        (_, None | Some("index")) => Action::Index,
        (_, Some(other)) => {
            return Err(Failure::illegal_argument(format!(
                "opType must be 'create' or 'index', found: [{other}]"
            )));
        }
    };
    if call.body.is_empty() {
        return Err(Failure::new(Cause::Parse, "request body is required"));
    }
    common(call, index)?;
    let condition = Versions::parse(&call.params)?.condition(action);
    let write = Write {
        id: id.map_or_else(random_id, str::to_owned),
        operation: Operation::Index(Document {
            source: call.body.to_vec(),
            routing: routing(call),
            ..Document::default()
        }),
        condition: valid(id, condition)?,
    };
    let answer = write_one(call, index, write).await?;
    answered(call, index, &answer, refresh, None).await
}

fn pipeline(call: &Call) -> Result<(), Failure> {
    match call.params.text("pipeline") {
        None | Some("_none") => Ok(()),
        Some(pipeline) => Err(Failure::illegal_argument(format!(
            "pipeline with id [{pipeline}] does not exist"
        ))),
    }
}

/// Checks what every write of one document may say.
fn common(call: &Call, index: &str) -> Result<(), Failure> {
    call.params.time("timeout")?;
    call.params.active_shards()?;
    if call.params.flag("require_data_stream", false)? {
        let reason = format!(
            "no such index [{index}] and the index creation request requires a data stream, but no matching index template with data stream template was found for it"
        );
        return Err(Failure::new(Cause::NoAlias, reason).in_index(index));
    }
    elastic::require_alias(call.params.flag("require_alias", false)?, index)
}

/// The routing that an address says.
pub(super) fn routing(call: &Call) -> Option<String> {
    call.params.text("routing").map(str::to_owned)
}

/// Tells all that is wrong with a write at once: its id, and what it says of versions.
fn valid(
    id: Option<&str>,
    condition: Result<Condition, Vec<String>>,
) -> Result<Condition, Failure> {
    let mut wrong: Vec<String> = id.and_then(elastic::id_fault).into_iter().collect();
    let condition = condition.unwrap_or_else(|faults| {
        wrong.extend(faults);
        Condition::Always
    });
    if wrong.is_empty() {
        Ok(condition)
    } else {
        Err(elastic::validation(&wrong))
    }
}

/// Removes a document.
pub(super) async fn delete(call: &Call, index: &str, id: &str) -> Answered {
    call.params.allow(&WRITE_PARAMS)?;
    let refresh = Refresh::parse(call)?;
    call.params.time("timeout")?;
    call.params.active_shards()?;
    let condition = Versions::parse(&call.params)?.condition(Action::Delete);
    let write = Write {
        id: id.to_owned(),
        operation: Operation::Delete,
        condition: valid(None, condition)?,
    };
    check_kind(call, index).await?;
    if misses(call, index, id, routing(call).as_deref()).await? {
        // The shard that is asked has never heard of it.
        let settings = call.backend().settings(index).await;
        let answer = WriteAnswer {
            id: id.to_owned(),
            outcome: Outcome::NotFound,
            seq_no: 0,
            version: 1,
            copies: ShardCounts::of(&settings.map_err(|error| error.failure)?).copies(),
            source: None,
        };
        return answered(call, index, &answer, refresh, None).await;
    }
    let answers = call.backend().bulk(index, vec![write]).await;
    let answer = only(answers.map_err(|error| error.failure)?)?;
    let answer = with_uuid(call, index, answer).await?;
    answered(call, index, &answer, refresh, None).await
}

/// Changes a document.
pub(super) async fn update(call: &Call, index: &str, id: &str) -> Answered {
    let mut allowed = WRITE_PARAMS.to_vec();
    allowed.extend([
        "retry_on_conflict",
        "_source",
        "_source_includes",
        "_source_excludes",
        "lang",
        "include_source_on_error",
        "doc_as_upsert",
    ]);
    call.params.allow(&allowed)?;
    let refresh = Refresh::parse(call)?;
    common(call, index)?;
    let counts_itself = ["version", "version_type"];
    if counts_itself
        .iter()
        .any(|name| call.params.get(name).is_some())
    {
        let wrong = "internal versioning can not be used for optimistic concurrency control. Please use `if_seq_no` and `if_primary_term` instead";
        return Err(elastic::validation(&[wrong.to_owned()]));
    }
    let retries = call.params.number("retry_on_conflict")?;
    if call.body.is_empty() {
        return Err(elastic::validation(
            &["script or doc is missing".to_owned()],
        ));
    }
    let mut request = elastic::parse_update(&call.body)?;
    if call.params.flag("doc_as_upsert", false)? {
        request.update.partial_as_upsert = true;
    }
    let mut versions = Versions::parse(&call.params)?;
    versions.seq_no = versions.seq_no.or(request.seq_no);
    versions.primary_term = versions.primary_term.or(request.primary_term);
    if versions.seq_no.is_some() && retries.is_some_and(|retries| retries > 0) {
        let wrong = "compare and write operations can not be retried";
        return Err(elastic::validation(&[wrong.to_owned()]));
    }
    let condition = versions.condition(Action::Update);
    let filter = match request.source {
        Some(filter) => Some(filter),
        None => SourceFilter::of_address(&call.params)?,
    };
    let write = Write {
        id: id.to_owned(),
        operation: Operation::Update(request.update.routed(routing(call))),
        condition: valid(Some(id), condition)?,
    };
    if misses(call, index, id, routing(call).as_deref()).await? {
        let reason = format!("[{id}]: document missing");
        let missing = Failure::new(Cause::DocumentMissing, reason);
        return Err(located(call, index, missing).await);
    }
    let answer = write_one(call, index, write).await?;
    answered(call, index, &answer, refresh, filter.as_ref()).await
}

/// Writes one document to an index that is made when it is not there.
async fn write_one(call: &Call, index: &str, write: Write) -> Result<WriteAnswer, Failure> {
    check_kind(call, index).await?;
    let answers = with_index(call, index, || {
        call.backend().bulk(index, vec![write.clone()])
    })
    .await?;
    with_uuid(call, index, only(answers)?).await
}

fn only(
    answers: Vec<Result<WriteAnswer, ItemError>>,
) -> Result<Result<WriteAnswer, Failure>, Failure> {
    let answer = answers.into_iter().next();
    let answer = answer.ok_or_else(|| Failure::new(Cause::Internal, "a write has no answer"))?;
    Ok(answer.map_err(|error| error.failure))
}

/// Names the index in the failure of a write, as clients read it.
async fn with_uuid(
    call: &Call,
    index: &str,
    answer: Result<WriteAnswer, Failure>,
) -> Result<WriteAnswer, Failure> {
    match answer {
        Ok(answer) => Ok(answer),
        Err(failure) => Err(located(call, index, failure).await),
    }
}

/// Names the index in a failure whose type tells it.
pub(super) async fn located(call: &Call, index: &str, mut failure: Failure) -> Failure {
    if matches!(
        failure.cause,
        Cause::VersionConflict | Cause::DocumentMissing
    ) {
        failure.index = Some(index.to_owned());
        if let Ok(indices) = call.backend().indices().await {
            let status = indices.into_iter().find(|status| status.name == index);
            failure.index_uuid = status.map(|status| status.settings.uuid);
        }
    }
    failure
}

async fn answered(
    call: &Call,
    index: &str,
    answer: &WriteAnswer,
    refresh: Refresh,
    source: Option<&SourceFilter>,
) -> Answered {
    if refresh != Refresh::Later {
        let refreshed = call.backend().refresh(index).await;
        refreshed.map_err(|error| error.failure)?;
    }
    let (status, mut body) = print_write(index, answer, refresh == Refresh::Now);
    if answer.outcome == Outcome::Noop {
        // Alone, what is not written comes to no shard; in a bulk it came to one.
        let shards = json!({ "total": 0, "successful": 0, "failed": 0 });
        body.insert("_shards".to_owned(), shards);
    }
    if !answer.has_document() {
        body.insert("get".to_owned(), json!({ "found": false }));
    }
    typed(call, None, &mut body);
    if let (Some(filter), Some(bytes)) = (source, &answer.source) {
        let value: Value = serde_json::from_slice(bytes)
            .map_err(|error| Failure::new(Cause::Internal, error.to_string()))?;
        body.insert(
            "get".to_owned(),
            json!({
                "_seq_no": answer.seq_no,
                "_primary_term": document::PRIMARY_TERM,
                "found": true,
            }),
        );
        if let (Some(value), Some(Value::Object(get))) = (filter.apply(value), body.get_mut("get"))
        {
            get.insert("_source".to_owned(), value);
        }
    }
    let reply = Reply::with_status(status, Value::Object(body));
    Ok(match status {
        201 => reply.header(header::LOCATION, location(index, &answer.id)),
        _ => reply,
    })
}

/// The address of a document.
fn location(index: &str, id: &str) -> String {
    let mut address = format!("/{index}/_doc/");
    for byte in id.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'*' => {
                address.push(char::from(byte));
            }
            b' ' => address.push('+'),
            byte => address.push_str(&format!("%{byte:02X}")),
        }
    }
    address
}

/// Answers the type that an index has, where a client names none or any; none where it does not read types.
async fn kind_of(call: &Call, index: &str) -> Result<Option<String>, Failure> {
    let any = matches!(call.kind.as_deref(), None | Some("_all"));
    if !any || !call.typed || !call.names_types() {
        return Ok(None);
    }
    match call.backend().mapping(index).await {
        Ok(mapping) => Ok(mapping.kind.or_else(|| Some("_doc".to_owned()))),
        Err(error) if error.failure.cause == Cause::IndexNotFound => Ok(None),
        Err(error) => Err(error.failure),
    }
}

/// Answers the type that an index has, where it is another than is asked for.
pub(super) async fn other_kind(
    call: &Call,
    index: &str,
    asked: Option<&str>,
) -> Result<Option<String>, Failure> {
    let asked = match asked.filter(|_| call.names_types()) {
        None | Some("_doc" | "_all") => return Ok(None),
        Some(asked) => asked,
    };
    match call.backend().mapping(index).await {
        Ok(mapping) => Ok(mapping.kind.filter(|own| own != asked)),
        Err(error) if error.failure.cause == Cause::IndexNotFound => Ok(None),
        Err(error) => Err(error.failure),
    }
}

/// Refuses a write to another type than the index has.
async fn check_kind(call: &Call, index: &str) -> Result<(), Failure> {
    let asked = call.kind.as_deref();
    match other_kind(call, index, asked).await? {
        None => Ok(()),
        Some(own) => Err(several_kinds(index, &own, asked.unwrap_or_default())),
    }
}

/// Names the type, for clients of a generation that reads it: the one that was named for a document, or in the address.
pub(super) fn typed(call: &Call, kind: Option<&str>, body: &mut Map<String, Value>) {
    if call.typed {
        let named = kind.or(call.kind.as_deref());
        let kind = named.filter(|_| call.names_types());
        let kind = kind.unwrap_or("_doc");
        body.insert("_type".to_owned(), kind.into());
    }
}
