//! Answers as they go out.

use super::call::{media_types, query_values};
use super::cluster::VERSION;
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
    /// Whether it is told whole, whatever parts of answers were asked for: an error.
    whole: bool,
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
            whole: false,
        }
    }

    pub(crate) fn acknowledged() -> Self {
        Self::ok(json!({ "acknowledged": true }))
    }

    pub(crate) fn raw(status: u16, bytes: Vec<u8>) -> Self {
        Self {
            body: Content::Raw(bytes),
            whole: status >= 400,
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
        Self::error(elastic::status(failure), error_answer(failure))
    }

    /// An error in words that are made already.
    pub(crate) fn error(status: u16, body: Value) -> Self {
        Self {
            whole: true,
            ..Self::with_status(status, body)
        }
    }

    /// An error of a type that has no cause of its own.
    pub(crate) fn plain(status: StatusCode, kind: &str, reason: &str) -> Self {
        let cause = json!({ "type": kind, "reason": reason });
        let error = json!({ "root_cause": [cause], "type": kind, "reason": reason });
        Self::error(
            status.as_u16(),
            json!({ "error": error, "status": status.as_u16() }),
        )
    }

    /// An error that Elasticsearch tells as a text alone.
    pub(crate) fn bare(status: StatusCode, reason: String) -> Self {
        Self::error(
            status.as_u16(),
            json!({ "error": reason, "status": status.as_u16() }),
        )
    }

    pub(crate) fn header(mut self, name: header::HeaderName, value: String) -> Self {
        self.headers.push((name, value));
        self
    }

    /// Tells the client that what it did will not go on being possible.
    pub(crate) fn warn(self, warning: &str) -> Self {
        let agent = format!("299 Elasticsearch-{VERSION}-unknown");
        self.header(header::WARNING, format!("{agent} \"{warning}\""))
    }

    pub(crate) fn into_response(self, form: &Form) -> Response {
        let cuts = !self.whole;
        let (bytes, media) = match self.body {
            Content::Text(text) => {
                let media = HeaderValue::from_static("text/plain; charset=UTF-8");
                (text.into_bytes(), media)
            }
            Content::Raw(bytes) if !form.changes() => (bytes, form.media.clone()),
            Content::Raw(bytes) => {
                let value = elastic::parse_json(&bytes);
                // It is JSON unless a document is none that was stored as one, which then goes out as it is.
                let bytes = value.map_or(bytes, |value| form.changed(value, cuts));
                (bytes, form.media.clone())
            }
            Content::Json(value) => (form.changed(value, cuts), form.media.clone()),
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
        headers.insert(header::CONTENT_TYPE, media);
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes.len()));
        if compressed {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        if let Some(id) = &form.opaque_id {
            headers.insert("x-opaque-id", id.clone());
        }
        for (name, value) in self.headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.append(name, value);
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
    media: HeaderValue,
    opaque_id: Option<HeaderValue>,
}

impl Form {
    pub(crate) fn of(request: &Request) -> Self {
        let headers = request.headers();
        let text = |name: header::HeaderName| {
            let value = headers.get(name).and_then(|value| value.to_str().ok());
            value.unwrap_or_default()
        };
        let query = request.uri().query().unwrap_or_default();
        let values = query_values(query).unwrap_or_default();
        let params = UrlParams::new(request.uri().path(), values);
        // What is no media type is told in JSON.
        let media = media_types(headers, false).unwrap_or_default().answer();
        let json = || HeaderValue::from_static("application/json");
        Self {
            pretty: params.flag("pretty", false).unwrap_or(false),
            params,
            gzip: text(header::ACCEPT_ENCODING).contains("gzip"),
            head: request.method() == Method::HEAD,
            media: HeaderValue::from_str(&media).unwrap_or_else(|_| json()),
            opaque_id: headers.get("x-opaque-id").cloned(),
        }
    }

    /// Whether answers are cut or laid out for people.
    fn changes(&self) -> bool {
        self.pretty || self.params.text("filter_path").is_some()
    }

    /// Lays an answer out; errors are told whole, whatever parts of answers were asked for.
    fn changed(&self, value: Value, cuts: bool) -> Vec<u8> {
        match self.params.text("filter_path").filter(|_| cuts) {
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
