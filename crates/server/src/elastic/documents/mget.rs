//! Several documents by their ids.

use super::get::{Asked, GET_PARAMS, SOURCE_PARAMS, check_version, read_source};
use super::{kind_of, typed};
use crate::elastic::Answered;
use crate::elastic::call::Call;
use crate::elastic::reply::Reply;
use document::{Cause, Failure, Got};
use elastic::{WantedDocument, print_document};
use serde_json::{Map, Value, json};

/// Answers several documents by their ids.
pub(in crate::elastic) async fn mget(call: &Call, index: Option<&str>) -> Answered {
    call.allow_source(&[&SOURCE_PARAMS[..], &GET_PARAMS].concat())?;
    let body = call.json_or_source()?;
    let body = body.ok_or_else(|| {
        Failure::new(Cause::Parse, "request body or source parameter is required")
    })?;
    let mut asked = Asked::parse(call)?;
    let routing = asked.options.routing.clone();
    let names = std::mem::take(&mut asked.options.stored_fields);
    let wanted = elastic::parse_mget(&body, index, &asked.source, &names)?;
    let mut documents = Vec::with_capacity(wanted.len());
    for item in wanted {
        asked.options.stored_fields.clone_from(&item.stored_fields);
        asked.options.routing = item.routing.clone().or_else(|| routing.clone());
        let mut printed = match got_of_many(call, &item, &asked).await {
            Ok(got) => {
                let source = match &got {
                    Some(got) => read_source(&got.stored, &item.source)?,
                    None => None,
                };
                print_document(&item.index, &item.id, got.as_ref(), source)
            }
            Err(failure) => {
                let mut out = Map::new();
                out.insert("_index".to_owned(), item.index.as_str().into());
                out.insert("_id".to_owned(), item.id.as_str().into());
                out.insert(
                    "error".to_owned(),
                    Value::Object(elastic::error_object(&failure)),
                );
                out
            }
        };
        let kind = match &item.kind {
            Some(kind) => Some(kind.clone()),
            None => kind_of(call, &item.index).await?,
        };
        typed(call, kind.as_deref(), &mut printed);
        documents.push(Value::Object(printed));
    }
    Ok(Reply::ok(json!({ "docs": documents })))
}

async fn got_of_many(
    call: &Call,
    item: &WantedDocument,
    asked: &Asked,
) -> Result<Option<Got>, Failure> {
    let kind = item.kind.as_deref().or(call.kind.as_deref());
    let got = asked.get(call, (&item.index, kind), &item.id).await?;
    if let (Some(found), Some(wanted)) = (&got, item.version) {
        check_version(call, &item.index, &found.stored, wanted).await?;
    }
    Ok(got)
}
