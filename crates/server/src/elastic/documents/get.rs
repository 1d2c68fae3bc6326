//! Documents by their ids.

use super::{kind_of, located, other_kind, routing, typed};
use crate::elastic::Answered;
use crate::elastic::call::Call;
use crate::elastic::reply::Reply;
use crate::elastic::routed::is_elsewhere;
use axum::http::Method;
use document::{Cause, Failure, GetOptions, Got, Stored};
use elastic::{SourceFilter, VersionType, print_document};
use serde_json::{Value, json};

/// Parameters of what answers a source.
pub(super) const SOURCE_PARAMS: [&str; 7] = [
    "preference",
    "realtime",
    "refresh",
    "routing",
    "_source",
    "_source_includes",
    "_source_excludes",
];

/// Parameters of what answers a document, beside [`SOURCE_PARAMS`].
pub(super) const GET_PARAMS: [&str; 4] = [
    "stored_fields",
    "version",
    "version_type",
    "force_synthetic_source",
];

/// What the address says of how documents are got.
pub(super) struct Asked {
    pub(super) options: GetOptions,
    pub(super) source: SourceFilter,
    refresh: bool,
}

impl Asked {
    pub(super) fn parse(call: &Call) -> Result<Self, Failure> {
        let version_type = call.params.text("version_type");
        version_type.map(VersionType::parse).transpose()?;
        let names = call.params.text("stored_fields").unwrap_or_default();
        let names = names.split(',').filter(|name| !name.is_empty());
        let options = GetOptions {
            realtime: call.params.flag("realtime", true)?,
            stored_fields: names.map(str::to_owned).collect(),
            routing: routing(call),
        };
        let source = SourceFilter::of_address(&call.params)?;
        Ok(Self {
            source: source.unwrap_or_else(|| SourceFilter::beside_fields(&options.stored_fields)),
            options,
            refresh: call.params.flag("refresh", false)?,
        })
    }

    /// Gets a document, after a refresh where one is asked for.
    pub(super) async fn get(
        &self,
        call: &Call,
        (index, kind): (&str, Option<&str>),
        id: &str,
    ) -> Result<Option<Got>, Failure> {
        if self.refresh {
            let refreshed = call.backend().refresh(index).await;
            refreshed.map_err(|error| error.failure)?;
        }
        let got = call.backend().get_with(index, id, &self.options).await;
        let Some(got) = got.map_err(|error| error.failure)? else {
            return Ok(None);
        };
        let elsewhere =
            is_elsewhere(call, index, &got.stored, self.options.routing.as_deref()).await?;
        let other = other_kind(call, index, kind).await?.is_some();
        Ok((!elsewhere && !other).then_some(got))
    }
}

/// Answers a document by its id.
pub(in crate::elastic) async fn get(call: &Call, index: &str, id: &str) -> Answered {
    call.params
        .allow(&[&SOURCE_PARAMS[..], &GET_PARAMS].concat())?;
    let asked = Asked::parse(call)?;
    let got = got(call, index, id, &asked).await?;
    let source = match &got {
        Some(got) => read_source(&got.stored, &asked.source)?,
        None => None,
    };
    let mut body = print_document(index, id, got.as_ref(), source);
    let kind = match call.kind.as_deref() {
        Some("_all") => kind_of(call, index).await?,
        _ => None,
    };
    typed(call, kind.as_deref(), &mut body);
    let status = if got.is_some() { 200 } else { 404 };
    Ok(Reply::with_status(status, Value::Object(body)))
}

async fn got(call: &Call, index: &str, id: &str, asked: &Asked) -> Result<Option<Got>, Failure> {
    let kind = call.kind.as_deref();
    let got = asked.get(call, (index, kind), id).await?;
    if let (Some(found), Some(wanted)) = (&got, call.params.long("version")?) {
        check_version(call, index, &found.stored, wanted).await?;
    }
    Ok(got)
}

/// Refuses a document that has another version than was asked for.
pub(super) async fn check_version(
    call: &Call,
    index: &str,
    found: &Stored,
    wanted: i64,
) -> Result<(), Failure> {
    if i64::try_from(found.version) == Ok(wanted) {
        return Ok(());
    }
    let failure = Failure::new(
        Cause::VersionConflict,
        format!(
            "[{}]: version conflict, current version [{}] is different than the one provided [{wanted}]",
            found.id, found.version
        ),
    );
    Err(located(call, index, failure).await)
}

/// Reads what is left of a document's source; none = nothing is asked for.
pub(super) fn read_source(
    stored: &Stored,
    filter: &SourceFilter,
) -> Result<Option<Value>, Failure> {
    if !filter.enabled {
        return Ok(None);
    }
    let value = stored.document.value();
    let value = value.map_err(|error| Failure::new(Cause::Corrupt, error.to_string()))?;
    Ok(filter.apply(value))
}

/// Answers a document's source alone.
pub(in crate::elastic) async fn source(call: &Call, index: &str, id: &str) -> Answered {
    call.params.allow(&SOURCE_PARAMS)?;
    let filter = SourceFilter::of_address(&call.params)?;
    let found = got(call, index, id, &Asked::parse(call)?).await?;
    let Some(Got { stored, .. }) = found else {
        if call.method == Method::HEAD {
            return Ok(Reply::empty(404));
        }
        return Err(Failure::new(
            Cause::ResourceNotFound,
            format!("Document not found [{index}]/[{id}]"),
        ));
    };
    match filter {
        // Byte for byte as the client gave it.
        None => Ok(Reply::raw(200, stored.document.source)),
        Some(filter) => Ok(Reply::ok(
            read_source(&stored, &filter)?.unwrap_or_else(|| json!({})),
        )),
    }
}
