//! The page and its files, which are part of the program.

use crate::elastic::{self, Served};
use crate::error::{Failure, no_route};
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::{Method, Uri, header};
use axum::response::{IntoResponse, Response};

/// A file of the page: its name, its media type and its bytes.
type File = (&'static str, &'static str, &'static [u8]);

macro_rules! files {
    ($($name:literal is $media:expr),* $(,)?) => {
        &[$(($name, $media, include_bytes!(concat!("../../../ui/", $name)))),*]
    };
}

const SCRIPT: &str = "text/javascript; charset=utf-8";

const FILES: &[File] = files! {
    "index.html" is "text/html; charset=utf-8",
    "style.css" is "text/css; charset=utf-8",
    "icon.svg" is "image/svg+xml",
    "address.js" is SCRIPT,
    "api.js" is SCRIPT,
    "dom.js" is SCRIPT,
    "fields.js" is SCRIPT,
    "format.js" is SCRIPT,
    "grid.js" is SCRIPT,
    "intake.js" is SCRIPT,
    "layout.js" is SCRIPT,
    "main.js" is SCRIPT,
    "navigation.js" is SCRIPT,
    "panels.js" is SCRIPT,
    "results.js" is SCRIPT,
    "searchbar.js" is SCRIPT,
    "viewer.js" is SCRIPT,
};

pub(crate) async fn home(State(served): State<Served>, request: Request) -> Response {
    let accepts = request.headers().get(header::ACCEPT);
    let accepts = accepts.and_then(|accept| accept.to_str().ok());
    let html = accepts.is_some_and(|accept| accept.contains("text/html"));
    if html && matches!(*request.method(), Method::GET | Method::HEAD) {
        return answer(&FILES[0]);
    }
    elastic::handle(State(served), request).await
}

pub(crate) async fn file(
    name: Result<Path<String>, PathRejection>,
    uri: Uri,
) -> Result<Response, Failure> {
    // A name that is no text is no file's.
    let Path(name) = name.unwrap_or_else(|_| Path(String::new()));
    match FILES.iter().find(|(known, ..)| *known == name) {
        Some(file) => Ok(answer(file)),
        None => Err(no_route(uri).await),
    }
}

/// The files' names carry no version, so a browser asks each time.
fn answer((_, media, bytes): &File) -> Response {
    (
        [
            (header::CONTENT_TYPE, *media),
            (header::CACHE_CONTROL, "no-cache"),
        ],
        *bytes,
    )
        .into_response()
}
