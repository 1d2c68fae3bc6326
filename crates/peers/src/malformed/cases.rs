//! The cases, and what each expects.

use super::{bulk, documents, http, searches};
use serde_json::Value;

/// A request that cannot be served.
#[derive(Debug, Clone)]
pub struct Case {
    /// What is wrong with it, in a few words.
    pub name: String,
    pub(super) method: &'static str,
    pub(super) path: String,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Body,
    pub(super) expected: Expected,
    /// Whether a real engine was seen to end when it got this.
    pub ends_real_engines: bool,
}

/// The body of a request.
#[derive(Debug, Clone)]
pub(super) enum Body {
    Bytes(Vec<u8>),
    /// Spaces without end.
    Long {
        bytes: usize,
        chunked: bool,
    },
    /// Everything from the request line on.
    Raw(Vec<u8>),
}

/// What a case expects.
#[derive(Debug, Clone)]
pub(super) enum Expected {
    /// A status of 400 to 499 in the error shape.
    Refused,
    /// The same, or an error in one string: Elasticsearch refuses so what no handler was found for.
    RefusedShortly,
    /// A status of 400 to 499: what is no HTTP may be refused before anything knows of shapes.
    RefusedByHttp,
    /// A bulk's answer with these statuses, one for each item.
    Items(Vec<u16>),
}

impl Case {
    pub(super) fn new(
        name: &str,
        method: &'static str,
        path: &str,
        body: impl Into<Vec<u8>>,
    ) -> Self {
        Self {
            name: name.to_owned(),
            method,
            path: path.replace("{index}", super::INDEX),
            headers: vec![("content-type", "application/json".to_owned())],
            body: Body::Bytes(body.into()),
            expected: Expected::Refused,
            ends_real_engines: false,
        }
    }

    /// A search by a body that is no JSON, or none that is known.
    pub(super) fn search(body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        let name = format!("search {}", start_of(&body));
        Self::new(&name, "POST", "/{index}/_search", body)
    }

    /// A request by method, path and JSON.
    pub(super) fn json(method: &'static str, path: &str, body: &Value) -> Self {
        let body = if body.is_null() {
            Vec::new()
        } else {
            body.to_string().into_bytes()
        };
        Self::new(
            &format!("{method} {path} {}", start_of(&body)),
            method,
            path,
            body,
        )
    }

    /// The same with another header, or another content type.
    pub(super) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers
            .retain(|(known, _)| *known != name || name != "content-type");
        self.headers.push((name, value.to_owned()));
        self
    }

    pub(super) fn expecting(mut self, expected: Expected) -> Self {
        self.expected = expected;
        self
    }
}

fn start_of(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let mut start: String = text.chars().take(90).collect();
    if start.len() < text.len() {
        start.push('…');
    }
    start.replace('\n', "⏎")
}

/// Every case.
#[must_use]
pub fn cases() -> Vec<Case> {
    [
        searches::cases(),
        documents::cases(),
        bulk::cases(),
        http::cases(),
    ]
    .concat()
}

/// Brackets in brackets.
pub(super) fn deep(open: &str, inner: &str, close: &str, depth: usize) -> String {
    open.repeat(depth) + inner + &close.repeat(depth)
}
