//! Documents, their pictures, and uploads.

use crate::Shared;
use crate::error::Failure;
use axum::Json;
use axum::body::Bytes;
use axum::extract::multipart::Multipart;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

/// The name that stands for an index where an upload is meant.
pub(crate) const UPLOADS: &str = "_uploads";

/// The longer side of a thumbnail when none is asked for.
const DEFAULT_SIDE: u32 = 320;

pub(crate) fn thumbnail_address(index: &str, id: &str) -> String {
    format!("/_images/{}/{}/thumbnail", encoded(index), encoded(id))
}

/// Writes a part of an address so that it stays one part.
fn encoded(part: &str) -> String {
    let mut out = String::new();
    for byte in part.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(char::from(byte));
            }
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

/// Reads the picture in a request's body: the body itself, or the first file of a form.
pub(crate) async fn picture_in(request: Request) -> Result<Option<Vec<u8>>, Failure> {
    let media = request.headers().get(header::CONTENT_TYPE);
    let is_form = media
        .and_then(|media| media.to_str().ok())
        .is_some_and(|media| media.starts_with("multipart/form-data"));
    if !is_form {
        let body = Bytes::from_request(request, &())
            .await
            .map_err(|error| Failure::with_status(error.status(), error.body_text()))?;
        return Ok((!body.is_empty()).then(|| body.to_vec()));
    }
    let broken = |error: axum::extract::multipart::MultipartError| {
        Failure::with_status(error.status(), error.body_text())
    };
    let mut form = Multipart::from_request(request, &())
        .await
        .map_err(|error| Failure::with_status(error.status(), error.body_text()))?;
    while let Some(field) = form.next_field().await.map_err(broken)? {
        if field.file_name().is_some() || field.name() == Some("image") {
            return Ok(Some(field.bytes().await.map_err(broken)?.to_vec()));
        }
    }
    Err(Failure::invalid("the form has no file"))
}

/// The document that an address names.
pub(crate) struct Named {
    index: String,
    id: String,
}

impl<S: Send + Sync> FromRequestParts<S> for Named {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        match Path::from_request_parts(parts, state).await {
            Ok(Path((index, id))) => Ok(Self { index, id }),
            Err(error) => Err(Failure::with_status(error.status(), error.body_text())),
        }
    }
}

pub(crate) async fn upload(
    State(catalog): State<Shared>,
    request: Request,
) -> Result<(StatusCode, Json<Value>), Failure> {
    let bytes = picture_in(request).await?;
    let bytes = bytes.ok_or_else(|| Failure::invalid("the body is empty, expected a picture"))?;
    let upload = catalog.upload(bytes).await?;
    let body = json!({
        "image": format!("{UPLOADS}/{}", upload.sha256),
        "sha256": upload.sha256,
        "width": upload.width,
        "height": upload.height,
        "format": upload.format,
        "bytes": upload.bytes,
        "thumbnail": thumbnail_address(UPLOADS, &upload.sha256),
    });
    Ok((StatusCode::CREATED, Json(body)))
}

pub(crate) async fn document(
    State(catalog): State<Shared>,
    Named { index, id }: Named,
) -> Result<Json<Value>, Failure> {
    if index == UPLOADS {
        let bytes = catalog.uploaded(&id)?.len();
        let source = json!({"image": {"sha256": id, "bytes": bytes}});
        return Ok(Json(json!({"index": index, "id": id, "source": source})));
    }
    let (stored, source) = catalog.document(&index, &id).await?;
    Ok(Json(json!({
        "index": index,
        "id": stored.id,
        "version": stored.version,
        "seq_no": stored.seq_no,
        "source": source,
    })))
}

/// What can be asked of a thumbnail.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ThumbnailParams {
    size: Option<u32>,
}

pub(crate) async fn thumbnail(
    State(catalog): State<Shared>,
    Named { index, id }: Named,
    params: Result<Query<ThumbnailParams>, axum::extract::rejection::QueryRejection>,
) -> Result<Response, Failure> {
    let Query(params) = params.map_err(|error| Failure::invalid(error.body_text()))?;
    let side = params.size.unwrap_or(DEFAULT_SIDE);
    let jpeg = if index == UPLOADS {
        catalog.upload_thumbnail(&id, side).await?
    } else {
        catalog.thumbnail(&index, &id, side).await?
    };
    let headers = [
        (header::CONTENT_TYPE, "image/jpeg"),
        (header::CACHE_CONTROL, "private, max-age=3600"),
    ];
    Ok((headers, jpeg).into_response())
}

pub(crate) async fn original(
    State(catalog): State<Shared>,
    Named { index, id }: Named,
) -> Result<Response, Failure> {
    let bytes = if index == UPLOADS {
        catalog.uploaded(&id)?
    } else {
        catalog.original(&index, &id).await?
    };
    let media = catalog::media_type(&bytes);
    let headers = [
        (header::CONTENT_TYPE, media),
        (header::CACHE_CONTROL, "private, no-cache"),
        (header::CONTENT_DISPOSITION, "inline"),
    ];
    Ok((headers, bytes).into_response())
}
