//! Answers as they go out.

use super::call::{Call, Clients};
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use document::Failure;
use elastic::{UrlParams, error_answer, filter_path};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};
use serde_json::{Value, json};
use std::io::{self, Write};

/// Answers shorter than this are not compressed; Elasticsearch compresses whatever it is asked to.
const MIN_COMPRESSED_BYTES: usize = 1;

/// What is answered, before it takes its form.
#[derive(Debug)]
pub(crate) struct Reply {
    status: StatusCode,
    body: Content,
    headers: Vec<(header::HeaderName, String)>,
}

#[derive(Debug)]
enum Content {
    Json(Value),
    /// JSON that is answered as it is.
    Raw(Vec<u8>),
    Text(String),
}

impl Reply {
    pub(crate) fn ok(body: Value) -> Self {
        Self::with_status(200, body)
    }

    pub(crate) fn with_status(status: u16, body: Value) -> Self {
        Self {
            status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            body: Content::Json(body),
            headers: Vec::new(),
        }
    }

    pub(crate) fn acknowledged() -> Self {
        Self::ok(json!({ "acknowledged": true }))
    }

    pub(crate) fn raw(status: u16, bytes: Vec<u8>) -> Self {
        Self {
            body: Content::Raw(bytes),
            ..Self::with_status(status, Value::Null)
        }
    }

    pub(crate) fn text(text: String) -> Self {
        Self {
            body: Content::Text(text),
            ..Self::ok(Value::Null)
        }
    }

    /// An answer that is its status alone.
    pub(crate) fn empty(status: u16) -> Self {
        Self {
            body: Content::Text(String::new()),
            ..Self::with_status(status, Value::Null)
        }
    }

    pub(crate) fn failed(failure: &Failure) -> Self {
        Self::with_status(elastic::status(failure), error_answer(failure))
    }

    /// An error of a type that has no cause of its own.
    pub(crate) fn plain(status: StatusCode, kind: &str, reason: &str) -> Self {
        let cause = json!({ "type": kind, "reason": reason });
        let error = json!({ "root_cause": [cause], "type": kind, "reason": reason });
        Self::with_status(
            status.as_u16(),
            json!({ "error": error, "status": status.as_u16() }),
        )
    }

    /// An error that Elasticsearch tells as a text alone.
    pub(crate) fn bare(status: StatusCode, reason: String) -> Self {
        Self::with_status(
            status.as_u16(),
            json!({ "error": reason, "status": status.as_u16() }),
        )
    }

    pub(crate) fn header(mut self, name: header::HeaderName, value: String) -> Self {
        self.headers.push((name, value));
        self
    }

    pub(crate) fn into_response(self, form: &Form) -> Response {
        let (bytes, media) = match self.body {
            Content::Text(text) => (text.into_bytes(), "text/plain; charset=UTF-8"),
            Content::Raw(bytes) if !form.changes() => (bytes, form.media),
            Content::Raw(bytes) => {
                let value = elastic::parse_json(&bytes);
                // It is JSON unless a document is none that was stored as one, which then goes out as it is.
                let bytes = value.map_or(bytes, |value| form.changed(value));
                (bytes, form.media)
            }
            Content::Json(value) => (form.changed(value), form.media),
        };
        let compressed = form.gzip && bytes.len() >= MIN_COMPRESSED_BYTES;
        let bytes = if compressed { gzip(&bytes) } else { bytes };
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(
            "x-elastic-product",
            HeaderValue::from_static("Elasticsearch"),
        );
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.len()));
        if compressed {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        if let Some(id) = &form.opaque_id {
            headers.insert("x-opaque-id", id.clone());
        }
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(name, value);
            }
        }
        if !form.head {
            *response.body_mut() = Body::from(bytes);
        }
        response
    }
}

/// The form in which a client wants its answer.
pub(crate) struct Form {
    params: UrlParams,
    pretty: bool,
    gzip: bool,
    head: bool,
    media: &'static str,
    opaque_id: Option<HeaderValue>,
}

impl Form {
    pub(crate) fn of(request: &Request, _clients: &Clients) -> Self {
        let headers = request.headers();
        let text = |name: header::HeaderName| {
            let value = headers.get(name).and_then(|value| value.to_str().ok());
            value.unwrap_or_default()
        };
        let query = request.uri().query().unwrap_or_default();
        let values = super::call::query_values(query).unwrap_or_default();
        let params = UrlParams::new(request.uri().path(), values);
        let accept = text(header::ACCEPT);
        let vendor = accept.contains("application/vnd.elasticsearch+json");
        let media = match accept.split_once("compatible-with=") {
            Some((_, "7")) if vendor => "application/vnd.elasticsearch+json;compatible-with=7",
            Some((_, "9")) if vendor => "application/vnd.elasticsearch+json;compatible-with=9",
            Some(_) if vendor => "application/vnd.elasticsearch+json;compatible-with=8",
            _ => "application/json",
        };
        Self {
            pretty: params.flag("pretty", false).unwrap_or(false),
            params,
            gzip: text(header::ACCEPT_ENCODING).contains("gzip"),
            head: request.method() == Method::HEAD,
            media,
            opaque_id: headers.get("x-opaque-id").cloned(),
        }
    }

    /// Whether answers are cut or laid out for people.
    fn changes(&self) -> bool {
        self.pretty || self.params.text("filter_path").is_some()
    }

    fn changed(&self, value: Value) -> Vec<u8> {
        match self.params.text("filter_path") {
            Some(patterns) => self.written(&filter_path(value, patterns)),
            None => self.written(&value),
        }
    }

    fn written(&self, value: &Value) -> Vec<u8> {
        let mut out = Vec::new();
        let written = if self.pretty {
            let formatter = Spaced(PrettyFormatter::new());
            let mut serializer = Serializer::with_formatter(&mut out, formatter);
            value.serialize(&mut serializer)
        } else {
            serde_json::to_writer(&mut out, value)
        };
        // A value in memory is always written.
        debug_assert!(written.is_ok());
        if self.pretty {
            out.push(b'\n');
        }
        out
    }
}

/// JSON for people, with a space before the colon too, as Elasticsearch writes it.
struct Spaced(PrettyFormatter<'static>);

impl Formatter for Spaced {
    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_array(writer)
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.0.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object(writer)
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.0.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b" : ")
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object_value(writer)
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
    written.expect("a vector takes every byte")
}

/// Says that nothing is served at an address, or not by this method.
pub(crate) fn not_served(call: &Call) -> Reply {
    let (method, path) = (&call.method, &call.path);
    let segments: Vec<&str> = call.segments.iter().map(String::as_str).collect();
    let allowed: &[&str] = match segments.as_slice() {
        [] => &["GET", "HEAD"],
        [name] if !name.starts_with('_') => &["GET", "PUT", "DELETE", "HEAD"],
        ["_bulk"] | [_, "_bulk"] => &["PUT", "POST"],
        ["_search" | "_count" | "_msearch" | "_mget" | "_refresh" | "_flush"]
        | [
            _,
            "_search" | "_count" | "_msearch" | "_mget" | "_refresh" | "_flush",
        ] => &["GET", "POST"],
        ["_forcemerge"] | [_, "_forcemerge" | "_doc"] | [_, "_update", _] => &["POST"],
        [_, "_doc", _] => &["GET", "PUT", "POST", "DELETE", "HEAD"],
        [_, "_create", _] => &["PUT", "POST"],
        [_, "_source", _] => &["GET", "HEAD"],
        [_, "_mapping"] => &["GET", "PUT", "POST"],
        [_, "_settings"] => &["GET", "PUT"],
        ["_cluster", ..] | ["_cat", ..] => &["GET"],
        _ => {
            let reason = format!("no handler found for uri [{path}] and method [{method}]");
            return Reply::with_status(400, json!({ "error": reason }));
        }
    };
    let allowed = allowed.join(", ");
    Reply::bare(
        StatusCode::METHOD_NOT_ALLOWED,
        format!(
            "Incorrect HTTP method for uri [{path}] and method [{method}], allowed: [{allowed}]"
        ),
    )
    .header(header::ALLOW, allowed)
}
