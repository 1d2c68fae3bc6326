//! Errors as answers.

use axum::Json;
use axum::http::{Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use catalog::CatalogError;
use document::ErrorKind;
use serde_json::json;

/// A failed request.
#[derive(Debug)]
pub(crate) struct Failure {
    status: StatusCode,
    kind: &'static str,
    reason: String,
}

impl Failure {
    pub(crate) fn invalid(reason: impl Into<String>) -> Self {
        Self::of(ErrorKind::InvalidInput, reason.into())
    }

    pub(crate) fn refused(reason: impl Into<String>) -> Self {
        Self {
            status: StatusCode::FORBIDDEN,
            kind: "refused",
            reason: reason.into(),
        }
    }

    pub(crate) fn with_status(status: StatusCode, reason: impl Into<String>) -> Self {
        Self {
            status,
            kind: "invalid_input",
            reason: reason.into(),
        }
    }

    fn of(kind: ErrorKind, reason: String) -> Self {
        let (status, kind) = match kind {
            ErrorKind::InvalidInput => (StatusCode::BAD_REQUEST, "invalid_input"),
            ErrorKind::NotFound => (StatusCode::NOT_FOUND, "not_found"),
            ErrorKind::Conflict => (StatusCode::CONFLICT, "conflict"),
            ErrorKind::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
            ErrorKind::Corrupt => (StatusCode::INTERNAL_SERVER_ERROR, "corrupt"),
            ErrorKind::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
        };
        Self {
            status,
            kind,
            reason,
        }
    }
}

impl From<CatalogError> for Failure {
    fn from(error: CatalogError) -> Self {
        Self::of(error.kind(), error.to_string())
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let Self {
            status,
            kind,
            reason,
        } = self;
        let body = json!({"error": {"type": kind, "reason": reason}, "status": status.as_u16()});
        (status, Json(body)).into_response()
    }
}

pub(crate) async fn no_route(uri: Uri) -> Failure {
    Failure::of(
        ErrorKind::NotFound,
        format!("nothing is served at {}", uri.path()),
    )
}

pub(crate) async fn no_method(method: Method, uri: Uri) -> Failure {
    let reason = format!("{} does not take {method}", uri.path());
    Failure::with_status(StatusCode::METHOD_NOT_ALLOWED, reason)
}
